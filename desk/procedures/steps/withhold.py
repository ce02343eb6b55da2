"""Withholding what two trained people found counterfeit: secured in the holder's sight, certified, answered, rights
read, reported where due, and taken into custody by somebody else (counter-rules §3.1–3.3).

Each act is done once its predecessor is; nothing of it can be left out, and the transaction neither goes on nor ends
before the notes are in custody.
"""

from __future__ import annotations

from desk.domain.events import (
    HolderAnswered,
    NoteSecured,
    NotesInCustody,
    RightsRead,
    WithholdingCertified,
    WithholdingReported,
)
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.plain_text import reason
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction, Withholding
from desk.facts import CUSTODY, custody_digest
from desk.procedures.acts import (
    CertifyWithholding,
    HolderAnswer,
    ReadRights,
    ReportWithholding,
    SecureNote,
    TakeCustody,
)
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, then_pass

STEPS = ("secure", "certificate", "paper", "answer", "rights", "custody")
"""The order; a report stands before custody where it is due."""
ANSWERS = ("signed", "refused")
HOLDERS = ("individual", "entity")


def due_step(state: Transaction) -> str:
    """What comes next of STEPS; "" when nothing is being withheld."""
    waiting, under_way = state.withheld_open(), state.withholding()
    if not waiting:
        return ""
    if under_way is None or {note.note_id for note in waiting} != set(under_way.certificate.note_ids):
        return "secure" if any(note.note_id not in state.secured for note in waiting) else "certificate"
    if not any(one.outcome == "done" for one in state.papers):
        return "paper"
    if not under_way.answer:
        return "answer"
    return "custody" if under_way.rights_read else "rights"


def order_problem(state: Transaction, step: str) -> Refusal | None:
    """Why ``step`` of STEPS cannot be done now; None when it is what comes next."""
    due = due_step(state)
    return None if due == step else refuse(RefusalCode.WITHHOLDING_ORDER, step=due)


def secure(procedure: Procedure, state: Transaction, act: SecureNote, person: Person) -> Decision:
    """One note: stamped, bagged or held as the rules say for its currency and kind."""
    if act.note_id not in {note.note_id for note in state.withheld_open()} or state.withholding() is not None:
        return refuse(RefusalCode.NOTE_UNKNOWN)
    if act.custody != act.due or (act.custody == "bag") != bool(reason(act.bag_no)):
        return refuse(RefusalCode.CUSTODY_DIFFERS, due=act.due)
    if act.denomination_minor <= 0 or not act.currency:
        return refuse(RefusalCode.DENOMINATION_UNKNOWN)
    return (
        NoteSecured(
            act.note_id, act.custody, act.currency, act.coin, act.denomination_minor, reason(act.series),
            reason(act.serial), reason(act.bag_no),
        ),
    )  # fmt: skip


def certify(procedure: Procedure, state: Transaction, act: CertifyWithholding, person: Person) -> Decision:
    """One certificate for all notes that wait; its paper was made with all its fields."""
    refusal = order_problem(state, "certificate")
    if refusal:
        return refusal
    if act.holder_kind not in HOLDERS or not act.certificate_no or not act.digest:
        return refuse(RefusalCode.FIELD_FORMAT, field="holder")
    ids = tuple(note.note_id for note in state.withheld_open())
    return (WithholdingCertified(act.certificate_no, ids, act.holder_kind, act.holder, act.digest),)


def _under_way(state: Transaction) -> Withholding:
    found = state.withholding()
    assert found is not None
    return found


def answer(procedure: Procedure, state: Transaction, act: HolderAnswer, person: Person) -> Decision:
    """The holder signs, or refuses to, which is noted."""
    refusal = order_problem(state, "answer")
    if refusal:
        return refusal
    if act.answer not in ANSWERS:
        return refuse(RefusalCode.FIELD_FORMAT, field="answer")
    return (HolderAnswered(_under_way(state).certificate.certificate_no, act.answer),)


def rights(procedure: Procedure, state: Transaction, act: ReadRights, person: Person) -> Decision:
    """The holder's rights were read out."""
    return order_problem(state, "rights") or (RightsRead(_under_way(state).certificate.certificate_no),)


def report(procedure: Procedure, state: Transaction, act: ReportWithholding, person: Person) -> Decision:
    """Police and central bank were told; who took it stands beside each."""
    under_way = state.withholding()
    if under_way is None:
        return refuse(RefusalCode.WITHHOLDING_ORDER, step=due_step(state))
    police, central_bank = reason(act.police), reason(act.central_bank)
    if not act.grounds:
        return refuse(RefusalCode.WITHHOLDING_ORDER, step=due_step(state))
    if not police or not central_bank:
        return refuse(RefusalCode.REPORT_DUE, grounds=", ".join(act.grounds))
    return (WithholdingReported(under_way.certificate.certificate_no, act.grounds, police, central_bank),)


def custodian_problem(state: Transaction, person: Person) -> Refusal | None:
    """Why this person cannot keep the notes: whoever keeps the register does not (账实分管)."""
    others = [staff for staff, act in state.acted.items() if act != PersonAct.REVIEW.value]
    return may_act(person, PersonAct.REVIEW, others, state.customer_id)


def custody(procedure: Procedure, state: Transaction, act: TakeCustody, person: Person) -> Decision:
    """Somebody else takes the notes and signs for them; the count goes on."""
    refusal = order_problem(state, "custody") or custodian_problem(state, act.custodian)
    if refusal:
        return refusal
    under_way, signed = _under_way(state), act.signed
    if act.report_due and under_way.reported is None:
        return refuse(RefusalCode.REPORT_DUE, grounds=", ".join(act.report_due))
    certificate = under_way.certificate
    digest = custody_digest(state.transaction_id, certificate)
    if not signed.binds(
        act.custodian.staff_no, CUSTODY, state.transaction_id, digest, certificate.certificate_no
    ):
        return refuse(RefusalCode.STATEMENT_FORGED)
    taken = NotesInCustody(certificate.certificate_no, signed.staff_no, signed.statement, signed.signature)
    return then_pass(procedure, state, (taken,), person, "done")
