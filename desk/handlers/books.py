"""Posting, the passbook, the receipt and the hand-over."""

from __future__ import annotations

import json
from dataclasses import replace

from desk import commands as c
from desk.book_lines import job_lines, rows_of_job
from desk.core import DeskCore
from desk.corebank.contract import AccountEntry, Book, BookFacts, DepositRequest
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import PRINT_AGAIN, print_again_digest
from desk.handlers.cash import checked
from desk.handlers.shape import Answer, as_maker, open_key
from desk.procedures import acts
from desk.procedures.steps.finish import (
    missing_gate,
    needs_second_print,
    print_job,
    second_print_refusal,
)
from desk.receipts import receipt_lines
from desk.records import StatementFacts
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
    return _may_not_print(core, again=False) or _print(core, None)


def print_again(core: DeskCore, command: c.PrintAgain) -> Answer:
    """Lines a person saw missing are printed again under a second person's signature, never by machinery."""
    state = core.state
    if state is None or not state.jobs:
        return refuse(RefusalCode.NOTHING_TO_PRINT)
    blocked = _may_not_print(core, again=True)
    if blocked is None and not needs_second_print(state):
        return refuse(RefusalCode.NOTHING_TO_PRINT)
    return blocked or _print(core, command)


def _print(core: DeskCore, again: c.PrintAgain | None) -> Answer:
    assert core.state is not None
    book = core.given.bank.book_of(core.state.account_id)
    if isinstance(book, Refusal):
        return as_maker(core, acts.PassPrint(0))
    lines = job_lines(core, book)
    if isinstance(lines, Refusal):
        return lines
    return _print_lines(core, book, lines, again) if lines else as_maker(core, acts.PassPrint(0))


def _may_not_print(core: DeskCore, again: bool) -> Answer:
    """Why nothing may print now. ``again``: a second person is there to permit it."""
    state = core.state
    if state is None or not core.at(StepKind.PRINT_PASSBOOK):
        return refuse(RefusalCode.STEP_NOT_OPEN, step=state.step if state else "")
    if state.print_question() is not None or _open_elsewhere(core, again):
        return refuse(RefusalCode.PRINT_OPEN)
    return None


def _print_lines(
    core: DeskCore, book: BookFacts, lines: tuple[tuple[int, AccountEntry], ...], again: c.PrintAgain | None
) -> Answer:
    """Prepare, have a second print permitted, look whose book it is, write the job down, and only then let its bytes
    leave."""
    printer = core.given.machines.printer
    if printer is None:
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error="none")
    job_id, rows = core.given.new_id(), rows_of_job(core, lines)
    prepared = printer.prepare(
        PassbookJob(job_id, book.form, book.next_page, rows, core.given.config.training)
    )
    if isinstance(prepared, DeviceError):
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(prepared))
    sealed = core.seal_json({"rows": [[row.line, dict(row.fields)] for row in rows]})
    job = acts.PreparePrint(
        job_id, book.book_id, prepared.digest, book.next_page, tuple(line for line, _ in lines),
        tuple(entry.entry_no for _, entry in lines), sealed.ref, None,
    )  # fmt: skip
    act = _permitted(core, job, again) if again else job
    if isinstance(act, Refusal):
        return act
    reading = _read_stripe(core, printer)
    if isinstance(reading, DeviceError) and reading.code is DeviceErrorCode.CANCELLED:
        return None
    return (
        _stripe_refusal(core, reading)
        or as_maker(core, act, (sealed,))
        or _execute(core, prepared, len(lines), book)
    )


def _permitted(core: DeskCore, job: acts.PreparePrint, again: c.PrintAgain) -> acts.PreparePrint | Refusal:
    """The job with the second person's permission: their key signs this one job, once, and is closed."""
    state, person = core.state, core.person_named(again.staff_no)
    assert state is not None
    if isinstance(person, Refusal):
        return person
    refusal = second_print_refusal(state, person)
    if refusal:
        return refusal
    signer = open_key(core, again.staff_no, again.password, "reviewer")
    if isinstance(signer, Refusal):
        return signer
    digest = print_again_digest(state.transaction_id, print_job(state, job))
    facts = StatementFacts(
        state.transaction_id, digest, PRINT_AGAIN, job.job_id, core.given.config.language, "passbook/again-1",
        core.utc(),
    )  # fmt: skip
    signature = signer.sign(facts)
    signer.close()
    signed = checked(core, signature)
    if isinstance(signed, Refusal):
        return signed
    return replace(job, second=acts.SecondPrint(person, signed))


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


def _read_stripe(core: DeskCore, printer: PassbookPrinter) -> StripeReading | DeviceError:
    """Ask whose book lies in the printer, before a line leaves for it (杜绝串户)."""
    core.counter.working = "printing"
    core.publish()
    reading = printer.read_stripe(lambda seen: _progress(core, seen), core.given.cancel)
    core.counter.working, core.counter.needs_document = "", False
    return reading


def _stripe_refusal(core: DeskCore, reading: StripeReading | DeviceError) -> Answer:
    """A stripe that cannot be read proves nothing either way: that book was identified by its number before."""
    holder = core.counter.holder
    if isinstance(reading, StripeReading):
        mine = holder is not None and reading.text == holder.account_number
        return None if mine else refuse(RefusalCode.BOOK_MISMATCH)
    if dict(reading.details).get("stripe"):
        return None
    return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(reading))


def _execute(core: DeskCore, prepared: PreparedJob, lines: int, book: BookFacts) -> Answer:
    printer = core.given.machines.printer
    assert printer is not None
    core.counter.working, core.counter.active_job = "printing", prepared.job_id
    core.publish()
    core.given.records.moment("job:before")
    outcome = printer.execute(prepared, lambda seen: _progress(core, seen), core.given.cancel)
    core.given.records.moment("job:after")
    core.counter.working, core.counter.active_job = "", ""
    core.counter.needs_document = False
    left = len(core.given.bank.entries_after(book.account_id, book.printed_through)) - lines
    act = acts.ClosePrint(
        prepared.job_id, outcome.kind.value, outcome.units_proved, outcome.evidence,
        outcome.error.code.number if outcome.error else 0, left, core.given.new_id(), core.supervisor(),
    )  # fmt: skip
    refusal = as_maker(core, act)
    return refusal or _outcome_refusal(outcome)


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
    """A person says how many lines of the open job are on the page."""
    state = core.state
    job = state.print_question() if state else None
    if job is None:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    left = unprinted(core) - max(0, command.lines_seen - job.lines_on_page)
    return as_maker(core, acts.Settle(job.job_id, command.lines_seen, left))


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
