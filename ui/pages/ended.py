"""The end of a transaction: how it ended, what that means for cash, book and slip, and who goes on if it is open."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from desk.commands import CloseTransaction
from desk.domain.money import format_amount
from desk.views import EndView
from ui.pages.step_page import Action, StepPage
from ui.widgets.parts import Card, Notice, Pair, Words

_TONES = {"archived": "ok", "disputed": "bad", "withheld": "warn"}


class EndedPage(StepPage):
    """Enter makes room for the next customer."""

    view: EndView | None

    def build(self) -> None:
        self._notice = Notice()
        card = Card(QHBoxLayout())
        self._number, self._amount, self._balance = Pair("lead", bold=False), Pair(), Pair()
        for pair in (self._number, self._amount, self._balance):
            card.box.addWidget(pair)
        more = Card()
        self._more = more
        self._reason, self._next = Words("body", wrap=True), Words("body", bold=True, wrap=True)
        more.box.addWidget(self._reason)
        more.box.addWidget(self._next)
        for part in (self._notice, card, more):
            self.body.addWidget(part)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        posted = view.outcome in ("archived", "disputed")
        self._notice.tell(
            _TONES.get(view.outcome, "warn"), t(f"ended.{view.outcome}"), t(f"ended.{view.outcome}_next")
        )
        self._number.tell(t("ended.number"), view.number)
        self._amount.tell(
            t("ended.amount") if posted else "", format_amount(view.amount_minor) if posted else ""
        )
        self._balance.tell(
            t("ended.balance") if posted else "", format_amount(view.balance_minor) if posted else ""
        )
        reason = view.reason if view.outcome != "archived" else ""
        self._reason.say(f"{t('ended.reason')}  {reason}" if reason else "")
        self._next.say(t("ended.next_person", name=view.next_person) if view.next_person else "")
        self._more.setVisible(bool(reason or view.next_person))

    def offers(self) -> tuple[Action, ...]:
        if self.view is None:
            return ()
        return (
            Action(
                "next",
                "Return",
                self.texts("ended.close"),
                lambda: self.send(CloseTransaction()),
                True,
                "main",
            ),
        )
