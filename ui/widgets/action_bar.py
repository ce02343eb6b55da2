"""The row of buttons under a page: each action with its key, the main one last, wrapping where a language is long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.parts import KeyButton

GAP_PIXELS = 10
SHOWN_KEYS = {"Return": "Enter"}


class ShownAction(Protocol):
    """What the bar needs of an action."""

    @property
    def key(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def run(self) -> Callable[[], None]: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def style(self) -> str: ...


class ActionBar(QWidget):
    """Right-aligned buttons. Buttons are kept and re-worded, so a changing view makes no new widgets."""

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[KeyButton] = []
        self._runs: list[Callable[[], None]] = []
        self._shown = 0
        self._tall: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_actions(self, actions: Sequence[ShownAction]) -> None:
        while len(self._buttons) < len(actions):
            self._add(len(self._buttons))
        self._runs = [action.run for action in actions]
        self._shown = len(actions)
        self._tall.clear()
        for button, action in zip(self._buttons, actions, strict=False):
            shown = SHOWN_KEYS.get(action.key, action.key)
            button.tell(action.words, shown, action.style, action.enabled)
        for at, button in enumerate(self._buttons):
            button.setVisible(at < self._shown)
        self.setVisible(bool(actions))
        self.updateGeometry()
        self._place()

    def _add(self, at: int) -> None:
        button = KeyButton()
        button.setParent(self)
        button.clicked.connect(lambda: self._runs[at]())  # noqa: PLW0108 - the run changes with every view
        self._buttons.append(button)

    def _lines(self, width: int) -> list[list[KeyButton]]:
        lines: list[list[KeyButton]] = [[]]
        used = 0
        for button in self._buttons[: self._shown]:
            wide = button.sizeHint().width()
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0
            lines[-1].append(button)
            used += wide + GAP_PIXELS
        return lines

    def _place(self) -> None:
        top = 0
        for line in self._lines(self.width()):
            left = self.width() - sum(b.sizeHint().width() + GAP_PIXELS for b in line) + GAP_PIXELS
            for button in line:
                button.resize(button.sizeHint())
                button.move(QPoint(left, top))
                left += button.width() + GAP_PIXELS
            top += 42 + GAP_PIXELS

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        if width not in self._tall:  # a layout asks many times for one answer
            self._tall[width] = len(self._lines(width)) * (42 + GAP_PIXELS) - GAP_PIXELS
        return self._tall[width]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(400, self.heightForWidth(max(400, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._place()
