"""``rules try capitals-of AMOUNT``: the canonical capitals of an amount, without the 人民币 that most forms print."""

from __future__ import annotations

import argparse

from desk.rules.capital_rules import judge_amount, unreadable_figures
from desk.rules.judgement import Judgement
from desk.rules.rule_set import RuleSet
from ui.command_line.rules_questions.sums import read_sum

TOPICS = ("capitals",)
"""The topics this question needs a pack of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The amount in figures."""
    parser.add_argument(
        "amount", metavar="AMOUNT", help="such as 107,000.53; up to 16 figures before the point"
    )


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """The answer; ``value`` is the text. No rule of a pack bears on how an amount is printed."""
    amount_minor = read_sum(arguments.amount)
    return unreadable_figures(arguments.amount) if amount_minor is None else judge_amount(amount_minor)
