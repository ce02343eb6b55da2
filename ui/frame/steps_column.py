"""The left column: what is being done, the steps with their owners, and why a second person is due."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from desk.views import TransactionView
from ui.frame.steps_list import StepsList
from ui.texts import Texts
from ui.widgets.parts import Words

WIDTH = 252


def _drawn(one: TransactionView | None) -> tuple[object, ...]:
    """What this column shows of a transaction; a running count changes none of it."""
    return (
        (one.transaction_id, one.title, one.number, one.steps, one.blind, one.second_person_reason)
        if one
        else ()
    )


class StepsColumn(QFrame):
    """``show_transaction`` with None clears it."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._transaction: TransactionView | None = None
        self.setProperty("look", "side")
        self.setFixedWidth(WIDTH)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(14, 20, 14, 14)
        self._box.setSpacing(2)
        self.title, self.number = Words("lead", bold=True), Words("label", "second")
        self._box.addWidget(self.title)
        self._box.addWidget(self.number)
        self._box.addSpacing(10)
        self._steps = StepsList(texts)
        self._box.addWidget(self._steps)
        self._box.addSpacing(10)
        self.reason = QFrame()
        self.reason.setProperty("look", "notice-accent")
        reason_box = QVBoxLayout(self.reason)
        reason_box.setContentsMargins(12, 9, 12, 9)
        self.reason_text = Words("label", "accent", wrap=True)
        reason_box.addWidget(self.reason_text)
        self._box.addWidget(self.reason)
        self._box.addStretch(1)
        texts.changed.connect(self.redraw)
        self.redraw()

    def show_transaction(self, transaction: TransactionView | None) -> None:
        before, self._transaction = self._transaction, transaction
        if _drawn(before) != _drawn(transaction):
            self.redraw()

    def redraw(self) -> None:
        one, texts = self._transaction, self._texts
        self.title.say(texts.of(one.title) + f"  {one.code}" if one else "")
        self.number.say(texts("frame.number", number=one.number) if one else "")
        self._steps.show_steps(one.steps if one else ())
        reason = one.second_person_reason if one and not one.blind else None
        self.reason_text.say(texts.of(reason) if reason else "")
        self.reason.setVisible(reason is not None)
