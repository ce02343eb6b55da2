"""``rules try name`` over the examples of counter-rules §8.4 (N01–N36) and more of the same rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ui.command_line.main import main

UYGHUR = "阿卜来提·如则托合提"
LONG = "新疆维吾尔自治区乌鲁木齐市天山区和平路东段综合开发建设"

EXAMPLES: list[tuple[str, str, str, str, list[str]]] = [
    ("N01", "张伟", "张伟", "EXACT", []),
    ("N02", "张\u3000伟", "张伟", "NORMALISED", []),
    ("N03", "张 伟", "张伟", "NORMALISED", []),
    ("N04", "ＺＨＡＮＧ\u3000ＷＥＩ", "Zhang Wei", "NORMALISED", []),
    ("N05", "北京华信（集团）有限公司", "北京华信(集团)有限公司", "NORMALISED", []),
    ("N06", UYGHUR, UYGHUR.replace("·", "\u2022"), "NORMALISED", []),
    ("N07", UYGHUR, UYGHUR.replace("·", "\u30fb"), "NORMALISED", []),
    ("N09 full-width stop", UYGHUR, UYGHUR.replace("·", "．"), "NEAR_E", ["DOT_KIND"]),
    ("N09 spaced stop", UYGHUR, UYGHUR.replace("·", " . "), "NEAR_E", ["DOT_KIND"]),
    ("N10", UYGHUR, UYGHUR.replace("·", ""), "NEAR_E", ["DOT_MISSING"]),
    ("N11", UYGHUR.replace("·", " · "), UYGHUR, "NORMALISED", []),
    ("N13", "吕布", "呂布", "NEAR_E", ["TRAD"]),
    ("N14", "李䶮", "李龑", "NEAR_E", ["TRAD"]),
    ("N15", "李䶮", "李\ue863", "NEAR_E", ["PUA"]),
    ("N17 question mark", "李䶮", "李？", "NOT_CHECKABLE", ["PLACEHOLDER"]),
    ("N17 box", "李䶮", "李□", "NOT_CHECKABLE", ["PLACEHOLDER"]),
    ("N17 replacement", "李䶮", "李\ufffd", "NOT_CHECKABLE", ["PLACEHOLDER"]),
    ("N18", "张伟", "张玮", "NEAR_S", ["HOMOPHONE"]),
    ("N19", "张伟", "张强", "NO_MATCH", ["DIFFERENT"]),
    ("N20", "张伟", "李伟", "NO_MATCH", ["SURNAME"]),
    ("N21", "李晓明", "李小明", "NEAR_S", ["HOMOPHONE"]),
    ("N22", "李晓明", "李晓朋", "NO_MATCH", ["DIFFERENT"]),
    ("N23", "王芳", "王芳芳", "NO_MATCH", ["DIFFERENT"]),
    ("N25", "上海恒通科技有限公司", "上海恒通科技股份有限公司", "NEAR_S", ["COMPANY_FORM"]),
    ("N26", "上海恒通科技有限公司", "上海恒达科技有限公司", "NEAR_S", ["ONE_CHAR"]),
    ("N27", "上海恒通科技有限公司", "上海恒通贸易有限公司", "NO_MATCH", ["DIFFERENT"]),
    ("N28", "上海恒通科技有限公司北京分公司", "上海恒通科技有限公司", "NO_MATCH", ["BRANCH"]),
    ("N30", "John Smith", "SMITH JOHN", "NEAR_S", ["ORDER"]),
    ("N32", "O’Brien", "O'Brien", "NORMALISED", []),
    ("N34", "张伟\u200b", "张伟", "NORMALISED", ["had_invisible"]),
    ("N35", "张伟", "ZHANG WEI", "NO_MATCH", ["DIFFERENT"]),
    ("N36", "", "张伟", "NOT_CHECKABLE", ["EMPTY"]),
    # more of the same rules (§2.2-2.5)
    ("pinyin for a character", "李䶮", "李YAN", "NEAR_E", ["PINYIN_PLACEHOLDER"]),
    ("accents", "José García", "JOSE GARCIA", "NEAR_E", ["DIACRITIC"]),
    ("a letter", "Jon Smith", "John Smith", "NEAR_S", ["TYPO"]),
    ("limited and limited liability", "甲乙贸易有限公司", "甲乙贸易有限责任公司", "NEAR_S", ["COMPANY_FORM"]),
    ("compound surname", "欧阳娜", "欧杨娜", "NO_MATCH", ["SURNAME"]),
    ("a person's firm", "张伟", "张伟有限公司", "NO_MATCH", ["HOLDER_KIND"]),
    ("the field is full", LONG[:25], LONG, "NEAR_E", ["TRUNCATED"]),
    ("the field is not full", LONG[:24], LONG, "NO_MATCH", ["DIFFERENT"]),
    ("GB 18030-2000 private use", "王\ue817", "王\U00020089", "NEAR_E", ["PUA"]),
    ("turned writing", "张\u202e伟", "张伟", "NOT_CHECKABLE", ["BIDI"]),
    ("two doubts about encoding", "馬麗·買買提", "马丽.买买提", "NEAR_E", ["TRAD", "DOT_KIND"]),
    ("encoding and substance", "張偉", "张玮", "NEAR_S", ["HOMOPHONE", "TRAD"]),
]


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["rules", "try", "name", *arguments, "--on", "2026-11-25", "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize(
    ("example", "voucher", "account", "result", "reasons"), EXAMPLES, ids=[one[0] for one in EXAMPLES]
)
def test_the_examples_both_ways_round(
    capsys: pytest.CaptureFixture[str],
    example: str, voucher: str, account: str, result: str, reasons: list[str],
) -> None:  # fmt: skip
    for names in ((voucher, account), (account, voucher)):
        answer = ask(capsys, *names)
        assert (answer["result"], answer["reasons"]) == (result, reasons)
        assert answer["pack"] == "cn.names/1"
        assert answer["rule"].startswith("NM-")
        assert [one["code"] for one in answer["explained"]] == reasons


@pytest.mark.parametrize(
    ("voucher", "requires"),
    [
        ("张伟", None),
        ("張伟", ["two_people_with_evidence"]),
        ("张玮", ["customer_corrects"]),
        ("李伟", ["stop"]),
    ],
)
def test_what_a_teller_does_next_is_told(
    capsys: pytest.CaptureFixture[str], voucher: str, requires: list[str] | None
) -> None:
    answer = ask(capsys, voucher, "张伟")
    assert answer.get("requires") == requires
    if requires:
        first = answer["explained"][0]
        assert first["zh"] != first["en"] != ""


def test_a_name_of_broken_bytes_is_answered_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "张\udce4", "张伟")["reasons"] == ["BROKEN"]


def test_a_channel_has_its_own_width_and_an_unknown_one_cuts_nothing_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ask(capsys, LONG[:25], LONG, "--channel", "counter")["result"] == "NEAR_E"
    assert ask(capsys, LONG[:25], LONG, "--channel", "elsewhere")["result"] == "NO_MATCH"


def test_a_registered_short_form_is_the_entity(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "恒通 科技", "上海恒通科技有限公司", "--short-form", "恒通科技")
    assert (answer["result"], answer["reasons"], answer["rule"]) == (
        "NORMALISED", ["SHORT_FORM"], "NM-SHORT_FORM",
    )  # fmt: skip


def test_the_answer_in_words_names_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A teller may read it aloud: the stored name is never in it (counter-rules §2.3)."""
    assert main(["rules", "try", "name", "张伟", "张玮", "--on", "2026-11-25"]) == 0
    told = capsys.readouterr().out
    assert "NEAR_S" in told
    assert "任何人不得放行" in told
    assert "Nobody may override" in told
    assert "玮" not in told
