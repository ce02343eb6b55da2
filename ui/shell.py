"""The window as it first stands: a bar, the sign-on page, an empty foot. The workplace moves in once it is loaded.

Must import nothing but the sign-on page: this is what the first paint waits for.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QFrame, QMainWindow, QVBoxLayout, QWidget

from ui.sign_on import SignOnPage
from ui.texts import Texts

SIZE = (1366, 768)
BAR_PIXELS = 52


class Shell(QMainWindow):
    """``painted`` once, after the first paint. A sign-on that comes before the workplace is kept for it."""

    painted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setWindowTitle(texts("frame.window_title"))
        self.resize(*SIZE)
        self.setMinimumSize(*SIZE)
        self.sign_on = SignOnPage(texts)
        self._early: tuple[str, str] | None = None
        self._was_painted = False
        self.sign_on.signed.connect(self._keep)
        centre = QWidget()
        box = QVBoxLayout(centre)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(_strip("bar-teller"))
        box.addWidget(self.sign_on, 1)
        box.addWidget(_strip("bottom"))
        self.setCentralWidget(centre)

    def _keep(self, staff_no: str, password: str) -> None:
        self._early = (staff_no, password)

    def move_in(self, workplace: QWidget) -> None:
        """Let the workplace, which took over the sign-on page, fill the window; what was typed meanwhile stays."""
        self.sign_on.signed.disconnect(self._keep)
        self.setCentralWidget(workplace)
        workplace.show()
        (self.sign_on.password if self.sign_on.staff.text() else self.sign_on.staff).setFocus()
        early, self._early = self._early, None
        if early is not None:
            self.sign_on.signed.emit(*early)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
        return super().event(event)


def _strip(look: str) -> QFrame:
    strip = QFrame()
    strip.setProperty("look", look)
    strip.setFixedHeight(BAR_PIXELS)
    return strip
