"""The reserved seal: one person compares; where they do not find it to agree, another compares again, and both sign.

A machine's word is never taken here: the overlay shows, people judge (VC-10; DESIGN §3).
"""

from __future__ import annotations

from desk.domain.events import CheckRecorded, SealCompared
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.facts import SEAL, seal_digest
from desk.procedures.acts import CompareSeal
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, then_pass

CHECK = "VC-10"
VERDICTS = ("agrees", "differs", "unsure")


def compare_problem(state: Transaction, verdict: str, person: Person) -> Refusal | None:
    """Why this person cannot give this verdict now: the maker compares first, another second."""
    if verdict not in VERDICTS:
        return refuse(RefusalCode.FIELD_FORMAT, field="verdict")
    if not any(scan.side == "front" for scan in state.scans):
        return refuse(RefusalCode.SCAN_MISSING)
    if not state.seals:
        return None if person.staff_no == state.maker else refuse(RefusalCode.STEP_MISSING, step="seal")
    others = [staff for staff, act in state.acted.items() if act != PersonAct.REVIEW.value]
    return may_act(person, PersonAct.REVIEW, others, state.customer_id)


def compare(procedure: Procedure, state: Transaction, act: CompareSeal, person: Person) -> Decision:
    """One comparison, signed over what was compared and how it lay. The maker's "agrees" suffices; after anything else
    a second person's word decides."""
    refusal = compare_problem(state, act.verdict, person)
    if refusal:
        return refusal
    event = wanted_comparison(act, person)
    signed = act.signed
    if not signed.binds(
        person.staff_no, SEAL, state.transaction_id, seal_digest(state, event), act.comparison_id
    ):
        return refuse(RefusalCode.STATEMENT_FORGED)
    if act.verdict != "agrees" and not state.seals:
        return (event,)
    agrees = act.verdict == "agrees"
    told = CheckRecorded(
        CHECK, "attested", "pass" if agrees else "fail", f"{len(state.seals) + 1} compared", act.rule
    )
    return then_pass(procedure, state, (event, told), person, "done" if agrees else "differs")


def wanted_comparison(act: CompareSeal, person: Person) -> SealCompared:
    """The comparison as it will be written down; its signature is over all but the statement itself."""
    return SealCompared(
        act.comparison_id, person.staff_no, act.verdict, act.specimen, act.scan, act.placement.dx_px,
        act.placement.dy_px, act.placement.rotation_centidegrees, act.placement.scale_permille,
        act.signed.statement, act.signed.signature,
    )  # fmt: skip
