"""Receive and identify: the account as the book tells it, and the teller's look at customer and book."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desk.commands import Command, ConfirmCustomer, IdentifyCustomer, ReadBook
from desk.domain.masking import group_number
from desk.views import IdentifyView
from ui.pages.step_page import Action, StepPage
from ui.widgets.key_fields import DigitsField
from ui.widgets.look import known
from ui.widgets.parts import Card, Notice, Pair, Words


class IdentifyPage(StepPage):
    """Reads the book by itself when it opens empty; ``+`` confirms that customer and book belong together."""

    view: IdentifyView | None

    def build(self) -> None:
        self._notice = Notice()
        self._entry = Card()
        self._entry_label, self._number = Words("label", "second"), DigitsField(23)
        self._number.setMinimumHeight(46)
        self._number.entered.connect(self._find)
        self._entry.box.addWidget(self._entry_label)
        self._entry.box.addWidget(self._number)
        self._facts = Card(QVBoxLayout())
        self._facts.box.setSpacing(14)
        self._account, self._holder = Pair("amount"), Pair("lead", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        self._small = [Pair("body", bold=False, wrap=True) for _ in range(4)]
        for column, pair in enumerate(self._small):
            grid.addWidget(pair, 0, column)
            grid.setColumnStretch(column, 1)
        for part in (self._account, self._holder):
            self._facts.box.addWidget(part)
        holder = QWidget()
        holder.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        self._facts.box.addWidget(holder)
        for card in (self._facts, self._notice, self._entry):
            self.body.addWidget(card)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        found = bool(view.account_number)
        self._facts.setVisible(found)
        self._entry.setVisible(not found and not view.reading)
        self._entry_label.say(t("identify.number"))
        self._number.setAccessibleName(t("identify.number"))
        if not found:
            self._account.tell("", "")
            self._holder.tell("", "")
            key = "reading" if view.reading else "unread"
            tone = "busy" if view.reading else "warn"
            self._notice.tell(tone, t(f"identify.{key}"), t(f"identify.{key}_next"))
            return
        self._number.clear()
        self._account.tell(t("identify.account"), group_number(view.account_number))
        self._holder.tell(t("identify.holder"), view.holder_name)
        self._show_small(view)
        if view.status == "open":
            self._notice.tell("info", t("identify.see_title"), t("identify.see_detail"))
        else:
            self._notice.tell("bad", t("identify.not_open"))

    def _show_small(self, view: IdentifyView) -> None:
        t = self.texts
        lines = (
            t("identify.unprinted_n", n=view.unprinted_lines)
            if view.unprinted_lines
            else t("identify.unprinted_none")
        )
        good = view.status == "open"
        status = ("✓ " if good else "▼ ") + known(t, "status", view.status)
        kind, party = known(t, "account_kind", view.account_kind), known(t, "party", view.party)
        self._small[0].tell(t("identify.status"), status, "ok" if good else "bad")
        self._small[1].tell(t("identify.unprinted"), lines)
        self._small[2].tell(t("identify.kind"), kind)
        self._small[3].tell(t("identify.party"), party)

    def offers(self) -> tuple[Action, ...]:
        view, t = self.view, self.texts
        if view is None:
            return ()
        found = bool(view.account_number)
        if view.reading:
            return (Action("back", "Esc", t("page.stop_waiting"), self.stop.emit),)
        again = Action("", "F5", t("identify.read_again"), lambda: self.send(ReadBook()))
        if not found:
            find = Action("", "Return", t("identify.find"), self._find, True, "main")
            return (again, find)
        good = view.status == "open"
        return (
            again,
            Action("agent", "Alt+A", t("identify.agent"), lambda: self.send(ConfirmCustomer("agent")), good),
            Action("commit", "+", t("identify.confirm"), lambda: self.send(ConfirmCustomer()), good, "main"),
        )

    def automatic(self) -> tuple[Hashable, Command] | None:
        view = self.view
        if view is None or view.account_number or view.reading or self.transaction is None:
            return None
        return ("read", self.transaction.transaction_id), ReadBook()

    def stage(self) -> str:
        if self.view is None or self.view.reading:
            return "reading"
        return "found" if self.view.account_number else "asked"

    def first_field(self) -> QWidget | None:
        view = self.view
        return self._number if view and not view.account_number and not view.reading else None

    def _find(self) -> None:
        number = self._number.text().strip()
        if number:
            self.send(IdentifyCustomer(number))
