"""The shipped packs of a few topics, as they are or with a text of theirs changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from desk.rules.rule_pack import PackFlaw, RulePack, load_pack
from desk.rules.rule_set import RuleSet, choose
from desk.rules.topics import TOPICS
from ui.rule_files import SHIPPED, read_packs


@lru_cache(maxsize=1)
def _packs() -> tuple[RulePack, ...]:
    return tuple(pack for pack in read_packs((SHIPPED,)) if isinstance(pack, RulePack))


def shipped_rules(topics: tuple[str, ...], day: str, region: str = "CN") -> RuleSet:
    """The rules in force; packs of other topics are not looked at."""
    chosen = choose((pack for pack in _packs() if pack.topic in topics), day, region, topics)
    assert isinstance(chosen, RuleSet), chosen
    return chosen


def changed_pack(file: str, *changes: tuple[str, str]) -> RulePack | PackFlaw:
    """A shipped pack, named from ``resources/rules``, with texts replaced, each of which stands there once."""
    text = (SHIPPED / Path(file)).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_pack(text, file, TOPICS)


def changed_rules(file: str, *changes: tuple[str, str], region: str = "CN") -> RuleSet:
    """One pack alone, changed."""
    pack = changed_pack(file, *changes)
    assert isinstance(pack, RulePack), pack
    chosen = choose((pack,), pack.valid_from, region, (pack.topic,))
    assert isinstance(chosen, RuleSet), chosen
    return chosen


def turned_on(rule: str) -> tuple[str, str]:
    """The change that switches a rule on."""
    return f'rule = "{rule}"\n', f'rule = "{rule}"\non = true\n'
