"""``python -m tests.proofs.capitals [--sums N]``: amounts in capitals proved over millions of sums.

For every sum taken (all below 100,000 fen, every boundary, N at random):
- each generated text reads back to the sum in ``capital_reader``, which is strict, knows nothing of the writer and
  gives a text one reading or none; there are as many texts as the rules give choices, so none is missing;
- the rules accept each for its sum, and for none of the sums most like it (an eighth of them, in turn);
- over all sums together no text stands twice (64-bit digests, sorted);
- the canonical text is compared with cn2an's, and every difference counted by its kind.
A line for each goes to stdout; exit 1 when anything did not hold.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import pairwise, product

import cn2an

from desk.domain.capitals import PREFIX, agrees, capitals, variants
from desk.rules.capital_rules import judge_capitals
from desk.rules.judgement import OK, REFUSE
from desk.rules.rule_pack import RulePack
from desk.rules.rule_set import RuleSet
from tests.proofs.capital_reader import YUAN, NoSum, strictly
from ui.rule_files import SHIPPED, load_packs

SEED = 20261125
EXHAUSTED_BELOW = 100_000
LONGEST = 18
"""Figures of the longest sum: sixteen of yuan, two behind the point."""
BUCKETS = 64
CHUNK = 4_000
IN_TURN = 8
KEPT = 5
SAME, ZERO_BEFORE_JIAO, OTHER = "the same text", "零 between 元 and 角 written by us, not by cn2an", "other"


@dataclass
class Tally:
    """What came of some sums: figures, kinds of difference, failures, and the digest of every text."""

    counts: Counter[str] = field(default_factory=Counter)
    cn2an: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    digests: list[array[int]] = field(default_factory=lambda: [array("Q") for _ in range(BUCKETS)])

    def add(self, other: Tally) -> None:
        """Take over what another tally holds."""
        self.counts.update(other.counts)
        self.cn2an.update(other.cn2an)
        self.samples = {**other.samples, **self.samples}
        self.failures.extend(other.failures)
        for own, taken in zip(self.digests, other.digests, strict=True):
            own.extend(taken)


# --- the sums ---------------------------------------------------------------------------------------------


def boundary_sums() -> Iterator[int]:
    """Every power of ten, and the fen on either side; every pattern of zero and not zero in 18 places."""
    figures = random.Random(SEED)
    for power in range(LONGEST):
        yield from (10**power - 1, 10**power, 10**power + 1)
    yield 10**LONGEST - 1
    for pattern in product((False, True), repeat=LONGEST):
        yield int("".join(str(figures.randint(1, 9)) if one else "0" for one in pattern))


def random_sums(number: int, longest: int = LONGEST) -> Iterator[int]:
    """Half of any length, each figure as likely as the next; half of the first fourteen figures, half of them 0."""
    draw = random.Random(SEED + 1)
    for at in range(number):
        if at % 2:
            yield draw.randrange(1, 10 ** draw.randint(1, longest))
        else:
            yield int("".join(draw.choice("0000000001234567899") for _ in range(14)))


def sums_to_prove(number: int) -> list[int]:
    """All of them, each once, in order: the exhausted ones, the boundaries, and random ones up to ``number`` more."""
    found = {*range(1, EXHAUSTED_BELOW), *boundary_sums()}
    wanted, drawn = len(found) + number, random_sums(number * 2)
    while len(found) < wanted:
        found.add(next(drawn))
    return sorted(found - {0})


# --- one sum ----------------------------------------------------------------------------------------------


@cache
def shipped_rules() -> RuleSet:
    """The rules of the shipped pack."""
    loaded = load_packs((SHIPPED / "cn" / "capitals.toml",))
    assert isinstance(loaded, tuple), loaded
    packs: dict[str, RulePack] = {pack.topic: pack for pack in loaded}
    return RuleSet("CN", packs)


def like(amount_minor: int) -> Iterator[int]:
    """The sums a text is most easily taken for: a step in any place, a place more or less, two places exchanged."""
    written = str(amount_minor)
    for power in range(len(written)):
        yield from (amount_minor - 10**power, amount_minor + 10**power)
    yield from (amount_minor * 10, amount_minor // 10, amount_minor * 10_000, amount_minor // 10_000)
    yield from (
        int(written[:at] + written[at + 1] + written[at] + written[at + 2 :])
        for at in range(len(written) - 1)
    )


def prove(amount_minor: int, tally: Tally) -> None:
    """All that is claimed of one sum."""
    texts = variants(amount_minor)
    tally.counts.update(sums=1, texts=len(texts))
    for claim in _broken(amount_minor, texts):
        tally.failures.append(f"{amount_minor}: {claim}")
    for text in texts:
        digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        tally.digests[digest % BUCKETS].append(digest)
    _for_no_other(amount_minor, texts, tally)
    kind, sample = compared_with_cn2an(amount_minor)
    tally.cn2an[kind] += 1
    tally.samples.setdefault(kind, sample)


def _broken(amount_minor: int, texts: Sequence[str]) -> Iterator[str]:
    rules = shipped_rules()
    for number, text in enumerate(texts):
        try:
            read, silent_written, choices = strictly(text)
        except NoSum:
            yield f"{text} is read as no sum"
            continue
        if read != amount_minor:
            yield f"{text} is read as {read}"
        if number == 0 and not silent_written <= {YUAN}:
            yield f"{text} is canonical and writes an optional 零 elsewhere than after 元"
        if choices != len(texts) or len(set(texts)) != choices:
            yield f"{len(texts)} texts, but {choices} choices"
        whole = PREFIX + text
        if not agrees(whole, amount_minor) or not agrees(text, amount_minor, preprinted=True):
            yield f"{text} does not agree"
        judged = judge_capitals(whole, amount_minor, False, rules)
        if judged.result != OK or judged.value != capitals(amount_minor):
            yield f"{text} is judged {judged}"
        if bool(judged.reasons) != (len(silent_written) > 1):
            yield f"{text} with its {len(silent_written)} optional 零 is judged {judged}"


def _for_no_other(amount_minor: int, texts: Sequence[str], tally: Tally) -> None:
    own, near = set(texts), sorted(set(like(amount_minor)) - {amount_minor})
    others = near[amount_minor % IN_TURN :: IN_TURN] or near
    for other in others:
        tally.counts["other sums tried"] += 1
        if not own.isdisjoint(variants(other)):
            tally.failures.append(f"a text of {amount_minor} is accepted for {other}")
    other = others[-1]
    if judge_capitals(PREFIX + texts[0], other, False, shipped_rules()).result != REFUSE:
        tally.failures.append(f"{texts[0]} is not refused for {other}")


def compared_with_cn2an(amount_minor: int) -> tuple[str, str]:
    """The kind of difference between the canonical text and cn2an's, and the two texts."""
    ours = variants(amount_minor)
    theirs = cn2an.an2cn(f"{amount_minor // 100}.{amount_minor % 100:02d}", "rmb")
    if ours[0] == theirs:
        return SAME, theirs
    sample = f"{ours[0]} | cn2an: {theirs}"
    if (
        theirs in ours
        and ours[0].replace("元零", "元") == theirs
        and ours[0].find("角") > ours[0].find("元零")
    ):
        return ZERO_BEFORE_JIAO, sample
    return OTHER + (", permitted" if theirs in ours else ", not permitted"), sample


# --- all of them ------------------------------------------------------------------------------------------


def prove_some(sums: Sequence[int]) -> Tally:
    """One worker's share."""
    tally = Tally()
    for amount_minor in sums:
        prove(amount_minor, tally)
    return tally


def prove_all(sums: Sequence[int], workers: int) -> Tally:
    """Every sum, and then that no text stands twice."""
    whole, shares = Tally(), [sums[at : at + CHUNK] for at in range(0, len(sums), CHUNK)]
    if workers == 1:
        for share in shares:
            whole.add(prove_some(share))
    else:
        with ProcessPoolExecutor(workers) as pool:
            for done, tally in enumerate(pool.map(prove_some, shares), start=1):
                whole.add(tally)
                print(f"\r{done}/{len(shares)} shares", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    for bucket in whole.digests:
        if any(one == other for one, other in pairwise(sorted(bucket))):
            whole.failures.append("a text of one sum is also a text of another")
    return whole


def report(tally: Tally) -> Iterator[str]:
    """The figures in lines."""
    counts = tally.counts
    yield f"{counts['sums']:,} sums, {counts['texts']:,} texts, {counts['other sums tried']:,} other sums tried"
    for kind, number in tally.cn2an.most_common():
        yield f"cn2an  {number:>10,}  {kind}: {tally.samples[kind]}"
    yield from (f"FAILED {one}" for one in tally.failures[:KEPT])
    yield f"{len(tally.failures)} claims FAILED" if tally.failures else "all held"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove, print, and say by the exit code whether everything held."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.proofs.capitals", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "--sums", type=int, default=2_000_000, metavar="N", help="random sums besides the rest"
    )
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes at work")
    given = parser.parse_args(arguments)
    started = time.monotonic()
    tally = prove_all(sums_to_prove(given.sums), given.workers)
    print("\n".join(report(tally)))
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
