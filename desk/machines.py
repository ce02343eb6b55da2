"""The machines as one desk holds them, and what the desk must know of a book's form to use them.

Only contracts: drivers and links are chosen by the composition root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desk.domain.voucher import DepositSlip
from devices.contracts import (
    CounterfeitDetector,
    DeviceIdentity,
    DeviceKind,
    NoteCounter,
    PassbookJob,
    PassbookPrinter,
    ReceiptPrinter,
)


@dataclass(frozen=True)
class Machines:
    """None where the desk has no such machine."""

    printer: PassbookPrinter | None = None
    counter: NoteCounter | None = None
    detector: CounterfeitDetector | None = None
    receipts: ReceiptPrinter | None = None


@dataclass(frozen=True)
class PlaceFacts:
    """A place on the counter and the machine that is bound to it. ``title`` is the model as its maker calls it,
    ``evidence`` how well it is known; ``binding_id`` is "" while nobody bound it on record."""

    place: str
    kind: DeviceKind
    model: str
    title: str
    evidence: str
    identity: DeviceIdentity
    port: str
    binding_id: str = ""


@dataclass(frozen=True)
class MachineOffer:
    """A machine that answered when it was asked who it is, and may take a place. ``offer_id`` names it for a while."""

    offer_id: str
    kind: DeviceKind
    model: str
    title: str
    evidence: str
    identity: DeviceIdentity
    port: str


class MachineRoom(Protocol):
    """The machines of this counter, by place; who drives them is the composition root's."""

    def places(self) -> tuple[PlaceFacts, ...]: ...

    def offer(self, offer_id: str) -> MachineOffer | None:
        """What was identified under this id, if it still holds."""
        ...

    def is_busy(self, place: str) -> bool: ...

    def is_still(self, place: str) -> bool:
        """Whether the machine of this place is there, in step, and has nothing left to do."""
        ...

    def is_asking(self, place: str) -> bool:
        """Whether the machine of this place answers, and says that it works or waits for a person's hands."""
        ...

    def awaits_person(self, place: str) -> bool:
        """Whether the machine of this place waits for a person who says that it is the one."""
        ...

    def confirm(self, place: str) -> None: ...

    def put(self, place: str, offer: MachineOffer, binding_id: str) -> Machines:
        """Drive this machine at this place from now on; answers what stands on the counter then."""
        ...


@dataclass(frozen=True)
class PlacedField:
    """A text on a page, for a preview: position in millimetres from the top left corner, and what one of its ASCII
    characters takes."""

    x_mm: float
    y_mm: float
    text: str
    cell_mm: float = 2.54


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
