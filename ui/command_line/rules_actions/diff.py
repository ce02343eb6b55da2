"""``teller-desk rules diff OLD NEW``: say in words what a new pack, or a folder of packs, changes for tellers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from desk.rules.pack_diff import Change, differences
from desk.rules.rule_pack import PackFlaw, RulePack
from ui.command_line.main import OK
from ui.command_line.unusable import unusable
from ui.rule_files import load_packs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``OLD NEW [--language zh_CN|en] [--json]``."""
    parser.add_argument("old", type=Path, metavar="OLD", help="a pack, or a folder of packs")
    parser.add_argument("new", type=Path, metavar="NEW", help="a pack, or a folder of packs")
    parser.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN")
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """0 whatever changes; 2 when a pack cannot be read."""
    old, new = load_packs((arguments.old,)), load_packs((arguments.new,))
    for packs in (old, new):
        if isinstance(packs, PackFlaw):
            return unusable(str(packs), arguments.json)
    assert not isinstance(old, PackFlaw)
    assert not isinstance(new, PackFlaw)
    pairs, alone = _paired(old, new)
    changes = [(pair, change) for pair in pairs for change in differences(*pair)]
    if arguments.json:
        print(json.dumps(_json(changes, alone), ensure_ascii=False))
        return OK
    language = arguments.language
    for pair in pairs:
        said = [change for told, change in changes if told == pair]
        print(
            f"{pair[0].name} → {pair[1].name}  {pair[1].title.in_language(language)}"
            + ("" if said else "  =")
        )
        for change in said:
            print(f"  {change.rule}  {change.words.in_language(language)}".rstrip())
    for kind, pack in alone:
        print(f"{kind} {pack.name}  {pack.title.in_language(language)}  {pack.valid_from} … {pack.valid_to}")
    return OK


Pair = tuple[RulePack, RulePack]


def _paired(
    old: tuple[RulePack, ...], new: tuple[RulePack, ...]
) -> tuple[list[Pair], list[tuple[str, RulePack]]]:
    """Packs to compare: two single files with each other; in folders each new pack with its own older version, else
    with the last pack of its topic and region. What has no partner stands alone."""
    if len(old) == len(new) == 1 and old[0].topic == new[0].topic:
        return [(old[0], new[0])], []
    pairs: list[Pair] = []
    alone: list[tuple[str, RulePack]] = []
    for pack in new:
        before = [one for one in old if one.pack == pack.pack] or [
            one for one in old if (one.topic, one.region) == (pack.topic, pack.region)
        ]
        if before:
            pairs.append((max(before, key=lambda one: one.version), pack))
        else:
            alone.append(("+", pack))
    paired = {before.digest for before, _ in pairs}
    alone += [("-", one) for one in old if one.digest not in paired]
    return pairs, alone


def _json(changes: list[tuple[Pair, Change]], alone: list[tuple[str, RulePack]]) -> dict[str, object]:
    return {
        "changes": [
            {
                "old": old.name, "new": new.name, "topic": one.topic, "rule": one.rule, "kind": one.kind,
                "field": one.field, "zh": one.words.zh, "en": one.words.en,
            }
            for (old, new), one in changes
        ],
        "added": [pack.name for kind, pack in alone if kind == "+"],
        "removed": [pack.name for kind, pack in alone if kind == "-"],
    }  # fmt: skip
