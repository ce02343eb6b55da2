"""The sign-on page: the first thing painted, so it needs nothing but widgets. It emits who wants to sign on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.texts import Texts


class SignOnPage(QWidget):
    """``signed`` carries staff number and password once per Enter. ``show_message`` tells what was found; with
    nothing found it is advice, which stays."""

    signed = Signal(str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._message: tuple[str, str] = ("", "")
        self._busy_key = ""
        self._advice = ""
        self._locked = False
        self.setProperty("look", "middle")
        outer = QHBoxLayout(self)
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(420)
        box = QVBoxLayout(card)
        box.setContentsMargins(32, 28, 32, 28)
        box.setSpacing(10)
        self.title, self.lead = QLabel(), QLabel()
        self.title.setProperty("look", "title")
        self.lead.setProperty("look", "second")
        self.lead.setWordWrap(True)
        self.staff_label, self.password_label = QLabel(), QLabel()
        self.staff, self.password = QLineEdit(), QLineEdit()
        self.staff.setMaxLength(16)
        self.staff.setProperty("figures", True)
        self.staff.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.button = QPushButton()
        self.button.setProperty("look", "primary")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found, self.following, self.advice = QLabel(), QLabel(), QLabel()
        self.found.setProperty("look", "bad")
        for label in (self.found, self.following, self.advice):
            label.setWordWrap(True)
        for label in (self.staff_label, self.password_label):
            label.setProperty("look", "label")
        for part in (
            self.title, self.lead, self.staff_label, self.staff, self.password_label, self.password, self.button,
            self.found, self.following, self.advice,
        ):  # fmt: skip
            box.addWidget(part)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addStretch(1)
        self.staff.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._sign)
        self.button.clicked.connect(self._sign)
        texts.changed.connect(self.redraw)
        self.redraw()

    def lock_to(self, staff_no: str) -> None:
        """The desk is locked: only this person (or a supervisor signing them off) goes on."""
        self._locked, self._busy_key, self._message = True, "", ("", "")
        self.staff.setText(staff_no)
        self.password.clear()
        self.redraw()
        self.password.setFocus()

    def unlocked(self) -> None:
        """Somebody is signed on again."""
        self._locked = False
        self.show_busy("")

    def show_message(self, found: str, following: str) -> None:
        if not found:  # no finding: advice that holds until somebody is signed on
            self._advice, following = following, ""
        self._message, self._busy_key = (found, following), ""
        self.redraw()
        self.password.clear()
        (self.password if self.staff.text() else self.staff).setFocus()

    def reword(self, found: str, following: str) -> None:
        """Say a message that is still shown in the language now chosen; what was typed stays."""
        if self._message[0]:
            self._message = (found, following)
            self.redraw()

    def show_busy(self, key: str) -> None:
        """Say what is being done ("" when nothing is)."""
        self._busy_key, self._message = key, ("", "")
        self.redraw()

    def redraw(self) -> None:
        texts = self._texts
        self.title.setText(texts("sign_on.locked" if self._locked else "sign_on.title"))
        self.lead.setText(texts("sign_on.lead"))
        self.staff_label.setText(texts("sign_on.staff"))
        self.password_label.setText(texts("sign_on.password"))
        self.staff.setAccessibleName(texts("sign_on.staff"))
        self.password.setAccessibleName(texts("sign_on.password"))
        self.button.setText(texts("sign_on.unlock" if self._locked else "sign_on.button"))
        self.found.setText(self._message[0])
        self.following.setText(self._message[1] or (texts(self._busy_key) if self._busy_key else ""))
        self.advice.setText(self._advice)
        self.advice.setVisible(bool(self._advice))
        self.found.setVisible(bool(self._message[0]))
        self.following.setVisible(bool(self.following.text()))

    def _sign(self) -> None:
        if self.staff.text() and self.password.text():
            password = self.password.text()
            self.password.clear()
            self.signed.emit(self.staff.text().strip(), password)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is done with a key nobody asked for."""
        event.ignore()
