"""The one shape of a handler, and the few lines that nearly all of them need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.core import DeskCore
from desk.domain.events import SignOnRefused
from desk.domain.people import Person
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.procedures.acts import Act
from desk.records import Sealed, Signer

Answer = Refusal | None
Handler = Callable[[DeskCore, Any], Answer]


def as_maker(core: DeskCore, act: Act, personal: tuple[Sealed, ...] = ()) -> Answer:
    """The signed-on teller acts on the transaction on the counter."""
    if core.person is None:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    if core.state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    return core.act(act, core.person, "maker", personal)


def as_seated(core: DeskCore, act: Act) -> Answer:
    """The second person at this desk acts; without one there is nobody to act."""
    if core.state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    if core.counter.seat is None:
        return refuse(RefusalCode.SECOND_PERSON_NEEDED)
    return core.act(act, core.counter.seat, "reviewer")


def counting_person(core: DeskCore) -> tuple[Person, str] | Refusal:
    """Who counts at the current step: the maker, or the second person in the seat."""
    here = core.step()
    if here is not None and here.owner.value == "reviewer":
        if core.counter.seat is None:
            return refuse(RefusalCode.SECOND_PERSON_NEEDED)
        return core.counter.seat, "reviewer"
    if core.person is None:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    return core.person, "maker"


def not_here(core: DeskCore, *kinds: StepKind, edits: bool = True) -> Answer:
    """Why a machine must not even start now: its work is not at home at the current step. The decision would say the
    same, but only after notes ran that belong to nobody. ``edits``: as for ``desk.procedures.steps.shape.Rule``."""
    state = core.state
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    if state.is_ended:
        return refuse(RefusalCode.ALREADY_ENDED, number=state.number)
    if core.at(*kinds):
        return None
    if edits and state.is_posted:
        return refuse(RefusalCode.ALREADY_POSTED, number=state.number)
    if edits and state.countersigned is not None:
        return refuse(RefusalCode.EDIT_AFTER_SIGNING)
    return refuse(RefusalCode.STEP_NOT_OPEN, step=state.step)


def open_key(core: DeskCore, staff_no: str, password: str, role: str) -> Signer | Refusal:
    """Open a person's key. A refusal is recorded whatever it was for: guesses at a second person's password must be
    seen as those at a teller's."""
    signer = core.given.authenticator.open(staff_no, password)
    if isinstance(signer, Refusal):
        known = not isinstance(
            core.person_named(staff_no), Refusal
        )  # what nobody is called may be a password
        core.note(SignOnRefused(staff_no if known else "", signer.number), "", role)
    return signer
