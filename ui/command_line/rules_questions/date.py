"""``rules try date TEXT [--document cheque|slip]``: is TEXT a permitted date of an instrument, or of a slip, as of the
day of the question (counter-rules §1.3)."""

from __future__ import annotations

import argparse

from desk.rules.capital_rules import judge_date
from desk.rules.judgement import Judgement
from desk.rules.rule_set import RuleSet

TOPICS = ("capitals",)
"""The topics this question needs a pack of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The date as written, and what it stands on."""
    parser.add_argument("text", metavar="TEXT", help="the date as it stands on the voucher")
    parser.add_argument(
        "--document", choices=("cheque", "slip"), default="cheque",
        help="cheque: any negotiable instrument, dated in capitals (default); slip: a deposit or withdrawal slip",
    )  # fmt: skip


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """The answer; ``value`` is the day that the text means, where one can be read."""
    return judge_date(arguments.text, arguments.today.isoformat(), arguments.document, rules)
