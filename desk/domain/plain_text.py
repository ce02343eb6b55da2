"""Text from people, made harmless: no control, no direction and no invisible characters. Nothing else is changed."""

from __future__ import annotations

import unicodedata

_REMOVED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """``text`` without C0/C1 controls, bidirectional marks and invisible format characters."""
    return "".join(char for char in text if unicodedata.category(char) not in _REMOVED)


def reason(text: str) -> str:
    """A reason as it goes on record; "" when nothing that a person could read was given."""
    return plain(text).strip()
