"""What of names, numbers and texts from people may be seen: masks, groups, plain text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.masking import group_number, mask_name, mask_number
from desk.domain.plain_text import plain, reason

DIGITS = st.text("0123456789", max_size=24)
NAMES = st.text(st.one_of(st.characters(), st.sampled_from("张·公司厂店阿依")), min_size=1, max_size=16)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张*"),
        ("欧阳晓明", "欧***"),
        ("张", "张*"),
        ("阿依古丽·买买提", "阿依古丽·***"),
        ("阿依古丽·", "阿依古丽·*"),
        ("李䶮", "李*"),
        ("𠮷野家", "𠮷**"),
        ("上海恒通科技有限公司", "上海恒****公司"),
        ("恒通公司", "恒***"),
        ("上海恒公司", "上***"),
        ("上海恒通公司", "上海恒****公司"),
        ("红星机械厂", "红星机****厂"),
        ("John Smith", "J***"),
        ("", ""),
    ],
)
def test_a_name_on_the_customers_screen(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(NAMES)
def test_a_mask_hides_something_and_shows_only_its_beginning(name: str) -> None:
    shown = mask_name(name)
    assert "*" in shown
    begins = shown[: shown.index("*")]
    assert name.startswith(begins)
    assert len(begins) <= max(1, 3 if "·" not in name else name.index("·") + 1)


@given(NAMES.filter(lambda name: not set("·司厂店社心行校院") & set(name)), NAMES)
def test_a_personal_name_gives_away_its_first_character_only(name: str, other: str) -> None:
    """Two names with the same first character and length look the same."""
    twin = name[0] + (other * len(name))[: len(name) - 1]
    if not set("·司厂店社心行校院") & set(twin):
        assert mask_name(name) == mask_name(twin)


@given(DIGITS)
def test_a_masked_number_shows_its_last_four_and_no_more(number: str) -> None:
    shown = mask_number(number)
    assert shown == (f"**** {number[-4:]}" if number else "")
    assert sum(char.isdigit() for char in shown) <= 4
    assert shown == mask_number("9" * max(0, len(number) - 4) + number[-4:])


@given(DIGITS)
def test_grouping_loses_no_figure(number: str) -> None:
    groups = group_number(number).split(" ")
    assert "".join(groups) == number
    assert all(len(group) == 4 for group in groups[:-1])


def test_groups_of_four() -> None:
    assert group_number("9017002010004821735") == "9017 0020 1000 4821 735"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("客户离开", "客户离开"),
        ("a\x1b[31mb", "a[31mb"),
        ("1\u202e23", "123"),
        ("张\u200b伟\ufeff", "张伟"),
        ("a\u2028b\x00\n", "ab"),
        ("李䶮 𠮷 é", "李䶮 𠮷 é"),
    ],
)
def test_text_from_people_is_made_harmless(text: str, left: str) -> None:
    assert plain(text) == left


@given(st.text())
def test_plain_text_keeps_every_character_that_can_be_seen(text: str) -> None:
    left = plain(text)
    assert plain(left) == left
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in left)
    assert left == "".join(char for char in text if char in left)


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "\u200b\u202e", "\n\t"])
def test_a_reason_nobody_can_read_is_none(text: str) -> None:
    assert reason(text) == ""


def test_a_reason_as_it_goes_on_record() -> None:
    assert reason(" 证件不符\u200b \n") == "证件不符"
