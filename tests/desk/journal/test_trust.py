"""Keys, chain, certificates, statements: what stands, and every way in which it does not."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode
from desk.journal import chain
from desk.journal.certificate import Certificate, CertificateKind, check, issue
from desk.journal.certificate import read as read_certificate
from desk.journal.keys import SigningKey, fingerprint, is_signed_by
from desk.journal.statement import SignedStatement, VerifiedStatement, read, unproved
from desk.journal.trust import Trust, read_trust, write_trust
from tests.desk.journal.bank import Bank, new_id


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


def code(found: object) -> RefusalCode:
    assert isinstance(found, Refusal), found
    return found.code


# --- keys and chain -------------------------------------------------------------------------------------


def test_a_key_comes_back_from_its_bytes_and_never_shows_itself() -> None:
    key = SigningKey.generate()
    again = SigningKey.from_private_bytes(key.private_bytes())
    assert again.public_key == key.public_key
    assert key.key_id == fingerprint(key.public_key)
    assert repr(key) == f"SigningKey({key.key_id})"
    assert key.private_bytes().hex() not in repr(vars(key))


def test_a_signature_is_a_plain_yes_or_no() -> None:
    key = SigningKey.generate()
    signature = key.sign(b"a")
    assert is_signed_by(key.public_key, signature, b"a")
    assert not is_signed_by(key.public_key, signature, b"b")
    assert not is_signed_by(key.public_key, b"", b"a")
    assert not is_signed_by(b"short", signature, b"a")


def test_a_chain_depends_on_its_desk_and_on_every_byte() -> None:
    assert chain.genesis("a") != chain.genesis("b")
    first = chain.link(chain.genesis("a"), b"body")
    assert first != chain.link(chain.genesis("a"), b"bodz")
    assert first != chain.link(chain.genesis("b"), b"body")


def test_a_seal_is_over_desk_sequence_and_digest() -> None:
    key, digest = SigningKey.generate(), bytes(32)
    seal = chain.seal(key, 7, digest)
    assert chain.is_sealed(key.public_key, key.key_id, 7, digest, seal)
    assert not chain.is_sealed(key.public_key, key.key_id, 8, digest, seal)
    assert not chain.is_sealed(key.public_key, "other", 7, digest, seal)
    assert not chain.is_sealed(key.public_key, key.key_id, 7, b"\1" * 32, seal)


# --- certificates ---------------------------------------------------------------------------------------


def test_a_certificate_says_what_its_issuer_signed(bank: Bank) -> None:
    found = check(bank.branch_certificate, bank.root.public_key, CertificateKind.BRANCH, "2026-11-23")
    assert isinstance(found, Certificate)
    assert (found.subject, found.key, found.issuer) == ("0001", bank.branch.public_key, bank.root.key_id)
    assert found.key_id == bank.branch.key_id


def test_certificates_that_do_not_stand(bank: Bank) -> None:
    text, root = bank.branch_certificate, bank.root.public_key
    kind = CertificateKind.BRANCH
    assert code(check("no certificate", root, kind)) is RefusalCode.STATEMENT_FORGED
    assert code(check(text, SigningKey.generate().public_key, kind)) is RefusalCode.STATEMENT_FORGED
    assert code(check(text, root, CertificateKind.PERSON)) is RefusalCode.NOT_ENROLLED
    assert code(check(text, root, kind, "2030-01-01")) is RefusalCode.NOT_ENROLLED
    assert code(check(text, root, kind, "2025-01-01")) is RefusalCode.NOT_ENROLLED


def encoded(body: bytes) -> str:
    return base64.b64encode(body).decode() + "." + base64.b64encode(bytes(64)).decode()


@pytest.mark.parametrize("text", ["", "a.b.c", "é.é", encoded(b"{}"), encoded(b"\xff"), encoded(b"[1]")])
def test_what_is_no_certificate(text: str) -> None:
    assert read_certificate(text) is None


def test_a_certificate_is_canonical_and_holds_a_whole_key(bank: Bank) -> None:
    body, signature = bank.branch_certificate.split(".")
    spaced = base64.b64encode(base64.b64decode(body).replace(b'":', b'": ', 1)).decode()
    assert read_certificate(f"{spaced}.{signature}") is None
    short = bank.certify(CertificateKind.PERSON, "1", b"short", bank.branch)
    assert read_certificate(short) is None
    no_hex = base64.b64decode(body).replace(bank.branch.public_key.hex().encode(), b"zz" * 32)
    assert read_certificate(encoded(no_hex)) is None


def test_a_person_needs_the_whole_way_to_the_root(bank: Bank) -> None:
    trust = bank.trust()
    person = bank.maker.certificate
    assert isinstance(trust.prove(person, CertificateKind.PERSON), Certificate)
    stranger = Trust(SigningKey.generate().public_key, bank.branch_certificate)
    assert code(stranger.prove(person, CertificateKind.PERSON)) is RefusalCode.STATEMENT_FORGED
    by_root = bank.certify(CertificateKind.PERSON, "1", bank.maker.key.public_key, bank.root)
    assert code(trust.prove(by_root, CertificateKind.PERSON)) is RefusalCode.STATEMENT_FORGED
    other = issue(
        CertificateKind.PERSON, "1", "0002", bank.maker.key.public_key, bank.branch, serial="s",
        valid_from="2026-01-01", valid_to="2027-01-01",
    )  # fmt: skip
    assert code(trust.prove(other, CertificateKind.PERSON)) is RefusalCode.NOT_ENROLLED


def test_without_a_root_the_branch_is_taken_at_its_word(bank: Bank) -> None:
    trust = Trust(b"", bank.branch_certificate)
    assert isinstance(trust.prove(bank.maker.certificate, CertificateKind.PERSON), Certificate)
    assert code(Trust(b"", "?").prove(bank.maker.certificate, CertificateKind.PERSON)) is (
        RefusalCode.STATEMENT_FORGED
    )


# --- trust ----------------------------------------------------------------------------------------------


def test_a_trust_file_comes_back(bank: Bank) -> None:
    assert read_trust(write_trust("示例银行", bank.root.public_key)) == bank.root.public_key


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"{}", b'{"v":1,"bank":"x","root":"zz"}', write_trust("x", b"1")]
)
def test_what_is_no_trust_file(content: bytes) -> None:
    assert code(read_trust(content)) is RefusalCode.TRUST_MISSING


def test_trust_follows_the_events(bank: Bank) -> None:
    ref = e.PersonalRef("r", "d", "s")
    enrolled = e.PersonEnrolled("1001", (), (), ref, bank.maker.certificate)
    desk = e.DeskEnrolled("x", bank.desk_certificate, bank.branch_certificate, training=True)
    trust = Trust(bank.root.public_key).after_all([desk, enrolled, e.SignedOn("1001")])
    assert isinstance(trust.enrolled(bank.maker.certificate), Certificate)
    assert code(trust.enrolled(bank.reviewer.certificate)) is RefusalCode.NOT_ENROLLED
    gone = trust.after(e.PersonRevoked("1001", "left"))
    assert code(gone.enrolled(bank.maker.certificate)) is RefusalCode.REVOKED
    renewed = bank.person("1001", ("teller",))
    again = gone.after(e.PersonEnrolled("1001", (), (), ref, renewed.certificate))
    assert isinstance(again.enrolled(renewed.certificate), Certificate)
    assert code(again.enrolled(bank.maker.certificate)) is RefusalCode.REVOKED


# --- statements -----------------------------------------------------------------------------------------


def test_a_statement_tells_who_signed_what(bank: Bank) -> None:
    transaction, nonce = new_id(), new_id()
    signed = bank.signed(bank.reviewer, "review", transaction, "d" * 64, nonce)
    found = read(signed.statement_b64, signed.signature_b64, bank.trust())
    assert isinstance(found, VerifiedStatement)
    assert (found.staff_no, found.key_id) == ("1002", bank.reviewer.key.key_id)
    assert (found.act, found.transaction, found.digest, found.nonce) == (
        "review",
        transaction,
        "d" * 64,
        nonce,
    )
    assert (found.roles, found.qualifications) == (("teller", "reviewer"), ("counterfeit",))


def test_a_statement_in_anothers_name_is_forged(bank: Bank) -> None:
    """Signed with the own key, under the own certificate, but naming a colleague."""
    signed = bank.signed(bank.maker, "review", new_id(), "d", "n", staff_no="1002")
    found = read(signed.statement_b64, signed.signature_b64, bank.trust())
    assert code(found) is RefusalCode.STATEMENT_FORGED


def test_a_certificate_of_anothers_is_forged(bank: Bank) -> None:
    signed = bank.signed(
        bank.maker, "review", new_id(), "d", "n", staff_no="1002", certificate=bank.reviewer.certificate
    )
    found = read(signed.statement_b64, signed.signature_b64, bank.trust())
    assert code(found) is RefusalCode.STATEMENT_FORGED


def changed(signed: SignedStatement, **more: Any) -> tuple[str, str]:
    return more.get("statement", signed.statement_b64), more.get("signature", signed.signature_b64)


def test_statements_that_do_not_stand(bank: Bank) -> None:
    signed = bank.signed(bank.reviewer, "review", new_id(), "d", "n")
    other = bank.signed(bank.reviewer, "review", new_id(), "d", "n")
    trust = bank.trust()
    forged = RefusalCode.STATEMENT_FORGED
    assert code(read(*changed(signed, signature="é"), trust)) is forged
    assert code(read(*changed(signed, signature="AAAA"), trust)) is forged
    assert code(read(*changed(signed, signature=other.signature_b64), trust)) is forged
    assert code(read(*changed(signed, statement="é"), trust)) is forged
    assert code(read(*changed(signed, statement=base64.b64encode(b"{}").decode()), trust)) is forged
    spaced = base64.b64encode(base64.b64decode(signed.statement_b64) + b" ").decode()
    assert unproved(spaced) is None
    tagged = bank.signed(bank.reviewer, "review", new_id(), "d", "n", tag="another/v1")
    assert unproved(tagged.statement_b64) is None
    late = bank.signed(bank.reviewer, "review", new_id(), "d", "n", utc="2031-01-01T00:00:00.000000Z")
    assert code(read(late.statement_b64, late.signature_b64, trust)) is RefusalCode.NOT_ENROLLED
