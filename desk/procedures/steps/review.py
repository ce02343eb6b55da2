"""The second person: blind re-keying, the names side by side, and one signature over the facts shown."""

from __future__ import annotations

from desk.domain.cash import CountStage
from desk.domain.events import (
    CheckRecorded,
    Countersigned,
    FactsFrozen,
    KeyElementsRekeyed,
    ReviewReturned,
)
from desk.domain.people import Person
from desk.domain.plain_text import reason
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.procedures.acts import CompareNames, FreezeFacts, GiveBack, RekeyElements, SignedBy, SignReview
from desk.procedures.procedure import Procedure
from desk.procedures.steps import count
from desk.procedures.steps.shape import Decision, then_pass

NAME_COMPARED = "RV-NAME"
NAMES_DIFFER = "户名不一致 names differ"


def freeze(procedure: Procedure, state: Transaction, act: FreezeFacts, person: Person) -> Decision:
    """The maker signs the canonical facts; everything later binds to their digest and this nonce."""
    signed = act.signed
    if not signed.binds(state.maker, "make", state.transaction_id, act.digest, act.nonce):
        return refuse(RefusalCode.STATEMENT_FORGED)
    return (
        FactsFrozen(
            act.facts, act.digest, act.nonce, act.language, act.template, signed.statement, signed.signature
        ),
    )


def rekey(procedure: Procedure, state: Transaction, act: RekeyElements, person: Person) -> Decision:
    """Compare what was keyed blind with the record. A difference is kept, and says which element only."""
    if state.slip is None or state.facts is None:
        return refuse(RefusalCode.STEP_MISSING, step="facts")
    differing = tuple(
        name
        for name, agrees in (
            ("amount", act.amount_minor == state.slip.amount_minor),
            ("account", act.last_four == act.true_last_four),
        )
        if not agrees
    )
    return (KeyElementsRekeyed(person.staff_no, not differing, differing),)


def compare(procedure: Procedure, state: Transaction, act: CompareNames, person: Person) -> Decision:
    """The reviewer looked at both names side by side; a "no" gives the work back."""
    if state.rekeyed_by != person.staff_no:
        return refuse(RefusalCode.REKEY_MISSING)
    if not act.agrees:
        returned = ReviewReturned(person.staff_no, "returned", NAMES_DIFFER)
        return then_pass(procedure, state, (returned,), person, "returned")
    return (CheckRecorded(NAME_COMPARED, "attested", "pass", "side by side", act.rule),)


def _signature_problem(state: Transaction, signed: SignedBy, person: Person) -> Refusal | None:
    facts = state.facts
    if facts is None:
        return refuse(RefusalCode.STATEMENT_STALE)
    if (signed.staff_no, signed.act) != (person.staff_no, "review"):
        return refuse(RefusalCode.STATEMENT_FORGED)
    if signed.transaction != state.transaction_id or signed.nonce != facts.nonce:
        return refuse(RefusalCode.STATEMENT_REPLAYED)
    if signed.digest != facts.digest:
        return refuse(RefusalCode.STATEMENT_STALE)
    return None


def sign(procedure: Procedure, state: Transaction, act: SignReview, person: Person) -> Decision:
    """Accept the countersignature: right person, this transaction, this nonce, exactly these facts, once. Only a
    signature proves who took the second count, so it must be theirs."""
    if state.rekeyed_by != person.staff_no:
        return refuse(RefusalCode.REKEY_MISSING)
    compared = state.checks.get(NAME_COMPARED)
    if compared is None or compared.person != person.staff_no:
        return refuse(RefusalCode.NAME_COMPARE_MISSING)
    if act.nonce_used:
        return refuse(RefusalCode.STATEMENT_REPLAYED)
    counted_by = state.accepted_by.get(CountStage.SECOND.value, person.staff_no)
    if CountStage.SECOND.value in state.accepted and counted_by != person.staff_no:
        return refuse(RefusalCode.STEP_MISSING, step=procedure.step_of(StepKind.SECOND_COUNT).step)
    problem = _signature_problem(state, act.signed, person)
    if problem:
        return problem
    signed = act.signed
    event = Countersigned(
        person.staff_no, "review", signed.digest, signed.nonce, signed.statement, signed.signature
    )
    return then_pass(procedure, state, (event,), person, "done")


def give_back(procedure: Procedure, state: Transaction, act: GiveBack, person: Person) -> Decision:
    """Return for correction or reject; either names its reason and posts nothing."""
    said = reason(act.reason)
    if not said:
        return refuse(RefusalCode.REASON_MISSING)
    if procedure.step_named(state.step).kind is StepKind.SECOND_COUNT:
        if act.outcome == "differs":
            return count.differs(procedure, state, person, said)
        outcome = "returned"
    else:
        outcome = "rejected" if act.outcome == "rejected" else "returned"
    event = ReviewReturned(person.staff_no, outcome, said)
    return then_pass(procedure, state, (event,), person, outcome)
