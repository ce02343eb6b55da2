"""What the picture widgets share: a pane that is drawn, its keys below or beside it, the focus shown on the pane.

Keys that are not in a widget's own table are passed on, so that the page's commands work with a picture in focus.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.texts import Texts
from ui.widgets.key_strip import KeyStrip, ShownKey
from ui.widgets.look import colour
from ui.widgets.picture_keys import PictureKey, stroke_of

RADIUS = 8
WHEEL_STEP = 120


class Pane(QWidget):
    """A framed area that its owner draws in; the mouse and the size are told to the owner."""

    def __init__(self, owner: KeyedPicture, least: QSize) -> None:
        super().__init__()
        self._owner = owner
        self._wheel = 0
        self.setMinimumSize(least)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def room(self) -> tuple[int, int]:
        return self.width(), self.height()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.fillPath(path, colour("side"))
        painter.save()
        painter.setClipPath(path)
        self._owner.paint_picture(painter)
        painter.restore()
        focused = self._owner.hasFocus()
        inset = 1.0 if focused else 0.5
        painter.setPen(QPen(colour("accent" if focused else "line"), inset * 2))
        place = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(place, RADIUS, RADIUS)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._owner.pane_resized()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._owner.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.LeftButton:
            self._owner.grabbed(event.position().x(), event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._owner.dragged(event.position().x(), event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._owner.let_go()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        if steps:
            self._owner.wheeled(steps, event.position().x(), event.position().y())
        event.accept()


class KeyedPicture(QWidget):
    """Base of the picture widgets. A subclass answers ``press``, draws in ``paint_picture`` and words in ``redraw``."""

    def __init__(self, texts: Texts, least: QSize) -> None:
        super().__init__()
        self.texts = texts
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.pane, self.strip = Pane(self, least), KeyStrip()
        self.strip.pressed.connect(self._clicked)
        texts.changed.connect(self.redraw)

    # --- what a widget states ---------------------------------------------------------------------------

    def press(self, stroke: str, held: bool) -> bool:
        """Do what a key means here; False passes it on. ``held``: it is only repeated."""
        return False

    def paint_picture(self, painter: QPainter) -> None:
        """Draw what the pane shows."""

    def redraw(self) -> None:
        """Word everything in the language now chosen."""

    def pane_resized(self) -> None:
        """The pane has another size."""

    def grabbed(self, x: float, y: float) -> None:
        """The mouse went down in the pane."""

    def dragged(self, x: float, y: float) -> None:
        """It moved there while down."""

    def let_go(self) -> None:
        """It went up again."""

    def wheeled(self, steps: int, x: float, y: float) -> None:
        """The wheel turned by whole steps, forward positive."""

    # --- shared -------------------------------------------------------------------------------------------

    def shown_key(
        self, key: PictureKey, is_on: bool = False, enabled: bool = True, words: str = ""
    ) -> ShownKey:
        """A row of the table as the strip draws it; ``words`` in place of its own."""
        return ShownKey(key.caps, key.presses(), words or self.texts(key.words), is_on, enabled)

    def act(self, table: dict[str, Callable[[], None]], stroke: str, held: bool) -> bool:
        """Run a key that does its work once a press; its repeats are taken and do nothing."""
        if stroke not in table:
            return False
        if not held:
            table[stroke]()
        return True

    def _clicked(self, stroke: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.press(stroke, held=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        stroke = stroke_of(event)
        event.setAccepted(bool(stroke) and self.press(stroke, event.isAutoRepeat()))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        self.pane.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        self.pane.update()
