"""CCNET (CashCode NET), host side. Source: note-protocols §1.1; its frames are among the tests.

Frame: 02 · address · length (of all) · data · CRC-16/KERMIT over everything before it, low byte first. Nothing is
escaped: the length frames. The first data byte is a command, or in an answer a state; what an answer's data mean
depends on the command before it, so a decoded frame is handed on with its data and read by the function for that
command.

Frames of 256 bytes and more have length 00 and a second length behind command and subcommand (one public source).
No answer a detector asks for is that long: the decoder refuses them, so that a damaged length cannot hold up the
line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from devices.errors import ProtocolError
from devices.wire.kermit import kermit

SYNC = 0x02
BILL_VALIDATOR = 0x03
MIN_LENGTH, MAX_LENGTH = 6, 255
BILL_TYPES = 24
ACK, NAK, ILLEGAL = b"\x00", b"\xff", b"\x30"
ALL_TYPES, NO_TYPES = b"\xff" * 3, b"\x00" * 3


class Command(IntEnum):
    """What the host may ask. STACK is here to be named by the explainer; no detector sends it."""

    ACK = 0x00
    RESET = 0x30
    GET_STATUS = 0x31
    SET_SECURITY = 0x32
    POLL = 0x33
    ENABLE = 0x34
    STACK = 0x35
    RETURN = 0x36
    IDENTIFICATION = 0x37
    HOLD = 0x38
    SET_BARCODE_PARAMETERS = 0x39
    EXTRACT_BARCODE_DATA = 0x3A
    CASSETTE_STATUS = 0x3B
    DISPENSE = 0x3C
    UNLOAD = 0x3D
    EXTENDED_IDENTIFICATION = 0x3E
    SET_CASSETTE_TYPE = 0x40
    GET_BILL_TABLE = 0x41
    DOWNLOAD = 0x50
    GET_CRC32 = 0x51
    MODULE_DOWNLOAD = 0x52
    MODULE_IDENTIFICATION = 0x54
    REQUEST_STATISTICS = 0x60
    DIAGNOSTICS = 0xF0
    NAK = 0xFF


class State(IntEnum):
    """First data byte of a POLL's answer."""

    POWER_UP = 0x10
    POWER_UP_BILL_IN_VALIDATOR = 0x11
    POWER_UP_BILL_IN_STACKER = 0x12
    INITIALIZE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    UNIT_DISABLED = 0x19
    HOLDING = 0x1A
    BUSY = 0x1B
    REJECTING = 0x1C
    DISPENSING = 0x1D
    UNLOADING = 0x1E
    SETTING_CASSETTE = 0x21
    DISPENSED = 0x25
    UNLOADED = 0x26
    INVALID_BILL_NUMBER = 0x28
    CASSETTE_TYPE_SET = 0x29
    ILLEGAL_COMMAND = 0x30
    CASSETTE_FULL = 0x41
    CASSETTE_REMOVED = 0x42
    VALIDATOR_JAMMED = 0x43
    CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSE = 0x46
    FAILURE = 0x47
    ESCROW = 0x80
    BILL_STACKED = 0x81
    BILL_RETURNED = 0x82


WITH_DETAIL = frozenset(
    {State.BUSY, State.REJECTING, State.FAILURE, State.ESCROW, State.BILL_STACKED, State.BILL_RETURNED}
)
"""States that say one byte more: a time, a reason, a failure, a bill type."""

REJECT_REASONS = {
    0x60: "insertion", 0x61: "magnetic", 0x62: "bill left in head", 0x63: "multiplying", 0x64: "conveying",
    0x65: "identification", 0x66: "verification", 0x67: "optic", 0x68: "inhibit", 0x69: "capacity",
    0x6A: "operation", 0x6C: "length", 0x6D: "UV", 0x92: "barcode unrecognised",
    0x93: "barcode with a wrong number of characters", 0x94: "barcode without a start", 0x95: "barcode without a stop",
}  # fmt: skip
NOT_AUTHENTICATED = frozenset({0x61, 0x65, 0x66, 0x67, 0x6D})
"""Reasons that mean the note was looked at and not authenticated: never proof of forgery."""

FAILURES = {
    0x50: "stack motor", 0x51: "transport motor speed", 0x52: "transport motor", 0x53: "aligning motor",
    0x54: "cassette status", 0x55: "optic", 0x56: "magnetic", 0x5F: "capacitance",
}  # fmt: skip


class Message:
    """Base of what arrives."""


@dataclass(frozen=True)
class Frame(Message):
    """One good frame; ``data`` is everything between length and CRC."""

    address: int
    data: bytes


@dataclass(frozen=True)
class BadFrame(Message):
    """Bytes that are no good frame, and why."""

    reason: str
    data: bytes


@dataclass(frozen=True)
class PollAnswer:
    """A state and the byte that some states add, else None. ``state`` is None for a code no source lists."""

    code: int
    state: State | None
    detail: int | None


@dataclass(frozen=True)
class BillType:
    """One entry of the bill table. ``minor`` is the value in hundredths; ``country`` three letters as the machine has
    them (some machines put a currency there)."""

    country: str
    minor: int


@dataclass(frozen=True)
class Identification:
    """Who the machine says it is; the split 15 + 12 + 7 is remembered, not re-read (flag R)."""

    part_number: str
    serial_number: str
    asset: str


def crc(data: bytes) -> int:
    """CRC-16/KERMIT: reflected 0x8408, from 0."""
    return kermit(data)


def encode(command: int, data: bytes = b"", address: int = BILL_VALIDATOR) -> bytes:
    """A whole frame."""
    length = len(data) + MIN_LENGTH
    if length > MAX_LENGTH or not 0 <= command <= 0xFF or not 0 <= address <= 0xFF:
        raise ProtocolError("a command and an address of one byte, and at most 249 bytes of data")
    covered = bytes([SYNC, address, length, command]) + data
    return covered + crc(covered).to_bytes(2, "little")


def enable(types: bytes = ALL_TYPES, escrow: bytes = ALL_TYPES) -> bytes:
    """Let the machine take notes, each stopping in escrow. With ``NO_TYPES`` twice it takes none."""
    return encode(Command.ENABLE, types + escrow)


def poll_answer(data: bytes) -> PollAnswer | None:
    """Read the answer to POLL; None when the byte that this state must add is missing."""
    code = data[0]
    state = State(code) if code in State._value2member_map_ else None
    if state in WITH_DETAIL and len(data) < 2:
        return None
    return PollAnswer(code, state, data[1] if len(data) > 1 else None)


def bill_table(data: bytes) -> tuple[BillType | None, ...] | None:
    """Read the answer to GET BILL TABLE: by type number, None where there is no bill; None when it is no table."""
    if len(data) != BILL_TYPES * 5:
        return None
    return tuple(_bill_type(data[at : at + 5]) for at in range(0, len(data), 5))


def _bill_type(entry: bytes) -> BillType | None:
    """Mantissa, three letters, exponent of ten whose bit 7 divides (flag R)."""
    mantissa, exponent = entry[0], entry[4] & 0x7F
    if not mantissa or exponent > 9:
        return None
    country = "".join(chr(byte) if 0x20 < byte < 0x7F else "?" for byte in entry[1:4])
    power: int = 10**exponent
    if not entry[4] & 0x80:
        return BillType(country, mantissa * 100 * power)
    whole, rest = divmod(mantissa * 100, power)
    return None if rest else BillType(country, whole)


def identification(data: bytes) -> Identification | None:
    """Read the answer to IDENTIFICATION; None when it is too short to hold a serial number."""
    if len(data) < 27:
        return None
    return Identification(_text(data[:15]), _text(data[15:27]), data[27:].hex(" "))


def _text(data: bytes) -> str:
    return data.decode("ascii", "replace").strip("\0 ")


class CcnetDecoder:
    """Feed it bytes as they come. One frame answers one command, so ``clear`` before each command is safe and is what
    ends a frame that was cut."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def clear(self) -> None:
        """Forget a half-read frame."""
        self._buffer.clear()

    def receive(self, data: bytes) -> tuple[Message, ...]:
        self._buffer += data
        found: list[Message] = []
        while True:
            message = self._next()
            if message is None:
                return tuple(found)
            found.append(message)

    def _next(self) -> Message | None:
        at = self._buffer.find(SYNC)
        if at:
            at = len(self._buffer) if at < 0 else at
            return self._drop("junk", at) if at else None
        if len(self._buffer) < 3:
            return None
        length = self._buffer[2]
        if length < MIN_LENGTH:
            return self._drop("length", 1)
        if len(self._buffer) < length:
            return None
        frame = bytes(self._buffer[:length])
        if crc(frame[:-2]) != int.from_bytes(frame[-2:], "little"):
            return self._drop("check", 1)
        del self._buffer[:length]
        return Frame(frame[1], frame[3:-2])

    def _drop(self, reason: str, count: int) -> BadFrame:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return BadFrame(reason, data)
