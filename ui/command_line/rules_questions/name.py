"""``rules try name VOUCHER ACCOUNT``: is the name on the voucher the name of the account."""

from __future__ import annotations

import argparse

from desk.rules.judgement import Judgement
from desk.rules.name_rules import judge_name
from desk.rules.rule_set import RuleSet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("voucher", metavar="VOUCHER", help="the name as the voucher says it")
    parser.add_argument("account", metavar="ACCOUNT", help="the name as the account says it")
    parser.add_argument(
        "--channel", default="", metavar="NAME",
        help="the field a name came through, whose width the pack knows; the counter's own when left out",
    )  # fmt: skip
    parser.add_argument(
        "--short-form", action="append", default=[], metavar="NAME",
        help="a short form that the bank registered for this entity; may stand more than once",
    )  # fmt: skip


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    return judge_name(
        arguments.voucher, arguments.account, rules, arguments.channel, tuple(arguments.short_form)
    )
