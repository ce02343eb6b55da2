"""A full or failing disk, a witness that cannot be written, a kill at the very first start: a clear refusal, and
everything that stood still stands."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.keys import SigningKey
from desk.persistence.engine import DeskLock
from desk.persistence.journal_store import JournalStore
from desk.persistence.migrations import runner
from desk.persistence.verification import VerifyReport, verify_database
from desk.persistence.witness import Witness, read_witness
from desk.records import NotRecorded
from tests.desk.journal.bank import UTC, Bank, url_in
from tests.desk.persistence.full_disk import files_end_at

Trouble = Callable[[JournalStore, Path], contextlib.AbstractContextManager[None]]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


@contextlib.contextmanager
def no_page_left(store: JournalStore, folder: Path) -> Iterator[None]:
    writer = store._database.writer
    writer.execute("PRAGMA max_page_count=1")  # SQLite keeps at least what is in use
    yield
    writer.execute("PRAGMA max_page_count=1000000")


@contextlib.contextmanager
def log_cut_short(store: JournalStore, folder: Path) -> Iterator[None]:
    with files_end_at((folder / "desk.db-wal").stat().st_size + 5000):
        yield


@contextlib.contextmanager
def other_writer(store: JournalStore, folder: Path) -> Iterator[None]:
    store._database.writer.execute("PRAGMA busy_timeout=20")
    with contextlib.closing(sqlite3.connect(folder / "desk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextlib.contextmanager
def read_only(store: JournalStore, folder: Path) -> Iterator[None]:
    store._database.writer.execute("PRAGMA query_only=ON")
    yield
    store._database.writer.execute("PRAGMA query_only=OFF")


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (no_page_left, "disk full"),
        (log_cut_short, "disk error"),
        (other_writer, "in use"),
        (read_only, "read only"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_of_it_stands(
    bank: Bank, tmp_path: Path, trouble: Trouble, reason: str
) -> None:
    store = bank.founded(tmp_path)
    before = store.head()
    deposit = bank.deposit(store)
    with trouble(store, tmp_path):
        for _ in range(2):  # and it is the same refusal again
            with pytest.raises(NotRecorded) as refused:
                write_until_refused(bank, store)
            assert refused.value.refusal.code is RefusalCode.NOT_RECORDED
            assert refused.value.refusal.details == (("reason", reason),)
            stands = store.head()
            assert store.all_recorded()[-1].sequence == stands[0] >= before[0]
    deposit.append(store)
    assert store.head()[0] == stands[0] + len(deposit.events)
    store.close()
    proved(bank, tmp_path)


def write_until_refused(bank: Bank, store: JournalStore) -> None:
    for _ in range(200):
        store.append([(bank.head(), e.SignedOn("1001"))] * 50)


def proved(bank: Bank, folder: Path) -> None:
    witness = (folder / "witness.log").read_bytes()
    report = verify_database(url_in(folder), bank.root.public_key, witness)
    assert isinstance(report, VerifyReport)
    assert report.verified, report.findings


def test_the_writer_takes_its_place_before_it_works(bank: Bank, tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: another writer is met at once, not in the middle of an append."""
    store = bank.founded(tmp_path)
    seen: list[str] = []
    store._moment = seen.append
    with other_writer(store, tmp_path), pytest.raises(NotRecorded):
        store.append([(bank.head(), e.SignedOn("1001"))])
    assert seen == []
    store.close()


def test_readers_see_what_was_committed_while_a_commit_is_under_way(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    seen: dict[str, int] = {}
    store._moment = lambda name: seen.update({name: len(store.all_recorded())})
    store.append([(bank.head(), e.SignedOn("1001"))])
    before = store.head()[0] - 1
    after = before + 1
    assert seen == {
        "append:person.signed_on": before, "commit:before": before, "commit:after": after,
        "witness:before": after, "witness:after": after,
    }  # fmt: skip
    store.close()


# --- the witness ----------------------------------------------------------------------------------------


def test_a_witness_that_cannot_be_written_stops_the_next_act_not_the_last(bank: Bank, tmp_path: Path) -> None:
    """What was committed stands. Nothing more is recorded before the witness has come up to it."""
    store = bank.founded(tmp_path)
    witness, aside = tmp_path / "witness.log", tmp_path / "aside"
    witness.rename(aside)
    witness.mkdir()
    store.append([(bank.head(), e.SignedOn("1001"))])
    stands = store.head()
    with pytest.raises(NotRecorded) as refused:
        store.append([(bank.head(), e.SignedOn("1001"))])
    assert refused.value.refusal.details == (("reason", "witness"),)
    assert store.head() == stands
    witness.rmdir()
    aside.rename(witness)
    store.append([(bank.head(), e.SignedOn("1001"))])
    assert [line.sequence for line in read_witness(witness.read_bytes())[0][-2:]] == [
        stands[0],
        stands[0] + 1,
    ]
    store.close()
    proved(bank, tmp_path)


def test_a_desk_whose_witness_cannot_be_read_does_not_open(bank: Bank, tmp_path: Path) -> None:
    bank.founded(tmp_path).close()
    (tmp_path / "witness.log").unlink()
    (tmp_path / "witness.log").mkdir()
    found = JournalStore.open(
        url_in(tmp_path), bank.desk, bank.vault, witness=Witness(tmp_path / "witness.log", bank.desk, lambda: UTC)
    )  # fmt: skip
    assert isinstance(found, Refusal)
    assert (found.code, found.details) == (RefusalCode.NOT_RECORDED, (("reason", "witness"),))
    (tmp_path / "witness.log").rmdir()
    bank.open_store(tmp_path).close()


def test_a_witness_line_cut_short_by_a_full_disk_is_taken_back(tmp_path: Path) -> None:
    path, key = tmp_path / "witness.log", SigningKey.generate()
    witness = Witness(path, key, lambda: UTC)
    witness.append(1, b"\1" * 32)
    whole = path.read_bytes()
    with files_end_at(len(whole) + 20), pytest.raises(OSError, match="No space left"):
        witness.append(2, b"\2" * 32)
    assert path.read_bytes() == whole
    witness.append(2, b"\2" * 32)
    assert [line.sequence for line in read_witness(path.read_bytes())[0]] == [1, 2]


# --- opening --------------------------------------------------------------------------------------------

KILLED_AT_FIRST_START = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from desk.persistence.engine import open_database
left = int(sys.argv[2])
@event.listens_for(Engine, "before_cursor_execute")
def kill(connection, cursor, statement, values, context, many):
    global left
    left -= statement.strip().startswith(("CREATE", "INSERT"))
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
open_database(f"sqlite:///{sys.argv[1]}/desk.db")
"""


@pytest.mark.parametrize("statement", [1, 2, 9, 20])
def test_a_desk_killed_at_its_first_start_opens_at_the_next(
    bank: Bank, tmp_path: Path, statement: int
) -> None:
    command = [sys.executable, "-c", KILLED_AT_FIRST_START, str(tmp_path), str(statement)]
    done = subprocess.run(command, check=False)
    assert done.returncode == -signal.SIGKILL
    store = bank.founded(tmp_path)
    assert [one[0] for one in store.read("SELECT version_num FROM alembic_version")] == [runner.NEWEST]
    store.close()
    proved(bank, tmp_path)


def test_a_disk_that_fills_at_the_first_start_is_refused_and_the_next_start_succeeds(
    bank: Bank, tmp_path: Path
) -> None:
    with files_end_at(40_000):
        found = JournalStore.open(url_in(tmp_path), bank.desk, bank.vault)
    assert isinstance(found, Refusal)
    assert (found.code, found.details) == (RefusalCode.DATABASE_UNSAFE, (("reason", "disk error"),))
    bank.founded(tmp_path).close()
    proved(bank, tmp_path)


def test_a_full_disk_does_not_keep_a_desk_from_its_lock(tmp_path: Path) -> None:
    """The holder's process id is a courtesy; the lock is the system's."""
    lock, second = DeskLock(tmp_path / "x.lock"), DeskLock(tmp_path / "x.lock")
    with files_end_at(0):
        assert lock.take() is None
    assert second.take() == refuse(RefusalCode.ALREADY_RUNNING, process="?")
    lock.release()


def test_a_record_made_by_a_newer_program_is_left_alone(bank: Bank, tmp_path: Path) -> None:
    bank.founded(tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "desk.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num='0002'")
    found = JournalStore.open(url_in(tmp_path), bank.desk, bank.vault)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.EVENT_NEWER


def test_a_link_to_the_same_record_is_the_same_desk(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "desk.db").symlink_to(tmp_path / "desk.db")
    found = JournalStore.open(url_in(elsewhere), bank.desk, bank.vault)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.ALREADY_RUNNING
    store.close()


def test_a_lock_that_cannot_be_made_is_refused(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "desk.db.lock").mkdir()
    found = JournalStore.open(url_in(tmp_path), bank.desk, bank.vault)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.DATABASE_UNSAFE
