"""``teller-desk rules try threshold``: which thresholds an amount reaches. Reads the arguments; the rules judge."""

from __future__ import annotations

import argparse

from desk.domain.money import parse_amount
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode
from desk.rules.judgement import REFUSE, Judgement, Reason
from desk.rules.rule_set import RuleSet
from desk.rules.threshold_rules import CNY, ENTITY, KINDS, PERSON, USD, ThresholdCase, judge_thresholds

TOPICS = ("thresholds",)
"""The topics this question needs a pack of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One piece of business before it is done."""
    parser.add_argument("--kind", choices=sorted(KINDS), required=True)
    parser.add_argument("--party", choices=(PERSON, ENTITY), required=True)
    parser.add_argument("--amount", required=True, help="such as 50,000.00")
    parser.add_argument(
        "--day-total", default="0", metavar="BEFORE_THIS",
        help="done today before this, same customer, same direction",
    )  # fmt: skip
    parser.add_argument("--reserved", action="store_true", help="a reservation was made")
    parser.add_argument("--risk", choices=("low", "normal", "medium", "high"), default="normal")
    parser.add_argument(
        "--currency", choices=(CNY, USD), default=CNY, type=str.upper,
        help="USD: the US dollar equivalent of any other currency",
    )  # fmt: skip
    parser.add_argument(
        "--not-savings", action="store_true", help="a person's account that is no savings account"
    )


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """What is reached, or what is wrong with the question."""
    amount = parse_amount(arguments.amount)
    if isinstance(amount, Refusal):
        return _malformed("--amount", arguments.amount)
    day_total = parse_amount(arguments.day_total)
    if isinstance(day_total, Refusal):
        if day_total.code is not RefusalCode.AMOUNT_ZERO:
            return _malformed("--day-total", arguments.day_total)
        day_total = 0
    case = ThresholdCase(
        arguments.kind, arguments.party, amount, day_total, arguments.reserved, arguments.risk, arguments.currency,
        savings=not arguments.not_savings,
    )  # fmt: skip
    return judge_thresholds(case, rules)


def _malformed(option: str, given: str) -> Judgement:
    words = Text(
        f"{option} {given!r} 不是金额，应如 50,000.00",
        f"{option} {given!r} is no amount; write it as 50,000.00",
    )
    return Judgement(REFUSE, (Reason("AMOUNT_FORMAT", words),))
