"""What may be done to a transaction, with everything it needs brought in as values.

A face's command (``desk.commands``) says what a person wants; the session turns it into one of these acts by
adding what only it can know: people, accounts read, machine batches, verified signatures, identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.account_name import NameMatch
from desk.domain.book_cursor import Place
from desk.domain.cash import CashBatch, CashRow
from desk.domain.events import LedgerLine, PersonalRef
from desk.domain.people import Person
from desk.domain.procedure_kinds import ControlMode
from desk.domain.seal_placement import SealPlacement
from desk.domain.voucher import DepositSlip
from desk.rules.voucher_rules import CheckResult


class Act:
    """Base of all acts."""


@dataclass(frozen=True)
class Begin(Act):
    number: str
    control_mode: ControlMode
    review_limit_minor: int
    hand_limit_minor: int
    rules: str = ""


@dataclass(frozen=True)
class Identify(Act):
    """The account the book names; ``status`` as the core bank tells it now."""

    account_id: str
    customer_id: str
    status: str
    account: PersonalRef
    book_id: str


@dataclass(frozen=True)
class ConfirmIdentity(Act):
    presence: str


@dataclass(frozen=True)
class WriteSlip(Act):
    """A slip and what the rules said of it. The slip's name and number stand in ``written``."""

    slip: DepositSlip
    written: PersonalRef
    results: tuple[CheckResult, ...]


@dataclass(frozen=True)
class Tick(Act):
    """``looked_ms``: how long the item lay before the person; ``look_ms``: the least in which anyone can look."""

    check: str
    passed: bool
    seen: str
    rule: str
    looked_ms: int = 0
    look_ms: int = 0


@dataclass(frozen=True)
class FoundAccount:
    """The account a voucher names, as the core bank has it."""

    account_id: str
    customer_id: str
    account: PersonalRef
    book_id: str


@dataclass(frozen=True)
class KeyVoucher(Act):
    """A voucher of any form and what the rules said of it; what it says stands in ``written``, ``asked`` are the checks
    that a person answers on this form. ``account`` None where the number names none."""

    form: str
    use: str
    currency: str
    amount_minor: int
    voucher_date: str
    written: PersonalRef
    asked: tuple[str, ...]
    results: tuple[CheckResult, ...]
    account: FoundAccount | None
    serial: str = ""


@dataclass(frozen=True)
class AttachScan(Act):
    scan: PersonalRef
    side: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class AcceptWarning(Act):
    warning_id: str
    check: str
    reason: str
    second: SecondPrint


@dataclass(frozen=True)
class PassVoucher(Act):
    pass


@dataclass(frozen=True)
class CompareSeal(Act):
    """One person's comparison; ``signed`` binds it. ``rule`` is the check's reference."""

    comparison_id: str
    verdict: str
    placement: SealPlacement
    specimen: PersonalRef
    scan: PersonalRef
    rule: str
    signed: SignedBy


@dataclass(frozen=True)
class RefuseVoucher(Act):
    """``reason`` an RF code; ``statement_no`` and ``digest`` of the statement that was made, if one is due."""

    grounds: tuple[str, ...]
    reason: str
    remark: str
    statement_no: str
    digest: str
    kept: bool
    item_id: str
    next_person: str
    paper: PersonalRef | None = None


@dataclass(frozen=True)
class Conclude(Act):
    pass


@dataclass(frozen=True)
class GiveVoucherBack(Act):
    pass


@dataclass(frozen=True)
class RecordPaper(Act):
    document_no: str
    digest: str
    way: str
    outcome: str


@dataclass(frozen=True)
class PassSlip(Act):
    pass


@dataclass(frozen=True)
class MatchName(Act):
    """What ``desk.rules.name_rules`` found; both strings stand in ``compared``."""

    number_agrees: bool
    match: NameMatch
    compared: PersonalRef


@dataclass(frozen=True)
class PassMatch(Act):
    """Go on from an agreement that stands on record."""


@dataclass(frozen=True)
class OverrideName(Act):
    """Two people compared a name of doubtful writing with ``document``: the maker's and the authoriser's signatures,
    each proved; what they saw stands in ``evidence``."""

    override_id: str
    document: str
    evidence: PersonalRef
    authoriser: Person
    made: SignedBy
    authorised: SignedBy


@dataclass(frozen=True)
class ReturnToSlip(Act):
    reason: str


@dataclass(frozen=True)
class AddBatch(Act):
    """``used_elsewhere``: another transaction already accepted this batch."""

    batch: CashBatch
    used_elsewhere: bool


@dataclass(frozen=True)
class AddHandCount(Act):
    batch_id: str
    currency: str
    rows: tuple[CashRow, ...]


@dataclass(frozen=True)
class ClearCount(Act):
    reason: str


@dataclass(frozen=True)
class AcceptCount(Act):
    pass


@dataclass(frozen=True)
class ReferNote(Act):
    note_id: str


@dataclass(frozen=True)
class WithholdNotes(Act):
    pass


@dataclass(frozen=True)
class SecureNote(Act):
    """``due`` is the custody that the rules ask for this note; ``custody`` what the person did."""

    note_id: str
    custody: str
    due: str
    currency: str
    coin: bool
    denomination_minor: int
    series: str
    serial: str
    bag_no: str


@dataclass(frozen=True)
class CertifyWithholding(Act):
    """The certificate's paper was made, with every field the rules require: ``digest`` is its."""

    certificate_no: str
    holder_kind: str
    holder: PersonalRef
    digest: str


@dataclass(frozen=True)
class HolderAnswer(Act):
    answer: str


@dataclass(frozen=True)
class ReadRights(Act):
    pass


@dataclass(frozen=True)
class ReportWithholding(Act):
    """Whom the branch told, by name or number; ``grounds`` are those of CF-8 that apply."""

    grounds: tuple[str, ...]
    police: str
    central_bank: str


@dataclass(frozen=True)
class TakeCustody(Act):
    """``report_due``: the grounds on which the rules ask for a report, as they stand now."""

    custodian: Person
    signed: SignedBy
    report_due: tuple[str, ...]


@dataclass(frozen=True)
class ReadNote(Act):
    note_id: str
    reading_id: str
    device_id: str
    note_class: str
    denomination_minor: int
    evidence: str
    returned: bool = True


@dataclass(frozen=True)
class SignedBy(Act):
    """A signature that was checked against certificate and trust: whose it is and what it binds.

    ``digest`` and ``nonce`` are those inside the signed statement, never the caller's.
    """

    staff_no: str
    act: str
    transaction: str
    digest: str
    nonce: str
    statement: str
    signature: str

    def binds(self, staff_no: str, act: str, transaction: str, digest: str, nonce: str) -> bool:
        """Whether it is this person's, for this act, in this transaction, over exactly this, for this request."""
        said = (self.staff_no, self.act, self.transaction, self.digest, self.nonce)
        return said == (staff_no, act, transaction, digest, nonce)


UNSIGNED = SignedBy("", "", "", "", "", "", "")
"""Stands where a signature will, while what it is over is still being made."""


@dataclass(frozen=True)
class GiveVerdict(Act):
    """``expected_digest`` is the digest of the verdict as shown; the signature must bind exactly that."""

    note_id: str
    verdict: str
    denomination_minor: int
    expected_digest: str
    signed: SignedBy
    batch_id: str
    item_id: str
    next_person: str


@dataclass(frozen=True)
class FreezeFacts(Act):
    facts: PersonalRef
    digest: str
    nonce: str
    language: str
    template: str
    signed: SignedBy


@dataclass(frozen=True)
class RekeyElements(Act):
    """What the second person keyed, beside the truth they must not see yet."""

    amount_minor: int
    last_four: str
    true_last_four: str


@dataclass(frozen=True)
class CompareNames(Act):
    agrees: bool
    rule: str


@dataclass(frozen=True)
class SignReview(Act):
    signed: SignedBy
    nonce_used: bool


@dataclass(frozen=True)
class GiveBack(Act):
    outcome: str
    reason: str


@dataclass(frozen=True)
class AnswerOfCustomer(Act):
    agreed: bool
    modality: str
    reason: str
    left: bool


@dataclass(frozen=True)
class PostNow(Act):
    """The core bank's plan (embedded ``Book``) to commit with the event."""

    posting_id: str
    lines: tuple[LedgerLine, ...]
    entry_no: int
    balance_after_minor: int
    value_date: str
    current_status: str
    current_holder_digest: str


@dataclass(frozen=True)
class SecondPrint:
    """Who permits a second print or a move of the cursor, as the session knows them, and what they signed."""

    person: Person
    signed: SignedBy


@dataclass(frozen=True)
class PreparePrint(Act):
    """A job to write down. ``second`` only where it prints lines that a person saw missing. ``covers``, ``cursor``,
    ``compression`` and ``threshold`` as in the event; ``seen_by`` where no stripe said whose book it is."""

    job_id: str
    book_id: str
    digest: str
    page: int
    lines: tuple[int, ...]
    entry_nos: tuple[int, ...]
    job: PersonalRef
    second: SecondPrint | None
    covers: tuple[tuple[int, ...], ...] = ()
    cursor: str = "on_proof"
    compression: str = "never"
    threshold: int = 0
    seen_by: str = ""


@dataclass(frozen=True)
class TurnPage(Act):
    """The book lies open at ``page``. ``due`` is the page that prints next, and its first line there."""

    page: int
    due: tuple[int, int]


@dataclass(frozen=True)
class AdjustCursor(Act):
    """Move the book's next line by hand. ``at`` is where the core has it now, ``seen_at`` where the person who asks saw
    it; ``status`` is the account's, as the core tells it now."""

    move_id: str
    book_id: str
    at: Place
    seen_at: Place
    to: Place
    pages: int
    lines_per_page: int
    status: str
    second: SecondPrint | None


@dataclass(frozen=True)
class LeaveFullBook(Act):
    """Go on without what the book has no line for. ``blank_lines`` it has, ``unprinted_left`` entries wait."""

    blank_lines: int
    unprinted_left: int
    item_id: str


@dataclass(frozen=True)
class ClosePrint(Act):
    """The machine's outcome. ``item_id`` and ``next_person`` name the open question when it is unknown."""

    job_id: str
    outcome: str
    lines_proved: int
    evidence: str
    error_number: int
    unprinted_left: int
    item_id: str
    next_person: str


@dataclass(frozen=True)
class Settle(Act):
    job_id: str
    lines_seen: int
    unprinted_left: int
    printer_stopped: bool = False


@dataclass(frozen=True)
class PassPrint(Act):
    """Nothing is left to print (no book, or every line proved)."""

    unprinted_left: int


@dataclass(frozen=True)
class PrepareReceipt(Act):
    job_id: str
    digest: str


@dataclass(frozen=True)
class CloseReceipt(Act):
    outcome: str


@dataclass(frozen=True)
class Deliver(Act):
    customer_agreed: bool
    reason: str
    voucher_no: str
    item_id: str
    next_person: str


@dataclass(frozen=True)
class ParkNow(Act):
    reason: str


@dataclass(frozen=True)
class ResumeNow(Act):
    pass


@dataclass(frozen=True)
class CancelNow(Act):
    reason: str
