"""Every event of the desk: frozen, named and versioned by us, folded for ever.

An event says what happened; its head (desk, sequence, business date, UTC, person, …) is the journal's
(``desk.journal.entry``). Personal data never stands in an event: a ``PersonalRef`` points beside the chain
and carries the salted digest of what stands there. A new field needs a default or a new version with an
upcast in ``desk.journal.codec``; a field or name is never removed or reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class PersonalRef:
    """Where a personal record stands beside the chain. ``digest`` is the SHA-256 of its salt and exact bytes,
    ``sealed`` that of its stored, encrypted form (both hex), so that anyone can check it and only the desk read it."""

    record_id: str
    digest: str
    sealed: str


@dataclass(frozen=True)
class Row:
    """A cash row in an event."""

    denomination_minor: int
    pieces: int


@dataclass(frozen=True)
class LedgerLine:
    """One side of a posting. ``side`` is "debit" or "credit"; ``account_id`` is internal, not the number."""

    account_id: str
    side: str
    amount_minor: int


class Event:
    """Base of all events: a stable name and a version."""

    name: ClassVar[str]
    version: ClassVar[int] = 1


# --- the desk, its people and its day ------------------------------------------------------------------


@dataclass(frozen=True)
class DeskEnrolled(Event):
    """First entry of a chain: the desk's certificate and its label ("3号柜" is a label, the key is the id)."""

    name: ClassVar[str] = "desk.enrolled"
    label: str
    certificate: str
    branch_certificate: str
    training: bool


@dataclass(frozen=True)
class PersonEnrolled(Event):
    """A person's certificate, issued by the branch; the only way a signer comes into being."""

    name: ClassVar[str] = "person.enrolled"
    staff_no: str
    roles: tuple[str, ...]
    qualifications: tuple[str, ...]
    person: PersonalRef
    certificate: str


@dataclass(frozen=True)
class PersonRevoked(Event):
    """A person's certificate no longer signs."""

    name: ClassVar[str] = "person.revoked"
    staff_no: str
    reason: str


@dataclass(frozen=True)
class SignedOn(Event):
    """A teller took the desk."""

    name: ClassVar[str] = "person.signed_on"
    staff_no: str


@dataclass(frozen=True)
class SignOnRefused(Event):
    """A wrong password or an unknown person; only the staff number typed is kept."""

    name: ClassVar[str] = "person.sign_on_refused"
    staff_no: str
    refusal_number: int


@dataclass(frozen=True)
class DayOpened(Event):
    """The branch's business date on this desk."""

    name: ClassVar[str] = "day.opened"
    business_date: str


@dataclass(frozen=True)
class DrawerOpened(Event):
    """The teller's drawer (尾箱) with what two people counted into it."""

    name: ClassVar[str] = "drawer.opened"
    drawer_id: str
    account_id: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class MachineBound(Event):
    """A place on the counter ("printer", "counter", "detector", "receipts") belongs to this machine from now on.

    ``identity`` is how surely it can be told ("serial_number", "model", "usb_path", "none"), ``value`` what it says,
    ``port`` the lasting name of its line. At set-up nobody signs; afterwards teller and supervisor both do, each over
    the same facts, and ``replaces`` names the binding that ends. ``binding_id`` is the nonce of both statements."""

    name: ClassVar[str] = "machine.bound"
    binding_id: str
    place: str
    model: str
    identity: str
    value: str
    port: str
    replaces: str = ""
    staff_no: str = ""
    statement: str = ""
    signature: str = ""
    second_person: str = ""
    second_statement: str = ""
    second_signature: str = ""


@dataclass(frozen=True)
class MachineConfirmed(Event):
    """A machine that cannot say who it is was looked at: the teller says that it is the one. Until its line closes."""

    name: ClassVar[str] = "machine.confirmed"
    place: str
    binding_id: str


@dataclass(frozen=True)
class AdoptedPack:
    """A rule pack in an event: its file's name, its exact text, and the bank's signature over it with the signer's
    certificate (``desk.journal.pack_seal``)."""

    file: str
    text: str
    certificate: str
    signature: str


@dataclass(frozen=True)
class RulesAdopted(Event):
    """From now on this desk judges by these packs, all of them together; what began before keeps its own."""

    name: ClassVar[str] = "rules.adopted"
    region: str
    packs: tuple[AdoptedPack, ...]


@dataclass(frozen=True)
class SpecimenReserved(Event):
    """The reserved seal specimen (预留印鉴) of an account; the picture beside the chain."""

    name: ClassVar[str] = "account.specimen_reserved"
    account_id: str
    specimen: PersonalRef


@dataclass(frozen=True)
class AccountOpened(Event):
    """An account known to the embedded ledger. ``side`` is its normal side, ``kind`` e.g. "current_savings"."""

    name: ClassVar[str] = "account.opened"
    account_id: str
    kind: str
    side: str
    currency: str
    status: str = "open"
    customer_id: str = ""
    holder: PersonalRef | None = None


@dataclass(frozen=True)
class PassbookIssued(Event):
    """A book for an account: where its next line is, and up to which entry of the account it is printed."""

    name: ClassVar[str] = "passbook.issued"
    account_id: str
    book: PersonalRef
    book_id: str
    form: str
    next_page: int
    next_line: int
    printed_through: int


@dataclass(frozen=True)
class HistoryPosted(Event):
    """A posting taken over from before this desk's journal began (opening history)."""

    name: ClassVar[str] = "ledger.history_posted"
    posting_id: str
    value_date: str
    summary: str
    lines: tuple[LedgerLine, ...]


# --- a transaction --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TransactionStarted(Event):
    """A procedure began for a customer; the procedure is pinned by the digest of its file, the rules by the reference
    of their set ("" in records of before there were sets)."""

    name: ClassVar[str] = "transaction.started"
    number: str
    procedure: str
    procedure_digest: str
    control_mode: str
    review_limit_minor: int
    hand_limit_minor: int
    maker: str
    first_step: str
    rules: str = ""


@dataclass(frozen=True)
class StepPassed(Event):
    """The only event that moves a transaction: ``step`` ended with ``outcome``, ``to`` is next, or "end:<outcome>".
    ``reason`` when a person sent the work back from here."""

    name: ClassVar[str] = "step.passed"
    step: str
    outcome: str
    to: str
    reason: str = ""


@dataclass(frozen=True)
class CustomerIdentified(Event):
    """The account the book names, and how the customer was recognised."""

    name: ClassVar[str] = "customer.identified"
    account_id: str
    customer_id: str
    account: PersonalRef
    book_id: str
    by: str


@dataclass(frozen=True)
class SlipRecorded(Event):
    """What a voucher says; what is personal of it beside the chain. ``form`` is the voucher type code, ``asked`` are
    the checks that a person answers on this form, where the procedure leaves them to it; ``use`` is "cash" or
    "transfer" where the form may serve for either."""

    name: ClassVar[str] = "slip.recorded"
    version_no: int
    form: str
    currency: str
    amount_minor: int
    slip_date: str
    rows: tuple[Row, ...]
    source: str
    written: PersonalRef
    asked: tuple[str, ...] = ()
    use: str = ""
    serial: str = ""


@dataclass(frozen=True)
class ScanAttached(Event):
    """A picture of the voucher was laid beside it: ``side`` "front", "back" or "document"."""

    name: ClassVar[str] = "voucher.scan_attached"
    scan: PersonalRef
    side: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class CheckRecorded(Event):
    """One line of the checklist: who judged it, how, and what was seen. ``looked_ms``: how long a person had it before
    them; ``hasty``: shorter than the rules think anyone can look."""

    name: ClassVar[str] = "check.recorded"
    check: str
    kind: str
    outcome: str
    seen: str
    rule: str
    looked_ms: int = 0
    hasty: bool = False


@dataclass(frozen=True)
class WarningAccepted(Event):
    """What the rules only warn of was taken on by the teller for ``reason``, and by a second person, who signs with the
    act "accept_warning" over ``desk.facts.warning_digest``, ``warning_id`` being its nonce."""

    name: ClassVar[str] = "check.warning_accepted"
    warning_id: str
    check: str
    reason: str
    second_person: str
    statement: str
    signature: str


@dataclass(frozen=True)
class SealCompared(Event):
    """One person laid the reserved specimen over the voucher's seal and says "agrees", "differs" or "unsure", signed
    with the act "seal" over ``desk.facts.seal_digest``, ``comparison_id`` being its nonce. The numbers say how the
    specimen lay when they decided."""

    name: ClassVar[str] = "seal.compared"
    comparison_id: str
    staff_no: str
    verdict: str
    specimen: PersonalRef
    scan: PersonalRef
    dx_px: int
    dy_px: int
    rotation_centidegrees: int
    scale_permille: int
    statement: str
    signature: str


@dataclass(frozen=True)
class VoucherRefused(Event):
    """The voucher was refused: ``grounds`` are the checks it failed, ``reason`` the usual reason (RF-…).
    ``statement_no`` and ``digest`` name the return-reason statement that was made, both "" where it was given back
    before acceptance. ``kept``: it is not handed back before a supervisor decided (RF-4)."""

    name: ClassVar[str] = "voucher.refused"
    grounds: tuple[str, ...]
    reason: str
    remark: str = ""
    statement_no: str = ""
    digest: str = ""
    kept: bool = False
    paper: PersonalRef | None = None


@dataclass(frozen=True)
class PaperHandedOut(Event):
    """A paper of the desk (return-reason statement, certificate) went to the system's print queue or into a file:
    ``outcome`` is "unknown" until a person says that it lies there ("done") or does not ("not_done")."""

    name: ClassVar[str] = "paper.handed_out"
    document_no: str
    digest: str
    way: str
    outcome: str
    copy_no: int = 1


@dataclass(frozen=True)
class NameMatched(Event):
    """The typed result of comparing number and name (counter-rules §2.3); both strings kept beside."""

    name: ClassVar[str] = "name.matched"
    number_agrees: bool
    result: str
    reasons: tuple[str, ...]
    compared: PersonalRef


@dataclass(frozen=True)
class NameOverridden(Event):
    """The doubt about a name's writing (NEAR_E) was settled: teller and supervisor compared it with ``document`` and
    both signed, over ``desk.facts.override_digest`` with ``override_id`` as nonce. What they saw stands in
    ``evidence``."""

    name: ClassVar[str] = "name.overridden"
    override_id: str
    document: str
    evidence: PersonalRef
    staff_no: str = ""
    statement: str = ""
    signature: str = ""
    second_person: str = ""
    second_statement: str = ""
    second_signature: str = ""


@dataclass(frozen=True)
class BatchCounted(Event):
    """A count entered the record; it is not yet money. ``evidence`` is the digest of the machine's frames."""

    name: ClassVar[str] = "batch.counted"
    batch_id: str
    source: str
    stage: str
    currency: str
    rows: tuple[Row, ...]
    rejected_pieces: int
    complete: bool
    device_id: str
    evidence: str
    serials_read: int
    serials_unread: int
    problem: str = ""


@dataclass(frozen=True)
class CountCleared(Event):
    """The counts of a stage so far are set aside for a recount; they stay on record."""

    name: ClassVar[str] = "count.cleared"
    stage: str
    batch_ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class CountAccepted(Event):
    """A person accepted these batches as the cash of this transaction."""

    name: ClassVar[str] = "count.accepted"
    stage: str
    batch_ids: tuple[str, ...]
    total_minor: int


@dataclass(frozen=True)
class NoteReferred(Event):
    """A rejected or suspect note leaves the count for the detector and two people."""

    name: ClassVar[str] = "note.referred"
    note_id: str
    batch_id: str


@dataclass(frozen=True)
class NoteRead(Event):
    """What the detector said about a referred note: evidence, never a verdict (CF-16). ``returned``: it confirmed that
    it gave the note back; else somebody must look into it."""

    name: ClassVar[str] = "note.read"
    note_id: str
    reading_id: str
    device_id: str
    note_class: str
    denomination_minor: int
    evidence: str
    returned: bool = True


@dataclass(frozen=True)
class VerdictGiven(Event):
    """One trained person's verdict over a referred note, "genuine" or "counterfeit", with their signature."""

    name: ClassVar[str] = "note.verdict_given"
    note_id: str
    staff_no: str
    verdict: str
    denomination_minor: int
    statement: str
    signature: str


@dataclass(frozen=True)
class NoteJudged(Event):
    """Two verdicts met. ``outcome``: "genuine" (a batch of its own follows), "counterfeit" (withheld),
    "differ" (to the supervisor)."""

    name: ClassVar[str] = "note.judged"
    note_id: str
    outcome: str


@dataclass(frozen=True)
class NoteSecured(Event):
    """A withheld note or coin was made unusable in the holder's sight: ``custody`` "stamp", "bag" or "send_on" as the
    rules ask, with what stands on it. ``bag_no`` where it lies in a bag."""

    name: ClassVar[str] = "note.secured"
    note_id: str
    custody: str
    currency: str
    coin: bool
    denomination_minor: int
    series: str
    serial: str
    bag_no: str = ""


@dataclass(frozen=True)
class WithholdingCertified(Event):
    """The withholding certificate (假币收缴凭证) of these notes: ``digest`` is the paper's. ``holder_kind``
    "individual" or "entity"; who it is stands beside the chain."""

    name: ClassVar[str] = "withholding.certified"
    certificate_no: str
    note_ids: tuple[str, ...]
    holder_kind: str
    holder: PersonalRef
    digest: str


@dataclass(frozen=True)
class HolderAnswered(Event):
    """The holder signed the certificate, or refused to ("signed", "refused"), which is noted on it."""

    name: ClassVar[str] = "withholding.holder_answered"
    certificate_no: str
    answer: str


@dataclass(frozen=True)
class RightsRead(Event):
    """The holder was told of the appraisal within three working days and the review within sixty days (CF-6)."""

    name: ClassVar[str] = "withholding.rights_read"
    certificate_no: str


@dataclass(frozen=True)
class WithholdingReported(Event):
    """Police and the central bank's branch were told at once, for these ``grounds`` (CF-8)."""

    name: ClassVar[str] = "withholding.reported"
    certificate_no: str
    grounds: tuple[str, ...]
    police: str
    central_bank: str


@dataclass(frozen=True)
class NotesInCustody(Event):
    """Another person than keeps the register took the notes, and signs with the act "custody" over
    ``desk.facts.custody_digest``, the certificate's number being its nonce (账实分管)."""

    name: ClassVar[str] = "withholding.in_custody"
    certificate_no: str
    staff_no: str
    statement: str
    signature: str


@dataclass(frozen=True)
class FactsFrozen(Event):
    """The canonical facts as they will be shown and signed; ``nonce`` binds signatures to this request."""

    name: ClassVar[str] = "facts.frozen"
    facts: PersonalRef
    digest: str
    nonce: str
    language: str
    template: str
    statement: str
    signature: str


@dataclass(frozen=True)
class KeyElementsRekeyed(Event):
    """The second person keyed amount and last four blind; only whether they agreed is kept."""

    name: ClassVar[str] = "review.rekeyed"
    staff_no: str
    agreed: bool
    differing: tuple[str, ...]


@dataclass(frozen=True)
class Countersigned(Event):
    """One self-contained signed statement (DESIGN §5) by the second person."""

    name: ClassVar[str] = "review.countersigned"
    staff_no: str
    act: str
    digest: str
    nonce: str
    statement: str
    signature: str


@dataclass(frozen=True)
class ReviewReturned(Event):
    """The reviewer gave the work back (outcome "returned") or refused it ("rejected"), with a reason."""

    name: ClassVar[str] = "review.returned"
    staff_no: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class CustomerConfirmed(Event):
    """The customer agreed to what was shown; ``modality`` is "touch", "paper" or "spoken"."""

    name: ClassVar[str] = "customer.confirmed"
    modality: str
    digest: str


@dataclass(frozen=True)
class CustomerDisagreed(Event):
    """The customer said no, or left ("left")."""

    name: ClassVar[str] = "customer.disagreed"
    outcome: str
    reason: str


@dataclass(frozen=True)
class DepositPosted(Event):
    """The posting, committed together with this event. ``entry_no`` numbers the account's entries from 1."""

    name: ClassVar[str] = "deposit.posted"
    posting_id: str
    account_id: str
    entry_no: int
    summary: str
    value_date: str
    lines: tuple[LedgerLine, ...]
    balance_after_minor: int
    facts_digest: str


@dataclass(frozen=True)
class PrintPrepared(Event):
    """A print job written down before any byte leaves. ``entry_nos`` are the account entries, one per line. A job that
    ``replaces`` another prints lines a person saw missing: ``second_person`` permitted it by a signed statement of the
    act "print_again", over ``desk.facts.print_again_digest`` and with this job's id as nonce.

    ``cursor`` is the policy in force: "on_proof", or "on_handout" when the book's cursor and mark moved with this
    event. ``covers``, where a line stands for several entries: all of them, line by line, ``entry_nos`` being the last
    of each; ``compression`` and ``threshold`` say what allowed it. ``seen_by``: no stripe said whose book it is, this
    person looked."""

    name: ClassVar[str] = "print.prepared"
    job_id: str
    book_id: str
    digest: str
    page: int
    first_line: int
    entry_nos: tuple[int, ...]
    lines: tuple[int, ...]
    job: PersonalRef
    replaces: str = ""
    second_person: str = ""
    statement: str = ""
    signature: str = ""
    cursor: str = "on_proof"
    covers: tuple[tuple[int, ...], ...] = ()
    compression: str = "never"
    threshold: int = 0
    seen_by: str = ""

    @property
    def carried(self) -> tuple[tuple[int, ...], ...]:
        """The entries each line stands for."""
        return self.covers or tuple((entry_no,) for entry_no in self.entry_nos)


@dataclass(frozen=True)
class PageTurned(Event):
    """A person opened the book at another page, before its next job."""

    name: ClassVar[str] = "passbook.page_turned"
    book_id: str
    page: int


@dataclass(frozen=True)
class CursorAdjusted(Event):
    """行位调整: the book's next line was moved forward by hand; no entry was printed by it. ``second_person`` permitted
    it by a signed statement of the act "adjust_cursor", over ``desk.facts.cursor_digest``, ``move_id`` being its
    nonce."""

    name: ClassVar[str] = "passbook.cursor_adjusted"
    move_id: str
    book_id: str
    from_page: int
    from_line: int
    page: int
    line: int
    second_person: str
    statement: str
    signature: str


@dataclass(frozen=True)
class PrintClosed(Event):
    """How the job ended as far as the machine could prove: outcome of the whole, lines proved."""

    name: ClassVar[str] = "print.closed"
    job_id: str
    outcome: str
    lines_proved: int
    evidence: str
    error_number: int = 0


@dataclass(frozen=True)
class PrintSettled(Event):
    """A person looked at the page: the first ``lines_seen`` lines of the job are on it. ``printer_stopped``: they said
    that the printer stood still, which it could not say itself."""

    name: ClassVar[str] = "print.settled"
    job_id: str
    lines_seen: int
    statement: str = ""
    signature: str = ""
    second_person: str = ""
    printer_stopped: bool = False


@dataclass(frozen=True)
class ReceiptPrepared(Event):
    """A receipt (回单) job written down before its bytes leave."""

    name: ClassVar[str] = "receipt.prepared"
    job_id: str
    digest: str


@dataclass(frozen=True)
class ReceiptPrinted(Event):
    """How a receipt job ended."""

    name: ClassVar[str] = "receipt.printed"
    job_id: str
    outcome: str


@dataclass(frozen=True)
class ItemOpened(Event):
    """Something that must not end silently: "disputed", "print_unknown", "withheld_note", "book_full". Names who is
    next."""

    name: ClassVar[str] = "item.opened"
    item_id: str
    kind: str
    next_person: str
    reason: str


@dataclass(frozen=True)
class ItemClosed(Event):
    """An open item found its end."""

    name: ClassVar[str] = "item.closed"
    item_id: str
    resolution: str


@dataclass(frozen=True)
class TransactionParked(Event):
    """Set aside, to be resumed at the same step."""

    name: ClassVar[str] = "transaction.parked"
    reason: str


@dataclass(frozen=True)
class TransactionResumed(Event):
    """Taken up again."""

    name: ClassVar[str] = "transaction.resumed"


@dataclass(frozen=True)
class TransactionCancelled(Event):
    """Ended before posting; cash and voucher went back to the customer."""

    name: ClassVar[str] = "transaction.cancelled"
    reason: str
    step: str


@dataclass(frozen=True)
class HandedOver(Event):
    """Book and receipt went to the customer, the voucher into the box; the transaction is archived."""

    name: ClassVar[str] = "transaction.handed_over"
    customer_agreed: bool
    voucher_no: str


@dataclass(frozen=True)
class PersonalErased(Event):
    """A personal record was erased when the law said so; the chain still verifies."""

    name: ClassVar[str] = "personal.erased"
    record_id: str
    ground: str


@dataclass(frozen=True)
class UnknownEvent(Event):
    """A newer desk's event: verified and shown as newer, never acted on. Never written."""

    name: ClassVar[str] = "unknown"
    event_name: str
    event_version: int


DESK_EVENTS: tuple[type[Event], ...] = (
    DeskEnrolled, PersonEnrolled, PersonRevoked, SignedOn, SignOnRefused, DayOpened, DrawerOpened, AccountOpened,
    PassbookIssued, HistoryPosted, PersonalErased, MachineBound, MachineConfirmed, RulesAdopted,
    SpecimenReserved,
)  # fmt: skip
"""They belong to the desk and its ledger; no transaction changes by them."""

TRANSACTION_EVENTS: tuple[type[Event], ...] = (
    TransactionStarted, StepPassed, CustomerIdentified, SlipRecorded,
    CheckRecorded, ScanAttached, WarningAccepted, SealCompared, VoucherRefused, PaperHandedOut, NameMatched,
    NameOverridden, BatchCounted, CountCleared, CountAccepted, NoteReferred, NoteRead,
    VerdictGiven, NoteJudged, NoteSecured, WithholdingCertified, HolderAnswered, RightsRead, WithholdingReported,
    NotesInCustody, FactsFrozen, KeyElementsRekeyed, Countersigned, ReviewReturned, CustomerConfirmed,
    CustomerDisagreed, DepositPosted, PageTurned, CursorAdjusted, PrintPrepared, PrintClosed, PrintSettled,
    ReceiptPrepared, ReceiptPrinted, ItemOpened, ItemClosed, TransactionParked, TransactionResumed,
    TransactionCancelled, HandedOver,
)  # fmt: skip
"""Each has its fold in ``desk.domain.transaction``."""

EVENTS: tuple[type[Event], ...] = (*DESK_EVENTS, *TRANSACTION_EVENTS)
