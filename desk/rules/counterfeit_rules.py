"""Suspect and counterfeit notes: what follows from which verdicts (counter-rules §3)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

COUNTERFEIT = Topic("counterfeit", Text("假币收缴", "Counterfeit"))
