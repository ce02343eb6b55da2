"""The ccTalk detector's driver on the bench: the note always comes back, nothing is guessed, whatever the line does."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import DeviceIdentity, DeviceState, IdentityKind, NoteClass, NoteReading
from devices.drivers import cctalk as driver_module
from devices.drivers.cctalk import CctalkCrc16Detector, CctalkDetector
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.simulators.cctalk import CctalkCrc16Simulator, CctalkSimulator
from devices.simulators.cctalk_cipher import scramble, unscramble
from devices.simulators.process import SimulatorProcess
from devices.supervised import SupervisedDetector
from tests.devices.looking import LookingAtNotes, fault_of, passes, silent_and_got_over, stays
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter, Watched
from tests.devices.wire.validators import CCTALK, ENCIPHERED, EXCHANGES

SERIAL = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "1605")
KEY = "271828"
SETTLED = 4.0
"""Seconds after which a note on its way in at the last blocking would have shown itself."""
STACK = CCTALK["route: stack"]
RETURN = CCTALK["route: return"]
VARIANTS: dict[str, tuple[Any, Any, str]] = {
    "simple": (CctalkDetector, CctalkSimulator, ""),
    "crc16": (CctalkCrc16Detector, CctalkCrc16Simulator, ""),
    "enciphered": (CctalkCrc16Detector, CctalkCrc16Simulator, KEY),
}


class Looking(LookingAtNotes):
    """A ccTalk detector and its driver on one bench."""

    def __init__(self, machine: Any, driver: type[CctalkDetector] = CctalkDetector, key: str = "") -> None:
        bench = Bench(machine)
        super().__init__(bench, driver("detector-1", bench.clock, key))

    def event(self, first: int, second: int) -> None:
        self.bench.hands(do="event", code=[first, second])

    def settle(self) -> None:
        self.bench.read(1.0)

    @property
    def is_open(self) -> bool:
        return bool(self.report()["open"])


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    looking = Looking(CctalkSimulator(tmp_path, {}))
    assert looking.driver.identify() == SERIAL
    assert looking.idle(SETTLED) is DeviceState.READY
    return looking


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_notes_are_read_and_given_back_in_every_variant(tmp_path: Path, variant: str) -> None:
    driver, machine, key = VARIANTS[variant]
    looking = Looking(machine(tmp_path, {"key": key}), driver, key)
    assert looking.driver.identify() == SERIAL
    for denomination in (100, 1):
        looking.bench.after(1.0, partial(looking.insert, denomination))
        reading = looking.read()
        assert (reading.note_class, reading.currency) == (NoteClass.GENUINE, "CNY")
        assert (reading.denomination_minor, reading.returned) == (denomination * 100, True)
        assert not looking.is_open, "nobody asked for the next note"
    assert reading.raw_class == 0x0101, "type 1, in escrow"
    assert looking.facts() == ["inserted", "returned"] * 2


@pytest.mark.parametrize("key", ["", "271829"])
def test_a_wrong_key_meets_silence(tmp_path: Path, key: str) -> None:
    looking = Looking(CctalkCrc16Simulator(tmp_path, {"key": KEY}), CctalkCrc16Detector, key)
    found = looking.driver.identify()
    assert found == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "category"),))


@pytest.mark.parametrize("code", [2, 3, 4, 5])
def test_a_note_turned_away_is_unrecognised_not_forged(looking: Looking, code: int) -> None:
    looking.insert(reject=code)
    reading = looking.read()
    assert (reading.note_class, reading.raw_class) == (NoteClass.UNRECOGNISED, code)
    assert (reading.currency, reading.denomination_minor, reading.returned) == ("", 0, True)
    assert not looking.is_open


def test_a_type_the_table_does_not_tell_is_unrecognised_and_given_back(tmp_path: Path) -> None:
    """No country of the program's table: what it is worth cannot be said."""
    looking = Looking(CctalkSimulator(tmp_path, {"country": "QQ"}))
    looking.insert()
    reading = looking.read()
    assert (reading.note_class, reading.denomination_minor, reading.raw_class) == (
        NoteClass.UNRECOGNISED,
        0,
        0x0601,
    )
    assert looking.facts() == ["inserted", "returned"]


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
    for more in ({}, {"reject": 2}, {}):
        looking.insert(**more)
        looking.inspect(StopAfter(looking.bench, 3.0))
        looking.idle()
    assert STACK not in looking.bench.written
    assert looking.bench.written.count(RETURN) == 2
    assert "stacked" not in looking.facts()


def test_a_machine_that_does_not_confirm_escrow_is_never_opened(tmp_path: Path) -> None:
    """It would stack every note it likes."""
    looking = Looking(CctalkSimulator(tmp_path, {}))
    looking.fault("no_escrow")
    looking.insert()
    wanted = DeviceError(DeviceErrorCode.UNSUPPORTED, (("what", "escrow"),))
    assert looking.idle() == wanted
    assert looking.inspect() == wanted
    assert looking.facts() == ["inserted"]
    assert CCTALK["master inhibit normal"] not in looking.bench.written


def test_escrow_lost_between_two_notes_is_noticed(looking: Looking) -> None:
    looking.insert()
    looking.read()
    looking.fault("no_escrow")
    looking.insert()
    found = looking.inspect()
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.UNSUPPORTED


def test_a_note_stacked_unasked_is_a_fault_and_no_reading(looking: Looking) -> None:
    looking.bench.after(1.0, lambda: looking.event(6, 0))
    assert fault_of(looking.inspect()) == "a note was stacked"
    looking.bench.after(1.0, lambda: looking.event(0, 21))
    assert fault_of(looking.inspect()) == "a note was stacked"


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
    assert looking.idle(2.0) is DeviceState.READY
    assert looking.facts() == ["inserted", "returned"]


def test_a_note_held_from_before_a_lost_line_is_given_back_first(looking: Looking) -> None:
    looking.fault("deaf_route")
    looking.insert()
    assert not looking.read().returned
    looking.fault("deaf_route")
    again = CctalkDetector("detector-1", looking.bench.clock)
    again.attach(looking.bench)
    again.idle()
    looking.settle()
    assert looking.facts() == ["inserted", "returned"]


@pytest.mark.parametrize(("times", "sent", "returned"), [(1, 2, True), (99, 5, False)])
def test_routing_is_asked_again_only_while_the_log_says_the_note_lies_there(
    looking: Looking, times: int, sent: int, returned: bool
) -> None:
    looking.fault("deaf_route", times=times)
    looking.insert()
    reading = looking.read()
    assert (reading.returned, reading.note_class) == (returned, NoteClass.GENUINE)
    assert looking.bench.written.count(RETURN) == sent
    assert looking.facts() == ["inserted", "returned"][: 2 if returned else 1]


def test_a_note_pulled_out_by_hand_is_not_called_returned(looking: Looking) -> None:
    looking.fault("deaf_route", times=1)
    looking.insert()
    looking.bench.after(1.5, lambda: looking.bench.hands(do="pull"))
    assert fault_of(looking.inspect()) == "bill pulled backwards"
    looking.settle()
    assert looking.idle(1.0) is DeviceState.READY


def test_a_note_gone_unseen_is_not_called_returned_and_not_asked_for_for_ever(looking: Looking) -> None:
    """The machine says that nothing is in escrow, and never said that it gave the note back."""
    looking.fault("deaf_route", times=1)
    looking.insert()
    looking.bench.after(1.5, lambda: looking.bench.hands(do="pull", unseen=True))
    reading = looking.read()
    assert (reading.note_class, reading.returned) == (NoteClass.GENUINE, False)
    assert looking.bench.written.count(RETURN) == 2
    assert looking.idle() is DeviceState.READY


def test_a_note_of_before_that_is_stacked_instead_is_told(looking: Looking) -> None:
    looking.fault("deaf_route")
    looking.insert()
    assert not looking.read().returned
    looking.bench.after(0.3, lambda: looking.event(6, 0))
    assert fault_of(looking.inspect()) == "a note was stacked"


def test_the_next_note_stays_at_the_slot_while_this_one_goes_back(looking: Looking) -> None:
    looking.insert(100)
    looking.insert(50)
    assert looking.read().denomination_minor == 10000
    looking.idle(2.0)
    assert looking.facts() == ["inserted", "inserted", "returned"]
    assert looking.read().denomination_minor == 5000


def test_what_another_host_stacked_is_history(tmp_path: Path) -> None:
    looking = Looking(CctalkSimulator(tmp_path, {}))
    looking.event(6, 1)
    looking.event(6, 0)
    assert looking.driver.idle() is DeviceState.READY
    assert RETURN not in looking.bench.written


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (6, "bill jammed (unsafe)"),
        (9, "bill tamper"),
        (17, "opto fraud"),
        (18, "string fraud"),
        (22, "unknown event 0 22"),
    ],
)
def test_trouble_at_work_is_a_fault_never_a_class(looking: Looking, code: int, words: str) -> None:
    looking.bench.after(1.0, lambda: looking.event(0, code))
    assert fault_of(looking.inspect()) == words
    assert not looking.is_open


def test_trouble_at_rest_stays_until_the_machine_says_it_is_over(looking: Looking) -> None:
    looking.fault("broken")
    looking.event(0, 7)
    assert fault_of(looking.idle(2.0)) == "bill jammed in stacker"
    assert fault_of(looking.inspect()) == "bill jammed in stacker"
    looking.fault("broken")
    assert looking.idle(1.0) is DeviceState.READY
    looking.event(0, 11)
    looking.event(0, 12)
    assert looking.idle(0.3) is DeviceState.READY


def test_a_machine_that_blocked_itself_is_opened_again(looking: Looking) -> None:
    """Five seconds without polls: it says so, and the wait goes on."""
    looking.bench.after(1.0, lambda: looking.fault("silent", times=2))
    looking.bench.after(2.5, lambda: looking.bench.simulator.__setattr__("_polled", looking.bench.now - 6.0))
    looking.bench.after(4.0, looking.insert)
    assert looking.read().note_class is NoteClass.GENUINE


def test_a_restart_in_the_middle_is_told_and_everything_is_set_again(looking: Looking) -> None:
    looking.insert()
    looking.read()
    looking.bench.after(1.0, lambda: looking.bench.hands(do="restart"))
    assert fault_of(looking.inspect()) == "restarted"
    before = len(looking.bench.written)
    assert looking.driver.idle() is DeviceState.READY
    assert CCTALK["operating mode stacker+escrow"] in looking.bench.written[before:], "ready means set up"
    looking.insert(20)
    assert looking.read().denomination_minor == 2000
    assert "stacked" not in looking.facts()


def test_a_hole_in_the_log_is_a_fault_and_a_note_in_it_still_goes_back(looking: Looking) -> None:
    looking.insert()

    def many() -> None:
        for _ in range(6):
            looking.event(0, 10)

    looking.bench.after(0.25, many)
    assert fault_of(looking.inspect()).startswith("events lost: ")
    looking.idle(2.0)
    assert looking.facts() == ["inserted", "returned"]


def test_the_log_is_followed_round_its_end(looking: Looking) -> None:
    for _ in range(253):
        looking.event(0, 10)
        looking.bench.read(0.2)
        assert looking.driver.idle() is DeviceState.READY
    looking.insert()
    assert looking.read().returned
    assert looking.facts() == ["inserted", "returned"]
    looking.insert()
    assert looking.read().returned


@pytest.mark.parametrize("kind", ["silent", "bad_check", "half", "bad_echo", "late", "busy"])
def test_a_fault_that_passes_costs_a_repetition_and_nothing_else(looking: Looking, kind: str) -> None:
    passes(looking, kind)


@pytest.mark.parametrize(
    ("kind", "code", "raw"),
    [
        ("silent", DeviceErrorCode.TIMEOUT, ""),
        ("bad_check", DeviceErrorCode.TIMEOUT, ""),
        ("half", DeviceErrorCode.TIMEOUT, ""),
        ("nak", DeviceErrorCode.DEVICE_FAULT, "NAK"),
        ("busy", DeviceErrorCode.DEVICE_FAULT, "BUSY"),
        ("bad_echo", DeviceErrorCode.DEVICE_FAULT, "bus: echo differs"),
        ("no_echo", DeviceErrorCode.DEVICE_FAULT, "bus: echo differs"),
    ],
)
def test_a_fault_that_stays_ends_in_an_error_value(
    looking: Looking, kind: str, code: DeviceErrorCode, raw: str
) -> None:
    stays(looking, kind, code, raw)
    assert not looking.is_open


def test_answers_that_always_come_late_are_never_taken_for_the_next_question(looking: Looking) -> None:
    looking.fault("late")
    for _ in range(4):
        assert looking.driver.identify() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "category"),))
    looking.fault("late")
    assert looking.driver.resync() is None
    assert looking.driver.identify() == SERIAL


@pytest.mark.parametrize("lateness", ["0.3", "0.5", "0.6", "0.75", "1.0", "1.5", "3.0"])
def test_a_late_answer_never_gives_a_note_anothers_worth(tmp_path: Path, lateness: str) -> None:
    """However late, whichever answers: the worth is right or there is no reading."""
    read = 0
    for first in range(30):
        looking = Looking(CctalkSimulator(tmp_path / str(first), {"lateness": lateness}))
        looking.fault("late", times=3, skip=first)
        looking.idle(0.1)
        looking.insert(50)
        for _ in range(3):
            found = looking.inspect(StopAfter(looking.bench, 5.0))
            if isinstance(found, NoteReading):
                assert (found.denomination_minor, found.currency) == (5000, "CNY")
                read += 1
        assert "stacked" not in looking.facts()
    assert read > 10


def test_what_a_late_answer_leaves_behind_does_not_meet_the_next_question(tmp_path: Path) -> None:
    """Asked twice, answered late and again: the second answer is read away first."""
    looking = Looking(CctalkSimulator(tmp_path, {"latency": "0.1", "lateness": "0.75"}))
    looking.fault("late", times=1)
    assert looking.driver.identify() == SERIAL
    asked = {request[3]: looking.bench.written.count(request) for request, _ in EXCHANGES}
    assert (asked[245], asked[242]) == (2, 1)


def test_half_an_answer_ends_with_the_gap_behind_it(looking: Looking) -> None:
    looking.fault("half")
    began = looking.bench.now
    looking.driver.identify()
    assert looking.bench.now - began < 1.3, "50 ms of silence, not the whole deadline, three times"


@pytest.mark.parametrize(
    "extra", [b"", bytes.fromhex("02 00 29 00 D5")], ids=["noise before", "another machine between"]
)
def test_what_is_not_the_answer_costs_nothing(extra: bytes) -> None:
    asked = {request[3]: (request, request + extra + answer) for request, answer in EXCHANGES}
    looking = Looking(ScriptedMachine(asked[245][1], asked[242][1]))
    if not extra:
        looking.bench.hands(say=b"\x00\x7f")
        looking.bench._pump()
    assert looking.driver.identify() == SERIAL
    assert looking.bench.written == asked[245][0] + asked[242][0]


def test_another_machine_on_the_port_is_named() -> None:
    request = next(asked for asked, _ in EXCHANGES if asked[3] == 245)
    hopper = bytes([1, 6, 40, 0]) + b"Payout"
    looking = Looking(ScriptedMachine(request + hopper + bytes([-sum(hopper) & 0xFF])))
    assert looking.driver.identify() == DeviceError(
        DeviceErrorCode.WRONG_DEVICE, (("expected", "Bill Acceptor"), ("found", "Payout"))
    )


def test_the_specifications_own_machine_is_known() -> None:
    """The transcript's bytes, not the simulator's."""
    asked = {request[3]: request + answer for request, answer in EXCHANGES}
    looking = Looking(ScriptedMachine(asked[245], asked[242]))
    assert looking.driver.identify() == DeviceIdentity(IdentityKind.SERIAL_NUMBER, "1605")


@pytest.mark.parametrize("answered", range(28))
def test_silence_from_any_answer_on_is_a_timeout_and_is_got_over(tmp_path: Path, answered: int) -> None:
    """Through start-up, opening and the first polls."""
    silent_and_got_over(Looking(CctalkSimulator(tmp_path, {})), answered)


def test_a_pulled_cable_is_a_lost_link(looking: Looking) -> None:
    looking.bench.host.pull()
    with pytest.raises(LinkLost):
        looking.inspect()
    with pytest.raises(LinkLost):
        CctalkDetector("detector-1", time.monotonic).identify()


def test_the_simulators_own_cipher_is_the_captured_one() -> None:
    for _, wire, clear in ENCIPHERED:
        assert scramble(clear[2:], "123456") == wire[2:]
        assert unscramble(wire[2:], "123456") == clear[2:]


@pytest.mark.parametrize("frame", ["reset", "route: stack", "master inhibit normal"])
def test_the_simulator_is_silent_to_what_is_not_for_it(tmp_path: Path, frame: str) -> None:
    """And half a frame is forgotten after 50 ms."""
    machine, whole = CctalkSimulator(tmp_path, {}), CCTALK[frame]
    damaged = whole[:-1] + bytes([whole[-1] ^ 1])
    foreign = bytes([41, *whole[1:-1], whole[-1] - 1])
    for at, heard in enumerate((damaged, foreign, whole[:3])):
        machine.receive(heard, float(at))
        assert machine.pending(float(at)) == heard, "only the echo"
    poll = CCTALK["simple poll"]
    machine.receive(poll, 9.0)
    assert machine.pending(9.0) == poll + CCTALK["ACK reply"]


@pytest.mark.parametrize("model", ["cctalk", "cctalk_crc16"])
def test_a_note_is_read_over_a_real_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setattr(driver_module, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(driver_module, "SETTLE_SECONDS", 0.2)
    make: Callable[..., CctalkDetector] = {"cctalk": CctalkDetector, "cctalk_crc16": CctalkCrc16Detector}[
        model
    ]
    driver = make("detector-1", time.monotonic)
    with (
        SimulatorProcess(model, tmp_path, options={"speed": "0"}) as machine,
        Watched(driver, lambda: link_for(machine.port, SerialSettings())) as watched,
    ):
        assert watched.wait(DeviceState.READY).identity == SERIAL
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
