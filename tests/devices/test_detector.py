"""The detector's driver: the class as the machine says it, the note always given back, no old answer for a new note."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devices.contracts import DeviceIdentity, DeviceState, IdentityKind, NoteClass, NoteReading
from devices.drivers.ebds import EbdsDetector
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.simulators.ebds import EbdsSimulator
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter
from tests.devices.wire.frames import DETECTOR
from tests.devices.wire.test_ebds import note, wire

SERIAL = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-EBDS-0001")
STACK_BIT = 0x20


class Looking:
    """A detector and its driver on one bench."""

    def __init__(self, machine: Any) -> None:
        self.bench = Bench(machine)
        self.driver = EbdsDetector("detector-1", self.bench.clock)
        self.driver.attach(self.bench)

    def insert(self, classification: int = 4, denomination: int = 100) -> None:
        self.bench.hands(do="insert", denomination=denomination, classification=classification)

    def inspect(self, stop: Any = None) -> NoteReading | DeviceError:
        return self.driver.inspect("reading-1", lambda seen: None, stop or Never())

    def facts(self) -> list[str]:
        """What happened to notes."""
        return [fact["fact"] for fact in self.bench.hands(do="report")["facts"]]


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    looking = Looking(EbdsSimulator(tmp_path, {}))
    assert looking.driver.identify() == SERIAL
    return looking


@pytest.mark.parametrize(
    ("classification", "note_class"),
    [
        (1, NoteClass.UNRECOGNISED),
        (2, NoteClass.COUNTERFEIT_SUSPECTED),
        (3, NoteClass.SUSPECT),
        (4, NoteClass.GENUINE),
        (9, NoteClass.UNRECOGNISED),
    ],
)
def test_the_class_is_told_and_the_note_given_back(
    looking: Looking, classification: int, note_class: NoteClass
) -> None:
    looking.bench.after(1.0, lambda: looking.insert(classification))
    reading = looking.inspect()
    assert isinstance(reading, NoteReading)
    assert (reading.note_class, reading.raw_class) == (note_class, classification)
    worth = ("", 0) if note_class is NoteClass.UNRECOGNISED else ("CNY", 10000)
    assert (reading.currency, reading.denomination_minor) == worth
    assert reading.returned
    assert looking.facts() == ["inserted", "returned"]


def test_a_note_the_machine_turns_away_is_unrecognised_not_forged(looking: Looking) -> None:
    looking.insert(0)
    reading = looking.inspect()
    assert isinstance(reading, NoteReading)
    assert (reading.note_class, reading.raw_class, reading.denomination_minor) == (
        NoteClass.UNRECOGNISED,
        0,
        0,
    )


def test_the_stack_bit_is_never_sent(looking: Looking) -> None:
    looking.insert(2)
    looking.inspect()
    looking.driver.idle()
    sent = looking.bench.written
    polls = [sent[at : at + 8] for at in range(0, len(sent), 8)]
    assert len(polls) > 5
    assert all(poll[0] == 2 and poll[1] == 8 for poll in polls)
    assert not any(poll[4] & STACK_BIT for poll in polls if poll[2] >> 4 == 1)


def test_nobody_puts_a_note_in(looking: Looking) -> None:
    assert looking.inspect() == DeviceError(DeviceErrorCode.NO_NOTE)
    assert looking.inspect(StopAfter(looking.bench, 2.0)) == DeviceError(DeviceErrorCode.CANCELLED)


def test_a_note_drawn_in_just_before_the_wait_ended_is_given_back(looking: Looking) -> None:
    assert looking.inspect(StopAfter(looking.bench, 0.5)) == DeviceError(DeviceErrorCode.CANCELLED)
    looking.insert(4)
    for _ in range(3):
        assert looking.driver.idle() is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]


def test_a_machine_out_of_step_is_asked_again_and_known(looking: Looking) -> None:
    """It last heard the number our first question will carry, and answers that with its old answer."""
    for restarts in range(1, 4):
        fresh = EbdsDetector("detector-1", looking.bench.clock)
        fresh.attach(looking.bench)
        for _ in range(restarts):
            fresh.idle()
        again = EbdsDetector("detector-1", looking.bench.clock)
        again.attach(looking.bench)
        assert again.identify() == SERIAL


def test_silence_while_giving_back_is_told_and_the_next_note_is_read_for_itself(looking: Looking) -> None:
    looking.insert(2)
    looking.bench.after(0.05, lambda: looking.bench.hands(do="fault", kind="silent"))
    first = looking.inspect()
    assert isinstance(first, NoteReading)
    assert not first.returned, "nobody heard the machine say so"
    looking.bench.hands(do="fault", kind="silent")
    assert looking.inspect(StopAfter(looking.bench, 2.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    looking.insert(4)
    second = looking.inspect()
    assert isinstance(second, NoteReading)
    assert second.note_class is NoteClass.GENUINE


def test_the_last_notes_answer_repeated_is_not_taken_for_a_new_note() -> None:
    """A machine out of step repeats its last answer, here an extended note, to the number it heard last."""
    covered = bytes([note()[1], note()[2] | 1]) + note()[3:-2]
    check = 0
    for byte in covered:
        check ^= byte
    repeated = b"\x02" + covered + bytes([3, check])
    looking = Looking(ScriptedMachine(repeated, wire(6, b"TD-1", 0), DETECTOR["dev idle+cassette ack1"]))
    assert looking.inspect(StopAfter(looking.bench, 0.05)) == DeviceError(DeviceErrorCode.CANCELLED)


@pytest.mark.parametrize("name", ["dev jam ack1", "dev failure ack1"])
def test_a_machine_in_trouble_says_so_idle_and_at_work(name: str) -> None:
    trouble = DETECTOR[name]
    idle = Looking(ScriptedMachine(trouble)).driver.idle()
    assert isinstance(idle, DeviceError)
    assert idle.code is DeviceErrorCode.DEVICE_FAULT
    serial = wire(6, b"TD-1", 1)
    other = bytes([*trouble[:2], trouble[2] ^ 1, *trouble[3:-1], trouble[-1] ^ 1])
    found = Looking(ScriptedMachine(serial, other)).inspect()
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.DEVICE_FAULT


def test_an_answer_to_another_number_is_late_and_not_matched() -> None:
    looking = Looking(ScriptedMachine(*[DETECTOR["dev idle+cassette ack0"]] * 4))
    assert looking.driver.idle() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "poll"),))
    assert looking.bench.written == looking.bench.written[:8] * 4, "only the same number is repeated"


def test_a_machine_that_names_itself_never_has_no_identity() -> None:
    replies = (DETECTOR["dev idle+cassette ack1"], DETECTOR["dev idle+cassette ack0"])
    assert Looking(ScriptedMachine(*replies)).driver.identify() == DeviceIdentity(IdentityKind.NONE)


def test_nobody_there_is_a_timeout_and_a_pulled_cable_a_lost_link(looking: Looking) -> None:
    looking.bench.hands(do="fault", kind="silent")
    before = len(looking.bench.written)
    assert looking.inspect() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "poll"),))
    assert looking.bench.written[before:] == wire(6, b"\0\0\x05", ack=0) * 4, (
        "a silent machine is not told to take notes"
    )
    assert looking.driver.resync() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "poll"),))
    looking.bench.hands(do="fault", kind="silent")
    assert looking.driver.resync() is None
    looking.bench.host.pull()
    with pytest.raises(LinkLost):
        looking.driver.idle()
