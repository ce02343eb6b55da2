"""What a name holds that is unusual, character by character: for the tooltip that shows code points.

It judges nothing: whether two names are one is ``account_name``'s, what a printer can write its driver's. No table of
the characters that law allows in names (通用规范汉字表) is shipped; "rare" therefore means *not in GB2312*, the set
that every old system can hold. Positions and lengths count code points, so that a character beyond the basic plane is
one (counter-rules CS-7, CS-8).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum


class CharacterKind(Enum):
    """Why a character is worth a look; the gravest reason alone is named."""

    PRIVATE_USE = "private_use"
    """Means something on the system that wrote it, and something else on another."""
    UNASSIGNED = "unassigned"
    """No character at all: a hole in the standard, or half of a character."""
    DIRECTION = "direction"
    """Turns the text around it: what is read is not what is stored."""
    INVISIBLE = "invisible"
    """Cannot be seen, or looks like a plain space and is none."""
    SUPPLEMENTARY = "supplementary"
    """Beyond U+FFFF: real, and beyond many an old system and font."""
    RARE = "rare"
    """Real, and not in GB2312."""


@dataclass(frozen=True)
class CharacterRemark:
    """One unusual character; ``index`` counts code points, ``code_point`` is as people write it: U+4DAE."""

    index: int
    char: str
    code_point: str
    kind: CharacterKind


_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
_UNSEEN_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Marks, fillers and a blank pattern: letters by their category, and nothing on the screen."""
_VARIATION_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_USUAL_SPACES = " \u3000"
_USUAL_BESIDE_GB2312 = "\u00b7\u2014"
_LOOK_ALIKES = "\u30fb\u2015"
"""Python's GB2312 has these where names have the separator dot (NM-4) and the dash."""
_NEWER_IDEOGRAPHS = (range(0x2EBF0, 0x2EE5E), range(0x31350, 0x3347A))
"""Extensions H, I and J (Unicode 15.0, 15.1, 17.0), which the tables of an older Python take for holes."""
_BASIC_PLANE_END = "\uffff"


def remarks(text: str) -> tuple[CharacterRemark, ...]:
    """The unusual characters of ``text``, in order; none for a name that any system can hold."""
    found = ((index, char, _kind(char)) for index, char in enumerate(text))
    return tuple(
        CharacterRemark(index, char, code_point(char), kind)
        for index, char, kind in found
        if kind is not None
    )


def code_point(char: str) -> str:
    """``U+4DAE``, ``U+2CB7C``: four digits at least."""
    return f"U+{ord(char):04X}"


def _kind(char: str) -> CharacterKind | None:
    category = unicodedata.category(char)
    if category == "Co":
        return CharacterKind.PRIVATE_USE
    if char in _DIRECTION:
        return CharacterKind.DIRECTION
    if _is_unseen(char, category):
        return CharacterKind.INVISIBLE
    if category == "Cs" or (category == "Cn" and not _in(char, _NEWER_IDEOGRAPHS)):
        return CharacterKind.UNASSIGNED
    if char > _BASIC_PLANE_END:
        return CharacterKind.SUPPLEMENTARY
    return None if _is_usual(char) else CharacterKind.RARE


def _is_unseen(char: str, category: str) -> bool:
    odd_space = category == "Zs" and char not in _USUAL_SPACES
    return category in _UNSEEN or odd_space or char in _UNSEEN_LETTERS or _in(char, _VARIATION_SELECTORS)


def _in(char: str, ranges: tuple[range, ...]) -> bool:
    return any(ord(char) in one for one in ranges)


def _is_usual(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return char in _USUAL_BESIDE_GB2312
    return char not in _LOOK_ALIKES
