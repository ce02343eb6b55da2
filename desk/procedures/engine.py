"""Where a transaction may go: pure functions over a Procedure and what is true so far.

The engine knows ways and guards only. It never decides whether a step's work is done; that stands with the
step's kind in ``desk.procedures.steps``.
"""

from __future__ import annotations

from desk.domain.events import StepPassed
from desk.domain.procedure_kinds import ControlMode, StepKind
from desk.domain.transaction import Transaction
from desk.procedures.procedure import Procedure, Step
from desk.rules.control_rules import GUARDS, GuardFacts


def guard_facts(state: Transaction) -> GuardFacts:
    """What the guards may look at. Before the slip is written the amount is 0."""
    return GuardFacts(
        control_mode=ControlMode(state.control_mode),
        review_limit_minor=state.review_limit_minor,
        amount_minor=state.slip.amount_minor if state.slip else 0,
        asked=frozenset(state.slip.asked) if state.slip else frozenset(),
    )


def is_needed(step: Step, state: Transaction) -> bool:
    """Whether the step's guard holds now; a step without a guard is always needed."""
    return not step.guard or bool(GUARDS[step.guard](guard_facts(state)))


def passing(procedure: Procedure, state: Transaction, step: str, outcome: str) -> tuple[StepPassed, ...]:
    """The events that leave ``step`` with ``outcome``, passing over steps whose guard does not hold."""
    to = procedure.ways[step, outcome]
    events = [StepPassed(step, outcome, to)]
    while not to.startswith("end:"):
        here = procedure.step_named(to)
        if is_needed(here, state):
            break
        onward = procedure.ways[to, "done"]
        events.append(StepPassed(to, "not_needed", onward))
        to = onward
    return tuple(events)


def current(procedure: Procedure, state: Transaction) -> Step | None:
    """The step the transaction stands at; None when it ended."""
    return procedure.step_named(state.step) if state.step else None


def review_is_due(procedure: Procedure, state: Transaction) -> bool:
    """Whether this transaction needs the second person of its review step."""
    return procedure.has(StepKind.REVIEW) and is_needed(procedure.step_of(StepKind.REVIEW), state)
