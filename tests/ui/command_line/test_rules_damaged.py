"""``rules try damaged-note``: the examples of the counter rules by name (R01 …), and each boundary beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ui.command_line.main import main
from ui.rule_files import SHIPPED

PACKS = [
    f"--packs={SHIPPED / 'cn' / name}" for name in ("damaged_notes_2003.toml", "damaged_notes_2026.toml")
]
OLD, NEW = "2026-03-30", "2026-04-01"


def ask(capsys: pytest.CaptureFixture[str], question: str, day: str) -> dict[str, Any]:
    assert main(["rules", "try", "damaged-note", *question.split(), "--on", day, "--json", *PACKS]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


EXAMPLES = [
    ("R01", "--face 100 --remaining 3/4", NEW, "OK", "100.00"),
    ("R01 as a decimal", "--face 100 --remaining 0.75", NEW, "OK", "100.00"),
    ("R01 in per cent", "--face 100 --remaining 75%", OLD, "OK", "100.00"),
    ("a hair below R01", "--face 100 --remaining 0.7499999", NEW, "OK", "50.00"),
    ("below three quarters", "--face 100 --remaining 74.9%", NEW, "OK", "50.00"),
    ("R03", "--face 100 --remaining 1/2", NEW, "OK", "50.00"),
    ("R03 in 2003", "--face 100 --remaining 0.5", OLD, "OK", "50.00"),
    ("R04", "--face 100 --remaining 49.9%", NEW, "RETURN", "0.00"),
    ("cross-shaped loss", "--face 100 --remaining 0.75 --cross", NEW, "OK", "50.00"),
    ("cross-shaped loss in 2003", "--face 10 --remaining 3/4 --cross", OLD, "OK", "5.00"),
    ("R06", "--face 50 --remaining 90% --unreadable", NEW, "RETURN", "0.00"),
    ("R07", "--face 20 --remaining 80% --unjoined 10%", NEW, "OK", "10.00"),
    ("R07, little joins", "--face 20 --remaining 80% --unjoined 2/5", NEW, "RETURN", "0.00"),
    ("R09", "--face 0.05 --remaining 0.6", OLD, "OK", "0.02"),
    ("R09 in 2026", "--face 0.05 --remaining 0.6", NEW, "WARN", "0.02"),
    ("R10", "--face 0.01 --remaining 0.6", OLD, "RETURN", "0.00"),
    ("R10 in 2026", "--face 0.01 --remaining 0.6", NEW, "RETURN", "0.00"),
    ("R11", "--face 100 --remaining 1 --not-genuine", NEW, "STOP", ""),
    ("R11 unmeasured", "--not-genuine", OLD, "STOP", ""),
    ("R12", "--face 100 --remaining 0.9 --special --undesignated", NEW, "REFUSE", ""),
    ("R12 unmeasured", "--special --undesignated", "2026-03-31", "REFUSE", ""),
    ("R12 at a designated branch", "--face 100 --remaining 0.9 --special", NEW, "OK", "100.00"),
    ("R13", "--face 100 --remaining 0.9 --special --undesignated", OLD, "OK", "100.00"),
    ("R14", "--face 100 --remaining 0.6 --disputed", NEW, "RETURN", ""),
    ("R14 in 2003", "--face 100 --remaining 0.6 --disputed", OLD, "RETURN", ""),
    ("whole", "--face 1 --remaining 100%", NEW, "OK", "1.00"),
]


@pytest.mark.parametrize(
    ("example", "question", "day", "result", "value"), EXAMPLES, ids=[one[0] for one in EXAMPLES]
)
def test_examples(
    example: str, question: str, day: str, result: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, question, day)
    assert (answer["result"], answer.get("value", "")) == (result, value), example
    assert answer["reasons"], example
    assert answer["rule"].startswith("DN-")
    assert answer["pack"] == ("cn.damaged_notes/1" if day == OLD else "cn.damaged_notes/2")
    assert answer["source"]


@pytest.mark.parametrize(
    ("question", "day", "requires"),
    [
        ("--not-genuine", NEW, "counterfeit_branch"),
        ("--special --undesignated", NEW, "designated_institution"),
        ("--face 100 --remaining 0.6 --disputed", NEW, "exchange_finding"),
        ("--face 100 --remaining 0.6 --disputed", OLD, "bank_certificate"),
        ("--face 100 --remaining 0.4", NEW, "hand_back"),
        ("--face 100 --remaining 0.8", NEW, "reviewer"),
    ],
)
def test_what_follows_is_said(
    question: str, day: str, requires: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert requires in ask(capsys, question, day)["requires"]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("--face abc --remaining 0.75", "FACE"), ("--face 0 --remaining 0.75", "FACE"),
        ("--face 3 --remaining 0.75", "FACE"), ("--remaining 0.75", "FACE"), ("--face -5 --remaining 0.75", "FACE"),
        ("--face 100 --remaining most", "REMAINING"), ("--face 100 --remaining 1.5", "REMAINING"),
        ("--face 100 --remaining 1/0", "REMAINING"), ("--face 100", "REMAINING"),
        ("--face 100 --remaining 0.8 --unjoined x", "UNJOINED"),
    ],
)  # fmt: skip
def test_a_malformed_question_is_answered_too(
    question: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(capsys, question, NEW)
    assert (answer["result"], answer["reasons"]) == ("REFUSE", [code])
    assert "value" not in answer


def test_the_answer_in_words_names_pack_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "try", "damaged-note", "--face=50", "--remaining=1/2", "--on", OLD, *PACKS]) == 0
    text = capsys.readouterr().out
    assert text.startswith("OK  25.00\n")
    assert "cn.damaged_notes/1" in text
    assert "〔2003〕7" in text
