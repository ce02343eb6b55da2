"""Masks the "AA 55" counter's frames: the serial numbers of notes."""

from __future__ import annotations

from devices.masking.shapes import by_frames, plain, shape


def _size(data: bytes, at: int) -> int:
    if data[at : at + 2] != b"\xaa\x55" or len(data) < at + 4:
        return 0
    end = at + 4 + int.from_bytes(data[at + 2 : at + 4], "little") + 3
    return end - at if data[end - 2 : end] == b"\xa5\x5a" and end <= len(data) else 0


def _masked(frame: bytes) -> bytes:
    """A count hides its serial number, 11 bytes at 20 of its data; anything else hides all of its data. The sum moves
    by what the mask changed."""
    is_count = frame[4:6] == b"\x01\x01" and len(frame) == 48
    start, end = (26, 37) if is_count else (6, len(frame) - 3)
    masked = frame[:start] + shape(frame[start:end]) + frame[end:]
    moved = sum(masked) - sum(frame)
    return masked[:-3] + bytes([(frame[-3] + moved) & 0xFF]) + masked[-2:]


OUT, IN = plain, by_frames(_size, _masked)
