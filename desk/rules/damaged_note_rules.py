"""What a damaged note is worth (counter-rules §6.15)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

DAMAGED_NOTES = Topic("damaged_notes", Text("残损币兑换", "Damaged notes"))
