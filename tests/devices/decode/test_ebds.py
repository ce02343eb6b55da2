"""The detector's frames explained: hosts' and devices', extended ones, any wrong bit refused, the parity bit named."""

from __future__ import annotations

import random

import pytest

from devices.decode.ebds import explain
from devices.decode.reading import DEVICE, HOST
from devices.wire import ebds
from tests.devices.wire.frames import DETECTOR, read_ebds
from tests.devices.wire.test_ebds import note, wire
from tests.devices.wire.test_hostile_bytes import one_bit_turned

NAMES = {
    "host OMNIBUS 7F 00 00 ack0": "OMNIBUS", "host OMNIBUS 7F 00 00 ack1": "OMNIBUS",
    "host OMNIBUS escrow mode ack0": "OMNIBUS", "host OMNIBUS STACK ack1": "OMNIBUS STACK",
    "host OMNIBUS RETURN ack1": "OMNIBUS RETURN", "host OMNIBUS escrow+ext-note ack0": "OMNIBUS",
    "host OMNIBUS all disabled ack0": "OMNIBUS ALL DISABLED", "host AUX serial number ack0": "AUX SERIAL NUMBER",
    "host AUX variant name ack0": "AUX VARIANT NAME", "host AUX soft reset ack0": "AUX SOFT RESET",
    "host AUX application id ack0": "AUX APPLICATION ID", "host EXT note query idx1 ack0": "EXT NOTE QUERY",
    "dev all zero ack0": "NO STATE", "dev idle+cassette ack0": "IDLING", "dev idle+cassette ack1": "IDLING",
    "dev accepting ack1": "ACCEPTING", "dev escrowed no value ack1": "ESCROWED", "dev stacking ack1": "STACKING",
    "dev returning ack1": "RETURNING", "dev jam ack1": "JAMMED", "dev cassette full ack1": "CASSETTE FULL",
    "dev failure ack1": "FAILURE",
}  # fmt: skip
BARCODE = (
    bytes.fromhex("02 28 71 01 01 10 00 00 01 02") + b"0123456789ABCDEFGHIJKLMNOPQR" + bytes.fromhex("03 58")
)
"""Literal in PyramidTechnologies' RS-232 payloads (note-protocols §1.4)."""


def named(name: str) -> str:
    """The expected name; rows by denomination differ in the value only."""
    if name.startswith("dev stacked+idle"):
        return "IDLING+STACKED"
    return "ESCROWED" if name.startswith("dev escrow denom") else NAMES[name]


@pytest.mark.parametrize("name", DETECTOR)
def test_a_published_frame_is_explained(name: str) -> None:
    direction = HOST if name.startswith("host ") else DEVICE
    for asked in (direction, ""):
        reading = explain(DETECTOR[name], asked, b"")[0]
        assert (reading.valid, reading.direction, reading.name) == (True, direction, named(name))
        assert reading.fields["ack"] == int(name[-1])
        assert reading.fields["check"] == f"{DETECTOR[name][-1]:02x}"
    if "denom" in name:
        assert reading.fields["value_index"] == int(name.split("denom ")[1][0])


@pytest.mark.parametrize("name", DETECTOR)
def test_what_one_side_says_the_other_does_not(name: str) -> None:
    direction = DEVICE if name.startswith("host ") else HOST
    (reading,) = explain(DETECTOR[name], direction, b"")
    assert not reading.valid
    assert reading.error


@pytest.mark.parametrize("frame", [*DETECTOR.values(), note(), BARCODE, wire(6, b"TD-0001".ljust(20))])
def test_any_wrong_bit_is_refused_with_a_reason(frame: bytes) -> None:
    for changed in one_bit_turned(frame):
        assert all(not one.valid and one.error for one in explain(changed, "", b"")), changed.hex()


def test_a_parity_bit_left_in_is_named() -> None:
    frame = bytearray(DETECTOR["dev idle+cassette ack0"])
    frame[1] |= 0x80
    (reading,) = explain(bytes(frame), DEVICE, b"")
    assert "bit 7 is set in byte 1" in reading.error


def test_a_note_in_full() -> None:
    (reading,) = explain(note(classification=2, value=b"005+01"), DEVICE, b"")
    assert (reading.valid, reading.name) == (True, "EXT NOTE")
    expected = {
        "currency": "CNY", "value": "005+01", "classification": 2, "classification_means": "suspected counterfeit",
        "state": "ESCROWED", "index": 6, "kind": "A", "series": "B",
    }  # fmt: skip
    assert expected.items() <= dict(reading.fields).items()


def test_a_barcode() -> None:
    (reading,) = explain(BARCODE, DEVICE, b"")
    assert (reading.valid, reading.name) == (True, "EXT BARCODE")
    assert reading.fields["barcode"] == "0123456789ABCDEFGHIJKLMNOPQR"


def test_an_answer_is_named_by_its_question_and_told_from_an_echo() -> None:
    question = DETECTOR["host AUX serial number ack0"]
    (reading,) = explain(wire(6, b"TD-0001".ljust(20)), DEVICE, question)
    assert (reading.name, reading.fields["text"]) == ("AUX SERIAL NUMBER REPLY", "TD-0001")
    assert reading.fields["acknowledges_request"] is True
    (late,) = explain(wire(6, b"TD-0001".ljust(20), ack=1), DEVICE, question)
    assert late.fields["acknowledges_request"] is False
    (echo,) = explain(question, DEVICE, question)
    assert not echo.valid
    assert "echo" in echo.error


@pytest.mark.parametrize(
    ("frame", "direction", "reason"),
    [
        (b"", "", "begins with 02"),
        (b"\x02\x08", "", "cut"),
        (bytes.fromhex("02 0C 20 01 10 00 00 01 02 03 3E"), DEVICE, "says 12 bytes, and here are 11"),
        (wire(1, b"\x7f\0"), HOST, "3 data bytes, not 2"),
        (wire(2, b"\0" * 5), DEVICE, "6 data bytes, not 5"),
        (wire(6, b"\0\0\x33"), HOST, "AUX 33 is not known"),
        (wire(6, b"\1\0\5"), HOST, "00 00 and its number"),
        (wire(7, b"\x05\0\0\0\1"), HOST, "an EXT question is a known subtype"),
        (wire(7, b"\x02\0"), DEVICE, "begins with its subtype"),
        (wire(7, b"\x09" + bytes(8)), DEVICE, "subtype 09 is not known"),
        (wire(7, b"\x02" + bytes(8)), DEVICE, "25 data bytes, not 9"),
        (note(classification=5), DEVICE, "classification 5 is not known"),
        (note(value=b"1x0+00"), DEVICE, "three digits, a sign"),
        (wire(0, b"\0"), "", "never sends type 0"),
        (wire(7, b"\x02\0\0\0\1\2"), HOST, "by one index, not 2 bytes"),
    ],
)
def test_what_is_wrong_is_said(frame: bytes, direction: str, reason: str) -> None:
    readings = explain(frame, direction, b"")
    assert not any(one.valid for one in readings)
    assert reason in readings[0].error


def test_what_the_explainer_believes_of_a_device_the_wire_believes_too() -> None:
    dice = random.Random(5)
    frames = [data for name, data in DETECTOR.items() if name.startswith("dev ")] + [note()]
    believed = 0
    for _ in range(3000):
        frame = bytearray(dice.choice(frames))
        bit = 1 << dice.randrange(7)
        for at in dice.sample(range(2, len(frame)), 2):
            frame[at] ^= bit
        (reading,) = explain(bytes(frame), DEVICE, b"")
        messages = read_ebds(bytes(frame))
        wired = len(messages) == 1 and not isinstance(messages[0], ebds.BadFrame)
        # the driver of a detector has no use for these: explained, not believed
        named_only = reading.name in ("BOOKMARK", "CALIBRATE", "FLASH DOWNLOAD") or "EXT" in reading.name
        assert wired or not reading.valid or named_only, frame.hex()
        believed += reading.valid
    assert believed > 100
