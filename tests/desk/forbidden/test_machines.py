"""Machines that fall silent or hold something else than they should: nothing is guessed, nothing is done twice."""

from __future__ import annotations

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.events import PrintPrepared
from desk.views import PrintView
from tests.desk.forbidden.attack import recorded
from tests.scenarios.branch import RARE_NAME
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player


@pytest.fixture
def player(desk: Desk) -> Player:
    deposit = Deposit(RARE_NAME, ((10000, 1),))
    desk.counter.write_slip(deposit.account, deposit.amount_minor, deposit.rows)
    return Player(desk, deposit)


def print_view(desk: Desk) -> PrintView:
    page = desk.page
    assert isinstance(page, PrintView)
    return page


def test_a_printer_silent_after_the_line_was_sent_is_asked_about(
    counter: Counter, desk: Desk, player: Player
) -> None:
    """Nobody presses stop: the driver gives up by itself, and what it does not know it does not claim."""
    player.to("print")
    inked = counter.rows_inked()
    counter.hands("t5040", do="silent", ink=True)
    counter.put_book(RARE_NAME)
    desk.do(c.PrintBook())
    page = print_view(desk)
    assert (page.state, page.lines_proved, len(page.question)) == ("unknown", 0, 1)
    assert counter.rows_inked() == inked + 1
    assert desk.refused(c.PrintBook()) == "print_open"
    assert desk.refused(c.SettlePrint(1)) == "printer_not_still", "what it still holds may be struck later"
    desk.do(c.SettlePrint(1, printer_stopped=True))
    (settled,) = recorded(counter, desk.transaction.transaction_id, e.PrintSettled)
    assert isinstance(settled, e.PrintSettled)
    assert settled.printer_stopped, "and who said so is on record"
    counter.hands("t5040", do="power_cycle")
    assert counter.ready()
    player.to("end")
    assert counter.rows_inked() == inked + 1


def test_a_stopped_wait_for_the_book_leaves_no_trace(counter: Counter, desk: Desk, player: Player) -> None:
    player.to("print")
    counter.hands("t5040", do="remove_book")
    inked = counter.rows_inked()
    stop = desk.interrupt_soon(0.4)
    desk.do(c.PrintBook())
    stop.join()
    assert print_view(desk).state in ("ready", "not_done")
    counter.put_book(RARE_NAME)
    assert counter.ready()
    assert counter.rows_inked() == inked
    player.to("end")
    assert counter.rows_inked() == inked + 1


def test_a_book_whose_stripe_says_another_account(counter: Counter, desk: Desk, player: Player) -> None:
    player.to("print")
    head, inked = counter.training.desk.store.head(), counter.rows_inked()
    for stripe in ("9017002010004821735", "9017002010004400129", "1"):
        counter.hands("t5040", do="insert_book", book="another", page=1, stripe=stripe)
        assert desk.refused(c.PrintBook()) == "book_mismatch"
    assert counter.rows_inked() == inked
    assert counter.training.desk.store.head() == head, "a job was written down for another's book"
    player.to("end")


def unread(desk: Desk) -> None:
    """The right book, open at its page, with a stripe that nothing can be read from."""
    page = desk.session.book_of(RARE_NAME.account_id).next_page
    desk.counter.hands("t5040", do="insert_book", book="B-T-0002", page=page, stripe="")


def looked_by(desk: Desk) -> list[str]:
    """Who looked at the book before each job of the transaction."""
    store = desk.counter.training.desk.store
    events = [one.event for one in store.recorded(desk.transaction.transaction_id)]
    return [one.seen_by for one in events if isinstance(one, PrintPrepared)]


def test_a_book_whose_stripe_cannot_be_read_prints_only_once_a_person_looked(
    counter: Counter, desk: Desk, player: Player
) -> None:
    desk.do(c.StartTransaction("1010"))
    counter.hands("t5040", do="insert_book", book="B-T-0002", page=1, stripe="")
    assert desk.refused(c.ReadBook()) == "device_not_ready"
    desk.do(c.IdentifyCustomer(RARE_NAME.number))
    player.to("print")
    player.turn()
    head, inked = counter.training.desk.store.head(), counter.rows_inked()
    assert desk.refused(c.ConfirmBook()) == "print_job_unknown", "nobody was asked yet"
    unread(desk)
    desk.do(c.PrintBook())
    page = print_view(desk)
    assert (page.state, page.account_number) == ("look", RARE_NAME.number)
    assert desk.refused(c.PrintBook()) == "book_unseen"
    assert counter.rows_inked() == inked
    assert counter.training.desk.store.head() == head, (
        "a job was written down for a book that nobody looked at"
    )
    unread(desk)
    desk.do(c.ConfirmBook())
    assert counter.rows_inked() == inked + 1
    assert looked_by(desk) == ["0317"]
    player.to("end")


def test_a_stripe_that_can_be_read_after_all_needs_nobody_to_look(
    counter: Counter, desk: Desk, player: Player
) -> None:
    player.to("print")
    player.turn()
    unread(desk)
    desk.do(c.PrintBook())
    assert print_view(desk).state == "look"
    counter.hands("t5040", do="remove_book")
    counter.put_book(RARE_NAME)
    desk.do(c.PrintBook())
    assert looked_by(desk) == [""]
    player.to("end")


def test_who_looked_at_one_book_did_not_look_at_the_next(
    counter: Counter, desk: Desk, player: Player
) -> None:
    """Confirmed, but another customer's book was laid in meanwhile: its stripe is read before the job all the same."""
    player.to("print")
    player.turn()
    unread(desk)
    desk.do(c.PrintBook())
    head, inked = counter.training.desk.store.head(), counter.rows_inked()
    counter.hands("t5040", do="remove_book")
    counter.hands("t5040", do="insert_book", book="another", page=1, stripe="9017002010004821735")
    assert desk.refused(c.ConfirmBook()) == "book_mismatch"
    assert (counter.rows_inked(), counter.training.desk.store.head()) == (inked, head)
    counter.hands("t5040", do="remove_book")
    unread(desk)
    desk.do(c.PrintBook())
    assert print_view(desk).state == "look", "what was confirmed for another book still served"
    counter.hands("t5040", do="remove_book")
    player.to("end")
