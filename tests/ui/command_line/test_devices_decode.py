"""``devices decode`` as other programs call it: exit codes, the JSON answer, hex in every usual writing, refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.devices.wire.frames import COUNTER, DETECTOR
from ui.command_line.devices_actions.decode import read_hex
from ui.command_line.main import main

ESCROW = DETECTOR["dev escrow denom 3 ack0"]


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["devices", "decode", *arguments, "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, told


def test_the_answer_names_the_frame_its_fields_and_every_reading(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "ebds", ESCROW.hex(), "--direction", "device")
    assert (code, told["valid"], told["name"], told["error"]) == (0, True, "ESCROWED", "")
    assert told["fields"]["value_index"] == 3
    assert [one["name"] for one in told["readings"]] == ["ESCROWED"]


def test_without_a_direction_every_reading_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "aa55", COUNTER["handshake host->dev and echo"].hex())
    assert code == 0
    assert [(one["direction"], one["valid"]) for one in told["readings"]] == [
        ("host", True),
        ("device", True),
    ]


def test_a_frame_that_is_not_valid_is_1_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "ebds", ESCROW[:-1].hex(), "00")
    assert (code, told["valid"]) == (1, False)
    assert "the XOR is 24" in told["error"]
    assert main(["devices", "decode", "ebds", "00"]) == 1
    assert "NOT VALID: a frame begins with 02" in capsys.readouterr().out


def test_a_request_is_taken_into_account(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("ebds", ESCROW.hex(), "--direction", "device", "--request")
    _, told = asked(capsys, *arguments, DETECTOR["host OMNIBUS 7F 00 00 ack1"].hex(" "))
    assert told["fields"]["acknowledges_request"] is False


def test_people_read_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "decode", "ebds", ESCROW.hex(" ")]) == 0
    text = capsys.readouterr().out
    assert text.startswith("device: ESCROWED\n")
    assert "  value_index: 3\n" in text
    assert "host" not in text
    assert main(["devices", "decode", "t5040", "1b5b34323121700c", "--direction", "host"]) == 0
    assert "  - name ABSOLUTE POSITION TOP, position 421" in capsys.readouterr().out


@pytest.mark.parametrize(
    "writing",
    [
        ["020B2004"], ["02 0b 20 04"], ["02", "0B", "20", "04"], ["0x02,0x0b,0x20,0x04"], ["0x020b2004"],
        ["02-0B-20-04"], ["2", "B", "20", "4"], ["02:0b:20:04"], [" 02,  0B,\n20 04 "],
    ],
)  # fmt: skip
def test_hex_is_read_in_every_usual_writing(writing: list[str]) -> None:
    assert read_hex(writing) == bytes.fromhex("020b2004")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ebds", "xx"], "'xx' is not hex"),
        (["ebds", "020"], "has 3 digits, which are no whole bytes"),
        (["ebds", "02 081 110"], "'081' has 3 digits"),
        (["ebds", " , "], "no bytes are given"),
        (["ebds", "02", "--request", "0g"], "'0g' is not hex"),
        (["zm", "02"], "there is no protocol 'zm'; there are: t5040"),
    ],
)
def test_what_cannot_be_read_is_2_with_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["devices", "decode", *arguments, "--json"]) == 2
    shown = capsys.readouterr()
    assert said in json.loads(shown.out)["error"]
    assert said in shown.err
