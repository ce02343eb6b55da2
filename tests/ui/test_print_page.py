"""The print page where a person acts on the book: turn the page, say whose it is, move its next line, leave it full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk import commands as c
from desk.views import PrintView
from tests.ui.conftest import Show
from tests.ui.samples import ALL, LINES, at, printing

COMMITS = {
    "print-turn": c.TurnPage(8),
    "print-look": c.ConfirmBook(),
    "print-full": c.LeaveFullBook(),
}


@pytest.mark.parametrize("name", COMMITS)
def test_one_key_confirms_what_the_page_asks(view_window: Show, name: str) -> None:
    window = view_window("en")
    window.show(ALL[name])
    window.commands.clear()
    window.press("+", "+")
    assert window.commands == [COMMITS[name]]


@pytest.mark.parametrize("name", ["print-turn", "print-look", "print-full", "print-again-full"])
def test_nothing_prints_by_itself_while_a_person_is_asked(view_window: Show, name: str) -> None:
    window = view_window("zh_CN")
    window.show(ALL[name])
    window.press("Up")
    assert window.commands == []


def test_missing_lines_are_not_left_behind_in_a_full_book(view_window: Show) -> None:
    window = view_window("en")
    assert window.show(ALL["print-again-full"]).offers() == ()


def test_the_stripe_is_read_again_on_demand(view_window: Show) -> None:
    window = view_window("en")
    window.show(ALL["print-look"])
    window.press("F5")
    assert window.commands == [c.PrintBook()]


@pytest.mark.parametrize(
    ("seen", "to"), [(9, (8, 10)), (24, (9, 1)), (3, (8, 4))], ids=["below", "the last of a page", "above"]
)
def test_the_next_line_moves_below_the_last_one_seen(
    view_window: Show, seen: int, to: tuple[int, int]
) -> None:
    """What is wrong with it the desk says; the page hands on what the person saw, and where they saw it stand."""
    window = view_window("en")
    view = at(printing("again", LINES, cursor=(8, 7)), "print")
    window.show(view)
    window.press("Down", "Alt+J", *str(seen), "Enter", "x", "Enter")
    page = window.page.view
    assert isinstance(page, PrintView)
    assert window.commands == [c.AdjustCursor(*to, 8, 7, page.candidates[1].staff_no, "x")]


def test_no_line_keyed_moves_nothing(view_window: Show) -> None:
    window = view_window("en")
    window.show(ALL["print-again"])
    window.press("Alt+J", "Enter", "0", "Enter", "Esc")
    assert window.commands == []
    assert window.page.overlay is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("print-look", "page 8, line 6"),
        ("print-look-next-page", "page 7, line 24"),
        ("print-look-blank", "Nothing was printed in it yet"),
    ],
)
def test_who_looks_is_told_number_and_last_line(view_window: Show, name: str, words: str) -> None:
    window = view_window("en")
    window.show(ALL[name])
    shown = " ".join(window.page._words(window.page.view))  # type: ignore[attr-defined]
    assert words in shown
    assert "9017 0020 1000 4821 735" in shown


def test_a_line_for_several_entries_says_how_many(view_window: Show) -> None:
    window = view_window("en")
    several = replace(LINES[0], entries=7)
    window.show(at(printing("ready", (several, *LINES[1:])), "print"))
    cells = window.page._row(several, window.page.view)  # type: ignore[attr-defined]
    assert cells[-1].text == "7 as one"
