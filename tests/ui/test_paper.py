"""Papers laid out and drawn: everything said is on a page, nothing overlaps or leaves it, a PDF can be read back, and
no print is called done."""

from __future__ import annotations

import errno
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication

from desk.documents.digest import check_code
from desk.documents.document import Document, Fields, Paragraphs, SheetSize, Signatures, Table, reprinted
from desk.documents.form import FormFlaw
from desk.domain.procedure_kinds import Text
from devices.contracts import OutcomeKind
from tests.desk.documents.samples import (
    LONG_COMPANY,
    a_certificate,
    a_finding,
    a_list,
    a_return,
    form,
    heading,
    large_rows,
    pieces,
)
from tests.desk.documents.test_builders import KINDS, made
from tests.ui.pdf_reading import pages_of, starts_of
from ui.paper import output, printing, type_face
from ui.paper.layout import BOTTOM, LEFT, RIGHT, TOP, stacked
from ui.paper.marks import Marks, load_marks
from ui.paper.output import file_name, paper_of, pdf_of, pictures_of, write_pdf
from ui.paper.painting import COLOURS
from ui.paper.pdf_text import readable
from ui.paper.printing import print_document, print_on
from ui.paper.sheet import Ink, Paper, Placed, PlacedLine, PlacedText, Sheet
from ui.paper.shipped import load_forms
from ui.paper.strips import Strip
from ui.paper.type_face import FaceMeasure, twins
from ui.paper.wrapping import NOT_FIRST, NOT_LAST, wrapped
from ui.texts import LANGUAGES, Texts

pytestmark = pytest.mark.usefixtures("qapp")
MARKS = load_marks()


def said(sheet: Sheet) -> str:
    """A page's words without breaks: a text wrapped over lines is found again."""
    return re.sub(r"\s", "", "".join(one.text for one in sheet.texts))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


SAMPLES = {
    f"{kind}-{language}-{'longest' if longest else 'plain'}": (kind, language, longest)
    for kind in KINDS
    for language in LANGUAGES
    for longest in (False, True)
}


@pytest.fixture(params=SAMPLES, ids=list(SAMPLES))
def document(request: pytest.FixtureRequest) -> Document:
    kind, language, longest = SAMPLES[request.param]
    _, plain_facts, long_facts = KINDS[kind]
    return made(kind, (long_facts if longest else plain_facts)(language))


# --- the layout -------------------------------------------------------------------------------------------------------


def overlapping(sheet: Sheet) -> list[str]:
    """Texts that touch each other, by their boxes drawn in by a tenth of a millimetre."""
    placed = sorted(sheet.texts, key=lambda one: one.top)
    found = []
    for at, one in enumerate(placed):
        for other in placed[at + 1 :]:
            if other.top >= one.bottom - 0.1:
                break
            if one.left < other.right - 0.1 and other.left < one.right - 0.1:
                found.append(f"{one.text!r} / {other.text!r}")
    return found


def outside(sheet: Sheet, page: Paper) -> list[str]:
    return [
        one.text
        for one in sheet.texts
        if one.left < LEFT - 0.1
        or one.right > page.width - 4
        or one.top < TOP - 0.1
        or one.bottom > page.height - BOTTOM + 0.1
    ]


def crossing(sheet: Sheet) -> list[str]:
    """Texts that an upright of the form goes through."""
    uprights = [one for one in sheet.placed if isinstance(one, PlacedLine) and one.left == one.right]
    return [
        text.text
        for text in sheet.texts
        for line in uprights
        if text.left < line.left - 0.05 < text.right - 0.1
        and text.top < line.bottom
        and line.top < text.bottom
    ]


def test_nothing_overlaps_leaves_the_page_or_crosses_a_line(document: Document) -> None:
    page = paper_of(document)
    for sheet in page.sheets:
        assert overlapping(sheet) == []
        assert outside(sheet, page) == []
        assert crossing(sheet) == []


@pytest.mark.parametrize("sheet", SheetSize)
@pytest.mark.parametrize("landscape", [False, True])
def test_every_paper_fits_every_sheet(document: Document, sheet: SheetSize, landscape: bool) -> None:
    page = paper_of(replace(document, sheet=sheet, landscape=landscape))
    assert (page.width > page.height) is landscape
    for one in page.sheets:
        assert overlapping(one) == []
        assert outside(one, page) == []


def test_the_checks_above_can_fail() -> None:
    page = paper_of(made("return_statement", a_return()))
    text = page.sheets[0].texts[0]
    both = Sheet((text, replace(text, text="x", left=text.left + 1)))
    assert overlapping(both) != []
    assert outside(Sheet((replace(text, left=page.width - RIGHT, width=RIGHT),)), page) != []
    assert outside(Sheet((replace(text, top=page.height - 5),)), page) != []
    line = PlacedLine(text.left + 1, 0, text.left + 1, 300)
    assert crossing(Sheet((text, line))) == [text.text]


def everything_on(document: Document) -> Iterator[Text]:
    """All that a document says, block by block."""
    yield document.title
    yield document.institution
    for block in document.blocks:
        if isinstance(block, Fields):
            for cell in block.cells:
                yield from (cell.label, cell.value)
        elif isinstance(block, Table):
            for row in ([one.label for one in block.columns], *block.rows, (block.closing,)):
                yield from row
        elif isinstance(block, Paragraphs):
            yield from (block.title, *block.items)
        elif isinstance(block, Signatures):
            for box in block.boxes:
                yield from (box.label, box.value)
    for source in document.sources:
        yield source.citation


def test_every_word_of_the_document_is_on_every_copy(document: Document) -> None:
    page = paper_of(document)
    per_copy = len(page.sheets) // len(document.copies)
    for at, copy in enumerate(document.copies):
        sheets = page.sheets[at * per_copy : (at + 1) * per_copy]
        whole = "".join(said(sheet) for sheet in sheets)
        for text in everything_on(document):
            assert squeezed(text.zh) in whole
            assert not document.bilingual or squeezed(text.en) in whole
        for number, sheet in enumerate(sheets, 1):
            words = said(sheet)
            assert squeezed(copy.title.zh) in words
            assert document.number in words
            assert f"第{number}页共{per_copy}页" in words
            assert squeezed(check_code(document)) in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_speaks_english_where_the_desk_does(language: str) -> None:
    words = said(paper_of(made("return_statement", a_return(language))).sheets[0])
    assert ("Timeofreturn" in words) is (language == "en")
    assert "退票时间" in words


def test_the_head_of_a_table_stands_on_every_page_it_reaches() -> None:
    document = made("large_value_list", a_list(rows=large_rows(60)))
    sheets = paper_of(document).sheets
    with_rows = [sheet for sheet in sheets if re.search("20260402-0000", said(sheet))]
    assert len(sheets) > 3
    assert len(with_rows) > 3
    for sheet in with_rows:
        assert [one.text for one in sheet.texts].count("业务号") == 1
    assert "大额交易报告清单（续）" in said(sheets[1])
    rows = re.findall(r"20260402-0000\d\d", "".join(said(sheet) for sheet in sheets))
    assert rows == [f"20260402-{at:06d}" for at in range(60)]


@pytest.mark.parametrize("count", range(10, 34))
def test_nobody_signs_on_a_page_with_nothing_else_on_it(count: int) -> None:
    """Whatever the number of rows: the boxes come with the last note above them."""
    document = made("counterfeit_certificate", a_certificate(pieces=pieces(count)))
    last = next(sheet for sheet in paper_of(document).sheets if "持有人签字" in said(sheet))
    assert "鉴定不收取费用" in said(last)


def strip(height: float, keep: bool = False, head: Strip | None = None, name: str = "x") -> Strip:
    return Strip(height, (PlacedText(name, 0, 0, 1, 1),), keep=keep, head=head)


def names(pages: list[list[Placed]]) -> list[list[str]]:
    return [[one.text for one in page if isinstance(one, PlacedText)] for page in pages]


def test_strips_that_belong_together_move_together() -> None:
    head = strip(10, keep=True, name="head")
    rows = [strip(30, head=head, name=f"row {at}") for at in range(3)]
    told = names(stacked([head, *rows, strip(5, keep=True, name="note"), strip(30, name="sign")], 0, 0, 100))
    assert told == [["head", "row 0", "row 1", "row 2"], ["note", "sign"]]
    told = names(stacked([strip(60, name="above"), head, *rows], 0, 0, 100))
    assert told == [["above", "head", "row 0"], ["head", "row 1", "row 2"]]


def test_what_no_page_can_hold_together_is_parted_after_all() -> None:
    told = names(
        stacked(
            [strip(60, keep=True, name="a"), strip(60, keep=True, name="b"), strip(60, name="c")], 0, 0, 100
        )
    )
    assert told == [["a"], ["b"], ["c"]]


# --- wrapping ---------------------------------------------------------------------------------------------------------


class Square:
    """A measure in which every character is as wide as it is high."""

    def width(self, text: str, size: float, spacing: float = 0.0) -> float:
        return len(text) * (size + spacing)

    def visible(self, text: str) -> str:
        return text


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 5, ("",)),
        ("一二三四五", 5, ("一二三四五",)),
        ("一二三四五六", 5, ("一二三四五", "六")),
        ("一二三四五，六", 5, ("一二三四", "五，六")),
        ("一二三四《六》", 5, ("一二三四", "《六》")),
        ("one two three", 7, ("one two", "three")),
        ("abcdefghij k", 4, ("abcd", "efgh", "ij k")),
        ("甲abc乙", 4, ("甲abc", "乙")),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, room: int, lines: tuple[str, ...]) -> None:
    assert wrapped(text, room, 1, Square()) == lines


@pytest.mark.parametrize("room", range(12, 80, 7))
def test_lines_fit_and_lose_nothing(room: int) -> None:
    text = f"{LONG_COMPANY}《票据法》第八条；Wolfeschlegelsteinhausenbergerdorff, art. 8 (b)。" * 2
    measure = FaceMeasure()
    lines = wrapped(text, room, 3.5, measure)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(measure.width(line, 3.5) <= room for line in lines)
    assert not any(line[0] in NOT_FIRST for line in lines[1:] if len(line) > 1 and room > 70)
    assert not any(line[-1] in NOT_LAST for line in lines if room > 70)


# --- marks ------------------------------------------------------------------------------------------------------------


def test_a_training_paper_says_so_on_every_page() -> None:
    document = made("large_value_list", a_list(heading=heading(training=True), rows=large_rows(40)))
    page = paper_of(document)
    assert len(page.sheets) > 1
    assert [one.watermark.lines for one in page.sheets if one.watermark] == [
        ("培训 · 无效", "TRAINING · VOID")
    ] * len(page.sheets)
    for words in pages_of(pdf_of(document)):
        assert squeezed("".join(words)).count("培训·无效TRAINING·VOID") > 2
    live = made("large_value_list", a_list())
    assert paper_of(live).sheets[0].watermark is None
    assert "培训" not in "".join(pages_of(pdf_of(live))[0])


def test_the_training_mark_crosses_the_page_from_edge_to_edge() -> None:
    """Pale ink in every band of the page: no part of it can be cut away and pass for a real paper."""
    document = made("return_statement", a_return(heading=heading(training=True)))
    picture = next(pictures_of(document, 2.0))
    pale = COLOURS[Ink.WATERMARK].rgb()
    bands = 6
    height = picture.height() // bands
    for band in range(bands):
        rows = range(band * height, (band + 1) * height)
        inked = sum(picture.pixel(x, y) == pale for y in rows for x in range(0, picture.width(), 2))
        assert inked > 20, band


def test_a_second_print_says_which_it_is_on_every_page() -> None:
    first = made("large_value_list", a_list(rows=large_rows(40)))
    third = reprinted(reprinted(first))
    assert not any("重打" in said(sheet) for sheet in paper_of(first).sheets)
    for sheet in paper_of(third).sheets:
        assert "重打第2次REPRINT2" in said(sheet)
    assert (file_name(first), file_name(third)) == ("DE20260402.pdf", "DE20260402-r2.pdf")


def test_a_glyph_the_font_lacks_is_shown_as_its_code_point() -> None:
    words = said(paper_of(made("return_statement", a_return(drawer="张\U0002f9ff𐎀"))).sheets[0])
    assert "张[U+2F9FF][U+10380]" in words or "张\U0002f9ff[U+10380]" in words
    assert FaceMeasure().visible("龘 A") == "龘 A"


# --- drawn ------------------------------------------------------------------------------------------------------------


def test_a_pdf_says_what_the_layout_says(document: Document) -> None:
    page = paper_of(document)
    drawn = pages_of(pdf_of(document))
    assert [squeezed("".join(words)) for words in drawn] == [said(sheet) for sheet in page.sheets]


def test_a_pdf_sets_each_text_where_the_layout_puts_it() -> None:
    """The title's letters apart from one another as on the screen, whatever the resolution."""
    document = made("exchange_finding", a_finding())
    starts, sheet = starts_of(pdf_of(document))[0], paper_of(document).sheets[0]
    title = next(one for one in sheet.texts if one.text == document.title.zh)
    step = title.width / len(title.text)
    for at in (0, 3, len(title.text) - 1):
        assert starts[title.text[at]] == pytest.approx(title.left + at * step, abs=0.1)
    number = next(one for one in sheet.texts if one.text == document.number)
    assert starts[number.text] == pytest.approx(number.left, abs=0.1)


def test_the_same_paper_comes_from_any_thread() -> None:
    """What is drawn off the GUI thread is the same; dates and ids of the file aside, byte by byte."""
    document = made("return_statement", a_return())
    made_there: list[bytes] = []
    type_face._faces.cache_clear()
    type_face._shown.cache_clear()
    thread = threading.Thread(target=lambda: made_there.append(pdf_of(document)))
    thread.start()
    thread.join()
    type_face._shown.cache_clear()  # a font object of a thread that ended knows no character any more
    here = pdf_of(document)
    assert pages_of(made_there[0]) == pages_of(here)
    assert timeless(made_there[0]) == timeless(here)


def timeless(pdf: bytes) -> bytes:
    """A PDF without what differs from one run to the next."""
    return re.sub(rb"D:\d{14}[^)]*|\d{4}-\d\d-\d\dT[\d:.+Z-]+|uuid:[\w-]+|/ID \[[^]]*\]", b"", pdf)


def test_a_pdf_keeps_its_fonts_and_no_customer_outside_its_pages() -> None:
    document = made("counterfeit_certificate", a_certificate())
    pdf = pdf_of(document)
    assert b"/FontFile2" in pdf
    for secret in ("张伟", "110105194912310021", "王小燕"):
        assert secret in "".join("".join(words) for words in pages_of(pdf))
        for encoding in ("utf-8", "utf-16-be", "gb18030"):
            assert secret.encode(encoding) not in pdf
    assert document.number.encode("utf-16-be") in pdf


def test_a_pdf_is_written_once_under_its_number(tmp_path: Path) -> None:
    document = made("exchange_finding", a_finding())
    path = write_pdf(document, tmp_path)
    assert path == tmp_path / "RD20260402-0002.pdf"
    content = path.read_bytes()
    assert len(pages_of(content)) == 2
    with pytest.raises(FileExistsError):
        write_pdf(document, tmp_path)
    assert path.read_bytes() == content
    write_pdf(reprinted(document), tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["RD20260402-0002-r1.pdf", "RD20260402-0002.pdf"]


def test_a_full_disk_leaves_no_half_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(output, "os", SimpleNamespace(fsync=full))
    with pytest.raises(OSError, match="no space"):
        write_pdf(made("exchange_finding", a_finding()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_shows_the_same_pages(document: Document) -> None:
    page = paper_of(document)
    pictures = list(pictures_of(document, 3.0))
    assert [(one.width(), one.height()) for one in pictures] == [(page.width * 3, page.height * 3)] * len(
        page.sheets
    )
    for picture, sheet in zip(pictures, page.sheets, strict=True):
        for text in sheet.texts:
            if text.text.strip():
                assert inked(picture, text, 3.0), text.text


def inked(picture: QImage, text: PlacedText, dots: float) -> bool:
    """Whether anything darker than paper or shade stands in a text's box."""
    for y in range(int(text.top * dots), int(text.bottom * dots) + 1):
        for x in range(int(text.left * dots), int(text.right * dots) + 1):
            if QColor(picture.pixel(x, y)).lightness() < 215:
                return True
    return False


def test_shared_glyphs_are_told_as_the_character_that_is_meant() -> None:
    assert twins()[0x2F08] == ord("人")
    assert twins()[0x09] == ord(" ")
    table = b"1 beginbfrange\n<0001> <0003> [<2F08> <0009> <0041> ]\nendbfrange <2F08>"
    assert readable(table, twins()) == table.replace(b"[<2F08> <0009>", b"[<4EBA> <0020>")


# --- printing ---------------------------------------------------------------------------------------------------------


def test_a_printer_that_is_not_there_printed_nothing() -> None:
    outcome = print_document(made("return_statement", a_return()), "no printer of this name")
    assert outcome.kind is OutcomeKind.NOT_DONE


def test_pages_in_a_queue_are_never_called_done(tmp_path: Path) -> None:
    """Through the real print engine, into a file in the place of a queue."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "queue.pdf"))
    document = made("counterfeit_certificate", a_certificate(pieces=pieces(40)))
    outcome = print_on(printer, paper_of(document), document.number)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert outcome.units_proved == 0
    printed = readable((tmp_path / "queue.pdf").read_bytes(), twins())
    assert [squeezed("".join(words)) for words in pages_of(printed)] == [
        said(one) for one in paper_of(document).sheets
    ]


def test_a_queue_that_takes_nothing_is_not_done(tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "nowhere" / "queue.pdf"))
    outcome = print_on(printer, paper_of(made("return_statement", a_return())), "TP1")
    assert outcome.kind is OutcomeKind.NOT_DONE


def test_a_printer_of_this_system_is_handed_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own printers cannot be had in a test; that the named one is the one set up can."""
    handed: list[str] = []

    def info(name: str) -> QPrinterInfo:
        handed.append(name)
        return QPrinterInfo()

    monkeypatch.setattr(printing, "printer_names", lambda: ("Counter 3",))
    monkeypatch.setattr(QPrinterInfo, "printerInfo", staticmethod(info))
    outcome = print_document(made("return_statement", a_return()), "Counter 3")
    assert handed == ["Counter 3"]
    assert outcome.kind is not OutcomeKind.DONE


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_the_shipped_forms_are_found_by_name(tmp_path: Path) -> None:
    forms = load_forms()
    assert not isinstance(forms, FormFlaw)
    assert set(forms) == set(KINDS)
    assert forms["return_statement"] == form("return_statement")
    (tmp_path / "a.toml").write_text("form = 3", encoding="utf-8")
    assert isinstance(load_forms(tmp_path), FormFlaw)


def test_a_form_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    source = (Path(output.__file__).parents[2] / "resources/documents/return_statement.toml").read_text(
        "utf-8"
    )
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(source, encoding="utf-8")
    flaw = load_forms(tmp_path)
    assert str(flaw) == "b.toml: form: return_statement: there twice"


def test_every_mark_is_in_both_languages() -> None:
    for name in Marks.__dataclass_fields__:
        mark: Text = getattr(MARKS, name)
        assert mark.zh
        assert mark.en


NAMED = sorted(
    {
        name
        for kind in KINDS
        for section in form(kind).sections
        for one in vars(section).values()
        if isinstance(one, tuple)
        for name in (getattr(spec, "name", "") for spec in one if hasattr(spec, "longest"))
    }
)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_can_name_every_field(name: str, language: str) -> None:
    assert Texts(language).find(f"detail.field_of_paper.{name}")


def test_fonts_are_asked_on_the_gui_thread_first(qapp: QApplication) -> None:
    assert qapp.thread().isCurrentThread()
    assert FaceMeasure().width("柜员", 10.0) == pytest.approx(20.0)
