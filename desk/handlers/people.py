"""Signing on and off, and the second person's seat at this desk."""

from __future__ import annotations

from desk import commands as c
from desk.core import DeskCore
from desk.domain.cash import CountStage
from desk.domain.events import BatchCounted, SignedOn, SignOnRefused
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.handlers.shape import Answer, open_key
from desk.procedures import acts


def sign_on(core: DeskCore, command: c.SignOn) -> Answer:
    """Open the teller's key for this session; a refusal is recorded with the staff number only."""
    signer = open_key(core, command.staff_no, command.password, "teller")
    if isinstance(signer, Refusal):
        return signer
    person = core.person_named(command.staff_no)
    refusal = person if isinstance(person, Refusal) else _may_take_the_desk(core, person)
    if isinstance(person, Refusal) or refusal:
        signer.close()
        return refusal
    core.note(SignedOn(person.staff_no), person.staff_no, "teller")
    if core.signer is not None:
        core.signer.close()
    core.clear()
    core.person, core.signer = person, signer
    refusal = _take_up(core)
    if refusal:
        core.clear()
    return refusal


def _may_take_the_desk(core: DeskCore, person: Person) -> Answer:
    """Only a teller, and nobody while another's transaction lies on the counter."""
    refusal = may_act(person, PersonAct.MAKE, (), "-")
    if refusal:
        core.note(SignOnRefused(person.staff_no, refusal.number), "", "teller")
        return refusal
    if core.state is not None and not core.state.is_ended and core.state.maker != person.staff_no:
        return refuse(RefusalCode.ANOTHER_OPEN)
    return None


def _take_up(core: DeskCore) -> Answer:
    """Stand again at the exact step where the desk was left (DESIGN §2.6)."""
    assert core.person is not None
    mine = [
        row
        for row in core.given.records.open_transactions()
        if row.maker == core.person.staff_no and not row.parked
    ]
    return core.load(mine[0].transaction_id) if mine else None


def sign_off(core: DeskCore, command: c.SignOff) -> Answer:
    """Close the key. An open transaction must be parked or ended first."""
    if core.state is not None and not core.state.is_ended:
        return refuse(RefusalCode.ANOTHER_OPEN)
    if core.signer is not None:
        core.signer.close()
    core.person, core.signer = None, None
    core.clear()
    return None


def take_seat(core: DeskCore, command: c.TakeSeat) -> Answer:
    """A second person steps in; refused here already when they may not act in this transaction."""
    person = core.person_named(command.staff_no)
    if isinstance(person, Refusal):
        return person
    state = core.state
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    if not core.at(StepKind.SECOND_COUNT, StepKind.REVIEW):
        return refuse(RefusalCode.STEP_NOT_OPEN, step=state.step)
    others = [staff for staff, act in state.acted.items() if act != "review"]
    refusal = may_act(person, PersonAct.REVIEW, others, state.customer_id)
    if refusal:
        return refusal
    core.counter.seat = person
    if core.at(StepKind.SECOND_COUNT) and core.given.machines.counter is not None:
        core.given.machines.counter.forget()  # a heap that ran before they sat down is no count of theirs
    return _own_count_only(core, person)


def _own_count_only(core: DeskCore, person: Person) -> Answer:
    """A second count that someone else began is set aside: who accepts it must have counted it."""
    state = core.state
    if state is None or not core.at(StepKind.SECOND_COUNT):
        return None
    mine = {
        one.event.batch_id
        for one in core.given.records.recorded(state.transaction_id)
        if isinstance(one.event, BatchCounted) and one.head.person == person.staff_no
    }
    if all(batch.batch_id in mine for batch in state.batches_of(CountStage.SECOND)):
        return None
    return core.act(acts.ClearCount("another person counts"), person, "reviewer")


def leave_seat(core: DeskCore, command: c.LeaveSeat) -> Answer:
    core.counter.seat = None
    return None
