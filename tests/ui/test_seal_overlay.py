"""The seal overlay: each key moves the specimen by what it says and tells where it lies; what is painted shows
agreement and difference to a person, and the program says nothing about either.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk.domain.seal_placement import LEAST_SCALE, MOST_SHIFT_PX, SealPlacement
from tests.ui.fictional_pictures import specimen_seal, voucher_seal
from tests.ui.looks import cut
from tests.ui.picture_stage import Stage, close, drag, painted, stage, tap
from tests.ui.strings import everything
from tests.ui.window_of import settle
from ui.texts import LANGUAGES, Texts
from ui.widgets.seal_layers import lifted
from ui.widgets.seal_overlay import BLINK_MS, BOTH, TINT, Mode, SealOverlay

HEIGHT = 440
TRUE = SealPlacement(-14, 9, 650, 1000)
"""Where the usual specimen of these tests lies exactly on the voucher's seal, to a pixel."""
BAD = QColor("#B3261E")


@pytest.fixture
def overlay(themed: QApplication) -> Iterator[SealOverlay]:
    made = SealOverlay(Texts("zh_CN"))
    on = stage(made, HEIGHT)
    made.show_seals(voucher_seal(), specimen_seal())
    settle()
    yield made
    close(on)


def placements(overlay: SealOverlay) -> list[SealPlacement]:
    told: list[SealPlacement] = []
    overlay.moved.connect(told.append)
    return told


def near(one: QColor, other: QColor, by: int = 40) -> bool:
    apart = (one.red() - other.red(), one.green() - other.green(), one.blue() - other.blue())
    return max(map(abs, apart)) <= by


def count(image: QImage, ink: QColor, by: int = 40) -> int:
    """Points of a picture that have an ink, every second one looked at."""
    points = ((x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    return sum(near(image.pixelColor(x, y), ink, by) for x, y in points)


def seal_middle(overlay: SealOverlay) -> tuple[int, int]:
    return overlay.pane.width() // 2, overlay.pane.height() // 2


# --- keys ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Left", SealPlacement(-1)),
        ("Right", SealPlacement(1)),
        ("Up", SealPlacement(0, -1)),
        ("Down", SealPlacement(0, 1)),
        ("Shift+Left", SealPlacement(-10)),
        ("Shift+Down", SealPlacement(0, 10)),
        (",", SealPlacement(0, 0, -50)),
        (".", SealPlacement(0, 0, 50)),
        ("<", SealPlacement(0, 0, -500)),
        (">", SealPlacement(0, 0, 500)),
        (";", SealPlacement(0, 0, 0, 999)),
        ("'", SealPlacement(0, 0, 0, 1001)),
        (":", SealPlacement(0, 0, 0, 990)),
        ('"', SealPlacement(0, 0, 0, 1010)),
    ],
)
def test_a_key_moves_the_specimen_and_tells_it_once(
    overlay: SealOverlay, key: str, expected: SealPlacement
) -> None:
    told = placements(overlay)
    tap(overlay, key)
    assert told == [expected]
    assert overlay.placement() == expected


def test_looking_differently_moves_nothing(overlay: SealOverlay) -> None:
    told = placements(overlay)
    tap(overlay, "[", "]", "B", "B", "D", "D", "F", "O", "P", "F", "F", "C", "*", "Ctrl+Left", "/")
    assert told == []
    assert overlay.placement() == SealPlacement()


def test_at_its_limit_it_tells_nothing_more(overlay: SealOverlay) -> None:
    overlay.show_seals(voucher_seal(), specimen_seal(), SealPlacement(MOST_SHIFT_PX, 0, 0, LEAST_SCALE))
    told = placements(overlay)
    tap(overlay, "Right", ":", ";")
    assert told == []


def test_reset_tells_the_start(overlay: SealOverlay) -> None:
    tap(overlay, "Left", ".", "'")
    told = placements(overlay)
    tap(overlay, "Backspace")
    assert told == [SealPlacement()]


def test_the_mouse_moves_it_by_whole_pixels_of_the_voucher(overlay: SealOverlay) -> None:
    told = placements(overlay)
    x, y = seal_middle(overlay)
    drag(overlay.pane, (x, y), (x + 10, y - 4), (x + 31, y - 20))
    zoom = min(overlay.pane.width(), overlay.pane.height()) / 460
    assert told
    assert (told[-1].dx_px, told[-1].dy_px) == pytest.approx((31 / zoom, -20 / zoom), abs=1)


def test_a_placement_kept_in_the_record_is_shown_again(overlay: SealOverlay) -> None:
    tap(overlay, "Left", "Left", ">", "Down")
    before = painted(overlay.pane)
    kept = overlay.placement()
    overlay.show_seals(voucher_seal(), specimen_seal())
    assert painted(overlay.pane) != before
    overlay.show_seals(voucher_seal(), specimen_seal(), kept)
    assert painted(overlay.pane) == before


@pytest.mark.parametrize("key", ["+", "F5", "Alt+1", "Alt+B", "Esc", "Enter", "R", "7"])
def test_the_page_keeps_its_own_keys(overlay: SealOverlay, key: str) -> None:
    told, on = placements(overlay), overlay.parent()
    assert isinstance(on, Stage)
    tap(overlay, key)
    assert len(on.passed) == 1
    assert told == []


def test_a_key_held_down_goes_on_moving_but_switches_once(overlay: SealOverlay) -> None:
    for stroke, held in (("Right", False), ("Right", True), ("Right", True), ("D", False), ("D", True)):
        assert overlay.press(stroke, held)
    assert overlay.placement().dx_px == 3
    assert overlay.mode() is Mode.DIFFERENCE


# --- what is seen -------------------------------------------------------------------------------------------


def test_ink_is_lifted_off_paper(themed: QApplication) -> None:
    ink = lifted(voucher_seal())
    assert ink.pixelColor(230, 230).alpha() > 240, "the star"
    assert ink.pixelColor(230, 150).alpha() < 10 or ink.pixelColor(200, 205).alpha() < 10
    assert ink.pixelColor(12, 200).alpha() < 10, "the paper"


@pytest.mark.parametrize("ink", ["#C8281E", "#1D4FA8", "#202020", "#D04A8A"])
def test_red_blue_black_and_violet_inks_are_all_lifted(themed: QApplication, ink: str) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("#F6F1E4"))
    for x in range(10, 20):
        for y in range(30):
            image.setPixelColor(x, y, QColor(ink))
    found = lifted(image)
    assert found.pixelColor(15, 10).alpha() > 200
    assert found.pixelColor(30, 10).alpha() == 0


def test_the_specimen_is_over_the_seal_in_a_second_colour(overlay: SealOverlay) -> None:
    blues = count(painted(overlay.pane), QColor(119, 149, 203), 25)
    tap(overlay, "C")
    assert count(painted(overlay.pane), QColor(119, 149, 203), 25) < blues // 10
    assert blues > 200


def test_transparency_goes_from_ink_to_a_breath(overlay: SealOverlay) -> None:
    overlay.show_seals(voucher_seal(), specimen_seal(right=0, down=0, degrees=0))
    x, y = seal_middle(overlay)
    seen = []
    for _ in range(4):
        seen.append(painted(overlay.pane).pixelColor(x, y))
        tap(overlay, "[", "[")
    blue = [one.blue() - one.red() for one in seen]
    assert blue == sorted(blue, reverse=True)
    tap(overlay, *"]" * 12)
    assert near(painted(overlay.pane).pixelColor(x, y), TINT, 12)
    tap(overlay, *"[" * 12)
    assert painted(overlay.pane).pixelColor(x, y).red() > 160


@pytest.mark.parametrize("ratio", [1, 2])
def test_where_it_lies_true_the_difference_is_almost_nothing(overlay: SealOverlay, ratio: int) -> None:
    overlay.show_seals(voucher_seal(), specimen_seal(), TRUE)
    tap(overlay, "D")
    image = painted(overlay.pane, ratio)
    shared, specimen_only = count(image, BOTH), count(image, TINT)
    assert shared > 2000 * ratio * ratio
    assert specimen_only < shared // 20
    tap(overlay, *["Shift+Right"] * 3)
    apart = painted(overlay.pane, ratio)
    assert count(apart, TINT) > shared // 10
    assert count(apart, BOTH) < shared


def test_another_seal_shows_where_it_is_another(overlay: SealOverlay) -> None:
    """The same seal but for one character, laid exactly: the difference stands at that character and nowhere else."""
    other = specimen_seal(right=0, down=0, degrees=0, name="城南示列商贸行")
    overlay.show_seals(voucher_seal(), other)
    tap(overlay, "D")
    image = painted(overlay.pane)
    zoom = min(overlay.pane.width(), overlay.pane.height()) / 460
    x, y = seal_middle(overlay)
    character = image.copy(round(x - 45 * zoom), round(y - 170 * zoom), round(90 * zoom), round(75 * zoom))
    rest = image.copy(round(x - 150 * zoom), round(y - 60 * zoom), round(300 * zoom), round(230 * zoom))
    assert count(character, TINT, 60) + count(character, BAD, 60) > 40
    assert count(rest, TINT, 60) + count(rest, BAD, 60) < 25


def test_folded_one_side_is_the_voucher_and_the_other_the_specimen(overlay: SealOverlay) -> None:
    overlay.show_seals(voucher_seal(), specimen_seal(), TRUE)
    half, tall = overlay.pane.width() // 2, overlay.pane.height()
    tap(overlay, "F")
    assert overlay.mode() is Mode.FOLD_ACROSS
    image = painted(overlay.pane)
    left, right = image.copy(0, 0, half - 3, tall), image.copy(half + 3, 0, half - 3, tall)
    assert count(left, TINT) == 0 < count(right, TINT)
    assert count(right, QColor("#C8281E")) == 0 < count(left, QColor("#C8281E"))
    tap(overlay, "P", "P", "P", "P", "P")
    moved = painted(overlay.pane)
    assert count(moved.copy(half, 0, 30, tall), TINT) == 0, "the line went ten hundredths right"
    tap(overlay, "F")
    assert overlay.mode() is Mode.FOLD_DOWN
    image = painted(overlay.pane)
    assert count(image.copy(0, 0, half * 2, tall // 2), TINT) == 0 < count(image, TINT)
    tap(overlay, "F")
    assert overlay.mode() is Mode.OVER


def test_along_the_fold_of_a_true_seal_the_strokes_meet(overlay: SealOverlay) -> None:
    """The ring passes the line: ink on its one side at the height of the ink on its other."""
    overlay.show_seals(voucher_seal(), specimen_seal(), TRUE)
    tap(overlay, "F")
    image, x = painted(overlay.pane), overlay.pane.width() // 2

    def ring(at: int) -> int:
        """Where the ink of a column ends: the outer edge of the ring."""
        column = ((y, image.pixelColor(at, y)) for y in range(image.height()))
        return max(y for y, one in column if max(one.red(), one.blue()) - one.green() > 70)

    assert abs(ring(x - 3) - ring(x + 3)) <= 2
    tap(overlay, "Shift+Up", "Shift+Up")
    image = painted(overlay.pane)
    assert ring(x - 3) - ring(x + 3) >= 15


# --- blinking -----------------------------------------------------------------------------------------------


def test_it_blinks_twice_a_second(overlay: SealOverlay, qtbot: QtBot) -> None:
    assert BLINK_MS * 2 * 2 == 1000
    tap(overlay, "B")
    first = painted(overlay.pane)
    assert count(first, TINT) == 0
    qtbot.waitUntil(lambda: count(painted(overlay.pane), TINT) > 500, timeout=4000)
    qtbot.waitUntil(lambda: painted(overlay.pane) == first, timeout=4000)
    tap(overlay, "B")
    assert overlay.mode() is Mode.OVER
    assert not overlay._blinker.isActive()


def test_it_does_not_blink_where_nobody_looks(overlay: SealOverlay) -> None:
    tap(overlay, "B")
    assert overlay._blinker.isActive()
    overlay.hide()
    assert not overlay._blinker.isActive()
    overlay.show()
    assert overlay._blinker.isActive()
    overlay.forget()
    assert not overlay._blinker.isActive()


def test_with_reduced_motion_only_the_key_changes_the_picture(overlay: SealOverlay, qtbot: QtBot) -> None:
    overlay.set_calm(True)
    tap(overlay, "B")
    voucher = painted(overlay.pane)
    qtbot.wait(BLINK_MS * 3)
    assert painted(overlay.pane) == voucher
    tap(overlay, "B")
    assert count(painted(overlay.pane), TINT) > 500
    qtbot.wait(BLINK_MS * 3)
    assert count(painted(overlay.pane), TINT) > 500
    tap(overlay, "B")
    assert overlay.mode() is Mode.OVER
    assert Texts("zh_CN")("picture.change") in {one.words for one in overlay.strip.shown()}


def test_reduced_motion_stops_what_blinks(overlay: SealOverlay) -> None:
    tap(overlay, "B")
    overlay.set_calm(True)
    assert not overlay._blinker.isActive()


# --- it claims nothing --------------------------------------------------------------------------------------

CLAIMS = (
    "相符",
    "不符",
    "一致",
    "通过",
    "相似",
    "吻合",
    "match",
    "differs",
    "genuine",
    "similar",
    "pass",
    "score",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keys", ["", "B", "D", "F", "F F"])
def test_no_word_about_agreement_is_said(themed: QApplication, language: str, keys: str) -> None:
    """True and false seals read the same in every way of looking; only the sentence that it is the person's answer
    names agreement."""
    said = []
    for name in ("城南示例商贸行", "城南示列商贸行"):
        made = SealOverlay(Texts(language), calm=True)
        on = stage(made, HEIGHT)
        made.show_seals(voucher_seal(), specimen_seal(name=name), TRUE)
        tap(made, *keys.split())
        words = [text for _, text in everything(made) if text != made.texts("picture.no_claim")]
        said.append(" ".join(words).replace(made.texts("picture.no_claim"), ""))
        close(on)
    assert said[0] == said[1]
    assert [one for one in CLAIMS if one in said[0].lower()] == []


def test_the_figures_are_where_it_lies(overlay: SealOverlay) -> None:
    tap(overlay, "Left", "Left", "Shift+Down", ",", "'", "[")
    assert [value for _, value in overlay._values.rows()] == ["← 2  ↓ 10", "0.5° ↺", "100.1 %", "50 %"]


# --- looks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keys", ["", "B", "D", "F", "F F", "* * Ctrl+Left", 'Shift+Left > "'])
def test_nothing_is_cut(themed: QApplication, language: str, keys: str) -> None:
    made = SealOverlay(Texts(language), calm=True)
    on = stage(made, HEIGHT)
    made.show_seals(voucher_seal(), specimen_seal())
    tap(made, *keys.split())
    found = cut(on)
    assert found == []
    assert made.strip.fits()
    assert (on.width(), on.height()) == (772, HEIGHT)
    close(on)


def test_nothing_jumps_when_the_way_of_looking_changes(overlay: SealOverlay) -> None:
    places = {(overlay.strip.geometry().getRect(), overlay.pane.geometry().getRect())}
    for key in ("B", "D", "F", "F", "F", "C"):
        tap(overlay, key)
        places.add((overlay.strip.geometry().getRect(), overlay.pane.geometry().getRect()))
    assert len(places) == 1


def test_without_a_specimen_it_says_so_and_takes_no_key(overlay: SealOverlay) -> None:
    told = placements(overlay)
    overlay.show_seals(voucher_seal(), QImage())
    tap(overlay, "Left", "B", "D", "F")
    drag(overlay.pane, (100, 100), (150, 100))
    assert told == []
    assert overlay.mode() is Mode.OVER
    assert overlay.texts("picture.no_seals") in " ".join(text for _, text in everything(overlay))
    assert not any(one.enabled for one in overlay.strip.shown())


def star_width(image: QImage) -> int:
    """Ink from the middle outwards along the middle row, both ways."""
    y, x = image.height() // 2, image.width() // 2
    inked = [image.pixelColor(at, y).green() < 120 for at in range(image.width())]
    return inked[x:].index(False) + inked[x::-1].index(False)


def test_closer_shows_a_stroke_larger_and_moves_nothing(overlay: SealOverlay) -> None:
    overlay.show_seals(voucher_seal(), specimen_seal(), TRUE)
    image = painted(overlay.pane)
    tap(overlay, "*", "*", "*")
    assert star_width(painted(overlay.pane)) == pytest.approx(star_width(image) * 1.25**3, abs=3)
    tap(overlay, *["/"] * 5)
    assert painted(overlay.pane) == image
    assert overlay.placement() == TRUE


def test_the_focus_is_seen_on_the_pane(overlay: SealOverlay) -> None:
    middle = QPointF(overlay.pane.width() / 2, 0).toPoint()
    focused = painted(overlay.pane).pixelColor(middle)
    overlay.clearFocus()
    settle()
    assert near(focused, QColor("#0B6B57"), 60)
    assert painted(overlay.pane).pixelColor(middle) != focused
    assert overlay.focusPolicy() is Qt.FocusPolicy.StrongFocus
