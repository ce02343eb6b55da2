"""The keys of the three picture widgets, in one table: what is pressed, what is shown, and its words.

The frame's and the pages' keys (``ui.keys``) stay theirs: no Alt, no function key, no Enter, Esc or ``+`` stands here,
and no letter means two things on the counter. Arrows move what the widget says they move.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NAMED = {
    Qt.Key.Key_Left: "Left", Qt.Key.Key_Right: "Right", Qt.Key.Key_Up: "Up", Qt.Key.Key_Down: "Down",
    Qt.Key.Key_PageUp: "PgUp", Qt.Key.Key_PageDown: "PgDn", Qt.Key.Key_Home: "Home", Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Backspace: "Backspace",
}  # fmt: skip
ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
TURN, TURN_FAR = {",": -1, ".": 1}, {"<": -1, ">": 1}
SIZE, SIZE_FAR = {";": -1, "'": 1}, {":": -1, '"': 1}
ZOOM = {"/": -1, "*": 1}
_PASSED_ON = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class PictureKey:
    """``strokes`` are the keys as ``stroke_of`` names them, ``caps`` what is drawn on them, ``words`` its key in the
    catalogue."""

    caps: tuple[str, ...]
    words: str
    strokes: tuple[str, ...] = ()

    def presses(self) -> tuple[str, ...]:
        """What a click on each cap presses; "" for one that is only shown."""
        return self.strokes if len(self.strokes) == len(self.caps) else ("",) * len(self.caps)


ARROW_CAPS = ("←", "↑", "↓", "→")
ARROW_STROKES = ("Left", "Up", "Down", "Right")

ZOOM_KEY = PictureKey(("/", "*"), "picture.zoom", ("/", "*"))

SCAN_KEYS = {
    "pan": PictureKey(ARROW_CAPS, "picture.pan", ARROW_STROKES),
    "zoom": ZOOM_KEY,
    "whole": PictureKey(("Home",), "picture.whole", ("Home",)),
    "region": PictureKey(("R",), "picture.region", ("R",)),
    "side": PictureKey(("PgUp", "PgDn"), "picture.side", ("PgUp", "PgDn")),
}
SEAL_KEYS = {
    "move": PictureKey(ARROW_CAPS, "picture.move", ARROW_STROKES),
    "turn": PictureKey((",", "."), "picture.turn", (",", ".")),
    "size": PictureKey((";", "'"), "picture.size", (";", "'")),
    "far": PictureKey(("Shift",), "picture.far"),
    "clear": PictureKey(("[", "]"), "picture.clear", ("[", "]")),
    "blink": PictureKey(("B",), "picture.blink", ("B",)),
    "difference": PictureKey(("D",), "picture.difference", ("D",)),
    "tint": PictureKey(("C",), "picture.tint", ("C",)),
    "fold": PictureKey(("F",), "picture.fold", ("F",)),
    "fold_line": PictureKey(("O", "P"), "picture.fold_line", ("O", "P")),
    "zoom": ZOOM_KEY,
    "look": PictureKey(("Ctrl",), "picture.look"),
    "reset": PictureKey(("Backspace",), "picture.reset", ("Backspace",)),
}
FRAME_KEYS = {
    "template": PictureKey(("T",), "picture.to_cells", ("T",)),
    "move": PictureKey(ARROW_CAPS, "picture.move_frame", ARROW_STROKES),
    "handle": PictureKey(("N",), "picture.handle", ("N",)),
    "turn": PictureKey((",", "."), "picture.turn", (",", ".")),
    "size": PictureKey((";", "'"), "picture.size", (";", "'")),
    "far": PictureKey(("Shift",), "picture.far"),
    "zoom": ZOOM_KEY,
    "reset": PictureKey(("Backspace",), "picture.reset", ("Backspace",)),
}
CELL_KEYS = {
    "template": PictureKey(("T",), "picture.to_template", ("T",)),
    "step": PictureKey(ARROW_CAPS, "picture.step", ARROW_STROKES),
    "toggle": PictureKey(("Space",), "picture.toggle", ("Space",)),
    "carry": PictureKey(("Shift",), "picture.carry"),
    "row": PictureKey(("H",), "picture.row", ("H",)),
    "column": PictureKey(("V",), "picture.column", ("V",)),
    "grid": PictureKey(("G",), "picture.grid", ("G",)),
    "propose": PictureKey(("M",), "picture.propose", ("M",)),
    "adopt": PictureKey(("A",), "picture.adopt", ("A",)),
    "zoom": ZOOM_KEY,
    "reset": PictureKey(("Backspace",), "picture.reset", ("Backspace",)),
}


def stroke_of(event: QKeyEvent) -> str:
    """The key as the tables write it: ``Left``, ``Shift+Left``, ``Ctrl+Left``, ``B``, ``<``, ``Home``; "" for what
    belongs to others."""
    if event.modifiers() & _PASSED_ON:
        return ""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    if key in _NAMED:
        name = _NAMED[key]
        if control:
            return f"Ctrl+{name}"
        return f"Shift+{name}" if modifiers & Qt.KeyboardModifier.ShiftModifier else name
    if control or not 0x20 < key.value < 0x7F or key is Qt.Key.Key_Plus:
        return ""
    return chr(key.value)
