"""Receive and identify: which account the book names, and that the teller saw customer and book."""

from __future__ import annotations

from desk.domain.events import CheckRecorded, CustomerIdentified
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.refusals import RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.procedures.acts import ConfirmIdentity, Identify
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, then_pass

SEEN = "ID-SEEN"
PRESENCES = ("holder", "agent")


def identify(procedure: Procedure, state: Transaction, act: Identify, person: Person) -> Decision:
    """The account must be open and nobody serves their own (DESIGN §3)."""
    if act.status != "open":
        return refuse(RefusalCode.ACCOUNT_NOT_OPEN, status=act.status)
    refusal = may_act(person, PersonAct.MAKE, (), act.customer_id)
    if refusal:
        return refusal
    return (CustomerIdentified(act.account_id, act.customer_id, act.account, act.book_id, person.staff_no),)


def confirm(procedure: Procedure, state: Transaction, act: ConfirmIdentity, person: Person) -> Decision:
    """The teller confirms having seen the customer (or the agent) and the book."""
    if not state.account_id:
        return refuse(RefusalCode.ACCOUNT_UNKNOWN)
    if act.presence not in PRESENCES:
        return refuse(RefusalCode.FIELD_FORMAT, field="presence")
    seen = CheckRecorded(SEEN, "attested", "pass", act.presence, "counter-rules 6.2")
    return then_pass(procedure, state, (seen,), person, "done")
