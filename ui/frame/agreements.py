"""The agreements of this step (账款, 账据, 账折 …) as small boxes, two a row: what, and its state as shape and word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.look import colour, font
from ui.widgets.parts import MARKS

BOX_PIXELS, GAP_PIXELS, COLUMNS = 32, 7, 2
_INKS = {"open": "second"}


class Agreements(QWidget):
    """``show_states`` takes ``(what, state word, tone)`` of each agreement; nothing is shown for none."""

    def __init__(self) -> None:
        super().__init__()
        self._states: tuple[tuple[str, str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_states(self, states: Sequence[tuple[str, str, str]]) -> None:
        self._states = tuple(states)
        self.setAccessibleDescription("  ".join(f"{what} {word}" for what, word, _ in self._states))
        self.setVisible(bool(self._states))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        rows = -(-len(self._states) // COLUMNS)
        return QSize(200, rows * (BOX_PIXELS + GAP_PIXELS))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = (self.width() - GAP_PIXELS) / COLUMNS
        painter.setFont(font("label"))
        for at, (what, word, tone) in enumerate(self._states):
            left, top = at % COLUMNS * (wide + GAP_PIXELS), at // COLUMNS * (BOX_PIXELS + GAP_PIXELS)
            box = QRectF(left + 0.5, top + 0.5, wide - 1, BOX_PIXELS - 1)
            painter.setPen(QPen(colour("line"), 1))
            painter.setBrush(colour("surface"))
            painter.drawRoundedRect(box, 7, 7)
            painter.setPen(colour("ink"))
            painter.drawText(box.adjusted(9, 0, -9, 0), Qt.AlignmentFlag.AlignVCenter, what)
            painter.setPen(colour(_INKS.get(tone, tone)))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(box.adjusted(9, 0, -9, 0), flags, f"{MARKS[tone]} {word}")
