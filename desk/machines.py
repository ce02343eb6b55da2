"""The machines as one desk holds them, and what the desk must know of a book's form to use them.

Only contracts: drivers and links are chosen by the composition root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desk.domain.voucher import DepositSlip
from devices.contracts import CounterfeitDetector, NoteCounter, PassbookJob, PassbookPrinter, ReceiptPrinter


@dataclass(frozen=True)
class Machines:
    """None where the desk has no such machine."""

    printer: PassbookPrinter | None = None
    counter: NoteCounter | None = None
    detector: CounterfeitDetector | None = None
    receipts: ReceiptPrinter | None = None


@dataclass(frozen=True)
class PlacedField:
    """A text on a page, for a preview: position in millimetres from the top left corner."""

    x_mm: float
    y_mm: float
    text: str


@dataclass(frozen=True)
class FormFacts:
    """A book's form as far as the desk needs it."""

    form: str
    pages: int
    lines_per_page: int
    page_width_mm: float
    page_height_mm: float
    fold_mm: float


class BookForms(Protocol):
    """Forms by name, and the preview of a job before ink."""

    def facts(self, form: str) -> FormFacts: ...

    def preview(self, job: PassbookJob) -> tuple[PlacedField, ...]: ...


class SlipSource(Protocol):
    """Where pre-filled electronic slips come from (a form-filling machine in the hall); None when there is none."""

    def slip_for(self, account_number: str) -> DepositSlip | None: ...
