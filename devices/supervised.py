"""The contracts as the desk sees them: a driver's work, run on its worker's thread, the caller waiting for it.

Preparing is pure and runs where it is asked. Nothing here retries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from devices.contracts import (
    Cancel,
    Capabilities,
    DeviceKind,
    DeviceState,
    DeviceStatus,
    NoteBatch,
    NoteReading,
    Outcome,
    OutcomeKind,
    PassbookJob,
    PreparedJob,
    Progress,
    ReceiptJob,
    SlipJob,
    StripeReading,
)
from devices.driver import Driver
from devices.errors import DeviceError, DeviceErrorCode
from devices.worker import DeviceWorker


class PrinterDriver(Driver, Protocol):
    """A driver that prints books."""

    def prepare(self, request: PassbookJob) -> PreparedJob | DeviceError: ...

    def prepare_slip(self, request: SlipJob) -> PreparedJob | DeviceError: ...

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome: ...

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError: ...


class StripeDriver(Driver, Protocol):
    """A driver that records a book's stripe."""

    def write_stripe(self, text: str, progress: Progress, cancel: Cancel) -> Outcome: ...


class ReceiptDriver(Driver, Protocol):
    """A driver that prints receipts."""

    def prepare(self, request: ReceiptJob) -> PreparedJob | DeviceError: ...

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome: ...


class CounterDriver(Driver, Protocol):
    """A driver that counts notes."""

    def forget(self) -> None: ...

    def count(self, open_id: str, progress: Progress, cancel: Cancel) -> NoteBatch | DeviceError: ...


class DetectorDriver(Driver, Protocol):
    """A driver that classifies one note."""

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError: ...


class _Supervised:
    """What every supervised machine answers."""

    def __init__(self, driver: Driver, worker: DeviceWorker) -> None:
        self._any_driver, self._worker = driver, worker

    @property
    def device_id(self) -> str:
        return self._worker.device_id

    @property
    def kind(self) -> DeviceKind:
        return self._any_driver.kind

    @property
    def capabilities(self) -> Capabilities:
        return self._any_driver.capabilities


_REFUSED_BEFORE = frozenset({DeviceErrorCode.NOT_READY, DeviceErrorCode.UNCONFIRMED})


def as_outcome(result: Outcome | DeviceError) -> Outcome:
    """A job that the worker refused did not happen. A line lost anywhere inside a driver's work proves nothing."""
    if not isinstance(result, DeviceError):
        return result
    if result.code in _REFUSED_BEFORE:
        return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was sent", result)
    return Outcome(OutcomeKind.UNKNOWN, 0, "the line was lost", result)


class SupervisedPassbookPrinter(_Supervised):
    """``devices.contracts.PassbookPrinter`` on a worker."""

    def __init__(self, driver: PrinterDriver, worker: DeviceWorker) -> None:
        super().__init__(driver, worker)
        self._driver = driver

    def prepare(self, request: PassbookJob) -> PreparedJob | DeviceError:
        return self._driver.prepare(request)

    def prepare_slip(self, request: SlipJob) -> PreparedJob | DeviceError:
        return self._driver.prepare_slip(request)

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        return as_outcome(self._worker.submit(lambda: self._driver.execute(job, progress, cancel)).result())

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        found: StripeReading | DeviceError = self._worker.submit(
            lambda: self._driver.read_stripe(progress, cancel)
        ).result()
        return found


class SupervisedStripeWriter(_Supervised):
    """``devices.contracts.StripeWriter`` on a worker, for a printer that can record a stripe."""

    def __init__(self, driver: StripeDriver, worker: DeviceWorker) -> None:
        super().__init__(driver, worker)
        self._driver = driver

    def write_stripe(self, text: str, progress: Progress, cancel: Cancel) -> Outcome:
        return as_outcome(
            self._worker.submit(lambda: self._driver.write_stripe(text, progress, cancel)).result()
        )


class SupervisedReceiptPrinter(_Supervised):
    """``devices.contracts.ReceiptPrinter`` on a worker."""

    def __init__(self, driver: ReceiptDriver, worker: DeviceWorker) -> None:
        super().__init__(driver, worker)
        self._driver = driver

    def prepare(self, request: ReceiptJob) -> PreparedJob | DeviceError:
        return self._driver.prepare(request)

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        return as_outcome(self._worker.submit(lambda: self._driver.execute(job, progress, cancel)).result())


class SupervisedNoteCounter(_Supervised):
    """``devices.contracts.NoteCounter`` on a worker."""

    def __init__(self, driver: CounterDriver, worker: DeviceWorker) -> None:
        super().__init__(driver, worker)
        self._driver = driver

    def forget(self) -> None:
        self._worker.submit(self._driver.forget).result()

    def count(self, open_id: str, progress: Progress, cancel: Cancel) -> NoteBatch | DeviceError:
        found: NoteBatch | DeviceError = self._worker.submit(
            lambda: self._driver.count(open_id, progress, cancel)
        ).result()
        return found


class SupervisedDetector(_Supervised):
    """``devices.contracts.CounterfeitDetector`` on a worker."""

    def __init__(self, driver: DetectorDriver, worker: DeviceWorker) -> None:
        super().__init__(driver, worker)
        self._driver = driver

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError:
        found: NoteReading | DeviceError = self._worker.submit(
            lambda: self._driver.inspect(reading_id, progress, cancel)
        ).result()
        return found


MISSES_SHOWN = 3


def without_flicker(
    show: Callable[[DeviceStatus], None], misses: int = MISSES_SHOWN
) -> Callable[[DeviceStatus], None]:
    """A listener for one machine's worker that shows "gone" only after so many misses in a row (device-architecture
    §5.1, 3). For what people see: a call to a machine that is away is refused at once all the same."""
    missed = 0

    def on_status(status: DeviceStatus) -> None:
        nonlocal missed
        away = status.state is DeviceState.OFFLINE
        missed = missed + 1 if away else 0
        if not away or missed >= misses:
            show(status)

    return on_status
