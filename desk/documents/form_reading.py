"""TOML text → a form, or the flaw by which it is refused: unknown and missing keys, and what lies below the floor."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from string import Formatter
from typing import Any

from desk.documents.document import Align, BoxKind, Copy, SheetSize, Source
from desk.documents.floors import FLOORS, Floor, flags_of
from desk.documents.form import (
    BoxesSection,
    BoxSpec,
    ColumnSpec,
    DocumentForm,
    FieldSpec,
    FieldsSection,
    FormFlaw,
    NoteSpec,
    NotesSection,
    Section,
    TableSection,
)
from desk.domain.procedure_kinds import Text

CONFIDENCE = ("S", "S-", "M", "U", "B")
_ROOM_TEXT, _ROOM_CELL = 140, 60


class _Bad(Exception):
    """Carries place and reason; never leaves this module."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class _Row:
    """One TOML table, read key by key; what nobody asked for is unknown."""

    def __init__(self, place: str, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise _Bad(place, "must be a table")
        self.place, self._raw, self._asked = place, raw, set[str]()

    def get(self, key: str, kind: type, default: Any = None) -> Any:
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is None:
            raise _Bad(self.place, f"{key} is missing")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise _Bad(self.place, f"{key} must be of kind {kind.__name__}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self.get(key, str, default)
        if not value.strip() and default is None:
            raise _Bad(self.place, f"{key} is empty")
        return value

    def words(self) -> Text:
        return Text(self.text("zh"), self.text("en"))

    def pair(self, key: str) -> Text:
        row = _Row(f"{self.place}.{key}", self.get(key, dict))
        found = row.words()
        row.done()
        return found

    def whole(self, key: str, default: int | None = None) -> int:
        value: int = self.get(key, int, default)
        if value < 1:
            raise _Bad(self.place, f"{key} must be above 0")
        return value

    def choice(self, key: str, among: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in among:
            raise _Bad(
                self.place, f"{key} is {value!r}, none of {', '.join(one or '(none)' for one in among)}"
            )
        return value

    def day(self, key: str) -> str:
        value = self.get(key, date, date.max)
        if isinstance(value, datetime):
            raise _Bad(self.place, f"{key} must be a date")
        return "" if value == date.max else str(value.isoformat())

    def rows(self, key: str) -> Iterator[_Row]:
        raw: list[Any] = self.get(key, list)
        if not raw:
            raise _Bad(self.place, f"{key} is empty")
        for at, one in enumerate(raw, 1):
            yield _Row(f"{self.place}.{key}[{at}]", one)

    def standing(self) -> tuple[str, str]:
        """Source and confidence, which everything on a form has."""
        return self.text("source"), self.choice("confidence", CONFIDENCE)

    def done(self) -> None:
        unknown = sorted(set(self._raw) - self._asked)
        if unknown:
            raise _Bad(self.place, f"{', '.join(unknown)}: unknown")


def load_form(text: str, file: str) -> DocumentForm | FormFlaw:
    """The form of a file's text; a flaw names the place and what is wrong there."""
    try:
        form = _form(_Row("form", tomllib.loads(text)))
        _above_the_floor(form)
    except tomllib.TOMLDecodeError as error:
        return FormFlaw(file, "text", str(error))
    except _Bad as bad:
        return FormFlaw(file, bad.place, bad.reason)
    return form


def _form(top: _Row) -> DocumentForm:
    form = DocumentForm(
        form=top.choice("form", tuple(FLOORS)),
        version=top.whole("version"),
        title=top.pair("title"),
        sheet=SheetSize[top.choice("sheet", tuple(one.name for one in SheetSize))],
        landscape=top.get("landscape", bool, False),
        bilingual=top.get("bilingual", bool, False),
        valid_from=top.day("valid_from"),
        valid_to=top.day("valid_to"),
        sections=tuple(_section(row) for row in top.rows("section")),
        copies=tuple(_copy(row) for row in top.rows("copy")),
        sources=tuple(_source(row) for row in top.rows("source_of_law")),
        words=_words(top.get("words", dict, {})),
    )
    top.done()
    return form


def _words(raw: Mapping[str, Any]) -> Mapping[str, Text]:
    found = {}
    for group, codes in raw.items():
        row = _Row(f"words.{group}", codes)
        for code in codes:
            found[f"{group}.{code}"] = row.pair(code)
    return found


def _copy(row: _Row) -> Copy:
    made = Copy(row.text("name"), row.words())
    row.done()
    return made


def _source(row: _Row) -> Source:
    made = Source(row.text("rule"), row.words(), row.choice("confidence", CONFIDENCE))
    row.done()
    return made


def _section(row: _Row) -> Section:
    kind = row.choice("kind", ("fields", "table", "notes", "boxes"))
    made: Section
    if kind == "fields":
        made = FieldsSection(row.whole("columns"), tuple(_field(one) for one in row.rows("field")))
    elif kind == "table":
        made = TableSection(
            row.text("name"),
            tuple(_column(one) for one in row.rows("column")),
            row.pair("closing"),
            row.pair("empty"),
        )
    elif kind == "notes":
        made = NotesSection(row.pair("title"), tuple(_note(one) for one in row.rows("note")))
    else:
        made = BoxesSection(tuple(_box(one) for one in row.rows("box")))
    row.done()
    return made


def _field(row: _Row) -> FieldSpec:
    made = FieldSpec(
        row.text("name"),
        row.words(),
        row.get("required", bool, False),
        row.whole("span", 1),
        row.text("when", ""),
        row.whole("longest", _ROOM_TEXT),
        *row.standing(),
    )
    row.done()
    return made


def _column(row: _Row) -> ColumnSpec:
    made = ColumnSpec(
        row.text("name"),
        row.words(),
        row.whole("share"),
        Align(row.choice("align", tuple(one.value for one in Align), "left")),
        row.get("required", bool, False),
        row.whole("longest", _ROOM_CELL),
        *row.standing(),
    )
    row.done()
    return made


def _note(row: _Row) -> NoteSpec:
    made = NoteSpec(row.text("name"), row.words(), row.text("when", ""), *row.standing())
    if _asked(made.text.zh) != _asked(made.text.en):
        raise _Bad(row.place, "zh and en ask for different values")
    row.done()
    return made


def _asked(sentence: str) -> set[str]:
    """The values a note quotes; one brace too many is a flaw like any other."""
    try:
        return {name for _, name, *_ in Formatter().parse(sentence) if name is not None}
    except ValueError as error:
        raise _Bad("note", str(error)) from error


def _box(row: _Row) -> BoxSpec:
    made = BoxSpec(
        row.text("name"),
        row.words(),
        BoxKind(row.choice("kind", tuple(one.value for one in BoxKind), "signature")),
        row.get("dated", bool, False),
        *row.standing(),
    )
    row.done()
    return made


# --- the floor -----------------------------------------------------------------------------------------------------


def _above_the_floor(form: DocumentForm) -> None:
    floor = FLOORS[form.form]
    fields, columns, notes, boxes = _carried(form)
    _lacks("field", [one for one in (*floor.fields, *floor.blank_fields) if one not in fields])
    _lacks("column", [one for one in (*floor.columns, *floor.blank_columns) if one not in columns])
    _lacks("note", [one for one in floor.notes if notes.get(one, "when") != ""])
    _lacks("box", [one for one in floor.boxes if one not in boxes])
    _lacks("words", [one for one in floor.words if one not in form.words])
    _hides_nothing(floor, {**fields, **notes})
    _quotes_what_is_known(form, floor)
    if len(form.copies) < floor.copies:
        raise _Bad("copy", f"{floor.copies} copies are due")


def _carried(form: DocumentForm) -> tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, str]]:
    """Names with their flags: fields, columns, notes, boxes; none of them twice."""
    fields: list[tuple[str, str]] = []
    columns: list[tuple[str, str]] = []
    notes: list[tuple[str, str]] = []
    boxes: list[tuple[str, str]] = []
    for section in form.sections:
        if isinstance(section, FieldsSection):
            fields += [(one.name, one.when) for one in section.fields]
        elif isinstance(section, TableSection):
            columns += [(one.name, "") for one in section.columns]
        elif isinstance(section, NotesSection):
            notes += [(one.name, one.when) for one in section.notes]
        else:
            boxes += [(one.name, "") for one in section.boxes]
    for pairs in (fields, columns, notes, boxes):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise _Bad("form", f"{', '.join(twice)}: twice")
    return dict(fields), dict(columns), dict(notes), dict(boxes)


def _lacks(what: str, missing: list[str]) -> None:
    if missing:
        raise _Bad(what, f"law asks for {', '.join(missing)}")


def _hides_nothing(floor: Floor, when: Mapping[str, str]) -> None:
    for name, flag in when.items():
        if flag not in flags_of(floor):
            raise _Bad(name, f"when = {flag!r} is no flag of this paper")
        if name in floor.fields and flag != floor.fields[name]:
            raise _Bad(name, f"law asks for it {floor.fields[name] or 'always'}, not when {flag!r}")


def _quotes_what_is_known(form: DocumentForm, floor: Floor) -> None:
    notes = [note for section in form.sections if isinstance(section, NotesSection) for note in section.notes]
    for note in notes:
        unknown = _asked(note.text.zh) - set(floor.said)
        if unknown:
            raise _Bad(note.name, f"no value is known for {', '.join(sorted(unknown))}")
