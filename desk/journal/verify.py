"""Proving one desk's chain: columns, gaps, digests, seals, certificates, people. Pure; rows and files come
in.

The loop over entries stays as cheap as a bare hash loop allows (performance §4): it compares the beginning
of the stored bytes with the columns, hashes, and parses nothing but the desk's own entries.
``desk.journal.record_rules`` folds what the entries say; reading databases is
``desk.persistence.verification``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256

from desk.domain.events import DeskEnrolled, Event, PersonalRef, PersonEnrolled
from desk.domain.refusals import Refusal
from desk.journal.certificate import CertificateKind
from desk.journal.chain import ENTRY_TAG, SEAL_EVERY, genesis, is_sealed
from desk.journal.codec import BodyError, column_prefix, column_suffix, decode
from desk.journal.entry import Recorded
from desk.journal.keys import fingerprint
from desk.journal.trust import Trust

Row = tuple[int, str, bytes, bytes]
"""sequence, transaction_id, body, digest."""


class Reason(Enum):
    """Why an entry is bad. The code is stable; programs read it."""

    GAP = "gap"
    COLUMN = "column"
    DIGEST = "digest"
    BODY = "body"
    SEAL_MISSING = "seal_missing"
    SEAL_FORGED = "seal_forged"
    TAIL_CUT = "tail_cut"
    WITNESS = "witness"
    CERTIFICATE = "certificate"
    PERSON = "person"
    STATEMENT = "statement"
    NONCE = "nonce"
    SAME_PERSON = "same_person"
    BATCH = "batch"
    POSTING = "posting"
    LEDGER = "ledger"
    DERIVED = "derived"
    PERSONAL = "personal"
    DATABASE = "database"
    TIME = "time"
    STEP = "step"
    FOUNDING = "founding"
    NOTE = "note"
    PRINT = "print"
    FACTS = "facts"
    MACHINE = "machine"
    RULES = "rules"


@dataclass(frozen=True)
class BadEntry:
    """One thing found wrong, and where. ``sequence`` 0 means beside the chain."""

    desk: str
    sequence: int
    reason: Reason
    text: str


@dataclass
class Walk:
    """What a walk over one chain saw. ``digests`` holds those at the sequences it was asked to remember."""

    desk: str
    sequence: int = 0
    digest: bytes = b""
    digests: dict[int, bytes] = field(default_factory=dict)
    own: list[bytes] = field(default_factory=list)
    bad: BadEntry | None = None


def walk(
    desk: str, chunks: Iterable[Sequence[Row]], remember: frozenset[int], first: int = 1, before: bytes = b""
) -> Walk:
    """Follow the chain in order, from entry ``first`` on with the digest ``before`` it; stops at the first
    entry that does not stand. ``own`` collects the bytes of entries outside any transaction: the desk's
    certificate and its people are among them."""
    seen = Walk(desk, first - 1, before or genesis(desk))
    expected, digest = first, seen.digest
    start, transaction_part, last = column_prefix(desk), b"", None
    try:
        for chunk in chunks:
            for sequence, transaction, body, stored in chunk:
                if transaction != last:
                    last, transaction_part = transaction, column_suffix(transaction)
                if sequence != expected or not body.startswith(
                    b"%b%d%b" % (start, sequence, transaction_part)
                ):
                    seen.bad = _misplaced(desk, expected, sequence)
                    return seen
                digest = sha256(ENTRY_TAG + digest + body).digest()
                if digest != stored:
                    text = "its bytes are not those that were chained"
                    seen.bad = BadEntry(desk, sequence, Reason.DIGEST, text)
                    return seen
                if sequence in remember:
                    seen.digests[sequence] = digest
                if not transaction:
                    seen.own.append(body)
                expected += 1
            seen.sequence, seen.digest = expected - 1, digest
    except (AttributeError, TypeError):  # asking every row for its kind would cost as much as the hash
        seen.bad = BadEntry(desk, expected, Reason.COLUMN, "what stands here is not bytes")
    return seen


def joined(parts: Sequence[Walk]) -> Walk:
    """One walk out of walks over consecutive parts; the first bad entry ends it."""
    whole = parts[0]
    for part in parts[1:]:
        if whole.bad:
            break
        whole.digests.update(part.digests)
        whole.own += part.own
        whole.sequence, whole.digest, whole.bad = part.sequence, part.digest, part.bad
    return whole


def _misplaced(desk: str, expected: int, sequence: int) -> BadEntry:
    if sequence != expected:
        return BadEntry(desk, expected, Reason.GAP, f"entry {expected} is missing, {sequence} follows")
    return BadEntry(desk, sequence, Reason.COLUMN, "its columns are not those in its signed bytes")


def chosen_seals(sequences: Sequence[int]) -> tuple[int, ...]:
    """The seals that vouch for the whole chain: the first of every 1,024 entries, and the last."""
    kept: list[int] = []
    for sequence in sequences:
        if not kept or sequence // SEAL_EVERY != kept[-1] // SEAL_EVERY:
            kept.append(sequence)
    return tuple(dict.fromkeys((*kept, *sequences[-1:])))


def seal_findings(seen: Walk, public_key: bytes, seals: Mapping[int, bytes]) -> list[BadEntry]:
    """Seals that do not stand. ``seals`` are those to prove; the walk remembered their digests."""
    found: list[BadEntry] = []
    for sequence, signature in seals.items():
        digest = seen.digests.get(sequence)
        if digest is None:
            found.append(_cut(seen, sequence, "a seal"))
        elif not is_sealed(public_key, seen.desk, sequence, digest, signature):
            found.append(
                BadEntry(seen.desk, sequence, Reason.SEAL_FORGED, "the desk's key did not seal this head")
            )
    return found


def _cut(seen: Walk, sequence: int, by: str) -> BadEntry:
    return BadEntry(
        seen.desk, seen.sequence + 1, Reason.TAIL_CUT, f"cut off here: {by} stands at entry {sequence}"
    )


def sealing_gaps(seen: Walk, sequences: Sequence[int]) -> list[BadEntry]:
    """Where more than 1,024 entries stand without a seal."""
    found: list[BadEntry] = []
    last = 0
    for sequence in (*sequences, seen.sequence):
        if sequence - last > SEAL_EVERY or not sequences:
            found.append(BadEntry(seen.desk, last + 1, Reason.SEAL_MISSING, "no seal where one must stand"))
        last = sequence
    return found[:1]


def witness_findings(seen: Walk, witnessed: Mapping[int, str]) -> list[BadEntry]:
    """Heads that were witnessed and are not there. ``witnessed`` maps a sequence to its digest in hex."""
    found: list[BadEntry] = []
    for sequence in sorted(witnessed):
        digest = seen.digests.get(sequence)
        if digest is None:
            found.append(_cut(seen, sequence, "the witness"))
        elif digest.hex() != witnessed[sequence]:
            found.append(BadEntry(seen.desk, sequence, Reason.WITNESS, "the witness saw another head here"))
    return found


@dataclass(frozen=True)
class Roster:
    """Who a chain's own entries say its people are, and what of it does not stand."""

    public_key: bytes
    trust: Trust
    recorded: tuple[Recorded, ...]
    findings: tuple[BadEntry, ...]


def roster(seen: Walk, root: bytes) -> Roster:
    """Fold the desk's own entries: its certificate under the branch's under ``root`` (b"" when none was
    given), and every person's."""
    findings: list[BadEntry] = []
    recorded: list[Recorded] = []
    trust, key = Trust(root), b""
    for body in seen.own:
        try:
            one = decode(body)
        except BodyError as error:
            findings.append(BadEntry(seen.desk, 0, Reason.BODY, str(error)))
            continue
        recorded.append(one)
        trust = trust.after(one.event)
        problem = ""
        if isinstance(one.event, DeskEnrolled):
            key, problem = _desk_problem(one.event, one, trust)
        elif isinstance(one.event, PersonEnrolled):
            problem = person_problem(one.event, one, trust)
        if problem:
            findings.append(BadEntry(seen.desk, one.sequence, Reason.CERTIFICATE, problem))
    if not key:
        findings.append(BadEntry(seen.desk, 1, Reason.CERTIFICATE, "no desk was enrolled by the first entry"))
    return Roster(key, trust, tuple(recorded), tuple(findings))


def _desk_problem(event: DeskEnrolled, one: Recorded, trust: Trust) -> tuple[bytes, str]:
    found = trust.prove(event.certificate, CertificateKind.DESK, one.head.utc)
    if isinstance(found, Refusal):
        return b"", f"desk certificate: {found}"
    if one.sequence != 1 or fingerprint(found.key) != one.head.desk:
        return b"", "the certificate is not this desk's"
    return found.key, ""


def person_problem(event: PersonEnrolled, one: Recorded, trust: Trust) -> str:
    """Why an enrolment does not stand; "" when it does."""
    found = trust.prove(event.certificate, CertificateKind.PERSON, one.head.utc)
    if isinstance(found, Refusal):
        return f"person {event.staff_no}: {found}"
    said = (event.staff_no, event.roles, event.qualifications)
    if said != (found.subject, found.roles, found.qualifications):
        return f"person {event.staff_no}: enrolled otherwise than certified"
    return ""


def personal_refs(event: Event) -> Iterator[PersonalRef]:
    """Every personal record an event points at."""
    for value in vars(event).values():
        if isinstance(value, PersonalRef):
            yield value
