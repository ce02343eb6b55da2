"""A doubt about the writing of a name (NEAR_E): the teller and a supervisor compare it with a document and both sign.

Nothing else is ever overridden: a difference of substance sends the customer back to the voucher, whoever asks
(counter-rules §2.3, DESIGN §3).
"""

from __future__ import annotations

from dataclasses import replace

from desk.domain.events import NameOverridden
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.facts import override_digest
from desk.procedures.acts import OverrideName, SignedBy
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, then_pass

DOCUMENTS = ("id_card", "household_book", "passport", "permit", "business_licence")
"""What a name may be compared with."""


def override_problem(state: Transaction, document: str) -> Refusal | None:
    """Why this difference is not overridden, whoever would sign."""
    if state.match is None:
        return refuse(RefusalCode.STEP_MISSING, step=state.step)
    if not state.match.number_agrees:
        return refuse(RefusalCode.NUMBER_MISMATCH)
    if state.match.result != "NEAR_E":
        return refuse(RefusalCode.NAME_NOT_OVERRIDABLE, result=state.match.result)
    if document not in DOCUMENTS:
        return refuse(RefusalCode.EVIDENCE_MISSING)
    return None


def authoriser_problem(state: Transaction, person: Person) -> Refusal | None:
    """Why this person may not authorise: not a supervisor, acted here in another role, or the customer."""
    others = [staff for staff, act in state.acted.items() if act != PersonAct.AUTHORISE.value]
    return may_act(person, PersonAct.AUTHORISE, others, state.customer_id)


def override(procedure: Procedure, state: Transaction, act: OverrideName, person: Person) -> Decision:
    """Both signatures over exactly this difference and this document; the step then passes as an agreement."""
    refusal = override_problem(state, act.document) or authoriser_problem(state, act.authoriser)
    if refusal:
        return refusal
    wanted = wanted_override(act)
    digest = override_digest(state, wanted)
    for signed, staff_no, role in (
        (act.made, person.staff_no, "make"),
        (act.authorised, act.authoriser.staff_no, "authorise"),
    ):
        refusal = _unbound(state, signed, (staff_no, role, digest, act.override_id))
        if refusal:
            return refusal
    event = replace(
        wanted, staff_no=act.made.staff_no, statement=act.made.statement, signature=act.made.signature,
        second_person=act.authorised.staff_no, second_statement=act.authorised.statement,
        second_signature=act.authorised.signature,
    )  # fmt: skip
    return then_pass(procedure, state, (event,), person, "agree")


def wanted_override(act: OverrideName) -> NameOverridden:
    """The override as it will be written down, but for the signatures: what they are over."""
    return NameOverridden(act.override_id, act.document, act.evidence)


def _unbound(state: Transaction, signed: SignedBy, binds: tuple[str, str, str, str]) -> Refusal | None:
    if (signed.staff_no, signed.act) != binds[:2]:
        return refuse(RefusalCode.STATEMENT_FORGED)
    if (signed.transaction, signed.nonce) != (state.transaction_id, binds[3]):
        return refuse(RefusalCode.STATEMENT_REPLAYED)
    return None if signed.digest == binds[2] else refuse(RefusalCode.STATEMENT_STALE)
