"""``python -m tests.proofs.names [--pairs N] [--seed S]``: N near pairs of every kind, each classed as its kind.

Pairs come from ``name_pairs``, which knows nothing of the product. Prints the confusion table (kind → classes), every
pair that came out as another kind (the first few), and how many pairs are compared in a
second of the processor; exit 1 when any did.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from desk.domain.account_name import MatchResult, NameMatch
from desk.rules.names.matching import match_names
from desk.rules.names.parameters import NameParameters, parameters_of
from tests.proofs.name_pairs import KINDS, Pair
from ui.rule_files import SHIPPED, load_packs

SEED = 20261125
SHOWN = 5
DRAWS = 20
"""So many draws for each pair wanted, and no more: a maker may have run out of different ones."""
UNTOLD = ("had_invisible", "had_compatibility", "LOOKALIKE")
"""What is told beside a class and does not make another one of it."""


@dataclass
class Confusion:
    """What the pairs of one kind came out as."""

    expected: str
    classes: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Pair, str]] = field(default_factory=list)

    def add(self, pair: Pair, found: str) -> None:
        self.classes[found] += 1
        if found != self.expected:
            self.wrong.append((pair, found))


def shipped_parameters() -> NameParameters:
    loaded = load_packs((SHIPPED / "cn" / "names.toml",))
    assert isinstance(loaded, tuple), loaded
    return parameters_of(loaded[0])


def class_of(match: NameMatch) -> str:
    """Result and reasons as one text; why a name cannot be read is not told apart here."""
    if match.result is MatchResult.NOT_CHECKABLE:
        return str(match.result.value)
    return " ".join((match.result.value, *(one for one in match.reasons if one not in UNTOLD)))


def pairs_of(kind: str, number: int, seed: int) -> list[Pair]:
    """So many different pairs, either name first."""
    draw = random.Random(f"{seed} {kind}")
    maker, _ = KINDS[kind]
    found: dict[Pair, None] = {}
    for _ in range(number * DRAWS):
        one, other = maker(draw)
        found[(one, other) if draw.random() < 0.5 else (other, one)] = None
        if len(found) == number:
            return list(found)
    raise ValueError(f"there are only {len(found)} different pairs of the kind {kind!r}")


def class_all(number: int, seed: int) -> tuple[dict[str, Confusion], float]:
    """The confusion of every kind, and the processor's seconds that the comparing took."""
    parameters = shipped_parameters()
    table: dict[str, Confusion] = {}
    spent = 0.0
    for kind, (_, expected) in KINDS.items():
        table[kind] = Confusion(expected)
        pairs = pairs_of(kind, number, seed)
        begun = time.process_time()
        matches = [match_names(voucher, account, parameters) for voucher, account in pairs]
        spent += time.process_time() - begun
        for pair, match in zip(pairs, matches, strict=True):
            table[kind].add(pair, class_of(match))
    return table, spent


def main(arguments: list[str] | None = None) -> int:
    """Make, class, print; 1 when a pair came out as another kind."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.names", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=10_000, metavar="N", help="pairs of each kind")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    table, spent = class_all(given.pairs, given.seed)
    for kind, one in table.items():
        print(f"{kind:20}  {', '.join(f'{found} {count}' for found, count in one.classes.most_common())}")
    wrong = [(kind, *found) for kind, one in table.items() for found in one.wrong]
    for kind, pair, found in wrong[:SHOWN]:
        print(f"WRONG  {kind}: {pair!a} came out as {found}")
    total = given.pairs * len(table)
    print(
        f"{total} pairs of {len(table)} kinds, {len(wrong)} classed as another; "
        f"{total / spent:,.0f} compares a second of the processor"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
