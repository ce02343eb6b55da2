"""Masks the PR2 family: printed texts, images, bar codes, the stripe both ways, and what firmware and set-up tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devices.masking.shapes import by_parts, ink, shape
from devices.wire import pr2


def _commands() -> Iterator[bytes]:
    """Every command of the table with its digits, the longest code first."""
    for code, one in sorted(pr2.COMMANDS.items(), key=lambda row: -len(row[0])):
        yield re.escape(code) + b"".join(b"[0-9]{%d}" % width for width in one.widths)


_HOST = re.compile(
    rb"(?P<stripe>\x1bt[^\x1d\x1b]*\x1d?)|(?P<block>\x1b[xy][^\x1b]*)|(?P<image>\x1b1@[^\x1b]*)|(?P<size>\x1bQ[0-9]{3})"
    rb"|(?P<device>\x1bY[EB]..)|(?P<command>" + b"|".join(_commands()) + rb")|(?P<escape>[\x1b\x1c].?)"
    rb"|(?P<text>[^\x1b\x1c]+)",
    re.DOTALL,
)
_PRINTER = re.compile(
    rb"(?P<told>\x1b[sba][^\x1b\x1c]*\x1c?)|(?P<fixed>\x1bB..\x1bZ|\x1bS[0-9]{4}|\x1bp.{4}|\x1b[r/].)|(?P<end>\x1bZ)"
    rb"|(?P<other>[^\x1b]+)|(?P<rest>\x1b)",
    re.DOTALL,
)


def _behind(part: bytes) -> bytes:
    return part[:2] + shape(part[2:])


def _blank(part: bytes) -> bytes:
    return part[:3] + bytes(len(part) - 3)


OUT = by_parts(_HOST, {"text": ink, "stripe": _behind, "block": _behind, "image": _blank})
IN = by_parts(_PRINTER, {"told": _behind, "other": shape})
