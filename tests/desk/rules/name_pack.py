"""The shipped pack of names, whole or changed in one place, as a rule set of its own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from desk.rules.name_topic import NAMES
from desk.rules.names.parameters import NameParameters, parameters_of
from desk.rules.rule_pack import RulePack, load_pack
from desk.rules.rule_set import RuleSet
from ui.rule_files import SHIPPED

TEXT = (SHIPPED / "cn" / "names.toml").read_text(encoding="utf-8")


def names_pack(text: str = TEXT) -> RulePack:
    loaded = load_pack(text, "names.toml", {"names": NAMES})
    assert isinstance(loaded, RulePack), loaded
    return loaded


PACK = names_pack()
RULES = RuleSet("CN", {"names": PACK})
PARAMETERS = parameters_of(PACK)


def with_values(rule: str, **values: Any) -> RulePack:
    """The pack with other parameters of one rule."""
    row = PACK.rules[rule]
    changed = replace(row, values={**row.values, **values})
    return replace(
        PACK,
        digest=hashlib.sha256(f"{rule} {values}".encode()).hexdigest(),
        rules={**PACK.rules, rule: changed},
    )


def without(*rules: str) -> NameParameters:
    """The parameters with these rules off."""
    off = {name: replace(PACK.rules[name], on=False) for name in rules}
    return parameters_of(replace(PACK, rules={**PACK.rules, **off}))


def given(rule: str, **values: Any) -> NameParameters:
    return parameters_of(with_values(rule, **values))
