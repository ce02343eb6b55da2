"""Verifying a million entries beside the bare hash loop over 300-byte bodies, in one run.

Verified: every column against the signed bytes, the chain, the last seal and one seal per 1,024 entries,
the desk's certificate up to the root (DESIGN §4: at most 3 times the bare loop). The record is made without
the store, but the bytes, the tables and the seals are the store's own; the two loops alternate and the best
of each counts.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from desk.domain.events import DeskEnrolled
from desk.journal.chain import SEAL_EVERY, genesis, link, seal
from desk.journal.codec import column_prefix, column_suffix, encode
from desk.persistence.verification import VerifyReport, verify_database
from tests.desk.journal.bank import Bank, url_in

ENTRIES = 1_000_000
BODY_BYTES = 300
ENTRIES_A_TRANSACTION = 40
ROUNDS = 3
MOST_TIMES_BARE = 3.0


def main() -> bool:
    """Print the table; True when the floor was held."""
    with tempfile.TemporaryDirectory() as name:
        bank, folder = Bank(), Path(name)
        fill(bank, folder)
        bodies = _bodies(folder)
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(_bare(bodies) * ENTRIES / len(bodies))
            ours.append(_verify(bank, folder))
    ratio = min(ours) / min(bare)
    print(f"{'bare hash loop':34} {min(bare):7.2f} s  {ENTRIES / min(bare):12,.0f} entries/s")
    print(
        f"{'journal verify (seal per 1,024)':34} {min(ours):7.2f} s  {ENTRIES / min(ours):12,.0f} entries/s"
    )
    print(f"ratio {ratio:.2f}, floor at most {MOST_TIMES_BARE}")
    return ratio <= MOST_TIMES_BARE


def fill(bank: Bank, folder: Path) -> None:
    """A record of a million sealed entries under the store's schema."""
    bank.open_store(folder, witness=False).close()
    connection = sqlite3.connect(folder / "desk.db")
    connection.execute("PRAGMA synchronous=OFF")
    seals: list[tuple[str, int, bytes]] = []
    with connection:
        connection.executemany("INSERT INTO journal VALUES (?,?,?,?,?)", _rows(bank, seals))
        connection.executemany("INSERT INTO seal VALUES (?,?,?)", seals)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _rows(bank: Bank, seals: list[tuple[str, int, bytes]]) -> Iterator[tuple[str, int, str, bytes, bytes]]:
    desk, digest = bank.desk.key_id, genesis(bank.desk.key_id)
    start = column_prefix(desk)
    for sequence in range(1, ENTRIES + 1):
        if sequence == 1:
            transaction = ""
            enrolled = DeskEnrolled("3号柜", bank.desk_certificate, bank.branch_certificate, True)
            body = encode(bank.head(), 1, enrolled)
        else:
            transaction = f"{sequence // ENTRIES_A_TRANSACTION:032x}"
            begun = b"%b%d%b" % (start, sequence, column_suffix(transaction))
            body = begun.ljust(BODY_BYTES, b"x")
        digest = link(digest, body)
        if sequence % SEAL_EVERY == 0 or sequence == ENTRIES:
            seals.append((desk, sequence, seal(bank.desk, sequence, digest)))
        yield desk, sequence, transaction, body, digest


def _bodies(folder: Path) -> list[bytes]:
    connection = sqlite3.connect(folder / "desk.db")
    rows = connection.execute("SELECT body FROM journal WHERE sequence>1 ORDER BY sequence LIMIT 300000")
    found = [body for (body,) in rows]
    connection.close()
    return found


def _bare(bodies: list[bytes]) -> float:
    before = time.perf_counter()
    digest = bytes(32)
    for body in bodies:
        digest = sha256(digest + body).digest()
    return time.perf_counter() - before


def _verify(bank: Bank, folder: Path) -> float:
    before = time.perf_counter()
    report = verify_database(url_in(folder), bank.root.public_key)
    took = time.perf_counter() - before
    assert isinstance(report, VerifyReport)
    assert report.verified
    assert report.entries == ENTRIES
    return took


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
