"""The names nearest to one that was typed wrong: an index in memory, never on disk. No SQL and no keys in it.

Distance is counted in edits (optimal string alignment: a character replaced, left out, put in, or two neighbours
swapped) between simplified normal forms, so that 陳 and 陈 are one. What it finds are hints to look at, never a match
(counter-rules §2.3): whether two names agree is judged elsewhere.

How it finds the nearest without looking at all names, and misses none: a name's *marks* are its Chinese characters and
separators, and pairs of neighbours where letters stand in a row. One edit takes at most one character or three pairs
from a name. So a name that has none of the first j characters asked about is at least j edits away, and j + 1 if it is
one longer. The lists of names by mark are gone through from the shortest, until what they gave is nearer than anything
that they cannot have given. Names at one edit are all seen before it stops; beyond that, ties are cut where they come.

Names at one distance stand in an order that helps: those that sound the same or have neighbours swapped, then the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.rules.names.folds import simplified
from desk.rules.names.readings import toneless

LONGEST_QUERY = 100
"""Code points; a name field holds 50 (NM-4), and what is longer is no name."""
PAIRS_AN_EDIT_TAKES = 3
PAIRS_SAVE = 4
"""Pairs are asked about only while that costs a quarter of looking at every name with letters."""
CLOSE = 1
"""At this distance all names are seen before any is left out."""

_ROWS = re.compile("[^·()\u2e80-\U0010ffff]+")
"""Letters, digits and what stands among them."""
_EDGE = "\0"
_NEARBY_LENGTHS = 2


_ByLength = dict[int, list[str]]


@dataclass(frozen=True)
class NearName:
    """A name in its simplified normal form, and how many edits away it is."""

    name: str
    distance: int


def simplified_form(name: str) -> str:
    """What distances are counted between: a name in normal form, simplified. One with half a character in it, which no
    table takes, stays as it is."""
    try:
        return simplified(name)
    except UnicodeEncodeError:
        return name


class NearNames:
    """Names in simplified normal form, each once."""

    def __init__(self) -> None:
        self._by_mark: dict[str, _ByLength] = {}
        self._lettered: _ByLength = {}
        self._by_sound: dict[str, set[str]] = {}

    def __contains__(self, name: str) -> bool:
        lists = [self._by_mark.get(mark, {}).get(len(name), []) for mark in _marks(name)]
        return bool(lists) and name in min(lists, key=len)

    def add(self, name: str) -> None:
        """Take in a name that is not in it yet; an empty one is none."""
        marks = _marks(name)
        for mark in marks:
            by_length = self._by_mark.get(mark)
            if by_length is None:
                by_length = self._new(mark)
            _append(by_length, name)
        if any(len(mark) > 1 for mark in marks):
            _append(self._lettered, name)

    def _new(self, mark: str) -> _ByLength:
        for sound in toneless(mark) if len(mark) == 1 else ():
            self._by_sound.setdefault(sound, set()).add(mark)
        return self._by_mark.setdefault(mark, {})

    def remove(self, name: str) -> None:
        """Forget a name that is in it."""
        marks = _marks(name)
        for mark in marks:
            self._by_mark[mark][len(name)].remove(name)
        if any(len(mark) > 1 for mark in marks):
            self._lettered[len(name)].remove(name)

    def nearest(self, name: str, limit: int = 10) -> tuple[NearName, ...]:
        """At most ``limit`` names, nearest first, of those that have any mark in common with ``name``."""
        if len(name) > LONGEST_QUERY or limit < 1:
            return ()
        search = _Search(name, limit)
        worth, asked = _nearby(self._lettered, len(name)) // PAIRS_SAVE, 0
        sizes = {mark: _nearby(self._by_mark.get(mark, {}), len(name)) for mark in _marks(name)}
        for mark in sorted(sizes, key=lambda one: (sizes[one], one)):
            names = self._by_mark.get(mark, {})
            if len(mark) == 1:
                search.by_character(names)
            elif asked <= worth:
                asked += sizes[mark]
                if asked <= worth:
                    search.by_pair(names)
                else:
                    search.by_letters(self._lettered)
        return search.best(self._likely(name))

    def _likely(self, name: str) -> set[str]:
        """What was meant if one character was typed by its sound, or two neighbours were swapped."""
        likely = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)}
        for at, char in enumerate(name):
            for sound in toneless(char):
                likely.update(name[:at] + other + name[at + 1 :] for other in self._by_sound.get(sound, ()))
        return likely


def _append(lists: _ByLength, name: str) -> None:
    names = lists.get(len(name))
    if names is None:
        lists[len(name)] = [name]
    else:
        names.append(name)


def _nearby(lists: _ByLength, length: int) -> int:
    """How many names of about that length they hold."""
    nearby = range(length - _NEARBY_LENGTHS, length + _NEARBY_LENGTHS + 1)
    return sum(len(lists[one]) for one in nearby if one in lists)


def _marks(name: str) -> set[str]:
    """Its characters and separators, and the pairs of its rows of letters, edges counted."""
    rows = _ROWS.findall(name)
    if not rows:
        return set(name)
    marks = set(_ROWS.sub("", name))
    for row in rows:
        padded = _EDGE + row + _EDGE
        marks.update(padded[at : at + 2] for at in range(len(padded) - 1))
    return marks


class _Search:
    """One search: what was found, and how near a name can be that was not seen."""

    def __init__(self, wanted: str, limit: int) -> None:
        self._wanted, self._limit = wanted, limit
        self._letters = sum(map(len, _ROWS.findall(wanted)))
        self._characters = self._pairs = self._missing_letters = 0
        self._distances: dict[str, int] = {}
        self._counts: Counter[int] = Counter()
        self._last: int | None = None
        """The distance of the last name within the limit, once there are that many."""

    def by_character(self, lists: _ByLength) -> None:
        """Names with the next character."""
        self._look_through(lists)
        self._characters += 1

    def by_pair(self, lists: _ByLength) -> None:
        """Names with the next pair of letters."""
        self._look_through(lists)
        self._pairs += 1

    def by_letters(self, lists: _ByLength) -> None:
        """All names that have letters, in place of the pairs to come."""
        self._look_through(lists)
        self._missing_letters = self._letters

    def _unseen_at_least(self, length: int) -> int:
        """The distance that a name of that length has at least if no list so far had it."""
        longer = length - len(self._wanted)
        by_letters = max(-(-self._pairs // PAIRS_AN_EDIT_TAKES), self._missing_letters)
        return max(self._characters + max(longer, 0), by_letters, -longer)

    def _matters(self, distance: int) -> bool:
        return self._last is None or distance < self._last or distance <= CLOSE

    def _look_through(self, lists: _ByLength) -> None:
        wanted = len(self._wanted)
        if not self._matters(self._unseen_at_least(wanted)):
            return
        for length in sorted(lists, key=lambda one: abs(one - wanted)):
            if not self._matters(abs(length - wanted)):
                return
            if lists[length] and self._matters(self._unseen_at_least(length)):
                self._look_at(lists[length])

    def _look_at(self, names: list[str]) -> None:
        """Score a list: its best, and all that are close once those are many."""
        if self._last is not None and self._last <= CLOSE:
            self._take(self._score(names, CLOSE, None))
            return
        best = self._score(names, self._last, self._limit)
        crowded = len(best) == self._limit and best[-1][1] <= CLOSE
        self._take(self._score(names, CLOSE, None) if crowded else best)

    def _score(self, names: list[str], at_most: int | None, limit: int | None) -> list[tuple[str, int, int]]:
        return process.extract(self._wanted, names, scorer=OSA.distance, limit=limit, score_cutoff=at_most)

    def _take(self, scored: list[tuple[str, int, int]]) -> None:
        for name, distance, _ in scored:
            if name not in self._distances:
                self._distances[name] = distance
                self._counts[distance] += 1
        seen = 0
        for distance in sorted(self._counts):
            seen += self._counts[distance]
            if seen >= self._limit:
                self._last = distance
                return

    def best(self, likely: set[str]) -> tuple[NearName, ...]:
        """The nearest; among equals the likely ones first, then by name."""
        within = (item for item in self._distances.items() if self._last is None or item[1] <= self._last)
        ordered = sorted(within, key=lambda item: (item[1], item[0] not in likely, item[0]))
        return tuple(NearName(name, distance) for name, distance in ordered[: self._limit])
