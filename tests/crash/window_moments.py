"""The six moments at which a desk is killed behind its window: before what must not happen twice or by halves."""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = "tests.crash.window_child"
SIX = (
    ("append:slip.recorded", 1),
    ("append:batch.counted", 2),
    ("append:review.countersigned", 1),
    ("append:deposit.posted", 1),
    ("job:row", 2),
    ("receipt:after", 1),
)
"""A moment's name, and which of that name."""


def numbers_of(moments: Sequence[str]) -> tuple[int, ...]:
    """Where the six stand among the moments of an undisturbed life (1-based); ValueError when one never comes."""
    found = []
    for name, which in SIX:
        places = [at for at, moment in enumerate(moments, 1) if moment == name]
        if len(places) < which:
            raise ValueError(f"{name} comes {len(places)} times, {which} wanted")
        found.append(places[which - 1])
    return tuple(found)
