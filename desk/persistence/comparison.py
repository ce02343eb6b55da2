"""What stands beside the chain, compared with what the entries say: derived tables, personal records,
signatures.

Reads only. A table made anew from the journal must equal the stored one, row by row; the first difference
is named by table and key.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from desk.domain.events import PersonalRef
from desk.journal.entry import Recorded
from desk.journal.keys import is_signed_by
from desk.journal.record_rules import SignatureJob
from desk.journal.verify import BadEntry, Reason
from desk.persistence.personal_store import stored_digest
from desk.persistence.projections import rebuild
from desk.persistence.schema import METADATA

PARALLEL_FROM = 2_000
"""From so many signatures on, they are proved on all cores."""

PART = 500


def prove_part(jobs: Sequence[SignatureJob]) -> list[bool]:
    """Whether each signature stands; runs in a process of its own when there are many."""
    return [is_signed_by(job.key, job.signature, job.message) for job in jobs]


def proved(jobs: Sequence[SignatureJob]) -> Iterator[tuple[Sequence[SignatureJob], list[bool]]]:
    """Parts of the jobs with whether each stands, in order; many are spread over all cores."""
    parts = [jobs[at : at + PART] for at in range(0, len(jobs), PART)]
    if len(jobs) < PARALLEL_FROM:
        yield from ((part, prove_part(part)) for part in parts)
        return
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from zip(parts, pool.map(prove_part, parts), strict=True)


def personal_findings(connection: sqlite3.Connection, refs: Mapping[str, PersonalRef]) -> list[BadEntry]:
    """Every record spoken of and not erased is there, byte for byte; nothing else is."""
    found: list[BadEntry] = []
    seen: set[str] = set()
    rows = connection.execute("SELECT record_id, wrapped_key, sealed FROM personal_record")
    for record_id, *stored in rows:
        seen.add(record_id)
        ref = refs.get(record_id)
        if ref is None:
            found.append(BadEntry("", 0, Reason.PERSONAL, f"no entry speaks of record {record_id}"))
        elif not all(isinstance(one, bytes) for one in stored) or stored_digest(*stored) != ref.sealed:
            found.append(BadEntry("", 0, Reason.PERSONAL, f"record {record_id} was changed"))
    missing = sorted(refs.keys() - seen)
    return found + [BadEntry("", 0, Reason.PERSONAL, f"record {one} is missing") for one in missing]


def file_findings(connection: sqlite3.Connection) -> list[BadEntry]:
    """What SQLite finds in the file's own order: pages, indices, constraints."""
    rows = connection.execute("PRAGMA integrity_check(20)").fetchall()
    return [BadEntry("", 0, Reason.DATABASE, str(row[0])) for row in rows if row[0] != "ok"]


_KNOWN = frozenset(METADATA.tables) | {"alembic_version"}
_INDICES = frozenset(str(index.name) for table in METADATA.tables.values() for index in table.indexes)


def schema_findings(connection: sqlite3.Connection) -> list[BadEntry]:
    """What stands in the database and is not of its schema: a trigger or a view makes rows say what no entry says, and
    a table of its own is nobody's."""
    rows = connection.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name")
    return [
        BadEntry("", 0, Reason.DATABASE, f"{kind} {name} is not of the desk's schema")
        for kind, name, table in rows
        if not _is_of_the_schema(str(kind), str(name), table)
    ]


def _is_of_the_schema(kind: str, name: str, table: object) -> bool:
    own = name.startswith("sqlite_")  # SQLite's own: nobody else can make such a name
    if kind == "table":
        return own or name in _KNOWN
    return kind == "index" and table in _KNOWN and (own or name in _INDICES)


def lookup_findings(connection: sqlite3.Connection) -> list[BadEntry]:
    """Every account with a holder is found by one number, and no other is. By which one only the vault can say: a desk
    compares number and record whenever it looks one up."""
    found = sorted(str(row[0]) for row in connection.execute("SELECT account_id FROM account_lookup"))
    query = "SELECT account_id FROM account WHERE holder_record!=''"
    held = sorted(str(row[0]) for row in connection.execute(query))
    text = "account_lookup: not one number for every account with a holder"
    return [] if found == held else [BadEntry("", 0, Reason.DERIVED, text)]


def fresh_tables(history: Iterable[Recorded]) -> sqlite3.Connection:
    """Derived tables in memory, made from a history."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    rebuild(connection, history)
    return connection


def ledger_is_balanced(connection: sqlite3.Connection) -> bool:
    """Σ debits = Σ credits, of every posting and so of all; balances are the sums of their entries."""
    uneven = connection.execute(
        "SELECT 1 FROM ledger_entry GROUP BY posting_id "
        "HAVING sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END) != 0 LIMIT 1"
    ).fetchone()
    wrong = connection.execute(
        "SELECT 1 FROM account WHERE balance_minor != (SELECT coalesce(sum(CASE WHEN ledger_entry.side = "
        "account.side THEN amount_minor ELSE -amount_minor END), 0) FROM ledger_entry "
        "WHERE ledger_entry.account_id = account.account_id) LIMIT 1"
    ).fetchone()
    return not uneven and not wrong


def difference(stored: sqlite3.Connection, fresh: sqlite3.Connection, table: str, keys: Sequence[str]) -> str:
    """The first difference between a stored table and one made anew, as a sentence; "" when they agree."""
    columns = [row[1] for row in fresh.execute(f"PRAGMA table_info({table})")]
    query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(keys)}"  # noqa: S608 - our own names
    at = [columns.index(key) for key in keys]
    one, two = stored.execute(query), fresh.execute(query)
    while True:
        have, want = one.fetchone(), two.fetchone()
        if have != want:
            return f"{table} {_named(have, want, at, columns)}"
        if have is None:
            return ""


_Row = tuple[object, ...] | None


def _named(have: _Row, want: _Row, at: Sequence[int], columns: Sequence[str]) -> str:
    ours, theirs = ([str(row[i]) for i in at] if row else None for row in (have, want))
    if have and want and ours == theirs:
        changed = [name for name, a, b in zip(columns, have, want, strict=True) if a != b]
        return f"{'/'.join(ours or ())}: {', '.join(changed)} is not what the entries say"
    if theirs is None or (ours is not None and ours < theirs):
        return f"{'/'.join(ours or ())}: no entry makes this row"
    return f"{'/'.join(theirs)}: this row is missing"
