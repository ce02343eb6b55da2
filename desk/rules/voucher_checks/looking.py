"""What people are asked about a form, and how long a look takes at the least."""

from __future__ import annotations

from desk.domain.voucher_form import TICK, Question, VoucherForm
from desk.rules.rule_set import RuleSet
from desk.rules.voucher_checks.facts import VoucherFacts

UNALTERED = "VC-08"
"""Amount, date and payee as first written."""


def questions_due(form: VoucherForm, facts: VoucherFacts, rules: RuleSet) -> tuple[Question, ...]:
    """What a person is asked about this voucher, in the form's order: its condition holds and its rule is in force.
    Whether something was altered is no question any more once somebody saw that it was."""
    return tuple(
        one
        for one in form.questions
        if facts.holds(one.when, form)
        and any(rules.row(check) is not None for check in one.checks)
        and not (UNALTERED in one.checks and facts.is_altered(form))
    )


def ticks_due(form: VoucherForm, facts: VoucherFacts, rules: RuleSet) -> tuple[Question, ...]:
    """Those of them that cost the teller an answer in the checklist."""
    return tuple(one for one in questions_due(form, facts, rules) if one.by == TICK)


def look_milliseconds(checks: tuple[str, ...], rules: RuleSet) -> int:
    """How long looking at all of these takes at the least; 0 while the bank does not measure it."""
    if rules.row("LOOK") is None:
        return 0
    rows = (rules.row(check) for check in checks)
    return sum(row.whole("look_milliseconds") for row in rows if row is not None)


def is_too_fast(question: Question, shown_milliseconds: int, rules: RuleSet) -> bool:
    """Whether a person cannot have looked between the question's showing and the answer."""
    return shown_milliseconds < look_milliseconds(question.checks, rules)
