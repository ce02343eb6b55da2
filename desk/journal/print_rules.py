"""What a passbook job must say: this account's book, nothing that stands on its pages already, nothing left out; and
how its cursor may move, by either policy and by hand. Pure; signatures are proved in ``desk.journal.record_rules``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from desk.domain import events as e
from desk.domain.transaction import HANDED_OUT, Transaction
from desk.journal.entry import Recorded
from desk.journal.past import BookSoFar, Finding, Past
from desk.journal.verify import Reason

CURSOR_POLICIES = ("on_proof", HANDED_OUT)


def print_findings(past: Past, one: Recorded, state: Transaction) -> Iterator[Finding]:
    """What is wrong with an entry about a print."""
    match one.event:
        case e.PrintPrepared() as event:
            yield from _prepared(past, one, event, state)
        case e.PageTurned() as event:
            if event.book_id != state.book_id or event.page < 1:
                yield Reason.PRINT, "turns a page of another book than the customer's"
        case e.CursorAdjusted() as event:
            yield from _adjusted(past, event, state)
        case (
            e.PrintClosed(job_id=job_id, lines_proved=lines) | e.PrintSettled(job_id=job_id, lines_seen=lines)
        ):
            job = next((job for job in state.jobs if job.job_id == job_id), None)
            if job is None or not 0 <= lines <= len(job.lines):
                yield (
                    Reason.PRINT,
                    "the end of a job that is not this transaction's, or of more lines than it has",
                )


def _prepared(past: Past, one: Recorded, event: e.PrintPrepared, state: Transaction) -> Iterator[Finding]:
    if state.print_question() is not None or any(job.job_id == event.job_id for job in state.jobs):
        yield Reason.PRINT, "prints while nobody knows how the job before it ended"
    if event.cursor not in CURSOR_POLICIES:
        yield Reason.PRINT, "prints under a cursor policy that there is not"
    if event.seen_by not in ("", one.head.person):
        yield Reason.PRINT, "says that another looked at the book"
    if event.covers and tuple(max(group, default=0) for group in event.covers) != event.entry_nos:
        yield Reason.PRINT, "its lines stand for other entries than it names"
    book = past.books.get(event.book_id)
    if event.book_id != state.book_id or (book is None and past.whole):
        yield Reason.PRINT, "prints another book than the customer's"
    if book is not None:
        yield from _pages(past, book, event, state)
        if not event.replaces:
            yield from _summed(past, one, book, event)


def _pages(past: Past, book: BookSoFar, event: e.PrintPrepared, state: Transaction) -> Iterator[Finding]:
    """Entries of this account that are not in the book, all that come next and each once, on lines that are not used;
    but for what is missing of the job that this one replaces, which may stand again where it was to stand."""
    entries = list(chain.from_iterable(event.carried))
    missing, places = _missing(event, state)
    if book.account_id != state.account_id:
        yield Reason.PRINT, "prints another account's book"
    if any(not 0 < entry_no <= past.last_entry.get(book.account_id, 0) for entry_no in entries):
        yield Reason.PRINT, "prints an entry that the account has not"
    if any(book.has_entry(entry_no) for entry_no in entries if entry_no not in missing):
        yield Reason.PRINT, "prints an entry that is in the book already"
    if any(book.has_line(event.page, line) for line in event.lines if (event.page, line) not in places):
        yield Reason.PRINT, "prints on a line that is used already"
    if len(set(event.lines)) < len(event.lines) or len(set(entries)) < len(entries):
        yield Reason.PRINT, "prints a line or an entry twice"
    if not event.replaces and sorted(entries) != list(range(book.mark + 1, book.mark + 1 + len(entries))):
        yield Reason.PRINT, "leaves out an entry that comes before"


def _missing(event: e.PrintPrepared, state: Transaction) -> tuple[set[int], set[tuple[int, int]]]:
    """Entries and places of the replaced job that are not on its page."""
    job = next((job for job in state.jobs if job.job_id == event.replaces), None)
    if job is None:
        return set(), set()
    missing = [place for place in state.missing_lines(job) if place < len(job.lines)]
    entries = set(chain.from_iterable(job.carried[place] for place in missing))
    return entries, {(job.page, job.lines[place]) for place in missing}


def _summed(past: Past, one: Recorded, book: BookSoFar, event: e.PrintPrepared) -> Iterator[Finding]:
    """Several entries are one line only where the policy that the job names allows it: there are more of them than its
    threshold, or the last printed one is older in days."""
    if not event.covers:
        return
    measured = {
        "lines": past.last_entry.get(book.account_id, 0) - book.mark,
        "days": _days_since(past, book, one.head.business_date),
    }.get(event.compression, 0)
    if measured <= event.threshold:
        yield Reason.PRINT, "puts entries together that stand alone by its own policy"


def _days_since(past: Past, book: BookSoFar, today: str) -> int:
    dates = past.value_dates.get(book.account_id, [])
    if not 0 < book.mark <= len(dates):
        return 0
    try:
        return (date.fromisoformat(today) - date.fromisoformat(dates[book.mark - 1])).days
    except ValueError:
        return 0


def _adjusted(past: Past, event: e.CursorAdjusted, state: Transaction) -> Iterator[Finding]:
    """行位调整 goes forward, from where the book stood, and never while nobody knows where that is."""
    if state.print_question() is not None:
        yield Reason.PRINT, "moves a book's next line while nobody knows how its last job ended"
    book = past.books.get(event.book_id)
    if event.book_id != state.book_id or (book is None and past.whole):
        yield Reason.PRINT, "moves the next line of another book than the customer's"
    if book is not None and not book.is_at(event.from_page, event.from_line):
        yield Reason.PRINT, "moves a book's next line from where it did not stand"
    if (event.page, event.line) <= (event.from_page, event.from_line) or event.line < 1:
        yield Reason.PRINT, "moves a book's next line back"
