"""Values as they stand on paper: text from people made plain and visible, amounts, dates and capitals.

What a person wrote is never interpreted. A character that would be invisible or turn the line round is shown as its
code point, because a paper that hides it would prove something that was not there.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from desk.domain.capitals import capitals
from desk.domain.money import format_amount
from desk.domain.procedure_kinds import Text

_SHOWN_AS_CODE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Not the unassigned: what is assigned differs from one Python to the next, and with it the digest would."""
_RADICALS = range(0x2E80, 0x2FE0)
"""CJK radicals: on paper nobody can tell them from the ideographs they look like."""
_BLANKS = frozenset("\t\n\r\v\f")
_MINOR_DIGITS = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "CLP": 0,
    "ISK": 0,
    "KWD": 3,
    "BHD": 3,
    "JOD": 3,
    "OMR": 3,
    "TND": 3,
}
"""ISO 4217 exponents that are not 2."""


def on_paper(text: str) -> str:
    """``text`` on one line, with every control, direction, invisible, private or look-alike character as [U+XXXX]."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in _BLANKS:
        return " "
    hidden = unicodedata.category(char) in _SHOWN_AS_CODE or ord(char) in _RADICALS
    return f"[U+{ord(char):04X}]" if hidden else char


def amount_text(currency: str, amount_minor: int) -> str:
    """``¥20,250.00`` for yuan; ``USD 100.00``, ``JPY 10,000`` for other currencies by their own minor digits."""
    if currency == "CNY":
        return "¥" + format_amount(amount_minor)
    return f"{currency} {plain_figures(currency, amount_minor)}"


def plain_figures(currency: str, amount_minor: int) -> str:
    """The figures alone, grouped, with the decimals of the currency."""
    digits = _MINOR_DIGITS.get(currency, 2)
    whole, rest = divmod(amount_minor, 10**digits)
    return f"{whole:,}.{rest:0{digits}d}" if digits else f"{whole:,}"


def face_text(currency: str, face_minor: int) -> str:
    """A denomination as it is called: 100元, 5角, 1分; other currencies as figures without empty decimals."""
    if currency != "CNY":
        figures = plain_figures(currency, face_minor)
        return figures.rstrip("0").rstrip(".") if "." in figures else figures
    unit, called = next(one for one in ((100, "元"), (10, "角"), (1, "分")) if face_minor % one[0] == 0)
    return f"{face_minor // unit}{called}"


def capitals_text(currency: str, amount_minor: int) -> str:
    """Capitals of a sum in yuan; "" for other currencies, which have no prescribed Chinese text."""
    return capitals(amount_minor) if currency == "CNY" else ""


def is_day(text: str) -> bool:
    """Whether ``text`` is a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def day_text(day: str) -> Text:
    """``2026-04-01`` → 2026年4月1日."""
    found = date.fromisoformat(day)
    return Text(f"{found.year}年{found.month}月{found.day}日", day)
