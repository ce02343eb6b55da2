"""ccTalk with a banknote validator, host side: frames, answers, event log, bill table. Source: note-protocols §1.5.

Plain frame: destination · number of data bytes · source · header · data · check (all bytes sum to zero). CRC frame:
destination · number · CRC low · header · data · CRC high (CCITT, 1021, init 0, over the rest). With a key all but
destination and number is enciphered (``cctalk_cipher``).

One wire carries both ways: the host reads back every byte it sends. The decoder takes off exactly that echo and says
so when it differs. Nothing marks the start of a frame: after a bad one everything is dropped until the line was quiet
(``gap``; 50 ms by the specification), as no later byte could be placed with certainty.
"""

from __future__ import annotations

from binascii import crc_hqx
from dataclasses import dataclass
from enum import Enum, IntEnum

from devices.errors import ProtocolError
from devices.wire.cctalk_cipher import CipherKey, decipher, encipher

HOST, VALIDATOR = 1, 40
OVERHEAD = 5
MAX_DATA = 255
MAX_FRAME = MAX_DATA + OVERHEAD
EVENT_BYTES, BILL_ID_BYTES, SCALING_BYTES, SERIAL_BYTES = 11, 7, 3, 3
KEPT_EVENTS = 5
TICKET = 255
"""The bill type that stands for a barcode ticket (specification, part 3, appendix 16)."""

RETURN_BILL, STACK_BILL, EXTEND_ESCROW = b"\x00", b"\x01", b"\xff"
ESCROW_EMPTY, ROUTE_FAILED = 254, 255
INHIBITED, NORMAL = b"\x00", b"\x01"
MODE_STACKER, MODE_ESCROW = 0x01, 0x02
ALL_BILLS = b"\xff\xff"
BILL_TYPES = 16


class Check(Enum):
    """The two check variants; a validator speaks one of them."""

    SIMPLE = "simple"
    CRC16 = "crc16"


class Header(IntEnum):
    """What a host may ask of a validator, and the three answers."""

    ANSWER = 0
    RESET = 1
    COMMS_REVISION = 4
    NAK = 5
    BUSY = 6
    BARCODE = 129
    STORE_CODE = 136
    CHANGE_CODE = 137
    CURRENCY_REVISION = 145
    STACKER_CYCLE = 147
    READ_MODE = 152
    MODE = 153
    ROUTE = 154
    BILL_POSITION = 155
    SCALING = 156
    BILL_ID = 157
    EVENTS = 159
    BUILD = 192
    ROM_CHECKSUM = 197
    READ_MASTER_INHIBIT = 227
    MASTER_INHIBIT = 228
    READ_INHIBITS = 230
    INHIBITS = 231
    SELF_CHECK = 232
    SOFTWARE = 241
    SERIAL = 242
    PRODUCT = 244
    CATEGORY = 245
    MAKER = 246
    POLLING_PRIORITY = 249
    SIMPLE_POLL = 254


class EventCode(IntEnum):
    """The second byte of an event whose first byte is 0."""

    MASTER_INHIBIT = 0
    RETURNED = 1
    INVALID_VALIDATION = 2
    INVALID_TRANSPORT = 3
    INHIBITED_SERIAL = 4
    INHIBITED_SWITCH = 5
    JAM_UNSAFE = 6
    JAM_IN_STACKER = 7
    PULLED_BACKWARDS = 8
    TAMPER = 9
    STACKER_OK = 10
    STACKER_REMOVED = 11
    STACKER_INSERTED = 12
    STACKER_FAULTY = 13
    STACKER_FULL = 14
    STACKER_JAMMED = 15
    JAM_SAFE = 16
    OPTO_FRAUD = 17
    STRING_FRAUD = 18
    ANTI_STRING_FAULTY = 19
    BARCODE_READ = 20
    UNKNOWN_TYPE_STACKED = 21


WORDS = {
    EventCode.MASTER_INHIBIT: "master inhibit active",
    EventCode.RETURNED: "bill returned from escrow",
    EventCode.INVALID_VALIDATION: "invalid bill (validation)",
    EventCode.INVALID_TRANSPORT: "invalid bill (transport)",
    EventCode.INHIBITED_SERIAL: "inhibited bill (serial)",
    EventCode.INHIBITED_SWITCH: "inhibited bill (switch)",
    EventCode.JAM_UNSAFE: "bill jammed (unsafe)",
    EventCode.JAM_IN_STACKER: "bill jammed in stacker",
    EventCode.PULLED_BACKWARDS: "bill pulled backwards",
    EventCode.TAMPER: "bill tamper",
    EventCode.STACKER_OK: "stacker ok",
    EventCode.STACKER_REMOVED: "stacker removed",
    EventCode.STACKER_INSERTED: "stacker inserted",
    EventCode.STACKER_FAULTY: "stacker faulty",
    EventCode.STACKER_FULL: "stacker full",
    EventCode.STACKER_JAMMED: "stacker jammed",
    EventCode.JAM_SAFE: "bill jammed (safe)",
    EventCode.OPTO_FRAUD: "opto fraud",
    EventCode.STRING_FRAUD: "string fraud",
    EventCode.ANTI_STRING_FAULTY: "anti-string mechanism faulty",
    EventCode.BARCODE_READ: "barcode read",
    EventCode.UNKNOWN_TYPE_STACKED: "unknown bill type stacked",
}
CURRENCIES = {"EU": "EUR", "CN": "CNY", "US": "USD", "GB": "GBP", "HK": "HKD", "CA": "CAD", "CH": "CHF"}
"""Country of a bill id → ISO 4217, all with hundredths. "EU" is seen in the specification's transcript; the others
follow ISO 3166 and are not confirmed by a capture (flag R)."""


class Message:
    """Base of what is heard on the line."""


@dataclass(frozen=True)
class Frame(Message):
    """One whole frame. ``source`` is 0 in a CRC frame, which names none."""

    destination: int
    source: int
    header: int
    data: bytes

    @property
    def is_ack(self) -> bool:
        return self.header == Header.ANSWER and not self.data


@dataclass(frozen=True)
class Echo(Message):
    """The host's own frame came back whole, as it must on one wire."""


@dataclass(frozen=True)
class BusFault(Message):
    """What came back is not what was sent: a collision, a bad cable, or a line without echo."""

    sent: bytes
    heard: bytes


@dataclass(frozen=True)
class BadFrame(Message):
    """Bytes that are no good frame, and why: "check", "address", "gap"."""

    reason: str
    data: bytes


@dataclass(frozen=True)
class BillEvent:
    """One event: ``first`` 1–255 is a bill type (``second`` 0 credited, 1 in escrow), 0 a state by ``EventCode``."""

    first: int
    second: int

    @property
    def is_escrow(self) -> bool:
        return self.first > 0 and self.second == 1

    @property
    def is_credit(self) -> bool:
        return self.first > 0 and self.second == 0

    @property
    def code(self) -> EventCode | None:
        """The state this event tells, or None for a bill's event and for what the table does not know."""
        if self.first or self.second not in set(EventCode):
            return None
        return EventCode(self.second)

    @property
    def words(self) -> str:
        """In the protocol's own words; an unknown pair is said to be unknown."""
        if self.is_escrow or self.is_credit:
            return f"type{self.first} {'escrow' if self.is_escrow else 'credit'}"
        return WORDS[self.code] if self.code is not None else f"unknown event {self.first} {self.second}"


@dataclass(frozen=True)
class EventLog:
    """The validator's last five events, newest first. Counter 0 stands after power-up or reset only."""

    counter: int
    events: tuple[BillEvent, ...]


@dataclass(frozen=True)
class News:
    """What happened since the counter last seen, oldest first. ``lost`` events fell out of the log unseen."""

    events: tuple[BillEvent, ...]
    lost: int
    restarted: bool


@dataclass(frozen=True)
class BillId:
    """One entry of the bill table."""

    country: str
    value: int
    issue: str


@dataclass(frozen=True)
class Scaling:
    """A bill's value times ``factor`` is in units of 10 to the minus ``decimals``."""

    factor: int
    decimals: int

    def minor(self, value: int) -> int:
        """In hundredths; 0 when that is no whole number."""
        hundredths, rest = divmod(value * self.factor * 100, 10**self.decimals)
        return 0 if rest else hundredths


def simple_check(covered: bytes) -> int:
    """The byte that makes the sum of all bytes zero."""
    return -sum(covered) & 0xFF


def crc16(covered: bytes) -> int:
    """CRC-CCITT, polynomial 1021, init 0, not reflected."""
    return crc_hqx(covered, 0)


@dataclass(frozen=True)
class Codec:
    """How frames of one validator are made and read."""

    check: Check = Check.SIMPLE
    key: CipherKey | None = None

    def __post_init__(self) -> None:
        if self.key is not None and self.check is not Check.CRC16:
            raise ProtocolError("only CRC frames are enciphered")

    def encode(self, destination: int, source: int, header: int, data: bytes = b"") -> bytes:
        """A whole frame."""
        if len(data) > MAX_DATA or not all(0 <= one <= 255 for one in (destination, source, header)):
            raise ProtocolError("addresses and header are bytes, data at most 255")
        if self.check is Check.SIMPLE:
            covered = bytes([destination, len(data), source, header]) + data
            return covered + bytes([simple_check(covered)])
        clear = bytes([destination, len(data)])
        crc = crc16(clear + bytes([header]) + data)
        rest = bytes([crc & 0xFF, header]) + data + bytes([crc >> 8])
        return clear + (rest if self.key is None else encipher(rest, self.key))

    def request(self, header: int, data: bytes = b"") -> bytes:
        """The host's frame to the validator."""
        return self.encode(VALIDATOR, HOST, header, data)

    def clear(self, frame: bytes) -> bytes:
        """The frame as it is before enciphering."""
        return frame if self.key is None else frame[:2] + decipher(frame[2:], self.key)

    def decode(self, frame: bytes) -> Frame | BadFrame:
        """One frame of exactly its own length."""
        if len(frame) < OVERHEAD or len(frame) != frame[1] + OVERHEAD:
            return BadFrame("length", frame)
        clear = self.clear(frame)
        header, data = clear[3], clear[4:-1]
        if self.check is Check.SIMPLE:
            good = sum(clear) & 0xFF == 0
            return Frame(clear[0], clear[2], header, data) if good else BadFrame("check", frame)
        good = crc16(clear[:2] + clear[3:-1]) == clear[-1] << 8 | clear[2]
        return Frame(clear[0], 0, header, data) if good else BadFrame("check", frame)


class CctalkDecoder:
    """Feed it bytes as they come; tell it what was sent (``sent``) and when the line was quiet (``gap``)."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._buffer = bytearray()
        self._echo = b""
        self._deaf = False

    def sent(self, frame: bytes) -> None:
        """The host sends now: what was half heard before belongs to no answer, and the echo comes next."""
        self._buffer.clear()
        self._echo, self._deaf = frame, False

    def gap(self) -> BadFrame | None:
        """The line was quiet for 50 ms: a frame begun before is dropped, the next byte begins a new one."""
        half = bytes(self._buffer)
        self._buffer.clear()
        self._deaf = False
        return BadFrame("gap", half) if half else None

    def receive(self, data: bytes) -> tuple[Message, ...]:
        """Every message that is complete now, in order."""
        found: list[Message] = []
        if not self._deaf:
            self._buffer += data
        while True:
            message = self._echoed() if self._echo else self._framed()
            if message is None:
                return tuple(found)
            found.append(message)

    def _echoed(self) -> Message | None:
        for at, byte in enumerate(self._buffer):
            if at == len(self._echo):
                break
            if byte != self._echo[at]:
                fault = BusFault(self._echo, bytes(self._buffer[: at + 1]))
                self._stop()
                return fault
        if len(self._buffer) < len(self._echo):
            return None
        del self._buffer[: len(self._echo)]
        self._echo = b""
        return Echo()

    def _framed(self) -> Message | None:
        if len(self._buffer) < 2 or len(self._buffer) < self._buffer[1] + OVERHEAD:
            return None
        size = self._buffer[1] + OVERHEAD
        frame = bytes(self._buffer[:size])
        del self._buffer[:size]
        found = self._codec.decode(frame)
        if isinstance(found, BadFrame):
            self._stop()
            return found
        from_validator = self._codec.check is Check.CRC16 or found.source == VALIDATOR
        return found if found.destination == HOST and from_validator else BadFrame("address", frame)

    def _stop(self) -> None:
        self._buffer.clear()
        self._echo, self._deaf = b"", True


def read_events(data: bytes) -> EventLog:
    """Counter and five pairs."""
    if len(data) != EVENT_BYTES:
        raise ProtocolError("an event log is eleven bytes")
    return EventLog(data[0], tuple(BillEvent(data[at], data[at + 1]) for at in range(1, EVENT_BYTES, 2)))


def news(log: EventLog, seen: int) -> News:
    """The events behind counter ``seen``; counters run 1 to 255 and on to 1, and 0 comes with a restart only."""
    if log.counter == 0:
        return News((), 0, restarted=seen != 0)
    fresh = log.counter - seen if seen == 0 else (log.counter - seen) % 255
    kept = min(fresh, KEPT_EVENTS)
    return News(tuple(reversed(log.events[:kept])), fresh - kept, restarted=False)


def read_bill_id(data: bytes) -> BillId | None:
    """Country 2, value 4, issue 1, all characters; None for an unused type ("......." in the transcript)."""
    if len(data) != BILL_ID_BYTES:
        raise ProtocolError("a bill id is seven characters")
    text = data.decode("ascii", "replace")
    if not data[2:6].isdigit():
        return None
    return BillId(text[:2], int(text[2:6]), text[6])


def read_scaling(data: bytes) -> Scaling:
    """Factor low, factor high, decimals."""
    if len(data) != SCALING_BYTES:
        raise ProtocolError("a country scaling is three bytes")
    return Scaling(data[0] | data[1] << 8, data[2])
