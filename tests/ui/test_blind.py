"""Blind means blind: until the second person's own values agree, nothing but the voucher's picture shows amount,
account or name; and the customer's screen never holds the whole number or name.

Every text of every widget is read, hidden ones included, and every word that is painted.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible

from desk.domain.capitals import capitals
from desk.domain.masking import group_number
from desk.domain.money import format_amount, plain_amount
from tests.ui.conftest import Show
from tests.ui.counter_window import Played
from tests.ui.samples import ALL, AMOUNT, CASH, SUPERVISOR, USUAL, at, review
from tests.ui.strings import SPOKEN, drawn, everything, held
from ui.pages.review import ReviewPage
from ui.texts import LANGUAGES
from ui.widgets.voucher_paper import VoucherPaper

PAPER = VoucherPaper.__name__


def secrets(name: str, number: str, amount: int) -> dict[str, str]:
    """What nobody may see yet, in every way it is written."""
    plain = plain_amount(amount)
    return {
        "amount": format_amount(amount), "plain amount": plain, "keyed amount": plain.removesuffix(".00"),
        "capitals": capitals(amount).removeprefix("人民币"), "number": number, "grouped number": group_number(number),
        "last four": number[-4:], "name": name, "given name": name.split("·", maxsplit=1)[0],
    }  # fmt: skip


def told(
    texts: tuple[tuple[str, str], ...] | list[tuple[str, str]], wanted: dict[str, str]
) -> dict[str, set[str]]:
    """Which of the wanted values stand in which widgets."""
    found: dict[str, set[str]] = {}
    for widget, text in texts:
        for what, value in wanted.items():
            if value in text:
                found.setdefault(what, set()).add(widget)
    return found


def secrets_of(played: Played) -> dict[str, str]:
    customer = played.customer
    return secrets(customer.account.name, customer.account.number, customer.amount_minor)


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_blind_only_the_voucher_shows_amount_account_and_name(
    played: Callable[[str], Played], language: str
) -> None:
    one = played(language)
    blind = [seen for seen in one.seen if seen.snapshot.transaction and seen.snapshot.transaction.blind]
    assert {"second-count-seat", "second-count-counting", "review-rekey"} <= {seen.name for seen in blind}
    for seen in blind:
        found = told(seen.texts, secrets_of(one))
        assert {what: widgets for what, widgets in found.items() if widgets - {PAPER}} == {}, seen.name
        assert told(seen.screen_texts, secrets_of(one)) == {}, seen.name
    paper = told(one.page("review-rekey").texts, secrets_of(one))
    assert paper["amount"] == paper["name"] == paper["grouped number"] == {PAPER}


@pytest.mark.parametrize("language", LANGUAGES)
def test_once_agreed_the_evidence_stands_beside_the_voucher(
    played: Callable[[str], Played], language: str
) -> None:
    one = played(language)
    found = told(one.page("review-compare").texts, secrets_of(one))
    for what in ("amount", "grouped number", "name", "capitals"):
        assert found[what] - {PAPER}, what


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customers_screen_never_holds_the_whole_name_or_number(
    played: Callable[[str], Played], language: str
) -> None:
    one = played(language)
    wanted = {
        what: value for what, value in secrets_of(one).items() if what in ("name", "number", "grouped number")
    }
    assert {
        seen.name: told(seen.screen_texts, wanted) for seen in one.seen if told(seen.screen_texts, wanted)
    } == {}
    shown = told(one.page("confirm").screen_texts, secrets_of(one))
    assert {"amount", "capitals", "last four"} <= set(shown)


@pytest.mark.parametrize(
    "name", ["seat", "second-counting", "second-differs", "second-agrees", "review-differs"]
)
@pytest.mark.parametrize(
    "before", ["count-agrees", "slip-pass", "review-sign", "print-ready", "ended-archived"]
)
def test_no_page_that_was_shown_before_keeps_a_secret_behind_a_blind_one(
    view_window: Show, before: str, name: str
) -> None:
    """Pages are made once and kept: what the last one said must be gone from it."""
    window = view_window("zh_CN")
    window.show(ALL[before])
    window.show(ALL[name])
    wanted = secrets(USUAL.name, USUAL.number, AMOUNT)
    found = told(everything(window.window), wanted)
    assert {what: widgets for what, widgets in found.items() if widgets - {PAPER}} == {}


def test_the_paper_has_nothing_a_screen_reader_could_say(view_window: Show) -> None:
    window = view_window("zh_CN")
    page = window.show(ALL["review-rekey"])
    paper = page.findChild(VoucherPaper)
    assert paper is not None
    assert format_amount(AMOUNT) in drawn(paper)
    assert list(held(paper)) == []


def test_what_one_reviewer_keyed_is_not_there_for_the_next(view_window: Show) -> None:
    """Neither on the page nor behind it: the field forgets what it held, Ctrl+Z included."""
    window = view_window("zh_CN")
    page = window.show(ALL["review-rekey"])
    assert isinstance(page, ReviewPage)
    window.press(*"20250")
    assert page._amount.text() == "20,250"
    other = at(review("rekey"), "review", blind=True, seat=SUPERVISOR)
    window.show(ALL["seat"])
    window.show(other)
    page._amount.undo()
    assert page._amount.text() == ""


def test_a_password_leaves_no_trace_in_its_field(view_window: Show) -> None:
    window = view_window("zh_CN")
    page = window.show(ALL["review-sign"])
    window.press("+", *"secret")
    overlay = page.overlay
    assert overlay is not None
    field = overlay.field  # type: ignore[attr-defined]
    assert field.text() == "secret"
    assert [text for text in (field.displayText(), drawn(field)) if "secret" in text] == []
    spoken = QAccessible.queryAccessibleInterface(field)
    assert "secret" not in [spoken.text(kind) for kind in SPOKEN]
    assert field.taken() == "secret"
    field.undo()
    assert field.text() == ""


def test_counted_pieces_are_no_secret_but_amounts_of_a_second_count_are(view_window: Show) -> None:
    """The blind count tells how many notes went through, never what they are worth."""
    window = view_window("en")
    window.show(ALL["second-counting"])
    texts = [text for _, text in everything(window.window)]
    assert any("137" in text for text in texts)
    assert not any("13,700.00" in text for text in texts)
    assert CASH[0].slip_pieces == 180
    assert not any("180" in text for text in texts)
