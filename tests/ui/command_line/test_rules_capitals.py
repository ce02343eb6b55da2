"""``teller-desk rules try capitals | capitals-of | date | date-of``: the examples of counter-rules §8.1–8.3 by name,
through the real command, and what it says to a question that is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.command_line.main import main
from ui.command_line.rules_questions.sums import read_sum

PACK = Path(__file__).parents[3] / "resources" / "rules" / "cn" / "capitals.toml"
TODAY = "2026-11-25"
COMMON = ("--on", TODAY, "--packs", str(PACK))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """Put one question; the answer of its JSON line."""

    def put(*question: str) -> dict[str, Any]:
        assert main(["rules", "try", *question, *COMMON, "--json"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert set(told) >= {"result", "reasons", "rule", "pack"}
        assert told["pack"] == "cn.capitals/1" or told["rule"] == ""
        return told

    return put


GENERATE = [
    ("M01", "1,409.50", "壹仟肆佰零玖元伍角", ("壹仟肆佰零玖元伍角整",)),
    ("M02", "6,007.14", "陆仟零柒元壹角肆分", ()),
    ("M03", "1,680.32", "壹仟陆佰捌拾元零叁角贰分", ("壹仟陆佰捌拾元叁角贰分",)),
    ("M04", "107,000.53", "壹拾万柒仟元零伍角叁分", ("壹拾万零柒仟元伍角叁分", "壹拾万柒仟元伍角叁分")),
    ("M05", "16,409.02", "壹万陆仟肆佰零玖元零贰分", ()),
    ("M06", "325.04", "叁佰贰拾伍元零肆分", ()),
    ("M07", "10.05", "壹拾元零伍分", ()),
    ("M08", "100,000.10", "壹拾万元零壹角", ("壹拾万元壹角", "壹拾万元零壹角整", "壹拾万元壹角整")),
    ("M09", "1,006.00", "壹仟零陆元整", ("壹仟零陆元正",)),
    ("M10", "0.05", "伍分", ()),
    ("M11", "0.50", "伍角", ("伍角整",)),
    ("M12", "10.00", "壹拾元整", ()),
    ("M13", "110.00", "壹佰壹拾元整", ()),
    ("M15", "100,010.00", "壹拾万零壹拾元整", ()),
    ("M17", "101,000,000.00", "壹亿零壹佰万元整", ()),
    ("M18", "20,000,000.05", "贰仟万元零伍分", ()),
    ("M19", "100,000,001.00", "壹亿零壹元整", ()),
    ("M22", "1,000,000,000,000.00", "壹万亿元整", ()),
    (
        "the largest",
        "9999999999999999.99",
        "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        (),
    ),
    ("full width", "１，００６．００", "壹仟零陆元整", ()),
]


@pytest.mark.parametrize(("example", "figures", "canonical", "others"), GENERATE)
def test_generate(ask: Any, example: str, figures: str, canonical: str, others: tuple[str, ...]) -> None:
    answer = ask("capitals-of", figures)
    assert (answer["result"], answer["value"]) == ("OK", canonical)
    for text in (canonical, *others):
        for given in (("人民币" + text,), (text, "--preprinted")):
            checked = ask("capitals", given[0], figures, *given[1:])
            assert (checked["result"], checked["reasons"]) == ("OK", []), text
            assert checked["value"] == ("人民币" if len(given) == 1 else "") + canonical


CHECK = [
    ("M04 both 零", ("人民币壹拾万零柒仟元零伍角叁分", "107,000.53"), "OK", "CA-6"),
    ("M30", ("人民币壹仟肆佰零玖元伍角整", "1,409.50"), "OK", ""),
    ("M31", ("人民币陆仟零柒元壹角肆分整", "6,007.14"), "REFUSE", "CA-3"),
    ("M32", ("人民币壹万陆仟肆佰零玖元贰分", "16,409.02"), "REFUSE", "CA-7"),
    ("M33", ("人民币叁佰元", "300.00"), "REFUSE", "CA-3"),
    ("M34", ("人民币三佰元整", "300.00"), "REFUSE", "CA-2"),
    ("M36", ("叁佰元整", "300.00"), "REFUSE", "CA-4"),
    ("M37", ("叁佰元整", "300.00", "--preprinted"), "OK", ""),
    ("M39", ("人民币拾元整", "10.00"), "REFUSE", "CA-10"),
    ("M40", ("人民币伍万元整", "5,000.00"), "REFUSE", "VB-1"),
    ("M42", ("人民币壹拾万零柒仟元伍角叁分", "107,000.53"), "OK", ""),
    ("零元伍角", ("人民币零元伍角", "0.50"), "WARN", "ZERO_YUAN"),
    ("prefix repeated", ("人民币叁佰元整", "300.00", "--preprinted"), "REFUSE", "CA-4"),
    ("nothing", ("人民币零元整", "0.00"), "REFUSE", "CA-11"),
    ("less than nothing", ("人民币伍元整", "-5.00"), "REFUSE", "CA-11"),
    ("no amount", ("人民币伍元整", "abc"), "REFUSE", "AMOUNT_FORMAT"),
    ("three decimals", ("人民币壹元整", "1.005"), "REFUSE", "AMOUNT_FORMAT"),
    ("wrong grouping", ("人民币壹元整", "1,00"), "REFUSE", "AMOUNT_FORMAT"),
    ("seventeen figures", ("人民币壹元整", "1" + "0" * 16), "REFUSE", "AMOUNT_FORMAT"),
]


@pytest.mark.parametrize(("example", "question", "result", "code"), CHECK)
def test_check(ask: Any, example: str, question: tuple[str, ...], result: str, code: str) -> None:
    answer = ask("capitals", *question)
    assert answer["result"] == result
    assert answer["reasons"] == ([code] if code else [])
    assert [one["code"] for one in answer["explained"] if one["zh"] and one["en"]] == answer["reasons"]


@pytest.mark.parametrize(
    ("figures", "amount_minor"),
    [
        ("9,999,999,999,999,999.99", 10**18 - 1), ("10000000000000000", None), ("10,000,000,000,000,000", None),
        ("-5.1", -510), ("+5", None), ("5.", None), (".5", None), ("1e3", None), ("", None), (" 7 ", 700),
    ],
)  # fmt: skip
def test_the_figures_of_a_question(figures: str, amount_minor: int | None) -> None:
    assert read_sum(figures) == amount_minor


def test_capitals_of_what_is_no_amount(ask: Any) -> None:
    assert ask("capitals-of", "abc")["reasons"] == ["AMOUNT_FORMAT"]
    assert ask("capitals-of", "0")["reasons"] == ["CA-11"]


def test_a_custom_that_the_bank_has_not_confirmed_is_told(ask: Any) -> None:
    assert ask("capitals", "人民币零元伍角", "0.50")["unconfirmed"] is True
    assert "unconfirmed" not in ask("capitals", "人民币伍角", "0.50")


DATES_OF = [
    ("D01", "2026-01-15", "贰零贰陆年零壹月壹拾伍日"),
    ("D02", "2026-10-20", "贰零贰陆年零壹拾月零贰拾日"),
    ("D03", "2026-02-28", "贰零贰陆年零贰月贰拾捌日"),
    ("D04", "2026-03-09", "贰零贰陆年叁月零玖日"),
    ("D05", "2026-11-23", "贰零贰陆年壹拾壹月贰拾叁日"),
    ("D07", "2026-10-10", "贰零贰陆年零壹拾月零壹拾日"),
    ("D08", "2026-05-30", "贰零贰陆年伍月零叁拾日"),
]


@pytest.mark.parametrize(("example", "day", "text"), DATES_OF)
def test_a_date_in_capitals(ask: Any, example: str, day: str, text: str) -> None:
    answer = ask("date-of", day)
    assert (answer["result"], answer["value"]) == ("OK", text)
    checked = ask("date", text)
    assert (checked["result"], checked["value"]) == ("OK", day)


DATES = [
    ("D09", ("2026年1月15日",), "STOP", "CD-5", "2026-01-15"),
    ("D10", ("二〇二六年一月十五日",), "STOP", "CD-5", "2026-01-15"),
    ("D11", ("贰零贰陆年壹月壹拾伍日", "--document", "cheque"), "WARN", "CD-6", "2026-01-15"),
    ("D16", ("贰零贰陆年壹拾壹月贰拾陆日",), "RETURN", "CD-7", "2026-11-26"),
    ("impossible", ("贰零贰陆年零贰月零叁拾日",), "STOP", "CD-7", None),
    ("slip", ("2026-01-15", "--document", "slip"), "OK", "CD-8", "2026-01-15"),
    ("slip to come", ("2026.11.26", "--document", "slip"), "RETURN", "CD-7", "2026-11-26"),
    ("no date", ("abc",), "STOP", "CD-1", None),
]


@pytest.mark.parametrize(("example", "question", "result", "rule", "day"), DATES)
def test_a_date(
    ask: Any, example: str, question: tuple[str, ...], result: str, rule: str, day: str | None
) -> None:
    answer = ask("date", *question)
    assert (answer["result"], answer["rule"], answer.get("value")) == (result, rule, day)


@pytest.mark.parametrize("day", ["2026-02-30", "abc", "2026-1-5"])
def test_no_capitals_for_what_is_no_day(ask: Any, day: str) -> None:
    answer = ask("date-of", day)
    assert (answer["result"], answer["reasons"]) == ("STOP", ["CD-7"])
    assert "value" not in answer


def test_today_is_the_day_of_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for day in ("2026-11-25", "2026-11-26"):
        assert (
            main(["rules", "try", "date", "贰零贰陆年壹拾壹月贰拾陆日", "--on", day, "--packs", str(PACK)])
            == 0
        )
        found.append(capsys.readouterr().out.split()[0])
    assert found == ["RETURN", "OK"]


def test_in_words_both_languages_and_the_source_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "try", "capitals", "人民币伍万元整", "5000", *COMMON]) == 0
    out = capsys.readouterr().out
    assert "REFUSE  人民币伍仟元整" in out
    assert "大写写的是 50,000.00" in out
    assert "the capitals say 50,000.00" in out
    assert "票据法 8" in out


def test_as_a_program_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.command_line.main", "rules", "try", "capitals-of", "107000.53", *COMMON, "--json"],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, cwd=PACK.parents[3],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["value"] == "壹拾万柒仟元零伍角叁分"
