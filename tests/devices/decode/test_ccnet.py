"""Explaining CCNET: every published frame by its own name, every damaged one refused, meaning by direction and
request."""

from __future__ import annotations

import random

import pytest

from devices.decode.ccnet import explain
from tests.devices.decode.validator_frames import Frame, load, one_bit_turned

FRAMES = load("ccnet")
WRONG = load("ccnet", "wrong")
BY_NAME = {frame.name: frame.data for frame in FRAMES}
EVERY = 24
TOLD: dict[str, dict[str, object]] = {
    "dev REJECTING insertion 60": {"reason_code": "60", "reason": "insertion"},
    "dev REJECTING magnetic 61": {"reason": "magnetic", "meaning": "not authenticated; no proof of forgery"},
    "dev REJECTING UV 6D": {"reason": "UV", "meaning": "not authenticated; no proof of forgery"},
    "dev REJECTING inhibit 68": {"reason": "inhibit", "meaning": "turned away; says nothing about the note"},
    "dev ESCROW type 2": {"bill_type": 2},
    "dev BILL STACKED type 2": {"bill_type": 2},
    "dev BUSY 5": {"time": 5},
    "dev FAILURE 50 stack motor": {"failure_code": "50", "failure": "stack motor"},
    "host ENABLE all types, escrow all": {"types": list(range(EVERY)), "escrow_types": list(range(EVERY))},
    "host ENABLE all types, no escrow": {"types": list(range(EVERY)), "escrow_types": []},
    "host DISABLE all": {"types": [], "escrow_types": []},
    "host SET SECURITY 000000": {"high_security_types": []},
}


def wire(data: bytes, length: bytes = b"") -> bytes:
    """A frame by the published layout; the CRC through the table-free nibble form, not the module's bit form."""
    body = b"\x02\x03" + (length or bytes([len(data) + 5])) + data
    register = 0
    for byte in body:
        for nibble in (byte & 15, byte >> 4):
            register = register >> 4 ^ 0x1081 * ((register ^ nibble) & 15)
    return body + register.to_bytes(2, "little")


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_published_frame_is_explained(frame: Frame) -> None:
    (reading,) = explain(frame.data, frame.direction, b"")
    assert (reading.valid, reading.error, reading.direction) == (True, "", frame.direction)
    assert frame.name.split(maxsplit=1)[1].upper().startswith(reading.name)
    assert reading.fields["check"] == frame.data[-2:].hex(" ")
    assert (reading.fields["address"], reading.fields["peripheral"]) == (3, "validator")
    assert (reading.fields["length"], reading.fields["code"]) == (len(frame.data), f"{frame.data[3]:02x}")
    told = TOLD.get(frame.name, {})
    assert {name: reading.fields[name] for name in told} == told
    assert explain(frame.data, "", b"")[0].valid


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_one_turned_bit_is_refused(frame: Frame) -> None:
    for changed in one_bit_turned(frame.data):
        assert not any(reading.valid for reading in explain(changed, "", b"")), changed.hex(" ")


@pytest.mark.parametrize("frame", WRONG, ids=lambda frame: frame.name)
def test_what_other_programs_send_wrongly_is_refused_with_the_reason(frame: Frame) -> None:
    (reading,) = explain(frame.data, "host", b"")
    assert (reading.valid, reading.error) == (False, "check b5 c1, the CRC is 17 0c")


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("host RESET", {"host": "RESET", "device": "ILLEGAL COMMAND"}),
        ("host GET BILL TABLE", {"host": "GET BILL TABLE", "device": "CASSETTE FULL"}),
        ("dev ACK", {"host": "ACK", "device": "ACK"}),
        ("host POLL", {"host": "POLL"}),
        ("dev IDLING", {"device": "IDLING"}),
    ],
)
def test_without_a_direction_every_reading_is_given(name: str, names: dict[str, str]) -> None:
    found = explain(BY_NAME[name], "", b"")
    assert {reading.direction: reading.name for reading in found if reading.valid} == names
    assert [reading.valid for reading in found] == sorted((reading.valid for reading in found), reverse=True)


def asked(name: str, data: bytes) -> dict[str, object]:
    (reading,) = explain(wire(data), "device", BY_NAME[name])
    return {**reading.fields, "name": reading.name, "error": reading.error}


def test_an_answer_is_read_by_its_request() -> None:
    told = asked("host IDENTIFICATION", b"SM-RU1353      " + b"21K500000123" + bytes(range(7)))
    assert (told["name"], told["part_number"], told["serial_number"]) == (
        "IDENTIFICATION", "SM-RU1353", "21K500000123",
    )  # fmt: skip
    table = b"\x01CHN\x00" + b"\x05CHN\x01" + b"\x05CHN\x81" + bytes(105)
    told = asked("host GET BILL TABLE", table)
    assert told["bill_types"] == {0: "CHN 1.00", 1: "CHN 50.00", 2: "CHN 0.50"}
    assert asked("host GET STATUS", b"\x00\x00\x05\x80\x00\x00") | {
        "types": [0, 2],
        "high_security_types": [23],
    } == (asked("host GET STATUS", b"\x00\x00\x05\x80\x00\x00"))
    assert asked("host GET CRC32", b"\x01\x02\x03\x04")["data"] == "01 02 03 04"
    assert asked("host POLL", b"\x14")["answers"] == "POLL"
    assert asked("host GET STATUS", b"\x30")["name"] == "ILLEGAL COMMAND"
    (reading,) = explain(wire(b"abc"), "device", wire(b"\x60"))
    assert (reading.name, reading.fields["data"]) == ("REQUEST STATISTICS", "61 62 63")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("host IDENTIFICATION", b"short", "an identification has 27 bytes at least, not 5"),
        ("host GET BILL TABLE", b"short", "a bill table has 120 bytes, not 5"),
        ("host GET STATUS", b"short", "a status has 6 bytes, not 5"),
        ("host GET CRC32", b"short", "a CRC32 has 4 bytes, not 5"),
        ("host POLL", b"\x80", "the byte that this state adds is missing"),
        ("host POLL", b"\x55", "state 55 is not known"),
    ],
)
def test_a_whole_frame_with_no_good_answer_in_it_says_why(name: str, data: bytes, error: str) -> None:
    assert asked(name, data)["error"] == error


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "a frame begins with 02"),
        (b"\x03\x03", "a frame begins with 02"),
        (b"\x02\x03\x06", "cut: 3 bytes, the shortest frame has 6"),
        (BY_NAME["host POLL"] + b"\x00", "length 6, and here are 7 bytes"),
        (wire(b"\x34\xff"), "ENABLE has 6 bytes of data, not 1"),
        (wire(b"\x99"), "command 99 is not known"),
    ],
)
def test_what_is_no_command_says_why(data: bytes, error: str) -> None:
    assert [reading.error for reading in explain(data, "host", b"")] == [error]


@pytest.mark.parametrize("sub", [b"", b"\x01"])
def test_a_long_frame_has_its_length_behind_command_or_subcommand(sub: bytes) -> None:
    content = bytes(300)
    size = (3 + 1 + len(sub) + 2 + len(content) + 2).to_bytes(2, "big")
    frame = wire(b"\x50" + sub + size + content, length=b"\0")
    (reading,) = explain(frame, "host", b"")
    assert (reading.valid, reading.name, reading.fields["length"]) == (True, "DOWNLOAD", len(frame))
    assert not explain(frame + b"\0", "host", b"")[0].valid


def test_no_bytes_make_it_raise() -> None:
    dice = random.Random(1)
    for _ in range(2000):
        data = dice.randbytes(dice.randrange(12))
        body = dice.choice((data, wire(data) if data else b"", b"\x02" + data))
        explain(body, dice.choice(("host", "device", "")), dice.choice(FRAMES).data)
