"""Reading a chain for its walk: rows in chunks, and a long chain in parts on all cores.

Each part starts from the stored digest before it, which the part before proves; so the parts together prove
what one walk would.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.verify import Row, Walk, joined, walk
from desk.persistence.engine import is_damaged, sqlite_path
from desk.persistence.schema import METADATA

CHUNK = 1_000
PARALLEL_FROM = 100_000
"""From so many entries on, a chain is walked in parts on all cores."""

PARTS_A_CORE = 4


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, beside a desk that may be running."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)


def open_record(url: str) -> tuple[Path, sqlite3.Connection] | Refusal:
    """A record's file and a read-only connection in one snapshot; DATABASE_UNSAFE when there is none."""
    path = sqlite_path(url)
    if isinstance(path, Refusal):
        return path
    if not path.is_file():
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="no such database")
    connection = connect_read_only(path)
    if not _holds_a_record(connection):
        connection.close()
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="no desk's record in it")
    return path, connection


def _holds_a_record(connection: sqlite3.Connection) -> bool:
    """Whether a desk's record is or was in it: a damaged one is a record that does not hold, not an empty place."""
    try:
        connection.execute("BEGIN")
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        return is_damaged(error)
    except UnicodeDecodeError:  # SQLite quotes the damaged name in its message
        return True
    return bool(names & set(METADATA.tables))


def desks_in(connection: sqlite3.Connection) -> set[str]:
    """Desk ids, found by stepping over the key and not by reading every row. What is no text is named by its
    bytes; no certificate stands for it."""
    found: set[str | bytes | None] = set()
    for table in ("journal", "seal"):
        last: str | bytes | None = ""
        while last is not None:
            statement = f"SELECT min(desk_id) FROM {table} WHERE desk_id>?"  # noqa: S608 - two names
            (last,) = connection.execute(statement, (last,)).fetchone()
            found.add(last)
    return {desk if isinstance(desk, str) else f"x'{desk.hex()}'" for desk in found if desk}


def rows_of(connection: sqlite3.Connection, desk: str, first: int, last: int) -> Iterator[Sequence[Row]]:
    """The entries of one desk from ``first`` to ``last``, in order, in chunks."""
    cursor = connection.execute(
        "SELECT sequence, transaction_id, body, digest FROM journal "
        "WHERE desk_id=? AND sequence BETWEEN ? AND ? ORDER BY sequence",
        (desk, first, last),
    )
    while chunk := cursor.fetchmany(CHUNK):
        yield chunk


def walk_part(path: Path, part: tuple[str, int, int, frozenset[int]]) -> Walk:
    """Walk one part of a chain in a process of its own: (desk, first, last, sequences to remember)."""
    desk, first, last, remember = part
    connection = connect_read_only(path)
    row = connection.execute(
        "SELECT digest FROM journal WHERE desk_id=? AND sequence=?", (desk, first - 1)
    ).fetchone()
    wanted = frozenset(one for one in remember if first <= one <= last)
    before = row[0] if row else b""
    seen = walk(desk, rows_of(connection, desk, first, last), wanted, first, before)
    connection.close()
    return seen


def walk_chain(
    path: Path,
    connection: sqlite3.Connection,
    desk: str,
    last: int,
    remember: frozenset[int],
    progress: Callable[[int], None],
) -> Walk:
    """Over the whole chain of a desk up to entry ``last``; ``progress`` is told how many entries are done."""
    cores = os.cpu_count() or 1
    if last < PARALLEL_FROM or cores == 1:
        seen = walk(desk, rows_of(connection, desk, 1, last), remember)
        progress(seen.sequence)
        return seen
    size = -(-last // (cores * PARTS_A_CORE))
    parts = [(desk, at, min(at + size - 1, last), remember) for at in range(1, last + 1, size)]
    done: list[Walk] = []
    with ProcessPoolExecutor(max_workers=cores) as pool:
        for part in pool.map(walk_part, [path] * len(parts), parts):
            done.append(part)
            progress(part.sequence)
    return joined(done)
