"""``python -m tests.benchmarks``: run every ``bench_*.py`` here and fail when any misses its floor.

A benchmark is a module with ``main() -> bool`` that prints its table and says whether the floor was held.
Names on the command line choose some of them: ``python -m tests.benchmarks bench_verify``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Exit code 0 when every floor was held."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    missed: list[str] = []
    for name in names or found:
        print(f"== {name}", flush=True)
        if not importlib.import_module(f"tests.benchmarks.{name}").main():
            missed.append(name)
    print(f"missed: {', '.join(missed)}" if missed else "every floor held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
