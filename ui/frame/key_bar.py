"""The bottom bar: the keys that mean something here and now, as many as there is room for, drawn in one paint."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.keys import action_named
from ui.pages.page import Hint
from ui.texts import Texts
from ui.widgets.look import colour, font, text_width

HEIGHT, MARGIN, GAP, CAP_HEIGHT, CAP_PAD = 52, 20, 15, 24, 8
ALWAYS_RIGHT = ("language", "lock")
KEPT = 9
FRAME_WEIGHTS = {"help": 5, "code": 1, "machines": 1, "park": KEPT, "cancel": KEPT}
"""The frame's actions among those of a page (``Hint.weight``)."""


def _wide(cap: str, words: str) -> int:
    return text_width(cap, "label") + 2 * CAP_PAD + 6 + text_width(words, "label")


class KeyBar(QWidget):
    """``show_hints`` with the page's keys and the frame's own that hold now."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._hints: tuple[Hint, ...] = ()
        self._frame: tuple[str, ...] = ()
        self._done_today = -1
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        texts.changed.connect(self.redraw)

    def show_hints(self, hints: tuple[Hint, ...], frame: tuple[str, ...], done_today: int = -1) -> None:
        """``frame`` names the frame's actions that hold now, none before sign-on; ``done_today`` is told at the right
        unless it is negative."""
        if (hints, frame, done_today) != (self._hints, self._frame, self._done_today):
            self._hints, self._frame, self._done_today = hints, frame, done_today
            self.redraw()

    def redraw(self) -> None:
        told = [f"{cap} {words}" for cap, words in self.shown()]
        self.setAccessibleDescription("  ".join(told))
        self.update()

    def shown(self) -> list[tuple[str, str]]:
        """``(key, words)`` from the left: help, the page's own, then the frame's. For lack of room the page's own go
        first, the lightest before the others, for they have buttons; parking and cancelling have none and stay."""
        frame = [(*self._words(name), FRAME_WEIGHTS[name]) for name in self._frame]
        own = [(one.key.replace("Return", "Enter"), one.words, one.weight) for one in self._hints]
        wished = [*frame[:1], *own, *frame[1:]]
        room = self.width() - 2 * MARGIN - self._right_width()
        while wished and sum(_wide(cap, words) + GAP for cap, words, _ in wished) > room:
            lightest = min(weight for _, _, weight in wished)
            if lightest >= KEPT:
                break
            last = max(at for at, one in enumerate(wished) if one[2] == lightest)
            del wished[last]
        return [(cap, words) for cap, words, _ in wished]

    def _words(self, name: str) -> tuple[str, str]:
        row = action_named(name)
        return row.keys.replace("Return", "Enter"), self._texts.of(row.label)

    def _note(self) -> str:
        return self._texts("frame.done_today", n=self._done_today) if self._done_today >= 0 else ""

    def _right(self) -> tuple[str, ...]:
        return ALWAYS_RIGHT if self._frame else ALWAYS_RIGHT[:1]

    def _right_width(self) -> int:
        return (
            text_width(self._note(), "label")
            + sum(_wide(*self._words(name)) + GAP for name in self._right())
            + GAP
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("surface"))
        painter.setPen(QPen(colour("line"), 1))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setFont(font("label"))
        at = MARGIN
        for cap, words in self.shown():
            at = self._draw(painter, at, cap, words) + GAP
        at = self.width() - MARGIN + GAP - self._right_width()
        painter.setPen(colour("second"))
        note = painter.fontMetrics().horizontalAdvance(self._note())
        painter.drawText(QRectF(at, 0, note + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, self._note())
        at += note + GAP
        for name in self._right():
            at = self._draw(painter, at, *self._words(name)) + GAP

    def _draw(self, painter: QPainter, at: int, cap: str, words: str) -> int:
        """One key and its words from ``at``; returns where they end."""
        metrics = painter.fontMetrics()
        wide, top = metrics.horizontalAdvance(cap) + 2 * CAP_PAD, (HEIGHT - CAP_HEIGHT) / 2
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(colour("line"))
        painter.drawRoundedRect(QRectF(at + 0.5, top + 1.5, wide - 1, CAP_HEIGHT), 5, 5)
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(QRectF(at + 0.5, top + 0.5, wide - 1, CAP_HEIGHT - 1), 5, 5)
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(at, top, wide, CAP_HEIGHT), Qt.AlignmentFlag.AlignCenter, cap)
        painter.setPen(colour("second"))
        told = metrics.horizontalAdvance(words)
        painter.drawText(QRectF(at + wide + 6, 0, told + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, words)
        return at + wide + 6 + told
