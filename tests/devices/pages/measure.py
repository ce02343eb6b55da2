"""Measures a page by its ink ledger, against the form's millimetres; uses neither the drivers' code nor that of the
layout. A strike is told to a field by where it lies; what is struck must be the field's text, and no more.

All lengths are in millimetres from the page's top left corner. Of dots the first and last that are inked count, of text
its cells.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from devices.forms import Column, PassbookForm
from tests.devices.pages.printing import GLYPHS, Printed, Printer, wanted_rows

MM_PER_UNIT = 25.4 / 180
ASCENT_MM, DESCENT_MM = 20 * MM_PER_UNIT, 4 * MM_PER_UNIT
WIDE_CELL = 27
NOTHING = 1e-6


@dataclass(frozen=True)
class Mark:
    """One character on the paper: itself (or its dots), its cell's edges, its ink's edges, its base line."""

    text: str
    dots: str
    left: float
    right: float
    ink_left: float
    ink_right: float
    top: float
    bottom: float
    base: float


@dataclass(frozen=True)
class Deviation:
    """How far off the worst field of a page is, across (at the edge it is aligned by) and down."""

    across: float
    down: float
    fields: int


def marks(strikes: tuple[dict[str, Any], ...]) -> list[Mark]:
    """Every character that was struck."""
    return [mark for strike in strikes for mark in _marks_of(strike)]


def _marks_of(strike: dict[str, Any]) -> Iterator[Mark]:
    base, x = strike["y"] * MM_PER_UNIT, strike["x"]
    if strike["text"]:
        cell = strike.get("cell", 18)
        for at, char in enumerate(strike["text"]):
            left, right = (x + at * cell) * MM_PER_UNIT, (x + (at + 1) * cell) * MM_PER_UNIT
            yield Mark(char, "", left, right, left, right, base - ASCENT_MM, base + DESCENT_MM, base)
        return
    columns = base64.b64decode(strike["columns"])
    assert len(columns) % (3 * WIDE_CELL) == 0, "an image is a whole number of characters"
    for at in range(0, len(columns), 3 * WIDE_CELL):
        yield _dots(columns[at : at + 3 * WIDE_CELL], x + at // 3, strike["y"])


def _dots(columns: bytes, x: float, y: float) -> Mark:
    """The extent of what is inked, dot by dot."""
    words = [int.from_bytes(columns[at : at + 3], "big") for at in range(0, len(columns), 3)]
    across = [at for at, word in enumerate(words) if word] or [0]
    down = [row for row in range(24) if any(word >> (23 - row) & 1 for word in words)] or [0]
    return Mark(
        "", base64.b64encode(columns).decode(), x * MM_PER_UNIT, (x + WIDE_CELL) * MM_PER_UNIT,
        (x + across[0]) * MM_PER_UNIT, (x + across[-1] + 1) * MM_PER_UNIT,
        (y - 20 + down[0]) * MM_PER_UNIT, (y - 20 + down[-1] + 1) * MM_PER_UNIT, y * MM_PER_UNIT,
    )  # fmt: skip


def measure(printed: Printed, printer: Printer) -> Deviation:
    """Assert what holds of every page; the deviations are for the caller to judge and print."""
    form, struck = printed.form, marks(printed.strikes)
    half_across, half_down = (float(step) * 25.4 / 2 + NOTHING for step in (printer.across, printer.down))
    assert printed.overprints == 0
    assert_inside(form, struck)
    across = down = 0.0
    fields, told = 0, 0
    for row in wanted_rows(form):
        base = form.base_line_mm(row.line)
        on_line = [mark for mark in struck if abs(mark.base - base) < form.pitch_mm / 2]
        for column in form.columns:
            text = row.fields.get(column.name, "")
            there = [mark for mark in on_line if _in_column(column, mark, half_across)]
            assert_reads(column, text, there)
            told += len(there)
            fields += bool(there)
            across = max([across, *(_off_edge(column, there))])
            down = max([down, *(abs(mark.base - base) for mark in there)])
    assert told == len(struck), f"{len(struck) - told} characters belong to no field"
    assert across <= half_across, f"{across:.4f} mm off, half a step is {half_across:.4f}"
    assert down <= half_down, f"{down:.4f} mm off, half a step is {half_down:.4f}"
    return Deviation(across, down, fields)


def _in_column(column: Column, mark: Mark, slack: float) -> bool:
    return column.x_mm - slack <= mark.left and mark.right <= column.x_mm + column.width_mm + slack


def _off_edge(column: Column, there: list[Mark]) -> list[float]:
    """The cell edge that the column is aligned by, and for a left one the first inked cell."""
    if not there:
        return []
    if column.align == "right":
        return [abs(max(mark.right for mark in there) - (column.x_mm + column.width_mm))]
    return [abs(min(mark.left for mark in there) - column.x_mm)]


def assert_reads(column: Column, text: str, there: list[Mark]) -> None:
    """The column says the text and nothing else but its fill, each character itself, in order, none on another."""
    there = sorted(there, key=lambda mark: mark.left)
    for one, following in itertools.pairwise(there):
        # Runs are rounded each to its own step, so neighbouring cells may share a step; their ink does not.
        assert one.ink_right - following.ink_left <= 0.25, (column.name, text)
    filled = len(there) - len(text)
    assert filled == 0 or (column.fill and filled > 0), (column.name, text, len(there))
    for mark, char in zip(there, column.fill * filled + text, strict=True):
        if mark.text:
            assert mark.text == char, (column.name, text)
        else:
            drawn = GLYPHS.columns(char)
            assert isinstance(drawn, bytes)
            assert mark.dots == base64.b64encode(drawn).decode(), (column.name, text)


def assert_inside(form: PassbookForm, struck: list[Mark]) -> None:
    """No ink off the page, none where the fold takes its gap."""
    gap = (
        (form.fold_mm - form.fold_gap_mm / 2, form.fold_mm + form.fold_gap_mm / 2)
        if form.fold_after
        else None
    )
    for mark in struck:
        assert 0 <= mark.ink_left < mark.ink_right <= form.page_width_mm, mark
        assert 0 <= mark.top < mark.bottom <= form.page_height_mm, mark
        assert gap is None or mark.bottom <= gap[0] or mark.top >= gap[1], f"ink in the fold: {mark}"
    for one in form.columns:
        right = one.x_mm + one.width_mm
        assert all(
            other is one or other.x_mm >= right - NOTHING or other.x_mm < one.x_mm for other in form.columns
        )
