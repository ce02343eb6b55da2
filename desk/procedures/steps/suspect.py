"""A rejected note: the detector's reading as evidence, then two trained people's verdicts, each signed.

A machine never decides (counter-rules CF-16). Genuine enters as a batch of its own; a verdict of counterfeit by
both withholds the note and leaves an open item that names who is next; two different verdicts go to the supervisor.
"""

from __future__ import annotations

from desk.domain.cash import (
    RENMINBI_DENOMINATIONS_MINOR,
    BatchSource,
    CashBatch,
    CashRow,
    CountStage,
)
from desk.domain.events import Event, ItemOpened, NoteJudged, NoteRead, VerdictGiven
from desk.domain.people import Person, Qualification
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import ReferredNote, Transaction
from desk.procedures.acts import GiveVerdict, ReadNote
from desk.procedures.procedure import Procedure
from desk.procedures.steps.count import counted_event
from desk.procedures.steps.shape import Decision, then_pass

VERDICTS = ("genuine", "counterfeit")


def read(procedure: Procedure, state: Transaction, act: ReadNote, person: Person) -> Decision:
    """Keep the detector's reading; a later reading replaces it until the first verdict is in."""
    note = state.open_note()
    if note is None or note.note_id != act.note_id:
        return refuse(RefusalCode.NOTE_UNKNOWN)
    if note.verdicts:
        return refuse(RefusalCode.VERDICT_GIVEN)
    return (
        NoteRead(
            act.note_id,
            act.reading_id,
            act.device_id,
            act.note_class,
            act.denomination_minor,
            act.evidence,
            act.returned,
        ),
    )


def verdict(procedure: Procedure, state: Transaction, act: GiveVerdict, person: Person) -> Decision:
    """One person's verdict, with their signature over exactly this note, reading and verdict."""
    note = state.open_note()
    if note is None or note.note_id != act.note_id:
        return refuse(RefusalCode.NOTE_UNKNOWN)
    if not note.reading_id:
        return refuse(RefusalCode.READING_MISSING)
    if Qualification.COUNTERFEIT not in person.qualifications:
        return refuse(RefusalCode.QUALIFICATION_MISSING, staff_no=person.staff_no)
    if any(one.staff_no == person.staff_no for one in note.verdicts):
        return refuse(RefusalCode.SAME_PERSON, staff_no=person.staff_no, act="verdict")
    signed = act.signed
    if not signed.binds(person.staff_no, "verdict", state.transaction_id, act.expected_digest, act.note_id):
        return refuse(RefusalCode.STATEMENT_FORGED)
    unknown = _unknown(act)
    if unknown:
        return unknown
    given = VerdictGiven(
        act.note_id, person.staff_no, act.verdict, act.denomination_minor, signed.statement, signed.signature
    )
    if not note.verdicts:
        return (given,)
    return then_pass(procedure, state, (given, *_judge(note, act, state)), person, _way(note, act))


def _unknown(act: GiveVerdict) -> Refusal | None:
    """A verdict is one of two, over a note that somebody issued (or one whose worth nobody can tell)."""
    if act.verdict not in VERDICTS:
        return refuse(RefusalCode.FIELD_FORMAT, field="verdict")
    if act.denomination_minor and act.denomination_minor not in RENMINBI_DENOMINATIONS_MINOR:
        return refuse(RefusalCode.DENOMINATION_UNKNOWN)
    return None


def _way(note: ReferredNote, act: GiveVerdict) -> str:
    first = note.verdicts[0]
    if first.verdict != act.verdict:
        return "differ"
    if act.verdict == "counterfeit":
        return "withheld"
    return "genuine" if first.denomination_minor == act.denomination_minor > 0 else "differ"


def _judge(note: ReferredNote, act: GiveVerdict, state: Transaction) -> tuple[Event, ...]:
    way = _way(note, act)
    if way == "genuine":
        batch = CashBatch(
            act.batch_id, BatchSource.JUDGED, CountStage.FIRST, state.slip.currency if state.slip else "",
            (CashRow(act.denomination_minor, 1),), rejected_pieces=0, complete=True, evidence_digest=note.evidence,
        )  # fmt: skip
        return (NoteJudged(note.note_id, "genuine"), counted_event(batch, CountStage.FIRST))
    outcome, kind = ("counterfeit", "withheld_note") if way == "withheld" else ("differ", "verdict_differs")
    return (
        NoteJudged(note.note_id, outcome),
        ItemOpened(act.item_id, kind, act.next_person, note.note_id),
    )
