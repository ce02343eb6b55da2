"""Working days: statutory holidays and make-up days year by year, as data; a year that is not there is unknown."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

CALENDAR = Topic("calendar", Text("工作日历", "Working days"))
