"""Masks ccTalk in clear, both checks: the machine's serial number and barcodes.

Nothing in an answer tells what it answers. On the one wire the host's question comes back as an echo before it, so what
the machine's end says is read as questions and answers; an answer whose question was not heard hides all of its data.
"""

from __future__ import annotations

from devices.masking.shapes import Mask, alike, frames, plain, shape
from devices.wire import cctalk
from devices.wire.cctalk import Check, Header

_OF_STATE = frozenset({
    Header.CATEGORY, Header.EVENTS, Header.SCALING, Header.BILL_ID, Header.READ_MODE, Header.READ_INHIBITS,
    Header.READ_MASTER_INHIBIT, Header.SELF_CHECK, Header.ROUTE, Header.MODE, Header.INHIBITS, Header.MASTER_INHIBIT,
    Header.POLLING_PRIORITY, Header.COMMS_REVISION, Header.SIMPLE_POLL, Header.RESET, Header.CURRENCY_REVISION,
    Header.BILL_POSITION,
})  # fmt: skip
"""Questions whose answers say nothing of one machine or one customer."""


def mask_of(check: Check) -> Mask:
    """The mask of what is heard on a line with that check."""
    codec = cctalk.Codec(check)

    def size(data: bytes, at: int) -> int:
        if data[at] not in (cctalk.HOST, cctalk.VALIDATOR) or at + 1 >= len(data):
            return 0
        length = data[at + 1] + cctalk.OVERHEAD
        return length if length <= len(data) - at else 0

    def mask(data: bytes) -> bytes:
        asked: int | None = None
        out = bytearray()
        for piece, whole in frames(data, size):
            found = codec.decode(piece) if whole else None
            if not isinstance(found, cctalk.Frame):
                out += shape(piece) if not whole else _mended(check, piece, shape(piece[4:-1]))
            elif found.destination == cctalk.VALIDATOR:
                asked = found.header
                out += piece
            else:
                out += piece if asked in _OF_STATE else _mended(check, piece, _hidden(asked, found.data))
                asked = None
        return bytes(out)

    return mask


def _hidden(asked: int | None, data: bytes) -> bytes:
    if asked == Header.SERIAL or (asked is None and len(data) == cctalk.SERIAL_BYTES):
        return alike(int.from_bytes(data, "little")).to_bytes(len(data), "little")
    return shape(data)


def _mended(check: Check, frame: bytes, data: bytes) -> bytes:
    """The frame with other data, its check moved by as much: a bad one stays as bad as it was."""
    head, old = frame[:4], frame[4:-1]
    if check is Check.SIMPLE:
        return head + data + bytes([(frame[-1] - sum(data) + sum(old)) & 0xFF])
    covered = frame[:2] + frame[3:4]
    moved = cctalk.crc16(covered + data) ^ cctalk.crc16(covered + old)
    crc = (frame[-1] << 8 | frame[2]) ^ moved
    return frame[:2] + bytes([crc & 0xFF, frame[3]]) + data + bytes([crc >> 8])


OUT, IN = plain, mask_of(Check.SIMPLE)
