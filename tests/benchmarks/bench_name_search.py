"""Finding accounts by name among a million different names, beside a bare SQLite index and a full rapidfuzz scan.

*Exact*: ``NameIndex.exact`` (normal form, keyed hash, look-up) beside one indexed column of plain names in a file of
the same kind, asked for the same names already in normal form; at most 3 times its time.

*Near*: ``NameIndex.near`` as the desk calls it (normal form, simplifying, search, accounts of the hits) on a file whose
names are sealed. The scan is ``rapidfuzz.process.extract`` over all names in memory with the same scorer, asked for
ten, and is given its names and query in simplified normal form. Of two forms the faster counts: without a cutoff, and
with the tenth hit's distance told beforehand, which no scan could know. (``cdist`` wants NumPy, which this product does
not ship; it was no faster.) The 95th of a hundred near searches may take 0.1 of the median scan.

*Recall*: of the scan's ten hits, those for which the search has a hit at no greater distance than the scan's tenth; at
least 0.99. Every distance that the search tells is scored again here. What was meant is among the ten where it says
"meant": for a short name with a character missing hundreds of names are as near, and no order can know which was meant.

Fixed here and in ``name_corpus``: scorer, error model, queries and seeds. Queries are spread evenly over classes of
names and kinds of errors, not by how often they come. Searches and scans alternate, each once. All of it works in one
thread and waits for nothing, so that the thread's own time is taken: what else a machine does lengthens neither side.
"""

from __future__ import annotations

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.domain.account_name import normalised
from desk.persistence.name_index import KEY_LENGTH, PAGES_KIB, NameHit, NameIndex
from desk.persistence.near_names import simplified_form
from tests.benchmarks.name_corpus import CLASSES, EDITS, names, queries

NAMES = 1_000_000
SHARED = 200_000
"""Further accounts, whose holders have a name that another has too."""
CORPUS_SEED, ACCOUNT_SEED, QUERY_SEED = 20260101, 20260102, 20260103
SCORER = OSA.distance
LIMIT = 10
QUERIES_EACH = 8
EXACT_LOOKUPS, EXACT_ROUNDS = 20_000, 5
MOST_TIMES_BARE, MOST_OF_SCAN, LEAST_RECALL = 3.0, 0.1, 0.99
MIB = 1 << 20


def main() -> bool:
    """Print the tables; True when every floor was held."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), NAMES, SHARED, QUERIES_EACH)


def measure(folder: Path, count: int, shared: int, queries_each: int) -> bool:
    """The whole benchmark over ``count`` names."""
    corpus = names(count, CORPUS_SEED)
    accounts = [(f"acc-{number:07d}", name) for number, name in enumerate(corpus)]
    more = random.Random(ACCOUNT_SEED).choices(list(corpus), k=shared)
    accounts += [(f"acc-{count + number:07d}", name) for number, name in enumerate(more)]
    index = _filled(folder / "names.db", accounts)
    exact = _exact(index, _bare(folder / "bare.db", accounts), list(corpus))
    _loaded(index)
    near, recall = _near(index, corpus, queries_each)
    print(f"exact   {exact:6.2f} of the bare look-up, floor at most {MOST_TIMES_BARE}")
    print(f"near    {near:6.3f} of the scan (p95), floor at most {MOST_OF_SCAN}")
    print(f"recall  {recall:6.4f}, floor at least {LEAST_RECALL}")
    return exact <= MOST_TIMES_BARE and near <= MOST_OF_SCAN and recall >= LEAST_RECALL


# --- making it ------------------------------------------------------------------------------------------------


def _filled(path: Path, accounts: list[tuple[str, str]]) -> NameIndex:
    index = NameIndex.open(path, bytes(range(KEY_LENGTH)))
    assert isinstance(index, NameIndex)
    took, _ = _timed(lambda: index.fill(accounts))
    print(
        f"index file: {len(accounts):,} accounts sealed in {took:.1f} s, {path.stat().st_size / MIB:.0f} MiB"
    )
    return index


def _loaded(index: NameIndex) -> None:
    resident = _resident()
    took, _ = _timed(index.load)
    print(f"near search: ready in {took:.1f} s, {(_resident() - resident) / MIB:.0f} MiB of memory more")


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


# --- exact ----------------------------------------------------------------------------------------------------


def _bare(path: Path, accounts: list[tuple[str, str]]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA cache_size=-{PAGES_KIB}")
    connection.execute("CREATE TABLE account_name (account_id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID")
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO account_name VALUES (?,?)", ((one, normalised(name)) for one, name in accounts)
    )
    connection.execute("COMMIT")
    connection.execute("CREATE INDEX account_name_name ON account_name (name)")
    return connection


def _exact(index: NameIndex, bare: sqlite3.Connection, written: list[str]) -> float:
    asked = random.Random(QUERY_SEED).sample(written, min(EXACT_LOOKUPS, len(written)))
    forms = [normalised(name) for name in asked]

    def look_up(form: str) -> tuple[str, ...]:
        rows = bare.execute("SELECT account_id FROM account_name WHERE name=?", (form,))
        return tuple(row[0] for row in rows)

    times: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(EXACT_ROUNDS):
        times["bare"].append(_timed(lambda: list(map(look_up, forms)))[0])
        times["ours"].append(_timed(lambda: list(map(index.exact, asked)))[0])
    for name, form in zip(asked, forms, strict=True):
        assert index.exact(name) == look_up(form) != ()
    for label, key in (("bare SQLite index", "bare"), ("exact search", "ours")):
        print(f"{label:34} {min(times[key]) / len(asked) * 1e6:8.1f} us")
    return min(times["ours"]) / min(times["bare"])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The thread's own seconds, and what came of it."""
    before = time.thread_time()
    found = work()
    return time.thread_time() - before, found


# --- near -----------------------------------------------------------------------------------------------------


def _near(index: NameIndex, corpus: dict[str, str], queries_each: int) -> tuple[float, float]:
    """The 95th percentile of the searches as a part of the median scan, and the recall."""
    everyone = list(dict.fromkeys(simplified_form(normalised(name)) for name in corpus))
    searches: dict[str, list[float]] = defaultdict(list)
    plain, told, recalls = [], [], []
    meant_found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for kind, edit, meant, typed in queries(corpus, queries_each, QUERY_SEED):
        took, hits = _timed(partial(index.near, typed, LIMIT))
        searches[kind].append(took)
        form = simplified_form(normalised(typed))
        took, ten = _timed(partial(_scan, form, everyone, None))
        plain.append(took)
        told.append(_timed(partial(_scan, form, everyone, ten[-1][1]))[0])
        recalls.append(_recall(form, hits, ten))
        meant_found[edit, kind].append(normalised(meant) in [hit.name for hit in hits])
    return _report(searches, plain, told, recalls, meant_found)


def _scan(form: str, everyone: list[str], cutoff: int | None) -> list[tuple[str, int, int]]:
    return process.extract(form, everyone, scorer=SCORER, limit=LIMIT, score_cutoff=cutoff)


def _recall(form: str, hits: tuple[NameHit, ...], ten: list[tuple[str, int, int]]) -> float:
    assert all(SCORER(form, simplified_form(hit.name)) == hit.distance for hit in hits)
    assert len({hit.name for hit in hits}) == len(hits)
    return sum(hit.distance <= ten[-1][1] for hit in hits[: len(ten)]) / len(ten)


def _report(
    searches: dict[str, list[float]],
    plain: list[float],
    told: list[float],
    recalls: list[float],
    meant_found: dict[tuple[str, str], list[bool]],
) -> tuple[float, float]:
    every = [took for times in searches.values() for took in times]
    for label, times in (("scan", plain), ("scan, its tenth told beforehand", told), ("near search", every)):
        print(f"{label:34} {_milliseconds(times)}")
    for kind, times in searches.items():
        print(f"  {kind:32} {_milliseconds(times)}")
    print(f"{'meant, among the ten':22}" + "".join(f"{kind:>10}" for kind in CLASSES))
    for edit in EDITS:
        shares = (statistics.mean(meant_found[edit, kind]) for kind in CLASSES)
        print(f"  {edit:20}" + "".join(f"{share:10.2f}" for share in shares))
    scan = min(statistics.median(plain), statistics.median(told))
    return _p95(every) / scan, statistics.mean(recalls)


def _p95(times: list[float]) -> float:
    return sorted(times)[len(times) * 95 // 100]


def _milliseconds(times: list[float]) -> str:
    shown = (statistics.median(times), _p95(times), max(times))
    return "   ".join(f"{n} {t * 1e3:7.2f} ms" for n, t in zip(("p50", "p95", "max"), shown, strict=True))


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
