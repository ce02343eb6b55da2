"""One subject's run in a process of its own: says what it measured, ends with 1 when it found something."""

from __future__ import annotations

import faulthandler
import sys

from tests.devices.fuzz.run import Finding, Fuzz
from tests.devices.fuzz.subjects import EVERYTHING

HANG_SECONDS_PER_MILLION = 600
"""Far more than the slowest needs: what takes longer hangs, and the line of code where it does is written out."""


def alone(name: str, size: int, seed: int) -> None:
    """Run it here and write one line about it."""
    faulthandler.dump_traceback_later(HANG_SECONDS_PER_MILLION * max(1, size // 1_000_000), exit=True)
    try:
        told = Fuzz(EVERYTHING[name], seed).run(size)
    except Finding as finding:
        sys.stdout.write(f"{name:18} FOUND with seed {seed}: {finding}\n")
        sys.exit(1)
    sys.stdout.write(f"{told}\n")
