"""Immutable snapshots that any face draws: what a page must show, and nothing else.

Holds values only. A view names texts by key (``resources/i18n``) or carries a bilingual ``Text`` from the
procedure; amounts come in minor units, numbers of accounts as plain digits, and the face formats them. What a
person must not see yet (blind re-keying, the customer's screen) is absent from the view, not hidden by the face.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.procedure_kinds import Owner, StepKind, Text
from desk.domain.refusals import Refusal
from desk.machines import PlaceFacts


@dataclass(frozen=True)
class PersonView:
    """A member of staff as shown; ``role`` is a key: "teller", "reviewer", "supervisor"."""

    staff_no: str
    name: str
    role: str


@dataclass(frozen=True)
class StepView:
    """One line of the left column. ``state``: "done", "current", "waiting", "not_needed"."""

    number: int
    step: str
    title: Text
    owner: Owner
    automatic: bool
    state: str


@dataclass(frozen=True)
class CashRowView:
    """One denomination in a table; None where nothing is known (or must not be seen) yet."""

    denomination_minor: int
    slip_pieces: int | None
    counted_pieces: int | None
    unfit_pieces: int = 0

    @property
    def difference(self) -> int | None:
        if self.slip_pieces is None or self.counted_pieces is None:
            return None
        return self.counted_pieces - self.slip_pieces


@dataclass(frozen=True)
class CheckView:
    """A checklist line. ``kind`` "automatic"|"attested"; ``state`` "pass"|"fail"|"warn"|"open"; ``key`` e.g. 1
    for Alt+1 (0 when automatic); ``seen`` says what was seen, who and when once it is ticked."""

    check: str
    title: Text
    kind: str
    state: str
    key: int
    seen: str
    source: str


@dataclass(frozen=True)
class VoucherView:
    """The deposit slip as paper, drawn as a picture: it has no accessible text."""

    title: Text
    bank: str
    slip_date: str
    account_name: str
    account_number: str
    amount_minor: int
    capitals: str
    rows: tuple[CashRowView, ...]


class PageView:
    """Base of the views of the middle column."""


@dataclass(frozen=True)
class IdentifyView(PageView):
    """``account_number`` empty until the book was read. ``reading`` while the stripe is read."""

    account_number: str
    holder_name: str
    account_kind: str
    status: str
    unprinted_lines: int
    reading: bool
    party: str


@dataclass(frozen=True)
class SlipView(PageView):
    """``captured`` is the electronic slip if there was one (its amount is not shown before it is keyed)."""

    captured: VoucherView | None
    keyed_amount_minor: int | None
    checks: tuple[CheckView, ...]
    ready: bool
    version_no: int
    business_date: str


@dataclass(frozen=True)
class NameMatchView(PageView):
    written_number: str
    written_name: str
    account_number: str
    account_name: str
    number_agrees: bool
    result: str
    reasons: tuple[str, ...]
    way: str


@dataclass(frozen=True)
class CountView(PageView):
    """``state``: "empty" (put notes in), "counting", "short", "over", "mix" (total agrees, pieces differ),
    "agrees", "incomplete". ``progress_*`` run while counting. ``hand_minor`` is the part counted by hand, ``problem``
    why the last batch is incomplete (a device error as text), ``hand_limit_minor`` how much may be counted by hand."""

    rows: tuple[CashRowView, ...]
    slip_minor: int | None
    counted_minor: int
    hand_minor: int
    judged_minor: int
    rejected_open: int
    state: str
    progress_pieces: int
    progress_minor: int
    counts_so_far: int
    second: bool
    serials_read: int
    serials_unread: int
    can_accept: bool
    problem: str = ""
    hand_limit_minor: int = 0


@dataclass(frozen=True)
class VerdictView:
    person: PersonView
    verdict: str


@dataclass(frozen=True)
class SuspectNoteView(PageView):
    """One referred note: the detector's reading as evidence, then two people's verdicts.

    ``reading`` is a key of NoteClass or "" ; ``denomination_minor`` 0 when the detector could not tell.
    ``next_verdict`` is 1 or 2; ``maker`` gives the first, one of ``candidates`` the second. ``may_hold``: the detector
    did not confirm that it gave the note back, or was lost while it looked.
    """

    note_id: str
    ordinal: int
    inspecting: bool
    reading: str
    denomination_minor: int
    verdicts: tuple[VerdictView, ...]
    next_verdict: int
    candidates: tuple[PersonView, ...]
    maker: PersonView | None = None
    may_hold: bool = False


@dataclass(frozen=True)
class SeatView(PageView):
    """Waiting for a second person at this desk; ``candidates`` are those who may act here."""

    act: str
    candidates: tuple[PersonView, ...]


@dataclass(frozen=True)
class ReviewView(PageView):
    """``stage``: "rekey" (blind: nothing but the voucher), "compare" (names side by side), "sign".

    After agreement ``facts`` are the label/value pairs rendered from the very bytes that get signed and
    ``digest_words`` the same short words on both screens.
    """

    stage: str
    reviewer: PersonView
    maker: PersonView
    voucher: VoucherView
    written_name: str
    account_name: str
    facts: tuple[tuple[Text, str], ...]
    digest_words: str
    differing: tuple[str, ...]
    checks: tuple[CheckView, ...]
    name_compared: bool
    return_reasons: tuple[Text, ...]
    second_count_agreed: bool


@dataclass(frozen=True)
class ConfirmView(PageView):
    """The customer is asked; the teller sees what the customer sees and how to record the answer."""

    amount_minor: int
    capitals: str
    masked_name: str
    masked_number: str
    rows: tuple[CashRowView, ...]


@dataclass(frozen=True)
class PostView(PageView):
    """Everything that gates the posting, each with its state; ``ready`` when all stand."""

    gates: tuple[CheckView, ...]
    amount_minor: int
    ready: bool


@dataclass(frozen=True)
class PlacedText:
    """Text on the page preview: position in millimetres from the page's top-left corner, and what one of its ASCII
    characters takes."""

    x_mm: float
    y_mm: float
    text: str
    new: bool
    cell_mm: float = 2.54


@dataclass(frozen=True)
class BookLineView:
    """A passbook line as it will read: line number on the page, its column texts by column name, and how many entries
    it stands for."""

    line: int
    columns: tuple[tuple[str, str], ...]
    new: bool
    entries: int = 1


@dataclass(frozen=True)
class PrintView(PageView):
    """``state``: "ready", "needs_book", "printing", "unknown" (a question to a person), "not_done",
    "turn" (a person turns to ``page`` first), "look" (no stripe says whose book it is: a person must), "again" (a
    second print needs a second person), "done". ``question`` are the lines asked about; ``cursor`` is the page and line
    where the next one goes, of ``pages`` with ``lines_per_page``. ``error_number`` is what the printer's last job ended
    with (``devices.errors``), 0 for nothing."""

    state: str
    page: int
    page_width_mm: float
    page_height_mm: float
    fold_mm: float
    placed: tuple[PlacedText, ...]
    lines: tuple[BookLineView, ...]
    lines_proved: int
    question: tuple[BookLineView, ...]
    candidates: tuple[PersonView, ...]
    refusal: Refusal | None = None
    cursor: tuple[int, int] = (0, 0)
    pages: int = 0
    lines_per_page: int = 0
    account_number: str = ""
    error_number: int = 0


@dataclass(frozen=True)
class HandOverView(PageView):
    balance_minor: int
    amount_minor: int
    lines_printed: int
    receipt: str
    seal: Text
    items: tuple[Text, ...]


@dataclass(frozen=True)
class EndView(PageView):
    """``outcome``: "archived", "cancelled", "rejected", "disputed", "withheld"."""

    outcome: str
    number: str
    amount_minor: int
    balance_minor: int
    reason: str
    next_person: str


@dataclass(frozen=True)
class FactsView:
    """The right column: what stays true for the whole transaction. Empty strings are not shown.

    ``agreements`` are (key, state) with keys of the six agreements ("cash", "voucher", "book", …) and states
    "agree", "differ", "open".
    """

    account_number: str = ""
    holder_name: str = ""
    match: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    capitals: str = ""
    capitals_state: str = ""
    serials_read: int = 0
    serials_unread: int = 0
    agreements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TransactionView:
    """One transaction at its step. ``blind`` when nothing but the voucher may show amount or account."""

    transaction_id: str
    number: str
    code: str
    title: Text
    steps: tuple[StepView, ...]
    step: str
    kind: StepKind | None
    step_title: Text
    owner: Owner
    rule: Text
    phrase: Text
    second_person_reason: Text | None
    page: PageView
    facts: FactsView
    blind: bool
    posted: bool
    seat: PersonView | None
    given_back: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class ParkedView:
    transaction_id: str
    number: str
    title: Text
    step_title: Text


@dataclass(frozen=True)
class ItemView:
    item_id: str
    kind: str
    number: str
    next_person: str


@dataclass(frozen=True)
class CustomerView:
    """The second screen. ``state``: "welcome", "checking", "counting", "confirm" (two large answers),
    "posting", "printing", "done", "paused". Amount and rows are empty until there is something to check."""

    state: str
    title: Text
    amount_minor: int | None
    capitals: str
    masked_name: str
    masked_number: str
    rows: tuple[CashRowView, ...]
    desk_label: str
    staff_no: str


@dataclass(frozen=True)
class MenuEntry:
    """A procedure the signed-on person may start."""

    procedure: str
    code: str
    title: Text


@dataclass(frozen=True)
class DeskSnapshot:
    """All a face needs to draw the desk at one moment (devices come beside, as DeviceStatus)."""

    branch: Text
    desk_label: str
    business_date: str
    training: bool
    teller: PersonView | None
    staff: tuple[PersonView, ...]
    transaction: TransactionView | None
    parked: tuple[ParkedView, ...]
    items: tuple[ItemView, ...]
    menu: tuple[MenuEntry, ...]
    customer: CustomerView
    done_today: int
    machines: tuple[PlaceFacts, ...] = ()
