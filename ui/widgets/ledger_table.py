"""A small table drawn in one paint: figures right-aligned and tabular, hairlines, and no cell ever cut.

Values in, pixels out. It is no model/view: the pages hold a handful of rows, and one paint is cheaper than a grid of
labels when a machine counts at 1,500 notes a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.look import colour, font, text_width

ROW_PIXELS, DENSE_ROW_PIXELS, TIGHT_ROW_PIXELS = 29, 26, 21
HEAD_PIXELS = 26
GAP_PIXELS = 14
PAD_PIXELS = 4


@dataclass(frozen=True)
class Column:
    """One column: its heading (already worded), whether it holds figures, its share of spare width, and the width it
    never goes below (columns that must not shift when their values change)."""

    heading: str
    figures: bool = False
    stretch: int = 0
    wrap: bool = False
    least: int = 0


@dataclass(frozen=True)
class Cell:
    """A cell's text with its tone: a theme token such as "ink", "second", "ok", "warn", "bad"."""

    text: str
    tone: str = "ink"
    bold: bool = False


class LedgerTable(QWidget):
    """Rows of cells under fixed columns. ``set_columns`` on a change of language, ``set_rows`` on a change of view.

    On a full page the rows move closer together, down to ``TIGHT_ROW_PIXELS``, before anything is cut.
    """

    def __init__(
        self, columns: Sequence[Column] = (), parent: QWidget | None = None, dense: bool = False
    ) -> None:
        super().__init__(parent)
        self._row_pixels = DENSE_ROW_PIXELS if dense else ROW_PIXELS
        self._columns: tuple[Column, ...] = tuple(columns)
        self._rows: tuple[tuple[Cell, ...], ...] = ()
        self._tall: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_columns(self, columns: Sequence[Column]) -> None:
        fresh = tuple(columns)
        if fresh == self._columns:
            return
        self._columns = fresh
        self._tall.clear()
        self.updateGeometry()
        self.update()

    def set_rows(self, rows: Sequence[Sequence[Cell]], spoken: bool = True) -> None:
        """``spoken`` False keeps every word out of the accessible description (blind steps)."""
        fresh = tuple(tuple(row) for row in rows)
        if fresh == self._rows:
            return
        self._rows = fresh
        self._tall.clear()
        lines = ("  ".join(cell.text for cell in row if cell.text) for row in fresh)
        self.setAccessibleDescription("\n".join(lines) if spoken else "")
        self.updateGeometry()
        self.update()

    def forget(self) -> None:
        self.set_rows((), spoken=False)

    def texts(self) -> list[str]:
        """Every text drawn now, for tests that look for what must not be shown."""
        return [c.heading for c in self._columns] + [cell.text for row in self._rows for cell in row]

    def fits(self) -> bool:
        """Whether every cell has the room it needs at the present width."""
        tall = self._head() + sum(self._row_heights(self.width(), room=0)) + 1
        return self._natural_width() <= self.width() and tall <= self.height()

    # --- geometry --------------------------------------------------------------------------------------

    def _metrics(self, bold: bool) -> QFontMetrics:
        return QFontMetrics(font("body", bold=bold), self)

    def _natural(self, index: int) -> int:
        column = self._columns[index]
        widths = [column.least, text_width(column.heading, "label")]
        for row in self._rows:
            wide = text_width(row[index].text, "body", row[index].bold)
            widths.append(min(120, wide) if column.wrap else wide)
        return max(widths) + 2

    def _natural_width(self) -> int:
        natural = sum(self._natural(i) for i in range(len(self._columns)))
        return natural + GAP_PIXELS * max(0, len(self._columns) - 1) + 2 * PAD_PIXELS

    def _edges(self, width: int) -> list[tuple[int, int]]:
        natural = [self._natural(i) for i in range(len(self._columns))]
        spare = max(0, width - self._natural_width())
        shares = sum(column.stretch for column in self._columns) or 1
        left, edges = PAD_PIXELS, []
        for column, wide in zip(self._columns, natural, strict=True):
            room = wide + spare * column.stretch // shares
            edges.append((left, room))
            left += room + GAP_PIXELS
        return edges

    def _row_heights(self, width: int, room: int | None = None) -> list[int]:
        """Heights of the rows; closer together where ``room`` is less than they would like."""
        edges = self._edges(width)
        heights = []
        for row in self._rows:
            tall = self._row_pixels
            for column, cell, (_left, wide) in zip(self._columns, row, edges, strict=True):
                if column.wrap:
                    box = self._metrics(cell.bold).boundingRect(
                        QRect(0, 0, wide, 2000), _flags(column), cell.text
                    )
                    tall = max(tall, box.height() + 8)
            heights.append(tall)
        over = sum(heights) - room if room is not None else 0
        return _closer(heights, over, self._row_pixels) if over > 0 else heights

    def _head(self) -> int:
        return HEAD_PIXELS if any(column.heading for column in self._columns) else 0

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        if width not in self._tall:  # a layout asks many times for one answer
            self._tall[width] = self._head() + sum(self._row_heights(width)) + 1
        return self._tall[width]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        width = max(self._natural_width(), self.width() if self.isVisible() else 0)
        return QSize(self._natural_width(), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._natural_width(), self.heightForWidth(max(self.width(), self._natural_width())))

    # --- paint -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        edges = self._edges(self.width())
        top = self._head()
        if top:
            painter.setFont(font("label"))
            painter.setPen(colour("second"))
            for column, (left, room) in zip(self._columns, edges, strict=True):
                painter.drawText(QRect(left, 0, room, top), _flags(column, head=True), column.heading)
            self._hairline(painter, top)
        heights = self._row_heights(self.width(), self.height() - top - 1)
        for row, tall in zip(self._rows, heights, strict=True):
            for column, cell, (left, room) in zip(self._columns, row, edges, strict=True):
                painter.setFont(font("body", bold=cell.bold))
                painter.setPen(colour(cell.tone))
                painter.drawText(QRect(left, top, room, tall), _flags(column), cell.text)
            top += tall
            self._hairline(painter, top)

    def _hairline(self, painter: QPainter, y: int) -> None:
        painter.setPen(colour("line"))
        painter.drawLine(0, y, self.width(), y)


def _closer(heights: list[int], over: int, plain: int) -> list[int]:
    """Take ``over`` pixels out of the rows of one line, evenly, as far as they stay readable."""
    loose = [at for at, tall in enumerate(heights) if tall == plain]
    fresh = list(heights)
    for place, at in enumerate(loose):
        share = -(-over // (len(loose) - place))
        taken = min(share, plain - TIGHT_ROW_PIXELS)
        fresh[at] -= taken
        over -= taken
    return fresh


def _flags(column: Column, head: bool = False) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.figures else Qt.AlignmentFlag.AlignLeft
    flags = side.value | Qt.AlignmentFlag.AlignVCenter.value
    return flags | (Qt.TextFlag.TextWordWrap.value if column.wrap and not head else 0)
