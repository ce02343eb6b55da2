"""What a wrong text in capitals is said to mean, and where it is said to be off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.capital_faults import Fault, Finding, read
from desk.domain.capitals import ALPHABET, variants, with_zero_yuan

READ: list[tuple[str, int, tuple[Finding, ...]]] = [
    ("叁佰元整", 30_000, ()),
    ("叁佰元", 30_000, (Finding(Fault.ROUND_MISSING),)),
    ("叁佰整", 30_000, (Finding(Fault.YUAN_MISSING),)),
    ("整叁佰元", 30_000, (Finding(Fault.ROUND_MISPLACED),)),
    ("叁佰元整整", 30_000, (Finding(Fault.ROUND_MISPLACED),)),
    ("陆仟零柒元壹角肆分整", 600_714, (Finding(Fault.ROUND_AFTER_FEN),)),
    ("壹万陆仟肆佰零玖元贰分", 1_640_902, (Finding(Fault.ZERO_MISSING_BEFORE_FEN, "贰分"),)),
    ("壹仟伍元整", 100_500, (Finding(Fault.ZERO_MISSING, "伍元"),)),
    ("壹亿伍元整", 10_000_000_500, (Finding(Fault.ZERO_MISSING, "伍元"),)),
    ("壹仟零零伍元整", 100_500, (Finding(Fault.ZERO_REPEATED, "伍元"),)),
    ("壹仟零伍佰元整", 150_000, (Finding(Fault.ZERO_EXTRA, "伍佰"),)),
    ("壹仟元零整", 100_000, (Finding(Fault.ZERO_EXTRA),)),
    ("零伍分", 5, (Finding(Fault.ZERO_EXTRA, "伍分"),)),
    ("壹佰零拾伍元整", 10_500, (Finding(Fault.ZERO_WITH_PLACE, "零拾"),)),
    ("叁佰元零角零分", 30_000, (Finding(Fault.ZERO_WITH_PLACE, "零角"), Finding(Fault.ROUND_MISSING))),
    ("拾元整", 1_000, (Finding(Fault.ONE_MISSING, "拾元"),)),
    ("叁佰拾伍元整", 31_500, (Finding(Fault.ONE_MISSING, "拾伍"),)),
    (
        "拾万陆佰伍元", 10_060_500,
        (
            Finding(Fault.ONE_MISSING, "拾万"), Finding(Fault.ROUND_MISSING),
            Finding(Fault.ZERO_MISSING, "陆佰"), Finding(Fault.ZERO_MISSING, "伍元"),
        ),
    ),
    ("零元伍角", 50, ()),
    ("零元伍分", 5, (Finding(Fault.ZERO_MISSING_BEFORE_FEN, "伍分"),)),
    ("零元整", 0, ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount_minor", "findings"), READ)
def test_what_it_means_and_where_it_is_off(
    text: str, amount_minor: int, findings: tuple[Finding, ...]
) -> None:
    reading = read(text)
    assert reading is not None
    assert (reading.amount_minor, reading.findings) == (amount_minor, findings)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "整",
        "分",
        "万元整",
        "伍角伍元",
        "壹万万元整",
        "叁佰伍仟元整",
        "伍零零元整",
        "壹万伍零零零元整",
        "零零元伍角",
    ],
)
def test_what_says_no_sum(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "optional"),
    [
        ("壹拾万柒仟元零伍角叁分", 1),
        ("壹拾万零柒仟元伍角叁分", 1),
        ("壹拾万零柒仟元零伍角叁分", 2),
        ("壹拾万柒仟元伍角叁分", 0),
        ("陆仟零柒元壹角肆分", 0),
    ],
)
def test_how_many_optional_zeros_are_written(text: str, optional: int) -> None:
    reading = read(text)
    assert reading is not None
    assert reading.optional_zeros == optional


SUMS = st.one_of(
    st.integers(1, 10**18 - 1),
    st.integers(1, 200),
    st.text("00001", min_size=1, max_size=18).map(int).filter(bool),
)


@st.composite
def nearly(draw: st.DrawFn) -> str:
    """A permitted text with up to three characters taken away, put in or exchanged."""
    text = draw(SUMS.flatmap(lambda amount: st.sampled_from(variants(amount))))
    for _ in range(draw(st.integers(0, 3))):
        at, cut = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
        text = text[:at] + draw(st.sampled_from(["", *ALPHABET])) + text[at + cut :]
    return text


@given(st.one_of(nearly(), st.text(ALPHABET, max_size=12)))
def test_no_finding_means_a_permitted_text_and_the_other_way_round(text: str) -> None:
    reading = read(text)
    if reading is None:
        return
    amount_minor = reading.amount_minor
    permitted = text in variants(amount_minor) or text in with_zero_yuan(amount_minor)
    assert (reading.findings == ()) == (permitted or amount_minor == 0)


@given(SUMS)
def test_every_permitted_text_is_read_as_its_sum(amount_minor: int) -> None:
    for text in (*variants(amount_minor), *with_zero_yuan(amount_minor)):
        reading = read(text)
        assert reading is not None
        assert (reading.amount_minor, reading.findings) == (amount_minor, ())
