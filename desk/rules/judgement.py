"""What a rule answers: one result code, typed reasons in both languages, and the rule that decided.

Holds values only. Codes are those of counter-rules: OK / WARN / REFUSE / RETURN / STOP, and for names the codes of
``desk.domain.account_name.MatchResult``.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.procedure_kinds import Text

OK, WARN, REFUSE, RETURN, STOP = "OK", "WARN", "REFUSE", "RETURN", "STOP"

SEVERITY: tuple[str, ...] = (OK, WARN, REFUSE, RETURN, STOP)
"""Results from mild to severe: where several rules speak, the most severe is told."""


@dataclass(frozen=True)
class Reason:
    """Why: ``code`` is stable (a rule id such as "CA-3" or a typed reason such as "HOMOPHONE"), ``words`` one line
    that a teller would say."""

    code: str
    words: Text


@dataclass(frozen=True)
class Judgement:
    """The answer to one question. ``rule`` is the id of the rule that decided; ``value`` a text where one applies (the
    capitals, a date, a worth such as "50.00"); ``triggers`` are threshold ids, ``requires`` what they ask for."""

    result: str
    reasons: tuple[Reason, ...] = ()
    rule: str = ""
    value: str = ""
    triggers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether nothing stands in the way; WARN asks a person first."""
        return self.result == OK


def worst(results: tuple[str, ...]) -> str:
    """The most severe of the results; OK for none."""
    return max(results, key=SEVERITY.index, default=OK)
