"""Every command, state, event, reason and failure that the reference names is told by its name, from the right side.

The tables are typed from note-protocols §1.1 to §1.5; frames are made by ``checks``, which the program does not share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from devices.decode.reading import DEVICE, HOST, Reading
from devices.decode.table import NotExplained, explain
from tests.devices.decode import checks

CCNET_COMMANDS = {
    0x30: "reset", 0x31: "status", 0x33: "poll", 0x35: "stack", 0x36: "return", 0x37: "identification",
    0x38: "hold", 0x39: "barcode", 0x3A: "barcode", 0x3B: "cassette status", 0x3C: "dispense", 0x3D: "unload",
    0x3E: "extended identification", 0x40: "set cassette type", 0x41: "bill table", 0x50: "download",
    0x51: "crc32", 0x52: "module download", 0x54: "module ident", 0x60: "statistics", 0xF0: "diagnostics",
    0x00: "ack", 0xFF: "nak",
}  # fmt: skip
CCNET_STATES = {
    0x10: "power up", 0x11: "bill in", 0x12: "bill in stacker", 0x13: "initiali", 0x14: "idling",
    0x15: "accepting", 0x17: "stacking", 0x18: "returning", 0x19: "disabled", 0x1A: "holding",
    0x1D: "dispensing", 0x1E: "unloading", 0x21: "setting cassette", 0x25: "dispensed", 0x26: "unloaded",
    0x28: "invalid bill number", 0x29: "cassette type set", 0x30: "illegal command", 0x41: "cassette full",
    0x42: "cassette removed", 0x43: "validator jammed", 0x44: "cassette jammed", 0x45: "cheated", 0x46: "pause",
    0x00: "ack", 0xFF: "nak",
}  # fmt: skip
CCNET_WITH_A_BYTE = {
    0x1B: "busy", 0x80: "escrow", 0x81: "stacked", 0x82: "returned",
}  # fmt: skip
CCNET_REASONS = {
    0x60: "insertion", 0x61: "magnetic", 0x62: "left in head", 0x63: "multiplying", 0x64: "conveying",
    0x65: "identification", 0x66: "verification", 0x67: "optic", 0x68: "inhibit", 0x69: "capacity",
    0x6A: "operation", 0x6C: "length", 0x6D: "uv", 0x92: "unrecognised", 0x93: "barcode", 0x94: "barcode",
    0x95: "barcode",
}  # fmt: skip
CCNET_FAILURES = {
    0x50: "stack motor", 0x51: "speed", 0x52: "transport motor", 0x53: "aligning motor", 0x54: "cassette status",
    0x55: "optic", 0x56: "magnetic", 0x5F: "capacitance",
}  # fmt: skip
ID003_COMMANDS = {
    0x11: "status", 0x40: "reset", 0x41: "stack-1", 0x42: "stack-2", 0x43: "return", 0x44: "hold", 0x45: "wait",
    0x50: "ack", 0x80: "denom", 0x81: "security", 0x82: "mode", 0x83: "inhibit", 0x84: "direction",
    0x85: "optional", 0x86: "barcode", 0x87: "barcode inhibit", 0x88: "version", 0x89: "boot version",
    0x8A: "currency assign",
}  # fmt: skip
ID003_STATES = {
    0x11: "idl", 0x12: "accepting", 0x14: "stacking", 0x15: "vend valid", 0x16: "stacked", 0x18: "returning",
    0x19: "holding", 0x1A: "disabled", 0x1B: "initiali", 0x40: "power up", 0x41: "bill in acceptor",
    0x42: "bill in stacker", 0x43: "stacker full", 0x44: "stacker open", 0x45: "jam in acceptor",
    0x46: "jam in stacker", 0x47: "pause", 0x48: "cheated", 0x4A: "comm", 0x4B: "invalid command", 0x50: "ack",
}  # fmt: skip
ID003_REASONS = {
    0x71: "insertion", 0x72: "mag", 0x73: "left in head", 0x74: "compensation", 0x75: "conveying",
    0x76: "denomination", 0x77: "photo pattern", 0x78: "photo level", 0x79: "inhibit", 0x7B: "operation",
    0x7C: "left in stacker", 0x7D: "length", 0x7E: "photo", 0x98: "multiple ticket", 0x9B: "backside",
}  # fmt: skip
ID003_FAILURES = {
    0xA2: "stack motor", 0xA5: "motor speed", 0xA6: "transport", 0xA7: "aligning", 0xAB: "cash box",
    0xAC: "optical", 0xAD: "magnetic", 0xAF: "head", 0xB0: "rom", 0xB1: "rom", 0xB2: "rom", 0xB3: "rom",
}  # fmt: skip
SSP_COMMANDS = {
    0x01: "reset", 0x03: "bezel", 0x04: "bezel", 0x05: "setup", 0x07: "poll", 0x08: "reject", 0x09: "disable",
    0x0A: "enable", 0x0C: "serial", 0x0D: "unit data", 0x0E: "channel values", 0x0F: "channel security",
    0x10: "reteach", 0x11: "sync", 0x17: "last reject", 0x18: "hold", 0x20: "firmware", 0x21: "dataset",
    0x22: "all levels", 0x23: "barcode", 0x24: "barcode", 0x25: "barcode", 0x26: "barcode", 0x27: "barcode",
    0x33: "payout amount", 0x34: "level", 0x35: "level", 0x37: "pass through", 0x38: "halt", 0x3B: "routing",
    0x3C: "routing", 0x3D: "float", 0x3E: "minimum payout", 0x3F: "empty", 0x40: "coin", 0x41: "note positions",
    0x42: "payout note", 0x43: "stack note", 0x44: "by denomination", 0x45: "by denomination",
    0x46: "by denomination", 0x47: "reporting type", 0x4F: "build", 0x50: "hopper", 0x51: "hopper",
    0x54: "bezel", 0x56: "poll with ack", 0x57: "event ack", 0x58: "counters", 0x59: "counters",
    0x5B: "payout off", 0x5C: "payout on", 0x61: "reset fixed key",
}  # fmt: skip
SSP_REPLIES = {
    0xF0: "ok", 0xF1: "reset", 0xF2: "unknown command", 0xF3: "parameter count", 0xF4: "out of range",
    0xF5: "cannot process", 0xF6: "software error", 0xF8: "fail", 0xFA: "key not set",
}  # fmt: skip
SSP_EVENTS = {
    0xF1: "reset", 0xED: "rejecting", 0xEC: "rejected", 0xEB: "stacked", 0xCC: "stacking", 0xEA: "safe jam",
    0xE9: "unsafe jam", 0xE8: "disabled", 0xE7: "stacker full", 0xE5: "barcode", 0xE4: "cashbox",
    0xE3: "cashbox removed", 0xE0: "path open", 0xB6: "initialising", 0xB5: "channels off",
    0xDB: "stored in payout", 0xCF: "full", 0xCE: "held in bezel",
}  # fmt: skip
SSP_EVENTS_OF_A_CHANNEL = {
    0xEF: "read", 0xEE: "credit", 0xE6: "fraud", 0xE2: "cleared to cashbox", 0xE1: "cleared from front",
}  # fmt: skip
SSP_REASONS = dict(enumerate((
    "accepted", "length", "average", "coastline", "graph", "buried", "channel inhibit", "second note", "by host",
    "cross-channel", "rear sensor", "too long", "disabled", "too slow", "strimming", "fraud channel", "no",
    "peak detect", "twisted", "escrow timeout", "barcode", "cam", "slot", "slot", "lens", "width", "short",
    "payout", "double", "cannot stack",
)))  # fmt: skip
CCTALK_REQUESTS = {
    254: "simple poll", 246: "maker", 245: "equipment category", 244: "product code", 242: "serial",
    241: "software", 192: "build", 4: "comms revision", 197: "rom checksum", 152: "operating mode",
    230: "inhibit", 227: "master inhibit", 159: "events", 129: "barcode", 147: "stacker cycle",
    137: "encryption code", 136: "code", 232: "self check", 249: "polling priority", 1: "reset",
}  # fmt: skip
CCTALK_REQUESTS_WITH_DATA = {
    145: (b"EU", "currency revision"), 157: (b"\3", "bill id 3"), 156: (b"EU", "country scaling eu"),
    155: (b"EU", "bill position"), 153: (b"\3", "operating mode"), 231: (b"\xff\xff", "inhibit"),
    228: (b"\1", "master inhibit normal"), 154: (b"\1", "stack"),
}  # fmt: skip
CCTALK_EVENTS = dict(enumerate((
    "master inhibit", "returned from escrow", "validation", "transport", "serial", "switch", "unsafe",
    "jammed in stacker", "pulled backwards", "tamper", "stacker ok", "removed", "inserted", "faulty", "full",
    "jammed", "safe", "opto fraud", "string fraud", "anti-string", "barcode read", "unknown bill type stacked",
)))  # fmt: skip
EBDS_BITS = (
    ("idling", "accepting", "escrowed", "stacking", "stacked", "returning", "returned"),
    ("cheated", "rejected", "jammed", "cassette full", "", "paused", "calibration"),
    ("power up", "invalid command", "failure", "", "", "", "transport open"),
    ("stalled", "flash", "pre-stack", "barcode", "capabilities", "disabled"),
)
EBDS_AUXILIARY = {
    0x00: "crc", 0x04: "type", 0x05: "serial", 0x06: "boot part", 0x07: "application part", 0x08: "variant name",
    0x09: "variant part", 0x0D: "capabilities", 0x0E: "application id", 0x0F: "variant id",
}  # fmt: skip
EBDS_TYPES = {3: "bookmark", 4: "calibrate", 5: "flash"}

Case = tuple[str, str, bytes, str, bytes]


def _cases() -> list[Case]:
    """Protocol, side, frame, the word it must be told by, the request."""
    rows: list[Case] = []

    def add(protocol: str, side: str, frames: Mapping[bytes, str], request: bytes = b"") -> None:
        rows.extend((protocol, side, frame, word, request) for frame, word in frames.items())

    def each(make: Callable[[bytes], bytes], table: Mapping[int, str], *parts: bytes) -> dict[bytes, str]:
        before, behind = parts or (b"", b"")
        return {make(before + bytes([code]) + behind): word for code, word in table.items()}

    add("ccnet", HOST, each(checks.ccnet, CCNET_COMMANDS))
    add("ccnet", HOST, {checks.ccnet(b"\x32\0\0\1"): "security", checks.ccnet(b"\x34" + bytes(6)): "disable"})
    add("ccnet", DEVICE, each(checks.ccnet, CCNET_STATES))
    add("ccnet", DEVICE, each(checks.ccnet, CCNET_WITH_A_BYTE, b"", b"\x17"))
    add("ccnet", DEVICE, each(checks.ccnet, CCNET_REASONS, b"\x1c", b""))
    add("ccnet", DEVICE, each(checks.ccnet, CCNET_FAILURES, b"\x47", b""))
    add("id003", HOST, each(checks.id003, ID003_COMMANDS))
    add("id003", DEVICE, each(checks.id003, ID003_STATES))
    add(
        "id003",
        DEVICE,
        each(checks.id003, {code: f"code {code:x}" for code in range(0x61, 0x69)}, b"\x13", b""),
    )
    add("id003", DEVICE, {checks.id003(b"\x13\x6f" + b"123456789012345678"): "ticket"})
    add("id003", DEVICE, each(checks.id003, ID003_REASONS, b"\x17", b""))
    add("id003", DEVICE, each(checks.id003, ID003_FAILURES, b"\x49", b""))
    add("ssp", HOST, each(checks.ssp, SSP_COMMANDS))
    add("ssp", DEVICE, each(checks.ssp, SSP_REPLIES))
    add("ssp", DEVICE, each(checks.ssp, SSP_EVENTS, b"\xf0", b""))
    add("ssp", DEVICE, each(checks.ssp, SSP_EVENTS_OF_A_CHANNEL, b"\xf0", b"\2"))
    add("ssp", DEVICE, each(checks.ssp, SSP_REASONS, b"\xf0", b""), checks.ssp(b"\x17"))
    for name, make in (("cctalk", checks.cctalk), ("cctalk-crc16", checks.cctalk_crc16)):
        add(name, HOST, {make(header): word for header, word in CCTALK_REQUESTS.items()})
        add(name, HOST, {make(header, data): word
                         for header, (data, word) in CCTALK_REQUESTS_WITH_DATA.items()})  # fmt: skip
    events = {bytes([1, 0, code]) + bytes(8): word for code, word in CCTALK_EVENTS.items()}
    add("cctalk", DEVICE, {checks.cctalk(0, data, 1, 40): word for data, word in events.items()})
    add("cctalk-crc16", DEVICE, {checks.cctalk_crc16(0, data, 1): word for data, word in events.items()})
    bits = {(at, bit): word for at, words in enumerate(EBDS_BITS) for bit, word in enumerate(words) if word}
    add("ebds", DEVICE, {checks.ebds(2, bytes(at) + bytes([1 << bit]) + bytes(5 - at)): word
                         for (at, bit), word in bits.items()})  # fmt: skip
    add("ebds", HOST, {checks.ebds(6, bytes([0, 0, code])): word for code, word in EBDS_AUXILIARY.items()})
    for side in (HOST, DEVICE):
        add("ebds", side, {checks.ebds(kind, b"\0\0\0"): word for kind, word in EBDS_TYPES.items()})
    return rows


CASES = _cases()


def said(protocol: str, frame: bytes, side: str, request: bytes = b"") -> Reading:
    """The first reading."""
    readings = explain(protocol, frame, side, request)
    assert not isinstance(readings, NotExplained)
    return readings[0]


def test_the_tables_are_whole() -> None:
    """As many codes as the reference lists."""
    assert len(CASES) > 400


@pytest.mark.parametrize(
    ("protocol", "side", "frame", "word", "request_frame"),
    CASES,
    ids=[f"{protocol} {side} {frame.hex()} {word}" for protocol, side, frame, word, _ in CASES],
)
def test_it_is_told_by_its_name(
    protocol: str, side: str, frame: bytes, word: str, request_frame: bytes
) -> None:
    reading = said(protocol, frame, side, request_frame)
    assert reading.valid, reading.error
    assert reading.direction == side
    told = f"{reading.name} {dict(reading.fields)}".lower()
    assert word in told
    assert "'unknown'" not in told
    assert "not known" not in told
    either = explain(protocol, frame, "", request_frame)
    assert not isinstance(either, NotExplained)
    assert reading in [one for one in either if one.valid]


@pytest.mark.parametrize(
    ("protocol", "frame", "size"),
    [
        ("ccnet", checks.ccnet(b"\x14"), 2), ("id003", checks.id003(b"\x11"), 2), ("ssp", checks.ssp(b"\xf0"), 2),
        ("ebds", checks.ebds(2, b"\1\x10\0\0\1\2"), 1), ("cctalk", checks.cctalk(0, b"", 1, 40), 1),
    ],
)  # fmt: skip
def test_the_check_value_is_told(protocol: str, frame: bytes, size: int) -> None:
    assert said(protocol, frame, DEVICE).fields["check_value"] == int.from_bytes(frame[-size:], "little")


def test_a_frame_longer_than_255_carries_its_length_twice() -> None:
    """CCNET: LNG 00, the true length behind the command or subcommand, two bytes more (§1.1, TerminalClient)."""
    for head in (b"\x50", b"\x50\x07"):
        body = b"\x02\x03\0" + head + (len(head) + 307).to_bytes(2, "big") + bytes(300)
        frame = body + checks.kermit(body)
        reading = said("ccnet", frame, HOST)
        assert (reading.name, reading.fields["length"]) == ("DOWNLOAD", len(frame))
        assert not said("ccnet", frame[:-1], HOST).valid


@pytest.mark.parametrize("data", [b"\xf0\x7f\x7f", b"\x7f", b"\x33\x7f\0\x7f\x7f\x7f\0"])
def test_every_7f_inside_an_ssp_frame_is_doubled_and_told_once(data: bytes) -> None:
    """Length and CRC among them: a frame whose length or CRC holds 7F is in the second half."""
    for padding in range(0, 130):
        frame = checks.ssp(data + bytes(padding))
        reading = said("ssp", frame, DEVICE if data[0] != 0x33 else HOST)
        assert reading.valid, frame.hex(" ")
        assert reading.fields["length"] == len(data) + padding
    assert not said("ssp", b"\x7f" + checks.ssp(data)[1:].replace(b"\x7f\x7f", b"\x7f"), "").valid


def test_what_ebds_adds_by_subtype_is_named() -> None:
    """Type 7 of both sides; names of decapod-atm/ebds."""
    note_inhibits = checks.ebds(7, b"\x03\0\x1c\x10" + b"\x7f" * 8)
    assert said("ebds", note_inhibits, HOST).name == "EXT NOTE INHIBITS"
    value_table = checks.ebds(7, b"\x06\1\x10\0\0\1\2" + b"\x01CNY100+00" * 2)
    reading = said("ebds", value_table, DEVICE)
    assert (reading.name, reading.fields["state"]) == ("EXT VALUE TABLE", "IDLING")
    retrieved = checks.ebds(7, b"\x0b\1\x10\0\0\1\2")
    assert said("ebds", retrieved, DEVICE).name == "EXT NOTE RETRIEVED"
    assert not said("ebds", checks.ebds(7, b"\x02\1\x10\0\0\1\2"), DEVICE).valid
