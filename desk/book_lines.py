"""Which rows print next, on which page of the book, and which entries each of them stands for. No ink, no geometry.

What is not printed yet is planned by ``desk.book_plan``; what a person saw missing prints again as it was written down
the first time, word for word, whatever the policy is by now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from desk.book_plan import BookCursor, blank_lines, plan, turned
from desk.core import DeskCore
from desk.corebank.contract import AccountEntry, BookFacts
from desk.domain.money import format_amount
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import PrintJobState, Transaction
from devices.contracts import PassbookRow


@dataclass(frozen=True)
class NextJob:
    """Rows for one page, never for two. ``again``: they are missing lines of an earlier job."""

    page: int
    rows: tuple[PassbookRow, ...]
    covers: tuple[tuple[int, ...], ...]
    again: bool = False

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(row.line for row in self.rows)

    @property
    def entry_nos(self) -> tuple[int, ...]:
        """The last entry of each line."""
        return tuple(max(entries) for entries in self.covers)

    @property
    def compressed(self) -> tuple[tuple[int, ...], ...]:
        """``covers`` as a job says them: nothing where each line is one entry."""
        return self.covers if any(len(entries) > 1 for entries in self.covers) else ()


def next_job(core: DeskCore, state: Transaction, book: BookFacts) -> NextJob | Refusal | None:
    """What prints next for this transaction; None when nothing is left. BOOK_FULL when there is no line for it."""
    missing = state.seen_missing()
    return _planned(core, state, book) if missing is None else _again(core, state, book, missing)


def cursor_of(book: BookFacts) -> BookCursor:
    return BookCursor(book.next_page, book.next_line, book.printed_through)


def _planned(core: DeskCore, state: Transaction, book: BookFacts) -> NextJob | Refusal | None:
    bank, config = core.given.bank, core.given.config
    entries = bank.entries_after(book.account_id, book.printed_through)
    form = core.given.forms.facts(book.form)
    found = plan(entries, cursor_of(book), form, config.book_policy, _days_since_printed(core, book))
    if isinstance(found, Refusal):
        return found
    if not found.jobs:
        return None
    job = found.jobs[0]
    rows = tuple(PassbookRow(one.line, fields_of(one.entry, state.maker)) for one in job.lines)
    return NextJob(job.page, rows, tuple(one.covers for one in job.lines))


def _days_since_printed(core: DeskCore, book: BookFacts) -> int:
    """Days from the last printed entry to today; 0 while none is printed."""
    today = date.fromisoformat(core.given.config.business_date)
    shown = (
        core.given.bank.entries_after(book.account_id, book.printed_through - 1)
        if book.printed_through
        else ()
    )
    return (today - date.fromisoformat(shown[0].value_date)).days if shown else 0


def _again(
    core: DeskCore, state: Transaction, book: BookFacts, job: PrintJobState
) -> NextJob | Refusal | None:
    """The missing lines once more: where they were to stand if the cursor went past them, else from the cursor on."""
    plain = core.given.records.personal(job.job)
    if isinstance(plain, Refusal):
        return plain
    missing, fields = state.missing_lines(job), [row[1] for row in json.loads(plain)["rows"]]
    if job.handed_out and not job.moved:
        page, lines = job.page, [job.lines[place] for place in missing]
    else:
        form = core.given.forms.facts(book.form)
        at = turned(cursor_of(book), form)
        if not blank_lines(at, form):
            return refuse(RefusalCode.BOOK_FULL)
        page, lines = at.page, list(range(at.line, form.lines_per_page + 1))
    placed = list(zip(lines, missing, strict=False))
    rows = tuple(PassbookRow(line, fields[place]) for line, place in placed)
    return NextJob(page, rows, tuple(job.carried[place] for _, place in placed), again=True)


def fields_of(entry: AccountEntry, operator: str) -> dict[str, str]:
    """The column texts of one entry, by the column names every book form uses."""
    sign = "+" if entry.amount_minor >= 0 else "-"
    return {
        "date": entry.value_date.replace("-", ""),
        "summary": entry.summary,
        "amount": sign + format_amount(abs(entry.amount_minor)),
        "balance": format_amount(entry.balance_after_minor),
        "operator": operator,
    }
