"""python-stdnum, wrapped: a second opinion and hints about numbers. Nothing it raises comes through.

Its tables are hints only: it refuses permits of Hong Kong, Macao and Taiwan residents and the new foreigners' cards,
and falls over some districts (counter-rules §2.7). The hard checks are ``desk.domain.check_digits``. The library reads
its tables as it is imported, so it is brought in when the first number is asked about, not when a window starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any


class Opinion(Enum):
    """What the library makes of a number; UNKNOWN when it has no answer or fell over the question."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


def _resident_id(number: str) -> Any:
    from stdnum.cn import ric  # noqa: PLC0415 - costs a window's start more than it is worth

    return ric.is_valid(number)


def _birth_place(number: str) -> Any:
    from stdnum.cn import ric  # noqa: PLC0415 - costs a window's start more than it is worth

    return ric.get_birth_place(number)


def _uscc(number: str) -> Any:
    from stdnum.cn import uscc  # noqa: PLC0415 - costs a window's start more than it is worth

    return uscc.is_valid(number)


def _luhn(number: str) -> Any:
    from stdnum import luhn  # noqa: PLC0415 - costs a window's start more than it is worth

    return luhn.is_valid(number)


def _iban(number: str) -> Any:
    from stdnum import iban  # noqa: PLC0415 - reads a table of all countries as it is imported

    return iban.is_valid(number)


ASKED: Mapping[str, Callable[[str], Any]] = {
    "resident_id": _resident_id,
    "uscc": _uscc,
    "luhn": _luhn,
    "iban": _iban,
}


_LONGEST = 64
"""No number is longer; the library's look-up calls itself for every few characters of one."""


def quietly(asked: Callable[[str], Any], number: str) -> Any:
    """The library's answer, None where it stumbles: it raises KeyError for districts without a county, and its own
    exceptions are ValueError."""
    try:
        return asked(number)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return None


def opinion(kind: str, number: str) -> Opinion:
    """What python-stdnum says of a number of one of the kinds of ASKED; of a text too long for one, nothing."""
    found = quietly(ASKED[kind], number) if kind in ASKED and len(number) <= _LONGEST else None
    if found is None:
        return Opinion.UNKNOWN
    return Opinion.VALID if found else Opinion.INVALID


def region_is_known(number: str) -> bool:
    """Whether its tables know the region of an 18-character identity number in the year of birth."""
    return bool(quietly(_birth_place, number))


def read_tables() -> None:
    """Have the library read its tables now (a fifth of a second), where nobody waits: not when the first customer's
    number is asked about."""
    for kind in ASKED:
        opinion(kind, "0")
    region_is_known("110105194912310000")
