"""A training branch with its simulated machines behind the real window, and a play of the demo's deposit that is looked
at on every page.

``CounterWindow`` opens one; ``play_deposit`` plays it once and returns what was seen. Judges nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desk.domain.procedure_kinds import ControlMode
from desk.views import DeskSnapshot, PageView
from tests.ui.looks import cut
from tests.ui.strings import everything
from tests.ui.window_of import lay_out, settle
from ui.customer_screen import CustomerScreen
from ui.desk_bridge import DeskBridge
from ui.main_window import MainWindow
from ui.operation import DeskThread
from ui.pages.table import PAGES
from ui.shell import Shell
from ui.stall_meter import StallMeter
from ui.texts import Texts
from ui.training.album import Album
from ui.training.branch import STAFF, TRAINING_PASSWORD, write_slip
from ui.training.customer import ROWS, Customer
from ui.training.desk import TrainingDesk, open_training
from ui.training.keyboard import Keyboard, Stroke, typed
from ui.training.paper import lines_on_page
from ui.training.window_player import WindowPlayer

DAY = "2026-11-24"
PATIENCE_SECONDS = 30.0
MAKER = STAFF[0].staff_no


class CounterWindow:
    """The teller's window and the customer's screen over one open branch."""

    def __init__(
        self, root: Path, language: str = "zh_CN", mode: ControlMode = ControlMode.DUAL, speed: float = 0.0
    ) -> None:
        self.texts = Texts(language)
        self.thread = DeskThread()
        self.bridge = DeskBridge(self.thread)
        self.shell = Shell(self.texts)
        self.window = MainWindow(self.texts, self.bridge, PAGES, self.shell.sign_on)
        self.shell.move_in(self.window)
        self.screen = CustomerScreen(self.texts, training=True)
        self.screen.answered.connect(self.bridge.send)
        self.bridge.changed.connect(lambda snapshot: self.screen.show_customer(snapshot.customer))
        self.refused: list[object] = []
        self.bridge.refused.connect(self.refused.append)
        self.told_pieces = 0
        """What a running count told last; 0 again with every snapshot."""
        self.bridge.changed.connect(lambda snapshot: self._tell_pieces(0, 0))
        self.bridge.counted.connect(self._tell_pieces)
        opened = open_training(root, DAY, mode, language, speed=speed, on_status=self.bridge.on_status)
        assert isinstance(opened, TrainingDesk), opened
        self.training = opened
        self.keyboard = Keyboard(self.window)
        self.shell.show()
        self.screen.show()
        self.shell.activateWindow()
        QTest.qWaitForWindowActive(self.shell)
        self.bridge.connect_desk(opened.desk.session, opened.desk.top.room)

    @property
    def snapshot(self) -> DeskSnapshot:
        snapshot = self.window.snapshot
        assert snapshot is not None
        return snapshot

    @property
    def view(self) -> PageView | None:
        one = self.snapshot.transaction
        return one.page if one else None

    def _tell_pieces(self, pieces: int, minor: int) -> None:
        self.told_pieces = pieces

    def until(self, seen: Callable[[], bool], what: str = "") -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not seen():
            assert time.monotonic() < end, f"never came: {what or seen} at {self.view} {self.refused}"
            QTest.qWait(5)

    def until_page(
        self, kind: type[PageView] | None, fits: Callable[[PageView], bool] = lambda v: True
    ) -> None:
        """Until a page of this kind stands and the desk does nothing more by itself."""

        def stands() -> bool:
            view = self.view
            if kind is None:
                return view is None and self.bridge.is_idle
            return isinstance(view, kind) and fits(view) and self.bridge.is_idle

        self.until(stands, str(kind))
        settle()

    def press(self, who: str, *keys: str, counted: bool = True) -> None:
        """Real keys to whatever holds the focus; a name such as ``Alt+1`` or ``Enter`` is one key."""
        for key in keys:
            self.keyboard.press(Stroke(key, who, counted))
            QApplication.processEvents()

    def sign_on(self) -> None:
        for stroke in [
            *typed(MAKER, "sign_on"), Stroke("Enter", "sign_on"),
            *typed(TRAINING_PASSWORD, "sign_on", counted=False), Stroke("Enter", "sign_on"),
        ]:  # fmt: skip
            self.keyboard.press(stroke)
        self.until(lambda: self.snapshot.teller is not None, "signed on")
        self.until_page(None)

    def close(self) -> None:
        self.bridge.stop()
        self.shell.close()
        self.screen.close()
        self.training.close()
        self.thread.stop()
        for one in (self.shell, self.screen):
            one.deleteLater()
        settle()


@dataclass(frozen=True)
class Seen:
    """One page as it was looked at: what was cut, and every text of the window and of the customer's screen."""

    name: str
    snapshot: DeskSnapshot
    size: tuple[int, int]
    cut: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    screen_texts: tuple[tuple[str, str], ...]


@dataclass
class Played:
    """A whole play."""

    language: str
    customer: Customer
    seen: list[Seen] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def page(self, name: str) -> Seen:
        return next(one for one in self.seen if one.name == name)


class _Looker(Album):
    """Looks where an album would take a picture."""

    def __init__(self, counter: CounterWindow, played: Played) -> None:
        self._counter, self._played = counter, played

    def take(self, widget: QWidget, name: str) -> None:
        lay_out()
        counter = self._counter
        window, screen = counter.window, counter.screen
        size = (window.width(), window.height())
        found = [*cut(window), *(f"customer: {one}" for one in cut(screen))]
        self._played.seen.append(
            Seen(
                name,
                counter.snapshot,
                size,
                tuple(found),
                tuple(everything(window)),
                tuple(everything(screen)),
            )
        )


def play_deposit(root: Path, language: str) -> Played:
    """The demo's deposit from sign-on to its end, every page looked at."""
    played = Played(language, Customer())
    counter = CounterWindow(root, language)
    account = played.customer.account
    write_slip(counter.training.folder, account, played.customer.amount_minor, DAY, ROWS)
    player = WindowPlayer(
        counter.window, counter.screen, counter.bridge, counter.training, played.customer,
        _Looker(counter, played), StallMeter(), 0.0, 0,
        lambda asked: lines_on_page(counter.training, account, asked), lambda text: None,
    )  # fmt: skip
    loop = QEventLoop()
    ends: list[object] = []
    for signal in (player.finished, player.stuck):
        signal.connect(ends.append)
        signal.connect(loop.quit)
    QTimer.singleShot(60_000, loop.quit)
    player.start()
    loop.exec()
    player.stop()
    played.keys = dict(player.keyboard.counts)
    counter.close()
    assert ends, "the play did not end"
    assert len(str(ends[0])) == 32, ends[0]
    return played
