"""Laying rows onto a page: where texts stand, what is filled, and what is refused before anything prints."""

from __future__ import annotations

import itertools

import pytest

from devices.contracts import PassbookRow
from devices.errors import DeviceError, DeviceErrorCode
from devices.forms import CELL_UNITS, UNITS_PER_MM, PlacedText, lay_out, load_form, marked, text_units
from tests.devices.rig import FORM, RESOURCES, row

COLUMNS = {column.name: column for column in FORM.columns}


def placed(one: PassbookRow) -> dict[str, PlacedText]:
    found = lay_out(FORM, (one,))
    assert not isinstance(found, DeviceError)
    return {text.column: text for text in found}


def test_left_texts_begin_and_right_texts_end_at_their_column() -> None:
    texts = placed(row(3))
    assert texts["date"].x == round(COLUMNS["date"].x_mm * UNITS_PER_MM)
    amount = COLUMNS["amount"]
    end = round(amount.x_mm * UNITS_PER_MM) + amount.cells * CELL_UNITS
    assert texts["amount"].x + text_units(texts["amount"].text) == end


def test_the_balance_is_filled_so_that_no_digit_can_be_put_before_it() -> None:
    balance = placed(row(3))["balance"]
    assert balance.text == "*****31,482.15"
    assert balance.x == round(COLUMNS["balance"].x_mm * UNITS_PER_MM)


def test_lines_stand_a_pitch_apart_and_the_fold_takes_its_gap() -> None:
    lines = [FORM.base_line_mm(line) for line in range(1, FORM.lines + 1)]
    steps = [later - earlier for earlier, later in itertools.pairwise(lines)]
    gaps = {line: round(step - FORM.pitch_mm, 6) for line, step in enumerate(steps, 1)}
    assert {line: gap for line, gap in gaps.items() if gap} == {FORM.fold_after: FORM.fold_gap_mm}
    assert lines[FORM.fold_after - 1] < FORM.fold_mm < lines[FORM.fold_after]
    assert lines[-1] < FORM.page_height_mm


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (row(0), ("line", "0")),
        (row(25), ("line", "25")),
        (row(1, colour="red"), ("column", "colour")),
        (row(1, amount="+99,999,999,999.99"), ("width", "amount")),
        (row(1, balance="9,999,999,999,999.99"), ("width", "balance")),
    ],
)
def test_what_does_not_fit_is_refused_and_named(bad: PassbookRow, what: tuple[str, str]) -> None:
    assert lay_out(FORM, (row(2), bad)) == DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (what,))


def test_no_column_reaches_into_the_next_or_off_the_page() -> None:
    edges = [(round(c.x_mm * UNITS_PER_MM), c.cells * CELL_UNITS) for c in FORM.columns]
    for (x, width), (following, _) in itertools.pairwise(edges):
        assert x + width <= following
    assert edges[-1][0] + edges[-1][1] <= FORM.page_width_mm * UNITS_PER_MM


def test_the_training_mark_has_a_column_of_its_own() -> None:
    (one,) = marked((row(3),))
    assert placed(one)["mark"].text == "培训无效"
    assert {**one.fields, "mark": ""} == {**row(3).fields, "mark": ""}


@pytest.mark.parametrize("missing", ["pages", "pitch_mm", "fold_after"])
def test_a_form_that_lacks_something_names_it(missing: str) -> None:
    text = (RESOURCES / "forms" / "passbook_24.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(missing)]
    with pytest.raises(KeyError, match=missing):
        load_form("\n".join(lines))
