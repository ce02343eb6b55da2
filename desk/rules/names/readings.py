"""How a character is read: every reading it has, in pinyin. Readings serve hints and placeholders, never a pass."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT

_TONES = dict.fromkeys(map(ord, "\u0304\u0301\u030c\u0300\u0302"))
_WRITTEN_AS = ("\u00fc", "v", "u", "yu")
"""How machines and passports write ü."""


@lru_cache(maxsize=65536)
def readings(char: str) -> frozenset[str]:
    """All readings with their tones; none for a character whose readings are unknown."""
    return frozenset(filter(None, PINYIN_DICT.get(ord(char), "").split(",")))


@lru_cache(maxsize=65536)
def toneless(char: str) -> frozenset[str]:
    """All readings without tones, with ü as written in full: 女 → nü, ru."""
    return frozenset(_without_tone(one) for one in readings(char))


def _without_tone(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading).translate(_TONES)
    return unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=65536)
def spellings(char: str) -> frozenset[str]:
    """Every way the readings are typed in capital Latin letters: 吕 → LÜ, LV, LU, LYU."""
    found: set[str] = set()
    for reading in toneless(char):
        found.update(reading.replace("\u00fc", written).upper() for written in _WRITTEN_AS)
    return frozenset(found)


def sound_alike(left: str, right: str, tone_counts: bool) -> bool:
    """Whether two characters share a reading."""
    read = readings if tone_counts else toneless
    return not read(left).isdisjoint(read(right))
