"""Cash as it lies on the counter: rows of a denomination, batches of notes, totals.

Everything is in whole minor units. Holds no machine: a batch arrives as a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class CashRow:
    """``pieces`` of one denomination; ``denomination_minor`` in minor units (100 yuan = 10000)."""

    denomination_minor: int
    pieces: int

    @property
    def amount_minor(self) -> int:
        return self.denomination_minor * self.pieces


class BatchSource(Enum):
    """Where a batch's rows come from."""

    MACHINE = "machine"
    HAND = "hand"
    JUDGED = "judged"


class CountStage(Enum):
    """The maker's count or the second person's."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True)
class CashBatch:
    """One count as it entered the record. ``complete`` False demands a recount; both counts stay on record."""

    batch_id: str
    source: BatchSource
    stage: CountStage
    currency: str
    rows: tuple[CashRow, ...]
    rejected_pieces: int
    complete: bool
    device_id: str = ""
    evidence_digest: str = ""
    serials_read: int = 0
    serials_unread: int = 0
    problem: str = ""

    @property
    def total_minor(self) -> int:
        return total_minor(self.rows)

    @property
    def pieces(self) -> int:
        return sum(row.pieces for row in self.rows)


RENMINBI_DENOMINATIONS_MINOR: tuple[int, ...] = (10000, 5000, 2000, 1000, 500, 100, 50, 10)
RENMINBI_FEN_MINOR: tuple[int, ...] = (5, 2, 1)
"""Coins no longer issued but still legal tender: they may be brought, no table offers them."""


def total_minor(rows: Iterable[CashRow]) -> int:
    """Sum of the rows in minor units."""
    return sum(row.amount_minor for row in rows)


def merge(rows: Iterable[CashRow]) -> tuple[CashRow, ...]:
    """One row per denomination, largest first, rows of no pieces dropped."""
    pieces: dict[int, int] = {}
    for row in rows:
        pieces[row.denomination_minor] = pieces.get(row.denomination_minor, 0) + row.pieces
    return tuple(CashRow(value, pieces[value]) for value in sorted(pieces, reverse=True) if pieces[value])


def difference(expected: Iterable[CashRow], found: Iterable[CashRow]) -> tuple[CashRow, ...]:
    """``found - expected`` per denomination, pieces may be negative; rows that agree are left out."""
    signed = [*found, *(CashRow(row.denomination_minor, -row.pieces) for row in expected)]
    return merge(signed)
