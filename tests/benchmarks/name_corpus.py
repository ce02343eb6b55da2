"""A million fictional account names, and what people do to a name when they type it. Seeded: the same at every run.

Persons take their surnames with about the shares that surnames have in China, and given names from characters with a
long tail; companies are place, brand, trade and form; names with a separator dot and Latin names follow their own
patterns. Names are drawn until a million different ones are there: how many draws that took is how many accounts a bank
with these names would have.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import opencc

from desk.rules.names.readings import toneless

_WORDS = tomllib.loads(Path(__file__).with_name("name_words.toml").read_text("utf-8"))
_SURNAMES = "".join(_WORDS["surnames"].split())
_COMPOUND = _WORDS["compound_surnames"].split()
_GIVEN = "".join(_WORDS["given"].split())
_PLACES, _TRADES, _DOTTED = (_WORDS[key].split() for key in ("places", "trades", "dotted"))
_LATIN_FIRST, _LATIN_LAST = (_WORDS[key].split() for key in ("latin_first", "latin_last"))
_FORMS: dict[str, int] = _WORDS["forms"]
CLASSES = ("person", "company", "dotted", "latin")
_SHARES = (72, 22, 3, 3)
_LEVEL_ONE = bytes(range(0xA1, 0xFF))
_TAIL = "".join(bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in _LEVEL_ONE)
_SINGLE_GIVEN = 0.14
_RARE = "䶮㛃㸆𬭼龑"
_RARE_SHARE = 0.001
_COMPOUND_SHARE = 0.004

Draw = Callable[[random.Random], str]


class _Weighted:
    """Draws by falling weights."""

    def __init__(self, items: list[str], weights: Sequence[float]) -> None:
        self._items, self._weights = items, list(accumulate(weights))

    def draw(self, chance: random.Random) -> str:
        return chance.choices(self._items, cum_weights=self._weights)[0]


_SHARES_KNOWN: list[float] = _WORDS["surname_shares"]
_SURNAME = _Weighted(
    list(_SURNAMES), [*_SHARES_KNOWN, *(17 / rank for rank in range(len(_SHARES_KNOWN), len(_SURNAMES)))]
)
_GIVEN_CHARACTERS = list(dict.fromkeys(_GIVEN + _TAIL))
_GIVEN_CHARACTER = _Weighted(
    _GIVEN_CHARACTERS, [1 / (rank + 30) ** 1.15 for rank in range(len(_GIVEN_CHARACTERS))]
)
_FORM = _Weighted(list(_FORMS), list(_FORMS.values()))
_PLACE = _Weighted(_PLACES, [1 / (rank + 8) for rank in range(len(_PLACES))])
_TRADE = _Weighted(_TRADES, [1 / (rank + 8) for rank in range(len(_TRADES))])


def _person(chance: random.Random) -> str:
    surname = chance.choice(_COMPOUND) if chance.random() < _COMPOUND_SHARE else _SURNAME.draw(chance)
    given = _GIVEN_CHARACTER.draw(chance)
    if chance.random() > _SINGLE_GIVEN:
        given += chance.choice(_RARE) if chance.random() < _RARE_SHARE else _GIVEN_CHARACTER.draw(chance)
    return surname + given


def _company(chance: random.Random) -> str:
    brand = _GIVEN_CHARACTER.draw(chance) + _GIVEN_CHARACTER.draw(chance)
    place = _PLACE.draw(chance)
    form = _FORM.draw(chance)
    name = f"{place}{brand}{_TRADE.draw(chance)}{form}"
    if form == "分公司":
        name = name.removesuffix("分公司") + f"有限公司{_PLACE.draw(chance)}分公司"
    elif chance.random() < 0.05:
        name = f"{brand}({place}){name[len(place) + len(brand) :]}"
    return name


def _dotted(chance: random.Random) -> str:
    parts = [chance.choice(_DOTTED), chance.choice(_DOTTED)]
    if chance.random() < 0.3:
        parts.append(chance.choice(_DOTTED))
    if chance.random() < 0.9:
        at = chance.randrange(len(parts))
        parts[at] = parts[at][: chance.randint(1, 3)] + chance.choice("古丽尔提拉汗木阿依努买艾克沙热玛措")
    return "·".join(parts)


def _latin(chance: random.Random) -> str:
    first, last = chance.choice(_LATIN_FIRST), chance.choice(_LATIN_LAST)
    middle = chance.choice(["", "", chr(65 + chance.randrange(26)), chance.choice(_LATIN_FIRST)])
    return " ".join(filter(None, (first, middle, last)))


_DRAW: dict[str, Draw] = {"person": _person, "company": _company, "dotted": _dotted, "latin": _latin}


def names(count: int, seed: int) -> dict[str, str]:
    """``count`` different names and the class of each."""
    chance = random.Random(seed)
    found: dict[str, str] = {}
    while len(found) < count:
        for kind in chance.choices(CLASSES, _SHARES, k=min(10_000, count)):
            found.setdefault(_DRAW[kind](chance), kind)
            if len(found) == count:
                break
    return found


# --- what typing does to a name -------------------------------------------------------------------------------

_TRADITIONAL = opencc.OpenCC("s2t")
_BY_SOUND: dict[str, list[str]] = {}
for _char in dict.fromkeys(_GIVEN + _SURNAMES + _TAIL):
    for _sound in toneless(_char):
        _BY_SOUND.setdefault(_sound, []).append(_char)


def _any_character(name: str, chance: random.Random) -> str:
    letters = name.isascii()
    return chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if letters else _GIVEN_CHARACTER.draw(chance)


def _substituted(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + _any_character(name, chance) + name[at + 1 :]


def _deleted(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def _inserted(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) + 1)
    return name[:at] + _any_character(name, chance) + name[at:]


def _transposed(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _homophone(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    alike = [other for sound in toneless(name[at]) for other in _BY_SOUND.get(sound, ()) if other != name[at]]
    return name[:at] + chance.choice(sorted(alike)) + name[at + 1 :] if alike else _substituted(name, chance)


def _traditional(name: str, chance: random.Random) -> str:
    return str(_TRADITIONAL.convert(name))


def _two_wrong(name: str, chance: random.Random) -> str:
    return _substituted(_substituted(name, chance), chance)


def _unchanged(name: str, chance: random.Random) -> str:
    return name


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "unchanged": _unchanged,
    "one replaced": _substituted,
    "one missing": _deleted,
    "one too many": _inserted,
    "two swapped": _transposed,
    "homophone": _homophone,
    "traditional": _traditional,
    "two replaced": _two_wrong,
}
"""The error model. For Latin names a homophone is a replaced letter, and traditional no change."""


def queries(corpus: dict[str, str], each: int, seed: int) -> Iterator[tuple[str, str, str, str]]:
    """(class, edit, the name meant, what was typed): ``each`` of every class and edit."""
    chance = random.Random(seed)
    by_class: dict[str, list[str]] = {kind: [] for kind in CLASSES}
    for name, kind in corpus.items():
        by_class[kind].append(name)
    for kind in CLASSES:
        for edit, change in EDITS.items():
            for _ in range(each):
                meant = chance.choice(by_class[kind])
                yield kind, edit, meant, change(meant, chance)
