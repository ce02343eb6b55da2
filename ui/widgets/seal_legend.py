"""What the inks of a seal overlay stand for, and where the specimen lies: shapes with words, and plain figures.

Draws what it is told; computes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk.domain.seal_placement import SealPlacement
from ui.texts import Texts
from ui.widgets.look import colour, font
from ui.widgets.seal_layers import hatch

LINE, SWATCH = 22, 14


@dataclass(frozen=True)
class Mark:
    """``shape`` solid, hatched, open (not shown now), or words alone."""

    shape: str
    ink: QColor
    words: str


class _Lines(QWidget):
    """A few lines, each drawn by the subclass."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _lined(self, count: int, told: str) -> None:
        if count != self._count:
            self._count = count
            self.updateGeometry()
        self.setAccessibleName(told)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, LINE * self._count)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()


class SealLegend(_Lines):
    """``tell`` with the marks; three lines are kept free, so that nothing below moves when they change."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: tuple[Mark, ...] = ()

    def tell(self, marks: tuple[Mark, ...]) -> None:
        self._marks = marks
        self._lined(3, "  ".join(one.words for one in marks))

    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, mark in enumerate(self._marks):
            box = QRectF(1, at * LINE + (LINE - SWATCH) / 2, SWATCH, SWATCH)
            worded = mark.shape == "words"
            if not worded:
                painter.setPen(QPen(mark.ink, 1.5))
                painter.setBrush(self._brush(mark))
                painter.drawRoundedRect(box, 3, 3)
            painter.setPen(colour("second" if mark.shape in ("open", "words") else "ink"))
            painter.setFont(font("label"))
            left = 1 if worded else SWATCH + 9
            room = QRectF(left, at * LINE, self.width() - left, LINE)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, mark.words)

    def _brush(self, mark: Mark) -> QBrush:
        if mark.shape == "open":
            return QBrush(Qt.BrushStyle.NoBrush)
        return hatch(mark.ink, 1) if mark.shape == "hatched" else QBrush(mark.ink)


class SealValues(_Lines):
    """Shift, turn, size and transparency, figures right."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, str], ...] = ()

    def tell(self, t: Texts, placement: SealPlacement, clear: int) -> None:
        turn = placement.rotation_centidegrees
        across = f"{'←' if placement.dx_px < 0 else '→'} {abs(placement.dx_px)}"
        down = f"{'↑' if placement.dy_px < 0 else '↓'} {abs(placement.dy_px)}"
        way = "" if not turn else (" ↻" if turn > 0 else " ↺")
        self._rows = (
            (t("picture.value_shift"), f"{across}  {down}"),
            (t("picture.value_turn"), f"{abs(turn) / 100:.1f}°{way}"),
            (t("picture.value_size"), f"{placement.scale_permille / 10:.1f} %"),
            (t("picture.value_clear"), f"{clear} %"),
        )
        self._lined(len(self._rows), "  ".join(" ".join(row) for row in self._rows))

    def rows(self) -> tuple[tuple[str, str], ...]:
        return self._rows

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setFont(font("label"))
        middle = Qt.AlignmentFlag.AlignVCenter
        for at, (label, value) in enumerate(self._rows):
            line = QRectF(0, at * LINE, self.width(), LINE)
            painter.setPen(colour("line"))
            painter.drawLine(line.bottomLeft(), line.bottomRight())
            painter.setPen(colour("second"))
            painter.drawText(line, middle, label)
            painter.setPen(colour("ink"))
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, value)
