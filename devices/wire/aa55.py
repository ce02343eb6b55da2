"""The "AA 55" banknote counter protocol, host side. Source: note-protocols §2.1 (one public source, flag S).

Frame: AA 55 · length u16 LE (mode and data) · mode 2 bytes · data · checksum (low byte of the sum over mode and data) ·
A5 5A. Nothing is escaped: the length frames, then trailer and sum are checked. All numbers little endian. A frame that
does not hold is a BadFrame message, never silence: the caller must know that something of a batch may be missing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from devices.errors import ProtocolError

HEAD = b"\xaa\x55"
TRAILER = b"\xa5\x5a"
MODE_HANDSHAKE = b"\x01\x00"
MODE_COUNT = b"\x01\x01"
COUNT_LENGTH = 39
MAX_LENGTH = 256
_COUNT = struct.Struct("<IIQ4s11s5sBBB")

SESSION_STARTED, NOTE, FINISHED, STACKER_FULL, STAND_BY = range(5)


class Message:
    """Base of what the counter says."""


class OfBatch(Message):
    """Base of what belongs to a batch. ``frame`` is the exact bytes, for the batch's digest."""

    frame: bytes


@dataclass(frozen=True)
class Handshake(Message):
    """The counter echoed the fixed frame."""


@dataclass(frozen=True)
class SessionStarted(OfBatch):
    """A batch begins."""

    frame: bytes


@dataclass(frozen=True)
class NoteCounted(OfBatch):
    """One note. ``denomination`` in whole currency units; totals are the counter's running ones."""

    total_pieces: int
    denomination: int
    total_amount: int
    currency: str
    serial: str
    frame: bytes


@dataclass(frozen=True)
class NoteRejected(OfBatch):
    """A note went to the reject pocket; its denomination and currency are not reliable and are left out."""

    error_code: int
    total_pieces: int
    total_amount: int
    frame: bytes


@dataclass(frozen=True)
class BatchFinished(OfBatch):
    """The batch ended; ``stacker_full`` when it ended because the stacker is full and the run goes on."""

    total_pieces: int
    total_amount: int
    stacker_full: bool
    frame: bytes


@dataclass(frozen=True)
class StandBy(OfBatch):
    """The counter paused."""

    frame: bytes


@dataclass(frozen=True)
class MachineError(OfBatch):
    """A frame without a note carries an error code: the machine is in trouble, whatever status it claims."""

    error_code: int
    status: int
    frame: bytes


@dataclass(frozen=True)
class BadFrame(Message):
    """Bytes that are no good frame, and why: "checksum", "trailer", "length", "mode", "status", "junk"."""

    reason: str
    data: bytes


def checksum(body: bytes) -> int:
    """Low byte of the sum of mode and data."""
    return sum(body) & 0xFF


def encode(mode: bytes, data: bytes) -> bytes:
    """A whole frame around two mode bytes and data."""
    if len(mode) != 2 or len(mode) + len(data) > MAX_LENGTH:
        raise ProtocolError("mode is two bytes and a frame at most 256")
    body = mode + data
    return HEAD + struct.pack("<H", len(body)) + body + bytes([checksum(body)]) + TRAILER


def handshake() -> bytes:
    """What the host sends and the counter echoes."""
    return encode(MODE_HANDSHAKE, b"\x00")


class Aa55Decoder:
    """Feed it bytes as they come, glued or cut; it keeps at most one frame's worth."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> tuple[Message, ...]:
        """Every message that is complete now, in order."""
        self._buffer += data
        found: list[Message] = []
        while True:
            message = self._next()
            if message is None:
                return tuple(found)
            found.append(message)

    def _next(self) -> Message | None:
        junk = self._skip_to_head()
        if junk:
            return BadFrame("junk", junk)
        if len(self._buffer) < 4:
            return None
        length = int.from_bytes(self._buffer[2:4], "little")
        if not 2 <= length <= MAX_LENGTH:
            return self._bad("length", 2)
        size = 4 + length + 3
        if len(self._buffer) < size:
            return None
        frame = bytes(self._buffer[:size])
        body = frame[4 : 4 + length]
        if frame[-2:] != TRAILER:
            return self._bad("trailer", 2)
        if frame[-3] != checksum(body):
            return self._bad("checksum", size)
        del self._buffer[:size]
        return _message(frame, body)

    def _skip_to_head(self) -> bytes:
        at = self._buffer.find(HEAD)
        if at < 0:
            at = len(self._buffer) - 1 if self._buffer[-1:] == HEAD[:1] else len(self._buffer)
        junk = bytes(self._buffer[:at])
        del self._buffer[:at]
        return junk

    def _bad(self, reason: str, drop: int) -> BadFrame:
        data = bytes(self._buffer[:drop])
        del self._buffer[:drop]
        return BadFrame(reason, data)


def _message(frame: bytes, body: bytes) -> Message:
    mode, data = body[:2], body[2:]
    if mode == MODE_HANDSHAKE:
        return Handshake()
    if mode != MODE_COUNT:
        return BadFrame("mode", frame)
    return _count(frame, data) if len(data) == COUNT_LENGTH else BadFrame("length", frame)


def _count(frame: bytes, data: bytes) -> Message:
    pieces, unit, amount, currency, serial, _, error, status, _ = _COUNT.unpack(data)
    if status == NOTE and error:
        return NoteRejected(error, pieces, amount, frame)
    if error:
        return MachineError(error, status, frame)
    if status == NOTE:
        return NoteCounted(pieces, unit, amount, _text(currency), _text(serial), frame)
    if status == SESSION_STARTED:
        return SessionStarted(frame)
    if status in (FINISHED, STACKER_FULL):
        return BatchFinished(pieces, amount, status == STACKER_FULL, frame)
    return StandBy(frame) if status == STAND_BY else BadFrame("status", frame)


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\0 ").decode("ascii", "replace")
