"""Choosing one reason of at most nine by its digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.pages.dialogs.overlay import Overlay
from ui.texts import Texts
from ui.widgets.parts import Words


class _Line(QWidget):
    """One reason with its digit."""

    clicked = Signal()

    def __init__(self, digit: int) -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.digit, self.words = Words("lead", "accent", bold=True), Words("body", wrap=True)
        self.digit.setFixedWidth(26)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        box.addWidget(self.digit)
        box.addWidget(self.words)
        self.digit.say(str(digit))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        self.clicked.emit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, 32)


class ReasonPicker(Overlay):
    """``chosen`` carries the place (0-based) of the reason whose digit was pressed, once."""

    chosen = Signal(int)

    def __init__(self, texts: Texts, title: Callable[[], str], reasons: Callable[[], Sequence[str]]) -> None:
        super().__init__(texts)
        self._title, self._reasons, self._answered = title, reasons, False
        self._lines: list[_Line] = []
        for at in range(min(9, len(reasons()))):
            line = _Line(at + 1)
            line.clicked.connect(lambda at=at: self._choose(at))
            self._lines.append(line)
            self.body.addWidget(line)
        self.redraw()

    def redraw(self) -> None:
        self.title.say(self._title())
        self.hint.say(self.texts("reason.hint"))
        for line, reason in zip(self._lines, self._reasons(), strict=False):
            line.words.say(reason)

    def pressed(self, event: QKeyEvent) -> bool:
        text = event.text()
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(self._lines):
            self._choose(int(text) - 1)
        return super().pressed(event)

    def _choose(self, at: int) -> None:
        if not self._answered:
            self._answered = True
            self.chosen.emit(at)
            self.closed.emit()
