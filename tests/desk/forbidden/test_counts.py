"""A count is money once: not again in this transaction, not in the second count, not in another transaction; and not
in another currency. What a real counter counted is kept and handed out again."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from desk import commands as c
from desk.core import Collaborators
from desk.domain.cash import CashRow
from desk.views import CountView
from tests.desk.forbidden.attack import ReplayingCounter, collaborators
from tests.scenarios.branch import SUPERVISOR, new_id
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Player

HEAP_SECONDS = 0.5
"""A heap runs through the simulated machine, whose mechanics take no time here."""


@pytest.fixture
def replaying(desk: Desk) -> ReplayingCounter:
    given: Collaborators = collaborators(desk)
    assert given.machines.counter is not None
    counter = ReplayingCounter(given.machines.counter)
    given.machines = replace(given.machines, counter=counter)
    return counter


def counted(desk: Desk, player: Player) -> None:
    player.to("count")
    desk.counter.put_notes(player.deposit.heap)
    desk.do(c.CountNotes())


def again(desk: Desk, replaying: ReplayingCounter) -> str:
    replaying.next = replaying.kept[0]
    code = desk.refused(c.CountNotes())
    replaying.next = None
    return code


def test_not_again_in_the_same_count(desk: Desk, player: Player, replaying: ReplayingCounter) -> None:
    counted(desk, player)
    assert again(desk, replaying) == "batch_used"
    desk.do(c.Recount("set aside"))
    assert again(desk, replaying) == "batch_used"
    page = desk.page
    assert isinstance(page, CountView)
    assert page.counted_minor == 0


def test_not_as_the_second_count(desk: Desk, player: Player, replaying: ReplayingCounter) -> None:
    """The reviewer does not get by on the maker's count."""
    counted(desk, player)
    player.to("second_count")
    assert again(desk, replaying) == "batch_used"
    assert desk.step == "second_count"


def test_not_in_another_transaction(desk: Desk, player: Player, replaying: ReplayingCounter) -> None:
    counted(desk, player)
    desk.do(c.Cancel("the customer leaves with the cash"))
    desk.do(c.CloseTransaction())
    player.to("count")
    assert again(desk, replaying) == "batch_used"


def test_not_after_a_restart(
    counter: Counter, desk: Desk, player: Player, replaying: ReplayingCounter
) -> None:
    counted(desk, player)
    desk.session = counter.session()
    desk.sign_on()
    given = collaborators(desk)
    given.machines = replace(given.machines, counter=replaying)
    assert again(desk, replaying) == "batch_used"


def test_not_in_another_currency(desk: Desk, player: Player, replaying: ReplayingCounter) -> None:
    counted(desk, player)
    desk.do(c.Recount("foreign notes"))
    replaying.next = replace(replaying.kept[0], batch_id=new_id(), currency="USD")
    assert desk.refused(c.CountNotes()) == "count_currency"
    replaying.next = None


def test_a_silent_counter_leaves_evidence_and_no_money(counter: Counter, desk: Desk, player: Player) -> None:
    """It falls silent in the middle of a heap: what it counted so far is on record, and must be counted anew."""
    player.to("count")
    counter.hands("aa55", do="fault", kind="silent", at=3)
    counter.put_notes(player.deposit.heap)
    assert desk.refused(c.CountNotes()) == "batch_incomplete"
    page = desk.page
    assert isinstance(page, CountView)
    assert (page.state, page.counted_minor, page.can_accept) == ("incomplete", 0, False)
    assert desk.refused(c.AcceptCount()) == "count_empty"
    counter.hands("aa55", do="fault", kind="silent", at=10**9)
    assert counter.ready()


def test_hand_counts_hide_nothing(desk: Desk, player: Player) -> None:
    """A negative piece or a made-up one would bring any count to any amount."""
    counted(desk, player)
    for rows in (((10000, -1),), ((-10000, 1),), ((1, 1), (-1, 1)), ((12345, 1),), ((0, 5),)):
        code = desk.refused(c.KeyHandCount(tuple(CashRow(unit, pieces) for unit, pieces in rows)))
        assert code in ("count_empty", "denomination_unknown")
    page = desk.page
    assert isinstance(page, CountView)
    assert (page.counted_minor, page.hand_minor) == (35000, 0)


def test_a_heap_that_ran_before_the_second_person_sat_down_is_no_count_of_theirs(
    desk: Desk, player: Player
) -> None:
    player.to("second_count")
    desk.do(c.LeaveSeat())
    desk.counter.put_notes(player.deposit.heap)
    time.sleep(HEAP_SECONDS)
    desk.do(c.TakeSeat(SUPERVISOR))
    stop = desk.interrupt_soon(0.4)
    desk.do(c.CountNotes())
    stop.join()
    page = desk.page
    assert isinstance(page, CountView)
    assert (desk.step, page.state) == ("second_count", "empty")


def test_what_the_last_customer_left_in_the_machine_is_not_the_next_ones_cash(
    desk: Desk, player: Player
) -> None:
    player.to("count")
    desk.do(c.Cancel("the customer leaves"))
    desk.do(c.CloseTransaction())
    desk.counter.put_notes(player.deposit.heap)
    time.sleep(HEAP_SECONDS)
    player.to("count")
    stop = desk.interrupt_soon(0.4)
    desk.do(c.CountNotes())
    stop.join()
    page = desk.page
    assert isinstance(page, CountView)
    assert page.state == "empty"
