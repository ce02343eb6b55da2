"""A rule pack: the rules of one topic for one region and one span of business dates, read from text.

A pack is TOML: a head (pack, topic, version, region, issuer, valid_from, valid_to) and one ``[[rule]]`` a rule. What a
rule may say is declared in its topic (``desk.rules.topics``, brought in as a value); anything else is refused by file,
line and name. Which pack is in force is ``desk.rules.rule_set``'s, who signed it ``desk.journal.pack_seal``'s.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.domain.procedure_kinds import Text
from desk.rules.shapes import BadValue, Field, Limit, Share, Topic, read_field

_TOP: Mapping[str, Field] = {
    "pack": Field("text"),
    "topic": Field("text"),
    "version": Field("whole"),
    "region": Field("text"),
    "issuer": Field("text"),
    "title": Field("words"),
    "valid_from": Field("day"),
    "valid_to": Field("day", required=False),
}
_ROW: Mapping[str, Field] = {
    "rule": Field("text"),
    "title": Field("words"),
    "source": Field("text"),
    "confidence": Field("text", allowed=frozenset({"S", "S-", "M", "U", "B"})),
    "on": Field("yes_no", required=False),
    "confirmed": Field("text", required=False),
    "regions": Field("texts", required=False),
}
_AWAIT_BANK = frozenset({"U", "B"})


@dataclass(frozen=True)
class RuleRow:
    """One rule. ``confidence`` as flagged in the source tables (S seen, S- secondary, M from memory, U unverified,
    B bank policy); ``confirmed`` names what the bank confirmed it by, "" while it has not. U and B are off unless the
    pack says ``on``. ``regions``: only there, when not empty. ``values``: the fields of its topic's shape."""

    rule: str
    title: Text
    source: str
    confidence: str
    on: bool
    confirmed: str = ""
    regions: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    @property
    def awaits_bank(self) -> bool:
        """Whether the rule stands on nothing but a guess or a custom until the bank confirms it."""
        return self.confidence in _AWAIT_BANK and not self.confirmed

    def text(self, name: str) -> str:
        return str(self.values.get(name, ""))

    def texts(self, name: str) -> tuple[str, ...]:
        found: tuple[str, ...] = self.values.get(name, ())
        return found

    def whole(self, name: str) -> int:
        return int(self.values.get(name, 0))

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name, False))

    def words(self, name: str) -> Text:
        found: Text = self.values.get(name, Text("", ""))
        return found

    def limit(self, name: str) -> Limit:
        """A declared limit; KeyError for a field that the shape does not require and the pack does not give."""
        found: Limit = self.values[name]
        return found

    def share(self, name: str) -> Share:
        """A declared fraction; KeyError as for ``limit``."""
        found: Share = self.values[name]
        return found

    def pattern(self, name: str) -> re.Pattern[str]:
        """A declared pattern; KeyError as for ``limit``."""
        found: re.Pattern[str] = self.values[name]
        return found

    def table(self, name: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.values.get(name, {})
        return found


@dataclass(frozen=True)
class PackFlaw:
    """Why a pack was refused: file, line (1 where it has none of its own), the rule or key, and the reason."""

    file: str
    line: int
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.place}: {self.reason}"


@dataclass(frozen=True)
class RulePack:
    """A pack in force from ``valid_from`` to ``valid_to``, both included ("" = open end), as ISO dates."""

    pack: str
    topic: str
    version: int
    region: str
    issuer: str
    title: Text
    valid_from: str
    valid_to: str
    rules: Mapping[str, RuleRow]
    digest: str
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Id and version, as answers name it: ``cn.thresholds/1``."""
        return f"{self.pack}/{self.version}"

    @property
    def reference(self) -> str:
        """Name and the beginning of the exact text's SHA-256."""
        return f"{self.name}/{self.digest[:16]}"

    def in_force(self, business_date: str) -> bool:
        return self.valid_from <= business_date and (not self.valid_to or business_date <= self.valid_to)

    def rule(self, rule: str) -> RuleRow | None:
        """A rule that is on; None for one that is off or not there (absence means refusal where one is needed)."""
        row = self.rules.get(rule)
        return row if row is not None and row.on else None

    def family(self, start: str) -> tuple[RuleRow, ...]:
        """Every rule that is on and whose id begins so, in the file's order."""
        return tuple(row for rule, row in self.rules.items() if row.on and rule.startswith(start))


class _Invalid(Exception):
    def __init__(self, line: int, place: str, reason: str) -> None:
        super().__init__(reason)
        self.line, self.place, self.reason = line, place, reason


def load_pack(text: str, file: str, topics: Mapping[str, Topic]) -> RulePack | PackFlaw:
    """Read a pack; ``file`` only names it in a flaw."""
    try:
        return _read(text, file, topics)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        return PackFlaw(file, int(found.group(1)) if found else 1, "syntax", str(error))
    except _Invalid as invalid:
        return PackFlaw(file, invalid.line, invalid.place, invalid.reason)


def _read(text: str, file: str, topics: Mapping[str, Topic]) -> RulePack:
    data = tomllib.loads(text)
    head_lines, row_lines = _lines(text)
    rows = data.pop("rule", None)
    head = _fields(data, _TOP, "head", head_lines)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _Invalid(1, "rule", "at least one [[rule]] is needed")
    if len(rows) != len(row_lines):
        raise _Invalid(1, "rule", "every rule stands under a line [[rule]] of its own")
    if head.get("valid_to") and head["valid_to"] < head["valid_from"]:
        raise _Invalid(head_lines["valid_to"], "valid_to", "ends before it begins")
    topic = topics.get(head["topic"])
    if topic is None:
        raise _Invalid(
            head_lines["topic"], "head", f"unknown topic {head['topic']!r}; there are {sorted(topics)}"
        )
    rules: dict[str, RuleRow] = {}
    for row, lines in zip(rows, row_lines, strict=True):
        one = _rule(row, topic, lines)
        if one.rule in rules:
            raise _Invalid(one.line, one.rule, f"stands twice, first in line {rules[one.rule].line}")
        rules[one.rule] = one
    for name in topic.never_without:
        if name not in rules:
            raise _Invalid(1, name, f"no pack of {topic.topic!r} goes without this rule")
        if not rules[name].on or rules[name].regions:
            raise _Invalid(rules[name].line, name, "is never off, in no region")
    return RulePack(
        **{**head, "valid_to": head.get("valid_to", "")}, rules=rules,
        digest=hashlib.sha256(text.encode()).hexdigest(), file=file, lines=head_lines,
    )  # fmt: skip


def _lines(text: str) -> tuple[dict[str, int], list[dict[str, int]]]:
    """Line numbers of the keys of the head and of each rule; "" is the rule's own header."""
    head: dict[str, int] = {}
    rows: list[dict[str, int]] = []
    here = head
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*\[\[\s*rule\s*\]\]", line):
            here = {"": number}
            rows.append(here)
        elif found := re.match(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=", line):
            here.setdefault(found.group(1), number)
    return head, rows


def _fields(
    given: Mapping[str, Any], fields: Mapping[str, Field], place: str, lines: Mapping[str, int]
) -> dict[str, Any]:
    """The checked values; an unknown, missing or bad field is named with its line."""
    first = lines.get("", 1)
    for name in given:
        if name not in fields:
            raise _Invalid(lines.get(name, first), place, f"unknown key {name!r}")
    read: dict[str, Any] = {}
    for name, one in fields.items():
        if name not in given:
            if one.required:
                raise _Invalid(first, place, f"{name!r} is missing")
            continue
        try:
            read[name] = read_field(one, given[name])
        except BadValue as bad:
            raise _Invalid(lines.get(name, first), place, f"{name!r} {bad}") from bad
    return read


def _rule(row: Mapping[str, Any], topic: Topic, lines: Mapping[str, int]) -> RuleRow:
    name = row.get("rule")
    place = name if isinstance(name, str) and name else "rule"
    shape = topic.shape_of(place)
    if isinstance(name, str) and shape is None:
        raise _Invalid(lines.get("rule", lines[""]), place, f"is no rule of {topic.topic!r}")
    own = shape.fields if shape else {}
    read = _fields(row, {**_ROW, **own}, place, lines)
    confidence = read["confidence"]
    return RuleRow(
        rule=read["rule"],
        title=read["title"],
        source=read["source"],
        confidence=confidence,
        on=read.get("on", confidence not in _AWAIT_BANK),
        confirmed=read.get("confirmed", ""),
        regions=read.get("regions", ()),
        values={key: read[key] for key in own if key in read},
        line=lines[""],
    )
