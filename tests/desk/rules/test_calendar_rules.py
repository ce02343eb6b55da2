"""Working days: every day of every year in the pack against the chinesecalendar package, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.calendar_rules import (
    DayRange,
    day_of,
    is_working_day,
    next_working_day,
    working_days_after,
)
from desk.rules.rule_set import RuleSet
from tests.desk.rules.shipped_packs import changed, shipped

RULES = shipped("calendar")
YEARS = (2024, 2025, 2026)


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=at) for at in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_what_the_state_council_made_of_it(year: int) -> None:
    for day in days(year):
        assert is_working_day(day, RULES) is chinese_calendar.is_workday(day), day


@pytest.mark.parametrize("year", YEARS)
def test_a_notice_lists_days_of_its_own_year_and_makes_up_weekends_only(year: int) -> None:
    row = RULES.pack("calendar").rules[f"CAL-{year}"]
    listed = [date.fromisoformat(one) for one in row.texts("holidays") + row.texts("make_up_days")]
    assert {day.year for day in listed} == {year}
    assert len(set(listed)) == len(listed)
    assert all(date.fromisoformat(one).weekday() >= 5 for one in row.texts("make_up_days"))


@pytest.mark.parametrize("day", ["2023-12-31", "2027-01-01", "1999-10-01"])
def test_a_year_without_a_row_is_unknown(day: str) -> None:
    assert is_working_day(date.fromisoformat(day), RULES) is None


NEXT = [
    ("2026-02-28", "2026-02-28", "2026-02-28"),  # a Saturday that is worked
    ("2026-02-15", "2026-02-24", "2026-02-24"),
    ("2026-10-01", "2026-10-08", "2026-10-08"),
    ("2026-07-04", "2026-07-06", "2026-07-06"),
    ("2026-07-03", "2026-07-03", "2026-07-03"),
    ("2023-05-01", "2023-05-01", "2024-01-02"),  # nothing is known of 2023, and 2024 begins with a holiday
    ("2010-01-01", "2010-01-01", "2024-01-02"),
    ("2027-01-01", "2027-01-01", None),
    ("2999-12-31", "2999-12-31", None),
]


@pytest.mark.parametrize(("day", "earliest", "latest"), NEXT)
def test_the_next_working_day_or_how_far_it_may_lie(day: str, earliest: str, latest: str | None) -> None:
    found = next_working_day(date.fromisoformat(day), RULES)
    expected = DayRange(date.fromisoformat(earliest), date.fromisoformat(latest) if latest else None)
    assert found == expected
    assert found.day == (expected.earliest if earliest == latest else None)


def test_a_run_of_days_off_into_an_unknown_year_ends_nobody_knows_when() -> None:
    off = (*RULES.pack("calendar").rules["CAL-2026"].texts("holidays"), "2026-12-31")
    assert next_working_day(date(2026, 12, 31), changed(RULES, "CAL-2026", holidays=off)) == DayRange(
        date(2027, 1, 1), None
    )


def test_a_year_in_which_nothing_is_worked_tells_no_day() -> None:
    off = tuple(day.isoformat() for day in days(2024))
    never = changed(RULES, "CAL-2024", holidays=off, make_up_days=())
    assert next_working_day(date(2023, 6, 1), never) == DayRange(date(2023, 6, 1), None)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_within_known_years_the_next_working_day_is_the_first_one(day: date) -> None:
    found = next_working_day(day, RULES).day
    assert found is not None
    assert is_working_day(found, RULES)
    between = [day + timedelta(days=at) for at in range((found - day).days)]
    assert [one for one in between if is_working_day(one, RULES)] == []


AFTER = [
    ("2026-06-18", 3, "2026-06-24"),  # Dragon Boat Festival and a weekend between
    ("2026-02-13", 2, "2026-02-24"),  # Saturday 14 is worked, then the Spring Festival
    ("2026-06-18", 0, "2026-06-18"),
    ("2026-12-30", 1, "2026-12-31"),
    ("2026-12-30", 2, None),
]


@pytest.mark.parametrize(("day", "count", "expected"), AFTER)
def test_counting_working_days(day: str, count: int, expected: str | None) -> None:
    found = working_days_after(date.fromisoformat(day), count, RULES)
    assert (found.isoformat() if found else None) == expected


WRITTEN = [
    ("2026-02-28", True), ("2026-02-29", False), ("2028-02-29", True), ("20260228", False), ("2026-2-8", False),
    ("2026-W01-1", False), ("", False), ("1899-12-31", False), ("1900-01-01", True), ("2999-12-31", True),
    ("3000-01-01", False), ("２０２６-02-28", False), ("2026-02-28 ", False), ("2026-13-01", False),
]  # fmt: skip


@pytest.mark.parametrize(("written", "is_one"), WRITTEN)
def test_a_date_is_written_in_one_way(written: str, is_one: bool) -> None:
    found = day_of(written)
    assert (found is not None) is is_one
    assert found is None or found.isoformat() == written


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_date(text: str) -> None:
    assert day_of(text) is None or len(text) == 10


def test_the_rule_of_another_family_member_is_no_year() -> None:
    pack = RULES.pack("calendar")
    row = pack.rules["CAL-2024"]
    odd = type(pack)(**{**vars(pack), "rules": {**pack.rules, "CAL-x": row, "CAL-99999": row}})
    rules = RuleSet("CN", {"calendar": odd})
    assert next_working_day(date(2027, 1, 1), rules) == DayRange(date(2027, 1, 1), None)
