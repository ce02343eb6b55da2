"""Nothing that was signed is edited: not past the signature, and a way back voids it."""

from __future__ import annotations

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.cash import CashRow
from desk.views import CustomerView
from tests.desk.forbidden.attack import recorded
from tests.scenarios.branch import PERSON, RARE_NAME
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Player
from ui.training.branch import TRAINING_PASSWORD

EDITS: tuple[c.Command, ...] = (
    c.ReadBook(),
    c.IdentifyCustomer(RARE_NAME.number),
    c.ConfirmCustomer(),
    c.KeySlip("351", PERSON.name, PERSON.number),
    c.TickCheck("VC-08", passed=False),
    c.AcceptSlip(),
    c.ReturnSlip("another slip"),
    c.CountNotes(),
    c.KeyHandCount((CashRow(100, 1),)),
    c.Recount("again"),
    c.AcceptCount(),
    c.ReferNote(),
)
IDS = [type(one).__name__ for one in EDITS]


@pytest.mark.parametrize("step", ["confirm", "post"])
def test_no_edit_after_signing(step: str, counter: Counter, desk: Desk, player: Player) -> None:
    player.to(step)
    transaction, before = desk.transaction, counter.training.desk.store.head()
    found = {type(edit).__name__: desk.refused(edit) for edit in EDITS}
    expected = dict.fromkeys(IDS, "edit_after_signing")
    if step == "post":
        assert desk.refused(c.CustomerAnswer(agreed=False)) == "step_not_open"
    assert found == expected
    assert counter.training.desk.store.head() == before, "a refused edit left a trace"
    assert desk.transaction == transaction


def test_no_edit_after_posting(desk: Desk, player: Player) -> None:
    player.to("print")
    assert {desk.refused(edit) for edit in EDITS} == {"already_posted"}
    player.to("end")
    assert {desk.refused(edit) for edit in EDITS} == {"already_ended"}


@pytest.mark.parametrize("step", ["identify", "slip", "match", "count", "second_count"])
def test_no_step_does_anothers_work(step: str, counter: Counter, desk: Desk, player: Player) -> None:
    """At each step the edits that are not at home there are refused, and no machine waits for them."""
    at_home = {
        "identify": {"ReadBook", "IdentifyCustomer", "ConfirmCustomer"},
        "slip": {"KeySlip", "TickCheck", "AcceptSlip"},
        "match": {"ReturnSlip"},
        "count": {"ReturnSlip", "CountNotes", "KeyHandCount", "Recount", "AcceptCount", "ReferNote"},
        "second_count": {"CountNotes", "KeyHandCount", "Recount", "AcceptCount"},
    }[step]
    player.to(step)
    before = counter.training.desk.store.head()
    foreign = [edit for edit in EDITS if type(edit).__name__ not in at_home]
    assert {desk.refused(edit) for edit in foreign} == {"step_not_open"}
    assert desk.refused(c.InspectNote("none")) == "step_not_open"
    assert counter.training.desk.store.head() == before


def test_a_way_back_voids_every_signature(counter: Counter, desk: Desk, player: Player) -> None:
    player.to("confirm")
    transaction = desk.transaction.transaction_id
    desk.do(c.CustomerAnswer(agreed=False, reason="another amount"))
    state = desk.session._core.state
    assert state is not None
    assert (state.facts, state.countersigned, state.confirmed, state.rekeyed_by) == (None, None, None, "")
    assert desk.refused(c.Post()) == "step_missing"
    player.to("post")
    signed = recorded(counter, transaction, e.Countersigned)
    digests = {one.digest for one in signed if isinstance(one, e.Countersigned)}
    assert len(signed) == len(digests) == 2, "the old signature served again"


def test_the_customers_yes_binds_what_was_shown(counter: Counter, desk: Desk, player: Player) -> None:
    player.to("post")
    transaction = desk.transaction.transaction_id
    (frozen,) = recorded(counter, transaction, e.FactsFrozen)
    (yes,) = recorded(counter, transaction, e.CustomerConfirmed)
    assert isinstance(frozen, e.FactsFrozen)
    assert isinstance(yes, e.CustomerConfirmed)
    assert yes.digest == frozen.digest
    shown = desk.session.snapshot().customer
    assert isinstance(shown, CustomerView)
    assert shown.amount_minor == player.deposit.amount_minor


def test_what_cannot_be_seen_is_not_ticked(desk: Desk, player: Player) -> None:
    player.to("slip")
    assert desk.refused(c.TickCheck("VC-08")) == "slip_incomplete"
    desk.do(c.KeySlip(player.deposit.amount_keys))
    for automatic in ("VC-01", "VC-03", "VC-04", "VC-06", "VC-12", "ID-SEEN"):
        assert desk.refused(c.TickCheck(automatic)) == "check_automatic"
    for unknown in ("RV-NAME", "VC-99", ""):
        assert desk.refused(c.TickCheck(unknown)) == "check_unknown"
    desk.do(c.TickCheck("VC-08", passed=False, remark="altered"))
    assert desk.refused(c.AcceptSlip()) == "check_open"
    desk.do(c.TickCheck("VC-24"))
    assert desk.step == "slip"


def test_who_was_seen_is_the_holder_or_an_agent(desk: Desk) -> None:
    desk.do(c.StartTransaction("1010"))
    desk.do(c.IdentifyCustomer(PERSON.number))
    assert desk.refused(c.ConfirmCustomer("nobody")) == "field_format"
    desk.do(c.ConfirmCustomer("agent"))
    assert desk.step == "slip"


def test_nothing_is_done_without_a_teller(counter: Counter) -> None:
    desk = Desk(counter, counter.session())
    everything = (
        *EDITS, c.StartTransaction("1010"), c.Post(), c.PrintBook(), c.HandOver(), c.Park("x"), c.Cancel("x"),
        c.Countersign(TRAINING_PASSWORD), c.Rekey("1", "1"), c.CompareName(True), c.SettlePrint(1),
        c.CustomerAnswer(True), c.Advance(), c.ReturnReview("returned", "x"), c.Resume("none"),
    )  # fmt: skip
    head = counter.training.desk.store.head()
    for command in everything:
        desk.refused(command)
    assert counter.training.desk.store.head() == head
