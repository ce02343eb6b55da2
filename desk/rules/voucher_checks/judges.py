"""The rules of other topics that a voucher's checks ask, as one value: the real ones, or a test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.rules.endorsement_rules import Link
from desk.rules.judgement import Judgement
from desk.rules.rule_set import RuleSet


@dataclass(frozen=True)
class Judges:
    """``capitals(text, amount_minor, preprinted, rules)`` · ``date(text, today, document, rules)`` · ``term(instrument,
    issued, presented, rules)`` · ``id_number(number, today, rules)`` · ``endorsements(payee, endorsements, presenter,
    rules)`` · ``name(voucher, account, rules)``."""

    capitals: Callable[[str, int, bool, RuleSet], Judgement]
    date: Callable[[str, str, str, RuleSet], Judgement]
    term: Callable[[str, str, str, RuleSet], Judgement]
    id_number: Callable[[str, str, RuleSet], Judgement]
    endorsements: Callable[[str, tuple[Link, ...], str, RuleSet], Judgement]
    name: Callable[[str, str, RuleSet], Judgement]
