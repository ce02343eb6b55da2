"""The shipped packs of a few topics as one set, for rules that ask no other topic; and sets changed a little."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from desk.rules.rule_pack import RulePack, load_pack
from desk.rules.rule_set import RuleSet
from desk.rules.topics import TOPICS

_FOLDER = Path(__file__).parents[3] / "resources" / "rules" / "cn"


def pack_text(topic: str) -> str:
    """The shipped text of a topic's pack."""
    return (_FOLDER / f"{topic}.toml").read_text(encoding="utf-8")


def shipped(*topics: str) -> RuleSet:
    """The one pack of each topic, whose file is named after it."""
    packs = {}
    for topic in topics:
        pack = load_pack(pack_text(topic), f"{topic}.toml", TOPICS)
        assert isinstance(pack, RulePack), pack
        packs[topic] = pack
    return RuleSet("CN", packs)


def changed(rules: RuleSet, rule: str, *, on: bool = True, **values: Any) -> RuleSet:
    """The same set with one rule switched, or with other values in it."""
    pack = rules.pack_of(rule)
    assert pack is not None, rule
    row = pack.rules[rule]
    row = replace(row, on=on, values={**row.values, **values})
    other = replace(pack, rules={**pack.rules, rule: row})
    return RuleSet(rules.region, {**rules.packs, pack.topic: other})
