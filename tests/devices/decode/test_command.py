"""Every published frame through the command itself: valid with its own check value, refused with any one bit turned.

Through ``run``, which prints and exits as ``teller-desk devices decode`` does; the whole command line, with its parser,
for one frame of each protocol. The frames are those of the tests of each protocol, with their sources there.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.devices.decode.validator_frames import load, one_bit_turned
from tests.devices.wire import validators
from tests.devices.wire.frames import COUNTER, DETECTOR
from ui.command_line.devices_actions import decode
from ui.command_line.main import main

FRAMES: dict[str, dict[str, bytes]] = {
    "aa55": dict(COUNTER),
    "ebds": dict(DETECTOR),
    "cctalk": dict(validators.CCTALK),
    "cctalk-crc16": dict(validators.CRC16),
    "id003": dict(validators.ID003),
    "ccnet": {one.name: one.data for one in load("ccnet")},
    "ssp": {one.name: one.data for one in load("ssp")},
}
CHECKS = {"aa55": slice(-3, -2), "ebds": slice(-1, None), "cctalk": slice(-1, None), "id003": slice(-2, None),
          "ccnet": slice(-2, None)}  # fmt: skip
WRONG = {
    "ccnet": [one.data for one in load("ccnet", "wrong")],
    "ssp": [one.data for one in load("ssp", "wrong")],
    "cctalk": list(validators.WRONG),
}


def ran(protocol: str, data: bytes, direction: str = "") -> tuple[int, dict[str, Any]]:
    """The command's exit code and its JSON answer."""
    given = argparse.Namespace(
        protocol=protocol, hex=[data.hex(" ")], direction=direction, request="", json=True
    )
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = decode.run(given)
    told: dict[str, Any] = json.loads(said.getvalue())
    return code, told


def side(name: str) -> str:
    """Who speaks, by the name of the frame."""
    return {"host": "host", "dev": "device"}.get(name.split(maxsplit=1)[0], "")


def everything() -> Iterator[tuple[str, str]]:
    for protocol, frames in FRAMES.items():
        for name in frames:
            yield protocol, name


@pytest.mark.parametrize(("protocol", "name"), list(everything()))
def test_a_published_frame_is_valid_and_none_of_its_bits_may_turn(protocol: str, name: str) -> None:
    frame = FRAMES[protocol][name]
    for direction in {side(name), ""}:
        code, told = ran(protocol, frame, direction)
        assert (code, told["valid"], told["error"]) == (0, True, "")
        assert told["name"]
        if protocol in CHECKS:
            value = int.from_bytes(frame[CHECKS[protocol]], "little")
            assert told["fields"]["check_value"] == value
    for changed in one_bit_turned(frame):
        code, told = ran(protocol, changed)
        assert (code, told["valid"]) == (1, False), changed.hex(" ")
        assert told["error"]
        assert not any(one["valid"] for one in told["readings"])


@pytest.mark.parametrize(("protocol", "frame"), [(name, one) for name, all_ in WRONG.items() for one in all_])
def test_what_other_programs_send_wrongly_is_refused_with_why(protocol: str, frame: bytes) -> None:
    code, told = ran(protocol, frame)
    assert (code, told["valid"]) == (1, False)
    assert told["error"]


def test_the_wrong_disable_of_another_program_is_told_by_its_check() -> None:
    """DISABLE with ENABLE's CRC, as public code sends it (note-protocols §1.1)."""
    _, told = ran("ccnet", bytes.fromhex("02 03 0C 34 00 00 00 00 00 00 B5 C1"))
    assert "the CRC is 17 0c" in told["error"]


@pytest.mark.parametrize("protocol", FRAMES)
def test_the_whole_command_line_takes_it_in_every_writing(
    protocol: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, frame = next(reversed(FRAMES[protocol].items()))
    direction = side(name) or "device"
    answers = []
    for hexed in (frame.hex(" "), frame.hex().upper(), ",".join(f"0x{byte:02X}" for byte in frame)):
        for words in ([hexed], hexed.split()):
            asked = ["devices", "decode", protocol, *words, "--direction", direction, "--json"]
            assert main(asked) == 0, name
            answers.append(json.loads(capsys.readouterr().out))
    assert all(one == answers[0] for one in answers)
    assert main(["devices", "decode", protocol, one_bit_turned(frame)[9].hex(), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert set(told) >= {"valid", "name", "fields", "readings", "error"}
