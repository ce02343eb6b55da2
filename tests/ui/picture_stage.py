"""The place a picture widget has in the window's middle column, and a hand for its keys and its mouse.

``stage`` holds the widget as wide as the column of the smallest desk; ``tap`` presses keys by their names in
``ui.widgets.picture_keys``. Judges nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.ui.window_of import settle

MIDDLE = 772
"""The middle column at 1366 pixels, without its margins."""
NAMES = {
    "Left": Qt.Key.Key_Left, "Right": Qt.Key.Key_Right, "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down,
    "PgUp": Qt.Key.Key_PageUp, "PgDn": Qt.Key.Key_PageDown, "Home": Qt.Key.Key_Home, "Space": Qt.Key.Key_Space,
    "Backspace": Qt.Key.Key_Backspace, "Esc": Qt.Key.Key_Escape, "Enter": Qt.Key.Key_Return, "F5": Qt.Key.Key_F5,
    "Tab": Qt.Key.Key_Tab,
}  # fmt: skip
MODIFIERS = {
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
SHIFTED = set('<>:"*+')


class Stage(QWidget):
    """The column around one widget; what the widget does not take comes here, as it would to a page."""

    def __init__(self, widget: QWidget, size: QSize) -> None:
        super().__init__()
        self.passed: list[str] = []
        self.widget = widget
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(widget)
        self.resize(size)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            self.passed.append(event.text() or Qt.Key(event.key()).name)


def stage(widget: QWidget, height: int, width: int = MIDDLE) -> Stage:
    """The widget on its stage, shown and in focus."""
    made = Stage(widget, QSize(width, height))
    made.show()
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    widget.setFocus()
    settle()
    return made


def tap(widget: QWidget, *keys: str) -> None:
    """Press keys one after the other: ``Left``, ``Shift+Left``, ``B``, ``<``."""
    for name in keys:
        *held, last = name.split("+") if len(name) > 1 else [name]
        modifiers = Qt.KeyboardModifier.NoModifier
        for one in held:
            modifiers |= MODIFIERS[one]
        if last in SHIFTED:
            modifiers |= MODIFIERS["Shift"]
        QTest.keyClick(widget, NAMES.get(last) or Qt.Key(ord(last)), modifiers)
    settle()


def drag(widget: QWidget, *places: tuple[float, float]) -> None:
    """The left button goes down at the first place, moves over the others and goes up at the last."""
    points = [QPoint(round(x), round(y)) for x, y in places]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, left, none, points[0])
    for point in points[1:]:
        QTest.mouseMove(widget, point)
    QTest.mouseRelease(widget, left, none, points[-1])
    settle()


def painted(widget: QWidget, ratio: float = 1.0) -> QImage:
    """The widget as it paints itself, at a device pixel ratio."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.magenta)
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image


def close(made: QWidget) -> None:
    made.close()
    made.deleteLater()
    settle()
