"""Taking new rule packs into a desk's record: signed by the bank, whole, and of dates that fit together.

Decides and says what to write; files and the journal are the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.domain.events import AdoptedPack, RulesAdopted
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.adopted_rules import loaded
from desk.journal.pack_seal import PackSeal, check_seal
from desk.rules.known_packs import choose_known
from desk.rules.rule_pack import PackFlaw


@dataclass(frozen=True)
class OfferedPack:
    """A pack as it lies on disk: its file's name, exact text and seal."""

    file: str
    text: str
    seal: PackSeal


def adoption(
    offered: Sequence[OfferedPack], region: str, root: bytes, business_date: str
) -> RulesAdopted | Refusal:
    """The event that adopts these packs together, or why not: RULES_UNSEALED, RULES_INVALID with file, line and
    reason."""
    for one in offered:
        refusal = check_seal(one.text, one.seal, root, business_date)
        if refusal is not None:
            reason = f"{one.file}: {dict(refusal.details)['reason']}"
            return refuse(RefusalCode.RULES_UNSEALED, reason=reason)
    event = RulesAdopted(
        region,
        tuple(AdoptedPack(one.file, one.text, one.seal.certificate, one.seal.signature) for one in offered),
    )
    packs = loaded(event)
    rules = packs if isinstance(packs, PackFlaw) else choose_known(packs, business_date, region)
    if isinstance(rules, PackFlaw):
        return refuse(RefusalCode.RULES_INVALID, flaw=rules)
    return event
