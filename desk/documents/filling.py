"""Facts put into a form: every field in its place, or a refusal that names what is missing or does not fit.

Knows no kind of paper; the builders bring the values and their own rules. A refusal names fields, never a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.documents.document import (
    NOTHING,
    Block,
    Box,
    Cell,
    Column,
    Document,
    Fields,
    Paragraphs,
    Signatures,
    Table,
    same,
)
from desk.documents.floors import FLOORS, Floor
from desk.documents.form import (
    BoxesSection,
    DocumentForm,
    FieldSpec,
    FieldsSection,
    NotesSection,
    Section,
    TableSection,
)
from desk.documents.paper_text import is_day, on_paper
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse

BLANK = same("—")
"""What stands in a field that has nothing, so that nobody writes into it later."""
_LONGEST_NUMBER, _LONGEST_INSTITUTION, _LONGEST_PRINTED_NAME = 32, 60, 50
_FILE_NAME_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True)
class Institution:
    """The unit whose paper it is; ``name`` in both languages, bank and branch."""

    name: Text
    phone: str = ""


@dataclass(frozen=True)
class Heading:
    """What every paper begins with. ``number`` is given by the caller; ``business_date`` YYYY-MM-DD; ``language`` is
    the desk's ("zh_CN" or "en")."""

    number: str
    institution: Institution
    business_date: str
    language: str
    training: bool = False


@dataclass(frozen=True)
class Clerk:
    """One who acted, as the paper names them."""

    staff_no: str
    name: str

    @property
    def shown(self) -> str:
        return f"{self.name} {self.staff_no}".strip()


Row = Mapping[str, Text]


@dataclass(frozen=True)
class Filling:
    """The values for one form: by field, the table's rows by column, the boxes' printed text."""

    values: Mapping[str, Text]
    rows: tuple[Row, ...] = ()
    boxes: Mapping[str, Text] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()


def wrong(form: DocumentForm, name: str, problem: str) -> Refusal:
    """A field that law or sense does not allow so; ``problem`` is a word of ``detail.problem_of_paper``."""
    return refuse(
        RefusalCode.DOCUMENT_FIELD, document=form.form, field_of_paper=name, problem_of_paper=problem
    )


def not_two_people(form: DocumentForm, maker: Clerk, reviewer: Clerk) -> Refusal | None:
    """Why the two who stand on a paper are not two named people; None when they are."""
    named = (("handled_by", maker), ("reviewed_by", reviewer))
    missing = [name for name, one in named if not one.staff_no.strip() or not one.name.strip()]
    if missing:
        return refuse(RefusalCode.DOCUMENT_INCOMPLETE, document=form.form, field_of_paper=",".join(missing))
    if maker.staff_no.strip() == reviewer.staff_no.strip():
        return wrong(form, "reviewed_by", "same_person")
    return None


def fill(form: DocumentForm, heading: Heading, filling: Filling) -> Document | Refusal:
    """The finished paper. Refuses a form not in force on the business date, a missing legal or required field, and a
    value too long for its place."""
    found = _heading_problem(form, heading) or _missing(form, filling) or _too_long(form, filling)
    if found is not None:
        return found
    return Document(
        form=form.form,
        version=form.version,
        title=form.title,
        number=heading.number,
        institution=_clean(heading.institution.name),
        sheet=form.sheet,
        landscape=form.landscape,
        bilingual=form.bilingual or heading.language == "en",
        training=heading.training,
        blocks=tuple(_block(section, filling) for section in form.sections),
        copies=form.copies,
        sources=form.sources,
    )


# --- what is refused ------------------------------------------------------------------------------------------------


def _heading_problem(form: DocumentForm, heading: Heading) -> Refusal | None:
    number, name = heading.number, heading.institution.name
    if not number or not (name.zh.strip() and name.en.strip()):
        missing = "number" if not number else "unit"
        return refuse(RefusalCode.DOCUMENT_INCOMPLETE, document=form.form, field_of_paper=missing)
    if len(number) > _LONGEST_NUMBER or not set(number) <= _FILE_NAME_SAFE:
        return wrong(form, "number", "not_a_number")
    if max(len(on_paper(one)) for one in (name.zh, name.en)) > _LONGEST_INSTITUTION:
        return wrong(form, "unit", "too_long")
    if not is_day(heading.business_date):
        return wrong(form, "business_date", "not_a_day")
    if not form.in_force(heading.business_date):
        return refuse(RefusalCode.DOCUMENT_NOT_IN_FORCE, document=form.form, date=heading.business_date)
    return None


def _missing(form: DocumentForm, filling: Filling) -> Refusal | None:
    floor = FLOORS[form.form]
    names = [
        spec.name
        for section in form.sections
        if isinstance(section, FieldsSection)
        for spec in _due(section, filling)
        if (spec.required or spec.name in floor.fields) and _empty(filling.values.get(spec.name))
    ]
    names += _missing_in_rows(form, floor, filling)
    if not names:
        return None
    return refuse(RefusalCode.DOCUMENT_INCOMPLETE, document=form.form, field_of_paper=",".join(names))


def _missing_in_rows(form: DocumentForm, floor: Floor, filling: Filling) -> list[str]:
    columns = [
        one for section in form.sections if isinstance(section, TableSection) for one in section.columns
    ]
    due = [one.name for one in columns if one.required or one.name in floor.columns]
    return [name for name in due if any(_empty(row.get(name)) for row in filling.rows)]


def _empty(value: Text | None) -> bool:
    return value is None or not value.zh.strip() or not value.en.strip()


def _too_long(form: DocumentForm, filling: Filling) -> Refusal | None:
    for section in form.sections:
        if isinstance(section, FieldsSection):
            for spec in _due(section, filling):
                if _length(filling.values.get(spec.name)) > spec.longest:
                    return wrong(form, spec.name, "too_long")
        elif isinstance(section, TableSection):
            for column in section.columns:
                if any(_length(row.get(column.name)) > column.longest for row in filling.rows):
                    return wrong(form, column.name, "too_long")
    for name, value in filling.boxes.items():
        if _length(value) > _LONGEST_PRINTED_NAME:
            return wrong(form, name, "too_long")
    return None


def _length(value: Text | None) -> int:
    return max(len(on_paper(value.zh)), len(on_paper(value.en))) if value else 0


# --- what is made ---------------------------------------------------------------------------------------------------


def _due(section: FieldsSection, filling: Filling) -> list[FieldSpec]:
    return [spec for spec in section.fields if not spec.when or spec.when in filling.flags]


def _clean(value: Text) -> Text:
    return Text(on_paper(value.zh).strip(), on_paper(value.en).strip())


def _block(section: Section, filling: Filling) -> Block:
    if isinstance(section, FieldsSection):
        cells = (Cell(one.name, one.label, _value(filling, one), one.span) for one in _due(section, filling))
        return Fields(section.columns, tuple(cells))
    if isinstance(section, TableSection):
        return _table(section, filling)
    if isinstance(section, NotesSection):
        due = (one for one in section.notes if not one.when or one.when in filling.flags)
        return Paragraphs(section.title, tuple(_worded(one.text, filling.values) for one in due))
    return _signatures(section, filling)


def _value(filling: Filling, spec: FieldSpec) -> Text:
    value = filling.values.get(spec.name)
    return BLANK if value is None or _empty(value) else _clean(value)


def _table(section: TableSection, filling: Filling) -> Table:
    columns = tuple(Column(one.name, one.label, one.share, one.align) for one in section.columns)
    rows = tuple(
        tuple(BLANK if _empty(row.get(one.name)) else _clean(row[one.name]) for one in columns)
        for row in filling.rows
    )
    return Table(columns, rows, section.closing if rows else section.empty)


def _worded(text: Text, values: Mapping[str, Text]) -> Text:
    zh = {name: on_paper(value.zh) for name, value in values.items()}
    en = {name: on_paper(value.en) for name, value in values.items()}
    return Text(text.zh.format_map(zh), text.en.format_map(en))


def _signatures(section: BoxesSection, filling: Filling) -> Signatures:
    return Signatures(
        tuple(
            Box(one.name, one.label, one.kind, _clean(filling.boxes.get(one.name, NOTHING)), one.dated)
            for one in section.boxes
        )
    )
