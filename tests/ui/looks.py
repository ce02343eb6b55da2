"""What a designer would see cut: widgets that got less room than their words need, at the window's present size."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from ui.widgets.action_bar import ActionBar
from ui.widgets.ledger_table import LedgerTable
from ui.widgets.parts import KeyButton, Tag


def cut(root: QWidget) -> list[str]:
    """A line for every visible widget below ``root`` whose text does not fit its own rectangle or its parent's."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and isinstance(widget, QLabel | LedgerTable | KeyButton | Tag | ActionBar):
            problem = _problem(widget) or _outside(widget)
            if problem:
                found.append(f"{type(widget).__name__} {_text(widget)!r}: {problem}")
    return found


def _text(widget: QWidget) -> str:
    if isinstance(widget, LedgerTable):
        return " ".join(widget.texts())[:40]
    return str(widget.text())[:40] if isinstance(widget, QLabel | KeyButton | Tag) else ""


def _problem(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        if not widget.text():
            return ""
        wide = widget.minimumSizeHint().width() if widget.wordWrap() else widget.sizeHint().width()
        tall = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
        if wide > widget.width() + 1 or tall > widget.height() + 1:
            return f"needs {wide}x{tall}, has {widget.width()}x{widget.height()}"
        return ""
    if isinstance(widget, LedgerTable):
        return "" if widget.fits() else f"table has {widget.width()}x{widget.height()}"
    need = widget.sizeHint()
    if isinstance(widget, ActionBar):
        tall = widget.heightForWidth(widget.width())
        return "" if widget.height() >= tall else f"needs {tall} high, has {widget.height()}"
    if need.width() > widget.width() + 1 or need.height() > widget.height() + 1:
        return f"needs {need.width()}x{need.height()}, has {widget.width()}x{widget.height()}"
    return ""


def _outside(widget: QWidget) -> str:
    parent = widget.parentWidget()
    if parent is None or parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()):
        return ""
    return f"reaches outside {type(parent).__name__}"
