"""Which machine belongs to which place of the counter: what an entry that says so must hold, and which are believed.

A binding is believed when it was made at set-up, before the desk's business began, or when a teller and a supervisor,
two people, both signed it (DESIGN §5). One that does not stand changes nothing: the machine bound before stays. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from desk.domain import events as e
from desk.domain.people import Act
from desk.domain.refusals import Refusal
from desk.facts import machine_digest
from desk.journal.certificate import read
from desk.journal.entry import Recorded
from desk.journal.head_rules import may
from desk.journal.past import CLOCK_BACK, Finding, is_signed_then, moment
from desk.journal.statement import read as proved
from desk.journal.trust import Trust
from desk.journal.verify import Reason

Claim = tuple[str, str, tuple[str, str, str, str]]
"""Statement, signature, and what it must bind: (staff number, act, digest, nonce)."""


def is_set_up(event: e.MachineBound) -> bool:
    """Whether nobody signed it: made by whoever set the desk up."""
    signed = (event.staff_no, event.statement, event.signature)
    return not any((*signed, event.second_person, event.second_statement, event.second_signature))


def claims_of(one: Recorded, event: e.MachineBound) -> tuple[Claim, Claim]:
    """What the two people must have signed: the teller as maker, the supervisor as the one who permits it."""
    digest = machine_digest(one.head.desk, event)
    return (
        (event.statement, event.signature, (event.staff_no, "make", digest, event.binding_id)),
        (event.second_statement, event.second_signature,
         (event.second_person, "authorise", digest, event.binding_id)),
    )  # fmt: skip


def bound_findings(one: Recorded, event: e.MachineBound, standing: str, begun: bool) -> Iterator[Finding]:
    """What is wrong with a binding but its signatures. ``standing`` is the id of the binding it would end ("" for
    none), ``begun`` whether the desk's business began before."""
    if one.head.transaction:
        yield Reason.STEP, "a machine bound within a transaction"
    if event.replaces != standing:
        yield Reason.MACHINE, "it does not take the place of the machine that stood there"
    if is_set_up(event):
        if begun:
            yield Reason.FOUNDING, "a machine bound by nobody after the desk's business began"
        return
    if event.staff_no == event.second_person:
        yield Reason.SAME_PERSON, f"{event.staff_no} binds a machine alone"
    if one.head.person != event.staff_no:
        yield Reason.PERSON, f"said of {event.staff_no}, done by {one.head.person}"


def confirmed_findings(one: Recorded, trust: Trust) -> Iterator[Finding]:
    """Only a teller says that a machine is the one."""
    certificate = read(trust.persons.get(one.head.person, ""))
    if certificate is None:
        yield Reason.PERSON, f"{one.head.person or 'nobody'} was never enrolled"
    elif not may(certificate, Act.MAKE):
        yield Reason.PERSON, f"{one.head.person} is not certified to make"


@dataclass
class Believed:
    """The fold over a desk's own entries, in order: for each place the machine that is believed to belong there.
    ``began_at`` is the sequence of the first entry of the desk's business, 0 while there is none."""

    trust: Trust
    began_at: int = 0
    by_place: dict[str, e.MachineBound] = field(default_factory=dict)
    doubted: list[int] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)
    _utc: datetime | None = None
    _business_date: str = ""

    def see(self, one: Recorded) -> None:
        """Take in one entry; a binding that does not stand is remembered as doubted and changes nothing."""
        self.trust = self.trust.after(one.event)
        if isinstance(one.event, e.MachineBound):
            if self._stands(one, one.event):
                self.by_place[one.event.place] = one.event
            else:
                self.doubted.append(one.sequence)
            self._used.add(one.event.binding_id)
        at = moment(one.head.utc)
        self._utc = max(at, self._utc) if at and self._utc else at or self._utc
        self._business_date = max(self._business_date, one.head.business_date)

    def _stands(self, one: Recorded, event: e.MachineBound) -> bool:
        before = self.by_place.get(event.place)
        begun = 0 < self.began_at < one.sequence
        standing = before.binding_id if before else ""
        if event.binding_id in self._used or any(True for _ in bound_findings(one, event, standing, begun)):
            return False
        if is_set_up(event):
            return True
        return self._is_of_now(one) and all(self._is_signed(one, claim) for claim in claims_of(one, event))

    def _is_of_now(self, one: Recorded) -> bool:
        """An entry that says it is of an earlier day would let a certificate sign that has expired since."""
        at = moment(one.head.utc)
        back = at is None or (self._utc is not None and self._utc - at > CLOCK_BACK)
        return not back and one.head.business_date >= self._business_date

    def _is_signed(self, one: Recorded, claim: Claim) -> bool:
        statement, signature, binds = claim
        found = proved(statement, signature, self.trust)
        if isinstance(found, Refusal) or found.transaction:
            return False
        if (found.staff_no, found.act, found.digest, found.nonce) != binds:
            return False
        text = self.trust.persons.get(found.staff_no, "")
        if not is_signed_then(found.utc, one.head.utc) or isinstance(
            self.trust.enrolled(text, one.head.business_date), Refusal
        ):
            return False
        certificate = read(text)
        return certificate is not None and may(certificate, _ACTS[found.act])


_ACTS: Mapping[str, Act] = {"make": Act.MAKE, "authorise": Act.AUTHORISE}


def believed(history: Iterable[Recorded], root: bytes, began_at: int) -> Believed:
    """Fold the desk's own entries; ``root`` is the bank's public key, which lies outside the record."""
    fold = Believed(Trust(root), began_at)
    for one in history:
        fold.see(one)
    return fold
