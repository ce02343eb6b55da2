"""The one door to a decision: is this act at home here, is it this person's, and what follows.

``decide`` may refuse; it returns events for ``apply`` (``desk.domain.transaction``), which never does. An act that
is not in the table is refused: nothing is allowed by forgetting.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.domain.events import (
    CountCleared,
    TransactionCancelled,
    TransactionParked,
    TransactionResumed,
    TransactionStarted,
)
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.plain_text import reason
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import ENDED, PARKED, Transaction
from desk.procedures import acts
from desk.procedures.procedure import Procedure
from desk.procedures.steps import (
    count,
    cursor,
    finish,
    identify,
    name_doubt,
    review,
    seal,
    slip,
    suspect,
    voucher,
    withhold,
)
from desk.procedures.steps.shape import ANYONE, MAKER, SECOND, Decision, Rule


def begin(procedure: Procedure, state: Transaction, act: acts.Begin, person: Person) -> Decision:
    """Start; limits and mode are pinned so that a later change of policy does not change this transaction."""
    if state.maker:
        return refuse(RefusalCode.ANOTHER_OPEN)
    refusal = may_act(person, PersonAct.MAKE, (), "-")
    if refusal:
        return refusal
    return (
        TransactionStarted(
            number=act.number,
            procedure=procedure.procedure,
            procedure_digest=procedure.digest,
            control_mode=act.control_mode.value,
            review_limit_minor=act.review_limit_minor,
            hand_limit_minor=act.hand_limit_minor,
            maker=person.staff_no,
            first_step=procedure.first.step,
            rules=act.rules,
        ),
    )


def park(procedure: Procedure, state: Transaction, act: acts.ParkNow, person: Person) -> Decision:
    """Set aside; the step, the counts and the open note stay as they are."""
    said = reason(act.reason)
    return (TransactionParked(said),) if said else refuse(RefusalCode.REASON_MISSING)


def resume(procedure: Procedure, state: Transaction, act: acts.ResumeNow, person: Person) -> Decision:
    """Take up again at the same step."""
    if state.status != PARKED:
        return refuse(RefusalCode.NOT_PARKED)
    return (TransactionResumed(),)


def cancel(procedure: Procedure, state: Transaction, act: acts.CancelNow, person: Person) -> Decision:
    """End before posting, with a reason; cash and slip go back. A referred note must be judged first."""
    if state.is_posted:
        return refuse(RefusalCode.CANCEL_AFTER_POSTING)
    said = reason(act.reason)
    if not said:
        return refuse(RefusalCode.REASON_MISSING)
    if state.open_note() is not None:
        return refuse(RefusalCode.ITEM_OPEN, item="referred note")
    if state.withholding() is not None:
        return refuse(RefusalCode.WITHHOLDING_OPEN, pieces=len(state.withheld_open()))
    cleared = tuple(
        CountCleared(stage, ids, "cancelled")
        for stage in ("first", "second")
        if (
            ids := tuple(
                b.batch_id for b in state.batches if b.stage.value == stage and b.batch_id in state.current
            )
        )
    )
    return (*cleared, TransactionCancelled(said, state.step))


_COUNTS = frozenset({StepKind.CASH_COUNT, StepKind.SECOND_COUNT})
_ANY = frozenset(StepKind)
_REVIEWS = frozenset({StepKind.SECOND_COUNT, StepKind.REVIEW})
_TWO_JUDGE = frozenset({StepKind.SUSPECT_NOTE, StepKind.SEAL_CHECK})
"""Steps at which maker and second person each give their own judgement."""
_FREEZES = frozenset({StepKind.REVIEW, StepKind.CUSTOMER_CONFIRM})


def _at(*kinds: StepKind) -> frozenset[StepKind]:
    return frozenset(kinds)


RULES: Mapping[type[acts.Act], Rule] = {
    acts.Identify: Rule(_at(StepKind.IDENTIFY), MAKER, identify.identify, edits=True),
    acts.ConfirmIdentity: Rule(_at(StepKind.IDENTIFY), MAKER, identify.confirm, edits=True),
    acts.WriteSlip: Rule(_at(StepKind.CHECKLIST), MAKER, slip.write, edits=True),
    acts.Tick: Rule(_at(StepKind.CHECKLIST, StepKind.VOUCHER), MAKER, slip.tick, edits=True),
    acts.KeyVoucher: Rule(_at(StepKind.VOUCHER), MAKER, voucher.write, edits=True),
    acts.AttachScan: Rule(
        _at(StepKind.VOUCHER, StepKind.CHECKLIST, StepKind.SEAL_CHECK), MAKER, voucher.attach, edits=True
    ),
    acts.AcceptWarning: Rule(_at(StepKind.VOUCHER), MAKER, voucher.accept_warning, edits=True),
    acts.PassVoucher: Rule(_at(StepKind.VOUCHER), MAKER, voucher.accept, edits=True),
    acts.CompareSeal: Rule(_at(StepKind.SEAL_CHECK), ANYONE, seal.compare, edits=True),
    acts.RefuseVoucher: Rule(_at(StepKind.VOUCHER, StepKind.CONCLUDE), MAKER, voucher.turn_away, edits=True),
    acts.Conclude: Rule(_at(StepKind.CONCLUDE), MAKER, voucher.conclude, edits=True),
    acts.RecordPaper: Rule(_at(StepKind.GIVE_BACK, StepKind.WITHHOLD), MAKER, voucher.paper),
    acts.GiveVoucherBack: Rule(_at(StepKind.GIVE_BACK), MAKER, voucher.give_back),
    acts.PassSlip: Rule(_at(StepKind.CHECKLIST), MAKER, slip.accept, edits=True),
    acts.MatchName: Rule(_at(StepKind.NAME_MATCH), MAKER, slip.match, edits=True),
    acts.PassMatch: Rule(_at(StepKind.NAME_MATCH), MAKER, slip.pass_match, edits=True),
    acts.OverrideName: Rule(_at(StepKind.NAME_MATCH), MAKER, name_doubt.override, edits=True),
    acts.ReturnToSlip: Rule(_at(StepKind.NAME_MATCH, StepKind.CASH_COUNT), MAKER, slip.give_back, edits=True),
    acts.AddBatch: Rule(_COUNTS, ANYONE, count.add, edits=True),
    acts.AddHandCount: Rule(_COUNTS, ANYONE, count.add_by_hand, edits=True),
    acts.ClearCount: Rule(_COUNTS, ANYONE, count.clear, edits=True),
    acts.AcceptCount: Rule(_COUNTS, ANYONE, count.accept, edits=True),
    acts.ReferNote: Rule(_at(StepKind.CASH_COUNT), MAKER, count.refer, edits=True),
    acts.WithholdNotes: Rule(_at(StepKind.CASH_COUNT), MAKER, count.withhold, edits=True),
    acts.SecureNote: Rule(_at(StepKind.WITHHOLD), MAKER, withhold.secure),
    acts.CertifyWithholding: Rule(_at(StepKind.WITHHOLD), MAKER, withhold.certify),
    acts.HolderAnswer: Rule(_at(StepKind.WITHHOLD), MAKER, withhold.answer),
    acts.ReadRights: Rule(_at(StepKind.WITHHOLD), MAKER, withhold.rights),
    acts.ReportWithholding: Rule(_at(StepKind.WITHHOLD), MAKER, withhold.report),
    acts.TakeCustody: Rule(_at(StepKind.WITHHOLD), MAKER, withhold.custody),
    acts.ReadNote: Rule(_at(StepKind.SUSPECT_NOTE), ANYONE, suspect.read),
    acts.GiveVerdict: Rule(_at(StepKind.SUSPECT_NOTE), ANYONE, suspect.verdict),
    acts.FreezeFacts: Rule(_FREEZES, MAKER, review.freeze),
    acts.RekeyElements: Rule(_at(StepKind.REVIEW), SECOND, review.rekey),
    acts.CompareNames: Rule(_at(StepKind.REVIEW), SECOND, review.compare),
    acts.SignReview: Rule(_at(StepKind.REVIEW), SECOND, review.sign),
    acts.GiveBack: Rule(_REVIEWS, SECOND, review.give_back),
    acts.AnswerOfCustomer: Rule(_at(StepKind.CUSTOMER_CONFIRM), MAKER, finish.answer),
    acts.PostNow: Rule(_at(StepKind.POST), MAKER, finish.post),
    acts.PreparePrint: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, finish.prepare_print),
    acts.TurnPage: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, cursor.turn_page),
    acts.AdjustCursor: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, cursor.adjust),
    acts.LeaveFullBook: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, cursor.leave_full_book),
    acts.ClosePrint: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, finish.close_print),
    acts.Settle: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, finish.settle),
    acts.PassPrint: Rule(_at(StepKind.PRINT_PASSBOOK), MAKER, finish.pass_print),
    acts.PrepareReceipt: Rule(_at(StepKind.HAND_OVER), MAKER, finish.prepare_receipt),
    acts.CloseReceipt: Rule(_at(StepKind.HAND_OVER), MAKER, finish.close_receipt),
    acts.Deliver: Rule(_at(StepKind.HAND_OVER), MAKER, finish.deliver),
    acts.ParkNow: Rule(_ANY, MAKER, park),
    acts.ResumeNow: Rule(_ANY, MAKER, resume),
    acts.CancelNow: Rule(_ANY, MAKER, cancel),
}


def decide(procedure: Procedure, state: Transaction, act: acts.Act, person: Person) -> Decision:
    """Events to append, or why not. ``person`` is who acts, as the session knows them."""
    if isinstance(act, acts.Begin):
        return begin(procedure, state, act, person)
    rule = RULES.get(type(act))
    if rule is None:
        return refuse(RefusalCode.STEP_NOT_OPEN, step=state.step)
    return (
        _status_refusal(state, act)
        or _changed(procedure, state)
        or _place_refusal(procedure, state, act, rule)
        or _person_refusal(procedure, state, rule, person)
        or rule.decide(procedure, state, act, person)
    )


def _status_refusal(state: Transaction, act: acts.Act) -> Refusal | None:
    if state.status == ENDED:
        return refuse(RefusalCode.ALREADY_ENDED, number=state.number)
    if state.status == PARKED and not isinstance(act, acts.ResumeNow | acts.CancelNow):
        return refuse(RefusalCode.PARKED, number=state.number)
    return None


def _changed(procedure: Procedure, state: Transaction) -> Refusal | None:
    """A transaction goes on under the very file it began with."""
    if procedure.digest != state.procedure_digest:
        return refuse(RefusalCode.PROCEDURE_CHANGED, procedure=state.procedure)
    return None


def _place_refusal(procedure: Procedure, state: Transaction, act: acts.Act, rule: Rule) -> Refusal | None:
    here = procedure.step_named(state.step)
    if here.kind in rule.kinds:
        return None
    if state.is_posted and (rule.edits or isinstance(act, acts.PostNow)):
        return refuse(RefusalCode.ALREADY_POSTED, number=state.number)
    if rule.edits and state.countersigned is not None:
        return refuse(RefusalCode.EDIT_AFTER_SIGNING)
    if isinstance(act, acts.PostNow):
        return refuse(RefusalCode.STEP_MISSING, step=here.step)
    return refuse(RefusalCode.STEP_NOT_OPEN, step=here.step)


def _person_refusal(procedure: Procedure, state: Transaction, rule: Rule, person: Person) -> Refusal | None:
    who = rule.who
    kind = procedure.step_named(state.step).kind
    if who == ANYONE and kind not in _TWO_JUDGE:
        who = SECOND if kind is StepKind.SECOND_COUNT else MAKER
    if who == MAKER:
        if person.staff_no != state.maker:
            return refuse(RefusalCode.ROLE_MISSING, staff_no=person.staff_no, act="make")
        return may_act(person, PersonAct.MAKE, (), state.customer_id)
    if who == SECOND:
        others = [staff for staff, act in state.acted.items() if act != "review"]
        return may_act(person, PersonAct.REVIEW, others, state.customer_id)
    if person.staff_no == state.maker:
        return None
    return may_act(person, PersonAct.REVIEW, (state.maker,), state.customer_id)
