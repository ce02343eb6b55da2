"""A question laid over a page: a card in the middle, keys of its own, Esc back. Never a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from ui.texts import Texts
from ui.widgets.key_fields import KeyField
from ui.widgets.look import colour
from ui.widgets.parts import Card, Words


class Overlay(QWidget):
    """Base of the overlays: a title, a hint with the keys, and the body a subclass fills."""

    closed = Signal()

    def __init__(self, texts: Texts, width: int = 520) -> None:
        super().__init__()
        self.texts = texts
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        outer = QGridLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.body = QVBoxLayout()
        self.body.setSpacing(9)
        self.card = Card(self.body)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.card.setFixedWidth(width)
        outer.addWidget(self.card, 0, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        outer.setRowMinimumHeight(0, 0)
        outer.setContentsMargins(0, 24, 0, 0)
        self.title, self.hint = Words("lead", bold=True, wrap=True), Words("label", "second", wrap=True)
        self.body.addWidget(self.title)
        self.body.addWidget(self.hint)

    def redraw(self) -> None:
        """Word everything in the language now chosen."""

    def focus_first(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def focusNextPrevChild(self, following: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab stays within the question: the page behind it must not get the keyboard."""
        fields = [one for one in self.findChildren(KeyField) if one.isVisible() and one.isEnabled()]
        if fields:
            at = next((n for n, one in enumerate(fields) if one.hasFocus()), -1 if following else 0)
            reason = Qt.FocusReason.TabFocusReason if following else Qt.FocusReason.BacktabFocusReason
            fields[(at + (1 if following else -1)) % len(fields)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        event.accept()
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif not self.pressed(event):
            event.ignore()

    def pressed(self, event: QKeyEvent) -> bool:
        """Handle a key of the overlay; False passes it on."""
        return not event.modifiers() and bool(event.text())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        veil = QColor(colour("background"))
        veil.setAlpha(225)
        QPainter(self).fillRect(self.rect(), veil)
