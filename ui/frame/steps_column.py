"""The left column: what is being done, the steps with their owners, and why a second person is due."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desk.views import StepView, TransactionView
from ui.texts import Texts
from ui.widgets.look import colour, font
from ui.widgets.parts import Words

WIDTH = 252


class _Mark(QWidget):
    """A numbered circle, or a tick once the step is done: shape first, then colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(26, 26)
        self._step: StepView | None = None

    def show_step(self, step: StepView) -> None:
        self._step = step
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._step is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = self._step.state
        filled = state in ("done", "current")
        ground = {"done": "ok", "current": "accent"}.get(state, "surface")
        painter.setPen(QPen(colour(ground if filled else "line"), 1.2))
        painter.setBrush(colour(ground))
        painter.drawEllipse(QRectF(1, 1, 24, 24))
        painter.setPen(colour("surface" if filled else "second"))
        painter.setFont(font("label", bold=filled))
        text = {"done": "✓", "not_needed": "–"}.get(state, str(self._step.number))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)


class _StepRow(QFrame):
    def __init__(self) -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 7, 8, 7)
        box.setSpacing(9)
        self.mark, self.title, self.owner = _Mark(), Words("body", wrap=True), QLabel()
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.owner.setProperty("look", "owner")
        box.addWidget(self.mark)
        box.addWidget(self.title, 1)
        box.addWidget(self.owner)

    def show_step(self, step: StepView, texts: Texts) -> None:
        self.mark.show_step(step)
        tone = {"current": "accent", "not_needed": "second"}.get(step.state, "ink")
        self.title.tone(tone)
        self.title.say(texts.of(step.title))
        owner = (
            "automatic"
            if step.automatic and step.owner.value == "system" and step.step == "match"
            else step.owner.value
        )
        self.owner.setText(texts(f"frame.owner.{owner}"))
        look = "step-current" if step.state == "current" else ""
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleName(f"{step.number} {texts.of(step.title)} {texts('frame.step.' + step.state)}")


class StepsColumn(QFrame):
    """``show_transaction`` with None clears it."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._transaction: TransactionView | None = None
        self.setProperty("look", "side")
        self.setFixedWidth(WIDTH)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(14, 20, 14, 14)
        self._box.setSpacing(2)
        self.title, self.number = Words("lead", bold=True), Words("label", "second")
        self._box.addWidget(self.title)
        self._box.addWidget(self.number)
        self._box.addSpacing(10)
        self._rows: list[_StepRow] = []
        self._steps = QVBoxLayout()
        self._steps.setSpacing(1)
        self._box.addLayout(self._steps)
        self._box.addSpacing(10)
        self.reason = QFrame()
        self.reason.setProperty("look", "notice-accent")
        reason_box = QVBoxLayout(self.reason)
        reason_box.setContentsMargins(12, 9, 12, 9)
        self.reason_text = Words("label", "accent", wrap=True)
        reason_box.addWidget(self.reason_text)
        self._box.addWidget(self.reason)
        self._box.addStretch(1)
        texts.changed.connect(self.redraw)

    def show_transaction(self, transaction: TransactionView | None) -> None:
        self._transaction = transaction
        self.redraw()

    def redraw(self) -> None:
        one, texts = self._transaction, self._texts
        self.title.say(texts.of(one.title) + f"  {one.code}" if one else texts("frame.no_transaction"))
        self.number.say(texts("frame.number", number=one.number) if one else "")
        steps = one.steps if one else ()
        while len(self._rows) < len(steps):
            self._rows.append(_StepRow())
            self._steps.addWidget(self._rows[-1])
        for row, step in zip(self._rows, steps, strict=False):
            row.show_step(step, texts)
            row.setVisible(True)
        for row in self._rows[len(steps) :]:
            row.setVisible(False)
        reason = one.second_person_reason if one and not one.blind else None
        self.reason_text.say(texts.of(reason) if reason else "")
        self.reason.setVisible(reason is not None)
