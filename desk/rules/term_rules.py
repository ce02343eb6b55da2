"""Presentation terms of instruments (counter-rules §1.4)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

TERMS = Topic("terms", Text("提示付款期", "Presentation terms"))
