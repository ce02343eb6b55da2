"""Account number and name, slip beside account: agreement goes on by itself, a difference of substance never."""

from __future__ import annotations

from collections.abc import Hashable

from desk.commands import Advance, Command, ReturnSlip
from desk.domain.masking import group_number
from desk.views import NameMatchView
from ui.fonts import visible
from ui.pages.reasons import picker
from ui.pages.step_page import Action, StepPage
from ui.pages.wording import listed, noted
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.look import known
from ui.widgets.parts import Card, Notice

SLIP_REASONS = ("name_wrong", "number_wrong", "altered", "incomplete", "wrong_book", "customer_asks", "other")


class NameMatchPage(StepPage):
    """Emits ``Advance`` once when both agree; otherwise the customer writes a new slip."""

    view: NameMatchView | None

    def build(self) -> None:
        card = Card()
        self._table = LedgerTable()
        card.box.addWidget(self._table)
        self._notice = Notice()
        self.body.addWidget(card)
        self.body.addWidget(self._notice)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        self._table.set_columns(
            (
                Column(""),
                Column(t("match.slip_side"), stretch=1, wrap=True),
                Column(t("match.account_side"), stretch=1, wrap=True),
                Column(t("match.result")),
            )
        )
        name_agrees = view.result in ("EXACT", "NORMALISED")
        self._table.set_rows(
            (
                self._row("number", group_number(view.written_number), group_number(view.account_number),
                          view.number_agrees, bool(view.result)),
                self._row("name", visible(view.written_name), visible(view.account_name), name_agrees,
                          bool(view.result)),
            )
        )  # fmt: skip
        self._tell(view)

    def _row(self, key: str, written: str, account: str, agrees: bool, told: bool) -> tuple[Cell, ...]:
        t = self.texts
        state = Cell(t("match.pending"), "second")
        if told:
            state = (
                Cell(f"✓ {t('page.agree')}", "ok") if agrees else Cell(f"▼ {t('page.differ')}", "bad", True)
            )
        return (Cell(t(f"match.{key}"), "second"), Cell(written), Cell(account), state)

    def _tell(self, view: NameMatchView) -> None:
        t = self.texts
        result = known(t, "match_result", view.result) if view.result else ""
        detail = noted(t, result, listed(t, [known(t, "match_reason", one) for one in view.reasons]))
        if not view.result:
            self._notice.tell("busy", t("match.pending"))
        elif view.way == "agree":
            self._notice.tell("ok", t("match.agree"), detail)
        elif not view.number_agrees:
            self._notice.tell("bad", t("match.stop_number"), t("match.stop_number_next"))
        else:
            key = "stop_check" if view.result == "NOT_CHECKABLE" else "stop_name"
            self._notice.tell("bad", f"{t('match.' + key)} · {detail}", t(f"match.{key}_next"))

    def offers(self) -> tuple[Action, ...]:
        if self.view is None or self.view.way == "agree" or not self.view.result:
            return ()
        return (Action("return_slip", "Alt+C", self.texts("match.return"), self._return, True, "main"),)

    def _return(self) -> None:
        self.open_overlay(
            picker(self.texts, "reason.title", SLIP_REASONS, lambda why: self.send(ReturnSlip(why)))
        )

    def automatic(self) -> tuple[Hashable, Command] | None:
        if self.view is None or self.view.way != "agree" or self.transaction is None:
            return None
        return ("match", self.transaction.transaction_id, self.view), Advance()
