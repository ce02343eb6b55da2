"""The kinds of step a procedure may hold, and who can own one. Names only; procedures are data.

Must not hold behaviour: what a kind does stands in ``desk.procedures``, what it shows in ``ui.pages``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class StepKind(Enum):
    """Every kind of step there is; absence means refusal at load."""

    IDENTIFY = "identify"
    CHECKLIST = "checklist"
    NAME_MATCH = "name_match"
    VOUCHER = "voucher"
    SEAL_CHECK = "seal_check"
    CONCLUDE = "conclude"
    GIVE_BACK = "give_back"
    CASH_COUNT = "cash_count"
    SUSPECT_NOTE = "suspect_note"
    WITHHOLD = "withhold"
    SECOND_COUNT = "second_count"
    REVIEW = "review"
    CUSTOMER_CONFIRM = "customer_confirm"
    POST = "post"
    PRINT_PASSBOOK = "print_passbook"
    HAND_OVER = "hand_over"


class Owner(Enum):
    """Whose step it is (人员定责)."""

    TELLER = "teller"
    REVIEWER = "reviewer"
    CUSTOMER = "customer"
    SYSTEM = "system"


class ControlMode(Enum):
    """双人复核制: every posting reviewed. 综合柜员制: by limit (DESIGN §3)."""

    DUAL = "dual"
    COMPREHENSIVE = "comprehensive"


@dataclass(frozen=True)
class Text:
    """A sentence in both languages of the product; neither may be empty where it is shown."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """``language`` is "zh_CN" or "en"."""
        return self.en if language == "en" else self.zh
