"""What a reader of signatures trusts: the bank's root, the branch it certified, and the persons enrolled so
far.

The root comes from a file outside the database (``trust.json``); persons come from the journal's own signed
events, never from a table. Pure values; reading the file is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from desk.domain.events import DeskEnrolled, Event, PersonEnrolled, PersonRevoked
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.certificate import Certificate, CertificateKind, check_under
from desk.journal.keys import canonical


class TrustFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key file: the bank's name for people, its root public key in hex for the program."""

    v: int
    bank: str
    root: str


def write_trust(bank: str, root_public_key: bytes) -> bytes:
    """The bytes of a trust file."""
    return canonical(TrustFile(1, bank, root_public_key.hex())) + b"\n"


def read_trust(content: bytes) -> bytes | Refusal:
    """The root public key of a trust file's bytes; TRUST_MISSING when they are none."""
    try:
        root = bytes.fromhex(msgspec.json.decode(content, type=TrustFile).root)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return refuse(RefusalCode.TRUST_MISSING, reason="not a trust file")
    return root if len(root) == 32 else refuse(RefusalCode.TRUST_MISSING, reason="no root key in it")


@dataclass(frozen=True)
class Trust:
    """Who may sign now. ``persons`` maps a staff number to the certificate text it was enrolled with;
    ``revoked`` holds the certificates that no longer sign."""

    root: bytes
    branch_certificate: str = ""
    persons: Mapping[str, str] = field(default_factory=dict)
    revoked: frozenset[str] = frozenset()

    def after(self, event: Event) -> Trust:
        """The trust after one more event; only enrolments and revocations change it."""
        if isinstance(event, DeskEnrolled):
            return replace(self, branch_certificate=event.branch_certificate)
        if isinstance(event, PersonEnrolled):
            return replace(self, persons={**self.persons, event.staff_no: event.certificate})
        if isinstance(event, PersonRevoked):
            gone = self.persons.get(event.staff_no, "")
            return replace(self, revoked=self.revoked | {gone})
        return self

    def after_all(self, events: Iterable[Event]) -> Trust:
        """The trust after a history."""
        trust = self
        for event in events:
            trust = trust.after(event)
        return trust

    def prove(self, text: str, kind: CertificateKind, on: str = "") -> Certificate | Refusal:
        """A desk's or person's certificate up to the root."""
        return check_under(text, self.root, self.branch_certificate, kind, on[:10])

    def enrolled(self, text: str, on: str = "") -> Certificate | Refusal:
        """A person's certificate that was enrolled, is the person's current one, and still signs."""
        found = self.prove(text, CertificateKind.PERSON, on)
        if isinstance(found, Refusal):
            return found
        if text in self.revoked:
            return refuse(RefusalCode.REVOKED, staff_no=found.subject)
        if self.persons.get(found.subject) != text:
            return refuse(RefusalCode.NOT_ENROLLED, staff_no=found.subject)
        return found
