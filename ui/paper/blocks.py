"""Each kind of block as strips: a grid of fields, a table with its head, numbered notes, boxes at the foot. No Qt."""

from __future__ import annotations

from desk.documents.document import (
    Align,
    Block,
    Box,
    BoxKind,
    Cell,
    Column,
    Fields,
    Paragraphs,
    Signatures,
    Table,
)
from desk.domain.procedure_kinds import Text
from ui.paper.marks import Marks
from ui.paper.sheet import Ink, Placed, PlacedArea, PlacedLine
from ui.paper.strips import FRAME, Setter, Strip, Style, frame

PAD, PAD_TOP = 1.6, 1.1
LABEL = Style(2.55, 2.15, Ink.FORM)
VALUE = Style(3.5, 2.5)
HEAD = Style(2.75, 2.15, Ink.FORM, Align.CENTRE)
ROW_SIZE, ROW_ENGLISH = 3.15, 2.35
CLOSING = Style(2.5, 2.2, Ink.HINT, Align.CENTRE)
NOTE_TITLE = Style(2.9, 2.3, Ink.FORM)
NOTE = Style(2.75, 2.3, Ink.FORM)
SIGN_HEIGHT, SEAL_HEIGHT, SEAL_WIDTH, DATE_SIZE = 21.0, 34.0, 24.0, 2.5
"""A round business seal is about 40 mm wide and may lie over its box's label; 24 show where."""


def strips_of(block: Block, width: float, setter: Setter, marks: Marks) -> list[Strip]:
    """The block's strips from top to bottom."""
    if isinstance(block, Fields):
        return _fields(block, width, setter)
    if isinstance(block, Table):
        return _table(block, width, setter)
    if isinstance(block, Paragraphs):
        return _notes(block, width, setter)
    return [_boxes(block, width, setter, marks)]


# --- fields --------------------------------------------------------------------------------------------------------


def _fields(block: Fields, width: float, setter: Setter) -> list[Strip]:
    return [_field_row(row, block.columns, width, setter) for row in _rows(block)]


def _rows(block: Fields) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    used = block.columns
    for cell in block.cells:
        span = min(cell.span, block.columns)
        if used + span > block.columns:
            rows.append([])
            used = 0
        rows[-1].append(cell)
        used += span
    return rows


def _field_row(cells: list[Cell], columns: int, width: float, setter: Setter) -> Strip:
    """Labels above values; the last cell takes what its neighbours leave."""
    edges = [0.0]
    for cell in cells:
        edges.append(edges[-1] + width / columns * min(cell.span, columns))
    edges[-1] = width
    rooms = [(edges[at] + PAD, edges[at + 1] - edges[at] - 2 * PAD) for at in range(len(cells))]
    labels = [
        setter.side_by_side(cell.label, left, PAD_TOP, room, LABEL)
        for cell, (left, room) in zip(cells, rooms, strict=True)
    ]
    top = max(below for _, below in labels) + 0.3  # values stand on one line, however their labels break
    values = [
        setter.both(cell.value, left, top, room, VALUE)
        for cell, (left, room) in zip(cells, rooms, strict=True)
    ]
    height = max(below for _, below in values) + PAD_TOP / 2
    texts = [one for placed, _ in (*labels, *values) for one in placed]
    return Strip(height, (*frame(width, height, edges[1:-1]), *texts))


# --- tables --------------------------------------------------------------------------------------------------------


def _table(block: Table, width: float, setter: Setter) -> list[Strip]:
    edges = _edges(block.columns, width)
    head = _head(block.columns, edges, setter).kept()
    rows = [_table_row(block.columns, row, edges, setter) for row in block.rows]
    closing = _closing(block.closing, width, setter)
    if rows:
        rows[-1] = rows[-1].kept()
    below = [Strip(one.height, one.placed, keep=one.keep, head=head) for one in (*rows[1:], closing)]
    return [head, *rows[:1], *below]


def _edges(columns: tuple[Column, ...], width: float) -> list[float]:
    """Where each column begins, and the right edge of the last."""
    whole, edges = sum(one.share for one in columns), [0.0]
    for one in columns:
        edges.append(edges[-1] + width * one.share / whole)
    return edges


def _head(columns: tuple[Column, ...], edges: list[float], setter: Setter) -> Strip:
    columns_texts, low = [], 0.0
    for at, column in enumerate(columns):
        left, room = edges[at] + 0.8, edges[at + 1] - edges[at] - 1.6
        texts, below = setter.both(column.label, left, PAD_TOP, room, HEAD)
        columns_texts.append((texts, below))
        low = max(low, below)
    height, width = low + PAD_TOP / 2, edges[-1]
    placed: list[Placed] = [PlacedArea(0, 0, width, height)]
    placed += frame(width, height, edges[1:-1])
    for texts, below in columns_texts:
        placed += [one.moved(0, (low - below) / 2) for one in texts]
    return Strip(height, tuple(placed))


def _table_row(
    columns: tuple[Column, ...], row: tuple[Text, ...], edges: list[float], setter: Setter
) -> Strip:
    cells, low = [], 0.0
    for at, column in enumerate(columns):
        style = Style(ROW_SIZE, ROW_ENGLISH, Ink.FILLED, column.align)
        left, room = edges[at] + 1.0, edges[at + 1] - edges[at] - 2.0
        texts, below = setter.both(row[at], left, PAD_TOP, room, style)
        cells.append((texts, below))
        low = max(low, below)
    height = low + PAD_TOP / 2
    placed: list[Placed] = [*frame(edges[-1], height, edges[1:-1])]
    for texts, below in cells:
        placed += [one.moved(0, (low - below) / 2) for one in texts]
    return Strip(height, tuple(placed))


def _closing(text: Text, width: float, setter: Setter) -> Strip:
    words = f"{text.zh}  {text.en}" if setter.bilingual else text.zh
    texts, low = setter.lines(f"—  {words}  —", PAD, 0.8, width - 2 * PAD, CLOSING)
    height = low + 0.3
    return Strip(height, (*frame(width, height), *texts))


# --- notes ---------------------------------------------------------------------------------------------------------


def _notes(block: Paragraphs, width: float, setter: Setter) -> list[Strip]:
    title, low = setter.side_by_side(block.title, 0, 0, width, NOTE_TITLE)
    indent = setter.width("0. ", NOTE.size) + 0.8
    strips = [Strip(low + 0.4, tuple(title), keep=True)]
    for number, item in enumerate(block.items, 1):
        texts, below = setter.both(item, indent, 0, width - indent, NOTE)
        mark = setter.line(f"{number}.", 0, 0, indent, NOTE)
        strips.append(Strip(below + 0.5, (mark, *texts)))
    return strips


# --- boxes ---------------------------------------------------------------------------------------------------------


def _boxes(block: Signatures, width: float, setter: Setter, marks: Marks) -> Strip:
    """A seal, and a signature with its date, take more room than a clerk's name."""
    shares = [1.25 if one.kind is BoxKind.SEAL or one.dated else 1.0 for one in block.boxes]
    tall = SEAL_HEIGHT if any(one.kind is BoxKind.SEAL for one in block.boxes) else SIGN_HEIGHT
    placed: list[Placed] = []
    left, inner = 0.0, []
    for share, box in zip(shares, block.boxes, strict=True):
        wide = width * share / sum(shares)
        placed += _box(box, left, wide, tall, setter, marks)
        left += wide
        inner.append(left)
    border = frame(width, tall, inner[:-1])
    heavy = [PlacedLine(0, at, width, at, FRAME) for at in (0.0, tall)]
    return Strip(tall, (*border, *heavy, *placed))


def _box(box: Box, left: float, wide: float, height: float, setter: Setter, marks: Marks) -> list[Placed]:
    label, low = setter.side_by_side(box.label, left + PAD, PAD_TOP, wide - 2 * PAD, LABEL)
    placed: list[Placed] = [*label]
    hint = Style(DATE_SIZE, 2.2, Ink.HINT, Align.CENTRE)
    if box.kind is BoxKind.SEAL:
        middle, tall = left + wide / 2, min(SEAL_WIDTH, height - low - 1.2)
        placed.append(PlacedArea(middle - tall / 2, low + 0.4, tall, tall, Ink.HINT, round=True))
        texts, below = setter.both(marks.seal_here, left + PAD, 0, wide - 2 * PAD, hint)
        placed += [one.moved(0, low + 0.4 + (tall - below) / 2) for one in texts]
        return placed
    if box.value.zh:
        texts, low = setter.both(box.value, left + PAD, low + 0.4, wide - 2 * PAD, VALUE)
        placed += texts
    if box.dated:
        placed.append(
            setter.line(
                marks.date_by_hand.zh,
                left + PAD,
                height - 4.2,
                wide - 2 * PAD,
                Style(2.5, 2.2, Ink.FORM, Align.RIGHT),
            )
        )
    return placed
