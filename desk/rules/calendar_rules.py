"""Working days: statutory holidays and make-up days year by year, as data; a year that is not there is unknown.

An unknown year is never guessed: a day in it may be either, and what depends on it is answered with a range or not at
all. Dates here are days of the counter, without a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from desk.domain.procedure_kinds import Text
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Shape, Topic

_YEAR = Shape({"holidays": Field("days"), "make_up_days": Field("days")})

CALENDAR = Topic("calendar", Text("工作日历", "Working days"), families={"CAL-": _YEAR})
"""One rule a year, CAL-2026: days off by the State Council's notice, and the weekend days worked instead."""

_WRITTEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Years that a date on a voucher may lie in; far from where arithmetic on dates ends."""


def day_of(written: str) -> date | None:
    """The day of ``YYYY-MM-DD``; None for another form, and for a day that there never was."""
    found = _WRITTEN.fullmatch(written)
    if found is None or not FIRST_YEAR <= int(found.group(1)) <= LAST_YEAR:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def is_working_day(day: date, rules: RuleSet) -> bool | None:
    """Whether banks settle on this day; None in a year that the pack does not have."""
    row = rules.pack(CALENDAR.topic).rule(f"CAL-{day.year}")
    if row is None:
        return None
    written = day.isoformat()
    if written in row.texts("make_up_days"):
        return True
    return day.weekday() < 5 and written not in row.texts("holidays")


@dataclass(frozen=True)
class DayRange:
    """A day as far as the calendar tells: not before ``earliest``, not after ``latest`` (None: nobody can say)."""

    earliest: date
    latest: date | None

    @property
    def day(self) -> date | None:
        """The day itself, when the calendar leaves no doubt."""
        return self.earliest if self.earliest == self.latest else None


def next_working_day(day: date, rules: RuleSet) -> DayRange:
    """This day if it is a working day, else the next one."""
    earliest = day
    while is_working_day(earliest, rules) is False:
        earliest += timedelta(days=1)
    if is_working_day(earliest, rules):
        return DayRange(earliest, earliest)
    return DayRange(earliest, _first_sure(earliest, rules))


def _first_sure(day: date, rules: RuleSet) -> date | None:
    """The first day from here on that is certainly worked: it stands in a year the pack has."""
    years = (
        int(row.rule[4:]) for row in rules.pack(CALENDAR.topic).family("CAL-") if row.rule[4:].isdecimal()
    )
    known = min((year for year in years if year > day.year and year <= LAST_YEAR), default=None)
    if known is None:
        return None
    sure = date(known, 1, 1)
    while sure.year == known and not is_working_day(sure, rules):
        sure += timedelta(days=1)
    return sure if sure.year == known else None


def working_days_after(day: date, count: int, rules: RuleSet) -> date | None:
    """The last of ``count`` working days, the first of them the next one after ``day``; None when the calendar of a
    year on the way is not in the pack."""
    left = count
    while left > 0:
        day += timedelta(days=1)
        worked = is_working_day(day, rules)
        if worked is None:
            return None
        left -= worked
    return day
