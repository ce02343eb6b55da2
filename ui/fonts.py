"""Which font the window uses, and how a glyph that no font has is shown: as its code point, never as a blank.

A system font that has the probe characters is preferred (it loads faster); otherwise the shipped Noto Sans SC is used
by the family name Qt returns for it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QRawFont

PROBE = "柜员龘"
SHIPPED = Path(__file__).parents[1] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
_PREFERRED = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")


@lru_cache(maxsize=1)
def family() -> str:
    """The family the whole product is drawn in."""
    known = set(QFontDatabase.families())
    for name in _PREFERRED:
        if name in known and _has_all(name, PROBE):
            return name
    number = QFontDatabase.addApplicationFont(str(SHIPPED))
    names = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return names[0] if names else QFont().family()


def _has_all(name: str, text: str) -> bool:
    metrics = QFontMetrics(QFont(name))
    return all(metrics.inFontUcs4(ord(char)) for char in text)


@lru_cache(maxsize=1)
def _raw() -> QRawFont:
    return QRawFont.fromFont(QFont(family()))


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    if char.isspace() or _raw().supportsCharacter(ord(char)):
        return char
    return f"[U+{ord(char):04X}]"


def visible(text: str) -> str:
    """``text`` with every character the font lacks written as its code point, such as [U+20BB7]."""
    if text.isascii() and text.isprintable():  # most of what moves many times a second is digits
        return text
    return "".join(_shown(char) for char in text)
