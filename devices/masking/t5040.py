"""Masks the T5040: printed texts, bit images, and the stripe both ways."""

from __future__ import annotations

import re

from devices.masking.shapes import by_parts, ink, shape

_HOST = re.compile(
    rb"(?P<stripe>\x1b\[#r\x02[^\x03]*\x03)|(?P<command>\x1b\[[0-9;]*[!-/][a-z])|(?P<column>\x1b\$..)"
    rb"|(?P<image>\x1b\*\x27..)|(?P<escape>\x1b.)|(?P<text>[^\x1b]+)|(?P<rest>\x1b)",
    re.DOTALL,
)
_STRIPE = re.compile(rb'(?P<stripe>\x1b\[[0-9;]*"r\x02[^\x03]*)')
_STRIPE_HEAD = re.compile(rb'\x1b\[[0-9;]*["#]r\x02')


def _stripe(part: bytes) -> bytes:
    head = _STRIPE_HEAD.match(part)
    end = head.end() if head else 0
    return part[:end] + shape(part[end:])


def _outward(data: bytes) -> bytes:
    """Texts and stripes masked, bit images blank; commands as they are."""
    out = bytearray()
    at = 0
    while at < len(data):
        match = _HOST.match(data, at)
        assert match is not None, "every byte belongs to some part"
        part, at = match.group(), match.end()
        out += {"text": ink, "stripe": _stripe}.get(match.lastgroup or "", bytes)(part)
        if match.lastgroup == "image":
            size = 3 * int.from_bytes(part[3:5], "little")
            out += bytes(len(data[at : at + size]))
            at += size
    return bytes(out)


OUT, IN = _outward, by_parts(_STRIPE, {"stripe": _stripe})
