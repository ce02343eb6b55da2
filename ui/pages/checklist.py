"""Verify the deposit slip: the paper, the amount as the teller reads it, and the checks that gate the step."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desk.commands import AcceptSlip, Command, KeySlip, TickCheck
from desk.domain.capitals import capitals
from desk.domain.money import format_amount, parse_amount
from desk.domain.refusals import Refusal
from desk.views import CheckView, SlipView
from ui.pages.dialogs.reason_picker import ReasonPicker
from ui.pages.step_page import Action, StepPage
from ui.pages.wording import check_cells
from ui.widgets.key_fields import AmountField, DigitsField, KeyField
from ui.widgets.ledger_table import Column, LedgerTable
from ui.widgets.parts import Card, Notice, Pair, Words
from ui.widgets.voucher_paper import VoucherPaper


class ChecklistPage(StepPage):
    """Keying the amount records the slip; Alt+digit ticks what the teller saw; the last tick passes the step."""

    view: SlipView | None

    def build(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(20)
        top = Card(sides)
        self._paper = VoucherPaper(self.texts)
        self._typed = self._typed_fields()
        side = QVBoxLayout()
        side.setSpacing(4)
        self._amount_label, self._amount = Words("label", "second"), AmountField()
        self._amount.setMinimumHeight(48)
        self._amount.entered.connect(self._key_slip)
        self._keyed = Pair("amount")
        self._capitals = Pair("lead", bold=False, wrap=True)
        self._hint = Words("label", "second", wrap=True)
        for part in (self._amount_label, self._amount, self._hint, self._keyed, self._capitals):
            side.addWidget(part)
        side.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(self._paper)
        left.addWidget(self._typed)
        left.addStretch(1)
        for box in (left, side):
            holder = QWidget()
            box.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(box)
            sides.addWidget(holder, 1)
        self._checks_card = Card()
        self._checks_title, self._checks = Words("label", "second"), LedgerTable(dense=True)
        self._checks_card.box.addWidget(self._checks_title)
        self._checks_card.box.addWidget(self._checks)
        self._notice = Notice()
        for card in (top, self._checks_card, self._notice):
            self.body.addWidget(card)

    def _typed_fields(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        self._typed_title = Words("label", "second", wrap=True)
        grid.addWidget(self._typed_title, 0, 0, 1, 2)
        self._name, self._number, self._date = KeyField(), DigitsField(23), KeyField()
        self._typed_labels = [Words("label", "second") for _ in range(3)]
        chain = (self._name, self._number, self._date)
        for row, (label, field) in enumerate(zip(self._typed_labels, chain, strict=True), start=1):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self._number.setStyleSheet("QLineEdit { font-size: 15px; }")
        self._name.entered.connect(self._number.setFocus)
        self._number.entered.connect(self._date.setFocus)
        self._date.entered.connect(self._amount_focus)
        return holder

    def _amount_focus(self) -> None:
        self._amount.setFocus()

    # --- drawing ---------------------------------------------------------------------------------------

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        keyed = view.keyed_amount_minor
        self._paper.setVisible(view.captured is not None)
        self._paper.show_voucher(view.captured, amounts=keyed is not None)
        self._typed.setVisible(view.captured is None)
        self._typed_title.say(f"{t('slip.none')}　{t('slip.none_next')}")
        for label, key in zip(self._typed_labels, ("name", "number", "date"), strict=True):
            label.say(t(f"slip.{key}"))
        if view.captured is None and not self._date.text():
            self._date.setText(view.business_date)
        self._amount_label.say(t("slip.amount"))
        self._amount.setAccessibleName(t("slip.amount"))
        self._hint.say("" if keyed is not None else t("slip.amount_hint"))
        words = format_amount(keyed) if keyed is not None else ""
        self._keyed.setVisible(keyed is not None)
        self._keyed.tell(
            f"✓ {t('slip.keyed')} · {t('slip.version', n=view.version_no)}", words, label_tone="ok"
        )
        self._capitals.setVisible(keyed is not None)
        self._capitals.tell(t("slip.capitals_next"), capitals(keyed) if keyed else "")
        self._checks_card.setVisible(bool(view.checks))
        waiting = sum(one.state == "open" for one in view.checks) if keyed is not None else 0
        more = f" · {t('slip.waiting', n=waiting)}" if waiting else ""
        self._checks_title.say(t("slip.checks") + more)
        self._checks.set_columns((Column(""), Column("", stretch=3), Column("", stretch=1), Column("")))
        self._checks.set_rows([check_cells(t, one) for one in view.checks])
        self._tell(view)

    def _tell(self, view: SlipView) -> None:
        t = self.texts
        waiting = any(one.state == "open" for one in view.checks)
        if view.keyed_amount_minor is None:
            self._notice.tell("info", t("slip.checks_wait"))
        elif any(one.state == "fail" for one in view.checks):
            self._notice.tell("bad", t("slip.failed"))
        elif waiting:
            self._notice.setVisible(False)  # the title of the list says how many wait
        else:
            self._notice.tell("ok", t("slip.advance"))

    # --- acting ----------------------------------------------------------------------------------------

    def offers(self) -> tuple[Action, ...]:
        view, t = self.view, self.texts
        if view is None:
            return ()
        keyed = view.keyed_amount_minor is not None
        ticks = [
            Action(f"tick_{one.key}", f"Alt+{one.key}", t.of(one.title), self._ticker(one), keyed, "silent")
            for one in self._attested()
        ]
        wrong = Action("differs", "Alt+X", t("slip.item_wrong"), self._ask_wrong, keyed)
        accept = Action("commit", "+", t("slip.accept"), lambda: self.send(AcceptSlip()), view.ready, "main")
        return (*ticks, wrong, accept)

    def _attested(self) -> list[CheckView]:
        return [one for one in self.view.checks if one.key] if self.view else []

    def _ticker(self, check: CheckView) -> Callable[[], None]:
        def tick() -> None:
            if check.state != "pass":
                self.send(TickCheck(check.check))

        return tick

    def _ask_wrong(self) -> None:
        items = self._attested()
        picker = ReasonPicker(
            self.texts,
            lambda: self.texts("slip.which_wrong"),
            lambda: [self.texts.of(one.title) for one in items],
        )
        picker.chosen.connect(
            lambda at: self.send(
                TickCheck(items[at].check, passed=False, remark=self.texts("slip.wrong_seen"))
            )
        )
        self.open_overlay(picker)

    def automatic(self) -> tuple[Hashable, Command] | None:
        return None

    def stage(self) -> str:
        view = self.view
        return f"{view.version_no}/{view.captured is None}" if view else ""

    def show_view(self, view: SlipView, transaction: object) -> None:  # type: ignore[override]
        fresh = self.view is None or view.version_no != self.view.version_no or self._other(transaction)
        if fresh and (view.version_no or self._other(transaction)):
            for field in (self._amount, self._name, self._number, self._date):
                field.clear()
        super().show_view(view, transaction)  # type: ignore[arg-type]

    def _other(self, transaction: object) -> bool:
        mine = self.transaction.transaction_id if self.transaction else ""
        return mine != getattr(transaction, "transaction_id", "")

    def first_field(self) -> QWidget | None:
        view = self.view
        if view is None or view.keyed_amount_minor is not None:
            return None
        return self._amount if view.captured is not None else self._name

    def _key_slip(self) -> None:
        view, amount = self.view, parse_amount(self._amount.text())
        if view is None or not self._amount.text():
            return
        if not isinstance(amount, Refusal) and amount == view.keyed_amount_minor:
            return
        if view.captured is not None:
            self.send(KeySlip(self._amount.text()))
            return
        self.send(
            KeySlip(
                self._amount.text(),
                account_name=self._name.text().strip(),
                account_number=self._number.text(),
                slip_date=self._date.text().strip(),
            )
        )
