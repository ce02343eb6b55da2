"""The one grammar of amounts (DESIGN §5): what is an amount, what is not, and that figures come back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.money import MAX_MINOR, format_amount, parse_amount, plain_amount
from desk.domain.refusals import RefusalCode, refuse

AMOUNTS = st.integers(1, MAX_MINOR)
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@pytest.mark.parametrize(
    ("text", "amount_minor"),
    [
        ("20,250.00", 2_025_000),
        ("20250", 2_025_000),
        ("20250.5", 2_025_050),
        ("0.01", 1),
        ("  1 ", 100),
        ("２０，２５０．００", 2_025_000),
        ("\u30001,000\u3000", 100_000),
        ("007", 700),
        ("999,999,999,999.99", MAX_MINOR),
        ("999999999999.99", MAX_MINOR),
    ],
)
def test_amounts_as_people_write_them(text: str, amount_minor: int) -> None:
    assert parse_amount(text) == amount_minor


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", ".5", "5.", "1.234", "-1", "+1", "1e3", "1E3", "1 000", "1,00", "1,0000", "12,34,567", ",123",
        "1,000,", "1.000,00", "1..0", "¥1", "1元", "NaN", "inf", "0x10", "1_000", "一", "١٢", "²", "1\n2",
        "1000000000000", "1,000,000,000,000",
    ],
)  # fmt: skip
def test_anything_else_is_no_amount(text: str) -> None:
    assert parse_amount(text) == refuse(RefusalCode.AMOUNT_FORMAT)


@pytest.mark.parametrize("text", ["0", "0.00", "０．０", "000"])
def test_nothing_is_not_an_amount_to_pay_in(text: str) -> None:
    assert parse_amount(text) == refuse(RefusalCode.AMOUNT_ZERO)


@given(AMOUNTS)
def test_what_is_shown_is_read_back_whole(amount_minor: int) -> None:
    for shown in (format_amount(amount_minor), plain_amount(amount_minor)):
        assert parse_amount(shown) == amount_minor
        assert parse_amount(shown.translate(FULL_WIDTH)) == amount_minor


@given(st.text(max_size=24))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    found = parse_amount(text)
    if isinstance(found, int):
        assert 0 < found <= MAX_MINOR
    else:
        assert found.code in (RefusalCode.AMOUNT_FORMAT, RefusalCode.AMOUNT_ZERO)


@pytest.mark.parametrize(
    ("amount_minor", "grouped", "plain"),
    [(2_025_000, "20,250.00", "20250.00"), (-5, "-0.05", "-0.05"), (0, "0.00", "0.00"), (7, "0.07", "0.07")],
)
def test_amounts_as_they_are_shown(amount_minor: int, grouped: str, plain: str) -> None:
    assert (format_amount(amount_minor), plain_amount(amount_minor)) == (grouped, plain)
