"""Colours and fonts by token for widgets that draw themselves. Reads the scheme in use; sets nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from desk.domain.money import format_amount
from ui.texts import Texts
from ui.theme import SCHEMES, base_font

SIZES = {"small": 12, "label": 13, "body": 15, "card_title": 16, "lead": 18, "amount": 23, "large": 31}


@runtime_checkable
class Forgetful(Protocol):
    """A widget that can drop every word it was given; its page calls this when it is no longer shown."""

    def forget(self) -> None: ...


def tokens() -> Mapping[str, str]:
    """The tokens of the scheme the application shows now."""
    return _scheme_of(QApplication.palette().color(QPalette.ColorRole.Window).rgb())


@lru_cache(maxsize=8)
def _scheme_of(window: int) -> Mapping[str, str]:
    found = (table for table in SCHEMES.values() if QColor(table["background"]).rgb() == window)
    return next(found, SCHEMES["light"])


def colour(token: str) -> QColor:
    """The colour of a token in the scheme in use."""
    return QColor(tokens()[token])


@lru_cache(maxsize=64)
def font(size: str, bold: bool = False, spread: float = 0.0) -> QFont:
    """A font of one of SIZES; ``spread`` adds letter spacing in pixels."""
    face = base_font(SIZES[size], bold)
    if spread:
        face.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spread)
    return face


def denomination(texts: Texts, minor: int) -> str:
    """``10000`` → 100 元, ``50`` → 5 角."""
    if minor % 100 == 0:
        return texts("page.yuan", n=minor // 100)
    return texts("page.jiao", n=minor // 10) if minor % 10 == 0 else format_amount(minor)


def known(texts: Texts, prefix: str, value: str) -> str:
    """The words for a coded value, or the value itself where the catalogue has none."""
    key = f"{prefix}.{value}"
    found = texts(key)
    return value if found == key else found


@lru_cache(maxsize=4096)
def text_width(text: str, size: str, bold: bool = False) -> int:
    """Pixels that ``text`` takes in one of SIZES; measured once, since the same words come with every snapshot."""
    return QFontMetrics(font(size, bold)).horizontalAdvance(text)
