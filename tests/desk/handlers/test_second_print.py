"""A second print at a real counter: permitted for one job, written down with its proof, and by no way around."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.facts import print_again_digest
from desk.journal.statement import unproved
from desk.views import PrintView
from devices.contracts import Cancel, Outcome, PreparedJob, Progress
from tests.scenarios.branch import COLLEAGUE, RARE_NAME, SUPERVISOR
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.training.branch import TRAINING_PASSWORD

AGAIN = c.PrintAgain(SUPERVISOR, TRAINING_PASSWORD)


@pytest.fixture
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A counter of its own; afterwards every second print in the record is proved."""
    counter = Counter(tmp_path_factory.mktemp("branch"))
    before = counter.ledger()
    try:
        yield counter
        counter.assert_posted_once(before)
    finally:
        counter.close()


@pytest.fixture
def desk(counter: Counter) -> Desk:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    return desk


def player(desk: Desk) -> Player:
    """The ordinary way of a deposit into a book without unprinted lines."""
    deposit = Deposit(RARE_NAME)
    desk.counter.write_slip(deposit.account, deposit.amount_minor, deposit.rows)
    return Player(desk, deposit)


def line_missing(desk: Desk) -> str:
    """A deposit whose line never landed, and a person said so; its id."""
    player(desk).to("print")
    desk.counter.hands("t5040", do="silent", ink=False)
    desk.counter.put_book(RARE_NAME)
    stop = desk.interrupt_soon(0.5)
    desk.do(c.PrintBook())
    stop.join()
    desk.do(c.SettlePrint(0, printer_stopped=True))
    desk.counter.hands("t5040", do="power_cycle")
    assert desk.counter.ready()
    return desk.transaction.transaction_id


def jobs_of(desk: Desk, transaction: str) -> list[e.PrintPrepared]:
    recorded = desk.counter.training.desk.store.recorded(transaction)
    return [one.event for one in recorded if isinstance(one.event, e.PrintPrepared)]


class BookTakenAway:
    """The printer, but somebody takes the book away before the first line: surely nothing is printed. Whether it says
    that the book changed or that it was stopped is a matter of moments."""

    def __init__(self, real: Any, desk: Desk) -> None:
        self._real, self._desk = real, desk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        self._desk.counter.hands("t5040", do="remove_book")
        self._desk.session.interrupt()
        outcome: Outcome = self._real.execute(job, progress, cancel)
        return outcome


@contextmanager
def book_taken_away(desk: Desk) -> Iterator[None]:
    given = desk.session._core.given
    machines = given.machines
    given.machines = replace(machines, printer=BookTakenAway(machines.printer, desk))
    yield
    given.machines = machines


def test_its_permission_is_written_down_and_proved(desk: Desk) -> None:
    transaction = line_missing(desk)
    desk.counter.put_book(RARE_NAME)
    desk.do(AGAIN)
    first, again = jobs_of(desk, transaction)
    said = unproved(again.statement)
    assert said is not None
    assert (said.staff_no, said.act, said.transaction, said.nonce, said.digest) == (
        SUPERVISOR,
        "print_again",
        transaction,
        again.job_id,
        print_again_digest(transaction, again),
    )
    assert (again.replaces, again.second_person) == (first.job_id, SUPERVISOR)
    player(desk).to("end")


def test_a_permission_that_led_to_nothing_serves_no_later_print(desk: Desk) -> None:
    transaction = line_missing(desk)
    desk.counter.put_book(RARE_NAME)
    with book_taken_away(desk):
        desk.session.do(AGAIN)
    assert [job.outcome for job in desk.session._core.state.jobs] == ["unknown", "not_done"]  # type: ignore[union-attr]
    page = desk.page
    assert isinstance(page, PrintView)
    assert page.state == "again"
    desk.counter.put_book(RARE_NAME)
    assert desk.refused(c.PrintBook()) == "second_person_needed"
    assert desk.counter.ready()
    desk.do(c.PrintAgain(COLLEAGUE, TRAINING_PASSWORD))
    first, failed, again = jobs_of(desk, transaction)
    assert [failed.replaces, again.replaces] == [first.job_id] * 2
    assert (failed.second_person, again.second_person) == (SUPERVISOR, COLLEAGUE)
    player(desk).to("end")


def test_another_deposit_does_not_print_the_missing_line_unpermitted(desk: Desk) -> None:
    """It would be next in the book: the line of the transaction that stands aside goes first."""
    aside = line_missing(desk)
    desk.do(c.Park("the technician is called"))
    player(desk).to("print")
    other = desk.transaction.transaction_id
    desk.counter.put_book(RARE_NAME)
    inked = desk.counter.rows_inked()
    assert desk.refused(c.PrintBook()) == "print_open"
    assert desk.refused(AGAIN) == "nothing_to_print"
    assert desk.counter.rows_inked() == inked
    desk.do(c.Park("waits for the first"))
    desk.do(c.Resume(aside))
    desk.counter.put_book(RARE_NAME)
    desk.do(AGAIN)
    player(desk).to("end")
    desk.do(c.CloseTransaction())
    desk.do(c.Resume(other))
    desk.do(c.PrintBook())
    assert jobs_of(desk, other) == []
    player(desk).to("end")


def test_it_is_for_lines_seen_missing_only(desk: Desk) -> None:
    assert desk.refused(AGAIN) == "nothing_to_print"
    player(desk).to("print")
    desk.counter.put_book(RARE_NAME)
    with book_taken_away(desk):
        desk.session.do(c.PrintBook())
    assert desk.counter.ready()
    assert desk.refused(AGAIN) == "nothing_to_print"
    player(desk).to("hand_over")
    assert desk.refused(AGAIN) == "step_not_open"
    player(desk).to("end")
