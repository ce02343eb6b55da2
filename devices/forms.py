"""Passbook forms as data, and the pure layout of rows onto a page. No bytes, no ink, no device.

A form says page size, lines, pitch, fold and columns; ``lay_out`` places texts in 1/180 inch from the page's top left
corner (y is the base line). Source of the 24-line geometry: passbook-printers §7.1 and §7.7.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.contracts import PassbookRow
from devices.errors import DeviceError, DeviceErrorCode

TRAINING_MARK = "培训无效"
UNITS_PER_MM = 180 / 25.4
CELL_UNITS = 18
"""One character cell at 10 characters an inch."""
WIDE_UNITS = 27
"""One 24-dot Chinese character with its space, in 1/180 inch."""


@dataclass(frozen=True)
class Column:
    """A column: left edge in mm, width in character cells, "left" or "right", and what fills it."""

    name: str
    x_mm: float
    cells: int
    align: str
    fill: str


@dataclass(frozen=True)
class PassbookForm:
    """A book's page. ``fold_after`` lines stand above the fold, which takes ``fold_gap_mm`` of paper."""

    form: str
    pages: int
    page_width_mm: float
    page_height_mm: float
    lines: int
    first_base_line_mm: float
    pitch_mm: float
    fold_after: int
    fold_gap_mm: float
    columns: tuple[Column, ...]

    @property
    def fold_mm(self) -> float:
        """Where the fold lies, from the top."""
        return self.base_line_mm(self.fold_after) + self.fold_gap_mm / 2 + self.pitch_mm / 4

    def base_line_mm(self, line: int) -> float:
        """Base line of a line (1…lines) from the top edge."""
        gap = self.fold_gap_mm if line > self.fold_after else 0.0
        return self.first_base_line_mm + (line - 1) * self.pitch_mm + gap


@dataclass(frozen=True)
class PlacedText:
    """A text at x (left) and y (base line), both in 1/180 inch. ``column`` names where it came from."""

    x: int
    y: int
    text: str
    column: str


def text_units(text: str) -> int:
    """Width of a text in 1/180 inch: ASCII in cells, anything else as wide characters."""
    return sum(CELL_UNITS if " " <= char <= "~" else WIDE_UNITS for char in text)


def marked(rows: tuple[PassbookRow, ...]) -> tuple[PassbookRow, ...]:
    """The rows with the training mark in the form's "mark" column (DESIGN §5 Training)."""
    return tuple(PassbookRow(row.line, {**row.fields, "mark": TRAINING_MARK}) for row in rows)


def load_form(text: str) -> PassbookForm:
    """Read a form; KeyError or ValueError names what is missing (forms ship with the program)."""
    data: Mapping[str, Any] = tomllib.loads(text)
    columns = tuple(
        Column(str(c["name"]), float(c["x_mm"]), int(c["cells"]), str(c["align"]), str(c.get("fill", "")))
        for c in data["column"]
    )
    return PassbookForm(
        str(data["form"]), int(data["pages"]), float(data["page_width_mm"]), float(data["page_height_mm"]),
        int(data["lines"]), float(data["first_base_line_mm"]), float(data["pitch_mm"]),
        int(data["fold_after"]), float(data["fold_gap_mm"]), columns,
    )  # fmt: skip


def lay_out(form: PassbookForm, rows: tuple[PassbookRow, ...]) -> tuple[PlacedText, ...] | DeviceError:
    """Place rows; a line off the page, an unknown column or a text too wide is refused before anything prints."""
    placed: list[PlacedText] = []
    columns = {column.name: column for column in form.columns}
    for row in rows:
        if not 1 <= row.line <= form.lines:
            return _overflow("line", str(row.line))
        for name, text in row.fields.items():
            column = columns.get(name)
            if column is None:
                return _overflow("column", name)
            one = _place(form, column, row.line, text)
            if one is None:
                return _overflow("width", name)
            placed.append(one)
    return tuple(placed)


def _overflow(what: str, which: str) -> DeviceError:
    return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, ((what, which),))


def _place(form: PassbookForm, column: Column, line: int, text: str) -> PlacedText | None:
    room = column.cells * CELL_UNITS
    if column.fill and text:
        text = column.fill * ((room - text_units(text)) // CELL_UNITS) + text
    width = text_units(text)
    if width > room:
        return None
    x = round(column.x_mm * UNITS_PER_MM)
    if column.align == "right":
        x += room - width
    return PlacedText(x, round(form.base_line_mm(line) * UNITS_PER_MM), text, column.name)
