"""One thread per machine: it opens, identifies, idles, works, and comes back after a loss.

Nothing with an effect is ever repeated here, and nothing is sent before the machine identified itself. A call made
while the machine is away is refused at once: a physical effect must not happen later, when nobody looks.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from devices.contracts import DeviceIdentity, DeviceState, DeviceStatus, IdentityKind
from devices.driver import Clock, Driver
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.base import Link

FIRST_BACKOFF_SECONDS = 0.5
LAST_BACKOFF_SECONDS = 15.0
JITTER = 0.2
IDLE_SECONDS = 0.1

Call = Callable[[], Any]


class DeviceWorker:
    """Owns one driver and its link. ``on_status`` is called on the worker's thread with every change."""

    def __init__(
        self,
        device_id: str,
        driver: Driver,
        make_link: Callable[[], Link],
        clock: Clock,
        jitter: Callable[[], float],
        on_status: Callable[[DeviceStatus], None],
        expected: DeviceIdentity | None = None,
        model: str = "",
    ) -> None:
        self.device_id = device_id
        self._driver, self._make_link, self._clock, self._jitter = driver, make_link, clock, jitter
        self._on_status, self._expected, self._model = on_status, expected, model
        self._calls: queue.Queue[tuple[Call, Future[Any]]] = queue.Queue()
        self._door = threading.Lock()
        self._stop = threading.Event()
        self._link: Link | None = None
        self._backoff = FIRST_BACKOFF_SECONDS
        self._identity = DeviceIdentity(IdentityKind.NONE)
        self.status = DeviceStatus(device_id, driver.kind, DeviceState.STARTING, model=model)
        self._thread = threading.Thread(target=self._run, name=f"device-{device_id}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and join; a call that waits is refused."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2.0)
        self._refuse_waiting()

    @property
    def is_ready(self) -> bool:
        return self.status.state in (DeviceState.READY, DeviceState.BUSY, DeviceState.NEEDS_PERSON)

    @property
    def _takes_calls(self) -> bool:
        """A machine that is coming back into step takes a call: it runs right after, or is refused with the link."""
        return self.is_ready or self.status.state is DeviceState.DESYNCHRONISED

    def submit(self, call: Call) -> Future[Any]:
        """Run ``call`` on the device's thread. Its future ends in NOT_READY at once when the machine is away."""
        future: Future[Any] = Future()
        # A call let in while the machine goes away must be among those refused, never run later.
        with self._door:
            if self._takes_calls and not self._stop.is_set():
                self._calls.put((call, future))
                return future
        future.set_result(self._not_ready())
        return future

    def _not_ready(self) -> DeviceError:
        return DeviceError(DeviceErrorCode.NOT_READY, (("state", self.status.state.value),))

    def _refuse_waiting(self) -> None:
        with self._door:
            while not self._calls.empty():
                _, future = self._calls.get_nowait()
                future.set_result(self._not_ready())

    # --- the thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self._connect():
                    self._serve()
            except LinkLost as lost:
                self._tell(DeviceState.OFFLINE, _lost(lost))
            except Exception as error:  # noqa: BLE001 - thread edge: the machine must come back, the cause be seen
                self._tell(
                    DeviceState.FAULT, DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", repr(error)),))
                )
            self._disconnect()
            self._wait_before_retry()
        self._disconnect()

    def _connect(self) -> bool:
        link = self._make_link()
        link.open()
        self._link = link
        self._driver.attach(link)
        identity = self._driver.identify()
        if isinstance(identity, DeviceError):
            self._tell(DeviceState.OFFLINE, identity)
            return False
        if self._expected is not None and identity != self._expected:
            found = (("expected", self._expected.value), ("found", identity.value))
            self._tell(DeviceState.WRONG_DEVICE, DeviceError(DeviceErrorCode.WRONG_DEVICE, found))
            return False
        self._identity, self._backoff = identity, FIRST_BACKOFF_SECONDS
        self._tell(DeviceState.READY)
        return True

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                call, future = self._calls.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                self._idle()
                continue
            self._work(call, future)

    def _idle(self) -> None:
        found = self._driver.idle()
        if isinstance(found, DeviceError):
            if found.code in (DeviceErrorCode.TIMEOUT, DeviceErrorCode.LINK_LOST):
                raise LinkLost(str(found))
            self._tell(DeviceState.NEEDS_PERSON, found)
        else:
            self._tell(found)

    def _work(self, call: Call, future: Future[Any]) -> None:
        self._tell(DeviceState.BUSY)
        try:
            result = call()
        except LinkLost as lost:
            future.set_result(_lost(lost))
            raise
        except BaseException as broken:
            future.set_exception(broken)
            raise
        error: DeviceError | None = (
            result if isinstance(result, DeviceError) else getattr(result, "error", None)
        )
        future.set_result(result)
        if error is not None and error.code is DeviceErrorCode.LINK_LOST:
            raise LinkLost(str(error))
        if error is not None and not _is_an_answer(error):
            self._resync()
        else:
            self._tell(DeviceState.READY)

    def _resync(self) -> None:
        self._tell(DeviceState.DESYNCHRONISED)
        problem = self._driver.resync()
        if problem is not None:
            raise LinkLost(str(problem))
        self._tell(DeviceState.READY)

    def _disconnect(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
        self._refuse_waiting()

    def _wait_before_retry(self) -> None:
        wait = self._backoff * (1 + JITTER * (2 * self._jitter() - 1))
        self._backoff = min(self._backoff * 2, LAST_BACKOFF_SECONDS)
        self._stop.wait(wait)

    def _tell(self, state: DeviceState, error: DeviceError | None = None) -> None:
        note = self._link.note if self._link is not None else ""
        status = DeviceStatus(
            self.device_id, self._driver.kind, state, self._identity, error, self._model, note,
            self._backoff if state in (DeviceState.OFFLINE, DeviceState.WRONG_DEVICE) else None,
        )  # fmt: skip
        if status != self.status:
            self.status = status
            self._on_status(status)


def _is_an_answer(error: DeviceError) -> bool:
    """A stripe that the machine could not read is its complete answer: nothing is late, nobody is out of step."""
    return error.code is DeviceErrorCode.DEVICE_FAULT and "stripe" in dict(error.details)


def _lost(lost: LinkLost) -> DeviceError:
    return DeviceError(DeviceErrorCode.LINK_LOST, (("reason", str(lost)),))
