"""Passbook and slip forms as data, and the pure layout of rows onto a page. No bytes, no ink, no device.

A form says page size, lines, pitch, fold and columns, all in millimetres as a ruler finds them; ``lay_out`` places
texts in 1/180 inch from the page's top left corner (y is the base line), the same for the preview and for the ink.
Places are not rounded here: each printer rounds once, to its own step. What a form needs: passbook-printers §7.7.
Geometries of 20, 24, 30 and 38 lines, and a slip's validation line: ``resources/forms``.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.contracts import PassbookJob, PassbookRow, SlipJob
from devices.errors import DeviceError, DeviceErrorCode

TRAINING_MARK = "培训无效"
LINE_NUMBER = "line"
"""A column of this name is filled by the layout itself with the line's number (optional, §7.3 and §7.7)."""
UNITS_PER_MM = 180 / 25.4
CELL_UNITS = 18
"""One character cell at 10 characters an inch."""
NARROW_CELLS = (15, 12)
"""Cells at 12 and 15 characters an inch: a text too wide for its column at 10 is set in the first that fits."""
CELL_MM = 2.54
WIDE_UNITS = 27
"""One 24-dot Chinese character with its space, in 1/180 inch."""
MAX_LINES = 99
PASSBOOK, SLIP = "passbook", "slip"
_EXACT = 1e-6
"""Millimetres are no whole units: less than this is no difference."""

_TOP = {
    "form", "pages", "page_width_mm", "page_height_mm", "lines", "first_base_line_mm", "pitch_mm", "fold_after",
    "fold_gap_mm", "column", "document",
}  # fmt: skip
_COLUMN = {"name", "x_mm", "width_mm", "cells", "align", "fill"}
_ALIGNS = ("left", "right")


@dataclass(frozen=True)
class Column:
    """A column: left edge and width in mm, "left" or "right", and the ASCII character that fills it ("" for none)."""

    name: str
    x_mm: float
    width_mm: float
    align: str
    fill: str

    @property
    def x_units(self) -> float:
        """Its left edge in 1/180 inch."""
        return self.x_mm * UNITS_PER_MM

    @property
    def width_units(self) -> float:
        """Its width in 1/180 inch."""
        return self.width_mm * UNITS_PER_MM

    @property
    def cells(self) -> int:
        """How many ASCII characters it holds at 10 an inch."""
        return int((self.width_units + _EXACT) / CELL_UNITS)


@dataclass(frozen=True)
class PassbookForm:
    """A book's page, or a slip (``document``). ``fold_after`` lines stand above the fold, which takes ``fold_gap_mm``
    of paper; 0 means that no line has to keep clear of a fold."""

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
    document: str = PASSBOOK

    @property
    def fold_mm(self) -> float:
        """Where the fold lies, from the top; 0 when there is none."""
        if not self.fold_after:
            return 0.0
        return self.base_line_mm(self.fold_after) + self.fold_gap_mm / 2 + self.pitch_mm / 4

    def base_line_mm(self, line: int) -> float:
        """Base line of a line (1…lines) from the top edge."""
        gap = self.fold_gap_mm if self.fold_after and line > self.fold_after else 0.0
        return self.first_base_line_mm + (line - 1) * self.pitch_mm + gap


@dataclass(frozen=True)
class FormFlaw:
    """What is wrong with a form, and where."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


@dataclass(frozen=True)
class PlacedText:
    """A text at x (left) and y (base line), both in 1/180 inch. ``column`` names where it came from, and each of its
    ASCII characters takes ``cell``."""

    x: float
    y: float
    text: str
    column: str
    cell: int = CELL_UNITS


class _Invalid(Exception):
    """Carries the first flaw out of the reading; never leaves this module."""


# --- reading a form ----------------------------------------------------------------------------------------


def read_form(text: str, file: str) -> PassbookForm | FormFlaw:
    """Read one form; ``file`` only names it in a flaw. What could not be printed is a flaw here, not on paper."""
    try:
        form = _read(tomllib.loads(text))
        _check_page(form)
        _check_columns(form)
    except (tomllib.TOMLDecodeError, _Invalid) as error:
        return FormFlaw(file, str(error))
    return form


def load_form(text: str) -> PassbookForm:
    """Read a form that ships with the program; ValueError says what is wrong with it."""
    form = read_form(text, "form")
    if isinstance(form, FormFlaw):
        raise ValueError(str(form))
    return form


def _read(data: Mapping[str, Any]) -> PassbookForm:
    _known(data, _TOP, "the form")
    rows = data.get("column")
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        raise _Invalid("at least one [[column]] is needed")
    return PassbookForm(
        _text(data, "form"), _whole(data, "pages"), _mm(data, "page_width_mm"), _mm(data, "page_height_mm"),
        _whole(data, "lines"), _mm(data, "first_base_line_mm"), _mm(data, "pitch_mm"),
        _whole(data, "fold_after", least=0), _mm(data, "fold_gap_mm", least=0.0),
        tuple(_column(row) for row in rows), _document(data),
    )  # fmt: skip


def _document(data: Mapping[str, Any]) -> str:
    document = data.get("document", PASSBOOK)
    if document not in (PASSBOOK, SLIP):
        raise _Invalid("'document' is passbook or slip")
    return str(document)


def _column(row: Mapping[str, Any]) -> Column:
    _known(row, _COLUMN, "a column")
    name, align, fill = _text(row, "name"), _text(row, "align"), row.get("fill", "")
    if align not in _ALIGNS:
        raise _Invalid(f"column {name!r}: 'align' is left or right")
    if not isinstance(fill, str) or not (fill == "" or (len(fill) == 1 and " " < fill <= "~")):
        raise _Invalid(f"column {name!r}: 'fill' is one printable character")
    if ("cells" in row) == ("width_mm" in row):
        raise _Invalid(f"column {name!r}: its width is either 'width_mm' or 'cells'")
    width = _whole(row, "cells") * CELL_MM if "cells" in row else _mm(row, "width_mm")
    return Column(name, _mm(row, "x_mm", least=0.0), width, align, fill)


def _known(table: Mapping[str, Any], names: set[str], where: str) -> None:
    for name in table:
        if name not in names:
            raise _Invalid(f"unknown key {name!r} in {where}")


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Invalid(f"{name!r} must be a text")
    return value


def _whole(table: Mapping[str, Any], name: str, least: int = 1) -> int:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 1000:
        raise _Invalid(f"{name!r} must be a whole number from {least}")
    return value


def _mm(table: Mapping[str, Any], name: str, least: float = 0.1) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 1000:
        raise _Invalid(f"{name!r} must be millimetres from {least:g}")
    return float(value)


def _check_page(form: PassbookForm) -> None:
    if form.lines > MAX_LINES:
        raise _Invalid(f"'lines' is at most {MAX_LINES}")
    if form.fold_after >= form.lines:
        raise _Invalid("'fold_after' must leave lines below the fold")
    if not form.fold_after and form.fold_gap_mm:
        raise _Invalid("'fold_gap_mm' without a fold must be 0")
    if form.base_line_mm(form.lines) >= form.page_height_mm:
        raise _Invalid(f"line {form.lines} lies below the page")
    if form.document == SLIP and form.pages != 1:
        raise _Invalid("a slip has one page")


def _check_columns(form: PassbookForm) -> None:
    names = [column.name for column in form.columns]
    if len(set(names)) != len(names):
        raise _Invalid("a column stands twice")
    across = sorted(form.columns, key=lambda column: column.x_units)
    for one, following in itertools.pairwise(across):
        if one.x_units + one.width_units > following.x_units + _EXACT:
            raise _Invalid(f"column {one.name!r} reaches into {following.name!r}")
    if across[-1].x_units + across[-1].width_units > form.page_width_mm * UNITS_PER_MM + _EXACT:
        raise _Invalid(f"column {across[-1].name!r} reaches off the page")


# --- laying rows onto the page -----------------------------------------------------------------------------


def is_ascii(char: str) -> bool:
    """Whether a character prints in a cell of the text pitch; any other is a wide one."""
    return " " <= char <= "~"


def text_units(text: str, cell: int = CELL_UNITS) -> int:
    """Width of a text in 1/180 inch: ASCII in cells, anything else as wide characters."""
    return sum(cell if is_ascii(char) else WIDE_UNITS for char in text)


def marked(rows: tuple[PassbookRow, ...]) -> tuple[PassbookRow, ...]:
    """The rows with the training mark in the form's "mark" column (DESIGN §5 Training)."""
    return tuple(PassbookRow(row.line, {**row.fields, "mark": TRAINING_MARK}) for row in rows)


def rows_of(request: PassbookJob | SlipJob) -> tuple[PassbookRow, ...]:
    """What a job prints, with the training mark where it is one of training."""
    rows = (PassbookRow(request.line, request.fields),) if isinstance(request, SlipJob) else request.rows
    return marked(rows) if request.training else rows


def lay_out(form: PassbookForm, rows: tuple[PassbookRow, ...]) -> tuple[PlacedText, ...] | DeviceError:
    """Place rows; a line off the page, an unknown column or a text too wide is refused before anything prints."""
    placed: list[PlacedText] = []
    columns = {column.name: column for column in form.columns}
    for row in rows:
        if not 1 <= row.line <= form.lines:
            return _overflow("line", str(row.line))
        numbered = {LINE_NUMBER: f"{row.line:02d}"} if LINE_NUMBER in columns else {}
        for name, text in {**row.fields, **numbered}.items():
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
    """In the widest pitch that fits, with a fill character before it where the column has one; None when none does."""
    room = column.width_units + _EXACT
    cells = [
        (one, guard)
        for guard in (column.fill, "")
        for one in (CELL_UNITS, *NARROW_CELLS)
        if text_units(guard + text, one) <= room
    ]
    if not cells:
        return None
    cell = cells[0][0]
    if column.fill and text:
        text = column.fill * int((room - text_units(text, cell)) / cell) + text
    x = column.x_units
    if column.align == "right":
        x += column.width_units - text_units(text, cell)
    return PlacedText(x, form.base_line_mm(line) * UNITS_PER_MM, text, column.name, cell)
