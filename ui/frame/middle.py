"""The middle column: title, courteous phrase and rule of the step, its page, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from desk.views import DeskSnapshot, PageView
from devices.contracts import DeviceKind, DeviceStatus
from ui.pages.page import Page
from ui.texts import Texts
from ui.widgets.parts import Notice, Words

WARM_MILLISECONDS = 40


class Middle(QFrame):
    """Pages are made once each, when they are first needed."""

    command = Signal(object)
    stop = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._classes: Mapping[type[PageView] | None, type[Page]] = {}
        self._pages: dict[type[PageView] | None, Page] = {}
        self._snapshot: DeskSnapshot | None = None
        self._refusal: tuple[str, str] = ("", "")
        self._machines: dict[DeviceKind, DeviceStatus] = {}
        self.page: Page | None = None
        self.setProperty("look", "middle")
        box = QVBoxLayout(self)
        box.setContentsMargins(26, 18, 26, 12)
        box.setSpacing(0)
        self.title, self.phrase, self.rule = (
            Words("amount", bold=True),
            Words("body", "second", wrap=True),
            Words("label", "second", wrap=True),
        )
        box.addWidget(self.title)
        box.addSpacing(4)
        box.addWidget(self.phrase)
        box.addWidget(self.rule)
        self.given_back = Notice()
        self.given_back.setVisible(False)
        box.addSpacing(4)
        box.addWidget(self.given_back)
        box.addSpacing(6)
        self.stack = QStackedWidget()
        box.addWidget(self.stack, 1)
        self.notice = Notice()
        self.notice.setVisible(False)
        box.addWidget(self.notice)
        texts.changed.connect(self.redraw)

    @property
    def has_pages(self) -> bool:
        return bool(self._classes)

    def take_pages(self, classes: Mapping[type[PageView] | None, type[Page]]) -> None:
        """Know the pages, and make them one by one while nobody waits for anything."""
        self._classes = classes
        self._warm()

    def _warm(self) -> None:
        missing = [kind for kind in self._classes if kind not in self._pages]
        if missing:
            self._page(missing[0])
            QTimer.singleShot(WARM_MILLISECONDS, self, self._warm)

    def show_desk(self, snapshot: DeskSnapshot) -> None:
        self._snapshot = snapshot
        transaction = snapshot.transaction
        kind = type(transaction.page) if transaction else None
        page = self._page(kind)
        self.redraw()
        moved = page is not self.page
        self.page = page
        self.stack.setCurrentWidget(page)
        if transaction is None:
            page.show_desk(snapshot)
        else:
            page.show_view(transaction.page, transaction)
        if moved:
            page.focus_first()

    def count_on(self, pieces: int, minor: int) -> None:
        """A running count goes on, many times a second, and nothing else changes."""
        if self.page is not None:
            self.page.count_on(pieces, minor)

    def show_machine(self, status: DeviceStatus) -> None:
        """Every page knows its machine before it is shown."""
        self._machines[status.kind] = status
        for page in self._pages.values():
            page.show_machine(status)

    def _page(self, kind: type[PageView] | None) -> Page:
        if kind not in self._pages:
            page = self._classes[kind](self._texts)
            for status in self._machines.values():
                page.show_machine(status)
            page.command.connect(self.command)
            page.stop.connect(self.stop)
            self.stack.addWidget(page)
            self._pages[kind] = page
        return self._pages[kind]

    def redraw(self) -> None:
        one = self._snapshot.transaction if self._snapshot else None
        texts, refused = self._texts, self.notice.isVisibleTo(self)
        self.title.say(texts.of(one.step_title) if one else texts("frame.welcome"))
        phrase = texts.of(one.phrase) if one and not refused else ""
        self.phrase.say(f"“{phrase}”" if phrase else "")
        told = one is not None and bool(one.rule.zh) and not refused
        self.rule.say(texts("frame.rule", rule=texts.of(one.rule)) if one and told else "")
        by, why = one.given_back if one else ("", "")
        self.given_back.tell("warn", texts(f"frame.given_back.{by}") if by else "", why)

    def show_refusal(self, found: str, following: str) -> None:
        """What was refused takes the place of phrase and rule, so that a full page keeps its room."""
        self.notice.tell("bad", found, following)
        self.redraw()

    def reword_refusal(self, found: str, following: str) -> None:
        """Say a refusal that is still shown in the language now chosen."""
        if self.notice.isVisibleTo(self):
            self.show_refusal(found, following)

    def clear_notice(self) -> None:
        if self.notice.isVisibleTo(self):
            self.notice.setVisible(False)
            self.redraw()
