"""The customer is asked: the teller sees what the customer sees, and records an answer given beside the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk.commands import Command, CustomerAnswer
from desk.domain.money import format_amount
from desk.views import ConfirmView
from ui.pages.reasons import picker
from ui.pages.step_page import Action, StepPage
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.look import denomination
from ui.widgets.parts import Card, Notice, Pair

NO_REASONS = (
    "amount_not_mine",
    "name_not_mine",
    "account_not_mine",
    "cash_not_agreed",
    "changed_mind",
    "other",
)
LEFT_REASONS = ("waited", "changed_mind", "fetch", "no_word", "other")


class CustomerConfirmPage(StepPage):
    """The customer's own touch is the rule, so no button here is the main one; Alt+P and Alt+S record another."""

    view: ConfirmView | None

    def build(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(28)
        card = Card(sides)
        left = QWidget()
        box = QVBoxLayout(left)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        self._amount, self._capitals = Pair("large"), Pair("lead", bold=False, wrap=True)
        self._name, self._number = Pair("lead", bold=False, wrap=True), Pair("lead", bold=False)
        for pair in (self._amount, self._capitals, self._name, self._number):
            box.addWidget(pair)
        self._table = LedgerTable()
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self._table)
        side.addStretch(1)
        sides.addWidget(left, 3)
        sides.addWidget(right, 2)
        self._notice = Notice()
        self.body.addWidget(self._notice)
        self.body.addWidget(card)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        self._notice.tell("busy", t("confirm.asked"), t("confirm.asked_next"))
        self._amount.tell(t("confirm.amount"), "¥" + format_amount(view.amount_minor))
        self._capitals.tell(t("confirm.capitals"), view.capitals)
        self._name.tell(t("confirm.name"), view.masked_name)
        self._number.tell(t("confirm.number"), view.masked_number)
        self._table.set_columns((Column(t("confirm.cash"), stretch=1), Column("", figures=True)))
        rows = [
            (Cell(denomination(t, row.denomination_minor)), Cell(t("page.pieces", n=row.counted_pieces)))
            for row in view.rows
        ]
        pieces = sum(row.counted_pieces or 0 for row in view.rows)
        rows.append((Cell(t("page.total"), bold=True), Cell(t("page.pieces", n=pieces), bold=True)))
        self._table.set_rows(rows)

    def offers(self) -> tuple[Action, ...]:
        if self.view is None:
            return ()
        t = self.texts
        return (
            Action("left", "Alt+L", t("confirm.left"), self._left),
            Action("disagree", "Alt+D", t("confirm.disagree"), self._no, True, "bad"),
            Action("spoken", "Alt+S", t("confirm.spoken"), self._yes("spoken")),
            Action("paper", "Alt+P", t("confirm.paper"), self._yes("paper")),
        )

    def _yes(self, modality: str) -> Callable[[], None]:
        command: Command = CustomerAnswer(True, modality)
        return lambda: self.send(command)

    def _no(self) -> None:
        def say(why: str) -> None:
            self.send(CustomerAnswer(False, "spoken", why))

        self.open_overlay(picker(self.texts, "confirm.why_disagree", NO_REASONS, say))

    def _left(self) -> None:
        def say(why: str) -> None:
            self.send(CustomerAnswer(False, "spoken", why, left=True))

        self.open_overlay(picker(self.texts, "confirm.why_left", LEFT_REASONS, say))
