"""One painter for every page: PDF, picture and printer get the same strokes. Text is plain, never read as markup."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.paper.sheet import ASCENT, HEIGHT, Ink, Paper, PlacedArea, PlacedLine, PlacedText, Sheet, Watermark
from ui.paper.type_face import UNIT, FaceMeasure, paper_font

COLOURS: Mapping[Ink, QColor] = {
    Ink.FORM: QColor("#1F4A54"),
    Ink.FILLED: QColor("#111111"),
    Ink.MARK: QColor("#A61B1B"),
    Ink.HINT: QColor("#9AA7AA"),
    Ink.SHADE: QColor("#EDF2F2"),
    Ink.WATERMARK: QColor("#EAD5D0"),
}
_TILT = -28.0


def paint_sheet(painter: QPainter, paper: Paper, sheet: Sheet, dots_per_mm: float) -> None:
    """Draw one page; the painter stands at the sheet's corner."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(dots_per_mm / UNIT, dots_per_mm / UNIT)
    for kind in (PlacedArea, PlacedLine, PlacedText):  # shades below lines below texts
        if kind is PlacedLine and sheet.watermark:
            _watermark(painter, paper, sheet.watermark)
        for one in sheet.placed:
            if isinstance(one, kind):
                _draw(painter, one)
    painter.restore()


def _draw(painter: QPainter, one: PlacedArea | PlacedLine | PlacedText) -> None:
    if isinstance(one, PlacedText):
        _text(painter, one)
    elif isinstance(one, PlacedLine):
        _line(painter, one)
    else:
        _area(painter, one)


def _area(painter: QPainter, one: PlacedArea) -> None:
    box = QRectF(one.left * UNIT, one.top * UNIT, one.width * UNIT, one.height * UNIT)
    if not one.round:
        painter.fillRect(box, COLOURS[one.ink])
        return
    painter.setPen(_pen(one.ink, 0.2, dashed=True))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box)


def _line(painter: QPainter, one: PlacedLine) -> None:
    painter.setPen(_pen(one.ink, one.weight, one.dashed))
    painter.drawLine(QPointF(one.left * UNIT, one.top * UNIT), QPointF(one.right * UNIT, one.bottom * UNIT))


def _pen(ink: Ink, weight: float, dashed: bool) -> QPen:
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    return QPen(COLOURS[ink], weight * UNIT, style, Qt.PenCapStyle.SquareCap)


def _text(painter: QPainter, one: PlacedText) -> None:
    painter.setPen(COLOURS[one.ink])
    painter.setFont(paper_font(one.size))
    if one.spacing:
        _spaced(painter, one)
        return
    if not one.turned:
        painter.drawText(QPointF(one.left * UNIT, (one.top + one.size * ASCENT) * UNIT), one.text)
        return
    painter.save()
    painter.translate((one.left + one.size * (HEIGHT - ASCENT)) * UNIT, one.top * UNIT)
    painter.rotate(90)
    painter.drawText(QPointF(0, 0), one.text)
    painter.restore()


def _spaced(painter: QPainter, one: PlacedText) -> None:
    """Character by character, each where the measure says."""
    measure = FaceMeasure()
    for at, char in enumerate(one.text):
        left = one.left + measure.width(one.text[:at], one.size, one.spacing)
        painter.drawText(QPointF(left * UNIT, (one.top + one.size * ASCENT) * UNIT), char)


def _watermark(painter: QPainter, paper: Paper, mark: Watermark) -> None:
    """Solid and pale, across the page and again above and below, so that no part of it can be cut away."""
    measure = FaceMeasure()
    painter.save()
    painter.setPen(COLOURS[Ink.WATERMARK])
    painter.setClipRect(QRectF(0, 0, paper.width * UNIT, paper.height * UNIT))
    painter.translate(paper.width / 2 * UNIT, paper.height / 2 * UNIT)
    painter.rotate(_TILT)
    step = mark.size * 2.6
    reach = int(paper.height / step / 2) + 1
    for row in range(-reach, reach + 1):
        for at, line in enumerate(mark.lines):
            size = mark.size if at == 0 else mark.size * 0.55
            painter.setFont(paper_font(size))
            wide = measure.width(line, size)
            painter.drawText(QPointF(-wide / 2 * UNIT, (row * step + at * mark.size * 0.9) * UNIT), line)
    painter.restore()
