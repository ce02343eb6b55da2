"""Values on paper: nothing a person wrote is hidden or interpreted; amounts and days as the counter writes them."""

from __future__ import annotations

import pytest

from desk.documents.paper_text import amount_text, capitals_text, day_text, face_text, is_day, on_paper
from desk.domain.procedure_kinds import Text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("欧阳·娜娜 (张伟)", "欧阳·娜娜 (张伟)"),
        ("a\tb\r\nc", "a b  c"),
        ("a\x00b\x1bc", "a[U+0000]b[U+001B]c"),
        ("伟\u202e大", "伟[U+202E]大"),
        ("伟\u2067大\u2069", "伟[U+2067]大[U+2069]"),
        ("伟\u200b\u200d\ufeff", "伟[U+200B][U+200D][U+FEFF]"),
        ("\u2028\u2029", "[U+2028][U+2029]"),
        ("\ue863\ud840", "[U+E863][U+D840]"),
        ("\u2f08", "[U+2F08]"),
        ("𠮷\U000f0000", "𠮷[U+F0000]"),
        (
            "\U000323b0",
            "\U000323b0",
        ),  # unassigned, or a rare name's character of a later Unicode: the font knows
    ],
)
def test_what_would_be_invisible_is_shown_as_its_code_point(written: str, shown: str) -> None:
    assert on_paper(written) == shown
    assert on_paper(shown) == shown


@pytest.mark.parametrize(
    ("currency", "minor", "shown"),
    [
        ("CNY", 2_025_000, "¥20,250.00"),
        ("CNY", 1, "¥0.01"),
        ("USD", 10_050, "USD 100.50"),
        ("JPY", 10_000, "JPY 10,000"),
        ("KWD", 1_005, "KWD 1.005"),
    ],
)
def test_amounts_follow_the_minor_digits_of_their_currency(currency: str, minor: int, shown: str) -> None:
    assert amount_text(currency, minor) == shown


@pytest.mark.parametrize(
    ("currency", "minor", "called"),
    [
        ("CNY", 10_000, "100元"),
        ("CNY", 50, "5角"),
        ("CNY", 5, "5分"),
        ("USD", 10_000, "100"),
        ("USD", 25, "0.25"),
        ("JPY", 10_000, "10,000"),
    ],
)
def test_denominations_are_called_as_people_call_them(currency: str, minor: int, called: str) -> None:
    assert face_text(currency, minor) == called


def test_capitals_are_for_yuan_alone() -> None:
    assert capitals_text("CNY", 20_300) == "人民币贰佰零叁元整"
    assert capitals_text("USD", 20_300) == ""


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("2026-04-02", True), ("2026-02-29", False), ("20260402", False), ("", False), ("2026-4-2", False)],
)
def test_a_day_is_written_in_full(text: str, is_one: bool) -> None:
    assert is_day(text) is is_one


def test_a_day_reads_in_both_languages() -> None:
    assert day_text("2026-04-02") == Text("2026年4月2日", "2026-04-02")
