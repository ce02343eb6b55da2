"""A paper as a value: heading, blocks of fields, tables, paragraphs and places to sign, its copies and its sources.

Holds what is said, in both languages, and on which sheet; nothing of millimetres, fonts or printers. A document comes
from a builder of this package, which refuses one that lacks what law asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from desk.domain.procedure_kinds import Text

NOTHING = Text("", "")


def same(text: str) -> Text:
    """A value that reads alike in both languages: a name, a number, an amount."""
    return Text(text, text)


class SheetSize(Enum):
    """The paper in the printer; ``(width, height)`` in whole millimetres, upright."""

    A4 = (210, 297)
    A5 = (148, 210)


class Align(Enum):
    """How a column sets its text."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class BoxKind(Enum):
    """What a person puts into a box of the last row: a hand's signature or an institution's seal."""

    SIGNATURE = "signature"
    SEAL = "seal"


@dataclass(frozen=True)
class Cell:
    """One labelled value; ``span`` columns wide."""

    name: str
    label: Text
    value: Text
    span: int = 1


@dataclass(frozen=True)
class Fields:
    """Labelled values in a grid of ``columns``."""

    columns: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A table's column; ``share`` of the width in proportion to its neighbours'."""

    name: str
    label: Text
    share: int
    align: Align


@dataclass(frozen=True)
class Table:
    """Rows under a head that every page repeats; ``closing`` is the line that forbids adding a row by hand
    (以下空白)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    closing: Text


@dataclass(frozen=True)
class Paragraphs:
    """Numbered printed notes under a title."""

    title: Text
    items: tuple[Text, ...]


@dataclass(frozen=True)
class Box:
    """A place to sign or seal. ``value`` is what stands printed in it (a name, "declined to sign"); ``dated`` leaves
    room for a date by hand."""

    name: str
    label: Text
    kind: BoxKind
    value: Text
    dated: bool


@dataclass(frozen=True)
class Signatures:
    """The row of boxes at the foot; never parted over two pages."""

    boxes: tuple[Box, ...]


Block = Fields | Table | Paragraphs | Signatures


@dataclass(frozen=True)
class Copy:
    """One copy (联) and who keeps it."""

    name: str
    title: Text


@dataclass(frozen=True)
class Source:
    """A rule this paper rests on, and how surely its text was seen (flags of the rule packs)."""

    rule: str
    citation: Text
    confidence: str


@dataclass(frozen=True)
class Document:
    """A whole paper. ``number`` is given by the caller and is its file name; ``reprint`` counts the prints after the
    first one; ``bilingual`` sets English below the Chinese, which alone is the legal text."""

    form: str
    version: int
    title: Text
    number: str
    institution: Text
    sheet: SheetSize
    landscape: bool
    bilingual: bool
    training: bool
    blocks: tuple[Block, ...]
    copies: tuple[Copy, ...]
    sources: tuple[Source, ...]
    reprint: int = 0


def reprinted(document: Document) -> Document:
    """The same paper once more: it says that it is a reprint (重打), and which."""
    return replace(document, reprint=document.reprint + 1)


def original_of(document: Document) -> Document:
    """The paper as it was made first; a reprint's facts agree when its original's digest does."""
    return replace(document, reprint=0)
