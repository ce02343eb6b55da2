"""``rules try card NUMBER``: does a card number hold."""

from __future__ import annotations

import argparse

from desk.rules.judgement import Judgement
from desk.rules.number_rules import judge_card
from desk.rules.rule_set import RuleSet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The number as somebody typed it."""
    parser.add_argument(
        "number", metavar="NUMBER", help="13 to 19 digits; spaces that group them do not count"
    )


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """Put the question to the rules."""
    return judge_card(arguments.number, rules)
