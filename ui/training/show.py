"""The demo behind the window: a training branch, the customer's screen, and whoever plays.

Loaded by ``ui.app`` after the sign-on page was painted; the branch is founded off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desk.commands import CustomerAnswer
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal, RefusalCode
from desk.persistence.journal_store import nothing
from ui.customer_screen import CustomerScreen
from ui.desk_bridge import DeskBridge
from ui.front import Front
from ui.main_window import MainWindow
from ui.operation import Operation
from ui.pages.table import PAGES
from ui.stall_meter import StallMeter
from ui.training.album import Album
from ui.training.branch import write_slip
from ui.training.control_window import ControlWindow
from ui.training.customer import ROWS, Customer
from ui.training.desk import TrainingDesk, open_training
from ui.training.hands_panel import HandsPanel
from ui.training.options import DemoFolder, DemoOptions
from ui.training.outcome import archived_deposit, outcome_of
from ui.training.paper import lines_on_page
from ui.training.window_player import WindowPlayer

OK, FAILED, UNUSABLE = 0, 1, 2


class Show(QObject):
    """One demo from the first paint to its answer. ``opened`` when the branch stands, before anything is played."""

    opened = Signal(object)

    def __init__(
        self,
        front: Front,
        options: DemoOptions,
        say: Callable[[str], None],
        moment: Callable[[str], None] = nothing,
        see_page: Callable[[int], int] | None = None,
    ) -> None:
        super().__init__()
        self.front, self.options, self._say = front, options, say
        self._moment, self._see_page, self._done = moment, see_page, ""
        self.folder = DemoFolder(options.out)
        self.exit_code = OK
        self.answer: dict[str, Any] | None = None
        self.texts = front.texts
        self.bridge = DeskBridge(front.thread_of_desk)
        self.window = MainWindow(front.texts, self.bridge, PAGES, front.shell.sign_on)
        front.shell.move_in(self.window)
        self.screen = CustomerScreen(self.texts, training=True)
        self.screen.answered.connect(self._answered)
        self.bridge.changed.connect(lambda snapshot: self.screen.show_customer(snapshot.customer))
        self.meter = StallMeter(self)
        self.customer = Customer()
        self.training: TrainingDesk | None = None
        self.player: WindowPlayer | None = None
        self.panel: HandsPanel | None = None
        self.control: ControlWindow | None = None
        self.album = Album(self.folder.pictures) if options.auto else None

    def _answered(self, command: CustomerAnswer) -> None:
        self.bridge.send(command)

    # --- opening -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the customer's screen and open the branch behind the windows."""
        self.screen.show()
        _place_screens(self.front.shell, self.screen)
        self.front.shell.activateWindow()
        Operation(self.front.thread_of_desk, self._open_branch).success(self._opened).failure(
            self._broke
        ).start()

    def _open_branch(self) -> TrainingDesk | Refusal:
        day = self.folder.business_date(date.today())
        opened = open_training(
            self.options.out,
            day,
            ControlMode.DUAL,
            self.options.language,
            speed=0.0 if self.options.speed == 0 else 1.0,
            on_status=self.bridge.on_status,
            moment=self._moment,
            machines=self.options.machines,
            confirmed=False,
        )
        if not isinstance(opened, Refusal):
            write_slip(opened.folder, self.customer.account, self.customer.amount_minor, day, ROWS)
            self._done = archived_deposit(opened)
        return opened

    def _opened(self, opened: TrainingDesk | Refusal) -> None:
        if isinstance(opened, Refusal):
            found, following = self.texts.refusal(opened)
            self._say(f"{found} {following}")
            self._end(UNUSABLE if opened.code is RefusalCode.ALREADY_RUNNING else FAILED)
            return
        self.training = opened
        self.window.sign_on.show_busy("")
        self.bridge.connect_desk(opened.desk.session, opened.desk.top.room)
        self.opened.emit(opened)
        if self.options.auto:
            self._play(opened)
            return
        self.window.sign_on.show_message("", self.texts("training.sign_on"))
        self.panel = HandsPanel(self.texts, opened, self.bridge)
        self.panel.show()

    def _play(self, training: TrainingDesk) -> None:
        """Play on from wherever the record stands; a deposit that was archived already only answers again."""
        assert self.album is not None
        self.player = WindowPlayer(
            self.window, self.screen, self.bridge, training, self.customer, self.album, self.meter,
            self.options.speed, self.options.rate_per_minute,
            self._see_page or (lambda asked: lines_on_page(training, self.customer.account, asked)),
            self._say, self.folder.remember_keys,
        )  # fmt: skip
        self.player.keyboard.counts.update(self.folder.keys_before())
        self.player.finished.connect(self._played)
        self.player.stuck.connect(self._stuck)
        if self.options.measure_stalls:
            self.control = ControlWindow()
        self.meter.start()
        if self._done:
            self._played(self._done)
        else:
            self.player.start()

    # --- ending ------------------------------------------------------------------------------------------

    def _stuck(self, where: str) -> None:
        self._say(f"the demo stopped: {where}")
        self._end(FAILED)

    def _broke(self, error: Exception) -> None:
        self._say(f"the demo broke: {type(error).__name__}: {error}")
        self._end(FAILED)

    def _played(self, transaction: str) -> None:
        self.meter.stop()
        training = self.training
        assert training is not None
        Operation(
            self.front.thread_of_desk,
            lambda: outcome_of(training, self.customer.account, transaction, self._say),
        ).success(self._proved).failure(self._broke).start()

    def _proved(self, outcome: dict[str, Any]) -> None:
        assert self.player is not None
        assert self.album is not None
        counts = self.player.keyboard.counts
        pictures = [str(path) for path in self.album.finish()]
        self.answer = {
            **outcome,
            "screenshots": pictures,
            "keys": {"maker": counts.get("maker", 0), "reviewer": counts.get("reviewer", 0)},
            "keys_beside": {who: n for who, n in counts.items() if who not in ("maker", "reviewer")},
        }
        if self.control is not None:
            self.answer["longest_stall_ms"] = {
                "demo": round(self.meter.longest_ms, 1),
                "control": round(self.control.finish(), 1),
                "at": self.meter.longest_at,
            }
        self.folder.finish(self.answer)
        self._end(OK)

    def _end(self, code: int) -> None:
        self.exit_code = code
        QTimer.singleShot(0, QApplication.quit)

    def close(self) -> None:
        """Let go of machines, threads and the record, in this order."""
        if self.player is not None:
            self.player.stop()
        if self.training is not None:
            self.training.close()


def _place_screens(window: QWidget, screen: CustomerScreen) -> None:
    """The customer's screen goes to the second monitor where there is one."""
    screens = QGuiApplication.screens()
    if len(screens) > 1:
        screen.move(screens[1].geometry().topLeft())
        screen.setWindowState(Qt.WindowState.WindowFullScreen)
    window.raise_()
