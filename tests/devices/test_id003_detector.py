"""The ID-003 detector's driver on the bench: the note always comes back, an unknown state is a fault."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import DeviceIdentity, DeviceState, IdentityKind, NoteClass, NoteReading
from devices.drivers import id003 as driver_module
from devices.drivers.id003 import Id003Detector
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.simulators.id003 import Id003Simulator
from devices.simulators.process import SimulatorProcess
from devices.supervised import SupervisedDetector
from devices.wire import id003
from tests.devices.looking import LookingAtNotes, fault_of, passes, silent_and_got_over, stays
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter, Watched
from tests.devices.wire.validators import ID003

MODEL = DeviceIdentity(IdentityKind.MODEL, "TD-SIM ID003-05V1.00")
RETURN, VEND_ACK = ID003["host RETURN"], ID003["host ACK"]
STACKS = (ID003["host STACK-1"], ID003["host STACK-2"])


class Looking(LookingAtNotes):
    """An ID-003 detector and its driver on one bench."""

    def __init__(self, machine: Any) -> None:
        bench = Bench(machine)
        super().__init__(bench, Id003Detector("detector-1", bench.clock))

    @property
    def is_open(self) -> bool:
        return not self.report()["inhibited"]


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    looking = Looking(Id003Simulator(tmp_path, {}))
    assert looking.driver.identify() == MODEL
    assert looking.idle() is DeviceState.READY
    assert not looking.is_open
    return looking


@pytest.mark.parametrize(("denomination", "raw"), [(100, 0x1366), (1, 0x1361), (20, 0x1364)])
def test_a_note_is_read_and_given_back(looking: Looking, denomination: int, raw: int) -> None:
    looking.bench.after(1.0, lambda: looking.insert(denomination))
    reading = looking.read()
    assert (reading.note_class, reading.currency) == (NoteClass.GENUINE, "CNY")
    assert (reading.denomination_minor, reading.raw_class) == (denomination * 100, raw)
    assert reading.returned
    assert looking.facts() == ["inserted", "returned"]
    assert not looking.is_open, "nobody asked for the next note"


@pytest.mark.parametrize("reason", [0x71, 0x72, 0x77, 0x7A, 0x7E])
def test_a_note_turned_away_is_unrecognised_not_forged(looking: Looking, reason: int) -> None:
    looking.insert(reject=reason)
    reading = looking.read()
    assert (reading.note_class, reading.raw_class) == (NoteClass.UNRECOGNISED, 0x1700 | reason)
    assert (reading.currency, reading.denomination_minor, reading.returned) == ("", 0, True)


def test_a_country_the_program_does_not_know_has_no_currency_and_no_value(tmp_path: Path) -> None:
    looking = Looking(Id003Simulator(tmp_path, {"country": "7A"}))
    looking.insert()
    reading = looking.read()
    assert (reading.currency, reading.denomination_minor, reading.returned) == ("", 0, True)


@pytest.mark.parametrize("lost", [False, True], ids=["cancelled", "line lost"])
def test_a_note_drawn_in_for_the_wait_before_is_not_read_for_this_one(looking: Looking, lost: bool) -> None:
    """It was on its way when the other wait ended; it goes back unread, and the next note is the one asked about."""
    looking.bench.after(0.45, partial(looking.insert, 100))
    assert looking.inspect(StopAfter(looking.bench, 0.5)) == DeviceError(DeviceErrorCode.CANCELLED)
    if lost:
        looking.driver.attach(looking.bench)
    looking.bench.after(0.3, partial(looking.insert, 50))
    reading = looking.read()
    assert (reading.denomination_minor, reading.returned) == (5000, True)
    assert looking.idle(3.0) is DeviceState.READY
    assert looking.facts() == ["inserted", "inserted", "returned", "returned"]


def test_stack_is_never_sent_whatever_happens(looking: Looking) -> None:
    for more in ({}, {"reject": 0x72}, {}):
        looking.insert(**more)
        looking.inspect(StopAfter(looking.bench, 6.0))
        looking.idle()
    assert not any(frame in looking.bench.written for frame in STACKS)
    assert looking.bench.written.count(RETURN) == 2
    assert looking.facts() == ["inserted", "returned"] * 3


def test_a_note_stacked_unasked_is_a_fault_and_its_vend_valid_is_acknowledged(looking: Looking) -> None:
    looking.fault("stacks")
    looking.insert()
    assert fault_of(looking.inspect()) == "a note was stacked"
    assert looking.bench.written.count(VEND_ACK) == 1
    assert looking.facts() == ["inserted", "stacked"]


def test_nobody_puts_a_note_in(looking: Looking) -> None:
    assert looking.inspect() == DeviceError(DeviceErrorCode.NO_NOTE)
    began = looking.bench.now
    assert looking.inspect(StopAfter(looking.bench, 2.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert looking.bench.now - began < 2.3, "a stop is seen at least five times a second"
    assert not looking.is_open


def test_a_note_drawn_in_just_before_the_wait_ended_is_given_back(looking: Looking) -> None:
    looking.bench.after(0.45, looking.insert)
    assert looking.inspect(StopAfter(looking.bench, 0.5)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert looking.facts() == ["inserted"]
    assert looking.idle(3.0) is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]


@pytest.mark.parametrize(("times", "sent", "returned"), [(1, 2, True), (99, 5, True)])
def test_return_is_sent_again_only_while_the_machine_says_it_holds_the_note(
    looking: Looking, times: int, sent: int, returned: bool
) -> None:
    """A machine that never hears RETURN pushes the note out by itself after ten seconds, and that is seen too."""
    looking.fault("deaf_return", times=times)
    looking.insert()
    reading = looking.inspect()
    assert isinstance(reading, NoteReading)
    assert reading.note_class is NoteClass.GENUINE
    assert looking.bench.written.count(RETURN) == sent
    looking.idle(2.0)
    assert looking.facts() == ["inserted", "returned"]
    assert reading.returned is returned or times > 1


def test_the_next_note_in_at_once_is_given_back_as_well(looking: Looking) -> None:
    """The machine takes it before anybody saw it rest."""
    looking.insert(100)
    looking.insert(50)
    reading = looking.read()
    assert (reading.denomination_minor, reading.returned) == (10000, True)
    assert looking.idle(3.0) is DeviceState.READY
    assert looking.facts() == ["inserted", "inserted", "returned", "returned"]


def test_no_new_note_is_asked_for_while_one_is_held(looking: Looking) -> None:
    looking.bench.after(0.45, looking.insert)
    assert looking.inspect(StopAfter(looking.bench, 0.5)) == DeviceError(DeviceErrorCode.CANCELLED)
    looking.bench.read(1.0)
    looking.fault("left")
    assert fault_of(looking.inspect()) == "a note is held"
    assert not looking.is_open


def test_a_machine_that_does_not_come_to_rest_is_not_opened_and_not_waited_for_for_ever(
    looking: Looking,
) -> None:
    looking.fault("status", code=0x18)
    began = looking.bench.now
    assert looking.inspect(StopAfter(looking.bench, 1.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert looking.bench.now - began < 1.3
    assert fault_of(looking.inspect()) == "returning"
    assert looking.bench.now - began < 13.0
    assert ID003["host INHIBIT off (accept)"] not in looking.bench.written


def test_a_machine_that_closed_by_itself_is_opened_again(looking: Looking) -> None:
    looking.bench.after(1.0, lambda: looking.bench.hands(do="inhibit"))
    looking.bench.after(1.1, looking.insert)
    assert looking.read().returned


def test_a_note_left_in_the_mouth_is_not_called_returned(looking: Looking) -> None:
    looking.fault("left")
    looking.insert()
    assert not looking.read().returned
    assert looking.idle() is DeviceState.BUSY
    looking.bench.hands(do="take")
    assert looking.idle(1.0) is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]


@pytest.mark.parametrize(
    ("code", "data", "raw"),
    [
        (0x43, [], "stacker full"),
        (0x45, [], "jam in acceptor"),
        (0x48, [], "cheated"),
        (0x49, [0xA2], "failure A2"),
        (0x4C, [], "status 4C"),
        (0x00, [], "status 00"),
    ],
)
def test_trouble_and_unknown_states_are_faults_idle_and_at_work(
    looking: Looking, code: int, data: list[int], raw: str
) -> None:
    looking.bench.after(1.0, lambda: looking.fault("status", code=code, data=data))
    assert fault_of(looking.inspect()) == raw
    assert fault_of(looking.idle(1.0)) == raw
    assert fault_of(looking.inspect()) == raw
    looking.fault("status")
    assert looking.idle(1.0) is DeviceState.READY
    assert not looking.is_open


def test_a_pause_is_waited_out_at_work_and_told_at_rest(looking: Looking) -> None:
    looking.bench.after(0.5, lambda: looking.fault("status", code=0x47, times=4))
    looking.bench.after(3.0, looking.insert)
    assert looking.read().returned
    looking.fault("status")
    looking.fault("status", code=0x47)
    assert fault_of(looking.idle()) == "pause"


@pytest.mark.parametrize(
    ("bill", "told"),
    [
        ("", None),
        ("acceptor", "power up bill in acceptor"),
        ("stacker", "power up bill in stacker"),
    ],
)
def test_a_machine_just_powered_is_started_and_a_note_inside_is_told(
    tmp_path: Path, bill: str, told: str | None
) -> None:
    looking = Looking(Id003Simulator(tmp_path, {}))
    looking.bench.hands(do="power", bill=bill)
    first = looking.driver.idle()
    assert first is DeviceState.READY if told is None else fault_of(first) == told
    assert looking.idle() is DeviceState.READY
    looking.insert()
    assert looking.read().returned


def test_a_power_cut_in_the_middle_is_told_and_the_machine_started_again(looking: Looking) -> None:
    looking.bench.after(1.0, lambda: looking.bench.hands(do="power"))
    assert fault_of(looking.inspect()) == "restarted"
    looking.bench.hands(do="power")
    assert looking.idle(3.0) is DeviceState.READY
    looking.bench.hands(do="power")
    seen = [looking.driver.idle() for _ in range(3) if looking.bench.read(0.3) == b""]
    assert seen[0] is DeviceState.STARTING
    assert seen[-1] is DeviceState.READY
    looking.insert()
    assert looking.read().returned


@pytest.mark.parametrize("kind", ["silent", "bad_check", "half", "late", "comm_error", "enquiries"])
def test_a_fault_that_passes_costs_a_repetition_and_nothing_else(looking: Looking, kind: str) -> None:
    passes(looking, kind)


@pytest.mark.parametrize(
    ("kind", "code", "raw"),
    [
        ("silent", DeviceErrorCode.TIMEOUT, ""),
        ("bad_check", DeviceErrorCode.TIMEOUT, ""),
        ("half", DeviceErrorCode.TIMEOUT, ""),
        ("late", DeviceErrorCode.TIMEOUT, ""),
        ("comm_error", DeviceErrorCode.DEVICE_FAULT, "comm error"),
    ],
)
def test_a_fault_that_stays_ends_in_an_error_value(
    looking: Looking, kind: str, code: DeviceErrorCode, raw: str
) -> None:
    stays(looking, kind, code, raw)
    assert not looking.is_open


def test_silence_while_giving_back_is_told_and_the_note_goes_back_later(looking: Looking) -> None:
    looking.fault("deaf_return")
    looking.insert()
    looking.bench.after(1.5, lambda: looking.fault("silent"))
    assert not looking.read().returned, "nobody heard the machine say so"
    looking.fault("silent")
    looking.fault("deaf_return")
    assert looking.driver.resync() is None
    assert looking.idle(2.0) is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]


def test_a_setting_answered_otherwise_is_not_taken_for_set() -> None:
    """INHIBIT off is answered by INHIBIT on: the machine is not open, and nobody is told so."""
    looking = Looking(
        ScriptedMachine(
            ID003["dev DISABLED/INHIBIT"],
            ID003["host INHIBIT on"],
            id003.encode(0x8A, bytes.fromhex("61 2D 01 02")),
            ID003["dev DISABLED/INHIBIT"],
            *[ID003["host INHIBIT on"]] * 4,
        )
    )
    assert looking.inspect() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "inhibit"),))


def test_half_a_long_answer_does_not_swallow_the_next() -> None:
    whole = id003.encode(0x88, b"TD-SIM ID003-05V1.00" * 3)
    looking = Looking(ScriptedMachine(whole[:9], id003.encode(0x88, b"TD-SIM ID003-05V1.00")))
    assert looking.driver.identify() == MODEL
    assert looking.bench.written == ID003["host VERSION REQ"] * 2


def test_a_late_echo_is_no_status() -> None:
    echo, closed = ID003["host INHIBIT on"], ID003["dev DISABLED/INHIBIT"]
    table = id003.encode(0x8A, bytes.fromhex("61 2D 01 02"))
    looking = Looking(ScriptedMachine(closed, echo, table, echo + closed))
    assert looking.driver.idle() is DeviceState.READY
    looking.bench.read(0.3)
    assert looking.driver.idle() is DeviceState.READY
    assert looking.bench.written.count(ID003["host STATUS REQUEST"]) == 2


def test_a_command_the_machine_does_not_know_is_a_fault() -> None:
    looking = Looking(ScriptedMachine(ID003["dev INVALID COMMAND"]))
    assert fault_of(looking.driver.identify()) == "invalid command version"


@pytest.mark.parametrize("answered", range(18))
def test_silence_from_any_answer_on_is_a_timeout_and_is_got_over(tmp_path: Path, answered: int) -> None:
    """Through start-up, opening and the first polls."""
    silent_and_got_over(Looking(Id003Simulator(tmp_path, {})), answered)


def test_a_pulled_cable_is_a_lost_link(looking: Looking) -> None:
    looking.bench.host.pull()
    with pytest.raises(LinkLost):
        looking.inspect()
    with pytest.raises(LinkLost):
        Id003Detector("detector-1", time.monotonic).identify()


def test_the_simulator_executes_no_damaged_frame(tmp_path: Path) -> None:
    """RESET with one bit turned leaves it at POWER UP, and so does another protocol's RESET."""
    machine = Id003Simulator(tmp_path, {})
    for at, frame in enumerate((bytes.fromhex("FC 05 40 2B 14"), bytes.fromhex("02 03 06 30 41 B3"))):
        machine.receive(frame, float(at))
        machine.pending(float(at))
        assert machine.hands({"do": "report"})["state"] == "40"
    machine.receive(ID003["host STATUS REQUEST"][:1], 8.0)
    machine.receive(ID003["host STATUS REQUEST"], 9.0)
    assert machine.pending(9.0) == ID003["dev POWER UP"], "half a frame of before is forgotten"


def test_a_note_is_read_over_a_real_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_module, "POLL_SECONDS", 0.05)
    driver = Id003Detector("detector-1", time.monotonic)
    settings = SerialSettings(9600, 8, "E")
    with (
        SimulatorProcess("id003", tmp_path, options={"speed": "0"}) as machine,
        Watched(driver, lambda: link_for(machine.port, settings)) as watched,
    ):
        status = watched.wait(DeviceState.READY)
        assert (status.identity, status.note) == (MODEL, "opened as 8N1 (pty)")
        detector = SupervisedDetector(driver, watched.worker)
        machine.hands(do="insert", denomination=100, classification=4)
        reading = detector.inspect("reading-1", lambda seen: None, Never())
        assert isinstance(reading, NoteReading)
        assert (reading.note_class, reading.denomination_minor, reading.returned) == (
            NoteClass.GENUINE,
            10000,
            True,
        )
        facts = [fact["fact"] for fact in machine.hands(do="report")["facts"]]
    assert facts == ["inserted", "returned"]
