"""A voucher's scan beside the question it answers: zoomed, panned, turned over, and brought to the part in
question.

A picture, with no word of what stands on it: nothing here may set an accessible text from a voucher's content. While it
is hidden it draws a placeholder and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QVBoxLayout

from ui.models.picture_view import WHOLE, PictureView, Region, fitted
from ui.texts import Texts
from ui.widgets.keyed_picture import KeyedPicture
from ui.widgets.look import colour, font, known
from ui.widgets.parts import Row, Words
from ui.widgets.picture_keys import ARROWS, SCAN_KEYS, ZOOM
from ui.widgets.picture_levels import PictureLevels

NEAR, FAR = 48, 240
"""Logical pixels a press of an arrow moves, without and with Shift."""
VEIL = 70


@dataclass(frozen=True)
class Sheet:
    """One side of a voucher: ``side`` front or back, and where on it the parts lie that are asked about (seal, amount,
    date, payee)."""

    side: str
    picture: PictureLevels
    regions: tuple[tuple[str, Region], ...] = ()

    def region(self, name: str) -> Region | None:
        return dict(self.regions).get(name)


class ScanView(KeyedPicture):
    """``show_sheets`` takes the sides, ``jump`` brings a part into view. ``looked`` tells the side and the part ("" for
    the whole) that came to be shown."""

    looked = Signal(str, str)

    def __init__(self, texts: Texts, least: QSize | None = None) -> None:
        super().__init__(texts, least or QSize(300, 190))
        self._sheets: tuple[Sheet, ...] = ()
        self._at = 0
        self._region = ""
        self._hidden = False
        self._view: PictureView | None = None
        self._drag: tuple[float, float] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(5)
        self._side, self._part, self._zoom = (
            Words("label", bold=True),
            Words("label", "accent"),
            Words("label", "second"),
        )
        head = Row(self._side, self._part, spacing=10)
        head.box.addStretch(1)
        head.box.addWidget(self._zoom)
        box.addWidget(head)
        box.addWidget(self.pane, 1)
        box.addWidget(self.strip)
        self.redraw()

    # --- values -------------------------------------------------------------------------------------------

    def show_sheets(self, sheets: Sequence[Sheet]) -> None:
        """The sides in their order; the first is shown whole."""
        self._sheets, self._at, self._region = tuple(sheets), 0, ""
        self._fit()

    def jump(self, part: str) -> bool:
        """Bring a part, or a side, into view; False when no sheet has it. A voucher that is hidden stays so."""
        for at, sheet in enumerate(self._sheets):
            region = sheet.region(part)
            if region is not None or sheet.side == part:
                self._at, self._region = at, part if region is not None else ""
                self._fit()
                self._tell()
                return True
        return False

    def set_hidden(self, hidden: bool) -> None:
        """Hidden while a step is blind: what was shown before is not drawn and answers no key."""
        self._hidden = hidden
        self.redraw()

    def forget(self) -> None:
        """Keep no picture of a customer's voucher."""
        self.show_sheets(())

    def shown(self) -> tuple[str, str]:
        """``(side, part)`` in view; two empty words while nothing is."""
        sheet = self._sheet
        return (sheet.side, self._region) if sheet is not None and not self._hidden else ("", "")

    def view(self) -> PictureView | None:
        """What of the picture is shown now."""
        return self._view

    # --- words --------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        t, sheet = self.texts, self._sheet
        shown = sheet is not None and not self._hidden
        side = known(t, "picture_part", sheet.side) if sheet is not None else ""
        count = f" {self._at + 1}/{len(self._sheets)}" if len(self._sheets) > 1 else ""
        self._side.say(f"{side}{count}" if shown else t("picture.voucher"))
        self._part.say(f"→ {known(t, 'picture_part', self._region)}" if shown and self._region else "")
        percent = round(self._view.shown_zoom * 100) if self._view is not None else 0
        self._zoom.say(f"{percent} %" if shown and percent else "")
        said = (self._side.text(), self._part.text()) if shown else (t("picture.hidden"),)
        self.setAccessibleName("  ".join(one for one in said if one))
        several, parts = len(self._sheets) > 1, len(self._stops()) > 1
        closer = self._view is not None and not self._view.is_whole
        enabled = {"pan": closer, "whole": closer or bool(self._region), "region": parts, "side": several}
        self.strip.show_keys(
            [
                self.shown_key(key, enabled=shown and enabled.get(name, True))
                for name, key in SCAN_KEYS.items()
            ]
        )
        self.pane.update()

    @property
    def _sheet(self) -> Sheet | None:
        return self._sheets[self._at] if self._sheets else None

    # --- keys and mouse -------------------------------------------------------------------------------------

    def press(self, stroke: str, held: bool) -> bool:
        view = self._view
        if view is None or self._hidden:
            return False
        far = stroke.startswith("Shift+")
        arrow = ARROWS.get(stroke.removeprefix("Shift+"))
        if arrow is not None:
            step = FAR if far else NEAR
            self._look(view.panned(arrow[0] * step, arrow[1] * step))
            return True
        if stroke in ZOOM:
            self._look(view.zoomed(ZOOM[stroke]))
            return True
        sides = {"PgUp": lambda: self._turn_over(-1), "PgDn": lambda: self._turn_over(1)}
        return self.act({"Home": self._whole, "R": self._next_region, **sides}, stroke, held)

    def grabbed(self, x: float, y: float) -> None:
        self._drag = (x, y)

    def dragged(self, x: float, y: float) -> None:
        if self._drag is not None and self._view is not None and not self._hidden:
            self._look(self._view.panned(self._drag[0] - x, self._drag[1] - y))
            self._drag = (x, y)

    def let_go(self) -> None:
        self._drag = None

    def wheeled(self, steps: int, x: float, y: float) -> None:
        if self._view is not None and not self._hidden:
            self._look(self._view.zoomed(steps, at=(x, y)))

    def pane_resized(self) -> None:
        if self._region or self._view is None or self._view.is_whole:
            self._fit()
        else:
            self._look(self._view.in_pane(self.pane.room()))

    def _look(self, view: PictureView) -> None:
        self._view = view
        self.redraw()

    def _whole(self) -> None:
        self._region = ""
        self._fit()
        self._tell()

    def _turn_over(self, step: int) -> None:
        at = max(0, min(len(self._sheets) - 1, self._at + step))
        if at != self._at:
            self._at = at
            self._whole()

    def _stops(self) -> list[str]:
        """Every part that can be asked for, over all sides."""
        return [name for sheet in self._sheets for name, _ in sheet.regions]

    def _next_region(self) -> None:
        stops = self._stops()
        if stops:
            after = stops.index(self._region) + 1 if self._region in stops else 0
            self.jump(stops[after % len(stops)])

    def _fit(self) -> None:
        """The region, or the whole side, in the pane as it is."""
        sheet = self._sheet
        if sheet is None:
            self._view = None
        else:
            size = sheet.picture.size
            view = fitted((size.width(), size.height()), self.pane.room())
            region = sheet.region(self._region)
            self._view = view.on(region) if region is not None else view
        self.redraw()

    def _tell(self) -> None:
        if not self._hidden:
            self.looked.emit(*self.shown())

    # --- paint ----------------------------------------------------------------------------------------------

    def paint_picture(self, painter: QPainter) -> None:
        view, sheet = self._view, self._sheet
        if self._hidden or view is None or sheet is None:
            self._placeholder(painter)
            return
        corner = QPointF(*view.to_pane(0, 0))
        sheet.picture.draw(painter, view.shown_zoom, corner)
        size = sheet.picture.size
        edge = QRectF(corner, QPointF(*view.to_pane(size.width(), size.height())))
        painter.setPen(QPen(colour("line"), 1))
        painter.drawRect(edge)
        region = sheet.region(self._region)
        if region is not None:
            self._frame(painter, view, region)

    def _frame(self, painter: QPainter, view: PictureView, region: Region) -> None:
        """A soft frame: what lies around the part is veiled a little, the part itself is untouched."""
        wide, tall = view.picture
        part = QRectF(
            QPointF(*view.to_pane(region.left * wide / WHOLE, region.top * tall / WHOLE)),
            QPointF(*view.to_pane(region.right * wide / WHOLE, region.bottom * tall / WHOLE)),
        ).adjusted(-4, -4, 4, 4)
        around = QPainterPath()
        around.addRect(QRectF(self.pane.rect()))
        around.addRoundedRect(part, 8, 8)
        veil = QColor(colour("background"))
        veil.setAlpha(VEIL * 2)
        painter.fillPath(around, veil)
        glow = QColor(colour("accent"))
        glow.setAlpha(VEIL)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(glow, 6), QPen(colour("accent"), 2)):
            painter.setPen(pen)
            painter.drawRoundedRect(part, 8, 8)

    def _placeholder(self, painter: QPainter) -> None:
        room = QRectF(self.pane.rect()).adjusted(14, 14, -14, -14)
        painter.setPen(QPen(colour("line"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(room, 8, 8)
        painter.setPen(colour("second"))
        painter.setFont(font("body"))
        words = self.texts("picture.hidden" if self._hidden else "picture.none")
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value, words)
