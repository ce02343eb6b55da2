"""A picture in halves of its size, so that a large scan is drawn small without smoothing millions of pixels a paint.

Made once, on any thread; drawing picks the smallest that is fine enough. Holds pixels only.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

SMALL_ENOUGH = 600


class PictureLevels:
    """``draw`` puts a part of the picture, in its own pixels, onto a place of the painter."""

    def __init__(self, image: QImage) -> None:
        self.size = image.size()
        self._levels = [image]
        while max(self._levels[-1].width(), self._levels[-1].height()) > SMALL_ENOUGH:
            last = self._levels[-1]
            half = QSize(max(1, last.width() // 2), max(1, last.height() // 2))
            self._levels.append(
                last.scaled(
                    half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )

    @property
    def image(self) -> QImage:
        """The picture itself, at its full size."""
        return self._levels[0]

    def draw(self, painter: QPainter, zoom: float, corner: QPointF) -> None:
        """The whole picture with its top left corner at ``corner``, ``zoom`` logical pixels for one of its own; what
        lies outside the painter's clip costs nothing."""
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        level = self._level(zoom * ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(corner.x(), corner.y(), self.size.width() * zoom, self.size.height() * zoom)
        shown = place.intersected(QRectF(painter.clipBoundingRect()) if painter.hasClipping() else place)
        if shown.isEmpty():
            return
        across, down = level.width() / place.width(), level.height() / place.height()
        source = QRectF(
            (shown.left() - place.left()) * across,
            (shown.top() - place.top()) * down,
            shown.width() * across,
            shown.height() * down,
        )
        painter.drawImage(shown, level, source)

    def at_most(self, width: int) -> QImage:
        """The largest level no wider than this; the smallest there is when none is."""
        return next((one for one in self._levels if one.width() <= width), self._levels[-1])

    def _level(self, device_zoom: float) -> QImage:
        """The smallest level that has at least one pixel for one of the device."""
        wanted = self.size.width() * device_zoom
        return next((one for one in reversed(self._levels) if one.width() >= wanted), self._levels[0])
