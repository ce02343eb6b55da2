"""The customer of the played deposit: what they bring, and what their hands do at the counter.

20,250.00 in 100×180, 50×40, 10×25; the first heap lacks one 50, which the customer adds; the recount rejects one worn
100, which two people judge genuine. What the hands do next follows from what is on record, so that an interrupted
play goes on where it stopped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from desk.domain.cash import CashRow
from desk.views import CountView
from devices.simulators.process import SimulatorProcess
from ui.training.branch import ACCOUNTS, TrainingAccount

AMOUNT_MINOR = 2_025_000
ROWS: tuple[tuple[int, int], ...] = ((10000, 180), (5000, 40), (1000, 25))
WORN = 10000
SHORT_HEAP: list[Any] = [[100, 180], [50, 39], [10, 25]]
RECOUNT_HEAP: list[Any] = [{"denomination": 100, "reject": 6}, [100, 179], [50, 40], [10, 25]]
SECOND_HEAP: list[Any] = [[100, 179], [50, 40], [10, 25]]

NOTE_TRIES, NOTE_SECONDS = 20, 0.25


@dataclass(frozen=True)
class Customer:
    """Who comes to the counter."""

    account: TrainingAccount = ACCOUNTS[0]
    amount_minor: int = AMOUNT_MINOR

    @property
    def amount_keys(self) -> str:
        """The amount as it is keyed: no decimals when they are zero."""
        yuan, fen = divmod(self.amount_minor, 100)
        return str(yuan) if not fen else f"{yuan}.{fen:02d}"

    @property
    def last_four(self) -> str:
        return self.account.number[-4:]


def slip_rows() -> tuple[CashRow, ...]:
    return tuple(CashRow(unit, pieces) for unit, pieces in ROWS)


def heap_for(view: CountView) -> list[Any]:
    """What lies in the counter's hopper for the count that comes now."""
    if view.second:
        return SECOND_HEAP
    return SHORT_HEAP if view.counts_so_far == 0 else RECOUNT_HEAP


def load_counter(counter: SimulatorProcess, view: CountView, rate_per_minute: int) -> None:
    """Take what the last run left and put the heap in."""
    counter.hands(do="take")
    counter.hands(do="load", notes=heap_for(view), rate_per_minute=rate_per_minute)


def put_note(detector: SimulatorProcess, denomination: int) -> None:
    """Hold one note at the detector's mouth until it draws it in: a validator that is not enabled yet takes nothing."""
    for _ in range(NOTE_TRIES):
        facts = detector.hands(do="insert", denomination=denomination, classification=4).get("facts", [])
        if not facts or facts[-1].get("fact") != "not taken":
            return
        time.sleep(NOTE_SECONDS)
