"""How much of a damaged note is left, as an exact share: how people write one, and how two compare.

No share is ever rounded: "0.7499999" is less than three quarters. That a loss has the form of a cross (正十字) is a
person's observation, never computed. Cells are counted in ``desk.domain.grid_measure``; what a share is worth is
``desk.rules.damaged_note_rules``'s.
"""

from __future__ import annotations

import re

Share = tuple[int, int]
"""A part of the whole as numerator and denominator, neither reduced nor rounded."""

NOTHING: Share = (0, 1)

_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)
_DECIMAL = re.compile(r"(\d{0,9})(?:\.(\d{1,40}))?\s*(%?)", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．／％", "0123456789./%")


def parse_share(text: str) -> Share | None:
    """``0.75``, ``75%`` and ``3/4``, full-width digits folded; None for anything else and for more than the whole."""
    folded = text.strip().translate(_FULL_WIDTH)
    if found := _FRACTION.fullmatch(folded):
        share = int(found.group(1)), int(found.group(2))
    elif (found := _DECIMAL.fullmatch(folded)) and (found.group(1) or found.group(2)):
        decimals = found.group(2) or ""
        percent = 2 if found.group(3) else 0
        share = int((found.group(1) or "0") + decimals), 10 ** (len(decimals) + percent)
    else:
        return None
    return share if share[1] and share[0] <= share[1] else None


def at_least(share: Share, boundary: Share) -> bool:
    """Whether the share reaches the boundary, which is itself included; exact."""
    return share[0] * boundary[1] >= boundary[0] * share[1]


def less_unjoined(remaining: Share, unjoined: Share) -> Share:
    """What can be joined: the remaining share less the pieces that do not join; never below nothing."""
    numerator = remaining[0] * unjoined[1] - unjoined[0] * remaining[1]
    return max(numerator, 0), remaining[1] * unjoined[1]


def percent(share: Share) -> str:
    """For people, cut and never rounded up: 74.99 % stays below 75. A share that was cut ends in "…"."""
    hundredths, rest = divmod(share[0] * 10_000, share[1])
    return f"{hundredths // 100}.{hundredths % 100:02d}{'…' if rest else ''}%"
