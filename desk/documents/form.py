"""A form: which fields, tables, notes and boxes a kind of paper has, in both languages, each with its source.

A form is read from TOML text. It may add to what law asks for, and word and arrange it; it can leave nothing out: each
kind of paper has its floor (``desk.documents.floors``), and a form below it is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.documents.document import Align, BoxKind, Copy, SheetSize, Source
from desk.domain.procedure_kinds import Text


@dataclass(frozen=True)
class FieldSpec:
    """A field of the grid. ``when`` names the flag of the facts under which it is there ("" = always); ``longest`` is
    how many characters its place on the sheet takes."""

    name: str
    label: Text
    required: bool
    span: int
    when: str
    longest: int
    source: str
    confidence: str


@dataclass(frozen=True)
class ColumnSpec:
    """A table's column."""

    name: str
    label: Text
    share: int
    align: Align
    required: bool
    longest: int
    source: str
    confidence: str


@dataclass(frozen=True)
class NoteSpec:
    """A printed note; ``{names}`` in it are filled from the facts."""

    name: str
    text: Text
    when: str
    source: str
    confidence: str


@dataclass(frozen=True)
class BoxSpec:
    """A place to sign or seal."""

    name: str
    label: Text
    kind: BoxKind
    dated: bool
    source: str
    confidence: str


@dataclass(frozen=True)
class FieldsSection:
    """A grid of labelled values."""

    columns: int
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True)
class TableSection:
    """A table; ``empty`` is said in it when there is no row, ``closing`` below the last row."""

    name: str
    columns: tuple[ColumnSpec, ...]
    closing: Text
    empty: Text


@dataclass(frozen=True)
class NotesSection:
    """Printed notes under a title."""

    title: Text
    notes: tuple[NoteSpec, ...]


@dataclass(frozen=True)
class BoxesSection:
    """The boxes at the foot."""

    boxes: tuple[BoxSpec, ...]


Section = FieldsSection | TableSection | NotesSection | BoxesSection


@dataclass(frozen=True)
class DocumentForm:
    """One kind of paper. ``words`` are the coded values (kinds, findings) by ``group.code``. In force from
    ``valid_from`` to ``valid_to``, both included, "" = open."""

    form: str
    version: int
    title: Text
    sheet: SheetSize
    landscape: bool
    bilingual: bool
    valid_from: str
    valid_to: str
    sections: tuple[Section, ...]
    copies: tuple[Copy, ...]
    sources: tuple[Source, ...]
    words: Mapping[str, Text]

    def in_force(self, business_date: str) -> bool:
        return self.valid_from <= business_date and (not self.valid_to or business_date <= self.valid_to)

    def word(self, group: str, code: str) -> Text | None:
        """A coded value's words; None for a code the form does not know."""
        return self.words.get(f"{group}.{code}")

    def known(self, group: str, code: str) -> Text:
        """The words of a code that the floor demands; KeyError for any other."""
        return self.words[f"{group}.{code}"]


@dataclass(frozen=True)
class FormFlaw:
    """Why a form was refused: the file, the place in it and the reason."""

    file: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.reason}"
