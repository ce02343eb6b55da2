"""A number as somebody typed it, made plain: full-width folded, grouping spaces taken out, small letters made large.

What was folded is told, never done in silence; everything else stays as it is, so that a character that belongs to
no number is named where it stands. Judges nothing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from desk.domain.procedure_kinds import Text
from desk.rules.judgement import Reason

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_LONGEST = 64
_NO_SHAPE = ("C", "Z", "M")
"""General categories of characters that cannot be shown by themselves."""


@dataclass(frozen=True)
class NumberText:
    """``text`` to be judged and what was folded to get it."""

    text: str
    notes: tuple[Reason, ...] = ()


def read_number(written: str) -> NumberText:
    """The plain text of a number, and a note for each kind of folding."""
    notes: list[Reason] = []
    folded = written.translate(_FULL_WIDTH).strip(" ")
    if folded != written.strip(" \u3000"):
        notes.append(
            why("FULL_WIDTH", "全角字符已按半角处理", "Full-width characters were read as ordinary ones")
        )
    closed = folded.replace(" ", "")
    if closed != folded:
        notes.append(why("SPACES", "分组空格已去掉", "Spaces that group the number were taken out"))
    upper = closed.translate(_UPPER)
    if upper != closed:
        notes.append(why("LOWER_CASE", "小写字母已按大写处理", "Small letters were read as capitals"))
    return NumberText(upper, tuple(notes))


def why(code: str, zh: str, en: str) -> Reason:
    """A reason in both languages."""
    return Reason(code, Text(zh, en))


def strange_character(text: str, alphabet: str) -> Reason | None:
    """The first character that is none of the number's, with its place; None when all are."""
    for place, char in enumerate(text, start=1):
        if char not in alphabet:
            shown = named(char)
            return why(
                "FORMAT",
                f"第 {place} 位 {shown} 不是该号码可用的字符",
                f"Character {place}, {shown}, is none that this number may hold",
            )
    return None


def named(char: str) -> str:
    """A character as a person can tell it: itself where it shows, and its code point unless it is plain ASCII."""
    code = f"U+{ord(char):04X}"
    if unicodedata.category(char)[0] in _NO_SHAPE:
        return code
    return f"“{char}”" if char.isascii() else f"“{char}” ({code})"


def wrong_length(text: str, expected: str) -> Reason:
    """How many characters there are, and how many there should be."""
    if len(text) > _LONGEST:
        return why("LENGTH", f"位数过多，应为 {expected} 位", f"Far too long; it has {expected} characters")
    return why(
        "LENGTH",
        f"共 {len(text)} 位，应为 {expected} 位",
        f"It has {len(text)} characters; it should have {expected}",
    )
