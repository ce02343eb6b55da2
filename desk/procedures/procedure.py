"""A procedure as declared: steps, ways, guards. Frozen data; no rules of the law and no engine in it.

``KINDS`` says, per kind of step, which outcomes a file must give a way for and what the step does to the
world; the loader refuses a file whose order would pay before posting or post without its gates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.domain.procedure_kinds import Owner, StepKind, Text


@dataclass(frozen=True)
class SecondPerson:
    """``act``: "review"|"authorise"; ``presence``: "desk"|"remote"; ``independence``: "blind"|"compare"|"view"."""

    act: str
    presence: str
    independence: str


@dataclass(frozen=True)
class Step:
    """One step. ``guard`` names a pure function of ``desk.rules.control_rules``; "" means always."""

    step: str
    kind: StepKind
    owner: Owner
    title: Text
    rule: Text
    phrase: Text
    guard: str = ""
    checks: tuple[str, ...] = ()
    second_person: SecondPerson | None = None
    called: bool = False
    automatic: bool = False


@dataclass(frozen=True)
class Way:
    """From a step, with an outcome, to a step or "end:<outcome>"; ``call`` steps return to the caller."""

    step: str
    outcome: str
    to: str


@dataclass(frozen=True)
class Procedure:
    """A whole procedure; ``digest`` is the SHA-256 of the file's exact text (hex)."""

    procedure: str
    code: str
    version: int
    title: Text
    voucher_form: str
    steps: tuple[Step, ...]
    ways: Mapping[tuple[str, str], str]
    return_reasons: tuple[Text, ...]
    digest: str
    posts: bool = True

    def step_named(self, step: str) -> Step:
        """The step, which the loader proved to exist for every way."""
        return next(one for one in self.steps if one.step == step)

    def has(self, kind: StepKind) -> bool:
        return any(one.kind is kind for one in self.steps)

    def step_of(self, kind: StepKind) -> Step:
        """The procedure's step of a kind that occurs once."""
        return next(one for one in self.steps if one.kind is kind)

    @property
    def first(self) -> Step:
        return self.steps[0]


@dataclass(frozen=True)
class Kind:
    """What a kind of step needs and does. ``outcomes`` are all that may leave it; each needs a way."""

    outcomes: frozenset[str]
    posts: bool = False
    prints: bool = False
    gates_posting: bool = False
    second_person: bool = False


KINDS: Mapping[StepKind, Kind] = {
    StepKind.IDENTIFY: Kind(frozenset({"done"}), gates_posting=True),
    StepKind.CHECKLIST: Kind(frozenset({"done"}), gates_posting=True),
    StepKind.VOUCHER: Kind(frozenset({"done", "refused"})),
    StepKind.SEAL_CHECK: Kind(frozenset({"done", "differs"}), second_person=True),
    StepKind.CONCLUDE: Kind(frozenset({"accepted", "refused"})),
    StepKind.GIVE_BACK: Kind(frozenset({"done"})),
    StepKind.NAME_MATCH: Kind(frozenset({"agree", "slip_differs"}), gates_posting=True),
    StepKind.CASH_COUNT: Kind(frozenset({"done", "suspect", "withheld", "slip_differs"}), gates_posting=True),
    StepKind.SUSPECT_NOTE: Kind(frozenset({"genuine", "withheld", "differ"})),
    StepKind.WITHHOLD: Kind(frozenset({"done"})),
    StepKind.SECOND_COUNT: Kind(
        frozenset({"done", "differs", "returned"}), gates_posting=True, second_person=True
    ),
    StepKind.REVIEW: Kind(
        frozenset({"done", "returned", "rejected"}), gates_posting=True, second_person=True
    ),
    StepKind.CUSTOMER_CONFIRM: Kind(frozenset({"done", "disagreed", "left"}), gates_posting=True),
    StepKind.POST: Kind(frozenset({"done"}), posts=True),
    StepKind.PRINT_PASSBOOK: Kind(frozenset({"done"}), prints=True),
    StepKind.HAND_OVER: Kind(frozenset({"done", "disputed"})),
}
