"""Printing the passbook: the page before ink, the wait for the book, and a person's answer where nobody knows.

An unknown print is a question, never a second try; a second print is a second person's signature.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk.commands import (
    AdjustCursor,
    Command,
    ConfirmBook,
    LeaveFullBook,
    PrintAgain,
    PrintBook,
    SettlePrint,
    TurnPage,
)
from desk.domain.masking import group_number
from desk.domain.refusals import RefusalCode, refuse
from desk.views import BookLineView, PrintView
from devices.contracts import DeviceKind
from devices.errors import DeviceErrorCode
from ui.detail_words import device_error_numbered
from ui.pages.dialogs.line_prompt import LinePrompt
from ui.pages.dialogs.password_prompt import PasswordPrompt
from ui.pages.machine_watch import Told
from ui.pages.step_page import Action, StepPage
from ui.pages.wording import person_lines
from ui.widgets.book_preview import BookPreview
from ui.widgets.choice_list import ChoiceList
from ui.widgets.key_fields import DigitsField
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.parts import Card, Notice, Row, Words

_COLUMNS = ("date", "summary", "amount", "balance")
_SHORT_COLUMNS = ("date", "amount", "balance")
LISTED_PREVIEW_LINES = 3
"""So many lines of a long print are drawn; the list below names first and last ones."""
SHOWN_LINES, FIRST_SHOWN, LAST_SHOWN = 4, 2, 2
"""More lines than these are listed by their first and last ones."""
_PRINTS_NEXT = frozenset({"ready", "not_done", "again"})
"""States in which the next thing is to print."""
ONE_COLUMN_LINES = 9
"""More lines in question than these (the digits there are) stand in two columns, and their number is keyed."""


class PrintBookPage(StepPage):
    """Asks for the print once by itself; digits answer how many of the lines in question are on the page, and a number
    with Enter where one digit is not enough."""

    view: PrintView | None
    needs = DeviceKind.PASSBOOK_PRINTER

    def build(self) -> None:
        self._notice, self._printer_stopped = Notice(), False
        top = Card(QHBoxLayout())
        top.box.setSpacing(16)
        self._preview = BookPreview(self.texts)
        top.box.addWidget(self._preview)
        self._lines_card = Card()
        self._lines_card.box.setContentsMargins(16, 8, 16, 10)
        self._lines_title, self._lines = Words("label", "second"), LedgerTable()
        self._lines_card.box.addWidget(self._lines_title)
        self._lines_card.box.addWidget(self._lines)
        self._digits = Words("body", "accent", bold=True)
        self._lines_card.box.addWidget(self._digits)
        self._seen_label, self._seen = Words("label", "second"), DigitsField(2)
        self._seen.setFixedSize(96, 40)
        self._seen.entered.connect(self._answer_keyed)
        self._seen_row = Row(self._seen_label, self._seen, stretch=True)
        self._lines_card.box.addWidget(self._seen_row)
        self._people_card = Card()
        self._people = ChoiceList(most=3)
        self._people_card.box.addWidget(self._people)
        self._top = top
        for part in (self._notice, top, self._lines_card, self._people_card):
            self.body.addWidget(part)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        self._printer_stopped &= view.state == "unknown"
        asked, again = view.question if view.state == "unknown" else view.lines, view.state == "again"
        self._top.setVisible(bool(view.placed) and not again and view.state != "unknown")
        self._preview.show_page(view, SHOWN_LINES if len(asked) <= SHOWN_LINES else LISTED_PREVIEW_LINES)
        self._lines_card.setVisible(bool(asked))
        self._lines_title.say(t("print.lines"))
        if self._is_keyed(view):
            self._list_in_two(view.question)
        else:
            self._list(view, asked)
        self._digits.say(self._digit_words(view))
        self._seen_label.say(t("print.seen_lines"))
        self._seen.setAccessibleName(t("print.seen_lines"))
        self._seen_row.setVisible(self._is_keyed(view))
        self._people_card.setVisible(again and bool(view.candidates))
        self._people.set_lines(person_lines(t, view.candidates) if again else [])
        self._notice.tell(*(self.machine_words() or self._words(view)))

    def _is_keyed(self, view: PrintView | None) -> bool:
        return view is not None and view.state == "unknown" and len(view.question) > ONE_COLUMN_LINES

    def _digit_words(self, view: PrintView) -> str:
        """Which digits answer now, and what each of them says."""
        t, asked = self.texts, len(view.question)
        if view.state != "unknown" or self._is_keyed(view):
            return ""
        return t("print.digits_one") if asked == 1 else t("print.digits", n=asked)

    def _headings(self, names: tuple[str, ...]) -> list[Column]:
        t = self.texts
        told = [Column(t(f"print.{one}"), figures=one in ("amount", "balance"), stretch=1) for one in names]
        return [Column(t("print.column_line"), figures=True), *told]

    def _list(self, view: PrintView, asked: tuple[BookLineView, ...]) -> None:
        """One line a row; of many that will be printed, one after the other, the first and the last ones."""
        self._lines.set_columns((*self._headings(_COLUMNS), Column("")))
        rows = [self._row(line, view) for line in asked]
        left_out = len(rows) - FIRST_SHOWN - LAST_SHOWN
        if view.state != "unknown" and len(rows) > SHOWN_LINES:
            more = Cell(self.texts("print.more_lines", n=left_out), "second")
            rows[FIRST_SHOWN:-LAST_SHOWN] = [(Cell(""), Cell(""), more, Cell(""), Cell(""), Cell(""))]
        self._lines.set_rows(rows)

    def _list_in_two(self, asked: tuple[BookLineView, ...]) -> None:
        """Every line in question, in two columns: nobody can answer for a line that is not shown."""
        self._lines.set_columns((*self._headings(_SHORT_COLUMNS), *self._headings(_SHORT_COLUMNS)))
        half = -(-len(asked) // 2)
        rows = []
        for at in range(half):
            pair = (asked[at], asked[at + half] if at + half < len(asked) else None)
            rows.append([cell for one in pair for cell in self._short_row(one)])
        self._lines.set_rows(rows)

    def _short_row(self, line: BookLineView | None) -> list[Cell]:
        if line is None:
            return [Cell("")] * (len(_SHORT_COLUMNS) + 1)
        fields = dict(line.columns)
        return [Cell(str(line.line), "second"), *(Cell(fields.get(name, "")) for name in _SHORT_COLUMNS)]

    def _row(self, line: BookLineView, view: PrintView) -> tuple[Cell, ...]:
        t, fields = self.texts, dict(line.columns)
        if view.state == "unknown":
            mark = Cell("?", "warn", bold=True)
        else:
            told = t("print.new_line" if line.new else "print.caught_up")
            said = t("print.summed", n=line.entries) if line.entries > 1 else told
            mark = Cell(said, "accent" if line.new else "second")
        return (Cell(str(line.line), "second"), *(Cell(fields.get(name, "")) for name in _COLUMNS), mark)

    def _words(self, view: PrintView) -> tuple[str, str, str]:
        """``(tone, title, detail)`` of the state."""
        t = self.texts
        if view.refusal is not None:
            full = view.refusal.code is RefusalCode.BOOK_FULL
            return ("bad", t("print.refused"), t("print.full_next") if full else t.refusal(view.refusal)[1])
        if view.state == "look":
            return ("warn", t("print.look", number=group_number(view.account_number)), self._look_words(view))
        if view.state == "unknown":
            return ("warn", self._question(view), self._answer_words(view))
        if view.state == "again" and not view.candidates:
            return ("warn", t("page.nobody"), t("page.needs_staff"))
        tone = {
            "ready": "info",
            "needs_book": "warn",
            "printing": "busy",
            "not_done": "warn",
            "again": "warn",
            "turn": "warn",
        }
        values = {"n": len(view.lines), "page": view.page}
        return (
            tone.get(view.state, "ok"),
            t(f"print.{view.state}", **values),
            t(f"print.{view.state}_next", **values),
        )

    def _answer_words(self, view: PrintView) -> str:
        """How to answer. A wait that was ended or ran out leaves lines in the printer, which a book would get."""
        t, error = self.texts, device_error_numbered(view.error_number)
        held = error is not None and error.code in (DeviceErrorCode.CANCELLED, DeviceErrorCode.TIMEOUT)
        return t.joined(self._cause(view), t("print.unknown_held") if held else "", t("print.unknown_next"))

    def _cause(self, view: PrintView) -> str:
        """What the printer's last job ended with, as a sentence; "" where nothing is known of it."""
        error = device_error_numbered(view.error_number)
        if error is None:
            return ""
        refusal = refuse(
            RefusalCode.DEVICE_NOT_READY, device=DeviceKind.PASSBOOK_PRINTER.value, error=str(error)
        )
        return self.texts("page.sentence", words=self.texts.refusal(refusal)[0])

    def machine_words(self) -> Told | None:
        """Where the next thing is to print. A question about the page is answered first, printer or no printer."""
        view, t = self.view, self.texts
        if (
            view is None
            or view.refusal is not None
            or view.state not in _PRINTS_NEXT
            or not self.machine.state()
        ):
            return None
        where = "again" if view.state == "again" else "print"
        tone, found, following = self.machine.told(t, DeviceKind.PASSBOOK_PRINTER, where, page=view.page)
        if view.state == "ready":
            return tone, found, following
        return tone, t(f"print.{view.state}"), t.joined(t("page.sentence", words=found), following)

    def _look_words(self, view: PrintView) -> str:
        """Where the last line in the book must be, so that another customer's book is noticed."""
        page, line = view.cursor
        if (page, line) == (1, 1):
            return self.texts("print.look_blank")
        last = (
            {"page": page, "line": line - 1} if line > 1 else {"page": page - 1, "line": view.lines_per_page}
        )
        return self.texts("print.look_next", **last)

    def _question(self, view: PrintView) -> str:
        t = self.texts
        if len(view.question) != 1:
            return t("print.question_many", n=len(view.question))
        one = view.question[0]
        fields = dict(one.columns)
        told = " ".join(fields.get(name, "") for name in _COLUMNS)
        return t("print.question", line=one.line, texts=told)

    # --- acting ----------------------------------------------------------------------------------------

    def offers(self) -> tuple[Action, ...]:
        view, t = self.view, self.texts
        if view is None:
            return ()
        if view.state == "unknown":
            return self._answers(view)
        if view.refusal is not None:
            full = view.refusal.code is RefusalCode.BOOK_FULL and view.state != "again"
            return (self._commit("print.full_do", LeaveFullBook()),) if full else ()
        if view.state == "turn":
            return (self._commit("print.turn_do", TurnPage(view.page)),)
        if view.state == "look":
            again = Action("", "F5", t("print.look_again"), lambda: self.send(PrintBook()))
            return (again, self._commit("print.look_do", ConfirmBook()))
        if view.state == "again":
            some = bool(view.candidates)
            moves = [
                Action("", key, "", self._mover(step), some, "silent")
                for key, step in (("Up", -1), ("Down", 1))
            ]
            return (
                *moves,
                Action("adjust", "Alt+J", t("print.adjust"), self._ask_line, some),
                Action("commit", "+", t("print.again_do"), self._ask_second, some, "main"),
            )
        if view.state == "needs_book":
            return (Action("back", "Esc", t("page.stop_waiting"), self.stop.emit),)
        idle = view.state in ("ready", "not_done")
        return (Action("", "F5", t("print.print_now"), lambda: self.send(PrintBook()), idle, "main"),)

    def _commit(self, words: str, command: Command) -> Action:
        return Action("commit", "+", self.texts(words), lambda: self.send(command), True, "main")

    def _answers(self, view: PrintView) -> tuple[Action, ...]:
        """Each number of lines has its digit; all and none have a key of their own, so that no one digs for them."""
        t, asked = self.texts, len(view.question)
        if self._is_keyed(view):
            keys = [Action("next", "Return", t("print.seen_enter"), self._answer_keyed)]
        else:
            keys = [Action("", str(n), "", self._settler(n), True, "silent") for n in range(asked + 1)]
        stopped = Action("", "Alt+O", t("print.printer_stopped"), self._say_stopped)
        itself = self.machine.is_still or self.machine.is_asking
        return (
            *keys,
            *(() if self._printer_stopped or itself else (stopped,)),
            Action("none_on_page", "Alt+N", t("print.answer_none"), self._settler(0)),
            Action("all_on_page", "Alt+Y", t("print.answer_all"), self._settler(asked)),
        )

    def _settler(self, seen: int) -> Callable[[], None]:
        def settle() -> None:
            if self.view is not None:
                self.send(SettlePrint(self.view.lines_proved + seen, self._printer_stopped))

        return settle

    def _say_stopped(self) -> None:
        """A printer that cannot say so itself stands still: the person looked. The answer follows."""
        self._printer_stopped = True
        self.redraw()

    def _answer_keyed(self) -> None:
        view, text = self.view, self._seen.text()
        if view is None or not text:
            return
        if int(text) <= len(view.question):
            self._settler(int(text))()
        self._seen.clear()

    def _mover(self, step: int) -> Callable[[], None]:
        return lambda: self._people.move_choice(step)

    def _ask_second(self) -> None:
        self._ask_password("print.password", PrintAgain)

    def _ask_line(self) -> None:
        """行位调整: the person says the last line they can see; the next one goes below it."""
        view = self.view
        if view is None or not view.candidates:
            return
        at, lines = view.cursor, view.lines_per_page
        prompt = LinePrompt(self.texts, *at)

        def seen(last: int) -> None:
            to = (at[0], last + 1) if last != lines else (at[0] + 1, 1)
            self._ask_password("print.adjust_password", lambda who, key: AdjustCursor(*to, *at, who, key))

        prompt.given.connect(seen)
        self.open_overlay(prompt)

    def _ask_password(self, title: str, command: Callable[[str, str], Command]) -> None:
        view = self.view
        if view is None or not view.candidates:
            return
        person = view.candidates[self._people.current()]
        prompt = PasswordPrompt(self.texts, lambda: self.texts(title, name=person.name))
        prompt.given.connect(lambda password: self.send(command(person.staff_no, password)))
        self.open_overlay(prompt)

    def automatic(self) -> tuple[Hashable, Command] | None:
        view = self.view
        if view is None or view.state != "ready" or view.refusal is not None or self.transaction is None:
            return None
        first = view.lines[0].line if view.lines else 0
        return ("print", self.transaction.transaction_id, view.page, first), PrintBook()

    def first_field(self) -> QWidget | None:
        return self._seen if self._is_keyed(self.view) else None

    def stage(self) -> str:
        return f"{self.view.state}/{self.view.page}" if self.view else ""
