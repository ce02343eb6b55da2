"""The open passbook page around the lines to print, as it will look: paper, fold, every text where the form places it.

Draws ``PlacedText`` as a printer with a fixed pitch would: each character in its cell, millimetres scaled to the room
there is. It knows no printer and no columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk.views import PlacedText, PrintView
from devices.forms import CELL_UNITS, UNITS_PER_MM, WIDE_UNITS
from ui.fonts import visible
from ui.texts import Texts
from ui.widgets.look import colour, font

PAPER = QColor("#FBF8EF")
EDGE = QColor("#CFC7B2")
RULE = QColor("#E6DFCC")
INK = QColor("#23302B")
CHARACTER_MM, PITCH_MM = 3.6, 6.35
"""The height of a printed character, and the usual distance of two lines where only one is to be printed."""
LEAST_PIXELS = 11


def cells(text: str, cell_mm: float = CELL_UNITS / UNITS_PER_MM) -> Iterator[tuple[str, float, float]]:
    """``(character, left, width)`` in mm from the text's left edge: narrow cells for ASCII, wide ones for the rest."""
    left = 0.0
    for char in text:
        wide = cell_mm if " " <= char <= "~" else WIDE_UNITS / UNITS_PER_MM
        yield char, left, wide
        left += wide


def _base_lines(view: PrintView) -> list[float]:
    return sorted({one.y_mm for one in view.placed})


def _pitch(base_lines: list[float]) -> float:
    steps = [after - before for before, after in pairwise(base_lines)]
    return min(steps, default=PITCH_MM)


class BookPreview(QWidget):
    """``show_page(view)`` draws the band of the page that the lines of a ``PrintView`` stand on, as wide as there is
    room; lines below the last that has room are left to the list of lines."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._view: PrintView | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._most = 4

    def show_page(self, view: PrintView, most: int = 4) -> None:
        """``most`` lines at once."""
        self._view, self._most = view, most
        lines = [one.text for one in view.placed]
        self.setAccessibleName(self._texts("print.page", n=view.page))
        self.setAccessibleDescription(" ".join(lines))
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def forget(self) -> None:
        self._view = None
        self.setAccessibleDescription("")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(600, self.heightForWidth(max(600, self.width())))

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The band's height at the scale of ``width``."""
        view = self._view
        if view is None or not view.page_width_mm or not view.placed:
            return 40
        top, bottom = self.band(view)
        return round((bottom - top) * (width - 2) / view.page_width_mm) + 2

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        self.setFixedHeight(self.heightForWidth(self.width()))

    def band(self, view: PrintView) -> tuple[float, float]:
        """``(top, bottom)`` in mm: one line's room above the first line, and as many lines as are shown."""
        base = _base_lines(view)
        pitch = _pitch(base)
        last = base[: self._most][-1]
        return max(0.0, base[0] - 2 * pitch), min(view.page_height_mm, last + 0.6 * pitch)

    def character_pixels(self) -> int:
        """How tall a character is drawn."""
        view = self._view
        if view is None or not view.page_width_mm:
            return 0
        return max(LEAST_PIXELS, round(CHARACTER_MM * (self.width() - 2) / view.page_width_mm))

    # --- paint -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        view = self._view
        if view is None or not view.page_width_mm or not view.placed:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = (self.width() - 2) / view.page_width_mm
        top, bottom = self.band(view)
        page = QRectF(0.5, 0.5 - top * scale, view.page_width_mm * scale, view.page_height_mm * scale)
        painter.fillRect(QRectF(page.left(), 0, page.width(), self.height()), PAPER)
        painter.setPen(QPen(EDGE, 1))
        for x in (page.left(), page.right()):
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        for y, is_edge in ((0.5, top <= 0), (self.height() - 0.5, bottom >= view.page_height_mm)):
            style = Qt.PenStyle.SolidLine if is_edge else Qt.PenStyle.DotLine
            painter.setPen(QPen(EDGE, 1, style))  # dotted where the paper goes on
            painter.drawLine(QPointF(page.left(), y), QPointF(page.right(), y))
        self._fold(painter, view, page, scale)
        self._before(painter, view, page, scale)
        self._draw_texts(painter, view, page, scale)

    def _fold(self, painter: QPainter, view: PrintView, page: QRectF, scale: float) -> None:
        top, bottom = self.band(view)
        if not top < view.fold_mm < bottom:
            return
        y = page.top() + view.fold_mm * scale
        painter.setPen(QPen(EDGE, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(page.left(), y), QPointF(page.right(), y))
        painter.setFont(font("small"))
        painter.setPen(colour("second"))
        painter.drawText(QPointF(page.left() + 6, y - 3), self._texts("print.fold"))

    def _before(self, painter: QPainter, view: PrintView, page: QRectF, scale: float) -> None:
        """Above the first line: that the lines before it carry ink already."""
        before = view.lines[0].line - 1 if view.lines else 0
        if before < 1:
            return
        base = _base_lines(view)
        y = page.top() + (base[0] - _pitch(base)) * scale
        painter.setFont(font("small"))
        painter.setPen(QColor("#5B6762"))
        painter.drawText(QPointF(page.left() + 6 * scale, y), self._texts("print.before", n=before))

    def _draw_texts(self, painter: QPainter, view: PrintView, page: QRectF, scale: float) -> None:
        face = QFont(font("body"))
        face.setPixelSize(self.character_pixels())
        painter.setFont(face)
        metrics = QFontMetricsF(face)
        base = _base_lines(view)[: self._most]
        pitch = _pitch(base) * scale
        for y_mm in base:
            y = page.top() + y_mm * scale
            painter.setPen(QPen(RULE, 1))
            painter.drawLine(QPointF(page.left(), y + 0.3 * pitch), QPointF(page.right(), y + 0.3 * pitch))
            if any(one.new for one in view.placed if one.y_mm == y_mm):
                band = QRectF(page.left() + 3, y - 0.7 * pitch + 1, page.width() - 6, pitch - 2)
                painter.fillRect(band, QColor("#E3F1ED"))
        for one in view.placed:
            if one.y_mm in base:
                painter.setPen(INK if one.new else QColor("#5B6762"))
                self._draw_text(painter, metrics, one, QPointF(page.left(), page.top()), scale)

    def _draw_text(
        self, painter: QPainter, metrics: QFontMetricsF, one: PlacedText, corner: QPointF, scale: float
    ) -> None:
        for char, left, wide in cells(one.text, one.cell_mm):
            shown = visible(char)
            advance = metrics.horizontalAdvance(shown)
            squeezed = min(1.0, wide * scale / advance) if advance else 1.0
            x = corner.x() + (one.x_mm + left) * scale + (wide * scale - advance * squeezed) / 2
            if shown.strip():
                painter.save()
                painter.translate(x, corner.y() + one.y_mm * scale)
                painter.scale(squeezed, 1.0)
                painter.drawText(QPointF(0, 0), shown)
                painter.restore()
