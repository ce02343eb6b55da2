"""Ticket patterns as TOML that branch IT writes, and their try on a sample. Text in, a pattern or a flaw out; no disk.

In a line pattern ``{denomination}``, ``{pieces}`` and ``{amount}`` stand for numbers and ``{any}`` for any text; a
blank stands for one or more; everything else for itself. A pattern carries a sample ticket and what it says: one that
cannot read its own sample is a flaw that names the line. It proves the pattern, never the machine: unverified
(note-protocols §2.5, flag G).
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.wire.ticket import (
    ENCODINGS,
    KINDS,
    MAX_LINE,
    Message,
    RejectedRead,
    RowRead,
    Started,
    Tally,
    TicketDecoder,
    TicketPattern,
    TotalRead,
    minor_units,
)

_TOP = {
    "ticket", "encoding", "currency", "denominations", "drop", "rejected_optional", "sample", "sample_total",
    "sample_rejected", *KINDS,
}  # fmt: skip
ANY = "{any}"
MAX_ANY, MAX_PATTERNS = 3, 30
"""With them the longest line is given up within milliseconds, whatever stands in it and in the pattern."""
_FIELD = re.compile(r"(\{\w*\})")
_NUMBER = r"[0-9][0-9,]{0,14}"
_SHAPES = {
    "{denomination}": rf"(?P<denomination>{_NUMBER}(?:\.[0-9]{{1,2}})?)",
    "{pieces}": rf"(?P<pieces>{_NUMBER})",
    "{amount}": rf"(?P<amount>{_NUMBER}(?:\.[0-9]{{1,2}})?)",
    ANY: "(.*)",
}
_NEEDED = {"row": ("{denomination}", "{pieces}"), "total": ("{amount}",), "rejected": ("{pieces}",)}
_ALLOWED = {**_NEEDED, "row": (*_NEEDED["row"], "{amount}"), "total": ("{amount}", "{pieces}")}
_REQUIRED_KINDS = ("start", "row", "total")


@dataclass(frozen=True)
class TicketFlaw:
    """What is wrong with a pattern, and where: its file, and the line of it where one can be named."""

    file: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


@dataclass(frozen=True)
class Trial:
    """A ticket tried: each line with what it was read as, why the ticket is not whole ("" when it is), and its sums."""

    lines: tuple[tuple[str, Message], ...]
    problem: str
    total_minor: int
    rejected: int
    pieces: int = 0
    problem_line: int = 0
    """Where the problem stands, from 1, empty lines not counted; 0 for one of the whole ticket."""


class _Invalid(Exception):
    """Carries the first flaw out of the reading; never leaves this module. ``mark`` is the text of the file that it is
    about, ``below`` how many lines below that it stands."""

    def __init__(self, reason: str, mark: str = "", below: int = 0) -> None:
        super().__init__(reason)
        self.mark, self.below = mark, below


def try_pattern(pattern: TicketPattern, ticket: bytes) -> Trial:
    """What a pattern makes of one ticket, as a counter would send it."""
    tally, problem, at, lines = Tally(pattern), "", 0, []
    for message in TicketDecoder(pattern).receive(ticket + b"\n"):
        text = message.line.decode(pattern.encoding, "replace").strip()
        lines.append((text, message))
        said = "" if problem else _problem(tally, message)
        if said:
            problem, at = f"line {len(lines)} {text!r}: {said}", len(lines)
    if not problem and not tally.ended:
        problem = "the ticket does not end"
    return Trial(tuple(lines), problem, tally.amount_minor, tally.rejected or 0, tally.pieces, at)


def _problem(tally: Tally, message: Message) -> str:
    if not tally.ended:
        return tally.add(message)
    of_a_ticket = isinstance(message, Started | RowRead | TotalRead | RejectedRead)
    return "behind the ticket's end" if of_a_ticket else ""


def load_pattern(text: str, file: str) -> TicketPattern | TicketFlaw:
    """Read one pattern and try it on its own sample; ``file`` only names it in a flaw."""
    try:
        data = tomllib.loads(text)
        pattern = _read(data)
        _try_sample(pattern, data)
    except tomllib.TOMLDecodeError as error:
        return TicketFlaw(file, str(error))
    except _Invalid as error:
        return TicketFlaw(file, str(error), _line_of(text, error))
    return pattern


def _line_of(text: str, flaw: _Invalid) -> int:
    """Where the flaw stands: the first line that holds its text; 0 when no line does."""
    if not flaw.mark:
        return 0
    for number, line in enumerate(text.splitlines(), 1):
        if flaw.mark in line.partition("#")[0] or line.startswith(flaw.mark):
            return number + flaw.below
    return 0


def _read(data: Mapping[str, Any]) -> TicketPattern:
    for name in data:
        if name not in _TOP:
            raise _Invalid(f"unknown key {name!r}; there are: {', '.join(sorted(_TOP))}", name)
    encoding = _text(data, "encoding")
    if encoding not in ENCODINGS:
        raise _Invalid(f"'encoding' is one of {', '.join(ENCODINGS)}", "encoding")
    currency = _text(data, "currency")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise _Invalid("'currency' is three capital letters", "currency")
    lines = {kind: _lines(data, kind) for kind in KINDS}
    for kind in _REQUIRED_KINDS:
        if not lines[kind]:
            raise _Invalid(f"at least one {kind!r} line is needed")
    optional = data.get("rejected_optional", False)
    if not isinstance(optional, bool):
        raise _Invalid("'rejected_optional' is true or false", "rejected_optional")
    return TicketPattern(
        _text(data, "ticket"), encoding, currency, _denominations(data),
        tuple(sorted(map(_sequence, _texts(data, "drop")), key=len, reverse=True)),
        bool(lines["rejected"]) and not optional, lines,
    )  # fmt: skip


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Invalid(f"{name!r} must be a text", name)
    return value


def _texts(data: Mapping[str, Any], name: str) -> list[str]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise _Invalid(f"{name!r} must be a list of texts", name)
    return value


def _denominations(data: Mapping[str, Any]) -> frozenset[int]:
    found = [minor_units(one) for one in _texts(data, "denominations")]
    if not found or None in found or 0 in found:
        raise _Invalid('\'denominations\' are amounts such as "100" or "0.50"', "denominations")
    return frozenset(one for one in found if one)


def _sequence(text: str) -> bytes:
    try:
        sequence = bytes.fromhex(text)
    except ValueError:
        raise _Invalid(f"'drop': {text!r} is no hex text", text) from None
    if any(end in sequence for end in b"\r\n\f"):
        raise _Invalid(f"'drop': {text!r} holds a line end", text)
    return sequence


def _lines(data: Mapping[str, Any], kind: str) -> tuple[re.Pattern[str], ...]:
    templates = _texts(data, kind)
    if len(templates) > MAX_PATTERNS:
        raise _Invalid(f"{kind!r}: more than {MAX_PATTERNS} patterns", kind)
    return tuple(_compiled(kind, template.strip(" ")) for template in templates)


def _compiled(kind: str, template: str) -> re.Pattern[str]:
    parts = [part for part in _FIELD.split(template) if part]
    fields = [part for part in parts if _FIELD.fullmatch(part)]
    flaw = _flaw_of(kind, template, parts, fields)
    if flaw:
        raise _Invalid(f"{kind!r}: {flaw} in {template!r}", template)
    return re.compile("".join(_SHAPES.get(part) or _literal(part) for part in parts))


def _flaw_of(kind: str, template: str, parts: list[str], fields: list[str]) -> str:
    """What is wrong with a line pattern; "" when nothing is."""
    numbers = [one for one in fields if one != ANY]
    allowed = _ALLOWED.get(kind, ())
    strange = [one for one in numbers if one not in allowed]
    missing = [one for one in _NEEDED.get(kind, ()) if one not in numbers]
    if strange:
        return f"{strange[0]} cannot stand (there may be: {', '.join((*allowed, ANY))})"
    if len(set(numbers)) != len(numbers):
        return "a number stands twice"
    if missing:
        return f"{missing[0]} is missing"
    if any(_FIELD.fullmatch(a) and _FIELD.fullmatch(b) for a, b in itertools.pairwise(parts)):
        return "two fields touch"
    if fields.count(ANY) > MAX_ANY or len(template) > MAX_LINE:
        return f"more than {MAX_ANY} {ANY}, or more than {MAX_LINE} characters,"
    if kind != "row" and not any(part.strip() for part in parts if part not in fields):
        return "there is no text of its own"
    return ""


def _literal(text: str) -> str:
    """A run of blanks is taken whole (possessive), so that a line that does not fit is given up soon."""
    return " ++".join(map(re.escape, re.split(" +", text)))


def _try_sample(pattern: TicketPattern, data: Mapping[str, Any]) -> None:
    sample = _text(data, "sample")
    try:
        ticket = sample.encode(pattern.encoding)
    except UnicodeEncodeError:
        raise _Invalid("'sample' does not go into its 'encoding'") from None
    trial = try_pattern(pattern, ticket)
    if trial.problem:
        raise _Invalid(f"the sample, {trial.problem}", "sample =", trial.problem_line)
    if trial.total_minor != minor_units(_text(data, "sample_total")):
        raise _Invalid("the sample has another total than 'sample_total'", "sample_total")
    if trial.rejected != data.get("sample_rejected", 0):
        raise _Invalid(
            "the sample has another number of rejected notes than 'sample_rejected'", "sample_rejected"
        )
