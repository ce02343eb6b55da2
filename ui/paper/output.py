"""A document out of the program: as a PDF file, or as pictures of its pages.

Drawing blocks; call it off the GUI thread (after ``paper_family`` was asked once on it). Nothing of a customer goes
into a file's name or its metadata: a PDF is named and titled by the document's number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from desk.documents.document import Document
from ui.paper.layout import lay_out
from ui.paper.marks import load_marks
from ui.paper.painting import paint_sheet
from ui.paper.pdf_text import readable
from ui.paper.sheet import Paper
from ui.paper.type_face import FaceMeasure, twins

PRODUCER = "Teller Desk"
PDF_DOTS_PER_INCH = 1200
_MM_PER_INCH = 25.4


def paper_of(document: Document) -> Paper:
    """The document's pages by the shipped font."""
    return lay_out(document, load_marks(), FaceMeasure())


def file_name(document: Document) -> str:
    """``<number>.pdf``, ``<number>-r1.pdf`` for the first reprint."""
    return document.number + (f"-r{document.reprint}" if document.reprint else "") + ".pdf"


def write_pdf(document: Document, folder: Path) -> Path:
    """Write the PDF into ``folder`` and return its path. OSError when the file cannot be written; a file that is there
    already is another paper's proof and is not written over (FileExistsError)."""
    path = folder / file_name(document)
    content = pdf_of(document)
    file = path.open("xb")
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()  # half a paper proves nothing; the number is free again
        raise
    return path


def pdf_of(document: Document) -> bytes:
    """The PDF itself: every font inside, its text to be read and searched."""
    paper = paper_of(document)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)  # to be kept: fonts inside, no transparency
    writer.setResolution(PDF_DOTS_PER_INCH)
    writer.setTitle(document.number)
    writer.setCreator(PRODUCER)
    writer.setPageLayout(page_layout(paper))
    painter = QPainter(writer)
    draw_all(painter, writer, paper, PDF_DOTS_PER_INCH)
    painter.end()
    return readable(bytes(buffer.data().data()), twins())


def pictures_of(document: Document, dots_per_mm: float = 6.0) -> Iterator[QImage]:
    """Each page as it will be printed, for the screen and for tests."""
    paper = paper_of(document)
    for sheet in paper.sheets:
        picture = QImage(
            round(paper.width * dots_per_mm), round(paper.height * dots_per_mm), QImage.Format.Format_RGB32
        )
        picture.fill("white")
        painter = QPainter(picture)
        paint_sheet(painter, paper, sheet, dots_per_mm)
        painter.end()
        yield picture


def page_layout(paper: Paper) -> QPageLayout:
    """The sheet as Qt knows it, without margins of its own."""
    size = QSizeF(min(paper.width, paper.height), max(paper.width, paper.height))
    turned = paper.width > paper.height
    orientation = QPageLayout.Orientation.Landscape if turned else QPageLayout.Orientation.Portrait
    return QPageLayout(QPageSize(size, QPageSize.Unit.Millimeter), orientation, QMarginsF(0, 0, 0, 0))


def draw_all(painter: QPainter, device: QPagedPaintDevice, paper: Paper, dots_per_inch: int) -> None:
    """Every page, one behind the other."""
    for at, sheet in enumerate(paper.sheets):
        if at:
            device.newPage()
        paint_sheet(painter, paper, sheet, dots_per_inch / _MM_PER_INCH)
