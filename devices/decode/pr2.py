"""Explains bytes of the Olivetti PR2 family, both ways. Source: passbook-printers §3 (flags of each command there).

The values of the two status answers were seen in no source: they are shown as codes, with what the program's own table
(``resources/devices/data/pr2_status.toml``) says and that nobody verified it. There is no check value, so a wrong bit
in a digit or a text yields another valid stream. Commands whose layout was seen nowhere are refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import pr2

_Told = tuple[str, dict[str, Any]]
_MAX_TEXT = 80
_TABLES = Path(__file__).parents[2] / "resources" / "devices" / "data" / "pr2_status.toml"
_BLOCKS = {
    b"\x1bQ": ("DOCUMENT LENGTH", pr2.BLOCK_END), b"\x1bx": ("BAR CODE SET-UP", pr2.BLOCK_END),
    b"\x1by": ("BAR CODE", pr2.BLOCK_END), b"\x1bt": ("STRIPE DATA TO RECORD", bytes([pr2.GS])),
    b"\x1b1": ("BIT IMAGE", pr2.END_OF_IMAGE),
}  # fmt: skip
_DEVICES = {
    b"\x1bYE": "SET UP STRIPE UNIT", b"\x1bYD": "SET UP VERTICAL STRIPE UNIT", b"\x1bYB": "SET UP MICR UNIT",
}  # fmt: skip
_POSITION = re.compile(rb"\x1bs(\d{4})")
_LAYOUT_UNSEEN = {b"\x1bX": "RELATIVE HORIZONTAL POSITION", b"\x1bm": "CHARACTER GENERATOR"}


class _Refused(Exception):
    """Why the rest of the bytes cannot be explained; never leaves this module."""


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading. ESC S 5 selects a device and ESC S nnnn answers a length: only the length of it tells. All answers
    but one, the form position of ESC }, name their question by themselves."""
    wanted = (direction,) if direction in (HOST, DEVICE) else (HOST, DEVICE)
    found = [_reading(data, one, request) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _reading(data: bytes, direction: str, request: bytes) -> Reading:
    try:
        told = list(_of_host(data) if direction == HOST else _of_device(data, request))
    except _Refused as why:
        return Reading(direction, False, error=str(why))
    if not told:
        return Reading(direction, False, error="no bytes")
    if len(told) == 1:
        return Reading(direction, True, *told[0])
    messages = [{"name": name, **fields} for name, fields in told]
    return Reading(direction, True, "; ".join(name for name, _ in told), {"messages": messages})


# --- from the host -----------------------------------------------------------------------------------------


def _of_host(data: bytes) -> Iterator[_Told]:
    at, chinese = 0, False
    while at < len(data):
        name, fields, used = _next(data[at:], at, chinese)
        yield name, fields
        if name in ("CHINESE ON", "CHINESE OFF"):
            chinese = name == "CHINESE ON"
        at += used


def _next(data: bytes, at: int, chinese: bool) -> tuple[str, dict[str, Any], int]:
    if data[0] in (pr2.ESC, pr2.FS):
        return _command(data, at)
    if data[0] in pr2.CONTROLS:
        return pr2.CONTROLS[data[0]], {}, 1
    if data[0] < 0x20:
        raise _Refused(f"byte {at}: {data[0]:02x} is not explained")
    return _text(data, at, chinese)


def _text(data: bytes, at: int, chinese: bool) -> tuple[str, dict[str, Any], int]:
    used = 0
    while used < len(data) and data[used] >= 0x20 and data[used] != 0x7F:
        used += 2 if chinese and data[used] > 0x7F else 1
    try:
        shown = data[:used].decode("gb2312" if chinese else "ascii")
    except UnicodeDecodeError as why:
        raise _Refused(f"byte {at + why.start}: {data[why.start]:02x} is no character here") from why
    return "TEXT", {"text": shown[:_MAX_TEXT], "characters": len(shown)}, used


def _command(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    if data[:2] in _BLOCKS:
        return _block(data, at)
    if data[:3] in _DEVICES:
        if len(data) < 5:
            raise _Refused(f"byte {at}: {_DEVICES[data[:3]]} is cut")
        return _DEVICES[data[:3]], {"k1": data[3], "k2": data[4]}, 5
    for size in (4, 3, 2):
        shape = pr2.COMMANDS.get(data[:size])
        if shape is not None and len(shape.code) == size:
            return _digits(data, shape, at)
    if data[:2] == pr2.END_OF_IMAGE:
        return "END OF BIT IMAGE", {}, 2
    unseen = _LAYOUT_UNSEEN.get(data[:2])
    if unseen:
        raise _Refused(f"byte {at}: {unseen}: what follows it stands in no source that was seen")
    raise _Refused(f"byte {at}: {data[:3].hex(' ')} is not known")


def _digits(data: bytes, shape: pr2.Shape, at: int) -> tuple[str, dict[str, Any], int]:
    used, numbers = len(shape.code), []
    for width in shape.widths:
        piece = data[used : used + width]
        if len(piece) < width or not piece.isdigit():
            raise _Refused(f"byte {at}: {shape.name} takes {width} digits, not {piece.hex(' ') or 'none'}")
        numbers.append(int(piece))
        used += width
    fields: dict[str, Any] = {"numbers": numbers} if numbers else {}
    return shape.name, {**fields, "flag": shape.flag}, used


def _block(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    name, closing = _BLOCKS[data[:2]]
    end = data.find(closing, 2)
    if end < 0:
        raise _Refused(f"byte {at}: {name} is not closed by {closing.hex(' ')}")
    body = data[2:end]
    if name == "BIT IMAGE":
        return name, {"bytes": len(body)}, end + len(closing)
    if name == "DOCUMENT LENGTH" and not (body.isdigit() and len(body) <= 6):
        raise _Refused(f"byte {at}: {name} is told in digits")
    return name, {"data": body.decode("ascii", "backslashreplace")}, end + len(closing)


# --- from the printer --------------------------------------------------------------------------------------


def _of_device(data: bytes, request: bytes) -> Iterator[_Told]:
    place = _POSITION.fullmatch(data) if request[:2] == b"\x1b}" else None
    if place:  # without its question it looks like a stripe that was cut
        yield "FORM POSITION", {"position": int(place[1])}
        return
    decoder = pr2.Pr2Decoder()
    for message in decoder.receive(data):
        yield _answer(message)
    if decoder.waiting:
        raise _Refused("an answer that does not end")


def _answer(message: pr2.Message) -> _Told:
    if isinstance(message, pr2.GeneralStatus):
        return "GENERAL STATUS", _code("general", message.code)
    if isinstance(message, pr2.DocumentStatus):
        return "DOCUMENT STATUS", {"device": chr(message.device), **_code("position", message.position)}
    if isinstance(message, pr2.PrimaryId):
        return "PRIMARY ID", {"model": message.model}
    if isinstance(message, pr2.DocumentSize):
        return "DOCUMENT SIZE", {"size": message.size}
    if isinstance(message, pr2.StripeData):
        text = message.data.decode("ascii", "backslashreplace")
        return "STRIPE DATA", {"data": text, "readable": message.readable}
    if isinstance(message, pr2.Configuration):
        return "CONFIGURATION", {"data": message.data.hex(" ")}
    if isinstance(message, pr2.Block):
        return {"b": "FIRMWARE", "a": "SET-UP"}[message.kind], {"data": message.data.hex(" ")}
    raise _Refused("no answer of this printer")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_TABLES.read_text(encoding="utf-8"))


def _code(table: str, code: int) -> dict[str, Any]:
    """A code with what our table says, and whether that was ever seen written."""
    rows = _tables()[table]["row"]
    meaning = next((row["meaning"] for row in rows if row["code"] == code), "not in the table")
    return {"code": f"{code:02x}", "means": meaning, "verified": _tables()[table]["verified"]}
