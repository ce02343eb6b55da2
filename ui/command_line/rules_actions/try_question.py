"""``teller-desk rules try QUESTION …``: ask the rules of a date one question, so that HQ can rehearse a pack before it
goes out.

Answers with the JSON of DESIGN §7, or in words. An answer is an answer, REFUSE and STOP included: exit 0; 2 when the
question cannot be put (no such question, no pack on that date).
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from desk.rules.judgement import Judgement
from desk.rules.rule_pack import PackFlaw
from desk.rules.rule_set import RuleSet, choose
from desk.rules.topics import TOPICS
from ui.command_line.main import OK, UNUSABLE, Command
from ui.command_line.unusable import unusable
from ui.rule_files import SHIPPED, load_packs

_PACKAGE = "ui.command_line.rules_questions"
QUESTIONS: Mapping[str, Command] = {
    "capitals": Command(f"{_PACKAGE}.capitals", "is TEXT a permitted writing of AMOUNT in capitals"),
    "capitals-of": Command(f"{_PACKAGE}.capitals_of", "AMOUNT in capitals, as printed"),
    "date": Command(f"{_PACKAGE}.date", "is TEXT a permitted issue date"),
    "date-of": Command(f"{_PACKAGE}.date_of", "a date in capitals, as printed"),
    "term": Command(f"{_PACKAGE}.term", "until when an instrument may be presented"),
    "name": Command(f"{_PACKAGE}.name", "is the name on the VOUCHER the name of the ACCOUNT"),
    "id": Command(f"{_PACKAGE}.resident_id", "check an identity number"),
    "uscc": Command(f"{_PACKAGE}.uscc", "check a unified social credit code"),
    "card": Command(f"{_PACKAGE}.card", "check a card number"),
    "damaged-note": Command(f"{_PACKAGE}.damaged_note", "what a damaged note is worth"),
    "threshold": Command(
        f"{_PACKAGE}.threshold", "which thresholds an amount reaches, and what they ask for"
    ),
}


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write YYYY-MM-DD") from error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``QUESTION …``; what follows is for the question's own parser."""
    width = max(map(len, QUESTIONS))
    rows = (f"  {name:{width}}  {one.help}" for name, one in QUESTIONS.items())
    parser.epilog = "questions (each has --help):\n" + "\n".join(rows)
    parser.add_argument(
        "question", nargs=argparse.PARSER, metavar="QUESTION", help="one of the questions below"
    )


def add_common(parser: argparse.ArgumentParser) -> None:
    """What every question takes: its date, region, packs and manner of answer."""
    parser.add_argument(
        "--on", type=_day, metavar="YYYY-MM-DD", help="the business date: of the rules, and today"
    )
    parser.add_argument("--region", default="CN", help="such as CN, or CN-HE with the rules of that region")
    parser.add_argument(
        "--packs", type=Path, action="append", metavar="PATH",
        help="packs to rehearse, files or folders, instead of the shipped ones; may stand more than once",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Put the question; 0 when it was answered."""
    name, *rest = arguments.question
    question = QUESTIONS.get(name)
    as_json = "--json" in rest
    if question is None:
        return unusable(f"there is no question {name!r}; there are: {', '.join(QUESTIONS)}", as_json)
    module = importlib.import_module(question.module)
    parser = argparse.ArgumentParser(prog=f"teller-desk rules try {name}", description=question.help)
    module.add_arguments(parser)
    add_common(parser)
    given = parser.parse_args(rest)
    given.today = given.on or datetime.now().astimezone().date()
    packs = load_packs(given.packs or (SHIPPED,))
    topics = getattr(
        module, "TOPICS", TOPICS
    )  # a question needs packs of its own topics alone, if it names them
    rules = (
        packs if isinstance(packs, PackFlaw) else choose(packs, given.today.isoformat(), given.region, topics)
    )
    if isinstance(rules, PackFlaw):
        return unusable(str(rules), as_json)
    answer: Judgement = module.judge(given, rules)
    _tell(answer, rules, as_json)
    return OK


def answer_of(judgement: Judgement, rules: RuleSet) -> dict[str, Any]:
    """The answer for programs (DESIGN §7)."""
    pack = rules.pack_of(judgement.rule)
    found: dict[str, Any] = {
        "result": judgement.result,
        "reasons": [reason.code for reason in judgement.reasons],
        "rule": judgement.rule,
        "pack": pack.name if pack else rules.reference,
    }
    for name in ("value", "triggers", "requires"):
        value = getattr(judgement, name)
        if value:
            found[name] = value if isinstance(value, str) else list(value)
    found["explained"] = [
        {"code": one.code, "zh": one.words.zh, "en": one.words.en} for one in judgement.reasons
    ]
    found["source"] = pack.rules[judgement.rule].source if pack else ""
    if pack and pack.rules[judgement.rule].awaits_bank:
        found["unconfirmed"] = True
    return found


def _tell(judgement: Judgement, rules: RuleSet, as_json: bool) -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name may hold what this terminal cannot write
    answer = answer_of(judgement, rules)
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    print("  ".join(part for part in (judgement.result, judgement.value) if part))
    for one in judgement.reasons:
        print(f"  {one.code}  {one.words.zh}  {one.words.en}")
    for name in ("triggers", "requires"):
        if getattr(judgement, name):
            print(f"  {name}: {', '.join(getattr(judgement, name))}")
    print(f"  {judgement.rule}  {answer['pack']}  {answer['source']}")


__all__ = ["OK", "QUESTIONS", "UNUSABLE", "add_arguments", "add_common", "answer_of", "run"]
