"""The password of one person for one signature. It is kept nowhere and leaves the field as it is handed on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from ui.pages.dialogs.overlay import Overlay
from ui.texts import Texts
from ui.widgets.key_fields import SecretField


class PasswordPrompt(Overlay):
    """``given`` carries the password once; Enter signs, Esc goes back, an empty field does nothing."""

    given = Signal(str)

    def __init__(self, texts: Texts, title: Callable[[], str]) -> None:
        super().__init__(texts, width=440)
        self._title = title
        self.field = SecretField()
        self.field.setMinimumHeight(42)
        self.field.entered.connect(self._enter)
        self.body.addWidget(self.field)
        self.redraw()

    def redraw(self) -> None:
        self.title.say(self._title())
        self.hint.say(self.texts("password.hint"))
        self.field.setAccessibleName(self.texts("password.label"))

    def focus_first(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        password = self.field.taken()
        if password:
            self.given.emit(password)
            self.closed.emit()
