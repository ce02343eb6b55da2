"""Rule packs on disk: the shipped ones and those of a folder that HQ rehearses. Reads; judges nothing. Free of Qt."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from desk.rules.rule_pack import PackFlaw, RulePack, load_pack
from desk.rules.topics import TOPICS

SHIPPED = Path(__file__).parents[1] / "resources" / "rules"


def pack_paths(places: Iterable[Path]) -> tuple[Path, ...]:
    """Every pack of the places, files as they are and folders with all below, in order of name."""
    found: list[Path] = []
    for place in places:
        found.extend(sorted(place.rglob("*.toml")) if place.is_dir() else [place])
    return tuple(found)


def read_packs(places: Iterable[Path]) -> tuple[RulePack | PackFlaw, ...]:
    """Each pack, or its flaw. OSError for a place that is not there; bytes that are no UTF-8 are a flaw."""
    read: list[RulePack | PackFlaw] = []
    for path in pack_paths(places):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            read.append(PackFlaw(path.name, 1, "bytes", f"is not UTF-8: {error.reason}"))
            continue
        read.append(load_pack(text, path.name, TOPICS))
    return tuple(read)


def load_packs(places: Iterable[Path] = (SHIPPED,)) -> tuple[RulePack, ...] | PackFlaw:
    """All packs, or the first flaw: a bad file stops a desk at start, by name and line."""
    packs: list[RulePack] = []
    for one in read_packs(places):
        if isinstance(one, PackFlaw):
            return one
        packs.append(one)
    return tuple(packs)
