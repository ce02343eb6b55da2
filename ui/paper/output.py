"""A document out of the program: a PDF file, pictures of its pages, or a job in a printer's queue.

Drawing blocks; call it off the GUI thread (after ``paper_family`` was asked once on it). Nothing of a customer goes
into a file's name or its metadata: a PDF is named and titled by the document's number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desk.documents.document import Document
from devices.contracts import Outcome, OutcomeKind
from ui.paper.layout import lay_out
from ui.paper.marks import Marks
from ui.paper.painting import paint_sheet
from ui.paper.pdf_text import readable
from ui.paper.sheet import Paper
from ui.paper.type_face import FaceMeasure, twins

PRODUCER = "Teller Desk"
PDF_DOTS_PER_INCH = 1200
_MM_PER_INCH = 25.4


def paper_of(document: Document, marks: Marks) -> Paper:
    """The document's pages by the shipped font."""
    return lay_out(document, marks, FaceMeasure())


def file_name(document: Document) -> str:
    """``<number>.pdf``, ``<number>-r1.pdf`` for the first reprint."""
    return document.number + (f"-r{document.reprint}" if document.reprint else "") + ".pdf"


def write_pdf(document: Document, folder: Path, marks: Marks) -> Path:
    """Write the PDF into ``folder`` and return its path. OSError when the file cannot be written; a file that is there
    already is another paper's proof and is not written over (FileExistsError)."""
    path = folder / file_name(document)
    content = pdf_of(document, marks)
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()  # half a paper proves nothing; the number is free again
            raise
    return path


def pdf_of(document: Document, marks: Marks) -> bytes:
    """The PDF itself: every font inside, its text to be read and searched."""
    paper = paper_of(document, marks)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPdfVersion(
        QPdfWriter.PdfVersion.PdfVersion_A1b
    )  # kept for years: fonts inside, no transparency
    writer.setResolution(PDF_DOTS_PER_INCH)
    writer.setTitle(document.number)
    writer.setCreator(PRODUCER)
    writer.setPageLayout(_page_layout(paper))
    painter = QPainter(writer)
    _draw_all(painter, writer, paper, PDF_DOTS_PER_INCH)
    painter.end()
    return readable(bytes(buffer.data().data()), twins())


def pictures_of(document: Document, marks: Marks, dots_per_mm: float = 6.0) -> Iterator[QImage]:
    """Each page as it will be printed, for the screen and for tests."""
    paper = paper_of(document, marks)
    for sheet in paper.sheets:
        picture = QImage(
            round(paper.width * dots_per_mm), round(paper.height * dots_per_mm), QImage.Format.Format_RGB32
        )
        picture.fill("white")
        painter = QPainter(picture)
        paint_sheet(painter, paper, sheet, dots_per_mm)
        painter.end()
        yield picture


def printer_names() -> tuple[str, ...]:
    """The printers this system knows."""
    return tuple(QPrinterInfo.availablePrinterNames())


def print_document(document: Document, printer_name: str, marks: Marks) -> Outcome:
    """Hand all pages to the system's print queue.

    NOT_DONE while nothing was handed over. Once anything was, UNKNOWN: a queue is no paper, and only a person who sees
    the sheets can say that they lie there.
    """
    if printer_name not in printer_names():
        return Outcome(OutcomeKind.NOT_DONE, evidence="no such printer")
    printer = QPrinter(QPrinterInfo.printerInfo(printer_name), QPrinter.PrinterMode.HighResolution)
    return print_on(printer, paper_of(document, marks), document.number)


def print_on(printer: QPrinter, paper: Paper, title: str) -> Outcome:
    """The pages on a printer that is set up; also writes to a file where the printer is told one."""
    printer.setDocName(title)
    printer.setCreator(PRODUCER)
    printer.setFullPage(True)
    printer.setPageLayout(_page_layout(paper))
    painter = QPainter()
    if not painter.begin(printer):
        return Outcome(OutcomeKind.NOT_DONE, evidence="the print queue took nothing")
    _draw_all(painter, printer, paper, printer.resolution())
    told = "handed to the print queue" if painter.end() else "the print queue broke off"
    return Outcome(OutcomeKind.UNKNOWN, evidence=told)


def _page_layout(paper: Paper) -> QPageLayout:
    size = QSizeF(min(paper.width, paper.height), max(paper.width, paper.height))
    turned = paper.width > paper.height
    orientation = QPageLayout.Orientation.Landscape if turned else QPageLayout.Orientation.Portrait
    return QPageLayout(QPageSize(size, QPageSize.Unit.Millimeter), orientation, QMarginsF(0, 0, 0, 0))


def _draw_all(painter: QPainter, device: QPdfWriter | QPrinter, paper: Paper, dots_per_inch: int) -> None:
    for at, sheet in enumerate(paper.sheets):
        if at:
            device.newPage()
        paint_sheet(painter, paper, sheet, dots_per_inch / _MM_PER_INCH)
