"""Finished pages as values: texts, lines and areas in millimetres from the sheet's upper left corner. No Qt.

What is asserted about a paper is asserted here; every painter draws exactly this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

ASCENT, HEIGHT = 0.9, 1.16
"""Where the base line lies in a text's box, and how tall the box is, in parts of the text's size."""


class Ink(Enum):
    """What a colour says: the form's own print, what was filled in, a number or mark, a hint to be written over."""

    FORM = "form"
    FILLED = "filled"
    MARK = "mark"
    HINT = "hint"
    SHADE = "shade"
    WATERMARK = "watermark"


@dataclass(frozen=True)
class PlacedText:
    """One line of text in its box; ``top`` and ``left`` of the box, ``size`` the em. ``spacing`` is added behind every
    character. ``turned`` text runs downwards, its box standing upright."""

    text: str
    left: float
    top: float
    width: float
    size: float
    ink: Ink = Ink.FILLED
    spacing: float = 0.0
    turned: bool = False

    @property
    def right(self) -> float:
        return self.left + (self.size * HEIGHT if self.turned else self.width)

    @property
    def bottom(self) -> float:
        return self.top + (self.width if self.turned else self.size * HEIGHT)

    def moved(self, right: float, down: float) -> PlacedText:
        return replace(self, left=self.left + right, top=self.top + down)


@dataclass(frozen=True)
class PlacedLine:
    """A straight line of ``weight`` millimetres; ``dashed`` where a hand writes or a seal goes."""

    left: float
    top: float
    right: float
    bottom: float
    weight: float = 0.15
    ink: Ink = Ink.FORM
    dashed: bool = False

    def moved(self, right: float, down: float) -> PlacedLine:
        return replace(
            self,
            left=self.left + right,
            right=self.right + right,
            top=self.top + down,
            bottom=self.bottom + down,
        )


@dataclass(frozen=True)
class PlacedArea:
    """A filled rectangle without border, below all lines and texts; ``round`` draws a circle's dashed outline."""

    left: float
    top: float
    width: float
    height: float
    ink: Ink = Ink.SHADE
    round: bool = False

    def moved(self, right: float, down: float) -> PlacedArea:
        return replace(self, left=self.left + right, top=self.top + down)


Placed = PlacedText | PlacedLine | PlacedArea


@dataclass(frozen=True)
class Watermark:
    """Written across the whole page, behind everything: both languages."""

    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True)
class Sheet:
    """One page."""

    placed: tuple[Placed, ...]
    watermark: Watermark | None = None

    @property
    def texts(self) -> tuple[PlacedText, ...]:
        return tuple(one for one in self.placed if isinstance(one, PlacedText))


@dataclass(frozen=True)
class Paper:
    """All pages of all copies, in the order they are printed."""

    width: float
    height: float
    sheets: tuple[Sheet, ...]


class Measure(Protocol):
    """How wide text is in the font it will be drawn in."""

    def width(self, text: str, size: float, spacing: float = 0.0) -> float:
        """Millimetres of one line at an em of ``size``."""
        ...

    def visible(self, text: str) -> str:
        """``text`` with what the font lacks as code points."""
        ...
