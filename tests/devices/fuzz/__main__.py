"""``python -m tests.devices.fuzz [PROTOCOL…] [--bytes N] [--seed N]``: the long run, ten million bytes a protocol.

Each protocol runs in a process of its own, so that what one grew is not counted for another, and a hang is cut off and
told with the line of code where it hung. Exit code 1 when something was found; the seed tells it again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time

from tests.devices.fuzz.alone import alone
from tests.devices.fuzz.subjects import EVERYTHING

TEN_MILLION = 10_000_000


def main(arguments: list[str]) -> int:
    """0 nothing was found, 1 something was."""
    parser = argparse.ArgumentParser("python -m tests.devices.fuzz")
    parser.add_argument("protocol", nargs="*", help=", ".join(EVERYTHING))
    parser.add_argument("--bytes", type=int, default=TEN_MILLION)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.protocol if name not in EVERYTHING]
    if unknown:
        parser.error(f"there is no {unknown[0]!r}; there are: {', '.join(EVERYTHING)}")
    began, found = time.monotonic(), False
    context = multiprocessing.get_context("spawn")
    for name in chosen.protocol or EVERYTHING:
        child = context.Process(target=alone, args=(name, chosen.bytes, chosen.seed))
        child.start()
        child.join()
        found = found or child.exitcode != 0
    word = "FOUND" if found else "nothing found"
    sys.stdout.write(f"{word} in {time.monotonic() - began:.0f} s, seed {chosen.seed}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
