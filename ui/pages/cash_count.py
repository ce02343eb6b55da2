"""Counting the cash: asked, found and difference first, then the table, then what to do about it.

The second count is blind: it shows pieces in progress and whether both counts agree, never an amount.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk.commands import (
    AcceptCount,
    Command,
    CountNotes,
    KeyHandCount,
    LeaveSeat,
    Recount,
    ReferNote,
    ReturnReview,
    ReturnSlip,
)
from desk.domain.money import format_amount
from desk.domain.refusals import Refusal, RefusalCode
from desk.views import CountView
from devices.contracts import DeviceKind
from ui.pages.count_words import UNCOUNTED, columns, headline, notice, table_rows, unfinished_title
from ui.pages.dialogs.hand_count import HandCount
from ui.pages.machine_watch import Told
from ui.pages.reasons import picker
from ui.pages.step_page import Action, StepPage
from ui.widgets.ledger_table import LedgerTable
from ui.widgets.parts import Card, Notice, Pair, Words

SLIP_REASONS = ("amount_wrong", "cash_short", "cash_over", "altered", "customer_asks", "other")
GIVE_BACK_REASONS = ("first_wrong", "second_wrong", "cash_moved", "other")


class CashCountPage(StepPage):
    """The machine starts by itself when the page opens empty; ``+`` accepts what agrees."""

    view: CountView | None
    needs = DeviceKind.NOTE_COUNTER

    def build(self) -> None:
        self._running: tuple[CountView, int, int] | None = None
        self._head = Card(QHBoxLayout())
        self._asked, self._found, self._difference = Pair(), Pair(), Pair()
        for pair in (self._asked, self._found, self._difference):
            self._head.box.addWidget(pair)
        self._progress_card = Card()
        self._progress, self._progress_more = Words("large", "accent", bold=True), Words("body", "second")
        self._progress_card.box.addWidget(self._progress)
        self._progress_card.box.addWidget(self._progress_more)
        self._table_card = Card()
        self._table_card.box.setContentsMargins(16, 8, 16, 10)
        self._table = LedgerTable()
        self._table_card.box.addWidget(self._table)
        self._serials = Words("label", "second", wrap=True)
        self._notice = Notice()
        for card in (self._head, self._progress_card, self._table_card, self._serials, self._notice):
            self.body.addWidget(card)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        secret = view.second or self.blind
        counting = view.state == "counting"
        self._head.setVisible(not secret)
        self._table_card.setVisible(not secret and not counting and bool(view.rows or view.hand_minor))
        self._progress_card.setVisible(counting)
        self._show_amounts(None if secret else view)
        self._progress_more.say("")
        if counting:
            self._show_running(*self._running_now(view))
        if secret:
            self._table.set_rows((), spoken=False)
            self._serials.say(t("count.attempts", n=view.counts_so_far) if view.counts_so_far else "")
        elif not counting:
            self._table.set_columns(columns(t))
            self._table.set_rows(table_rows(t, view))
            self._serials.say(self._serial_words(view))
        self._notice.tell(*(self.machine_words() or notice(t, view)))

    def count_on(self, pieces: int, minor: int) -> None:
        """The numbers alone, while notes run: they stand until the next view."""
        if self.view is None or self.view.state != "counting":
            return  # told late: the heap has ended since
        self._running = (self.view, pieces, minor)
        self._show_running(pieces, minor)

    def _running_now(self, view: CountView) -> tuple[int, int]:
        """What was told since this view came, or what it said itself."""
        if self._running is not None and self._running[0] is view:
            return self._running[1:]
        return view.progress_pieces, view.progress_minor

    def _show_running(self, pieces: int, minor: int) -> None:
        self._progress.say(self.texts("count.progress", n=pieces))
        assert self.view is not None
        if not self.view.second and not self.blind:
            running = format_amount(minor)
            self._progress_more.say(running)
            self._found.value.say(running)

    def _show_amounts(self, view: CountView | None) -> None:
        t = self.texts
        if view is None:
            for pair in (self._asked, self._found, self._difference):
                pair.tell("", "")
            return
        slip = format_amount(view.slip_minor) if view.slip_minor is not None else "–"
        found = view.progress_minor if view.state == "counting" else view.counted_minor
        self._asked.tell(t("count.slip_amount"), slip)
        self._found.tell(t("count.counted_amount"), format_amount(found))
        label, value, tone = headline(t, view)
        self._difference.tell(label, value, tone, tone if tone != "ink" else "second")

    def _serial_words(self, view: CountView) -> str:
        all_read = view.serials_read + view.serials_unread
        parts = []
        if view.counts_so_far:
            parts.append(self.texts("count.attempts", n=view.counts_so_far))
        if all_read:
            parts.append(
                self.texts("count.serials", read=view.serials_read, all=all_read, unread=view.serials_unread)
            )
        return "　".join(parts)

    def machine_words(self) -> Told | None:
        """What was counted keeps its own words; where notes are to be put in, the machine comes first."""
        view, t = self.view, self.texts
        if view is None or view.state not in UNCOUNTED or not self.machine.state():
            return None
        unfinished = view.state == "incomplete"
        limit = format_amount(view.hand_limit_minor)
        told = self.machine.told(
            t, DeviceKind.NOTE_COUNTER, "recount" if unfinished else "count", limit=limit
        )
        if not unfinished:
            return told
        return "warn", unfinished_title(t, view), t.joined(t("page.sentence", words=told[1]), told[2])

    def says(self, refusal: Refusal) -> bool:
        return refusal.code is RefusalCode.BATCH_INCOMPLETE

    # --- acting ----------------------------------------------------------------------------------------

    def offers(self) -> tuple[Action, ...]:
        view = self.view
        if view is None:
            return ()
        if view.state == "counting":
            return self._while_counting(view)
        return self._second_actions(view) if view.second else self._first_actions(view)

    def _while_counting(self, view: CountView) -> tuple[Action, ...]:
        """A wait for notes can be left (all may be coins); a running count cannot."""
        waits = not view.progress_pieces
        return (Action("back", "Esc", self.texts("page.stop_waiting"), self.stop.emit, waits),)

    def _first_actions(self, view: CountView) -> tuple[Action, ...]:
        t = self.texts
        counted = view.state not in ("empty", "incomplete")
        agree = self._send(AcceptCount())
        rejects = view.rejected_open > 0
        one_of = ("silent", "plain") if rejects else ("plain", "silent")  # both keys hold; one row of buttons
        return (
            Action("return_slip", "Alt+C", t("count.return"), self._return_slip),
            Action("hand_count", "Alt+H", t("count.hand"), self._hand),
            Action("more", "Alt+M", t("count.more"), self._send(CountNotes()), counted, one_of[0]),
            Action("suspect", "F6", t("count.suspect"), self._send(ReferNote()), rejects, one_of[1]),
            self._again(view),
            Action("commit", "+", t("count.accept"), agree, view.can_accept, "main"),
        )

    def _second_actions(self, view: CountView) -> tuple[Action, ...]:
        t = self.texts
        agree = self._send(AcceptCount())
        return (
            Action("leave_seat", "Alt+Q", t("count.leave"), self._send(LeaveSeat())),
            Action("return", "Alt+B", t("count.give_back"), self._give_back),
            Action("hand_count", "Alt+H", t("count.hand"), self._hand),
            self._again(view),
            Action("commit", "+", t("count.accept"), agree, view.can_accept, "main"),
        )

    def _again(self, view: CountView) -> Action:
        t, fresh = self.texts, view.state in ("empty", "incomplete")
        command: Command = CountNotes() if fresh else Recount(t("count.recount_reason"))
        words = t("count.start") if fresh else t("count.recount")
        return Action("recount", "F5", words, self._send(command))

    def _send(self, command: Command) -> Callable[[], None]:
        return lambda: self.send(command)

    def _return_slip(self) -> None:
        self.open_overlay(
            picker(self.texts, "reason.title", SLIP_REASONS, lambda why: self.send(ReturnSlip(why)))
        )

    def _give_back(self) -> None:
        def give(why: str) -> None:
            self.send(ReturnReview("differs", why))

        self.open_overlay(picker(self.texts, "reason.title", GIVE_BACK_REASONS, give))

    def _hand(self) -> None:
        second = self.view is not None and self.view.second
        grid = HandCount(self.texts, sums=not (second or self.blind))
        grid.given.connect(lambda rows: self.send(KeyHandCount(rows)))
        self.open_overlay(grid)

    def automatic(self) -> tuple[Hashable, Command] | None:
        view = self.view
        if view is None or view.state != "empty" or self.transaction is None:
            return None
        seat = self.transaction.seat.staff_no if self.transaction.seat else ""
        key = (self.transaction.transaction_id, view.second, view.counts_so_far, seat)
        return ("count", *key), CountNotes()

    def stage(self) -> str:
        if self.view is None:
            return ""
        return f"{self.view.second}/{self.view.state == 'counting'}/{self.view.counts_so_far}"

    def first_field(self) -> QWidget | None:
        return None
