"""Opening a desk's database safely: one process, one writer, one reader, settings that survive a power cut.

SQLite must stand at WAL and synchronous FULL (reliability-and-ecosystem A3: every other common setting lost
rows that had been acknowledged); a database that does not take them is refused. SQLAlchemy makes the
connections and runs the migrations; the hot path then speaks to the driver.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.persistence.migrations.runner import is_newer, upgrade

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

BUSY_TIMEOUT_MILLISECONDS = 5000
_LOCKED_BYTE = 1 << 30

PRIMARY_CODE = 0xFF
_IN_THE_WAY = {
    sqlite3.SQLITE_FULL: "disk full",
    sqlite3.SQLITE_IOERR: "disk error",
    sqlite3.SQLITE_READONLY: "read only",
    sqlite3.SQLITE_CANTOPEN: "cannot open",
    sqlite3.SQLITE_BUSY: "in use",
    sqlite3.SQLITE_LOCKED: "in use",
}

_SAFE = (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1))


def in_the_way(error: sqlite3.Error) -> str:
    """What a person can do something about, in a word; "" for a mistake of ours."""
    return _IN_THE_WAY.get(error.sqlite_errorcode & PRIMARY_CODE, "")


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether it is a SQLite database whose own order is broken."""
    return error.sqlite_errorcode & PRIMARY_CODE == sqlite3.SQLITE_CORRUPT


class DeskLock:
    """Held by the one process that may open a desk's database; the system lets go when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> Refusal | None:
        """None when it is ours, else ALREADY_RUNNING naming the holder's process id."""
        if not _lock(self._file):
            holder = os.pread(self._file, 32, 0) if sys.platform != "win32" else self._path.read_bytes()
            os.close(self._file)
            return refuse(
                RefusalCode.ALREADY_RUNNING, process=holder.decode("ascii", "replace").strip() or "?"
            )
        with contextlib.suppress(OSError):  # the id is a courtesy: a full disk keeps no desk from its record
            os.ftruncate(self._file, 0)
            os.write(self._file, f"{os.getpid()}\n".encode())
        return None

    def release(self) -> None:
        os.close(self._file)


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@dataclass
class DeskDatabase:
    """The open connections of one desk: driver-level, autocommit; the writer begins IMMEDIATE by itself."""

    engine: Engine
    writer: sqlite3.Connection
    reader: sqlite3.Connection
    lock: DeskLock

    def close(self) -> None:
        self.reader.close()
        self.writer.close()
        self.engine.dispose()
        self.lock.release()


def sqlite_path(url: str) -> Path | Refusal:
    """The file of a sqlite URL; DATABASE_UNSAFE for anything a desk cannot keep its record in."""
    try:
        parsed: URL = make_url(url)
    except ArgumentError:
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="not a database URL")
    if parsed.get_backend_name() != "sqlite" or parsed.query:
        return refuse(RefusalCode.DATABASE_UNSAFE, reason=f"unsupported {parsed.get_backend_name()} URL")
    if not parsed.database or parsed.database == ":memory:":
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="a database in memory forgets")
    return Path(parsed.database).absolute()


def open_database(url: str) -> DeskDatabase | Refusal:
    """Lock, connect, check the settings, migrate. ALREADY_RUNNING, EVENT_NEWER or DATABASE_UNSAFE when that is not
    possible."""
    path = sqlite_path(url)
    if isinstance(path, Refusal):
        return path
    if not path.parent.is_dir():
        return refuse(RefusalCode.DATABASE_UNSAFE, reason="its folder does not exist")
    path = path.resolve()  # one lock a file, by whatever link it is reached
    try:
        lock = DeskLock(path.with_name(path.name + ".lock"))
    except OSError as error:
        return refuse(RefusalCode.DATABASE_UNSAFE, reason=error.strerror)
    refusal = lock.take()
    if refusal:
        return refusal
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    opened = _open(path, engine, lock)
    if isinstance(opened, Refusal):
        engine.dispose()
        lock.release()
    return opened


def _open(path: Path, engine: Engine, lock: DeskLock) -> DeskDatabase | Refusal:
    with contextlib.ExitStack() as if_refused:
        try:
            writer = if_refused.enter_context(contextlib.closing(_connect(path)))
            unsafe = _unsafe_setting(writer)
            if unsafe:
                return refuse(RefusalCode.DATABASE_UNSAFE, reason=unsafe)
            if is_newer(writer):
                return refuse(RefusalCode.EVENT_NEWER)
            upgrade(engine, writer)
            reader = if_refused.enter_context(contextlib.closing(_connect(path)))
            reader.execute("PRAGMA query_only=ON")
        except sqlite3.DatabaseError as error:
            return refuse(RefusalCode.DATABASE_UNSAFE, reason=in_the_way(error) or error)
        except DBAPIError as error:
            return refuse(RefusalCode.DATABASE_UNSAFE, reason=_cause(error))
        if_refused.pop_all()
        return DeskDatabase(engine, writer, reader, lock)


def _cause(error: DBAPIError) -> str:
    """The driver's reason behind SQLAlchemy's sentence, which shows statements."""
    return (in_the_way(error.orig) if isinstance(error.orig, sqlite3.Error) else "") or str(error.orig)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _unsafe_setting(connection: sqlite3.Connection) -> str:
    for name, wanted in _SAFE:
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted:
            return f"{name} is {found}, must be {wanted}"
    return ""
