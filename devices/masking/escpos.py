"""Masks ESC/POS: every printed sign but the space; pictures of texts blank. Its answers are states."""

from __future__ import annotations

from devices.masking.shapes import ink, plain

_ARGUMENTS = {
    b"\x1b": {
        0x40: 0, 0x32: 0, 0x21: 1, 0x61: 1, 0x45: 1, 0x74: 1, 0x64: 1, 0x4D: 1, 0x2D: 1, 0x33: 1, 0x52: 1, 0x7B: 1,
        0x56: 1, 0x47: 1, 0x63: 2, 0x70: 3,
    },
    b"\x1d": {0x21: 1, 0x42: 1, 0x62: 1, 0x61: 1, 0x48: 1, 0x68: 1, 0x77: 1, 0x4C: 2, 0x57: 2, 0x56: 1, 0x72: 1},
    b"\x1c": {},
    b"\x10": {0x04: 1},
}  # fmt: skip


PICTURE = b"\x1dv"
"""GS v 0, then a mode, the width in bytes and the height in dots, two bytes each, and the dots."""


def _picture(data: bytes, at: int) -> tuple[bytes, int]:
    """The command as it is, its dots blank; and where it ends."""
    head = data[at : at + 8]
    across, down = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
    dots = data[at + 8 : at + 8 + across * down]
    return head + bytes(len(dots)), at + len(head) + len(dots)


def _outward(data: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        table = _ARGUMENTS.get(data[at : at + 1])
        if table is None:
            out += ink(data[at : at + 1])
            at += 1
            continue
        if data[at : at + 2] == PICTURE:
            shown, at = _picture(data, at)
            out += shown
            continue
        end = at + 2 + (table.get(data[at + 1], 0) if at + 1 < len(data) else 0)
        out += data[at:end]
        at = end
    return bytes(out)


OUT, IN = _outward, plain
