"""``teller-desk rules try damaged-note``: what a damaged note is worth. Reads the arguments; the rules judge."""

from __future__ import annotations

import argparse

from desk.domain.money import parse_amount
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal
from desk.domain.remaining_area import NOTHING, parse_share
from desk.rules.damaged_note_rules import DamagedNote, judge_damaged_note
from desk.rules.judgement import REFUSE, Judgement, Reason
from desk.rules.rule_set import RuleSet

TOPICS = ("damaged_notes",)
"""The topics this question needs a pack of."""

_OBSERVED = {
    "cross": "a loss in the form of a cross, of a quarter",
    "unreadable": "the face value cannot be told",
    "special": "burnt, corroded, mouldy and the like",
    "undesignated": "this branch is not named for special notes",
    "disputed": "the holder disagrees",
    "not-genuine": "found not genuine",
    "doubtful": "it cannot be told whether it is genuine",
    "coin": "a coin",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The note as people saw it."""
    parser.add_argument("--face", metavar="AMOUNT", help="face value in yuan, such as 100 or 0.05")
    parser.add_argument("--remaining", metavar="SHARE", help="what is left: 0.75, 75%% or 3/4")
    parser.add_argument(
        "--unjoined", metavar="SHARE", help="of what is left, pieces that do not join; not counted"
    )
    for name, meaning in _OBSERVED.items():
        parser.add_argument(f"--{name}", action="store_true", help=meaning)


def judge(arguments: argparse.Namespace, rules: RuleSet) -> Judgement:
    """The worth, or what is wrong with the question."""
    face = None if arguments.face is None else parse_amount(arguments.face)
    if isinstance(face, Refusal):
        return _malformed("DN-1", "FACE", "--face", arguments.face, "100", "0.05")
    remaining = None if arguments.remaining is None else parse_share(arguments.remaining)
    if remaining is None and arguments.remaining is not None:
        return _malformed("DN-13", "REMAINING", "--remaining", arguments.remaining, "0.75", "75%", "3/4")
    unjoined = NOTHING if arguments.unjoined is None else parse_share(arguments.unjoined)
    if unjoined is None:
        return _malformed("DN-13", "UNJOINED", "--unjoined", arguments.unjoined, "0.1", "10%", "1/10")
    seen = {name.replace("-", "_"): getattr(arguments, name.replace("-", "_")) for name in _OBSERVED}
    return judge_damaged_note(DamagedNote(face, remaining, unjoined=unjoined, **seen), rules)


def _malformed(rule: str, code: str, option: str, given: str, *examples: str) -> Judgement:
    words = Text(
        f"{option} {given!r} 写法不对，应如 {'、'.join(examples)}",
        f"{option} {given!r} cannot be read; write it as {', '.join(examples)}",
    )
    return Judgement(REFUSE, (Reason(code, words),), rule)
