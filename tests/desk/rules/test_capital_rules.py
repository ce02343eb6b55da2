"""Amounts and dates in capitals, judged: every rule CA-1 … CA-11, CD-1 … CD-8 with the words a teller reads, what a
pack may grade, and that nothing typed goes unanswered or gets through (counter-rules §1.2–1.3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.capital_dates import date_in_capitals
from desk.domain.capitals import ALPHABET, FOLDS, PREFIX, normalise, variants, with_zero_yuan
from desk.rules.capital_rules import (
    CAPITALS,
    judge_amount,
    judge_capitals,
    judge_date,
    judge_day,
    unreadable_figures,
)
from desk.rules.judgement import OK, REFUSE, RETURN, SEVERITY, STOP, WARN, Judgement
from desk.rules.rule_pack import PackFlaw, RulePack, load_pack
from desk.rules.rule_set import RuleSet

FILE = Path(__file__).parents[3] / "resources" / "rules" / "cn" / "capitals.toml"
TEXT = FILE.read_text(encoding="utf-8")
TODAY = "2026-11-25"


def rules_of(text: str = TEXT) -> RuleSet:
    pack = load_pack(text, "capitals.toml", {"capitals": CAPITALS})
    assert isinstance(pack, RulePack), pack
    return RuleSet("CN", {"capitals": pack})


RULES = rules_of()


def graded(rule: str, key: str, grade: str) -> RuleSet:
    """The shipped rules with one grade changed."""
    pack = RULES.pack("capitals")
    row = replace(pack.rules[rule], values={**pack.rules[rule].values, key: grade})
    return RuleSet("CN", {"capitals": replace(pack, rules={**pack.rules, rule: row})})


def without(rule: str) -> RuleSet:
    pack = RULES.pack("capitals")
    row = replace(pack.rules[rule], on=False)
    return RuleSet("CN", {"capitals": replace(pack, rules={**pack.rules, rule: row})})


def codes(judgement: Judgement) -> tuple[str, ...]:
    return tuple(reason.code for reason in judgement.reasons)


def said(judgement: Judgement) -> str:
    return " ".join(f"{reason.words.zh} {reason.words.en}" for reason in judgement.reasons)


# --- amounts --------------------------------------------------------------------------------------------

AMOUNTS = [
    # text, figures in fen, result, codes, words that must be said
    ("人民币叁佰元整", 30_000, OK, (), ""),
    ("人民币叁佰元正", 30_000, OK, (), ""),
    ("人民币貳仟陸佰萬圓正", 2_600_000_000, OK, (), ""),
    ("人民币贰仟陸佰万圆整", 2_600_000_000, OK, (), ""),
    ("人民币壹億圓整", 10_000_000_000, OK, (), ""),
    ("人民币壹拾万零柒仟元零伍角叁分", 10_700_053, OK, ("CA-6",), "2个"),
    ("人民币零元伍角", 50, WARN, ("ZERO_YUAN",), "零元"),
    ("人民币零元零伍分", 5, WARN, ("ZERO_YUAN",), "零元"),
    ("人民币三佰元整", 30_000, REFUSE, ("CA-2",), "“三”，应写“叁”"),
    ("人民币叁佰块整", 30_000, REFUSE, ("CA-2",), "“块”，应写“元”"),
    ("人民币參佰元整", 30_000, REFUSE, ("CA-2",), "“參”，应写“叁”"),
    ("人民币伍毛", 50, REFUSE, ("CA-2",), "“毛”，应写“角”"),
    ("人民币壹仟〇陆元整", 100_600, REFUSE, ("CA-2",), "“〇”，应写“零”"),
    ("人民币廿元整", 2_000, REFUSE, ("CA-2",), "“廿”，应写“贰拾”"),
    ("人民币壹兆元整", 100_000_000_000_000, REFUSE, ("CA-2",), "“兆”，应写“万亿”"),
    ("人民币十元整", 1_000, REFUSE, ("CA-2", "CA-10"), "“十”，应写“拾”"),
    ("人民幣叁佰元整", 30_000, REFUSE, ("CA-2",), "“幣”，应写“币”"),
    ("人民币叁佰元整。", 30_000, REFUSE, ("CA-1",), "“。”(U+3002)"),
    ("人民币abcdefg", 30_000, REFUSE, ("CA-1",), "…"),
    ("人民币叁佰元", 30_000, REFUSE, ("CA-3",), "应写“整”"),
    ("人民币陆仟零柒元壹角肆分整", 600_714, REFUSE, ("CA-3",), "有“分”的，后面不写“整”"),
    ("人民币叁佰元整伍角", 30_050, REFUSE, ("CA-3",), "末尾写一次"),
    ("人民币叁佰整", 30_000, REFUSE, ("CA-3",), "缺“元”"),
    ("叁佰元整", 30_000, REFUSE, ("CA-4",), "缺“人民币”"),
    ("人民币人民币叁佰元整", 30_000, REFUSE, ("CA-4",), "不止一次"),
    ("人民币 叁佰元整", 30_000, REFUSE, ("CA-4",), "“人民币”之后留了空白"),
    ("人民币叁佰　元整", 30_000, REFUSE, ("CA-4",), "中有空白"),
    ("人民币叁佰\u200b元整", 30_000, REFUSE, ("CA-4",), "看不见"),
    ("人民币叁佰元整\n", 30_000, REFUSE, ("CA-4",), "中有空白"),
    ("人民币壹仟伍元整", 100_500, REFUSE, ("CA-5",), "“伍元”之前缺“零”"),
    ("人民币壹仟零零伍元整", 100_500, REFUSE, ("CA-5",), "连写"),
    ("人民币叁佰零元整", 30_000, REFUSE, ("CA-5",), "“元”之前多写"),
    ("人民币叁佰元零整", 30_000, REFUSE, ("CA-5",), "末尾多写"),
    ("人民币叁佰元零角零分", 30_000, REFUSE, ("CA-5", "CA-3"), "“零角”"),
    ("人民币壹万陆仟肆佰零玖元贰分", 1_640_902, REFUSE, ("CA-7",), "“元”后缺“零”"),
    ("人民币零元伍分", 5, REFUSE, ("CA-7", "ZERO_YUAN"), "“元”后缺“零”"),
    ("人民币拾元整", 1_000, REFUSE, ("CA-10",), "缺“壹”"),
    ("人民币伍万元整", 500_000, REFUSE, ("VB-1",), "大写写的是 50,000.00，小写是 5,000.00"),
    ("人民币零元整", 500_000, REFUSE, ("VB-1",), "大写写的是 0.00"),
    ("人民币拾万元", 500_000, REFUSE, ("VB-1", "CA-10", "CA-3"), "100,000.00"),
    ("人民币500元整", 50_000, REFUSE, ("VB-1", "CA-2", "CA-2"), "读不成"),
    ("人民币元角分", 50_000, REFUSE, ("VB-1",), "读不成"),
    ("人民币", 30_000, REFUSE, ("VB-1",), "没有写大写金额"),
    ("", 30_000, REFUSE, ("VB-1", "CA-4"), "没有写大写金额"),
    ("人民币伍分", 0, REFUSE, ("CA-11",), "零或负数"),
    ("人民币伍分", -5, REFUSE, ("CA-11",), "零或负数"),
    ("人民币伍分", 10**18, REFUSE, ("AMOUNT_FORMAT",), "16位"),
    ("人民币ཆིག་བརྒྱ", 10_000, WARN, ("VB-14",), "少数民族文字"),
    ("일백원", 10_000, WARN, ("VB-14",), "少数民族文字"),
    ("人民币叁佰元整ཆ", 30_000, REFUSE, ("CA-1",), "U+0F46"),
]


@pytest.mark.parametrize(("text", "amount_minor", "result", "expected", "words"), AMOUNTS)
def test_an_amount_and_what_is_said_of_it(
    text: str, amount_minor: int, result: str, expected: tuple[str, ...], words: str
) -> None:
    judged = judge_capitals(text, amount_minor, False, RULES)
    assert (judged.result, codes(judged)) == (result, expected)
    assert words in said(judged)
    permitted = variants(amount_minor)
    assert judged.value == (PREFIX + permitted[0] if permitted else "")


@pytest.mark.parametrize(
    ("text", "result", "expected"),
    [
        ("叁佰元整", OK, ()),
        ("人民币叁佰元整", REFUSE, ("CA-4",)),
        ("人民币人民币叁佰元整", REFUSE, ("CA-4",)),
        (" 叁佰元整", REFUSE, ("CA-4",)),
    ],
)
def test_where_the_form_prints_the_prefix(text: str, result: str, expected: tuple[str, ...]) -> None:
    judged = judge_capitals(text, 30_000, True, RULES)
    assert (judged.result, codes(judged), judged.value) == (result, expected, "叁佰元整")


@pytest.mark.parametrize(
    ("rule", "text", "amount_minor"),
    [("CA-6-BOTH", "人民币壹拾万零柒仟元零伍角叁分", 10_700_053), ("CA-ZERO-YUAN", "人民币零元伍角", 50)],
)
def test_the_bank_grades_what_the_annex_does_not_show(rule: str, text: str, amount_minor: int) -> None:
    heard = set()
    for grade in (OK, WARN, REFUSE):
        judged = judge_capitals(text, amount_minor, False, graded(rule, "result", grade))
        assert (judged.result, judged.rule) == (grade, rule)
        heard.add(said(judged))
    assert len(heard) == 3
    assert judge_capitals(text, amount_minor, False, without(rule)).result == REFUSE
    assert rule in {row.rule for row in RULES.unconfirmed()}


def test_minority_capitals_go_to_a_person_only_while_the_rule_is_on() -> None:
    assert judge_capitals("ཆིག", 100, False, without("VB-14")).result == REFUSE


def test_the_traditional_forms_are_those_of_the_pack() -> None:
    fewer = rules_of(TEXT.replace('"圆" = "元", ', ""))
    assert judge_capitals("人民币叁佰圆整", 30_000, False, RULES).result == OK
    assert codes(judge_capitals("人民币叁佰圆整", 30_000, False, fewer)) == ("CA-1",)
    assert dict(RULES.pack("capitals").rules["CA-1"].table("folds")) == dict(FOLDS)


def test_an_amount_as_printed() -> None:
    assert judge_amount(10_700_053) == Judgement(OK, rule="VB-1", value="壹拾万柒仟元零伍角叁分")
    assert codes(judge_amount(0)) == ("CA-11",)


def test_figures_that_are_none_are_quoted() -> None:
    judged = unreadable_figures("1.005")
    assert (judged.result, codes(judged)) == (REFUSE, ("AMOUNT_FORMAT",))
    assert "“1.005”" in said(judged)


SUMS = st.one_of(
    st.integers(1, 10**18 - 1),
    st.integers(1, 200),
    st.text("00001", min_size=1, max_size=18).map(int).filter(bool),
)
ANYTHING = st.one_of(
    st.text(max_size=20),
    st.text([*ALPHABET, *FOLDS, *"人民币 三〇5兆整正"], max_size=16),
    st.text([*ALPHABET], max_size=16).map(lambda text: PREFIX + text),
)


@given(SUMS, st.data())
def test_one_character_changed_is_accepted_only_if_it_is_another_permitted_text(
    amount_minor: int, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(variants(amount_minor)))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.one_of(st.sampled_from([*ALPHABET, *FOLDS, *"三〇 兆"]), st.characters()))
    for changed in (
        text[:at] + other + text[at + 1 :],
        text[:at] + other + text[at:],
        text[:at] + text[at + 1 :],
    ):
        judged = judge_capitals(PREFIX + changed, amount_minor, False, RULES)
        folded = normalise(changed)
        allowed = folded in variants(amount_minor) or folded in with_zero_yuan(amount_minor)
        assert (judged.result in (OK, WARN)) == allowed


@given(ANYTHING, st.one_of(st.integers(-10, 10**19), SUMS), st.booleans())
def test_whatever_is_typed_is_answered(text: str, amount_minor: int, preprinted: bool) -> None:
    judged = judge_capitals(text, amount_minor, preprinted, RULES)
    assert judged.result in (OK, WARN, REFUSE)
    assert judged.reasons or judged.result == OK
    assert all(reason.words.zh and reason.words.en and reason.code for reason in judged.reasons)
    assert judged.rule in RULES.pack("capitals").rules or codes(judged) == ("AMOUNT_FORMAT",)


# --- dates ----------------------------------------------------------------------------------------------

DATES = [
    # text, document, result, rule, codes, day, words that must be said
    ("贰零贰陆年零壹月壹拾伍日", "cheque", OK, "CD-1", (), "2026-01-15", ""),
    ("貳零貳陸年零壹月壹拾伍日", "cheque", OK, "CD-1", (), "2026-01-15", ""),
    ("贰零贰陆年壹拾壹月贰拾伍日", "cheque", OK, "CD-1", (), TODAY, ""),
    ("贰零贰陆年壹月壹拾伍日", "cheque", WARN, "CD-6", ("CD-2", "CD-6"), "2026-01-15", "“壹月”应写“零壹月”"),
    ("贰零贰陆年零叁月壹拾伍日", "cheque", WARN, "CD-6", ("CD-2", "CD-6"), "2026-03-15", "“零叁月”应写“叁月”"),
    ("贰零贰陆年零壹月拾伍日", "cheque", WARN, "CD-6", ("CD-3", "CD-6"), "2026-01-15", "应写“壹拾伍日”"),
    ("贰零贰陆年零壹月贰拾日", "cheque", WARN, "CD-6", ("CD-3", "CD-6"), "2026-01-20", "应写“零贰拾日”"),
    ("贰仟零贰拾陆年零壹月壹拾伍日", "cheque", WARN, "CD-6", ("CD-4", "CD-6"), "2026-01-15", "应写“贰零贰陆年”"),
    (
        "贰零贰陆年壹拾月壹日", "cheque", WARN, "CD-6", ("CD-2", "CD-3", "CD-6"), "2026-10-01",
        "贰零贰陆年零壹拾月零壹日",
    ),
    ("2026年1月15日", "cheque", STOP, "CD-5", ("CD-5",), "2026-01-15", "贰零贰陆年零壹月壹拾伍日"),
    ("2026.1.15", "cheque", STOP, "CD-5", ("CD-5",), "2026-01-15", "小写"),
    ("２０２６年１月１５日", "cheque", STOP, "CD-5", ("CD-5",), "2026-01-15", "小写"),
    ("二〇二六年一月十五日", "cheque", STOP, "CD-5", ("CD-5",), "2026-01-15", "小写"),
    ("贰零贰陆年零壹月15日", "cheque", STOP, "CD-5", ("CD-5",), "2026-01-15", "小写"),
    ("贰〇贰陆年零壹月壹拾伍日", "cheque", STOP, "CD-5", ("CD-5",), "2026-01-15", "小写"),
    ("2026年1月", "cheque", STOP, "CD-5", ("CD-5", "CD-1"), "", "读不出"),
    ("2026年2月30日", "cheque", STOP, "CD-5", ("CD-5", "CD-7"), "", "2026-02-30"),
    ("2026年12月1日", "cheque", STOP, "CD-5", ("CD-5", "CD-7"), "2026-12-01", "远期"),
    ("贰零贰陆年零贰月零叁拾日", "cheque", STOP, "CD-7", ("CD-7",), "", "没有 2026-02-30 这一天"),
    ("贰零贰陆年壹拾叁月零壹日", "cheque", STOP, "CD-7", ("CD-7",), "", "2026-13-01"),
    ("贰零贰陆年壹拾壹月贰拾陆日", "cheque", RETURN, "CD-7", ("CD-7",), "2026-11-26", "2026-11-26"),
    ("贰零贰柒年壹月零壹日", "cheque", RETURN, "CD-7", ("CD-2", "CD-6", "CD-7"), "2027-01-01", "远期"),
    ("贰零贰陆年", "cheque", STOP, "CD-1", ("CD-1",), "", "读不出"),
    ("", "cheque", STOP, "CD-1", ("CD-1",), "", "没有写日期"),
    ("2026-01-15", "slip", OK, "CD-8", (), "2026-01-15", ""),
    ("２０２６年１月１５日", "slip", OK, "CD-8", (), "2026-01-15", ""),
    ("二〇二六年一月十五日", "slip", OK, "CD-8", (), "2026-01-15", ""),
    ("贰零贰陆年零壹月壹拾伍日", "slip", OK, "CD-8", (), "2026-01-15", ""),
    ("贰零贰陆年壹月拾伍日", "slip", OK, "CD-8", (), "2026-01-15", ""),
    ("2026-02-30", "slip", STOP, "CD-7", ("CD-7",), "", "2026-02-30"),
    ("2026-11-26", "slip", RETURN, "CD-7", ("CD-7",), "2026-11-26", "远期"),
    ("26.1.15", "slip", STOP, "CD-8", ("CD-8",), "", "年份四位"),
    (" ", "slip", STOP, "CD-8", ("CD-8",), "", "没有写日期"),
    ("2026-01-15", "", STOP, "CD-5", ("CD-5",), "2026-01-15", "小写"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "document", "result", "rule", "expected", "day", "words"), DATES)
def test_a_date_and_what_is_said_of_it(
    text: str, document: str, result: str, rule: str, expected: tuple[str, ...], day: str, words: str
) -> None:
    judged = judge_date(text, TODAY, document, RULES)
    assert (judged.result, judged.rule, codes(judged), judged.value) == (result, rule, expected, day)
    assert words in said(judged)


def test_a_date_off_the_pattern_asks_for_two_people_and_a_reason() -> None:
    judged = judge_date("贰零贰陆年壹月壹拾伍日", TODAY, "cheque", RULES)
    assert judged.requires == ("teller_decision", "reviewer_initials", "reason")


@pytest.mark.parametrize(
    ("rule", "key", "grade", "text"),
    [
        ("CD-5", "result", RETURN, "2026.1.15"),
        ("CD-6", "result", STOP, "贰零贰陆年壹月壹拾伍日"),
        ("CD-7", "impossible", RETURN, "贰零贰陆年零贰月零叁拾日"),
        ("CD-7", "to_come", STOP, "贰零贰陆年壹拾壹月贰拾陆日"),
    ],
)
def test_the_bank_grades_how_hard_a_date_stops(rule: str, key: str, grade: str, text: str) -> None:
    assert judge_date(text, TODAY, "cheque", graded(rule, key, grade)).result == grade
    assert judge_date(text, TODAY, "cheque", RULES).result != grade


def test_without_its_exception_a_slip_is_held_to_capitals() -> None:
    assert judge_date("2026-01-15", TODAY, "slip", without("CD-8")).result == STOP


def test_a_day_as_printed() -> None:
    assert judge_day("2026-10-20", RULES) == Judgement(OK, rule="CD-1", value="贰零贰陆年零壹拾月零贰拾日")
    judged = judge_day("2026-02-30", RULES)
    assert (judged.result, codes(judged), judged.value) == (STOP, ("CD-7",), "")


@given(
    st.one_of(
        st.text(max_size=20),
        st.text("零壹贰叁拾年月日号01-.一十 元", max_size=16),
        st.dates().map(lambda day: date_in_capitals(day.isoformat())),
    ),
    st.sampled_from(["cheque", "slip"]),
)
def test_whatever_date_is_typed_is_answered(text: str, document: str) -> None:
    judged = judge_date(text, TODAY, document, RULES)
    assert judged.result in SEVERITY
    assert judged.reasons or judged.result == OK
    if document == "cheque" and judged.result == OK:
        assert normalise("".join(text.split())) == date_in_capitals(judged.value)
        assert judged.value <= TODAY


# --- the pack -------------------------------------------------------------------------------------------


def test_the_pack_holds_every_rule_of_the_tables_with_its_source() -> None:
    rows = RULES.pack("capitals").rules
    wanted = {f"CA-{number}" for number in range(1, 12)} | {f"CD-{number}" for number in range(1, 9)}
    assert wanted <= set(rows)
    assert all(row.source and row.title.zh and row.title.en for row in rows.values())
    flags = {rule: rows[rule].confidence for rule in ("CA-1", "CA-11", "CA-6-BOTH", "CD-6", "CD-7", "CD-8")}
    assert flags == {"CA-1": "S", "CA-11": "B", "CA-6-BOTH": "U", "CD-6": "S", "CD-7": "S-", "CD-8": "M"}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('rule = "CA-3"', 'rule = "CA-33"', "CA-33"),
        ('result = "WARN"\nrequires', 'result = "OK"\nrequires', "CD-6"),
        ('result = "STOP"', 'result = "WARN"', "CD-5"),
        ('to_come = "RETURN"', 'to_come = "WARN"', "CD-7"),
        ('rule = "CD-5"', 'rule = "CD-5"\non = false', "CD-5"),
    ],
)
def test_a_pack_that_goes_below_the_law_is_refused(old: str, new: str, place: str) -> None:
    assert TEXT.count(old) >= 1
    flaw = load_pack(TEXT.replace(old, new), "capitals.toml", {"capitals": CAPITALS})
    assert isinstance(flaw, PackFlaw)
    assert flaw.place == place
