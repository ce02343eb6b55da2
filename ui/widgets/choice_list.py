"""A list with one line chosen: ↑↓ move, the page's own key takes it. Drawn in one paint, a few lines at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.fonts import visible
from ui.widgets.look import colour, font

LINE_PIXELS, COUNT_PIXELS = 44, 40


class ChoiceList(QWidget):
    """``set_lines`` takes ``(main text, side text)``; the choice stays on the same line while the lines stay.

    Of more than ``most`` lines those around the chosen one are shown, and which one of how many it is.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None, most: int = 6) -> None:
        super().__init__(parent)
        self._most = most
        self._lines: tuple[tuple[str, str], ...] = ()
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        fresh = tuple((visible(main), visible(side)) for main, side in lines)
        if fresh == self._lines:
            return
        if len(fresh) != len(self._lines):
            self._at = 0
        self._lines = fresh
        self._tell()
        self.updateGeometry()

    def current(self) -> int:
        """Index of the chosen line; -1 when there is none."""
        return self._at if self._lines else -1

    def move_choice(self, step: int) -> None:
        if self._lines:
            self._at = (self._at + step) % len(self._lines)
            self._tell()

    def forget(self) -> None:
        self.set_lines(())

    def texts(self) -> list[str]:
        return [text for line in self._lines for text in line]

    def _tell(self) -> None:
        self.setAccessibleName("  ".join(self._lines[self._at]) if self._lines else "")
        self.update()

    def _shown(self) -> range:
        """The lines that are drawn now."""
        first = max(0, min(self._at - self._most // 2, len(self._lines) - self._most))
        return range(first, min(len(self._lines), first + self._most))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        metrics, side = QFontMetrics(font("body", bold=True)), QFontMetrics(font("label"))
        wide = [metrics.horizontalAdvance(m) + side.horizontalAdvance(s) + 70 for m, s in self._lines]
        return QSize(max(wide, default=200) + COUNT_PIXELS, LINE_PIXELS * min(self._most, len(self._lines)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        at = self._shown().start + int(event.position().y()) // LINE_PIXELS
        if at in self._shown():
            self._at = at
            self._tell()
            self.chosen.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, at in enumerate(self._shown()):
            main, side = self._lines[at]
            box = QRectF(0.5, row * LINE_PIXELS + 2.5, self.width() - 1, LINE_PIXELS - 5)
            picked = at == self._at
            painter.setPen(QPen(colour("accent" if picked else "line"), 1))
            painter.setBrush(colour("accent_soft" if picked else "surface"))
            painter.drawRoundedRect(box, 8, 8)
            if picked:
                painter.setPen(colour("accent"))
                painter.setFont(font("label"))
                painter.drawText(box.adjusted(12, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "▶")
            painter.setPen(colour("ink"))
            painter.setFont(font("body", bold=picked))
            painter.drawText(box.adjusted(34, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, main)
            painter.setPen(colour("second"))
            painter.setFont(font("label"))
            if picked and len(self._lines) > self._most:
                side = f"{side}  {at + 1}/{len(self._lines)}"
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(box.adjusted(0, 0, -14, 0), flags, side)
