"""Packs of every topic there is: reading one, and choosing those in force. Each text is read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from desk.rules.rule_pack import PackFlaw, RulePack, load_pack
from desk.rules.rule_set import RuleSet, choose
from desk.rules.topics import TOPICS


@lru_cache(maxsize=256)
def load_known(text: str, file: str) -> RulePack | PackFlaw:
    """``desk.rules.rule_pack.load_pack`` with every topic; the same text is the same value."""
    return load_pack(text, file, TOPICS)


def choose_known(packs: Iterable[RulePack], business_date: str, region: str) -> RuleSet | PackFlaw:
    """``desk.rules.rule_set.choose`` of every topic."""
    return choose(packs, business_date, region, TOPICS)
