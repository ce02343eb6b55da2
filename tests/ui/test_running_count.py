"""A running count: told many times a second as two numbers, from the session to the labels of the counting page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.views import CountView
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from tests.ui.conftest import Show
from tests.ui.samples import ALL
from tests.ui.strings import everything

LARGE = Deposit(rows=((10000, 230),))
NOTES_A_MINUTE = 12_000


class PacedCounter(Counter):
    """Notes come one by one, as from a machine, and not all at once."""

    def put_notes(self, notes: list[Any], rate_per_minute: int = NOTES_A_MINUTE) -> None:
        super().put_notes(notes, rate_per_minute)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_numbers_move_and_stand_when_the_language_changes(view_window: Show, language: str) -> None:
    window = view_window(language)
    window.show(ALL["count-counting"])
    window.bridge.counted.emit(141, 1_410_000)
    window.texts.toggle()
    shown = [text for _, text in everything(window.window)]
    assert any("141" in text for text in shown)
    assert "14,100.00" in shown
    assert not any("137" in text for text in shown)


def test_the_next_view_is_shown_and_a_number_told_late_is_not(view_window: Show) -> None:
    window = view_window("en")
    window.show(ALL["count-counting"])
    window.bridge.counted.emit(141, 1_410_000)
    window.show(ALL["count-short"])
    window.bridge.counted.emit(142, 1_420_000)
    shown = [text for _, text in everything(window.window)]
    assert not any("14,200.00" in text or "142" in text for text in shown)


def test_a_blind_count_shows_pieces_and_no_amount(view_window: Show) -> None:
    window = view_window("en")
    window.show(ALL["second-counting"])
    window.bridge.counted.emit(141, 1_410_000)
    shown = [text for _, text in everything(window.window)]
    assert any("141" in text for text in shown)
    assert not any("14,100.00" in text for text in shown)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple[int, int, int, int]]]:
    """What a session tells while the heap of a step runs: pieces and minor units, and those of its snapshot."""
    counter = PacedCounter(tmp_path_factory.mktemp("branch"))
    desk = Desk(counter, counter.session())
    desk.sign_on()
    player = Player(desk, LARGE)
    seen: list[tuple[int, int, int, int]] = []

    def listen(pieces: int, minor: int) -> None:
        page = desk.page
        assert isinstance(page, CountView)
        seen.append((pieces, minor, page.progress_pieces, page.progress_minor))

    desk.session.subscribe_count(listen)
    counts: dict[str, list[tuple[int, int, int, int]]] = {}
    for step, after in (("count", "second_count"), ("second_count", "review")):
        player.to(step)
        seen.clear()
        player.to(after)
        counts[step] = list(seen)
    counter.close()
    return counts.__getitem__


def test_a_session_tells_every_note_of_a_first_count(
    told: Callable[[str], list[tuple[int, int, int, int]]],
) -> None:
    running = told("count")
    assert running
    assert [minor for _, minor, _, _ in running] == [pieces * 10000 for pieces, _, _, _ in running]
    assert all(of_view > 0 for _, _, of_view, _ in running), "the first note is told whole"


def test_a_session_tells_no_amount_of_a_blind_count(
    told: Callable[[str], list[tuple[int, int, int, int]]],
) -> None:
    running = told("second_count")
    assert running
    assert {(minor, of_view) for _, minor, _, of_view in running} == {(0, 0)}
