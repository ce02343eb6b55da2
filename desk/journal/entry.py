"""The head of an event, and an event in its place. No SQL, no clock, no keys.

Event head v1 (DESIGN §5): name, version, desk, branch, sequence, business date, UTC, person, role,
transaction, rule pack, currency, algorithm ids.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.events import Event

ALGORITHMS = "sha256/ed25519"


@dataclass(frozen=True)
class EventHead:
    """Who, when and under what an event happened. ``utc`` is ISO 8601 with microseconds and "Z";
    ``business_date`` is the branch's, "YYYY-MM-DD"; ``transaction`` is 32 hex digits or ""."""

    desk: str
    branch: str
    business_date: str
    utc: str
    person: str
    role: str
    transaction: str
    rule_pack: str
    currency: str


@dataclass(frozen=True)
class Recorded:
    """An event with its head and its place in the chain."""

    head: EventHead
    sequence: int
    event: Event
