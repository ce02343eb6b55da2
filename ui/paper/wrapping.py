"""A text broken into lines that fit a width: between Chinese characters, at blanks in English, anywhere when nothing
else fits; no line begins with a closing mark or ends with an opening one."""

from __future__ import annotations

from collections.abc import Iterator

from ui.paper.sheet import Measure

NOT_FIRST = frozenset("，。、；：！？）》〉」』】〕”’…·%,.;:!?)]}")
NOT_LAST = frozenset("（《〈「『【〔“‘([{¥")


def wrapped(text: str, width: float, size: float, measure: Measure) -> tuple[str, ...]:
    """The lines; always at least one."""
    if measure.width(text, size) <= width:
        return (text,)
    lines, line = [], ""
    for piece in _pieces(text):
        if not line or measure.width((line + piece).rstrip(), size) <= width:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
        while measure.width(line.rstrip(), size) > width and len(line) > 1:
            fits = _longest_fit(line, width, size, measure)
            lines.append(line[:fits])
            line = line[fits:]
    lines.append(line.rstrip())
    return tuple(lines)


def _longest_fit(line: str, width: float, size: float, measure: Measure) -> int:
    """How many characters of an unbreakable piece fit, at least one."""
    fits = 1
    while fits < len(line) and measure.width(line[: fits + 1], size) <= width:
        fits += 1
    return fits


def _pieces(text: str) -> Iterator[str]:
    """What may not be parted: a word with its blank behind, a Chinese character with its marks."""
    piece = ""
    for char in text:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in NOT_FIRST or before in NOT_LAST or after == " ":
        return False
    return before == " " or _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return ord(char) >= 0x2E80
