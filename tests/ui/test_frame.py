"""The frame around the pages: a question over a page keeps the keyboard and goes with a lock, what cannot be done is
said at once, and an empty desk shows nothing of a transaction. The pages: ``tests/ui/test_first_use.py``."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desk import commands as c
from desk.domain.refusals import RefusalCode, refuse
from devices.contracts import DeviceKind, DeviceState, DeviceStatus
from tests.ui.conftest import Show
from tests.ui.samples import ALL
from tests.ui.strings import drawn
from tests.ui.window_of import ViewWindow, focus_in, settle
from ui.frame.top_bar import LAMPS, TopBar
from ui.pages.dialogs.overlay import Overlay
from ui.sign_on import SignOnPage
from ui.texts import Texts
from ui.training.keyboard import Stroke


def overlay_of(window: ViewWindow) -> Overlay:
    found = window.window._overlay
    assert found is not None
    return found


def raw(window: ViewWindow, key: Qt.Key) -> None:
    QApplication.sendEvent(
        focus_in(window.window), QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    )
    settle()


# --- a question over a page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["F9", "F1"])
def test_locking_closes_what_lies_over_the_page(view_window: Show, key: str) -> None:
    window = view_window("zh_CN")
    window.show(ALL["count-agrees"])
    window.commands.clear()
    window.press(key)
    assert overlay_of(window).isVisible()
    window.press("F12")
    assert window.window._overlay is None
    assert window.window.sign_on.password.hasFocus()
    window.window._accepted(c.SignOn("0317", "x"))
    settle()
    assert not any(one.isVisible() for one in window.window.middle.findChildren(Overlay))
    window.press("+")
    assert window.commands == [c.AcceptCount()]


@pytest.mark.parametrize("asks", ["_park", "_cancel", "_help"])
def test_a_question_keeps_the_keyboard_whatever_the_page_does(view_window: Show, asks: str) -> None:
    """A new view, another page, F2 and Tab: the keys still go to the question."""
    window = view_window("zh_CN")
    window.show(ALL["count-agrees"])
    getattr(window.window, asks)()
    laid = overlay_of(window)
    for name in ("count-agrees", "slip-keying", "print-unknown"):
        window.show(ALL[name])
        assert laid.holds_focus()
        window.press("F2")
        raw(window, Qt.Key.Key_Tab)
        assert laid.holds_focus()
    window.commands.clear()
    for key in ("0", "+", "Alt+Y", "F5"):
        window.keyboard.press(Stroke(key, "test"))
    settle()
    assert window.commands == []
    assert window.window._overlay is laid


def test_tab_stays_within_the_fields_of_a_question(view_window: Show) -> None:
    window = view_window("zh_CN")
    page = window.show(ALL["count-short"])
    window.press("Alt+H")
    laid = page.overlay
    assert laid is not None
    for _ in range(20):
        raw(window, Qt.Key.Key_Tab)
        assert laid.holds_focus()


def test_a_question_goes_with_its_transaction(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["count-agrees"])
    window.press("F9")
    window.show(ALL["menu"])
    assert window.window._overlay is None


def test_a_question_speaks_the_language_now_chosen(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["count-agrees"])
    window.press("F9")
    window.texts.toggle()
    settle()
    assert overlay_of(window).title.text() == window.texts("frame.park_title")


def test_what_is_posted_is_not_offered_to_be_cancelled(view_window: Show) -> None:
    """The refusal is said at once; no question first promises cash and slip back."""
    window = view_window("en")
    window.show(ALL["print-ready"])
    window.window._cancel()
    settle()
    assert window.window._overlay is None
    told = window.texts.refusal(refuse(RefusalCode.CANCEL_AFTER_POSTING))
    assert told[0] in window.window.middle.notice.title.text()


# --- an empty desk ----------------------------------------------------------------------------------------------------


def test_before_the_first_transaction_both_columns_are_empty(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["menu"])
    for column in (window.window.steps, window.window.facts):
        inner = column.findChildren(QWidget)
        assert [drawn(one) for one in inner if drawn(one)] == []
        framed = [
            one for one in inner if one.isVisible() and one.property("look") in ("notice-accent", "hairline")
        ]
        assert framed == []


def test_machines_stand_in_the_same_order_whichever_answers_first(themed: object) -> None:
    """Names that sort against it, and the last machine first."""
    bar = TopBar(Texts("en"))
    bar.show_desk(ALL["menu"])
    for place, kind in reversed(list(enumerate(LAMPS))):
        bar.show_status(DeviceStatus(f"m{9 - place}", kind, DeviceState.READY))
    lamps = sorted(bar._lights.values(), key=bar._device_box.indexOf)
    told = [one.accessibleName() for one in lamps]
    assert told == [Texts("en")(f"frame.machine.{kind.value}") for kind in LAMPS]
    assert set(LAMPS) == set(DeviceKind)


# --- signing on -------------------------------------------------------------------------------------------------------


def test_advice_stays_after_a_wrong_password(themed: object) -> None:
    texts = Texts("zh_CN")
    page = SignOnPage(texts)
    page.show_message("", "staff 0317")
    page.show_message("wrong", "again")
    assert (page.advice.text(), page.found.text(), page.following.text()) == ("staff 0317", "wrong", "again")


def test_a_locked_desk_says_that_it_is_locked(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["count-agrees"])
    page = window.window.sign_on
    window.press("F12")
    assert page.title.text() == window.texts("sign_on.locked")
    assert [key for key, _ in window.window.keys.shown()] == []
    window.window._accepted(c.SignOn("0317", "x"))
    window.window.show_desk(replace(ALL["menu"], teller=None))
    assert page.title.text() == window.texts("sign_on.title")
