"""Counting: batches enter the record, are cleared for a recount, and are accepted as this transaction's cash.

Both counts are kept for ever; a batch enters once; an incomplete one is evidence and never money.
"""

from __future__ import annotations

from desk.domain.cash import (
    RENMINBI_DENOMINATIONS_MINOR,
    RENMINBI_FEN_MINOR,
    BatchSource,
    CashBatch,
    CashRow,
    CountStage,
    difference,
    merge,
    total_minor,
)
from desk.domain.events import BatchCounted, CountAccepted, CountCleared, Event, NoteReferred, Row
from desk.domain.money import format_amount
from desk.domain.people import Person
from desk.domain.plain_text import reason
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.procedures.acts import AcceptCount, AddBatch, AddHandCount, ClearCount, ReferNote, WithholdNotes
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, after, then_pass

MOST_PIECES = 1_000_000
"""More than any counter takes in one batch."""

_KNOWN = frozenset({*RENMINBI_DENOMINATIONS_MINOR, *RENMINBI_FEN_MINOR})


def stage_of(procedure: Procedure, state: Transaction) -> CountStage:
    """Which count the current step takes."""
    kind = procedure.step_named(state.step).kind
    return CountStage.SECOND if kind is StepKind.SECOND_COUNT else CountStage.FIRST


def counted_event(batch: CashBatch, stage: CountStage) -> BatchCounted:
    """The event that puts a batch on record."""
    return BatchCounted(
        batch_id=batch.batch_id,
        source=batch.source.value,
        stage=stage.value,
        currency=batch.currency,
        rows=tuple(Row(row.denomination_minor, row.pieces) for row in batch.rows),
        rejected_pieces=batch.rejected_pieces,
        complete=batch.complete,
        device_id=batch.device_id,
        evidence=batch.evidence_digest,
        serials_read=batch.serials_read,
        serials_unread=batch.serials_unread,
        problem=batch.problem,
    )


def add(procedure: Procedure, state: Transaction, act: AddBatch, person: Person) -> Decision:
    """One machine batch. A second machine batch of a stage is one more heap, not a recount."""
    batch, stage = act.batch, stage_of(procedure, state)
    if act.used_elsewhere or any(one.batch_id == batch.batch_id for one in state.batches):
        return refuse(RefusalCode.BATCH_USED)
    if state.slip is not None and batch.currency != state.slip.currency:
        return refuse(RefusalCode.COUNT_CURRENCY, expected=state.slip.currency, found=batch.currency)
    if batch.rejected_pieces < 0 or any(_is_no_count(row) for row in batch.rows):
        return refuse(RefusalCode.DENOMINATION_UNKNOWN)
    event = counted_event(batch, stage)
    if not batch.complete:
        set_aside = CountCleared(stage.value, (batch.batch_id,), batch.problem or "incomplete")
        return (event, set_aside)
    if stage is CountStage.SECOND:
        reached = after(state, (event,), person)
        if second_agrees(reached):
            return (event, *_accepting(procedure, reached, person))
    return (event,)


def _is_no_count(row: CashRow) -> bool:
    """No machine counts fewer than one piece, more than a vault holds, or a note that nobody issued."""
    return row.denomination_minor not in _KNOWN or not 0 < row.pieces <= MOST_PIECES


def add_by_hand(procedure: Procedure, state: Transaction, act: AddHandCount, person: Person) -> Decision:
    """Coins and machine-rejected notes, up to the teller's own limit (DESIGN §3)."""
    stage = stage_of(procedure, state)
    before = sum(b.total_minor for b in state.batches_of(stage) if b.source is BatchSource.HAND)
    if not act.rows or any(row.pieces <= 0 for row in act.rows):
        return refuse(RefusalCode.COUNT_EMPTY)
    if any(row.denomination_minor not in _KNOWN for row in act.rows):
        return refuse(RefusalCode.DENOMINATION_UNKNOWN)
    if before + total_minor(act.rows) > state.hand_limit_minor:
        return refuse(RefusalCode.HAND_LIMIT, limit=format_amount(state.hand_limit_minor))
    batch = CashBatch(
        act.batch_id, BatchSource.HAND, stage, act.currency, act.rows, rejected_pieces=0, complete=True
    )
    return (counted_event(batch, stage),)


def clear(procedure: Procedure, state: Transaction, act: ClearCount, person: Person) -> Decision:
    """Set everything counted in this stage aside. A note judged genuine goes back to the heap with the rest: kept
    apart it could be counted again by the machine or judged a second time, and stand for its worth twice."""
    said = reason(act.reason)
    if not said:
        return refuse(RefusalCode.REASON_MISSING)
    stage = stage_of(procedure, state)
    ids = tuple(b.batch_id for b in state.batches_of(stage))
    return (CountCleared(stage.value, ids, said),) if ids else ()


def slip_rows(state: Transaction) -> tuple[CashRow, ...]:
    """The slip's denomination table, empty when the customer left it blank."""
    rows = state.slip.rows if state.slip else ()
    return tuple(CashRow(row.denomination_minor, row.pieces) for row in rows)


def first_problem(state: Transaction) -> Refusal | None:
    """Why the first count cannot be accepted now; None when it can."""
    counted = state.rows_of(CountStage.FIRST)
    if state.slip is None or not counted:
        return refuse(RefusalCode.COUNT_EMPTY)
    found, expected = total_minor(counted), state.slip.amount_minor
    if found != expected:
        return refuse(
            RefusalCode.COUNT_DIFFERS, expected=format_amount(expected), found=format_amount(found),
            difference=format_amount(abs(found - expected)), direction="over" if found > expected else "short",
        )  # fmt: skip
    if state.rejected_open():
        return refuse(RefusalCode.REJECTS_OPEN, pieces=state.rejected_open())
    if state.withholding() is not None:
        return refuse(RefusalCode.WITHHOLDING_OPEN, pieces=len(state.withheld_open()))
    return None


def withhold(procedure: Procedure, state: Transaction, act: WithholdNotes, person: Person) -> Decision:
    """The notes found counterfeit are dealt with before anything else is: secured, certified, kept."""
    if not state.withheld_open():
        return refuse(RefusalCode.NOTHING_WITHHELD)
    return then_pass(procedure, state, (), person, "withheld")


def second_agrees(state: Transaction) -> bool:
    """Whether the second person's count equals the accepted first one, denomination by denomination. The machine may
    reject again what two people judged, and nothing else."""
    first, second = state.rows_of(CountStage.FIRST), state.rows_of(CountStage.SECOND)
    if not second or difference(first, second):
        return False
    batches = state.batches_of(CountStage.SECOND)
    taken = merge(row for batch in batches for row in batch.rows)
    judged_apart = sum(row.pieces for row in state.judged_rows()) if taken != first else 0
    return sum(batch.rejected_pieces for batch in batches) <= judged_apart


def accept(procedure: Procedure, state: Transaction, act: AcceptCount, person: Person) -> Decision:
    """The person at this step takes the count as the cash of this transaction."""
    if stage_of(procedure, state) is CountStage.SECOND:
        return _accept_second(procedure, state, person)
    problem = first_problem(state)
    if problem:
        return problem
    return _accepting(procedure, state, person)


def _accepting(procedure: Procedure, state: Transaction, person: Person) -> tuple[Event, ...]:
    stage = stage_of(procedure, state)
    ids = tuple(b.batch_id for b in state.batches_of(stage))
    accepted = CountAccepted(stage.value, ids, total_minor(state.rows_of(stage)))
    return then_pass(procedure, state, (accepted,), person, "done")


def _accept_second(procedure: Procedure, state: Transaction, person: Person) -> Decision:
    if not state.batches_of(CountStage.SECOND):
        return refuse(RefusalCode.COUNT_EMPTY)
    if second_agrees(state):
        return _accepting(procedure, state, person)
    return refuse(RefusalCode.SECOND_COUNT_DIFFERS)


def differs(procedure: Procedure, state: Transaction, person: Person, said: str) -> Decision:
    """The second count does not agree: both are set aside and the cash is counted anew from the first."""
    cleared: list[Event] = []
    for stage in (CountStage.SECOND, CountStage.FIRST):
        ids = tuple(b.batch_id for b in state.batches_of(stage))
        cleared.append(CountCleared(stage.value, ids, said))
    return then_pass(procedure, state, tuple(cleared), person, "differs")


def refer(procedure: Procedure, state: Transaction, act: ReferNote, person: Person) -> Decision:
    """A rejected note leaves the count for the detector and two people."""
    if not state.rejected_open():
        return refuse(RefusalCode.NOTE_UNKNOWN)
    machine = [
        b for b in state.batches_of(CountStage.FIRST)
        if b.rejected_pieces > sum(1 for note in state.notes if note.batch_id == b.batch_id)
    ]  # fmt: skip
    referred = NoteReferred(act.note_id, machine[0].batch_id)
    return then_pass(procedure, state, (referred,), person, "suspect")
