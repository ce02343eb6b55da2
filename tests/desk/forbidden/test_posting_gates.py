"""Posting with any one step missing. The session offers no such way, so an insider writes into the journal that a
step was passed; the desk takes up the transaction there, everything else is done properly, and posting still looks at
facts, not at the way walked."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.refusals import RefusalCode
from desk.views import PostView, SuspectNoteView
from tests.desk.forbidden.attack import sql, write
from tests.scenarios.branch import PERSON
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player

GATES = {
    "identify": ("done", "slip"),
    "slip": ("done", "match"),
    "match": ("agree", "count"),
    "count": ("done", "second_count"),
    "second_count": ("done", "review"),
    "review": ("done", "confirm"),
    "confirm": ("done", "post"),
}


def half_done(desk: Desk, player: Player, step: str) -> None:
    """At ``step``, as much of it done as the steps after it cannot do without."""
    if step == "identify":
        desk.do(c.StartTransaction("1010"))
        desk.do(c.IdentifyCustomer(PERSON.number))
        return
    if step == "match":
        desk.counter.write_slip(
            PERSON, player.deposit.amount_minor, player.deposit.rows, account_name="阿依古丽·买买江"
        )
    player.to(step)
    if step == "slip":
        desk.do(c.KeySlip(player.deposit.amount_keys))
    if step == "count":
        desk.counter.put_notes(player.deposit.heap)
        desk.do(c.CountNotes())


@pytest.mark.parametrize("step", GATES)
def test_no_posting_with_a_step_missing(step: str, counter: Counter, desk: Desk, player: Player) -> None:
    half_done(desk, player, step)
    transaction = desk.transaction.transaction_id
    outcome, to = GATES[step]
    write(counter, transaction, e.StepPassed(step, outcome, to))
    desk.session = counter.session()
    desk.sign_on()
    assert desk.step == to
    player.to("post")
    page = desk.page
    assert isinstance(page, PostView)
    assert [gate.check for gate in page.gates if gate.state == "open"] == [step]
    assert not page.ready
    for command in (c.Post(), c.Advance()):
        refusal = desk.refusal(command)
        assert (refusal.code, dict(refusal.details)) == (RefusalCode.STEP_MISSING, {"step": step})
    assert transaction not in counter.ledger().postings


@pytest.mark.parametrize("step", [*GATES, "suspect"])
def test_no_posting_from_an_earlier_step(step: str, counter: Counter, desk: Desk, player: Player) -> None:
    if step == "suspect":
        player.to("count")
        counter.put_notes([{"denomination": 100, "reject": 6}, [100, 2], [50, 1]])
        desk.do(c.CountNotes())
        desk.do(c.ReferNote())
    else:
        player.to(step)
    refusal = desk.refusal(c.Post())
    assert (refusal.code, dict(refusal.details)) == (RefusalCode.STEP_MISSING, {"step": step})
    if step == "suspect":
        for person in ("0317", "0102"):
            _judge(desk, person)


def _judge(desk: Desk, person: str) -> None:
    page = desk.page
    assert isinstance(page, SuspectNoteView)
    if not page.reading:
        timer = desk.counter.put_note_soon(100, 4)
        desk.do(c.InspectNote(page.note_id))
        timer.join()
    desk.do(c.GiveVerdict(page.note_id, "counterfeit", 10000, person, "teller desk training"))


CHANGES = {
    "frozen while the customer waited": ("status", "frozen", RefusalCode.ACCOUNT_NOT_OPEN),
    "another holder by now": ("holder_digest", "0" * 64, RefusalCode.NAME_MISMATCH),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_account_is_looked_at_again(change: str, counter: Counter, desk: Desk, player: Player) -> None:
    player.to("post")
    column, value, code = CHANGES[change]
    database, where = counter.root / "desk.db", f"WHERE account_id='{PERSON.account_id}'"
    ((before,),) = counter.training.desk.store.read(f"SELECT {column} FROM account {where}")
    sql(database, f"UPDATE account SET {column}='{value}' {where}")
    try:
        assert desk.refusal(c.Post()).code is code
    finally:
        sql(database, f"UPDATE account SET {column}='{before}' {where}")


def test_what_was_signed_on_one_day_is_not_posted_on_another(tmp_path: Path) -> None:
    """At a counter of its own: no desk goes back to the day before."""
    with closing(Counter(tmp_path)) as counter:
        before, deposit = counter.ledger(), Deposit()
        counter.write_slip(deposit.account, deposit.amount_minor, deposit.rows)
        desk = Desk(counter, counter.session())
        desk.sign_on()
        Player(desk, deposit).to("post")
        desk.session = counter.session(business_date="2026-11-24")
        desk.sign_on()
        assert desk.step == "post"
        assert desk.refused(c.Post()) == "statement_stale"
        counter.assert_posted_once(before)


def test_a_posting_is_made_once(counter: Counter, desk: Desk, player: Player) -> None:
    player.to("print")
    transaction = desk.transaction.transaction_id
    assert desk.refused(c.Post()) == "already_posted"
    desk.session = counter.session()
    desk.sign_on()
    assert desk.refused(c.Post()) == "already_posted"
    player.to("end")
    assert desk.refused(c.Post()) == "already_ended"
    assert counter.ledger().postings[transaction] == 1
