"""Evidence of one transaction proves itself offline; every change of the file is found."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode
from desk.facts import digest_of
from desk.journal.certificate import CertificateKind
from desk.journal.evidence import Evidence, EvidenceReport, check, read, write
from desk.journal.keys import SigningKey
from desk.journal.verify import Reason
from desk.persistence.evidence_export import export_evidence
from tests.desk.journal.bank import Bank, Deposit, url_in


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


@pytest.fixture(scope="module")
def folder(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    store = bank.founded(folder)
    bank.deposit(store).append(store)
    second = bank.deposit(store, "3-1123-0002").append(store)
    open_one = bank.deposit(store, "3-1123-0003")
    store.append(open_one.items()[:3], open_one.sealed)
    store.close()
    (folder / "second").write_text(second.transaction)
    return folder


@pytest.fixture
def evidence(bank: Bank, folder: Path) -> Evidence:
    found = export_evidence(url_in(folder), (folder / "second").read_text())
    assert isinstance(found, Evidence), found
    return found


def checked(bank: Bank, evidence: Evidence) -> EvidenceReport:
    found = read(write(evidence))
    assert isinstance(found, Evidence)
    return check(found, bank.root.public_key)


def changed(evidence: Evidence, **values: Any) -> Evidence:
    return msgspec.structs.replace(evidence, **values)


def test_a_whole_deposit_proves_itself(bank: Bank, evidence: Evidence) -> None:
    report = checked(bank, evidence)
    assert report.findings == ()
    assert report.verified
    assert report.ended
    assert (report.number, report.entries, report.signatures) == ("3-1123-0002", 45, 4)
    assert report.people == {"1001": ("verdict", "make"), "1002": ("verdict", "review")}
    assert "示例" not in write(evidence).decode()


def test_by_printed_number_and_with_personal_data(bank: Bank, folder: Path) -> None:
    found = export_evidence(url_in(folder), "3-1123-0001", bank.vault)
    assert isinstance(found, Evidence)
    report = checked(bank, found)
    assert report.verified
    assert report.personal == 5
    shown = [bytes.fromhex(one)[16:] for one in found.personal.values()]
    assert any(json.loads(one).get("name") == "阿依·示例" for one in shown)


def test_what_cannot_be_exported(bank: Bank, folder: Path, tmp_path: Path) -> None:
    unknown = export_evidence(url_in(folder), "f" * 32)
    cut = tmp_path / "cut"
    cut.mkdir()
    with (
        closing(sqlite3.connect(folder / "desk.db")) as source,
        closing(sqlite3.connect(cut / "desk.db")) as raw,
    ):
        source.backup(raw)
        with raw:
            raw.execute("DELETE FROM seal WHERE sequence=(SELECT max(sequence) FROM seal)")
    unsealed = export_evidence(url_in(cut), "3-1123-0003")
    nothing = export_evidence(url_in(tmp_path), "3-1123-0001")
    assert [found.code for found in (unknown, unsealed, nothing) if isinstance(found, Refusal)] == [
        RefusalCode.TRANSACTION_UNKNOWN,
        RefusalCode.CHAIN_BROKEN,
        RefusalCode.DATABASE_UNSAFE,
    ]


def flipped(text: str) -> str:
    return ("1" if text[0] != "1" else "2") + text[1:]


def test_every_part_is_bound(bank: Bank, evidence: Evidence) -> None:
    bodies = evidence.bodies
    other_desk = bank.certify(CertificateKind.DESK, "x", SigningKey.generate().public_key, bank.branch)
    broken = [
        changed(evidence, bodies=(bodies[0], bodies[1].replace("c-1", "c-2"), *bodies[2:])),
        changed(evidence, bodies=bodies[1:]),
        changed(evidence, bodies=bodies[:-1]),
        changed(evidence, bodies=(bodies[1], bodies[0], *bodies[2:])),
        changed(evidence, bodies=("?", *bodies[1:])),
        changed(evidence, bodies=()),
        changed(evidence, before=flipped(evidence.before)),
        changed(evidence, before="no hex"),
        changed(evidence, seal=flipped(evidence.seal)),
        changed(evidence, first=evidence.first + 1),
        changed(evidence, transaction="e" * 32),
        changed(evidence, desk="e" * 32),
        changed(evidence, desk_certificate=bank.maker.certificate),
        changed(evidence, desk_certificate=other_desk),
        changed(evidence, branch_certificate=""),
        changed(evidence, personal={"x": "00"}),
        changed(evidence, personal={"x": "no hex"}),
    ]
    assert [checked(bank, one).verified for one in broken] == [False] * len(broken)


def test_a_file_is_read_byte_for_byte(evidence: Evidence) -> None:
    content = write(evidence)
    for bad in (
        b"",
        b"\xff",
        content + b" ",
        content.replace(b'"v":1', b'"v": 1', 1),
        write(changed(evidence, v=2)),
    ):
        assert isinstance(read(bad), Refusal)


def test_another_bank_proves_nothing(bank: Bank, evidence: Evidence) -> None:
    report = check(evidence, SigningKey.generate().public_key)
    assert not report.verified


def test_a_false_signature_within_a_true_chain(bank: Bank, tmp_path: Path) -> None:
    """An insider with the desk's key seals it; the reviewer's signature still does not stand."""
    store = bank.founded(tmp_path)
    made: Deposit = bank.deposit(store).change(e.Countersigned, signature="A" * 86 + "==").append(store)
    store.close()
    found = export_evidence(url_in(tmp_path), made.transaction)
    assert isinstance(found, Evidence)
    assert [one.text for one in checked(bank, found).findings] == ["its signature is not its signer's"]


def test_who_let_lines_print_again_stands_in_the_evidence(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    made = bank.deposit(store).printed_again(bank.supervisor).append(store)
    forged = bank.deposit(store, "3-1123-0002").printed_again().change(e.PrintPrepared, 1, statement="")
    forged.append(store)
    store.close()
    found = export_evidence(url_in(tmp_path), made.transaction)
    assert isinstance(found, Evidence)
    report = checked(bank, found)
    assert report.findings == ()
    assert report.signatures == 5
    assert report.people == {
        "1001": ("verdict", "make"),
        "1002": ("verdict", "review"),
        "1003": ("print_again",),
    }
    found = export_evidence(url_in(tmp_path), forged.transaction)
    assert isinstance(found, Evidence)
    report = checked(bank, found)
    assert [one.text for one in report.findings] == ["its statement cannot be read"]
    assert report.people["1002"] == ("verdict", "review")


def test_a_cancelled_transaction_is_ended(bank: Bank, tmp_path: Path) -> None:
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store)
    store.append(deposit.items()[:3], deposit.sealed)
    store.append([(bank.head(deposit.transaction), e.TransactionCancelled("left", "slip"))])
    store.close()
    found = export_evidence(url_in(tmp_path), deposit.transaction)
    assert isinstance(found, Evidence)
    report = checked(bank, found)
    assert report.verified
    assert report.ended


# --- facts in the clear -----------------------------------------------------------------------------------


def shown(bank: Bank, folder: Path, deposit: Deposit) -> EvidenceReport:
    found = export_evidence(url_in(folder), deposit.transaction, bank.vault)
    assert isinstance(found, Evidence)
    return checked(bank, found)


def with_facts(bank: Bank, folder: Path, content: bytes, digest: str = "") -> list[tuple[Reason, str]]:
    """A deposit whose frozen facts are ``content``, signed by all as they are (unless for ``digest``)."""
    store = bank.founded(folder)
    deposit = bank.deposit(store)
    sealed, frozen = bank.vault.seal(content), deposit.find(e.FactsFrozen)
    deposit.sealed = [*(one for one in deposit.sealed if one.ref != frozen.facts), sealed]
    deposit.change(e.FactsFrozen, facts=sealed.ref)
    deposit.digest = digest or digest_of(content)
    for kind, staff in ((e.FactsFrozen, bank.maker), (e.Countersigned, bank.reviewer)):
        act = "make" if kind is e.FactsFrozen else "review"
        signed = bank.signed(staff, act, deposit.transaction, deposit.digest, deposit.nonce)
        said: dict[str, Any] = {"statement": signed.statement_b64, "signature": signed.signature_b64}
        deposit.change(kind, digest=deposit.digest, **said)
    deposit.change(e.CustomerConfirmed, digest=deposit.digest)
    deposit.change(e.DepositPosted, facts_digest=deposit.digest).append(store)
    store.close()
    return [(one.reason, one.text) for one in shown(bank, folder, deposit).findings]


def facts_of(bank: Bank, folder: Path) -> dict[str, Any]:
    """True facts, but of another transaction."""
    found = export_evidence(url_in(folder), "3-1123-0001", bank.vault)
    assert isinstance(found, Evidence)
    records = [json.loads(bytes.fromhex(one)[16:]) for one in found.personal.values()]
    facts: dict[str, Any] = next(one for one in records if "amount" in one)
    return facts


def test_the_facts_shown_are_those_signed(bank: Bank, tmp_path: Path) -> None:
    """Two sheets: everyone signed one, and the other lies beside the chain."""
    texts = with_facts(bank, tmp_path, b'{"amount":"1.00"}', "d" * 64)
    assert (Reason.FACTS, "the facts shown are not those that were signed") in texts


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b"{}"])
def test_facts_that_say_nothing(bank: Bank, tmp_path: Path, content: bytes) -> None:
    texts = with_facts(bank, tmp_path, content)
    assert (Reason.FACTS, "the facts say another amount than the entries") in texts
    assert (Reason.FACTS, "the facts shown are not those that were signed") not in texts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "1.00"),
        ("currency", "USD"),
        ("account_name", "王五"),
        ("account_number", "1"),
        ("cash", []),
    ],
)
def test_facts_that_say_another_thing(
    bank: Bank, folder: Path, tmp_path: Path, name: str, value: object
) -> None:
    facts = {**facts_of(bank, folder), name: value}
    texts = with_facts(bank, tmp_path, json.dumps(facts).encode())
    assert (Reason.FACTS, f"the facts say another {name} than the entries") in texts
    assert (Reason.FACTS, "the facts say another maker than the entries") not in texts


def test_facts_before_anything_was_counted(bank: Bank, tmp_path: Path) -> None:
    """Frozen with nothing before them: they speak of what no entry says, and nothing breaks."""
    store = bank.founded(tmp_path)
    deposit = bank.deposit(store)
    store.append(deposit.items()[:1], deposit.sealed)
    store.append([item for item in deposit.items() if isinstance(item[1], e.FactsFrozen)])
    store.close()
    texts = [one.text for one in shown(bank, tmp_path, deposit).findings]
    assert "the facts say another first_count than the entries" in texts


# --- what no desk writes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [0, -1, 10**19, 10**30, 2**63 - 1])
def test_entries_of_an_impossible_place(bank: Bank, evidence: Evidence, first: int) -> None:
    impossible = changed(evidence, first=first)
    assert isinstance(read(write(impossible)), Refusal)
    assert [one.reason for one in check(impossible, bank.root.public_key).findings] == [Reason.BODY]


@pytest.mark.parametrize("part", ["desk", "bodies", "seal"])
def test_text_that_is_none(bank: Bank, evidence: Evidence, part: str) -> None:
    value: object = ("\ud800",) if part == "bodies" else "\ud800"
    report = check(changed(evidence, **{part: value}), bank.root.public_key)
    assert [one.reason for one in report.findings] == [Reason.BODY]


def test_a_file_too_deep_to_read(evidence: Evidence) -> None:
    deep = write(evidence).replace(b'"personal":{', b'"personal":' + b"[" * 200_000)
    assert isinstance(read(deep), Refusal)
    assert isinstance(read(b"[" * 200_000), Refusal)
