"""The template over a photo of a note: the four corners the whole note had, placed by a person. Pure geometry.

Lengths are pixels of the picture. The corners go clockwise from the top left; a photo taken at a slant makes them any
quadrangle, and cells are found by perspective, so that equal cells stay equal parts of the note.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

Point = tuple[float, float]
ALL = -1
"""The handle that moves the whole template; 0 … 3 are its corners."""
LEAST_SIDE = 24.0
NOTE_RATIO = 2.0
"""About the ratio of a note's sides (a 100 yuan note is 155 × 77 mm); only where the template starts."""


@dataclass(frozen=True)
class NoteFrame:
    """``handle`` is what the keys move."""

    corners: tuple[Point, Point, Point, Point]
    handle: int = ALL

    def next_handle(self) -> NoteFrame:
        """The whole, then each corner clockwise, then the whole again."""
        return NoteFrame(self.corners, self.handle + 1 if self.handle < 3 else ALL)

    def holding(self, handle: int) -> NoteFrame:
        return NoteFrame(self.corners, handle)

    def moved(self, right: float, down: float) -> NoteFrame:
        """The handle moved; a corner that would turn the template inside out stays."""
        return self._if_sound(
            tuple(
                (x + right, y + down) if self.handle in (ALL, at) else (x, y)
                for at, (x, y) in enumerate(self.corners)
            )
        )

    def turned(self, degrees: float) -> NoteFrame:
        """Clockwise around its middle."""
        (mx, my), c, s = self.middle(), cos(radians(degrees)), sin(radians(degrees))
        return self._if_sound(
            tuple(
                (mx + (x - mx) * c - (y - my) * s, my + (x - mx) * s + (y - my) * c) for x, y in self.corners
            )
        )

    def sized(self, factor: float) -> NoteFrame:
        """Larger or smaller around its middle."""
        mx, my = self.middle()
        return self._if_sound(
            tuple((mx + (x - mx) * factor, my + (y - my) * factor) for x, y in self.corners)
        )

    def middle(self) -> Point:
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4

    def _if_sound(self, corners: tuple[Point, ...]) -> NoteFrame:
        first, second, third, fourth = corners
        fresh = (first, second, third, fourth)
        return NoteFrame(fresh, self.handle) if is_sound(fresh) else self


def is_sound(corners: tuple[Point, Point, Point, Point]) -> bool:
    """Whether the corners bound a convex quadrangle, clockwise, no side of it too short to see."""
    for at in range(4):
        (ax, ay), (bx, by), (cx, cy) = corners[at], corners[(at + 1) % 4], corners[(at + 2) % 4]
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) <= 0:
            return False
        if (bx - ax) ** 2 + (by - ay) ** 2 < LEAST_SIDE**2:
            return False
    return True


def first_frame(width: int, height: int) -> NoteFrame:
    """A template in the middle of a picture, most of it wide, for the person to place."""
    wide = min(width * 0.9, height * 0.9 * NOTE_RATIO)
    left, top = (width - wide) / 2, (height - wide / NOTE_RATIO) / 2
    right, bottom = left + wide, top + wide / NOTE_RATIO
    return NoteFrame(((left, top), (right, top), (right, bottom), (left, bottom)))
