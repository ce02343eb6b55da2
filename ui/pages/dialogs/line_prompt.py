"""The last line a person can see on a page: where a book's next line is moved behind (行位调整)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from ui.pages.dialogs.overlay import Overlay
from ui.texts import Texts
from ui.widgets.key_fields import DigitsField


class LinePrompt(Overlay):
    """``given`` carries the line once; Enter hands it on, Esc goes back, an empty field does nothing."""

    given = Signal(int)

    def __init__(self, texts: Texts, page: int, next_line: int) -> None:
        super().__init__(texts, width=440)
        self._page, self._next_line = page, next_line
        self.field = DigitsField(2)
        self.field.setFixedSize(96, 42)
        self.field.entered.connect(self._enter)
        self.body.addWidget(self.field)
        self.redraw()

    def redraw(self) -> None:
        self.title.say(self.texts("print.adjust_title", page=self._page))
        self.hint.say(self.texts("print.adjust_hint", line=self._next_line))
        self.field.setAccessibleName(self.texts("print.adjust_label"))

    def focus_first(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        line = int(self.field.text() or 0)
        if line:
            self.closed.emit()
            self.given.emit(line)
