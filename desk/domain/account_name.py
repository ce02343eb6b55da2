"""Whether two names are the same name: typed results, never a score (counter-rules §2.2–2.4).

EXACT and NORMALISED are the same name. NEAR_E is a doubt about encoding, NEAR_S a difference of substance; neither
passes here. Traditional/simplified forms, homophones and private-use mappings need tables that a later rule pack
brings: until then such pairs come out NO_MATCH or NOT_CHECKABLE, the safe side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class MatchResult(Enum):
    """The result codes of counter-rules §2.3."""

    EXACT = "EXACT"
    NORMALISED = "NORMALISED"
    NEAR_E = "NEAR_E"
    NEAR_S = "NEAR_S"
    NO_MATCH = "NO_MATCH"
    NOT_CHECKABLE = "NOT_CHECKABLE"


@dataclass(frozen=True)
class NameMatch:
    """A result, its typed reasons, and whether invisible characters had to be removed (N3)."""

    result: MatchResult
    reasons: tuple[str, ...] = ()
    had_invisible: bool = False


_PLACEHOLDERS = set("\ufffd□?？*")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_DOTS = str.maketrans(dict.fromkeys("\u2022\u30fb\uff65\u2027\u2219\u22c5\u0387", "·"))
_BRACKETS = str.maketrans(
    {"（": "(", "）": ")", "〔": "(", "〕": ")", "’": "'", "‘": "'", "–": "-", "—": "-", "‐": "-"}
)
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACES = re.compile(f"(?<=[{_HAN}()·]) +| +(?=[{_HAN}()·])")
_FORM_WORDS = ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司")


def _is_private(char: str) -> bool:
    return unicodedata.category(char) == "Co"


def is_checkable(name: str) -> bool:
    """Whether a name can be compared at all: something to read in it, no private-use or placeholder characters."""
    return bool(normalised(name)) and not any(_is_private(char) or char in _PLACEHOLDERS for char in name)


def normalised(name: str) -> str:
    """Steps N1–N7, in order."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E and c not in "．" else c for c in text)
    text = _INVISIBLE.sub("", text.replace("\u3000", " ")).translate(_DOTS).translate(_BRACKETS)
    text = re.sub(" +", " ", text.strip())
    return _SPACES.sub("", text).upper()


def compare(voucher: str, account: str) -> NameMatch:
    """Compare what the voucher says with what the account says."""
    if not is_checkable(voucher) or not is_checkable(account):
        return NameMatch(MatchResult.NOT_CHECKABLE)
    if voucher == account:
        return NameMatch(MatchResult.EXACT)
    had_invisible = bool(_INVISIBLE.search(voucher + account))
    left, right = normalised(voucher), normalised(account)
    if left == right:
        return NameMatch(MatchResult.NORMALISED, (), had_invisible)
    for result, reason, detect in _DETECTORS:
        if detect(left, right):
            return NameMatch(result, (reason,), had_invisible)
    return NameMatch(MatchResult.NO_MATCH, (), had_invisible)


def _dot_kind(left: str, right: str) -> bool:
    between = re.compile(f"(?<=[{_HAN}])[.．。](?=[{_HAN}])")
    return between.sub("·", left) == between.sub("·", right)


def _dot_missing(left: str, right: str) -> bool:
    return left.replace("·", "") == right.replace("·", "")


def _without_accents(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return "".join(char for char in split if not unicodedata.combining(char))


def _diacritic(left: str, right: str) -> bool:
    return _without_accents(left) == _without_accents(right)


def _order(left: str, right: str) -> bool:
    return left.isascii() and sorted(left.split()) == sorted(right.split())


def _without_form(name: str) -> str:
    for word in _FORM_WORDS:
        name = name.replace(word, "")
    return name


def _is_company(name: str) -> bool:
    return name.endswith("公司")


def _both_companies(left: str, right: str) -> bool:
    """A branch (分公司) is never near its parent (counter-rules §2.3)."""
    same_rank = left.endswith("分公司") == right.endswith("分公司")
    return _is_company(left) and _is_company(right) and same_rank


def _company_form(left: str, right: str) -> bool:
    return _both_companies(left, right) and _without_form(left) == _without_form(right) != ""


def _one_char(left: str, right: str) -> bool:
    return (
        _both_companies(left, right) and min(len(left), len(right)) >= 6 and _distance_at_most(left, right, 1)
    )


def _typo(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return _distance_at_most(left, right, 1 if min(len(left), len(right)) < 8 else 2)


def _distance_at_most(left: str, right: str, limit: int) -> bool:
    """Optimal string alignment distance (insert, delete, replace, swap neighbours)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        following = [i]
        for j, b in enumerate(right, start=1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1] <= limit


Detector = Callable[[str, str], bool]

_DETECTORS: tuple[tuple[MatchResult, str, Detector], ...] = (
    (MatchResult.NEAR_E, "DOT_KIND", _dot_kind),
    (MatchResult.NEAR_E, "DOT_MISSING", _dot_missing),
    (MatchResult.NEAR_E, "DIACRITIC", _diacritic),
    (MatchResult.NEAR_S, "ORDER", _order),
    (MatchResult.NEAR_S, "COMPANY_FORM", _company_form),
    (MatchResult.NEAR_S, "ONE_CHAR", _one_char),
    (MatchResult.NEAR_S, "TYPO", _typo),
)
