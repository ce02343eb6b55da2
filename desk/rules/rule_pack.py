"""A dated rule pack: rules with their source and confidence, chosen by business date. Text comes in as a value.

A transaction stores ``reference`` (id, version and digest of the exact text). A pack with an unknown key, a missing
language or a bad date is refused by file and place.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.domain.procedure_kinds import Text

_TOP = {"pack", "version", "region", "valid_from", "valid_to", "rule"}
_RULE = {"rule", "kind", "on_fail", "title", "source", "confidence"}
_KINDS = {"automatic", "attested"}
_ON_FAIL = {"stop", "return", "warn"}
NEVER_WITHOUT = ("VC-01", "VC-03", "VC-04", "VC-06", "VC-12", "VC-13")
"""The floor of every pack (DESIGN §3: not configurable): form, completeness, capitals, date, account, name."""

_CONFIDENCE = {"S", "S-", "M", "U", "B"}


@dataclass(frozen=True)
class RuleRow:
    """One rule of the pack. ``confidence`` as flagged in the source tables; U and B await the bank's word."""

    rule: str
    kind: str
    on_fail: str
    title: Text
    source: str
    confidence: str


@dataclass(frozen=True)
class PackFlaw:
    """Why a pack was refused."""

    file: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.reason}"


@dataclass(frozen=True)
class RulePack:
    """A pack in force from ``valid_from`` until before ``valid_to`` ("" = open)."""

    pack: str
    version: int
    region: str
    valid_from: str
    valid_to: str
    rules: Mapping[str, RuleRow]
    digest: str

    @property
    def reference(self) -> str:
        """What a transaction stores of the pack it was judged under."""
        return f"{self.pack}/{self.version}/{self.digest[:16]}"

    def rule_reference(self, rule: str) -> str:
        """A rule with the pack and source it was used under."""
        row = self.rules.get(rule)
        return f"{rule} {self.pack}/{self.version} {row.source if row else ''}".rstrip()

    def title(self, rule: str) -> Text:
        row = self.rules.get(rule)
        return row.title if row else Text(rule, rule)

    def source(self, rule: str) -> str:
        row = self.rules.get(rule)
        return row.source if row else ""


class _Invalid(Exception):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


def load_pack(text: str, file: str) -> RulePack | PackFlaw:
    """Read a pack; ``file`` only names it in a flaw."""
    try:
        return _read(text)
    except tomllib.TOMLDecodeError as error:
        return PackFlaw(file, "syntax", str(error))
    except _Invalid as invalid:
        return PackFlaw(file, invalid.place, invalid.reason)


def _read(text: str) -> RulePack:
    data = tomllib.loads(text)
    _known(data, _TOP, "top")
    rows = data.get("rule")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _Invalid("rule", "at least one [[rule]] is needed")
    rules: dict[str, RuleRow] = {}
    for row in rows:
        one = _rule(row)
        if one.rule in rules:
            raise _Invalid(one.rule, "stands twice")
        rules[one.rule] = one
    valid_from, valid_to = _date(data, "valid_from"), _date(data, "valid_to", empty=True)
    if valid_to and valid_to <= valid_from:
        raise _Invalid("valid_to", "ends before it begins")
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise _Invalid("version", "must be a whole number")
    pack = RulePack(
        _string(data, "pack", "top"), version, _string(data, "region", "top"), valid_from, valid_to, rules,
        hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    missing = [name for name in NEVER_WITHOUT if name not in rules]
    if missing:
        raise _Invalid(missing[0], "no pack goes without this check")
    return pack


def _known(table: Mapping[str, Any], names: set[str], place: str) -> None:
    for name in table:
        if name not in names:
            raise _Invalid(place, f"unknown key {name!r}")


def _string(table: Mapping[str, Any], name: str, place: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Invalid(place, f"{name!r} must be a text")
    return value


def _date(table: Mapping[str, Any], name: str, empty: bool = False) -> str:
    value = table.get(name)
    if empty and value == "":
        return ""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _Invalid(name, "must be a date")
    return value.isoformat()


def _rule(row: Mapping[str, Any]) -> RuleRow:
    place = str(row.get("rule", "rule"))
    _known(row, _RULE, place)
    title = row.get("title")
    if not isinstance(title, dict) or set(title) != {"zh", "en"}:
        raise _Invalid(place, "'title' needs zh and en")
    zh, en = _string(title, "zh", place), _string(title, "en", place)
    for name, allowed in (("kind", _KINDS), ("on_fail", _ON_FAIL), ("confidence", _CONFIDENCE)):
        if _string(row, name, place) not in allowed:
            raise _Invalid(place, f"{name!r}: {row.get(name)!r} is none of {sorted(allowed)}")
    return RuleRow(
        _string(row, "rule", place), row["kind"], row["on_fail"], Text(zh, en),
        _string(row, "source", place), row["confidence"],
    )  # fmt: skip


def choose(packs: tuple[RulePack, ...], business_date: str) -> RulePack | None:
    """The pack in force on the date; None when there is none."""
    for pack in packs:
        if pack.valid_from <= business_date and (not pack.valid_to or business_date < pack.valid_to):
            return pack
    return None
