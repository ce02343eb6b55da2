"""F1: what this step asks, its rule, and every key of the table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from desk.views import DeskSnapshot
from ui.keys import KEYS
from ui.pages.dialogs.overlay import Overlay
from ui.texts import Texts
from ui.widgets.parts import Words


class HelpSheet(Overlay):
    """Esc closes it."""

    def __init__(self, texts: Texts, snapshot: DeskSnapshot | None) -> None:
        super().__init__(texts, width=640)
        self._snapshot = snapshot
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self.body.addLayout(self._grid)
        self._cells: list[tuple[Words, Words]] = []
        for at, _ in enumerate(KEYS):
            pair = (Words("label", "accent", bold=True), Words("label"))
            self._grid.addWidget(pair[0], at // 2, at % 2 * 2, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(pair[1], at // 2, at % 2 * 2 + 1)
            self._cells.append(pair)

    def redraw(self) -> None:
        one = self._snapshot.transaction if self._snapshot else None
        self.title.say(self.texts.of(one.step_title) if one else self.texts("frame.welcome"))
        self.hint.say(self.texts.of(one.rule) if one else self.texts("frame.help"))
        for (key, words), row in zip(self._cells, KEYS, strict=True):
            key.say(row.keys.replace("Return", "Enter"))
            words.say(self.texts.of(row.label))
