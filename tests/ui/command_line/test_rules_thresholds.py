"""``rules try threshold``: the examples of the counter rules by name (H01 …), and each boundary beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ui.command_line.main import main
from ui.rule_files import SHIPPED

PACKS = [f"--packs={SHIPPED / 'cn' / name}" for name in ("thresholds_2017.toml", "thresholds_2026.toml")]
DAY = "2026-02-01"
PERSON = "--party person"


def ask(capsys: pytest.CaptureFixture[str], question: str, day: str = DAY) -> dict[str, Any]:
    assert main(["rules", "try", "threshold", *question.split(), "--on", day, "--json", *PACKS]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


# The day total is of the same direction: in H03 the other one adds nothing.
EXAMPLES = [
    ("H01", f"--kind cash_in {PERSON} --amount 50,000.00", "OK", {"TH-1"}, {"TH-8", "TH-11"}),
    ("one fen below H01", f"--kind cash_in {PERSON} --amount 49999.99", "OK", set(), {"TH-1", "TH-7"}),
    ("H01 added up", f"--kind cash_in {PERSON} --amount 20000 --day-total 30000", "OK", {"TH-1"}, {"TH-7"}),
    ("H03, in", f"--kind cash_in {PERSON} --amount 30000", "OK", set(), {"TH-1"}),
    ("H03, out", f"--kind cash_out {PERSON} --amount 30000 --day-total 0", "OK", set(), {"TH-1"}),
    ("H04", f"--kind cash_out {PERSON} --amount 50000.00", "OK", {"TH-1"}, {"TH-8"}),
    ("one fen above H04", f"--kind cash_out {PERSON} --amount 50000.01", "OK", {"TH-1", "TH-8", "TH-11"}, {"TH-9"}),
    ("H06", f"--kind cash_out {PERSON} --amount 199999.99", "OK", {"TH-8"}, {"TH-9"}),
    ("H07", f"--kind cash_out {PERSON} --amount 200000.00", "STOP", {"TH-9"}, set()),
    ("H07 reserved", f"--kind cash_out {PERSON} --amount 200000 --reserved", "OK", {"TH-9"}, set()),
    ("H08", f"--kind transfer {PERSON} --amount 500000.00", "OK", {"TH-3"}, {"TH-1", "TH-2"}),
    ("one fen below H08", f"--kind transfer {PERSON} --amount 499999.99", "OK", set(), {"TH-3"}),
    ("an entity's transfer", "--kind transfer --party entity --amount 2000000", "OK", {"TH-2"}, {"TH-3"}),
    ("below an entity's", "--kind transfer --party entity --amount 1999999.99", "OK", set(), {"TH-2"}),
    ("abroad", f"--kind cross_border {PERSON} --amount 200000", "OK", {"TH-4"}, {"TH-3"}),
    ("dollars", f"--kind cash_in {PERSON} --amount 10000 --currency usd", "OK", {"TH-1", "TH-7"}, set()),
    ("below in dollars", f"--kind cash_in {PERSON} --amount 9999.99 --currency USD", "OK", set(), {"TH-1"}),
    ("an entity's cash", "--kind cash_out --party entity --amount 1000.01", "OK", {"TH-16"}, {"TH-1"}),
    ("H10", f"--kind cash_in {PERSON} --amount 60000", "OK", {"TH-1", "TH-7"}, {"TH-8"}),
    ("H11", f"--kind cash_in {PERSON} --amount 60000 --risk high", "OK", {"TH-1", "TH-7"}, {"TH-8"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("example", "question", "result", "reached", "not_reached"), EXAMPLES, ids=[one[0] for one in EXAMPLES]
)
def test_examples(
    example: str, question: str, result: str, reached: set[str], not_reached: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    answer = ask(capsys, question)
    triggers = set(answer.get("triggers", []))
    assert answer["result"] == result, example
    assert reached <= triggers, example
    assert not not_reached & triggers, example
    if not reached:
        assert triggers == set(), example
        assert "requires" not in answer
    else:
        assert answer["pack"] == "cn.thresholds/2"
        assert answer["source"]


@pytest.mark.parametrize(
    ("example", "question", "day", "needed", "not_needed"),
    [
        ("H01", f"--kind cash_in {PERSON} --amount 50000", DAY, {"large_value_report", "identity"}, {"reviewer"}),
        ("H06", f"--kind cash_out {PERSON} --amount 199999.99", DAY, {"identity", "authoriser"}, {"reservation"}),
        ("H07", f"--kind cash_out {PERSON} --amount 200000", DAY, {"reservation", "authoriser"}, set()),
        ("H07 reserved", f"--kind cash_out {PERSON} --amount 200000 --reserved", DAY, {"authoriser"}, {"reservation"}),
        ("H10", f"--kind cash_in {PERSON} --amount 60000", DAY, {"identity"}, {"source_of_funds", "purpose"}),
        ("H10 low", f"--kind cash_in {PERSON} --amount 60000 --risk low", DAY, set(), {"source_of_funds"}),
        ("H11", f"--kind cash_in {PERSON} --amount 60000 --risk high", DAY, {"source_of_funds", "purpose"}, set()),
        ("H11 before 2026", f"--kind cash_in {PERSON} --amount 60000 --risk high", "2025-12-31",
         {"large_value_report"}, {"source_of_funds", "identity"}),
    ],
)  # fmt: skip
def test_what_is_asked_for(
    example: str, question: str, day: str, needed: set[str], not_needed: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    requires = set(ask(capsys, question, day)["requires"])
    assert needed <= requires, example
    assert not not_needed & requires, example


@pytest.mark.parametrize(
    ("day", "pack"), [("2025-12-31", "cn.thresholds/1"), ("2026-01-01", "cn.thresholds/2")]
)
def test_the_date_chooses_the_pack(day: str, pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, f"--kind cash_in {PERSON} --amount 60000", day)["pack"] == pack


@pytest.mark.parametrize(
    "amounts",
    ["--amount abc", "--amount -5", "--amount 0", "--amount 1.001", "--amount 1e5", "--amount 5 --day-total x",
     "--amount 1000000000000", "--amount 5,00"],
)  # fmt: skip
def test_a_malformed_amount_is_answered_too(amounts: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, f"--kind cash_in {PERSON} {amounts}")
    assert (answer["result"], answer["reasons"]) == ("REFUSE", ["AMOUNT_FORMAT"])


def test_an_account_that_is_no_savings_account(capsys: pytest.CaptureFixture[str]) -> None:
    assert "TH-8" not in ask(capsys, f"--kind cash_out {PERSON} --amount 60000 --not-savings")["triggers"]


def test_a_date_without_rules_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    question = [
        "rules",
        "try",
        "threshold",
        "--kind=cash_in",
        "--party=person",
        "--amount=1",
        "--on=2017-06-30",
    ]
    assert main([*question, "--json", *PACKS]) == 2
    assert (
        "no pack of 'thresholds' is in force in CN on 2017-06-30"
        in json.loads(capsys.readouterr().out)["error"]
    )
