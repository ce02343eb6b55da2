"""Masks text tickets: whatever the pattern lets be any text, and every line that no pattern takes.

What is a number of the count stays, or a recording could not be counted again: heaps and sums name nobody.
"""

from __future__ import annotations

import re
from typing import Any

from devices.masking.shapes import Mask, Masks, mask_text, plain, shape
from devices.wire.ticket import TicketPattern

_LINES = re.compile(rb"([\r\n\f]+)")


def mask_of(pattern: TicketPattern) -> Mask:
    """The mask of what a counter with that ticket prints."""

    def mask(data: bytes) -> bytes:
        parts = _LINES.split(data)
        return b"".join(part if at % 2 else _line(pattern, part) for at, part in enumerate(parts))

    return mask


def masks_of(driver: Any) -> Masks:
    """A driver brings its pattern."""
    return Masks(plain, mask_of(driver.pattern))


def _line(pattern: TicketPattern, line: bytes) -> bytes:
    """Control sequences to the printer stay where they are; a line is masked between them."""
    if not pattern.drop:
        return _bare(pattern, line)
    cut = re.compile(b"(" + b"|".join(map(re.escape, pattern.drop)) + b")")
    parts = cut.split(line)
    bare = _bare(pattern, b"".join(parts[::2]))
    out, at = b"", 0
    for number, part in enumerate(parts):
        out += part if number % 2 else bare[at : at + len(part)]
        at += 0 if number % 2 else len(part)
    return out


def _bare(pattern: TicketPattern, line: bytes) -> bytes:
    try:
        text = line.decode(pattern.encoding)
    except UnicodeDecodeError:
        return shape(line)
    even = text.replace("\t", " ")
    start, bare = len(even) - len(even.lstrip(" ")), even.strip(" ")
    for kind in pattern.lines:
        for one in pattern.lines[kind]:
            found = one.fullmatch(bare)
            if found is not None:
                return _spans_hidden(text, start, found).encode(pattern.encoding)
    return mask_text(text).encode(pattern.encoding)


def _spans_hidden(text: str, start: int, found: re.Match[str]) -> str:
    """Groups with a name are numbers of the count; those without are any text."""
    named = {found.span(name) for name in found.groupdict()}
    for number in range(1, (found.re.groups or 0) + 1):
        if found.span(number) not in named:
            begin, end = (start + at for at in found.span(number))
            text = text[:begin] + mask_text(text[begin:end]) + text[end:]
    return text


OUT, IN = plain, shape
"""Where no pattern is known everything hides."""
