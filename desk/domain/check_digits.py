"""Check digits by their arithmetic: what the last character must be, and whether a number holds.

Pure sums over ASCII text; a text that is no number of the kind simply does not hold, nothing raises. What a failure
means stands in ``desk.rules``. Sources: GB 11643-1999, GB 32100-2015, GB 11714-1997, ISO/IEC 7812-1 (Luhn),
ISO/IEC 7064 (mod 97-10), as tabled in counter-rules §2.7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_ALPHABET = DIGITS + _LETTERS
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I O S V Z, which are read as 1 0 5 U 2."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_SYMBOLS = "10X98765432"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_SYMBOLS = "0X987654321"


def is_digits(text: str) -> bool:
    """At least one character, all of them 0–9 (``str.isdigit`` takes other scripts' digits too)."""
    return bool(text) and all(char in DIGITS for char in text)


def _in_alphabet(text: str, alphabet: str) -> bool:
    return bool(text) and all(char in alphabet for char in text)


def weighted(text: str, weights: tuple[int, ...], symbols: str, alphabet: str = DIGITS) -> str:
    """The check character for ``text``: Σ value × weight modulo the number of symbols picks one of them. Weights start
    again when they run out. "" for a text outside the alphabet, or without weights or symbols."""
    if not weights or not symbols or not _in_alphabet(text, alphabet):
        return ""
    total = sum(alphabet.index(char) * weights[at % len(weights)] for at, char in enumerate(text))
    return symbols[total % len(symbols)]


def resident_check(first_17: str) -> str:
    """The 18th character of a resident identity number; "" when these are not 17 digits."""
    return weighted(first_17, _ID_WEIGHTS, _ID_SYMBOLS) if len(first_17) == 17 else ""


def resident_id_holds(number: str) -> bool:
    """Whether the check character of an 18-character identity number is right."""
    return len(number) == 18 and resident_check(number[:17]) == number[17]


def resident_id_of_old(number: str) -> str:
    """The 18 characters of a 15-digit number of the first generation (all born 19xx); "" for anything else."""
    if len(number) != 15 or not is_digits(number):
        return ""
    first_17 = number[:6] + "19" + number[6:]
    return first_17 + resident_check(first_17)


def credit_check(first_17: str) -> str:
    """The 18th character of a unified social credit code; "" when 17 of its characters are not there."""
    if len(first_17) != 17 or not _in_alphabet(first_17, CREDIT_ALPHABET):
        return ""
    total = sum(CREDIT_ALPHABET.index(char) * pow(3, at, 31) for at, char in enumerate(first_17))
    return CREDIT_ALPHABET[-total % 31]


def credit_code_holds(number: str) -> bool:
    """Whether the outer check character is right; the organisation code inside has one of its own."""
    return len(number) == 18 and credit_check(number[:17]) == number[17]


def organisation_of_credit(number: str) -> str:
    """The nine characters of the organisation code inside a credit code."""
    return number[8:17]


def organisation_check(first_8: str) -> str:
    """The ninth character of an organisation code; "" when these are not its first eight."""
    if len(first_8) != 8:
        return ""
    return weighted(first_8, _ORGANISATION_WEIGHTS, _ORGANISATION_SYMBOLS, ORGANISATION_ALPHABET)


def organisation_code_holds(number: str) -> bool:
    """Whether a nine-character organisation code, written without its hyphen, is right."""
    return len(number) == 9 and organisation_check(number[:8]) == number[8]


def luhn_check(body: str) -> str:
    """The digit that makes ``body`` hold by Luhn; "" when it is not digits."""
    if not is_digits(body):
        return ""
    doubled = (int(char) * (2 if at % 2 == 0 else 1) for at, char in enumerate(reversed(body)))
    return str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def luhn_holds(number: str) -> bool:
    """Whether the last digit is right over the whole number; one digit alone has nothing to check."""
    return len(number) > 1 and luhn_check(number[:-1]) == number[-1]


def mod97_holds(text: str) -> bool:
    """Whether digits and letters (A = 10 … Z = 35), read as one number, leave 1 modulo 97."""
    if not _in_alphabet(text, ORGANISATION_ALPHABET):
        return False
    rest = 0
    for char in text:
        value = ORGANISATION_ALPHABET.index(char)
        rest = (rest * (10 if value < 10 else 100) + value) % 97
    return rest == 1


@dataclass(frozen=True)
class CheckParameters:
    """What a bank's pack gives beside an algorithm's name: weights from the left, symbols by remainder."""

    weights: tuple[int, ...] = ()
    symbols: str = ""


Algorithm = Callable[[str, CheckParameters], bool]


def _weighted_holds(number: str, given: CheckParameters) -> bool:
    return len(number) > 1 and weighted(number[:-1], given.weights, given.symbols) == number[-1]


ALGORITHMS: Mapping[str, Algorithm] = {
    "none": lambda number, _: bool(number),
    "luhn": lambda number, _: luhn_holds(number),
    "mod97": lambda number, _: mod97_holds(number),
    "weighted": _weighted_holds,
}
"""The check digit of an account as a plug-in: a bank's pack names one for each of its number formats. "none" is a
format whose digits nobody but the host can check."""
