"""Who must be there: the guards that procedures name, as one table of pure functions (DESIGN §3).

Absence means refusal: a procedure that names a guard not in GUARDS does not load.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk.domain.procedure_kinds import ControlMode


@dataclass(frozen=True)
class GuardFacts:
    """What a guard may look at; amounts in minor units."""

    control_mode: ControlMode
    review_limit_minor: int
    amount_minor: int
    asked: frozenset[str] = frozenset()


def review_due(mode: ControlMode, limit_minor: int, amount_minor: int) -> str | None:
    """Why a second person is due: "limit", "dual_mode", or None. An amount of just the limit has reached it."""
    if amount_minor >= limit_minor:
        return "limit"
    return "dual_mode" if mode is ControlMode.DUAL else None


def _review(facts: GuardFacts) -> str | None:
    return review_due(facts.control_mode, facts.review_limit_minor, facts.amount_minor)


def _has_seal(facts: GuardFacts) -> str | None:
    """A reserved seal is on this form, so that somebody must compare it."""
    return "seal" if "VC-10" in facts.asked else None


GUARDS: Mapping[str, Callable[[GuardFacts], str | None]] = {"review_due": _review, "has_seal": _has_seal}
