"""``rules try capitals TEXT AMOUNT [--preprinted]``: is TEXT a permitted writing of AMOUNT (counter-rules §1.2)."""

from __future__ import annotations

import argparse

from desk.rules.capital_rules import judge_capitals, unreadable_figures
from desk.rules.judgement import Judgement
from desk.rules.rule_set import RuleSet
from ui.command_line.rules_questions.sums import read_sum

TOPICS = ("capitals",)
"""The topics this question needs a pack of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The capitals as written and the amount in figures."""
    parser.add_argument("text", metavar="TEXT", help="the capitals as they stand on the voucher")
    parser.add_argument(
        "amount", metavar="AMOUNT", help="the figures, such as 107,000.53; up to 16 before the point"
    )
    parser.add_argument("--preprinted", action="store_true", help="the form prints 人民币 before the box")


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """The answer; ``value`` is the right text."""
    amount_minor = read_sum(arguments.amount)
    if amount_minor is None:
        return unreadable_figures(arguments.amount)
    return judge_capitals(arguments.text, amount_minor, arguments.preprinted, rules)
