"""What the comparison of names may call a doubt, and what stops (counter-rules §2)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

NAMES = Topic("names", Text("户名核对", "Names"))
