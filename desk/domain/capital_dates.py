"""Dates in Chinese capitals (出票日期): the one pattern, and a lenient reading of what people write instead.

Holds no judgement: what a small numeral or a missing 零 leads to is ``desk.rules.capital_date_rules``'s. Source:
支付结算办法 annex 1 items 6 and 7, as tabled in counter-rules §1.3 (CD-1 … CD-8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desk.domain.capitals import ALPHABET

_DIGITS = ALPHABET[:10]
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．／－", "0123456789./-")
SMALL_NUMERALS: Mapping[str, str] = {
    **dict(zip("0123456789", _DIGITS, strict=True)),
    **dict(zip("〇一二三四五六七八九", _DIGITS, strict=True)),
    "○": "零", "两": "贰", "兩": "贰", "十": "拾", "廿": "贰拾", "念": "贰拾", "卅": "叁拾",
}  # fmt: skip
"""Figures and small numerals with the capitals that belong there."""

_NAMED = re.compile(r"([^年月日号]+年)([^年月日号]+月)([^年月日号]+[日号])")
_ORDINARY = re.compile(r"(\d{4})([-./]?)(\d{1,2})\2(\d{1,2})", re.ASCII)
_TENS = re.compile(f"([{_DIGITS[1:]}])?拾([{_DIGITS[1:]}])?")
_FIGURES = re.compile(f"[{_DIGITS}]{{1,2}}")
_THOUSANDS = re.compile("".join(f"(?:([{_DIGITS[1:]}]){place})?" for place in ("仟", "佰", "拾", "")))


@dataclass(frozen=True)
class WrittenDate:
    """A date as it was read. ``parts`` are year, month and day as written, "" each for an ordinary date."""

    year: int
    month: int
    day: int
    parts: tuple[str, str, str] = ("", "", "")

    @property
    def iso_date(self) -> str:
        """``2026-01-15``; "" for a day that no calendar has."""
        try:
            return date(self.year, self.month, self.day).isoformat()
        except ValueError:
            return ""

    @property
    def right_parts(self) -> tuple[str, str, str]:
        """Year, month and day as the pattern wants them."""
        return parts_in_capitals(self.year, self.month, self.day)


def date_in_capitals(iso_date: str) -> str:
    """``2026-01-15`` → ``贰零贰陆年零壹月壹拾伍日``; "" for what is no date."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso_date, re.ASCII)
    if found is None:
        return ""
    written = WrittenDate(int(found[1]), int(found[2]), int(found[3]))
    return "".join(written.right_parts) if written.iso_date else ""


def parts_in_capitals(year: int, month: int, day: int) -> tuple[str, str, str]:
    """Year digit by digit (CD-4); 零 before month 1, 2, 10 (CD-2) and before day 1–9, 10, 20, 30 (CD-3)."""
    digits = "".join(_DIGITS[int(figure)] for figure in f"{year:04d}")
    month_zero = "零" if month in (1, 2, 10) else ""
    day_zero = "零" if day < 10 or day % 10 == 0 else ""
    return f"{digits}年", f"{month_zero}{_number(month)}月", f"{day_zero}{_number(day)}日"


def _number(value: int) -> str:
    tens, ones = value // 10, value % 10
    return (_DIGITS[tens] + "拾" if tens else "") + (_DIGITS[ones] if ones else "")


def has_small_numerals(text: str) -> bool:
    """Whether any figure or small numeral stands in it, of whatever width or script."""
    return any(char in SMALL_NUMERALS or char.isdecimal() for char in text)


def read_date(text: str) -> WrittenDate | None:
    """The date that a text means, in whichever numerals; None where year, month or day cannot be read for certain.

    Spaces do not count: forms print 年, 月 and 日 with room between. A year needs its four figures.
    """
    folded = "".join(text.split()).translate(_FULL_WIDTH)
    ordinary = _ORDINARY.fullmatch(folded)
    if ordinary and (ordinary[2] or len(folded) == 8):
        return WrittenDate(int(ordinary[1]), int(ordinary[3]), int(ordinary[4]))
    named = _NAMED.fullmatch(folded)
    if named is None:
        return None
    year, month, day = (_in_capitals(part[:-1]) for part in named.groups())
    read = _year(year), 1 if month == "元" else _small_number(month), _small_number(day)
    if read[0] is None or read[1] is None or read[2] is None:
        return None
    return WrittenDate(read[0], read[1], read[2], (named[1], named[2], named[3]))


def _in_capitals(part: str) -> str:
    return "".join(SMALL_NUMERALS.get(char, char) for char in part)


def _year(part: str) -> int | None:
    if re.fullmatch(f"[{_DIGITS}]{{4}}", part):
        return int("".join(str(_DIGITS.index(char)) for char in part))
    bare = part.replace("零", "")
    found = _THOUSANDS.fullmatch(bare)
    if found is None or "仟" not in bare:
        return None
    return int("".join(str(_DIGITS.index(digit or "零")) for digit in found.groups()))


def _small_number(part: str) -> int | None:
    """贰拾叁, 拾伍, 零壹拾; also figure by figure."""
    bare = part.lstrip("零")
    tens = _TENS.fullmatch(bare)
    if tens:
        return _DIGITS.index(tens[1] or "壹") * 10 + _DIGITS.index(tens[2] or "零")
    if _FIGURES.fullmatch(bare):
        return int("".join(str(_DIGITS.index(char)) for char in bare))
    return None
