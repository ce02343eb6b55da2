"""What is told of a match and what a teller may do with it: words and actions of the pack, and the floor below which no
pack of any bank goes (counter-rules §2.3).
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.account_name import (
    ENCODING_REASONS,
    NOTES,
    REASONS,
    STOP_REASONS,
    SUBSTANCE_REASONS,
    UNREADABLE_REASONS,
    MatchResult,
)
from desk.domain.procedure_kinds import Text
from desk.rules.name_rules import judge_name, match_account, next_words, teller_action
from desk.rules.name_topic import CUSTOMER, GO, NAMES, STOP, TWO_PEOPLE, rule_of
from desk.rules.rule_pack import PackFlaw, load_pack
from desk.rules.rule_set import RuleSet
from tests.desk.rules.name_pack import PACK, RULES, TEXT, with_values

R = MatchResult


# --- number and name (支付结算办法 166) -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "name", "number_agrees", "result", "agrees"),
    [
        ("9017 0020", "张伟", True, R.EXACT, True),
        ("90170020", "张 伟", True, R.NORMALISED, True),
        ("90170021", "张伟", False, R.EXACT, False),
        ("90170020", "張伟", True, R.NEAR_E, False),
        ("90170020", "张玮", True, R.NEAR_S, False),
        ("90170020", "李伟", True, R.NO_MATCH, False),
        ("90170020", "", True, R.NOT_CHECKABLE, False),
    ],
)
def test_number_and_name_must_both_agree(
    number: str, name: str, number_agrees: bool, result: R, agrees: bool
) -> None:
    found = match_account(number, name, "9017 0020", "张伟", RULES)
    assert (found.number_agrees, found.match.result, found.agrees) == (number_agrees, result, agrees)


# --- the judgement --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("voucher", "account", "result", "rule", "requires"),
    [
        ("张伟", "张伟", "EXACT", "NM-EXACT", ()),
        ("张 伟", "张伟", "NORMALISED", "NM-NORMALISED", ()),
        ("张\u200b伟", "张伟", "NORMALISED", "NM-NORMALISED", ()),
        ("張偉", "张伟", "NEAR_E", "NM-TRAD", (TWO_PEOPLE,)),
        ("張玮", "张伟", "NEAR_S", "NM-HOMOPHONE", (CUSTOMER,)),
        ("张\u200b强", "张伟", "NO_MATCH", "NM-DIFFERENT", (STOP,)),
        ("李伟", "张伟", "NO_MATCH", "NM-SURNAME", (STOP,)),
        ("李?", "张伟", "NOT_CHECKABLE", "NM-PLACEHOLDER", (STOP,)),
    ],
)
def test_a_judgement_names_the_deciding_rule_and_what_it_asks_for(
    voucher: str, account: str, result: str, rule: str, requires: tuple[str, ...]
) -> None:
    found = judge_name(voucher, account, RULES)
    assert (found.result, found.rule, found.requires) == (result, rule, requires)


def test_the_first_reason_says_what_to_do_next_and_the_rest_only_what_is() -> None:
    trad, dot = judge_name("馬麗·買買提", "马丽.买买提", RULES).reasons
    then = next_words(R.NEAR_E, RULES)
    assert trad.words.zh == PACK.rules["NM-TRAD"].words("words").zh + then.zh
    assert trad.words.en == f"{PACK.rules['NM-TRAD'].words('words').en} {then.en}"
    assert dot.words == PACK.rules["NM-DOT_KIND"].words("words")


@pytest.mark.parametrize(
    ("voucher", "account", "zh", "en"),
    [
        ("李晓明", "李小明", "第2字读音相同", "Character 2 sounds the same"),
        ("張曉明", "张小铭", "户名不同", "The names differ"),
        ("張小铭", "张小明", "第3字读音相同", "Character 3 sounds"),
        ("上海恒通科技有限公司", "上海恒达科技有限公司", "在第4字处差一个字", "Character 4 is where"),
        ("李\ue863", "李䶮", "凭证户名第2字（U+E863）", "Character 2 of the voucher's name (U+E863)"),
        ("张伟", "张？", "账户户名第2字（U+FF1F）是占位符", "Character 2 of the account's name (U+FF1F)"),
        ("张\u202e伟", "张伟", "凭证户名第2字（U+202E）是改变书写方向", "(U+202E) turns the writing"),
        ("", "张伟", "户名为空", "There is no name"),
    ],
)
def test_the_words_say_where_and_quote_no_name(voucher: str, account: str, zh: str, en: str) -> None:
    first = judge_name(voucher, account, RULES).reasons[0]
    assert zh in first.words.zh
    assert en in first.words.en


@pytest.mark.parametrize(("one", "other"), [("王晴", "王睛"), ("李晓明", "李小明"), ("李\ue863", "李䶮")])
def test_the_words_quote_no_character_in_which_the_names_differ(one: str, other: str) -> None:
    told = "".join(reason.words.zh + reason.words.en for reason in judge_name(one, other, RULES).reasons)
    assert "{where}" not in told
    assert set(told).isdisjoint(set(one) ^ set(other))


def test_a_bank_may_ask_for_the_place_where_there_is_none() -> None:
    words = Text("{where}为空。", "{where} is empty.")
    asking = RuleSet("CN", {"names": with_values("NM-EMPTY", words=words)})
    assert judge_name("", "张伟", asking).reasons[0].words.en.startswith("The name is empty.")


def test_what_agrees_asks_for_nothing() -> None:
    (note,) = judge_name("张\u200b伟", "张伟", RULES).reasons
    assert note.words == PACK.rules["NM-HAD_INVISIBLE"].words("words")


def test_a_bank_may_want_two_people_even_where_names_agree_once_normalised() -> None:
    strict = RuleSet("CN", {"names": with_values("NM-NORMALISED", action=TWO_PEOPLE)})
    assert judge_name("张 伟", "张伟", strict).requires == (TWO_PEOPLE,)
    assert judge_name("张伟", "张伟", strict).requires == ()


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_two_texts_are_judged_with_words_in_both_languages(voucher: str, account: str) -> None:
    found = judge_name(voucher, account, RULES)
    assert found.rule in PACK.rules
    assert all(one.words.zh and one.words.en for one in found.reasons)


# --- words ----------------------------------------------------------------------------------------------------------


def test_every_code_has_its_rule_its_words_and_its_source() -> None:
    assert set(PACK.rules) == {rule_of(code) for code in (*(one.value for one in R), *REASONS)}
    for row in PACK.rules.values():
        says = row.words("words") if "words" in row.values else row.words("next")
        assert re.search("[\u4e00-\u9fff]", says.zh)
        assert not re.search("[\u4e00-\u9fff]", says.en)
        assert says.zh.endswith("。")
        assert says.en.endswith(".")
        assert row.source


def test_what_no_rule_published_says_awaits_the_bank() -> None:
    unpublished = {name for name, row in PACK.rules.items() if "no published national rule" in row.source}
    assert unpublished == {row.rule for row in RULES.unconfirmed()}
    assert "NM-TRAD" in unpublished


# --- the floor ------------------------------------------------------------------------------------------------------


def test_the_actions_of_the_shipped_pack() -> None:
    assert {one: teller_action(one, RULES) for one in R} == {
        R.EXACT: GO, R.NORMALISED: GO, R.NEAR_E: TWO_PEOPLE, R.NEAR_S: CUSTOMER, R.NO_MATCH: STOP,
        R.NOT_CHECKABLE: STOP,
    }  # fmt: skip


def changed(rule: str, old: str, new: str) -> str:
    """The shipped text with one line of one rule changed."""
    start = TEXT.index(f'rule = "{rule}"\n')
    end = TEXT.find("[[rule]]", start)
    part = TEXT[start:end]
    assert part.count(old) == 1
    return TEXT[:start] + part.replace(old, new) + TEXT[end:]


def refused(text: str) -> str:
    found = load_pack(text, "names.toml", {"names": NAMES})
    assert isinstance(found, PackFlaw), "should have been refused"
    return f"{found.place}: {found.reason}"


@pytest.mark.parametrize("action", [GO, TWO_PEOPLE])
@pytest.mark.parametrize(
    ("rule", "usual"), [("NM-NEAR_S", CUSTOMER), ("NM-NO_MATCH", STOP), ("NM-NOT_CHECKABLE", STOP)]
)
def test_no_pack_lets_anybody_override_a_difference_of_substance(rule: str, usual: str, action: str) -> None:
    found = refused(changed(rule, f'action = "{usual}"', f'action = "{action}"'))
    assert found.startswith(f"{rule}: 'action' '{action}' is none of")


def test_no_pack_lets_one_person_settle_a_doubt_about_encoding() -> None:
    assert refused(changed("NM-NEAR_E", f'action = "{TWO_PEOPLE}"', 'action = "go"')).startswith("NM-NEAR_E")


@pytest.mark.parametrize("code", SUBSTANCE_REASONS)
def test_no_pack_calls_a_difference_of_substance_one_of_encoding(code: str) -> None:
    rule = rule_of(code)
    assert refused(changed(rule, 'class = "S"', 'class = "E"')) == f"{rule}: 'class' 'E' is none of ['S']"


@pytest.mark.parametrize("code", ENCODING_REASONS)
def test_a_bank_may_be_stricter_with_a_doubt_about_encoding(code: str) -> None:
    text = changed(rule_of(code), 'class = "E"', 'class = "S"')
    assert not isinstance(load_pack(text, "names.toml", {"names": NAMES}), PackFlaw)


ALWAYS = [*(one.value for one in R), *STOP_REASONS, *UNREADABLE_REASONS, *NOTES]


@pytest.mark.parametrize("code", [code for code in ALWAYS if code not in ("LOOKALIKE", "SHORT_FORM")])
def test_what_stops_is_never_off(code: str) -> None:
    rule = rule_of(code)
    start = TEXT.index(f'rule = "{rule}"\n')
    end = TEXT.find("[[rule]]", start)
    off = TEXT[:start] + "on = false\n" + TEXT[start:end].replace("on = true\n", "") + TEXT[end:]
    assert refused(off) == f"{rule}: is never off, in no region"
