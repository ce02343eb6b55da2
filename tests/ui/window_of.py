"""The real window with a view in it and no desk behind it: for pages that are far off the usual way.

``commands`` keeps what pages wished for; nothing answers. Holds no samples.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desk.commands import Command
from desk.views import DeskSnapshot
from ui.desk_bridge import DeskBridge
from ui.main_window import MainWindow
from ui.operation import DeskThread
from ui.pages.step_page import StepPage
from ui.pages.table import PAGES
from ui.shell import Shell
from ui.texts import Texts
from ui.training.keyboard import Keyboard, Stroke

LAYOUT_LEVELS = 8


def lay_out() -> None:
    """Layouts only, outwards from what changed: a page that passes by must not go on while it is looked at."""
    for _ in range(LAYOUT_LEVELS):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def settle() -> None:
    """Let layouts and posted events come to rest."""
    lay_out()
    QApplication.processEvents()


def focus_in(window: QWidget) -> QWidget:
    """Where a key goes now."""
    target = QApplication.focusWidget()
    return target if target is not None and window.isAncestorOf(target) else window


def press_repeating(window: QWidget, key: Qt.Key, text: str = "") -> None:
    """The key is held down: only the repeated events, which no person pressed."""
    for _ in range(3):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, autorep=True)
        QApplication.sendEvent(focus_in(window), event)


class ViewWindow:
    """A window of the smallest desk, showing whatever snapshot it is given."""

    def __init__(self, language: str) -> None:
        self.texts = Texts(language)
        self.thread = DeskThread("test")
        self.bridge = DeskBridge(self.thread)
        self.shell = Shell(self.texts)
        self.window = MainWindow(self.texts, self.bridge, PAGES, self.shell.sign_on)
        self.shell.move_in(self.window)
        self.commands: list[Command] = []
        self.window.middle.command.connect(self.commands.append)
        self.keyboard = Keyboard(self.window)
        self.shell.show()
        self.shell.activateWindow()
        QTest.qWaitForWindowActive(self.shell)

    def show(self, snapshot: DeskSnapshot) -> StepPage:
        self.window.show_desk(snapshot)
        settle()
        return self.page

    @property
    def page(self) -> StepPage:
        page = self.window.middle.page
        assert isinstance(page, StepPage)
        return page

    def press(self, *keys: str) -> None:
        if not self.shell.isActiveWindow():
            self.shell.activateWindow()
            QTest.qWaitForWindowActive(self.shell)
        for key in keys:
            self.keyboard.press(Stroke(key, "test"))
        settle()

    def close(self) -> None:
        self.shell.close()
        self.shell.deleteLater()
        self.thread.stop()
        settle()
