"""What a first user stumbled over on the pages: columns that add up, keys that answer only what is asked, fields
that take a new amount after a refusal, a page preview that can be read, and nothing told before its time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from desk import commands as c
from desk.domain.money import format_amount
from desk.domain.refusals import RefusalCode, refuse
from tests.ui.conftest import Show
from tests.ui.counter_window import CounterWindow
from tests.ui.looks import cut
from tests.ui.samples import ALL, CASH, MANY, at, count, printing
from tests.ui.strings import drawn, everything
from tests.ui.window_of import settle
from ui.customer_screen import CustomerScreen
from ui.pages.count_words import columns, table_rows
from ui.texts import LANGUAGES, Texts
from ui.training.hands_panel import PAGE_PIXELS, HandsPanel
from ui.widgets.book_preview import BookPreview, cells
from ui.widgets.ledger_table import LedgerTable

REFUSAL = refuse(RefusalCode.HAND_LIMIT, limit="500.00")


# --- counting ---------------------------------------------------------------------------------------------------------


def minor(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_amounts_above_the_total_add_up(language: str) -> None:
    """A judged note and what was counted by hand are in their denominations; below the total they are of it."""
    texts = Texts(language)
    view = replace(count("agrees"), judged_minor=10000, hand_minor=3150)
    rows = table_rows(texts, view)
    at_total = next(n for n, row in enumerate(rows) if row[0].text == texts("page.total"))
    assert (
        sum(minor(row[-1].text) for row in rows[:at_total])
        == minor(rows[at_total][-1].text)
        == view.counted_minor
    )
    assert [row[-1].text for row in rows[at_total + 1 :]] == ["31.50", "100.00"]


@pytest.mark.parametrize("state", ["empty", "incomplete"])
def test_nothing_differs_before_anything_is_counted(state: str) -> None:
    """After a recount was asked for the slip's table stands and the count is blank."""
    blank = tuple(replace(one, counted_pieces=0) for one in CASH)
    rows = table_rows(Texts("en"), replace(count(state, blank), hand_minor=0))
    assert {cell.text for row in rows for cell in row[2:]} == {""}
    assert [row[1].text for row in rows] == ["180", "40", "25", "245"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_of_a_count_stay_where_they_are(themed: object, language: str) -> None:
    texts, places = Texts(language), set()
    table = LedgerTable(columns(texts))
    for name in (
        "count-short",
        "count-over",
        "count-mix",
        "count-agrees",
        "count-all-notes",
        "count-rejected",
    ):
        one = ALL[name].transaction
        assert one is not None
        table.set_rows(table_rows(texts, one.page))  # type: ignore[arg-type]
        places.add(tuple(table._edges(713)))
    assert len(places) == 1


# --- keys -------------------------------------------------------------------------------------------------------------


def test_after_an_unknown_code_enter_starts_nothing(view_window: Show) -> None:
    window = view_window("en")
    window.show(ALL["menu"])
    window.press(*"9999", "Enter", "Enter")
    assert window.commands == []
    assert window.page._unknown.text() == window.texts("menu.code_unknown", code="9999")  # type: ignore[attr-defined]
    window.show(ALL["menu"])
    window.press("Enter")
    assert window.commands == []
    window.press("Down", "Enter")
    assert window.commands == [c.StartTransaction("cash_deposit")]


def test_after_an_unknown_code_the_next_code_starts(view_window: Show) -> None:
    window = view_window("en")
    window.show(ALL["menu"])
    window.press(*"9999", "Enter", *"1010")
    assert window.commands == [c.StartTransaction("1010")]


def test_a_refused_amount_is_replaced_by_the_next_one(view_window: Show) -> None:
    window = view_window("zh_CN")
    window.show(ALL["slip-keying"])
    window.press(*"50", "Enter")
    window.bridge.refused.emit(REFUSAL)
    window.press(*"500")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "500"


def test_posting_offers_its_key_only_after_a_refusal(view_window: Show) -> None:
    window = view_window("zh_CN")
    page = window.show(ALL["post-ready"])
    assert window.commands == [c.Post()]
    assert page.offers() == ()
    window.bridge.refused.emit(REFUSAL)
    window.show(ALL["post-ready"])
    assert [one.key for one in page.offers()] == ["+"]
    window.press("+")
    assert window.commands == [c.Post(), c.Post()]
    assert page.offers() == ()


@pytest.mark.parametrize(
    "name", ["confirm-usual", "print-unknown", "print-unknown-nine", "print-unknown-page"]
)
def test_no_answer_is_put_into_a_persons_mouth(view_window: Show, name: str) -> None:
    """Where only a person knows, none of the answers is the highlighted one."""
    page = view_window("zh_CN").show(ALL[name])
    assert [one.words for one in page.offers() if one.style == "main"] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", [1, 3, 9])
def test_the_digits_that_answer_are_shown(view_window: Show, language: str, asked: int) -> None:
    window = view_window(language)
    page = window.show(at(printing("unknown", MANY, MANY[:asked]), "print"))
    told = page._digits.text()  # type: ignore[attr-defined]
    assert page._digits.isVisible()  # type: ignore[attr-defined]
    assert "0" in told
    assert str(asked) in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", ["counterfeit", "genuine"])
def test_the_second_judge_does_not_see_the_first_verdict(
    view_window: Show, language: str, given: str
) -> None:
    window = view_window(language)
    window.show(ALL["suspect-second" if given == "counterfeit" else "suspect-nobody"])
    said = [window.texts(f"suspect.said_{one}") for one in ("counterfeit", "genuine")]
    assert [text for _, text in everything(window.window) if any(one in text for one in said)] == []
    window.show(ALL["suspect-differing"])
    texts = " ".join(text for _, text in everything(window.window))
    assert all(one in texts for one in said)


# --- the page and the customer's screen -------------------------------------------------------------------------------


def test_a_text_takes_the_width_it_has_on_paper() -> None:
    """18/180 inch a narrow character, 27/180 a wide one."""
    *_, (char, left, wide) = cells("+1,250.00现")
    assert (char, round(left, 2), round(wide, 2)) == ("现", 22.86, 3.81)


@pytest.mark.parametrize("name", ["print-ready", "print-many", "print-needs_book"])
def test_the_lines_to_print_can_be_read(view_window: Show, name: str) -> None:
    """The whole width of the paper, letters of eleven pixels and more, nothing of it cut off by its card."""
    window = view_window("zh_CN")
    page = window.show(ALL[name])
    preview = page.findChild(BookPreview)
    assert preview is not None
    assert preview.character_pixels() >= 11
    assert preview.width() > 650
    card = preview.parentWidget()
    assert card is not None
    assert card.rect().contains(preview.geometry())
    assert preview.height() == preview.heightForWidth(preview.width())
    told = drawn(preview)
    one = ALL[name].transaction
    assert one is not None
    view = one.page
    assert dict(view.lines[0].columns)["amount"] in told  # type: ignore[attr-defined]
    assert window.texts("print.before", n=view.lines[0].line - 1) in told  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_end_the_customer_is_thanked(themed: object, language: str) -> None:
    screen, shown = CustomerScreen(Texts(language), training=True), ALL["hand-over-done"].customer
    screen.show()
    screen.show_customer(replace(shown, state="confirm"))
    settle()
    asked = set(everything(screen))
    assert not screen.message.isVisible()
    screen.show_customer(shown)
    settle()
    told = screen.message.text()
    above = screen.message.geometry().bottom() < screen.amount.geometry().top()
    screen.deleteLater()
    assert Texts(language)("customer.done") in told
    assert above
    assert format_amount(shown.amount_minor or 0) in screen.amount.text()
    assert all(told not in text for _, text in asked)


def test_a_trainee_can_look_at_the_page(themed: object, tmp_path: Path) -> None:
    """The simulated book's own ink stands beside the props, whose English words are whole."""
    counter = CounterWindow(tmp_path, "en")
    panel = HandsPanel(counter.texts, counter.training, counter.bridge)
    panel.show()
    settle()
    found = cut(panel)
    look = next(button for button, key in panel._buttons if key == "look")
    look.click()
    counter.until(panel.page.isVisible, "the page")
    picture = panel.page.pixmap()
    panel._thread.stop()
    panel.deleteLater()
    counter.close()
    assert found == []
    assert picture.width() == PAGE_PIXELS
    assert picture.height() == pytest.approx(PAGE_PIXELS * 180 / 150, abs=2)
