"""Which part of a picture a pane shows: pure geometry of zooming, panning and jumping to a region. No Qt, no picture.

Lengths of the picture are its own pixels, lengths of the pane logical ones; ``zoom`` is logical pixels for one of the
picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

WHOLE = 1000
STEP = 1.25
MOST_ZOOM = 4.0
"""Four logical pixels for one of the picture: a stroke of ink is a block by then."""


@dataclass(frozen=True)
class Region:
    """A part of a page in thousandths of its width and height, from its top left corner."""

    left: int
    top: int
    right: int
    bottom: int

    def grown(self, by: int) -> Region:
        """The same with some room around it, within the page."""
        return Region(
            max(0, self.left - by),
            max(0, self.top - by),
            min(WHOLE, self.right + by),
            min(WHOLE, self.bottom + by),
        )


PAGE = Region(0, 0, WHOLE, WHOLE)


@dataclass(frozen=True)
class PictureView:
    """``(x, y)`` is the picture's point in the middle of the pane; ``zoom`` 0 stands for the whole picture."""

    picture: tuple[int, int]
    pane: tuple[int, int]
    x: float = 0.0
    y: float = 0.0
    zoom: float = 0.0

    def whole_zoom(self) -> float:
        """The zoom at which the whole picture just fits; never larger than life."""
        wide, tall = self.picture
        return max(1e-6, min(self.pane[0] / max(1, wide), self.pane[1] / max(1, tall), MOST_ZOOM))

    @property
    def is_whole(self) -> bool:
        return self.zoom <= 0.0

    @property
    def shown_zoom(self) -> float:
        """The zoom in effect."""
        return self.whole_zoom() if self.is_whole else self.zoom

    def whole(self) -> PictureView:
        """The whole picture again."""
        return replace(self, x=self.picture[0] / 2, y=self.picture[1] / 2, zoom=0.0)

    def in_pane(self, pane: tuple[int, int]) -> PictureView:
        """The same place in a pane of another size."""
        return replace(self, pane=pane)._kept()

    def zoomed(self, steps: int, at: tuple[float, float] | None = None) -> PictureView:
        """Closer (or farther) by steps; the point of the pane ``at`` stays where it is. Farther than whole is whole."""
        before, after = self.shown_zoom, min(MOST_ZOOM, self.shown_zoom * STEP**steps)
        if after <= self.whole_zoom() * 1.001:
            return self.whole()
        right, down = ((at[0] - self.pane[0] / 2), (at[1] - self.pane[1] / 2)) if at else (0.0, 0.0)
        gain = 1 / before - 1 / after
        return replace(self, x=self.x + right * gain, y=self.y + down * gain, zoom=after)._kept()

    def panned(self, right: float, down: float) -> PictureView:
        """Moved by logical pixels of the pane, the edge of the picture being the end."""
        zoom = self.shown_zoom
        return replace(self, x=self.x + right / zoom, y=self.y + down / zoom)._kept()

    def on(self, region: Region) -> PictureView:
        """The region in the middle, as large as it fits with some room around it."""
        wide, tall = self.picture
        one = region.grown(25)
        width, height = (one.right - one.left) * wide / WHOLE, (one.bottom - one.top) * tall / WHOLE
        zoom = min(self.pane[0] / max(1.0, width), self.pane[1] / max(1.0, height), MOST_ZOOM)
        if zoom <= self.whole_zoom() * 1.001:
            return self.whole()
        middle = (one.left + one.right) * wide / WHOLE / 2, (one.top + one.bottom) * tall / WHOLE / 2
        return replace(self, x=middle[0], y=middle[1], zoom=zoom)._kept()

    def to_pane(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the picture is in the pane."""
        zoom = self.shown_zoom
        return (x - self.x) * zoom + self.pane[0] / 2, (y - self.y) * zoom + self.pane[1] / 2

    def to_picture(self, left: float, top: float) -> tuple[float, float]:
        """Which point of the picture is at a point of the pane."""
        zoom = self.shown_zoom
        return (left - self.pane[0] / 2) / zoom + self.x, (top - self.pane[1] / 2) / zoom + self.y

    def _kept(self) -> PictureView:
        """No empty margin where there is picture to fill it."""
        zoom = self.shown_zoom
        kept = []
        for at, size, room in zip((self.x, self.y), self.picture, self.pane, strict=True):
            half = room / zoom / 2
            kept.append(size / 2 if half * 2 >= size else min(max(at, half), size - half))
        return replace(self, x=kept[0], y=kept[1])


def fitted(picture: tuple[int, int], pane: tuple[int, int]) -> PictureView:
    """A picture seen whole."""
    return PictureView(picture, pane).whole()
