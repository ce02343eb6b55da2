"""``rules try uscc NUMBER``: is this a unified social credit code."""

from __future__ import annotations

import argparse

from desk.rules.judgement import Judgement
from desk.rules.number_rules import judge_uscc
from desk.rules.rule_set import RuleSet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The code as somebody typed it."""
    parser.add_argument("number", metavar="NUMBER", help="18 digits and letters, without I O S V Z")


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """Put the question to the rules."""
    return judge_uscc(arguments.number, rules)
