"""The open passbook page as it will look: paper, fold, and every text where the form places it.

Draws ``PlacedText`` in millimetres scaled to the room there is. It knows no printer and no columns.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk.views import PrintView
from ui.fonts import visible
from ui.texts import Texts
from ui.widgets.look import colour, font

PAPER = QColor("#FBF8EF")
EDGE = QColor("#CFC7B2")
RULE = QColor("#E6DFCC")
INK = QColor("#23302B")
TEXT_MM, FOLD_MARGIN_MM = 2.9, 6.0


def _part_shown(view: PrintView) -> tuple[float, float]:
    """``(top, height)`` in mm: the half of the page the lines stand on, or all of it when they cross the fold."""
    fold, whole = view.fold_mm, view.page_height_mm
    places = [one.y_mm for one in view.placed]
    if not 0 < fold < whole or not places:
        return 0.0, whole
    if max(places) < fold:
        return 0.0, fold + FOLD_MARGIN_MM
    return (fold - FOLD_MARGIN_MM, whole - fold + FOLD_MARGIN_MM) if min(places) > fold else (0.0, whole)


class BookPreview(QWidget):
    """``show_page(view)`` draws the page of a ``PrintView``; with no page there is an empty outline."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._view: PrintView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 190)

    def show_page(self, view: PrintView) -> None:
        self._view = view
        lines = [one.text for one in view.placed]
        self.setAccessibleName(self._texts("print.page", n=view.page))
        self.setAccessibleDescription(" ".join(lines))
        self.update()

    def forget(self) -> None:
        self._view = None
        self.setAccessibleDescription("")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(300, 260)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        view = self._view
        if view is None or not view.page_width_mm or not view.page_height_mm:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top_mm, tall_mm = _part_shown(view)
        scale = min((self.width() - 2) / view.page_width_mm, (self.height() - 2) / tall_mm)
        wide, tall = view.page_width_mm * scale, view.page_height_mm * scale
        left = (self.width() - wide) / 2
        page = QRectF(left + 0.5, 0.5 - top_mm * scale, wide, tall)
        painter.setClipRect(QRectF(left, 0, wide + 1, tall_mm * scale + 1))
        painter.setPen(QPen(EDGE, 1))
        painter.setBrush(PAPER)
        painter.drawRoundedRect(page, 6, 6)
        self._fold(painter, view, page, scale)
        self._draw_texts(painter, view, page, scale)

    def _fold(self, painter: QPainter, view: PrintView, page: QRectF, scale: float) -> None:
        if not 0 < view.fold_mm < view.page_height_mm:
            return
        y = page.top() + view.fold_mm * scale
        painter.setPen(QPen(EDGE, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(page.left(), y), QPointF(page.right(), y))
        painter.setFont(font("small"))
        painter.setPen(colour("second"))
        painter.drawText(QPointF(page.left() + 6, y - 3), self._texts("print.fold"))

    def _draw_texts(self, painter: QPainter, view: PrintView, page: QRectF, scale: float) -> None:
        face = QFont(font("body"))
        face.setPixelSize(max(6, round(TEXT_MM * scale)))
        painter.setFont(face)
        metrics = QFontMetricsF(face)
        for y_mm in sorted({one.y_mm for one in view.placed if one.new}):
            y = page.top() + y_mm * scale
            band = QRectF(page.left() + 3, y - 1, page.width() - 6, metrics.height() + 1)
            painter.fillRect(band, colour("accent_soft"))
        for one in view.placed:
            painter.setPen(INK if one.new else colour("second"))
            at = QPointF(page.left() + one.x_mm * scale, page.top() + one.y_mm * scale + metrics.ascent())
            painter.drawText(at, visible(one.text))
