"""How much of a note remains, as a person counted it: the exact fraction, the percentage, and each boundary in
cells.

Says the count and where it stands against a share, the boundary itself included. What that is worth is said elsewhere.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk.domain.grid_measure import GridMeasure
from ui.texts import Texts
from ui.widgets.parts import Row, Tag, Words

CLOSE_CELLS = 2
"""Nearer to a boundary than this, a finer grid is worth a look."""


class AreaResult(QWidget):
    """``tell`` with a measure; ``boundaries`` are the shares it is held against, the larger first."""

    def __init__(self, texts: Texts, boundaries: tuple[tuple[int, int], ...]) -> None:
        super().__init__()
        self._texts, self._boundaries = texts, boundaries
        self._label, self._fraction = Words("label", "second"), Words("amount", bold=True)
        self._percent = Words("lead")
        self._tags = [Tag() for _ in boundaries]
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        line = Row(self._fraction, self._percent, spacing=12)
        line.box.addStretch(1)
        for tag in self._tags:
            line.box.addWidget(tag)
        box.addWidget(self._label)
        box.addWidget(line)

    def wait(self, cells: int) -> None:
        """Nothing is counted yet: no figure that could be taken for one."""
        self._label.say(self._texts("picture.remaining"))
        self._fraction.say(f"– / {cells}")
        self._percent.say(self._texts("picture.not_counted"))
        self._percent.tone("second")
        for tag in self._tags:
            tag.tell("open", "")

    def tell(self, measure: GridMeasure) -> None:
        """The count as it stands, against each boundary."""
        t = self._texts
        self._label.say(t("picture.remaining"))
        self._fraction.say(f"{measure.cells_present} / {measure.cells_total}")
        self._percent.say(percent_words(measure))
        self._percent.tone("ink")
        for tag, (numerator, denominator) in zip(self._tags, self._boundaries, strict=True):
            tag.tell(*self._against(measure, numerator, denominator))

    def _against(self, measure: GridMeasure, numerator: int, denominator: int) -> tuple[str, str]:
        t, over = self._texts, measure.over(numerator, denominator)
        share, due = f"{numerator}/{denominator}", measure.cells_due(numerator, denominator)
        if measure.cells_present * denominator == measure.cells_total * numerator:
            return "info", t("picture.exactly", share=share, due=due)
        if over >= 0:
            return "ok", t("picture.reached", share=share, due=due, n=over)
        return "open", t("picture.short_of", share=share, due=due, n=-over)

    def is_close(self, measure: GridMeasure) -> bool:
        """Whether a cell more or less would cross a boundary, or nearly."""
        return any(abs(measure.over(*one)) <= CLOSE_CELLS for one in self._boundaries)


def percent_words(measure: GridMeasure) -> str:
    """``76 %``, ``75.125 %``: no digit more than it needs, none rounded up."""
    thousandths = measure.percent_thousandths()
    decimals = f"{thousandths % 1000:03d}".rstrip("0")
    return f"{thousandths // 1000}{'.' + decimals if decimals else ''} %"
