"""What the entries of one desk must say together: folded again, event by event, with every signature
proved.

Pure. Signatures are collected as jobs, so that a caller may prove a million on all cores; what a statement
claims is judged here, whether the signature stands is judged there.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from desk.domain import events as e
from desk.domain.cash import CountStage
from desk.domain.people import Act
from desk.domain.refusals import Refusal
from desk.domain.training import trained_until
from desk.domain.transaction import Happened, Transaction, apply
from desk.facts import (
    ACCEPT_WARNING,
    ADJUST_CURSOR,
    CUSTODY,
    PRINT_AGAIN,
    SEAL,
    cursor_digest,
    custody_digest,
    override_digest,
    print_again_digest,
    seal_digest,
    verdict_digest,
    warning_digest,
)
from desk.journal.adopted_rules import PackClaim, RulesSoFar, adopted_findings, loaded, pinned_findings
from desk.journal.certificate import Certificate
from desk.journal.count_rules import count_findings
from desk.journal.entry import Recorded
from desk.journal.head_rules import head_findings, may
from desk.journal.machine_rules import bound_findings, claims_of, confirmed_findings, is_set_up
from desk.journal.past import Finding, Past, is_signed_then
from desk.journal.posting_rules import posting_gaps
from desk.journal.print_rules import print_findings
from desk.journal.statement import Statement, unproved
from desk.journal.trust import Trust
from desk.journal.verify import BadEntry, Reason, person_problem
from desk.rules.rule_pack import PackFlaw


@dataclass(frozen=True)
class SignatureJob:
    """One signature to prove: of ``key`` over ``message``."""

    sequence: int
    key: bytes
    signature: bytes
    message: bytes


@dataclass
class RecordRules:
    """The fold over one desk's entries, in order. ``findings`` and ``jobs`` grow as ``see`` is called."""

    desk: str
    trust: Trust
    past: Past = field(default_factory=Past)
    findings: list[BadEntry] = field(default_factory=list)
    jobs: list[SignatureJob] = field(default_factory=list)
    _states: dict[str, Transaction] = field(default_factory=dict)
    _acts: dict[tuple[str, str], str] = field(default_factory=dict)
    _nonces: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _postings: set[str] = field(default_factory=set)
    _seen_missing: set[tuple[str, int]] = field(default_factory=set)
    _machines: dict[str, str] = field(default_factory=dict)
    _rules: RulesSoFar = field(default_factory=RulesSoFar)

    def see(self, one: Recorded) -> None:
        """Judge one entry in the light of all before it, then take it in."""
        event, transaction = one.event, one.head.transaction
        state = self._states.get(transaction, Transaction(transaction))
        if isinstance(event, e.PersonEnrolled) and transaction:
            self._bad(
                one, Reason.PERSON, person_problem(event, one, self.trust) or "enrolled in a transaction"
            )
        for reason, text in self._plain_findings(one, state):
            self._bad(one, reason, text)
        for rule in _RULES.get(type(event), ()):
            rule(self, one, state)
        self.past.take_in(one, state)
        self.trust = self.trust.after(event)
        if transaction:
            self._states[transaction] = apply(state, Happened(event, one.head.person, one.head.utc))

    def _bad(self, one: Recorded, reason: Reason, text: str) -> None:
        self.findings.append(BadEntry(self.desk, one.sequence, reason, text))

    def _plain_findings(self, one: Recorded, state: Transaction) -> Iterator[Finding]:
        yield from head_findings(self.past, one, state, self.trust)
        yield from count_findings(self.past, one, state)
        yield from print_findings(self.past, one, state)
        yield from pinned_findings(self._rules, one, state)

    # --- statements -------------------------------------------------------------------------------------

    def _claim(
        self, one: Recorded, statement_b64: str, signature_b64: str, binds: tuple[str, str, str, str]
    ) -> None:
        """A statement must be by an enrolled person and bind (staff number, act, digest, nonce) here."""
        statement = unproved(statement_b64)
        if statement is None:
            self._bad(one, Reason.STATEMENT, "its statement cannot be read")
            return
        certificate = self.trust.enrolled(statement.certificate, statement.utc)
        if isinstance(certificate, Refusal):
            self._bad(one, Reason.STATEMENT, f"its signer: {certificate}")
            return
        bound = (statement.staff_no, statement.act, statement.digest, statement.nonce)
        if bound != binds or statement.transaction != one.head.transaction:
            self._bad(one, Reason.STATEMENT, "its statement binds something else")
            return
        self._permitted(one, statement, certificate)
        self._signed_now(one, statement)
        self._used_once(one, statement)
        try:
            signature = base64.b64decode(signature_b64, validate=True)
        except ValueError:
            signature = b""
        message = base64.b64decode(statement_b64)
        self.jobs.append(SignatureJob(one.sequence, certificate.key, signature, message))

    def _permitted(self, one: Recorded, statement: Statement, certificate: Certificate) -> None:
        act = {"make": Act.MAKE, "authorise": Act.AUTHORISE}.get(statement.act, Act.REVIEW)
        if certificate.subject != statement.staff_no or not may(certificate, act):
            self._bad(one, Reason.STATEMENT, f"{statement.staff_no} is not certified to {statement.act}")
        until = trained_until(certificate.qualifications, certificate.valid_to)
        if statement.act == "verdict" and one.head.business_date > until:
            self._bad(one, Reason.STATEMENT, f"{statement.staff_no} is not trained for a verdict")

    def _signed_now(self, one: Recorded, statement: Statement) -> None:
        """A signer's own clock proves nothing: the desk's must agree with it, and the certificate stand on its day."""
        if not is_signed_then(statement.utc, one.head.utc):
            self._bad(one, Reason.TIME, "its signature is of another time")
        today = self.trust.enrolled(statement.certificate, one.head.business_date)
        if isinstance(today, Refusal):
            self._bad(one, Reason.STATEMENT, f"its signer on this business date: {today}")

    def _used_once(self, one: Recorded, statement: Statement) -> None:
        key = (statement.nonce, statement.act, statement.staff_no)
        if key in self._nonces:
            self._bad(one, Reason.NONCE, f"its signature was used before, in entry {self._nonces[key]}")
        self._nonces[key] = one.sequence

    # --- one rule per event -----------------------------------------------------------------------------

    def _started(self, one: Recorded, state: Transaction) -> None:
        assert isinstance(one.event, e.TransactionStarted)
        self._acted(one, one.event.maker, "make")

    def _acted(self, one: Recorded, staff_no: str, act: str) -> None:
        """Nobody acts in two roles (DC-1)."""
        before = self._acts.setdefault((one.head.transaction, staff_no), act)
        if before != act:
            self._bad(one, Reason.SAME_PERSON, f"{staff_no} acts in {act} after {before}")

    def _accepted(self, one: Recorded, state: Transaction) -> None:
        assert isinstance(one.event, e.CountAccepted)
        if one.event.stage == CountStage.SECOND.value:
            self._acted(one, one.head.person, "review")

    def _rekeyed(self, one: Recorded, state: Transaction) -> None:
        assert isinstance(one.event, e.KeyElementsRekeyed | e.ReviewReturned)
        self._acted(one, one.event.staff_no, "review")

    def _frozen(self, one: Recorded, state: Transaction) -> None:
        event = one.event
        assert isinstance(event, e.FactsFrozen)
        self._claim(one, event.statement, event.signature, (state.maker, "make", event.digest, event.nonce))

    def _signed(self, one: Recorded, state: Transaction) -> None:
        event, facts = one.event, state.facts
        assert isinstance(event, e.Countersigned)
        self._acted(one, event.staff_no, event.act)
        if facts is None or (facts.digest, facts.nonce) != (event.digest, event.nonce):
            self._bad(one, Reason.STATEMENT, "countersigned other facts than those that stood")
        self._claim(
            one, event.statement, event.signature, (event.staff_no, event.act, event.digest, event.nonce)
        )

    def _verdict(self, one: Recorded, state: Transaction) -> None:
        event = one.event
        assert isinstance(event, e.VerdictGiven)
        note = next((note for note in state.notes if note.note_id == event.note_id), None)
        if event.staff_no != state.maker:
            self._acted(one, event.staff_no, "review")
        digest = verdict_digest(
            one.head.transaction,
            event.note_id,
            note.reading_id if note else "",
            event.verdict,
            event.denomination_minor,
        )
        self._claim(one, event.statement, event.signature, (event.staff_no, "verdict", digest, event.note_id))

    def _overridden(self, one: Recorded, state: Transaction) -> None:
        """Only a doubt about the writing, under the maker's and a supervisor's signatures over exactly this one."""
        event, match = one.event, state.match
        assert isinstance(event, e.NameOverridden)
        if match is None or not match.number_agrees or match.result != "NEAR_E":
            self._bad(one, Reason.FACTS, "overrides a difference that nobody may override")
        self._acted(one, event.second_person, "authorise")
        digest, nonce = override_digest(state, event), event.override_id
        self._claim(one, event.statement, event.signature, (state.maker, "make", digest, nonce))
        binds = (event.second_person, "authorise", digest, nonce)
        self._claim(one, event.second_statement, event.second_signature, binds)

    def _taken_on(self, one: Recorded, state: Transaction) -> None:
        """A warning is taken on by the maker, and by a second person who signs it."""
        event = one.event
        assert isinstance(event, e.WarningAccepted)
        check = state.checks.get(event.check)
        if check is None or check.outcome != "warn":
            self._bad(one, Reason.FACTS, f"takes on {event.check}, which warned of nothing")
        self._acted(one, event.second_person, "review")
        binds = (
            event.second_person, ACCEPT_WARNING, warning_digest(state, event.check, event.reason), event.warning_id,
        )  # fmt: skip
        self._claim(one, event.statement, event.signature, binds)

    def _compared(self, one: Recorded, state: Transaction) -> None:
        """The maker compares the seals first, then, where they did not agree, another person; each signs."""
        event = one.event
        assert isinstance(event, e.SealCompared)
        if (event.staff_no == state.maker) == bool(state.seals):
            self._bad(one, Reason.SAME_PERSON, "the seals were compared by the wrong person")
        if event.staff_no != state.maker:
            self._acted(one, event.staff_no, "review")
        if event.scan not in [scan.scan for scan in state.scans]:
            self._bad(one, Reason.FACTS, "compares a picture that is not this voucher's")
        binds = (event.staff_no, SEAL, seal_digest(state, event), event.comparison_id)
        self._claim(one, event.statement, event.signature, binds)

    def _kept(self, one: Recorded, state: Transaction) -> None:
        """Another person than the maker keeps the notes, and signs for exactly these."""
        event, under_way = one.event, state.withholding()
        assert isinstance(event, e.NotesInCustody)
        if event.staff_no == state.maker:
            self._bad(one, Reason.SAME_PERSON, f"{event.staff_no} keeps both the notes and the register")
        if under_way is None or under_way.certificate.certificate_no != event.certificate_no:
            self._bad(one, Reason.NOTE, "takes into custody what no certificate speaks of")
            return
        self._acted(one, event.staff_no, "review")
        digest = custody_digest(one.head.transaction, under_way.certificate)
        self._claim(
            one, event.statement, event.signature, (event.staff_no, CUSTODY, digest, event.certificate_no)
        )

    def _prepared(self, one: Recorded, state: Transaction) -> None:
        """Lines a person saw missing, here or in another transaction of the same book, print again under a second
        person's signature over exactly this job; nothing else carries one."""
        event = one.event
        assert isinstance(event, e.PrintPrepared)
        missing = state.seen_missing()
        if not event.replaces:
            if missing or not self._seen_missing.isdisjoint(_entries(event.book_id, event.carried)):
                self._bad(one, Reason.STATEMENT, "a second print that does not say so")
            if event.second_person or event.statement or event.signature:
                self._bad(one, Reason.STATEMENT, "a signature where nothing is printed again")
            return
        if missing is None or missing.job_id != event.replaces:
            self._bad(one, Reason.STATEMENT, "prints a job again that has no line seen missing")
        self._acted(one, event.second_person, "review")
        digest = print_again_digest(one.head.transaction, event)
        binds = (event.second_person, PRINT_AGAIN, digest, event.job_id)
        self._claim(one, event.statement, event.signature, binds)

    def _adjusted(self, one: Recorded, state: Transaction) -> None:
        """A book's cursor moves by hand under a second person's signature over exactly this move."""
        event = one.event
        assert isinstance(event, e.CursorAdjusted)
        self._acted(one, event.second_person, "review")
        digest = cursor_digest(one.head.transaction, event)
        self._claim(
            one, event.statement, event.signature, (event.second_person, ADJUST_CURSOR, digest, event.move_id)
        )

    def _closed(self, one: Recorded, state: Transaction) -> None:
        """Rows that were handed out and surely not printed are missing, as if a person had seen it."""
        event = one.event
        assert isinstance(event, e.PrintClosed)
        handed_out = any(job.job_id == event.job_id and job.handed_out for job in state.jobs)
        missing = handed_out and event.outcome == "not_done"
        self._on_page(state, event.job_id, event.lines_proved, seen=missing)

    def _settled(self, one: Recorded, state: Transaction) -> None:
        event = one.event
        assert isinstance(event, e.PrintSettled)
        if event.second_person or event.statement or event.signature:
            self._bad(one, Reason.STATEMENT, "a signature where the maker alone answers")
        self._on_page(state, event.job_id, event.lines_seen, seen=True)

    def _on_page(self, state: Transaction, job_id: str, lines: int, seen: bool) -> None:
        """Keep which entries a person saw missing in their book until a job puts them there."""
        for job in state.jobs:
            if job.job_id == job_id:
                self._seen_missing -= _entries(job.book_id, job.carried[:lines])
                self._seen_missing |= _entries(job.book_id, job.carried[lines:] if seen else ())

    def _history(self, one: Recorded, state: Transaction) -> None:
        assert isinstance(one.event, e.HistoryPosted | e.DepositPosted)
        sums = {"debit": 0, "credit": 0}
        for line in one.event.lines:
            sums[line.side] = sums.get(line.side, 0) + line.amount_minor
        if len(sums) > 2 or sums["debit"] != sums["credit"] or min(sums.values()) <= 0:
            self._bad(one, Reason.LEDGER, "its debits and credits differ")
        if one.event.posting_id in self._postings:
            self._bad(one, Reason.POSTING, "this posting was made before")
        self._postings.add(one.event.posting_id)

    def _bound(self, one: Recorded, state: Transaction) -> None:
        """A machine comes to a place under two people's signatures, or at set-up; else another one stands there."""
        event = one.event
        assert isinstance(event, e.MachineBound)
        standing = self._machines.get(event.place, "")
        found = list(bound_findings(one, event, standing, self.past.business_begun))
        for reason, text in found:
            self._bad(one, reason, text)
        if not is_set_up(event):
            for statement, signature, binds in claims_of(one, event):
                self._claim(one, statement, signature, binds)
        if not found:
            self._machines[event.place] = event.binding_id

    def _confirmed(self, one: Recorded, state: Transaction) -> None:
        for reason, text in confirmed_findings(one, self.trust):
            self._bad(one, reason, text)

    def _adopted(self, one: Recorded, state: Transaction) -> None:
        """Rules come in with the bank's signatures; those of before stay where they do not hold."""
        assert isinstance(one.event, e.RulesAdopted)
        claims: list[PackClaim] = []
        found = list(adopted_findings(one, one.event, self.trust.root, claims))
        for reason, text in found:
            self._bad(one, reason, text)
        self.jobs += [SignatureJob(one.sequence, *claim) for claim in claims]
        packs = loaded(one.event)
        if not found and not isinstance(packs, PackFlaw):
            self._rules.current = (one.event.region, packs)

    def _posted(self, one: Recorded, state: Transaction) -> None:
        assert isinstance(one.event, e.DepositPosted)
        for text in posting_gaps(self.past, state, one.event, one.head):
            self._bad(one, Reason.POSTING, text)


def _entries(book_id: str, carried: tuple[tuple[int, ...], ...]) -> Set[tuple[str, int]]:
    return {(book_id, entry_no) for entries in carried for entry_no in entries}


_Rule = Callable[[RecordRules, Recorded, Transaction], None]
_RULES: dict[type[e.Event], tuple[_Rule, ...]] = {
    e.TransactionStarted: (RecordRules._started,),
    e.CountAccepted: (RecordRules._accepted,),
    e.KeyElementsRekeyed: (RecordRules._rekeyed,),
    e.ReviewReturned: (RecordRules._rekeyed,),
    e.FactsFrozen: (RecordRules._frozen,),
    e.Countersigned: (RecordRules._signed,),
    e.VerdictGiven: (RecordRules._verdict,),
    e.NameOverridden: (RecordRules._overridden,),
    e.NotesInCustody: (RecordRules._kept,),
    e.WarningAccepted: (RecordRules._taken_on,),
    e.SealCompared: (RecordRules._compared,),
    e.CursorAdjusted: (RecordRules._adjusted,),
    e.PrintPrepared: (RecordRules._prepared,),
    e.PrintClosed: (RecordRules._closed,),
    e.PrintSettled: (RecordRules._settled,),
    e.MachineBound: (RecordRules._bound,),
    e.MachineConfirmed: (RecordRules._confirmed,),
    e.RulesAdopted: (RecordRules._adopted,),
    e.HistoryPosted: (RecordRules._history,),
    e.DepositPosted: (RecordRules._history, RecordRules._posted),
}
