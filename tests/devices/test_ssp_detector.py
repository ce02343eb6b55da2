"""The SSP and eSSP detector: no POLL while a note may be held, the note always given back, nothing executed twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import DeviceIdentity, DeviceState, IdentityKind, NoteClass, NoteReading
from devices.drivers.ssp import EsspDetector, SspDetector
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.simulators.process import SimulatorProcess
from devices.simulators.ssp import EsspSimulator, SspSimulator
from tests.devices.decode.validator_frames import load
from tests.devices.looking import LookingAtNotes, fault
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter, Watched, wait_until

FRAMES = {frame.name: frame.data for frame in load("ssp")}
SERIAL = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "1873452")
POLL, REJECT, SYNC, SERIAL_NUMBER, ENABLE = 0x07, 0x08, 0x11, 0x0C, 0x0A
Kind = tuple[type[SspDetector], type[SspSimulator]]
KINDS: tuple[Kind, ...] = ((SspDetector, SspSimulator), (EsspDetector, EsspSimulator))


class Faulty:
    """A machine whose answer number ``at`` goes wrong on the way, or that hears command number ``at`` twice."""

    def __init__(self, inner: Any, fault: str, at: int) -> None:
        self._inner, self._fault, self._at = inner, fault, at
        self._said = self._heard = 0
        self._late, self._due = b"", float("inf")
        self.hands = inner.hands

    def receive(self, data: bytes, now: float) -> None:
        self._heard += 1
        self._inner.receive(
            data * (2 if self._fault == "heard twice" and self._heard == self._at else 1), now
        )

    def pending(self, now: float) -> bytes:
        late = b""
        if now >= self._due:
            late, self._late, self._due = self._late, b"", float("inf")
        said: bytes = self._inner.pending(now)
        self._said += bool(said)
        if not said or self._said != self._at or self._fault == "heard twice":
            return late + said
        if self._fault == "late":
            self._late, self._due = said, now + 1.3
        damaged = said[:-1] + bytes([said[-1] ^ 4])
        return {"lost": b"", "damaged": damaged, "doubled": said * 2, "late": b""}[self._fault]

    def next_due(self, now: float) -> float | None:
        moments = [one for one in (self._inner.next_due(now), self._due) if one not in (None, float("inf"))]
        return min(moments) if moments else None


class Looking(LookingAtNotes):
    """An SSP or eSSP detector and its driver on one bench."""

    def __init__(self, machine: Any, driver: type[SspDetector] = SspDetector) -> None:
        bench = Bench(machine)
        super().__init__(bench, driver("detector-1", bench.clock))

    def insert_when_open(self, classification: int) -> None:
        """A person waits until the slot takes a note."""
        is_open = self.report()["enabled"]
        put = self.insert if is_open else self.insert_when_open
        self.bench.after(0.2, lambda: put(classification=classification))


@pytest.fixture(params=KINDS, ids=["ssp", "essp"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def looking(kind: Kind, tmp_path: Path) -> Looking:
    return Looking(kind[1](tmp_path, {}), kind[0])


def test_the_machine_is_known_without_a_poll(looking: Looking) -> None:
    assert looking.driver.identify() == SERIAL
    assert [code for code in looking.report()["executed"] if code != SYNC] == [SERIAL_NUMBER]


def test_the_first_poll_comes_after_a_reject(looking: Looking) -> None:
    assert looking.rest(2) is DeviceState.READY
    executed = looking.report()["executed"]
    assert executed.index(REJECT) < executed.index(POLL)
    assert executed.count(REJECT) == 1


@pytest.mark.parametrize(("denomination", "minor"), [(1, 100), (20, 2000), (100, 10000)])
def test_a_note_the_machine_authenticated_is_told_and_given_back(
    looking: Looking, denomination: int, minor: int
) -> None:
    reading = looking.seen(denomination=denomination)
    assert (reading.note_class, reading.raw_class) == (NoteClass.GENUINE, 0xEF)
    assert (reading.currency, reading.denomination_minor, reading.returned) == ("CNY", minor, True)
    assert looking.facts() == ["inserted", "returned"]
    assert looking.rest() is DeviceState.READY


@pytest.mark.parametrize("code", [0x01, 0x02, 0x0E, 0x0F, 0x1C, 0x77])
def test_a_note_turned_away_is_unrecognised_whatever_the_reason(looking: Looking, code: int) -> None:
    reading = looking.seen(classification=2, reason=code)
    assert (reading.note_class, reading.raw_class, reading.returned) == (NoteClass.UNRECOGNISED, code, True)
    assert (reading.currency, reading.denomination_minor) == ("", 0)
    assert looking.facts() == ["inserted", "returned"]


def test_an_old_machine_keeps_its_protocol_and_tells_its_values(kind: Kind, tmp_path: Path) -> None:
    looking = Looking(kind[1](tmp_path, {"protocol": "4"}), kind[0])
    assert looking.seen(denomination=50).denomination_minor == 5000


def test_notes_one_after_the_other_are_each_read_once(looking: Looking) -> None:
    found = [looking.seen(denomination=unit) for unit in (5, 50, 10)]
    assert [one.denomination_minor for one in found] == [500, 5000, 1000]
    assert looking.facts() == ["inserted", "returned"] * 3
    assert len({one.frames_digest for one in found}) == 3


def test_nobody_puts_a_note_in_and_the_slot_is_shut_again(looking: Looking) -> None:
    assert looking.inspect() == DeviceError(DeviceErrorCode.NO_NOTE)
    assert not looking.report()["enabled"]
    assert looking.inspect(StopAfter(looking.bench, 2.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    looking.insert()
    assert looking.facts() == ["not taken"]


def test_a_note_drawn_in_just_before_the_wait_ended_is_given_back(looking: Looking) -> None:
    looking.bench.after(4.95, looking.insert)
    assert looking.inspect(StopAfter(looking.bench, 5.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    assert looking.rest() is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]


@pytest.mark.parametrize("broken", ["lost", "damaged", "doubled", "late", "heard twice"])
@pytest.mark.parametrize("genuine", [True, False])
def test_one_answer_that_goes_wrong_anywhere_costs_nothing(
    kind: Kind, tmp_path: Path, broken: str, genuine: bool
) -> None:
    """Each answer of a whole inspection in turn: the same commands are executed as if nothing had been."""
    whole: list[int] = []
    for at in range(25):
        looking = Looking(Faulty(kind[1](tmp_path / f"{at}", {}), broken, at), kind[0])
        looking.insert_when_open(4 if genuine else 2)
        reading = looking.inspect()
        assert isinstance(reading, NoteReading), at
        assert reading.note_class is (NoteClass.GENUINE if genuine else NoteClass.UNRECOGNISED), at
        assert reading.returned, at
        assert looking.facts() == ["inserted", "returned"], at
        executed = [code for code in looking.report()["executed"] if code not in (POLL, SYNC)]
        whole = whole or executed
        assert executed == whole, at
    assert whole.count(REJECT) == (2 if genuine else 1)


@pytest.mark.parametrize("at", [2.4, 2.6, 2.8, 3.0])
def test_silence_around_the_note_never_costs_the_note(looking: Looking, at: float) -> None:
    """The answer that tells of the note, or what follows, is never heard; the line comes back seconds later."""
    looking.bench.after(at, lambda: looking.bench.hands(do="fault", kind="silent"))
    looking.bench.after(at + 6.0, lambda: looking.bench.hands(do="fault", kind="silent"))
    looking.bench.after(2.0, looking.insert)
    found = looking.inspect(StopAfter(looking.bench, 20.0))
    assert looking.rest() is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]
    assert isinstance(found, DeviceError) or found.note_class is NoteClass.GENUINE


def test_a_note_that_a_killed_desk_left_in_escrow_is_given_back_by_the_next(
    kind: Kind, tmp_path: Path
) -> None:
    first = Looking(kind[1](tmp_path, {}), kind[0])
    first.bench.after(2.0, first.insert)
    first.inspect(StopAfter(first.bench, 2.2))
    first.bench.now += 0.2
    first.bench.simulator.pending(first.bench.now)
    assert first.report()["stage"] == "escrow"
    second = Looking(first.bench.simulator, kind[0])
    second.bench.now = first.bench.now
    assert second.driver.identify() == SERIAL
    assert second.rest() is DeviceState.READY
    assert second.facts() == ["inserted", "returned"]


def test_behind_an_event_nobody_lists_a_note_may_stand(looking: Looking) -> None:
    looking.rest(2)
    looking.bench.hands(do="tell", events="A0 EF 03")
    assert looking.driver.idle() == fault("A0 unknown event")
    before = looking.report()["executed"].count(REJECT)
    looking.driver.idle()
    executed = looking.report()["executed"]
    assert executed.count(REJECT) == before + 1
    assert executed[-2:] == [REJECT, POLL]


def test_a_cut_event_is_a_bad_frame_and_a_note_may_stand_there_too(looking: Looking) -> None:
    looking.rest(2)
    looking.bench.hands(do="tell", events="DA 09")
    found = looking.driver.idle()
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.BAD_FRAME
    looking.driver.idle()
    assert looking.report()["executed"][-2:] == [REJECT, POLL]


@pytest.mark.parametrize(
    ("events", "raw"),
    [
        ("E9", "E9 UNSAFE JAM"),
        ("EA", "EA SAFE JAM"),
        ("E7", "E7 STACKER FULL"),
        ("E0", "E0 NOTE PATH OPEN"),
        ("A0", "A0 unknown event"),
    ],
)
def test_trouble_is_told_and_gone_when_the_machine_says_no_more(
    looking: Looking, events: str, raw: str
) -> None:
    looking.rest(2)
    looking.bench.hands(do="tell", events=events)
    assert looking.driver.idle() == fault(raw)
    assert looking.rest(2) is DeviceState.READY
    looking.bench.after(2.0, lambda: looking.bench.hands(do="tell", events=events))
    assert looking.inspect() == fault(raw)


@pytest.mark.parametrize(
    ("events", "raw"),
    [
        ("EE 03", "EE CREDIT channel 3"),
        ("CC", "CC STACKING"),
        ("EB", "EB STACKED"),
        ("DB", "DB STORED IN PAYOUT"),
        ("E2 02", "E2 CLEARED TO CASHBOX channel 2"),
        ("E6 02", "E6 FRAUD channel 2"),
    ],
)
def test_a_note_kept_or_a_trick_stays_told_until_the_cash_box_was_out(
    looking: Looking, events: str, raw: str
) -> None:
    looking.rest(2)
    looking.bench.hands(do="tell", events=events)
    assert looking.driver.idle() == fault(raw)
    assert looking.rest() == fault(raw)
    assert looking.inspect() == fault(raw)
    looking.bench.hands(do="tell", events="E3")
    assert looking.driver.idle() == fault("E3 CASHBOX REMOVED")
    looking.bench.hands(do="tell", events="E4")
    assert looking.rest(2) is DeviceState.READY


def test_a_machine_that_takes_the_note_all_the_same_is_found_out(looking: Looking) -> None:
    looking.bench.hands(do="fault", kind="no_reject")
    looking.bench.after(2.0, looking.insert)
    found = looking.inspect()
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.DEVICE_FAULT
    assert looking.rest() == fault("EB STACKED")
    assert not looking.report()["enabled"], "it takes no further note"


def test_a_machine_that_starts_anew_while_a_note_is_awaited_says_so_and_is_led_back(looking: Looking) -> None:
    looking.bench.after(3.0, lambda: looking.bench.hands(do="power"))
    assert looking.inspect() == DeviceError(DeviceErrorCode.RESTARTED)
    looking.rest(3)
    assert looking.rest(2) is DeviceState.READY
    assert looking.seen().returned, "channels and key are agreed on again"


def test_a_machine_that_started_anew_while_nobody_looked_has_its_channels_again(looking: Looking) -> None:
    looking.rest(2)
    looking.bench.hands(do="power")
    looking.rest(3)
    assert looking.seen().note_class is NoteClass.GENUINE


def test_a_frame_nobody_answered_is_repeated_byte_by_byte(looking: Looking) -> None:
    looking.rest(2)
    looking.bench.hands(do="fault", kind="silent")
    before = len(looking.bench.written)
    looking.driver.idle()
    sent = looking.bench.written[before:]
    assert sent == sent[: len(sent) // 4] * 4


def test_nobody_there_is_a_timeout_and_a_pulled_cable_a_lost_link(looking: Looking) -> None:
    looking.bench.hands(do="fault", kind="silent")
    assert looking.inspect() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "SYNC"),))
    assert looking.bench.written == FRAMES["host SYNC seq1"] * 4, "only the same frame is repeated"
    assert looking.driver.resync() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "SYNC"),))
    looking.bench.hands(do="fault", kind="silent")
    assert looking.driver.resync() is None
    looking.bench.host.pull()
    with pytest.raises(LinkLost):
        looking.driver.idle()
    with pytest.raises(LinkLost):
        SspDetector("detector-2", looking.bench.clock).idle()


@pytest.mark.parametrize(
    ("answer", "identity"),
    [
        ("dev UNKNOWN COMMAND seq0", DeviceIdentity(IdentityKind.NONE)),
        ("dev OK seq0", DeviceIdentity(IdentityKind.NONE)),
    ],
)
def test_a_machine_without_a_serial_number_has_no_identity(answer: str, identity: DeviceIdentity) -> None:
    assert Looking(ScriptedMachine(FRAMES["dev OK seq1"], FRAMES[answer])).driver.identify() == identity


def test_an_answer_with_the_other_sequence_bit_is_late_and_not_matched() -> None:
    looking = Looking(ScriptedMachine(FRAMES["dev OK seq1"], *[FRAMES["dev READ ch3 (escrow) seq1"]] * 4))
    assert looking.driver.identify() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "SERIAL"),))


def test_an_answer_that_ends_in_half_a_doubled_byte_does_not_swallow_the_next() -> None:
    half = FRAMES["dev OK seq1"][:-1] + b"\x7f"
    looking = Looking(ScriptedMachine(half, FRAMES["dev OK seq1"], FRAMES["dev UNKNOWN COMMAND seq0"]))
    looking.driver.identify()
    assert looking.bench.written == FRAMES["host SYNC seq1"] * 2 + FRAMES["host SERIAL seq0"]


def test_a_code_nobody_lists_is_a_fault_and_no_success() -> None:
    looking = Looking(ScriptedMachine(FRAMES["dev OK seq1"], FRAMES["dev stuffing: data byte 7F seq0"]))
    assert looking.driver.idle() == fault("7F unknown answer to REJECT")


# --- eSSP -----------------------------------------------------------------------------------------------------


def test_with_a_key_nothing_is_said_openly(tmp_path: Path) -> None:
    looking = Looking(EsspSimulator(tmp_path, {}), EsspDetector)
    looking.rest()
    at = looking.bench.written.index(b"\x4c")
    sealed = [frame for frame in looking.bench.written[at + 12 :].split(b"\x7f") if len(frame) > 12]
    assert len(sealed) > 20
    assert all(frame[2] == 0x7E for frame in sealed if frame[1] == 17)
    assert FRAMES["host POLL seq0"] not in looking.bench.written
    assert FRAMES["host POLL seq1"] not in looking.bench.written


def test_each_session_has_another_key(tmp_path: Path) -> None:
    numbers = []
    for name in "ab":
        looking = Looking(EsspSimulator(tmp_path / name, {}), EsspDetector)
        looking.driver.identify()
        numbers.append(looking.bench.written[:60])
    assert numbers[0] != numbers[1]


def test_an_answer_with_the_wrong_counter_is_thrown_away(tmp_path: Path) -> None:
    machine = EsspSimulator(tmp_path, {})
    looking = Looking(machine, EsspDetector)
    looking.rest(2)
    machine._counter += 1
    assert looking.driver.idle() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "POLL"),))
    assert looking.rest(3) is DeviceState.READY, "a new key, counters from nought"


def test_a_plain_answer_to_a_sealed_command_is_thrown_away(tmp_path: Path) -> None:
    class Plain(EsspSimulator):
        open_now = False

        def _close(self, data: bytes) -> bytes:
            return data if self.open_now else super()._close(data)

    machine = Plain(tmp_path, {})
    looking = Looking(machine, EsspDetector)
    looking.rest(2)
    machine.open_now = True
    assert looking.driver.idle() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "POLL"),))


def test_a_machine_that_knows_no_keys_says_so(tmp_path: Path) -> None:
    looking = Looking(SspSimulator(tmp_path, {}), EsspDetector)
    assert looking.driver.identify() == DeviceIdentity(IdentityKind.NONE)
    assert looking.driver.idle() == fault("F2 UNKNOWN COMMAND to SET_GENERATOR")
    plain = Looking(EsspSimulator(tmp_path, {}), SspDetector)
    assert plain.driver.idle() == fault("FA KEY NOT SET to REJECT")


# --- the machine's own manners ----------------------------------------------------------------------------------


def test_the_machine_answers_the_published_bytes_and_repeats_without_executing(tmp_path: Path) -> None:
    machine = SspSimulator(tmp_path, {})

    def said(*names: str) -> bytes:
        for name in names:
            machine.receive(FRAMES[name], 100.0)
        return machine.pending(100.0)

    assert said("host SYNC seq1") == FRAMES["dev OK seq1"]
    assert said("host POLL seq0") != said("host POLL seq1"), "the reset is told once"
    assert said("host ENABLE seq0", "host ENABLE seq0") == FRAMES["dev OK seq0"] * 2
    assert machine.hands({"do": "report"})["executed"].count(ENABLE) == 1
    machine.receive(FRAMES["host DISABLE seq1"][:-1] + b"\x00", 100.0)
    assert machine.pending(100.0) == b"", "a bad check is met with silence"
    assert machine.hands({"do": "report"})["enabled"]


def test_the_machine_takes_a_note_that_is_polled_anew_and_not_one_that_is_polled_again(
    tmp_path: Path,
) -> None:
    machine = SspSimulator(tmp_path, {})
    for name in ("host SYNC seq1", "host INHIBITS 07 00 seq0", "host ENABLE seq1"):
        machine.receive(FRAMES[name], 100.0)
    machine.hands({"do": "insert", "denomination": 5, "classification": 4})
    machine.pending(100.0)
    for now in (101.0, 102.0, 103.0):
        machine.receive(FRAMES["host POLL seq0"], now)
    assert machine.hands({"do": "report"})["stage"] == "escrow"
    machine.receive(FRAMES["host POLL seq1"], 104.0)
    machine.pending(105.0)
    assert [fact["fact"] for fact in machine.hands({"do": "report"})["facts"]] == ["inserted", "stacked"]


@pytest.mark.parametrize(
    ("ends", "event"),
    [("nobody asks", 0xEC), ("power", 0xE1)],
)
def test_a_note_in_escrow_goes_back_by_itself(tmp_path: Path, ends: str, event: int) -> None:
    machine = SspSimulator(tmp_path, {})
    for name in ("host SYNC seq1", "host INHIBITS 07 00 seq0", "host ENABLE seq1"):
        machine.receive(FRAMES[name], 100.0)
    machine.hands({"do": "insert", "denomination": 5, "classification": 4})
    for now in (100.0, 101.0, 101.1):
        machine.pending(now)
    machine.receive(FRAMES["host POLL seq0"], 101.2)
    if ends == "power":
        machine.hands({"do": "power"})
    for now in (111.3, 112.0, 113.0):
        machine.pending(now)
    assert [fact["fact"] for fact in machine.hands({"do": "report"})["facts"]] == ["inserted", "returned"]
    machine.receive(FRAMES["host POLL seq1"], 114.0)
    assert event in machine.pending(114.0)


@pytest.mark.parametrize("name", ["ssp", "essp"])
def test_a_note_is_seen_and_returned_over_a_real_line(name: str, tmp_path: Path) -> None:
    with SimulatorProcess(name, tmp_path) as machine:
        driver = {"ssp": SspDetector, "essp": EsspDetector}[name]("detector-1", time.monotonic)
        link: Callable[[], Any] = lambda: link_for(machine.port, SerialSettings(stop_bits=2))  # noqa: E731
        with Watched(driver, link) as watched:
            status = watched.wait(DeviceState.READY)
            assert (status.identity, status.note) == (SERIAL, "opened as 8N1 (pty)")
            future = watched.worker.submit(lambda: driver.inspect("reading-1", lambda seen: None, Never()))
            wait_until(lambda: machine.hands(do="report")["enabled"])
            machine.hands(do="insert", denomination=50, classification=4)
            reading = future.result(10.0)
        assert isinstance(reading, NoteReading)
        assert (reading.note_class, reading.denomination_minor, reading.returned) == (
            NoteClass.GENUINE,
            5000,
            True,
        )
        assert [fact["fact"] for fact in machine.hands(do="report")["facts"]] == ["inserted", "returned"]
