"""All rules a desk ever adopted, in order: those of today, and those an older transaction is judged under.

A set of packs is adopted as a whole; the last adoption rules what begins from then on, an earlier one whatever began
under it. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.rules.known_packs import choose_known
from desk.rules.rule_pack import PackFlaw, RulePack
from desk.rules.rule_set import RuleSet

Adoption = tuple[str, tuple[RulePack, ...]]
"""A region and the packs that were adopted for it together."""


@dataclass(frozen=True)
class RuleBook:
    """``adoptions`` oldest first; never empty on a desk that runs."""

    adoptions: tuple[Adoption, ...] = ()
    _known: dict[str, RuleSet] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[str, RuleSet | PackFlaw] = field(default_factory=dict, repr=False, compare=False)

    def on(self, business_date: str) -> RuleSet | PackFlaw:
        """The rules for what begins on this date; a flaw when none were adopted or a topic has none on it."""
        if not self.adoptions:
            return PackFlaw("rules", 1, "adopted", "this desk has adopted no rule packs")
        if business_date not in self._days:
            region, packs = self.adoptions[-1]
            self._days[business_date] = choose_known(packs, business_date, region)
        return self._days[business_date]

    def by_reference(self, reference: str) -> RuleSet | None:
        """The set a transaction was begun under; None for one this desk never adopted."""
        if not self._known:
            for region, packs in self.adoptions:
                for begins in sorted({pack.valid_from for pack in packs}):
                    chosen = choose_known(packs, begins, region)
                    if isinstance(chosen, RuleSet):
                        self._known[chosen.reference] = chosen
        return self._known.get(reference)
