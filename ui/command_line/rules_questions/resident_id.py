"""``rules try id NUMBER``: is this an identity number, of somebody born by the day asked for."""

from __future__ import annotations

import argparse

from desk.rules.judgement import Judgement
from desk.rules.number_rules import judge_id
from desk.rules.rule_set import RuleSet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The number as somebody typed it."""
    parser.add_argument(
        "number", metavar="NUMBER", help="18 characters; 15 digits answer with what they became"
    )


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """Put the question to the rules."""
    return judge_id(arguments.number, arguments.today.isoformat(), rules)
