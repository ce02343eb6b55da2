"""Every text a window holds or draws, widget by widget: what a label says, what a screen reader would say, what a
tooltip or a title says, and what is painted without being a text of any widget.

``held`` reads properties, hidden widgets included; ``drawn`` lets a widget paint itself as SVG and reads the words out
of it, so that no self-drawn widget escapes. Judges nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QPoint
from PySide6.QtGui import QAccessible, QPainter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

PROPERTIES = (
    "text", "title", "placeholderText", "toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription",
    "windowTitle",
)  # fmt: skip
SPOKEN = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)
_TEXT = re.compile(r"<text [^>]*>(.*?)</text>", re.DOTALL)


def widgets(root: QWidget) -> list[QWidget]:
    return [root, *root.findChildren(QWidget)]


def held(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """``(widget, text)`` of every text a widget below ``root`` has, whether it is shown now or not."""
    for widget in widgets(root):
        found = [str(value) for name in PROPERTIES if (value := widget.property(name))]
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is not None:
            found += [spoken.text(kind) for kind in SPOKEN]
        for text in dict.fromkeys(found):
            if text:
                yield widget, text


def drawn(widget: QWidget) -> str:
    """All that ``painted`` finds, in one: a text may be painted piece by piece."""
    return "".join(painted(widget))


def painted(widget: QWidget) -> list[str]:
    """The words ``widget`` itself paints now, without its children's; none for one that is not shown."""
    if not widget.isVisible():
        return []
    buffer, picture = QBuffer(), QSvgGenerator()
    picture.setOutputDevice(buffer)
    picture.setSize(widget.size())
    painter = QPainter(picture)
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag(0))
    painter.end()
    svg = bytes(buffer.data().data()).decode()
    return [html.unescape(one) for one in _TEXT.findall(svg)]


def everything(root: QWidget) -> list[tuple[str, str]]:
    """``(class of the widget, text)`` of all that ``root`` holds or draws."""
    found = [(type(widget).__name__, text) for widget, text in held(root)]
    return found + [(type(one).__name__, words) for one in widgets(root) if (words := drawn(one))]
