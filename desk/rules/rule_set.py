"""The rules in force for one region on one business date: a pack of every topic, chosen from all that a desk holds.

Packs of one topic and region follow one another without gap or overlap; anything else is refused by file and line. A
transaction keeps the reference of the set it was judged under. Pure.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desk.domain.procedure_kinds import Text
from desk.rules.rule_pack import PackFlaw, RulePack, RuleRow


@dataclass(frozen=True)
class RuleSet:
    """``packs`` by topic. ``region`` such as "CN" or, with rules of its own, "CN-HE"."""

    region: str
    packs: Mapping[str, RulePack]

    @property
    def reference(self) -> str:
        """Region and digest of every pack's reference: the same words mean the same texts."""
        joined = "\n".join(sorted(pack.reference for pack in self.packs.values()))
        return f"{self.region}/{hashlib.sha256(joined.encode()).hexdigest()[:16]}"

    def pack(self, topic: str) -> RulePack:
        """The pack of a topic; ``choose`` proved that there is one."""
        return self.packs[topic]

    def row(self, rule: str) -> RuleRow | None:
        """A rule that is on, of whichever topic; None when there is none."""
        return next((row for pack in self.packs.values() if (row := pack.rule(rule)) is not None), None)

    def pack_of(self, rule: str) -> RulePack | None:
        return next((pack for pack in self.packs.values() if rule in pack.rules), None)

    def rule_reference(self, rule: str) -> str:
        """A rule with the pack and the source it was used under."""
        pack = self.pack_of(rule)
        return f"{rule} {pack.name} {pack.rules[rule].source}" if pack else rule

    def title(self, rule: str) -> Text:
        row = self.row(rule)
        return row.title if row else Text(rule, rule)

    def source(self, rule: str) -> str:
        row = self.row(rule)
        return row.source if row else ""

    def unconfirmed(self) -> tuple[RuleRow, ...]:
        """Rules in force that the bank has not confirmed (confidence U or B), topic by topic."""
        rows = (row for pack in self.packs.values() for row in pack.rules.values())
        return tuple(row for row in rows if row.on and row.awaits_bank)


def series_flaws(packs: Iterable[RulePack]) -> Iterator[PackFlaw]:
    """Every gap and overlap between packs of one topic and region, and every version that stands twice."""
    series: dict[tuple[str, str], list[RulePack]] = {}
    for pack in packs:
        series.setdefault((pack.topic, pack.region), []).append(pack)
    for members in series.values():
        ordered = sorted(members, key=lambda one: (one.valid_from, one.version))
        for before, after in itertools.pairwise(ordered):
            if problem := _joint(before, after):
                yield PackFlaw(after.file, after.lines.get("valid_from", 1), "valid_from", problem)


def _joint(before: RulePack, after: RulePack) -> str:
    if before.name == after.name:
        return f"{after.name} stands twice, first in {before.file}"
    if not before.valid_to or after.valid_from <= before.valid_to:
        return f"{after.name} overlaps {before.name} ({before.file})"
    expected = (date.fromisoformat(before.valid_to) + timedelta(days=1)).isoformat()
    if after.valid_from != expected:
        return f"gap: {before.name} ({before.file}) ends on {before.valid_to}, {after.name} must begin on {expected}"
    return ""


def choose(
    packs: Iterable[RulePack], business_date: str, region: str, topics: Iterable[str]
) -> RuleSet | PackFlaw:
    """The set in force; a flaw where a series has a hole, or one of ``topics`` has no pack on that date. A region such
    as "CN-HE" uses the country's packs with the rules of its own region switched in."""
    known = tuple(packs)
    for flaw in series_flaws(known):
        return flaw
    country = region.partition("-")[0]
    found: dict[str, RulePack] = {}
    for topic in topics:
        chosen = _one(known, topic, business_date, (region, country))
        if chosen is None:
            return PackFlaw(
                "rules", 1, topic, f"no pack of {topic!r} is in force in {region} on {business_date}"
            )
        found[topic] = _of_region(chosen, region)
    return RuleSet(region, found)


def _one(
    packs: tuple[RulePack, ...], topic: str, business_date: str, regions: tuple[str, ...]
) -> RulePack | None:
    for region in regions:
        for pack in packs:
            if (pack.topic, pack.region) == (topic, region) and pack.in_force(business_date):
                return pack
    return None


def _of_region(pack: RulePack, region: str) -> RulePack:
    """The pack without the rules of other regions."""
    rules = {name: row for name, row in pack.rules.items() if not row.regions or region in row.regions}
    return pack if len(rules) == len(pack.rules) else replace(pack, rules=rules)
