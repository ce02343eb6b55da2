"""Masks ESC/P, ESC/P2 and the FS layer: printed texts, two-byte characters among them, and bit images."""

from __future__ import annotations

import re

from devices.masking.shapes import by_parts, ink, shape

_FIXED = rb"\x1b[@PMEFGH02]|\x1b[xRUkJ3lQ!W\-tN].|\x1b\$..|\x1b\(.[\x01-\x08]\x00|\x1c[&.]|\x1cS.."
_PARTS = re.compile(
    rb"(?P<image>\x1b\*...)|(?P<command>" + _FIXED + rb")|(?P<escape>[\x1b\x1c].?)|(?P<text>[^\x1b\x1c]+)",
    re.DOTALL,
)
_BYTES_A_COLUMN = {0x27: 3, 0x26: 3, 0x28: 3, 0x20: 3, 0x21: 3}


def _outward(data: bytes) -> bytes:
    """Commands as they are, with the parameters that they count; what they do not count is text."""
    out = bytearray()
    at = 0
    while at < len(data):
        match = _PARTS.match(data, at)
        assert match is not None, "every byte belongs to some part"
        part, at = match.group(), match.end()
        out += ink(part) if match.lastgroup == "text" else part
        size = _follows(part)
        out += (bytes(size) if part[1:2] == b"*" else data[at : at + size])[: len(data) - at]
        at += size
    return bytes(out)


def _follows(part: bytes) -> int:
    """How many bytes a command says come behind it."""
    if part[:2] == b"\x1b*" and len(part) == 5:
        return int.from_bytes(part[3:5], "little") * _BYTES_A_COLUMN.get(part[2], 1)
    return part[3] if part[:2] == b"\x1b(" and len(part) == 5 else 0


_NOT_FLOW = re.compile(rb"(?P<other>[^\x11\x13]+)")
OUT, IN = _outward, by_parts(_NOT_FLOW, {"other": shape})
