"""The book between its jobs at a real counter: rows handed out, a book reported lost, a customer without one, the
second person who must look first. The scenarios tell the ordinary ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from desk import commands as c
from desk.book_plan import BookPolicy, CompressHow, CompressWhen, CursorPolicy
from desk.corebank.contract import AccountFacts, BookFacts
from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.views import PrintView
from tests.desk.handlers.test_second_print import AGAIN, book_taken_away, jobs_of
from tests.scenarios.branch import HANDED_OUT, LINES, MAKER, RARE_NAME
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.training.branch import TRAINING_PASSWORD, TrainingAccount

HANDED = BookPolicy(CursorPolicy.ON_HANDOUT)
SUMMED = BookPolicy(CursorPolicy.ON_HANDOUT, CompressWhen.LINES, 5, CompressHow.RUNS)
ADJUST = c.AdjustCursor(1, 20, 1, 9, "0102", TRAINING_PASSWORD)
BETWEEN = (c.TurnPage(2), c.ConfirmBook(), ADJUST, c.LeaveFullBook())


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """One counter for all; afterwards everything in its record is proved, and no line stands over another."""
    counter = Counter(tmp_path_factory.mktemp("branch"))
    before = counter.ledger()
    try:
        yield counter
        counter.assert_posted_once(before)
    finally:
        counter.close()


def at_print(counter: Counter, account: TrainingAccount, policy: BookPolicy = HANDED) -> tuple[Desk, Player]:
    desk = Desk(counter, counter.session(policy=policy))
    desk.sign_on()
    deposit = Deposit(account)
    counter.write_slip(account, deposit.amount_minor, deposit.rows)
    player = Player(desk, deposit)
    player.to("print")
    player.turn()
    return desk, player


def view(desk: Desk) -> PrintView:
    page = desk.page
    assert isinstance(page, PrintView)
    return page


def lines(desk: Desk) -> list[tuple[int, dict[str, str], int]]:
    return [(one.line, dict(one.columns), one.entries) for one in view(desk).lines]


class Bank:
    """The real bank, but for what a test says of an account or its book."""

    def __init__(self, desk: Desk, **said: Any) -> None:
        self._given, self._said = desk.session._core.given, said
        self._real, self._given.bank = self._given.bank, self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def account(self, account_id: str) -> AccountFacts | Refusal:
        found = self._real.account(account_id)
        assert isinstance(found, AccountFacts)
        return replace(found, status=self._said.get("status", found.status))

    def book_of(self, account_id: str) -> BookFacts | Refusal:
        return self._said.get("book") or self._real.book_of(account_id)

    def leave(self) -> None:
        self._given.bank = self._real


def test_rows_handed_out_to_a_book_that_is_gone_come_back_by_a_second_person(counter: Counter) -> None:
    """Nothing was printed, says the machine; the cursor is past the rows all the same. Their sums stay their sums."""
    desk, player = at_print(counter, LINES, SUMMED)
    asked = lines(desk)
    assert [entries for _, _, entries in asked] == [1, 2, 3]
    counter.put_book(LINES)
    with book_taken_away(desk):
        desk.session.do(c.PrintBook())
    assert counter.ready()
    assert (view(desk).state, lines(desk)) == ("again", asked)
    assert desk.session.book_of(LINES.account_id).next_line == 6
    assert desk.refused(c.PrintBook()) == "second_person_needed"
    counter.put_book(LINES)
    desk.do(AGAIN)
    first, again = jobs_of(desk, desk.transaction.transaction_id)
    assert (again.replaces, again.covers, again.lines) == (first.job_id, first.covers, (3, 4, 5))
    assert (first.compression, first.threshold, first.cursor) == ("lines", 5, "on_handout")
    personal = [desk.session._core.given.records.personal(job.job) for job in (first, again)]
    assert personal[0] == personal[1], "other words were printed again"
    player.to("end")


def test_the_second_person_is_asked_only_once_somebody_looked(counter: Counter) -> None:
    """No stripe could be read for the first print: that is asked before a password is typed for the second."""
    desk, player = at_print(counter, RARE_NAME)
    page = desk.session.book_of(RARE_NAME.account_id).next_page
    counter.hands("t5040", do="insert_book", book="B-T-0002", page=page, stripe="")
    desk.do(c.PrintBook())
    with book_taken_away(desk):
        desk.session.do(c.ConfirmBook())
    assert counter.ready()
    assert view(desk).state == "look"
    counter.hands("t5040", do="insert_book", book="B-T-0002", page=page, stripe="")
    assert desk.refused(AGAIN) == "book_unseen"
    desk.do(c.ConfirmBook())
    assert view(desk).state == "again"
    desk.do(AGAIN)
    jobs = jobs_of(desk, desk.transaction.transaction_id)
    assert [(job.seen_by, bool(job.second_person)) for job in jobs] == [(MAKER, False), (MAKER, True)]
    player.to("end")


def test_the_line_of_a_lost_book_is_not_moved(counter: Counter) -> None:
    desk, player = at_print(counter, HANDED_OUT)
    for said, code in (
        ({"status": "lost"}, "book_lost"),
        ({"book": refuse(RefusalCode.BOOK_MISMATCH)}, "book_mismatch"),
    ):
        bank = Bank(desk, **said)
        assert desk.refused(ADJUST) == code
        bank.leave()
    bank = Bank(desk, book=refuse(RefusalCode.BOOK_MISMATCH))
    assert desk.refused(c.TurnPage(2)) == "nothing_to_print"
    assert desk.refused(c.LeaveFullBook()) == "book_not_full"
    bank.leave()
    player.to("end")


@pytest.mark.parametrize("command", BETWEEN, ids=[type(one).__name__ for one in BETWEEN])
def test_none_of_it_is_done_away_from_the_print(counter: Counter, command: c.Command) -> None:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    assert desk.refused(command) == "step_not_open"


def test_there_is_nothing_to_turn_to_when_nothing_prints(counter: Counter) -> None:
    """Another transaction of the same book printed this one's line."""
    aside, _ = at_print(counter, HANDED_OUT)
    transaction = aside.transaction.transaction_id
    aside.do(c.Park("the customer fetches a form"))
    _, player = at_print(counter, HANDED_OUT)
    player.to("end")
    desk = player.desk
    desk.do(c.CloseTransaction())
    desk.do(c.Resume(transaction))
    assert desk.refused(c.TurnPage(2)) == "nothing_to_print"
    desk.do(c.PrintBook())
    player.to("end")


def test_rows_that_were_erased_are_not_printed_again(counter: Counter) -> None:
    """What was to be printed is gone from beside the chain: nothing is made up in its place."""
    desk, player = at_print(counter, RARE_NAME)
    counter.put_book(RARE_NAME)
    with book_taken_away(desk):
        desk.session.do(c.PrintBook())
    assert counter.ready()
    records = desk.session._core.given.records
    gone = refuse(RefusalCode.CHAIN_BROKEN)
    (job,) = jobs_of(desk, desk.transaction.transaction_id)
    real = records.personal
    records.personal = lambda ref: gone if ref == job.job else real(ref)  # type: ignore[method-assign]
    counter.put_book(RARE_NAME)
    assert desk.refused(AGAIN) == "chain_broken"
    assert desk.refused(c.TurnPage(2)) == "chain_broken"
    records.personal = real  # type: ignore[method-assign]
    desk.do(AGAIN)
    assert len(jobs_of(desk, desk.transaction.transaction_id)) == 2
    assert all(isinstance(one, e.PrintPrepared) for one in jobs_of(desk, desk.transaction.transaction_id))
    player.to("end")
