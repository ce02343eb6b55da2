"""Serial-number files: the published header and record byte by byte, files written and read back, and every other file
refused by its name."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.contracts import NoteClass
from devices.fsn import FsnFile, FsnImage, FsnReason, FsnRecord, FsnRefusal, read_fsn, record_size, write_fsn

HEADER = bytes.fromhex("14000A0007001A00 00000100 2E00 53004E006F00 01000000 0000010002000300")
"""One record with its image: note-protocols §3.1, copied by hand."""
PLAIN_HEADER = HEADER.replace(b"\x2e\x00", b"\x2d\x00")
RECORD = bytes.fromhex(
    "775D C083 0100 000000000000 43004E0059000000 0300 6400 0A00"
    "4100 4200 3100 3200 3300 3400 3500 3600 3700 3800 0000 0000"
) + "DEMO/A1/000042".encode("utf-16-le").ljust(48, b"\0") + bytes.fromhex("4421")  # fmt: skip
"""The worked sample of §3.2 (2026-11-23 16:30:00, genuine CNY 100, edition 2015), with a fictional machine."""
PICTURE = struct.pack("<4H", 10, 32, 32, 0) + bytes(range(256)) * 6

NOTE = FsnRecord(
    recorded=datetime(2026, 11, 23, 16, 30, 0),
    note_class=NoteClass.GENUINE,
    error_codes=(0, 0, 0),
    currency="CNY",
    version=3,
    unit=100,
    serial="AB12345678",
    machine="DEMO/A1/000042",
    reserved=0x2144,
)
IMAGE = FsnImage(10, 32, 32, 0, bytes(range(256)) * 6)
GOLDEN = {
    PLAIN_HEADER + RECORD: FsnFile(False, (NOTE,)),
    HEADER + RECORD + PICTURE: FsnFile(True, (replace(NOTE, image=IMAGE),)),
    PLAIN_HEADER.replace(b"\1\0\0\0\0\0\1\0", b"\0\0\0\0\0\0\1\0"): FsnFile(False, ()),
}


@pytest.mark.parametrize("data", GOLDEN, ids=["without images", "with images", "empty"])
def test_the_published_bytes_are_read_and_written(data: bytes) -> None:
    assert read_fsn(data) == GOLDEN[data]
    assert write_fsn(GOLDEN[data]) == data


def test_the_sizes_are_the_published_ones() -> None:
    assert (record_size(True), record_size(False), len(HEADER), len(RECORD)) == (1644, 100, 32, 100)


def changed(at: int, value: bytes, data: bytes = PLAIN_HEADER + RECORD) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def one(data: bytes) -> FsnRecord:
    found = read_fsn(data)
    assert isinstance(found, FsnFile), found
    (record,) = found.records
    return record


@pytest.mark.parametrize(
    ("flag", "note_class"),
    [
        (0, NoteClass.SUSPECT),
        (1, NoteClass.GENUINE),
        (2, NoteClass.UNFIT),
        (3, NoteClass.OLD_EDITION),
    ],
)
def test_the_flag_is_told_in_the_one_vocabulary_of_notes(flag: int, note_class: NoteClass) -> None:
    """A suspect is never made a counterfeit, and an old edition is no suspect (§3.3)."""
    assert one(changed(36, bytes([flag]))).note_class is note_class


@pytest.mark.parametrize(
    ("version", "year"),
    [(0, 1990), (1, 1999), (2, 2005), (3, 2015), (4, 2019), (2020, 2020), (9999, 0), (7, 0)],
)
def test_an_edition_is_a_number_or_its_year_or_unknown(version: int, year: int) -> None:
    assert one(changed(52, struct.pack("<H", version))).edition == year


@pytest.mark.parametrize(("serial", "unread"), [("AB12345678", 0), ("AB_2345678", 1), ("**12345?7_", 4)])
def test_a_character_that_was_not_read_is_counted_and_stays_what_it_was(serial: str, unread: int) -> None:
    record = one(changed(58, serial.encode("utf-16-le")))
    assert (record.serial, record.unread) == (serial, unread)


def test_what_stands_behind_a_text_is_no_part_of_it() -> None:
    assert one(changed(78, b"Z\0Z\0")).serial == "AB12345678"
    assert one(changed(82 + 28 + 2, b"Z\0")).machine == "DEMO/A1/000042"


# --- what is not read is named ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", FsnRefusal(FsnReason.NOT_FSN)),
        (HEADER[:31], FsnRefusal(FsnReason.NOT_FSN)),
        (bytes(200), FsnRefusal(FsnReason.NOT_FSN)),
        (changed(0, b"\x15"), FsnRefusal(FsnReason.NOT_FSN)),
        (changed(8, b"\x01"), FsnRefusal(FsnReason.NOT_FSN)),
        (changed(10, b"\x02") + bytes(250), FsnRefusal(FsnReason.LAYOUT_2018)),
        (changed(10, b"\x03"), FsnRefusal(FsnReason.LAYOUT_UNKNOWN)),
        (changed(12, b"\x2f"), FsnRefusal(FsnReason.LAYOUT_UNKNOWN)),
        (changed(14, b"T"), FsnRefusal(FsnReason.LAYOUT_UNKNOWN)),
        (changed(24, b"\x01"), FsnRefusal(FsnReason.LAYOUT_UNKNOWN)),
        (changed(20, b"\x02"), FsnRefusal(FsnReason.LENGTH)),
        (changed(20, b"\xff\xff\xff\xff"), FsnRefusal(FsnReason.LENGTH)),
        (PLAIN_HEADER + RECORD[:-1], FsnRefusal(FsnReason.LENGTH)),
        (PLAIN_HEADER + RECORD + b"\0", FsnRefusal(FsnReason.LENGTH)),
        (HEADER + RECORD, FsnRefusal(FsnReason.LENGTH)),
        (HEADER + RECORD + PICTURE + bytes(105), FsnRefusal(FsnReason.BRANCH_SERVER_RECORDS)),
        (changed(36, b"\x04"), FsnRefusal(FsnReason.RECORD, 1, "flag")),
        (changed(32, b"\x00\x00"), FsnRefusal(FsnReason.RECORD, 1, "date or time")),
        (changed(34, b"\xff\xff"), FsnRefusal(FsnReason.RECORD, 1, "date or time")),
        (changed(44, b"\x07"), FsnRefusal(FsnReason.RECORD, 1, "currency")),
        (changed(44, b"\x2d\x4e"), FsnRefusal(FsnReason.RECORD, 1, "currency")),
        (changed(44, b"\0\0"), FsnRefusal(FsnReason.RECORD, 1, "currency")),
        (changed(54, b"\x63"), FsnRefusal(FsnReason.RECORD, 1, "unit")),
        (changed(56, b"\x00"), FsnRefusal(FsnReason.RECORD, 1, "serial length")),
        (changed(56, b"\x0d"), FsnRefusal(FsnReason.RECORD, 1, "serial length")),
        (changed(56, b"\x0c"), FsnRefusal(FsnReason.RECORD, 1, "serial")),
        (changed(58, b"\x2d\x4e"), FsnRefusal(FsnReason.RECORD, 1, "serial")),
        (changed(82, b"\x00\xd8"), FsnRefusal(FsnReason.RECORD, 1, "machine")),
    ],
)
def test_another_file_is_refused_by_its_name(data: bytes, refusal: FsnRefusal) -> None:
    assert read_fsn(data) == refusal


def test_one_broken_record_refuses_the_file_and_says_which() -> None:
    three = PLAIN_HEADER.replace(b"\1\0\0\0\0\0\1\0", b"\3\0\0\0\0\0\1\0") + RECORD * 3
    assert isinstance(read_fsn(three), FsnFile)
    found = read_fsn(changed(36 + 100, b"\x09", three))
    assert found == FsnRefusal(FsnReason.RECORD, 2, "flag")
    assert str(found) == "record (record 2: flag)"
    assert str(FsnRefusal(FsnReason.LAYOUT_2018)) == "layout_2018"


# --- what cannot be written is named ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (replace(NOTE, serial=""), "serial"),
        (replace(NOTE, serial="A" * 13), "serial"),
        (replace(NOTE, serial="冠字12345678"), "serial"),
        (replace(NOTE, machine="M" * 25), "machine"),
        (replace(NOTE, machine="A\0B"), "machine"),
        (replace(NOTE, machine="\U00020000"), "machine"),
        (replace(NOTE, currency="EUROS"), "currency"),
        (replace(NOTE, currency="人民币"), "currency"),
        (replace(NOTE, unit=30), "unit"),
        (replace(NOTE, currency="USD", unit=70_000), "number"),
        (replace(NOTE, version=-1), "number"),
        (replace(NOTE, error_codes=(0, 0, 65536)), "number"),
        (replace(NOTE, reserved=65536), "number"),
        (replace(NOTE, note_class=NoteClass.UNRECOGNISED), "flag"),
        (replace(NOTE, recorded=datetime(1979, 12, 31)), "date or time"),
        (replace(NOTE, recorded=datetime(2108, 1, 1)), "date or time"),
        (replace(NOTE, image=IMAGE), "image"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused(record: FsnRecord, field: str) -> None:
    assert write_fsn(FsnFile(False, (NOTE, record))) == FsnRefusal(FsnReason.RECORD, 2, field)


@pytest.mark.parametrize("image", [None, replace(IMAGE, dots=b"\0"), replace(IMAGE, height=-1)])
def test_a_picture_that_does_not_fit_is_refused(image: FsnImage | None) -> None:
    found = write_fsn(FsnFile(True, (replace(NOTE, image=image),)))
    assert found == FsnRefusal(FsnReason.RECORD, 1, "image")


def test_a_counterfeit_is_written_as_the_one_flag_there_is_and_odd_seconds_lose_one() -> None:
    odd = replace(
        NOTE, note_class=NoteClass.COUNTERFEIT_SUSPECTED, recorded=datetime(2026, 11, 23, 16, 30, 59)
    )
    data = write_fsn(FsnFile(False, (odd,)))
    assert isinstance(data, bytes)
    assert (one(data).note_class, one(data).recorded.second) == (NoteClass.SUSPECT, 58)


# --- any file --------------------------------------------------------------------------------------------------

ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
WORD = st.integers(0, 0xFFFF)
IMAGES = st.builds(FsnImage, WORD, WORD, WORD, WORD, st.binary(min_size=1536, max_size=1536))


@st.composite
def files(draw: st.DrawFn) -> FsnFile:
    with_images = draw(st.booleans())
    currency = draw(st.sampled_from(["CNY", "USD", "EURO"]))
    records = st.builds(
        FsnRecord,
        st.datetimes(datetime(1980, 1, 1), datetime(2107, 12, 31)).map(
            lambda at: at.replace(second=at.second // 2 * 2, microsecond=0)
        ),
        st.sampled_from([NoteClass.SUSPECT, NoteClass.GENUINE, NoteClass.UNFIT, NoteClass.OLD_EDITION]),
        st.tuples(WORD, WORD, WORD),
        st.just(currency),
        WORD,
        st.sampled_from([1, 5, 10, 20, 50, 100]) if currency == "CNY" else WORD,
        st.text(ASCII, min_size=1, max_size=12),
        st.text(st.characters(max_codepoint=0xFFFF).filter(str.isprintable), max_size=24),
        WORD,
        IMAGES if with_images else st.none(),
    )
    return FsnFile(with_images, tuple(draw(st.lists(records, max_size=3))))


@given(files())
def test_a_file_written_is_read_as_it_was(file: FsnFile) -> None:
    data = write_fsn(file)
    assert isinstance(data, bytes)
    assert len(data) == 32 + len(file.records) * record_size(file.with_images)
    assert read_fsn(data) == file


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_refused_or_holds_what_it_says(seed: int) -> None:
    """Whatever is read can be written, and reads the same: nothing half understood passes. Never an exception."""
    dice, samples, read = random.Random(seed), list(GOLDEN), 0
    samples.append(PLAIN_HEADER.replace(b"\1\0\0\0\0\0\1\0", b"\3\0\0\0\0\0\1\0") + RECORD * 3)
    for _ in range(1500):
        data = bytearray(dice.choice(samples))
        for _ in range(dice.choice((0, 1, 1, 2, 8))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        cut = dice.choice((len(data), len(data), dice.randrange(len(data))))
        found = read_fsn(bytes(data[:cut]) + dice.randbytes(dice.choice((0, 0, 0, 7))))
        if isinstance(found, FsnFile):
            read += 1
            again = write_fsn(found)
            assert isinstance(again, bytes), again
            assert read_fsn(again) == found
        else:
            assert isinstance(found, FsnRefusal)
    assert read > 100
    assert all(isinstance(read_fsn(dice.randbytes(size)), FsnRefusal) for size in range(0, 3000, 13))
