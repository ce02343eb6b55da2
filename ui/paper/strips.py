"""Strips: the pieces a page is stacked from, each drawn from its own upper left corner. No Qt.

A strip is never parted. ``keep`` holds it on one page with the strip below; ``head`` is what a new page
repeats above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.documents.document import Align
from desk.domain.procedure_kinds import Text
from ui.paper.sheet import HEIGHT, Ink, Measure, Placed, PlacedLine, PlacedText
from ui.paper.wrapping import wrapped

PITCH = 1.42
"""From one line to the next, in parts of the text's size."""
FRAME, HAIR = 0.35, 0.15


@dataclass(frozen=True)
class Strip:
    """``height`` millimetres of placed things."""

    height: float
    placed: tuple[Placed, ...]
    gap: float = 0.0
    keep: bool = False
    head: Strip | None = None

    def with_gap(self, gap: float) -> Strip:
        return replace(self, gap=gap)

    def kept(self) -> Strip:
        return replace(self, keep=True)

    def at(self, left: float, top: float) -> tuple[Placed, ...]:
        return tuple(one.moved(left, top) for one in self.placed)


@dataclass(frozen=True)
class Style:
    """How a text is set: its size in Chinese and in the English below it, ink and alignment."""

    size: float
    english: float
    ink: Ink = Ink.FILLED
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Setter:
    """Sets bilingual texts into a width; English below the Chinese when the paper is ``bilingual``."""

    measure: Measure
    bilingual: bool

    def width(self, text: str, size: float) -> float:
        return self.measure.width(self.measure.visible(text), size)

    def line(self, text: str, left: float, top: float, room: float, style: Style) -> PlacedText:
        """One line, not broken."""
        shown = self.measure.visible(text)
        wide = self.measure.width(shown, style.size)
        spare = {Align.LEFT: 0.0, Align.CENTRE: (room - wide) / 2, Align.RIGHT: room - wide}[style.align]
        return PlacedText(shown, left + spare, top, wide, style.size, style.ink)

    def lines(
        self, text: str, left: float, top: float, room: float, style: Style
    ) -> tuple[list[PlacedText], float]:
        """The text over as many lines as it needs, and where the next thing may begin."""
        placed = []
        for one in wrapped(self.measure.visible(text), room, style.size, self.measure):
            placed.append(self.line(one, left, top, room, style))
            top += style.size * PITCH
        return placed, top

    def both(
        self, text: Text, left: float, top: float, room: float, style: Style
    ) -> tuple[list[PlacedText], float]:
        """Chinese, and English below it where the paper has it and it says something else."""
        placed, top = self.lines(text.zh, left, top, room, style)
        if self.bilingual and text.en != text.zh:
            english, top = self.lines(text.en, left, top, room, replace(style, size=style.english))
            placed += english
        return placed, top

    def side_by_side(
        self, text: Text, left: float, top: float, room: float, style: Style
    ) -> tuple[list[PlacedText], float]:
        """Chinese with English behind it on the same line where there is room, else below."""
        english = replace(style, size=style.english)
        wide = self.width(text.zh, style.size) + style.size / 2
        if not self.bilingual or text.en == text.zh or wide + self.width(text.en, style.english) > room:
            return self.both(text, left, top, room, style)
        drop = (style.size - style.english) * 0.9  # on one base line
        behind = self.line(text.en, left + wide, top + drop, room - wide, english)
        return [self.line(text.zh, left, top, room, style), behind], top + style.size * PITCH


def frame(width: float, height: float, inner: Sequence[float] = ()) -> list[PlacedLine]:
    """A row's border: heavy at the sides, hair lines above, below and at the ``inner`` uprights."""
    lines = [PlacedLine(0, 0, width, 0, HAIR), PlacedLine(0, height, width, height, HAIR)]
    lines += [PlacedLine(0, 0, 0, height, FRAME), PlacedLine(width, 0, width, height, FRAME)]
    return lines + [PlacedLine(one, 0, one, height, HAIR) for one in inner]


def text_height(size: float) -> float:
    """The box of one line."""
    return size * HEIGHT
