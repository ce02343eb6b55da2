"""Money in whole minor units with an explicit currency, and the one grammar for amounts.

No float ever touches money; text becomes minor units by its digits. Source: DESIGN §5 "Amounts".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.domain.refusals import Refusal, RefusalCode, refuse


@dataclass(frozen=True)
class Currency:
    """An ISO 4217 currency; ``minor_digits`` is 2 for the renminbi."""

    code: str
    minor_digits: int
    symbol: str


CNY = Currency("CNY", 2, "¥")
CURRENCIES: dict[str, Currency] = {CNY.code: CNY}

MAX_MINOR = 99_999_999_999_999

_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_PLAIN = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)
_GROUPED = re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True)
class Money:
    """An amount of one currency. Adding different currencies is a programming error, not a refusal."""

    amount_minor: int
    currency: Currency

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency.code} and {other.currency.code} do not add up")


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
