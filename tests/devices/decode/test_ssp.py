"""Explaining SSP: every published frame by its own name, every damaged one refused, an answer by its request."""

from __future__ import annotations

import binascii
import random

import pytest

from devices.decode.ssp import explain
from tests.devices.decode.validator_frames import Frame, load, one_bit_turned

FRAMES = load("ssp")
WRONG = load("ssp", "wrong")
NAMES = {
    "dev stuffing: data byte 7F seq0": "UNKNOWN ANSWER",
    "dev OK+SLAVE RESET+DISABLED seq1": "SLAVE RESET + DISABLED",
    "dev CREDIT ch3 + STACKING seq0": "CREDIT + STACKING",
    "dev CREDIT ch1 + STACKED": "CREDIT + STACKED",
    "dev STACKING + CREDIT ch1": "STACKING + CREDIT",
    "dev SETUP GBP 5 10 20": "SETUP",
    "dev TEXT firmware NV02004141498000": "FIRMWARE",
    "dev TEXT dataset EUR01610": "DATASET",
}
TOLD: dict[str, dict[str, object]] = {
    "host INHIBITS 07 00 seq0": {"channels": [1, 2, 3], "sequence": 0},
    "host HOST PROTOCOL 6 seq0": {"protocol": 6},
    "host SET GENERATOR 982451653": {"number": 982451653},
    "host SET MODULUS 1287821": {"number": 1287821},
    "host KEY EXCHANGE 7554354432121": {"number": 7554354432121},
    "host BAUD RATE 38400": {"baud_rate": 38400, "persists": False},
    "dev SLAVE INTER KEY DB273CE5FA1B6823": {"number": 0xDB273CE5FA1B6823, "answers": "KEY EXCHANGE"},
    "dev SERIAL 1873452": {"serial_number": 1873452, "sequence_of_request": True},
    "dev LAST REJECT by host": {"reason_code": "08", "reason": "by host"},
    "dev SETUP GBP 5 10 20": {"country": "GBP", "protocol": 5, "channels": {1: "GBP", 2: "GBP", 3: "GBP"}},
    "dev TEXT dataset EUR01610": {"text": "EUR01610"},
    "dev SEALED F0 00 4A 78 B4": {"blocks": 1},
}
CHANNELS = {
    "dev READ ch0 (reading) seq0": [0],
    "dev READ ch3 (escrow) seq1": [3],
    "dev CREDIT ch3 + STACKING seq0": [3, None],
    "dev FRAUD ch2 seq0": [2],
}


def wire(data: bytes, sequence: int = 1, address: int = 0) -> bytes:
    """A frame by the published layout. CMS is the mirror of a CRC that comes byte by byte; here: bit by bit as
    text."""
    body = bytes([sequence << 7 | address, len(data)]) + data
    register = 0xFFFF
    for bit in "".join(f"{byte:08b}" for byte in body):
        register = (register << 1 & 0xFFFF) ^ (0x8005 if register >> 15 != int(bit) else 0)
    return b"\x7f" + (body + register.to_bytes(2, "little")).replace(b"\x7f", b"\x7f\x7f")


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_published_frame_is_explained(frame: Frame) -> None:
    (reading,) = explain(frame.data, frame.direction, frame.request)
    assert (reading.valid, reading.error, reading.direction) == (True, "", frame.direction)
    assert reading.name == NAMES.get(frame.name, reading.name)
    assert frame.name in NAMES or frame.name.split(maxsplit=1)[1].startswith(reading.name)
    assert reading.fields["check"] == frame.data[-2:].hex(" ")
    assert (reading.fields["sequence"], reading.fields["address"]) == (frame.data[1] >> 7, 0)
    told = TOLD.get(frame.name, {})
    assert {name: reading.fields[name] for name in told} == told
    if frame.name in CHANNELS:
        assert [event.get("channel") for event in reading.fields["events"]] == CHANNELS[frame.name]
    assert explain(frame.data, "", frame.request)[0].valid


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_one_turned_bit_is_refused(frame: Frame) -> None:
    for changed in one_bit_turned(frame.data):
        assert not any(reading.valid for reading in explain(changed, "", b"")), changed.hex(" ")


@pytest.mark.parametrize(
    ("frame", "error"),
    list(
        zip(
            WRONG,
            ("check 20 0a, the CRC is 01 89", "check 20 7f, the CRC is 20 0a", "a lone 7f inside the frame"),
            strict=True,
        )
    ),
    ids=[frame.name for frame in WRONG],
)
def test_what_other_programs_send_wrongly_is_refused_with_the_reason(frame: Frame, error: str) -> None:
    assert {(reading.valid, reading.error) for reading in explain(frame.data, "", b"")} == {(False, error)}


@pytest.mark.parametrize("name", ["host POLL seq1", "dev OK seq1", "dev REJECTED seq1", "host SERIAL seq0"])
def test_a_command_is_no_answer_and_an_answer_no_command(name: str) -> None:
    frame = next(one for one in FRAMES if one.name == name)
    assert [reading.valid for reading in explain(frame.data, "", b"")] == [True, False]


def asked(command: int, data: bytes, sequence: int = 1) -> dict[str, object]:
    (reading,) = explain(wire(data), "device", wire(bytes([command]), sequence))
    return {**reading.fields, "name": reading.name, "error": reading.error}


def test_the_same_bytes_mean_what_was_asked() -> None:
    same = b"\xf0\x00\x00\x00\xec"
    assert asked(0x0C, same)["serial_number"] == 0xEC
    assert asked(0x20, same)["text"] == "\0\0\0\ufffd"
    assert asked(0x22, same)["data"] == "00 00 00 ec"
    assert asked(0x07, same)["error"] == "an event is cut or not known"
    (unasked,) = explain(wire(same), "device", b"")
    assert (unasked.valid, unasked.name, unasked.fields["data"]) == (True, "OK", "00 00 00 ec")
    assert asked(0x0C, same, sequence=0)["sequence_of_request"] is False


def test_a_machine_of_protocol_six_tells_country_and_value_of_each_channel() -> None:
    setup = b"\x000100CNY\0\0\0\x02\0\0\2\2\0\0\x64\x06" + b"CNYHKD" + b"\x05\0\0\0\xe8\x03\0\0"
    assert asked(0x05, b"\xf0" + setup)["channels"] == {1: "CNY 5.00", 2: "HKD 1000.00"}
    assert asked(0x05, b"\xf0" + setup[:-1])["error"] == "cut, or of a coin machine"


@pytest.mark.parametrize(
    ("command", "data", "error"),
    [
        (0x0C, b"\xf0\x01", "a serial number has 4 bytes, not 1"),
        (0x17, b"\xf0\x01\x02", "a reject code has one byte, not 2"),
        (0x4C, b"\xf0\x01", "an intermediate key has 8 bytes, not 1"),
        (0x0F, b"\xf0\x03\x02", "3 channels announced, 1 here"),
        (0x07, b"\xf0\xef", "an event is cut or not known"),
        (0x07, b"\x07", "07 is a command, no answer"),
        (0x07, b"\x7e\x01", "1 sealed bytes are no whole blocks of 16"),
    ],
)
def test_a_whole_frame_with_no_good_answer_in_it_says_why(command: int, data: bytes, error: str) -> None:
    assert asked(command, data)["error"] == error


def test_a_refusal_gives_its_reason_and_channel_security_its_words() -> None:
    told = asked(0x33, b"\xf5\x03")
    assert (told["reason"], told["name"]) == ("busy", "CANNOT PROCESS")
    assert "reason" not in asked(0x33, b"\xf4\x03")
    assert asked(0x0F, b"\xf0\x02\x02\x04")["channels"] == {1: "standard", 2: "inhibited"}


def test_amounts_are_read_in_the_first_version_they_fit() -> None:
    (six,) = explain(wire(bytes.fromhex("F0 DA 01 FA 05 00 00 45 55 52 E8")), "device", b"")
    (old,) = explain(wire(bytes.fromhex("F0 DA FA 05 00 00 E8")), "device", b"")
    assert (six.name, old.name) == ("DISPENSING + DISABLED", "DISPENSING + DISABLED")
    assert six.fields["events"][0]["data"] == "01 fa 05 00 00 45 55 52"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "a frame begins with 7f"),
        (b"\x80\x01", "a frame begins with 7f"),
        (b"\x7f\x80\x02\x07", "cut: 4 bytes, and its length asks for more"),
        (wire(b"\x07") + b"\x00", "bytes behind the frame"),
        (wire(b"\x07") * 2, "more than one frame"),
        (b"\x7f\x80\x00\xff\xff", "a frame without data"),
        (wire(b"\x99"), "command 99 is not known"),
        (wire(b"\x06"), "HOST PROTOCOL has 1 bytes of parameters, not 0"),
        (wire(b"\x02"), "INHIBITS has 1 or 2 or 3 bytes of parameters, not 0"),
    ],
)
def test_what_is_no_command_says_why(data: bytes, error: str) -> None:
    assert [reading.error for reading in explain(data, "host", b"")] == [error]


def test_no_bytes_make_it_raise() -> None:
    dice = random.Random(1)
    for _ in range(2000):
        data = dice.randbytes(dice.randrange(1, 14))
        body = dice.choice((data, wire(data), wire(b"\xf0" + data), b"\x7f" + data))
        explain(
            body,
            dice.choice(("host", "device", "")),
            dice.choice((b"", wire(data[:1]), dice.choice(FRAMES).data)),
        )


def test_the_check_of_these_tests_is_not_one_that_anything_fits() -> None:
    assert wire(b"\x07")[-2:] != binascii.crc_hqx(b"\x80\x01\x07", 0xFFFF).to_bytes(2, "little")
    assert wire(b"\x07") == bytes.fromhex("7F 80 01 07 12 02")
