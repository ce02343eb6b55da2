"""Progress of long work, on stderr, so that stdout stays an answer. Quiet for work that is over in a
moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUIET_SECONDS = 1.0


@contextmanager
def on_stderr() -> Iterator[Callable[[str, int, int], None]]:
    """A ``progress(what, done, of)`` that redraws one line on a terminal, or writes a line now and then."""
    terminal = sys.stderr.isatty()
    started = shown = time.monotonic()
    drawn = False

    def progress(what: str, done: int, of: int) -> None:
        nonlocal shown, drawn
        now = time.monotonic()
        if now - started < QUIET_SECONDS or now - shown < (0.2 if terminal else 5.0):
            return
        shown, drawn = now, True
        line = f"{what}: {done:,} of {of:,}"
        print(
            f"\r{line}\x1b[K" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True
        )

    yield progress
    if drawn and terminal:
        print(file=sys.stderr)
