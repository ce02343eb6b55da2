"""Nothing is cut at 1366×768: every page of the played deposit, and every page and question far off the usual way, in
both languages, with the longest values; the window never has to grow for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from desk.domain.refusals import RefusalCode, refuse
from desk.views import CashRowView
from devices.errors import DeviceError, DeviceErrorCode
from tests.ui.conftest import Show
from tests.ui.counter_window import Played
from tests.ui.looks import cut
from tests.ui.samples import (
    ALL,
    ALL_NOTES,
    CASH,
    CUSTOMER,
    SUPERVISOR,
    UNDRAWN,
    USUAL,
    WHO,
    at,
    customer,
    desk,
    identified,
    review,
)
from tests.ui.strings import everything
from tests.ui.window_of import ViewWindow, settle
from ui.customer_screen import CustomerScreen
from ui.shell import SIZE
from ui.texts import LANGUAGES, Texts
from ui.widgets.choice_list import ChoiceList

QUESTIONS = (
    ("count-short", "Alt+C"),
    ("count-agrees", "Alt+H"),
    ("second-differs", "Alt+B"),
    ("second-empty", "Alt+H"),
    ("slip-open", "Alt+X"),
    ("match-other_name", "Alt+C"),
    ("review-rekey", "Alt+B"),
    ("review-rekey", "Alt+R"),
    ("review-sign", "+"),
    ("suspect-second", "Alt+F"),
    ("confirm-usual", "Alt+D"),
    ("confirm-usual", "Alt+L"),
    ("hand-over-done", "Alt+D"),
    ("print-again", "+"),
    ("print-again", "Alt+J"),
    ("count-agrees", "F9"),
    ("count-agrees", "F1"),
    ("review-compare-company", "F1"),
)
"""A page and the key that lays a question or the help sheet over it."""

FULL = {"menu-full", "slip-all-notes", "count-all-notes", "review-compare-company", "review-compare-body"}
"""Pages at the edge of their room by themselves: the longest values of all at once, and no refusal besides."""


@pytest.fixture(scope="module")
def windows(themed: object) -> Iterator[Callable[[str], ViewWindow]]:
    """One window a language for the whole module."""
    made: dict[str, ViewWindow] = {}

    def of(language: str) -> ViewWindow:
        if language not in made:
            made[language] = ViewWindow(language)
        return made[language]

    yield of
    for one in made.values():
        one.close()


def size_of(window: ViewWindow) -> tuple[int, int]:
    return window.shell.width(), window.shell.height()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_played_deposit_cuts_a_word(played: Callable[[str], Played], language: str) -> None:
    seen = played(language).seen
    assert {one.name: one.cut for one in seen if one.cut} == {}
    assert {one.size for one in seen} == {SIZE}
    assert len(seen) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_no_page_cuts_a_word(windows: Callable[[str], ViewWindow], name: str, language: str) -> None:
    window = windows(language)
    window.show(ALL[name])
    assert cut(window.window) == []
    assert size_of(window) == SIZE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "key"), QUESTIONS)
def test_no_question_cuts_a_word(
    windows: Callable[[str], ViewWindow], name: str, key: str, language: str
) -> None:
    window = windows(language)
    window.show(ALL["menu"])
    window.show(ALL[name])
    before = {id(one) for one in window.window.findChildren(QWidget) if one.isVisible()}
    window.press(key)
    fresh = [one for one in window.window.findChildren(QWidget) if one.isVisible() and id(one) not in before]
    assert fresh, "nothing was laid over the page"
    assert cut(window.window) == []
    window.press("Esc")
    assert not any(one.isVisible() for one in fresh)


@pytest.mark.parametrize("language", LANGUAGES)
def test_leaving_out_the_cancel_question_nothing_is_cut(
    windows: Callable[[str], ViewWindow], language: str
) -> None:
    """Ctrl+Del has no name on the played keyboard; the sentence above its reasons is the longest of all."""
    window = windows(language)
    window.show(ALL["count-agrees"])
    window.window._cancel()
    settle()
    assert cut(window.window) == []
    window.press("Esc")


def longest_refusal(texts: Texts) -> tuple[str, str]:
    """The longest sentences that can be said: of every refusal, and of every machine's error behind one."""
    values = {"limit": "20,000.00", "missing": "amount,account", "staff_no": "0317", "step": "second_count",
              "number": "03-1124-0001"}  # fmt: skip
    details = (("state", "desynchronised"), ("position", "passbook_printer"), ("character", "U+3134F"))
    refusals = [
        refuse(
            RefusalCode.DEVICE_NOT_READY, device="counterfeit_detector", error=str(DeviceError(code, details))
        )
        for code in DeviceErrorCode
    ]
    told = [texts.refusal(one) for one in (*refusals, *(refuse(code, **values) for code in RefusalCode))]
    return max((one[0] for one in told), key=len), max((one[1] for one in told), key=len)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(ALL) - FULL))
def test_the_longest_refusal_fits_below_any_page(
    windows: Callable[[str], ViewWindow], name: str, language: str
) -> None:
    window = windows(language)
    window.show(ALL[name])
    window.window.middle.show_refusal(*longest_refusal(window.texts))
    settle()
    found = cut(window.window)
    window.window.middle.clear_notice()
    assert found == []
    assert size_of(window) == SIZE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_on_page_says_the_longest_refusal(
    windows: Callable[[str], ViewWindow], language: str
) -> None:
    window = windows(language)
    window.window.show_desk(desk(None))
    window.window._lock()
    window.window.sign_on.show_message(*longest_refusal(window.texts))
    settle()
    assert cut(window.window) == []
    window.window._locked = False


@pytest.mark.parametrize("cash", [CASH, ALL_NOTES], ids=["three", "eight"])
@pytest.mark.parametrize("who", ["usual", *WHO])
@pytest.mark.parametrize("state", ["checking", "confirm", "done"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customer_reads_every_word(
    themed: object, language: str, state: str, who: str, cash: tuple[CashRowView, ...]
) -> None:
    screen = CustomerScreen(Texts(language), training=True)
    screen.show()
    screen.show_customer(customer(state, {"usual": USUAL, **WHO}[who], cash))
    settle()
    found, size = cut(screen), (screen.width(), screen.height())
    screen.deleteLater()
    assert found == []
    assert size == (1024, 600)


@pytest.mark.parametrize("state", ["welcome", "checking", "counting", "posting", "printing", "paused"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customer_reads_what_is_being_done(themed: object, language: str, state: str) -> None:
    screen = CustomerScreen(Texts(language), training=True)
    screen.show()
    screen.show_customer(replace(CUSTOMER, state=state))
    settle()
    found = cut(screen)
    screen.deleteLater()
    assert found == []


def test_a_character_no_font_has_is_written_as_its_code_point(windows: Callable[[str], ViewWindow]) -> None:
    """On every page that shows a name, and never as the bare character or a blank."""
    window = windows("zh_CN")
    who = WHO["undrawn"]
    for page, step in ((identified(who), "identify"), (review("compare", who), "review")):
        window.show(at(page, step, who, seat=SUPERVISOR))
        shown = " ".join(text for _, text in everything(window.window))
        assert "[U+3134F]" in shown
        assert UNDRAWN[-1] not in shown


def test_a_rare_character_is_drawn_as_itself(windows: Callable[[str], ViewWindow]) -> None:
    window = windows("zh_CN")
    window.show(at(identified(WHO["rare"]), "identify", WHO["rare"]))
    assert any("李䶮" in text for _, text in everything(window.window))


def test_a_list_of_many_people_shows_the_chosen_one(view_window: Show) -> None:
    """Thirty colleagues do not fit: the chosen one is always among those drawn, whichever way one goes."""
    window = view_window("en")
    window.show(ALL["seat-thirty"])
    people = window.page.findChild(ChoiceList)
    assert people is not None
    for key, expected in (("Down", 1), ("Up", 0), ("Up", 29), ("Up", 28)):
        window.press(key)
        assert people.current() == expected
        assert expected in people._shown()


def test_the_looking_finds_a_cut(view_window: Show) -> None:
    """The tool itself: a label made too narrow, a table too low and a widget pushed out of its page are told."""
    window = view_window("zh_CN")
    page = window.show(ALL["count-short"])
    window.window.middle.title.setFixedWidth(20)
    page._table_card.setFixedHeight(80)  # type: ignore[attr-defined]
    page.bar.setFixedHeight(10)
    settle()
    told = " ".join(cut(window.window))
    for kind in ("Words", "LedgerTable", "KeyButton"):
        assert kind in told
