"""The voucher's scan: zoomed, moved, turned over and brought to the part in question by keys and mouse, and blind when
it must be.

The painted pane is looked at where a picture is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.ui.fictional_pictures import REGIONS, sheets
from tests.ui.looks import cut
from tests.ui.picture_stage import Stage, close, drag, painted, stage, tap
from tests.ui.strings import everything
from tests.ui.window_of import settle
from ui.keys import KEYS
from ui.models.picture_view import MOST_ZOOM, PAGE, WHOLE, PictureView, Region, fitted
from ui.texts import LANGUAGES, Texts
from ui.widgets.picture_keys import CELL_KEYS, FRAME_KEYS, SCAN_KEYS, SEAL_KEYS
from ui.widgets.picture_levels import PictureLevels
from ui.widgets.scan_view import FAR, NEAR, ScanView, Sheet

HEIGHT = 400
RED = QColor("#C8281E")


@pytest.fixture(params=["zh_CN"])
def view(themed: QApplication, request: pytest.FixtureRequest) -> Iterator[ScanView]:
    made = ScanView(Texts(request.param))
    on = stage(made, HEIGHT)
    made.show_sheets(sheets())
    yield made
    close(on)


def place(view: ScanView) -> PictureView:
    found = view.view()
    assert found is not None
    return found


def seen_region(view: ScanView, region: Region) -> QRectF:
    """Where a region of the front is in the pane."""
    here = place(view)
    wide, tall = here.picture
    corners = (
        here.to_pane(region.left * wide / WHOLE, region.top * tall / WHOLE),
        here.to_pane(region.right * wide / WHOLE, region.bottom * tall / WHOLE),
    )
    return QRectF(QPointF(*corners[0]), QPointF(*corners[1]))


def redness(image: QImage) -> int:
    """Points of a pane with the seal's own red in them, a grid of them looked at."""
    wide, tall = image.width(), image.height()
    points = (image.pixelColor(x, y) for x in range(0, wide, 3) for y in range(0, tall, 3))
    return sum(one.red() > 180 and one.green() < 70 for one in points)


# --- the geometry by itself ---------------------------------------------------------------------------------

SIZES = st.tuples(st.integers(40, 5000), st.integers(40, 5000))
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("zoom"), st.integers(-3, 3), st.integers(0, 300)),
        st.tuples(st.just("pan"), st.integers(-400, 400), st.integers(-400, 400)),
    ),
    max_size=12,
)


def shown_part(view: PictureView) -> tuple[float, float, float, float]:
    return (*view.to_picture(0, 0), *view.to_picture(*view.pane))


@given(SIZES, st.tuples(st.integers(100, 900), st.integers(100, 600)), MOVES)
def test_no_way_leads_out_of_the_picture(
    size: tuple[int, int], pane: tuple[int, int], moves: list[tuple[str, int, int]]
) -> None:
    """However one zooms and pans, the pane shows picture wherever there is enough of it, never an empty edge."""
    view = fitted(size, pane)
    for kind, one, two in moves:
        view = view.zoomed(one, at=(two, two / 2)) if kind == "zoom" else view.panned(one, two)
        left, top, right, bottom = shown_part(view)
        for low, high, length in ((left, right, size[0]), (top, bottom, size[1])):
            if high - low <= length:
                assert low >= -0.01
                assert high <= length + 0.01
            else:
                assert (low + high) / 2 == pytest.approx(length / 2)
        assert view.shown_zoom <= MOST_ZOOM + 1e-9


@given(SIZES, st.integers(0, 700), st.integers(0, 400))
def test_what_is_under_the_mouse_stays_there(size: tuple[int, int], x: int, y: int) -> None:
    near = fitted(size, (700, 400)).zoomed(4)
    closer = near.zoomed(1, at=(x, y))
    before, after = near.to_picture(x, y), closer.to_picture(x, y)
    free = [not near.is_whole and near.pane[n] / near.shown_zoom < size[n] for n in (0, 1)]
    for n in (0, 1):
        if free[n] and closer.shown_zoom > near.shown_zoom:
            assert after[n] == pytest.approx(before[n], abs=0.51)


@given(SIZES, st.integers(0, 900), st.integers(0, 900), st.integers(20, 100), st.integers(20, 100))
def test_a_region_is_seen_whole(size: tuple[int, int], left: int, top: int, wide: int, tall: int) -> None:
    region = Region(left, top, left + wide, top + tall)
    view = fitted(size, (700, 400)).on(region)
    for x, y in ((region.left, region.top), (region.right, region.bottom)):
        at = view.to_pane(x * size[0] / WHOLE, y * size[1] / WHOLE)
        assert -0.01 <= at[0] <= 700.01
        assert -0.01 <= at[1] <= 400.01


def test_the_whole_page_is_no_closer_than_whole() -> None:
    assert fitted((800, 400), (400, 300)).on(PAGE).is_whole


# --- keys and mouse -----------------------------------------------------------------------------------------


def test_it_opens_with_the_whole_front(view: ScanView) -> None:
    assert view.shown() == ("front", "")
    assert place(view).is_whole
    assert redness(painted(view.pane)) > 300


def test_a_part_is_brought_into_view_with_a_frame_and_the_rest_veiled(view: ScanView) -> None:
    told: list[tuple[str, str]] = []
    view.looked.connect(lambda side, part: told.append((side, part)))
    for name, region in REGIONS:
        assert view.jump(name)
        box = seen_region(view, region)
        assert view.pane.rect().toRectF().adjusted(-1, -1, 1, 1).contains(box)
        edge = painted(view.pane).pixelColor(int(box.left()) - 4, int(box.center().y()))
        assert edge.green() > edge.red() + 40, f"no frame beside {name}"
    assert told == [("front", name) for name, _ in REGIONS]
    view.jump("date")
    veiled = redness(painted(view.pane))
    view.jump("seal")
    assert veiled < 30 < redness(painted(view.pane))


def test_a_part_nobody_marked_is_not_found_and_nothing_moves(view: ScanView) -> None:
    view.jump("amount")
    before = place(view)
    assert not view.jump("nowhere")
    assert place(view) == before


def test_keys_go_closer_along_and_back(view: ScanView) -> None:
    tap(view, "*", "*", "*")
    closer = place(view)
    assert closer.shown_zoom == pytest.approx(closer.whole_zoom() * 1.25**3)
    tap(view, "Right")
    assert place(view).x - closer.x == pytest.approx(NEAR / closer.shown_zoom)
    tap(view, "Left", "Down")
    assert place(view).y - closer.y == pytest.approx(min(NEAR / closer.shown_zoom, place(view).y - closer.y))
    tap(view, "/", "/", "/", "/")
    assert place(view).is_whole
    tap(view, "*", "*", "*", "*", "*", "Shift+Left")
    assert place(view).x == pytest.approx(
        max(860 - FAR / place(view).shown_zoom, 386 / place(view).shown_zoom)
    )
    tap(view, "Home")
    assert place(view).is_whole


def test_one_key_goes_from_part_to_part_and_round(view: ScanView) -> None:
    seen = []
    for _ in range(len(REGIONS) + 1):
        tap(view, "R")
        seen.append(view.shown()[1])
    names = [name for name, _ in REGIONS]
    assert seen == [*names, names[0]]


def test_the_sheet_is_turned_over_and_stops_at_its_ends(view: ScanView) -> None:
    told: list[tuple[str, str]] = []
    view.looked.connect(lambda side, part: told.append((side, part)))
    view.jump("seal")
    tap(view, "PgDn", "PgDn")
    assert view.shown() == ("back", "")
    assert redness(painted(view.pane)) == 0
    tap(view, "PgUp", "PgUp")
    assert view.shown() == ("front", "")
    assert told == [("front", "seal"), ("back", ""), ("front", "")]
    assert view.jump("back")
    assert view.shown() == ("back", "")


def wheel(view: ScanView, at: QPointF, turned: int) -> None:
    spot = view.pane.mapToGlobal(at)
    event = QWheelEvent(
        at, spot, QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.pane, event)


def test_the_wheel_zooms_by_whole_steps_around_the_mouse(view: ScanView) -> None:
    at = QPointF(300, 150)
    whole = place(view).shown_zoom
    for _ in range(3):
        wheel(view, at, 40)  # a fine wheel: three thirds make a step
    assert place(view).shown_zoom == pytest.approx(whole * 1.25)
    before = place(view).to_picture(300, 150)
    wheel(view, at, 240)
    assert place(view).to_picture(300, 150) == pytest.approx(before, abs=0.6)
    wheel(view, at, -1200)
    assert place(view).is_whole


def test_the_mouse_pulls_the_paper(view: ScanView) -> None:
    tap(view, "*", "*", "*", "*")
    before = place(view)
    drag(view.pane, (400, 150), (380, 140), (360, 130))
    moved = place(view)
    assert (moved.x - before.x) * moved.shown_zoom == pytest.approx(40)
    assert (moved.y - before.y) * moved.shown_zoom == pytest.approx(20)


def test_a_click_on_a_key_presses_it(view: ScanView) -> None:
    for cap, _, press, _ in [
        (c[0].center(), 0, c[2], 0) for c in view.strip._caps() if c[2] in ("R", "PgDn", "*")
    ]:
        drag(view.strip, (cap.x(), cap.y()))
        assert press
    assert view.shown() == ("back", "")
    assert view.hasFocus()


@pytest.mark.parametrize("key", ["+", "F5", "Alt+1", "Alt+X", "Esc", "Enter", "7", "Ctrl+L"])
def test_the_page_keeps_its_own_keys(view: ScanView, key: str) -> None:
    before = place(view)
    on = view.parent()
    assert isinstance(on, Stage)
    tap(view, key)
    assert len(on.passed) == 1
    assert place(view) == before


def test_the_strip_dims_what_does_nothing_now(view: ScanView) -> None:
    def enabled() -> dict[str, bool]:
        return dict(zip(SCAN_KEYS, (one.enabled for one in view.strip.shown()), strict=True))

    assert enabled() == {"pan": False, "zoom": True, "whole": False, "region": True, "side": True}
    tap(view, "*")
    assert enabled()["pan"]
    view.show_sheets(sheets()[1:])
    assert enabled() == {"pan": False, "zoom": True, "whole": False, "region": False, "side": False}


def test_the_place_is_kept_when_the_column_changes(view: ScanView) -> None:
    view.jump("seal")
    on = view.parent()
    assert isinstance(on, Stage)
    on.resize(500, 330)
    settle()
    box = seen_region(view, dict(REGIONS)["seal"])
    assert view.pane.rect().toRectF().adjusted(-1, -1, 1, 1).contains(box)


# --- blind --------------------------------------------------------------------------------------------------


def test_hidden_shows_and_tells_nothing_of_the_voucher(view: ScanView) -> None:
    view.jump("amount")
    view.set_hidden(True)
    told: list[tuple[str, str]] = []
    view.looked.connect(lambda side, part: told.append((side, part)))
    tap(view, "R", "*", "PgDn", "Home")
    view.jump("seal")
    drag(view.pane, (300, 100), (200, 100))
    wheel(view, QPointF(100, 100), 120)
    assert told == []
    assert view.shown() == ("", "")
    assert redness(painted(view.pane)) == 0
    words = " ".join(text for _, text in everything(view))
    texts = Texts("zh_CN")
    assert texts("picture.hidden") in words
    for name in ("amount", "seal", "front", "back"):
        assert texts(f"picture_part.{name}") not in words
    blank = painted(view.pane)
    view.show_sheets(())
    assert painted(view.pane) == blank, "a hidden picture shines through"


def test_shown_again_it_is_where_the_page_last_asked(view: ScanView) -> None:
    view.set_hidden(True)
    view.jump("seal")
    view.set_hidden(False)
    assert view.shown() == ("front", "seal")
    assert redness(painted(view.pane)) > 300


def test_a_picture_that_is_forgotten_is_gone(view: ScanView) -> None:
    view.forget()
    assert redness(painted(view.pane)) == 0
    assert view.shown() == ("", "")
    tap(view, "R", "*", "PgDn", "Home", "Left")


# --- looks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_sharper_screen_shows_a_sharper_picture(view: ScanView, ratio: int) -> None:
    """The seal's edge: no wider on the screen of twice the pixels than one of its pixels more."""
    view.jump("seal")
    image = painted(view.pane, ratio)
    row = [image.pixelColor(x, image.height() // 2).green() for x in range(image.width())]
    steepest = max(abs(a - b) for a, b in pairwise(row))
    assert image.devicePixelRatio() == ratio
    assert steepest > 60


def lined(every: int, thick: int) -> PictureLevels:
    """A large scan with upright black lines."""
    large = QImage(4000, 400, QImage.Format.Format_RGB32)
    large.fill(Qt.GlobalColor.white)
    painter = QPainter(large)
    for x in range(0, 4000, every):
        painter.fillRect(x, 0, thick, 400, QColor("black"))
    painter.end()
    return PictureLevels(large)


def lightness(levels: PictureLevels, zoom: float, ratio: int) -> set[int]:
    """Every grey in a row of the picture drawn at a zoom on a screen."""
    out = QImage(round(4000 * zoom) * ratio, 20 * ratio, QImage.Format.Format_RGB32)
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.white)
    painter = QPainter(out)
    levels.draw(painter, zoom, QPointF(0, 0))
    painter.end()
    return {out.pixelColor(x, 8).lightness() for x in range(10, out.width() - 10)}


def test_a_small_scale_is_drawn_from_a_small_copy(themed: QApplication) -> None:
    """A line of one pixel in a large scan is a breath of grey at a tenth of the size, never now black and now gone."""
    assert min(lightness(lined(13, 1), 0.1, 1)) > 180


def test_a_sharper_screen_is_drawn_from_a_finer_copy(themed: QApplication) -> None:
    """Lines that melt into grey on the usual screen are still lines on the one of twice the pixels."""
    usual, sharp = lightness(lined(4, 2), 0.25, 1), lightness(lined(4, 2), 0.25, 2)
    assert max(usual) - min(usual) < 60
    assert max(sharp) - min(sharp) > 150


@pytest.mark.parametrize("width", [772, 420])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut(themed: QApplication, language: str, width: int) -> None:
    made = ScanView(Texts(language))
    on = stage(made, 400, width)
    made.show_sheets(sheets())
    for part in ("", *(name for name, _ in REGIONS), "back"):
        made.jump(part)
        settle()
        assert cut(on) == []
        assert made.strip.fits()
    assert (on.width(), on.height()) == (width, 400)
    close(on)


def test_another_language_words_it_anew(view: ScanView) -> None:
    view.jump("seal")
    view.texts.switch("en")
    assert "Seal" in " ".join(text for _, text in everything(view))
    assert view.shown() == ("front", "seal")


def test_a_part_without_words_is_named_as_it_came(themed: QApplication) -> None:
    made = ScanView(Texts("en"))
    made.show_sheets([Sheet("stub", sheets()[0].picture, (("clause 7", PAGE),))])
    made.jump("clause 7")
    assert "clause 7" in made.accessibleName()


# --- the keys of all three ----------------------------------------------------------------------------------


def test_no_key_of_a_picture_means_two_things_or_is_a_pages() -> None:
    """Arrows move what is worked on; any other key has the same words wherever it stands."""
    meant: dict[str, set[str]] = {}
    for table in (SCAN_KEYS, SEAL_KEYS, FRAME_KEYS, CELL_KEYS):
        strokes = [stroke for one in table.values() for stroke in one.strokes]
        assert len(strokes) == len(set(strokes))
        for one in table.values():
            for stroke in one.strokes:
                meant.setdefault(stroke, set()).add(one.words)
    moves = {"Left", "Right", "Up", "Down"}
    swap = {"picture.to_cells", "picture.to_template"}  # the one key there and back
    double = {stroke: words for stroke, words in meant.items() if len(words) > 1 and stroke not in moves}
    assert double == {"T": swap}
    assert not set(meant) & {one.keys for one in KEYS}
