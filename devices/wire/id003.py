"""JCM ID-003, host side. Source: note-protocols §1.2; frames of note-frames.json are among the tests.

Frame: FC · length (of all) · code · data · CRC low · CRC high (CRC-16/KERMIT from FC on). Code and direction together
make the meaning: 40 is RESET from the host and POWER UP from the validator, the same five bytes. In interrupt mode the
validator also sends a lone ENQ (05) between frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from devices.errors import ProtocolError
from devices.wire.kermit import kermit

SYNC, ENQ = 0xFC, 0x05
MIN_LENGTH, MAX_LENGTH = 5, 255
TICKET_CODE = 0x6F
FIRST_BILL_CODE, LAST_BILL_CODE = 0x61, 0x68
CURRENCY_ENTRY = 4
ACCEPT, INHIBIT = b"\x00", b"\x01"


class Command(IntEnum):
    """What the host says."""

    STATUS = 0x11
    RESET = 0x40
    STACK_1 = 0x41
    STACK_2 = 0x42
    RETURN = 0x43
    HOLD = 0x44
    WAIT = 0x45
    ACK = 0x50
    VERSION = 0x88
    BOOT_VERSION = 0x89
    CURRENCY = 0x8A
    DENOMINATIONS = 0xC0
    SECURITY = 0xC1
    MODE = 0xC2
    INHIBIT = 0xC3
    DIRECTION = 0xC4
    OPTIONAL = 0xC5
    BARCODE = 0xC6
    BARCODE_INHIBIT = 0xC7


class Status(IntEnum):
    """What the validator says of itself."""

    IDLING = 0x11
    ACCEPTING = 0x12
    ESCROW = 0x13
    STACKING = 0x14
    VEND_VALID = 0x15
    STACKED = 0x16
    REJECTING = 0x17
    RETURNING = 0x18
    HOLDING = 0x19
    DISABLED = 0x1A
    INITIALIZE = 0x1B
    POWER_UP = 0x40
    POWER_UP_BILL_IN_ACCEPTOR = 0x41
    POWER_UP_BILL_IN_STACKER = 0x42
    STACKER_FULL = 0x43
    STACKER_OPEN = 0x44
    JAM_IN_ACCEPTOR = 0x45
    JAM_IN_STACKER = 0x46
    PAUSE = 0x47
    CHEATED = 0x48
    FAILURE = 0x49
    COMM_ERROR = 0x4A
    INVALID_COMMAND = 0x4B


ACK = int(Command.ACK)
SETTINGS = tuple(range(Command.DENOMINATIONS, Command.BARCODE_INHIBIT + 1))
READ_SETTINGS = tuple(range(0x80, 0x88))
REJECT_REASONS = {
    0x71: "insertion",
    0x72: "mag",
    0x73: "bill left in head",
    0x74: "compensation",
    0x75: "conveying",
    0x76: "denomination",
    0x77: "photo pattern",
    0x78: "photo level",
    0x79: "inhibit",
    0x7B: "operation",
    0x7C: "bill left in stacker",
    0x7D: "length",
    0x7E: "second photo pattern",
    0x98: "multiple ticket",
    0x9B: "ticket backside",
}
FAILURES = {
    0xA2: "stack motor",
    0xA5: "motor speed",
    0xA6: "transport motor",
    0xA7: "aligning motor",
    0xAB: "cash box",
    0xAC: "optical sensor",
    0xAD: "magnetic sensor",
    0xAF: "head",
    0xB0: "boot ROM",
    0xB1: "external ROM",
    0xB2: "ROM",
    0xB3: "external ROM writing",
}
COUNTRIES = {
    0x01: "USD",
    0x08: "CAD",
    0x16: "CHF",
    0x27: "RUB",
    0x2D: "CNY",
    0x30: "HUF",
    0x51: "KZT",
    0x5C: "UAH",
    0x63: "INR",
    0x78: "IRR",
    0x7E: "MDL",
    0x86: "UZS",
    0xE0: "EUR",
}
"""Country code of the currency table → ISO 4217, all with hundredths. 01 and 08: note-protocols §1.2; the others: one
public source, AlexObukhoff/TerminalClient ID003/CurrencySpecification.h (flag S)."""


class Message:
    """Base of what the validator says."""


@dataclass(frozen=True)
class Answer(Message):
    """One good frame."""

    code: int
    data: bytes = b""

    @property
    def status(self) -> Status | None:
        """The status this is, None for what is no status or an unknown one."""
        return Status(self.code) if self.code in set(Status) else None


@dataclass(frozen=True)
class Enquiry(Message):
    """The validator asks to be asked (interrupt mode)."""


@dataclass(frozen=True)
class BadFrame(Message):
    """Bytes that are no good frame, and why: "junk", "length", "check"."""

    reason: str
    data: bytes


@dataclass(frozen=True)
class Denomination:
    """One entry of the currency table; ``value`` in whole units, ``country`` as the validator numbers it."""

    country: int
    value: int

    @property
    def currency(self) -> str:
        """ISO 4217, "" when the country's number is not known."""
        return COUNTRIES.get(self.country, "")


def crc(covered: bytes) -> int:
    """CRC-16/KERMIT: 1021 reflected (8408), init 0."""
    return kermit(covered)


def encode(code: int, data: bytes = b"") -> bytes:
    """A whole frame."""
    length = MIN_LENGTH + len(data)
    if length > MAX_LENGTH or not 0 <= code <= 255:
        raise ProtocolError("code is a byte and a frame at most 255")
    covered = bytes([SYNC, length, code]) + data
    return covered + crc(covered).to_bytes(2, "little")


def decode(frame: bytes) -> Answer | BadFrame:
    """One frame of exactly its own length."""
    if len(frame) < MIN_LENGTH or frame[0] != SYNC or frame[1] != len(frame):
        return BadFrame("length", frame)
    if crc(frame[:-2]) != int.from_bytes(frame[-2:], "little"):
        return BadFrame("check", frame)
    return Answer(frame[2], frame[3:-2])


def read_currency(data: bytes) -> dict[int, Denomination]:
    """Escrow code → denomination, of entries code · country · value · exponent of ten; value 0 is unused.

    Some validators add bytes behind the last whole entry (their boot version): those are not an entry.
    """
    table: dict[int, Denomination] = {}
    for at in range(0, len(data) - CURRENCY_ENTRY + 1, CURRENCY_ENTRY):
        code, country, value, exponent = data[at : at + CURRENCY_ENTRY]
        if FIRST_BILL_CODE <= code < TICKET_CODE and value and exponent <= 9:
            table[code] = Denomination(country, value * 10**exponent)
    return table


class Id003Decoder:
    """Feed it bytes as they come; it keeps at most one frame's worth."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._lost = False

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
        if not self._buffer:
            return None
        if self._buffer[0] == ENQ and not self._lost:
            del self._buffer[0]
            return Enquiry()
        if self._buffer[0] != SYNC:
            return self._drop("junk")
        if len(self._buffer) < 2:
            return None
        length = self._buffer[1]
        if length < MIN_LENGTH:
            return self._drop("length")
        if len(self._buffer) < length:
            return None
        found = decode(bytes(self._buffer[:length]))
        if isinstance(found, BadFrame):
            return self._drop("check")
        del self._buffer[:length]
        self._lost = False
        return found

    def _drop(self, reason: str) -> BadFrame:
        """One byte at a time, so that the stream reads the same however it is cut. An 05 among dropped bytes is a
        length of the lost frame and no enquiry."""
        self._lost = True
        data = bytes(self._buffer[:1])
        del self._buffer[0]
        return BadFrame(reason, data)
