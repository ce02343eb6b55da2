"""The deposit slip drawn as the paper the customer wrote: a picture, with no text that a screen reader could say.

While a step is blind this is the only thing that shows amount or account, so nothing here may set an accessible
description, a tooltip or a label.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk.domain.masking import group_number
from desk.domain.money import format_amount, plain_amount
from desk.views import VoucherView
from ui.fonts import visible
from ui.texts import Texts
from ui.widgets.look import font

PAPER = QColor("#F7F2E6")
EDGE = QColor("#C9BFA3")
INK = QColor("#2B2A25")
PRINTED = QColor("#6A6454")
LINE_PIXELS, TOP_PIXELS = 21, 40


class VoucherPaper(QWidget):
    """``show_voucher(voucher, amounts)``: ``amounts`` False leaves figures, capitals and pieces off the paper."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._voucher: VoucherView | None = None
        self._amounts = True
        self.setMinimumWidth(330)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_voucher(self, voucher: VoucherView | None, amounts: bool = True) -> None:
        self._voucher, self._amounts = voucher, amounts
        self.updateGeometry()
        self.update()

    def shows_amounts(self) -> bool:
        """Whether figures are on the paper now."""
        return self._voucher is not None and self._amounts

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(360, TOP_PIXELS + LINE_PIXELS * len(self._lines()) + 8)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(330, self.sizeHint().height())

    def _lines(self) -> list[tuple[str, str]]:
        slip = self._voucher
        if slip is None:
            return []
        hidden = self._texts("slip.hidden")
        lines = [
            (self._texts("slip.date"), slip.slip_date),
            (self._texts("slip.name"), visible(slip.account_name)),
            (self._texts("slip.number"), group_number(slip.account_number)),
            (self._texts("slip.capitals"), slip.capitals if self._amounts else hidden),
            (self._texts("slip.amount"), "¥" + format_amount(slip.amount_minor) if self._amounts else hidden),
        ]
        if self._amounts:
            lines += [("", text) for text in self._cash(slip)]
        return lines

    def _cash(self, slip: VoucherView) -> list[str]:
        cells = [
            f"{plain_amount(row.denomination_minor).removesuffix('.00')}×{row.slip_pieces}"
            for row in slip.rows
            if row.slip_pieces
        ]
        return ["   ".join(cells[at : at + 4]) for at in range(0, len(cells), 4)]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        slip = self._voucher
        if slip is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(EDGE, 1, Qt.PenStyle.DashLine))
        painter.setBrush(PAPER)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(PRINTED)
        painter.setFont(font("small"))
        painter.drawText(QRectF(16, 8, self.width() - 32, 18), Qt.AlignmentFlag.AlignLeft, visible(slip.bank))
        painter.setPen(INK)
        painter.setFont(font("card_title", spread=4))
        painter.drawText(
            QRectF(0, 8, self.width(), 26), Qt.AlignmentFlag.AlignCenter, self._texts.of(slip.title)
        )
        top = TOP_PIXELS
        wide = self._label_width(painter)
        for label, value in self._lines():
            painter.setFont(font("label"))
            painter.setPen(PRINTED)
            painter.drawText(QRectF(16, top, wide, LINE_PIXELS), Qt.AlignmentFlag.AlignVCenter, label)
            painter.setFont(font("body"))
            painter.setPen(INK)
            room = QRectF(16 + wide + 10, top, self.width() - wide - 38, LINE_PIXELS)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, value)
            top += LINE_PIXELS

    def _label_width(self, painter: QPainter) -> int:
        painter.setFont(font("label"))
        metrics = painter.fontMetrics()
        return max((metrics.horizontalAdvance(label) for label, _ in self._lines()), default=0)
