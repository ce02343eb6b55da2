"""Signed and chained posting through the journal store, beside the same rows unsigned on raw sqlite3.

Both run WAL with synchronous FULL, one commit and so one sync a posting, and write the same ledger,
account and posting rows and a journal row of the same size; the store adds canonical bytes,
the hash chain, and an Ed25519 seal (DESIGN §4: at least 0.6 of the raw rate). Rounds alternate, and the
median ratio counts. The witness file is a sync of its own outside the database and is shown beside it.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from desk.corebank.contract import Book, DepositRequest
from desk.domain import events as e
from desk.persistence.journal_store import JournalStore
from tests.desk.journal.bank import DAY, UTC, Bank, books, new_id

ROUNDS = 9
POSTINGS_A_ROUND = 300
LEAST_OF_RAW = 0.6
AMOUNT_MINOR = 20_100


def main() -> bool:
    """Print the table; True when the floor was held."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "witnessed").mkdir()
        signed = Signed(folder, witness=False)
        witnessed = Signed(folder / "witnessed", witness=True)
        raw = Raw(folder / "raw.db")
        rates: dict[str, list[float]] = {"raw": [], "signed": [], "witnessed": []}
        for _ in range(ROUNDS):
            rates["raw"].append(_rate(raw.post))
            rates["signed"].append(_rate(signed.post))
            rates["witnessed"].append(_rate(witnessed.post))
    ratio = statistics.median(s / r for s, r in zip(rates["signed"], rates["raw"], strict=True))
    rows = {
        "raw": "same rows, unsigned, raw sqlite3",
        "signed": "signed and chained, journal store",
        "witnessed": "the same with its witness file",
    }
    for name, label in rows.items():
        print(f"{label:34} {statistics.median(rates[name]):9,.0f} postings/s")
    print(f"ratio {ratio:.2f}, floor at least {LEAST_OF_RAW}")
    return ratio >= LEAST_OF_RAW


def _rate(post: Callable[[], None]) -> float:
    before = time.perf_counter()
    for _ in range(POSTINGS_A_ROUND):
        post()
    return POSTINGS_A_ROUND / (time.perf_counter() - before)


class Signed:
    """One posting as the desk makes it: plan, event, chain, seal, read models, one commit."""

    def __init__(self, folder: Path, witness: bool) -> None:
        self._bank = Bank()
        store = self._bank.open_store(folder, witness=witness)
        items, sealed = self._bank.founding()
        store.append(items, sealed)
        self._store: JournalStore = store
        self._ledger = books(store)

    def post(self) -> None:
        posting_id, transaction = new_id(), new_id()
        plan = self._ledger.plan(DepositRequest(posting_id, "acc-1", "till", "CNY", AMOUNT_MINOR, DAY))
        assert isinstance(plan, Book)
        event = e.DepositPosted(
            posting_id,
            "acc-1",
            plan.entry_no,
            "现金存款",
            DAY,
            plan.lines,
            plan.balance_after_minor,
            "f" * 64,
        )
        self._store.append([(self._bank.head(transaction), event)])


class Raw:
    """The same rows with plain SQL, as a program without proof would write them."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        for table in _RAW_TABLES:
            self._db.execute(table)
        self._db.executemany(
            "INSERT INTO account VALUES (?,?,?,?,0,0)",
            [("till", "cash", "debit", "CNY"), ("acc-1", "current_savings", "credit", "CNY")],
        )
        self._sequence = 0

    def post(self) -> None:
        db = self._db
        posting_id, transaction = new_id(), new_id()
        self._sequence += 1
        found = db.execute("SELECT * FROM account WHERE account_id IN ('acc-1', 'till')").fetchall()
        assert len(found) == 2
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            "INSERT INTO audit VALUES (?,?,?,?)",
            ("d" * 32, self._sequence, transaction, f"{UTC} {'x' * 620}".encode()),
        )
        db.execute(
            "INSERT INTO ledger_posting VALUES (?,?,?,?,?)", (posting_id, transaction, DAY, DAY, "现金存款")
        )
        for line_no, (account, side) in enumerate((("till", "debit"), ("acc-1", "credit")), 1):
            row = db.execute(
                "UPDATE account SET last_entry_no=last_entry_no+1, balance_minor=balance_minor+? "
                "WHERE account_id=? RETURNING last_entry_no, balance_minor",
                (AMOUNT_MINOR, account),
            ).fetchone()
            db.execute(
                "INSERT INTO ledger_entry VALUES (?,?,?,?,?,?,?)",
                (account, row[0], posting_id, line_no, side, AMOUNT_MINOR, row[1]),
            )
        db.execute("COMMIT")


_RAW_TABLES = (
    "CREATE TABLE audit (desk_id TEXT, sequence INTEGER, transaction_id TEXT, body BLOB, "
    "PRIMARY KEY (desk_id, sequence)) WITHOUT ROWID",
    "CREATE INDEX audit_transaction ON audit (transaction_id)",
    "CREATE TABLE account (account_id TEXT PRIMARY KEY, kind TEXT, side TEXT, currency TEXT, "
    "balance_minor INTEGER, last_entry_no INTEGER)",
    "CREATE TABLE ledger_posting (posting_id TEXT PRIMARY KEY, transaction_id TEXT UNIQUE, value_date TEXT, "
    "business_date TEXT, summary TEXT)",
    "CREATE TABLE ledger_entry (account_id TEXT, entry_no INTEGER, posting_id TEXT, line_no INTEGER, side TEXT, "
    "amount_minor INTEGER, balance_after_minor INTEGER, PRIMARY KEY (account_id, entry_no), "
    "UNIQUE (posting_id, line_no)) WITHOUT ROWID",
)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
