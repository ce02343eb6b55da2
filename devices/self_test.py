"""What one machine without a desk can be asked: who it is, how it is, and (when wanted) one harmless effect.

The same operations serve ``devices identify``, ``test``, ``record`` and the replay of a recording. No bytes here: the
drivers speak. Only ``effect`` acts: a training line, a training receipt, one heap counted, one note looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devices.contracts import (
    DeviceKind,
    DeviceState,
    IdentityKind,
    NoteBatch,
    NoteReading,
    Outcome,
    OutcomeKind,
    PassbookJob,
    PassbookRow,
    ReceiptJob,
    ReceiptLine,
)
from devices.driver import Clock
from devices.errors import DeviceError

EFFECT_SECONDS = 60.0
STATUS_CALLS = 8
"""A status that comes unasked, or after a question, is there after so many looks."""

WORTH: Mapping[IdentityKind, str] = {
    IdentityKind.SERIAL_NUMBER: "it tells this machine from every other one: the desk may bind it",
    IdentityKind.MODEL: "it tells the model, not the machine: another one of the same model passes for it",
    IdentityKind.USB_PATH: "it tells the socket, not the machine: a person confirms after each reopening",
    IdentityKind.NONE: "somebody answers in this protocol, nobody says who: a person confirms after each reopening",
}


@dataclass(frozen=True)
class Told:
    """What an operation told: a sentence, whether it is well, the driver's own value, and its error if any."""

    ok: bool
    text: str
    value: Any = None
    error: DeviceError | None = None


class Until:
    """A person's stop that comes by itself when time is up."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._until = clock, clock() + seconds

    def is_set(self) -> bool:
        return self._clock() > self._until


def identify(driver: Any, clock: Clock) -> Told:
    """Ask who is there."""
    found = driver.identify()
    if isinstance(found, DeviceError):
        return Told(False, str(found), error=found)
    return Told(True, f"{found.kind.value} {found.value}".strip(), found)


def status(driver: Any, clock: Clock) -> Told:
    """One look at how it is."""
    found = driver.idle()
    if isinstance(found, DeviceError):
        return Told(False, str(found), error=found)
    return Told(found in (DeviceState.READY, DeviceState.BUSY), found.value, found)


def effect(driver: Any, clock: Clock) -> Told:
    """The one act of its kind."""
    return _EFFECTS[driver.kind](driver, clock)


def _ignored(progress: object) -> None:
    """Nobody looks at the progress of a self-test."""


def _print_row(driver: Any, clock: Clock) -> Told:
    row = PassbookRow(1, {"summary": "自检"})
    form = next(iter(driver.forms)) if hasattr(driver, "forms") else "passbook_24"
    return _printed(driver, driver.prepare(PassbookJob("self-test", form, 1, (row,), training=True)), clock)


def _print_receipt(driver: Any, clock: Clock) -> Told:
    lines = (ReceiptLine("自检 self-test", "center"),)
    return _printed(driver, driver.prepare(ReceiptJob("self-test", lines, training=True)), clock)


def _printed(driver: Any, job: Any, clock: Clock) -> Told:
    if isinstance(job, DeviceError):
        return Told(False, str(job), error=job)
    outcome: Outcome = driver.execute(job, _ignored, Until(clock, EFFECT_SECONDS))
    words = {
        OutcomeKind.DONE: "printed",
        OutcomeKind.NOT_DONE: "not printed",
        OutcomeKind.UNKNOWN: "unknown: look at the paper, and do not repeat it unseen",
    }
    return Told(outcome.kind is OutcomeKind.DONE, words[outcome.kind], outcome, outcome.error)


def _count(driver: Any, clock: Clock) -> Told:
    batch: NoteBatch | DeviceError = driver.count("self-test", _ignored, Until(clock, EFFECT_SECONDS))
    if isinstance(batch, DeviceError):
        return Told(False, str(batch), error=batch)
    rows = ", ".join(f"{row.pieces} × {row.denomination_minor // 100}" for row in batch.rows) or "no notes"
    rejected = f", {batch.rejected_pieces} rejected" if batch.rejected_pieces else ""
    return Told(batch.complete, f"{rows} {batch.currency}{rejected}", batch, batch.error)


def _inspect(driver: Any, clock: Clock) -> Told:
    reading: NoteReading | DeviceError = driver.inspect("self-test", _ignored, Until(clock, EFFECT_SECONDS))
    if isinstance(reading, DeviceError):
        return Told(False, str(reading), error=reading)
    note = f"{reading.denomination_minor // 100} {reading.currency}".strip()
    back = "given back" if reading.returned else "NOT given back: open the machine"
    return Told(reading.returned, f"{reading.note_class.value}, {note}, {back}", reading)


_EFFECTS: Mapping[DeviceKind, Callable[[Any, Clock], Told]] = {
    DeviceKind.PASSBOOK_PRINTER: _print_row,
    DeviceKind.RECEIPT_PRINTER: _print_receipt,
    DeviceKind.NOTE_COUNTER: _count,
    DeviceKind.COUNTERFEIT_DETECTOR: _inspect,
}
OPERATIONS: Mapping[str, Callable[[Any, Clock], Told]] = {
    "identify": identify,
    "status": status,
    "effect": effect,
}
