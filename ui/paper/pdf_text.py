"""A PDF's text made true: which character each glyph is told to be, where several share one glyph. No Qt.

Qt names a shared glyph by the lowest character it finds, so that 人 would be copied and searched as the radical U+2F08.
Every code in that table has four digits; it is corrected where it stands, and no offset in the file moves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TABLE = re.compile(rb"beginbfrange\n.*?endbfrange", re.DOTALL)
_LIST = re.compile(rb"\[[^\]]*\]")
_CODE = re.compile(rb"<([0-9A-F]{4})>")


def readable(pdf: bytes, twins: Mapping[int, int]) -> bytes:
    """``pdf`` with every character of ``twins`` told as the one that is meant."""

    def code(found: re.Match[bytes]) -> bytes:
        value = int(found[1], 16)
        return b"<%04X>" % twins.get(value, value)

    def table(found: re.Match[bytes]) -> bytes:
        return _LIST.sub(lambda one: _CODE.sub(code, one[0]), found[0])

    return _TABLE.sub(table, pdf)
