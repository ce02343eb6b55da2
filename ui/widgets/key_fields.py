"""Input fields for a counter: they take what belongs in them and leave every command key to the page.

Input method off in number fields, ``+`` never typed, Alt and function keys passed on, Enter told as ``entered``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_PASSED_ON = {Qt.Key.Key_Plus, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down}
_MODIFIED = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


class KeyField(QLineEdit):
    """A line edit whose commit keys belong to the page. ``entered`` is told once per press of Enter."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None, figures: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("figures", figures)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if figures:
            self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if key in _PASSED_ON or alt or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
            event.ignore()
            return
        if self.takes(event):
            super().keyPressEvent(event)

    def clear(self) -> None:
        """Empty for good: Qt's own ``clear`` can be undone with Ctrl+Z."""
        self.setText("")

    def forget(self) -> None:
        self.clear()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether the field takes this key; control keys and editing always pass."""
        return True


class AmountField(KeyField):
    """An amount by the one grammar (DESIGN §5): digits, at most two decimals, grouped while it is typed.

    ``text()`` may hold grouping commas; ``desk.domain.money.parse_amount`` reads it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, figures=True)
        self.setMaxLength(18)
        self.textEdited.connect(self._regroup)

    def takes(self, event: QKeyEvent) -> bool:
        text = event.text().translate(_FULL_WIDTH)
        if not text or not text.isprintable() or event.modifiers() & _MODIFIED:
            return True
        return text.isascii() and (text.isdigit() or text in ".,")

    def _regroup(self, typed: str) -> None:
        folded = typed.translate(_FULL_WIDTH)
        right = len(folded) - self.cursorPosition()
        plain = folded.replace(",", "")
        whole, point, decimals = plain.partition(".")
        if not plain or not (whole + decimals).isdigit() or "." in decimals:
            shown = "".join(char for char in folded if char.isdigit())
        else:
            shown = (f"{int(whole):,}" if whole else "0") + point + decimals[:2]
        if shown != typed:
            self.setText(shown)
            self.setCursorPosition(max(0, len(shown) - right))


class DigitsField(KeyField):
    """Exactly ``length`` digits (or up to it); ``filled`` is told once when the last one is typed."""

    filled = Signal()

    def __init__(self, length: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, figures=True)
        self._length = length
        self.setMaxLength(length)
        self.textEdited.connect(self._typed)

    def takes(self, event: QKeyEvent) -> bool:
        text = event.text().translate(_FULL_WIDTH)
        if not text or not text.isprintable() or event.modifiers() & _MODIFIED:
            return True
        return text.isascii() and text.isdigit()

    def _typed(self, typed: str) -> None:
        folded = "".join(char for char in typed.translate(_FULL_WIDTH) if char.isdigit())
        if folded != typed:
            self.setText(folded)
        if len(folded) == self._length:
            self.filled.emit()


class SecretField(KeyField):
    """A password: never echoed, never completed, and its text leaves the widget when ``taken``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def taken(self) -> str:
        """The password, once; the field is empty afterwards."""
        text = self.text()
        self.clear()
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Plus and not event.modifiers() & _MODIFIED:
            self.insert("+")
            return
        super().keyPressEvent(event)
