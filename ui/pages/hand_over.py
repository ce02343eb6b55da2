"""Hand over: what goes back to the customer, what is stamped and filed, and the words to say with it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from desk.commands import HandOver
from desk.domain.money import format_amount
from desk.views import HandOverView
from ui.pages.reasons import picker
from ui.pages.step_page import Action, StepPage
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.parts import Card, Notice, Pair, Words, fill

NO_REASONS = ("book_amount", "book_line", "receipt_wrong", "not_given", "other")
_RECEIPTS = {"done": "ok", "not_done": "warn", "unknown": "warn", "": "busy"}


class HandOverPage(StepPage):
    """``+`` says that everything was handed over; Alt+D opens a disputed item that names its next person."""

    view: HandOverView | None

    def build(self) -> None:
        head = Card(QHBoxLayout())
        self._amount, self._balance, self._lines = Pair(), Pair(), Pair("lead", bold=False)
        for pair in (self._amount, self._balance, self._lines):
            head.box.addWidget(pair)
        todo = Card()
        self._todo_title, self._todo, self._said = (
            Words("label", "second"),
            LedgerTable(),
            Words("lead", wrap=True),
        )
        fill(todo.box, self._todo_title, self._todo, self._said)
        self._notice = Notice()
        fill(self.body, head, todo, self._notice)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        amount, balance = format_amount(view.amount_minor), format_amount(view.balance_minor)
        self._amount.tell(t("hand_over.amount"), amount)
        self._balance.tell(t("hand_over.balance"), balance)
        self._lines.tell(t("hand_over.lines"), t("hand_over.lines_n", n=view.lines_printed))
        self._todo_title.say(t("hand_over.steps"))
        self._todo.set_columns((Column("", figures=True), Column("", stretch=1)))
        steps = [t("hand_over.give", item=t.of(item)) for item in view.items]
        steps += [t("hand_over.stamp", seal=t.of(view.seal)), t("hand_over.file")]
        self._todo.set_rows([(Cell(str(n), "second"), Cell(step)) for n, step in enumerate(steps, 1)])
        self._said.say(t("hand_over.said", amount=amount, balance=balance))
        receipt = t(f"hand_over.receipt_{view.receipt or 'none'}")
        self._notice.tell(_RECEIPTS[view.receipt], f"{t('hand_over.receipt')} · {receipt}")

    def offers(self) -> tuple[Action, ...]:
        view, t = self.view, self.texts
        if view is None:
            return ()
        told = bool(view.receipt)
        return (
            Action("disagree", "Alt+D", t("hand_over.disagree"), self._no, told, "bad"),
            Action("commit", "+", t("hand_over.done"), lambda: self.send(HandOver()), told, "main"),
        )

    def _no(self) -> None:
        def say(why: str) -> None:
            self.send(HandOver(customer_agreed=False, reason=why))

        self.open_overlay(picker(self.texts, "hand_over.why_disagree", NO_REASONS, say))
