"""Amounts in figures as questions to the rules take them: the grammar of ``desk.domain.money``, but sixteen figures of
yuan, and zero and negative amounts are read too, so that the rules themselves refuse them.
"""

from __future__ import annotations

import re

_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")
_FIGURES = 16
_PLAIN = re.compile(r"(-?)(\d+)(?:\.(\d{1,2}))?", re.ASCII)
_GROUPED = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", re.ASCII)


def read_sum(text: str) -> int | None:
    """Minor units of ``1,000,000,000,000.00``; None for what is no amount."""
    folded = text.strip().translate(_FULL_WIDTH)
    found = _PLAIN.fullmatch(folded) or _GROUPED.fullmatch(folded)
    whole = found[2].replace(",", "") if found else ""
    if found is None or len(whole) > _FIGURES:
        return None
    amount_minor = int(whole) * 100 + int((found[3] or "").ljust(2, "0"))
    return -amount_minor if found[1] else amount_minor
