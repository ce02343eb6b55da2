"""The CCNET detector: the machine's verdict as it says it, the note always given back, and the truth under every
fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import DeviceIdentity, DeviceState, IdentityKind, NoteClass, NoteReading
from devices.drivers.ccnet import CcnetDetector
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.simulators.ccnet import CcnetSimulator
from devices.simulators.process import SimulatorProcess
from tests.devices.decode.validator_frames import load
from tests.devices.looking import LookingAtNotes, fault
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter, Watched, wait_until

FRAMES = {frame.name: frame.data for frame in load("ccnet")}
WRONG = load("ccnet", "wrong")[0].data
SERIAL = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-CC-00001")
RESET, RETURN, STACK = FRAMES["host RESET"], FRAMES["host RETURN"], FRAMES["host STACK"]
DISABLE = FRAMES["host DISABLE all"]
FAULTS = ("lost", "damaged", "doubled", "late", "unheard")


class Faulty:
    """A machine whose answer number ``at`` goes wrong on the way, or that does not hear what comes after it."""

    def __init__(self, inner: Any, fault: str, at: int) -> None:
        self._inner, self._fault, self._at = inner, fault, at
        self._said = 0
        self._late = b""
        self._due: float | None = None
        self.hands = inner.hands

    def receive(self, data: bytes, now: float) -> None:
        if self._fault == "unheard" and self._said == self._at and data != FRAMES["dev ACK"]:
            self._said += 1
            return
        self._inner.receive(data, now)

    def pending(self, now: float) -> bytes:
        late = self._late if self._due is not None and now >= self._due else b""
        if late:
            self._late, self._due = b"", None
        said: bytes = self._inner.pending(now)
        if not said:
            return late
        self._said += 1
        if self._said != self._at or self._fault == "unheard":
            return late + said
        if self._fault == "late":
            self._late, self._due = said, now + 0.7
        return {"lost": b"", "damaged": said[:-1] + bytes([said[-1] ^ 4]), "doubled": said * 2, "late": b""}[
            self._fault
        ]

    def next_due(self, now: float) -> float | None:
        moments = [one for one in (self._inner.next_due(now), self._due) if one is not None]
        return min(moments) if moments else None


class Looking(LookingAtNotes):
    """A CCNET detector and its driver on one bench."""

    def __init__(self, machine: Any) -> None:
        bench = Bench(machine)
        super().__init__(bench, CcnetDetector("detector-1", bench.clock))

    def insert_when_open(self, classification: int) -> None:
        """A person waits until the slot takes a note."""
        is_open = self.report()["state"] == 0x14
        put = self.insert if is_open else self.insert_when_open
        self.bench.after(0.2, lambda: put(classification=classification))


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    return Looking(CcnetSimulator(tmp_path, {}))


def test_the_machine_is_known_without_a_move_and_then_led_from_power_up_to_rest(looking: Looking) -> None:
    assert looking.driver.identify() == SERIAL
    assert RESET not in looking.bench.written
    assert looking.driver.idle() is DeviceState.STARTING
    assert looking.rest() is DeviceState.READY
    assert looking.bench.written.count(RESET) == 1


@pytest.mark.parametrize(("denomination", "minor"), [(1, 100), (20, 2000), (100, 10000)])
def test_a_note_the_machine_authenticated_is_told_and_given_back(
    looking: Looking, denomination: int, minor: int
) -> None:
    reading = looking.seen(denomination=denomination)
    assert (reading.note_class, reading.raw_class) == (NoteClass.GENUINE, 0x80)
    assert (reading.currency, reading.denomination_minor, reading.returned) == ("CNY", minor, True)
    assert looking.facts() == ["inserted", "told to return", "returned"]
    assert looking.rest() is DeviceState.READY


@pytest.mark.parametrize("reason", [0x60, 0x61, 0x65, 0x66, 0x67, 0x68, 0x6D, 0x92, 0x77])
def test_a_note_turned_away_is_unrecognised_whatever_the_reason(looking: Looking, reason: int) -> None:
    reading = looking.seen(classification=2, reason=reason)
    assert (reading.note_class, reading.raw_class, reading.returned) == (NoteClass.UNRECOGNISED, reason, True)
    assert (reading.currency, reading.denomination_minor) == ("", 0)
    assert looking.facts() == ["inserted", "returned"]


def test_stack_is_never_sent_and_every_type_stops_in_escrow(looking: Looking) -> None:
    looking.seen()
    looking.seen(classification=0)
    looking.rest()
    assert STACK not in looking.bench.written
    assert FRAMES["host ENABLE all types, escrow all"] in looking.bench.written
    assert FRAMES["host ENABLE all types, no escrow"] not in looking.bench.written


def test_notes_one_after_the_other_are_each_read_once(looking: Looking) -> None:
    found = [looking.seen(denomination=unit) for unit in (5, 50, 10)]
    assert [one.denomination_minor for one in found] == [500, 5000, 1000]
    assert looking.facts().count("returned") == 3
    assert len({one.frames_digest for one in found}) == 3


def test_a_currency_in_the_countrys_place_is_taken_as_it_stands(tmp_path: Path) -> None:
    assert Looking(CcnetSimulator(tmp_path, {"country": "EUR"})).seen().currency == "EUR"


def test_nobody_puts_a_note_in_and_the_slot_is_shut_again(looking: Looking) -> None:
    assert looking.inspect() == DeviceError(DeviceErrorCode.NO_NOTE)
    assert not looking.bench.hands(do="report")["enabled"]
    assert looking.inspect(StopAfter(looking.bench, 2.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert not looking.bench.hands(do="report")["enabled"]
    looking.insert()
    assert looking.facts() == ["not taken"]


def test_a_note_drawn_in_just_before_the_wait_ended_is_given_back(looking: Looking) -> None:
    looking.bench.after(4.95, looking.insert)
    assert looking.inspect(StopAfter(looking.bench, 5.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert looking.rest() is DeviceState.READY
    assert looking.facts() == ["inserted", "told to return", "returned"]


@pytest.mark.parametrize("kind", ["deaf_to_ack", "bad_answer"])
@pytest.mark.parametrize("after", [2.0, 2.3, 2.5, 2.8])
def test_a_lost_ack_or_a_damaged_answer_makes_no_second_note(
    looking: Looking, kind: str, after: float
) -> None:
    looking.bench.after(after, lambda: looking.bench.hands(do="fault", kind=kind))
    assert looking.seen().returned
    assert looking.inspect(StopAfter(looking.bench, 3.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert looking.facts() == ["inserted", "told to return", "returned"]


@pytest.mark.parametrize("broken", FAULTS)
@pytest.mark.parametrize("genuine", [True, False])
def test_one_answer_that_goes_wrong_anywhere_never_makes_a_wrong_belief(
    tmp_path: Path, broken: str, genuine: bool
) -> None:
    """Each answer of a whole inspection in turn: the belief is the truth or an error, and the note comes back."""
    for at in range(1, 34):
        looking = Looking(Faulty(CcnetSimulator(tmp_path / f"{at}", {"strict": "1"}), broken, at))
        looking.insert_when_open(4 if genuine else 2)
        found = looking.inspect(StopAfter(looking.bench, 9.0))
        sent = looking.bench.written.count(RETURN)
        looking.bench.now += 12.0
        assert looking.rest() is DeviceState.READY, at
        facts = looking.facts()
        assert "stacked" not in facts, (at, facts)
        assert facts.count("returned") == facts.count("inserted"), (at, facts)
        assert facts.count("told to return") == (facts.count("inserted") if genuine else 0), (at, facts)
        assert sent <= (2 if broken == "unheard" else 1), at
        if isinstance(found, NoteReading):
            assert found.note_class is (NoteClass.GENUINE if genuine else NoteClass.UNRECOGNISED), at
            assert not found.returned or "returned" in facts, at
        assert isinstance(found, NoteReading) or broken not in ("damaged", "doubled"), (at, found)


def test_return_is_not_sent_again_because_nobody_answered(looking: Looking) -> None:
    looking.bench.after(2.5, lambda: looking.bench.hands(do="fault", kind="silent"))
    reading = looking.seen()
    assert not reading.returned, "nobody heard the machine say so"
    assert looking.bench.written.count(RETURN) == 1


def test_a_machine_that_starts_anew_while_a_note_is_awaited_says_so(looking: Looking) -> None:
    looking.bench.after(3.0, lambda: looking.bench.hands(do="power"))
    assert looking.inspect() == DeviceError(DeviceErrorCode.RESTARTED)
    assert looking.rest() is DeviceState.READY
    assert looking.seen().returned


def test_a_note_in_the_head_at_power_up_is_given_back(looking: Looking) -> None:
    looking.bench.hands(do="power", state=0x11)
    assert looking.rest() is DeviceState.READY
    assert looking.facts() == ["returned"]


def test_a_note_in_the_stackers_way_at_power_up_is_left_to_a_person(looking: Looking) -> None:
    looking.bench.hands(do="power", state=0x12)
    assert looking.rest() == fault("12 POWER UP BILL IN STACKER")
    assert RESET not in looking.bench.written
    assert looking.inspect() == fault("12 POWER UP BILL IN STACKER")


def test_a_machine_that_stacked_by_itself_is_at_fault_until_its_cassette_was_out(looking: Looking) -> None:
    looking.bench.hands(do="fault", kind="no_escrow")
    looking.bench.after(2.0, looking.insert)
    found = looking.inspect()
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.DEVICE_FAULT
    assert isinstance(looking.rest(), DeviceError), "one quiet poll does not give the note back"
    looking.bench.hands(do="trouble", code=0x42)
    assert looking.driver.idle() == fault("42 CASSETTE REMOVED")
    looking.bench.hands(do="trouble", code=0)
    assert looking.rest() is DeviceState.READY


@pytest.mark.parametrize(
    ("code", "detail", "raw"),
    [
        (0x41, None, "41 CASSETTE FULL"),
        (0x43, None, "43 VALIDATOR JAMMED"),
        (0x44, None, "44 CASSETTE JAMMED"),
        (0x45, None, "45 CHEATED"),
        (0x46, None, "46 PAUSE"),
        (0x47, 0x50, "47 FAILURE: stack motor"),
        (0x47, 0x5D, "47 FAILURE: 5D"),
        (0x30, None, "30 ILLEGAL COMMAND"),
        (0x28, None, "28 INVALID BILL NUMBER"),
        (0x55, None, "55 unknown state"),
    ],
)
def test_a_machine_in_trouble_or_beyond_words_says_so_idle_and_at_work(
    looking: Looking, code: int, detail: int | None, raw: str
) -> None:
    looking.rest()
    trouble = {"do": "trouble", "code": code, **({} if detail is None else {"detail": detail})}
    looking.bench.hands(**trouble)
    assert looking.driver.idle() == fault(raw)
    looking.bench.hands(do="trouble", code=0)
    looking.bench.after(2.0, lambda: looking.bench.hands(**trouble))
    assert looking.inspect() == fault(raw)


def test_a_state_that_lacks_its_byte_is_a_bad_frame(looking: Looking) -> None:
    looking.bench.hands(do="trouble", code=0x47)
    assert looking.driver.idle() == DeviceError(DeviceErrorCode.BAD_FRAME, (("raw", "47"),))


def test_an_answer_of_another_machine_on_the_bus_is_not_ours() -> None:
    bill_to_bill = bytes.fromhex("02 01 06 19 3A BA")
    found = Looking(ScriptedMachine(*[bill_to_bill] * 3)).driver.idle()
    assert found == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "POLL"),))


def test_nobody_there_is_a_timeout_and_a_pulled_cable_a_lost_link(looking: Looking) -> None:
    looking.bench.hands(do="fault", kind="silent")
    assert looking.inspect() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "POLL"),))
    assert looking.driver.resync() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "IDENTIFICATION"),))
    looking.bench.hands(do="fault", kind="silent")
    assert looking.driver.resync() is None
    looking.bench.host.pull()
    with pytest.raises(LinkLost):
        looking.driver.idle()
    with pytest.raises(LinkLost):
        CcnetDetector("detector-2", looking.bench.clock).idle()


# --- the machine's own manners ------------------------------------------------------------------------------


def said(machine: CcnetSimulator, *frames: bytes) -> bytes:
    for frame in frames:
        machine.receive(frame, 100.0)
    return machine.pending(100.0)


def test_the_machine_answers_the_published_bytes(tmp_path: Path) -> None:
    machine = CcnetSimulator(tmp_path, {})
    assert said(machine, FRAMES["host POLL"]) == FRAMES["dev POWER UP"]
    assert said(machine, FRAMES["host ENABLE all types, escrow all"]) == FRAMES["dev ILLEGAL COMMAND"]
    assert said(machine, RESET) == FRAMES["dev ACK"]
    assert said(machine, FRAMES["host POLL"]) == FRAMES["dev INITIALIZE"]
    machine.pending(200.0)
    assert said(machine, FRAMES["host POLL"]) == FRAMES["dev UNIT DISABLED"]


def test_the_machine_does_not_execute_what_other_programs_send_wrongly(tmp_path: Path) -> None:
    machine = CcnetSimulator(tmp_path, {})
    said(machine, RESET)
    machine.pending(200.0)
    machine.receive(FRAMES["host ENABLE all types, escrow all"], 200.0)
    machine.pending(200.0)
    machine.receive(WRONG, 200.0)
    assert machine.pending(200.0) == FRAMES["dev NAK"]
    assert machine.hands({"do": "report"})["enabled"]
    machine.receive(DISABLE, 200.0)
    assert not machine.hands({"do": "report"})["enabled"]


def test_a_strict_machine_lets_a_slow_frame_go(tmp_path: Path) -> None:
    strict, patient = CcnetSimulator(tmp_path / "a", {"strict": "1"}), CcnetSimulator(tmp_path / "b", {})
    for machine, answer in ((strict, b""), (patient, FRAMES["dev POWER UP"])):
        machine.receive(FRAMES["host POLL"][:3], 100.0)
        machine.receive(FRAMES["host POLL"][3:], 100.006)
        assert machine.pending(100.1) == answer


def test_a_note_is_seen_and_returned_over_a_real_line(tmp_path: Path) -> None:
    with SimulatorProcess("ccnet", tmp_path) as machine:
        driver = CcnetDetector("detector-1", time.monotonic)
        link: Callable[[], Any] = lambda: link_for(machine.port, SerialSettings())  # noqa: E731
        with Watched(driver, link) as watched:
            assert watched.wait(DeviceState.READY).identity == SERIAL
            future = watched.worker.submit(lambda: driver.inspect("reading-1", lambda seen: None, Never()))
            wait_until(lambda: machine.hands(do="report")["state"] == 0x14)
            machine.hands(do="insert", denomination=50, classification=4)
            reading = future.result(10.0)
        assert isinstance(reading, NoteReading)
        assert (reading.note_class, reading.denomination_minor, reading.returned) == (
            NoteClass.GENUINE,
            5000,
            True,
        )
        facts = [fact["fact"] for fact in machine.hands(do="report")["facts"]]
    assert facts == ["inserted", "told to return", "returned"]
