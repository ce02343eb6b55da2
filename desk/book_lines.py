"""Which entries go on which lines of the book now, and how one line reads. No ink and no form geometry.

The planning itself is ``desk.book_plan``. By its default policy the cursor advances on proof (passbook-printers §7.7
policy b): the store moves it when a line is proved or seen.
"""

from __future__ import annotations

from desk.book_plan import DEFAULT_POLICY, BookCursor, BookPolicy, plan
from desk.core import DeskCore
from desk.corebank.contract import AccountEntry, BookFacts
from desk.domain.money import format_amount
from desk.domain.refusals import Refusal
from devices.contracts import PassbookRow


def job_lines(
    core: DeskCore, book: BookFacts, policy: BookPolicy = DEFAULT_POLICY
) -> tuple[tuple[int, AccountEntry], ...] | Refusal:
    """``(line, entry)`` for the open page: every unprinted entry that still fits it, oldest first."""
    cursor = BookCursor(book.next_page, book.next_line, book.printed_through)
    entries = core.given.bank.entries_after(book.account_id, book.printed_through)
    found = plan(entries, cursor, core.given.forms.facts(book.form), policy)
    if isinstance(found, Refusal):
        return found
    of_this_page = (job for job in found.jobs if job.page == book.next_page)
    return tuple((one.line, one.entry) for job in of_this_page for one in job.lines)


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


def rows_of_job(core: DeskCore, lines: tuple[tuple[int, AccountEntry], ...]) -> tuple[PassbookRow, ...]:
    """The rows as the printer gets them."""
    operator = core.person.staff_no if core.person else ""
    return tuple(PassbookRow(line, fields_of(entry, operator)) for line, entry in lines)
