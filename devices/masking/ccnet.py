"""Masks CCNET: the machine's identification (part, serial number, asset) and barcodes, which are customers' tickets."""

from __future__ import annotations

from devices.masking.shapes import by_frames, plain, shape
from devices.wire import ccnet

_LONGEST_STATE = 6
"""States, settings and acknowledgements carry no more data than that."""
_BILL_TABLE = ccnet.BILL_TYPES * 5


def _size(data: bytes, at: int) -> int:
    length = data[at + 2] if data[at] == ccnet.SYNC and at + 2 < len(data) else 0
    return length if ccnet.MIN_LENGTH <= length <= len(data) - at else 0


def _masked(frame: bytes) -> bytes:
    data = frame[3:-2]
    whole = ccnet.crc(frame[:-2]) == int.from_bytes(frame[-2:], "little")
    if whole and (len(data) <= _LONGEST_STATE or len(data) == _BILL_TABLE):
        return frame
    masked = frame[:3] + shape(data)
    moved = ccnet.crc(masked) ^ ccnet.crc(frame[:-2])
    return masked + (int.from_bytes(frame[-2:], "little") ^ moved).to_bytes(2, "little")


OUT, IN = plain, by_frames(_size, _masked)
