"""The store: one commit for everything, settings that survive a power cut, one process, a head that is
proved."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode
from desk.journal.chain import link
from desk.journal.codec import encode
from desk.journal.keys import SigningKey
from desk.journal.verify import Reason
from desk.persistence import engine
from desk.persistence.journal_store import JournalStore
from desk.persistence.migrations import runner
from desk.persistence.money_projections import Contradiction
from desk.persistence.personal_store import PersonalVault, SealedRecord
from desk.persistence.schema import METADATA
from desk.persistence.verification import VerifyReport, verify_database
from desk.persistence.witness import Witness
from tests.desk.journal.bank import ACCOUNT_NUMBER, DAY, UTC, Bank, books, new_id, url_in


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


def refused(bank: Bank, url: str, **more: object) -> Refusal:
    found = JournalStore.open(url, bank.desk, bank.vault, **more)  # type: ignore[arg-type]
    assert isinstance(found, Refusal), found
    return found


def test_what_was_appended_is_read_back(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store).append(store)
    assert [one.event for one in store.recorded(deposit.transaction)] == [
        event for _, event in deposit.events
    ]
    assert store.recorded("") == ()
    head = store.head()
    store.close()
    again = bank.open_store(tmp_path)
    assert again.head() == head
    assert len(again.all_recorded()) == head[0] == 55
    again.close()


def test_the_read_models_after_a_deposit(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    assert store.next_number(DAY) == 1
    deposit = bank.deposit(store).append(store)
    account = books(store).account_by_number(ACCOUNT_NUMBER)
    assert not isinstance(account, Refusal)
    assert (account.balance_minor, account.last_entry_no, account.cash_in_today_minor) == (120_100, 2, 20_100)
    assert store.drawer("drawer-1") == ((10_000, 12), (100, 1))
    assert (store.next_number(DAY), store.archived_today(DAY), store.archived_today("2026-11-24")) == (
        2,
        1,
        0,
    )
    assert store.open_transactions() == ()
    (row,) = store.transactions(DAY)
    assert (row.status, row.step, row.maker, row.parked) == ("archived", "", "1001", False)
    assert store.batch_used(deposit.batches[0])
    assert not store.batch_used("another")
    book = books(store).book_of("acc-1")
    assert not isinstance(book, Refusal)
    assert (book.next_page, book.next_line, book.printed_through) == (1, 5, 2)
    assert [one.staff_no for one in store.people()] == ["1001", "1002", "1003"]
    assert store.people()[1].roles == ("teller", "reviewer")
    store.close()


def test_parking_items_and_cancelling(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store)
    head = bank.head(deposit.transaction)
    store.append(deposit.items()[:3], deposit.sealed)
    store.append([(head, e.TransactionParked("queue"))])
    assert store.open_transactions()[0].parked
    store.append([(head, e.TransactionResumed()), (head, e.ItemOpened("i-1", "disputed", "1003", "why"))])
    assert not store.open_transactions()[0].parked
    (item,) = store.open_items()
    assert (item.kind, item.number, item.next_person) == ("disputed", "3-1123-0001", "1003")
    store.append([(head, e.ItemClosed("i-1", "")), (head, e.TransactionCancelled("left", "slip"))])
    assert store.open_items() == ()
    assert store.open_transactions() == ()
    assert store.transactions(DAY)[0].status == "cancelled"
    store.close()


def test_a_book_advances_on_proof_and_on_what_a_person_saw(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store).drop(e.PrintClosed).append(store)
    job, head = deposit.find(e.PrintPrepared).job_id, bank.head(deposit.transaction)

    def cursor() -> tuple[int, int]:
        book = books(store).book_of("acc-1")
        assert not isinstance(book, Refusal)
        return book.next_line, book.printed_through

    store.append([(head, e.PrintClosed(job, "unknown", 0, ""))])
    assert cursor() == (3, 0)
    store.append([(head, e.PrintSettled(job, 1))])
    assert cursor() == (4, 1)
    store.append([(head, e.PrintSettled(job, 2))])
    assert cursor() == (5, 2)
    store.append([(head, e.PrintSettled(job, 1))])
    assert cursor() == (5, 2)
    store.close()


def test_a_book_advances_when_its_rows_are_handed_out_and_never_back(bank: Bank, tmp_path: Path) -> None:
    """By the other policy; a line that stands for both entries carries the mark over both."""
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store).drop(e.PrintClosed)
    sums: dict[str, Any] = {
        "lines": (3,),
        "entry_nos": (2,),
        "covers": ((1, 2),),
        "compression": "lines",
        "threshold": 1,
    }
    deposit.change(e.PrintPrepared, cursor="on_handout", **sums).append(store)
    job, head = deposit.find(e.PrintPrepared), bank.head(deposit.transaction)

    def cursor() -> tuple[int, int, int]:
        book = books(store).book_of("acc-1")
        assert not isinstance(book, Refusal)
        return book.next_page, book.next_line, book.printed_through

    assert cursor() == (1, 4, 2)
    store.append(
        [(head, e.PrintClosed(job.job_id, "not_done", 0, "")), (head, e.PrintSettled(job.job_id, 0))]
    )
    assert cursor() == (1, 4, 2)
    store.append([(head, e.CursorAdjusted(new_id(), "book-1", 1, 4, 2, 1, "1003", "s", "s"))])
    assert cursor() == (2, 1, 2)
    again = replace(job, job_id=new_id(), replaces=job.job_id, second_person="1003")
    store.append([(head, again), (head, e.PrintClosed(again.job_id, "done", 1, ""))])
    assert cursor() == (2, 1, 2), "a second print above the cursor took it back"
    store.close()


def test_what_does_not_fit_a_book_is_not_recorded(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store).append(store)
    job, head, before = deposit.find(e.PrintPrepared), bank.head(deposit.transaction), store.head()
    wrong = [
        e.CursorAdjusted(new_id(), "book-1", 1, 5, 1, 5, "1003", "s", "s"),
        e.CursorAdjusted(new_id(), "book-1", 1, 1, 1, 4, "1003", "s", "s"),
        e.CursorAdjusted(new_id(), "book-9", 1, 1, 1, 9, "1003", "s", "s"),
        replace(job, job_id=new_id(), covers=((1,), (2,), (3,))),
        replace(job, job_id=new_id(), covers=((1,), ())),
        replace(job, job_id=new_id(), covers=((1,), (3,))),
    ]
    for event in wrong:
        with pytest.raises(Contradiction):
            store.append([(head, event)])
    with pytest.raises(sqlite3.IntegrityError):
        store.append([(head, e.CursorAdjusted(new_id(), "book-1", 1, 5, 1, 9, "1001", "s", "s"))])
    assert store.head() == before
    store.close()


def test_nothing_stands_of_a_commit_that_contradicts_the_books(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    before = store.head()
    deposit = bank.deposit(store)
    uneven = (e.LedgerLine("till", "debit", 5), e.LedgerLine("acc-1", "credit", 6))
    wrong = [
        e.HistoryPosted(new_id(), DAY, "x", uneven),
        e.HistoryPosted(new_id(), DAY, "x", (e.LedgerLine("nobody", "debit", 5),)),
        e.HistoryPosted(new_id(), DAY, "x", (e.LedgerLine("till", "up", 5),)),
        e.CountAccepted("first", ("no such batch",), 5),
        deposit.change(e.DepositPosted, balance_after_minor=1).find(e.DepositPosted),
        deposit.change(e.DepositPosted, entry_no=9).find(e.DepositPosted),
    ]
    for event in wrong:
        with pytest.raises(Contradiction):
            store.append(
                [
                    (bank.head(deposit.transaction), e.SignedOn("1001")),
                    (bank.head(deposit.transaction), event),
                ]
            )
    assert store.head() == before
    assert len(store.all_recorded()) == before[0]
    store.close()


def test_the_database_itself_refuses_what_must_not_be(bank: Bank, tmp_path: Path) -> None:
    """One posting a transaction, one count once, one role a person: held by keys, not only by the program."""
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store).append(store)
    head = bank.head(deposit.transaction)
    posted = deposit.find(e.DepositPosted)
    again = bank.deposit(store).find(e.DepositPosted)
    second_review = e.Countersigned("1001", "review", "d", "n", "s", "s")
    for event in (posted, again, deposit.find(e.BatchCounted), second_review):
        with pytest.raises(sqlite3.IntegrityError):
            store.append([(head, event)])
    store.close()


def test_seals_stand_where_they_must(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    at = store.head()[0]

    def sealed() -> list[int]:
        return [row[0] for row in store.read("SELECT sequence FROM seal ORDER BY sequence")]

    assert sealed() == [at]
    store.append([(bank.head(), e.SignedOn("1001"))])
    assert sealed() == [at, at + 1], "every commit ends in a seal"
    store.append([(bank.head(), e.SignedOn("1001"))] * 1030)
    assert sealed() == [at, at + 1, at + 1 + 1024, at + 1 + 1030]
    store.close()
    report = verify_database(url_in(tmp_path), bank.root.public_key, (tmp_path / "witness.log").read_bytes())
    assert isinstance(report, VerifyReport)
    assert report.verified
    assert report.unsealed_tail == 0


def test_entries_without_a_seal_are_nobodys(bank: Bank, tmp_path: Path) -> None:
    """Whoever reaches the database can go on with the chain, but not sign for it: the desk does not open over it."""
    store = bank.founded(tmp_path)
    sequence, digest = store.head()
    store.close()
    body = encode(bank.head(), sequence + 1, e.DayOpened("2026-11-24"))
    raw = sqlite3.connect(tmp_path / "desk.db")
    with raw:
        raw.execute(
            "INSERT INTO journal VALUES (?,?,?,?,?)",
            (store.desk_id, sequence + 1, "", body, link(digest, body)),
        )
    raw.close()
    refusal = refused(bank, url_in(tmp_path))
    assert (refusal.code, dict(refusal.details)["reason"]) == (RefusalCode.CHAIN_BROKEN, "unsealed")
    report = verify_database(url_in(tmp_path), bank.root.public_key, (tmp_path / "witness.log").read_bytes())
    assert isinstance(report, VerifyReport)
    assert (report.unsealed_tail, report.verified) == (1, False)
    assert report.first_bad is not None
    assert (report.first_bad.sequence, report.first_bad.reason) == (sequence + 1, Reason.SEAL_MISSING)


def test_other_threads_may_read_while_the_desk_writes(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    seen: list[int] = []
    reader = threading.Thread(target=lambda: seen.extend(len(store.people()) for _ in range(50)))
    reader.start()
    for _ in range(20):
        store.append([(bank.head(), e.SignedOn("1001"))])
    reader.join()
    assert seen == [3] * 50
    with pytest.raises(sqlite3.OperationalError):
        store.read("DELETE FROM person")
    store.close()


# --- opening --------------------------------------------------------------------------------------------


def test_a_second_desk_process_is_refused_and_the_holder_named(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    found = refused(bank, url_in(tmp_path))
    assert found.code is RefusalCode.ALREADY_RUNNING
    assert found.details == (("process", str(os.getpid())),)
    store.close()
    bank.open_store(tmp_path).close()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "postgresql://h/d", "?", "sqlite:////no/such/x.db"]
)
def test_databases_a_desk_cannot_trust_are_refused(bank: Bank, url: str) -> None:
    assert refused(bank, url).code is RefusalCode.DATABASE_UNSAFE


def test_a_file_that_is_no_database_is_refused(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"no database at all" * 100)
    assert refused(bank, url_in(tmp_path)).code is RefusalCode.DATABASE_UNSAFE


@pytest.mark.parametrize(
    ("setting", "value"), [("synchronous", "NORMAL"), ("journal_mode", "DELETE"), ("foreign_keys", "OFF")]
)
def test_settings_that_lose_rows_are_refused(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    """A SQLite that does not take what is asked of it, as some builds and file systems would not."""
    make = engine._connect

    def careless(path: Path) -> sqlite3.Connection:
        connection = make(path)
        connection.execute(f"PRAGMA {setting}={value}")
        return connection

    monkeypatch.setattr(engine, "_connect", careless)
    found = refused(bank, url_in(tmp_path))
    assert found.code is RefusalCode.DATABASE_UNSAFE
    assert setting in str(found)
    monkeypatch.undo()
    bank.open_store(tmp_path).close()


def test_the_first_revision_makes_exactly_the_schema(bank: Bank, tmp_path: Path) -> None:
    bank.open_store(tmp_path).close()
    opened = create_engine(url_in(tmp_path))
    with opened.connect() as connection:
        different = compare_metadata(MigrationContext.configure(connection), METADATA)
        assert [one for one in different if "alembic_version" not in str(one)] == []
    opened.dispose()
    raw = sqlite3.connect(tmp_path / "desk.db")
    assert runner.current(raw) == runner.NEWEST
    raw.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET body=x'00' WHERE sequence=12",
        "DELETE FROM journal WHERE sequence=11",
        "UPDATE seal SET signature=zeroblob(64)",
        "DELETE FROM journal WHERE sequence>=10",
        "DELETE FROM journal",
        "UPDATE journal SET body=CAST(body AS TEXT) WHERE sequence=12",
        "UPDATE journal SET digest='x' WHERE sequence=10",
        "UPDATE journal SET sequence='x' WHERE sequence=12",
        "UPDATE seal SET signature='x'",
        "UPDATE seal SET sequence='x' WHERE sequence>10",
    ],
)
def test_a_damaged_head_stops_the_desk(bank: Bank, tmp_path: Path, statement: str) -> None:
    store = bank.founded(tmp_path)
    store.append([(bank.head(), e.SignedOn("1001")), (bank.head(), e.SignedOn("1001"))])
    store.close()
    raw = sqlite3.connect(tmp_path / "desk.db")
    with raw:
        raw.execute(statement)
    raw.close()
    assert refused(bank, url_in(tmp_path)).code is RefusalCode.CHAIN_BROKEN


def test_a_file_whose_own_order_is_broken_stops_the_desk(bank: Bank, tmp_path: Path) -> None:
    bank.founded(tmp_path).close()
    raw = sqlite3.connect(tmp_path / "desk.db")
    (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name='seal'").fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    content = bytearray((tmp_path / "desk.db").read_bytes())
    content[(page - 1) * size] ^= 0xFF
    (tmp_path / "desk.db").write_bytes(content)
    found = refused(bank, url_in(tmp_path))
    assert found.code is RefusalCode.DATABASE_UNSAFE
    assert found.details == (("reason", "database disk image is malformed"),)


def test_a_record_rolled_back_below_its_witness_stops_the_desk(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    store.close()
    before = (tmp_path / "desk.db").read_bytes()
    store = bank.open_store(tmp_path)
    bank.deposit(store).append(store)
    store.close()
    (tmp_path / "desk.db").write_bytes(before)
    witness = Witness(tmp_path / "witness.log", bank.desk, lambda: UTC)
    found = refused(bank, url_in(tmp_path), witness=witness)
    assert found.code is RefusalCode.CHAIN_BROKEN
    assert ("reason", "witness") in found.details


def test_a_witness_left_behind_catches_up_and_drops_a_torn_line(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    bank.deposit(store).append(store)
    store.close()
    lines = (tmp_path / "witness.log").read_bytes().splitlines(keepends=True)
    (tmp_path / "witness.log").write_bytes(lines[0] + lines[1][:20])
    bank.open_store(tmp_path).close()
    found = (tmp_path / "witness.log").read_bytes().splitlines(keepends=True)
    assert found[0] == lines[0]
    assert len(found) == 2, "the torn line is dropped and the head is witnessed"
    assert found[1].split()[:3] == lines[-1].split()[:3]


def test_another_desks_key_finds_an_empty_chain_of_its_own(bank: Bank, tmp_path: Path) -> None:
    bank.founded(tmp_path).close()
    other = JournalStore.open(url_in(tmp_path), SigningKey.generate(), bank.vault)
    assert isinstance(other, JournalStore)
    assert other.head()[0] == 0
    assert other.moment("x") is None  # type: ignore[func-returns-value]
    other.close()


# --- personal records -----------------------------------------------------------------------------------


def test_personal_records_open_only_as_they_were_sealed(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    sealed = store.seal_personal("姓名".encode())
    assert isinstance(store.personal(sealed.ref), Refusal)
    store.append([(bank.head(), e.SignedOn("1001"))], [sealed])
    assert store.personal(sealed.ref) == "姓名".encode()
    assert "姓名".encode() not in (tmp_path / "desk.db").read_bytes()
    changed = SealedRecord(
        e.PersonalRef(sealed.ref.record_id, "0" * 64, ""), sealed.wrapped_key, sealed.sealed
    )
    assert isinstance(bank.vault.open(changed), Refusal)
    stranger = PersonalVault(PersonalVault.new_key())
    assert isinstance(stranger.open(sealed), Refusal)
    assert isinstance(bank.vault.open(SealedRecord(sealed.ref, b"", b"")), Refusal)
    assert stranger.lookup("1") != bank.vault.lookup("1")
    with pytest.raises(ValueError, match="32 bytes"):
        PersonalVault(b"short")
    store.close()


def test_an_erased_record_is_gone_from_the_file(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    sealed = store.seal_personal(b"plain")
    store.append([(bank.head(), e.SignedOn("1001"))], [sealed])
    store.erase(bank.head(), sealed.ref.record_id, "PIPL 47")
    assert isinstance(store.personal(sealed.ref), Refusal)
    on_disk = (tmp_path / "desk.db").read_bytes() + (tmp_path / "desk.db-wal").read_bytes()
    assert sealed.sealed not in on_disk
    assert sealed.wrapped_key not in on_disk
    store.close()


# --- killed ---------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from desk.domain import events as e
from desk.journal.keys import SigningKey
from desk.persistence.journal_store import JournalStore
from desk.persistence.personal_store import PersonalVault
from desk.persistence.witness import Witness
from desk.journal.entry import EventHead
folder, moment, key = Path(sys.argv[1]), sys.argv[2], SigningKey.from_private_bytes(bytes(range(32)))
def kill(name):
    if name == moment:
        os.kill(os.getpid(), signal.SIGKILL)
head = EventHead(key.key_id, "b", "2026-11-23", "2026-11-23T00:00:00.000000Z", "1", "m", "", "p", "CNY")
witness = Witness(folder / "witness.log", key, lambda: "2026-11-23T00:00:00Z")
vault = PersonalVault(bytes(32))
store = JournalStore.open(f"sqlite:///{folder}/desk.db", key, vault, lambda name: None, witness)
store.append([(head, e.SignedOn("1"))])
store.close()
store = JournalStore.open(f"sqlite:///{folder}/desk.db", key, vault, kill, witness)
store.append([(head, e.SignedOn("2")), (head, e.DayOpened("2026-11-23"))])
"""


@pytest.mark.parametrize(
    ("moment", "entries"),
    [
        ("append:person.signed_on", 1),
        ("append:day.opened", 1),
        ("commit:before", 1),
        ("commit:after", 3),
        ("witness:before", 3),
        ("witness:after", 3),
    ],
)
def test_killed_at_every_moment_all_or_nothing_stands(tmp_path: Path, moment: str, entries: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    key = SigningKey.from_private_bytes(bytes(range(32)))
    witness = Witness(tmp_path / "witness.log", key, lambda: UTC)
    store = JournalStore.open(url_in(tmp_path), key, PersonalVault(bytes(32)), witness=witness)
    assert isinstance(store, JournalStore), store
    assert store.head()[0] == entries
    last = witness.last()
    assert last is not None
    assert last.sequence == entries
    store.close()
