"""The places of the counter as a list with one line chosen: name, model and how well it is proved, state by shape, word
and colour. Drawn in one paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.fonts import visible
from ui.widgets.choice_list import ChoiceList
from ui.widgets.look import colour, font
from ui.widgets.parts import MARKS

ROW_PIXELS = 50
_INKS = {"ok": "ok", "bad": "bad", "warn": "warn", "busy": "accent", "open": "second"}


@dataclass(frozen=True)
class MachineLine:
    """One place: its name, what stands there, and the state's word and tone."""

    name: str
    detail: str
    state: str
    tone: str


class MachineRows(ChoiceList):
    """``show_machines`` takes the lines; the choice stays on its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._machines: tuple[MachineLine, ...] = ()

    def show_machines(self, lines: Sequence[MachineLine]) -> None:
        self._machines = tuple(lines)
        self.set_lines([(f"{one.name}  {one.detail}", f"{MARKS[one.tone]} {one.state}") for one in lines])
        self.update()

    def choose(self, at: int) -> None:
        """Put the choice on one line."""
        self.move_choice(at - self.current())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        name, small = QFontMetrics(font("body", bold=True)), QFontMetrics(font("label"))
        wide = [
            max(name.horizontalAdvance(one.name), small.horizontalAdvance(one.detail))
            + name.horizontalAdvance(f"{MARKS[one.tone]} {one.state}")
            + 84
            for one in self._machines
        ]
        return QSize(max(wide, default=200), ROW_PIXELS * len(self._machines))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        at = int(event.position().y()) // ROW_PIXELS
        if 0 <= at < len(self._machines):
            self.choose(at)
            self.chosen.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, one in enumerate(self._machines):
            self._draw(painter, at, one)

    def _draw(self, painter: QPainter, at: int, one: MachineLine) -> None:
        box = QRectF(0.5, at * ROW_PIXELS + 2.5, self.width() - 1, ROW_PIXELS - 5)
        picked = at == self.current()
        painter.setPen(QPen(colour("accent" if picked else "line"), 1))
        painter.setBrush(colour("accent_soft" if picked else "surface"))
        painter.drawRoundedRect(box, 8, 8)
        if picked:
            painter.setPen(colour("accent"))
            painter.setFont(font("label"))
            painter.drawText(box.adjusted(12, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "▶")
        painter.setPen(colour("ink"))
        painter.setFont(font("body", bold=True))
        painter.drawText(box.adjusted(34, 3, 0, -21), Qt.AlignmentFlag.AlignVCenter, visible(one.name))
        painter.setPen(colour("second"))
        painter.setFont(font("label"))
        painter.drawText(box.adjusted(34, 23, 0, -3), Qt.AlignmentFlag.AlignVCenter, visible(one.detail))
        painter.setPen(colour(_INKS[one.tone]))
        painter.setFont(font("body", bold=one.tone in ("bad", "warn")))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -14, 0), flags, f"{MARKS[one.tone]} {one.state}")
