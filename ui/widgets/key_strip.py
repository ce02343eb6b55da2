"""The keys of a picture, each cap with its words, wrapping where there is little room; a click on a cap presses it.

Drawn in one paint. It takes no focus, and does nothing by itself: ``pressed`` names the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.look import colour, font, text_width

LINE, CAP, PAD, GAP, BETWEEN, CLOSE = 28, 22, 7, 14, 3, 6


@dataclass(frozen=True)
class ShownKey:
    """``presses`` beside ``caps``: the key a click stands for. ``is_on`` is a key that holds now, ``enabled`` one that
    does something now."""

    caps: tuple[str, ...]
    presses: tuple[str, ...]
    words: str
    is_on: bool = False
    enabled: bool = True

    def width(self) -> int:
        caps = sum(cap_width(cap) + BETWEEN for cap in self.caps) - BETWEEN
        return caps + CLOSE + text_width(self.words, "label", bold=True)  # nothing moves when it holds


def cap_width(cap: str) -> int:
    return max(CAP, text_width(cap, "label") + 2 * PAD)


class KeyStrip(QWidget):
    """``show_keys`` with what may be pressed now."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[ShownKey, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_keys(self, keys: Sequence[ShownKey]) -> None:
        fresh = tuple(keys)
        if fresh != self._keys:
            self._keys = fresh
            told = (f"{' '.join(one.caps)} {one.words}" for one in fresh if one.enabled)
            self.setAccessibleName("  ".join(told))
            self.updateGeometry()
            self.update()

    def shown(self) -> tuple[ShownKey, ...]:
        return self._keys

    def fits(self) -> bool:
        """Whether every key has its room."""
        width = max((one.width() for one in self._keys), default=0)
        return width <= self.width() and self.heightForWidth(self.width()) <= self.height()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        lines = [top for _, top, _ in self._placed(width)]
        return (max(lines) + 1) * LINE if lines else 0

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        widest = max((one.width() for one in self._keys), default=0)
        return QSize(widest, self.heightForWidth(max(widest, self.width())))

    def _placed(self, width: int) -> list[tuple[ShownKey, int, int]]:
        """``(key, line, left)`` of each."""
        placed, line, left = [], 0, 0
        for one in self._keys:
            wide = one.width()
            if left and left + wide > width:
                line, left = line + 1, 0
            placed.append((one, line, left))
            left += wide + GAP
        return placed

    def _caps(self) -> list[tuple[QRectF, str, str, ShownKey]]:
        """``(place, cap, key it presses, its row)`` of every cap."""
        found = []
        for one, line, left in self._placed(self.width()):
            at = left
            for cap, press in zip(one.caps, one.presses, strict=True):
                place = QRectF(at + 0.5, line * LINE + (LINE - CAP) / 2 + 0.5, cap_width(cap) - 1, CAP - 1)
                found.append((place, cap, press, one))
                at += cap_width(cap) + BETWEEN
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        for place, _, press, one in self._caps():
            if press and one.enabled and place.contains(event.position()):
                self.pressed.emit(press)
                return

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("label"))
        for place, cap, _, one in self._caps():
            painter.setPen(QPen(colour("accent" if one.is_on else "line"), 1))
            painter.setBrush(colour("accent" if one.is_on else "surface"))
            painter.drawRoundedRect(place, 5, 5)
            painter.setPen(colour("surface" if one.is_on else ("ink" if one.enabled else "accent_off")))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, cap)
        for one, line, left in self._placed(self.width()):
            at = left + sum(cap_width(cap) + BETWEEN for cap in one.caps) - BETWEEN + CLOSE
            painter.setFont(font("label", bold=one.is_on))
            painter.setPen(colour("ink" if one.is_on else ("second" if one.enabled else "accent_off")))
            wide = text_width(one.words, "label", one.is_on) + 2
            painter.drawText(QRectF(at, line * LINE, wide, LINE), Qt.AlignmentFlag.AlignVCenter, one.words)
