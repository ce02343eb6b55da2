"""Amounts and dates in capitals, judged (counter-rules §1.2–1.3)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

CAPITALS = Topic("capitals", Text("大写金额与日期", "Amounts and dates in capitals"))
