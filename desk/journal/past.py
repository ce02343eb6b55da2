"""What the entries of one desk said so far, as far as one transaction cannot know it: accounts, books and their pages,
counts and who made them, notes judged, the desk's clock.

Grows entry by entry (``take_in``) and judges nothing: the rules that read it stand in the modules beside. Pure.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk.domain import events as e
from desk.domain.cash import BatchSource
from desk.domain.transaction import Transaction
from desk.journal.entry import Recorded
from desk.journal.verify import Reason

Finding = tuple[Reason, str]
"""What a rule found wrong with the entry it looked at."""

CLOCK_BACK = timedelta(seconds=60)
"""How far a desk's clock may be set back between two entries."""

SIGNED_AHEAD = timedelta(minutes=5)
"""How far a signer's clock may be before the desk's."""

SIGNED_BEFORE = timedelta(days=1)
"""How old a signature may be when it is recorded: a second print waits for its book between the two."""


def moment(utc: str) -> datetime | None:
    """A head's or statement's time; None when it is none."""
    try:
        found = datetime.fromisoformat(utc)
    except ValueError:
        return None
    return found if found.tzinfo else None


def is_signed_then(signed_utc: str, recorded_utc: str) -> bool:
    """Whether a statement was signed about when it was recorded: a signer's own clock proves nothing."""
    signed, recorded = moment(signed_utc), moment(recorded_utc)
    return signed is not None and recorded is not None and -SIGNED_AHEAD <= recorded - signed <= SIGNED_BEFORE


@dataclass
class BookSoFar:
    """A passbook: whose it is, where its next line goes, which of the account's entries are printed in it, or were
    handed out to be. ``mark`` is the last of them. How many lines a page has is not known here: behind a page's last
    line ``cursor`` stays on that page."""

    account_id: str
    cursor: tuple[int, int]
    printed_through: int
    entries: set[int] = field(default_factory=set)
    mark: int = 0

    def __post_init__(self) -> None:
        self.mark = self.printed_through

    def has_entry(self, entry_no: int) -> bool:
        return entry_no <= self.printed_through or entry_no in self.entries

    def has_line(self, page: int, line: int) -> bool:
        """Whether the line is used, or was passed by."""
        return (page, line) < self.cursor

    def is_at(self, page: int, line: int) -> bool:
        """Whether the next line may be this one: where the cursor is, or the first of the next page."""
        return (page, line) in (self.cursor, (self.cursor[0] + 1, 1))

    def put(self, page: int, lines: Sequence[int], carried: Sequence[Sequence[int]]) -> None:
        """These lines and their entries are in the book."""
        entries = [entry_no for group in carried for entry_no in group]
        self.entries.update(entries)
        self.mark = max(self.mark, *entries, 0)
        self.move(page, max(lines, default=0) + 1)

    def move(self, page: int, line: int) -> None:
        """The next line is this one or a later one."""
        self.cursor = max(self.cursor, (page, line))


@dataclass
class Past:
    """``whole`` False when only one transaction's entries are at hand, as in evidence: then accounts, books and people
    that no entry speaks of are not known, which is no finding."""

    whole: bool = True
    accounts: dict[str, e.AccountOpened] = field(default_factory=dict)
    last_entry: dict[str, int] = field(default_factory=dict)
    value_dates: dict[str, list[str]] = field(default_factory=dict)
    books: dict[str, BookSoFar] = field(default_factory=dict)
    counted_by: dict[str, str] = field(default_factory=dict)
    judged_genuine: dict[str, list[int]] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    business_begun: bool = False
    utc: datetime | None = None
    business_date: str = ""

    def take_in(self, one: Recorded, state: Transaction) -> None:
        """One more entry; ``state`` is its transaction's before it."""
        self._clock(one)
        match one.event:
            case e.TransactionStarted():
                self.business_begun = True
            case e.AccountOpened() as event:
                self.accounts[event.account_id] = event
            case e.PassbookIssued() as event:
                begins = (event.next_page, event.next_line)
                self.books[event.book_id] = BookSoFar(event.account_id, begins, event.printed_through)
            case e.HistoryPosted() | e.DepositPosted() as event:
                day = sys.intern(event.value_date)
                for line in event.lines:
                    self.last_entry[line.account_id] = self.last_entry.get(line.account_id, 0) + 1
                    self.value_dates.setdefault(line.account_id, []).append(day)
            case _:
                self._cash(one, state)
                self._books(one.event, state)

    def _clock(self, one: Recorded) -> None:
        """The furthest the clock has been: step by step a little back is back all the same. Once it went back too far
        that is said, and counting begins anew from there."""
        at = moment(one.head.utc)
        if at and (self.utc is None or at > self.utc or self.utc - at > CLOCK_BACK):
            self.utc = at
        self.business_date = one.head.business_date

    def _cash(self, one: Recorded, state: Transaction) -> None:
        match one.event:
            case e.NoteReferred() as event:
                self.notes.add(event.note_id)
            case e.NoteJudged(outcome="genuine") as event:
                waiting = self.judged_genuine.setdefault(one.head.transaction, [])
                waiting += [
                    note.verdicts[0].denomination_minor
                    for note in state.notes
                    if note.note_id == event.note_id and note.verdicts
                ]
            case e.BatchCounted() as event:
                self._counted(event, one)

    def _counted(self, event: e.BatchCounted, one: Recorded) -> None:
        """A judged note waits for its batch once."""
        self.counted_by[event.batch_id] = one.head.person
        waiting = self.judged_genuine.get(one.head.transaction, [])
        if event.source == BatchSource.JUDGED.value:
            for worth in [row.denomination_minor for row in event.rows if row.denomination_minor in waiting][
                :1
            ]:
                waiting.remove(worth)

    def _books(self, event: e.Event, state: Transaction) -> None:
        match event:
            case e.PrintPrepared(cursor="on_handout", book_id=book_id) if book_id in self.books:
                self.books[book_id].put(event.page, event.lines, event.carried)
            case e.CursorAdjusted(book_id=book_id) if book_id in self.books:
                self.books[book_id].move(event.page, event.line)
            case (
                e.PrintClosed(job_id=job_id, lines_proved=proved)
                | e.PrintSettled(job_id=job_id, lines_seen=proved)
            ):
                self._printed(state, job_id, proved)

    def _printed(self, state: Transaction, job_id: str, lines: int) -> None:
        for job in state.jobs:
            book = self.books.get(job.book_id)
            if job.job_id == job_id and book is not None and lines > 0:
                book.put(job.page, job.lines[:lines], job.carried[:lines])
