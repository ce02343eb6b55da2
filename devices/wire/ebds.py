"""EBDS (MEI/CPI), host side. Source: note-protocols §1.4; frames of note-frames.json are among the tests.

Frame: 02 · length (of all) · control · data · 03 · check (XOR of length through last data byte). Control: bit 0 is the
acknowledge number, bits 4-6 the type. 02 and 03 may stand inside data: the length frames. On an eight-bit line bit 7
is masked off, since a seven-bit line never carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from devices.errors import ProtocolError

STX, ETX = 0x02, 0x03
TYPE_HOST, TYPE_DEVICE, TYPE_AUXILIARY, TYPE_EXTENDED = 1, 2, 6, 7
MIN_LENGTH, MAX_LENGTH = 5, 127
STANDARD_LENGTH = 11
EXTENDED_NOTE = 0x02
EXTENDED_NOTE_LENGTH = 30

AUX_SERIAL_NUMBER = 0x05
AUX_VARIANT_NAME = 0x08


class State(IntFlag):
    """Device data bytes 0–3, each in its own byte of one number."""

    IDLING = 0x01
    ACCEPTING = 0x02
    ESCROWED = 0x04
    STACKING = 0x08
    STACKED = 0x10
    RETURNING = 0x20
    RETURNED = 0x40
    CHEATED = 0x0100
    REJECTED = 0x0200
    JAMMED = 0x0400
    CASSETTE_FULL = 0x0800
    CASSETTE_PRESENT = 0x1000
    PAUSED = 0x2000
    CALIBRATION = 0x4000
    POWER_UP = 0x01_0000
    INVALID_COMMAND = 0x02_0000
    FAILURE = 0x04_0000
    TRANSPORT_OPEN = 0x40_0000
    STALLED = 0x0100_0000
    DISABLED = 0x2000_0000


_VALUE_BITS = 0x38


class Message:
    """Base of what the device says."""


@dataclass(frozen=True)
class StandardReply(Message):
    """State and events. ``value_index`` 1–7 is the denomination by number, 0 none."""

    ack: int
    state: State
    value_index: int
    model: int
    revision: int


@dataclass(frozen=True)
class ExtendedNote(Message):
    """A note described in full: ``classification`` 0 disabled, 1 unidentified, 2 suspected counterfeit, 3 suspected
    zero value, 4 genuine. ``value`` in whole units of ``currency``."""

    ack: int
    state: State
    index: int
    currency: str
    value: int
    orientation: int
    series: str
    classification: int


@dataclass(frozen=True)
class AuxiliaryReply(Message):
    """Text of an auxiliary answer."""

    ack: int
    text: str


@dataclass(frozen=True)
class BadFrame(Message):
    """Bytes that are no good frame, and why."""

    reason: str
    data: bytes


def check(covered: bytes) -> int:
    """XOR of length through the last data byte."""
    value = 0
    for byte in covered:
        value ^= byte
    return value


def encode(kind: int, ack: int, data: bytes) -> bytes:
    """A whole frame. ``ack`` 0 or 1."""
    if ack not in (0, 1) or not 0 <= kind <= 7 or any(byte > 0x7F for byte in data):
        raise ProtocolError("acknowledge 0 or 1, type 0 to 7, data of seven bits")
    length = len(data) + 5
    if length > MAX_LENGTH:
        raise ProtocolError("too long")
    covered = bytes([length, kind << 4 | ack]) + data
    return bytes([STX]) + covered + bytes([ETX, check(covered)])


def omnibus(
    ack: int, denominations: int = 0x7F, escrow: bool = True, stack: bool = False, give_back: bool = False,
    extended: bool = True, orientations: int = 0x0C,
) -> bytes:  # fmt: skip
    """The host's poll: which denominations are on, and what to do with the note in escrow."""
    mode = orientations | (0x10 if escrow else 0) | (0x20 if stack else 0) | (0x40 if give_back else 0)
    return encode(TYPE_HOST, ack, bytes([denominations & 0x7F, mode, 0x10 if extended else 0]))


def auxiliary(ack: int, request: int) -> bytes:
    """Ask for an auxiliary text, such as the serial number."""
    return encode(TYPE_AUXILIARY, ack, bytes([0, 0, request]))


def query_note(ack: int, index: int) -> bytes:
    """Ask for the description of one table entry."""
    return encode(TYPE_EXTENDED, ack, bytes([EXTENDED_NOTE, 0, 0, 0, index]))


class EbdsDecoder:
    """Feed it bytes as they come. ``seven_bit`` masks bit 7 on a line that carries eight."""

    def __init__(self, seven_bit: bool = True) -> None:
        self._buffer = bytearray()
        self._mask = 0x7F if seven_bit else 0xFF

    def receive(self, data: bytes) -> tuple[Message, ...]:
        self._buffer += bytes(byte & self._mask for byte in data)
        found: list[Message] = []
        while True:
            message = self._next()
            if message is None:
                return tuple(found)
            found.append(message)

    def _next(self) -> Message | None:
        at = self._buffer.find(STX)
        if at < 0:
            at = len(self._buffer)
        if at:
            return self._drop("junk", at)
        if len(self._buffer) < 2:
            return None
        length = self._buffer[1]
        if not MIN_LENGTH <= length <= MAX_LENGTH:
            return self._drop("length", 1)
        if len(self._buffer) < length:
            return None
        frame = bytes(self._buffer[:length])
        if frame[-2] != ETX:
            return self._drop("end", 1)
        if frame[-1] != check(frame[1:-2]):
            return self._drop("check", 1)
        del self._buffer[:length]
        return _message(frame)

    def _drop(self, reason: str, count: int) -> BadFrame:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return BadFrame(reason, data)


def _message(frame: bytes) -> Message:
    control, data = frame[2], frame[3:-2]
    kind, ack = control >> 4 & 7, control & 1
    if kind == TYPE_DEVICE and len(frame) == STANDARD_LENGTH:
        state, index = _state(data)
        return StandardReply(ack, state, index, data[4], data[5])
    if kind == TYPE_EXTENDED and len(frame) == EXTENDED_NOTE_LENGTH and data[0] == EXTENDED_NOTE:
        return _extended(ack, data, frame)
    if kind == TYPE_AUXILIARY:
        return AuxiliaryReply(ack, bytes(data).decode("ascii", "replace").strip("\0 "))
    return BadFrame("type", frame)


def _state(data: bytes) -> tuple[State, int]:
    bits = data[0] | data[1] << 8 | (data[2] & ~_VALUE_BITS) << 16 | data[3] << 24
    return State(bits), data[2] >> 3 & 7


def _extended(ack: int, data: bytes, frame: bytes) -> Message:
    """Layout: subtype, 6 status, index, ISO 3, base 3, sign, exponent 2, orientation, type, series,
    compatibility, version, classification, reserved."""
    state, _ = _state(data[1:7])
    value = _value(data[11:17])
    if value is None:
        return BadFrame("value", frame)
    currency = data[8:11].decode("ascii", "replace")
    series = bytes([data[19]]).decode("ascii", "replace")
    return ExtendedNote(ack, state, data[7], currency, value, data[17], series, data[22])


def _value(field: bytes) -> int | None:
    """Base, sign and exponent of ten, such as ``005+01``; None for what is no whole amount of currency units."""
    base, sign, exponent = field[:3], field[3:4], field[4:]
    if not base.isdigit() or not exponent.isdigit() or sign not in (b"+", b"-"):
        return None
    power: int = 10 ** int(exponent)
    if sign == b"+":
        return int(base) * power
    whole, rest = divmod(int(base), power)
    return None if rest else whole
