"""Signing on and off, and the second person's seat at this desk."""

from __future__ import annotations

from desk import commands as c
from desk.core import DeskCore
from desk.domain.events import SignedOn, SignOnRefused
from desk.domain.people import Act as PersonAct
from desk.domain.people import may_act
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.handlers.shape import Answer


def sign_on(core: DeskCore, command: c.SignOn) -> Answer:
    """Open the teller's key for this session; a refusal is recorded with the staff number only."""
    signer = core.given.authenticator.open(command.staff_no, command.password)
    if isinstance(signer, Refusal):
        return _refused(core, command.staff_no, signer)
    person = core.person_named(command.staff_no)
    if isinstance(person, Refusal):
        return person
    refusal = may_act(person, PersonAct.MAKE, (), "-")
    if refusal:
        signer.close()
        return _refused(core, command.staff_no, refusal)
    core.state = None
    core.append((SignedOn(person.staff_no),), person.staff_no, "teller")
    core.person, core.signer = person, signer
    return _take_up(core)


def _refused(core: DeskCore, staff_no: str, refusal: Refusal) -> Refusal:
    core.state = None
    core.append((SignOnRefused(staff_no[:16], refusal.number),), "", "teller")
    return refusal


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
    core.person, core.signer, core.state = None, None, None
    return None


def take_seat(core: DeskCore, command: c.TakeSeat) -> Answer:
    """A second person steps in; refused here already when they may not act in this transaction."""
    person = core.person_named(command.staff_no)
    if isinstance(person, Refusal):
        return person
    state = core.state
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    others = [staff for staff, act in state.acted.items() if act != "review"]
    refusal = may_act(person, PersonAct.REVIEW, others, state.customer_id)
    if refusal:
        return refusal
    core.counter.seat = person
    return None


def leave_seat(core: DeskCore, command: c.LeaveSeat) -> Answer:
    core.counter.seat = None
    return None
