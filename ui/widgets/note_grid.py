"""A grid template over the photo of a damaged note, for a person to count what remains, cell by cell.

First the template is laid on the corners the whole note had, then each missing cell is marked. A proposal computed from
the picture is drawn apart and counts nothing until the person takes it (counter-rules §6.15).
"""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout

from desk.domain.grid_measure import GridMeasure
from ui.models.note_cells import Cell, NoteCells
from ui.models.note_frame import ALL, NoteFrame, first_frame
from ui.models.picture_view import PictureView, fitted
from ui.texts import Texts
from ui.widgets.area_result import AreaResult
from ui.widgets.key_strip import ShownKey
from ui.widgets.keyed_picture import KeyedPicture
from ui.widgets.look import colour, font
from ui.widgets.note_grid_paint import GridPaint, LinesLayer
from ui.widgets.note_proposal import proposed_missing, way_to
from ui.widgets.parts import Words
from ui.widgets.picture_keys import (
    ARROWS,
    CELL_KEYS,
    FRAME_KEYS,
    SIZE,
    SIZE_FAR,
    TURN,
    TURN_FAR,
    ZOOM,
    PictureKey,
)
from ui.widgets.picture_levels import PictureLevels

BOUNDARIES = ((3, 4), (1, 2))
"""The shares of counter-rules §6.15, both including the boundary."""
NEAR, FAR = 1, 10
TURN_NEAR, TURN_WIDE = 0.5, 5.0
SIZE_NEAR, SIZE_WIDE = 0.004, 0.04
GRAB_PIXELS = 16


class NoteGrid(KeyedPicture):
    """``show_note`` takes a picture. ``measured`` tells the count after every mark a person makes, and no other."""

    measured = Signal(object)

    def __init__(
        self,
        texts: Texts,
        boundaries: tuple[tuple[int, int], ...] = BOUNDARIES,
        least: QSize | None = None,
    ) -> None:
        super().__init__(texts, least or QSize(420, 240))
        self._picture: PictureLevels | None = None
        self._frame = first_frame(200, 100)
        self._cells = NoteCells()
        self._proposal: frozenset[Cell] | None = None
        self._no_proposal = False
        self._placing = True
        self._view: PictureView | None = None
        self._drag: tuple[float, float] | None = None
        self._brush = False
        self._lines = LinesLayer()
        self.result = AreaResult(texts, boundaries)
        self._hint = Words("label", "second", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.result)
        box.addWidget(self.pane, 1)
        box.addWidget(self._hint)
        box.addWidget(self.strip)
        self.redraw()

    # --- values -------------------------------------------------------------------------------------------

    def show_note(
        self, picture: PictureLevels, frame: NoteFrame | None = None, cells: NoteCells | None = None
    ) -> None:
        """A picture with a fresh template, or with what a person placed and marked before."""
        self._picture = picture
        self._frame = frame or first_frame(picture.size.width(), picture.size.height())
        self._cells = cells or NoteCells()
        self._placing = frame is None
        self._drop_proposal()
        self._fit()

    def forget(self) -> None:
        """Keep no picture and no marks."""
        self._picture, self._view, self._cells, self._placing = None, None, NoteCells(), True
        self._drop_proposal()
        self.redraw()

    def measure(self) -> GridMeasure:
        """What is marked now."""
        return self._cells.measure()

    def frame(self) -> NoteFrame:
        """Where the person laid the template."""
        return self._frame

    def cells(self) -> NoteCells:
        return self._cells

    def is_placing(self) -> bool:
        """Whether the keys move the template; else they mark cells."""
        return self._placing

    def proposal(self) -> frozenset[Cell] | None:
        """The cells a machine would call missing, while they are proposed."""
        return self._proposal

    def cell_in_pane(self, cell: Cell) -> QPointF:
        """Where the middle of a cell is drawn."""
        way = way_to(self._frame, self._cells.columns, self._cells.rows)
        middle = way.map(QPointF(cell[1] + 0.5, cell[0] + 0.5))
        view = self._view or fitted((1, 1), self.pane.room())
        return QPointF(*view.to_pane(middle.x(), middle.y()))

    # --- words --------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        t, measure = self.texts, self.measure()
        self.setAccessibleName(t("picture.note"))
        if self._placing:
            self.result.wait(measure.cells_total)
        else:
            self.result.tell(measure)
        self._hint.tone("accent" if self._proposal is not None else "second")
        self._hint.say(self._hint_words(measure))
        table = FRAME_KEYS if self._placing else CELL_KEYS
        self.strip.show_keys([self._shown(name, key) for name, key in table.items()])
        self.pane.update()

    def _shown(self, name: str, key: PictureKey) -> ShownKey:
        t, proposed = self.texts, self._proposal is not None
        enabled = {"adopt": proposed, "grid": self._cells.finer == 1 or self._cells.can_coarsen()}
        words = ""
        if name == "grid" and self._cells.finer > 1:
            words = t("picture.coarser")
        if name == "reset" and proposed:
            words = t("picture.drop")
        return self.shown_key(key, False, self._picture is not None and enabled.get(name, True), words)

    def _hint_words(self, measure: GridMeasure) -> str:
        t = self.texts
        if self._placing:
            at = self._frame.handle
            corner = ("picture.top_left", "picture.top_right", "picture.bottom_right", "picture.bottom_left")
            return t("picture.placing", what=t("picture.whole_frame" if at == ALL else corner[at]))
        if self._proposal is not None:
            return t("picture.proposed", n=len(self._proposal), total=measure.cells_total)
        if self._no_proposal:
            return t("picture.no_proposal")
        if (
            measure.cells_present < measure.cells_total
            and self._cells.finer == 1
            and self.result.is_close(measure)
        ):
            return t("picture.close")
        return t("picture.marking", row=self._cells.at[0] + 1, column=self._cells.at[1] + 1)

    # --- keys -----------------------------------------------------------------------------------------------

    def press(self, stroke: str, held: bool) -> bool:
        if self._picture is None or self._view is None:
            return False
        if stroke in ZOOM:
            self._zoom(ZOOM[stroke])
            return True
        if self.act({"T": self._swap}, stroke, held):
            return True
        return self._place(stroke, held) if self._placing else self._mark(stroke, held)

    def _place(self, stroke: str, held: bool) -> bool:
        frame, arrow = self._frame, ARROWS.get(stroke.removeprefix("Shift+"))
        if arrow is not None:
            step = FAR if stroke.startswith("Shift+") else NEAR
            self._lay(frame.moved(arrow[0] * step, arrow[1] * step))
            self._follow()
        elif stroke in TURN or stroke in TURN_FAR:
            self._lay(frame.turned(TURN.get(stroke, 0) * TURN_NEAR + TURN_FAR.get(stroke, 0) * TURN_WIDE))
        elif stroke in SIZE or stroke in SIZE_FAR:
            by = SIZE.get(stroke, 0) * SIZE_NEAR + SIZE_FAR.get(stroke, 0) * SIZE_WIDE
            self._lay(frame.sized(1 + by))
        else:
            return self.act({"N": self._next_handle, "Backspace": self._fresh_frame}, stroke, held)
        return True

    def _mark(self, stroke: str, held: bool) -> bool:
        arrow = ARROWS.get(stroke.removeprefix("Shift+"))
        if arrow is not None:
            there = self._cells.is_there(self._cells.at)
            moved = self._cells.stepped(arrow[1], arrow[0])
            if stroke.startswith("Shift+"):
                self._say(moved.marked((moved.at,), there))
            else:
                self._stand(moved)
            return True
        return self.act(
            {
                "Space": lambda: self._say(self._cells.toggled(self._cells.at)),
                "H": lambda: self._say(self._cells.row_filled()),
                "V": lambda: self._say(self._cells.column_filled()),
                "G": self._change_grid,
                "M": self._propose,
                "A": self._adopt,
                "Backspace": self._back,
            },
            stroke,
            held,
        )

    def _zoom(self, steps: int, at: tuple[float, float] | None = None) -> None:
        if self._view is not None:
            self._view = self._view.zoomed(steps, at or self._attention())
            self.redraw()

    def _attention(self) -> tuple[float, float] | None:
        """What is worked on stays in view when one looks closer."""
        if not self._placing:
            middle = self.cell_in_pane(self._cells.at)
            return middle.x(), middle.y()
        if self._frame.handle != ALL and self._view is not None:
            return self._view.to_pane(*self._frame.corners[self._frame.handle])
        return None

    def _swap(self) -> None:
        self._placing = not self._placing
        self._drop_proposal()
        self.redraw()

    def _next_handle(self) -> None:
        self._lay(self._frame.next_handle())
        self._follow()

    def _fresh_frame(self) -> None:
        if self._picture is not None:
            self._lay(first_frame(self._picture.size.width(), self._picture.size.height()))

    def _lay(self, frame: NoteFrame) -> None:
        self._frame = frame
        self.redraw()

    def _stand(self, cells: NoteCells) -> None:
        self._cells = cells
        self._follow()
        self.redraw()

    def _say(self, cells: NoteCells) -> None:
        """A person's mark: shown and told."""
        self._no_proposal = False
        self._stand(cells)
        self.measured.emit(self.measure())

    def _follow(self) -> None:
        """What the keys stand on comes into view when one looks closely."""
        at, view = self._attention(), self._view
        if at is None or view is None or view.is_whole:
            return
        wide, tall = self.pane.room()
        right = min(0.0, at[0] - 40) + max(0.0, at[0] - wide + 40)
        down = min(0.0, at[1] - 40) + max(0.0, at[1] - tall + 40)
        self._view = view.panned(right, down)

    def _change_grid(self) -> None:
        if self._cells.finer == 1:
            self._drop_proposal()
            self._say(self._cells.refined())
        elif self._cells.can_coarsen():
            self._drop_proposal()
            self._say(self._cells.coarsened())

    def _propose(self) -> None:
        if self._picture is not None:
            self._proposal = proposed_missing(
                self._picture, self._frame, self._cells.columns, self._cells.rows
            )
            self._no_proposal = self._proposal is None
            self.redraw()

    def _adopt(self) -> None:
        if self._proposal is not None:
            taken = self._cells.taking(self._proposal)
            self._drop_proposal()
            self._say(taken)

    def _back(self) -> None:
        """A proposal goes first, then every mark."""
        if self._proposal is not None:
            self._drop_proposal()
            self.redraw()
        else:
            self._say(self._cells.whole())

    def _drop_proposal(self) -> None:
        self._proposal, self._no_proposal = None, False

    # --- mouse ----------------------------------------------------------------------------------------------

    def grabbed(self, x: float, y: float) -> None:
        if self._picture is None or self._view is None:
            return
        self._drag = (x, y)
        if self._placing:
            self._lay(self._frame.holding(self._handle_at(x, y)))
            return
        cell = self._cell_at(x, y)
        if cell is not None:
            self._brush = not self._cells.is_there(cell)
            self._say(self._cells.standing(cell).marked((cell,), self._brush))

    def dragged(self, x: float, y: float) -> None:
        if self._drag is None or self._view is None:
            return
        before, self._drag = self._drag, (x, y)
        if self._placing:
            zoom = self._view.shown_zoom
            self._lay(self._frame.moved((x - before[0]) / zoom, (y - before[1]) / zoom))
            return
        cells = self._cells_between(before, (x, y))
        fresh = [one for one in cells if self._cells.is_there(one) is not self._brush]
        if fresh:
            self._say(self._cells.standing(fresh[-1]).marked(fresh, self._brush))

    def let_go(self) -> None:
        self._drag = None

    def wheeled(self, steps: int, x: float, y: float) -> None:
        self._zoom(steps, (x, y))

    def _handle_at(self, x: float, y: float) -> int:
        """The corner under the mouse, else the whole template."""
        assert self._view is not None
        for at, corner in enumerate(self._frame.corners):
            left, top = self._view.to_pane(*corner)
            if hypot(left - x, top - y) <= GRAB_PIXELS:
                return at
        return ALL

    def _cell_at(self, x: float, y: float) -> Cell | None:
        assert self._view is not None
        back, sound = way_to(self._frame, self._cells.columns, self._cells.rows).inverted()
        place = back.map(QPointF(*self._view.to_picture(x, y)))
        inside = 0 <= place.x() < self._cells.columns and 0 <= place.y() < self._cells.rows
        return (int(place.y()), int(place.x())) if sound and inside else None

    def _cells_between(self, start: tuple[float, float], end: tuple[float, float]) -> list[Cell]:
        """Every cell a fast drag crossed."""
        steps = max(1, int(hypot(end[0] - start[0], end[1] - start[1]) / 3))
        parts = (step / steps for step in range(1, steps + 1))
        found = (
            self._cell_at(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            for part in parts
        )
        return list(dict.fromkeys(one for one in found if one is not None))

    # --- paint ----------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        if self._picture is not None:
            size = self._picture.size
            self._view = fitted((size.width(), size.height()), self.pane.room())
        self.redraw()

    def pane_resized(self) -> None:
        if self._view is None or self._view.is_whole:
            self._fit()
        else:
            self._view = self._view.in_pane(self.pane.room())
            self.redraw()

    def paint_picture(self, painter: QPainter) -> None:
        picture, view = self._picture, self._view
        if picture is None or view is None:
            painter.setPen(colour("second"))
            painter.setFont(font("body"))
            room = QRectF(self.pane.rect()).adjusted(16, 16, -16, -16)
            flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
            painter.drawText(room, flags, self.texts("picture.no_note"))
            return
        picture.draw(painter, view.shown_zoom, QPointF(*view.to_pane(0, 0)))
        GridPaint(view, self._frame, self._cells, self._proposal or frozenset(), self._placing).paint(
            painter, self._lines
        )
