"""The shipped font on paper: every desk measures and draws with the same file, so that a page breaks alike everywhere.

Unlike the window, paper never takes a system's font, and no glyph comes from another one: what the font lacks is shown
as its code point.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QRawFont

from ui.fonts import SHIPPED

UNREADABLE = ("locl", "liga", "clig")
"""Features that put glyphs on the page which no character is mapped to: a PDF would lose the digits of AB10000000."""
_RADICALS = range(0x2E80, 0x2FE0)
_IDEOGRAPHS = range(0x4E00, 0xA000)

UNIT = 100
"""Font pixels to the millimetre: sizes in hundredths, so that Qt's whole pixel sizes are fine enough."""


@lru_cache(maxsize=1)
def paper_family() -> str:
    """The family of the shipped file. Ask first on the GUI thread; drawing may then be anywhere."""
    number = QFontDatabase.addApplicationFont(str(SHIPPED))
    return QFontDatabase.applicationFontFamilies(number)[0]


class _Faces(threading.local):
    """The font objects of one thread: Qt's may not be shared, and a raw font answers no to everything elsewhere."""

    def __init__(self) -> None:
        self.fonts: dict[float, QFont] = {}
        self.metrics: dict[float, QFontMetricsF] = {}
        self.raw = QRawFont(str(SHIPPED), UNIT)


@lru_cache(maxsize=1)
def _faces() -> _Faces:
    return _Faces()


def paper_font(size: float) -> QFont:
    """The font at an em of ``size`` millimetres, in hundredths of a millimetre. Spacing between letters is the
    painter's: Qt's own is multiplied by the resolution in a PDF."""
    fonts = _faces().fonts
    if size not in fonts:
        fonts[size] = _made(size)
    return fonts[size]


def _made(size: float) -> QFont:
    font = QFont(paper_family())
    font.setPixelSize(round(size * UNIT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    for feature in UNREADABLE:
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _metrics(size: float) -> QFontMetricsF:
    known = _faces().metrics
    if size not in known:
        known[size] = QFontMetricsF(paper_font(size))
    return known[size]


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    return char if char.isspace() or _faces().raw.supportsCharacter(ord(char)) else f"[U+{ord(char):04X}]"


@lru_cache(maxsize=1)
def twins() -> Mapping[int, int]:
    """Characters that share another's glyph, and the one that is meant: radicals the ideograph, a tab the blank."""
    raw = _faces().raw
    meant = {glyph: ord(char) for char, glyph in _glyphs(raw, _IDEOGRAPHS)}
    found = {ord(char): meant[glyph] for char, glyph in _glyphs(raw, _RADICALS) if glyph in meant}
    return {**found, 0x09: 0x20}


def _glyphs(raw: QRawFont, characters: range) -> list[tuple[str, int]]:
    known = [chr(one) for one in characters if raw.supportsCharacter(one)]
    return list(zip(known, raw.glyphIndexesForString("".join(known)), strict=True))


class FaceMeasure:
    """The layout's ``Measure`` by the shipped font."""

    def width(self, text: str, size: float, spacing: float = 0.0) -> float:
        return _metrics(size).horizontalAdvance(text) / UNIT + spacing * len(text)

    def visible(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        return "".join(_shown(char) for char in text)
