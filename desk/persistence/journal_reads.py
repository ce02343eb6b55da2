"""Reading a desk's record back: transactions, people, open items, the drawer, personal records.

One reader connection that cannot write, behind a lock, so that any thread may ask. Decides nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk.domain.events import PersonalRef, SlipRecorded, SpecimenReserved
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.codec import decode
from desk.journal.entry import Recorded
from desk.persistence.personal_store import PersonalVault, SealedRecord


@dataclass(frozen=True)
class TransactionRow:
    """A transaction in the read model. ``status``: "open", "posted", "archived", "cancelled" or another end;
    ``step`` is "" when ended."""

    transaction_id: str
    number: str
    status: str
    step: str
    procedure: str
    maker: str
    parked: bool


@dataclass(frozen=True)
class PersonRow:
    """An enrolled person; the name and own customer ids stand encrypted in ``person``."""

    staff_no: str
    roles: tuple[str, ...]
    qualifications: tuple[str, ...]
    key_id: str
    certificate: str
    person: PersonalRef
    revoked: bool


@dataclass(frozen=True)
class OpenItemRow:
    """An item nobody closed yet; ``number`` is its transaction's."""

    item_id: str
    kind: str
    number: str
    next_person: str
    reason: str
    transaction_id: str


class JournalReads:
    """What may be asked of one desk's record."""

    def __init__(self, reader: sqlite3.Connection, vault: PersonalVault, desk_id: str) -> None:
        self._reader, self._vault = reader, vault
        self._reading = threading.Lock()
        self.desk_id = desk_id

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of one SELECT on the reader connection, which cannot write."""
        with self._reading:
            return self._reader.execute(statement, values).fetchall()

    def recorded(self, transaction: str) -> tuple[Recorded, ...]:
        """The events of one transaction, in order."""
        rows = self.read(
            "SELECT body FROM journal WHERE transaction_id=? AND transaction_id!='' AND desk_id=? "
            "ORDER BY sequence",
            (transaction, self.desk_id),
        )
        return tuple(decode(body) for (body,) in rows)

    def all_recorded(self) -> tuple[Recorded, ...]:
        """The desk's whole history."""
        rows = self.read("SELECT body FROM journal WHERE desk_id=? ORDER BY sequence", (self.desk_id,))
        return tuple(decode(body) for (body,) in rows)

    def own_recorded(self) -> tuple[Recorded, ...]:
        """The events of the desk itself, which belong to no transaction, in order."""
        rows = self.read(
            "SELECT body FROM journal WHERE transaction_id='' AND desk_id=? ORDER BY sequence",
            (self.desk_id,),
        )
        return tuple(decode(body) for (body,) in rows)

    def business_began_at(self) -> int:
        """The sequence of the first entry of any transaction; 0 while there is none."""
        rows = self.read(
            "SELECT min(sequence) FROM journal WHERE transaction_id!='' AND desk_id=?", (self.desk_id,)
        )
        return int(rows[0][0] or 0)

    def specimen_of(self, account_id: str) -> PersonalRef | None:
        """The last specimen reserved for an account."""
        events = (one.event for one in self.own_recorded())
        found = [one for one in events if isinstance(one, SpecimenReserved) and one.account_id == account_id]
        return found[-1].specimen if found else None

    def serial_used(self, form: str, serial: str) -> bool:
        """Whether a voucher of this form and number stands in an examination that accepted it."""
        rows = self.read(
            "SELECT transaction_id FROM business_transaction WHERE desk_id=? AND status='examined'",
            (self.desk_id,),
        )
        for (transaction,) in rows:
            for one in self.recorded(transaction):
                if isinstance(one.event, SlipRecorded) and (one.event.form, one.event.serial) == (
                    form,
                    serial,
                ):
                    return True
        return False

    def personal(self, ref: PersonalRef) -> bytes | Refusal:
        """Decrypt a personal record; CHAIN_BROKEN when it was erased or is not what the event speaks of."""
        rows = self.read(
            "SELECT wrapped_key, sealed FROM personal_record WHERE record_id=?", (ref.record_id,)
        )
        if not rows:
            return refuse(RefusalCode.CHAIN_BROKEN, record=ref.record_id, reason="erased")
        return self._vault.open(SealedRecord(ref, *rows[0]))

    def account_id_of(self, account_number: str) -> str:
        """The internal id of an account number; "" when there is none."""
        rows = self.read(
            "SELECT account_id FROM account_lookup WHERE lookup=?", (self._vault.lookup(account_number),)
        )
        return str(rows[0][0]) if rows else ""

    def open_transactions(self) -> tuple[TransactionRow, ...]:
        """Transactions that have not ended, oldest first."""
        return self._transactions("step != '' AND desk_id=?", (self.desk_id,))

    def transactions(self, business_date: str) -> tuple[TransactionRow, ...]:
        """All transactions begun on a business date, oldest first."""
        return self._transactions("desk_id=? AND business_date=?", (self.desk_id, business_date))

    def _transactions(self, condition: str, values: Sequence[object]) -> tuple[TransactionRow, ...]:
        rows = self.read(
            "SELECT transaction_id, number, status, step, procedure, maker, parked FROM business_transaction "  # noqa: S608 - ours
            f"WHERE {condition} ORDER BY rowid",
            values,
        )
        return tuple(
            TransactionRow(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows
        )

    def next_number(self, business_date: str) -> int:
        """The next transaction's running number on this business date, from 1."""
        return len(self.transactions(business_date)) + 1

    def archived_today(self, business_date: str) -> int:
        return sum(row.status == "archived" for row in self.transactions(business_date))

    def batch_used(self, batch_id: str) -> bool:
        """Whether a count of this id entered any transaction already."""
        return bool(self.read("SELECT 1 FROM batch_accepted WHERE batch_id=?", (batch_id,)))

    def people(self) -> tuple[PersonRow, ...]:
        """Everyone enrolled, as the journal's enrolments left them."""
        rows = self.read("SELECT * FROM person ORDER BY staff_no")
        return tuple(
            PersonRow(
                row[0], _names(row[1]), _names(row[2]), row[3], row[4], PersonalRef(*row[5:8]), bool(row[8])
            )
            for row in rows
        )

    def open_items(self) -> tuple[OpenItemRow, ...]:
        """Items nobody closed yet, over all transactions, oldest first."""
        rows = self.read(
            "SELECT item_id, kind, number, next_person, reason, transaction_id FROM open_item "
            "JOIN business_transaction USING (transaction_id) WHERE resolution='' ORDER BY open_item.rowid"
        )
        return tuple(OpenItemRow(*row) for row in rows)

    def drawer(self, drawer_id: str) -> tuple[tuple[int, int], ...]:
        """``(denomination_minor, pieces)`` of a drawer, largest first."""
        rows = self.read(
            "SELECT denomination_minor, pieces FROM drawer_cash WHERE drawer_id=? ORDER BY 1 DESC",
            (drawer_id,),
        )
        return tuple((unit, pieces) for unit, pieces in rows)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
