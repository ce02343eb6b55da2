"""A counter that prints its result as text lines over a serial line: lines by a pattern → rows. Pure.

No brand's ticket is documented (note-protocols §2.5: many counters have a printer port that prints denomination,
pieces, amount and a total; flag G), so the pattern is data that branch IT writes for its machine: every reading by it
stays unverified until that machine was compared with it. Nothing checks such a line but the ticket's own sums: a
ticket counts only when every line of it is understood and its rows add up to its total. A rejected-notes line has no
sum that would show a wrong figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.wire import gb18030

MAX_LINE = 160
ENCODINGS = ("ascii", "gb18030", "utf-8")
_LINE_END = re.compile(rb"[\r\n\f]")
_GROUPED = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?", re.ASCII)


class Message:
    """Base of what a line says. ``line`` is its exact bytes without the line end, for the batch's digest."""

    line: bytes


@dataclass(frozen=True)
class Started(Message):
    """A ticket begins."""

    line: bytes


@dataclass(frozen=True)
class RowRead(Message):
    """Pieces of one denomination; ``amount_minor`` is None where the ticket prints none."""

    denomination_minor: int
    pieces: int
    amount_minor: int | None
    line: bytes


@dataclass(frozen=True)
class TotalRead(Message):
    """The ticket's total; ``pieces`` is None where the ticket prints none."""

    amount_minor: int
    pieces: int | None
    line: bytes


@dataclass(frozen=True)
class RejectedRead(Message):
    """Notes in the reject pocket: they are no money, and no proof of forgery."""

    pieces: int
    line: bytes


@dataclass(frozen=True)
class Ended(Message):
    """The ticket's last line."""

    line: bytes


@dataclass(frozen=True)
class Ignored(Message):
    """A line that the pattern names as meaningless here (a date, a rule)."""

    line: bytes


@dataclass(frozen=True)
class BadLine(Message):
    """A line that is not understood, and why: "unknown", "number", "encoding", "control", "length"."""

    reason: str
    line: bytes


KINDS = ("start", "end", "total", "rejected", "row", "ignore")
"""Kinds of lines in the order in which they are tried."""


@dataclass(frozen=True)
class TicketPattern:
    """How one machine's ticket reads. ``lines`` are the compiled patterns of each of ``KINDS``; ``denominations`` in
    minor units; ``drop`` are control sequences to a printer that stand in the lines. Without an "end" line the total
    ends the ticket. ``rejected_always``: a ticket without its rejected line lost it."""

    ticket: str
    encoding: str
    currency: str
    denominations: frozenset[int]
    drop: tuple[bytes, ...]
    rejected_always: bool
    lines: Mapping[str, tuple[re.Pattern[str], ...]]

    @property
    def ends_at_total(self) -> bool:
        return not self.lines["end"]


def minor_units(text: str) -> int | None:
    """``1,800.00`` → 180000; None for what is no number, wrong grouping included."""
    found = _GROUPED.fullmatch(text)
    if found is None:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))


class TicketDecoder:
    """Feed it bytes as they come, glued or cut; it keeps at most one line. CR, LF and form feed end a line; an empty
    line says nothing."""

    def __init__(self, pattern: TicketPattern) -> None:
        self._pattern = pattern
        self._buffer = bytearray()
        self._skipping = False

    def receive(self, data: bytes) -> tuple[Message, ...]:
        """Every line that is complete now, in order."""
        self._buffer += data
        found: list[Message] = []
        while end := _LINE_END.search(self._buffer):
            line = bytes(self._buffer[: end.start()])
            del self._buffer[: end.end()]
            message = None if self._skipping else self._read(line)
            self._skipping = False
            if message is not None:
                found.append(message)
        if len(self._buffer) > MAX_LINE:
            if not self._skipping:
                found.append(BadLine("length", bytes(self._buffer[:MAX_LINE])))
            self._skipping = True
            self._buffer.clear()
        return tuple(found)

    def _read(self, line: bytes) -> Message | None:
        if len(line) > MAX_LINE:
            return BadLine("length", line[:MAX_LINE])
        bare = line
        for sequence in self._pattern.drop:
            bare = bare.replace(sequence, b"")
        try:
            text = _decoded(bare, self._pattern.encoding).replace("\t", " ").strip(" ")
        except UnicodeDecodeError:
            return BadLine("encoding", line)
        if not text.isprintable():
            return BadLine("control", line)
        return _message(self._pattern, text, line) if text else None


def _decoded(line: bytes, encoding: str) -> str:
    return gb18030.decode(line) if encoding == "gb18030" else line.decode(encoding)


def _message(pattern: TicketPattern, text: str, line: bytes) -> Message:
    for kind in KINDS:
        for shape in pattern.lines[kind]:
            found = shape.fullmatch(text)
            if found is not None:
                return _of_kind(kind, found.groupdict(), line)
    return BadLine("unknown", line)


def _of_kind(kind: str, said: Mapping[str, str], line: bytes) -> Message:
    plain = {"start": Started, "end": Ended, "ignore": Ignored}.get(kind)
    if plain is not None:
        return plain(line)
    numbers = {name: minor_units(text) for name, text in said.items()}
    if None in numbers.values():
        return BadLine("number", line)
    amount, pieces = numbers.get("amount"), _whole(numbers.get("pieces"))
    if kind == "total":
        return TotalRead(amount or 0, pieces, line)
    if kind == "rejected":
        return RejectedRead(pieces or 0, line)
    return RowRead(numbers.get("denomination") or 0, pieces or 0, amount, line)


def _whole(minor: int | None) -> int | None:
    return None if minor is None else minor // 100


@dataclass
class Tally:
    """Adds a ticket up, line by line. A line that does not follow from those before it makes the ticket incomplete:
    evidence that demands a recount, never money."""

    pattern: TicketPattern
    rows: dict[int, int] = field(default_factory=dict)
    rejected: int | None = None
    total_minor: int | None = None
    started: bool = False
    ended: bool = False

    @property
    def pieces(self) -> int:
        return sum(self.rows.values())

    @property
    def amount_minor(self) -> int:
        """What the rows so far are worth."""
        return sum(unit * pieces for unit, pieces in self.rows.items())

    def add(self, message: Message) -> str:
        """Take one line in; "" when it holds, else why the ticket is incomplete. Outside a ticket only a line that
        belongs inside one matters."""
        if isinstance(message, Started):
            return self._start()
        if not self.started:
            inside = isinstance(message, RowRead | TotalRead | RejectedRead)
            return "lines before the ticket's start" if inside else ""
        if isinstance(message, BadLine):
            return f"a line is not understood: {message.reason}"
        if isinstance(message, RowRead):
            return self._row(message)
        if isinstance(message, TotalRead):
            return self._total(message)
        if isinstance(message, RejectedRead):
            return self._rejected(message)
        return self._end() if isinstance(message, Ended) else ""

    def _start(self) -> str:
        if self.rows or self.rejected is not None or self.total_minor is not None:
            return "a new ticket before the end of this one"
        self.started = True
        return ""

    def _row(self, row: RowRead) -> str:
        if self.total_minor is not None:
            return "a row behind the total"
        if row.denomination_minor not in self.pattern.denominations:
            return "a denomination that there is not"
        if row.denomination_minor in self.rows:
            return "a denomination twice"
        if row.amount_minor not in (None, row.denomination_minor * row.pieces):
            return "a row does not multiply"
        self.rows[row.denomination_minor] = row.pieces
        return ""

    def _total(self, total: TotalRead) -> str:
        if self.total_minor is not None:
            return "a second total"
        if total.amount_minor != self.amount_minor or total.pieces not in (None, self.pieces):
            return "the rows do not add up to the total"
        self.total_minor = total.amount_minor
        return self._end() if self.pattern.ends_at_total else ""

    def _rejected(self, rejected: RejectedRead) -> str:
        if self.rejected is not None:
            return "rejected notes twice"
        self.rejected = rejected.pieces
        return ""

    def _end(self) -> str:
        if self.total_minor is None:
            return "no total"
        if self.rejected is None and self.pattern.rejected_always:
            return "no word of rejected notes"
        self.ended = True
        return ""
