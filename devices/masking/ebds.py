"""Masks EBDS: the machine's serial number and every text it tells of itself."""

from __future__ import annotations

from functools import reduce
from operator import xor

from devices.masking.shapes import by_frames, plain, shape


def _size(data: bytes, at: int) -> int:
    length = data[at + 1] if data[at] == 2 and at + 1 < len(data) else 0
    if not 5 <= length <= len(data) - at:
        return 0
    return length if data[at + length - 2] & 0x7F == 3 else 0


def _masked(frame: bytes) -> bytes:
    """Whole standard replies and described notes carry states and values only; anything else, a frame with a wrong
    check among it, hides all of its data."""
    kind, whole = frame[2] >> 4 & 7, reduce(xor, frame[1:-2], 0) == frame[-1]
    if whole and ((kind == 2 and len(frame) == 11) or (kind == 7 and frame[3] == 2 and len(frame) == 30)):
        return frame
    masked = frame[:3] + shape(frame[3:-2]) + frame[-2:]
    moved = reduce(xor, masked[1:-2], 0) ^ reduce(xor, frame[1:-2], 0)
    return masked[:-1] + bytes([frame[-1] ^ moved])


OUT, IN = plain, by_frames(_size, _masked)
