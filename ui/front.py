"""The front of the window: everything the sign-on page needs and nothing else, so that it paints before anything heavy.

Must not import a store, a key, a driver, a view or a page of a step: those come after the first paint.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui.operation import DeskThread, Operation
from ui.shell import Shell
from ui.texts import Texts
from ui.theme import apply_theme

AWAKE_MILLISECONDS = 200


class Front:
    """The application, its window at the sign-on page, and the thread that all of the desk's commands run on."""

    def __init__(self, language: str = "zh_CN", scheme: str = "light") -> None:
        app = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(app, QApplication)
        self.app = app
        apply_theme(app, scheme)
        self.texts = Texts(language)
        self.thread_of_desk = DeskThread()
        self.shell = Shell(self.texts)

    def show(self) -> None:
        self.shell.sign_on.show_busy("sign_on.opening")
        self.shell.show()
        self.shell.activateWindow()

    def load(
        self, work: Callable[[], Any], then: Callable[[Any], None], broke: Callable[[Exception], None]
    ) -> None:
        """Do heavy ``work`` (an import, mostly) off the GUI thread; ``then`` gets its result on the GUI thread."""
        Operation(self.thread_of_desk, work).success(then).failure(broke).start()

    def keep_python_awake(self) -> None:
        """Let Python run a few times a second even while Qt waits, so that a signal is noticed."""
        self._awake = QTimer()
        self._awake.timeout.connect(lambda: None)
        self._awake.start(AWAKE_MILLISECONDS)

    def close(self) -> None:
        self.thread_of_desk.stop()
