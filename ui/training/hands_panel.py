"""The props of an interactive demo: a small window with what the customer's hands would do at the counter.

Not part of a desk in service: it talks to simulators only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk.domain.money import parse_amount
from desk.domain.refusals import Refusal
from devices.contracts import DeviceKind
from ui.desk_bridge import DeskBridge
from ui.operation import DeskThread, Operation
from ui.texts import Texts
from ui.training.branch import ACCOUNTS, TrainingAccount, write_slip
from ui.training.desk import TrainingDesk

NOTES_YUAN = (100, 50, 20, 10, 5, 1)
REJECTED = {"denomination": 100, "reject": 6}
PAGE_PIXELS = 560


class HandsPanel(QWidget):
    """A customer to choose, the slip's amount, and one button for each thing hands can do."""

    def __init__(self, texts: Texts, training: TrainingDesk, bridge: DeskBridge) -> None:
        super().__init__()
        self._texts, self._training = texts, training
        self._thread = DeskThread("hands")
        self._note = QLabel()
        self._note.setWordWrap(True)
        sides = QHBoxLayout(self)
        box = QVBoxLayout()
        self.page = QLabel()
        self.page.setVisible(False)
        sides.addLayout(box)
        sides.addWidget(self.page, 0, Qt.AlignmentFlag.AlignTop)
        self._title = QLabel()
        self._who, self._amount = QComboBox(), QLineEdit("20250")
        self._who.addItems([account.name for account in ACCOUNTS])
        self._buttons: list[tuple[QPushButton, str]] = []
        for part in (self._title, self._who, self._amount):
            box.addWidget(part)
        actions: tuple[tuple[str, Callable[[], None]], ...] = (
            ("slip", self._slip), ("book", self._book), ("cash", self._cash), ("reject", self._reject),
            ("note", self._detector), ("jam", self._jam), ("clear", self._clear), ("look", self._look),
        )  # fmt: skip
        plugs: tuple[tuple[str, Callable[[DeviceKind], None]], ...] = (
            ("unplug", training.unplug), ("plug_in", training.plug_in), ("spare", training.carry_in_another),
        )  # fmt: skip
        for key, act in actions:
            button = QPushButton()
            button.clicked.connect(act)
            self._buttons.append((button, key))
            box.addWidget(button)
        self._which = QComboBox()
        self._which.addItems([""] * len(DeviceKind))
        box.addWidget(self._which)
        for key, plug in plugs:
            button = QPushButton()
            button.clicked.connect(lambda _=False, plug=plug: self._to_machine(plug))
            self._buttons.append((button, key))
            box.addWidget(button)
        box.addWidget(self._note)
        box.addStretch(1)
        self._business_date = ""
        bridge.changed.connect(self._remember)
        texts.changed.connect(self.redraw)
        self.redraw()

    def redraw(self) -> None:
        self.setWindowTitle(self._texts("hands.title"))
        self._title.setText(self._texts("hands.title"))
        for button, key in self._buttons:
            button.setText(self._texts(f"hands.{key}"))
        for at, kind in enumerate(DeviceKind):
            self._which.setItemText(at, self._texts(f"device_kind.{kind.value}"))
        self.adjustSize()

    def _remember(self, snapshot: Any) -> None:
        self._business_date = snapshot.business_date

    def _account(self) -> TrainingAccount:
        return ACCOUNTS[self._who.currentIndex()]

    def _notes(self) -> list[Any] | None:
        """The amount in the fewest notes; None when it cannot be read or is no whole yuan."""
        amount = parse_amount(self._amount.text())
        if isinstance(amount, Refusal) or amount % 100:
            self._note.setText(self._texts("hands.amount_unreadable"))
            return None
        left, notes = amount // 100, []
        for unit in NOTES_YUAN:
            pieces, left = divmod(left, unit)
            if pieces:
                notes.append([unit, pieces])
        return notes

    def _slip(self) -> None:
        notes = self._notes()
        if notes is None:
            return
        rows = tuple((unit * 100, pieces) for unit, pieces in notes)
        amount = sum(unit * pieces for unit, pieces in rows)
        day = self._business_date or self._training.desk.session.snapshot().business_date
        write_slip(self._training.folder, self._account(), amount, day, rows)
        self._note.setText(self._texts("hands.done"))

    def _book(self) -> None:
        account = self._account()
        self._do(lambda: self._training.insert_book(account))

    def _load(self, notes: list[Any]) -> None:
        counter = self._training.counter

        def put() -> None:
            counter.hands(do="take")
            counter.hands(do="load", notes=notes, rate_per_minute=1500)

        self._do(put)

    def _cash(self) -> None:
        notes = self._notes()
        if notes is not None:
            self._load(notes)

    def _reject(self) -> None:
        notes = self._notes()
        if notes and notes[0][0] == REJECTED["denomination"]:
            self._load([REJECTED, [notes[0][0], notes[0][1] - 1], *notes[1:]])

    def _detector(self) -> None:
        self._do(lambda: self._training.detector.hands(do="insert", denomination=100, classification=4))

    def _jam(self) -> None:
        self._do(lambda: self._training.printer.hands(do="silent", ink=True))

    def _clear(self) -> None:
        self._do(lambda: self._training.printer.hands(do="clear"))

    def _to_machine(self, act: Callable[[DeviceKind], None]) -> None:
        """Something that is done to the machine now chosen: its plug, or a spare beside it."""
        kind = tuple(DeviceKind)[self._which.currentIndex()]
        self._do(lambda: act(kind))

    def _look(self) -> None:
        """The open page of the chosen customer's book, as it lies there now."""
        account, path = self._account(), self._training.folder.root / "page-seen.png"

        def draw() -> None:
            book = self._training.desk.session.book_of(account.account_id)
            self._training.page_image(account, book.next_page, path)

        Operation(self._thread, draw).success(lambda _: self._show_page(path)).failure(self._broke).start()

    def _show_page(self, path: Path) -> None:
        self.page.setPixmap(
            QPixmap(str(path)).scaledToWidth(PAGE_PIXELS, Qt.TransformationMode.SmoothTransformation)
        )
        self.page.setAccessibleName(self._texts("hands.look"))
        self.page.setVisible(True)
        self.adjustSize()

    def _broke(self, error: Exception) -> None:
        self._note.setText(f"{type(error).__name__}: {error}")

    def _do(self, act: Callable[[], object]) -> None:
        Operation(self._thread, act).success(lambda _: self._note.setText(self._texts("hands.done"))).failure(
            self._broke
        ).start()
