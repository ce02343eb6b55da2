"""Who people are and how they prove it: enrolled persons from the journal, keys sealed by their passwords.

Implements ``desk.records.Authenticator`` for passwords; touch can come beside it. A key opened here lives
in memory until it is closed, and is never written anywhere but sealed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from desk.domain.people import Person, Qualification, Role
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.training import trained_until
from desk.journal.certificate import read
from desk.journal.keys import SigningKey
from desk.journal.statement import STATEMENT_TAG, Statement, sign
from desk.journal.statement import read as read_statement
from desk.journal.trust import Trust
from desk.persistence.journal_store import JournalStore
from desk.persistence.secrets import open_person_key
from desk.records import CheckedStatement, Signature, StatementFacts

MAX_WRONG = 5


class OpenedKey:
    """A person's key, open for signing."""

    def __init__(self, staff_no: str, certificate: str, key: SigningKey) -> None:
        self.staff_no = staff_no
        self.key_id = key.key_id
        self._certificate = certificate
        self._key: SigningKey | None = key

    def sign(self, facts: StatementFacts) -> Signature:
        """Sign one statement; a closed key signs nothing (RuntimeError: a programming error)."""
        if self._key is None:
            raise RuntimeError("the key is closed")
        statement = Statement(
            STATEMENT_TAG, facts.transaction, facts.digest, facts.act, facts.act, facts.nonce, self.staff_no,
            self._certificate, facts.language, facts.template, facts.utc,
        )  # fmt: skip
        signed = sign(statement, self._key)
        return Signature(signed.statement_b64, signed.signature_b64)

    def close(self) -> None:
        self._key = None


class PasswordAuthenticator:
    """Persons enrolled in this desk's journal; ``sealed_keys`` maps staff numbers to sealed key texts."""

    def __init__(self, store: JournalStore, root_key: bytes, sealed_keys: Mapping[str, str]) -> None:
        self._store, self._sealed = store, sealed_keys
        self._trust = Trust(root_key).after_all(one.event for one in store.all_recorded())
        self._wrong: dict[str, int] = {}
        self._people = tuple(self._person(staff_no) for staff_no in sorted(self._trust.persons))

    def _person(self, staff_no: str) -> Person:
        row = next(one for one in self._store.people() if one.staff_no == staff_no)
        plain = self._store.personal(row.person)
        record = {} if isinstance(plain, Refusal) else json.loads(plain)
        certificate = read(row.certificate)
        return Person(
            staff_no,
            str(record.get("name", staff_no)),
            frozenset(Role(role) for role in row.roles),
            row.key_id,
            frozenset(Qualification(one.partition(":")[0]) for one in row.qualifications),
            frozenset(record.get("customer_ids", ())),
            trained_until(row.qualifications, certificate.valid_to if certificate else ""),
        )

    def people(self) -> tuple[Person, ...]:
        """Persons whose certificate stands up to the bank's root; a row put in by hand is none of them."""
        return tuple(one for one in self._people if self._stands(one.staff_no))

    def _stands(self, staff_no: str) -> bool:
        return not isinstance(self._trust.enrolled(self._trust.persons[staff_no]), Refusal)

    def open(self, staff_no: str, password: str) -> OpenedKey | Refusal:
        """Open a person's key. Five wrong passwords lock the person out on this desk until it is restarted."""
        if self._wrong.get(staff_no, 0) >= MAX_WRONG:
            return refuse(RefusalCode.LOCKED_OUT, staff_no=staff_no)
        certificate, sealed = self._trust.persons.get(staff_no), self._sealed.get(staff_no)
        if certificate is None or sealed is None:
            return refuse(RefusalCode.NOT_ENROLLED, staff_no=staff_no)
        enrolled = self._trust.enrolled(certificate)
        if isinstance(enrolled, Refusal):
            return enrolled
        key = open_person_key(sealed, password)
        if isinstance(key, Refusal):
            self._wrong[staff_no] = self._wrong.get(staff_no, 0) + 1
            return key
        if key.key_id != enrolled.key_id:
            return refuse(RefusalCode.NOT_ENROLLED, staff_no=staff_no)
        self._wrong.pop(staff_no, None)
        return OpenedKey(staff_no, certificate, key)

    def check(self, signature: Signature) -> CheckedStatement | Refusal:
        """Prove a signed statement up to the bank's root."""
        found = read_statement(signature.statement, signature.signature, self._trust)
        if isinstance(found, Refusal):
            return found
        return CheckedStatement(
            found.staff_no, found.key_id, found.act, found.transaction, found.digest, found.nonce
        )
