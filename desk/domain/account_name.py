"""What two names are to one another: typed results and reasons, never a score, and the exact stage (counter-rules §2).

EXACT and NORMALISED are the same name. NEAR_E is a doubt about encoding, which two people may settle with evidence;
NEAR_S a difference of substance, which nobody overrides. Holds the normal form (steps N1–N7; N8: it simplifies nothing,
drops no suffix, sorts nothing), what makes a name unreadable, and the equality of two names.
What comes near is judged by ``desk.rules.names``, from tables that a rule pack dates and sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
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


ENCODING_REASONS = ("TRAD", "PUA", "DOT_KIND", "DOT_MISSING", "PINYIN_PLACEHOLDER", "TRUNCATED", "DIACRITIC")
"""How one name may be written two ways: by an old machine, another script, another keyboard."""

SUBSTANCE_REASONS = ("ORDER", "COMPANY_FORM", "HOMOPHONE", "ONE_CHAR", "TYPO")
"""How two names may be mistaken for one another."""

STOP_REASONS = ("HOLDER_KIND", "BRANCH", "SURNAME", "DIFFERENT", "LOOKALIKE")
"""Why two names are no match; LOOKALIKE is a hint to look at the paper again, nothing more."""

UNREADABLE_REASONS = ("EMPTY", "BROKEN", "BIDI", "CONTROL", "PRIVATE_USE", "PLACEHOLDER")
"""Why a name cannot be compared at all."""

NOTES = ("SHORT_FORM", "had_compatibility", "had_invisible")
"""What is told beside a result: by which registered form it agreed, and what normalising had to change."""

REASONS = (*ENCODING_REASONS, *SUBSTANCE_REASONS, *STOP_REASONS, *UNREADABLE_REASONS, *NOTES)
"""Every reason that a match may carry."""


@dataclass(frozen=True)
class NameMatch:
    """A result, its typed reasons (the deciding one first), and whether invisible characters were removed (N3)."""

    result: MatchResult
    reasons: tuple[str, ...] = ()
    had_invisible: bool = False

    @property
    def agrees(self) -> bool:
        """Whether it is the same name; nothing else ever counts as one."""
        return self.result in (MatchResult.EXACT, MatchResult.NORMALISED)


HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han characters, as the inside of a character class."""

PLACEHOLDERS = "\ufffd\ufffc□■▢▯☐〓?*"
"""What machines write where they have no character; full-width forms are folded first."""

_PICTURES = re.compile("[\u2600-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")
_IS_HAN = re.compile(f"[{HAN}]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) != "．"}
_DOTS = dict.fromkeys(map(ord, "\u2022\u30fb\uff65\u2027\u2219\u22c5\u0387"), "·")
_BRACKETS = str.maketrans("（）〔〕’‘–—‐", "()()''---")
_STOP = re.compile(f"(?<![{HAN}])．|．(?![{HAN}])")
_SETTLED = re.compile("[\u3400-\u4dbf\u4e00-\u9fff·]+")
"""What no step changes and everybody can read: by far the most names."""
_SPACES = re.compile(f"(?<=[{HAN}()·]) +| +(?=[{HAN}()·])")


def is_han(char: str) -> bool:
    return _IS_HAN.match(char) is not None


def had_invisible(name: str) -> bool:
    """Whether N3 has something to remove."""
    return _INVISIBLE.search(name) is not None


def had_compatibility(name: str) -> bool:
    """Whether N1 replaces a compatibility ideograph by the unified one (呂 U+F980 → 呂 U+5442)."""
    return any(is_han(char) and unicodedata.normalize("NFC", char) != char for char in name)


def normalised(name: str) -> str:
    """Steps N1–N7. A name in normal form is its own normal form."""
    if _SETTLED.fullmatch(name):
        return name
    text = unicodedata.normalize("NFC", name).translate(_FULL_WIDTH)
    text = _INVISIBLE.sub("", text).translate(_DOTS).translate(_BRACKETS)
    text = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    text = _SPACES.sub("", re.sub(" +", " ", text.strip(" ")))
    # Between two Han a full-width stop may stand for the dot of a name: there N4 leaves it to the near stage.
    text = _STOP.sub(".", text)
    # One letter to one letter: a ligature or ß would become two, which is more than another case.
    text = "".join(upper if len(upper := char.upper()) == 1 else char for char in text)
    # Folding may have brought a letter and its accent together (Ａ + U+0301), which N1 joins.
    return unicodedata.normalize("NFC", text)


def unreadable(
    name: str, mapped: Mapping[str, str] | None = None, placeholders: str = PLACEHOLDERS
) -> tuple[str, ...]:
    """Why a name cannot be compared, or (): nothing to read in it, half characters, characters that show another name
    than they hold, private-use ones outside the ``mapped`` table, placeholders."""
    if not normalised(name):
        return ("EMPTY",)
    if _SETTLED.fullmatch(name) and not any(char in name for char in placeholders):
        return ()
    known = mapped or {}
    found = {flaw_of(char, placeholders) for char in name if char not in known}
    return tuple(reason for reason in UNREADABLE_REASONS if reason in found)


def flaw_of(char: str, placeholders: str = PLACEHOLDERS) -> str:
    """Why a character cannot be compared; "" when it can."""
    char = char.translate(_FULL_WIDTH)
    if char in placeholders or _PICTURES.match(char):
        return "PLACEHOLDER"
    if _BIDI.match(char):
        return "BIDI"
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp") or (category == "Cf" and not _INVISIBLE.match(char)):
        return "CONTROL"
    if category == "Cs" or _is_no_character(ord(char)):
        return "BROKEN"
    return "PRIVATE_USE" if category == "Co" else ""


def _is_no_character(code: int) -> bool:
    """Code points that never stand for a character."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def notes(voucher: str, account: str) -> tuple[str, ...]:
    """What normalising had to change that a person should know of."""
    both = voucher + account
    found = {"had_invisible": had_invisible(both), "had_compatibility": had_compatibility(both)}
    return tuple(note for note in NOTES if found.get(note))


def compare(voucher: str, account: str) -> NameMatch:
    """The exact stage: the same name, not the same, or not comparable. Never near."""
    told = notes(voucher, account)
    hidden = "had_invisible" in told
    both = (*unreadable(voucher), *unreadable(account))
    if both:
        reasons = tuple(reason for reason in UNREADABLE_REASONS if reason in both)
        return NameMatch(MatchResult.NOT_CHECKABLE, (*reasons, *told), hidden)
    if voucher == account:
        return NameMatch(MatchResult.EXACT, told, hidden)
    same = normalised(voucher) == normalised(account)
    return NameMatch(MatchResult.NORMALISED if same else MatchResult.NO_MATCH, told, hidden)
