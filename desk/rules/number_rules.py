"""Numbers with a check digit (counter-rules §2.7)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

NUMBERS = Topic("numbers", Text("证件与账卡号码", "Numbers"))
