"""How the grid over a note is drawn: lines that show on any picture, a cross on a missing cell, a dot on a guess.

Draws a template and its cells; changes nothing. Every state has a shape, not a colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

from ui.models.note_cells import Cell, NoteCells
from ui.models.note_frame import NoteFrame
from ui.models.picture_view import PictureView
from ui.widgets.look import colour
from ui.widgets.note_proposal import cell_grid

DARK, PALE = QColor(20, 30, 26, 170), QColor(255, 255, 255, 150)
GONE = QColor(179, 38, 30, 105)
CROSS = QColor("#8E1B14")
GUESS = QColor("#1D4FA8")
INSET = 0.22
HANDLE_PIXELS = 6.0


@dataclass(frozen=True)
class GridPaint:
    """One picture of the grid; ``paint`` draws it over the note."""

    view: PictureView
    frame: NoteFrame
    cells: NoteCells
    proposal: frozenset[Cell]
    placing: bool

    def paint(self, painter: QPainter, lines: LinesLayer) -> None:
        """``lines`` keeps the grid between two pictures of it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        way = self._way()
        if not self.placing:
            self._missing(painter, way)
        lines.paint(painter, self)
        if self.placing:
            self._handles(painter)
            return
        for cell in sorted(self.proposal):
            self._guessed(painter, way, cell)
        self._cursor(painter, way)

    def _way(self) -> QTransform:
        """From cells to the pane."""
        corners = QPolygonF([QPointF(*self.view.to_pane(x, y)) for x, y in self.frame.corners])
        way = QTransform.quadToQuad(cell_grid(self.cells.columns, self.cells.rows), corners)
        return way if isinstance(way, QTransform) else QTransform()

    def draw_lines(self, painter: QPainter) -> None:
        """A pale line under a dark one, so that it is seen on light and dark pictures; the halves are stronger."""
        way, wide, tall = self._way(), self.cells.columns, self.cells.rows
        upright = [(at, QLineF(at, 0, at, tall), at * 2 == wide) for at in range(1, wide)]
        level = [(at, QLineF(0, at, wide, at), at * 2 == tall) for at in range(1, tall)]
        lines = [
            (way.map(line), strong)
            for at, line, strong in (*upright, *level)
            if strong or not self.placing or at % 2 == 0 or self.cells.finer > 1
        ]  # fewer while it is placed: the corners of the paper must be seen
        for ink, thin, thick in ((PALE, 1.6, 2.2), (DARK, 0.7, 1.2)):
            for width, wanted in ((thin, False), (thick, True)):
                painter.setPen(QPen(ink, width))
                painter.drawLines([line for line, strong in lines if strong is wanted])
        edge = way.map(cell_grid(wide, tall))
        for pen in (QPen(QColor(255, 255, 255, 220), 4), QPen(colour("accent"), 2)):
            painter.setPen(pen)
            painter.drawPolygon(edge)

    def _missing(self, painter: QPainter, way: QTransform) -> None:
        """All missing cells at once: hundreds of single strokes would be felt at the keys."""
        ground, slants = QPainterPath(), []
        low, high = INSET, 1 - INSET
        for row, column in sorted(self.cells.missing):
            ground.addPolygon(way.map(_square((row, column), 0)))
            ground.closeSubpath()
            slants += [
                way.map(QLineF(column + low, row + low, column + high, row + high)),
                way.map(QLineF(column + high, row + low, column + low, row + high)),
            ]
        painter.fillPath(ground, GONE)
        halo, stroke = (3.4, 1.8) if self.cells.finer == 1 else (2.4, 1.3)
        for pen in (QPen(QColor(255, 255, 255, 230), halo), QPen(CROSS, stroke)):
            painter.setPen(pen)
            painter.drawLines(slants)

    def _guessed(self, painter: QPainter, way: QTransform, cell: Cell) -> None:
        middle = way.map(QPointF(cell[1] + 0.5, cell[0] + 0.5))
        size = 3.6 if self.cells.finer == 1 else 2.4
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.setBrush(GUESS)
        painter.drawEllipse(middle, size, size)
        painter.setBrush(QColor(0, 0, 0, 0))

    def _cursor(self, painter: QPainter, way: QTransform) -> None:
        place = way.map(_square(self.cells.at, -0.04))
        for pen in (QPen(QColor("white"), 6), QPen(colour("ink"), 3)):
            painter.setPen(pen)
            painter.drawPolygon(place)

    def _handles(self, painter: QPainter) -> None:
        """A square on each corner; the one the keys hold is filled and larger."""
        for at, corner in enumerate(self.frame.corners):
            middle = QPointF(*self.view.to_pane(*corner))
            held = at == self.frame.handle
            size = HANDLE_PIXELS * (1.5 if held else 1)
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(colour("accent") if held else QColor("white"))
            painter.drawRect(int(middle.x() - size), int(middle.y() - size), int(size * 2), int(size * 2))
        painter.setBrush(QColor(0, 0, 0, 0))


class LinesLayer:
    """The drawn lines of the grid, kept until template, view or screen change: marking cells moves none."""

    def __init__(self) -> None:
        self._key: object = None
        self._layer = QPixmap()

    def paint(self, painter: QPainter, grid: GridPaint) -> None:
        """Draw the lines, anew only where they have changed."""
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        corners, size = grid.frame.corners, (grid.cells.rows, grid.cells.columns)
        key = (grid.view, corners, size, grid.placing, ratio, colour("accent").rgb())
        if key != self._key:
            self._key, self._layer = key, self._drawn(grid, ratio)
        painter.drawPixmap(0, 0, self._layer)

    def _drawn(self, grid: GridPaint, ratio: float) -> QPixmap:
        wide, tall = grid.view.pane
        layer = QPixmap(max(1, round(wide * ratio)), max(1, round(tall * ratio)))
        layer.setDevicePixelRatio(ratio)
        layer.fill(QColor(0, 0, 0, 0))
        painter = QPainter(layer)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grid.draw_lines(painter)
        painter.end()
        return layer


def _square(cell: Cell, inset: float) -> QPolygonF:
    row, column = cell
    left, top, right, bottom = column + inset, row + inset, column + 1 - inset, row + 1 - inset
    return QPolygonF([QPointF(left, top), QPointF(right, top), QPointF(right, bottom), QPointF(left, bottom)])
