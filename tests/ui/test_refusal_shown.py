"""A refusal on the page: it speaks the language now chosen, and goes with the next thing a person does."""

from __future__ import annotations

from collections.abc import Callable

from desk import commands as c
from desk.domain.refusals import RefusalCode, refuse
from tests.ui.samples import ALL
from tests.ui.window_of import ViewWindow, settle

REFUSAL = refuse(RefusalCode.HAND_LIMIT, limit="500.00")


def shown(window: ViewWindow) -> tuple[str, str]:
    notice = window.window.middle.notice
    return notice.title.text(), notice.detail.text()


def test_a_refusal_changes_its_language_with_the_window(view_window: Callable[[str], ViewWindow]) -> None:
    window = view_window("zh_CN")
    window.show(next(view for name, view in ALL.items() if name.startswith("count")))
    window.bridge.refused.emit(REFUSAL)
    chinese = shown(window)
    assert "406" in chinese[0]
    window.texts.toggle()
    settle()
    english = shown(window)
    assert "406" in english[0]
    assert english != chinese
    assert english[1] == window.texts.refusal(REFUSAL)[1]


def test_it_goes_with_the_next_command(view_window: Callable[[str], ViewWindow]) -> None:
    window = view_window("en")
    window.show(next(view for name, view in ALL.items() if name.startswith("count")))
    window.bridge.refused.emit(REFUSAL)
    assert window.window.middle.notice.isVisible()
    window.window.send(c.AcceptCount())
    window.texts.toggle()
    settle()
    assert not window.window.middle.notice.isVisible(), "what is gone must not come back in another language"


def test_the_sign_on_page_says_its_refusal_in_the_language_now_chosen(
    view_window: Callable[[str], ViewWindow],
) -> None:
    window = view_window("zh_CN")
    wrong = refuse(RefusalCode.WRONG_PASSWORD)
    window.bridge.refused.emit(wrong)
    window.texts.toggle()
    assert window.shell.sign_on.found.text() == window.texts.refusal(wrong)[0]
