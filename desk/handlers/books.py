"""Posting, the passbook, the receipt and the hand-over."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain

from desk import commands as c
from desk.book_lines import NextJob, next_job
from desk.core import DeskCore
from desk.corebank.contract import Book, BookFacts, DepositRequest
from desk.domain.events import PersonalRef
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import PrintJobState
from desk.facts import PRINT_AGAIN, print_again_digest
from desk.handlers.shape import Answer, as_maker, open_key
from desk.handlers.signing import sign_over
from desk.procedures import acts
from desk.procedures.steps.finish import (
    missing_gate,
    needs_second_print,
    print_job,
    second_print_refusal,
)
from desk.receipts import receipt_lines
from devices.contracts import (
    Outcome,
    OutcomeKind,
    PassbookJob,
    PassbookPrinter,
    PreparedJob,
    ReceiptJob,
    StripeReading,
)
from devices.errors import DeviceError, DeviceErrorCode


def post(core: DeskCore, command: c.Post) -> Answer:
    """Ask the core bank for its plan; an embedded plan commits together with the event."""
    state, account = core.state, core.counter.account
    if state is None or account is None or state.slip is None:
        return refuse(RefusalCode.STEP_MISSING, step=state.step if state else "")
    missing = missing_gate(core.procedure, state)
    if core.at(StepKind.POST) and missing:
        return missing
    config = core.given.config
    if core.at(StepKind.POST) and not _signed_today(core):
        return refuse(RefusalCode.STATEMENT_STALE)
    if core.at(StepKind.POST) and state.slip.slip_date != config.business_date:
        return refuse(RefusalCode.SLIP_DATE, expected=config.business_date)
    current = core.given.bank.account(account.account_id)
    if isinstance(current, Refusal):
        return current
    request = DepositRequest(
        core.given.new_id(), account.account_id, config.cash_account_id, state.slip.currency,
        state.slip.amount_minor, config.business_date,
    )  # fmt: skip
    plan = core.given.bank.plan(request)
    if isinstance(plan, Refusal):
        return plan
    if not isinstance(plan, Book):
        return refuse(RefusalCode.STEP_NOT_OPEN, step="remote posting")
    act = acts.PostNow(
        request.posting_id, plan.lines, plan.entry_no, plan.balance_after_minor, config.business_date,
        current.status, current.holder.digest,
    )  # fmt: skip
    refusal = as_maker(core, act)
    if refusal is None:
        core.read_beside()
    return refusal


def _signed_today(core: DeskCore) -> bool:
    """What was signed and agreed to names a business date; it is not posted on another one."""
    facts = json.loads(core.counter.facts_plain or b"{}")
    return bool(facts.get("business_date") == core.given.config.business_date)


def unprinted(core: DeskCore) -> int:
    """How many entries of the account are not in the book yet; 0 when there is no book."""
    state = core.state
    if state is None or not state.book_id:
        return 0
    book = core.given.bank.book_of(state.account_id)
    if isinstance(book, Refusal):
        return 0
    return len(core.given.bank.entries_after(state.account_id, book.printed_through))


def print_book(core: DeskCore, command: c.PrintBook) -> Answer:
    """Print what fits the page; the next page is a job of its own."""
    if core.state is not None and needs_second_print(core.state):
        return refuse(RefusalCode.SECOND_PERSON_NEEDED)
    return may_not_print(core, again=False) or print_next(core, None)


def print_again(core: DeskCore, command: c.PrintAgain) -> Answer:
    """Lines a person saw missing are printed again under a second person's signature, never by machinery."""
    state = core.state
    if state is None or not state.jobs:
        return refuse(RefusalCode.NOTHING_TO_PRINT)
    blocked = may_not_print(core, again=True)
    if blocked is None and not needs_second_print(state):
        return refuse(RefusalCode.NOTHING_TO_PRINT)
    return blocked or print_next(core, command)


def print_next(core: DeskCore, again: c.PrintAgain | None) -> Answer:
    """The next job, once the book lies open at its page; the step is passed when nothing is left."""
    state = core.state
    assert state is not None
    book = core.given.bank.book_of(state.account_id)
    if isinstance(book, Refusal):
        return as_maker(core, acts.PassPrint(0))
    job = next_job(core, state, book)
    if isinstance(job, Refusal):
        return job
    if job is None:
        return as_maker(core, acts.PassPrint(0))
    if state.turn_is_due(job.page, job.lines[0]):
        return refuse(RefusalCode.PAGE_NOT_TURNED, page=job.page)
    return _print_job(core, book, job, again)


def may_not_print(core: DeskCore, again: bool) -> Answer:
    """Why nothing may print now. ``again``: a second person is there to permit it."""
    state = core.state
    if state is None or not core.at(StepKind.PRINT_PASSBOOK):
        return refuse(RefusalCode.STEP_NOT_OPEN, step=state.step if state else "")
    if state.print_question() is not None or _open_elsewhere(core, again):
        return refuse(RefusalCode.PRINT_OPEN)
    return None


def _print_job(core: DeskCore, book: BookFacts, job: NextJob, again: c.PrintAgain | None) -> Answer:
    """Prepare, have a second print permitted, look whose book it is, write the job down, and only then let its bytes
    leave."""
    printer = core.given.machines.printer
    if printer is None:
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error="none")
    job_id = core.given.new_id()
    request = PassbookJob(job_id, book.form, job.page, job.rows, core.given.config.training)
    prepared = printer.prepare(request)
    if isinstance(prepared, DeviceError):
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(prepared))
    sealed = core.seal_json({"rows": [[row.line, dict(row.fields)] for row in job.rows]})
    act = _act_of(core, book, job, prepared, sealed.ref)
    permitted = _permitted(core, act, again) if again else act
    if isinstance(permitted, Refusal):
        return permitted
    seen_by = _whose_book(core, printer)
    if seen_by is None or isinstance(seen_by, Refusal):
        return seen_by
    refusal = as_maker(core, replace(permitted, seen_by=seen_by), (sealed,))
    return refusal or _execute(core, prepared)


def _act_of(
    core: DeskCore, book: BookFacts, job: NextJob, prepared: PreparedJob, rows: PersonalRef
) -> acts.PreparePrint:
    """The job as it will be written down, with the policy in force."""
    policy = core.given.config.book_policy
    summed = job.compressed and not job.again
    return acts.PreparePrint(
        prepared.job_id, book.book_id, prepared.digest, job.page, job.lines, job.entry_nos, rows, None,
        covers=job.compressed,
        cursor=policy.cursor.value,
        compression=policy.compress_when.value if summed else "never",
        threshold=policy.threshold if summed else 0,
    )  # fmt: skip


def _permitted(core: DeskCore, job: acts.PreparePrint, again: c.PrintAgain) -> acts.PreparePrint | Refusal:
    """The job with the second person's permission: their key signs this one job, once, and is closed."""
    state = core.state
    assert state is not None
    digest = print_again_digest(state.transaction_id, print_job(state, job))
    second = second_permits(
        core, again.staff_no, again.password, PRINT_AGAIN, digest, job.job_id, "passbook/again-1"
    )
    return second if isinstance(second, Refusal) else replace(job, second=second)


def second_permits(
    core: DeskCore, staff_no: str, password: str, act: str, digest: str, nonce: str, template: str
) -> acts.SecondPrint | Refusal:
    """A second person's signature over one thing at this step, by a key that opens for it and is closed."""
    state, person = core.state, core.person_named(staff_no)
    assert state is not None
    if isinstance(person, Refusal):
        return person
    refusal = second_print_refusal(state, person)
    if refusal:
        return refusal
    signer = open_key(core, staff_no, password, "reviewer")
    if isinstance(signer, Refusal):
        return signer
    signed = sign_over(core, signer, state.transaction_id, act, digest, nonce, template)
    signer.close()
    return signed if isinstance(signed, Refusal) else acts.SecondPrint(person, signed)


def _open_elsewhere(core: DeskCore, again: bool) -> bool:
    """Whether another transaction that stands aside holds this book: with a line nobody knows about, for where that
    ends nobody knows either; or with lines seen missing, which a first print here would print again unpermitted."""
    state = core.state
    assert state is not None
    for row in core.given.records.open_transactions():
        if row.transaction_id == state.transaction_id or row.step != state.step:
            continue
        other = core.recorded_state(row.transaction_id)
        job = other.print_question() or (None if again else other.seen_missing())
        if job is not None and job.book_id == state.book_id:
            return True
    return False


def _whose_book(core: DeskCore, printer: PassbookPrinter) -> str | Refusal | None:
    """Whose book lies in the printer, before a line leaves for it (杜绝串户): "" where its stripe says that it is this
    customer's; who looked, where no stripe can be read. None: a person stopped the wait, or is asked to look now."""
    counter, holder = core.counter, core.counter.holder
    looked, counter.book_seen = counter.book_seen, False  # it serves one attempt, whatever comes of that
    reading = _read_stripe(core, printer)
    if isinstance(reading, StripeReading):
        counter.book_unread = False
        mine = holder is not None and reading.text == holder.account_number
        return "" if mine else refuse(RefusalCode.BOOK_MISMATCH)
    if reading.code is DeviceErrorCode.CANCELLED:
        return None
    if not dict(reading.details).get("stripe"):
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(reading))
    return _seen_by(core, looked)


def _seen_by(core: DeskCore, looked: bool) -> str | Refusal | None:
    """An unreadable stripe proves nothing either way: a person must say, before each job, that it is this book."""
    counter = core.counter
    if looked and core.person is not None:
        return core.person.staff_no
    asked, counter.book_unread = counter.book_unread, True
    return refuse(RefusalCode.BOOK_UNSEEN) if asked else None


def _read_stripe(core: DeskCore, printer: PassbookPrinter) -> StripeReading | DeviceError:
    core.counter.working = "printing"
    core.publish()
    reading = printer.read_stripe(lambda seen: _progress(core, seen), core.given.cancel)
    core.counter.working, core.counter.needs_document = "", False
    return reading


def _execute(core: DeskCore, prepared: PreparedJob) -> Answer:
    printer, state = core.given.machines.printer, core.state
    assert printer is not None
    assert state is not None
    core.counter.working, core.counter.active_job = "printing", prepared.job_id
    core.publish()
    core.given.records.moment("job:before")
    outcome = printer.execute(prepared, lambda seen: _progress(core, seen), core.given.cancel)
    core.given.records.moment("job:after")
    core.counter.working, core.counter.active_job = "", ""
    core.counter.needs_document = False
    left = _left_after(core, state.jobs[-1], outcome.units_proved)
    act = acts.ClosePrint(
        prepared.job_id, outcome.kind.value, outcome.units_proved, outcome.evidence,
        outcome.error.code.number if outcome.error else 0, left, core.given.new_id(), core.supervisor(),
    )  # fmt: skip
    refusal = as_maker(core, act)
    return refusal or _outcome_refusal(outcome)


def _left_after(core: DeskCore, job: PrintJobState, lines: int) -> int:
    """How many entries still have no line, once so many lines of the job are on its page."""
    state = core.state
    assert state is not None
    book = core.given.bank.book_of(state.account_id)
    if isinstance(book, Refusal):
        return 0
    on_page = set(chain.from_iterable(job.carried[: max(0, lines)]))
    left = core.given.bank.entries_after(state.account_id, book.printed_through)
    return sum(one.entry_no not in on_page for one in left)


def _outcome_refusal(outcome: Outcome) -> Answer:
    if outcome.kind is OutcomeKind.NOT_DONE:
        if outcome.error is not None and outcome.error.code is DeviceErrorCode.CANCELLED:
            return None
        return refuse(
            RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(outcome.error or "-")
        )
    return None


def _progress(core: DeskCore, seen: object) -> None:
    core.counter.needs_document = bool(getattr(seen, "needs_document", False))
    core.given.records.moment("job:row")
    core.publish()


def close_interrupted(core: DeskCore) -> Answer:
    """A job that was open when the desk stopped: nobody knows, so it becomes a question to a person."""
    state = core.state
    job = state.print_question() if state else None
    if job is None or job.outcome or job.job_id == core.counter.active_job:
        return None
    act = acts.ClosePrint(
        job.job_id, "unknown", 0, "desk restarted", DeviceErrorCode.RESTARTED.number, unprinted(core),
        core.given.new_id(), core.supervisor(),
    )  # fmt: skip
    return as_maker(core, act)


def settle_print(core: DeskCore, command: c.SettlePrint) -> Answer:
    """A person says how many lines of the open job are on the page: once no more of them can land there."""
    state = core.state
    job = state.print_question() if state else None
    if job is None:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    moves = _may_still_strike(core)
    if moves and (not command.printer_stopped or _says_otherwise(core)):
        return refuse(RefusalCode.PRINTER_NOT_STILL)
    left = _left_after(core, job, command.lines_seen)
    return as_maker(core, acts.Settle(job.job_id, command.lines_seen, left, moves))


def _says_otherwise(core: DeskCore) -> bool:
    """A person's word that the printer stands still counts where it cannot be asked: one that answers and wants the
    book holds rows, and strikes them into whatever book is laid in next. Off and on again it holds none."""
    room = core.given.room
    return room is not None and room.is_asking("printer")


def _may_still_strike(core: DeskCore) -> bool:
    """Whether the printer may hold rows of its last job that it would strike into the book when that is laid in again.
    One that reads status is ready only once it has answered a question that stands behind them; of one that says
    nothing, the page's words tell the person to wait until it stands still."""
    printer, room = core.given.machines.printer, core.given.room
    if printer is None or room is None or not printer.capabilities.reads_status:
        return False
    return not room.is_still("printer")


def print_receipt(core: DeskCore) -> Answer:
    """One receipt a transaction. Its outcome is said on the hand-over page and never retried unasked."""
    state, machine = core.state, core.given.machines.receipts
    if state is None or state.receipt_outcome:
        return None
    if state.receipt_job:
        return as_maker(core, acts.CloseReceipt("unknown"))
    job_id = core.given.new_id()
    if machine is None:
        return as_maker(core, acts.PrepareReceipt(job_id, "")) or as_maker(
            core, acts.CloseReceipt("not_done")
        )
    prepared = machine.prepare(ReceiptJob(job_id, receipt_lines(core), core.given.config.training))
    if isinstance(prepared, DeviceError):
        return as_maker(core, acts.PrepareReceipt(job_id, "")) or as_maker(
            core, acts.CloseReceipt("not_done")
        )
    refusal = as_maker(core, acts.PrepareReceipt(job_id, prepared.digest))
    if refusal:
        return refusal
    core.given.records.moment("receipt:before")
    outcome = machine.execute(prepared, lambda seen: None, core.given.cancel)
    core.given.records.moment("receipt:after")
    return as_maker(core, acts.CloseReceipt(outcome.kind.value))


def hand_over(core: DeskCore, command: c.HandOver) -> Answer:
    state = core.state
    act = acts.Deliver(
        command.customer_agreed, command.reason, state.number if state else "", core.given.new_id(),
        core.supervisor(),
    )  # fmt: skip
    return as_maker(core, act)


def question_rows(core: DeskCore) -> tuple[tuple[int, dict[str, str]], ...]:
    """The rows of the job nobody knows about, as they were written down before its bytes left."""
    state = core.state
    job = state.print_question() if state else None
    if job is None:
        return ()
    plain = core.given.records.personal(job.job)
    if isinstance(plain, Refusal):
        return ()
    rows = json.loads(plain)["rows"][job.lines_on_page :]
    return tuple((int(line), dict(fields)) for line, fields in rows)
