"""Printing the passbook: the page before ink, the wait for the book, and a person's answer where nobody knows.

An unknown print is a question, never a second try; a second print is a second person's signature.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtWidgets import QHBoxLayout

from desk.commands import Command, PrintAgain, PrintBook, SettlePrint
from desk.views import BookLineView, PrintView
from ui.pages.dialogs.password_prompt import PasswordPrompt
from ui.pages.step_page import Action, StepPage
from ui.pages.wording import person_lines
from ui.widgets.book_preview import BookPreview
from ui.widgets.choice_list import ChoiceList
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.parts import Card, Notice, Words

_COLUMNS = ("date", "summary", "amount", "balance")
PREVIEW_PIXELS = 250


class PrintBookPage(StepPage):
    """Asks for the print once by itself; digits answer how many of the lines in question are on the page."""

    view: PrintView | None

    def build(self) -> None:
        self._notice = Notice()
        top = Card(QHBoxLayout())
        top.box.setSpacing(16)
        self._preview = BookPreview(self.texts)
        self._preview.setFixedHeight(PREVIEW_PIXELS)
        top.box.addWidget(self._preview)
        self._lines_card = Card()
        self._lines_card.box.setContentsMargins(16, 8, 16, 10)
        self._lines_title, self._lines = Words("label", "second"), LedgerTable()
        self._lines_card.box.addWidget(self._lines_title)
        self._lines_card.box.addWidget(self._lines)
        self._people_card = Card()
        self._people = ChoiceList()
        self._people_card.box.addWidget(self._people)
        self._top = top
        for part in (self._notice, top, self._lines_card, self._people_card):
            self.body.addWidget(part)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        asked = view.question if view.state == "unknown" else view.lines
        self._top.setVisible(bool(view.placed) and view.state != "unknown")
        self._preview.show_page(view)
        self._lines_card.setVisible(bool(asked))
        self._lines_title.say(t("print.lines"))
        headings = [Column(t("print.column_line"), figures=True)]
        headings += [
            Column(t(f"print.{name}"), figures=name in ("amount", "balance"), stretch=1) for name in _COLUMNS
        ]
        self._lines.set_columns((*headings, Column("")))
        self._lines.set_rows([self._row(line, view) for line in asked])
        again = view.state == "again"
        self._people_card.setVisible(again and bool(view.candidates))
        self._people.set_lines(person_lines(t, view.candidates) if again else [])
        self._notice.tell(*self._words(view))

    def _row(self, line: BookLineView, view: PrintView) -> tuple[Cell, ...]:
        t, fields = self.texts, dict(line.columns)
        if view.state == "unknown":
            mark = Cell("?", "warn", bold=True)
        else:
            mark = Cell(
                t("print.new_line" if line.new else "print.caught_up"), "accent" if line.new else "second"
            )
        return (Cell(str(line.line), "second"), *(Cell(fields.get(name, "")) for name in _COLUMNS), mark)

    def _words(self, view: PrintView) -> tuple[str, str, str]:
        """``(tone, title, detail)`` of the state."""
        t = self.texts
        if view.refusal is not None:
            return ("bad", t("print.refused"), t("print.full_next"))
        if view.state == "unknown":
            return ("warn", self._question(view), t("print.unknown_next"))
        if view.state == "again" and not view.candidates:
            return ("warn", t("page.nobody"), t("page.needs_staff"))
        tone = {
            "ready": "info",
            "needs_book": "warn",
            "printing": "busy",
            "not_done": "warn",
            "again": "warn",
        }
        values = {"n": len(view.lines), "page": view.page}
        return (tone.get(view.state, "ok"), t(f"print.{view.state}"), t(f"print.{view.state}_next", **values))

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
        if view is None or view.refusal is not None:
            return ()
        if view.state == "unknown":
            return self._answers(view)
        if view.state == "again":
            some = bool(view.candidates)
            moves = [
                Action("", key, "", self._mover(step), some, "silent")
                for key, step in (("Up", -1), ("Down", 1))
            ]
            return (*moves, Action("commit", "+", t("print.again_do"), self._ask_second, some, "main"))
        if view.state == "needs_book":
            return (Action("back", "Esc", t("print.stop"), self.stop.emit),)
        idle = view.state in ("ready", "not_done")
        return (Action("", "F5", t("print.print_now"), lambda: self.send(PrintBook()), idle, "main"),)

    def _answers(self, view: PrintView) -> tuple[Action, ...]:
        """Each number of lines has its digit; all and none have a key of their own, so that no one digs for them."""
        t, asked = self.texts, len(view.question)
        digits = [Action("", str(n), "", self._settler(n), True, "silent") for n in range(min(asked, 9) + 1)]
        return (
            *digits,
            Action("none_on_page", "Alt+N", t("print.answer_none"), self._settler(0)),
            Action("all_on_page", "Alt+Y", t("print.answer_all"), self._settler(asked), True, "main"),
        )

    def _settler(self, seen: int) -> Callable[[], None]:
        def settle() -> None:
            if self.view is not None:
                self.send(SettlePrint(self.view.lines_proved + seen))

        return settle

    def _mover(self, step: int) -> Callable[[], None]:
        return lambda: self._people.move_choice(step)

    def _ask_second(self) -> None:
        view = self.view
        if view is None or not view.candidates:
            return
        person = view.candidates[self._people.current()]
        prompt = PasswordPrompt(self.texts, lambda: self.texts("print.password", name=person.name))
        prompt.given.connect(lambda password: self.send(PrintAgain(person.staff_no, password)))
        self.open_overlay(prompt)

    def automatic(self) -> tuple[Hashable, Command] | None:
        view = self.view
        if view is None or view.state != "ready" or view.refusal is not None or self.transaction is None:
            return None
        first = view.lines[0].line if view.lines else 0
        return ("print", self.transaction.transaction_id, view.page, first), PrintBook()

    def stage(self) -> str:
        return f"{self.view.state}/{self.view.page}" if self.view else ""
