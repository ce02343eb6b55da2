"""Thresholds by amount, kind, party and day total (counter-rules §4.2)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

THRESHOLDS = Topic("thresholds", Text("金额阈值", "Thresholds"))
