"""The grid over a damaged note: a template laid on its corners, cells marked by keys and mouse, the count told exactly,
and a computed proposal that counts nothing until a person takes it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from desk.domain.grid_measure import GridMeasure
from tests.ui.fictional_pictures import NOTE_FRAME, NOTE_TALL, NOTE_WIDE, TORN, torn_note
from tests.ui.looks import cut
from tests.ui.picture_stage import Stage, close, drag, painted, stage, tap
from tests.ui.strings import everything
from tests.ui.window_of import settle
from ui.models.note_cells import Cell, NoteCells
from ui.models.note_frame import ALL, NoteFrame, first_frame, is_sound
from ui.texts import LANGUAGES, Texts
from ui.widgets.area_result import percent_words
from ui.widgets.note_grid import NoteGrid
from ui.widgets.note_grid_paint import GUESS
from ui.widgets.note_proposal import proposed_missing, way_to
from ui.widgets.picture_levels import PictureLevels

HEIGHT = 500
ALL_CELLS = frozenset((row, column) for row in range(10) for column in range(20))


@pytest.fixture(scope="module")
def note(themed: QApplication) -> PictureLevels:
    return PictureLevels(torn_note())


@pytest.fixture
def grid(note: PictureLevels) -> Iterator[NoteGrid]:
    """Framed already: the keys mark cells."""
    made = NoteGrid(Texts("zh_CN"))
    on = stage(made, HEIGHT)
    made.show_note(note, NOTE_FRAME)
    settle()
    yield made
    close(on)


@pytest.fixture
def placing(grid: NoteGrid, note: PictureLevels) -> NoteGrid:
    """A fresh picture: the keys move the template."""
    grid.show_note(note)
    settle()
    return grid


def measures(grid: NoteGrid) -> list[GridMeasure]:
    told: list[GridMeasure] = []
    grid.measured.connect(told.append)
    return told


def usual(present: int) -> GridMeasure:
    return GridMeasure(present, 200, 10, 20)


def place_of(grid: NoteGrid, cell: Cell) -> tuple[float, float]:
    at = grid.cell_in_pane(cell)
    return at.x(), at.y()


def words(grid: NoteGrid) -> str:
    return " ".join(text for _, text in everything(grid))


# --- the cells by themselves ----------------------------------------------------------------------------------

CELLS = st.frozensets(st.tuples(st.integers(0, 9), st.integers(0, 19)))


@given(CELLS)
def test_a_finer_grid_counts_the_same_share(missing: frozenset[Cell]) -> None:
    one = NoteCells(missing=missing)
    fine = one.refined()
    assert fine.measure().share() == one.measure().share()
    assert fine.measure().cells_total == 800
    assert fine.can_coarsen()
    assert fine.coarsened() == one


@given(CELLS, st.tuples(st.integers(0, 19), st.integers(0, 39)))
def test_a_grid_with_a_cell_in_part_goes_on_fine(missing: frozenset[Cell], cell: Cell) -> None:
    assert not NoteCells(missing=missing).refined().toggled(cell).can_coarsen()


@given(CELLS, st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), max_size=30), st.booleans())
def test_marks_outside_the_grid_are_nothing(missing: frozenset[Cell], cells: list[Cell], there: bool) -> None:
    one = NoteCells(missing=missing).marked(cells, there)
    assert one.missing <= ALL_CELLS
    assert 0 <= one.measure().cells_present <= 200
    assert all(one.is_there(cell) is there for cell in cells if cell in ALL_CELLS)


@given(st.lists(st.tuples(st.integers(-60, 60), st.integers(-60, 60), st.integers(ALL, 3)), max_size=30))
def test_no_move_turns_the_template_inside_out(moves: list[tuple[int, int, int]]) -> None:
    frame = first_frame(400, 200)
    for right, down, handle in moves:
        frame = frame.holding(handle).moved(right, down).turned(right / 2).sized(1 + down / 200)
        assert is_sound(frame.corners)


def test_equal_cells_stay_equal_parts_of_the_note(themed: QApplication) -> None:
    """By perspective: the middle of a slanted note is where its diagonals meet, not where its sides' middles do."""
    slanted = NoteFrame(((0.0, 0.0), (400.0, 60.0), (400.0, 160.0), (0.0, 300.0)))
    middle = way_to(slanted, 20, 10).map(10.0, 5.0)
    # the diagonals (0,0)-(400,160) and (400,60)-(0,300)
    assert middle == pytest.approx((300.0, 120.0))


# --- laying the template ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "moves"),
    [
        (("Right",), (1, 0)),
        (("Shift+Down",), (0, 10)),
        (("Left", "Left", "Up"), (-2, -1)),
    ],
)
def test_arrows_move_the_whole_template(
    placing: NoteGrid, keys: tuple[str, ...], moves: tuple[int, int]
) -> None:
    before = placing.frame().corners
    tap(placing, *keys)
    assert placing.frame().corners == tuple((x + moves[0], y + moves[1]) for x, y in before)


def test_one_key_takes_the_corners_in_turn_and_arrows_move_that_one(placing: NoteGrid) -> None:
    before = placing.frame().corners
    for corner in range(4):
        tap(placing, "N", "Shift+Left", "Up")
        assert placing.frame().handle == corner
    assert placing.frame().corners == tuple((x - 10, y - 1) for x, y in before)
    tap(placing, "N")
    assert placing.frame().handle == ALL


def test_it_turns_and_grows_around_its_middle(placing: NoteGrid) -> None:
    before = placing.frame()
    tap(placing, ">", "<", '"')
    assert placing.frame().middle() == pytest.approx(before.middle())
    assert placing.frame().corners[1][0] - placing.frame().corners[0][0] == pytest.approx(
        (before.corners[1][0] - before.corners[0][0]) * 1.04
    )
    tap(placing, ".")
    assert placing.frame().corners[1][1] > placing.frame().corners[0][1]
    tap(placing, "Backspace")
    assert placing.frame() == before


def test_a_corner_can_be_pulled_with_the_mouse_and_the_whole_too(placing: NoteGrid) -> None:
    before, view = placing.frame(), placing._view
    assert view is not None
    x, y = view.to_pane(*before.corners[2])
    drag(placing.pane, (x, y), (x - 10, y - 5), (x - 40, y - 20))
    moved = placing.frame()
    assert moved.corners[:2] == before.corners[:2]
    assert moved.corners[2][0] == pytest.approx(before.corners[2][0] - 40 / view.shown_zoom, abs=1.5)
    middle = view.to_pane(*moved.middle())
    drag(placing.pane, middle, (middle[0] + 12, middle[1]))
    assert placing.frame().corners[0][0] == pytest.approx(
        before.corners[0][0] + 12 / view.shown_zoom, abs=1.5
    )
    assert placing.frame().handle == ALL


def test_the_template_reaches_the_notes_corners_by_keys_alone(placing: NoteGrid) -> None:
    """A person lays it: for each corner, the arrows to where the note's is."""
    for corner, goal in enumerate(NOTE_FRAME.corners):
        tap(placing, "N")
        for axis, (back, on) in enumerate((("Left", "Right"), ("Up", "Down"))):
            away = round(goal[axis] - placing.frame().corners[corner][axis])
            key = on if away > 0 else back
            tap(placing, *[f"Shift+{key}"] * (abs(away) // 10), *[key] * (abs(away) % 10))
    for found, goal in zip(placing.frame().corners, NOTE_FRAME.corners, strict=True):
        assert found == pytest.approx(goal, abs=1)


def test_nothing_is_counted_while_the_template_is_laid(placing: NoteGrid) -> None:
    told = measures(placing)
    tap(placing, "N", "Left", "Shift+Up", ".", "'", "Space", "H", "V", "M", "A")
    assert told == []
    assert "– / 200" in words(placing)
    assert "%" not in words(placing)


def test_one_key_goes_to_the_cells_and_back(placing: NoteGrid) -> None:
    tap(placing, "T")
    assert not placing.is_placing()
    tap(placing, "Space")
    tap(placing, "T")
    frame, cells = placing.frame(), placing.cells()
    tap(placing, "Right")
    assert placing.frame() == frame.moved(1, 0)
    assert placing.cells() == cells


# --- marking ----------------------------------------------------------------------------------------------------


def test_a_cell_is_missing_and_there_again(grid: NoteGrid) -> None:
    told = measures(grid)
    tap(grid, "Down", "Right", "Right", "Space", "Space")
    assert told == [usual(199), usual(200)]
    assert grid.cells().at == (1, 2)


@pytest.mark.parametrize(
    ("keys", "missing"),
    [
        (("H",), {(0, n) for n in range(20)}),
        (("Right", "V"), {(n, 1) for n in range(10)}),
        (("Space", "Shift+Right", "Shift+Right", "Shift+Down"), {(0, 0), (0, 1), (0, 2), (1, 2)}),
        (("H", "V"), {(0, n) for n in range(1, 20)}),
        (("H", "Right", "Right", "H"), set()),
        (("Left", "Up", "Space"), {(0, 0)}),
        (("V", "Down", "Space", "Backspace"), set()),
    ],
)
def test_keys_fill_rows_columns_and_runs(grid: NoteGrid, keys: tuple[str, ...], missing: set[Cell]) -> None:
    told = measures(grid)
    tap(grid, *keys)
    assert grid.cells().missing == missing
    assert told[-1] == usual(200 - len(missing)) == grid.measure()


def test_the_mouse_marks_every_cell_it_crosses_and_none_twice(grid: NoteGrid) -> None:
    told = measures(grid)
    drag(grid.pane, place_of(grid, (0, 19)), place_of(grid, (0, 15)))
    assert grid.cells().missing == {(0, n) for n in range(15, 20)}
    drag(grid.pane, place_of(grid, (0, 17)), place_of(grid, (0, 14)))
    assert grid.cells().missing == {(0, 18), (0, 19)}, "what begins on a missing cell gives cells back"
    assert told[-1] == usual(198)
    before = len(told)
    drag(grid.pane, (2, 2), (5, 5))
    assert len(told) == before


def test_walking_tells_nothing(grid: NoteGrid) -> None:
    told = measures(grid)
    tap(grid, "Down", "Right", "*", "/", "T", "T", "M")
    assert told == []


def test_the_finer_grid_counts_eight_hundred_and_comes_back_only_whole(grid: NoteGrid) -> None:
    told = measures(grid)
    tap(grid, "V", "G")
    assert told[-1] == GridMeasure(760, 800, 20, 40)
    tap(grid, "Down", "Space", "G", "G")
    assert told[-1] == GridMeasure(761, 800, 20, 40)
    assert grid.cells().finer == 2
    tap(grid, "Space", "G")
    assert told[-1] == usual(190)


@pytest.mark.parametrize("key", ["+", "F5", "Alt+A", "Esc", "Enter", "R", "7", "PgDn"])
def test_the_page_keeps_its_own_keys(grid: NoteGrid, key: str) -> None:
    told, on = measures(grid), grid.parent()
    assert isinstance(on, Stage)
    tap(grid, key)
    assert len(on.passed) == 1
    assert told == []


# --- the count in words -------------------------------------------------------------------------------------------


def with_missing(grid: NoteGrid, note: PictureLevels, count: int) -> None:
    grid.show_note(note, NOTE_FRAME, NoteCells(missing=frozenset(sorted(ALL_CELLS)[:count])))
    settle()


@pytest.mark.parametrize(
    ("missing", "zh", "en"),
    [
        (0, ("200 / 200", "100 %", "3/4 即 150 格，多 50 格"), ("3/4 is 150: 50 over",)),
        (49, ("151 / 200", "75.5 %", "3/4 即 150 格，多 1 格"), ("3/4 is 150: 1 over",)),
        (50, ("150 / 200", "75 %", "正好 3/4，即 150 格，含界"), ("exactly 3/4: 150, boundary counts",)),
        (
            51,
            ("149 / 200", "74.5 %", "3/4 即 150 格，差 1 格", "1/2 即 100 格，多 49 格"),
            ("3/4 is 150: 1 short",),
        ),
        (100, ("100 / 200", "50 %", "正好 1/2，即 100 格，含界"), ("3/4 is 150: 50 short",)),
        (101, ("99 / 200", "49.5 %", "1/2 即 100 格，差 1 格"), ("1/2 is 100: 1 short",)),
    ],
)
def test_the_count_stands_against_each_boundary(
    grid: NoteGrid, note: PictureLevels, missing: int, zh: tuple[str, ...], en: tuple[str, ...]
) -> None:
    with_missing(grid, note, missing)
    for language, expected in (("zh_CN", zh), ("en", en)):
        grid.texts.switch(language)
        for one in expected:
            assert one in words(grid)


def test_a_boundary_between_two_cells_is_reached_by_the_next_whole_one(
    grid: NoteGrid, note: PictureLevels
) -> None:
    """Three quarters of nine cells is six and three quarters: seven reach it, and are not exactly it."""
    grid.texts.switch("en")
    for missing, expected in ((2, "3/4 is 7: 0 over"), (3, "3/4 is 7: 1 short")):
        cells = NoteCells(3, 3, frozenset((0, n) for n in range(missing)))
        grid.show_note(note, NOTE_FRAME, cells)
        assert expected in words(grid)


@pytest.mark.parametrize(("missing", "close"), [(40, False), (48, True), (50, True), (52, True), (53, False)])
def test_near_a_boundary_the_finer_grid_is_named(
    grid: NoteGrid, note: PictureLevels, missing: int, close: bool
) -> None:
    with_missing(grid, note, missing)
    assert (grid.texts("picture.close") in words(grid)) is close
    tap(grid, "G")
    assert grid.texts("picture.close") not in words(grid)


@pytest.mark.parametrize(
    ("present", "rows", "columns", "shown"),
    [
        (601, 20, 40, "75.125 %"),
        (599, 20, 40, "74.875 %"),
        (2, 1, 3, "66.666 %"),
        (3, 2, 2, "75 %"),
        (1, 2, 2, "25 %"),
    ],
)
def test_no_percentage_is_rounded_up(present: int, rows: int, columns: int, shown: str) -> None:
    assert percent_words(GridMeasure(present, rows * columns, rows, columns)) == shown


# --- the proposal -------------------------------------------------------------------------------------------------


def torn_share() -> float:
    """What is left of the drawn note, by the shoelace formula."""
    corners = list(zip(TORN, (*TORN[1:], TORN[0]), strict=True))
    return abs(sum(x * v - u * y for (x, y), (u, v) in corners)) / 2 / (NOTE_WIDE * NOTE_TALL)


def test_a_proposal_counts_nothing_until_it_is_taken(grid: NoteGrid) -> None:
    told = measures(grid)
    tap(grid, "M")
    proposed = grid.proposal()
    assert proposed
    assert told == []
    assert grid.measure() == usual(200)
    assert "200 / 200" in words(grid)
    tap(grid, "A")
    assert told == [usual(200 - len(proposed))]
    assert grid.cells().missing == proposed
    assert grid.proposal() is None


@pytest.mark.parametrize("ground", ["#24282B", "#FFFFFF", "#3F6FB5"])
def test_a_proposal_is_about_the_share_that_is_left(themed: QApplication, ground: str) -> None:
    picture = PictureLevels(torn_note(ground))
    for columns, rows in ((20, 10), (40, 20)):
        missing = proposed_missing(picture, NOTE_FRAME, columns, rows)
        assert missing is not None
        assert 1 - len(missing) / (columns * rows) == pytest.approx(torn_share(), abs=0.02)


def test_a_proposal_can_be_dropped_and_marks_stay(grid: NoteGrid) -> None:
    tap(grid, "Space", "M")
    assert grid.texts("picture.drop") in {one.words for one in grid.strip.shown()}
    tap(grid, "Backspace")
    assert grid.proposal() is None
    assert grid.cells().missing == {(0, 0)}


def test_taking_without_a_proposal_does_nothing(grid: NoteGrid) -> None:
    told = measures(grid)
    tap(grid, "A")
    assert told == []
    enabled = {one.caps: one.enabled for one in grid.strip.shown()}
    assert not enabled[("A",)]


@pytest.mark.parametrize("mode", ["uneven", "unseen"])
def test_a_ground_that_tells_nothing_gives_no_proposal(grid: NoteGrid, mode: str) -> None:
    """A patterned table, or a note cut to its very edge: the person marks, and is told why."""
    image = torn_note()
    frame = NOTE_FRAME
    if mode == "uneven":
        for x in range(0, image.width(), 2):
            stripe = QColor.fromHsv(x * 7 % 360, 255, 40 + x * 31 % 210)
            for y in (*range(95), *range(780, image.height())):
                image.setPixelColor(x, y, stripe)
                image.setPixelColor(x + 1, y, stripe)
        for y in range(image.height()):
            for x in (*range(105), *range(1375, image.width())):
                image.setPixelColor(x, y, QColor.fromHsv(y * 11 % 360, 255, 40 + y * 17 % 210))
    else:
        frame = NoteFrame(((0.0, 0.0), (1480.0, 0.0), (1480.0, 870.0), (0.0, 870.0)))
    grid.show_note(PictureLevels(image), frame)
    tap(grid, "M")
    assert grid.proposal() is None
    assert grid.texts("picture.no_proposal") in words(grid)
    tap(grid, "Space")
    assert grid.texts("picture.no_proposal") not in words(grid)


def test_moving_the_template_drops_the_proposal(grid: NoteGrid) -> None:
    tap(grid, "M", "T")
    assert grid.proposal() is None


# --- what is seen --------------------------------------------------------------------------------------------------


def inks(image: QImage, x: float, y: float, reach: int = 9) -> set[str]:
    """Which of the marks' inks stand around a point of the pane."""
    ratio = image.devicePixelRatio()
    found = set()
    for across in range(-reach, reach + 1):
        for down in range(-reach, reach + 1):
            one = image.pixelColor(round(x * ratio) + across, round(y * ratio) + down)
            if one.red() > 120 and one.green() < 60 and one.blue() < 60:
                found.add("cross")
            if abs(one.red() - GUESS.red()) + abs(one.blue() - GUESS.blue()) < 40 and one.green() < 110:
                found.add("dot")
    return found


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_missing_cell_has_a_cross_and_a_proposed_one_a_dot(grid: NoteGrid, ratio: int) -> None:
    tap(grid, "Down", "Down", "Down", "Right", "Right", "Space", "Left", "Left", "M")
    image = painted(grid.pane, ratio)
    assert inks(image, *place_of(grid, (3, 2)), 4 * ratio) == {"cross"}
    assert inks(image, *place_of(grid, (1, 18)), 4 * ratio) == {"dot"}
    assert inks(image, *place_of(grid, (7, 5)), 4 * ratio) == set()


def test_the_cell_of_the_keys_is_framed(grid: NoteGrid) -> None:
    tap(grid, "Down", "Down")
    here = grid.cells().at
    x, y = place_of(grid, here)
    step = place_of(grid, (here[0], here[1] + 1))[0] - x
    image = painted(grid.pane)
    edge = [image.pixelColor(round(x + step / 2 + by), round(y)).lightness() for by in range(-4, 5)]
    assert min(edge) < 60
    assert max(edge) > 200


def test_looking_closer_keeps_the_cell_in_sight(grid: NoteGrid) -> None:
    room = QRectF(grid.pane.rect())
    tap(grid, *["*"] * 7)
    for key, times in (("Down", 9), ("Right", 19), ("Up", 9), ("Left", 19)):
        for _ in range(times):
            tap(grid, key)
            assert room.contains(grid.cell_in_pane(grid.cells().at))
    tap(grid, *["/"] * 12)
    assert grid._view is not None
    assert grid._view.is_whole


def test_looking_closer_keeps_the_corner_in_sight(placing: NoteGrid) -> None:
    tap(placing, *["*"] * 8)
    room = QRectF(placing.pane.rect())
    for _ in range(4):
        tap(placing, "N")
        view = placing._view
        assert view is not None
        corner = placing.frame().corners[placing.frame().handle]
        assert room.contains(*view.to_pane(*corner))


STATES = {
    "laying": ("T",), "corner": ("T", "N"), "start": (), "marked": ("V", "Down", "Space"), "proposed": ("M",),
    "taken": ("M", "A"), "fine": ("G", "Space"), "close": ("V", "Right", "V", "Right", "V", "Right", "V", "Right", "V"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STATES)
def test_nothing_is_cut(note: PictureLevels, name: str, language: str) -> None:
    made = NoteGrid(Texts(language))
    on = stage(made, HEIGHT)
    made.show_note(note, NOTE_FRAME)
    tap(made, *STATES[name])
    found = cut(on)
    assert found == []
    assert made.strip.fits()
    assert (on.width(), on.height()) == (772, HEIGHT)
    close(on)


def test_a_note_that_is_forgotten_is_gone(grid: NoteGrid) -> None:
    told = measures(grid)
    tap(grid, "V")
    grid.forget()
    told.clear()
    tap(grid, "Space", "T", "M", "Left")
    drag(grid.pane, (300, 100), (320, 110))
    assert told == []
    assert grid.measure() == usual(200)
    assert grid.texts("picture.no_note") in words(grid)
