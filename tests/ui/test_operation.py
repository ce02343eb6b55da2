"""The one way off the GUI thread and the bridge over it: every result comes once, on the GUI thread, and none is lost;
waits give way, and what is sent early is carried out once.

The desk here is a slow stand-in; the real one waits for a real book in the last tests.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk import commands as c
from desk.commands import Command
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.views import CountView, DeskSnapshot, IdentifyView, SlipView
from tests.ui.counter_window import DAY, CounterWindow
from tests.ui.samples import desk
from ui.desk_bridge import FRAME_MILLISECONDS, DeskBridge
from ui.operation import DeskThread, Operation
from ui.training.branch import ACCOUNTS, write_slip

ROW = 500
SNAPSHOT = desk(None)


@pytest.fixture
def thread(qapp: QApplication) -> Iterator[DeskThread]:
    made = DeskThread("test")
    yield made
    made.stop()


# --- operations -------------------------------------------------------------------------------------------------------


def test_of_many_in_a_row_every_result_comes_once_in_order_on_the_gui_thread(
    qtbot: QtBot, thread: DeskThread
) -> None:
    got: list[tuple[int, int]] = []
    gui, off = threading.get_ident(), set()

    def work(n: int) -> Callable[[], int]:
        def call() -> int:
            off.add(threading.get_ident())
            return n

        return call

    for n in range(ROW):
        Operation(thread, work(n)).success(lambda result: got.append((result, threading.get_ident()))).start()
        if n % 7 == 0:
            QApplication.processEvents()
    qtbot.waitUntil(lambda: len(got) >= ROW, timeout=20_000)
    qtbot.wait(20)
    assert [n for n, _ in got] == list(range(ROW))
    assert {where for _, where in got} == {gui}
    assert gui not in off
    assert Operation._alive == set()


def test_what_escapes_a_call_reaches_failure_and_the_next_call_still_runs(
    qtbot: QtBot, thread: DeskThread
) -> None:
    failed: list[object] = []
    done: list[object] = []

    def breaks() -> None:
        raise ValueError("broken")

    for n in range(50):
        Operation(thread, breaks if n % 2 else str).success(done.append).failure(failed.append).start()
    qtbot.waitUntil(lambda: len(failed) + len(done) >= 50, timeout=10_000)
    assert len(failed) == len(done) == 25
    assert all(isinstance(one, ValueError) for one in failed)


# --- the bridge over a desk that can be held ------------------------------------------------------------------------


class HeldDesk:
    """Notes what it is asked; a command that waits for a machine waits until it is interrupted or let go."""

    def __init__(self) -> None:
        self.asked: list[Command] = []
        self.interrupts = 0
        self.answer: DeskSnapshot | Refusal | Exception = SNAPSHOT
        self.go = threading.Event()
        self._listeners: list[Callable[[DeskSnapshot], None]] = []
        self._count_listeners: list[Callable[[int, int], None]] = []

    def snapshot(self) -> DeskSnapshot:
        return SNAPSHOT

    def subscribe(self, listener: Callable[[DeskSnapshot], None]) -> None:
        self._listeners.append(listener)

    def subscribe_count(self, listener: Callable[[int, int], None]) -> None:
        self._count_listeners.append(listener)

    def interrupt(self) -> None:
        self.interrupts += 1
        self.go.set()

    def publish(self, snapshot: DeskSnapshot) -> None:
        for listener in self._listeners:
            listener(snapshot)

    def count(self, pieces: int, minor: int) -> None:
        for listener in self._count_listeners:
            listener(pieces, minor)

    def do(self, command: Command) -> DeskSnapshot | Refusal:
        self.asked.append(command)
        if isinstance(command, c.ReadBook | c.CountNotes | c.InspectNote | c.PrintBook):
            self.go.clear()
            assert self.go.wait(10)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def held(thread: DeskThread) -> Iterator[tuple[DeskBridge, HeldDesk]]:
    bridge, one = DeskBridge(thread), HeldDesk()
    yield bridge, one
    one.go.set()


def test_what_is_sent_before_the_desk_is_open_is_carried_out_once(
    qtbot: QtBot, held: tuple[DeskBridge, HeldDesk]
) -> None:
    bridge, one = held
    early = c.SignOn("0317", "x")
    bridge.send(early)
    bridge.send(early)
    assert bridge.is_idle
    with qtbot.waitSignal(bridge.accepted):
        bridge.connect_desk(one)
    bridge.send(c.SignOff())
    qtbot.waitUntil(lambda: bridge.is_idle and len(one.asked) == 2)
    assert one.asked == [early, c.SignOff()]


@pytest.mark.parametrize("wait", [c.ReadBook(), c.CountNotes(), c.InspectNote("n1")])
def test_a_wait_for_a_machine_gives_way_to_what_a_person_wants_next(
    qtbot: QtBot, held: tuple[DeskBridge, HeldDesk], wait: Command
) -> None:
    bridge, one = held
    bridge.connect_desk(one)
    bridge.send(wait)
    qtbot.waitUntil(lambda: one.asked == [wait])
    assert bridge.waits_for is type(wait)
    bridge.send(c.Park("x"))
    qtbot.waitUntil(lambda: bridge.is_idle)
    assert one.asked == [wait, c.Park("x")]
    assert one.interrupts == 1


def test_a_note_alone_is_shown_at_once_and_of_a_burst_the_last(
    qtbot: QtBot, held: tuple[DeskBridge, HeldDesk]
) -> None:
    bridge, one = held
    bridge.connect_desk(one)
    shown: list[tuple[int, int]] = []
    bridge.counted.connect(lambda pieces, minor: shown.append((pieces, minor)))
    one.count(1, 100)
    QApplication.processEvents()
    assert shown == [(1, 100)]
    for pieces in range(2, 40):
        one.count(pieces, pieces * 100)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: shown[-1] == (39, 3900))
    assert len(shown) < 30


@pytest.mark.parametrize("wait", [c.ReadBook(), c.CountNotes(), c.PrintBook()])
def test_a_wait_that_already_runs_is_not_asked_for_again(
    qtbot: QtBot, held: tuple[DeskBridge, HeldDesk], wait: Command
) -> None:
    bridge, one = held
    bridge.connect_desk(one)
    for _ in range(3):
        bridge.send(wait)
    qtbot.waitUntil(lambda: one.asked == [wait])
    one.go.set()
    qtbot.waitUntil(lambda: bridge.is_idle)
    assert one.asked == [wait]


def test_a_refusal_and_a_defect_go_different_ways_and_leave_the_bridge_idle(
    qtbot: QtBot, held: tuple[DeskBridge, HeldDesk]
) -> None:
    bridge, one = held
    bridge.connect_desk(one)
    accepted: list[object] = []
    bridge.accepted.connect(accepted.append)
    one.answer = refuse(RefusalCode.COUNT_DIFFERS)
    with qtbot.waitSignal(bridge.refused) as refused:
        bridge.send(c.AcceptCount())
    one.answer = KeyError("x")
    with qtbot.waitSignal(bridge.failed) as failed:
        bridge.send(c.AcceptCount())
    assert refused.args is not None
    assert refused.args[0] == refuse(RefusalCode.COUNT_DIFFERS)
    assert failed.args is not None
    assert isinstance(failed.args[0], KeyError)
    assert bridge.is_idle
    assert accepted == []


def test_a_flood_of_snapshots_shows_the_last_one_and_no_more_than_a_screen_can(
    qtbot: QtBot, held: tuple[DeskBridge, HeldDesk]
) -> None:
    """A counter at full speed publishes hundreds a second."""
    bridge, one = held
    bridge.connect_desk(one)
    shown: list[DeskSnapshot] = []
    bridge.changed.connect(shown.append)

    def flood() -> None:
        for n in range(1, 301):
            one.publish(replace(SNAPSHOT, done_today=n))
            time.sleep(0.001)

    began = time.monotonic()
    flooding = threading.Thread(target=flood)
    flooding.start()
    qtbot.waitUntil(lambda: bool(shown) and shown[-1].done_today == 300, timeout=20_000)
    flooding.join()
    qtbot.wait(60)
    assert shown[-1].done_today == 300
    assert 1 < len(shown) <= (time.monotonic() - began) * 1000 / FRAME_MILLISECONDS + 2


# --- the real desk waits for a real book ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counter(themed: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CounterWindow]:
    opened = CounterWindow(tmp_path_factory.mktemp("waiting"))
    write_slip(opened.training.folder, ACCOUNTS[0], 300, DAY, ((100, 3),))
    opened.sign_on()
    yield opened
    opened.close()


NUMBER = ACCOUNTS[0].number


def waiting_for_the_book(counter: CounterWindow) -> None:
    counter.until(lambda: counter.training.desk.top.wait_ready(1), "machines stand again after an ended wait")
    counter.press("maker", *"1010")
    counter.until(
        lambda: isinstance(counter.view, IdentifyView) and counter.view.reading, "the wait for the book"
    )


def test_a_transaction_is_parked_while_it_waits_for_the_book(counter: CounterWindow) -> None:
    waiting_for_the_book(counter)
    counter.press("maker", "F9", "1")
    counter.until_page(None)
    assert counter.snapshot.parked[0].step_title.en == "Receive and identify"
    assert counter.refused == []


def test_a_number_keyed_instead_ends_the_wait_for_the_book(counter: CounterWindow) -> None:
    """The stripe may be unreadable or the printer away: after Esc the number is keyed, and the account stands there."""
    waiting_for_the_book(counter)
    counter.press("maker", "Esc")
    counter.until_page(IdentifyView, lambda view: isinstance(view, IdentifyView) and not view.reading)
    counter.press("maker", *NUMBER, "Enter")
    counter.until_page(
        IdentifyView, lambda view: isinstance(view, IdentifyView) and bool(view.account_number)
    )
    assert counter.refused == []


def test_an_esc_before_the_wait_has_begun_still_ends_it(counter: CounterWindow) -> None:
    """The command stands in the desk's queue when the interrupt comes: it was meant for that wait."""
    session, began = counter.training.desk.session, time.monotonic()
    session.interrupt()
    session.do(c.ReadBook())
    assert time.monotonic() - began < 5.0
    counter.until(lambda: counter.training.desk.top.wait_ready(1), "the printer stands again")


def test_a_wait_for_notes_is_left_to_count_by_hand(counter: CounterWindow) -> None:
    """Coins only: nothing will ever go through the machine that waits for it."""
    counter.press("maker", "+")
    counter.until_page(SlipView)
    counter.press("maker", "3", "Enter")
    counter.until_page(SlipView, lambda view: isinstance(view, SlipView) and bool(view.keyed_amount_minor))
    counter.press("maker", "Alt+1", "Alt+2")
    counter.until(
        lambda: isinstance(counter.view, CountView) and counter.view.state == "counting", "the wait"
    )
    counter.press("maker", "Esc")
    counter.until_page(CountView, lambda view: isinstance(view, CountView) and view.state == "empty")
    counter.press("maker", "Alt+H", "Down", "Down", "Down", "Down", "Down", "3", "+")
    counter.until_page(CountView, lambda view: isinstance(view, CountView) and view.can_accept)
    assert counter.refused == []
