"""Counting by hand: one field of pieces per denomination, Enter to the next, ``+`` submits."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desk.domain.cash import RENMINBI_DENOMINATIONS_MINOR, CashRow, total_minor
from desk.domain.money import format_amount
from ui.pages.dialogs.overlay import Overlay
from ui.texts import Texts
from ui.widgets.key_fields import DigitsField
from ui.widgets.look import denomination
from ui.widgets.parts import Words


class HandCount(Overlay):
    """``given`` carries the rows of more than no pieces. ``sums`` False shows no amounts (blind steps)."""

    given = Signal(object)

    def __init__(self, texts: Texts, sums: bool = True) -> None:
        super().__init__(texts, width=420)
        self._sums = sums
        self._fields: list[DigitsField] = []
        self._names: list[Words] = []
        self._amounts: list[Words] = []
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(2, 1)
        for at, _minor in enumerate(RENMINBI_DENOMINATIONS_MINOR):
            self._line(at)
        self.body.addWidget(holder)
        self._total = Words("lead", bold=True)
        self._total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self._total)
        self.redraw()

    def _line(self, at: int) -> None:
        name, field, amount = Words(), DigitsField(4), Words(tone="second")
        field.setFixedSize(96, 32)
        field.setStyleSheet("QLineEdit { font-size: 15px; padding: 2px 8px; }")
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.entered.connect(lambda: self._next(at))
        field.textChanged.connect(self._sum)
        amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        for column, part in enumerate((name, field, amount)):
            self._grid.addWidget(part, at, column)
        self._names.append(name)
        self._fields.append(field)
        self._amounts.append(amount)

    def redraw(self) -> None:
        self.title.say(self.texts("hand.title"))
        self.hint.say(self.texts("hand.hint"))
        for minor, name, field in zip(RENMINBI_DENOMINATIONS_MINOR, self._names, self._fields, strict=True):
            name.say(denomination(self.texts, minor))
            field.setAccessibleName(f"{denomination(self.texts, minor)} {self.texts('hand.pieces')}")
        self._sum()

    def focus_first(self) -> None:
        self._fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> tuple[CashRow, ...]:
        """What is keyed now, denominations without pieces left out."""
        pairs = zip(RENMINBI_DENOMINATIONS_MINOR, self._fields, strict=True)
        return tuple(CashRow(minor, int(field.text())) for minor, field in pairs if int(field.text() or 0))

    def pressed(self, event: QKeyEvent) -> bool:
        at = next((n for n, field in enumerate(self._fields) if field.hasFocus()), 0)
        if event.key() == Qt.Key.Key_Plus:
            self._submit()
            return True
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._fields[(at + step) % len(self._fields)].setFocus()
            return True
        return super().pressed(event)

    def _next(self, at: int) -> None:
        self._fields[(at + 1) % len(self._fields)].setFocus(Qt.FocusReason.TabFocusReason)

    def _sum(self) -> None:
        for minor, field, amount in zip(
            RENMINBI_DENOMINATIONS_MINOR, self._fields, self._amounts, strict=True
        ):
            pieces = int(field.text() or 0)
            amount.say(format_amount(minor * pieces) if pieces and self._sums else "")
        sum_minor = total_minor(self.rows())
        self._total.say(f"{self.texts('hand.total')}  {format_amount(sum_minor)}" if self._sums else "")

    def _submit(self) -> None:
        rows = self.rows()
        if rows:
            self.given.emit(rows)
            self.closed.emit()
