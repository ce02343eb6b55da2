"""Review by the second person: blind re-keying from the voucher, names side by side, then one signature.

Until the values agree nothing here but the voucher's picture holds amount, account or name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk.commands import Command, CompareName, Countersign, LeaveSeat, Rekey, ReturnReview
from desk.domain.money import parse_amount
from desk.domain.refusals import Refusal
from desk.views import ReviewView
from ui.fonts import visible
from ui.pages.dialogs.password_prompt import PasswordPrompt
from ui.pages.reasons import text_picker
from ui.pages.step_page import Action, StepPage
from ui.widgets.key_fields import AmountField, DigitsField
from ui.widgets.ledger_table import Cell, Column, LedgerTable
from ui.widgets.look import known, text_width
from ui.widgets.parts import Card, Notice, Pair, Row, Tag, Words, fill
from ui.widgets.voucher_paper import VoucherPaper

LONG_FACT_PIXELS = 200
"""A fact longer than this has a line of its own."""


def _side_by_side(pairs: Sequence[tuple[Cell, Cell]]) -> list[tuple[Cell, ...]]:
    """Two facts a row, the first half left."""
    cells = [*pairs, (Cell(""), Cell(""))] if len(pairs) % 2 else list(pairs)
    half = len(cells) // 2
    return [(*cells[at], *cells[at + half]) for at in range(half)]


class ReviewPage(StepPage):
    """Rekey submits at the fourth digit; Alt+1 compares the names; ``+`` asks for the password and signs."""

    view: ReviewView | None

    def build(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(20)
        top = Card(sides)
        self._paper = VoucherPaper(self.texts)
        sides.addWidget(self._paper, 1, Qt.AlignmentFlag.AlignTop)
        self._rekey, self._compare = self._rekey_part(), self._compare_part()
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._rekey)
        box.addWidget(self._compare)
        box.addStretch(1)
        sides.addWidget(side, 1)
        self._facts_card = Card()
        self._facts_card.box.setContentsMargins(16, 10, 16, 10)
        self._facts_title, self._digest = Words("label", "second"), Words("body", "accent", bold=True)
        self._facts, self._long_facts = LedgerTable(dense=True), LedgerTable(dense=True)
        head = Row(self._facts_title, self._digest, stretch=True)
        fill(self._facts_card.box, head, self._facts, self._long_facts)
        self._notice = Notice()
        self._people = Words("label", "second")
        for part in (self._people, top, self._facts_card, self._notice):
            self.body.addWidget(part)

    def _rekey_part(self) -> QWidget:
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self._amount, self._last_four = AmountField(), DigitsField(4)
        self._amount_label, self._last_label = Words("label", "second"), Words("label", "second")
        self._later = Words("label", "second", wrap=True)
        self._amount.entered.connect(self._amount_entered)
        self._last_four.filled.connect(self._submit)
        self._last_four.entered.connect(self._submit)
        self._last_four.setPlaceholderText("· · · ·")
        for field in (self._amount, self._last_four):
            field.setMinimumHeight(48)
        for widget in (self._amount_label, self._amount, self._last_label, self._last_four, self._later):
            box.addWidget(widget)
        return part

    def _compare_part(self) -> QWidget:
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        self._agreed, self._second, self._checks = Tag(), Tag(), Tag()
        self._written, self._account = Pair("lead", wrap=True), Pair("lead", wrap=True)
        self._compared = Tag()
        for widget in (
            Row(self._agreed, self._second, spacing=8, stretch=True),
            Row(self._checks, self._compared, spacing=8, stretch=True), self._written, self._account,
        ):  # fmt: skip
            box.addWidget(widget)
        return part

    # --- drawing ---------------------------------------------------------------------------------------

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        blind = view.stage == "rekey" or self.blind
        self._paper.show_voucher(view.voucher)
        self._people.say(t("review.people", maker=view.maker.name, reviewer=view.reviewer.name))
        self._rekey.setVisible(blind)
        self._compare.setVisible(not blind)
        self._facts_card.setVisible(not blind and bool(view.facts))
        self._amount_label.say(t("review.amount"))
        self._last_label.say(t("review.last_four"))
        self._amount.setAccessibleName(t("review.amount"))
        self._last_four.setAccessibleName(t("review.last_four"))
        self._later.say(t("review.later"))
        self._show_evidence(None if blind else view)
        self._tell(view, blind)

    def _show_evidence(self, view: ReviewView | None) -> None:
        t = self.texts
        if view is None:
            for pair in (self._written, self._account):
                pair.tell("", "")
            self._digest.say("")
            for table in (self._facts, self._long_facts):
                table.set_rows((), spoken=False)
            return
        passed = sum(one.state in ("pass", "warn") for one in view.checks)
        self._agreed.tell("ok", t("review.agreed"))
        self._second.tell("ok", t("review.second_agreed") if view.second_count_agreed else "")
        tone = "ok" if passed == len(view.checks) else "warn"
        self._checks.tell(tone, t("review.checks_passed", ok=passed, all=len(view.checks)))
        self._written.tell(t("review.written_name"), view.written_name)
        self._account.tell(t("review.account_name"), view.account_name)
        done = view.name_compared
        self._compared.tell("ok" if done else "open", t("review.compared" if done else "review.to_compare"))
        self._digest.say(f"{t('review.digest')} {view.digest_words}")
        self._facts_title.say(t("review.facts"))
        pairs = self._fact_pairs(view)
        long = [pair for pair in pairs if text_width(pair[1].text, "body") > LONG_FACT_PIXELS]
        self._facts.set_columns((Column(""), Column("", stretch=1), Column(""), Column("", stretch=1)))
        self._facts.set_rows(_side_by_side([pair for pair in pairs if pair not in long]))
        self._long_facts.setVisible(bool(long))
        self._long_facts.set_columns((Column(""), Column("", stretch=1)))
        self._long_facts.set_rows(long)

    def _fact_pairs(self, view: ReviewView) -> list[tuple[Cell, Cell]]:
        return [
            (Cell(self.texts.of(label), "second"), Cell(visible(known(self.texts, "match_result", value))))
            for label, value in view.facts
        ]

    def _tell(self, view: ReviewView, blind: bool) -> None:
        t = self.texts
        if blind and view.differing:
            what = "、" if t.language == "zh_CN" else "; "
            self._notice.tell(
                "bad", what.join(t(f"review.differ_{one}") for one in view.differing), t("review.differ_next")
            )
        elif blind:
            self._notice.tell("info", t("review.blind_next"))
        else:
            self._notice.setVisible(False)

    # --- acting ----------------------------------------------------------------------------------------

    def offers(self) -> tuple[Action, ...]:
        view, t = self.view, self.texts
        if view is None:
            return ()
        agreed = view.stage != "rekey" and not self.blind
        back = (
            Action("leave_seat", "Alt+Q", t("review.leave"), self._sender(LeaveSeat())),
            Action("reject", "Alt+R", t("review.reject"), self._giver("rejected", "why_reject"), True, "bad"),
            Action("return", "Alt+B", t("review.return"), self._giver("returned", "why_return")),
        )
        if not agreed:
            return back
        differs = self._sender(CompareName(False))
        compare = self._sender(CompareName(True))
        open_now = not view.name_compared
        asked, signing = ("plain", "silent") if open_now else ("silent", "main")
        return (
            *back,
            Action("differs", "Alt+X", t("review.name_differs"), differs, open_now, asked),
            Action(
                "tick_1", "Alt+1", t("review.compare"), compare, open_now, "main" if open_now else "silent"
            ),
            Action("commit", "+", t("review.sign"), self._sign, view.name_compared, signing),
        )

    def _sender(self, command: Command) -> Callable[[], None]:
        return lambda: self.send(command)

    def _giver(self, outcome: str, title: str) -> Callable[[], None]:
        def ask() -> None:
            if self.view is not None:
                reasons = self.view.return_reasons[:9]
                self.open_overlay(
                    text_picker(
                        self.texts,
                        f"review.{title}",
                        reasons,
                        lambda why: self.send(ReturnReview(outcome, why)),
                    )
                )

        return ask

    def _sign(self) -> None:
        view = self.view
        if view is None:
            return
        name = view.reviewer.name
        prompt = PasswordPrompt(self.texts, lambda: self.texts("review.password", name=name))
        prompt.given.connect(lambda password: self.send(Countersign(password, self.texts.language)))
        self.open_overlay(prompt)

    def _amount_entered(self) -> None:
        if isinstance(parse_amount(self._amount.text()), Refusal):
            self._amount.selectAll()
        elif len(self._last_four.text()) == 4:
            self._submit()
        else:
            self._last_four.setFocus()

    def _submit(self) -> None:
        if isinstance(parse_amount(self._amount.text()), Refusal):
            self._amount.setFocus()
        elif len(self._last_four.text()) == 4:
            self.send(Rekey(self._amount.text(), self._last_four.text()))

    def show_view(self, view: ReviewView, transaction: object) -> None:  # type: ignore[override]
        old = self.view
        if old is None or (old.stage, old.reviewer, old.voucher) != (view.stage, view.reviewer, view.voucher):
            self._clear(("amount", "account"))
        elif view.differing and (view.differing != old.differing or self._last_command is not None):
            self._clear(view.differing)
        super().show_view(view, transaction)  # type: ignore[arg-type]

    def _clear(self, elements: tuple[str, ...]) -> None:
        fields = (("account", self._last_four), ("amount", self._amount))
        for name, field in fields:
            if name in elements:
                field.clear()
                if self.isVisible() and self.overlay is None:
                    field.setFocus()
        self._last_command = None

    def hideEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)  # type: ignore[arg-type]
        for field in (self._amount, self._last_four):
            field.clear()

    def stage(self) -> str:
        return f"{self.view.stage}/{self.view.reviewer.staff_no}" if self.view else ""

    def first_field(self) -> QWidget | None:
        return self._amount if self.view is not None and self.view.stage == "rekey" else None
