"""Counting with the machine and by hand, and the road of a rejected note."""

from __future__ import annotations

from typing import Any

from desk import commands as c
from desk.core import DeskCore
from desk.domain.cash import BatchSource, CashBatch, CashRow, CountStage
from desk.domain.people import Person, Qualification
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import verdict_digest
from desk.handlers.shape import Answer, as_maker, counting_person, not_here, open_key
from desk.handlers.signing import sign_over
from desk.procedures import acts
from desk.rules.counterfeit_rules import may_judge
from devices.contracts import CountProgress, NoteBatch, NoteReading
from devices.errors import DeviceError, DeviceErrorCode

TEMPLATE = "suspect_note/verdict-1"


def count_notes(core: DeskCore, command: c.CountNotes) -> Answer:
    """Wait for one machine batch. A stopped wait is no refusal; a broken batch enters as evidence."""
    counter = core.given.machines.counter
    refusal = not_here(core, StepKind.CASH_COUNT, StepKind.SECOND_COUNT)
    if refusal:
        return refusal
    who = counting_person(core)
    if isinstance(who, Refusal):
        return who
    if counter is None:
        return refuse(RefusalCode.DEVICE_NOT_READY, device="note_counter", error="none")
    core.counter.working = "counting"
    core.counter.progress_pieces = core.counter.progress_minor = 0
    core.publish()
    core.given.records.moment("count:before")
    batch = counter.count(core.given.new_id(), lambda seen: _progress(core, seen), core.given.cancel)
    core.given.records.moment("count:after")
    core.counter.working = ""
    if not isinstance(batch, NoteBatch):
        if batch.code is DeviceErrorCode.CANCELLED:
            return None
        return refuse(RefusalCode.DEVICE_NOT_READY, device="note_counter", error=str(batch))
    return _add(core, batch, who)


def _progress(core: DeskCore, seen: object) -> None:
    if isinstance(seen, CountProgress):
        core.counter.progress_pieces = seen.pieces
        core.counter.progress_minor = seen.total_minor
        core.progressed(seen.pieces, seen.total_minor)


def _add(core: DeskCore, batch: NoteBatch, who: tuple[Person, str]) -> Answer:
    person, role = who
    unread = sum(1 for serial in batch.serials if not serial.text)
    stage = CountStage.SECOND if core.at(StepKind.SECOND_COUNT) else CountStage.FIRST
    value = CashBatch(
        batch_id=batch.batch_id,
        source=BatchSource.MACHINE,
        stage=stage,
        currency=batch.currency,
        rows=tuple(CashRow(row.denomination_minor, row.pieces) for row in batch.rows),
        rejected_pieces=batch.rejected_pieces,
        complete=batch.complete,
        device_id=batch.device_id,
        evidence_digest=batch.frames_digest,
        serials_read=len(batch.serials) - unread,
        serials_unread=unread,
        problem=str(batch.error) if batch.error else "",
    )
    refusal = core.act(acts.AddBatch(value, core.given.records.batch_used(batch.batch_id)), person, role)
    if refusal is None and not batch.complete:
        return refuse(RefusalCode.BATCH_INCOMPLETE, problem=value.problem or "-")
    return refusal


def key_hand_count(core: DeskCore, command: c.KeyHandCount) -> Answer:
    who = counting_person(core)
    if isinstance(who, Refusal):
        return who
    act = acts.AddHandCount(core.given.new_id(), core.given.config.currency, command.rows)
    return core.act(act, *who)


def recount(core: DeskCore, command: c.Recount) -> Answer:
    who = counting_person(core)
    return who if isinstance(who, Refusal) else core.act(acts.ClearCount(command.reason), *who)


def accept_count(core: DeskCore, command: c.AcceptCount) -> Answer:
    who = counting_person(core)
    return who if isinstance(who, Refusal) else core.act(acts.AcceptCount(), *who)


def refer_note(core: DeskCore, command: c.ReferNote) -> Answer:
    return as_maker(core, acts.ReferNote(core.given.new_id()))


def inspect_note(core: DeskCore, command: c.InspectNote) -> Answer:
    """Let the detector look; it always gives the note back."""
    detector = core.given.machines.detector
    refusal = not_here(core, StepKind.SUSPECT_NOTE, edits=False)
    if refusal:
        return refusal
    if detector is None:
        return refuse(RefusalCode.DEVICE_NOT_READY, device="counterfeit_detector", error="none")
    core.counter.working = "inspecting"
    core.publish()
    core.given.records.moment("inspect:before")
    reading: Any = detector.inspect(core.given.new_id(), lambda seen: None, core.given.cancel)
    core.given.records.moment("inspect:after")
    core.counter.working = ""
    if not isinstance(reading, NoteReading):
        return _not_read(core, command.note_id, reading)
    core.counter.note_inside = ""
    act = acts.ReadNote(
        command.note_id,
        reading.reading_id,
        reading.device_id,
        reading.note_class.value,
        reading.denomination_minor,
        reading.frames_digest,
        reading.returned,
    )
    return as_maker(core, act)


_NOT_DRAWN_IN = frozenset({DeviceErrorCode.NO_NOTE, DeviceErrorCode.NOT_READY, DeviceErrorCode.UNCONFIRMED})
"""Errors by which no note can be in the detector: it drew none in, or was asked nothing."""


def _not_read(core: DeskCore, note_id: str, error: DeviceError) -> Answer:
    """A wait that was stopped is no refusal: a note drawn in just before is given back while the detector idles. Where
    it failed or was lost while it looked, the note may be in it."""
    if error.code is DeviceErrorCode.CANCELLED:
        return None
    if error.code not in _NOT_DRAWN_IN:
        core.counter.note_inside = note_id
    return refuse(RefusalCode.DEVICE_NOT_READY, device="counterfeit_detector", error=str(error))


def give_verdict(core: DeskCore, command: c.GiveVerdict) -> Answer:
    """A verdict is signed: by the maker with the key of the session, by the other with theirs, once."""
    state = core.state
    note = state.open_note() if state else None
    if state is None or note is None:
        return refuse(RefusalCode.NOTE_UNKNOWN)
    person = core.person_named(command.staff_no)
    if isinstance(person, Refusal):
        return person
    trained = may_judge(person.trained_until, core.given.config.business_date, core.rules)
    if not trained.passes:
        if Qualification.COUNTERFEIT not in person.qualifications:
            return refuse(RefusalCode.QUALIFICATION_MISSING, staff_no=person.staff_no)
        return refuse(RefusalCode.TRAINING_EXPIRED, staff_no=person.staff_no)
    own = core.signer is not None and core.signer.staff_no == command.staff_no
    signer = core.signer if own else open_key(core, command.staff_no, command.password, "reviewer")
    if signer is None or isinstance(signer, Refusal):
        return signer or refuse(RefusalCode.NOT_SIGNED_ON)
    digest = verdict_digest(
        state.transaction_id, note.note_id, note.reading_id, command.verdict, command.denomination_minor
    )
    signed = sign_over(core, signer, state.transaction_id, "verdict", digest, note.note_id, TEMPLATE)
    if not own:
        signer.close()
    if isinstance(signed, Refusal):
        return signed
    act = acts.GiveVerdict(
        command.note_id, command.verdict, command.denomination_minor, digest, signed,
        core.given.new_id(), core.given.new_id(), core.supervisor(),
    )  # fmt: skip
    return core.act(act, person, "maker" if own else "reviewer")
