"""Serial-number files (冠字号码文件, FSN): the 2014 layout read and written. Bytes in, values out; no disk, no device.

Source: note-protocols §3 (three independent readers agree on header and record, flag S). What is not that layout is
told by name and never guessed at: the 2018 layout, whose numbers have two widths, and branch server records are
recognised and refused. Nothing in such a file is money: a record says what a machine read of one note.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from devices.contracts import NoteClass

HEAD_START = (20, 10, 7, 26)
HEAD_END = (0, 1, 2, 3)
LAYOUT_2014, LAYOUT_2018 = 1, 2
WITH_IMAGES, WITHOUT_IMAGES = 0x2E, 0x2D
LETTERS = tuple(map(ord, "SNo"))
"""The header's last three words, as §3.1 gives them."""

SERIAL_CHARACTERS, MACHINE_CHARACTERS, CURRENCY_CHARACTERS = 12, 24, 4
IMAGE_BYTES = 1536
UNREAD = "_*?"
"""A character the machine could not read, by vendor (§3.2)."""

_HEADER = struct.Struct("<4H6HI4H")
_RECORD = struct.Struct("<3H3H4H3H12H24HH")
_IMAGE_HEAD = struct.Struct("<4H")
_BRANCH_SERVER_RECORD = 1749
_UNITS = frozenset({1, 5, 10, 20, 50, 100})
_EDITIONS = {0: 1990, 1: 1999, 2: 2005, 3: 2015, 4: 2019}
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
_CLASSES = {0: NoteClass.SUSPECT, 1: NoteClass.GENUINE, 2: NoteClass.UNFIT, 3: NoteClass.OLD_EDITION}
_FLAGS = {**{note_class: flag for flag, note_class in _CLASSES.items()}, NoteClass.COUNTERFEIT_SUSPECTED: 0}
"""Flag 0 is "counterfeit or suspect" (§3.2): what is written as one is read as the other, never as more."""


class FsnReason(Enum):
    """Why a file is not read, or values are not written."""

    NOT_FSN = "not_fsn"
    LAYOUT_2018 = "layout_2018"
    LAYOUT_UNKNOWN = "layout_unknown"
    BRANCH_SERVER_RECORDS = "branch_server_records"
    LENGTH = "length"
    RECORD = "record"


@dataclass(frozen=True)
class FsnRefusal:
    """A file that is not read, or values that do not fit. ``record`` counts from 1, 0 is the header; ``field`` names
    what does not hold. It never carries a serial number."""

    reason: FsnReason
    record: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = f" (record {self.record}: {self.field})" if self.record else ""
        return self.reason.value + place


@dataclass(frozen=True)
class FsnImage:
    """The picture of a serial number: twelve characters of 128 bytes, 32 x 32 dots of one bit (§3.2)."""

    count: int
    height: int
    width: int
    reserved: int
    dots: bytes


@dataclass(frozen=True)
class FsnRecord:
    """One note. ``recorded`` is the machine's own local time, in whole even seconds; ``version`` the raw edition
    number; ``unit`` whole currency units; ``error_codes`` three feature codes, 0 for none."""

    recorded: datetime
    note_class: NoteClass
    error_codes: tuple[int, int, int]
    currency: str
    version: int
    unit: int
    serial: str
    machine: str
    reserved: int = 0
    image: FsnImage | None = None

    @property
    def edition(self) -> int:
        """The edition's year; 0 when the file does not know it."""
        is_year = _FIRST_YEAR <= self.version <= _LAST_YEAR
        return _EDITIONS.get(self.version, self.version if is_year else 0)

    @property
    def unread(self) -> int:
        """How many characters of the serial number the machine could not read."""
        return sum(self.serial.count(mark) for mark in UNREAD)


@dataclass(frozen=True)
class FsnFile:
    """A whole file: all of its records carry an image, or none does."""

    with_images: bool
    records: tuple[FsnRecord, ...]


class _Invalid(Exception):
    """Carries a field's name out of one record; never leaves this module."""


def record_size(with_images: bool) -> int:
    """1644 bytes with an image, 100 without."""
    return _RECORD.size + (_IMAGE_HEAD.size + IMAGE_BYTES if with_images else 0)


# --- reading -----------------------------------------------------------------------------------------------


def read_fsn(data: bytes) -> FsnFile | FsnRefusal:
    """Read a whole file, or say by name why not. A file with one broken record is refused: a register of serial
    numbers that lacks one without saying so would be worse than none."""
    header = _header(data)
    if isinstance(header, FsnRefusal):
        return header
    with_images, count = header
    size, records = record_size(with_images), []
    for number in range(count):
        start = _HEADER.size + number * size
        try:
            records.append(_record(data[start : start + size]))
        except _Invalid as invalid:
            return FsnRefusal(FsnReason.RECORD, number + 1, str(invalid))
    return FsnFile(with_images, tuple(records))


def _header(data: bytes) -> tuple[bool, int] | FsnRefusal:
    """Whether there are images, and how many records: only when the header and the file's length agree."""
    if len(data) < _HEADER.size:
        return FsnRefusal(FsnReason.NOT_FSN)
    words = _HEADER.unpack_from(data)
    start, (zero, layout, images, *letters), count, end = words[:4], words[4:10], words[10], words[11:]
    if start != HEAD_START or zero != 0:
        return FsnRefusal(FsnReason.NOT_FSN)
    if layout == LAYOUT_2018:
        return FsnRefusal(FsnReason.LAYOUT_2018)
    known = layout == LAYOUT_2014 and images in (WITH_IMAGES, WITHOUT_IMAGES)
    if not known or tuple(letters) != LETTERS or end != HEAD_END:
        return FsnRefusal(FsnReason.LAYOUT_UNKNOWN)
    with_images, body = images == WITH_IMAGES, len(data) - _HEADER.size
    if body == count * record_size(with_images):
        return with_images, count
    server = body == count * _BRANCH_SERVER_RECORD
    return FsnRefusal(FsnReason.BRANCH_SERVER_RECORDS if server else FsnReason.LENGTH)


def _record(data: bytes) -> FsnRecord:
    words = _RECORD.unpack_from(data)
    date, time, flag, *rest = words
    errors, currency, (version, unit, length), serial, machine = (
        rest[:3], rest[3:7], rest[7:10], rest[10:22], rest[22:46],
    )  # fmt: skip
    if flag not in _CLASSES:
        raise _Invalid("flag")
    if not 0 < length <= SERIAL_CHARACTERS:
        raise _Invalid("serial length")
    record = FsnRecord(
        _moment(date, time), _CLASSES[flag], (errors[0], errors[1], errors[2]), _text(currency, "currency"), version,
        unit, _text(serial[:length], "serial"), _text(machine, "machine"), rest[46], _image(data[_RECORD.size :]),
    )  # fmt: skip
    if len(record.serial) != length:
        raise _Invalid("serial")
    _check(record)
    return record


def _moment(date: int, time: int) -> datetime:
    try:
        return datetime(
            (date >> 9) + _FIRST_YEAR, date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2
        )
    except ValueError:
        raise _Invalid("date or time") from None


def _text(words: list[int], field: str) -> str:
    """One character a word, up to the first NUL; surrogates and what nobody would see are no text."""
    text = "".join(map(chr, words)).partition("\0")[0]
    if not text.isprintable():
        raise _Invalid(field)
    return text


def _image(data: bytes) -> FsnImage | None:
    if not data:
        return None
    count, height, width, reserved = _IMAGE_HEAD.unpack_from(data)
    return FsnImage(count, height, width, reserved, data[_IMAGE_HEAD.size :])


def _check(record: FsnRecord) -> None:
    """What both a record that was read and one to be written must hold."""
    if not _is_ascii(record.serial, SERIAL_CHARACTERS):
        raise _Invalid("serial")
    if not _is_ascii(record.currency, CURRENCY_CHARACTERS):
        raise _Invalid("currency")
    if record.currency == "CNY" and record.unit not in _UNITS:
        raise _Invalid("unit")


def _is_ascii(text: str, room: int) -> bool:
    return 0 < len(text) <= room and text.isascii() and text.isprintable()


# --- writing -----------------------------------------------------------------------------------------------


def write_fsn(file: FsnFile) -> bytes | FsnRefusal:
    """The file's bytes in the 2014 layout; refuses by name what the layout cannot carry. Odd seconds lose one."""
    images = WITH_IMAGES if file.with_images else WITHOUT_IMAGES
    out = bytearray(_HEADER.pack(*HEAD_START, 0, LAYOUT_2014, images, *LETTERS, len(file.records), *HEAD_END))
    for number, record in enumerate(file.records, 1):
        try:
            out += _record_bytes(record, file.with_images)
        except _Invalid as invalid:
            return FsnRefusal(FsnReason.RECORD, number, str(invalid))
    return bytes(out)


def _record_bytes(record: FsnRecord, with_image: bool) -> bytes:
    _check(record)
    at = record.recorded
    if record.note_class not in _FLAGS:
        raise _Invalid("flag")
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise _Invalid("date or time")
    if (record.image is not None) is not with_image:
        raise _Invalid("image")
    date = (at.year - _FIRST_YEAR) << 9 | at.month << 5 | at.day
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    numbers = (*record.error_codes, record.version, record.unit, record.reserved)
    if not _are_words(numbers):
        raise _Invalid("number")
    head = _RECORD.pack(
        date, time, _FLAGS[record.note_class], *record.error_codes,
        *_words(record.currency, CURRENCY_CHARACTERS, "currency"), record.version, record.unit, len(record.serial),
        *_words(record.serial, SERIAL_CHARACTERS, "serial"),
        *_words(record.machine, MACHINE_CHARACTERS, "machine"), record.reserved,
    )  # fmt: skip
    return head + (_image_bytes(record.image) if record.image else b"")


def _image_bytes(image: FsnImage) -> bytes:
    head = (image.count, image.height, image.width, image.reserved)
    if not _are_words(head) or len(image.dots) != IMAGE_BYTES:
        raise _Invalid("image")
    return _IMAGE_HEAD.pack(*head) + image.dots


def _words(text: str, room: int, field: str) -> list[int]:
    words = [ord(char) for char in text]
    if len(words) > room or not text.isprintable() or not _are_words(words):
        raise _Invalid(field)
    return words + [0] * (room - len(words))


def _are_words(numbers: tuple[int, ...] | list[int]) -> bool:
    return all(0 <= number <= 0xFFFF for number in numbers)
