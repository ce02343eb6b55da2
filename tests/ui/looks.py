"""What a designer would see cut: widgets that got less room than their words need, at the window's present size."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from ui.frame.steps_list import StepsList
from ui.widgets.action_bar import ActionBar
from ui.widgets.choice_list import ChoiceList
from ui.widgets.key_strip import KeyStrip
from ui.widgets.ledger_table import LedgerTable
from ui.widgets.parts import KeyButton, Tag
from ui.widgets.voucher_paper import VoucherPaper

BY_HINT = (KeyButton, Tag, QPushButton, ChoiceList)
BY_HEIGHT = (ActionBar, VoucherPaper, StepsList, KeyStrip)
LOOKED_AT = (QLabel, LedgerTable, QLineEdit, *BY_HINT, *BY_HEIGHT)
FIELD_EDGE_PIXELS = 28
"""What a field's border and padding take of its width."""


def cut(root: QWidget) -> list[str]:
    """A line for every visible widget below ``root`` whose words do not fit it, or that a parent shows only in part."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and isinstance(widget, LOOKED_AT):
            problem = _problem(widget) or _hidden_part(widget, root)
            if problem:
                found.append(f"{type(widget).__name__} {_text(widget)!r}: {problem}")
    return found


def _text(widget: QWidget) -> str:
    if isinstance(widget, LedgerTable | ChoiceList):
        return " ".join(widget.texts())[:40]
    return (
        str(widget.text())[:40]
        if isinstance(widget, QLabel | KeyButton | Tag | QPushButton | QLineEdit)
        else ""
    )


def _problem(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        if not widget.text():
            return ""
        wide = widget.minimumSizeHint().width() if widget.wordWrap() else widget.sizeHint().width()
        tall = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
        return _needs(widget, wide, tall)
    if isinstance(widget, LedgerTable):
        return "" if widget.fits() else f"table has {widget.width()}x{widget.height()}"
    if isinstance(widget, QLineEdit):
        return _needs(
            widget, widget.fontMetrics().horizontalAdvance(widget.displayText()) + FIELD_EDGE_PIXELS, 0
        )
    if isinstance(widget, BY_HEIGHT):
        return _needs(widget, 0, widget.heightForWidth(widget.width()))
    return _needs(widget, widget.sizeHint().width(), widget.sizeHint().height())


def _needs(widget: QWidget, wide: int, tall: int) -> str:
    if wide > widget.width() + 1 or tall > widget.height() + 1:
        return f"needs {wide}x{tall}, has {widget.width()}x{widget.height()}"
    return ""


def _hidden_part(widget: QWidget, root: QWidget) -> str:
    """Whether any parent up to ``root`` cuts a piece of the widget off."""
    parent = widget.parentWidget()
    while parent is not None:
        place = QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(place):
            return f"reaches outside {type(parent).__name__}"
        if parent is root:
            return ""
        parent = parent.parentWidget()
    return ""
