"""The reserved seal specimen laid over the voucher's seal: moved, turned, blinked, folded, until a person can judge.

The program claims nothing: there is no score and no word about agreement here, and the answer is given outside. What is
told is where the specimen lay, so that the record can show the same picture again.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desk.domain.seal_placement import SealPlacement
from ui.texts import Texts
from ui.widgets.key_strip import ShownKey
from ui.widgets.keyed_picture import KeyedPicture
from ui.widgets.look import colour, font
from ui.widgets.parts import Words
from ui.widgets.picture_keys import ARROWS, SEAL_KEYS, SIZE, SIZE_FAR, TURN, TURN_FAR, ZOOM
from ui.widgets.seal_layers import Ground, combined, drawn, hatch, inked, lifted, sheet
from ui.widgets.seal_legend import Mark, SealLegend, SealValues

TINT = QColor("#1D4FA8")
"""A second ink beside red, told from it by every kind of colour sight."""
BOTH = QColor("#7A8580")
PAPER = QColor("#FFFFFF")
NEAR, FAR = 1, 10
TURN_NEAR, TURN_WIDE = 50, 500
SIZE_NEAR, SIZE_WIDE = 1, 10
CLEAR_STEP = 10
BLINK_MS = 250
"""Half of a turn: both seals are seen twice a second."""
LINE_STEP = 2
LOOK_STEP = 1.25
MOST_LOOK = 6.0
SIDE_PIXELS = 292


class Mode(Enum):
    """How the two seals are put together."""

    OVER = "over"
    BLINK = "blink"
    DIFFERENCE = "difference"
    FOLD_ACROSS = "fold_across"
    FOLD_DOWN = "fold_down"


_AFTER_FOLD = {Mode.FOLD_ACROSS: Mode.FOLD_DOWN, Mode.FOLD_DOWN: Mode.OVER}


class SealOverlay(KeyedPicture):
    """``show_seals`` takes both pictures, at one resolution. ``moved`` tells every new placement of the specimen.

    ``calm`` (reduced motion): nothing blinks by itself; the key shows the one seal and the other in turn.
    """

    moved = Signal(object)

    def __init__(self, texts: Texts, calm: bool = False, least: QSize | None = None) -> None:
        super().__init__(texts, least or QSize(300, 300))
        self._voucher, self._specimen = QImage(), QImage()
        self._inks: dict[str, QImage] = {}
        self._placement = SealPlacement()
        self._mode, self._calm = Mode.OVER, calm
        self._tinted, self._clear, self._line, self._look = True, 40, 50, 1.0
        self._pan = (0.0, 0.0)
        self._second_phase = False
        self._drag: tuple[float, float] | None = None
        self._blinker = QTimer(self)
        self._blinker.setInterval(BLINK_MS)
        self._blinker.timeout.connect(self._alternate)
        self._lay_out()
        self.redraw()

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        self._values, self._legend = SealValues(), SealLegend()
        self._claim = Words("label", "second", wrap=True)
        side = QWidget()
        side.setFixedWidth(SIDE_PIXELS)
        side.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._legend, self._values, self.strip):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self._claim)
        box.addWidget(self.pane, 1)
        box.addWidget(side)

    # --- values -------------------------------------------------------------------------------------------

    def show_seals(self, voucher: QImage, specimen: QImage, placement: SealPlacement | None = None) -> None:
        """The voucher's seal, and the specimen over it; a placement known already is shown again."""
        self._voucher, self._specimen = voucher, specimen
        self._inks = {}
        if self._has_both:
            own = lifted(specimen)
            self._inks = {"voucher": lifted(voucher), "own": own, "tinted": inked(own, TINT)}
        self._placement = placement or SealPlacement()
        self._pan, self._look = (0.0, 0.0), 1.0
        self._choose(Mode.OVER)

    def placement(self) -> SealPlacement:
        """Where the specimen lies now."""
        return self._placement

    def mode(self) -> Mode:
        return self._mode

    def set_calm(self, calm: bool) -> None:
        """Reduced motion on or off."""
        self._calm = calm
        self._choose(self._mode)

    def forget(self) -> None:
        """Keep neither seal."""
        self.show_seals(QImage(), QImage())

    @property
    def _has_both(self) -> bool:
        return not self._voucher.isNull() and not self._specimen.isNull()

    # --- words --------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        t, has = self.texts, self._has_both
        self.setAccessibleName(t("picture.seals"))
        self._claim.say(t("picture.no_claim"))
        self._values.tell(t, self._placement, self._clear)
        self._legend.tell(self._marks())
        self.strip.show_keys([self._shown(name, has) for name in SEAL_KEYS])
        self.pane.update()

    def _shown(self, name: str, has: bool) -> ShownKey:
        folded = self._mode in (Mode.FOLD_ACROSS, Mode.FOLD_DOWN)
        on = {
            "blink": self._mode is Mode.BLINK,
            "difference": self._mode is Mode.DIFFERENCE,
            "tint": self._tinted and self._mode is not Mode.DIFFERENCE,
            "fold": folded,
        }
        off = {
            "fold_line": not folded,
            "clear": self._mode is not Mode.OVER,
            "tint": self._mode is Mode.DIFFERENCE,
            "look": self._look <= 1.0,
        }
        words = self.texts("picture.change") if name == "blink" and self._calm else ""
        return self.shown_key(SEAL_KEYS[name], on.get(name, False), has and not off.get(name, False), words)

    def _marks(self) -> tuple[Mark, ...]:
        """What each ink stands for now."""
        t = self.texts
        ink = TINT if self._tinted else colour("bad")
        voucher, specimen = t("picture.voucher_seal"), t("picture.specimen_seal")
        if self._mode is Mode.DIFFERENCE:
            return (
                Mark("solid", colour("bad"), t("picture.only_voucher")),
                Mark("hatched", TINT, t("picture.only_specimen")),
                Mark("solid", BOTH, t("picture.both")),
            )
        if self._mode is Mode.BLINK:
            now = self._second_phase
            return (
                Mark("open" if now else "solid", colour("bad"), voucher),
                Mark("solid" if now else "open", ink, specimen),
                Mark("words", ink, t("picture.alternating")),
            )
        pair = (Mark("solid", colour("bad"), voucher), Mark("solid", ink, specimen))
        if self._mode is Mode.OVER:
            shade = _mixed(colour("bad"), ink, 1 - self._clear / 100)
            return (*pair, Mark("solid", shade, t("picture.overlapping")))
        return (*pair, Mark("words", ink, t("picture.folded")))

    # --- keys and mouse -------------------------------------------------------------------------------------

    def press(self, stroke: str, held: bool) -> bool:
        if not self._has_both:
            return False
        return self._place(stroke) or self._adjust(stroke) or self._switch(stroke, held)

    def _place(self, stroke: str) -> bool:
        """Keys that move the specimen; held down they go on."""
        here, arrow = self._placement, ARROWS.get(stroke.removeprefix("Shift+"))
        if arrow is not None:
            step = FAR if stroke.startswith("Shift+") else NEAR
            self._move_to(here.moved(arrow[0] * step, arrow[1] * step))
        elif stroke in TURN or stroke in TURN_FAR:
            centidegrees = TURN.get(stroke, 0) * TURN_NEAR + TURN_FAR.get(stroke, 0) * TURN_WIDE
            self._move_to(here.turned(centidegrees))
        elif stroke in SIZE or stroke in SIZE_FAR:
            permille = SIZE.get(stroke, 0) * SIZE_NEAR + SIZE_FAR.get(stroke, 0) * SIZE_WIDE
            self._move_to(here.scaled(permille))
        else:
            return False
        return True

    def _adjust(self, stroke: str) -> bool:
        """Keys that change how it is looked at; held down they go on."""
        control = ARROWS.get(stroke.removeprefix("Ctrl+")) if stroke.startswith("Ctrl+") else None
        if stroke in ("[", "]"):
            self._clear = max(0, min(90, self._clear + (CLEAR_STEP if stroke == "[" else -CLEAR_STEP)))
        elif stroke in ("O", "P"):
            self._line = max(2, min(98, self._line + (LINE_STEP if stroke == "P" else -LINE_STEP)))
        elif stroke in ZOOM:
            self._look = max(1.0, min(MOST_LOOK, self._look * LOOK_STEP ** ZOOM[stroke]))
            self._pan = self._pan if self._look > 1.0 else (0.0, 0.0)
        elif control is not None:
            self._pan = (self._pan[0] - control[0] * 40, self._pan[1] - control[1] * 40)
        else:
            return False
        self.redraw()
        return True

    def _switch(self, stroke: str, held: bool) -> bool:
        return self.act(
            {
                "B": self._blink,
                "D": lambda: self._choose(Mode.OVER if self._mode is Mode.DIFFERENCE else Mode.DIFFERENCE),
                "F": lambda: self._choose(_AFTER_FOLD.get(self._mode, Mode.FOLD_ACROSS)),
                "C": self._change_tint,
                "Backspace": self._reset,
            },
            stroke,
            held,
        )

    def _blink(self) -> None:
        if self._calm and self._mode is Mode.BLINK and not self._second_phase:
            self._alternate()
        else:
            self._choose(Mode.OVER if self._mode is Mode.BLINK else Mode.BLINK)

    def _change_tint(self) -> None:
        self._tinted = not self._tinted
        self.redraw()

    def _reset(self) -> None:
        self._pan, self._look, self._line = (0.0, 0.0), 1.0, 50
        self._move_to(SealPlacement())

    def _move_to(self, placement: SealPlacement) -> None:
        changed = placement != self._placement
        self._placement = placement
        self.redraw()
        if changed:
            self.moved.emit(placement)

    def _choose(self, mode: Mode) -> None:
        self._mode, self._second_phase = mode, False
        self._run_blinker()
        self.redraw()

    def _run_blinker(self) -> None:
        if self._mode is Mode.BLINK and not self._calm and self._has_both and self.isVisible():
            self._blinker.start()
        else:
            self._blinker.stop()

    def _alternate(self) -> None:
        self._second_phase = not self._second_phase
        self._legend.tell(self._marks())
        self.pane.update()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        self._blinker.stop()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        self._run_blinker()

    def grabbed(self, x: float, y: float) -> None:
        self._drag = (x, y) if self._has_both else None

    def dragged(self, x: float, y: float) -> None:
        """The specimen follows by whole pixels of the voucher's picture."""
        if self._drag is None:
            return
        zoom = self._ground().zoom
        right, down = round((x - self._drag[0]) / zoom), round((y - self._drag[1]) / zoom)
        if right or down:
            self._drag = (self._drag[0] + right * zoom, self._drag[1] + down * zoom)
            self._move_to(self._placement.moved(right, down))

    def let_go(self) -> None:
        self._drag = None

    def wheeled(self, steps: int, x: float, y: float) -> None:
        if self._has_both:
            self._adjust("*" if steps > 0 else "/")

    # --- paint ----------------------------------------------------------------------------------------------

    def _ground(self) -> Ground:
        wide, tall = self.pane.room()
        fit = min(wide / max(1, self._voucher.width()), tall / max(1, self._voucher.height()))
        return Ground(wide / 2 + self._pan[0], tall / 2 + self._pan[1], fit * self._look)

    def paint_picture(self, painter: QPainter) -> None:
        if not self._has_both:
            self._nothing(painter)
            return
        painter.fillRect(self.pane.rect(), PAPER)
        if self._mode is Mode.DIFFERENCE:
            self._paint_difference(painter)
        elif self._mode in (Mode.FOLD_ACROSS, Mode.FOLD_DOWN):
            self._paint_fold(painter)
        elif self._mode is Mode.BLINK:
            (self._paint_specimen if self._second_phase else self._paint_voucher)(painter)
        else:
            self._paint_voucher(painter)
            self._paint_specimen(painter, 1 - self._clear / 100)

    def _nothing(self, painter: QPainter) -> None:
        painter.setPen(colour("second"))
        painter.setFont(font("body"))
        room = QRectF(self.pane.rect()).adjusted(16, 16, -16, -16)
        flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
        painter.drawText(room, flags, self.texts("picture.no_seals"))

    def _paint_voucher(self, painter: QPainter) -> None:
        drawn(painter, self._voucher, self._ground().voucher(self._voucher))

    def _paint_specimen(self, painter: QPainter, opacity: float = 1.0) -> None:
        ink = self._inks["tinted" if self._tinted else "own"]
        drawn(painter, ink, self._ground().specimen(self._specimen, self._placement), opacity)

    def _paint_difference(self, painter: QPainter) -> None:
        ground, ratio = self._ground(), self.pane.devicePixelRatioF()
        wide, tall = self.pane.room()
        voucher = sheet(wide, tall, ratio, self._inks["voucher"], ground.voucher(self._voucher))
        way = ground.specimen(self._specimen, self._placement)
        specimen = sheet(wide, tall, ratio, self._inks["own"], way)
        painter.drawImage(0, 0, inked(combined(voucher, specimen, keep=True), BOTH))
        painter.drawImage(0, 0, inked(combined(voucher, specimen, keep=False), colour("bad")))
        painter.drawImage(0, 0, inked(combined(specimen, voucher, keep=False), hatch(TINT, ratio)))

    def _paint_fold(self, painter: QPainter) -> None:
        """One half of each, edge to edge along the line, as when a corner of paper is folded over."""
        wide, tall = self.pane.room()
        across = self._mode is Mode.FOLD_ACROSS
        at = (wide if across else tall) * self._line / 100
        first = QRectF(0, 0, at, tall) if across else QRectF(0, 0, wide, at)
        rest = QRectF(at, 0, wide - at, tall) if across else QRectF(0, at, wide, tall - at)
        for half, paint in ((first, self._paint_voucher), (rest, self._paint_specimen)):
            painter.save()
            painter.setClipRect(half, Qt.ClipOperation.IntersectClip)
            paint(painter)
            painter.restore()
        painter.setPen(QPen(colour("ink"), 1, Qt.PenStyle.DashLine))
        ends = (QPointF(at, 0), QPointF(at, tall)) if across else (QPointF(0, at), QPointF(wide, at))
        painter.drawLine(*ends)
        self._grips(painter, *ends, across)
        self._sides(painter, first, rest)

    def _grips(self, painter: QPainter, start: QPointF, end: QPointF, across: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("ink"))
        for tip, into in ((start, 9), (end, -9)):
            x, y = tip.x(), tip.y()
            corners = (
                [(x - 6, y), (x + 6, y), (x, y + into)] if across else [(x, y - 6), (x, y + 6), (x + into, y)]
            )
            painter.drawPolygon(QPolygonF([QPointF(*one) for one in corners]))

    def _sides(self, painter: QPainter, first: QRectF, rest: QRectF) -> None:
        """Which half is whose, at the outer corners."""
        painter.setFont(font("label"))
        painter.setPen(colour("ink"))
        far = Qt.AlignmentFlag.AlignRight if rest.left() else Qt.AlignmentFlag.AlignLeft
        bottom, left = Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignLeft
        whole = QRectF(self.pane.rect()).adjusted(12, 8, -12, -8)
        top = Qt.AlignmentFlag.AlignTop if not rest.left() else bottom
        painter.drawText(whole, left.value | top.value, self.texts("picture.voucher_seal"))
        painter.drawText(whole, far.value | bottom.value, self.texts("picture.specimen_seal"))


def _mixed(under: QColor, over: QColor, part: float) -> QColor:
    """The colour one ink has under another."""
    channels = zip(under.getRgbF(), over.getRgbF(), strict=True)  # type: ignore[call-overload]
    return QColor.fromRgbF(*(low + (high - low) * part for low, high in channels))
