"""The keyboard: how many keys a deposit costs, that no key means two things, that nothing is committed twice or by a
key held down, what number fields take, and that one key changes the language of everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desk import commands as c
from desk.domain.procedure_kinds import ControlMode, Text
from desk.views import CountView, EndView, HandOverView, IdentifyView, PrintView, SlipView
from tests.ui.conftest import Show
from tests.ui.counter_window import DAY, CounterWindow, Played
from tests.ui.samples import ALL
from tests.ui.strings import drawn, held, painted, widgets
from tests.ui.window_of import ViewWindow, press_repeating, settle
from ui.frame.key_bar import GAP, MARGIN, _wide
from ui.keys import KEYS, action_named
from ui.pages.table import PAGES
from ui.texts import LANGUAGES
from ui.training.branch import ACCOUNTS, write_slip
from ui.widgets.key_fields import AmountField, DigitsField, KeyField, SecretField

MAKER_BUDGET, REVIEWER_BUDGET = 12, 15
PAGE_KEYS = {"", *(str(n) for n in range(10)), "Up", "Down", "F5", "Return"}
"""Keys an action without a row of its own may have: digits and arrows of a list, read again, take what is typed."""
KEY_NAMES = {one.action: one.keys for one in KEYS}


# --- how many keys ----------------------------------------------------------------------------------------------------


def wants_the_book(counter: CounterWindow) -> bool:
    return isinstance(counter.view, PrintView) and counter.view.state == "needs_book"


def test_a_deposit_below_the_limit_costs_the_maker_no_more_than_twelve_keys(
    themed: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counted from the book in the printer to the next customer's page; one teller finishes alone."""
    counter = CounterWindow(tmp_path, mode=ControlMode.COMPREHENSIVE)
    account = ACCOUNTS[0]
    write_slip(counter.training.folder, account, 150_000, DAY, ((10000, 15),))
    counter.sign_on()
    counter.press("start", *"1010")
    counter.until(lambda: isinstance(counter.view, IdentifyView) and counter.view.reading)
    counter.training.insert_book(account)
    counter.until_page(IdentifyView, lambda v: isinstance(v, IdentifyView) and bool(v.account_number))
    counter.press("maker", "+")
    counter.until_page(SlipView)
    counter.press("maker", *"1500", "Enter")
    counter.until_page(SlipView, lambda v: isinstance(v, SlipView) and bool(v.checks))
    notes = counter.training.simulators["aa55"]
    notes.hands(do="load", notes=[[100, 15]], rate_per_minute=0)
    counter.press("maker", "Alt+1", "Alt+2")
    counter.until_page(CountView, lambda v: isinstance(v, CountView) and v.can_accept)
    counter.press("maker", "+")
    counter.until(lambda: counter.snapshot.customer.state == "confirm")
    settle()
    counter.screen.yes.click()
    counter.until(lambda: isinstance(counter.view, HandOverView) or wants_the_book(counter))
    if wants_the_book(counter):
        counter.training.insert_book(account)
    counter.until_page(HandOverView, lambda v: isinstance(v, HandOverView) and v.receipt == "done")
    counter.press("maker", "+")
    counter.until_page(EndView)
    end, keys = counter.view, counter.keyboard.counts["maker"]
    counter.press("close", "Enter")
    counter.until_page(None)
    refused = list(counter.refused)
    counter.close()
    with capsys.disabled():
        print(f"\nkeys: a deposit of 1,500.00 costs the maker {keys} (budget {MAKER_BUDGET})", end=" ")  # noqa: T201
    assert isinstance(end, EndView)
    assert (end.outcome, end.amount_minor) == ("archived", 150_000)
    assert refused == []
    assert keys <= MAKER_BUDGET


@pytest.mark.parametrize("language", LANGUAGES)
def test_above_the_limit_the_reviewer_adds_no_more_than_fifteen_keys(
    played: Callable[[str], Played], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the demo's deposit, whose maker has a short count and a rejected note besides."""
    keys = played(language).keys
    with capsys.disabled():
        print(f"\nkeys: the demo's deposit {keys} (reviewer's budget {REVIEWER_BUDGET})", end=" ")  # noqa: T201
    assert 0 < keys["reviewer"] <= REVIEWER_BUDGET


# --- one meaning a key ------------------------------------------------------------------------------------------------


def test_the_table_names_every_key_and_action_once() -> None:
    assert len({one.keys for one in KEYS}) == len({one.action for one in KEYS}) == len(KEYS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_no_key_means_two_things_on_a_page_and_its_frame(
    windows: Callable[[str], ViewWindow], name: str, language: str
) -> None:
    page = windows(language).show(ALL[name])
    offered = page.offers()
    keys = [one.key for one in offered] + [one.keys for one in KEYS if one.everywhere]
    assert len(keys) == len(set(keys))
    for one in offered:
        if one.name:
            assert KEY_NAMES[one.name] == one.key
        else:
            assert one.key in PAGE_KEYS
        assert one.words or one.style == "silent"
    assert [one.style for one in offered].count("main") <= 1


def test_every_row_of_the_table_is_offered_somewhere(windows: Callable[[str], ViewWindow]) -> None:
    """A row without a page would be help for a key that does nothing."""
    window = windows("zh_CN")
    offered = {one.name for name in ALL for one in window.show(ALL[name]).offers()}
    assert {one.action for one in KEYS if not one.everywhere} == offered - {""}


@pytest.mark.parametrize("name", ALL)
def test_the_bar_below_names_only_what_the_page_offers_now(
    windows: Callable[[str], ViewWindow], name: str
) -> None:
    window = windows("en")
    page = window.show(ALL[name])
    on = {(one.key.replace("Return", "Enter"), one.words) for one in page.offers() if one.enabled}
    frame = {(one.keys, one.label.en) for one in KEYS if one.everywhere}
    assert set(window.window.keys.shown()) - frame <= on


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_parking_and_cancelling_stand_below_whenever_they_do_something(
    windows: Callable[[str], ViewWindow], name: str, language: str
) -> None:
    """However many keys the page has of its own, and never where there is nothing to park or cancel."""
    window, one = windows(language), ALL[name].transaction
    window.show(ALL[name])
    bar = window.window.keys
    shown = {key for key, _ in bar.shown()}
    under_way = one is not None and bool(one.step)
    assert ("F9" in shown) is under_way
    assert ("Ctrl+Del" in shown) is (under_way and one is not None and not one.posted)
    room = bar.width() - 2 * MARGIN - bar._right_width()
    assert sum(_wide(cap, words) + GAP for cap, words in bar.shown()) <= room


def test_the_key_below_says_what_its_button_says(windows: Callable[[str], ViewWindow]) -> None:
    window = windows("en")
    window.show(ALL["print-not_done"])
    assert ("F5", "Print") in window.window.keys.shown()
    window.show(ALL["count-short"])
    assert ("F5", "Recount") in window.window.keys.shown()


# --- nothing twice, nothing by a key held down ------------------------------------------------------------------------

COMMITS = {
    "identify-found": c.ConfirmCustomer(),
    "slip-pass": c.AcceptSlip(),
    "count-agrees": c.AcceptCount(),
    "second-agrees": c.AcceptCount(),
    "hand-over-done": c.HandOver(),
}


@pytest.mark.parametrize("name", COMMITS)
def test_a_doubled_plus_commits_once(view_window: Show, name: str) -> None:
    window = view_window("zh_CN")
    window.show(ALL[name])
    window.commands.clear()
    window.press("+", "+", "+")
    assert window.commands == [COMMITS[name]]


@pytest.mark.parametrize("name", COMMITS)
def test_a_plus_held_down_commits_nothing_by_its_repeats(view_window: Show, name: str) -> None:
    window = view_window("zh_CN")
    window.show(ALL[name])
    window.commands.clear()
    press_repeating(window.window, Qt.Key.Key_Plus, "+")
    press_repeating(window.window, Qt.Key.Key_Return, "\r")
    assert window.commands == []


def test_posting_is_asked_for_once_by_the_page_and_once_by_a_person(view_window: Show) -> None:
    """It posts by itself; the teller's + at the same moment adds nothing."""
    window = view_window("zh_CN")
    window.show(ALL["post-ready"])
    window.show(ALL["post-ready"])
    window.press("+", "+")
    assert window.commands == [c.Post()]


def test_a_key_held_down_signs_nothing_and_chooses_nothing(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["review-sign"])
    window.press("+", *"secret")
    press_repeating(window.window, Qt.Key.Key_Return, "\r")
    assert window.commands == []
    window.press("Enter", "Enter")
    assert window.commands == [c.Countersign("secret", "zh_CN")]
    window.show(ALL["count-short"])
    window.commands.clear()
    window.press("Alt+C")
    press_repeating(window.window, Qt.Key.Key_1, "1")
    assert window.commands == []


@pytest.mark.parametrize(("name", "key"), [("count-short", "Alt+C"), ("count-agrees", "Alt+H"), ("review-sign", "+"),
                                           ("count-agrees", "F1"), ("count-agrees", "F9")])  # fmt: skip
def test_esc_closes_what_lies_over_the_page_and_sends_nothing(view_window: Show, name: str, key: str) -> None:
    window = view_window("zh_CN")
    page = window.show(ALL[name])
    window.commands.clear()
    window.press(key)
    laid = page.overlay or window.window._overlay
    assert laid is not None
    assert laid.isVisible()
    window.press("+" if key != "+" else "F5")
    window.press("Esc")
    assert page.overlay is None
    assert window.window._overlay is None
    assert window.commands == []
    assert page.hasFocus()


def test_alt_digit_ticks_what_was_seen(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["slip-open"])
    window.press("Alt+1", "Alt+2", "Alt+2")
    assert window.commands == [c.TickCheck("VC-08"), c.TickCheck("VC-24")]


def test_alt_digit_ticks_nothing_before_the_amount_is_keyed(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["slip-keying"])
    window.press("Alt+1")
    assert window.commands == []


# --- what fields take -------------------------------------------------------------------------------------------------


def type_text(field: QWidget, *texts: str) -> None:
    """Keys that carry more than one character (``00``) or a full-width one, as such keyboards send them."""
    for text in texts:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, text))


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("2 0 2 5 0", "20,250"),
        ("2 000", "2,000"),
        ("2 00 00", "20,000"),
        ("２ ０ ２ ５ ０ ． ５", "20,250.5"),
        ("1 2 . 3 4 5", "12.34"),
        ("1 . 5 . 5", "155"),
        ("a - 7 + e ¥ 五 8", "78"),
        ("0 0 7", "7"),
    ],
)
def test_an_amount_is_grouped_and_folded_while_it_is_typed(themed: object, keys: str, shown: str) -> None:
    field = AmountField()
    type_text(field, *keys.split())
    assert field.text() == shown


@pytest.mark.parametrize(
    ("keys", "shown"), [("1 ２ 3", "123"), ("00 1", "001"), ("1 a , . - 2", "12"), ("9 9 9 9 9", "9999")]
)
def test_digits_are_digits(themed: object, keys: str, shown: str) -> None:
    field = DigitsField(4)
    type_text(field, *keys.split())
    assert field.text() == shown


def test_the_last_digit_is_told_once(themed: object) -> None:
    field, told = DigitsField(4), []
    field.filled.connect(lambda: told.append(field.text()))
    type_text(field, *"10101")
    assert told == ["1010"]


@pytest.mark.parametrize("name", ALL)
def test_no_number_field_takes_an_input_method(windows: Callable[[str], ViewWindow], name: str) -> None:
    page = windows("zh_CN").show(ALL[name])
    fields = [
        one for one in page.findChildren(KeyField) if isinstance(one, AmountField | DigitsField | SecretField)
    ]
    assert not any(one.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) for one in fields)


def test_signing_on_takes_no_input_method_either(windows: Callable[[str], ViewWindow]) -> None:
    sign_on = windows("zh_CN").window.sign_on
    for field in (sign_on.staff, sign_on.password):
        assert not field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


# --- one key for the language -----------------------------------------------------------------------------------------


def all_texts(window: ViewWindow) -> list[tuple[str, str]]:
    """What is shown, widget by widget in their order; the clock and the machines apart."""
    top = window.window.top
    shown = [one for one in widgets(window.window) if one.isVisible() and one is not top.time]
    told = [(type(one).__name__, text) for one, text in held(window.window) if one in shown]
    return told + [(type(one).__name__, drawn(one)) for one in shown]


EVERY_KIND = (
    "menu-full", "identify-found", "identify-unread", "slip-open", "slip-typed", "match-encoding", "match-number",
    "count-rejected", "count-mix", "second-differs", "suspect-second", "seat", "review-differs",
    "review-compare-company", "confirm-usual", "post-open", "print-many", "print-unknown-page",
    "print-again", "print-full", "hand-over-unknown", "ended-disputed", "slip-given-back-review",
)  # fmt: skip


def test_every_kind_of_page_is_among_those_that_are_switched() -> None:
    kinds = {type(one.transaction.page) if one.transaction else None for one in ALL.values()}
    chosen = {
        type(one.transaction.page) if one.transaction else None for one in map(ALL.__getitem__, EVERY_KIND)
    }
    assert chosen == kinds == set(PAGES)


@pytest.mark.parametrize("to", LANGUAGES)
@pytest.mark.parametrize("name", EVERY_KIND)
def test_one_key_words_the_whole_window_anew(
    windows: Callable[[str], ViewWindow], name: str, to: str
) -> None:
    """After Ctrl+L the window reads exactly like one that was opened in that language."""
    other = next(one for one in LANGUAGES if one != to)
    switched, native = windows(other), windows(to)
    for window in (switched, native):
        window.show(ALL["menu"])
        window.show(ALL[name])
    switched.texts.toggle()
    settle()
    after = all_texts(switched)
    switched.texts.toggle()
    assert sorted(after) == sorted(all_texts(native))


HAN, LATIN = re.compile("[\u3400-\u9fff（）、，。：；]+"), re.compile("[A-Za-z]{2,}")
FOREIGN = {
    "en": (HAN, {"中文"}),
    "zh_CN": (LATIN, {"Enter", "Esc", "Alt", "Ctrl", "Del", "UTC", "English"}),
}
"""The other script, and its words that stand on keys in any language."""


def values_in(value: object) -> Iterator[str]:
    """Every text of a snapshot that is data: a name, a number, a line of a book; no bilingual text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from values_in(one)
    elif is_dataclass(value) and not isinstance(value, type | Text):
        for one in fields(value):
            yield from values_in(getattr(value, one.name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERY_KIND)
def test_nothing_of_the_other_language_stands_in_the_window(
    windows: Callable[[str], ViewWindow], name: str, language: str
) -> None:
    """Every word of the other script is data that came with the view."""
    window = windows(language)
    window.show(ALL[name])
    script, on_keys = FOREIGN[language]
    data = " ".join(values_in(ALL[name]))
    shown = [one for one in widgets(window.window) if one.isVisible()]
    texts = [text for one, text in held(window.window) if one in shown]
    texts += [text for one in shown for text in painted(one)]
    found = {word for text in texts for word in script.findall(text)}
    assert {word for word in found if word not in data} - on_keys == set()


def test_the_language_key_works_on_every_page(view_window: Show) -> None:
    """The shortcut itself, with the focus in a field and on a page."""
    window = view_window("zh_CN")
    for name in ("slip-keying", "count-agrees", "menu"):
        window.show(ALL[name])
        before = window.texts.language
        target = QApplication.focusWidget()
        assert target is not None
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        QApplication.sendEvent(target, event)
        QTest.keyClick(target, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        settle()
        assert window.texts.language != before
    assert QKeySequence(action_named("language").keys).toString() == "Ctrl+L"
