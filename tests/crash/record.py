"""What stands in a desk's record on disk, read beside the desk and by nobody it could influence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.domain import events as e
from desk.domain.transaction import Happened, Transaction, fold_all
from desk.journal.codec import decode
from desk.journal.entry import Recorded
from desk.journal.trust import read_trust
from desk.persistence.verification import VerifyReport, verify_database
from desk.persistence.witness import read_witness


@dataclass(frozen=True)
class Record:
    """Every entry in order, and the transaction they speak of last (None: none was begun)."""

    entries: tuple[Recorded, ...]
    transaction: Transaction | None

    @property
    def names(self) -> list[str]:
        return [one.event.name for one in self.entries]

    def of_transaction(self) -> tuple[e.Event, ...]:
        named = self.transaction.transaction_id if self.transaction else "-"
        return tuple(one.event for one in self.entries if one.head.transaction == named)

    def transactions(self) -> int:
        return len({one.head.transaction for one in self.entries} - {""})


def rows(folder: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of one SELECT, read-only."""
    with closing(sqlite3.connect(f"file:{folder / 'desk.db'}?mode=ro", uri=True)) as database:
        return database.execute(statement, values).fetchall()


def read_record(folder: Path) -> Record:
    """Decode and fold the journal as it stands."""
    entries = tuple(decode(body) for (body,) in rows(folder, "SELECT body FROM journal ORDER BY sequence"))
    named = [one.head.transaction for one in entries if one.head.transaction]
    if not named:
        return Record(entries, None)
    history = (
        Happened(one.event, one.head.person, one.head.utc)
        for one in entries
        if one.head.transaction == named[-1]
    )
    return Record(entries, fold_all(named[-1], tuple(history)))


def verify(folder: Path) -> VerifyReport:
    """``journal verify`` with the folder's own trust and witness files."""
    root = read_trust((folder / "trust.json").read_bytes())
    assert isinstance(root, bytes)
    witness = folder / "witness.log"
    found = verify_database(
        f"sqlite:///{folder / 'desk.db'}", root, witness.read_bytes() if witness.exists() else None
    )
    assert isinstance(found, VerifyReport), found
    return found


def last_witnessed(folder: Path) -> int:
    """The furthest sequence in the witness file; 0 when there is none."""
    lines, unreadable = read_witness((folder / "witness.log").read_bytes())
    assert not unreadable, f"witness lines {unreadable} cannot be read"
    return max((line.sequence for line in lines), default=0)
