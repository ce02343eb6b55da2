"""Text from people, made harmless: no control, no direction and no invisible characters. Nothing else is changed."""

from __future__ import annotations

import unicodedata

_REMOVED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """``text`` without C0/C1 controls, bidirectional marks and invisible format characters."""
    return "".join(char for char in text if unicodedata.category(char) not in _REMOVED)


def is_plain(text: str) -> bool:
    """Whether ``plain`` would leave the text as it is."""
    return plain(text) == text
