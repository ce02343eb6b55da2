"""Who a name belongs to: a person or a company, a branch or its parent, and which part is the surname."""

from __future__ import annotations

import re

from desk.domain.account_name import is_han
from desk.rules.names.parameters import NameParameters

PERSON, COMPANY, UNKNOWN = "person", "company", ""

_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD_GAP = re.compile(r"[ ,.]+")
_SHORT_NAME = 4
"""No person's name without a dot is longer than a compound surname and two characters; no company's is shorter."""


def is_latin(name: str) -> bool:
    """Whether a name is written in Latin letters alone."""
    return bool(_LATIN.search(name)) and all(
        _LATIN.match(char) or not (char.isalpha() or is_han(char)) for char in name
    )


def latin_words(name: str) -> list[str]:
    """The words of a Latin name, without commas and full stops."""
    return [word for word in _WORD_GAP.split(name) if word]


def kind_of(name: str, parameters: NameParameters) -> str:
    """PERSON, COMPANY, or UNKNOWN for a long name without a dot or a company's word."""
    if is_latin(name):
        words = parameters.latin_company_words
        return COMPANY if words.intersection(latin_words(name)) else PERSON
    if len(name) >= _SHORT_NAME and parameters.company.search(name):
        return COMPANY
    if len(name) > _SHORT_NAME and parameters.company_end.fullmatch(name[-1]):
        return COMPANY
    return PERSON if "·" in name or len(name) <= _SHORT_NAME else UNKNOWN


def is_branch(name: str, parameters: NameParameters) -> bool:
    return parameters.branch.search(name) is not None


def is_whole_company(name: str, parameters: NameParameters) -> bool:
    """Whether a name ends as companies' names do, so that nothing need follow."""
    return any(found.end() == len(name) for found in parameters.company.finditer(name))


def surname_of(name: str, parameters: NameParameters) -> str:
    """The surname: the part before the first dot, a compound surname, the first character; of a Latin name what stands
    before its comma, "" where nothing tells."""
    if is_latin(name):
        return name.partition(",")[0].strip() if "," in name else ""
    first, dot, _ = name.partition("·")
    if dot:
        return first
    compound = len(name) > 2 and name[:2] in parameters.compound_surnames
    return name[:2] if compound else name[:1]


def same_surname(left: str, right: str, parameters: NameParameters) -> bool:
    """Whether nothing says that the surnames differ. Where only one name has its dot, the other's first part is as
    long."""
    if is_latin(left) or is_latin(right):
        here, there = surname_of(left, parameters), surname_of(right, parameters)
        return not here or not there or here == there
    if ("·" in left) != ("·" in right):
        dotted, plain = (left, right) if "·" in left else (right, left)
        return plain.startswith(surname_of(dotted, parameters))
    return surname_of(left, parameters) == surname_of(right, parameters)
