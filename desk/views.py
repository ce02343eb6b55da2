"""Immutable snapshots that any face draws: what a page must show, and nothing else.

Holds values only. A view names texts by key (``resources/i18n``) or carries a bilingual ``Text`` from the
procedure; amounts come in minor units, numbers of accounts as plain digits, and the face formats them. What a
person must not see yet (blind re-keying, the customer's screen) is absent from the view, not hidden by the face.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.documents.document import Document
from desk.domain.procedure_kinds import Owner, StepKind, Text
from desk.domain.refusals import Refusal
from desk.machines import PlaceFacts

NOTHING = Text("", "")


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
    """A checklist line. ``kind`` "automatic"|"attested"|"both"; ``state`` "pass"|"fail"|"warn"|"open"; ``key`` e.g. 1
    for Alt+1 (0 when automatic); ``seen`` says what was seen, who and when once it is ticked. ``ask`` is the
    question in the form's words and ``region`` where on the paper to look; ``say`` and ``then`` what a teller says
    to the customer when it fails, and does next; ``hasty``: ticked faster than anyone can look; ``unconfirmed``: the
    rule awaits the bank's word."""

    check: str
    title: Text
    kind: str
    state: str
    key: int
    seen: str
    source: str
    ask: Text = NOTHING
    region: str = ""
    say: Text = NOTHING
    then: Text = NOTHING
    hasty: bool = False
    unconfirmed: bool = False


@dataclass(frozen=True)
class ScanView:
    """A picture laid beside the voucher, as PNG; ``side`` "front", "back" or "document"."""

    side: str
    png: bytes
    width_px: int
    height_px: int


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
    scans: tuple[ScanView, ...] = ()


@dataclass(frozen=True)
class FormChoice:
    """A form that may be examined; ``uses`` are "cash" and "transfer" where it serves either, else empty."""

    form: str
    title: Text
    uses: tuple[str, ...]


@dataclass(frozen=True)
class FieldView:
    """A field of the form: ``kind`` as in ``desk.domain.voucher_form``; ``value`` as keyed."""

    field: str
    title: Text
    kind: str
    required: bool
    value: str


@dataclass(frozen=True)
class VoucherPageView(PageView):
    """Examining a voucher: choose ``form``, key ``fields``, attach ``scans``, answer what is open. ``version_no`` 0
    until it was keyed. ``problem`` is what stands in the way now; ``candidates`` may take a warning on as the second
    person; ``reasons`` are the usual reasons for a refusal (code, words), those that the failed checks suggest
    first."""

    forms: tuple[FormChoice, ...]
    form: str
    use: str
    fields: tuple[FieldView, ...]
    checks: tuple[CheckView, ...]
    scans: tuple[ScanView, ...]
    version_no: int
    ready: bool
    problem: Refusal | None
    warnings: tuple[str, ...]
    candidates: tuple[PersonView, ...]
    reasons: tuple[tuple[str, Text], ...]
    business_date: str


@dataclass(frozen=True)
class SealView(PageView):
    """The voucher's seal under the reserved specimen. ``first``: who compared before and what they said.
    ``next_person`` 1 (the maker) or 2 (one of ``candidates``). ``problem``: no picture, or no specimen."""

    specimen: bytes
    scan: ScanView | None
    maker: PersonView | None
    first: tuple[PersonView, str] | None
    next_person: int
    candidates: tuple[PersonView, ...]
    problem: Refusal | None


@dataclass(frozen=True)
class ConcludeView(PageView):
    """All that was found; ``ready`` when the voucher may be accepted, else ``problem`` says why not."""

    form_title: Text
    checks: tuple[CheckView, ...]
    match: str
    ready: bool
    problem: Refusal | None
    reasons: tuple[tuple[str, Text], ...]
    reviewers: tuple[PersonView, ...]
    statement_due: bool


@dataclass(frozen=True)
class GiveBackView(PageView):
    """The refused voucher goes back: why, and with which paper. ``paper`` "none", "due", "unknown" (it went out,
    nobody saw it yet) or "done"; ``document`` is the statement. ``kept``: it is not handed back before a supervisor
    decided."""

    reason: Text
    grounds: tuple[Text, ...]
    say: tuple[Text, ...]
    paper: str
    document: Document | None
    kept: bool
    next_person: str


@dataclass(frozen=True)
class WithheldNoteView:
    """A note to withhold: ``custody`` "stamp", "bag" or "send_on" as the rules ask; ``secured`` once it was."""

    note_id: str
    ordinal: int
    denomination_minor: int
    currency: str
    custody: str
    secured: bool
    series: str = ""
    serial: str = ""
    bag_no: str = ""


@dataclass(frozen=True)
class WithholdView(PageView):
    """``stage`` is what comes next: "secure", "certificate", "paper", "answer", "rights", "custody". ``paper`` as in
    ``GiveBackView``; ``report_due`` why police and central bank are told at once, ``grounds`` what else could be a
    reason (code, words); ``series`` and ``documents`` to choose from."""

    stage: str
    notes: tuple[WithheldNoteView, ...]
    certificate_no: str
    document: Document | None
    paper: str
    answer: str
    rights: tuple[Text, ...]
    report_due: tuple[tuple[str, Text], ...]
    grounds: tuple[tuple[str, Text], ...]
    reported: bool
    documents: tuple[tuple[str, Text], ...]
    holder_name: str
    custodians: tuple[PersonView, ...]


@dataclass(frozen=True)
class NameMatchView(PageView):
    """``explained`` are the typed reasons in words, ``say`` and ``then`` what to tell the customer and to do.
    ``may_settle``: only the writing differs, so the teller and one of ``authorisers`` may compare it with one of
    ``documents``."""

    written_number: str
    written_name: str
    account_number: str
    account_name: str
    number_agrees: bool
    result: str
    reasons: tuple[str, ...]
    way: str
    explained: tuple[tuple[str, Text], ...] = ()
    say: Text = NOTHING
    then: Text = NOTHING
    may_settle: bool = False
    documents: tuple[str, ...] = ()
    authorisers: tuple[PersonView, ...] = ()
    settled_by: str = ""


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
class PackView:
    """A rule pack in force: ``name`` such as "cn.thresholds/1"; dates ISO, ``valid_to`` "" when open."""

    name: str
    title: Text
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class RuleView:
    """A rule that awaits the bank's word."""

    rule: str
    title: Text
    source: str
    confidence: str
    pack: str


@dataclass(frozen=True)
class RulesView:
    """The rules that the desk judges by now: their packs, and which rules of them nobody has confirmed yet."""

    reference: str
    packs: tuple[PackView, ...]
    unconfirmed: tuple[RuleView, ...]


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
    rules: RulesView | None = None
