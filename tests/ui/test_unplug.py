"""Cables pulled and plugged in again under another name, through the real window over real machines on real lines.

In every case the window must say what happened and what to do, nothing may be counted, printed or read twice or be
lost, and the transaction must end right: ledger, drawer, record and paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desk.commands import SettlePrint
from desk.domain.refusals import Refusal, RefusalCode
from desk.views import SuspectNoteView
from devices.contracts import DeviceState
from devices.simulators.process import SimulatorProcess
from tests.ui.looks import cut
from tests.ui.teller import CASH, REVIEWER, Customer, Teller
from tests.ui.window_of import settle
from ui.training.branch import ACCOUNTS, TRAINING_PASSWORD
from ui.training.paper import lines_on_page

STRIKING_MILLISECONDS = 2500
"""More than the rows of one job take."""

Open = Callable[..., Teller]
LONGEST_STALL_MS = 200.0
"""Far less than any wait for a machine would take, far more than a busy computer adds."""
ONE_LINE = Customer(ACCOUNTS[1], ((100, 3),))
BEFORE_A_ROW, WITHIN_A_ROW = 60, 1000
"""Bytes that reach the printer from the book's insertion until its cable is pulled; a row takes some 700."""


@pytest.fixture
def opened(themed: QApplication, tmp_path: Path) -> Iterator[Open]:
    """Opens a teller's window, and closes it again with all its machines."""
    made: list[Teller] = []

    def make(language: str = "zh_CN", **more: Any) -> Teller:
        made.append(Teller(tmp_path, language, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def notice(teller: Teller) -> str:
    """What the page says, title and detail, or what was refused beside it; nothing of it may be cut."""
    settle()
    assert cut(teller.window.window) == []
    middle = teller.window.window.middle
    shown = [teller.page._notice, middle.notice]  # type: ignore[attr-defined]
    return " ".join(f"{one.title.text()} {one.detail.text()}" for one in shown if one.isVisible())


def words(teller: Teller, key: str, **values: object) -> str:
    return teller.window.texts(key, **values)


def assert_ended_right(teller: Teller, drawer_before: dict[int, int]) -> None:
    """Posted once, in the drawer, proved by the record, and no line over another."""
    teller.to("end")
    minor = teller.customer.amount * 100
    assert teller.view.outcome == "archived"
    assert teller.moved() == {teller.customer.account.account_id: minor, CASH: minor}
    added = {unit * 100: pieces for unit, pieces in teller.customer.heap}
    assert teller.drawer() == {
        unit: pieces + added.get(unit, 0)
        for unit, pieces in {**dict.fromkeys(added, 0), **drawer_before}.items()
    }
    report = teller.verify()
    assert report.verified, report.findings
    assert report.ledger_balanced
    assert teller.ink("overprint") == []


def start_counting(teller: Teller, pieces: int) -> None:
    """The heap runs at 1,500 notes a minute, and so many were counted."""
    teller.to("count")
    teller.window.until(lambda: teller.view.state == "counting")
    teller.load()
    teller.window.until(lambda: max(teller.view.progress_pieces, teller.window.told_pieces) >= pieces)


def confirm(teller: Teller) -> None:
    """The teller looks at the machine and says that it is the one."""
    teller.press("F7", "+")
    teller.window.until(lambda: not teller.window.window.awaited, "confirmed")
    teller.press("Esc")
    teller.rest()


def count_again(teller: Teller) -> None:
    teller.press("F5")
    teller.window.until(lambda: teller.view.state == "counting")
    teller.load()
    teller.window.until(lambda: teller.view.state != "counting")
    teller.rest()


# --- counting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_count_whose_cable_is_pulled_is_counted_again_from_the_beginning(
    opened: Open, language: str
) -> None:
    teller = opened(language)
    drawer = teller.drawer()
    start_counting(teller, 8)
    teller.meter.start()
    teller.pull("aa55")
    teller.window.until(lambda: teller.view.state != "counting")
    teller.rest()
    assert teller.view.state == "incomplete"
    assert words(teller, "count.incomplete_next") in notice(teller)
    assert "401 · D801" in notice(teller)
    teller.until_away("aa55")
    said = notice(teller)
    assert "D803" in said
    assert words(teller, "away.cable") in said
    assert words(teller, "away.recount_on", limit="500.00") in said
    teller.press("F5")
    teller.rest()
    assert "D813" in notice(teller), "asked for a machine that is away, the window answers at once"
    before, now = teller.plug("aa55")
    assert before != now
    teller.until_heard("aa55")
    assert words(teller, "away.confirm_next") in notice(teller), "it cannot say who it is: a person must"
    assert "D813" not in notice(teller)
    confirm(teller)
    assert words(teller, "away.recount_back") in notice(teller)
    assert teller.meter.longest_ms < LONGEST_STALL_MS
    count_again(teller)
    assert teller.view.state == "agrees"
    first, second = teller.events("batch.counted")
    assert (first.complete, second.complete) == (False, True)
    assert 0 < sum(row.pieces for row in first.rows) < 50, "the part that was counted stays as evidence"
    assert [event.batch_ids for event in teller.events("count.cleared")] == [(first.batch_id,)]
    assert_ended_right(teller, drawer)
    assert teller.events("count.accepted")[-1].batch_ids == (second.batch_id,)


def test_a_cable_pulled_for_a_moment_leaves_the_rest_of_the_heap_uncounted(opened: Open) -> None:
    """The counter never stopped: what it says of the rest of the heap is nobody's count."""
    teller = opened("en")
    drawer = teller.drawer()
    start_counting(teller, 5)
    teller.pull("aa55")
    teller.plug("aa55")
    teller.until_heard("aa55")
    teller.window.until(lambda: teller.hands("aa55", do="report")["hopper"] < 30, "it goes on")
    confirm(teller)
    teller.press("F5")
    teller.window.until(lambda: len(teller.events("batch.counted")) > 1, "the rest is refused")
    teller.rest()
    assert teller.view.state == "incomplete"
    assert teller.view.counted_minor == 0
    teller.window.until(lambda: len(teller.hands("aa55", do="report")["batches"]) == 1, "run empty")
    count_again(teller)
    assert teller.view.state == "agrees"
    assert_ended_right(teller, drawer)


def test_a_counter_that_stays_away_leaves_the_teller_a_way_on(opened: Open) -> None:
    """By hand within the limit only; parked and taken up again at the same step once the machine is back."""
    teller = opened("en")
    drawer = teller.drawer()
    start_counting(teller, 8)
    teller.pull("aa55")
    teller.until_away("aa55")
    teller.press("Alt+H")
    teller.type("6")
    teller.press("+")
    teller.rest()
    assert "500.00" in notice(teller), "600.00 is more than may be counted by hand"
    assert teller.view.counted_minor == 0
    teller.press("F9", "1")
    teller.window.until_page(None)
    assert len(teller.window.snapshot.parked) == 1
    teller.plug("aa55")
    teller.until_heard("aa55")
    confirm(teller)
    teller.press("Down", "Enter")
    teller.window.until(lambda: teller.step == "count")
    teller.rest()
    assert teller.view.state == "incomplete", "that the count did not finish is not forgotten meanwhile"
    count_again(teller)
    assert teller.view.state == "agrees"
    assert_ended_right(teller, drawer)


# --- printing ----------------------------------------------------------------------------------------------


def wait_for_book(teller: Teller) -> None:
    """Up to the print, the book in the customer's hand."""
    teller.to("confirm")
    teller.hands("t5040", do="remove_book")
    teller.to("print")
    teller.window.until(lambda: teller.view.state == "needs_book")


def until_ended(teller: Teller) -> None:
    teller.window.until(
        lambda: getattr(teller.view, "state", "") not in ("needs_book", "printing"), "job over"
    )
    teller.rest()


def see_page(teller: Teller) -> int:
    """How many of the lines asked about are on the paper, once the printer stands still."""
    rows = -1
    while rows != (rows := teller.hands("t5040", do="report")["rows"]):
        teller.window.until(lambda: True)
    return lines_on_page(teller.window.training, teller.customer.account, len(teller.view.question))


def permit_again(teller: Teller) -> None:
    chosen = [one.staff_no for one in teller.view.candidates].index(REVIEWER)
    teller.press(*["Down"] * chosen, "+", *TRAINING_PASSWORD, "Enter")
    teller.window.until(lambda: teller.step != "print" or teller.view.state == "needs_book")
    if teller.step == "print":
        teller.window.training.insert_book(teller.customer.account)
    teller.window.until(lambda: teller.step != "print", "printed")
    teller.rest()


def test_a_printer_lost_while_it_asks_for_the_book_printed_nothing(opened: Open) -> None:
    teller = opened("en")
    drawer = teller.drawer()
    wait_for_book(teller)
    rows = len(teller.ink("ink"))
    teller.pull("t5040")
    until_ended(teller)
    assert teller.view.state == "ready"
    assert "607 · D801" in notice(teller)
    teller.until_away("t5040")
    assert words(teller, "away.print_on") in notice(teller)
    teller.plug("t5040")
    teller.window.training.insert_book(
        teller.customer.account
    )  # it still asks for it, and says nothing else before
    teller.until_heard("t5040")
    assert words(teller, "away.print_back", page=1) in notice(teller)
    assert len(teller.ink("ink")) == rows, "nothing printed by itself"
    teller.press("F5")
    teller.window.until(lambda: teller.step != "print")
    assert len(teller.events("print.prepared")) == 1
    assert_ended_right(teller, drawer)


@pytest.mark.parametrize(
    ("language", "after_bytes", "on_page"), [("zh_CN", BEFORE_A_ROW, 0), ("en", WITHIN_A_ROW, 1)]
)
def test_a_printer_lost_within_the_job_is_asked_about_and_then_prints_what_is_missing(
    opened: Open, language: str, after_bytes: int, on_page: int
) -> None:
    teller = opened(language)
    drawer = teller.drawer()
    wait_for_book(teller)
    expected = teller.view.lines
    teller.hands("t5040", do="unplug", after_bytes=after_bytes)
    teller.window.training.insert_book(teller.customer.account)
    until_ended(teller)
    assert teller.view.state == "unknown"
    proved = teller.view.lines_proved  # a proof of the first row may have come before the line went
    asked = [dict(line.columns) for line in teller.view.question]
    assert asked == [dict(line.columns) for line in expected[proved:]]
    said = notice(teller)
    assert "607 · D801" in said
    assert words(teller, "print.question_many", n=len(asked)) in said
    teller.until_away("t5040")
    assert words(teller, "print.unknown_next") in notice(teller), "the question stays, printer or no printer"
    seen = see_page(teller)
    assert proved + seen == on_page
    teller.press(str(seen))
    teller.rest()
    assert teller.view.state == "unknown", "away, it may still strike: a person says it does not"
    assert words(teller, "print.printer_stopped") in {one.words for one in teller.page.actions_now()}
    teller.press("Alt+O", str(seen))
    teller.rest()
    assert teller.view.state == "again"
    assert words(teller, "away.again_on") in notice(teller)
    before, now = teller.plug("t5040")
    assert before != now
    teller.until_heard("t5040")
    assert words(teller, "away.again_back") in notice(teller)
    permit_again(teller)
    assert [event.second_person for event in teller.events("print.prepared")] == ["", REVIEWER]
    assert_ended_right(teller, drawer)
    assert sum(one["kind"] == "row" for one in teller.ink("ink")) == len(expected)


def test_a_printer_lost_after_the_last_row_before_its_proof_is_asked_about(opened: Open) -> None:
    """The line is on the page: the teller says so, and nothing prints again, printer or no printer."""
    teller = opened("zh_CN", customer=ONE_LINE)
    drawer = teller.drawer()
    wait_for_book(teller)
    rows = teller.hands("t5040", do="report")["rows"]
    teller.hands("t5040", do="silent", ink=True)
    teller.window.training.insert_book(teller.customer.account)
    teller.window.until(lambda: teller.hands("t5040", do="report")["rows"] > rows, "inked")
    teller.pull("t5040")
    until_ended(teller)
    assert teller.view.state == "unknown"
    assert "607 · D801" in notice(teller)
    assert words(teller, "print.digits_one") in teller.page._digits.text()  # type: ignore[attr-defined]
    teller.until_away("t5040")
    teller.press("Alt+O", "1")
    teller.window.until(lambda: teller.step == "hand_over")
    assert_ended_right(teller, drawer)
    assert sum(one["kind"] == "row" for one in teller.ink("ink")) == 1


def test_a_printer_lost_between_rows_is_asked_only_about_rows_it_did_not_prove(opened: Open) -> None:
    teller = opened("en", speed=1.0)
    drawer = teller.drawer()
    wait_for_book(teller)
    rows = teller.hands("t5040", do="report")["rows"]
    teller.window.training.insert_book(teller.customer.account)
    teller.window.until(lambda: teller.hands("t5040", do="report")["rows"] > rows, "first row")
    teller.pull("t5040")
    until_ended(teller)
    assert teller.view.state == "unknown"
    asked = len(teller.view.question)
    assert 0 < asked <= 3
    QTest.qWait(STRIKING_MILLISECONDS)  # it prints what it has, cable or no cable
    seen = see_page(teller)
    teller.press("Alt+O", str(seen))
    teller.window.until(lambda: teller.step == "hand_over" or teller.view.state == "again")
    if seen < asked:  # the cable was quicker than the last row
        teller.plug("t5040")
        teller.until_heard("t5040")
        permit_again(teller)
    assert_ended_right(teller, drawer)
    assert sum(one["kind"] == "row" for one in teller.ink("ink")) == 3


def test_a_book_pulled_out_and_laid_in_again_is_answered_for_only_once_the_printer_stands_still(
    opened: Open,
) -> None:
    """It strikes the rest of its rows on the book that is laid in again: an answer given before is soon untrue, and
    what it calls missing would be printed twice."""
    teller = opened("en", speed=2.0)
    drawer = teller.drawer()
    wait_for_book(teller)
    rows = teller.hands("t5040", do="report")["rows"]
    teller.window.training.insert_book(teller.customer.account)
    teller.window.until(lambda: teller.hands("t5040", do="report")["rows"] > rows, "first row")
    teller.hands("t5040", do="remove_book")
    teller.window.until(lambda: teller.view.state == "needs_book", "asked for")
    teller.window.training.insert_book(teller.customer.account)
    until_ended(teller)
    assert teller.view.state == "unknown"
    teller.press("0")
    teller.rest()
    assert "619" in notice(teller)
    assert teller.events("print.settled") == []
    teller.until_heard("t5040")
    seen, asked = see_page(teller), len(teller.view.question)
    assert seen == asked, "the rest was struck on the book that was laid in again"
    teller.press(str(seen))
    teller.window.until(lambda: teller.step == "hand_over")
    assert [one.printer_stopped for one in teller.events("print.settled")] == [False]
    assert_ended_right(teller, drawer)


def test_nobodys_word_counts_against_a_printer_that_still_asks_for_the_book(opened: Open) -> None:
    """It holds the rest of its rows, and would strike them into the book that is laid in for what is printed again."""
    teller = opened("en", speed=2.0)
    drawer = teller.drawer()
    wait_for_book(teller)
    rows = teller.hands("t5040", do="report")["rows"]
    teller.window.training.insert_book(teller.customer.account)
    teller.window.until(lambda: teller.hands("t5040", do="report")["rows"] > rows, "first row")
    teller.hands("t5040", do="remove_book")
    teller.window.until(lambda: teller.view.state == "needs_book", "asked for")
    teller.press("Esc")
    until_ended(teller)
    teller.window.until(lambda: teller.page.machine.is_asking, "it still asks")
    assert teller.view.state == "unknown"
    assert words(teller, "print.unknown_held") in notice(teller)
    assert words(teller, "print.printer_stopped") not in {one.words for one in teller.page.actions_now()}
    job, seen = teller.view.lines_proved, see_page(teller)
    refused = teller.window.training.desk.session.do(SettlePrint(job + seen, printer_stopped=True))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.PRINTER_NOT_STILL
    assert teller.events("print.settled") == []
    teller.hands("t5040", do="power_cycle")
    teller.window.until(lambda: teller.page.machine.is_still, "on again")
    teller.press(str(seen))
    teller.window.until(lambda: teller.view.state != "unknown", "answered")
    teller.rest()
    permit_again(teller)
    assert_ended_right(teller, drawer)


def test_a_receipt_printer_that_is_away_is_told_at_the_hand_over(opened: Open) -> None:
    teller = opened("en")
    drawer = teller.drawer()
    teller.to("confirm")
    teller.pull("escpos")
    teller.until_away("escpos")
    teller.to("hand_over")
    teller.window.until(lambda: bool(teller.view.receipt))
    teller.rest()
    assert teller.view.receipt == "not_done"
    assert words(teller, "hand_over.receipt_not_done") in notice(teller)
    assert_ended_right(teller, drawer)


# --- the detector ------------------------------------------------------------------------------------------


def refer_a_note(teller: Teller) -> None:
    """One note is rejected by the counter, and the detector waits for it."""
    teller.to("count")
    teller.window.until(lambda: teller.view.state == "counting")
    (unit, pieces), *rest = teller.customer.heap
    heap: list[Any] = [{"denomination": unit, "reject": 6}, [unit, pieces - 1], *map(list, rest)]
    teller.hands("aa55", do="load", notes=heap, rate_per_minute=0)
    teller.window.until(lambda: teller.view.rejected_open > 0)
    teller.rest()
    teller.press("F6")
    teller.window.until(lambda: isinstance(teller.view, SuspectNoteView) and teller.view.inspecting)


def draw_in(teller: Teller) -> None:
    """Hold the note at the detector's mouth until it draws it in."""

    def drawn() -> bool:
        facts = teller.hands("ebds", do="insert", denomination=100, classification=4)["facts"]
        return bool(facts[-1]["fact"] != "not taken")

    teller.window.until(drawn, "drawn in")


def judge_genuine(teller: Teller) -> None:
    teller.press("Alt+G")
    teller.window.until(lambda: teller.view.next_verdict == 2)
    chosen = [one.staff_no for one in teller.view.candidates].index(REVIEWER)
    teller.press(*["Down"] * chosen, "Alt+G", *TRAINING_PASSWORD, "Enter")
    teller.window.until(lambda: teller.step == "count")
    teller.rest()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_detector_lost_with_a_note_in_it_says_to_look_into_it(opened: Open, language: str) -> None:
    teller = opened(language)
    drawer = teller.drawer()
    refer_a_note(teller)
    draw_in(teller)
    teller.pull("ebds")
    teller.window.until(lambda: not teller.view.inspecting)
    teller.rest()
    said = notice(teller)
    assert "607 · D801" in said
    assert words(teller, "suspect.inside_next") in said
    teller.until_away("ebds")
    said = notice(teller)
    assert words(teller, "suspect.inside_look") in said
    assert words(teller, "away.suspect_on") in said
    before, now = teller.plug("ebds")
    assert before != now
    teller.until_heard("ebds")
    assert words(teller, "away.suspect_back") in notice(teller)
    teller.window.until(
        lambda: teller.hands("ebds", do="report")["facts"][-1]["fact"] == "returned", "given back"
    )
    teller.press("F5")
    teller.window.until(lambda: teller.view.inspecting)
    draw_in(teller)
    teller.window.until(lambda: bool(teller.view.reading))
    teller.rest()
    assert words(teller, "suspect.first_ask") in notice(teller)
    assert [event.returned for event in teller.events("note.read")] == [True]
    judge_genuine(teller)
    assert_ended_right(teller, drawer)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_note_the_detector_did_not_give_back_is_told_and_recorded(opened: Open, language: str) -> None:
    teller = opened(language)
    drawer = teller.drawer()
    refer_a_note(teller)
    teller.hands("ebds", do="fault", kind="sticks")
    draw_in(teller)
    teller.window.until(lambda: bool(teller.view.reading))
    teller.rest()
    assert words(teller, "suspect.held") in notice(teller)
    assert words(teller, "suspect.held_next") in notice(teller)
    assert [event.returned for event in teller.events("note.read")] == [False]
    teller.hands("ebds", do="take_out")
    judge_genuine(teller)
    assert_ended_right(teller, drawer)


def test_another_detector_in_its_place_is_asked_nothing_and_named(opened: Open) -> None:
    """Other serial number: the window says whom it expected and whom it found, and goes on with the right one."""
    teller = opened("en")
    drawer = teller.drawer()
    refer_a_note(teller)
    teller.pull("ebds")
    folder = teller.window.training.folder.machines
    with SimulatorProcess("ebds", folder, options={"serial": "TD-EBDS-0002"}) as stranger:
        teller.until_away("ebds", DeviceState.WRONG_DEVICE)
        said = notice(teller)
        assert "D806" in said
        assert "TD-EBDS-0001" in said
        assert "TD-EBDS-0002" in said
        stranger.hands(do="insert", denomination=100, classification=4)
        teller.press("F5")
        teller.rest()
        facts = [fact["fact"] for fact in stranger.hands(do="report")["facts"]]
        assert facts[-1] == "inserted", "no note is drawn in by a machine that is not ours"
    teller.plug("ebds")
    teller.until_heard("ebds")
    assert words(teller, "away.suspect_back") in notice(teller)
    teller.press("F5")
    teller.window.until(lambda: teller.view.inspecting)
    draw_in(teller)
    teller.window.until(lambda: bool(teller.view.reading))
    judge_genuine(teller)
    assert_ended_right(teller, drawer)
