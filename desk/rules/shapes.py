"""What a rule of a pack may say: fields with a kind each, gathered in shapes, gathered in topics.

A topic is one area of law or policy (capitals, terms, thresholds …). Its module in ``desk.rules`` declares which rules
there are and which fields each carries; a rule or field that nobody declared is unknown, and its pack refused by name
and line. Holds declarations and the reading of one field's value; no file, no dates of packs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desk.domain.money import parse_amount
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal


@dataclass(frozen=True)
class Limit:
    """An amount in minor units and whether it is itself within the rule: ``inclusive`` True means "from … on"."""

    amount_minor: int
    inclusive: bool

    def is_reached(self, amount_minor: int) -> bool:
        return amount_minor >= self.amount_minor if self.inclusive else amount_minor > self.amount_minor


Share = tuple[int, int]
"""A fraction as numerator and denominator, both whole: "3/4" is (3, 4)."""


@dataclass(frozen=True)
class Field:
    """One field of a rule. ``kind`` is a key of KINDS; ``allowed`` closes a text or the members of a list."""

    kind: str
    required: bool = True
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shape:
    """The fields that a rule carries beside its title, source, confidence and the bank's word."""

    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Topic:
    """An area of rules. ``shapes`` by rule id; ``families`` by the beginning of an id ("CAL-" for every year).
    ``never_without``: rules that every pack of the topic carries, on, whatever the bank wishes."""

    topic: str
    title: Text
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    families: Mapping[str, Shape] = field(default_factory=dict)
    never_without: tuple[str, ...] = ()

    def shape_of(self, rule: str) -> Shape | None:
        """The shape of a rule; None for one that nobody declared."""
        if rule in self.shapes:
            return self.shapes[rule]
        return next((shape for start, shape in self.families.items() if rule.startswith(start)), None)


class BadValue(Exception):
    """Carries why a value is none of its kind; never leaves the reading of a pack."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadValue("must be a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise BadValue("must be a list of texts")
    return tuple(_text(one) for one in value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadValue("must be a whole number, not below 0")
    return value


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("must be true or false")
    return value


def _day(value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadValue("must be a date")
    return value.isoformat()


def _days(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadValue("must be a list of dates")
    return tuple(_day(one) for one in value)


def words(value: Any) -> Text:
    """A sentence in both languages: exactly zh and en."""
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise BadValue("needs zh and en")
    return Text(_text(value["zh"]), _text(value["en"]))


def _share(value: Any) -> Share:
    found = re.fullmatch(r"(\d{1,4})/([1-9]\d{0,3})", value) if isinstance(value, str) else None
    if found is None:
        raise BadValue('must be a fraction such as "3/4"')
    return int(found.group(1)), int(found.group(2))


def _amount(value: Any) -> int:
    amount = parse_amount(value) if isinstance(value, str) else None
    if amount is None or isinstance(amount, Refusal):
        raise BadValue('must be an amount such as "50000.00"')
    return amount


def _limit(value: Any) -> Limit:
    if not isinstance(value, dict) or set(value) != {"amount", "inclusive"}:
        raise BadValue("needs exactly amount and inclusive: a limit says whether it includes its boundary")
    return Limit(_amount(value["amount"]), _yes_no(value["inclusive"]))


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(_text(value))
    except re.error as error:
        raise BadValue(f"is no pattern: {error}") from error


def _table(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise BadValue("must be a table of texts")
    return dict(value)


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "whole": _whole,
    "yes_no": _yes_no,
    "day": _day,
    "days": _days,
    "words": words,
    "share": _share,
    "amount": _amount,
    "limit": _limit,
    "pattern": _pattern,
    "table": _table,
}
"""How each kind of field is read: TOML value → checked value."""


def read_field(one: Field, value: Any) -> Any:
    """The checked value of a field; BadValue says why it is none."""
    read = KINDS[one.kind](value)
    if one.allowed:
        for member in read if isinstance(read, tuple) else (read,):
            if member not in one.allowed:
                raise BadValue(f"{member!r} is none of {sorted(one.allowed)}")
    return read
