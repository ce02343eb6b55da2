"""The shipped forms, and every way to spoil one: a form below the floor of its law is refused by place and name."""

from __future__ import annotations

import re

import pytest

from desk.documents.document import SheetSize
from desk.documents.filling import Filling, fill
from desk.documents.floors import FLOORS
from desk.documents.form import DocumentForm, FieldsSection, FormFlaw, TableSection
from desk.documents.form_reading import load_form
from desk.domain.procedure_kinds import Text
from tests.desk.documents.samples import FOLDER, form, heading

NAMES = sorted(FLOORS)


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def flaw(text: str) -> FormFlaw:
    found = load_form(text, "x.toml")
    assert isinstance(found, FormFlaw)
    assert found.file == "x.toml"
    return found


def without(text: str, name: str) -> str:
    """A form's text without the field, column, note or box of a name."""
    spoiled = re.sub(rf'\[\[section\.\w+\]\]\nname = "{name}"\n(?:.+\n)+', "", text)
    assert spoiled != text
    return spoiled


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_form_is_whole(name: str) -> None:
    made = form(name)
    assert made.form == name
    assert made.version == 1
    assert made.sheet in SheetSize
    assert len({copy.name for copy in made.copies}) == len(made.copies)


@pytest.mark.parametrize("name", NAMES)
def test_every_coded_word_fits_its_place(name: str) -> None:
    """Else a receipt would be refused for a word the form itself brought."""
    made = form(name)
    room = {
        spec.name.removeprefix("agent_"): spec.longest
        for section in made.sections
        for spec in (
            section.fields
            if isinstance(section, FieldsSection)
            else section.columns
            if isinstance(section, TableSection)
            else ()
        )
    } | {"instrument": 140, "signature": 50, "appeal_to": 140}
    for key, words in made.words.items():
        assert max(len(words.zh), len(words.en)) <= room[key.split(".")[0]], key


LEGAL = [
    (name, one)
    for name, floor in FLOORS.items()
    for one in (
        *floor.fields,
        *floor.columns,
        *floor.blank_columns,
        *floor.blank_fields,
        *floor.notes,
        *floor.boxes,
    )
]


@pytest.mark.parametrize(("name", "item"), LEGAL)
def test_no_form_can_leave_out_what_law_asks_for(name: str, item: str) -> None:
    found = flaw(without(text_of(name), item))
    assert item in found.reason
    assert found.reason.startswith("law asks for")


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "reason"),
    [
        ("return_statement", 'form = "return_statement"', 'form = "poem"', "form", "form is 'poem'"),
        ("return_statement", "version = 1", "version = 0", "form", "version must be above 0"),
        ("return_statement", "version = 1", "version = true", "form", "version must be of kind int"),
        ("return_statement", "version = 1", "version = 1\ncolour = 3", "form", "colour: unknown"),
        ("return_statement", "version = 1", "", "form", "version is missing"),
        ("return_statement", 'sheet = "A4"', 'sheet = "A3"', "form", "sheet is 'A3'"),
        (
            "return_statement",
            'sheet = "A4"',
            'sheet = "A4"\nvalid_from = 2026-01-01T00:00:00',
            "form",
            "valid_from must be a date",
        ),
        (
            "return_statement",
            'en = "Statement of Reasons for Return" }',
            'en = "" }',
            "form.title",
            "en is empty",
        ),
        (
            "return_statement",
            'title = { zh = "退票理由书", en = "Statement of Reasons for Return" }',
            "title = 3",
            "form",
            "title must be of kind dict",
        ),
        ("return_statement", 'zh = "第一联 交持票人"\n', "", "form.copy[1]", "zh is missing"),
        (
            "return_statement",
            'confidence = "S"',
            'confidence = "sure"',
            "form.source_of_law[1]",
            "confidence is 'sure'",
        ),
        ("return_statement", 'kind = "notes"', 'kind = "poem"', "form.section[3]", "kind is 'poem'"),
        (
            "return_statement",
            'name = "instrument_number"',
            'name = "issue_date"',
            "form",
            "issue_date: twice",
        ),
        ("return_statement", 'name = "recourse"', 'name = "notice"', "form", "notice: twice"),
        (
            "return_statement",
            "required = true\nsource",
            'required = true\nwhen = "entity"\nsource',
            "instrument_kind",
            "always, not when 'entity'",
        ),
        (
            "return_statement",
            "longest = 40\nsource",
            'longest = 40\nwhen = "never"\nsource',
            "instrument_number",
            "when = 'never' is no flag",
        ),
        (
            "return_statement",
            "（票据法第六十二条）。",
            "{secret}",
            "form.section[3].note[1]",
            "different values",
        ),
        (
            "return_statement",
            'cash_cheque = { zh = "现金支票", en = "Cash cheque" }',
            'cash_cheque = { zh = "现金支票" }',
            "words.instrument.cash_cheque",
            "en is missing",
        ),
        (
            "counterfeit_certificate",
            '[[copy]]\nname = "holder"\nzh = "第二联 交持有人"\nen = "Copy 2: for the holder"\n',
            "",
            "copy",
            "2 copies are due",
        ),
        (
            "counterfeit_certificate",
            'name = "appraisal"\n',
            'name = "appraisal"\nwhen = "entity"\n',
            "note",
            "law asks for appraisal",
        ),
        (
            "counterfeit_certificate",
            'when = "individual"\nzh = "姓名"',
            'when = "entity"\nzh = "姓名"',
            "holder_name",
            "law asks for it individual, not when 'entity'",
        ),
        (
            "counterfeit_certificate",
            "{review_until}",
            "{holder_name}",
            "review",
            "no value is known for holder_name",
        ),
        (
            "counterfeit_certificate",
            "{review_until}",
            "{review_until.__class__}",
            "review",
            "no value is known for",
        ),
        ("counterfeit_certificate", "{review_until}", "{review_until", "note", "expected '}'"),
        ("counterfeit_certificate", "{review_until}", "{}", "review", "no value is known for"),
    ],
)
def test_a_spoiled_form_is_refused_by_place_and_reason(
    name: str, old: str, new: str, place: str, reason: str
) -> None:
    text = text_of(name)
    assert old in text
    everywhere = "review_until" in old
    found = flaw(text.replace(old, new) if everywhere else text.replace(old, new, 1))
    assert found.place == place
    assert reason in found.reason
    assert str(found) == f"x.toml: {found.place}: {found.reason}"


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, floor in FLOORS.items() for word in floor.words]
)
def test_a_word_the_paper_may_need_is_there(name: str, word: str) -> None:
    group, code = word.split(".")
    head, table = text_of(name).split(f"[words.{group}]")
    spoiled = re.sub(rf"(?m)^{code} = .*\n", "", table, count=1)
    assert flaw(f"{head}[words.{group}]{spoiled}").reason == f"law asks for {word}"


@pytest.mark.parametrize(
    "text", ["form = ", "", "section = 3", 'form = "return_statement"\nversion = 1\nsection = []']
)
def test_what_is_no_form_at_all_is_refused(text: str) -> None:
    assert flaw(text).reason


def test_a_table_where_rows_are_due_is_refused() -> None:
    text = (
        text_of("return_statement")
        .replace("[[copy]]", "[copy]", 1)
        .replace('[[copy]]\nname = "bank"', "[bank]")
    )
    assert "copy must be of kind list" in flaw(text).reason
    assert (
        "must be a table"
        in flaw(
            'form = "return_statement"\nversion = 1\ntitle = {zh="a",en="b"}\nsheet = "A4"\nsection = [3]'
        ).reason
    )


def test_an_empty_list_is_refused() -> None:
    text = re.sub(r"\[\[copy\]\]\n(?:.+\n)+", "", text_of("return_statement"))
    assert flaw("copy = []\n" + text).reason == "copy is empty"


def test_a_field_the_form_asks_for_is_due_even_if_law_does_not() -> None:
    text = text_of("return_statement").replace('en = "Drawer"\n', 'en = "Drawer"\nrequired = true\n')
    strict = load_form(text, "x.toml")
    assert isinstance(strict, DocumentForm)
    answer = fill(strict, heading(), Filling({}))
    assert dict(answer.details)["field_of_paper"] == "instrument_kind,drawer,returner,returned_at"  # type: ignore[union-attr]


def test_law_asks_for_its_fields_even_if_the_form_does_not() -> None:
    text = text_of("return_statement").replace("required = true\n", "")
    lax = load_form(text, "x.toml")
    assert isinstance(lax, DocumentForm)
    row = {"fact": Text("", ""), "law": Text("", "")}
    answer = fill(lax, heading(), Filling({}, (row,)))
    assert dict(answer.details)["field_of_paper"] == "instrument_kind,returner,returned_at,fact,law"  # type: ignore[union-attr]


def test_a_form_ends_with_its_last_day() -> None:
    text = text_of("return_statement").replace('sheet = "A4"', 'sheet = "A4"\nvalid_to = 2026-04-02')
    ending = load_form(text, "x.toml")
    assert isinstance(ending, DocumentForm)
    assert [ending.in_force(day) for day in ("2026-04-02", "2026-04-03")] == [True, False]
    assert ending.word("instrument", "cash_cheque") == Text("现金支票", "Cash cheque")
    assert ending.word("instrument", "poem") is None
