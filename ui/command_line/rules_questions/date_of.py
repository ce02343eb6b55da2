"""``rules try date-of YYYY-MM-DD``: a date in capitals, as an instrument carries it (counter-rules §1.3)."""

from __future__ import annotations

import argparse

from desk.rules.capital_rules import judge_day
from desk.rules.judgement import Judgement
from desk.rules.rule_set import RuleSet

TOPICS = ("capitals",)
"""The topics this question needs a pack of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The day."""
    parser.add_argument("day", metavar="YYYY-MM-DD", help="such as 2026-01-15")


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """The answer; ``value`` is the text, none for a day that no calendar has."""
    return judge_day(arguments.day, rules)
