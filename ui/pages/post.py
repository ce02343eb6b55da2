"""Posting: everything that gates it, each with its state; it is asked for once, by itself, when all stand."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtGui import QHideEvent

from desk.commands import Command, Post
from desk.domain.money import format_amount
from desk.views import PostView
from ui.pages.step_page import Action, StepPage
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.parts import Card, Notice, Pair


class PostPage(StepPage):
    """Emits ``Post`` once when ready; ``+`` asks again after a refusal."""

    view: PostView | None

    def build(self) -> None:
        self._again = False
        head, gates = Card(), Card()
        self._amount, self._table = Pair(), LedgerTable()
        head.box.addWidget(self._amount)
        gates.box.addWidget(self._table)
        self._notice = Notice()
        for part in (head, gates, self._notice):
            self.body.addWidget(part)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        self._amount.tell(t("post.amount"), format_amount(view.amount_minor))
        self._table.set_columns((Column(t("post.gates"), stretch=1), Column("", figures=True)))
        rows = []
        for gate in view.gates:
            good = gate.state == "pass"
            state = (
                Cell(f"✓ {t('page.pass')}", "ok") if good else Cell(f"▲ {t('page.open')}", "warn", bold=True)
            )
            rows.append((Cell(t.of(gate.title)), state))
        self._table.set_rows(rows)
        if view.ready and self._again:
            self._notice.tell("warn", t("post.again"), t("post.again_next"))
        elif view.ready:
            self._notice.tell("busy", t("post.ready"))
        else:
            self._notice.tell("warn", t("post.not_ready"), t("post.not_ready_next"))

    def offers(self) -> tuple[Action, ...]:
        if self.view is None or not self._again:
            return ()  # it posts by itself
        return (Action("commit", "+", self.texts("post.post"), self._post, self.view.ready, "main"),)

    def _post(self) -> None:
        self._again, self._last_command = False, None
        self.send(Post())
        self.redraw()

    def refused(self) -> None:
        self._again = True
        self.redraw()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self._again = False

    def automatic(self) -> tuple[Hashable, Command] | None:
        if self.view is None or not self.view.ready or self.transaction is None:
            return None
        return ("post", self.transaction.transaction_id), Post()
