"""Who must be there: limits, day totals and the always-authorise list (counter-rules §4.1–4.3; DESIGN §3)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

AUTHORITY = Topic("authority", Text("授权与复核", "Authority"))
