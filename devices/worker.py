"""One thread per machine: it opens, identifies, idles, works, and comes back after a loss.

Nothing with an effect is ever repeated here, and nothing is sent before the machine identified itself. A machine that
cannot say who it is gets nothing with an effect before a person confirmed it, after each opening. A call made while the
machine is away is refused at once: a physical effect must not happen later, when nobody looks.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from traceback import format_tb
from typing import Any

from devices.contracts import DeviceIdentity, DeviceState, DeviceStatus, IdentityKind
from devices.driver import Clock, Driver
from devices.errors import DeviceError, DeviceErrorCode, LinkLost, of_link
from devices.identity import matches, needs_person
from devices.link.base import Link
from devices.link.log import LOG, LineLog
from devices.link.released import ReleasedLink, WantedBack

FIRST_BACKOFF_SECONDS = 0.5
LAST_BACKOFF_SECONDS = 15.0
JITTER = 0.2
IDLE_SECONDS = 0.1
LOOK_SECONDS = 2.0
"""How often a machine that waits for a person's word is asked whether it is still the same one."""

Call = Callable[[], Any]


class DeviceWorker:
    """Owns one driver and its link. ``on_status`` is called on the worker's thread with every change.

    ``expected`` is the identity this place on the counter is bound to (``devices.identity``); None takes any machine.
    """

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
        self._log = LineLog(device_id)
        self._backoff = FIRST_BACKOFF_SECONDS
        self._retry_at: float | None = None
        self._pause = 0.0
        self._held = threading.Event()
        self._hurry = threading.Event()
        self._confirmed = threading.Event()
        self._at_work = False
        self._next_look = 0.0
        self._identity = DeviceIdentity(IdentityKind.NONE)
        self.status = DeviceStatus(device_id, driver.kind, DeviceState.STARTING, model=model)
        self._thread = threading.Thread(target=self._run, name=f"device-{device_id}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and join; a call that waits is refused. What the machine does for somebody ends first; a question that
        it may never answer does not hold the line, for another machine may come to it at once."""
        self._stop.set()
        self._hurry.set()
        if self._thread.is_alive():
            self._thread.join(2.0)
        self._refuse_waiting()

    @property
    def is_running(self) -> bool:
        """Whether its thread was started and not stopped."""
        return self._thread.is_alive()

    @property
    def expected(self) -> DeviceIdentity | None:
        """Who the machine must say it is; None takes any."""
        return self._expected

    @property
    def awaits_person(self) -> bool:
        """Whether it is there and waits for a person who says that this is the one."""
        return self._is_unconfirmed

    @property
    def is_ready(self) -> bool:
        states = (DeviceState.READY, DeviceState.BUSY, DeviceState.NEEDS_PERSON)
        return self.status.state in states and not self._is_unconfirmed

    @property
    def _is_unconfirmed(self) -> bool:
        error = self.status.error
        return error is not None and error.code is DeviceErrorCode.UNCONFIRMED

    @property
    def _takes_calls(self) -> bool:
        """A machine that is coming back into step takes a call: it runs right after, or is refused with the link."""
        return self.is_ready or self.status.state is DeviceState.DESYNCHRONISED

    def submit(self, call: Call) -> Future[Any]:
        """Run ``call`` on the device's thread. Its future ends in NOT_READY at once when the machine is away."""
        future: Future[Any] = Future()
        # A call let in while the machine goes away must be among those refused, never run later.
        with self._door:
            if self._takes_calls and not self._stop.is_set() and not self._held.is_set():
                self._calls.put((call, future))
                return future
        future.set_result(self._not_ready())
        return future

    def confirm(self) -> bool:
        """A person looked and says that this is the machine. True when one was waiting for that; it holds until the
        line is opened again."""
        waiting = self._is_unconfirmed
        if waiting:
            self._confirmed.set()
        return waiting

    @contextmanager
    def standing_aside(self) -> Iterator[None]:
        """Leave the line closed meanwhile, so that another may ask who is there. A machine at work is not taken away
        from its work: what it does ends first. Coming back into step is no work: it begins anew afterwards."""
        self._held.set()
        try:
            yield
        finally:
            self._held.clear()
            self._hurry.set()

    @property
    def is_away(self) -> bool:
        """Whether it holds no line now."""
        return self._link is None

    def hurry(self) -> None:
        """Something was plugged in: try now instead of waiting out the pause."""
        self._hurry.set()

    def _not_ready(self) -> DeviceError:
        if self._is_unconfirmed and self.status.error is not None:
            return self.status.error
        return DeviceError(DeviceErrorCode.NOT_READY, (("state", self.status.state.value),))

    def _refuse_waiting(self) -> None:
        with self._door:
            while not self._calls.empty():
                _, future = self._calls.get_nowait()
                future.set_result(self._not_ready())

    # --- the thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            self.turn(IDLE_SECONDS)
        self._disconnect()

    def turn(self, patience_seconds: float) -> None:
        """One step of this machine's life: open and identify it, do one call, or look after it. Waits at most that
        long for something to do. The thread is nothing but this, again and again."""
        try:
            if self._held.is_set():
                self._stand_aside(patience_seconds)
            elif self._link is not None:
                self._serve(patience_seconds)
            elif self._may_open(patience_seconds) and not self._connect():
                self._let_go()
        except WantedBack:
            self._disconnect()
        except LinkLost as lost:
            self._lose(DeviceState.OFFLINE, of_link(lost))
            self._let_go()
        except Exception as error:  # noqa: BLE001 - thread edge: the machine must come back, the cause be seen
            # no message: it may quote what was to be printed
            LOG.error(
                "%s: %s\n%s", self.device_id, type(error).__name__, "".join(format_tb(error.__traceback__))
            )
            self._lose(
                DeviceState.FAULT, DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", type(error).__name__),))
            )
            self._let_go()

    def _stand_aside(self, patience_seconds: float) -> None:
        if self._link is not None:
            self._disconnect()
        self._stop.wait(patience_seconds)

    def _may_open(self, patience_seconds: float) -> bool:
        """Whether the pause after the last loss is over."""
        left = 0.0 if self._retry_at is None else self._retry_at - self._clock()
        if left > 0 and not self._hurry.wait(min(left, patience_seconds)):
            return self._retry_at is not None and self._clock() >= self._retry_at
        self._hurry.clear()
        return not self._stop.is_set()

    def _connect(self) -> bool:
        self._confirmed.clear()
        link = ReleasedLink(self._log.around(self._make_link(), self._clock), self._is_wanted)
        link.open()
        self._link = link
        self._driver.attach(link)
        identity = self._driver.identify()
        if isinstance(identity, DeviceError):
            self._lose(DeviceState.OFFLINE, identity)
            return False
        if self._expected is not None and not matches(self._expected, identity):
            found = (("expected", self._expected.value), ("found", identity.value or "-"))
            self._lose(DeviceState.WRONG_DEVICE, DeviceError(DeviceErrorCode.WRONG_DEVICE, found))
            return False
        self._identity, self._backoff = identity, FIRST_BACKOFF_SECONDS
        self._next_look = self._clock() + LOOK_SECONDS
        self._welcome()
        return True

    def _is_wanted(self) -> bool:
        """Whether its line is wanted by another, and nothing with an effect goes over it now."""
        return not self._at_work and (self._stop.is_set() or self._held.is_set())

    def _welcome(self) -> None:
        """Ready, or waiting for a person who says that this is the one."""
        if self._expected is None or not needs_person(self._expected) or self._confirmed.is_set():
            self._tell(DeviceState.READY)
        else:
            told = self._expected.value or self._identity.value or "-"
            self._tell(DeviceState.NEEDS_PERSON, DeviceError(DeviceErrorCode.UNCONFIRMED, (("found", told),)))

    def _serve(self, patience_seconds: float) -> None:
        if self._is_unconfirmed:
            self._await_person(patience_seconds)
            return
        try:
            call, future = self._calls.get(timeout=patience_seconds) if patience_seconds else self._waiting()
        except queue.Empty:
            self._idle()
            return
        self._work(call, future)

    def _waiting(self) -> tuple[Call, Future[Any]]:
        return self._calls.get_nowait()

    def _await_person(self, patience_seconds: float) -> None:
        """Nothing with an effect: not even idling, which gives a held note back. Only who is there is asked again."""
        if self._confirmed.wait(patience_seconds):
            self._welcome()
        elif self._clock() >= self._next_look:
            self._next_look = self._clock() + LOOK_SECONDS
            if self._driver.identify() != self._identity:
                raise LinkLost("another machine, or none")

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
        self._at_work = True
        try:
            result = call()
        except LinkLost as lost:
            future.set_result(of_link(lost))
            raise
        except BaseException as broken:
            future.set_exception(broken)
            raise
        finally:
            self._at_work = False
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
        self._log.late = True
        problem = self._driver.resync()
        self._log.late = False
        if problem is not None:
            raise LinkLost(str(problem))
        self._tell(DeviceState.READY)

    def _lose(self, state: DeviceState, error: DeviceError) -> None:
        """Say that it is not there, and when it is tried again; ``_let_go`` follows."""
        self._pause = self._backoff * (1 + JITTER * (2 * self._jitter() - 1))
        self._tell(state, error, self._pause)

    def _let_go(self) -> None:
        """Close, and pause for a while that doubles until a machine identifies itself."""
        self._disconnect()
        self._retry_at = self._clock() + self._pause
        self._backoff = min(self._backoff * 2, LAST_BACKOFF_SECONDS)

    def _disconnect(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
        self._log.late = False
        self._refuse_waiting()

    def _tell(
        self, state: DeviceState, error: DeviceError | None = None, retry_in_seconds: float | None = None
    ) -> None:
        note = self._link.note if self._link is not None else ""
        status = DeviceStatus(
            self.device_id, self._driver.kind, state, self._identity, error, self._model, note, retry_in_seconds,
        )  # fmt: skip
        if status != self.status:
            LOG.info("%s %s %s", self.device_id, state.value, error.code.code if error else "")
            self.status = status
            self._on_status(status)


def _is_an_answer(error: DeviceError) -> bool:
    """A stripe that the machine could not read is its complete answer: nothing is late, nobody is out of step."""
    return error.code is DeviceErrorCode.DEVICE_FAULT and "stripe" in dict(error.details)
