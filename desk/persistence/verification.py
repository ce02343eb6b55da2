"""``journal verify`` over a database: reads the rows, lets ``desk.journal`` judge them, and compares every
derived table with one made anew.

Opens the database read-only and in one snapshot, so that a running desk is neither stopped nor blocked.
Changes nothing, and trusts nothing in the database: the root key and the witness come from files outside
it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.domain.events import DepositPosted, PersonalErased, PersonalRef, PersonEnrolled, PersonRevoked
from desk.domain.refusals import Refusal
from desk.journal.codec import BodyError, decode
from desk.journal.record_rules import RecordRules
from desk.journal.trust import Trust
from desk.journal.verify import (
    BadEntry,
    Reason,
    Roster,
    Walk,
    chosen_seals,
    personal_refs,
    roster,
    seal_findings,
    sealing_gaps,
    witness_findings,
)
from desk.persistence.chain_reading import desks_in, open_record, rows_of, walk_chain
from desk.persistence.comparison import (
    difference,
    file_findings,
    fresh_tables,
    ledger_is_balanced,
    lookup_findings,
    personal_findings,
    proved,
    schema_findings,
)
from desk.persistence.projections import Contradiction, project
from desk.persistence.schema import DERIVED
from desk.persistence.witness import read_witness

DEEP_UP_TO = 20_000
"""Below so many entries everything is proved without being asked."""

Progress = Callable[[str, int, int], None]
"""(what, done, of)."""


@dataclass(frozen=True)
class VerifyReport:
    """What was proved. ``first_bad`` is the first of ``findings``; ``unsealed_tail`` counts entries after
    the last seal, which anyone could have written: each commit ends in a seal; ``trusted`` whether a root key
    was given. The witness vouches for ``witnessed_to`` of the ``entries``: what stands behind could be cut off, and
    nobody would miss it. By which number an account is found is keyed and not proved, only that it is found."""

    verified: bool
    trusted: bool
    deep: bool
    desks: tuple[str, ...]
    entries: int
    seals: int
    seals_proved: int
    signatures_proved: int
    witnessed: int
    witnessed_to: int
    unsealed_tail: int
    ledger_balanced: bool
    findings: tuple[BadEntry, ...]

    @property
    def first_bad(self) -> BadEntry | None:
        return self.findings[0] if self.findings else None


def silent(what: str, done: int, of: int) -> None:
    """No progress wanted."""


def verify_database(
    url: str,
    root: bytes = b"",
    witness: bytes | None = None,
    deep: bool | None = None,
    progress: Progress = silent,
) -> VerifyReport | Refusal:
    """Prove the record in a database. ``root`` is the bank's public key (b"": none given), ``witness`` the
    witness file's content (None: the tail is unwitnessed), ``deep`` None lets the size decide.
    DATABASE_UNSAFE when there is no record to read."""
    opened = open_record(url)
    if isinstance(opened, Refusal):
        return opened
    path, connection = opened
    try:
        return _Verification(path, connection, root, witness, progress).run(deep)
    finally:
        connection.close()


class _Verification:
    """One run. Findings are told in the order of the entries they are about, and then what stands beside the chain."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        root: bytes,
        witness: bytes | None,
        progress: Progress,
    ) -> None:
        self._path, self._db, self._root, self._progress = path, connection, root, progress
        self._has_witness = witness is not None
        self._witnessed, self._unreadable = read_witness(witness or b"")
        self._findings: list[BadEntry] = []
        self._rosters: dict[str, Roster] = {}
        self._last_seals: dict[str, int] = {}
        self._witnessed_to = 0
        self._entries = self._seals = self._proved = self._signatures = self._tail = self._total = 0

    def run(self, deep: bool | None) -> VerifyReport:
        """Everything there is to say; a file that SQLite itself cannot follow ends it with what was found so far."""
        desks: tuple[str, ...] = ()
        balanced = go_deep = False
        try:
            desks = tuple(sorted({line.desk for line in self._witnessed} | desks_in(self._db)))
            balanced, go_deep = self._prove(desks, deep)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self._findings.append(BadEntry("", 0, Reason.DATABASE, str(error)))
        self._findings.sort(key=lambda one: (not one.sequence, one.desk, one.sequence))
        return VerifyReport(
            verified=not self._findings and self._total > 0,
            trusted=bool(self._root),
            deep=go_deep,
            desks=desks,
            entries=self._entries,
            seals=self._seals,
            seals_proved=self._proved,
            signatures_proved=self._signatures,
            witnessed=len(self._witnessed) if self._has_witness else 0,
            witnessed_to=self._witnessed_to,
            unsealed_tail=self._tail,
            ledger_balanced=balanced,
            findings=tuple(self._findings),
        )

    def _prove(self, desks: tuple[str, ...], deep: bool | None) -> tuple[bool, bool]:
        """Chains, witness, people, ledger, and the rest when it is to go deep: (ledger balanced, went deep)."""
        self._total = total = sum(self._head(desk) for desk in desks)
        for desk in desks:
            self._chain(desk, deep is True or (deep is None and total <= DEEP_UP_TO))
        for number in self._unreadable:
            self._findings.append(BadEntry("", 0, Reason.WITNESS, f"witness line {number} cannot be read"))
        self._findings += schema_findings(self._db)
        self._findings += self._people()
        balanced = ledger_is_balanced(self._db)
        if not balanced:
            self._findings.append(BadEntry("", 0, Reason.LEDGER, "the ledger does not balance"))
        go_deep = (total <= DEEP_UP_TO if deep is None else deep) and not self._chain_is_broken()
        if go_deep:
            self._deep(total)
        return balanced, go_deep

    def _chain_is_broken(self) -> bool:
        return any(
            one.reason in (Reason.GAP, Reason.COLUMN, Reason.DIGEST, Reason.BODY) for one in self._findings
        )

    # --- the chain of one desk --------------------------------------------------------------------------

    def _head(self, desk: str) -> int:
        """The last entry's number; what is no number sorts behind all numbers."""
        row = self._db.execute(
            "SELECT sequence FROM journal WHERE desk_id=? AND typeof(sequence)='integer' "
            "ORDER BY sequence DESC LIMIT 1",
            (desk,),
        ).fetchone()
        return int(row[0]) if row else 0

    def _chain(self, desk: str, every_seal: bool) -> None:
        seals = self._seals_of(desk)
        sequences = tuple(seals)
        chosen = sequences if every_seal else chosen_seals(sequences)
        heads = self._heads_of(desk)
        done, head = self._entries, self._head(desk)
        seen = walk_chain(
            self._path,
            self._db,
            desk,
            head,
            frozenset(chosen) | frozenset(heads),
            lambda entries: self._progress("entries", done + entries, self._total),
        )
        self._entries += seen.sequence
        self._seals += len(seals)
        if seen.bad:
            self._findings.append(seen.bad)
            return
        self._findings += self._unnumbered(desk, head)
        self._last_seals[desk] = sequences[-1] if sequences else 0
        unsealed = seen.sequence - self._last_seals[desk]
        self._tail += unsealed
        if unsealed:
            first = self._last_seals[desk] + 1
            text = f"{unsealed} entries stand under no seal of the desk's key"
            self._findings.append(BadEntry(desk, first, Reason.SEAL_MISSING, text))
        self._findings += witness_findings(seen, heads)
        self._witnessed_to += max((one for one in heads if one in seen.digests), default=0)
        self._findings += [
            BadEntry(desk, one, Reason.SEAL_MISSING, "the witness saw a seal here, which is gone")
            for one in heads
            if one in seen.digests and one not in seals
        ]
        people = self._rosters[desk] = roster(seen, self._root)
        self._findings += people.findings
        self._prove_seals(seen, people.public_key, {at: seals[at] for at in chosen}, sequences)

    def _unnumbered(self, desk: str, head: int) -> list[BadEntry]:
        """An entry behind the last one: it has no whole number."""
        row = self._db.execute(
            "SELECT 1 FROM journal WHERE desk_id=? AND sequence>? LIMIT 1", (desk, head)
        ).fetchone()
        return [BadEntry(desk, head + 1, Reason.COLUMN, "an entry without a number")] if row else []

    def _seals_of(self, desk: str) -> dict[int, bytes]:
        """The seals by their entries, in order. What is no number or no bytes seals nothing."""
        seals: dict[int, bytes] = {}
        rows = self._db.execute(
            "SELECT sequence, signature FROM seal WHERE desk_id=? ORDER BY sequence", (desk,)
        )
        for at, signature in rows:
            if isinstance(at, int):
                seals[at] = signature if isinstance(signature, bytes) else b""
            else:
                self._findings.append(BadEntry(desk, 0, Reason.SEAL_FORGED, "a seal without a number"))
        return seals

    def _heads_of(self, desk: str) -> dict[int, str]:
        """What the witness saw of a desk. It sees each head once: two different ones are two histories."""
        heads: dict[int, str] = {}
        for line in self._witnessed:
            if line.desk == desk and heads.setdefault(line.sequence, line.digest) != line.digest:
                text = "the witness saw two different heads here"
                self._findings.append(BadEntry(desk, line.sequence, Reason.WITNESS, text))
        return heads

    def _prove_seals(
        self, seen: Walk, public_key: bytes, chosen: Mapping[int, bytes], sequences: Sequence[int]
    ) -> None:
        self._findings += seal_findings(seen, public_key, chosen)
        self._findings += sealing_gaps(seen, sequences)
        self._proved += len(chosen)
        for line in self._witnessed:
            if line.desk == seen.desk and not (public_key and line.is_by(public_key)):
                text = "the desk's key did not sign this witness line"
                self._findings.append(BadEntry(seen.desk, line.sequence, Reason.WITNESS, text))

    # --- people and ledger ------------------------------------------------------------------------------

    def _people(self) -> list[BadEntry]:
        """The people's table must say what the signed enrolments say; a person by raw SQL is found here."""
        if self._chain_is_broken():
            return []
        enrolments = (
            one
            for people in self._rosters.values()
            for one in people.recorded
            if isinstance(one.event, PersonEnrolled | PersonRevoked)
        )
        text = difference(self._db, fresh_tables(enrolments), "person", ("staff_no",))
        return [BadEntry("", 0, Reason.PERSON, text)] if text else []

    # --- deep -------------------------------------------------------------------------------------------

    def _deep(self, total: int) -> None:
        """Every entry read and folded again, every signature, every derived row, every personal record."""
        rules: list[RecordRules] = []
        refs: dict[str, PersonalRef] = {}
        fresh = fresh_tables(())
        cursor = fresh.cursor()
        done = 0
        for desk in self._rosters:
            rule = RecordRules(desk, Trust(self._root))
            rules.append(rule)
            last_seal = self._last_seals.get(desk, 0)
            for chunk in rows_of(self._db, desk, 1, self._head(desk)):
                for row in chunk:
                    self._fold(desk, row[2], rule, cursor, refs, last_seal)
                done += len(chunk)
                self._progress("folded", done, total)
        for rule in rules:
            self._findings += rule.findings
            self._prove_signatures(rule)
        for table in DERIVED:
            keys = tuple(column.name for column in table.primary_key)
            text = difference(self._db, fresh, table.name, keys)
            if text:
                self._findings.append(BadEntry("", 0, Reason.DERIVED, text))
        self._findings += personal_findings(self._db, refs)
        self._findings += lookup_findings(self._db)
        self._findings += file_findings(self._db)

    def _fold(
        self,
        desk: str,
        body: bytes,
        rule: RecordRules,
        cursor: sqlite3.Cursor,
        refs: dict[str, PersonalRef],
        last_seal: int,
    ) -> None:
        try:
            one = decode(body)
        except BodyError as error:
            self._findings.append(BadEntry(desk, 0, Reason.BODY, str(error)))
            return
        rule.see(one)
        refs.update((ref.record_id, ref) for ref in personal_refs(one.event))
        if isinstance(one.event, PersonalErased):
            refs.pop(one.event.record_id, None)
        if isinstance(one.event, DepositPosted) and one.sequence > last_seal:
            self._findings.append(
                BadEntry(desk, one.sequence, Reason.SEAL_MISSING, "a posting without a seal")
            )
        try:
            project(cursor, one)
        except (Contradiction, sqlite3.Error, OverflowError, UnicodeError) as error:
            text = f"contradicts the entries before it: {error}"
            self._findings.append(BadEntry(desk, one.sequence, Reason.DERIVED, text))

    def _prove_signatures(self, rule: RecordRules) -> None:
        done = 0
        for part, stands in proved(rule.jobs):
            for job, good in zip(part, stands, strict=True):
                if not good:
                    text = "its signature is not its signer's"
                    self._findings.append(BadEntry(rule.desk, job.sequence, Reason.STATEMENT, text))
            done += len(part)
            self._progress("signatures", done, len(rule.jobs))
        self._signatures += len(rule.jobs)
