"""What a passbook job must say: this account's book, and nothing that stands on its pages already. Pure; the signature
of a second print is proved in ``desk.journal.record_rules``."""

from __future__ import annotations

from collections.abc import Iterator

from desk.domain import events as e
from desk.domain.transaction import Transaction
from desk.journal.entry import Recorded
from desk.journal.past import BookSoFar, Finding, Past
from desk.journal.verify import Reason


def print_findings(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    """What is wrong with an entry about a print."""
    match one.event:
        case e.PrintPrepared() as event:
            yield from _prepared(past, event, state)
        case (
            e.PrintClosed(job_id=job_id, lines_proved=lines) | e.PrintSettled(job_id=job_id, lines_seen=lines)
        ):
            job = next((job for job in state.jobs if job.job_id == job_id), None)
            if job is None or not 0 <= lines <= len(job.lines):
                yield (
                    Reason.PRINT,
                    "the end of a job that is not this transaction's, or of more lines than it has",
                )


def _prepared(past: Past, event: e.PrintPrepared, state: Transaction) -> Iterator[Finding]:
    if state.print_question() is not None or any(job.job_id == event.job_id for job in state.jobs):
        yield Reason.PRINT, "prints while nobody knows how the job before it ended"
    book = past.books.get(event.book_id)
    if event.book_id != state.book_id or (book is None and past.whole):
        yield Reason.PRINT, "prints another book than the customer's"
    if book is not None:
        yield from _pages(past, book, event, state)


def _pages(past: Past, book: BookSoFar, event: e.PrintPrepared, state: Transaction) -> Iterator[Finding]:
    if book.account_id != state.account_id:
        yield Reason.PRINT, "prints another account's book"
    if any(not 0 < entry_no <= past.last_entry.get(book.account_id, 0) for entry_no in event.entry_nos):
        yield Reason.PRINT, "prints an entry that the account has not"
    if event.replaces:
        return
    if any(book.has_entry(entry_no) for entry_no in event.entry_nos):
        yield Reason.PRINT, "prints an entry that is in the book already"
    if any(book.has_line(event.page, line) for line in event.lines):
        yield Reason.PRINT, "prints on a line that is used already"
