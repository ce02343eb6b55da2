"""``rules try term INSTRUMENT ISSUE_DATE``: until when may it be presented, and does a presentation come in time."""

from __future__ import annotations

import argparse

from desk.rules.judgement import Judgement
from desk.rules.rule_set import RuleSet
from desk.rules.term_rules import judge_term


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The instrument, its date and, if it was presented, when."""
    parser.add_argument(
        "instrument", metavar="INSTRUMENT",
        help="cheque, cash_cheque, transfer_cheque, crossed_cheque, promissory_note, bank_draft, commercial_draft",
    )  # fmt: skip
    parser.add_argument(
        "issue_date", metavar="ISSUE_DATE", help="YYYY-MM-DD; of a commercial draft, its maturity"
    )
    parser.add_argument(
        "--presented",
        default="",
        metavar="YYYY-MM-DD",
        help="the day it was presented; without: the last day only",
    )


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """Put the question to the rules; a day of presentation stands for today."""
    return judge_term(
        arguments.instrument, arguments.issue_date, arguments.presented, rules, arguments.today.isoformat()
    )
