"""The customer's screen (1024×600): only what the customer must check, masked, and two large answers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desk.commands import CustomerAnswer
from desk.domain.money import format_amount
from desk.views import CustomerView
from ui.fonts import visible
from ui.frame.top_bar import desk_name
from ui.texts import Texts
from ui.theme import base_font

GROUND, SOFT, PALE, DIM, READY = "#10332B", "#22423B", "#EAF2EF", "#A9BDB6", "#7EE2B0"
SIZE, MARGIN, TABLE_WIDTH, BETWEEN = (1024, 600), 56, 330, 40
ROW_PIXELS, ROWS_ROOM, LINE_HEIGHT = 26, 270, 1.45
AMOUNT_SIZES, NAME_SIZES = (82, 72, 62, 54, 46, 38), (28, 25, 22, 19, 16)


def _label(pixels: int, tone: str = PALE, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(base_font(pixels, bold))
    _ink(label, tone)
    return label


def _ink(label: QLabel, tone: str) -> None:
    palette = QPalette(label.palette())
    palette.setColor(QPalette.ColorRole.WindowText, QColor(tone))
    label.setPalette(palette)


def _fit(label: QLabel, room: int, sizes: tuple[int, ...]) -> None:
    """The largest of ``sizes`` in which the label's text has room."""
    fitting = (one for one in sizes if QFontMetrics(base_font(one)).horizontalAdvance(label.text()) <= room)
    label.setFont(base_font(next(fitting, sizes[-1])))


def _row_pixels(rows: int) -> int:
    """The size of the counted rows: smaller where many kinds of notes and coins were brought."""
    return min(ROW_PIXELS, round((ROWS_ROOM / max(1, rows) - 3) / LINE_HEIGHT))


class Figures(QLabel):
    """A large amount drawn bold by its outline: the shipped font has one weight, and Qt thickens no large glyphs."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        metrics = self.fontMetrics()
        base = (self.height() + metrics.ascent() - metrics.descent()) / 2
        path.addText(0, base, self.font(), self.text())
        painter.setBrush(QColor(PALE))
        painter.setPen(QPen(QColor(PALE), self.font().pixelSize() / 30))
        painter.drawPath(path)


class CustomerScreen(QWidget):
    """``show_customer`` a view; ``answered`` carries the customer's answer as a command, once per view."""

    answered = Signal(object)

    def __init__(self, texts: Texts, training: bool = False) -> None:
        super().__init__()
        self._texts, self._training = texts, training
        self._view: CustomerView | None = None
        self.setWindowTitle("Teller Desk")
        self.resize(*SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"CustomerScreen {{ background: {GROUND}; }}")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(MARGIN, 36, MARGIN, 28)
        outer.setSpacing(0)
        self.mark = _label(18, "#FFD48A", bold=True)
        self.message = _label(40, bold=True)
        self.message.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(BETWEEN)
        top.addLayout(self._left(), 1)
        self.table = self._table()
        top.addWidget(self.table, 0, Qt.AlignmentFlag.AlignTop)
        outer.addWidget(self.mark)
        outer.addWidget(self.message)
        outer.addLayout(top, 1)
        outer.addLayout(self._answers())
        outer.addSpacing(24)
        outer.addLayout(self._foot())
        for part in (self.message, self.amount, self.capitals, self.title, self.table, self.yes, self.no):
            part.setVisible(False)  # nothing takes room before there is something to show
        texts.changed.connect(self.redraw)

    def _left(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(4)
        self.title, self.amount, self.capitals = _label(30), Figures(), _label(30)
        self.amount.setFont(base_font(AMOUNT_SIZES[0]))
        self.capitals.setWordWrap(True)
        self.amount.setTextFormat(Qt.TextFormat.PlainText)
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(8)
        self.name_label, self.name = _label(28, DIM), _label(28)
        self.number_label, self.number = _label(28, DIM), _label(28)
        for row, pair in enumerate(((self.name_label, self.name), (self.number_label, self.number))):
            grid.addWidget(pair[0], row, 0)
            grid.addWidget(pair[1], row, 1)
        grid.setColumnStretch(1, 1)
        for part in (self.title, self.amount, self.capitals):
            box.addWidget(part)
        box.addSpacing(14)
        box.addLayout(grid)
        box.addStretch(1)
        return box

    def _table(self) -> QFrame:
        card = QFrame()
        card.setFixedWidth(TABLE_WIDTH)
        card.setStyleSheet(f"QFrame {{ background: {SOFT}; border-radius: 14px; }}")
        box = QVBoxLayout(card)
        box.setContentsMargins(26, 22, 26, 22)
        box.setSpacing(10)
        self.table_title = _label(20, DIM)
        box.addWidget(self.table_title)
        self.rows = QGridLayout()
        self.rows.setVerticalSpacing(9)
        box.addLayout(self.rows)
        self.cells: list[tuple[QLabel, QLabel]] = []
        return card

    def _answers(self) -> QHBoxLayout:
        box = QHBoxLayout()
        box.setSpacing(24)
        self.yes, self.no = QPushButton(), QPushButton()
        for button, filled in ((self.yes, True), (self.no, False)):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFixedHeight(78)
            ground, ink = (PALE, GROUND) if filled else ("transparent", PALE)
            button.setStyleSheet(
                f"QPushButton {{ background: {ground}; color: {ink}; border: 2px solid {PALE}; border-radius: 12px;"
                f" font-size: 31px; font-weight: {'bold' if filled else 'normal'}; padding: 0;"
                f" min-height: 74px; max-height: 74px; }}"
                f" QPushButton:focus {{ border: 4px solid #5CC9AE; }}"
            )
            box.addWidget(button)
        self.yes.clicked.connect(lambda: self._answer(agreed=True))
        self.no.clicked.connect(lambda: self._answer(agreed=False))
        return box

    def _foot(self) -> QHBoxLayout:
        box = QHBoxLayout()
        self.desk, self.hotline = _label(20, DIM), _label(20, DIM)
        box.addWidget(self.desk)
        box.addStretch(1)
        box.addWidget(self.hotline)
        return box

    def show_customer(self, view: CustomerView) -> None:
        if view != self._view:
            self._view = view
            self.yes.setEnabled(True)
            self.no.setEnabled(True)
            self.redraw()

    def redraw(self) -> None:
        view, texts = self._view, self._texts
        if view is None:
            return
        told = view.amount_minor is not None
        self.mark.setText(texts("frame.training") if self._training else "")
        done = view.state == "done"
        title = texts("customer.done_title") if done else texts.of(view.title)
        self.title.setText(title if view.title.zh else "")
        thanks = f"✓ {texts('customer.done')}" if done else texts(f"customer.{view.state}")
        self.message.setText(thanks if done or not told else "")
        _ink(self.message, READY if done else PALE)
        self.amount.setText("¥" + format_amount(view.amount_minor) if view.amount_minor is not None else "")
        room = self.width() - 2 * MARGIN - (TABLE_WIDTH + BETWEEN if view.rows else 0)
        _fit(self.amount, room, AMOUNT_SIZES)
        self.capitals.setText(view.capitals if told else "")
        self.name_label.setText(texts("customer.name") if told else "")
        self.number_label.setText(texts("customer.number") if told else "")
        self.name.setText(visible(view.masked_name))
        self.number.setText(view.masked_number)
        labels = max(one.sizeHint().width() for one in (self.name_label, self.number_label))
        _fit(self.name, room - labels - BETWEEN, NAME_SIZES)
        for part in (self.message, self.amount, self.capitals, self.title):
            part.setVisible(bool(part.text()))
        self._draw_rows(view)
        self.yes.setText(texts("customer.yes"))
        self.no.setText(texts("customer.no"))
        asks = view.state == "confirm"
        self.yes.setVisible(asks)
        self.no.setVisible(asks)
        self.desk.setText(
            texts("customer.desk", label=desk_name(view.desk_label, texts), staff_no=view.staff_no)
        )
        self.hotline.setText(texts("customer.hotline"))

    def _draw_rows(self, view: CustomerView) -> None:
        texts = self._texts
        self.table.setVisible(bool(view.rows))
        self.table_title.setText(texts("customer.counted"))
        lines = [
            (texts("page.yuan", n=row.denomination_minor // 100) if row.denomination_minor % 100 == 0
             else texts("page.jiao", n=row.denomination_minor // 10), row.counted_pieces or 0)
            for row in view.rows
        ]  # fmt: skip
        total = sum(pieces for _, pieces in lines)
        shown = [*lines, (texts("page.total"), total)] if lines else []
        while len(self.cells) < len(shown):
            pair = (_label(ROW_PIXELS), _label(ROW_PIXELS))
            at = len(self.cells)
            self.rows.addWidget(pair[0], at, 0)
            self.rows.addWidget(pair[1], at, 1, Qt.AlignmentFlag.AlignRight)
            self.cells.append(pair)
        for (unit, count), (name, pieces) in zip(self.cells, shown, strict=False):
            unit.setText(name)
            count.setText(texts("page.pieces", n=pieces))
        size = _row_pixels(len(shown))
        self.rows.setVerticalSpacing(9 if size == ROW_PIXELS else 3)
        for at, pair in enumerate(self.cells):
            for cell in pair:
                face = base_font(size, bold=bool(shown) and at == len(shown) - 1)
                if cell.font() != face:
                    cell.setFont(face)
        for at, (unit, count) in enumerate(self.cells):
            unit.setVisible(at < len(shown))
            count.setVisible(at < len(shown))

    def _answer(self, agreed: bool) -> None:
        if self._view is None or self._view.state != "confirm":
            return
        self.yes.setEnabled(False)
        self.no.setEnabled(False)
        reason = "" if agreed else self._texts("reason.on_screen")
        self.answered.emit(CustomerAnswer(agreed, "touch", reason))
