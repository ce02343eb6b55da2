"""Drivers with one sin each, to see that the suite finds it. Each is a shipped driver with one method made worse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devices.contracts import (
    DeviceIdentity,
    DeviceState,
    IdentityKind,
    NoteBatch,
    NoteClass,
    NoteReading,
    Outcome,
    OutcomeKind,
)
from devices.drivers.aa55 import Aa55Counter
from devices.drivers.ebds import EbdsDetector
from devices.drivers.escpos_receipt import EscposReceiptPrinter
from devices.drivers.ssp import SspDetector
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.fault import FaultLink
from devices.link.log import LOG
from devices.wire.ssp import Command


class SendsTwice(T5040Printer):
    """Sends a job twice, to be sure."""

    def execute(self, job: Any, progress: Any, cancel: Any) -> Outcome:
        without_form_feed = job.payload[:-1]
        return super().execute(replace(job, payload=without_form_feed + job.payload), progress, cancel)


class AlwaysDone(T5040Printer):
    """Takes Unknown for done."""

    def execute(self, job: Any, progress: Any, cancel: Any) -> Outcome:
        return replace(super().execute(job, progress, cancel), kind=OutcomeKind.DONE, error=None)


class FailsWhenUnsure(T5040Printer):
    """Takes Unknown for not done."""

    def execute(self, job: Any, progress: Any, cancel: Any) -> Outcome:
        return replace(super().execute(job, progress, cancel), kind=OutcomeKind.NOT_DONE, units_proved=0)


class TellsTheLog(T5040Printer):
    """Writes what it prints into the log."""

    def execute(self, job: Any, progress: Any, cancel: Any) -> Outcome:
        LOG.debug("job %r", job.payload)
        return super().execute(job, progress, cancel)


class NeverComesBack(T5040Printer):
    """Knows its printer only once."""

    known = False

    def identify(self) -> Any:
        if self.known:
            return DeviceError(DeviceErrorCode.TIMEOUT)
        self.known = True
        return super().identify()


class EveryHeapIsWhole(Aa55Counter):
    """Takes a broken batch for money."""

    def count(self, open_id: str, progress: Any, cancel: Any) -> Any:
        batch = super().count(open_id, progress, cancel)
        return batch if isinstance(batch, DeviceError) else replace(batch, complete=True, error=None)


class AllIsGenuine(EbdsDetector):
    """Takes every note for genuine."""

    def inspect(self, reading_id: str, progress: Any, cancel: Any) -> Any:
        reading = super().inspect(reading_id, progress, cancel)
        if not isinstance(reading, NoteReading) or self.honest:
            self.honest = False
            return reading
        return replace(reading, note_class=NoteClass.GENUINE)

    honest = True


class NeverCutsOff(EscposReceiptPrinter):
    """Lets the torn half of one receipt come out with the next."""

    def execute(self, job: Any, progress: Any, cancel: Any) -> Outcome:
        self._torn = False
        return super().execute(job, progress, cancel)


class CountsAgain(Aa55Counter):
    """Tells of the first heap for ever."""

    first: Any = None

    def count(self, open_id: str, progress: Any, cancel: Any) -> Any:
        batch = super().count(open_id, progress, cancel)
        if self.first is None and isinstance(batch, NoteBatch) and batch.complete:
            self.first = batch
        return self.first or batch


class KeepsQuiet(T5040Printer):
    """Talks past whoever listens to the line."""

    def attach(self, link: Any) -> None:
        while hasattr(link, "_inner") and not isinstance(link, FaultLink):
            link = link._inner
        super().attach(link)


class TakesAnyMachine(T5040Printer):
    """Says of every machine that it is the bound one, and that it is ready."""

    def identify(self) -> Any:
        super().identify()
        return DeviceIdentity(IdentityKind.SERIAL_NUMBER, "the one that is bound")

    def idle(self) -> Any:
        return DeviceState.READY


class KeepsTheNote(SspDetector):
    """Asks once more before it gives the note back, which takes it."""

    def _reject(self) -> Any:
        self._ask(Command.POLL)
        return super()._reject()


class TakesLateAnswers(EbdsDetector):
    """Takes the answer about the note before for the answer about this one."""

    late: Any = None

    def _reading(self, reading_id: str, note: Any, returned: bool) -> NoteReading:
        note, self.late = self.late or note, note
        return super()._reading(reading_id, note, returned)
