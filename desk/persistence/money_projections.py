"""Read models of money and paper: accounts, postings, the drawer, counts, print jobs and the passbook's
cursor.

The same shape as ``desk.persistence.projections``, which holds the one table of them.
"""

from __future__ import annotations

import json
import sqlite3

from desk.domain import events as e
from desk.domain.transaction import HANDED_OUT
from desk.journal.entry import Recorded

Cursor = sqlite3.Cursor


class Contradiction(ValueError):
    """An event does not fit the books already there. The text names ids only."""


def acted(cursor: Cursor, transaction: str, staff_no: str, act: str) -> None:
    """One person, one role in a transaction; a second role meets the primary key."""
    same = cursor.execute(
        "SELECT 1 FROM transaction_person WHERE transaction_id=? AND staff_no=? AND act=?",
        (transaction, staff_no, act),
    ).fetchone()
    if not same:
        cursor.execute("INSERT INTO transaction_person VALUES (?,?,?)", (transaction, staff_no, act))


# --- accounts, books, drawer --------------------------------------------------------------------------


def drawer_opened(cursor: Cursor, event: e.DrawerOpened, recorded: Recorded) -> None:
    cursor.execute("DELETE FROM drawer_cash WHERE drawer_id=?", (event.drawer_id,))
    cursor.executemany(
        "INSERT INTO drawer_cash VALUES (?,?,?,?)",
        [(event.drawer_id, row.denomination_minor, event.account_id, row.pieces) for row in event.rows],
    )


def account_opened(cursor: Cursor, event: e.AccountOpened, recorded: Recorded) -> None:
    holder = event.holder or e.PersonalRef("", "", "")
    cursor.execute(
        "INSERT INTO account VALUES (?,?,?,?,?,?,?,?,?,0,0)",
        (
            event.account_id,
            event.kind,
            event.side,
            event.currency,
            event.status,
            event.customer_id,
            holder.record_id,
            holder.digest,
            holder.sealed,
        ),
    )


def passbook_issued(cursor: Cursor, event: e.PassbookIssued, recorded: Recorded) -> None:
    cursor.execute(
        "INSERT INTO passbook VALUES (?,?,?,?,?,?,?)",
        (
            event.book_id,
            event.account_id,
            event.form,
            event.book.record_id,
            event.next_page,
            event.next_line,
            event.printed_through,
        ),
    )


def _post_lines(
    cursor: Cursor, posting_id: str, lines: tuple[e.LedgerLine, ...]
) -> dict[str, tuple[int, int]]:
    """Write the lines; answers account → (entry number, balance after)."""
    shown: dict[str, tuple[int, int]] = {}
    balance_of = {"debit": 0, "credit": 0}
    for line_no, line in enumerate(lines, 1):
        row = cursor.execute(
            "UPDATE account SET last_entry_no = last_entry_no + 1, balance_minor = balance_minor + "
            "CASE WHEN side = ? THEN ? ELSE -? END WHERE account_id = ? "
            "RETURNING last_entry_no, balance_minor",
            (line.side, line.amount_minor, line.amount_minor, line.account_id),
        ).fetchone()
        if row is None or line.side not in balance_of:
            raise Contradiction(f"posting {posting_id}: no such account or side")
        balance_of[line.side] += line.amount_minor
        shown[line.account_id] = row
        cursor.execute(
            "INSERT INTO ledger_entry VALUES (?,?,?,?,?,?,?)",
            (line.account_id, row[0], posting_id, line_no, line.side, line.amount_minor, row[1]),
        )
    if balance_of["debit"] != balance_of["credit"]:
        raise Contradiction(f"posting {posting_id}: debits and credits differ")
    return shown


def history_posted(cursor: Cursor, event: e.HistoryPosted, recorded: Recorded) -> None:
    cursor.execute(
        "INSERT INTO ledger_posting VALUES (?,NULL,?,?,?)",
        (event.posting_id, event.value_date, "", event.summary),
    )
    _post_lines(cursor, event.posting_id, event.lines)


def deposit_posted(cursor: Cursor, event: e.DepositPosted, recorded: Recorded) -> None:
    transaction = recorded.head.transaction
    cursor.execute(
        "INSERT INTO ledger_posting VALUES (?,?,?,?,?)",
        (event.posting_id, transaction, event.value_date, recorded.head.business_date, event.summary),
    )
    shown = _post_lines(cursor, event.posting_id, event.lines)
    if shown.get(event.account_id) != (event.entry_no, event.balance_after_minor):
        raise Contradiction(f"posting {event.posting_id}: entry number or balance is not the account's")
    cursor.execute(
        "UPDATE business_transaction SET status='posted' WHERE transaction_id=? AND status='open'",
        (transaction,),
    )
    for line in event.lines:
        if line.side == "debit":
            _into_drawer(cursor, transaction, line.account_id)


def _into_drawer(cursor: Cursor, transaction: str, account_id: str) -> None:
    """The accepted first count goes into the drawer that this cash account is."""
    drawer = cursor.execute("SELECT drawer_id FROM drawer_cash WHERE account_id=?", (account_id,)).fetchone()
    if drawer is None:
        return
    accepted = cursor.execute(
        "SELECT rows FROM batch_accepted WHERE transaction_id=? AND stage='first' AND accepted=1",
        (transaction,),
    ).fetchall()
    for (rows,) in accepted:
        cursor.executemany(
            "INSERT INTO drawer_cash VALUES (?,?,?,?) ON CONFLICT(drawer_id, denomination_minor) "
            "DO UPDATE SET pieces = pieces + excluded.pieces",
            [(drawer[0], unit, account_id, pieces) for unit, pieces in json.loads(rows)],
        )


# --- counts -------------------------------------------------------------------------------------------


def batch_counted(cursor: Cursor, event: e.BatchCounted, recorded: Recorded) -> None:
    rows = json.dumps([[row.denomination_minor, row.pieces] for row in event.rows])
    cursor.execute(
        "INSERT INTO batch_accepted VALUES (?,?,?,?,0)",
        (event.batch_id, recorded.head.transaction, event.stage, rows),
    )


def count_accepted(cursor: Cursor, event: e.CountAccepted, recorded: Recorded) -> None:
    transaction = recorded.head.transaction
    cursor.execute(
        "UPDATE batch_accepted SET accepted=0 WHERE transaction_id=? AND stage=?", (transaction, event.stage)
    )
    for batch_id in event.batch_ids:
        cursor.execute(
            "UPDATE batch_accepted SET accepted=1 WHERE batch_id=? AND transaction_id=? AND accepted=0",
            (batch_id, transaction),
        )
        if cursor.rowcount != 1:
            raise Contradiction(f"batch {batch_id} is not this transaction's, or was accepted twice")
    if event.stage == "second":
        acted(cursor, transaction, recorded.head.person, "review")


# --- printing -----------------------------------------------------------------------------------------


def print_prepared(cursor: Cursor, event: e.PrintPrepared, recorded: Recorded) -> None:
    if len(event.lines) != len(event.entry_nos) or not event.lines:
        raise Contradiction(f"print job {event.job_id}: not one entry a line")
    if event.second_person:
        acted(cursor, recorded.head.transaction, event.second_person, "review")
    if event.covers and (
        len(event.covers) != len(event.lines)
        or tuple(max(entries, default=0) for entries in event.covers) != event.entry_nos
    ):
        raise Contradiction(f"print job {event.job_id}: its lines stand for other entries")
    cursor.execute(
        "INSERT INTO print_job VALUES (?,?,?,?,?,0)",
        (event.job_id, event.book_id, event.page, json.dumps(event.lines), json.dumps(event.entry_nos)),
    )
    if event.cursor == HANDED_OUT:
        _move_on(cursor, event.book_id, event.page, event.lines[-1], max(event.entry_nos))


def cursor_adjusted(cursor: Cursor, event: e.CursorAdjusted, recorded: Recorded) -> None:
    """Forward only, whatever the event says it came from."""
    acted(cursor, recorded.head.transaction, event.second_person, "review")
    cursor.execute(
        "UPDATE passbook SET next_page=?, next_line=? WHERE book_id=? AND (next_page, next_line) < (?,?)",
        (event.page, event.line, event.book_id, event.page, event.line),
    )
    if cursor.rowcount != 1:
        raise Contradiction(f"book {event.book_id}: its cursor moves forward only")


def _move_on(cursor: Cursor, book_id: str, page: int, line: int, entry_no: int) -> None:
    """The book's next line is behind this one at least, and its mark at this entry at least: neither moves back."""
    cursor.execute(
        "UPDATE passbook SET next_page=?, next_line=? WHERE book_id=? AND (next_page, next_line) < (?,?)",
        (page, line + 1, book_id, page, line + 1),
    )
    cursor.execute(
        "UPDATE passbook SET printed_through=? WHERE book_id=? AND printed_through<?",
        (entry_no, book_id, entry_no),
    )


def _believe(cursor: Cursor, job_id: str, lines_on_page: int) -> None:
    """Move the book's cursor and its printed-through mark to what is now known to be on the page."""
    job = cursor.execute(
        "SELECT book_id, page, lines, entry_nos FROM print_job WHERE job_id=? AND lines_believed<?",
        (job_id, lines_on_page),
    ).fetchone()
    if job is None:
        return
    book_id, page, lines, entry_nos = job[0], job[1], json.loads(job[2]), json.loads(job[3])
    last = min(lines_on_page, len(lines)) - 1
    cursor.execute("UPDATE print_job SET lines_believed=? WHERE job_id=?", (lines_on_page, job_id))
    _move_on(cursor, book_id, page, lines[last], entry_nos[last])


def print_closed(cursor: Cursor, event: e.PrintClosed, recorded: Recorded) -> None:
    _believe(cursor, event.job_id, event.lines_proved)


def print_settled(cursor: Cursor, event: e.PrintSettled, recorded: Recorded) -> None:
    _believe(cursor, event.job_id, event.lines_seen)
