"""Dates in capitals: the pattern of every day, and what else can be read (counter-rules §1.3, §8.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.capital_dates import date_in_capitals, has_small_numerals, read_date

PATTERN = [
    ("D01", "2026-01-15", "贰零贰陆年零壹月壹拾伍日"),
    ("D02", "2026-10-20", "贰零贰陆年零壹拾月零贰拾日"),
    ("D03", "2026-02-28", "贰零贰陆年零贰月贰拾捌日"),
    ("D04", "2026-03-09", "贰零贰陆年叁月零玖日"),
    ("D05", "2026-11-23", "贰零贰陆年壹拾壹月贰拾叁日"),
    ("D07", "2026-10-10", "贰零贰陆年零壹拾月零壹拾日"),
    ("D08", "2026-05-30", "贰零贰陆年伍月零叁拾日"),
    ("month 12, day 31", "2000-12-31", "贰零零零年壹拾贰月叁拾壹日"),
    ("day 11", "1999-09-11", "壹玖玖玖年玖月壹拾壹日"),
]


@pytest.mark.parametrize(("example", "iso_date", "text"), PATTERN)
def test_a_day_in_capitals(example: str, iso_date: str, text: str) -> None:
    assert date_in_capitals(iso_date) == text


@pytest.mark.parametrize(
    "iso_date", ["2026-02-30", "2026-13-01", "0000-01-01", "26-01-15", "2026-1-5", "", "abc"]
)
def test_no_capitals_for_what_is_no_day(iso_date: str) -> None:
    assert date_in_capitals(iso_date) == ""


def test_every_day_of_twelve_years_has_a_text_of_its_own_that_reads_back() -> None:
    days = [(date(2020, 1, 1) + timedelta(days)).isoformat() for days in range(12 * 365 + 3)]
    texts = {day: date_in_capitals(day) for day in days}
    assert len(set(texts.values())) == len(days)
    for day, text in texts.items():
        written = read_date(text)
        assert written is not None
        assert (written.iso_date, written.parts) == (day, written.right_parts)


READ = [
    ("2026-01-15", "2026-01-15"),
    ("2026.1.15", "2026-01-15"),
    ("2026/01/5", "2026-01-05"),
    ("20260115", "2026-01-15"),
    ("2026年1月15日", "2026-01-15"),
    ("２０２６年１月１５日", "2026-01-15"),
    ("２０２６．１．１５", "2026-01-15"),
    (" 2026 年 1 月 15 日 ", "2026-01-15"),
    ("二〇二六年一月十五日", "2026-01-15"),
    ("二○二六年十一月廿三日", "2026-11-23"),
    ("二〇二六年五月卅日", "2026-05-30"),
    ("二〇二六年五月两日", "2026-05-02"),
    ("贰零贰陆年元月壹拾伍日", "2026-01-15"),
    ("贰零贰陆年壹月拾伍号", "2026-01-15"),
    ("贰零贰陆年零叁月零壹拾伍日", "2026-03-15"),
    ("贰零贰陆年叁月壹伍日", "2026-03-15"),
    ("贰仟零贰拾陆年叁月贰拾日", "2026-03-20"),
    ("贰仟年叁月贰拾日", "2000-03-20"),
    ("贰零贰陆年贰月叁拾日", ""),
    ("贰零贰陆年壹拾叁月壹日", ""),
    ("2026-02-29", ""),
]


@pytest.mark.parametrize(("text", "iso_date"), READ)
def test_what_people_write(text: str, iso_date: str) -> None:
    written = read_date(text)
    assert written is not None
    assert written.iso_date == iso_date


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "2026-01", "26.1.15", "2026-1.15", "202611", "2026115", "2026-01-15T00:00", "年月日", "壹月壹日",
        "贰陆年壹月壹日", "贰拾陆年壹月壹日", "贰零贰陆年壹月", "贰零贰陆年壹月拾日日", "贰零贰陆年某月壹日",
        "贰零贰陆年壹月某日", "贰零贰陆年壹月壹拾零零伍日",
    ],
)  # fmt: skip
def test_what_cannot_be_read_for_certain(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("贰零贰陆年1月", True),
        ("２", True),
        ("一", True),
        ("〇", True),
        ("٣", True),
        ("贰零贰陆年零壹月壹拾伍日", False),
    ],
)
def test_small_numerals_of_any_width_and_script(text: str, small: bool) -> None:
    assert has_small_numerals(text) is small


@given(st.one_of(st.text(max_size=20), st.text("零壹贰拾年月日号0１-./一十廿元 仟", max_size=16)))
def test_whatever_is_typed_is_read_or_not(text: str) -> None:
    written = read_date(text)
    assert written is None or written.iso_date == "" or date.fromisoformat(written.iso_date)
