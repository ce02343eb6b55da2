"""What a person does to the book between jobs: turn the page, say whose it is, move its next line, leave it full."""

from __future__ import annotations

from dataclasses import replace

from desk import commands as c
from desk.book_lines import cursor_of, next_job
from desk.book_plan import blank_lines, turned
from desk.core import DeskCore
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import ADJUST_CURSOR, cursor_digest
from desk.handlers.books import may_not_print, print_next, second_permits, unprinted
from desk.handlers.shape import Answer, as_maker
from desk.procedures import acts
from desk.procedures.steps.cursor import adjust_problem, move_of
from desk.procedures.steps.finish import needs_second_print


def turn_page(core: DeskCore, command: c.TurnPage) -> Answer:
    """The person turned to the page that prints next."""
    blocked, state = may_not_print(core, again=True), core.state
    if blocked or state is None:
        return blocked
    book = core.given.bank.book_of(state.account_id)
    job = None if isinstance(book, Refusal) else next_job(core, state, book)
    if job is None or isinstance(job, Refusal):
        return job or refuse(RefusalCode.NOTHING_TO_PRINT)
    return as_maker(core, acts.TurnPage(command.page, (job.page, job.lines[0])))


def confirm_book(core: DeskCore, command: c.ConfirmBook) -> Answer:
    """The person who was asked looked: it is the right book. It holds for one job, which says who looked."""
    blocked, state = may_not_print(core, again=True), core.state
    if blocked or state is None:
        return blocked
    if not core.counter.book_unread:
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    core.counter.book_seen = True
    return None if needs_second_print(state) else print_next(core, None)


def adjust_cursor(core: DeskCore, command: c.AdjustCursor) -> Answer:
    """行位调整: what is wrong with the move is said before the second person's key is opened for it."""
    blocked, state = may_not_print(core, again=True), core.state
    if blocked or state is None:
        return blocked
    book, account = core.given.bank.book_of(state.account_id), core.given.bank.account(state.account_id)
    if isinstance(book, Refusal) or isinstance(account, Refusal):
        return refuse(RefusalCode.BOOK_MISMATCH)
    form = core.given.forms.facts(book.form)
    at = turned(cursor_of(book), form)
    move = acts.AdjustCursor(
        core.given.new_id(), book.book_id, (at.page, at.line), (command.from_page, command.from_line),
        (command.page, command.line), form.pages, form.lines_per_page, account.status, None,
    )  # fmt: skip
    refusal = adjust_problem(state, move)
    if refusal:
        return refusal
    digest = cursor_digest(state.transaction_id, move_of(move))
    second = second_permits(
        core, command.staff_no, command.password, ADJUST_CURSOR, digest, move.move_id, "passbook/adjust-1"
    )
    return second if isinstance(second, Refusal) else as_maker(core, replace(move, second=second))


def leave_full_book(core: DeskCore, command: c.LeaveFullBook) -> Answer:
    """Nothing more fits the book: the transaction goes on, and an item names the change of passbook as next."""
    blocked, state = may_not_print(core, again=True), core.state
    if blocked or state is None:
        return blocked
    book = core.given.bank.book_of(state.account_id)
    if isinstance(book, Refusal):
        return refuse(RefusalCode.BOOK_NOT_FULL, blank=0)
    form = core.given.forms.facts(book.form)
    blank = blank_lines(turned(cursor_of(book), form), form)
    return as_maker(core, acts.LeaveFullBook(blank, unprinted(core), core.given.new_id()))
