"""Read models filled in the same commit as the events they come from: one function per event, one table of
them.

Each gets a driver cursor and the recorded event and speaks plain SQL. An event that contradicts the books
already there (a batch counted twice, a person in a second role, an entry number out of order) raises
``Contradiction`` or the database's own IntegrityError, and nothing of the commit stands. ``rebuild``
replays a journal into fresh tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from desk.domain import events as e
from desk.journal.certificate import read as read_certificate
from desk.journal.entry import Recorded
from desk.persistence import money_projections as money
from desk.persistence.money_projections import Contradiction, acted
from desk.persistence.schema import derived_ddl

Cursor = sqlite3.Cursor
__all__ = ["PROJECTIONS", "Contradiction", "project", "rebuild"]

Projection = Callable[[Cursor, Any, Recorded], None]


def project(cursor: Cursor, recorded: Recorded) -> None:
    """Bring the derived tables up to date with one event; events without a read model change nothing."""
    projection = PROJECTIONS.get(type(recorded.event))
    if projection:
        projection(cursor, recorded.event, recorded)


def rebuild(connection: sqlite3.Connection, history: Iterable[Recorded]) -> None:
    """Make the derived tables anew in an empty database and replay ``history`` into them."""
    cursor = connection.cursor()
    for statement in derived_ddl():
        cursor.execute(statement)
    for recorded in history:
        project(cursor, recorded)


# --- people -----------------------------------------------------------------------------------------


def _person_enrolled(cursor: Cursor, event: e.PersonEnrolled, recorded: Recorded) -> None:
    certificate = read_certificate(event.certificate)
    cursor.execute(
        "INSERT INTO person VALUES (?,?,?,?,?,?,?,?,0) ON CONFLICT(staff_no) DO UPDATE SET "
        "roles=excluded.roles, qualifications=excluded.qualifications, key_id=excluded.key_id, "
        "certificate=excluded.certificate, person_record=excluded.person_record, "
        "person_digest=excluded.person_digest, person_sealed=excluded.person_sealed, revoked=0",
        (
            event.staff_no,
            ",".join(event.roles),
            ",".join(event.qualifications),
            certificate.key_id if certificate else "",
            event.certificate,
            event.person.record_id,
            event.person.digest,
            event.person.sealed,
        ),
    )


def _person_revoked(cursor: Cursor, event: e.PersonRevoked, recorded: Recorded) -> None:
    cursor.execute("UPDATE person SET revoked=1 WHERE staff_no=?", (event.staff_no,))


def _verdict_given(cursor: Cursor, event: e.VerdictGiven, recorded: Recorded) -> None:
    transaction = recorded.head.transaction
    made = cursor.execute(
        "SELECT 1 FROM business_transaction WHERE transaction_id=? AND maker=?", (transaction, event.staff_no)
    ).fetchone()
    if not made:
        acted(cursor, transaction, event.staff_no, "review")


def _countersigned(cursor: Cursor, event: e.Countersigned, recorded: Recorded) -> None:
    acted(cursor, recorded.head.transaction, event.staff_no, event.act)


# --- the transaction's own row --------------------------------------------------------------------------


def _started(cursor: Cursor, event: e.TransactionStarted, recorded: Recorded) -> None:
    head = recorded.head
    cursor.execute(
        "INSERT INTO business_transaction VALUES (?,?,?,?,?,?,?,'open',0)",
        (
            head.transaction,
            head.desk,
            head.business_date,
            event.number,
            event.procedure,
            event.maker,
            event.first_step,
        ),
    )
    acted(cursor, head.transaction, event.maker, "make")


def _step_passed(cursor: Cursor, event: e.StepPassed, recorded: Recorded) -> None:
    transaction = recorded.head.transaction
    if event.to.startswith("end:"):
        _ended(cursor, transaction, event.to.removeprefix("end:"))
    else:
        cursor.execute(
            "UPDATE business_transaction SET step=? WHERE transaction_id=?", (event.to, transaction)
        )


def _ended(cursor: Cursor, transaction: str, status: str) -> None:
    cursor.execute(
        "UPDATE business_transaction SET step='', status=?, parked=0 WHERE transaction_id=?",
        (status, transaction),
    )


def _parked(cursor: Cursor, event: e.TransactionParked, recorded: Recorded) -> None:
    cursor.execute(
        "UPDATE business_transaction SET parked=1 WHERE transaction_id=?", (recorded.head.transaction,)
    )


def _resumed(cursor: Cursor, event: e.TransactionResumed, recorded: Recorded) -> None:
    cursor.execute(
        "UPDATE business_transaction SET parked=0 WHERE transaction_id=?", (recorded.head.transaction,)
    )


def _cancelled(cursor: Cursor, event: e.TransactionCancelled, recorded: Recorded) -> None:
    _ended(cursor, recorded.head.transaction, "cancelled")


def _item_opened(cursor: Cursor, event: e.ItemOpened, recorded: Recorded) -> None:
    cursor.execute(
        "INSERT INTO open_item VALUES (?,?,?,?,?,'')",
        (event.item_id, event.kind, recorded.head.transaction, event.next_person, event.reason),
    )


def _item_closed(cursor: Cursor, event: e.ItemClosed, recorded: Recorded) -> None:
    cursor.execute(
        "UPDATE open_item SET resolution=? WHERE item_id=?", (event.resolution or "closed", event.item_id)
    )


PROJECTIONS: Mapping[type[e.Event], Projection] = {
    e.PersonEnrolled: _person_enrolled,
    e.PersonRevoked: _person_revoked,
    e.DrawerOpened: money.drawer_opened,
    e.AccountOpened: money.account_opened,
    e.PassbookIssued: money.passbook_issued,
    e.HistoryPosted: money.history_posted,
    e.TransactionStarted: _started,
    e.StepPassed: _step_passed,
    e.BatchCounted: money.batch_counted,
    e.CountAccepted: money.count_accepted,
    e.VerdictGiven: _verdict_given,
    e.Countersigned: _countersigned,
    e.DepositPosted: money.deposit_posted,
    e.CursorAdjusted: money.cursor_adjusted,
    e.PrintPrepared: money.print_prepared,
    e.PrintClosed: money.print_closed,
    e.PrintSettled: money.print_settled,
    e.ItemOpened: _item_opened,
    e.ItemClosed: _item_closed,
    e.TransactionParked: _parked,
    e.TransactionResumed: _resumed,
    e.TransactionCancelled: _cancelled,
}
