"""Amounts in whole minor units, and the one grammar in which people write them.

No float ever touches money; text becomes minor units by its digits. The currency of an amount stands beside it in
the slip, the batch and the head of every event. Source: DESIGN §5 "Amounts".
"""

from __future__ import annotations

import re

from desk.domain.refusals import Refusal, RefusalCode, refuse

MAX_MINOR = 99_999_999_999_999
"""The largest amount there is: twelve figures of yuan."""

_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_PLAIN = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)
_GROUPED = re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", re.ASCII)


def parse_amount(text: str) -> int | Refusal:
    """Minor units of ``20,250.00``, ``20250`` or full-width digits; no sign, no exponent, at most two decimals.

    Refuses AMOUNT_FORMAT for anything else (wrong grouping included) and AMOUNT_ZERO for nothing.
    """
    folded = text.strip().translate(_FULL_WIDTH)
    found = _PLAIN.fullmatch(folded) or _GROUPED.fullmatch(folded)
    if found is None:
        return refuse(RefusalCode.AMOUNT_FORMAT)
    whole, decimals = found.group(1).replace(",", ""), (found.group(2) or "").ljust(2, "0")
    amount_minor = int(whole) * 100 + int(decimals)
    if amount_minor > MAX_MINOR:
        return refuse(RefusalCode.AMOUNT_FORMAT)
    return amount_minor if amount_minor else refuse(RefusalCode.AMOUNT_ZERO)


def format_amount(amount_minor: int) -> str:
    """``2025000`` → ``20,250.00``; a negative amount carries a leading minus."""
    sign, value = ("-", -amount_minor) if amount_minor < 0 else ("", amount_minor)
    return f"{sign}{value // 100:,}.{value % 100:02d}"


def plain_amount(amount_minor: int) -> str:
    """``2025000`` → ``20250.00``, without grouping."""
    return format_amount(amount_minor).replace(",", "")
