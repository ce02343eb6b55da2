"""From the customer's answer to the archive: confirm, post, print, hand over."""

from __future__ import annotations

from dataclasses import replace

from desk.domain.cash import CountStage, total_minor
from desk.domain.events import (
    CustomerConfirmed,
    CustomerDisagreed,
    DepositPosted,
    Event,
    HandedOver,
    ItemClosed,
    ItemOpened,
    PrintClosed,
    PrintPrepared,
    PrintSettled,
    ReceiptPrepared,
    ReceiptPrinted,
)
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.plain_text import reason
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.facts import PRINT_AGAIN, print_again_digest
from desk.procedures.acts import (
    AnswerOfCustomer,
    ClosePrint,
    CloseReceipt,
    Deliver,
    PassPrint,
    PostNow,
    PreparePrint,
    PrepareReceipt,
    SecondPrint,
    Settle,
)
from desk.procedures.engine import passing, review_is_due
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, after, then_pass
from desk.rules.voucher_rules import RULES

MODALITIES = ("touch", "paper", "spoken")


def answer(procedure: Procedure, state: Transaction, act: AnswerOfCustomer, person: Person) -> Decision:
    """The customer's yes binds to the digest of what was shown; a no goes back to the slip."""
    if state.facts is None:
        return refuse(RefusalCode.STEP_MISSING, step="facts")
    if act.left or not act.agreed:
        said, outcome = reason(act.reason), "left" if act.left else "disagreed"
        if not said:
            return refuse(RefusalCode.REASON_MISSING)
        return then_pass(procedure, state, (CustomerDisagreed(outcome, said),), person, outcome)
    if act.modality not in MODALITIES:
        return refuse(RefusalCode.FIELD_FORMAT, field="modality")
    yes = CustomerConfirmed(act.modality, state.facts.digest)
    return then_pass(procedure, state, (yes,), person, "done")


def missing_gate(procedure: Procedure, state: Transaction) -> Refusal | None:
    """The first gate that posting lacks; None when all stand. Looks at facts, not at the way walked."""
    for step, stands in gates(procedure, state):
        if not stands:
            return refuse(RefusalCode.STEP_MISSING, step=step)
    return None


def gates(procedure: Procedure, state: Transaction) -> tuple[tuple[str, bool], ...]:
    """Every gate of posting by its step's id, and whether it stands now."""
    digest = state.facts.digest if state.facts else ""
    due = review_is_due(procedure, state)
    amount = state.slip.amount_minor if state.slip else -1
    checklist = procedure.step_of(StepKind.CHECKLIST)
    ticked = all(name in state.checks for name in checklist.checks)
    held = {
        StepKind.IDENTIFY: bool(state.account_id) and "ID-SEEN" in state.checks,
        StepKind.CHECKLIST: ticked
        and all(name in state.checks for name, _ in RULES)
        and all(
            check.outcome == "pass" or (check.outcome == "warn" and name in state.warnings)
            for name, check in state.checks.items()
        ),
        StepKind.NAME_MATCH: state.names_agree,
        StepKind.CASH_COUNT: _counted(state, CountStage.FIRST, amount)
        and not state.rejected_open()
        and not (state.withholding() is not None)
        and state.open_note() is None,
        StepKind.SECOND_COUNT: not due or _counted(state, CountStage.SECOND, amount),
        StepKind.REVIEW: not due
        or (state.countersigned is not None and state.countersigned.digest == digest),
        StepKind.CUSTOMER_CONFIRM: state.confirmed is not None and state.confirmed.digest == digest != "",
    }
    return tuple((step.step, held[step.kind]) for step in procedure.steps if step.kind in held)


def _counted(state: Transaction, stage: CountStage, amount_minor: int) -> bool:
    accepted = state.accepted.get(stage.value)
    return (
        accepted is not None
        and accepted.total_minor == amount_minor
        and total_minor(state.rows_of(stage)) == amount_minor
    )


def post(procedure: Procedure, state: Transaction, act: PostNow, person: Person) -> Decision:
    """Post once, when every gate stands and the account is still what was checked."""
    missing = missing_gate(procedure, state)
    if missing or state.slip is None or state.facts is None:
        return missing or refuse(RefusalCode.STEP_MISSING, step="facts")
    if act.current_status != "open":
        return refuse(RefusalCode.ACCOUNT_NOT_OPEN, status=act.current_status)
    if state.account is None or act.current_holder_digest != state.account.digest:
        return refuse(RefusalCode.NAME_MISMATCH, result="changed")
    debit = sum(line.amount_minor for line in act.lines if line.side == "debit")
    credit = sum(line.amount_minor for line in act.lines if line.side == "credit")
    if debit != credit or debit != state.slip.amount_minor:
        return refuse(RefusalCode.LEDGER_UNBALANCED)
    posted = DepositPosted(
        posting_id=act.posting_id,
        account_id=state.account_id,
        entry_no=act.entry_no,
        summary=procedure.title.zh,
        value_date=act.value_date,
        lines=act.lines,
        balance_after_minor=act.balance_after_minor,
        facts_digest=state.facts.digest,
    )
    return then_pass(procedure, state, (posted,), person, "done")


def prepare_print(procedure: Procedure, state: Transaction, act: PreparePrint, person: Person) -> Decision:
    """Write a job down before its bytes leave. Lines seen missing print again only with a second person."""
    if state.print_question() is not None:
        return refuse(RefusalCode.PRINT_OPEN)
    if not act.lines:
        return refuse(RefusalCode.NOTHING_TO_PRINT)
    if act.book_id != state.book_id:
        return refuse(RefusalCode.BOOK_MISMATCH)
    job, second = print_job(state, act), act.second
    refusal = _second_print_problem(state, job, second)
    if refusal:
        return refusal
    if state.turn_is_due(act.page, act.lines[0]):
        return refuse(RefusalCode.PAGE_NOT_TURNED, page=act.page)
    if second is None:
        return (job,)
    signed = second.signed
    return (
        replace(job, second_person=signed.staff_no, statement=signed.statement, signature=signed.signature),
    )


def _second_print_problem(
    state: Transaction, job: PrintPrepared, second: SecondPrint | None
) -> Refusal | None:
    """Who prints lines a second time is permitted to; nobody else brings a signature, and none serves twice."""
    if second is None:
        return refuse(RefusalCode.SECOND_PERSON_NEEDED) if job.replaces else None
    if any(one.job_id == job.job_id for one in state.jobs):
        return refuse(RefusalCode.STATEMENT_REPLAYED)
    if not job.replaces:
        return refuse(RefusalCode.STATEMENT_STALE)
    digest = print_again_digest(state.transaction_id, job)
    return permit_problem(state, second, PRINT_AGAIN, digest, job.job_id)


def print_job(state: Transaction, act: PreparePrint) -> PrintPrepared:
    """The job as it will be written down, but for the second person's signature: what that signature is over."""
    missing = state.seen_missing()
    return PrintPrepared(
        job_id=act.job_id,
        book_id=act.book_id,
        digest=act.digest,
        page=act.page,
        first_line=act.lines[0],
        entry_nos=act.entry_nos,
        lines=act.lines,
        job=act.job,
        replaces=missing.job_id if missing else "",
        cursor=act.cursor,
        covers=act.covers,
        compression=act.compression,
        threshold=act.threshold,
        seen_by=act.seen_by,
    )


def needs_second_print(state: Transaction) -> bool:
    """Whether what prints next are lines that a person saw missing, or that were handed out and not printed: a second
    person must permit it."""
    return state.seen_missing() is not None


def second_print_refusal(state: Transaction, person: Person) -> Refusal | None:
    """Why this person may not permit a second print, or a move of the book's cursor; None when they may.

    To look at the page and permit is to check the maker's work, as a review does: whoever may review may do it, and
    who reviewed this very transaction too, for that is one role twice and not two. What must never be is that the maker
    permits their own, or that anyone does on their own account (DC-1, DESIGN §3).
    """
    others = [staff for staff, act in state.acted.items() if act != PersonAct.REVIEW.value]
    return may_act(person, PersonAct.REVIEW, others, state.customer_id)


def permit_problem(
    state: Transaction, second: SecondPrint, act: str, digest: str, nonce: str
) -> Refusal | None:
    """They may permit it; the signature is theirs, made for this transaction and this one job or move, and over exactly
    what will be done."""
    refusal, signed = second_print_refusal(state, second.person), second.signed
    if refusal:
        return refusal
    if (signed.staff_no, signed.act) != (second.person.staff_no, act):
        return refuse(RefusalCode.STATEMENT_FORGED)
    if (signed.transaction, signed.nonce) != (state.transaction_id, nonce):
        return refuse(RefusalCode.STATEMENT_REPLAYED)
    return None if signed.digest == digest else refuse(RefusalCode.STATEMENT_STALE)


def close_print(procedure: Procedure, state: Transaction, act: ClosePrint, person: Person) -> Decision:
    """The machine's outcome. Unknown opens an item that names its next person; Done passes the step."""
    job = state.print_question()
    if job is None or job.job_id != act.job_id or job.outcome:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    closed = PrintClosed(act.job_id, act.outcome, act.lines_proved, act.evidence, act.error_number)
    if act.outcome == "unknown":
        return (closed, ItemOpened(act.item_id, "print_unknown", act.next_person, act.job_id))
    short = after(state, (closed,), person).seen_missing() is not None
    if act.outcome == "done" and not act.unprinted_left and not short:
        return then_pass(procedure, state, (closed,), person, "done")
    return (closed,)


def settle(procedure: Procedure, state: Transaction, act: Settle, person: Person) -> Decision:
    """A person looked at the page and says how many lines of the job are on it."""
    job = state.print_question()
    if job is None or job.job_id != act.job_id:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    if not job.lines_on_page <= act.lines_seen <= len(job.lines):
        return refuse(RefusalCode.FIELD_FORMAT, field="lines_seen")
    events: tuple[Event, ...] = (
        PrintSettled(act.job_id, act.lines_seen, printer_stopped=act.printer_stopped),
        *(
            ItemClosed(item.item_id, f"{act.lines_seen} lines on the page")
            for item in state.open_items
            if item.kind == "print_unknown" and item.reason == act.job_id
        ),
    )
    reached = after(state, events, person)
    if act.unprinted_left or reached.seen_missing() is not None:
        return events
    return (*events, *passing(procedure, reached, state.step, "done"))


def pass_print(procedure: Procedure, state: Transaction, act: PassPrint, person: Person) -> Decision:
    """Leave printing when nothing is left to print."""
    if state.print_question() is not None or act.unprinted_left:
        return refuse(RefusalCode.PRINT_OPEN)
    if needs_second_print(state):
        return refuse(RefusalCode.SECOND_PERSON_NEEDED)
    return passing(procedure, state, state.step, "done")


def prepare_receipt(
    procedure: Procedure, state: Transaction, act: PrepareReceipt, person: Person
) -> Decision:
    """One receipt job a transaction, written down before its bytes leave."""
    if state.receipt_job:
        return refuse(RefusalCode.PRINT_OPEN)
    return (ReceiptPrepared(act.job_id, act.digest),)


def close_receipt(procedure: Procedure, state: Transaction, act: CloseReceipt, person: Person) -> Decision:
    """Done, not done or unknown; an unknown receipt is said on the page and never printed again unasked."""
    if not state.receipt_job or state.receipt_outcome:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    return (ReceiptPrinted(state.receipt_job, act.outcome),)


def deliver(procedure: Procedure, state: Transaction, act: Deliver, person: Person) -> Decision:
    """Hand over. A customer's "no" after posting ends in an open item with a name, never in silence."""
    if not act.customer_agreed:
        said = reason(act.reason)
        if not said:
            return refuse(RefusalCode.REASON_MISSING)
        disputed = (
            HandedOver(False, act.voucher_no),
            ItemOpened(act.item_id, "disputed", act.next_person, said),
        )
        return then_pass(procedure, state, disputed, person, "disputed")
    return then_pass(procedure, state, (HandedOver(True, act.voucher_no),), person, "done")
