"""The tests of counter-rules §2.4, each two texts and the parameters to yes or no. Texts come in normal form, folded as
far as the doubt about encoding goes. Which detector speaks when is ``desk.rules.names.matching``'s.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from desk.domain.account_name import is_han
from desk.rules.names.holders import (
    COMPANY,
    PERSON,
    is_branch,
    is_latin,
    is_whole_company,
    kind_of,
    latin_words,
)
from desk.rules.names.parameters import NameParameters
from desk.rules.names.readings import sound_alike, spellings

_LETTERS = re.compile("[A-ZÜ]+")


# --- encoding -----------------------------------------------------------------------------------------------------


def pinyin_placeholder(left: str, right: str) -> bool:
    """One Han character of a longer name stands as Latin letters that spell a reading of it (李YAN, 李䶮)."""
    return _stands_as_letters(left, right) or _stands_as_letters(right, left)


def _stands_as_letters(spelt: str, whole: str) -> bool:
    start = common_start(spelt, whole)
    rest = whole[start + 1 :]
    if len(whole) < 2 or start == len(whole) or not is_han(whole[start]) or not spelt.endswith(rest):
        return False
    letters = spelt[start : len(spelt) - len(rest)]
    return _LETTERS.fullmatch(letters) is not None and letters in spellings(whole[start])


def common_start(left: str, right: str) -> int:
    """How many characters two texts begin with in common."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def width_of(text: str) -> int:
    """Places a text takes in a field of an old system: two for a character outside ASCII."""
    return sum(1 if char.isascii() else 2 for char in text)


def cut_off(short: str, long: str, stored: str, limit: int, parameters: NameParameters) -> bool:
    """``short`` is the beginning of ``long`` and, as ``stored``, leaves no room for what follows. A name that is whole
    as it stands is its own: a parent is never the cut-off name of its branch."""
    if not long.startswith(short) or len(long) == len(short):
        return False
    if is_whole_company(short, parameters) and is_branch(short, parameters) != is_branch(long, parameters):
        return False
    if (kind_of(short, parameters), kind_of(long, parameters)) == (PERSON, COMPANY) and not is_latin(short):
        return False
    width = width_of(stored)
    return width <= limit < width + width_of(long[len(short)])


# --- substance ----------------------------------------------------------------------------------------------------


def order(left: str, right: str, parameters: NameParameters) -> bool:
    """The same Latin words in another order."""
    here, there = latin_words(left), latin_words(right)
    return is_latin(left) and is_latin(right) and here != there and sorted(here) == sorted(there)


def company_form(left: str, right: str, parameters: NameParameters) -> bool:
    """The same but for the words of a company's form, which are part of its legal name."""
    if not _maybe_companies(left, right, parameters):
        return False
    if is_latin(left) and is_latin(right):
        bare = [[w for w in latin_words(name) if w not in parameters.latin_forms] for name in (left, right)]
        return bare[0] == bare[1] != [] and latin_words(left) != latin_words(right)
    return _without_form(left, parameters) == _without_form(right, parameters) != ""


def _without_form(name: str, parameters: NameParameters) -> str:
    for word in parameters.forms:
        name = name.replace(word, "")
    return name.replace("()", "")


def homophone(left: str, right: str, parameters: NameParameters) -> bool:
    """One Han character differs and sounds the same; surnames were compared before."""
    place = only_difference(left, right)
    if place is None or not (is_han(left[place]) and is_han(right[place])):
        return False
    return sound_alike(left[place], right[place], parameters.tone_counts)


def one_char(left: str, right: str, parameters: NameParameters) -> bool:
    """A company's name but for one character."""
    long_enough = min(len(left), len(right)) >= parameters.one_char_length
    scripts = not (is_latin(left) or is_latin(right))
    return (
        scripts and long_enough and _maybe_companies(left, right, parameters) and distance(left, right) == 1
    )


def typo(left: str, right: str, parameters: NameParameters) -> bool:
    """A Latin name but for a letter or two; never when that is all there is of it."""
    if not (is_latin(left) and is_latin(right)):
        return False
    letters = min(sum(map(str.isalpha, left)), sum(map(str.isalpha, right)))
    short = letters < parameters.typo_short
    limit = parameters.typo_short_distance if short else parameters.typo_distance
    return distance(left, right) <= min(limit, letters - 1)


def look_alike(left: str, right: str, parameters: NameParameters) -> bool:
    """Two characters that are read for one another on paper: a hint to look again, nothing more."""
    place = only_difference(left, right)
    return place is not None and any({left[place], right[place]} <= group for group in parameters.alike)


def only_difference(left: str, right: str) -> int | None:
    """The one place where two names of the same length differ."""
    if len(left) != len(right):
        return None
    places = [place for place, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    return places[0] if len(places) == 1 else None


def _maybe_companies(left: str, right: str, parameters: NameParameters) -> bool:
    kinds = (kind_of(left, parameters), kind_of(right, parameters))
    return COMPANY in kinds and PERSON not in kinds


def distance(left: str, right: str) -> int:
    """Insert, delete, replace, swap neighbours: one each."""
    return int(OSA.distance(left, right))
