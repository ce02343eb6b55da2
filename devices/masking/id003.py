"""Masks ID-003: a barcode ticket in escrow, which is a customer's. The version text names a model, not a machine."""

from __future__ import annotations

from devices.masking.shapes import by_frames, plain, shape
from devices.wire import id003


def _size(data: bytes, at: int) -> int:
    length = data[at + 1] if data[at] == id003.SYNC and at + 1 < len(data) else 0
    return length if id003.MIN_LENGTH <= length <= len(data) - at else 0


def _masked(frame: bytes) -> bytes:
    """A ticket's digits stand behind its code; of a frame with a wrong check nothing is known, so all of it hides."""
    whole = id003.crc(frame[:-2]) == int.from_bytes(frame[-2:], "little")
    if whole and not (frame[2] == id003.Status.ESCROW and len(frame) > id003.MIN_LENGTH + 1):
        return frame
    masked = frame[:3] + shape(frame[3:-2])
    moved = id003.crc(masked) ^ id003.crc(frame[:-2])
    return masked + (int.from_bytes(frame[-2:], "little") ^ moved).to_bytes(2, "little")


OUT, IN = plain, by_frames(_size, _masked)
