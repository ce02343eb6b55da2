"""The steps of a transaction drawn in one paint: mark, title, owner. A long title takes a second line, never a cut."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk.views import StepView
from ui.texts import Texts
from ui.widgets.look import colour, font

ROW_PIXELS, MARK_PIXELS, PAD_PIXELS = 40, 24, 8
_WRAP = (
    Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignVCenter.value
)
_MARKS = {"done": "✓", "not_needed": "–"}
_GROUNDS = {"done": "ok", "current": "accent"}


class StepsList(QWidget):
    """``show_steps`` takes the steps of the view; the accessible description reads them out with their states."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._steps: tuple[StepView, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_steps(self, steps: tuple[StepView, ...]) -> None:
        self._steps = steps
        t = self._texts
        told = [f"{one.number} {t.of(one.title)} {t('frame.step.' + one.state)}" for one in steps]
        self.setAccessibleDescription("\n".join(told))
        self.updateGeometry()
        self.update()

    def _owner(self, step: StepView) -> str:
        judged = step.step == "match"  # the desk judges here by itself; elsewhere "system" carries out
        return self._texts("frame.owner.automatic" if judged else f"frame.owner.{step.owner.value}")

    def _title_room(self, step: StepView, width: int) -> int:
        pill = QFontMetrics(font("small")).horizontalAdvance(self._owner(step)) + 16
        return width - 2 * PAD_PIXELS - MARK_PIXELS - 10 - pill - 6

    def _height(self, step: StepView, width: int) -> int:
        metrics = QFontMetrics(font("body", bold=step.state == "current"))
        box = metrics.boundingRect(
            QRect(0, 0, self._title_room(step, width), 500), _WRAP, self._texts.of(step.title)
        )
        return max(ROW_PIXELS, box.height() + 8)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return sum(self._height(step, width) for step in self._steps)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(220, self.heightForWidth(self.width() or 220))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0
        for step in self._steps:
            tall = self._height(step, self.width())
            self._draw(painter, step, top, tall)
            top += tall

    def _draw(self, painter: QPainter, step: StepView, top: int, tall: int) -> None:
        current, filled = step.state == "current", step.state in _GROUNDS
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft"))
            painter.drawRoundedRect(QRectF(0, top, self.width(), tall), 8, 8)
        circle = QRectF(PAD_PIXELS + 0.5, top + (tall - MARK_PIXELS) / 2, MARK_PIXELS, MARK_PIXELS)
        ground = _GROUNDS.get(step.state, "surface")
        painter.setPen(QPen(colour(ground if filled else "line"), 1.2))
        painter.setBrush(colour(ground))
        painter.drawEllipse(circle)
        painter.setPen(colour("surface" if filled else "second"))
        painter.setFont(font("label", bold=filled))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, _MARKS.get(step.state, str(step.number)))
        self._draw_owner(painter, step, top, tall)
        tone = {"current": "accent", "not_needed": "second"}.get(step.state, "ink")
        painter.setPen(colour(tone))
        painter.setFont(font("body", bold=current))
        room = QRect(PAD_PIXELS + MARK_PIXELS + 10, top, self._title_room(step, self.width()), tall)
        painter.drawText(room, _WRAP, self._texts.of(step.title))

    def _draw_owner(self, painter: QPainter, step: StepView, top: int, tall: int) -> None:
        painter.setFont(font("small"))
        words = self._owner(step)
        wide = painter.fontMetrics().horizontalAdvance(words) + 16
        pill = QRectF(self.width() - PAD_PIXELS - wide + 0.5, top + (tall - 21) / 2, wide, 21)
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(pill, 10, 10)
        painter.setPen(colour("second"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
