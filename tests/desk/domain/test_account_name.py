"""The exact stage of names: the normal form step by step (counter-rules §2.2), what cannot be read, and what must hold
for any text. What comes near is tried in tests/desk/rules/test_name_matching.py.
"""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.account_name import (
    MatchResult,
    NameMatch,
    compare,
    had_compatibility,
    normalised,
    unreadable,
)

R = MatchResult
UYGHUR = "阿卜来提·如则托合提"

STEPS = [
    ("N1 composes", "Jose\u0301", "JOSÉ"),
    ("N1 unifies compatibility ideographs", "\uf980布", "呂布"),
    ("N1 is not NFKC", "㈱①½", "㈱①½"),
    ("N2 full width", "ＺＨＡＮＧ！（１）", "ZHANG!(1)"),
    ("N2 ideographic space", "张\u3000伟", "张伟"),
    ("N2 and then N1 again", "Ａ\u0301", "Á"),
    ("N2 leaves other full-width forms", "￥￡", "￥￡"),
    ("a full-width stop of a Latin name", "Ｊ．Ｓmith", "J.SMITH"),
    ("a full-width stop that may be a name's dot", "阿．买", "阿．买"),
    ("N3 invisible", "张\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad伟", "张伟"),
    ("N3 variation selectors", "葛\ufe00\ufe0f\U000e0100\U000e01ef城", "葛城"),
    ("N4 dots", "a\u2022b\u30fbc\uff65d\u2027e\u2219f\u22c5g\u0387h", "A·B·C·D·E·F·G·H"),
    ("N4 leaves stops and commas", "阿.买。提、江-汗", "阿.买。提、江-汗"),
    ("N5 brackets, quotes, dashes", "（集团）〔甲〕O’B‘a–b—c‐d", "(集团)(甲)O'B'A-B-C-D"),
    ("N6 trims and joins", "  张   伟  ", "张伟"),
    ("N6 next to brackets and dots", "A ( B ) · C", "A(B)·C"),
    ("N6 one space between Latin words", "john   smith", "JOHN SMITH"),
    ("N6 any space is a space", "john\u00a0\u2003smith", "JOHN SMITH"),
    ("N7 keeps accents", "josé ü", "JOSÉ Ü"),
    ("N7 one letter stays one letter", "Weiß ﬁ ŉ", "WEIß ﬁ ŉ"),
    ("N8 simplifies, drops and sorts nothing", "張偉 股份有限公司 B A", "張偉股份有限公司B A"),
    ("supplementary planes", "𠮷 野", "𠮷野"),
    ("zero as a character", "二 〇", "二〇"),
]


@pytest.mark.parametrize(("step", "name", "expected"), STEPS, ids=[one[0] for one in STEPS])
def test_each_step_of_the_normal_form(step: str, name: str, expected: str) -> None:
    assert normalised(name) == expected


UNREADABLE = [
    ("", ("EMPTY",)),
    ("\u3000 ", ("EMPTY",)),
    ("\u200b\ufeff", ("EMPTY",)),
    ("李？", ("PLACEHOLDER",)),
    ("李?", ("PLACEHOLDER",)),
    ("李*", ("PLACEHOLDER",)),
    ("李＊", ("PLACEHOLDER",)),
    ("李□", ("PLACEHOLDER",)),
    ("李〓", ("PLACEHOLDER",)),
    ("李\ufffd", ("PLACEHOLDER",)),
    ("李😀", ("PLACEHOLDER",)),
    ("李☺", ("PLACEHOLDER",)),
    ("李\ue863", ("PRIVATE_USE",)),
    ("李\U000f0000", ("PRIVATE_USE",)),
    ("李\U0010fffd", ("PRIVATE_USE",)),
    ("李\ud800", ("BROKEN",)),
    ("李\uffff", ("BROKEN",)),
    ("李\ufdd0", ("BROKEN",)),
    ("李\U0002fffe", ("BROKEN",)),
    *((f"李{chr(code)}伟", ("BIDI",)) for code in (0x202A, 0x202E, 0x2066, 0x2069, 0x061C)),
    *((f"李{chr(code)}伟", ("CONTROL",)) for code in (0x00, 0x09, 0x0A, 0x7F, 0x85, 0x2028, 0x2062, 0xE0041)),
    ("\u202e?\t\ue000\ud800", ("BROKEN", "BIDI", "CONTROL", "PRIVATE_USE", "PLACEHOLDER")),
]


@pytest.mark.parametrize(("name", "reasons"), UNREADABLE)
def test_what_cannot_be_compared_is_never_a_match(name: str, reasons: tuple[str, ...]) -> None:
    assert unreadable(name) == reasons
    found = {name: compare(name, name), "张伟": compare(name, "张伟"), "": compare("张伟", name)}
    for match in found.values():
        assert match.result is R.NOT_CHECKABLE
        assert match.reasons[: len(reasons)] == reasons


@pytest.mark.parametrize(
    "name", ["张伟", UYGHUR, "㛃琳", "𠮷野", "O'Brien-Ōe", "㈱東", "葛\ufe00城", "Иванов"]
)
def test_a_readable_name_is_readable(name: str) -> None:
    assert unreadable(name) == ()
    assert compare(name, name).result is R.EXACT


def test_a_bank_names_its_own_placeholders_and_private_characters() -> None:
    assert unreadable("李某", placeholders="某") == ("PLACEHOLDER",)
    assert unreadable("李□", placeholders="某") == ()
    assert unreadable("李\ue863", {"\ue863": "䶮"}) == ()


def test_what_was_changed_is_told() -> None:
    assert compare("张\u2060伟", "张伟") == NameMatch(R.NORMALISED, ("had_invisible",), had_invisible=True)
    assert compare("张\u2060伟", "李伟") == NameMatch(R.NO_MATCH, ("had_invisible",), had_invisible=True)
    assert compare("张 伟", "张伟") == NameMatch(R.NORMALISED)
    assert compare("\uf980布", "呂布") == NameMatch(R.NORMALISED, ("had_compatibility",))
    assert not had_compatibility("呂布e\u0301")


def test_only_the_same_name_agrees() -> None:
    assert [one for one in R if NameMatch(one).agrees] == [R.EXACT, R.NORMALISED]


def test_the_normal_form_is_its_own_for_every_character_there_is() -> None:
    """Beside Latin, beside Han, before an accent, before a full stop: no character needs a second pass. Of the letters
    without case and the code points without a character, which no step takes apart, one of each stands for all."""
    plain: set[str] = set()
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        category = unicodedata.category(char)
        if category in ("Lo", "Cn", "Co", "Cs") and not unicodedata.decomposition(char):
            if category in plain:
                continue
            plain.add(category)
        name = f"A{char} 张 {char}\u0301{char}．{char} ."
        once = normalised(name)
        assert normalised(once) == once, hex(code)


NAMES = st.text(
    st.one_of(
        st.characters(),
        st.characters(exclude_categories=()),
        st.sampled_from(
            "张伟李䶮公司有限分·•．. \u3000\u00a0\u200b\u202eＡaéeß\u0301\u0338＝()（）-？\ue863\ud800"
        ),
    ),
    max_size=12,
)


@given(NAMES)
def test_a_normal_form_is_its_own(name: str) -> None:
    once = normalised(name)
    assert normalised(once) == once


@given(NAMES, NAMES)
def test_any_two_texts_have_one_answer_that_does_not_depend_on_the_order(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there == back
    assert there.result not in (R.NEAR_E, R.NEAR_S)


@given(NAMES)
def test_a_readable_name_is_itself(name: str) -> None:
    assert compare(name, name).result is (R.NOT_CHECKABLE if unreadable(name) else R.EXACT)


@given(NAMES, NAMES)
def test_only_equal_normal_forms_agree(one: str, other: str) -> None:
    if compare(one, other).agrees:
        assert normalised(one) == normalised(other) != ""
