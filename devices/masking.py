"""Masks what a recording must not carry: printed texts, note serials, stripes, serial numbers of machines.

Every mask keeps length and shape (a digit becomes 0, a letter x or X) and mends the frame's check by as much, so that
a masked recording replays and a bad frame stays bad. A protocol without a mask here cannot be recorded: nothing
is written unmasked. Bytes outside whole frames are masked too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import reduce
from operator import xor

Mask = Callable[[bytes], bytes]

_SHAPE = bytes(
    0x30 if chr(byte).isdigit() and byte < 0x80 else 0x58 if 0x41 <= byte <= 0x5A else
    0x78 if 0x61 <= byte <= 0x7A else byte
    for byte in range(256)
)  # fmt: skip


def mask_text(text: str) -> str:
    """A text with its letters and digits masked, such as TD-EBDS-0001 as XX-XXXX-0000."""
    return text.encode("utf-8").translate(_SHAPE).decode("utf-8")


def _plain(data: bytes) -> bytes:
    return data


def _shape(data: bytes) -> bytes:
    return data.translate(_SHAPE)


# --- aa55 ---------------------------------------------------------------------------------------------------


def _aa55(data: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        frame = _aa55_frame(data, at)
        if frame:
            out += _aa55_masked(frame)
        else:
            out += _shape(data[at : at + 1])
        at += len(frame) or 1
    return bytes(out)


def _aa55_frame(data: bytes, at: int) -> bytes:
    """The whole frame that begins here, or b""."""
    if data[at : at + 2] != b"\xaa\x55" or len(data) < at + 4:
        return b""
    end = at + 4 + int.from_bytes(data[at + 2 : at + 4], "little") + 3
    return data[at:end] if data[end - 2 : end] == b"\xa5\x5a" and end <= len(data) else b""


def _aa55_masked(frame: bytes) -> bytes:
    """A count hides its serial number, 11 bytes at 20 of its data; anything else hides all of its data. The sum moves
    by what the mask changed."""
    is_count = frame[4:6] == b"\x01\x01" and len(frame) == 48
    start, end = (26, 37) if is_count else (6, len(frame) - 3)
    masked = frame[:start] + _shape(frame[start:end]) + frame[end:]
    moved = sum(masked) - sum(frame)
    return masked[:-3] + bytes([(frame[-3] + moved) & 0xFF]) + masked[-2:]


# --- ebds ---------------------------------------------------------------------------------------------------


def _ebds(data: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        length = data[at + 1] if data[at] == 2 and at + 1 < len(data) else 0
        frame = data[at : at + length] if 5 <= length <= len(data) - at else b""
        if frame and frame[-2] & 0x7F == 3:
            out += _ebds_masked(frame)
            at += length
        else:
            out += _shape(data[at : at + 1])
            at += 1
    return bytes(out)


def _ebds_masked(frame: bytes) -> bytes:
    """Whole standard replies and described notes carry states and values only; anything else, a frame with a wrong
    check among it, hides all of its data."""
    kind, whole = frame[2] >> 4 & 7, reduce(xor, frame[1:-2], 0) == frame[-1]
    if whole and ((kind == 2 and len(frame) == 11) or (kind == 7 and frame[3] == 2 and len(frame) == 30)):
        return frame
    masked = frame[:3] + _shape(frame[3:-2]) + frame[-2:]
    moved = reduce(xor, masked[1:-2], 0) ^ reduce(xor, frame[1:-2], 0)
    return masked[:-1] + bytes([frame[-1] ^ moved])


# --- printers ---------------------------------------------------------------------------------------------------

_T5040_HOST = re.compile(
    rb"(?P<stripe>\x1b\[#r\x02[^\x03]*\x03)|(?P<command>\x1b\[[0-9;]*[!-/][a-z])|(?P<column>\x1b\$..)"
    rb"|(?P<image>\x1b\*\x27..)|(?P<escape>\x1b.)|(?P<text>[^\x1b]+)|(?P<rest>\x1b)",
    re.DOTALL,
)
_STRIPE = re.compile(rb'(\x1b\[[0-9;]*"r\x02)([^\x03]*)')


def _t5040_host(data: bytes) -> bytes:
    """Texts and stripes masked, bit images blank; commands as they are."""
    out = bytearray()
    at = 0
    while at < len(data):
        match = _T5040_HOST.match(data, at)
        assert match is not None, "every byte belongs to some part"
        part, at = match.group(), match.end()
        if match.lastgroup in ("text", "stripe"):
            part = part[:4] + _shape(part[4:]) if match.lastgroup == "stripe" else _letters(part)
        out += part
        if match.lastgroup == "image":
            size = 3 * int.from_bytes(part[3:5], "little")
            out += bytes(len(data[at : at + size]))
            at += size
    return bytes(out)


def _letters(text: bytes) -> bytes:
    """Printed text: every sign but the space hides what it was."""
    return bytes(0x78 if byte > 0x20 and byte != 0x7F else byte for byte in text)


def _t5040_printer(data: bytes) -> bytes:
    return _STRIPE.sub(lambda found: found.group(1) + _shape(found.group(2)), data)


_ESCPOS_ARGUMENTS = {
    b"\x1b": {
        0x40: 0, 0x32: 0, 0x21: 1, 0x61: 1, 0x45: 1, 0x74: 1, 0x64: 1, 0x4D: 1, 0x2D: 1, 0x33: 1, 0x52: 1, 0x7B: 1,
        0x56: 1, 0x47: 1, 0x63: 2, 0x70: 3,
    },
    b"\x1d": {0x21: 1, 0x42: 1, 0x62: 1, 0x61: 1, 0x48: 1, 0x68: 1, 0x77: 1, 0x4C: 2, 0x57: 2, 0x56: 1},
    b"\x1c": {},
    b"\x10": {0x04: 1},
}  # fmt: skip


def _escpos_host(data: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        table = _ESCPOS_ARGUMENTS.get(data[at : at + 1])
        if table is None:
            out += _letters(data[at : at + 1])
            at += 1
            continue
        end = at + 2 + (table.get(data[at + 1], 0) if at + 1 < len(data) else 0)
        out += data[at:end]
        at = end
    return bytes(out)


MASKS: Mapping[str, Mapping[str, Mask]] = {
    "aa55": {"out": _plain, "in": _aa55},
    "ebds": {"out": _plain, "in": _ebds},
    "t5040": {"out": _t5040_host, "in": _t5040_printer},
    "escpos": {"out": _escpos_host, "in": _plain},
}
"""Protocol → direction → mask of that direction's whole stream; "out" is what the host sent."""
