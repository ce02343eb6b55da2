"""Several frames in one sequence: each explained in its order, answers by their requests, nothing when one is wrong."""

from __future__ import annotations

import random
from typing import Any

import pytest

from devices.decode.reading import DEVICE, HOST, Reading
from devices.decode.table import NotExplained, explain
from tests.devices.decode import checks
from tests.devices.decode.validator_frames import one_bit_turned
from tests.devices.wire.frames import COUNTER

SERIAL = (checks.ssp(b"\x0c", 1), checks.ssp(b"\xf0\x00\x1c\x96\x2c", 1))
EXCHANGES = {
    "ccnet": [checks.ccnet(b"\x33"), checks.ccnet(b"\x80\x02"), checks.ccnet(b"\x36"), checks.ccnet(b"\x00")],
    "id003": [b"\x05", checks.id003(b"\x11"), checks.id003(b"\x13\x61"), checks.id003(b"\x43")],
    "ssp": [*SERIAL, checks.ssp(b"\x07"), checks.ssp(b"\xf0\xef\x03")],
    "ebds": [checks.ebds(1, b"\x7f\0\0"), checks.ebds(2, b"\x04\x10\x18\0\1\2")],
    "cctalk": [checks.cctalk(157, b"\3"), checks.cctalk(0, b"CN0100A", 1, 40)],
    "cctalk-crc16": [checks.cctalk_crc16(159), checks.cctalk_crc16(0, bytes(11), 1)],
    "aa55": [COUNTER["handshake host->dev and echo"], *COUNTER.values()],
}
NAMES = {
    "ccnet": "POLL; ESCROW; RETURN; ACK",
    "id003": "ENQ; STATUS REQUEST; ESCROW code 61; RETURN",
    "ssp": "SERIAL; SERIAL; POLL; READ",
    "ebds": "OMNIBUS; ESCROWED",
    "cctalk": "bill id 3; bill id reply: CN 100 A",
    "cctalk-crc16": "events request; events: all zero (after power-up)",
}


def told(protocol: str, data: bytes, direction: str = "") -> tuple[Reading, ...]:
    """All readings."""
    readings = explain(protocol, data, direction, b"")
    assert not isinstance(readings, NotExplained)
    return readings


@pytest.mark.parametrize("protocol", EXCHANGES)
def test_an_exchange_is_told_in_its_order(protocol: str) -> None:
    frames = EXCHANGES[protocol]
    (reading,) = told(protocol, b"".join(frames))
    assert reading.valid
    assert reading.name == NAMES.get(protocol, reading.name)
    messages: list[dict[str, Any]] = reading.fields["messages"]
    assert len(messages) == len(frames)
    assert all(one["name"] for one in messages)


def test_an_answer_is_read_by_the_request_before_it() -> None:
    (reading,) = told("ssp", b"".join(SERIAL))
    asked, answered = reading.fields["messages"]
    assert (asked["direction"], answered["direction"]) == (HOST, DEVICE)
    assert answered["serial_number"] == 1873452
    assert reading.direction == ""


def test_frames_of_one_side_are_that_sides() -> None:
    (reading,) = told("aa55", b"".join(list(COUNTER.values())[1:]))
    assert reading.direction == DEVICE
    (polls,) = told("ccnet", checks.ccnet(b"\x33") * 3, HOST)
    assert (polls.direction, polls.name) == (HOST, "POLL; POLL; POLL")


@pytest.mark.parametrize("protocol", EXCHANGES)
def test_one_turned_bit_or_one_byte_too_few_refuses_all_of_it(protocol: str) -> None:
    whole = b"".join(EXCHANGES[protocol])
    wrong = [*one_bit_turned(whole), whole[:-1], whole + b"\x01"]
    if protocol == "id003":  # an ENQ is one byte without a check: some turned bit of it begins nothing
        wrong = wrong[8:]
    for changed in wrong:
        assert not any(one.valid for one in told(protocol, changed)), changed.hex(" ")


def test_no_noise_is_taken_for_an_exchange() -> None:
    dice = random.Random(11)
    for protocol, frames in EXCHANGES.items():
        for _ in range(300):
            noise = dice.choice(frames) + dice.randbytes(dice.randrange(1, 20))
            assert not any(one.valid for one in told(protocol, noise)), (protocol, noise.hex(" "))
