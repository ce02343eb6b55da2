"""The small parts every page is made of: words, cards, notices, tags and buttons that show their key.

Each draws its tokens itself, so that it looks the same under any style sheet. Text is always plain text.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.fonts import visible
from ui.widgets.look import colour, font, text_width

MARKS = {"ok": "✓", "bad": "▼", "warn": "▲", "busy": "◐", "open": "○", "info": "●"}
_TONES = {"ok": "ok", "bad": "bad", "warn": "warn", "busy": "accent", "open": "second", "info": "accent"}
_SOFT = {"ok": "ok_soft", "bad": "bad_soft", "warn": "warn_soft", "busy": "accent_soft", "open": "background",
         "info": "accent_soft"}  # fmt: skip


def fill(box: QLayout, *parts: QWidget) -> None:
    """Put widgets into a layout in order."""
    for part in parts:
        box.addWidget(part)


class Words(QLabel):
    """A label of plain text in one size and tone; glyphs no font has are written as their code point."""

    def __init__(self, size: str = "body", tone: str = "ink", bold: bool = False, wrap: bool = False) -> None:
        super().__init__()
        self._size, self._tone, self._bold = size, tone, bold
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.restyle()

    def say(self, text: str) -> None:
        """Show ``text``; hidden while it is empty."""
        shown = visible(text)
        if shown != self.text():
            self.setText(shown)
        self.setVisible(bool(shown))

    def forget(self) -> None:
        self.setText("")

    def tone(self, tone: str) -> None:
        if tone != self._tone:
            self._tone = tone
            self.restyle()

    def restyle(self) -> None:
        """Font and ink by token; set on the label itself, since a style sheet a label costs too much."""
        self.setFont(font(self._size, self._bold))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colour(self._tone))
        if palette != self.palette():
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self.restyle()


class Card(QWidget):
    """A white card with a hairline; ``tone`` gives a notice's soft ground instead."""

    def __init__(self, layout: QLayout | None = None, tone: str = "") -> None:
        super().__init__()
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.box: QLayout = layout if layout is not None else QVBoxLayout()
        self.box.setContentsMargins(18, 10, 18, 10)
        self.setLayout(self.box)

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = colour(_SOFT[self._tone]) if self._tone else colour("surface")
        edge = colour(_TONES[self._tone]) if self._tone else colour("line")
        if self._tone:
            edge.setAlpha(90)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)


class Notice(Card):
    """What was found and what to do now: shape and word first, then colour."""

    def __init__(self) -> None:
        super().__init__(tone="info")
        self.title, self.detail = Words("body", "accent", bold=True, wrap=True), Words("body", wrap=True)
        self.box.setSpacing(5)
        self.box.addWidget(self.title)
        self.box.addWidget(self.detail)

    def tell(self, tone: str, title: str, detail: str = "") -> None:
        self.set_tone(tone)
        self.title.tone(_TONES[tone])
        self.title.say(f"{MARKS[tone]} {title}" if title else "")
        self.detail.say(detail)
        self.setVisible(bool(title or detail))


class Tag(QWidget):
    """A state as shape and word on its soft colour."""

    def __init__(self) -> None:
        super().__init__()
        self._tone, self._text = "open", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def tell(self, tone: str, text: str) -> None:
        self._tone, self._text = tone, f"{MARKS[tone]} {text}" if text else ""
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def forget(self) -> None:
        self.tell("open", "")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(text_width(self._text, "label") + 18, 24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(_SOFT[self._tone]))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setPen(colour(_TONES[self._tone]))
        painter.setFont(font("label"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class KeyButton(QAbstractButton):
    """An action with its key beside its words. It never takes the focus from a field."""

    def __init__(self, style: str = "plain") -> None:
        super().__init__()
        self._style, self._key = style, ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def tell(self, words: str, key: str, style: str, enabled: bool) -> None:
        if (words, key, style, enabled) == (self.text(), self._key, self._style, self.isEnabled()):
            return
        self._key, self._style = key, style
        self.setText(words)
        self.setAccessibleName(f"{words} {key}")
        self.setEnabled(enabled)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        words = text_width(self.text(), "body", bold=self._style == "main")
        return QSize(words + text_width(self._key, "label") + 8 + 26, 42)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, ink = self._colours()
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour(ground).darker(108) if self.isDown() else colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(colour(ink))
        painter.setFont(font("body", bold=self._style == "main"))
        words = text_width(self.text(), "body", bold=self._style == "main")
        key_font, key = font("label"), text_width(self._key, "label")
        left = (self.width() - words - key - 8) // 2
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(left, 0, words + 2, self.height(), flags, self.text())
        painter.setFont(key_font)
        painter.drawText(left + words + 8, 0, key + 2, self.height(), flags, self._key)

    def _colours(self) -> tuple[str, str, str]:
        if self._style == "main":
            ground = "accent" if self.isEnabled() else "accent_off"
            return ground, ground, "surface"
        ink = "bad" if self._style == "bad" else "ink"
        return "surface", "line", ink if self.isEnabled() else "accent_off"


class Row(QWidget):
    """Widgets side by side without margins."""

    def __init__(self, *parts: QWidget, spacing: int = 12, stretch: bool = False) -> None:
        super().__init__()
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(spacing)
        for part in parts:
            self.box.addWidget(part)
        if stretch:
            self.box.addStretch(1)


class Pair(QWidget):
    """A small label over its value: amount, number, name."""

    def __init__(self, size: str = "amount", bold: bool = True, wrap: bool = False) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        self.label, self.value = Words("label", "second"), Words(size, bold=bold, wrap=wrap)
        box.addWidget(self.label)
        box.addWidget(self.value)
        box.addStretch(1)

    def tell(self, label: str, value: str, tone: str = "ink", label_tone: str = "second") -> None:
        self.label.say(label)
        self.label.tone(label_tone)
        self.value.say(value)
        self.value.tone(tone)
