"""The machines page over the real counter: a spare swapped in by two people within a minute, the wrong machine named
and left alone, a machine that cannot say who it is confirmed with one key after each opening, and a binding that
outlives the program.

Simulators are real processes on real lines; the plug is pulled by killing one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from desk import commands as c
from desk.domain.events import Event, MachineBound, MachineConfirmed, TransactionStarted
from desk.machines import MachineOffer
from desk.persistence.journal_store import JournalStore
from desk.views import IdentifyView
from devices.contracts import DeviceKind, DeviceState, DeviceStatus, IdentityKind
from devices.simulators.process import SimulatorProcess
from tests.scenarios.branch import desk_head, found_test_branch
from tests.ui.counter_window import DAY, CounterWindow
from tests.ui.strings import everything
from tests.ui.window_of import settle
from ui.machine_room import FoundMachine
from ui.pages.machine_sheet import MachineSheet
from ui.training.branch import ACCOUNTS, TRAINING_PASSWORD
from ui.training.desk import TrainingDesk, open_training, open_training_store
from ui.training.hands_panel import HandsPanel

SUPERVISOR = "0102"
SWAP_SECONDS, SWAP_KEYS = 60.0, 12
"""A spare is in use within a minute, by so many keys besides the letters of the password."""
PRINTER, COUNTER, DETECTOR = (
    DeviceKind.PASSBOOK_PRINTER,
    DeviceKind.NOTE_COUNTER,
    DeviceKind.COUNTERFEIT_DETECTOR,
)


@pytest.fixture
def counter(themed: object, tmp_path: Path) -> Iterator[CounterWindow]:
    one = CounterWindow(tmp_path, "en")
    one.sign_on()
    yield one
    one.close()


def status_of(counter: CounterWindow, kind: DeviceKind) -> DeviceStatus | None:
    heard = counter.window._heard.get(kind)
    return heard[0] if heard else None


def until_state(counter: CounterWindow, kind: DeviceKind, state: DeviceState) -> None:
    def reached() -> bool:
        status = status_of(counter, kind)
        return status is not None and status.state is state

    counter.until(reached, f"{kind.value} {state.value}")


def sheet_of(counter: CounterWindow) -> MachineSheet:
    sheet = counter.window.machine_sheet
    assert sheet is not None
    return sheet


def until_told(counter: CounterWindow, key: str, **values: object) -> None:
    """Until the page says this sentence."""
    wanted = counter.texts(key, **values)

    def told() -> bool:
        settle()
        return any(wanted in text for _, text in everything(sheet_of(counter)))

    counter.until(told, wanted)


def restart(counter: CounterWindow, model: str, **options: str) -> SimulatorProcess:
    """Pull a machine's plug and put one on the same line, which gets another port."""
    before = counter.training.simulators[model]
    before.kill()
    return SimulatorProcess(model, counter.training.folder.machines, options={"speed": "0", **options})


def recorded(counter: CounterWindow, kind: type[Event]) -> list[Event]:
    own = counter.training.desk.store.own_recorded()
    return [one.event for one in own if isinstance(one.event, kind)]


def swap(counter: CounterWindow, choose: int = 0) -> None:
    """From the machines page, standing on the place: both people's keys."""
    counter.press("swap", "Enter")
    until_told(counter, "swap.choose")
    counter.press("swap", *["Down"] * choose, "Enter")
    until_told(counter, "swap.accept_hint")
    counter.press("swap", "+", *SUPERVISOR)
    counter.press("swap", *TRAINING_PASSWORD, counted=False)
    counter.press("swap", "Enter")
    counter.until(lambda: counter.window.machine_sheet is None or not sheet_of(counter)._spare.place, "bound")


# --- a spare ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "family"), [("t5040", "T5040/"), ("pr2", "PR2/")])
def test_a_spare_printer_takes_over_in_the_middle_of_a_step(
    counter: CounterWindow, model: str, family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same model on another line, or another model; the step that could not go on ends on the spare."""
    counter.press("start", *"1010")
    counter.until(lambda: isinstance(counter.view, IdentifyView) and counter.view.reading)
    counter.training.simulators["t5040"].kill()
    counter.until(lambda: bool(counter.refused), "the read was refused")
    until_state(counter, PRINTER, DeviceState.OFFLINE)
    spare = counter.training.carry_in(model)
    began = time.monotonic()
    counter.press("swap", "F7")
    swap(counter)
    until_state(counter, PRINTER, DeviceState.READY)
    seconds, keys = time.monotonic() - began, counter.keyboard.counts["swap"]
    with capsys.disabled():
        print(f"\nswap: a spare {model} is ready after {seconds:.1f} s and {keys} keys", end=" ")  # noqa: T201
    assert seconds < SWAP_SECONDS
    assert keys <= SWAP_KEYS
    assert counter.training.printer is spare
    counter.press("maker", "Esc", "F5")
    counter.until(lambda: isinstance(counter.view, IdentifyView) and counter.view.reading)
    counter.training.insert_book(ACCOUNTS[0])
    counter.until_page(IdentifyView, lambda v: isinstance(v, IdentifyView) and bool(v.account_number))
    bound = recorded(counter, MachineBound)[-1]
    assert isinstance(bound, MachineBound)
    assert (bound.place, bound.model, bound.port) == ("printer", model, f"machine:spare/{model}")
    assert bound.value.startswith(family)
    assert (bound.staff_no, bound.second_person) == ("0317", SUPERVISOR)


def test_a_wrong_password_leaves_the_old_machine_and_is_asked_again(counter: CounterWindow) -> None:
    counter.training.carry_in("ebds", serial="TD-EBDS-0002")
    before = counter.snapshot.machines
    counter.press("swap", "F7", "Down", "Down", "Enter")
    until_told(counter, "swap.choose")
    counter.press("swap", "Enter")
    until_told(counter, "swap.accept_hint")
    counter.press("swap", "+", *SUPERVISOR, *"wrong", "Enter")
    counter.until(lambda: bool(counter.refused), "refused")
    settle()
    shown = " ".join(text for _, text in everything(sheet_of(counter)))
    assert "The password is wrong (104)" in shown
    assert "wrong\n" not in shown
    assert counter.snapshot.machines == before
    counter.press("swap", *SUPERVISOR, *TRAINING_PASSWORD, "Enter")
    counter.until(lambda: counter.snapshot.machines != before, "swapped after the right one")


def test_esc_goes_back_one_stage_at_a_time_and_binds_nothing(counter: CounterWindow) -> None:
    counter.training.carry_in("ebds", serial="TD-EBDS-0002")
    counter.press("swap", "F7", "Down", "Down", "Enter")
    until_told(counter, "swap.choose")
    counter.press("swap", "Enter")
    until_told(counter, "swap.accept_hint")
    counter.press("swap", "+", *SUPERVISOR, "Esc")
    until_told(counter, "swap.accept_hint")
    counter.press("swap", "Esc")
    until_told(counter, "swap.choose")
    counter.press("swap", "Esc")
    until_told(counter, "machines.hint")
    counter.press("swap", "Esc")
    assert counter.window.machine_sheet is None
    assert len(recorded(counter, MachineBound)) == 4


def test_without_a_spare_the_page_says_what_to_do(counter: CounterWindow) -> None:
    counter.press("swap", "F7", "Enter")
    until_told(counter, "swap.nothing_next")
    counter.training.carry_in("pr2")
    counter.press("swap", "F5")
    until_told(counter, "swap.choose")


def test_the_wrong_machine_is_named_gets_nothing_and_may_be_registered(counter: CounterWindow) -> None:
    """Another detector on the very line of the old one."""
    other = restart(counter, "ebds", serial="TD-EBDS-0009")
    until_state(counter, DETECTOR, DeviceState.WRONG_DEVICE)
    counter.press("look", "F7")
    until_told(counter, "machines.wrong")
    shown = " ".join(text for _, text in everything(sheet_of(counter)))
    assert "TD-EBDS-0001" in shown
    assert "TD-EBDS-0009" in shown
    inserted = other.hands(do="insert", denomination=100, classification=4)["facts"]
    assert all(fact["fact"] in ("inserted", "not taken") for fact in inserted)
    swap(counter)
    until_state(counter, DETECTOR, DeviceState.READY)
    assert (
        next(one for one in counter.snapshot.machines if one.kind is DETECTOR).identity.value
        == "TD-EBDS-0009"
    )
    other.close()


# --- a machine that cannot say who it is ---------------------------------------------------------------------


def test_a_counter_that_cannot_say_who_it_is_is_confirmed_after_each_opening(counter: CounterWindow) -> None:
    """F7 and one key; what is asked of it before is refused with that advice."""
    counter.window.texts.switch("zh_CN")
    machine, room = counter.training.simulators["aa55"], counter.training.desk.top.room
    assert room is not None
    station = room._stations["counter"]
    for times in (1, 2):
        machine.kill()
        counter.until(lambda: not counter.window.awaited, "away")
        machine = SimulatorProcess("aa55", counter.training.folder.machines, options={"speed": "0"})
        counter.until(lambda: counter.window.awaited == (COUNTER,), "waits for a person")
        settle()
        assert "F7" in counter.window.top._lights[COUNTER].accessibleName()
        refused = station.worker.submit(lambda: "effect").result(1.0)
        assert "unconfirmed" in str(refused)
        counter.press("confirm", "F7")
        until_told(counter, "machines.ask")
        counter.press("confirm", "+")
        counter.until(lambda: station.worker.is_ready, "confirmed")
        counter.press("confirm", "Esc")
        assert len(recorded(counter, MachineConfirmed)) == times
    machine.close()


def test_a_locked_desk_confirms_and_shows_no_machine(counter: CounterWindow) -> None:
    counter.press("lock", "F12", "F7")
    assert counter.window.machine_sheet is None


# --- the record -----------------------------------------------------------------------------------------------


def test_a_swap_outlives_the_program(tmp_path: Path) -> None:
    opened = open_training(tmp_path, DAY, speed=0.0)
    assert isinstance(opened, TrainingDesk)
    opened.carry_in("ccnet", serial="TD-CC-00077")
    room = opened.desk.top.room
    assert room is not None
    (line,) = room.found("detector")
    offer = room.identify("detector", line)
    assert isinstance(offer, MachineOffer)
    opened.desk.session.do(c.SignOn("0317", TRAINING_PASSWORD))
    opened.desk.session.do(c.BindMachine("detector", offer.offer_id, SUPERVISOR, TRAINING_PASSWORD))
    assert opened.desk.top.wait_ready(10.0)
    opened.close()
    again = open_training(tmp_path, DAY, speed=0.0, confirmed=False)
    assert isinstance(again, TrainingDesk)
    room = again.desk.top.room
    assert room is not None
    places = {one.place: one for one in room.places()}
    waiting = {place for place in places if room.awaits_person(place)}
    ready = {one.device_id for one in room.workers if one.is_ready}
    again.close()
    detector = places["detector"]
    assert (detector.model, detector.identity.value) == ("ccnet", "TD-CC-00077")
    assert waiting == {"counter", "receipts"}
    assert ready == {"t5040", "ccnet"}


def test_a_record_from_before_bindings_opens_and_a_person_is_asked_for_each_machine(tmp_path: Path) -> None:
    """Its business began when nothing was bound: nobody binds at set-up any more, two people may."""
    folder = found_test_branch(tmp_path)
    store = open_training_store(folder)
    assert isinstance(store, JournalStore)
    begun = TransactionStarted("03-1124-0001", "cash_deposit", "d" * 64, "dual", 0, 0, "0317", "identify")
    store.append([(desk_head(store, "a" * 32, "0317", "maker"), begun)])
    store.close()
    opened = open_training(tmp_path, DAY, speed=0.0, confirmed=False)
    assert isinstance(opened, TrainingDesk)
    room = opened.desk.top.room
    assert room is not None
    places = room.places()
    waiting = [one.place for one in places if room.awaits_person(one.place)]
    (offer,) = (room.identify("printer", FoundMachine("machine:t5040", "", "t5040")),)
    assert isinstance(offer, MachineOffer)
    opened.desk.session.do(c.SignOn("0318", TRAINING_PASSWORD))
    opened.desk.session.do(c.BindMachine("printer", offer.offer_id, SUPERVISOR, TRAINING_PASSWORD))
    bound = room.places()[0]
    opened.close()
    assert [one.binding_id for one in places] == [""] * 4
    assert waiting == ["printer", "counter", "detector", "receipts"]
    assert (bound.identity.kind, bool(bound.binding_id)) == (IdentityKind.MODEL, True)


def test_a_machine_that_is_gone_for_a_moment_does_not_flicker_on_the_page(counter: CounterWindow) -> None:
    """The worker knows at once; what people see waits for three misses."""
    room = counter.training.desk.top.room
    assert room is not None
    worker = room._stations["detector"].worker
    counter.training.simulators["ebds"].kill()
    counter.until(lambda: worker.status.state is DeviceState.OFFLINE, "the worker knows")
    QTest.qWait(20)
    shown = status_of(counter, DETECTOR)
    assert shown is None or shown.state is not DeviceState.OFFLINE
    until_state(counter, DETECTOR, DeviceState.OFFLINE)


def test_set_up_binds_by_what_each_machine_says(counter: CounterWindow) -> None:
    told = {one.place: (one.identity.kind, bool(one.binding_id)) for one in counter.snapshot.machines}
    assert told == {
        "printer": (IdentityKind.MODEL, True), "counter": (IdentityKind.NONE, True),
        "detector": (IdentityKind.SERIAL_NUMBER, True), "receipts": (IdentityKind.NONE, True),
    }  # fmt: skip


def test_the_props_pull_a_plug_put_it_in_again_and_bring_a_spare(counter: CounterWindow) -> None:
    """What a trainee's second window does to the chosen machine, in the order of its buttons."""
    panel = HandsPanel(counter.texts, counter.training, counter.bridge)
    panel._which.setCurrentIndex(list(DeviceKind).index(DETECTOR))
    buttons = {key: button for button, key in panel._buttons}
    room = counter.training.desk.top.room
    assert room is not None
    worker = room._stations["detector"].worker
    buttons["unplug"].click()
    counter.until(lambda: worker.status.state is DeviceState.OFFLINE, "away")
    buttons["plug_in"].click()
    counter.until(lambda: worker.status.state is DeviceState.READY, "back on another port")
    buttons["spare"].click()
    counter.until(lambda: bool(room.found("detector")), "a spare on a line of its own")
    panel._thread.stop()
    panel.deleteLater()
    (line,) = room.found("detector")
    offer = room.identify("detector", line)
    assert isinstance(offer, MachineOffer)
    assert offer.identity != worker.status.identity
