"""The right column: the facts that stay true for the whole transaction. Blind steps give it nothing to show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desk.domain.masking import group_number
from desk.domain.money import format_amount
from desk.views import FactsView, TransactionView
from ui.frame.agreements import Agreements
from ui.texts import Texts
from ui.widgets.parts import Tag, Words

WIDTH, MARGIN_PIXELS = 315, 18
_MATCH_TONES = {"EXACT": "ok", "NORMALISED": "ok"}
_STATE_TONES = {"agree": "ok", "differ": "bad", "open": "open"}
MAX_ROWS = 5


class _Pair(QFrame):
    """A label and a value on one line, with a hairline below."""

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        box = QHBoxLayout()
        self.label, self.value = Words("body", "second"), Words("body")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.label)
        box.addStretch(1)
        box.addWidget(self.value)
        line = QFrame()
        line.setProperty("look", "hairline")
        outer.addLayout(box)
        outer.addWidget(line)


def _drawn(one: TransactionView | None) -> tuple[object, ...]:
    """What this column shows of a transaction; a running count changes none of it."""
    return (one.transaction_id, one.facts, one.blind) if one else ()


class FactsColumn(QFrame):
    """``show_transaction`` with None clears it."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._transaction: TransactionView | None = None
        self.setProperty("look", "side-right")
        self.setFixedWidth(WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN_PIXELS, 18, MARGIN_PIXELS, 14)
        box.setSpacing(7)
        self._head = Words("label", "second")
        self._number, self._name, self._match = Words("lead"), Words("card_title"), Tag()
        name_row = QWidget()
        self._name_row = row = QHBoxLayout(name_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name)
        row.addWidget(self._match)
        row.addStretch(1)
        self._pairs = [_Pair() for _ in range(MAX_ROWS)]
        self._capitals_label, self._capitals, self._capitals_tag = (
            Words("label", "second"),
            Words("card_title", wrap=True),
            Tag(),
        )
        self._serials_label, self._serials = Words("label", "second"), Words("body")
        self._agree_label = Words("label", "second")
        self._agreements = Agreements()
        for part in (self._head, self._number, name_row, *self._pairs):
            box.addWidget(part)
        box.addSpacing(8)
        for part in (self._capitals_label, self._capitals, self._capitals_tag):
            box.addWidget(part)
        box.addSpacing(8)
        for part in (self._serials_label, self._serials):
            box.addWidget(part)
        box.addSpacing(8)
        for part in (self._agree_label, self._agreements):
            box.addWidget(part)
        box.addStretch(1)
        texts.changed.connect(self.redraw)
        self.redraw()

    def show_transaction(self, transaction: TransactionView | None) -> None:
        before, self._transaction = self._transaction, transaction
        if _drawn(before) != _drawn(transaction):
            self.redraw()

    def redraw(self) -> None:
        one, texts = self._transaction, self._texts
        facts = one.facts if one else FactsView()
        known = bool(facts.account_number)
        self._head.say(
            texts("frame.blind") if one and one.blind else (texts("frame.account") if known else "")
        )
        self._number.say(group_number(facts.account_number))
        self._name.say(facts.holder_name)
        self._match.tell(
            _MATCH_TONES.get(facts.match, "bad"), texts(f"frame.match.{facts.match}") if facts.match else ""
        )
        self._place_name()
        for pair, (key, value) in zip(self._pairs, facts.rows, strict=False):
            pair.label.say(texts(f"frame.fact.{key}"))
            pair.value.say(self._value(key, value))
            pair.setVisible(True)
        for pair in self._pairs[len(facts.rows) :]:
            pair.label.forget()
            pair.value.forget()
            pair.setVisible(False)
        self._capitals_label.say(texts("frame.capitals") if facts.capitals else "")
        self._capitals.say(facts.capitals)
        self._capitals_tag.tell("ok", texts("frame.agrees") if facts.capitals_state == "agree" else "")
        read = facts.serials_read + facts.serials_unread
        self._serials_label.say(texts("frame.serials") if read else "")
        self._serials.say(
            texts("frame.serials_read", read=facts.serials_read, all=read, unread=facts.serials_unread)
            if read
            else ""
        )
        self._agree_label.say(texts("frame.agreements") if facts.agreements else "")
        self._agreements.show_states(
            [
                (
                    texts(f"frame.agreement.{key}"),
                    texts(f"frame.agreement_state.{state}"),
                    _STATE_TONES[state],
                )
                for key, state in facts.agreements
            ]
        )

    def _place_name(self) -> None:
        """The match stands beside a short name and below a long one, which then takes as many lines as it needs."""
        self._name.setWordWrap(False)
        wide = self._name.sizeHint().width() + self._name_row.spacing() + self._match.sizeHint().width()
        beside = wide <= WIDTH - 2 * MARGIN_PIXELS - 2
        self._name.setWordWrap(not beside)
        ways = QBoxLayout.Direction
        self._name_row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _value(self, key: str, value: str) -> str:
        if key == "cash_in_today":
            return format_amount(int(value))
        if key == "unprinted":
            return self._texts("frame.unprinted", n=value) if value != "0" else self._texts("frame.none")
        return self._texts(f"frame.value.{value}")
