"""Explaining ID-003: every published frame by its own words, every turned bit refused, both readings of one frame."""

from __future__ import annotations

import random
from typing import Any

import pytest

from devices.decode.id003 import explain
from devices.decode.reading import DEVICE, HOST
from devices.wire import id003
from tests.devices.wire.validators import ID003, one_bit_turned

DIRECTIONS = ("", HOST, DEVICE)


def split(name: str) -> tuple[str, str]:
    """Direction and the protocol's own words."""
    side, _, words = name.partition(" ")
    return {"host": HOST, "dev": DEVICE}[side], words


@pytest.mark.parametrize("name", sorted(ID003))
def test_a_published_frame_is_explained(name: str) -> None:
    frame, (direction, words) = ID003[name], split(name)
    (reading,) = explain(frame, direction, b"")
    assert (reading.valid, reading.name, reading.direction, reading.error) == (True, words, direction, "")
    assert (reading.fields["length"], reading.fields["command"]) == (len(frame), f"{frame[2]:02X}")
    assert reading.fields["check"] == f"{frame[-1]:02X}{frame[-2]:02X}"
    either = explain(frame, "", b"")
    assert either[0].valid
    assert reading in either


@pytest.mark.parametrize("name", sorted(ID003))
def test_one_bit_turned_is_refused_in_every_direction(name: str) -> None:
    for changed in one_bit_turned(ID003[name]):
        for direction in DIRECTIONS:
            for reading in explain(changed, direction, b""):
                assert not reading.valid
                assert reading.error


def test_the_same_bytes_mean_two_things() -> None:
    assert [(one.direction, one.name) for one in explain(ID003["host RESET"])] == [
        (HOST, "RESET"),
        (DEVICE, "POWER UP"),
    ]
    valid, other = explain(ID003["dev VEND VALID"])
    assert (valid.direction, valid.valid, other.direction, other.valid) == (DEVICE, True, HOST, False)


@pytest.mark.parametrize(
    ("direction", "code", "data", "name", "fields"),
    [
        (HOST, 0xC0, "82 00", "DENOM DISABLE 82 00", {"disabled": ["62", "68"]}),
        (HOST, 0xC2, "01", "COMM MODE interrupt", {"mode": "interrupt"}),
        (HOST, 0xC4, "05", "DIRECTION 05", {"disabled_directions": "05"}),
        (HOST, 0xC5, "22 00", "OPTIONAL 22 00", {"functions": ["power recovery", "near full"]}),
        (HOST, 0x83, "", "INHIBIT REQ", {}),
        (DEVICE, 0x83, "01", "INHIBIT on", {"inhibited": True}),
        (DEVICE, 0x13, "6F 31 32", "ESCROW ticket", {"ticket": "12"}),
        (DEVICE, 0x15, "61", "VEND VALID code 61", {"escrow_code": "61"}),
        (DEVICE, 0x17, "7E", "REJECTING 7E second photo pattern", {"reason": "second photo pattern"}),
        (DEVICE, 0x49, "AF", "FAILURE AF", {"failure": "head", "failure_code": "AF"}),
        (DEVICE, 0x88, "54 44", "VERSION", {"text": "TD"}),
        (DEVICE, 0x50, "", "ACK", {}),
        (
            DEVICE, 0x8A, "66 2D 01 02 67 00 00 00", "CURRENCY ASSIGN",
            {"denominations": [{"code": "66", "country": 0x2D, "currency": "CNY", "value": 100}]},
        ),
    ],
)  # fmt: skip
def test_data_are_told_in_words(
    direction: str, code: int, data: str, name: str, fields: dict[str, Any]
) -> None:
    (reading,) = explain(id003.encode(code, bytes.fromhex(data)), direction, b"")
    assert (reading.valid, reading.name) == (True, name)
    assert fields.items() <= reading.fields.items()


def test_a_setting_answered_otherwise_is_no_echo() -> None:
    on, off = ID003["host INHIBIT on"], ID003["host INHIBIT off (accept)"]
    assert explain(on, DEVICE, on)[0].fields["echoes_request"] is True
    assert explain(on, DEVICE, off)[0].fields["echoes_request"] is False
    assert "echoes_request" not in explain(on, DEVICE, b"\x00")[0].fields


def test_an_enquiry_is_the_validators() -> None:
    (reading,) = explain(b"\x05", "", b"")
    assert (reading.direction, reading.valid, reading.name) == (DEVICE, True, "ENQ")
    assert not explain(b"\x05", HOST, b"")[0].valid


@pytest.mark.parametrize(
    ("direction", "frame", "error"),
    [
        (DEVICE, id003.encode(0x4C), "unknown status 4C"),
        (HOST, id003.encode(0x4C), "unknown command 4C"),
        (DEVICE, id003.encode(0x17, b"\x7a"), "unknown reason code 7A"),
        (DEVICE, id003.encode(0x49), "a failure code is one byte"),
        (DEVICE, id003.encode(0x13, b"\x60"), "unknown escrow code 60"),
        (DEVICE, id003.encode(0x13), "an escrow code is one byte"),
        (DEVICE, id003.encode(0x11, b"\x00"), "data in a message that has none"),
        (HOST, id003.encode(0xC0, b"\x00"), "1 data bytes where DENOM DISABLE has 2"),
        (DEVICE, bytes.fromhex("FC 05 11 56 27"), "check: 2756 where 5627 is right"),
        (DEVICE, bytes.fromhex("02 03 06 30 41 B3"), "no FC at the start"),
        (DEVICE, ID003["host RESET"] * 2, "length: 10 bytes, its length byte says 5"),
        (DEVICE, b"\xfc", "length: 1 bytes"),
        ("", b"", "no FC at the start"),
    ],
)
def test_what_cannot_be_is_named(direction: str, frame: bytes, error: str) -> None:
    (reading,) = explain(frame, direction, b"")
    assert (reading.valid, reading.error) == (False, error)


def test_no_bytes_raise() -> None:
    dice = random.Random(3)
    for turn in range(4000):
        data = dice.randbytes(dice.randrange(16))
        good = id003.encode(turn % 256, data)
        for frame in (data, good):
            assert explain(frame, dice.choice(DIRECTIONS), dice.choice([b"", good, data]))
