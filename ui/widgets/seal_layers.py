"""A seal's ink taken off its paper, so that two seals can be laid over each other: pure pictures in, pictures out.

Only draws. No figure of likeness is computed here or anywhere behind it: whether two seals agree is a person's answer
(counter-rules VC-10).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTransform

from desk.domain.seal_placement import SealPlacement

PAPER_FROM, INK_TO = 226, 110
"""Green light of paper and of ink: red, blue and black inks all swallow green."""
HATCH_PIXELS = 4
_Mode = QPainter.CompositionMode


def _alpha_of_green() -> bytes:
    span = PAPER_FROM - INK_TO
    return bytes(max(0, min(255, (PAPER_FROM - green) * 255 // span)) for green in range(256))


_ALPHA = _alpha_of_green()


def lifted(image: QImage) -> QImage:
    """The ink in its own colours, the paper gone clear."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    plain.setDevicePixelRatio(1)
    wide, tall = plain.width(), plain.height()
    green = bytes(plain.constBits())[1::4].translate(_ALPHA)
    mask = QImage(green, wide, tall, wide, QImage.Format.Format_Alpha8)
    ink = plain.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(ink)
    painter.setCompositionMode(_Mode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, mask)
    painter.end()
    return ink


def inked(ink: QImage, brush: QBrush | QColor) -> QImage:
    """The same strokes in one colour or pattern."""
    fresh = ink.copy()
    painter = QPainter(fresh)
    painter.setCompositionMode(_Mode.CompositionMode_SourceIn)
    painter.fillRect(fresh.rect(), brush)
    painter.end()
    return fresh


def hatch(colour: QColor, ratio: float) -> QBrush:
    """Slanted lines of one colour, as fine on every screen."""
    side = round(HATCH_PIXELS * ratio)
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    pale = QColor(colour)
    pale.setAlpha(70)
    for at in range(side):
        for across in range(side):
            dark = (at + across) % side < side / 2
            tile.setPixelColor(across, at, colour if dark else pale)
    return QBrush(tile)


@dataclass(frozen=True)
class Ground:
    """Where the voucher's picture stands in the pane: its middle and the logical pixels for one of its own."""

    x: float
    y: float
    zoom: float

    def voucher(self, image: QImage) -> QTransform:
        """From the voucher's picture to the pane."""
        whole = QTransform().translate(self.x, self.y).scale(self.zoom, self.zoom)
        return whole.translate(-image.width() / 2, -image.height() / 2)

    def specimen(self, image: QImage, placement: SealPlacement) -> QTransform:
        """From the specimen's picture to the pane, as it was placed."""
        scale = self.zoom * placement.scale_permille / 1000
        placed = QTransform().translate(
            self.x + placement.dx_px * self.zoom, self.y + placement.dy_px * self.zoom
        )
        placed = placed.rotate(placement.rotation_centidegrees / 100).scale(scale, scale)
        return placed.translate(-image.width() / 2, -image.height() / 2)


def drawn(painter: QPainter, image: QImage, way: QTransform, opacity: float = 1.0) -> None:
    """Draw an image by its way into the pane, smoothly."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(opacity)
    painter.setTransform(way, True)
    painter.drawImage(0, 0, image)
    painter.restore()


def sheet(wide: int, tall: int, ratio: float, ink: QImage, way: QTransform) -> QImage:
    """A clear sheet of the pane's size with one seal's ink on it."""
    clear = QImage(round(wide * ratio), round(tall * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    clear.setDevicePixelRatio(ratio)
    clear.fill(Qt.GlobalColor.transparent)
    painter = QPainter(clear)
    drawn(painter, ink, way)
    painter.end()
    return clear


def combined(first: QImage, second: QImage, keep: bool) -> QImage:
    """``first`` where ``second`` is too, or (``keep`` False) where it is not."""
    fresh = first.copy()
    painter = QPainter(fresh)
    painter.setCompositionMode(
        _Mode.CompositionMode_DestinationIn if keep else _Mode.CompositionMode_DestinationOut
    )
    painter.drawImage(0, 0, second)
    painter.end()
    return fresh
