"""What the tests of every passbook printer share: a driver with its machine on one bench, rows, and a link that tires.

Each printer's own tests say what that printer promises; nothing is asserted here but that a job could be prepared.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from devices.contracts import Outcome, PassbookJob, PassbookRow, PreparedJob
from devices.errors import DeviceErrorCode
from devices.forms import CELL_UNITS, WIDE_UNITS, PassbookForm, lay_out
from devices.glyphs import Glyphs
from devices.link.fault import FaultLink, Faults
from devices.simulators.ledger import PhysicalLedger
from tests.devices.rig import FORM, Bench, Never, row

GLYPHS = Glyphs()
ROWS = (row(3), row(4, "取款", "-200.00"), row(15, "存款", "+1,550.00"))
PAGE = tuple(row(line) for line in range(1, FORM.lines + 1))
Forms = Mapping[str, PassbookForm]


class BookPrinting:
    """One printer with its driver on one bench."""

    def __init__(
        self,
        machine: Any,
        driver: Callable[[str, Callable[[], float], Forms, Glyphs], Any],
        faults: Faults | None = None,
        form: PassbookForm = FORM,
    ) -> None:
        self.bench = Bench(machine)
        self.driver = driver("printer-1", self.bench.clock, {form.form: form}, GLYPHS)
        self.driver.attach(FaultLink(self.bench, faults) if faults else self.bench)
        self.progress: list[Any] = []

    def insert(self, **more: Any) -> None:
        self.bench.hands(do="insert_book", book="book-1", **more)

    def prepare(
        self, rows: tuple[PassbookRow, ...] = ROWS, job_id: str = "job-1", training: bool = False
    ) -> PreparedJob:
        job = self.driver.prepare(PassbookJob(job_id, "passbook_24", 1, rows, training))
        assert isinstance(job, PreparedJob), job
        return job

    def execute(self, job: PreparedJob | None = None, stop: Any = None) -> Outcome:
        outcome: Outcome = self.driver.execute(job or self.prepare(), self.progress.append, stop or Never())
        return outcome

    def report(self) -> dict[str, Any]:
        return self.bench.hands(do="report")

    @property
    def inked(self) -> int:
        """Rows that truly are on paper."""
        return int(self.report()["rows"])

    @property
    def overprints(self) -> int:
        return int(self.report()["overprints"])


class ShortLink:
    """A link whose write takes only so many bytes before its time is up."""

    name, note = "short", ""

    def __init__(self, inner: Bench, room: int) -> None:
        self._inner, self._room = inner, room

    def open(self) -> None:
        self._inner.open()

    def close(self) -> None:
        self._inner.close()

    def read(self, timeout_seconds: float) -> bytes:
        return self._inner.read(timeout_seconds)

    def write(self, data: bytes, timeout_seconds: float) -> int:
        taken = data[: self._room]
        self._room -= len(taken)
        return self._inner.write(taken, timeout_seconds) if taken else 0


def code_of(outcome: Outcome) -> DeviceErrorCode | None:
    return outcome.error.code if outcome.error else None


# --- ink ------------------------------------------------------------------------------------------------------

Struck = list[tuple[float, float, str | bytes]]


def ink(ledger: Path) -> list[dict[str, Any]]:
    """What was struck: "ink" begins a row, "more ink" goes on with it."""
    return [fact for fact in PhysicalLedger(ledger).facts if fact["fact"] in ("ink", "more ink")]


def struck(facts: list[dict[str, Any]]) -> Struck:
    """Each character as it lies: x, y, and itself (or its dots)."""
    found: Struck = []
    for fact in facts:
        for strike in fact["strikes"]:
            for at, char in enumerate(strike["text"]):
                found.append((strike["x"] + at * strike.get("cell", CELL_UNITS), strike["y"], char))
            if not strike["text"]:
                found.append((strike["x"], strike["y"], strike["columns"]))
    return found


def wanted(rows: tuple[PassbookRow, ...]) -> list[tuple[float, float, str]]:
    """Each character as the form places it."""
    placed = lay_out(FORM, rows)
    assert isinstance(placed, tuple)
    found = []
    for one in placed:
        x = one.x
        for char in one.text:
            found.append((x, one.y, char))
            x += one.cell if char.isascii() else WIDE_UNITS
    return found


def dots_of(char: str) -> str:
    """A character's dots as the ledger keeps them."""
    columns = GLYPHS.columns(char)
    assert isinstance(columns, bytes)
    return base64.b64encode(columns).decode()
