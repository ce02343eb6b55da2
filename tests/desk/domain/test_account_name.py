"""Names against the examples of the rule tables (counter-rules §8.4 N01–N36), and what must hold for any two texts.

Where the tables want a hint that this version has no table for (traditional forms, homophones, private-use
mappings), the safe answer is the expectation: no match, or not checkable; never a pass.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.account_name import MatchResult, NameMatch, compare, is_checkable, normalised

R = MatchResult
UYGHUR = "阿卜来提·如则托合提"

EXAMPLES = [
    ("N01", "张伟", "张伟", R.EXACT, ""),
    ("N02", "张\u3000伟", "张伟", R.NORMALISED, ""),
    ("N03", "张 伟", "张伟", R.NORMALISED, ""),
    ("N04", "ＺＨＡＮＧ\u3000ＷＥＩ", "Zhang Wei", R.NORMALISED, ""),
    ("N05", "北京华信（集团）有限公司", "北京华信(集团)有限公司", R.NORMALISED, ""),
    ("N06", UYGHUR, UYGHUR.replace("·", "\u2022"), R.NORMALISED, ""),
    ("N07", UYGHUR, UYGHUR.replace("·", "\u30fb"), R.NORMALISED, ""),
    ("N09 full stop", UYGHUR, UYGHUR.replace("·", "．"), R.NEAR_E, "DOT_KIND"),
    ("N09 spaced", UYGHUR, UYGHUR.replace("·", " . "), R.NEAR_E, "DOT_KIND"),
    ("N10", UYGHUR, UYGHUR.replace("·", ""), R.NEAR_E, "DOT_MISSING"),
    ("N11", UYGHUR.replace("·", " · "), UYGHUR, R.NORMALISED, ""),
    ("N13 no table: safe", "吕布", "呂布", R.NO_MATCH, ""),
    ("N14 no table: safe", "李䶮", "李龑", R.NO_MATCH, ""),
    ("N15 no table: safe", "李䶮", "李\ue863", R.NOT_CHECKABLE, ""),
    ("N17 question mark", "李䶮", "李？", R.NOT_CHECKABLE, ""),
    ("N17 box", "李䶮", "李□", R.NOT_CHECKABLE, ""),
    ("N17 replacement", "李䶮", "李\ufffd", R.NOT_CHECKABLE, ""),
    ("N18 no table: safe", "张伟", "张玮", R.NO_MATCH, ""),
    ("N19", "张伟", "张强", R.NO_MATCH, ""),
    ("N20", "张伟", "李伟", R.NO_MATCH, ""),
    ("N21 no table: safe", "李晓明", "李小明", R.NO_MATCH, ""),
    ("N22", "李晓明", "李晓朋", R.NO_MATCH, ""),
    ("N23", "王芳", "王芳芳", R.NO_MATCH, ""),
    ("N25", "上海恒通科技有限公司", "上海恒通科技股份有限公司", R.NEAR_S, "COMPANY_FORM"),
    ("N26", "上海恒通科技有限公司", "上海恒达科技有限公司", R.NEAR_S, "ONE_CHAR"),
    ("N27", "上海恒通科技有限公司", "上海恒通贸易有限公司", R.NO_MATCH, ""),
    ("N28", "上海恒通科技有限公司北京分公司", "上海恒通科技有限公司", R.NO_MATCH, ""),
    ("N30", "John Smith", "SMITH JOHN", R.NEAR_S, "ORDER"),
    ("N32", "O’Brien", "O'Brien", R.NORMALISED, ""),
    ("N34", "张伟\u200b", "张伟", R.NORMALISED, ""),
    ("N35", "张伟", "ZHANG WEI", R.NO_MATCH, ""),
    ("N36", "", "张伟", R.NOT_CHECKABLE, ""),
    # more of the same rules (§2.2–2.4)
    ("a branch one character from its parent", "上海恒通科技公司", "上海恒通科技分公司", R.NO_MATCH, ""),
    ("nothing but form words", "有限公司", "股份有限公司", R.NO_MATCH, ""),
    ("short companies differ by half", "恒通公司", "恒达公司", R.NO_MATCH, ""),
    ("supplementary plane", "𠮷野", "𠮷 野", R.NORMALISED, ""),
    ("rare character, extension A", "㛃琳", "㛃琳", R.EXACT, ""),
    ("variation selector", "葛\U000e0100城", "葛城", R.NORMALISED, ""),
    ("DIACRITIC", "José García", "JOSE GARCIA", R.NEAR_E, "DIACRITIC"),
    ("TYPO by one letter", "JON SMITH", "JOHN SMITH", R.NEAR_S, "TYPO"),
    ("TYPO by neighbours swapped", "JHON", "JOHN", R.NEAR_S, "TYPO"),
    ("TYPO by two in a long name", "MARGARET THATSHR", "MARGARET THATCHER", R.NEAR_S, "TYPO"),
    ("two letters of a short name", "JOAN", "JUHN", R.NO_MATCH, ""),
    ("dashes", "Anne—Marie", "ANNE-MARIE", R.NORMALISED, ""),
    ("only invisible characters", "\u200b", "\u200c", R.NOT_CHECKABLE, ""),
    ("only spaces", "\u3000", "\u3000", R.NOT_CHECKABLE, ""),
]  # fmt: skip


@pytest.mark.parametrize(("example", "voucher", "account", "result", "reason"), EXAMPLES)
def test_the_examples_both_ways_round(
    example: str, voucher: str, account: str, result: MatchResult, reason: str
) -> None:
    for found in (compare(voucher, account), compare(account, voucher)):
        assert (found.result, found.reasons) == (result, (reason,) if reason else ())


def test_invisible_characters_are_told() -> None:
    hidden = "张\u2060伟"
    assert compare(hidden, "张伟") == NameMatch(R.NORMALISED, (), had_invisible=True)
    assert compare(hidden, "李伟").had_invisible
    assert not compare("张 伟", "张伟").had_invisible


@pytest.mark.parametrize("kept", ["㈱", "①", "½", "ﬁ", "、", "。", "ü"])
def test_normalising_never_rewrites_what_could_hide_an_error(kept: str) -> None:
    """N1 is NFC, never NFKC; N4 leaves stops and commas; N7 keeps accents."""
    assert normalised(f"张{kept}") == f"张{kept}".upper()


NAMES = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("张伟李䶮公司有限分·•．. \u3000\u200bＡaée\u0301()（）"),
    ),
    max_size=12,
)


@given(NAMES, NAMES)
def test_any_two_texts_have_one_answer_that_does_not_depend_on_the_order(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there == back
    assert (there.result in (R.NEAR_E, R.NEAR_S)) == bool(there.reasons)


@given(NAMES)
def test_a_readable_name_is_itself_and_nothing_else_is(name: str) -> None:
    expected = R.EXACT if is_checkable(name) else R.NOT_CHECKABLE
    assert compare(name, name).result is expected


@given(NAMES, NAMES)
def test_only_equal_normal_forms_pass(one: str, other: str) -> None:
    passes = compare(one, other).result in (R.EXACT, R.NORMALISED)
    if passes:
        assert normalised(one) == normalised(other) != ""


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=4)


@given(HAN, HAN)
def test_two_personal_names_that_differ_never_come_near(one: str, other: str) -> None:
    if one != other and not (one.endswith("公司") and other.endswith("公司")):
        assert compare(one, other).result is R.NO_MATCH


@given(st.lists(st.sampled_from(" \u3000\u200b\ufeff"), max_size=4), HAN, HAN)
def test_spaces_and_invisible_characters_between_characters_do_not_count(
    between: list[str], one: str, other: str
) -> None:
    assert compare(one + "".join(between) + other, one + other).result in (R.EXACT, R.NORMALISED)
