"""Amounts in capitals against the examples of the rule tables (counter-rules §8.1 M01–M22, §8.2 M30–M42) and by
property. Examples marked P there are those of the official text (支付结算办法 annex 1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.capitals import PREFIX, agrees, capitals, normalise, variants, with_zero_yuan
from desk.domain.money import MAX_MINOR

GENERATE = [
    ("M01", 140_950, "壹仟肆佰零玖元伍角", ("壹仟肆佰零玖元伍角整",)),
    ("M02", 600_714, "陆仟零柒元壹角肆分", ()),
    ("M03", 168_032, "壹仟陆佰捌拾元零叁角贰分", ("壹仟陆佰捌拾元叁角贰分",)),
    (
        "M04", 10_700_053, "壹拾万柒仟元零伍角叁分",
        ("壹拾万零柒仟元伍角叁分", "壹拾万柒仟元伍角叁分", "壹拾万零柒仟元零伍角叁分"),
    ),
    ("M05", 1_640_902, "壹万陆仟肆佰零玖元零贰分", ()),
    ("M06", 32_504, "叁佰贰拾伍元零肆分", ()),
    ("M07", 1_005, "壹拾元零伍分", ()),
    ("M08", 10_000_010, "壹拾万元零壹角", ("壹拾万元壹角", "壹拾万元零壹角整", "壹拾万元壹角整")),
    ("M09", 100_600, "壹仟零陆元整", ()),
    ("M10", 5, "伍分", ()),
    ("M11", 50, "伍角", ("伍角整",)),
    ("M12", 1_000, "壹拾元整", ()),
    ("M13", 11_000, "壹佰壹拾元整", ()),
    ("M15", 10_001_000, "壹拾万零壹拾元整", ()),
    ("M17", 10_100_000_000, "壹亿零壹佰万元整", ()),
    ("M18", 2_000_000_005, "贰仟万元零伍分", ()),
    ("M19", 10_000_000_100, "壹亿零壹元整", ()),
    ("M22", 100_000_000_000_000, "壹万亿元整", ()),
    # CA-6 "also at the end of a run of zeros": the 万 place is 0 and the 仟 place is not
    ("a run of zeros", 10_000_100_000, "壹亿壹仟元整", ("壹亿零壹仟元整",)),
    ("a run of zeros up to 元", 100_050, "壹仟元零伍角", ("壹仟元伍角", "壹仟元零伍角整", "壹仟元伍角整")),
    ("the 亿 joint", 105_000_000_000, "壹拾亿伍仟万元整", ("壹拾亿零伍仟万元整",)),
    ("the 亿 joint, required", 100_500_000_000, "壹拾亿零伍佰万元整", ()),
    ("all nines", 99_999_999_999_999, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", ()),
    (
        "two joints", 101_000_100_000, "壹拾亿壹仟万壹仟元整",
        ("壹拾亿零壹仟万壹仟元整", "壹拾亿壹仟万零壹仟元整", "壹拾亿零壹仟万零壹仟元整"),
    ),
    ("a figure in both of the highest places", 100_020_000_000_000, "壹万零贰亿元整", ()),
]  # fmt: skip


@pytest.mark.parametrize(("example", "amount_minor", "canonical", "others"), GENERATE)
def test_every_permitted_text_and_the_canonical_one_first(
    example: str, amount_minor: int, canonical: str, others: tuple[str, ...]
) -> None:
    first, *rest = variants(amount_minor)
    assert first == canonical
    assert sorted(rest) == sorted(others)
    assert capitals(amount_minor) == PREFIX + canonical


CHECK = [
    ("M30", "人民币壹仟肆佰零玖元伍角整", 140_950, True),
    ("M31 整 after 分", "人民币陆仟零柒元壹角肆分整", 600_714, False),
    ("M32 零 missing (CA-7)", "人民币壹万陆仟肆佰零玖元贰分", 1_640_902, False),
    ("M33 整 missing", "人民币叁佰元", 30_000, False),
    ("M34 character 三", "人民币三佰元整", 30_000, False),
    ("M36 prefix missing", "叁佰元整", 30_000, False),
    ("M39 壹 missing", "人民币拾元整", 1_000, False),
    ("M40 different sums", "人民币伍万元整", 500_000, False),
    ("M42", "人民币壹拾万零柒仟元伍角叁分", 10_700_053, True),
    ("CA-1 traditional forms", "人民币貳仟陸佰萬圓正", 2_600_000_000, True),
    ("CA-1 traditional 億", "人民币壹億圆整", 10_000_000_000, True),
    ("CA-2 small zero", "人民币壹仟〇陆元整", 100_600, False),
    ("CA-4 no gap", "人民币 叁佰元整", 30_000, False),
    ("CA-4 prefix twice", "人民币人民币叁佰元整", 30_000, False),
    ("CA-11 nothing", "人民币整", 0, False),
    ("CA-11 negative", "人民币伍分", -5, False),
]


@pytest.mark.parametrize(("example", "text", "amount_minor", "expected"), CHECK)
def test_capitals_against_figures(example: str, text: str, amount_minor: int, expected: bool) -> None:
    assert agrees(text, amount_minor) is expected


def test_a_preprinted_prefix_is_not_repeated() -> None:
    """M37 and its opposite (CA-4)."""
    assert agrees("叁佰元整", 30_000, preprinted=True)
    assert not agrees("人民币叁佰元整", 30_000, preprinted=True)


def test_no_capitals_for_what_is_no_amount() -> None:
    for amount_minor in (0, -1, 10**18):
        assert variants(amount_minor) == ()
        assert capitals(amount_minor) == ""


@pytest.mark.parametrize(
    ("amount_minor", "texts"),
    [
        (50, ("零元伍角", "零元伍角整")),
        (53, ("零元伍角叁分",)),
        (3, ("零元零叁分",)),
        (100, ()),
        (0, ()),
    ],
)
def test_what_some_systems_print_below_one_yuan(amount_minor: int, texts: tuple[str, ...]) -> None:
    assert with_zero_yuan(amount_minor) == texts
    assert not set(texts) & set(variants(amount_minor))


def test_a_pack_may_name_its_own_traditional_forms() -> None:
    assert normalise("叄萬", {"叄": "叁"}) == "叁萬"


# --- properties -----------------------------------------------------------------------------------------

PLACES = {"拾": 10, "佰": 100, "仟": 1000}
DIGITS = "零壹贰叁肆伍陆柒捌玖"


def read(text: str) -> int:
    """A reader that knows nothing of the writer: figures times places, added up. Lenient about 零 and 整."""
    total = section = digit = 0
    for char in text.removesuffix("整"):
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in PLACES:
            section, digit = section + digit * PLACES[char], 0
        elif char in "万亿":
            unit = 10_000 if char == "万" else 100_000_000
            total, section, digit = (
                (total + section + digit) * unit if char == "亿" else total + (section + digit) * unit,
                0,
                0,
            )
        elif char == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[char], 0
    return total


AMOUNTS = st.one_of(
    st.integers(1, MAX_MINOR),
    st.builds(
        lambda digits: int("".join(digits)), st.lists(st.sampled_from("0001"), min_size=14, max_size=14)
    ).filter(bool),
)


@given(AMOUNTS)
def test_every_text_says_the_amount_and_no_two_are_the_same(amount_minor: int) -> None:
    texts = variants(amount_minor)
    assert {read(text) for text in texts} == {amount_minor}
    assert len(set(texts)) == len(texts) <= 16
    for text in texts:
        assert set(text) <= set(DIGITS + "拾佰仟万亿元角分整")
        assert "零零" not in text
        assert not text.startswith("零")


@given(AMOUNTS)
def test_every_text_agrees_with_its_amount_only(amount_minor: int) -> None:
    for text in variants(amount_minor):
        assert agrees(PREFIX + text, amount_minor)
        assert not agrees(PREFIX + text, amount_minor + 1)
        assert not agrees(PREFIX + text, amount_minor * 10)


@given(AMOUNTS, st.data())
def test_one_character_less_never_agrees_unless_the_rules_let_it(
    amount_minor: int, data: st.DataObject
) -> None:
    text = capitals(amount_minor)
    at = data.draw(st.integers(0, len(text) - 1))
    shorter = text[:at] + text[at + 1 :]
    if agrees(shorter, amount_minor):
        assert text[at] == "零"


@given(st.text(max_size=20))
def test_folding_any_text_only_touches_the_listed_forms(text: str) -> None:
    folded = normalise(text)
    assert len(folded) == len(text)
    assert all(new == old or old in "貳陸億萬圓圆正" for new, old in zip(folded, text, strict=True))
    assert normalise(folded) == folded
