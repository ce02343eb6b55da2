"""The state of one transaction: a frozen value folded from its events by ``apply``, which never refuses.

Holds facts and the fold only. What may happen next is decided in ``desk.procedures``; who may read what is shown
in ``desk.view_builder``. A field is set by exactly one place below, and going back to an earlier step voids what
was built on it (an edit voids every signature: DESIGN §2.3).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desk.domain import events as e
from desk.domain.cash import BatchSource, CashBatch, CashRow, CountStage, merge

OPEN, PARKED, POSTED, ENDED = "open", "parked", "posted", "ended"

HANDED_OUT = "on_handout"
"""The cursor policy of a job by which the book's cursor moved when the job was written down."""


@dataclass(frozen=True)
class Happened:
    """An event with the part of its head that the fold needs."""

    event: e.Event
    person: str
    utc: str


@dataclass(frozen=True)
class CheckState:
    """A checklist line as last recorded: outcome "pass"|"fail"|"warn", who, when, what was seen."""

    check: str
    kind: str
    outcome: str
    seen: str
    rule: str
    person: str
    utc: str
    looked_ms: int = 0
    hasty: bool = False


@dataclass(frozen=True)
class Verdict:
    staff_no: str
    verdict: str
    denomination_minor: int


@dataclass(frozen=True)
class ReferredNote:
    """A rejected note on its way through the detector and two people. ``outcome`` "" until judged."""

    note_id: str
    batch_id: str
    note_class: str = ""
    reading_id: str = ""
    denomination_minor: int = 0
    evidence: str = ""
    verdicts: tuple[Verdict, ...] = ()
    outcome: str = ""
    returned: bool = True


@dataclass(frozen=True)
class Withholding:
    """A certificate on its way: what of it is done. ``answer`` of the holder, ``custodian`` who has the notes."""

    certificate: e.WithholdingCertified
    answer: str = ""
    rights_read: bool = False
    reported: e.WithholdingReported | None = None
    custodian: str = ""


@dataclass(frozen=True)
class PrintJobState:
    """A passbook job. ``outcome`` is "" while bytes may still be moving, then "done"|"not_done"|"unknown";
    ``settled`` once a person said what is on the page; ``lines_on_page`` is what is believed printed. ``handed_out``:
    the book's cursor moved when the job was written down; ``moved``: it was adjusted by hand since."""

    job_id: str
    book_id: str
    page: int
    lines: tuple[int, ...]
    entry_nos: tuple[int, ...]
    job: e.PersonalRef
    outcome: str = ""
    lines_on_page: int = 0
    error_number: int = 0
    settled: bool = False
    handed_out: bool = False
    covers: tuple[tuple[int, ...], ...] = ()
    moved: bool = False

    @property
    def is_question(self) -> bool:
        """Whether a person must look at the page before anything else prints."""
        return not self.settled and self.outcome in ("", "unknown")

    @property
    def carried(self) -> tuple[tuple[int, ...], ...]:
        """The entries each line stands for."""
        return self.covers or tuple((entry_no,) for entry_no in self.entry_nos)

    @property
    def on_page(self) -> frozenset[int]:
        """The entries whose line is believed printed."""
        return frozenset(itertools.chain.from_iterable(self.carried[: self.lines_on_page]))

    @property
    def is_short(self) -> bool:
        """Whether what is not on the page may come there by a second print only: a person saw it missing, or the cursor
        went past it when its rows were handed out."""
        ended = self.settled or (self.handed_out and self.outcome == "not_done")
        return ended and self.lines_on_page < len(self.lines)


@dataclass(frozen=True)
class Transaction:
    """Everything decided and seen so far. ``step`` is where the desk stands ("" when ended); ``given_back`` says who
    gave the work back ("review", "customer") and why, until a new slip is written."""

    transaction_id: str
    number: str = ""
    procedure: str = ""
    procedure_digest: str = ""
    control_mode: str = ""
    review_limit_minor: int = 0
    hand_limit_minor: int = 0
    maker: str = ""
    step: str = ""
    status: str = OPEN
    outcome: str = ""
    reason: str = ""
    given_back: tuple[str, str] = ("", "")
    passed: tuple[tuple[str, str], ...] = ()
    account_id: str = ""
    customer_id: str = ""
    account: e.PersonalRef | None = None
    book_id: str = ""
    slip: e.SlipRecorded | None = None
    checks: Mapping[str, CheckState] = field(default_factory=dict)
    match: e.NameMatched | None = None
    override: e.NameOverridden | None = None
    scans: tuple[e.ScanAttached, ...] = ()
    warnings: Mapping[str, e.WarningAccepted] = field(default_factory=dict)
    seals: tuple[e.SealCompared, ...] = ()
    refused: e.VoucherRefused | None = None
    papers: tuple[e.PaperHandedOut, ...] = ()
    last_utc: str = ""
    batches: tuple[CashBatch, ...] = ()
    current: tuple[str, ...] = ()
    accepted: Mapping[str, e.CountAccepted] = field(default_factory=dict)
    accepted_by: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[ReferredNote, ...] = ()
    secured: Mapping[str, e.NoteSecured] = field(default_factory=dict)
    withholdings: tuple[Withholding, ...] = ()
    facts: e.FactsFrozen | None = None
    rekeyed_by: str = ""
    rekey_differing: tuple[str, ...] = ()
    countersigned: e.Countersigned | None = None
    confirmed: e.CustomerConfirmed | None = None
    posting: e.DepositPosted | None = None
    jobs: tuple[PrintJobState, ...] = ()
    open_items: tuple[e.ItemOpened, ...] = ()
    acted: Mapping[str, str] = field(default_factory=dict)
    first_step: str = ""
    rules: str = ""
    receipt_job: str = ""
    receipt_outcome: str = ""
    turned_to: int = 0

    @property
    def is_posted(self) -> bool:
        return self.posting is not None

    @property
    def is_ended(self) -> bool:
        return self.status == ENDED

    @property
    def names_agree(self) -> bool:
        """Number and name are the account's: the same, or differing in their writing only and settled by two people."""
        if self.match is None or not self.match.number_agrees:
            return False
        settled = self.match.result == "NEAR_E" and self.override is not None
        return settled or self.match.result in ("EXACT", "NORMALISED")

    def batches_of(self, stage: CountStage) -> tuple[CashBatch, ...]:
        """The batches that stand for this stage now, in the order they came."""
        return tuple(b for b in self.batches if b.stage is stage and b.batch_id in self.current)

    def rows_of(self, stage: CountStage) -> tuple[CashRow, ...]:
        """Counted rows of the stage. A judged note was seen by both people: in the second count it stands beside what
        the machine took, unless the machine took it this time and so counted the very cash of the first count."""
        rows = merge(row for batch in self.batches_of(stage) for row in batch.rows)
        if stage is CountStage.FIRST or not rows or rows == self.rows_of(CountStage.FIRST):
            return rows
        return merge((*rows, *self.judged_rows()))

    def judged_rows(self) -> tuple[CashRow, ...]:
        """The notes of the first count that two people judged genuine."""
        first = self.batches_of(CountStage.FIRST)
        return merge(row for batch in first if batch.source is BatchSource.JUDGED for row in batch.rows)

    def rejected_open(self) -> int:
        """Pieces the machine rejected in the last machine count that no one has dealt with yet."""
        machine = [b for b in self.batches_of(CountStage.FIRST) if b.source is BatchSource.MACHINE]
        rejected = sum(b.rejected_pieces for b in machine)
        ids = {b.batch_id for b in machine}
        return max(0, rejected - sum(1 for note in self.notes if note.batch_id in ids))

    def open_note(self) -> ReferredNote | None:
        """The referred note that still waits for its reading or a verdict."""
        return next((note for note in self.notes if not note.outcome), None)

    def withheld_open(self) -> tuple[ReferredNote, ...]:
        """Notes that two people found counterfeit and that nobody has taken into custody yet."""
        kept = {note_id for one in self.withholdings if one.custodian for note_id in one.certificate.note_ids}
        return tuple(
            note for note in self.notes if note.outcome == "counterfeit" and note.note_id not in kept
        )

    def withholding(self) -> Withholding | None:
        """The certificate that is being dealt with."""
        return next((one for one in self.withholdings if not one.custodian), None)

    def print_question(self) -> PrintJobState | None:
        """The job whose lines nobody knows about."""
        return next((job for job in self.jobs if job.is_question), None)

    def seen_missing(self) -> PrintJobState | None:
        """The latest job with lines that a person saw missing and that no job put on the page yet. An attempt that
        failed in between changes nothing: whatever prints those lines is a second print."""
        on_page = self._on_page()
        for job in reversed(self.jobs):
            missing = set(itertools.chain.from_iterable(job.carried[job.lines_on_page :]))
            if job.is_short and (missing - on_page or not missing):
                return job
        return None

    def missing_lines(self, job: PrintJobState) -> tuple[int, ...]:
        """Which of a job's lines, by their place in it, neither it nor a later job put on the page."""
        on_page = self._on_page()
        left = enumerate(job.carried[job.lines_on_page :], start=job.lines_on_page)
        return tuple(place for place, entries in left if not on_page.issuperset(entries))

    def turn_is_due(self, page: int, first_line: int) -> bool:
        """Whether the book must be opened at another page before this job: than where a person turned to, or where the
        job before it was; before the first job, where its line begins a page."""
        open_at = self.turned_to or (self.jobs[-1].page if self.jobs else 0)
        return page != open_at if open_at else page > 1 and first_line == 1

    def _on_page(self) -> frozenset[int]:
        return frozenset(itertools.chain.from_iterable(job.on_page for job in self.jobs))


def apply(state: Transaction, happened: Happened) -> Transaction:
    """Fold one event. Events of the desk or of a newer program leave the transaction as it is."""
    fold = _FOLDS.get(type(happened.event))
    if fold is None:
        return state
    return replace(fold(state, happened.event, happened), last_utc=happened.utc or state.last_utc)


def fold_all(transaction_id: str, history: tuple[Happened, ...]) -> Transaction:
    """The state after a whole history."""
    state = Transaction(transaction_id)
    for happened in history:
        state = apply(state, happened)
    return state


Fold = Callable[[Transaction, Any, Happened], Transaction]


def _started(state: Transaction, event: e.TransactionStarted, happened: Happened) -> Transaction:
    return replace(
        state,
        number=event.number,
        procedure=event.procedure,
        procedure_digest=event.procedure_digest,
        control_mode=event.control_mode,
        review_limit_minor=event.review_limit_minor,
        hand_limit_minor=event.hand_limit_minor,
        maker=event.maker,
        step=event.first_step,
        first_step=event.first_step,
        rules=event.rules,
        acted={event.maker: "make"},
    )


def _step_passed(state: Transaction, event: e.StepPassed, happened: Happened) -> Transaction:
    if event.to.startswith("end:"):
        ended = replace(state, status=ENDED, outcome=event.to.removeprefix("end:"), step="")
        return replace(ended, passed=(*state.passed, (event.step, event.outcome)))
    return replace(state, passed=(*state.passed, (event.step, event.outcome)), step=event.to)


def _identified(state: Transaction, event: e.CustomerIdentified, happened: Happened) -> Transaction:
    cleared = _void_signatures(replace(state, slip=None, checks={}, match=None, override=None))
    return replace(
        cleared,
        account_id=event.account_id,
        customer_id=event.customer_id,
        account=event.account,
        book_id=event.book_id,
    )


def _void_signatures(state: Transaction) -> Transaction:
    return replace(
        state,
        facts=None,
        rekeyed_by="",
        rekey_differing=(),
        countersigned=None,
        confirmed=None,
        checks={name: check for name, check in state.checks.items() if not name.startswith("RV-")},
    )


def _slip(state: Transaction, event: e.SlipRecorded, happened: Happened) -> Transaction:
    second = {b.batch_id for b in state.batches_of(CountStage.SECOND)}
    kept = tuple(batch_id for batch_id in state.current if batch_id not in second)
    seen = {name: check for name, check in state.checks.items() if name.startswith("ID-")}
    voided = _void_signatures(
        replace(
            state, checks=seen, match=None, override=None, warnings={}, seals=(), accepted={}, current=kept
        )
    )
    return replace(voided, slip=event, given_back=("", ""))


def _check(state: Transaction, event: e.CheckRecorded, happened: Happened) -> Transaction:
    recorded = CheckState(
        event.check, event.kind, event.outcome, event.seen, event.rule, happened.person, happened.utc,
        event.looked_ms, event.hasty,
    )  # fmt: skip
    return replace(state, checks={**state.checks, event.check: recorded})


def _scan(state: Transaction, event: e.ScanAttached, happened: Happened) -> Transaction:
    """A new picture of a side takes the place of the old one, and what was compared on that one does not stand."""
    kept = tuple(one for one in state.scans if one.side != event.side)
    return replace(state, scans=(*kept, event), seals=())


def _warning(state: Transaction, event: e.WarningAccepted, happened: Happened) -> Transaction:
    acted = {event.second_person: "review", **state.acted}
    return replace(state, warnings={**state.warnings, event.check: event}, acted=acted)


def _seal(state: Transaction, event: e.SealCompared, happened: Happened) -> Transaction:
    acted = {event.staff_no: "review", **state.acted}
    return replace(state, seals=(*state.seals, event), acted=acted)


def _refused(state: Transaction, event: e.VoucherRefused, happened: Happened) -> Transaction:
    return replace(_void_signatures(state), refused=event, reason=event.reason)


def _paper(state: Transaction, event: e.PaperHandedOut, happened: Happened) -> Transaction:
    return replace(state, papers=(*state.papers, event))


def _matched(state: Transaction, event: e.NameMatched, happened: Happened) -> Transaction:
    return replace(state, match=event, override=None)


def _overridden(state: Transaction, event: e.NameOverridden, happened: Happened) -> Transaction:
    return replace(state, override=event, acted={event.second_person: "authorise", **state.acted})


_STAGES = {stage.value for stage in CountStage}
_SOURCES = {source.value for source in BatchSource}


def _batch(state: Transaction, event: e.BatchCounted, happened: Happened) -> Transaction:
    if event.stage not in _STAGES or event.source not in _SOURCES:
        return state
    stage = CountStage(event.stage)
    batch = CashBatch(
        event.batch_id,
        BatchSource(event.source),
        stage,
        event.currency,
        tuple(CashRow(row.denomination_minor, row.pieces) for row in event.rows),
        event.rejected_pieces,
        event.complete,
        event.device_id,
        event.evidence,
        event.serials_read,
        event.serials_unread,
        event.problem,
    )
    accepted = {name: one for name, one in state.accepted.items() if name != event.stage}
    voided = _void_signatures(replace(state, accepted=accepted))
    return replace(voided, batches=(*state.batches, batch), current=(*state.current, event.batch_id))


def _count_cleared(state: Transaction, event: e.CountCleared, happened: Happened) -> Transaction:
    gone = set(event.batch_ids)
    accepted = {name: one for name, one in state.accepted.items() if name != event.stage}
    kept = tuple(batch_id for batch_id in state.current if batch_id not in gone)
    return _void_signatures(replace(state, current=kept, accepted=accepted))


def _count_accepted(state: Transaction, event: e.CountAccepted, happened: Happened) -> Transaction:
    acted = state.acted
    if event.stage == CountStage.SECOND.value:
        acted = {**acted, happened.person: "review"}
    return replace(
        state,
        accepted={**state.accepted, event.stage: event},
        accepted_by={**state.accepted_by, event.stage: happened.person},
        acted=acted,
    )


def _referred(state: Transaction, event: e.NoteReferred, happened: Happened) -> Transaction:
    return replace(state, notes=(*state.notes, ReferredNote(event.note_id, event.batch_id)))


def _with_note(
    state: Transaction, note_id: str, change: Callable[[ReferredNote], ReferredNote]
) -> Transaction:
    notes = tuple(change(note) if note.note_id == note_id else note for note in state.notes)
    return replace(state, notes=notes)


def _read(state: Transaction, event: e.NoteRead, happened: Happened) -> Transaction:
    return _with_note(
        state,
        event.note_id,
        lambda note: replace(
            note,
            note_class=event.note_class,
            reading_id=event.reading_id,
            denomination_minor=event.denomination_minor,
            evidence=event.evidence,
            returned=event.returned,
        ),
    )


def _verdict(state: Transaction, event: e.VerdictGiven, happened: Happened) -> Transaction:
    verdict = Verdict(event.staff_no, event.verdict, event.denomination_minor)
    return _with_note(state, event.note_id, lambda note: replace(note, verdicts=(*note.verdicts, verdict)))


def _judged(state: Transaction, event: e.NoteJudged, happened: Happened) -> Transaction:
    return _with_note(state, event.note_id, lambda note: replace(note, outcome=event.outcome))


def _secured(state: Transaction, event: e.NoteSecured, happened: Happened) -> Transaction:
    return replace(state, secured={**state.secured, event.note_id: event})


def _certified(state: Transaction, event: e.WithholdingCertified, happened: Happened) -> Transaction:
    kept = tuple(one for one in state.withholdings if one.custodian)
    return replace(state, withholdings=(*kept, Withholding(event)), papers=())


def _with_certificate(
    state: Transaction, certificate_no: str, change: Callable[[Withholding], Withholding]
) -> Transaction:
    changed = tuple(
        change(one) if one.certificate.certificate_no == certificate_no else one for one in state.withholdings
    )
    return replace(state, withholdings=changed)


def _answered(state: Transaction, event: e.HolderAnswered, happened: Happened) -> Transaction:
    return _with_certificate(state, event.certificate_no, lambda one: replace(one, answer=event.answer))


def _rights(state: Transaction, event: e.RightsRead, happened: Happened) -> Transaction:
    return _with_certificate(state, event.certificate_no, lambda one: replace(one, rights_read=True))


def _reported(state: Transaction, event: e.WithholdingReported, happened: Happened) -> Transaction:
    return _with_certificate(state, event.certificate_no, lambda one: replace(one, reported=event))


def _in_custody(state: Transaction, event: e.NotesInCustody, happened: Happened) -> Transaction:
    acted = {event.staff_no: "review", **state.acted}
    held = _with_certificate(state, event.certificate_no, lambda one: replace(one, custodian=event.staff_no))
    return replace(held, acted=acted)


def _frozen(state: Transaction, event: e.FactsFrozen, happened: Happened) -> Transaction:
    return replace(_void_signatures(state), facts=event)


def _rekeyed(state: Transaction, event: e.KeyElementsRekeyed, happened: Happened) -> Transaction:
    return replace(state, rekeyed_by=event.staff_no if event.agreed else "", rekey_differing=event.differing)


def _countersigned(state: Transaction, event: e.Countersigned, happened: Happened) -> Transaction:
    return replace(state, countersigned=event, acted={**state.acted, event.staff_no: event.act})


def _review_returned(state: Transaction, event: e.ReviewReturned, happened: Happened) -> Transaction:
    given_back = ("review", event.reason)
    return replace(_void_signatures(state), reason=event.reason, given_back=given_back)


def _confirmed(state: Transaction, event: e.CustomerConfirmed, happened: Happened) -> Transaction:
    return replace(state, confirmed=event)


def _disagreed(state: Transaction, event: e.CustomerDisagreed, happened: Happened) -> Transaction:
    given_back = ("customer", event.reason)
    return replace(_void_signatures(state), reason=event.reason, given_back=given_back)


def _posted(state: Transaction, event: e.DepositPosted, happened: Happened) -> Transaction:
    return replace(state, posting=event, status=POSTED)


def _print_prepared(state: Transaction, event: e.PrintPrepared, happened: Happened) -> Transaction:
    job = PrintJobState(
        event.job_id, event.book_id, event.page, event.lines, event.entry_nos, event.job,
        handed_out=event.cursor == HANDED_OUT, covers=event.covers,
    )  # fmt: skip
    acted = state.acted
    if event.second_person:
        acted = {event.second_person: "review", **acted}
    return replace(state, jobs=(*state.jobs, job), acted=acted, turned_to=0)


def _page_turned(state: Transaction, event: e.PageTurned, happened: Happened) -> Transaction:
    return replace(state, turned_to=event.page)


def _cursor_adjusted(state: Transaction, event: e.CursorAdjusted, happened: Happened) -> Transaction:
    jobs = tuple(replace(job, moved=True) for job in state.jobs)
    return replace(state, jobs=jobs, acted={event.second_person: "review", **state.acted})


def _with_job(
    state: Transaction, job_id: str, change: Callable[[PrintJobState], PrintJobState]
) -> Transaction:
    return replace(state, jobs=tuple(change(job) if job.job_id == job_id else job for job in state.jobs))


def _print_closed(state: Transaction, event: e.PrintClosed, happened: Happened) -> Transaction:
    return _with_job(
        state,
        event.job_id,
        lambda job: replace(
            job, outcome=event.outcome, lines_on_page=event.lines_proved, error_number=event.error_number
        ),
    )


def _print_settled(state: Transaction, event: e.PrintSettled, happened: Happened) -> Transaction:
    return _with_job(
        state, event.job_id, lambda job: replace(job, settled=True, lines_on_page=event.lines_seen)
    )


def _receipt_prepared(state: Transaction, event: e.ReceiptPrepared, happened: Happened) -> Transaction:
    return replace(state, receipt_job=event.job_id)


def _receipt_printed(state: Transaction, event: e.ReceiptPrinted, happened: Happened) -> Transaction:
    return replace(state, receipt_outcome=event.outcome)


def _item_opened(state: Transaction, event: e.ItemOpened, happened: Happened) -> Transaction:
    return replace(state, open_items=(*state.open_items, event))


def _item_closed(state: Transaction, event: e.ItemClosed, happened: Happened) -> Transaction:
    left = tuple(item for item in state.open_items if item.item_id != event.item_id)
    return replace(state, open_items=left)


def _parked(state: Transaction, event: e.TransactionParked, happened: Happened) -> Transaction:
    return replace(state, status=PARKED, reason=event.reason)


def _resumed(state: Transaction, event: e.TransactionResumed, happened: Happened) -> Transaction:
    return replace(state, status=POSTED if state.is_posted else OPEN)


def _cancelled(state: Transaction, event: e.TransactionCancelled, happened: Happened) -> Transaction:
    return replace(state, status=ENDED, outcome="cancelled", reason=event.reason, step="")


def _handed_over(state: Transaction, event: e.HandedOver, happened: Happened) -> Transaction:
    """Kept as evidence only: the passing that follows it ends the transaction."""
    return state


_FOLDS: dict[type[e.Event], Fold] = {
    e.TransactionStarted: _started,
    e.StepPassed: _step_passed,
    e.CustomerIdentified: _identified,
    e.SlipRecorded: _slip,
    e.CheckRecorded: _check,
    e.ScanAttached: _scan,
    e.WarningAccepted: _warning,
    e.SealCompared: _seal,
    e.VoucherRefused: _refused,
    e.PaperHandedOut: _paper,
    e.NameMatched: _matched,
    e.NameOverridden: _overridden,
    e.BatchCounted: _batch,
    e.CountCleared: _count_cleared,
    e.CountAccepted: _count_accepted,
    e.NoteReferred: _referred,
    e.NoteRead: _read,
    e.VerdictGiven: _verdict,
    e.NoteJudged: _judged,
    e.NoteSecured: _secured,
    e.WithholdingCertified: _certified,
    e.HolderAnswered: _answered,
    e.RightsRead: _rights,
    e.WithholdingReported: _reported,
    e.NotesInCustody: _in_custody,
    e.FactsFrozen: _frozen,
    e.KeyElementsRekeyed: _rekeyed,
    e.Countersigned: _countersigned,
    e.ReviewReturned: _review_returned,
    e.CustomerConfirmed: _confirmed,
    e.CustomerDisagreed: _disagreed,
    e.DepositPosted: _posted,
    e.PageTurned: _page_turned,
    e.CursorAdjusted: _cursor_adjusted,
    e.PrintPrepared: _print_prepared,
    e.PrintClosed: _print_closed,
    e.PrintSettled: _print_settled,
    e.ReceiptPrepared: _receipt_prepared,
    e.ReceiptPrinted: _receipt_printed,
    e.ItemOpened: _item_opened,
    e.ItemClosed: _item_closed,
    e.TransactionParked: _parked,
    e.TransactionResumed: _resumed,
    e.TransactionCancelled: _cancelled,
    e.HandedOver: _handed_over,
}
