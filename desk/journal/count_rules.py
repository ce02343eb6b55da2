"""What counts and rejected notes must say: a batch enters once and whole, a note enters as money only by two people's
verdict. Pure; who signed a verdict is proved in ``desk.journal.record_rules``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from desk.domain import events as e
from desk.domain.cash import BatchSource, CountStage
from desk.domain.transaction import ReferredNote, Transaction, Verdict
from desk.journal.entry import Recorded
from desk.journal.past import Finding, Past
from desk.journal.verify import Reason

_STAGES = {stage.value for stage in CountStage}
_SOURCES = {source.value for source in BatchSource}


def count_findings(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    """What is wrong with an entry about a count or a note."""
    rule = _RULES.get(type(one.event))
    return rule(past, one, state) if rule else iter(())


def _accepted(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    assert isinstance(one.event, e.CountAccepted)
    mine = {batch.batch_id for batch in state.batches}
    for batch_id in one.event.batch_ids:
        if batch_id not in mine:
            yield Reason.BATCH, f"count {batch_id} is not this transaction's"


def _referred(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    assert isinstance(one.event, e.NoteReferred)
    if one.event.note_id in past.notes:
        yield Reason.NOTE, "this note was referred before"
    if not _rejects_left(state, one.event.batch_id):
        yield Reason.NOTE, "its count has no rejected note left"


def _read(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    assert isinstance(one.event, e.NoteRead)
    note = _open(state, one.event.note_id)
    if note is None or note.verdicts:
        yield Reason.NOTE, "reads a note that does not wait for it"


def _judged(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    assert isinstance(one.event, e.NoteJudged)
    note = _open(state, one.event.note_id)
    if note is None or one.event.outcome != outcome_of(note.verdicts):
        yield Reason.NOTE, f"judged {one.event.outcome}, which two verdicts do not say"


def _batch(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    event = one.event
    assert isinstance(event, e.BatchCounted)
    if event.stage not in _STAGES or event.source not in _SOURCES:
        yield Reason.BATCH, "a count of no known stage or source"
    if event.batch_id in past.counted_by:
        yield Reason.BATCH, f"count {event.batch_id} entered before"
    if any(row.denomination_minor <= 0 or row.pieces < 0 for row in event.rows):
        yield Reason.BATCH, "a count of less than nothing"
    if event.source == BatchSource.JUDGED.value:
        waiting = past.judged_genuine.get(one.head.transaction, [])
        said = [(row.denomination_minor, row.pieces) for row in event.rows]
        if not any(said == [(worth, 1)] for worth in waiting):
            yield Reason.NOTE, "a judged note that was not judged genuine"


def _rejects_left(state: Transaction, batch_id: str) -> bool:
    referred = sum(1 for note in state.notes if note.batch_id == batch_id)
    return any(
        batch.rejected_pieces > referred
        for batch in state.batches_of(CountStage.FIRST)
        if batch.batch_id == batch_id
    )


def _open(state: Transaction, note_id: str) -> ReferredNote | None:
    return next((note for note in state.notes if note.note_id == note_id and not note.outcome), None)


def _verdict(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    event = one.event
    assert isinstance(event, e.VerdictGiven)
    note = _open(state, event.note_id)
    if note is None or not note.reading_id:
        yield Reason.NOTE, "a verdict over a note that no detector read"
    elif any(verdict.staff_no == event.staff_no for verdict in note.verdicts):
        yield Reason.NOTE, f"a second verdict of {event.staff_no}"


def outcome_of(verdicts: tuple[Verdict, ...]) -> str:
    """What two people's verdicts say together; "" while there are not two of them."""
    if len(verdicts) != 2 or verdicts[0].staff_no == verdicts[1].staff_no:
        return ""
    said = {verdict.verdict for verdict in verdicts}
    if said == {"counterfeit"}:
        return "counterfeit"
    worth = {verdict.denomination_minor for verdict in verdicts}
    return "genuine" if said == {"genuine"} and len(worth) == 1 and min(worth) > 0 else "differ"


_Rule = Callable[[Past, Recorded, Transaction], Iterator[Finding]]
_RULES: Mapping[type[e.Event], _Rule] = {
    e.BatchCounted: _batch,
    e.CountAccepted: _accepted,
    e.NoteReferred: _referred,
    e.NoteRead: _read,
    e.VerdictGiven: _verdict,
    e.NoteJudged: _judged,
}
