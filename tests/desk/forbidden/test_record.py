"""The record changed by hand, on a copy of a desk that worked a day: verify finds each change, and the desk does not
act on what was put there.

Changes of the chain, its seals, its witness and the personal records, and an insider with the desk's key, are in
tests/desk/persistence/test_verification.py. Here: every column of every table that is derived from the journal, a
person by raw SQL with a key of their own, the index of account numbers, and what a desk does with a damaged record.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Integer, Table

from desk import commands as c
from desk.domain import events as e
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal, RefusalCode
from desk.journal.certificate import CertificateKind, issue
from desk.journal.keys import SigningKey
from desk.journal.trust import read_trust
from desk.journal.verify import Reason
from desk.machines import Machines
from desk.persistence.authenticator import PasswordAuthenticator
from desk.persistence.journal_store import JournalStore
from desk.persistence.schema import DERIVED
from desk.persistence.secrets import seal_person_key
from desk.persistence.verification import VerifyReport, verify_database
from desk.session import TellerSession
from tests.desk.forbidden.attack import sql
from tests.desk.journal.bank import Bank
from tests.scenarios.branch import COMPANY, MAKER, PERSON, RARE_NAME
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.composition import CounterTop, OpenDesk, load_forms, open_desk
from ui.training.branch import BRANCH_ID, TRAINING_PASSWORD, BranchFolder
from ui.training.desk import open_training_store, training_config

KEPT = ("desk.db", "trust.json", "witness.log", "desk-keys.json", "keys", "slips")


@dataclass(frozen=True)
class Copy:
    """A desk's folder after work, without its machines."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "desk.db"

    def verify(self) -> VerifyReport:
        root = read_trust((self.root / "trust.json").read_bytes())
        assert isinstance(root, bytes)
        witness = (self.root / "witness.log").read_bytes()
        found = verify_database(f"sqlite:///{self.database}", root, witness)
        assert isinstance(found, VerifyReport), found
        return found

    def open(self) -> JournalStore | Refusal:
        return open_training_store(BranchFolder(self.root))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """After a day with something in every table: one deposit archived, one disputed, one parked."""
    counter = Counter(tmp_path_factory.mktemp("branch"))
    with closing(counter):
        desk = Desk(counter, counter.session())
        desk.sign_on()
        for number, account in enumerate((PERSON, RARE_NAME, COMPANY)):
            deposit = Deposit(account)
            counter.write_slip(account, deposit.amount_minor, deposit.rows)
            player = Player(desk, deposit)
            player.to(("end", "hand_over", "count")[number])
            if number == 1:
                desk.do(c.HandOver(customer_agreed=False, reason="says it was more"))
            if number == 2:
                desk.do(c.Park("the customer fetches a note"))
            if not desk.step and number < 2:
                desk.do(c.CloseTransaction())
    copy = Copy(tmp_path_factory.mktemp("copy"))
    _copy(counter.root, copy.root)
    assert copy.verify().verified, copy.verify().findings
    return copy


def _copy(source: Path, target: Path) -> None:
    for name in KEPT:
        path = source / name
        if path.is_dir():
            shutil.copytree(path, target / name)
        else:
            shutil.copy2(path, target / name)


@pytest.fixture
def copy(worked: Copy, tmp_path: Path) -> Copy:
    _copy(worked.root, tmp_path)
    return Copy(tmp_path)


COLUMNS = [(table, column.name) for table in DERIVED for column in table.columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t.name}.{name}" for t, name in COLUMNS])
def test_a_changed_value_in_a_derived_table_is_found(table: Table, column: str, copy: Copy) -> None:
    """One row, one column, everything else as it was. Constraints are no help to the attacker and none to verify."""
    changed = f"{column} + 1000" if isinstance(table.columns[column].type, Integer) else f"{column} || 'x'"
    keys = table.primary_key.columns.keys()
    with closing(sqlite3.connect(copy.database)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        last = connection.execute(
            f"SELECT {','.join(keys)} FROM {table.name} WHERE {column} IS NOT NULL "
            f"ORDER BY {','.join(f'{key} DESC' for key in keys)} LIMIT 1"
        ).fetchone()
        assert last is not None, f"the day left nothing in {table.name}"
        where = " AND ".join(f"{key}=?" for key in keys)
        connection.execute(f"UPDATE {table.name} SET {column}={changed} WHERE {where}", last)
        assert connection.total_changes == 1
    report = copy.verify()
    assert not report.verified
    assert {one.reason for one in report.findings} & {Reason.DERIVED, Reason.PERSON, Reason.LEDGER}
    assert any(table.name in one.text for one in report.findings) or not report.ledger_balanced


@pytest.mark.parametrize("table", DERIVED, ids=lambda table: table.name)
def test_an_emptied_derived_table_is_found(table: Table, copy: Copy) -> None:
    sql(copy.database, f"DELETE FROM {table.name}")
    assert not copy.verify().verified


# --- a person by raw SQL --------------------------------------------------------------------------------


@pytest.fixture
def minted(copy: Copy) -> Copy:
    """IT puts a supervisor of its own into the people's table, certificate, sealed key and all."""
    key, issuer = SigningKey.generate(), SigningKey.generate()
    certificate = issue(
        CertificateKind.PERSON, "6666", BRANCH_ID, key.public_key, issuer, serial="00" * 16,
        valid_from="2026-01-01", valid_to="2036-12-31", roles=("teller", "supervisor"),
        qualifications=("counterfeit",),
    )  # fmt: skip
    sealed = seal_person_key(key, TRAINING_PASSWORD, training=True)
    (copy.root / "keys" / "6666.key").write_text(sealed, encoding="ascii")
    values = ("6666", "teller,supervisor", "counterfeit", key.key_id, certificate, "", "", "")
    said = ",".join(repr(value) for value in values)
    sql(copy.database, f"INSERT INTO person VALUES ({said},0)")
    return copy


@pytest.fixture
def desk_on_copy(minted: Copy) -> Iterator[TellerSession]:
    """A desk opened on the changed record; it has no machines."""
    folder, store = BranchFolder(minted.root), minted.open()
    assert isinstance(store, JournalStore), store
    config = training_config("2026-11-23", ControlMode.DUAL, "zh_CN")
    opened = open_desk(
        store, config, folder.trust, folder.sealed_keys(), folder.slips, load_forms(),
        CounterTop(Machines(), ()),
    )  # fmt: skip
    assert isinstance(opened, OpenDesk), opened
    yield opened.session
    opened.close()


def test_a_person_by_raw_sql_is_nobody(desk_on_copy: TellerSession) -> None:
    refused = desk_on_copy.do(c.SignOn("6666", TRAINING_PASSWORD))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.NOT_ENROLLED
    assert "6666" not in [one.staff_no for one in desk_on_copy.snapshot().staff]


def test_a_person_by_raw_sql_takes_no_seat(desk_on_copy: TellerSession) -> None:
    desk_on_copy.do(c.SignOn(MAKER, TRAINING_PASSWORD))
    desk_on_copy.do(c.Resume(desk_on_copy.snapshot().parked[0].transaction_id))
    refused = desk_on_copy.do(c.TakeSeat("6666"))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.PERSON_UNKNOWN


def test_verify_finds_a_person_by_raw_sql(minted: Copy) -> None:
    report = minted.verify()
    assert report.first_bad is not None
    assert report.first_bad.reason is Reason.PERSON
    assert "6666" in report.first_bad.text or "person" in report.first_bad.text


def test_a_changed_role_by_raw_sql_changes_nobodys_certificate(copy: Copy) -> None:
    """The authenticator goes by the certificate that was enrolled, never by the table alone."""
    sql(copy.database, f"UPDATE person SET key_id='00' WHERE staff_no='{MAKER}'")
    store = copy.open()
    assert isinstance(store, JournalStore)
    with closing(store):
        root = read_trust((copy.root / "trust.json").read_bytes())
        assert isinstance(root, bytes)
        authenticator = PasswordAuthenticator(store, root, BranchFolder(copy.root).sealed_keys())
        signer = authenticator.open(MAKER, TRAINING_PASSWORD)
        assert not isinstance(signer, Refusal)
        assert signer.key_id != "00"


# --- what a desk does with a damaged record -----------------------------------------------------------------


def test_a_cut_tail_is_not_worked_on(copy: Copy) -> None:
    """Below the witness the record was rolled back: the desk does not open on it."""
    with closing(sqlite3.connect(copy.database)) as connection:
        (last,) = connection.execute("SELECT max(sequence) FROM seal").fetchone()
    sql(
        copy.database,
        f"DELETE FROM journal WHERE sequence>={last}",
        f"DELETE FROM seal WHERE sequence>={last}",
    )
    opened = copy.open()
    assert isinstance(opened, Refusal)
    assert opened.code is RefusalCode.CHAIN_BROKEN
    assert dict(opened.details)["reason"] == "witness"


def test_two_account_numbers_exchanged_in_the_index(counter: Counter, desk: Desk) -> None:
    """The index is keyed and no derived table: the desk itself looks whether number and record agree."""
    database = counter.root / "desk.db"
    a, b = PERSON.account_id, RARE_NAME.account_id
    swap = f"UPDATE account_lookup SET account_id = CASE account_id WHEN '{a}' THEN '{b}' ELSE '{a}' END " \
           f"WHERE account_id IN ('{a}', '{b}')"  # fmt: skip
    desk.do(c.StartTransaction("1010"))
    sql(database, swap)
    try:
        assert desk.refused(c.IdentifyCustomer(PERSON.number)) == "number_mismatch"
    finally:
        sql(database, swap)
    desk.do(c.IdentifyCustomer(PERSON.number))


def test_a_second_count_by_someone_who_did_not_sign_is_found(tmp_path: Path) -> None:
    """Written by an insider with the desk's key: only a signature proves who counted."""
    bank = Bank()
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store)
    at = next(
        number
        for number, (_, event) in enumerate(deposit.events)
        if isinstance(event, e.CountAccepted) and event.stage == "second"
    )
    deposit.events[at] = ("1003", deposit.events[at][1])
    deposit.append(store)
    store.close()
    report = verify_database(
        f"sqlite:///{tmp_path / 'desk.db'}", bank.root.public_key, (tmp_path / "witness.log").read_bytes()
    )
    assert isinstance(report, VerifyReport)
    assert [(one.reason, one.text) for one in report.findings] == [
        (Reason.POSTING, "counted and signed by different people")
    ]
