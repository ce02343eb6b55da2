"""Per kind of machine: how a person and the desk make one effect happen, and which check reads the machine's ledger.

A new model needs nothing here: its manifest names its kind, and its simulator writes the same facts as its neighbours
("ink" and "overprint", "batch", "inserted" and "returned", "receipt").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from devices.conformance import checks
from devices.conformance.bench import Bench
from devices.conformance.checks import Attempt
from devices.contracts import (
    Cancel,
    DeviceKind,
    NoteReading,
    PassbookJob,
    PassbookRow,
    PreparedJob,
    ReceiptJob,
    ReceiptLine,
)
from devices.supervised import as_outcome

SUMMARY, AMOUNT, BALANCE = "利息", "+20,250.00", "31,482.15"
NAME, ACCOUNT = "户名 王小明", "6222021234567890123"
SECRETS = (SUMMARY, AMOUNT.strip("+"), BALANCE, "王小明", ACCOUNT)
"""Fictional; none of it may reach a log."""
BOOK = "book-1"
STOP_SECONDS = 40.0
NOTES = (50, 100, 20)
"""What each next note is worth: an answer about the one before tells of another."""


class Patience:
    """A person says stop after that long, by the bench's clock."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock, self._at = clock, clock() + seconds

    def is_set(self) -> bool:
        return self._clock() >= self._at


class Adapter(Protocol):
    """One kind of machine on the bench."""

    options: Mapping[str, str]
    is_sequenced: bool
    """Whether the machine can tell a command that comes twice from two commands."""

    def make_ready(self, bench: Bench) -> None:
        """What a person does before: put the book in. May be done again."""
        ...

    def begin(self, bench: Bench, number: int) -> tuple[Attempt, Callable[[], Any]]:
        """The next effect, and the call that asks the driver for it."""
        ...

    def judge(self, attempts: Sequence[Attempt], usual: Any) -> list[str]:
        """Findings over all attempts of a trial."""
        ...


def _patient(bench: Bench) -> Cancel:
    return Patience(bench.clock, STOP_SECONDS)


def _quiet(_: object) -> None:
    """Nobody watches the progress."""


def _refuse(job: object) -> PreparedJob:
    if not isinstance(job, PreparedJob):
        raise ValueError(f"the driver refuses an ordinary job: {job}")
    return job


@dataclass
class PassbookAdapter:
    """Two rows of a book, each time further down the page."""

    options: Mapping[str, str]
    is_sequenced: bool = False

    def make_ready(self, bench: Bench) -> None:
        bench.hands(do="insert_book", book=BOOK, page=1)

    def begin(self, bench: Bench, number: int) -> tuple[Attempt, Callable[[], Any]]:
        job = self.job(bench, number, (number * 2 - 1, number * 2))
        cancel, driver = _patient(bench), bench.driver
        return Attempt(2, job), lambda: driver.execute(job, _quiet, cancel)

    def job(self, bench: Bench, number: int, lines: Sequence[int], page: int = 1) -> PreparedJob:
        return _refuse(self.prepared(bench, f"job-{number}", lines, page))

    def prepared(self, bench: Bench, name: str, lines: Sequence[int], page: int = 1) -> object:
        """What the driver makes of rows on those lines."""
        fields = {
            "date": "20260312",
            "summary": SUMMARY,
            "amount": AMOUNT,
            "balance": BALANCE,
            "operator": "0318",
        }
        rows = tuple(PassbookRow(line, fields) for line in lines)
        made: object = bench.driver.prepare(PassbookJob(name, "passbook_24", page, rows))
        return made

    def judge(self, attempts: Sequence[Attempt], usual: Any) -> list[str]:
        return checks.rows_on_paper(attempts)


@dataclass
class ReceiptAdapter:
    """A receipt of three lines."""

    options: Mapping[str, str]
    is_sequenced: bool = False

    def make_ready(self, bench: Bench) -> None:
        bench.hands(do="paper", present=True)

    def begin(self, bench: Bench, number: int) -> tuple[Attempt, Callable[[], Any]]:
        texts = (f"receipt {number}", NAME, f"{ACCOUNT} {AMOUNT}")
        made = bench.driver.prepare(ReceiptJob(f"job-{number}", tuple(ReceiptLine(text) for text in texts)))
        job, cancel, driver = _refuse(made), _patient(bench), bench.driver
        return Attempt(1, "\n".join(texts)), lambda: driver.execute(job, _quiet, cancel)

    def judge(self, attempts: Sequence[Attempt], usual: Any) -> list[str]:
        return checks.receipts_on_paper(attempts)


@dataclass
class CounterAdapter:
    """A heap of notes, each time another one."""

    options: Mapping[str, str]
    is_sequenced: bool = True

    def make_ready(self, bench: Bench) -> None:
        bench.hands(do="take")

    def begin(self, bench: Bench, number: int) -> tuple[Attempt, Callable[[], Any]]:
        heap = [[100, 4 + number], [50, 3], [10, number]]
        cancel, driver = _patient(bench), bench.driver
        bench.after(0.3, lambda: bench.hands(do="load", notes=heap))
        return Attempt(1, heap), lambda: driver.count(f"open-{number}", _quiet, cancel)

    def judge(self, attempts: Sequence[Attempt], usual: Any) -> list[str]:
        return checks.heaps(attempts)


@dataclass
class DetectorAdapter:
    """One note put in, each time another one. ``classification``: 4 is genuine for every model; EBDS tells the others
    too."""

    options: Mapping[str, str]
    is_sequenced: bool = True
    classification: int = 4

    def make_ready(self, bench: Bench) -> None:
        """Nothing has to lie ready; whoever offered a note that was not drawn in takes it away."""
        bench.hands(do="take_back")

    def begin(self, bench: Bench, number: int) -> tuple[Attempt, Callable[[], Any]]:
        note = {
            "do": "insert",
            "denomination": NOTES[number % len(NOTES)],
            "classification": self.classification,
        }
        cancel, driver = _patient(bench), bench.driver
        bench.after(0.3, lambda: _push(bench, note))
        return Attempt(1, note), lambda: driver.inspect(f"reading-{number}", _quiet, cancel)

    def judge(self, attempts: Sequence[Attempt], usual: Any) -> list[str]:
        usual = None if self.classification == 0 else usual
        return checks.notes(attempts, usual if isinstance(usual, NoteReading) else None)


def _push(bench: Bench, note: dict[str, Any], again: int = 20) -> None:
    """Put the note in while the desk waits for one; a mouth that does not take it yet is tried again."""
    if not bench.is_waiting:
        return
    bench.hands(**note)
    facts = bench.facts()
    if again and facts and facts[-1]["fact"] == "not taken":
        bench.after(0.2, lambda: _push(bench, note, again - 1))


def adapter_for(kind: DeviceKind, protocol: str) -> Adapter:
    """The adapter of a kind; the machines work as fast as they can, but for their own pauses."""
    if kind is DeviceKind.PASSBOOK_PRINTER:
        return PassbookAdapter({"speed": "0"})
    if kind is DeviceKind.RECEIPT_PRINTER:
        return ReceiptAdapter({})
    if kind is DeviceKind.NOTE_COUNTER:
        return CounterAdapter({"rate_per_minute": "30000"})
    return DetectorAdapter({}, classification=2 if protocol == "ebds" else 4)


def settled(kind: DeviceKind, result: Any) -> Any:
    """What the desk believes of a call's result: the same turn that the supervised machines make."""
    printers = (DeviceKind.PASSBOOK_PRINTER, DeviceKind.RECEIPT_PRINTER)
    return as_outcome(result) if kind in printers else result
