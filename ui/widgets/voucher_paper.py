"""The deposit slip drawn as the paper the customer wrote: a picture, with no text that a screen reader could say.

While a step is blind this is the only thing that shows amount or account, so nothing here may set an accessible
description, a tooltip or a label.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk.domain.masking import group_number
from desk.domain.money import format_amount, plain_amount
from desk.views import VoucherView
from ui.fonts import visible
from ui.texts import Texts
from ui.widgets.look import font, text_width

PAPER = QColor("#F7F2E6")
EDGE = QColor("#C9BFA3")
INK = QColor("#2B2A25")
PRINTED = QColor("#6A6454")
LINE_PIXELS, TOP_PIXELS, BOTTOM_PIXELS = 21, 40, 8
MARGIN_PIXELS, GAP_PIXELS, LEAST_WIDTH = 16, 10, 330
_WRAP = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextWrapAnywhere.value


class VoucherPaper(QWidget):
    """``show_voucher(voucher, amounts)``: ``amounts`` False leaves figures, capitals and pieces off the paper.

    What is too long for its line is written smaller, over as many lines as it needs; the paper is as long as that.
    """

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._voucher: VoucherView | None = None
        self._amounts = True
        self.setMinimumWidth(LEAST_WIDTH)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_voucher(self, voucher: VoucherView | None, amounts: bool = True) -> None:
        self._voucher, self._amounts = voucher, amounts
        self.updateGeometry()
        self.update()

    def forget(self) -> None:
        self.show_voucher(None)

    def shows_amounts(self) -> bool:
        """Whether figures are on the paper now."""
        return self._voucher is not None and self._amounts

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(360, self.heightForWidth(max(LEAST_WIDTH, self.width())))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(LEAST_WIDTH, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        lines = self._lines()
        room = self._room(lines, width)
        return TOP_PIXELS + sum(_written(value, room)[1] for _, value in lines) + BOTTOM_PIXELS

    def _room(self, lines: list[tuple[str, str]], width: int) -> int:
        """Pixels a value has beside the longest label."""
        return width - 2 * MARGIN_PIXELS - GAP_PIXELS - _label_width(lines)

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
            (
                self._texts("review.amount"),
                "¥" + format_amount(slip.amount_minor) if self._amounts else hidden,
            ),
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
        return ["  ".join(cells[at : at + 4]) for at in range(0, len(cells), 4)]

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
        self._write(painter)

    def _write(self, painter: QPainter) -> None:
        lines, top = self._lines(), TOP_PIXELS
        wide, room = _label_width(lines), self._room(lines, self.width())
        for label, value in lines:
            size, tall = _written(value, room)
            painter.setFont(font("label"))
            painter.setPen(PRINTED)
            painter.drawText(QRectF(MARGIN_PIXELS, top, wide, tall), Qt.AlignmentFlag.AlignVCenter, label)
            painter.setFont(font(size))
            painter.setPen(INK)
            painter.drawText(QRect(MARGIN_PIXELS + wide + GAP_PIXELS, top, room, tall), _WRAP, value)
            top += tall


def _label_width(lines: list[tuple[str, str]]) -> int:
    return max((text_width(label, "label") for label, _ in lines), default=0)


def _written(value: str, room: int) -> tuple[str, int]:
    """``(size, height)`` of a value in ``room`` pixels."""
    if text_width(value, "body") <= room:
        return "body", LINE_PIXELS
    box = QFontMetrics(font("label")).boundingRect(QRect(0, 0, room, 1000), _WRAP, value)
    return "label", max(LINE_PIXELS, box.height())
