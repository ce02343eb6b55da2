"""The one shape of a decision, and the answers that several kinds share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desk.domain.events import Event
from desk.domain.people import Person
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal
from desk.domain.transaction import Happened, Transaction, apply
from desk.procedures.engine import passing
from desk.procedures.procedure import Procedure

Decision = tuple[Event, ...] | Refusal
Decider = Callable[[Procedure, Transaction, Any, Person], Decision]

MAKER, SECOND, ANYONE = "maker", "second", "anyone"


@dataclass(frozen=True)
class Rule:
    """Where an act is at home, whose it is, and what decides it. ``edits``: it changes signed facts."""

    kinds: frozenset[StepKind]
    who: str
    decide: Decider
    edits: bool = False


def after(state: Transaction, events: tuple[Event, ...], person: Person) -> Transaction:
    """The state once ``events`` happened, for deciding what follows from them in the same answer."""
    for event in events:
        state = apply(state, Happened(event, person.staff_no, ""))
    return state


def then_pass(
    procedure: Procedure, state: Transaction, events: tuple[Event, ...], person: Person, outcome: str
) -> tuple[Event, ...]:
    """``events`` and the passing of the current step with ``outcome``."""
    reached = after(state, events, person)
    return (*events, *passing(procedure, reached, state.step, outcome))
