"""``rules try id``, ``uscc`` and ``card``: the examples I01–I15 of counter-rules §8.5 as other programs ask them."""

from __future__ import annotations

import pytest

from tests.ui.command_line.rules_asked import asked
from ui.command_line.main import main

TODAY = "2026-06-30"
STANDARD = "11010519491231002X"

EXAMPLES = [
    ("I01", "id", "11010519491231002X", "OK", [], STANDARD),
    ("I02", "id", "11010519491231002x", "OK", ["LOWER_CASE"], STANDARD),
    ("I03", "id", "110105194912310021", "STOP", ["CHECK_DIGIT"], None),
    ("I04", "id", "110105194902290029", "STOP", ["IMPOSSIBLE_DATE"], None),
    ("I05", "id", "440524188001010014", "WARN", ["REGION"], "440524188001010014"),
    ("I07 17 digits", "id", "11010519491231002", "STOP", ["LENGTH"], None),
    ("I07 letters", "id", "1101051949I231002X", "STOP", ["FORMAT"], None),
    ("I08", "id", "110105491231002", "REFUSE", ["OLD_NUMBER"], STANDARD),
    ("I10", "uscc", "91350100M000100Y43", "OK", [], "91350100M000100Y43"),
    ("I11", "uscc", "91350100M000100Y44", "STOP", ["CHECK_DIGIT"], None),
    ("I12", "uscc", "91110000600037341I", "STOP", ["LETTER"], None),
    ("I14", "card", "6222021234567890128", "OK", [], "6222021234567890128"),
    ("I15", "card", "6222021234567890129", "STOP", ["CHECK_DIGIT"], None),
]


@pytest.mark.parametrize(
    ("question", "number", "result", "reasons", "value"),
    [one[1:] for one in EXAMPLES],
    ids=[one[0] for one in EXAMPLES],
)
def test_the_examples_of_the_tables(
    question: str, number: str, result: str, reasons: list[str], value: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    told = asked(capsys, question, number, on=TODAY)
    assert (told["result"], told["reasons"], told.get("value")) == (result, reasons, value)
    assert told["pack"] == "cn.numbers/1"
    assert told["rule"]
    assert told["source"]


@pytest.mark.parametrize("last", "0123456789X")
def test_i04_an_impossible_date_is_found_whatever_the_check_digit(
    last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = asked(capsys, "id", "11010519490229002" + last, on=TODAY)
    assert (told["result"], told["reasons"][0]) == ("STOP", "IMPOSSIBLE_DATE")


@pytest.mark.parametrize("letter", "IOSVZ")
def test_i12_every_letter_that_is_not_used_is_named(letter: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "uscc", "91110000600037341" + letter, on=TODAY)
    assert told["reasons"] == ["LETTER"]
    assert f"the letter {letter}" in told["explained"][0]["en"]


def test_today_is_the_day_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    number = "110105202606300015"
    assert asked(capsys, "id", number, on="2026-06-30")["result"] == "OK"
    assert asked(capsys, "id", number, on="2026-06-29")["reasons"] == ["FUTURE_DATE"]


@pytest.mark.parametrize("question", ["id", "uscc", "card"])
@pytest.mark.parametrize("text", ["", " ", "abc", "１２３", "\u202e123", "䶮", "\udcff", "0" * 5000])
def test_a_text_that_is_no_number_is_answered(
    question: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = asked(capsys, question, text, on=TODAY)
    assert told["result"] == "STOP"
    assert told["reasons"]


def test_a_person_reads_it_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "try", "id", "110105194912310021", "--on", TODAY]) == 0
    seen = capsys.readouterr().out
    assert seen.startswith("STOP\n")
    assert "应为 X" in seen
    assert "is X, not 1" in seen
    assert "GB 11643-1999" in seen
