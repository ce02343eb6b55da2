"""A full page from each passbook printer on each book, and a slip's line: every field right to half the printer's own
step, by the ink on the paper. `python -m tests.devices.pages --out DIR` draws the same pages."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from tests.devices.pages.measure import marks, measure
from tests.devices.pages.printing import BOOKS, PRINTERS, SLIPS, forms, print_page, wanted_rows

EVERY_PRINTER = pytest.mark.parametrize("printer", PRINTERS)


@EVERY_PRINTER
@pytest.mark.parametrize("form", [*BOOKS, *SLIPS])
def test_every_field_stands_where_the_form_says_to_half_a_step(
    tmp_path: Path, printer: str, form: str
) -> None:
    printed = print_page(printer, forms()[form], tmp_path)
    found = measure(printed, PRINTERS[printer])
    assert found.fields == sum(len(row.fields) for row in wanted_rows(printed.form))


@EVERY_PRINTER
@pytest.mark.parametrize("first_mm", [15.0, 15.05, 15.11])
def test_millimetres_that_are_no_steps_are_rounded_once(
    tmp_path: Path, printer: str, first_mm: float
) -> None:
    """A form as a ruler finds it: no place of it is a whole step of any printer."""
    found = forms()["passbook_24"]
    columns = tuple(
        dataclasses.replace(column, x_mm=column.x_mm + 0.03 * at) for at, column in enumerate(found.columns)
    )
    odd = dataclasses.replace(found, first_base_line_mm=first_mm, pitch_mm=6.31, columns=columns)
    measure(print_page(printer, odd, tmp_path), PRINTERS[printer])


def test_the_page_tried_has_what_makes_pages_hard() -> None:
    """Both signs, the longest amount in both columns, Chinese and its mixture with ASCII."""
    for name in BOOKS:
        texts = [row.fields for row in wanted_rows(forms()[name])]
        assert {text["amount"][0] for text in texts} == {"+", "-"}
        assert any(text["amount"].endswith("999,999,999,999.99") for text in texts)
        assert any(text["balance"] == "999,999,999,999.99" for text in texts)
        assert any(text["summary"] == "共99笔" for text in texts)
        assert len(texts) == forms()[name].lines


@EVERY_PRINTER
@pytest.mark.parametrize("form", BOOKS)
def test_the_picture_shows_the_ink_where_the_ledger_has_it(tmp_path: Path, printer: str, form: str) -> None:
    printed = print_page(printer, forms()[form], tmp_path)
    printed.picture(tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as image:
        grey = image.convert("L")
    per_mm = grey.width / printed.form.page_width_mm
    dark = grey.point(lambda value: 255 if value < 120 else 0)
    box = dark.getbbox()
    assert box is not None
    struck = marks(printed.strikes)
    ink = [min(m.ink_left for m in struck), min(m.top for m in struck)]
    ink += [max(m.ink_right for m in struck), max(m.bottom for m in struck)]
    for seen, measured in zip(box, ink, strict=True):
        assert abs(seen / per_mm - measured) < 1.5, "within a character's own white"
    edge = list(grey.crop((4, 0, 5, grey.height)).tobytes())
    assert (min(edge) < 205) is bool(printed.form.fold_after), "the fold is drawn across, where there is one"
    if printed.form.fold_after:
        assert abs(edge.index(min(edge)) / per_mm - printed.form.fold_mm) < 0.5
    for line in range(1, printed.form.lines + 1):
        base = printed.form.base_line_mm(line) * per_mm
        band = dark.crop((0, round(base - 2.2 * per_mm), grey.width, round(base)))
        assert band.getbbox() is not None, f"nothing to read on line {line}"
