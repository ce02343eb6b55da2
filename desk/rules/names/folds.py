"""Folds: each undoes one way in which a system writes the same name otherwise. Texts come in normal form (N1–N7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import opencc

from desk.rules.names.parameters import NameParameters

FOLDS = ("TRAD", "DOT_KIND", "DOT_MISSING", "DIACRITIC")
"""In the order they are applied; private-use characters are mapped before a name is normalised at all."""

_SIMPLIFY = opencc.OpenCC("t2s")
_LATIN_WITH_MARKS = re.compile(
    "([A-Za-z\u00c6\u00d8\u0110\u0126\u0131\u0141\u0152\u0166])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]+"
)
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\ufb00-\ufb06]")


def mapped(name: str, private: Mapping[str, str]) -> str:
    """The name with private-use characters replaced by what they stood for."""
    return "".join(private.get(char, char) for char in name)


def folded(text: str, folds: frozenset[str], parameters: NameParameters) -> str:
    """The text with the named folds applied; dots are deleted by ``without_dots``, so that parts can be told first."""
    if "TRAD" in folds:
        text = simplified(text)
    if "DOT_KIND" in folds:
        text = parameters.stand_ins.sub("·", text)
    if "DIACRITIC" in folds:
        text = without_marks(text)
    return text


def useful(left: str, right: str, parameters: NameParameters) -> frozenset[str]:
    """The folds that are on and change one of the texts, alone or after the others."""
    dots = {"DOT_KIND"} & parameters.on

    def changes(fold: str) -> bool:
        if fold == "DOT_MISSING":
            return any("·" in folded(text, frozenset(dots), parameters) for text in (left, right))
        return any(folded(text, frozenset({fold}), parameters) != text for text in (left, right))

    return frozenset(fold for fold in FOLDS if fold in parameters.on and changes(fold))


def simplified(text: str) -> str:
    """Traditional forms as OpenCC simplifies them; several may become one (乾 and 干), so this is never a pass."""
    return str(_SIMPLIFY.convert(text))


def without_dots(text: str) -> str:
    return text.replace("·", "")


def without_marks(text: str) -> str:
    """Latin letters without accents, ligatures and ß as two letters; marks on other scripts carry meaning and stay."""
    spelt = _LATIN_LETTER.sub(lambda found: found.group().casefold().upper(), text)
    plain = _LATIN_WITH_MARKS.sub(r"\1", unicodedata.normalize("NFD", spelt))
    return unicodedata.normalize("NFC", plain)
