"""Book forms: every shipped one can be printed, a form that could not is refused by name, and laying rows onto a page
says where texts stand, what is filled, and what is refused before anything prints."""

from __future__ import annotations

import itertools
import math
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.contracts import PassbookRow
from devices.errors import DeviceError, DeviceErrorCode
from devices.forms import (
    CELL_UNITS,
    UNITS_PER_MM,
    FormFlaw,
    PassbookForm,
    PlacedText,
    lay_out,
    load_form,
    marked,
    read_form,
    text_units,
)
from tests.devices.rig import FORM, RESOURCES, row

COLUMNS = {column.name: column for column in FORM.columns}
ALL = {path.stem: path.read_text(encoding="utf-8") for path in sorted((RESOURCES / "forms").glob("*.toml"))}
TEXTS = {name: text for name, text in ALL.items() if 'document = "slip"' not in text}
GOOD = TEXTS["passbook_24"]

LINES_AND_FOLD = {
    "passbook_20": (20, 0),
    "passbook_24": (24, 12),
    "passbook_30": (30, 0),
    "passbook_38": (38, 18),
}
"""Lines a page and lines above the fold, as passbook-printers §7.1, §7.3, §7.4 and §7.5 give them."""
PITCH_MM = {
    "passbook_20": 25.4 / 5,
    "passbook_24": 25.4 / 4,
    "passbook_30": 25.4 / 6,
    "passbook_38": 25.4 / 6,
}


def form_of(name: str) -> PassbookForm:
    form = read_form(TEXTS[name], f"{name}.toml")
    assert isinstance(form, PassbookForm), form
    return form


def placed(one: PassbookRow, form: PassbookForm = FORM) -> dict[str, PlacedText]:
    found = lay_out(form, (one,))
    assert not isinstance(found, DeviceError), found
    return {text.column: text for text in found}


# --- the shipped forms -------------------------------------------------------------------------------------


def test_the_shipped_forms_are_those_of_the_field() -> None:
    forms = {name: form_of(name) for name in TEXTS}
    assert {name: (form.lines, form.fold_after) for name, form in forms.items()} == LINES_AND_FOLD
    assert {form.form for form in forms.values()} == set(forms)


@pytest.mark.parametrize("name", TEXTS)
def test_lines_stand_a_pitch_apart_and_only_the_fold_takes_its_gap(name: str) -> None:
    form = form_of(name)
    assert math.isclose(form.pitch_mm, PITCH_MM[name], abs_tol=0.001)
    lines = [form.base_line_mm(line) for line in range(1, form.lines + 1)]
    steps = [later - earlier for earlier, later in itertools.pairwise(lines)]
    gaps = {line: round(step - form.pitch_mm, 6) for line, step in enumerate(steps, 1)}
    fold = {form.fold_after: form.fold_gap_mm} if form.fold_after else {}
    assert {line: gap for line, gap in gaps.items() if gap} == fold
    assert lines[-1] < form.page_height_mm


@pytest.mark.parametrize("name", ["passbook_24", "passbook_38"])
def test_the_fold_lies_between_its_lines(name: str) -> None:
    form = form_of(name)
    assert form.base_line_mm(form.fold_after) < form.fold_mm < form.base_line_mm(form.fold_after + 1)


def test_a_book_without_a_fold_between_its_lines_has_none() -> None:
    assert form_of("passbook_30").fold_mm == 0.0


def test_the_gap_of_the_38_line_book_is_three_lines() -> None:
    form = form_of("passbook_38")
    assert math.isclose(form.fold_gap_mm, 3 * form.pitch_mm, abs_tol=0.001)


@pytest.mark.parametrize("name", TEXTS)
def test_every_row_of_the_desk_fits_every_form_and_lands_inside_its_own_columns(name: str) -> None:
    form = form_of(name)
    for line in range(1, form.lines + 1):
        (one,) = marked((row(line, "共99笔", "+9,999,999.99", balance="99,999,999.99"),))
        for column in form.columns:
            text = placed(one, form)[column.name]
            assert column.x_units <= text.x + 1e-3
            assert text.x + text_units(text.text, text.cell) <= column.x_units + column.width_units + 1e-3
            assert 0 < text.y < form.page_height_mm * UNITS_PER_MM


def test_a_form_that_wants_the_lines_number_gets_it() -> None:
    form = form_of("passbook_38")
    assert placed(row(7), form)["line"].text == "07"
    assert "line" not in placed(row(7))


def test_a_slips_form_is_told_from_a_books() -> None:
    slip = read_form(ALL["slip_validation"], "slip_validation.toml")
    assert isinstance(slip, PassbookForm)
    assert (slip.document, slip.pages) == ("slip", 1)
    assert {form_of(name).document for name in TEXTS} == {"passbook"}
    two_pages = read_form(ALL["slip_validation"].replace("pages = 1", "pages = 2"), "ours.toml")
    assert str(two_pages) == "ours.toml: a slip has one page"


@pytest.mark.parametrize("name", ALL)
def test_a_column_that_ends_in_digits_keeps_its_distance_from_the_next(name: str) -> None:
    """Two figures side by side must not read as one: nearly a character between them."""
    form = read_form(ALL[name], name)
    assert isinstance(form, PassbookForm)
    for one, following in itertools.pairwise(sorted(form.columns, key=lambda column: column.x_mm)):
        least = 1.9 if one.align == "right" else 0.7
        assert following.x_mm - one.x_mm - one.width_mm >= least, (one.name, following.name)


# --- one form cannot be printed, and says why ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("pages = 8", ""), "'pages' must be a whole number from 1"),
        (("pages = 8", "pages = true"), "'pages' must be a whole number from 1"),
        (("pages = 8", "pages = 0"), "'pages' must be a whole number from 1"),
        (("pitch_mm = 6.35", ""), "'pitch_mm' must be millimetres from 0.1"),
        (("pitch_mm = 6.35", "pitch_mm = nan"), "'pitch_mm' must be millimetres from 0.1"),
        (("pitch_mm = 6.35", "pitch_mm = inf"), "'pitch_mm' must be millimetres from 0.1"),
        (("pitch_mm = 6.35", "pitch_mm = 7.35"), "line 24 lies below the page"),
        (("fold_after = 12", ""), "'fold_after' must be a whole number from 0"),
        (("fold_after = 12", "fold_after = 24"), "'fold_after' must leave lines below the fold"),
        (("fold_after = 12", "fold_after = 0"), "'fold_gap_mm' without a fold must be 0"),
        (("lines = 24", "lines = 100"), "'lines' is at most 99"),
        (('form = "passbook_24"', 'form = ""'), "'form' must be a text"),
        (('name = "summary"', 'name = "date"'), "a column stands twice"),
        (("x_mm = 25.7", "x_mm = 20.0"), "column 'date' reaches into 'summary'"),
        (("x_mm = 132.0", "x_mm = 135.0"), "column 'mark' reaches off the page"),
        (('align = "right"', 'align = "centre"'), "column 'amount': 'align' is left or right"),
        (('fill = "*"', 'fill = "零"'), "column 'balance': 'fill' is one printable character"),
        (('fill = "*"', 'fill = "**"'), "column 'balance': 'fill' is one printable character"),
        (("cells = 8", ""), "column 'date': its width is either 'width_mm' or 'cells'"),
        (("cells = 8", "cells = 8\nwidth_mm = 20"), "column 'date': its width is either"),
        (("cells = 8", "colour = 8"), "unknown key 'colour' in a column"),
        (("pages = 8", "page = 8"), "unknown key 'page' in the form"),
        (("pages = 8", "pages = "), "Invalid value"),
        (("pages = 8", 'pages = 8\ndocument = "card"'), "'document' is passbook or slip"),
    ],
)
def test_a_form_that_cannot_be_printed_names_its_flaw(change: tuple[str, str], reason: str) -> None:
    assert change[0] in GOOD
    flaw = read_form(GOOD.replace(change[0], change[1], 1), "ours.toml")
    assert isinstance(flaw, FormFlaw)
    assert str(flaw).startswith(f"ours.toml: {reason}")


def test_a_form_without_columns_is_none() -> None:
    assert read_form(GOOD.split("[[column]]")[0], "x").__class__ is FormFlaw


@pytest.mark.parametrize("missing", ["pages", "pitch_mm", "fold_after"])
def test_a_shipped_form_that_lacks_something_stops_the_start(missing: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(missing)]
    with pytest.raises(ValueError, match=missing):
        load_form("\n".join(lines))


def test_a_width_in_millimetres_is_a_width_in_cells() -> None:
    in_mm = load_form(GOOD.replace("cells = 14", "width_mm = 35.56"))
    assert [c.width_units for c in in_mm.columns] == [c.width_units for c in FORM.columns]
    asked = [c["cells"] for c in tomllib.loads(GOOD)["column"]]
    assert [c.cells for c in FORM.columns] == asked
    wide = zip((c.width_units for c in FORM.columns), asked, strict=True)
    assert all(math.isclose(width, cells * CELL_UNITS) for width, cells in wide)


# --- laying out ----------------------------------------------------------------------------------------------


def test_left_texts_begin_and_right_texts_end_at_their_column() -> None:
    texts = placed(row(3))
    assert math.isclose(texts["date"].x, COLUMNS["date"].x_mm * UNITS_PER_MM)
    amount = COLUMNS["amount"]
    end = (amount.x_mm + amount.width_mm) * UNITS_PER_MM
    assert math.isclose(texts["amount"].x + text_units(texts["amount"].text), end)


def test_the_balance_is_filled_so_that_no_digit_can_be_put_before_it() -> None:
    balance = placed(row(3))["balance"]
    assert balance.text == "*****31,482.15"
    assert math.isclose(balance.x, COLUMNS["balance"].x_mm * UNITS_PER_MM)


@pytest.mark.parametrize(
    ("amount", "balance", "cells", "filled"),
    [
        ("+99,999,999.99", "9,999,999.99", (18, 18), "**9,999,999.99"),
        ("+999,999,999.99", "999,999,999.99", (15, 15), "**999,999,999.99"),
        ("+999,999,999,999.99", "999,999,999,999.99", (12, 12), "***999,999,999,999.99"),
        ("+1.00", "9999,999,999,999,999.99"[2:], (18, 12), "99,999,999,999,999.99"),
    ],
)
def test_what_is_too_wide_is_set_narrower_and_keeps_its_right_edge_and_its_guard(
    amount: str, balance: str, cells: tuple[int, int], filled: str
) -> None:
    """A filled column is set narrower before it goes without a fill character in front."""
    texts = placed(row(3, amount=amount, balance=balance))
    assert (texts["amount"].cell, texts["balance"].cell) == cells
    assert texts["balance"].text == filled
    for name in ("amount", "balance"):
        one, column = texts[name], COLUMNS[name]
        end = (column.x_mm + column.width_mm) * UNITS_PER_MM
        assert math.isclose(one.x + text_units(one.text, one.cell), end)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (row(0), ("line", "0")),
        (row(25), ("line", "25")),
        (row(1, colour="red"), ("column", "colour")),
        (row(1, amount="+99,999,999,999,999.99"), ("width", "amount")),
        (row(1, balance="999,999,999,999,999.99"), ("width", "balance")),
        (row(1, "现金现金存"), ("width", "summary")),
    ],
)
def test_what_does_not_fit_is_refused_and_named(bad: PassbookRow, what: tuple[str, str]) -> None:
    assert lay_out(FORM, (row(2), bad)) == DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (what,))


@given(
    line=st.integers(-3, 42),
    texts=st.dictionaries(st.sampled_from([*COLUMNS, "colour"]), st.text("AZ09,.+存款", max_size=16)),
    name=st.sampled_from(sorted(TEXTS)),
)
def test_ink_lies_in_its_column_on_its_line_or_nowhere(line: int, texts: dict[str, str], name: str) -> None:
    form = form_of(name)
    found = lay_out(form, (PassbookRow(line, texts),))
    if isinstance(found, DeviceError):
        return
    columns = {column.name: column for column in form.columns}
    for one in found:
        column = columns[one.column]
        assert math.isclose(one.y, form.base_line_mm(line) * UNITS_PER_MM)
        assert column.x_units <= one.x + 1e-3
        assert one.x + text_units(one.text, one.cell) <= column.x_units + column.width_units + 1e-3
        assert one.text.endswith(texts.get(one.column, ""))


def test_the_training_mark_has_a_column_of_its_own() -> None:
    (one,) = marked((row(3),))
    assert placed(one)["mark"].text == "培训无效"
    assert {**one.fields, "mark": ""} == {**row(3).fields, "mark": ""}
