"""The bottom bar: the keys that mean something here and now."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui.keys import KEYS, action_named
from ui.pages.page import Hint
from ui.texts import Texts


class _KeyHint(QWidget):
    def __init__(self) -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.key, self.label = QLabel(), QLabel()
        self.key.setProperty("look", "key")
        self.label.setProperty("look", "hint")
        box.addWidget(self.key)
        box.addWidget(self.label)


class KeyBar(QFrame):
    """``show_hints`` with the page's keys; the frame's own keys are always there while someone is signed on."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._hints: tuple[Hint, ...] = ()
        self._everywhere = True
        self.setProperty("look", "bottom")
        self.setFixedHeight(52)
        box = QHBoxLayout(self)
        box.setContentsMargins(20, 0, 20, 0)
        box.setSpacing(14)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        for part in (self._left, self._right):
            part.setSpacing(14)
        box.addLayout(self._left)
        box.addStretch(1)
        self.note = QLabel()
        self.note.setProperty("look", "hint")
        box.addWidget(self.note)
        box.addLayout(self._right)
        self._left_hints: list[_KeyHint] = []
        self._right_hints: list[_KeyHint] = []
        texts.changed.connect(self.redraw)

    def show_hints(self, hints: tuple[Hint, ...], everywhere: bool, note: str = "") -> None:
        self._hints, self._everywhere = hints, everywhere
        self.note.setText(note)
        self.redraw()

    def redraw(self) -> None:
        own = [one.action for one in self._hints if one.enabled]
        frame = [one.action for one in KEYS if one.everywhere and one.action not in ("lock", "language")]
        left = ([one for one in frame if one == "help"] if self._everywhere else []) + own[:6]
        if self._everywhere:
            left += [one for one in frame if one not in left]
        self._fill(self._left, self._left_hints, left[:9])
        self._fill(self._right, self._right_hints, ["language", "lock"] if self._everywhere else ["language"])

    def _fill(self, box: QHBoxLayout, hints: list[_KeyHint], actions: list[str]) -> None:
        while len(hints) < len(actions):
            hints.append(_KeyHint())
            box.addWidget(hints[-1])
        for hint, name in zip(hints, actions, strict=False):
            row = action_named(name)
            hint.key.setText(row.keys.replace("Return", "Enter"))
            hint.label.setText(self._texts.of(row.label))
            hint.setVisible(True)
        for hint in hints[len(actions) :]:
            hint.setVisible(False)
