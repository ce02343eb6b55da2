"""ITL SSP, host side. Sources: note-protocols §1.3; the SSP manual GA138 2.2.2 for layouts and its printed packets.

Frame: 7F · sequence bit and address · length of data · data · CRC-16/CMS over sequence through data, low byte
first. After the first byte every 7F is sent twice, length and CRC included; a lone 7F begins a new frame wherever
it stands. The CRC is taken before doubling. An answer carries the sequence bit and address of the command it
answers; its first data byte is a generic reply, and what follows depends on the command.

Two rules that a user of this module must keep: a command repeated with its old sequence bit is answered again and
not executed again; and a POLL with a new bit ACCEPTS the note that the answer before said is in escrow (GA138,
event Read).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from devices.errors import ProtocolError

STX = 0x7F
SEQUENCE = 0x80
SEALED = 0x7E
MAX_DATA = 255
OLDEST, PROTOCOL = 4, 6


class Command(IntEnum):
    """What the host may ask (kybarg/ssp commands.json, GA138)."""

    RESET = 0x01
    INHIBITS = 0x02
    BEZEL_LAMP_ON = 0x03
    BEZEL_LAMP_OFF = 0x04
    SETUP_REQUEST = 0x05
    HOST_PROTOCOL = 0x06
    POLL = 0x07
    REJECT = 0x08
    DISABLE = 0x09
    ENABLE = 0x0A
    SERIAL = 0x0C
    UNIT_DATA = 0x0D
    CHANNEL_VALUES = 0x0E
    CHANNEL_SECURITY = 0x0F
    CHANNEL_RETEACH = 0x10
    SYNC = 0x11
    LAST_REJECT = 0x17
    HOLD = 0x18
    FIRMWARE = 0x20
    DATASET = 0x21
    ALL_LEVELS = 0x22
    GET_BARCODE_CONFIGURATION = 0x23
    SET_BARCODE_CONFIGURATION = 0x24
    GET_BARCODE_INHIBIT = 0x25
    SET_BARCODE_INHIBIT = 0x26
    GET_BARCODE_DATA = 0x27
    PAYOUT_AMOUNT = 0x33
    SET_LEVEL = 0x34
    GET_LEVEL = 0x35
    PASS_THROUGH = 0x37
    HALT = 0x38
    SET_ROUTING = 0x3B
    GET_ROUTING = 0x3C
    FLOAT = 0x3D
    MINIMUM_PAYOUT = 0x3E
    EMPTY = 0x3F
    COIN_INHIBITS = 0x40
    NOTE_POSITIONS = 0x41
    PAYOUT_NOTE = 0x42
    STACK_NOTE = 0x43
    FLOAT_BY_DENOMINATION = 0x44
    SET_REPORTING_TYPE = 0x47
    PAYOUT_BY_DENOMINATION = 0x46
    SET_COIN_MECH_INHIBIT = 0x49
    SET_GENERATOR = 0x4A
    SET_MODULUS = 0x4B
    KEY_EXCHANGE = 0x4C
    BAUD_RATE = 0x4D
    BUILD_REVISION = 0x4F
    SET_HOPPER_OPTIONS = 0x50
    GET_HOPPER_OPTIONS = 0x51
    SMART_EMPTY = 0x52
    CASHBOX_PAYOUT_DATA = 0x53
    CONFIGURE_BEZEL = 0x54
    POLL_WITH_ACK = 0x56
    EVENT_ACK = 0x57
    GET_COUNTERS = 0x58
    RESET_COUNTERS = 0x59
    PAYOUT_OFF = 0x5B
    PAYOUT_ON = 0x5C
    SET_FIXED_KEY = 0x60
    RESET_FIXED_KEY = 0x61


class Reply(IntEnum):
    """First data byte of an answer."""

    OK = 0xF0
    UNKNOWN_COMMAND = 0xF2
    WRONG_PARAMETER_COUNT = 0xF3
    PARAMETER_OUT_OF_RANGE = 0xF4
    CANNOT_PROCESS = 0xF5
    SOFTWARE_ERROR = 0xF6
    FAIL = 0xF8
    KEY_NOT_SET = 0xFA


class Event(IntEnum):
    """What a POLL's answer may list."""

    JAM_RECOVERY = 0xB0
    ERROR_DURING_PAYOUT = 0xB1
    SMART_EMPTYING = 0xB3
    SMART_EMPTIED = 0xB4
    CHANNELS_OFF = 0xB5
    INITIALISING = 0xB6
    EMPTYING = 0xC2
    EMPTIED = 0xC3
    COIN_MECH_JAMMED = 0xC4
    COIN_MECH_RETURN_PRESSED = 0xC5
    PAYOUT_OUT_OF_SERVICE = 0xC6
    NOTE_FLOAT_REMOVED = 0xC7
    NOTE_FLOAT_ATTACHED = 0xC8
    TRANSFERRED_TO_STACKER = 0xC9
    PAID_INTO_STACKER_AT_POWER_UP = 0xCA
    PAID_INTO_STORE_AT_POWER_UP = 0xCB
    STACKING = 0xCC
    DISPENSED_AT_POWER_UP = 0xCD
    HELD_IN_BEZEL = 0xCE
    DEVICE_FULL = 0xCF
    BARCODE_ACKNOWLEDGE = 0xD1
    DISPENSED = 0xD2
    JAMMED = 0xD5
    HALTED = 0xD6
    FLOATING = 0xD7
    FLOATED = 0xD8
    TIME_OUT = 0xD9
    DISPENSING = 0xDA
    STORED_IN_PAYOUT = 0xDB
    INCOMPLETE_PAYOUT = 0xDC
    INCOMPLETE_FLOAT = 0xDD
    CASHBOX_PAID = 0xDE
    COIN_CREDIT = 0xDF
    NOTE_PATH_OPEN = 0xE0
    CLEARED_FROM_FRONT = 0xE1
    CLEARED_TO_CASHBOX = 0xE2
    CASHBOX_REMOVED = 0xE3
    CASHBOX_REPLACED = 0xE4
    BARCODE_VALIDATED = 0xE5
    FRAUD = 0xE6
    STACKER_FULL = 0xE7
    DISABLED = 0xE8
    UNSAFE_JAM = 0xE9
    SAFE_JAM = 0xEA
    STACKED = 0xEB
    REJECTED = 0xEC
    REJECTING = 0xED
    CREDIT = 0xEE
    READ = 0xEF
    SLAVE_RESET = 0xF1


WITH_CHANNEL = frozenset({
    Event.READ, Event.CREDIT, Event.FRAUD, Event.CLEARED_FROM_FRONT, Event.CLEARED_TO_CASHBOX,
})  # fmt: skip
_AMOUNTS = frozenset({
    Event.DISPENSING, Event.DISPENSED, Event.JAMMED, Event.HALTED, Event.FLOATING, Event.FLOATED, Event.TIME_OUT,
    Event.CASHBOX_PAID, Event.COIN_CREDIT, Event.SMART_EMPTYING, Event.SMART_EMPTIED,
})  # fmt: skip
_PAIRS = frozenset({Event.INCOMPLETE_PAYOUT, Event.INCOMPLETE_FLOAT})
_NOTE_FROM = {
    Event.TRANSFERRED_TO_STACKER: 6, Event.DISPENSED_AT_POWER_UP: 6, Event.HELD_IN_BEZEL: 8,
    Event.PAID_INTO_STACKER_AT_POWER_UP: 8, Event.PAID_INTO_STORE_AT_POWER_UP: 8,
}  # fmt: skip
"""Events that name value and country from that protocol version on, and nothing before it."""

REJECT_CODES = {
    0x00: "accepted", 0x01: "length", 0x02: "average", 0x03: "coastline", 0x04: "graph", 0x05: "buried",
    0x06: "channel inhibit", 0x07: "second note", 0x08: "by host", 0x09: "cross-channel", 0x0A: "rear sensor",
    0x0B: "too long", 0x0C: "disabled by host", 0x0D: "too slow", 0x0E: "strimming", 0x0F: "fraud channel (obsolete)",
    0x10: "no note", 0x11: "peak detect", 0x12: "twisted", 0x13: "escrow timeout", 0x14: "barcode",
    0x15: "did not reach the cam", 0x16: "slot 1", 0x17: "slot 2", 0x18: "lens", 0x19: "width", 0x1A: "short",
    0x1B: "payout", 0x1C: "double note", 0x1D: "cannot stack", 0x1F: "credit card",
}  # fmt: skip

UNIT_TYPES = {
    0x00: "banknote validator", 0x03: "SMART Hopper", 0x06: "SMART Payout", 0x07: "note float",
    0x09: "SMART Coin System",
}  # fmt: skip
_COIN_UNITS = (0x03, 0x09)


class Message:
    """Base of what arrives."""


@dataclass(frozen=True)
class Frame(Message):
    """One good frame. ``sequence`` is 0 or 1."""

    sequence: int
    address: int
    data: bytes


@dataclass(frozen=True)
class BadFrame(Message):
    """Bytes that are no good frame, and why."""

    reason: str
    data: bytes


@dataclass(frozen=True)
class PollEvent:
    """One event: ``event`` is None for a code no source lists (then nothing behind it can be read), ``channel`` is
    None where the event has none, ``data`` is what the event brings."""

    code: int
    event: Event | None
    data: bytes = b""

    @property
    def channel(self) -> int | None:
        return self.data[0] if self.event in WITH_CHANNEL and len(self.data) == 1 else None


@dataclass(frozen=True)
class Channel:
    """A kind of note the machine knows. ``minor`` is 0 when its multipliers do not tell the value."""

    country: str
    minor: int


@dataclass(frozen=True)
class Setup:
    """The answer to SETUP REQUEST; ``channels`` from channel 1."""

    unit_type: int
    firmware: str
    country: str
    protocol: int
    channels: tuple[Channel, ...]


def crc(data: bytes) -> int:
    """CRC-16/CMS: 0x8005 from FFFF, not reflected."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x8005 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def encode(sequence: int, data: bytes, address: int = 0) -> bytes:
    """A whole frame, its 7F bytes doubled."""
    if sequence not in (0, 1) or not 0 <= address <= 0x7F or not 1 <= len(data) <= MAX_DATA:
        raise ProtocolError("sequence 0 or 1, address below 128, 1 to 255 bytes of data")
    covered = bytes([sequence << 7 | address, len(data)]) + data
    body = covered + crc(covered).to_bytes(2, "little")
    return bytes([STX]) + body.replace(b"\x7f", b"\x7f\x7f")


def events(data: bytes, protocol: int = OLDEST) -> tuple[PollEvent, ...] | None:
    """Read what stands behind OK in a POLL's answer; None when an event's data are cut."""
    found: list[PollEvent] = []
    at = 0
    while at < len(data):
        code = data[at]
        event = Event(code) if code in Event._value2member_map_ else None
        if event is None:
            return (*found, PollEvent(code, None, data[at + 1 :]))
        size = _size(event, data[at + 1 :], protocol)
        if at + 1 + size > len(data):
            return None
        found.append(PollEvent(code, event, data[at + 1 : at + 1 + size]))
        at += 1 + size
    return tuple(found)


def _size(event: Event, rest: bytes, protocol: int) -> int:
    """How many bytes the event brings (kybarg/ssp parseData)."""
    count = rest[0] if rest else 0
    if event in WITH_CHANNEL:
        return 1
    if event in _AMOUNTS:
        return 1 + 7 * count if protocol >= 6 else 4
    if event in _PAIRS:
        return 1 + 11 * count if protocol >= 6 else 8
    if event in _NOTE_FROM:
        return 7 if protocol >= _NOTE_FROM[event] else 0
    if event is Event.ERROR_DURING_PAYOUT:
        return 2 + 7 * count if protocol >= 7 else 1
    return 0


def setup(data: bytes) -> Setup | None:
    """Read what stands behind OK in the answer to SETUP REQUEST; None when it is cut or a coin machine's."""
    if len(data) < 12 or data[0] in _COIN_UNITS:
        return None
    count = data[11]
    end = 16 + 2 * count
    if len(data) < end:
        return None
    values: list[int] = list(data[12 : 12 + count])
    whole = int.from_bytes(data[8:11], "big")
    real = int.from_bytes(data[12 + 2 * count : end - 1], "big")
    countries = [_text(data[5:8])] * count
    if data[end - 1] >= PROTOCOL:
        if len(data) < end + 7 * count:
            return None
        countries = [_text(data[at : at + 3]) for at in range(end, end + 3 * count, 3)]
        values, whole = list(struct.unpack_from(f"<{count}I", data, end + 3 * count)), 1
    channels = (
        Channel(country, _minor(value * whole, real))
        for country, value in zip(countries, values, strict=True)
    )
    return Setup(data[0], _text(data[1:5]), _text(data[5:8]), data[end - 1], tuple(channels))


def _minor(whole: int, real: int) -> int:
    """Value in minor units: the real multiplier is how many of them a unit has. One that is no such number (GA138
    prints 40 00 00 in its example) tells nothing, and nothing is guessed."""
    return whole * real if real in (1, 10, 100, 1000) else 0


def serial_number(data: bytes) -> int | None:
    """Read what stands behind OK in the answer to SERIAL: four bytes, big endian."""
    return int.from_bytes(data, "big") if len(data) == 4 else None


def _text(data: bytes) -> str:
    return data.decode("ascii", "replace").strip("\0 ")


class SspDecoder:
    """Feed it bytes as they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._inside = self._half = False

    def receive(self, data: bytes) -> tuple[Message, ...]:
        found: list[Message] = []
        junk = bytearray()
        for byte in data:
            if not self._inside and byte != STX:
                junk.append(byte)
            else:
                found += self._told(junk, "junk")
                found += self._byte(byte)
        return (*found, *self._told(junk, "junk"))

    def _byte(self, byte: int) -> list[Message]:
        """Inside a frame, or at its first byte."""
        if not self._inside:
            self._inside = True
            return []
        if byte == STX and not self._half:
            self._half = True
            return []
        broken: list[Message] = []
        if self._half and byte != STX:  # that 7F was alone: it began a new frame
            broken = self._told(self._buffer, "restart")
        self._half = False
        self._buffer.append(byte)
        return broken + self._whole()

    def _whole(self) -> list[Message]:
        if len(self._buffer) < 4 or len(self._buffer) < 4 + self._buffer[1]:
            return []
        body = bytes(self._buffer)
        self._buffer.clear()
        self._inside = False
        if len(body) == 4:
            return [BadFrame("length", body)]
        if crc(body[:-2]) != int.from_bytes(body[-2:], "little"):
            return [BadFrame("check", body)]
        return [Frame(body[0] >> 7, body[0] & 0x7F, body[2:-2])]

    @staticmethod
    def _told(data: bytearray, reason: str) -> list[Message]:
        """These bytes as a bad frame, if there are any; they are forgotten."""
        if not data:
            return []
        bad = BadFrame(reason, bytes(data))
        data.clear()
        return [bad]
