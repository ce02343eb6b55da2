"""The two people's fingers: real key events to the window, counted by whose they are.

A chord (Alt+1) is one key. The letters of a password are not counted, its Enter is: how long a password is, is policy.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_NAMED = {
    "Enter": Qt.Key.Key_Return,
    "+": Qt.Key.Key_Plus,
    "Esc": Qt.Key.Key_Escape,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    **{f"F{n}": Qt.Key(Qt.Key.Key_F1.value + n - 1) for n in range(1, 13)},
}


@dataclass(frozen=True)
class Stroke:
    """One key as ``ui.keys`` writes it (``+``, ``F5``, ``Alt+1``, ``7``), whose it is, and whether it counts."""

    key: str
    who: str
    counted: bool = True


def typed(text: str, who: str, counted: bool = True) -> list[Stroke]:
    """One stroke a character."""
    return [Stroke(char, who, counted) for char in text]


@dataclass
class Keyboard:
    """Sends strokes to whatever holds the focus in ``window``."""

    window: QWidget
    counts: dict[str, int] = field(default_factory=dict)

    def press(self, stroke: Stroke) -> None:
        if stroke.counted:
            self.counts[stroke.who] = self.counts.get(stroke.who, 0) + 1
        target = QApplication.focusWidget()
        if target is None or not self.window.isAncestorOf(target):
            target = self.window
        modifiers, key = _combination(stroke.key)
        QTest.keyClick(target, key, modifiers)


def _combination(name: str) -> tuple[Qt.KeyboardModifier, Qt.Key]:
    alt = name.startswith("Alt+") and len(name) > 4
    plain = name.removeprefix("Alt+") if alt else name
    modifiers = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    if plain in _NAMED:
        return modifiers, _NAMED[plain]
    return modifiers, Qt.Key(ord(plain.upper()))
