"""Rule packs in the record: what an adoption must hold, and which rules a transaction began under.

The packs' exact texts stand in the event with the bank's signatures, so that whoever holds the record and the root can
judge an old transaction by its own rules. Pure; signatures are proved where all are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desk.domain import events as e
from desk.domain.refusals import Refusal
from desk.domain.transaction import Transaction
from desk.journal.entry import Recorded
from desk.journal.keys import is_signed_by
from desk.journal.pack_seal import message_of, signature_bytes, signer_of
from desk.journal.past import Finding
from desk.journal.verify import Reason
from desk.rules.known_packs import choose_known, load_known
from desk.rules.rule_book import Adoption, RuleBook
from desk.rules.rule_pack import PackFlaw, RulePack
from desk.rules.rule_set import RuleSet, series_flaws

PackClaim = tuple[bytes, bytes, bytes]
"""Key, signature and message of one pack's signature."""


@dataclass
class RulesSoFar:
    """What a desk adopted up to here. ``current`` is the last adoption that holds; None while there is none."""

    current: Adoption | None = None
    _sets: dict[tuple[int, str], RuleSet | PackFlaw] = field(default_factory=dict)

    def at(self, business_date: str) -> RuleSet | PackFlaw | None:
        """The rules for what begins now; None while nothing was adopted."""
        if self.current is None:
            return None
        region, packs = self.current
        key = (id(packs), business_date)
        if key not in self._sets:
            self._sets[key] = choose_known(packs, business_date, region)
        return self._sets[key]


def loaded(event: e.RulesAdopted) -> tuple[RulePack, ...] | PackFlaw:
    """The packs of an adoption, or the first flaw: a bad pack, a gap or an overlap."""
    packs: list[RulePack] = []
    for one in event.packs:
        pack = load_known(one.text, one.file)
        if isinstance(pack, PackFlaw):
            return pack
        packs.append(pack)
    return next(series_flaws(packs), None) or tuple(packs)


def adopted_findings(
    one: Recorded, event: e.RulesAdopted, root: bytes, claims: list[PackClaim]
) -> Iterator[Finding]:
    """What is wrong with an adoption; ``claims`` grows by the signatures to prove. With no root (b"") nothing vouches
    for the signers, as for everyone else."""
    if one.head.transaction:
        yield Reason.STEP, "rules adopted within a transaction"
    packs = loaded(event)
    if isinstance(packs, PackFlaw):
        yield Reason.RULES, f"a rule pack that does not hold: {packs}"
        return
    for pack in event.packs if root else ():
        signer = signer_of(pack.certificate, root, one.head.business_date)
        if isinstance(signer, Refusal):
            yield Reason.RULES, f"{pack.file} is signed by nobody the bank's root knows"
        else:
            claims.append((signer.key, signature_bytes(pack.signature), message_of(pack.text)))


def pinned_findings(so_far: RulesSoFar, one: Recorded, state: Transaction) -> Iterator[Finding]:
    """A transaction begins under the rules in force, and everything in it is judged under those."""
    event = one.event
    if isinstance(event, e.TransactionStarted):
        rules = so_far.at(one.head.business_date)
        expected = rules.reference if isinstance(rules, RuleSet) else ""
        if so_far.current is not None and event.rules != expected:
            yield Reason.RULES, "it began under other rules than those in force"
        return
    if state.rules and one.head.rule_pack != state.rules:
        yield Reason.RULES, "judged under other rules than those it began under"


def book_of(history: Iterable[Recorded], root: bytes) -> RuleBook:
    """Every adoption of a desk's own entries that holds: signed by the bank, loaded, without gap or overlap. One that
    does not changes nothing."""
    adoptions: list[Adoption] = []
    for one in history:
        if not isinstance(one.event, e.RulesAdopted):
            continue
        claims: list[PackClaim] = []
        if any(True for _ in adopted_findings(one, one.event, root, claims)):
            continue
        packs = loaded(one.event)
        if not isinstance(packs, PackFlaw) and all(is_signed_by(*claim) for claim in claims):
            adoptions.append((one.event.region, packs))
    return RuleBook(tuple(adoptions))
