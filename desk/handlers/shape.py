"""The one shape of a handler, and the two lines that nearly all of them need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.core import DeskCore
from desk.domain.people import Person
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.procedures.acts import Act
from desk.records import Sealed

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
