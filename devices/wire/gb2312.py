"""The two-byte codes that every Chinese printer's font is known to hold: GB2312. Sans-I/O.

GBK and GB18030 printers agree with it there; what they hold beyond it is not known of a model (passbook-printers §4.3).
"""

from __future__ import annotations


def two_byte_code(char: str) -> bytes | None:
    """A character's code, or None when it has none. Characters about which the two standards' tables differ have none
    either: A1A4 is a middle dot in one and a Japanese one in the other, and which the font draws cannot be asked."""
    try:
        code = char.encode("gb2312")
        return code if len(code) == 2 and code == char.encode("gbk") else None
    except UnicodeEncodeError:
        return None
