"""``python -m tests.crash [--every N | --at N …]``: the desk killed at every moment of the deposit.

Each moment is one SIGKILL and one run after it, two at a time. A table of what came of them goes to stdout, progress to
stderr; exit 1 when anything did not hold. ``--keep DIR`` leaves the folders, failed ones too, for a look.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.crash.crash import HEADLESS, Recovery, kill_and_recover, undisturbed
from tests.crash.window_moments import WINDOW, numbers_of

AT_ONCE = 2
COLUMNS = (
    "moment        ", "kills", "same step", "one posting", "questions", "receipt done", "unknown", "not done",
    "verified", "failed",
)  # fmt: skip


def attempt(root: Path, wanted: list[str], module: str, number: int) -> Recovery:
    """One kill and recovery; what does not hold becomes the failure of its row."""
    try:
        return kill_and_recover(root / str(number), number, wanted, module)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Recovery(number, failure=f"{where.name}: {where.line}: {error}")


def moment_after_moment(
    root: Path, every: int, at: Sequence[int], module: str
) -> Iterator[tuple[str, Recovery]]:
    """Kill at the moments ``at``, or at every ``every``-th; yields each moment's name and what came of it, in order."""
    life, wanted = undisturbed(root / "undisturbed", module)
    six = numbers_of(life.moments) if module == WINDOW else ()
    numbers = at or six or range(1, len(life.moments) + 1, every)
    print(f"{len(life.moments)} moments, {len(numbers)} kills", file=sys.stderr)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for told in pool.map(partial(attempt, root, wanted, module), numbers):
            yield life.moments[told.number - 1], told


def kind_of(moment: str) -> str:
    """Appends are one kind, whatever they append."""
    kind, _, what = moment.partition(":")
    return kind if kind == "append" else f"{kind} {what}"


def table(told: Sequence[tuple[str, Recovery]]) -> list[str]:
    """One row for each kind of moment, in the order in which they first came, and the sum."""
    kinds: dict[str, Counter[str]] = {}
    for moment, one in told:
        for kind in (kind_of(moment), "all"):
            kinds.setdefault(kind, Counter()).update(_figures(one))
    kinds["all"] = kinds.pop("all", Counter())
    lines = [COLUMNS, *((kind, *(str(of[name]) for name in COLUMNS[1:])) for kind, of in kinds.items())]
    return [
        "  ".join(f"{text:<{len(name)}}" for text, name in zip(one, COLUMNS, strict=True)) for one in lines
    ]


def _figures(one: Recovery) -> dict[str, int]:
    held = not one.failure
    return {
        "kills": 1,
        "same step": int(held and one.step == one.taken_up),
        "one posting": int(one.postings == 1),
        "questions": len(one.questions),
        "receipt done": int(one.receipt == "done"),
        "unknown": int(one.receipt == "unknown"),
        "not done": int(one.receipt == "not_done"),
        "verified": int(one.verified),
        "failed": int(not held),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit code whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="kill at every N-th moment only")
    parser.add_argument(
        "--at", type=int, nargs="+", default=(), metavar="N", help="kill at these moments only"
    )
    parser.add_argument(
        "--window",
        action="store_true",
        help="six kills behind the real window instead (tests/crash/window_moments.py)",
    )
    parser.add_argument("--module", default=HEADLESS, metavar="NAME", help="the module that is one life")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work here and leave everything for a look")
    given = parser.parse_args(arguments)
    module = WINDOW if given.window else given.module
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="teller-desk-crash-") as scratch:
        root = given.keep or Path(scratch)
        root.mkdir(parents=True, exist_ok=True)
        told = []
        for moment, one in moment_after_moment(root, given.every, given.at, module):
            told.append((moment, one))
            print(f"{one.number:4} {moment:32} {one.failure or 'held'}", file=sys.stderr, flush=True)
    print("\n".join(table(told)))
    answers = Counter(answer for _, one in told for answer in one.questions)
    print("lines seen on the page when asked: " + ", ".join(f"{n}: {answers[n]}×" for n in sorted(answers)))
    failed = [one for _, one in told if one.failure]
    for one in failed:
        print(f"FAILED at moment {one.number}: {one.failure}")
    print(f"{len(told)} kills in {time.monotonic() - started:.0f} s: {'FAILED' if failed else 'all held'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
