"""Explains what was sent to an ESC/P, ESC/P2 or LQ-1600K printer, and the handshake that came back. Source:
passbook-printers §4.2 and §4.3.

The host's side is a stream: commands and the text between them are explained in their order. There is no check value,
so a wrong bit inside a text, a number or an image yields another valid stream. What no source shows is refused. Chinese
bytes are explained between FS & and FS . only, by GBK, of which GB2312 is the part that every printer has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import escp

_Told = tuple[str, dict[str, Any]]
_MAX_TEXT = 80

# Letter → name, and the names of the bytes that follow; a name ending in "2" takes two bytes, low first.
_ESC: Mapping[int, tuple[str, tuple[str, ...]]] = {
    ord("@"): ("INITIALISE", ()),
    ord("P"): ("10 CPI", ()),
    ord("M"): ("12 CPI", ()),
    ord("g"): ("15 CPI", ()),
    0x0F: ("CONDENSED ON", ()),
    0x0E: ("DOUBLE WIDTH FOR ONE LINE", ()),
    ord("p"): ("PROPORTIONAL", ("on",)),
    ord("c"): ("HORIZONTAL MOTION INDEX", ("parts_of_360_2",)),
    ord("X"): ("PITCH AND POINT SIZE", ("pitch", "half_points_2")),
    ord(" "): ("SPACE BETWEEN CHARACTERS", ("dots",)),
    ord("x"): ("LETTER QUALITY", ("on",)),
    ord("k"): ("TYPEFACE", ("face",)),
    ord("E"): ("BOLD ON", ()),
    ord("F"): ("BOLD OFF", ()),
    ord("G"): ("DOUBLE STRIKE ON", ()),
    ord("H"): ("DOUBLE STRIKE OFF", ()),
    ord("-"): ("UNDERLINE", ("on",)),
    ord("4"): ("ITALIC ON", ()),
    ord("5"): ("ITALIC OFF", ()),
    ord("W"): ("DOUBLE WIDTH", ("on",)),
    ord("w"): ("DOUBLE HEIGHT", ("on",)),
    ord("!"): ("MASTER SELECT", ("bits",)),
    ord("0"): ("LINE SPACING 1/8 INCH", ()),
    ord("2"): ("LINE SPACING 1/6 INCH", ()),
    ord("3"): ("LINE SPACING", ("parts_of_180",)),
    ord("+"): ("LINE SPACING", ("parts_of_360",)),
    ord("A"): ("LINE SPACING", ("parts_of_60",)),
    ord("J"): ("FEED", ("parts_of_180",)),
    ord("j"): ("REVERSE FEED", ("parts_of_180_or_216",)),  # the sources disagree, and it is never sent
    ord("$"): ("HORIZONTAL POSITION", ("units_2",)),
    ord("\\"): ("RELATIVE HORIZONTAL POSITION", ("signed_units_2",)),
    ord("N"): ("BOTTOM MARGIN", ("lines",)),
    ord("O"): ("BOTTOM MARGIN OFF", ()),
    ord("l"): ("LEFT MARGIN", ("columns",)),
    ord("Q"): ("RIGHT MARGIN", ("columns",)),
    0x19: ("CUT-SHEET FEEDER", ("action",)),
    ord("U"): ("UNIDIRECTIONAL", ("on",)),
    ord("R"): ("NATIONAL SET", ("set",)),
    ord("t"): ("CHARACTER TABLE", ("table",)),
    ord("8"): ("IGNORE PAPER-OUT", ()),
    ord("9"): ("RESPECT PAPER-OUT", ()),
}
_PARENTHESIS: Mapping[int, tuple[str, tuple[str, ...]]] = {
    ord("U"): ("UNIT", ("parts_of_3600",)),
    ord("V"): ("VERTICAL POSITION", ("units_2",)),
    ord("v"): ("RELATIVE VERTICAL POSITION", ("signed_units_2",)),
    ord("C"): ("PAGE LENGTH", ("units_2",)),
    ord("c"): ("PAGE FORMAT", ("top_2", "bottom_2")),
    ord("t"): ("ASSIGN CHARACTER TABLE", ("table", "first", "second")),
}
_FS: Mapping[int, tuple[str, tuple[str, ...]]] = {
    ord("&"): ("CHINESE ON", ()),
    ord("."): ("CHINESE OFF", ()),
    ord("S"): ("CHINESE SPACES", ("left_dots", "right_dots")),
    ord("T"): ("HALF-WIDTH SPACES", ("left_dots", "right_dots")),
    0x0F: ("HALF WIDTH ON", ()),
    0x12: ("HALF WIDTH OFF", ()),
    0x0E: ("DOUBLE WIDTH FOR ONE LINE", ()),
    0x14: ("DOUBLE WIDTH OFF", ()),
    ord("r"): ("SUPERSCRIPT OR SUBSCRIPT", ("which",)),
    ord("W"): ("QUADRUPLE SIZE", ("on",)),
    ord("-"): ("CHINESE UNDERLINE", ("line",)),
    ord("J"): ("VERTICAL WRITING", ()),
    ord("K"): ("HORIZONTAL WRITING", ()),
    ord("D"): ("ROTATED PAIR", ("first", "second")),
    ord("x"): ("CHINESE QUALITY", ("quality",)),
    ord("!"): ("CHINESE MASTER SELECT", ("bits",)),
}
_CONTROLS = {
    0x07: "BELL", 0x08: "BACK SPACE", 0x09: "TAB", 0x0A: "LINE FEED", 0x0B: "VERTICAL TAB", 0x0C: "FORM FEED",
    0x0D: "CARRIAGE RETURN", 0x0E: "DOUBLE WIDTH FOR ONE LINE", 0x0F: "CONDENSED ON", 0x12: "CONDENSED OFF",
    0x14: "DOUBLE WIDTH OFF", 0x18: "CANCEL LINE", 0x7F: "DELETE",
}  # fmt: skip
_IMAGES = {
    0: (60, 1), 1: (120, 1), 2: (120, 1), 3: (240, 1), 4: (80, 1), 6: (90, 1), 32: (60, 3), 33: (120, 3), 38: (90, 3),
    39: (180, 3), 40: (360, 3),
}  # fmt: skip


_REQUEST_ID = b"\x1b\x01@EJL ID\r\n"
_ID = re.compile(rb"@EJL ID\r\n([\x20-\x7e\r\n]*)\x0c")
_DOWNLOAD = b"\x1c2"
_DOWNLOAD_SIZE = 4 + 72  # code and 24 columns of three bytes


class Refused(Exception):
    """Why the rest of the bytes cannot be explained; never leaves these explainers."""


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading: the host's stream, or the handshake that a printer sends."""
    del request  # nothing here answers anything
    wanted = (direction,) if direction in (HOST, DEVICE) else (HOST, DEVICE)
    found = [_reading(data, one) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _reading(data: bytes, direction: str) -> Reading:
    try:
        told = list(_of_host(data) if direction == HOST else _of_device(data))
    except Refused as why:
        return Reading(direction, False, error=str(why))
    if not told:
        return Reading(direction, False, error="no bytes")
    if len(told) == 1:
        return Reading(direction, True, *told[0])
    messages = [{"name": name, **fields} for name, fields in told]
    return Reading(direction, True, "; ".join(name for name, _ in told), {"messages": messages})


def _of_device(data: bytes) -> Iterator[_Told]:
    told = _ID.fullmatch(data)
    if told:
        yield "IDENTIFICATION", {"text": told[1].decode("ascii").strip()}
        return
    for message in escp.EscpDecoder().receive(data):
        if not isinstance(message, escp.Flow):
            raise Refused("a one-way printer says XON and XOFF only")
        yield "XON" if message.go else "XOFF", {}


def _of_host(data: bytes) -> Iterator[_Told]:
    at, two_byte = 0, False
    while at < len(data):
        name, fields, used = next_command(data[at:], at, two_byte)
        yield name, fields
        if name in ("CHINESE ON", "CHINESE OFF", "INITIALISE"):
            two_byte = name == "CHINESE ON"
        at += used


def next_command(data: bytes, at: int, two_byte: bool) -> tuple[str, dict[str, Any], int]:
    """The command or text that the bytes begin with: name, fields, and how many bytes it takes. ``at`` is where they
    stand in the whole stream, for a refusal."""
    if data[0] == 0x1B:
        return _escape(data, at)
    if data[:2] == _DOWNLOAD:
        return _download(data, at)
    if data[0] == 0x1C:
        return _counted(data, 2, data[1:2], _FS, f"byte {at}: FS")
    if data[0] == 0:
        used = len(data) - len(data.lstrip(b"\0"))
        return "FILL", {"bytes": used}, used
    if data[0] in _CONTROLS:
        return _CONTROLS[data[0]], {}, 1
    if data[0] < 0x20:
        raise Refused(f"byte {at}: {data[0]:02x} is not explained")
    return _text(data, at, two_byte)


def _text(data: bytes, at: int, two_byte: bool) -> tuple[str, dict[str, Any], int]:
    """Printable bytes up to the next command."""
    used = 0
    while used < len(data) and data[used] >= 0x20 and data[used] != 0x7F:
        used += 2 if two_byte and data[used] > 0x7F else 1
    try:
        shown = data[:used].decode("gbk" if two_byte else "ascii")
    except UnicodeDecodeError as why:
        table = "neither GB2312 nor GBK" if two_byte else "not ASCII"
        raise Refused(f"byte {at + why.start}: {data[why.start]:02x} is {table}") from why
    return "TEXT", {"text": shown[:_MAX_TEXT], "characters": len(shown)}, used


def _escape(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    letter = data[1:2]
    if data.startswith(_REQUEST_ID):
        return "REQUEST IDENTIFICATION", {}, len(_REQUEST_ID)
    if letter == b"*":
        return _image(data, at)
    if letter == b"(":
        return _parenthesis(data, at)
    if letter in (b"D", b"B"):
        end = data.find(0, 2)
        if end < 0:
            raise Refused(f"byte {at}: a list of tabs that does not end")
        return "TABS" if letter == b"D" else "VERTICAL TABS", {"stops": list(data[2:end])}, end + 1
    if letter == b"C":
        inches = data[2:3] == b"\0"
        names = ("inches",) if inches else ("lines",)
        return _counted(data, 2 + inches, letter, {ord("C"): ("PAGE LENGTH", names)}, f"byte {at}: ESC")
    return _counted(data, 2, letter, _ESC, f"byte {at}: ESC")


def _counted(
    data: bytes, start: int, letter: bytes, table: Mapping[int, tuple[str, tuple[str, ...]]], where: str
) -> tuple[str, dict[str, Any], int]:
    """A command of the table with the bytes behind it."""
    known = table.get(letter[0]) if letter else None
    if known is None:
        raise Refused(f"{where} {letter.hex() or '(cut)'} is not known")
    name, names = known
    fields, used = {}, start
    for one in names:
        size = 2 if one.endswith("_2") else 1
        piece = data[used : used + size]
        if len(piece) < size:
            raise Refused(f"{where} {letter.hex()}: {name} is cut")
        fields[one.removesuffix("_2")] = int.from_bytes(piece, "little", signed=one.startswith("signed"))
        used += size
    return name, fields, used


def _parenthesis(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    where = f"byte {at}: ESC ("
    name, fields, used = _counted(data, 5, data[2:3], _PARENTHESIS, where)
    if used - 5 != int.from_bytes(data[3:5], "little"):
        raise Refused(f"{where}: {name} takes {used - 5} bytes, not {int.from_bytes(data[3:5], 'little')}")
    return name, fields, used


def _download(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    """FS 2: a character of 24 by 24 dots under a code of the user's zones."""
    if len(data) < _DOWNLOAD_SIZE:
        raise Refused(f"byte {at}: FS 32: a downloaded character is cut")
    return "DOWNLOAD CHARACTER", {"code": data[2:4].hex(" "), "dots_high": 24}, _DOWNLOAD_SIZE


def _image(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    density, high = _IMAGES.get(data[2], (0, 0)) if len(data) > 2 else (0, 0)
    columns = int.from_bytes(data[3:5], "little")
    size = 5 + high * columns
    if not high or len(data) < max(size, 5):
        raise Refused(f"byte {at}: a bit image of {columns} columns is cut, or of no known density")
    return "BIT IMAGE", {"columns": columns, "dots_high": 8 * high, "dots_per_inch": density}, size
