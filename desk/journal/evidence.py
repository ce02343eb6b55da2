"""Evidence: one transaction with everything an offline reader needs to prove it, in one JSON file.

It holds the exact bytes of every entry of the desk from the seal before the transaction's first entry to
the seal at or after its last, so that nothing in between can be left out; the digest before them, the seal
over them, and the certificates that lead to the bank's root. Neighbouring entries come along: they carry no
personal data. Personal data of the transaction is added only when the exporter asks. Pure: no files, no
SQL.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from desk.domain.events import PersonalRef, StepPassed, TransactionCancelled, TransactionStarted
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.certificate import CertificateKind
from desk.journal.chain import is_sealed, link
from desk.journal.codec import BodyError, decode
from desk.journal.entry import Recorded
from desk.journal.fact_rules import facts_findings
from desk.journal.keys import canonical, fingerprint, is_signed_by
from desk.journal.past import Past
from desk.journal.record_rules import RecordRules
from desk.journal.statement import Statement, unproved
from desk.journal.trust import Trust
from desk.journal.verify import BadEntry, Reason, personal_refs

EVIDENCE_VERSION = 1
SALT_LENGTH = 16
"""A personal record in the clear begins with its salt."""
LAST_SEQUENCE = 2**63 - 1
"""No chain counts further."""


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``before`` is the digest (hex) before entry ``first``; ``bodies`` are the exact bytes as
    text; ``seal`` (hex) is the desk's over the last of them; ``personal`` maps a record to its salt and
    bytes (hex)."""

    v: int
    desk: str
    transaction: str
    branch_certificate: str
    desk_certificate: str
    first: int
    before: str
    bodies: tuple[str, ...]
    seal: str
    personal: Mapping[str, str] = {}


@dataclass(frozen=True)
class EvidenceReport:
    """What the file proves. ``ended`` whether the transaction's end is in it; ``people`` maps each signer
    to the acts signed for; ``personal`` counts records shown in the clear and proved."""

    verified: bool
    transaction: str
    number: str
    entries: int
    signatures: int
    ended: bool
    people: Mapping[str, tuple[str, ...]]
    personal: int
    findings: tuple[BadEntry, ...]


def write(evidence: Evidence) -> bytes:
    """The bytes of an evidence file, one line."""
    return canonical(evidence) + b"\n"


def read(content: bytes) -> Evidence | Refusal:
    """Strictly: the same bytes that ``write`` makes, or CHAIN_BROKEN."""
    try:
        found = msgspec.json.decode(content, type=Evidence)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return refuse(RefusalCode.CHAIN_BROKEN, reason="not an evidence file")
    if not _is_possible(found):
        return refuse(RefusalCode.CHAIN_BROKEN, reason="entries of no possible place or text")
    if found.v != EVIDENCE_VERSION or write(found) != content:
        return refuse(RefusalCode.CHAIN_BROKEN, reason="not an evidence file of this version, byte for byte")
    return found


def _is_possible(evidence: Evidence) -> bool:
    """Whether its numbers and texts are such as a chain can have: all that is reckoned with below."""
    try:
        canonical(evidence)
    except UnicodeError:
        return False
    return 1 <= evidence.first <= LAST_SEQUENCE - len(evidence.bodies)


def check(evidence: Evidence, root: bytes) -> EvidenceReport:
    """Prove the file up to the bank's root; whatever was changed is among the findings. Records shown in the clear are
    held against the entries; the facts among them must be those that were signed."""
    if not _is_possible(evidence):
        impossible = _bad(evidence, 0, Reason.BODY, "entries of no possible place or text")
        return EvidenceReport(False, evidence.transaction, "", 0, 0, False, {}, 0, (impossible,))
    findings: list[BadEntry] = []
    recorded = _chained(evidence, root, findings)
    own = [one for one in recorded if one.head.transaction == evidence.transaction]
    if not own or not isinstance(own[0].event, TransactionStarted):
        findings.append(
            _bad(evidence, evidence.first, Reason.GAP, "the transaction's beginning is not in it")
        )
    rules = RecordRules(evidence.desk, _signers(evidence, root, own), Past(whole=False))
    for one in own:
        rules.see(one)
    findings += rules.findings
    for job in rules.jobs:
        if not is_signed_by(job.key, job.signature, job.message):
            findings.append(
                _bad(evidence, job.sequence, Reason.STATEMENT, "its signature is not its signer's")
            )
    findings += _personal(evidence, own)
    findings += [
        _bad(evidence, sequence, Reason.FACTS, text)
        for sequence, text in facts_findings(own, _shown(evidence))
    ]
    started = next((one.event for one in own if isinstance(one.event, TransactionStarted)), None)
    return EvidenceReport(
        verified=not findings,
        transaction=evidence.transaction,
        number=started.number if started else "",
        entries=len(own),
        signatures=len(rules.jobs),
        ended=any(_is_end(one) for one in own),
        people=_people(own),
        personal=len(evidence.personal),
        findings=tuple(findings),
    )


def _bad(evidence: Evidence, sequence: int, reason: Reason, text: str) -> BadEntry:
    return BadEntry(evidence.desk, sequence, reason, text)


def _is_end(one: Recorded) -> bool:
    event = one.event
    return isinstance(event, TransactionCancelled) or (
        isinstance(event, StepPassed) and event.to.startswith("end:")
    )


def _chained(evidence: Evidence, root: bytes, findings: list[BadEntry]) -> tuple[Recorded, ...]:
    """The entries, each in its place and chained up to a seal by the certified desk."""
    trust = Trust(root, evidence.branch_certificate)
    recorded: list[Recorded] = []
    try:
        digest, seal = bytes.fromhex(evidence.before), bytes.fromhex(evidence.seal)
        for sequence, text in enumerate(evidence.bodies, evidence.first):
            one = decode(text.encode())
            if (one.head.desk, one.sequence) != (evidence.desk, sequence):
                findings.append(_bad(evidence, sequence, Reason.COLUMN, "an entry of another place"))
            digest = link(digest, text.encode())
            recorded.append(one)
    except (BodyError, ValueError) as error:
        findings.append(_bad(evidence, evidence.first + len(recorded), Reason.BODY, str(error)))
        return tuple(recorded)
    on = recorded[-1].head.utc if recorded else ""
    certificate = trust.prove(evidence.desk_certificate, CertificateKind.DESK, on)
    last = evidence.first + len(recorded) - 1
    if isinstance(certificate, Refusal):
        findings.append(_bad(evidence, 0, Reason.CERTIFICATE, f"desk certificate: {certificate}"))
    elif fingerprint(certificate.key) != evidence.desk:
        findings.append(_bad(evidence, 0, Reason.CERTIFICATE, "the certificate is not this desk's"))
    elif not is_sealed(certificate.key, evidence.desk, last, digest, seal):
        findings.append(_bad(evidence, last, Reason.SEAL_FORGED, "the desk's key did not seal these entries"))
    return tuple(recorded)


def _all_statements(own: Sequence[Recorded]) -> Iterator[Statement]:
    """Every statement of the transaction's events, a second person's among them."""
    for one in own:
        for name in ("statement", "second_statement"):
            statement = unproved(str(getattr(one.event, name, "")))
            if statement is not None:
                yield statement


def _signers(evidence: Evidence, root: bytes, own: Sequence[Recorded]) -> Trust:
    """Offline the certificates in the statements stand for the enrolments; each leads to the root or is
    refused."""
    persons: dict[str, str] = {}
    for statement in _all_statements(own):
        persons.setdefault(statement.staff_no, statement.certificate)
    return Trust(root, evidence.branch_certificate, persons)


def _people(own: Sequence[Recorded]) -> dict[str, tuple[str, ...]]:
    acts: dict[str, tuple[str, ...]] = {}
    for statement in _all_statements(own):
        acts[statement.staff_no] = (*acts.get(statement.staff_no, ()), statement.act)
    return acts


def _shown(evidence: Evidence) -> dict[str, bytes]:
    """The records in the clear without their salt; what is no hex is a finding of ``_personal``."""
    shown: dict[str, bytes] = {}
    for record_id, salted in evidence.personal.items():
        with contextlib.suppress(ValueError):
            shown[record_id] = bytes.fromhex(salted)[SALT_LENGTH:]
    return shown


def _personal(evidence: Evidence, own: Sequence[Recorded]) -> list[BadEntry]:
    refs: dict[str, PersonalRef] = {ref.record_id: ref for one in own for ref in personal_refs(one.event)}
    found: list[BadEntry] = []
    for record_id, salted in evidence.personal.items():
        ref = refs.get(record_id)
        try:
            digest = hashlib.sha256(bytes.fromhex(salted)).hexdigest()
        except ValueError:
            digest = ""
        if ref is None or ref.digest != digest:
            text = f"record {record_id} is not what the entries speak of"
            found.append(_bad(evidence, 0, Reason.PERSONAL, text))
    return found
