"""The checklist VC-01 … VC-25: which checks there are and what a failure means (counter-rules §1.6)."""

from __future__ import annotations

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import Topic

VOUCHERS = Topic("vouchers", Text("凭证检查", "Voucher checks"))
