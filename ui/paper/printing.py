"""A document handed to one of the system's printers. What lies on the tray only a person can say.

Stands apart from ``output``, so that a desk which keeps PDFs loads no print engine. Drawing blocks, as there.
"""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desk.documents.document import Document
from devices.contracts import Outcome, OutcomeKind
from ui.paper.output import PRODUCER, draw_all, page_layout, paper_of
from ui.paper.sheet import Paper


def printer_names() -> tuple[str, ...]:
    """The printers this system knows."""
    return tuple(QPrinterInfo.availablePrinterNames())


def print_document(document: Document, printer_name: str) -> Outcome:
    """Hand all pages to the system's print queue.

    NOT_DONE while nothing was handed over. Once anything was, UNKNOWN: a queue is no paper, and only a person who sees
    the sheets can say that they lie there.
    """
    if printer_name not in printer_names():
        return Outcome(OutcomeKind.NOT_DONE, evidence="no such printer")
    printer = QPrinter(QPrinterInfo.printerInfo(printer_name), QPrinter.PrinterMode.HighResolution)
    return print_on(printer, paper_of(document), document.number)


def print_on(printer: QPrinter, paper: Paper, title: str) -> Outcome:
    """The pages on a printer that is set up; also writes to a file where the printer is told one."""
    printer.setDocName(title)
    printer.setCreator(PRODUCER)
    printer.setFullPage(True)
    printer.setPageLayout(page_layout(paper))
    painter = QPainter()
    if not painter.begin(printer):
        return Outcome(OutcomeKind.NOT_DONE, evidence="the print queue took nothing")
    draw_all(painter, printer, paper, printer.resolution())
    told = "handed to the print queue" if painter.end() else "the print queue broke off"
    return Outcome(OutcomeKind.UNKNOWN, evidence=told)
