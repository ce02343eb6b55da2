"""``verify_database`` finds every kind of change and says where. Each tampering is done with raw SQL or by
an insider who holds the desk's key; the untouched record must verify first."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode
from desk.journal.certificate import CertificateKind
from desk.journal.chain import link, seal
from desk.journal.keys import SigningKey
from desk.journal.verify import Reason
from desk.persistence import projections
from desk.persistence.journal_store import JournalStore
from desk.persistence.projections import Contradiction
from desk.persistence.verification import VerifyReport, verify_database
from desk.persistence.witness import Witness
from tests.desk.journal.bank import UTC, Bank, Deposit, Staff, new_id, url_in


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


@pytest.fixture
def store(bank: Bank, tmp_path: Path) -> JournalStore:
    return bank.founded(tmp_path)


def verified(bank: Bank, folder: Path, root: bytes | None = None, deep: bool | None = None) -> VerifyReport:
    found = verify_database(
        url_in(folder),
        bank.root.public_key if root is None else root,
        (folder / "witness.log").read_bytes(),
        deep,
    )
    assert isinstance(found, VerifyReport), found
    return found


def with_deposit(bank: Bank, store: JournalStore) -> Deposit:
    made = bank.deposit(store).append(store)
    store.close()
    return made


def sql(folder: Path, *statements: str) -> None:
    """What a person with the file and a database tool can do."""
    connection = sqlite3.connect(folder / "desk.db")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def rechain(folder: Path, first: int) -> None:
    """Make every digest from ``first`` on anew, as anybody can."""
    connection = sqlite3.connect(folder / "desk.db")
    with connection:
        (digest,) = connection.execute("SELECT digest FROM journal WHERE sequence=?", (first - 1,)).fetchone()
        rows = connection.execute(
            "SELECT sequence, body FROM journal WHERE sequence>=? ORDER BY sequence", (first,)
        ).fetchall()
        for sequence, body in rows:
            digest = link(digest, body)
            connection.execute("UPDATE journal SET digest=? WHERE sequence=?", (digest, sequence))
    connection.close()


def sequence_of(store_entries: JournalStore, kind: type[e.Event]) -> int:
    return next(one.sequence for one in store_entries.all_recorded() if isinstance(one.event, kind))


def test_an_untouched_record_verifies(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    with_deposit(bank, store)
    report = verified(bank, tmp_path)
    assert report.findings == ()
    assert report.verified
    assert report.deep
    assert report.trusted
    assert report.ledger_balanced
    assert report.signatures_proved == 4
    assert report.entries == 55
    assert report.witnessed == report.seals == 46
    assert report.witnessed_to == 55
    assert report.unsealed_tail == 0


def test_without_a_root_it_says_so(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    with_deposit(bank, store)
    report = verified(bank, tmp_path, root=b"")
    assert report.verified
    assert not report.trusted


CHANGES: dict[str, tuple[tuple[str, ...], Reason, int]] = {
    "changed body": (
        (
            "UPDATE journal SET body=CAST(replace(CAST(body AS TEXT), '20100', '20900') AS BLOB) "
            "WHERE sequence=15",
        ),
        Reason.DIGEST,
        15,
    ),
    "changed transaction column": (
        ("UPDATE journal SET transaction_id='' WHERE sequence=20",),
        Reason.COLUMN,
        20,
    ),
    "changed sequence column": (
        ("UPDATE journal SET sequence=99 WHERE sequence=55",),
        Reason.GAP,
        55,
    ),
    "changed digest": (("UPDATE journal SET digest=zeroblob(32) WHERE sequence=9",), Reason.DIGEST, 9),
    "removed row": (("DELETE FROM journal WHERE sequence=12",), Reason.GAP, 12),
    "reordered rows": (
        (
            "UPDATE journal SET sequence=1000 WHERE sequence=16",
            "UPDATE journal SET sequence=16 WHERE sequence=17",
            "UPDATE journal SET sequence=17 WHERE sequence=1000",
        ),
        Reason.COLUMN,
        16,
    ),
    "dropped tail below the witness": (
        ("DELETE FROM journal WHERE sequence>20", "DELETE FROM seal WHERE sequence>20"),
        Reason.TAIL_CUT,
        21,
    ),
    "dropped tail, seals left": (("DELETE FROM journal WHERE sequence>20",), Reason.TAIL_CUT, 21),
    "forged seal": (("UPDATE seal SET signature=zeroblob(64) WHERE sequence=47",), Reason.SEAL_FORGED, 47),
    "all seals removed": (("DELETE FROM seal",), Reason.SEAL_MISSING, 1),
    "one seal removed": (("DELETE FROM seal WHERE sequence=47",), Reason.SEAL_MISSING, 47),
    "last seal removed": (("DELETE FROM seal WHERE sequence=55",), Reason.SEAL_MISSING, 55),
    "seal that is text": (("UPDATE seal SET signature='x' WHERE sequence=47",), Reason.SEAL_FORGED, 47),
    "seal without a number": (("UPDATE seal SET sequence='x' WHERE sequence=55",), Reason.SEAL_MISSING, 55),
    "body changed into text": (
        ("UPDATE journal SET body=replace(body, '20100', '20900') WHERE sequence=15",),
        Reason.COLUMN,
        15,
    ),
    "body that is a number": (("UPDATE journal SET body=5 WHERE sequence=15",), Reason.COLUMN, 15),
    "digest that is text": (("UPDATE journal SET digest='x' WHERE sequence=15",), Reason.DIGEST, 15),
    "last entry without a number": (
        ("UPDATE journal SET sequence='x' WHERE sequence=55",),
        Reason.COLUMN,
        55,
    ),
    "entry between two": (("UPDATE journal SET sequence=20.5 WHERE sequence=20",), Reason.GAP, 20),
    "entry moved to a desk of no name": (
        ("UPDATE journal SET desk_id=x'61' WHERE sequence=20",),
        Reason.GAP,
        20,
    ),
    "entry added to a desk of no name": (
        ("INSERT INTO journal VALUES (x'61', 1, '', x'61', x'61')",),
        Reason.CERTIFICATE,
        1,
    ),
    "person by raw SQL": (
        ("INSERT INTO person VALUES ('6666','supervisor','','k','c','','','',0)",),
        Reason.PERSON,
        0,
    ),
    "role by raw SQL": (("UPDATE person SET roles='supervisor' WHERE staff_no='1001'",), Reason.PERSON, 0),
    "changed ledger row": (
        ("UPDATE ledger_entry SET amount_minor=20200 WHERE entry_no=2",),
        Reason.LEDGER,
        0,
    ),
    "both sides of a posting changed": (
        (
            "UPDATE ledger_entry SET amount_minor=20200, balance_after_minor=120200 WHERE entry_no=2",
            "UPDATE account SET balance_minor=120200",
        ),
        Reason.DERIVED,
        0,
    ),
    "changed balance": (
        ("UPDATE account SET balance_minor=balance_minor+1 WHERE account_id='acc-1'",),
        Reason.LEDGER,
        0,
    ),
    "account opened by raw SQL": (
        ("INSERT INTO account VALUES ('x','current','credit','CNY','open','','','','',0,0)",),
        Reason.DERIVED,
        0,
    ),
    "account removed": (("DELETE FROM passbook",), Reason.DERIVED, 0),
    "moved passbook cursor": (("UPDATE passbook SET next_line=9",), Reason.DERIVED, 0),
    "drawer changed": (("UPDATE drawer_cash SET pieces=1",), Reason.DERIVED, 0),
    "changed personal record": (("UPDATE personal_record SET sealed=zeroblob(40)",), Reason.PERSONAL, 0),
    "personal record that is text": (("UPDATE personal_record SET sealed='x'",), Reason.PERSONAL, 0),
    "changed key of a personal record": (
        ("UPDATE personal_record SET wrapped_key=zeroblob(60)",),
        Reason.PERSONAL,
        0,
    ),
    "byte moved from record to key": (
        (
            "UPDATE personal_record SET wrapped_key=CAST(wrapped_key || substr(sealed, 1, 1) AS BLOB), "
            "sealed=substr(sealed, 2)",
        ),
        Reason.PERSONAL,
        0,
    ),
    "ledger dropped": (("DROP TABLE ledger_entry",), Reason.DATABASE, 0),
    "journal dropped": (("DROP TABLE journal",), Reason.DATABASE, 0),
    "removed personal record": (
        ("DELETE FROM personal_record WHERE rowid=(SELECT min(rowid) FROM personal_record)",),
        Reason.PERSONAL,
        0,
    ),
    "a trigger": (
        ("CREATE TRIGGER t AFTER INSERT ON seal BEGIN DELETE FROM open_item; END",),
        Reason.DATABASE,
        0,
    ),
    "a view": (("CREATE VIEW v AS SELECT 1",), Reason.DATABASE, 0),
    "a table of one's own": (("CREATE TABLE mine (x)",), Reason.DATABASE, 0),
    "an index of one's own": (("CREATE UNIQUE INDEX mine ON seal (signature)",), Reason.DATABASE, 0),
    "a table become a view": (
        ("ALTER TABLE open_item RENAME TO kept", "CREATE VIEW open_item AS SELECT * FROM kept"),
        Reason.DATABASE,
        0,
    ),
    "account numbers emptied": (("DELETE FROM account_lookup",), Reason.DERIVED, 0),
    "account number of another": (("UPDATE account_lookup SET account_id='till'",), Reason.DERIVED, 0),
    "added personal record": (("INSERT INTO personal_record VALUES ('x','y','z')",), Reason.PERSONAL, 0),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_in_the_database_is_found(
    kind: str, bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    with_deposit(bank, store)
    statements, reason, sequence = CHANGES[kind]
    sql(tmp_path, *statements)
    report = verified(bank, tmp_path)
    assert not report.verified
    assert report.first_bad is not None
    assert (report.first_bad.reason, report.first_bad.sequence) == (reason, sequence), report.findings


def test_flipped_bits_anywhere_in_the_file(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """Whatever bit is flipped: it is found, or nothing that SQLite reads has changed. Never an exception."""
    with_deposit(bank, store)
    url = url_in(tmp_path)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = (tmp_path / "desk.db").read_bytes()
    whole, found = everything_in(tmp_path), 0
    for turn in range(150):
        at = (
            100 + turn * (len(content) // 151) + 7 * turn % 400
        )  # behind the header: without it it is no database
        changed = bytearray(content)
        changed[at] ^= 1 << turn % 8
        (tmp_path / "desk.db").write_bytes(changed)
        report = verify_database(url, bank.root.public_key, (tmp_path / "witness.log").read_bytes())
        assert isinstance(report, VerifyReport), (at, report)
        found += not report.verified
        assert not report.verified or everything_in(tmp_path) == whole, at
    assert found > 20


def everything_in(folder: Path) -> dict[str, list[str]]:
    """Every row of every table that a verification can speak of: what a number is looked up by is the desk's own."""
    with closing(sqlite3.connect(folder / "desk.db")) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {
            name.lower(): sorted(map(repr, raw.execute(f"SELECT * FROM {name}")))
            for name in names
            if name not in ("account_lookup", "alembic_version")
        }


def test_rechained_tail_without_the_key(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """The digests agree again, but no seal and no witness line stands over them."""
    with_deposit(bank, store)
    sql(tmp_path, *CHANGES["changed body"][0])
    rechain(tmp_path, 15)
    found = {(one.reason, one.sequence) for one in verified(bank, tmp_path).findings}
    assert {(Reason.WITNESS, 47), (Reason.SEAL_FORGED, 47)} <= found


def test_rechained_tail_with_its_seals_removed_and_no_witness(
    bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    """Even then a posting without a seal is found."""
    with_deposit(bank, store)
    sql(tmp_path, *CHANGES["changed body"][0], "DELETE FROM seal WHERE sequence>10")
    rechain(tmp_path, 15)
    report = verify_database(url_in(tmp_path), bank.root.public_key)
    assert isinstance(report, VerifyReport)
    assert (Reason.SEAL_MISSING, 47) in {(one.reason, one.sequence) for one in report.findings}


def test_a_journal_rolled_back_as_a_whole_file(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """Yesterday's file is a perfect record; only the witness knows better."""
    sealed_at = store.head()[0]
    store.close()
    yesterday = (tmp_path / "desk.db").read_bytes()
    again = bank.open_store(tmp_path)
    with_deposit(bank, again)
    (tmp_path / "desk.db").write_bytes(yesterday)
    report = verified(bank, tmp_path)
    first = report.first_bad
    assert first is not None
    assert (first.reason, first.sequence) == (Reason.TAIL_CUT, sealed_at + 1)
    assert report.witnessed_to == report.entries == sealed_at
    unwitnessed = verify_database(url_in(tmp_path), bank.root.public_key)
    assert isinstance(unwitnessed, VerifyReport)
    assert unwitnessed.verified
    assert unwitnessed.witnessed == 0
    refused = JournalStore.open(url_in(tmp_path), bank.desk, bank.vault, witness=None)
    assert isinstance(refused, JournalStore)
    refused.close()


def test_another_bank_vouches_for_nothing(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    with_deposit(bank, store)
    report = verified(bank, tmp_path, root=SigningKey.generate().public_key)
    assert {one.reason for one in report.findings} >= {Reason.CERTIFICATE}
    assert not report.verified


# --- an insider with the desk's key --------------------------------------------------------------------


def forged_countersignature(bank: Bank, deposit: Deposit) -> None:
    signature = base64.b64encode(bytes(64)).decode()
    deposit.change(e.Countersigned, signature=signature)


def replayed_countersignature(bank: Bank, deposit: Deposit) -> None:
    """A true signature of the reviewer, over another transaction."""
    old = bank.signed(bank.reviewer, "review", new_id(), deposit.digest, deposit.nonce)
    deposit.change(e.Countersigned, statement=old.statement_b64, signature=old.signature_b64)


def other_facts(bank: Bank, deposit: Deposit) -> None:
    digest = hashlib.sha256(b"other").hexdigest()
    other = bank.signed(bank.reviewer, "review", deposit.transaction, digest, deposit.nonce)
    deposit.change(
        e.Countersigned, digest=digest, statement=other.statement_b64, signature=other.signature_b64
    )


def self_issued_signer(bank: Bank, deposit: Deposit) -> None:
    """IT makes a signer with a key of its own; the branch never certified it."""
    minted = bank.person("1002", ("reviewer",), issuer=SigningKey.generate())
    signed = bank.signed(minted, "review", deposit.transaction, deposit.digest, deposit.nonce)
    deposit.change(e.Countersigned, statement=signed.statement_b64, signature=signed.signature_b64)


def certified_but_not_enrolled(bank: Bank, deposit: Deposit) -> None:
    stranger = bank.person("1009", ("reviewer",))
    signed = bank.signed(stranger, "review", deposit.transaction, deposit.digest, deposit.nonce)
    deposit.change(
        e.Countersigned, staff_no="1009", statement=signed.statement_b64, signature=signed.signature_b64
    )


def not_allowed_to_make(bank: Bank, deposit: Deposit) -> None:
    signed = bank.signed(bank.supervisor, "make", deposit.transaction, deposit.digest, deposit.nonce)
    deposit.change(e.TransactionStarted, maker="1003").change(
        e.FactsFrozen, statement=signed.statement_b64, signature=signed.signature_b64
    )


def unreadable_statement(bank: Bank, deposit: Deposit) -> None:
    deposit.change(e.FactsFrozen, statement="?")


def unreadable_signature(bank: Bank, deposit: Deposit) -> None:
    deposit.change(e.FactsFrozen, signature="?")


def verdict_of_another_note(bank: Bank, deposit: Deposit) -> None:
    deposit.change(e.VerdictGiven, note_id="other")


def no_countersignature(bank: Bank, deposit: Deposit) -> None:
    deposit.drop(e.Countersigned)


def no_confirmation(bank: Bank, deposit: Deposit) -> None:
    deposit.drop(e.CustomerConfirmed)


def no_facts(bank: Bank, deposit: Deposit) -> None:
    deposit.drop(e.FactsFrozen)


def edited_after_signing(bank: Bank, deposit: Deposit) -> None:
    slip = deposit.find(e.SlipRecorded)
    at = [event for _, event in deposit.events].index(deposit.find(e.DepositPosted))
    deposit.events.insert(at, ("1001", replace(slip, version_no=2)))


def another_amount(bank: Bank, deposit: Deposit) -> None:
    lines = (e.LedgerLine("till", "debit", 900_000), e.LedgerLine("acc-1", "credit", 900_000))
    deposit.change(e.DepositPosted, lines=lines, balance_after_minor=1_000_000)


def second_print_unsigned(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again().change(e.PrintPrepared, 1, second_person="", statement="", signature="")


def second_print_with_a_forged_signature(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again().change(e.PrintPrepared, 1, signature=base64.b64encode(bytes(64)).decode())


def second_print_with_another_persons_key(bank: Bank, deposit: Deposit) -> None:
    """The reviewer's name and true certificate over the supervisor's signature."""
    reviewer = bank.reviewer
    minted = Staff("1002", bank.supervisor.key, reviewer.certificate, reviewer.roles, ())
    deposit.printed_again(minted)


def second_print_of_other_lines(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again().change(e.PrintPrepared, 1, lines=(5,), first_line=5)


def permission_of_another_transaction(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again(transaction=new_id())


def second_print_that_says_it_is_the_first(bank: Bank, deposit: Deposit) -> None:
    second_print_unsigned(bank, deposit)
    deposit.change(e.PrintPrepared, 1, replaces="")


INSIDER: dict[str, tuple[Callable[[Bank, Deposit], None], Reason]] = {
    "forged countersignature": (forged_countersignature, Reason.STATEMENT),
    "replayed countersignature": (replayed_countersignature, Reason.STATEMENT),
    "countersigned other facts": (other_facts, Reason.STATEMENT),
    "self-issued certificate": (self_issued_signer, Reason.STATEMENT),
    "certified but not enrolled": (certified_but_not_enrolled, Reason.STATEMENT),
    "maker without the role": (not_allowed_to_make, Reason.STATEMENT),
    "unreadable statement": (unreadable_statement, Reason.STATEMENT),
    "unreadable signature": (unreadable_signature, Reason.STATEMENT),
    "verdict of another note": (verdict_of_another_note, Reason.STATEMENT),
    "no countersignature": (no_countersignature, Reason.POSTING),
    "customer did not confirm": (no_confirmation, Reason.POSTING),
    "no frozen facts": (no_facts, Reason.STATEMENT),
    "edited after signing": (edited_after_signing, Reason.POSTING),
    "another amount": (another_amount, Reason.POSTING),
    "second print unsigned": (second_print_unsigned, Reason.STATEMENT),
    "second print, forged signature": (second_print_with_a_forged_signature, Reason.STATEMENT),
    "second print, another person's key": (second_print_with_another_persons_key, Reason.STATEMENT),
    "second print of other lines": (second_print_of_other_lines, Reason.STATEMENT),
    "second print, another transaction's": (permission_of_another_transaction, Reason.STATEMENT),
    "second print passed off as the first": (second_print_that_says_it_is_the_first, Reason.STATEMENT),
}


@pytest.mark.parametrize("kind", INSIDER)
def test_an_insider_with_the_desk_key_is_found(
    kind: str, bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    deposit = bank.deposit(store)
    forge, reason = INSIDER[kind]
    forge(bank, deposit)
    deposit.append(store)
    store.close()
    report = verified(bank, tmp_path)
    assert not report.verified
    assert reason in {one.reason for one in report.findings}, report.findings


def test_a_permitted_second_print_verifies(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    bank.deposit(store).printed_again(bank.supervisor).append(store)
    store.close()
    report = verified(bank, tmp_path)
    assert report.findings == ()
    assert report.signatures_proved == 5


AGAIN = 52
"""Where the second print stands in the chain."""

RAW: dict[str, tuple[str, Reason, int]] = {
    "who permitted it": (
        'UPDATE journal SET body=CAST(replace(CAST(body AS TEXT), \'"second_person":"1003"\', '
        '\'"second_person":"1002"\') AS BLOB) WHERE sequence=52',
        Reason.DIGEST,
        AGAIN,
    ),
    "that it is a second print": (
        "UPDATE journal SET body=CAST(replace(CAST(body AS TEXT), '\"replaces\"', '\"replaced\"') AS BLOB) "
        "WHERE sequence=52",
        Reason.DIGEST,
        AGAIN,
    ),
    "the whole entry": ("DELETE FROM journal WHERE sequence=52", Reason.GAP, AGAIN),
    "that the person acted": ("DELETE FROM transaction_person WHERE staff_no='1003'", Reason.DERIVED, 0),
    "the lines of the job": ("UPDATE print_job SET lines='[5]' WHERE lines='[4]'", Reason.DERIVED, 0),
}


@pytest.mark.parametrize("what", RAW)
def test_a_second_print_changed_by_raw_sql(
    what: str, bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    bank.deposit(store).printed_again(bank.supervisor).append(store)
    assert sequence_of(store, e.PrintSettled) == AGAIN - 1
    store.close()
    statement, reason, sequence = RAW[what]
    sql(tmp_path, statement)
    first = verified(bank, tmp_path).first_bad
    assert first is not None
    assert (first.reason, first.sequence) == (reason, sequence)


def test_the_maker_permits_no_second_print_by_raw_sql(
    bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    """The database refuses a second role; with its table cleared by hand it would not, and verify still does."""
    deposit = bank.deposit(store).printed_again(bank.maker)
    with pytest.raises(sqlite3.IntegrityError):
        deposit.append(store)
    sql(tmp_path, "DELETE FROM transaction_person")
    at = [event for _, event in deposit.events].index(deposit.find(e.PrintPrepared, 1))
    for item in deposit.items()[at:]:
        store.append([item])
    store.close()
    assert Reason.SAME_PERSON in {one.reason for one in verified(bank, tmp_path).findings}


@pytest.mark.parametrize(
    "content", [{"entry_nos": (1,)}, {"lines": (), "entry_nos": ()}], ids=["uneven", "none"]
)
def test_a_job_without_one_entry_a_line_never_stands(
    content: dict[str, Any],
    bank: Bank,
    store: JournalStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing could say how far the book is printed: refused when written, a finding where an insider's own program
    wrote it."""
    deposit = bank.deposit(store).change(e.PrintPrepared, **content)
    at = [event for _, event in deposit.events].index(deposit.find(e.PrintPrepared))
    with pytest.raises(Contradiction):
        deposit.append(store)
    with monkeypatch.context() as own:
        own.setattr(projections, "PROJECTIONS", {})
        store.append(deposit.items()[at : at + 2])
    store.close()
    assert (Reason.DERIVED, "contradicts the entries before it") in {
        (one.reason, one.text.split(":")[0]) for one in verified(bank, tmp_path).findings
    }


def test_a_signature_used_twice(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """Byte for byte the same signature again, in the same transaction."""
    deposit = bank.deposit(store)
    at = [event for _, event in deposit.events].index(deposit.find(e.Countersigned))
    deposit.events.insert(at, ("1002", deposit.find(e.Countersigned)))
    deposit.append(store)
    store.close()
    assert {one.reason for one in verified(bank, tmp_path).findings} == {Reason.NONCE}


def test_the_same_person_twice_by_raw_sql(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """The database refuses a second role; with its table cleared by hand the desk would go on, verify does
    not."""
    deposit = bank.deposit(store)
    signed = bank.signed(bank.maker, "review", deposit.transaction, deposit.digest, deposit.nonce)
    deposit.change(
        e.Countersigned, staff_no="1001", statement=signed.statement_b64, signature=signed.signature_b64
    )
    with pytest.raises(sqlite3.IntegrityError):
        deposit.append(store)
    sql(tmp_path, "DELETE FROM transaction_person")
    at = [event for _, event in deposit.events].index(deposit.find(e.Countersigned))
    for item in deposit.items()[at:]:
        store.append([item])
    store.close()
    assert Reason.SAME_PERSON in {one.reason for one in verified(bank, tmp_path).findings}


def test_a_person_the_branch_did_not_certify(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """Enrolled through the desk itself, by an event, with a certificate IT issued to itself."""
    minted = bank.person("6666", ("supervisor",), issuer=SigningKey.generate())
    sealed = bank.vault.seal(b"{}")
    event = e.PersonEnrolled("6666", minted.roles, minted.qualifications, sealed.ref, minted.certificate)
    store.append([(bank.head(), event)], [sealed])
    at = store.head()[0]
    store.close()
    first = verified(bank, tmp_path, deep=False).first_bad
    assert first is not None
    assert (first.reason, first.sequence) == (Reason.CERTIFICATE, at)


def test_a_person_enrolled_inside_a_transaction(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    extra = bank.person("1004", ("teller",))
    sealed = bank.vault.seal(b"{}")
    event = e.PersonEnrolled("1004", extra.roles, extra.qualifications, sealed.ref, extra.certificate)
    store.append([(bank.head(new_id()), event)], [sealed])
    store.close()
    assert Reason.PERSON in {one.reason for one in verified(bank, tmp_path).findings}


def test_a_revoked_signer(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    store.append([(bank.head(), e.PersonRevoked("1002", "left"))])
    bank.deposit(store).append(store)
    store.close()
    report = verified(bank, tmp_path)
    assert report.first_bad is not None
    assert "revoked" in report.first_bad.text
    assert Reason.STATEMENT in {one.reason for one in report.findings}


def test_an_account_entry_that_the_ledger_contradicts(
    bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    """A journal that the store would never write: the same count enters twice, made by an insider's own
    program."""
    deposit = with_deposit(bank, store)
    again = bank.open_store(tmp_path, witness=False)
    sql(tmp_path, "DELETE FROM batch_accepted")
    other = bank.deposit(again, "3-1123-0002")
    other.change(e.BatchCounted, batch_id=deposit.batches[0])
    again.append(other.items()[:1], other.sealed)
    again.append([item for item in other.items() if item[1] == other.find(e.BatchCounted)])
    again.close()
    reasons = {one.reason for one in verified(bank, tmp_path).findings}
    assert {Reason.BATCH, Reason.DERIVED} <= reasons


def test_erasing_a_personal_record_keeps_the_proof(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    deposit = bank.deposit(store).append(store)
    written = deposit.find(e.SlipRecorded).written
    store.erase(bank.head(), written.record_id, "PIPL art. 47")
    assert isinstance(store.personal(written), Refusal)
    store.close()
    assert verified(bank, tmp_path).verified


def test_a_forged_witness_line(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    with_deposit(bank, store)
    lines = (tmp_path / "witness.log").read_text().splitlines()
    lines[0] = lines[0].replace("2026-11-23", "2026-11-22")
    (tmp_path / "witness.log").write_text("\n".join([*lines, "no line at all", ""]))
    texts = [one.text for one in verified(bank, tmp_path).findings]
    assert texts == [
        "the desk's key did not sign this witness line",
        f"witness line {len(lines) + 1} cannot be read",
    ]


@pytest.mark.parametrize("kept", [0, 1, 45], ids=["emptied", "the first line", "all but the last"])
def test_a_shortened_witness_says_how_far_it_goes(
    kept: int, bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    """It proves nothing behind its last line, and says so: nobody would miss what was cut off there."""
    with_deposit(bank, store)
    lines = (tmp_path / "witness.log").read_text().splitlines(keepends=True)
    (tmp_path / "witness.log").write_text("".join(lines[:kept]))
    report = verified(bank, tmp_path)
    assert (report.verified, report.witnessed, report.entries) == (True, kept, 55)
    assert report.witnessed_to == {0: 0, 1: 10, 45: 54}[kept]


def test_a_witness_line_of_a_number_beyond_counting(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    with_deposit(bank, store)
    with (tmp_path / "witness.log").open("a") as file:
        file.write(f"a {'9' * 5000} b c d\na {'9' * 30} b c d\n")
    texts = [one.text for one in verified(bank, tmp_path).findings]
    assert texts == ["witness line 47 cannot be read", "witness line 48 cannot be read"]


@pytest.mark.parametrize(
    "data",
    [
        {"from": '"posting_id":', "to": '"posting_id":' + "[" * 100_000},
        {"from": '"summary":"', "to": '"summary":"\\ud800'},
        {"from": '"balance_after_minor":120100', "to": '"balance_after_minor":' + "9" * 30},
        {"from": '"balance_after_minor":120100', "to": '"balance_after_minor":' + "9" * 5000},
        {"from": '"amount_minor":20100', "to": '"amount_minor":' + "9" * 30},
    ],
    ids=["nested", "surrogate", "large", "larger", "amount"],
)
def test_an_entry_that_no_desk_could_have_written_is_a_finding(
    data: dict[str, str], bank: Bank, store: JournalStore, tmp_path: Path
) -> None:
    """Whoever has the desk's key can chain any bytes; verify answers, whatever they are."""
    with_deposit(bank, store)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw, raw:
        (body,) = raw.execute("SELECT body FROM journal WHERE sequence=47").fetchone()
        changed = body.replace(data["from"].encode(), data["to"].encode())
        assert changed != body
        raw.execute("UPDATE journal SET body=? WHERE sequence=47", (changed,))
    rechain(tmp_path, 47)
    seal_anew(bank, tmp_path)
    report = verify_database(url_in(tmp_path), bank.root.public_key, deep=True)
    assert isinstance(report, VerifyReport)
    assert {one.reason for one in report.findings} & {Reason.BODY, Reason.DERIVED, Reason.LEDGER}


def seal_anew(bank: Bank, folder: Path) -> None:
    """Every seal made again with the desk's key, over what stands there now."""
    with closing(sqlite3.connect(folder / "desk.db")) as raw, raw:
        rows = raw.execute("SELECT sequence, digest FROM journal JOIN seal USING (sequence)").fetchall()
        raw.executemany(
            "UPDATE seal SET signature=? WHERE sequence=?",
            [(seal(bank.desk, at, digest), at) for at, digest in rows],
        )


def test_two_witnessed_histories(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    """A desk that was rolled back and went on otherwise, with its own key, over the same witness file."""
    sealed_at, digest = store.head()
    with_deposit(bank, store)
    path = tmp_path / "witness.log"
    ours = path.read_bytes()
    path.write_bytes(b"")
    Witness(path, bank.desk, lambda: UTC).append(sealed_at, bytes(32))
    path.write_bytes(ours + path.read_bytes())
    first = verified(bank, tmp_path).first_bad
    assert first is not None
    assert (first.reason, first.sequence) == (Reason.WITNESS, sealed_at)
    assert digest.hex() in ours.decode()


def test_the_first_bad_entry_comes_first(bank: Bank, store: JournalStore, tmp_path: Path) -> None:
    with_deposit(bank, store)
    sql(
        tmp_path,
        "UPDATE passbook SET next_line=9",
        "UPDATE seal SET signature=zeroblob(64) WHERE sequence=47",
        "DELETE FROM journal WHERE sequence=55",
    )
    found = [one.sequence for one in verified(bank, tmp_path).findings]
    assert found == [*sorted(one for one in found if one), *(one for one in found if not one)]
    assert found[0] == 47
    assert found[-1] == 0


def test_what_is_no_record(tmp_path: Path) -> None:
    for url in (url_in(tmp_path), "sqlite://", "postgresql://host/db", "nonsense"):
        found = verify_database(url)
        assert isinstance(found, Refusal)
        assert found.code is RefusalCode.DATABASE_UNSAFE
    sqlite3.connect(tmp_path / "desk.db").execute("CREATE TABLE other (x)").connection.close()
    assert isinstance(verify_database(url_in(tmp_path)), Refusal)


def test_a_desk_certificate_of_the_wrong_kind(bank: Bank, tmp_path: Path) -> None:
    store = bank.open_store(tmp_path)
    wrong = bank.certify(CertificateKind.PERSON, "3号柜", bank.desk.public_key, bank.branch)
    store.append([(bank.head(), e.DeskEnrolled("3号柜", wrong, bank.branch_certificate, True))])
    store.close()
    reasons = [one.reason for one in verified(bank, tmp_path).findings]
    assert reasons[0] is Reason.CERTIFICATE
