"""The worker: back in step after a time-out, back on the line after a loss, and no effect done twice or too late."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest

from devices import worker as worker_module
from devices.contracts import (
    Capabilities,
    DeviceIdentity,
    DeviceKind,
    DeviceState,
    DeviceStatus,
    IdentityKind,
    Outcome,
    OutcomeKind,
)
from devices.errors import DeviceError, DeviceErrorCode, LinkBusy, LinkLost
from devices.link.base import Link
from devices.link.null_modem import NullModemLink, null_modem
from devices.supervised import as_outcome, without_flicker
from tests.devices.rig import Watched, wait_until

ME = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-1")
TIMEOUT = DeviceError(DeviceErrorCode.TIMEOUT)


class Puppet:
    """A driver that does what a test tells it, and remembers what the worker asked."""

    kind = DeviceKind.RECEIPT_PRINTER
    capabilities = Capabilities()

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.identities: list[DeviceIdentity | DeviceError | Exception] = []
        self.idling: DeviceState | DeviceError | Exception = DeviceState.READY
        self.resynced: DeviceError | None = None

    def attach(self, link: Link) -> None:
        self.asked.append("attach")

    def identify(self) -> DeviceIdentity | DeviceError:
        self.asked.append("identify")
        answer = self.identities.pop(0) if self.identities else ME
        if isinstance(answer, Exception):
            raise answer
        return answer

    def idle(self) -> DeviceState | DeviceError:
        if isinstance(self.idling, Exception):
            raise self.idling
        return self.idling

    def resync(self) -> DeviceError | None:
        self.asked.append("resync")
        return self.resynced


def cable() -> NullModemLink:
    return null_modem()[0]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "FIRST_BACKOFF_SECONDS", 0.02)
    monkeypatch.setattr(worker_module, "IDLE_SECONDS", 0.01)


def refused(future: Future[Any]) -> bool:
    result = future.result(5.0)
    return isinstance(result, DeviceError) and result.code is DeviceErrorCode.NOT_READY


def test_it_identifies_first_and_then_works() -> None:
    driver = Puppet()
    with Watched(driver, cable) as watched:
        status = watched.wait(DeviceState.READY)
        assert status.identity == ME
        assert watched.worker.submit(lambda: 42).result(5.0) == 42
    assert driver.asked == ["attach", "identify"]
    assert DeviceState.BUSY in watched.states


def test_a_call_before_the_machine_is_known_is_refused_and_never_run() -> None:
    driver, ran = Puppet(), []
    driver.identities = [TIMEOUT]
    watched = Watched(driver, cable)
    assert refused(watched.worker.submit(lambda: ran.append("effect")))
    with watched:
        watched.wait(DeviceState.READY)
        time.sleep(0.05)
    assert ran == []


def test_a_timed_out_call_brings_the_driver_back_into_step_and_is_not_repeated() -> None:
    driver, ran = Puppet(), []

    def effect() -> Outcome:
        ran.append("effect")
        return Outcome(OutcomeKind.UNKNOWN, 0, "", TIMEOUT)

    with Watched(driver, cable) as watched:
        watched.wait(DeviceState.READY)
        assert watched.worker.submit(effect).result(5.0).kind is OutcomeKind.UNKNOWN
        wait_until(lambda: "resync" in driver.asked)
        watched.wait(DeviceState.READY)
    assert ran == ["effect"]
    assert DeviceState.DESYNCHRONISED in watched.states
    assert driver.asked == ["attach", "identify", "resync"]


def test_a_call_made_while_the_machine_comes_back_into_step_runs_right_after() -> None:
    driver, resyncing, go_on = Puppet(), threading.Event(), threading.Event()

    def resync() -> DeviceError | None:
        resyncing.set()
        go_on.wait(5.0)
        return driver.resynced

    driver.resync = resync  # type: ignore[method-assign]
    with Watched(driver, cable) as watched:
        watched.wait(DeviceState.READY)
        watched.worker.submit(lambda: TIMEOUT)
        assert resyncing.wait(5.0)
        waiting = watched.worker.submit(lambda: "done")
        assert not waiting.done()
        go_on.set()
        assert waiting.result(5.0) == "done"
        resyncing.clear()
        go_on.clear()
        driver.resynced = TIMEOUT
        watched.worker.submit(lambda: TIMEOUT)
        assert resyncing.wait(5.0)
        lost = watched.worker.submit(lambda: "never")
        go_on.set()
        assert refused(lost), "the machine did not come back: nothing of the call may run later"


def test_a_machine_that_cannot_be_brought_into_step_is_opened_again() -> None:
    driver = Puppet()
    driver.resynced = TIMEOUT
    with Watched(driver, cable) as watched:
        watched.wait(DeviceState.READY)
        watched.worker.submit(lambda: TIMEOUT).result(5.0)
        wait_until(lambda: driver.asked.count("attach") == 2)
        watched.wait(DeviceState.READY)
    assert DeviceState.OFFLINE in watched.states


@pytest.mark.parametrize("how", ["raised", "returned"])
def test_a_line_lost_at_work_ends_the_call_once_and_is_opened_again(how: str) -> None:
    driver, ran = Puppet(), []

    def effect() -> DeviceError:
        ran.append("effect")
        if how == "raised":
            raise LinkLost("cut")
        return DeviceError(DeviceErrorCode.LINK_LOST)

    with Watched(driver, cable) as watched:
        watched.wait(DeviceState.READY)
        result = watched.worker.submit(effect).result(5.0)
        assert isinstance(result, DeviceError)
        assert result.code is DeviceErrorCode.LINK_LOST
        wait_until(lambda: driver.asked == ["attach", "identify"] * 2)
        watched.wait(DeviceState.READY)
        time.sleep(0.1)
    assert ran == ["effect"]


def test_calls_waiting_behind_a_lost_line_are_refused_and_not_run_later() -> None:
    driver, ran, go = Puppet(), [], threading.Event()

    def lost() -> None:
        go.wait(5.0)
        raise LinkLost("cut")

    with Watched(driver, cable) as watched:
        watched.wait(DeviceState.READY)
        first = watched.worker.submit(lost)
        waiting = [watched.worker.submit(lambda: ran.append("late effect")) for _ in range(3)]
        go.set()
        assert first.result(5.0).code is DeviceErrorCode.LINK_LOST
        assert all(refused(future) for future in waiting)
        wait_until(lambda: driver.asked.count("identify") == 2)
        watched.wait(DeviceState.READY)
        time.sleep(0.1)
    assert ran == []


def test_backoff_doubles_to_its_cap_and_starts_anew_after_a_good_identify(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "LAST_BACKOFF_SECONDS", 0.08)
    driver = Puppet()
    driver.identities = [TIMEOUT] * 5
    opened: list[float] = []

    def link() -> Link:
        opened.append(time.monotonic())
        return cable()

    with Watched(driver, link) as watched:
        wait_until(lambda: len(opened) == 6)
        watched.wait(DeviceState.READY)
        driver.idling = LinkLost("cut")
        wait_until(lambda: len(opened) == 8)
    waits = [later - earlier for earlier, later in itertools.pairwise(opened)]
    assert all(wait >= least for wait, least in zip(waits, (0.02, 0.04, 0.08, 0.08, 0.08), strict=False))
    told = [status.retry_in_seconds for status in watched.seen if status.state is DeviceState.OFFLINE]
    assert told[:4] == [0.02, 0.04, 0.08, 0.02]


def test_the_wrong_machine_gets_nothing_and_is_named() -> None:
    driver, ran = Puppet(), []
    with Watched(driver, cable, DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-2")) as watched:
        status = watched.wait(DeviceState.WRONG_DEVICE)
        assert status.error == DeviceError(
            DeviceErrorCode.WRONG_DEVICE, (("expected", "TD-2"), ("found", "TD-1"))
        )
        assert refused(watched.worker.submit(lambda: ran.append("effect")))
    assert ran == []


def test_a_port_that_is_not_there_is_offline_with_the_reason() -> None:
    def gone() -> Link:
        host, _ = null_modem()
        host.pull()
        return host

    with Watched(Puppet(), gone) as watched:
        status = watched.wait(DeviceState.OFFLINE)
    assert status.error is not None
    assert status.error.code is DeviceErrorCode.LINK_LOST
    assert "cable pulled" in str(status.error)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (DeviceError(DeviceErrorCode.STOPPED), DeviceState.NEEDS_PERSON),
        (TIMEOUT, DeviceState.OFFLINE),
        (LinkLost("cut"), DeviceState.OFFLINE),
        (RuntimeError("a defect"), DeviceState.FAULT),
    ],
)
def test_what_idling_finds_is_shown_and_recovered_from(
    found: DeviceError | Exception, state: DeviceState
) -> None:
    driver = Puppet()
    driver.idling = found
    with Watched(driver, cable) as watched:
        wait_until(lambda: state in watched.states)
        driver.idling = DeviceState.READY
        watched.wait(DeviceState.READY)
        assert watched.worker.submit(lambda: 1).result(5.0) == 1


def test_a_defect_in_a_call_reaches_the_caller_and_the_machine_comes_back() -> None:
    driver = Puppet()

    def defect() -> None:
        raise ZeroDivisionError

    with Watched(driver, cable) as watched:
        watched.wait(DeviceState.READY)
        with pytest.raises(ZeroDivisionError):
            watched.worker.submit(defect).result(5.0)
        wait_until(lambda: driver.asked.count("identify") == 2)
        watched.wait(DeviceState.READY)
    assert DeviceState.FAULT in watched.states


def test_after_stop_nothing_is_taken_any_more() -> None:
    with Watched(Puppet(), cable) as watched:
        watched.wait(DeviceState.READY)
    assert refused(watched.worker.submit(lambda: 1))


class SlowDoor(queue.Queue[Any]):
    """A queue through which a call comes just while the line goes."""

    def __init__(self, driver: Puppet) -> None:
        super().__init__()
        self._driver = driver

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        self._driver.idling = LinkLost("cut")
        time.sleep(0.15)
        self._driver.idling = DeviceState.READY
        super().put(item, block, timeout)


class Unanswered(Puppet):
    """A machine that fell silent: after its first word it is asked in vain, again and again."""

    def attach(self, link: Link) -> None:
        super().attach(link)
        self.link = link

    def resync(self) -> DeviceError | None:
        super().resync()
        until = time.monotonic() + 10.0
        while time.monotonic() < until:
            self.link.read(0.05)
        return None


def test_a_question_in_vain_does_not_hold_the_line_that_another_wants() -> None:
    """A spare comes to the line at once; nobody waits until the old machine has been asked for long enough."""
    driver, line = Unanswered(), cable()
    with Watched(driver, lambda: line) as watched:
        watched.wait(DeviceState.READY)
        watched.worker.submit(lambda: Outcome(OutcomeKind.UNKNOWN, 0, "", TIMEOUT)).result(5.0)
        watched.wait(DeviceState.DESYNCHRONISED)
        with watched.worker.standing_aside():
            wait_until(lambda: watched.worker.is_away, 1.0)
            assert refused(watched.worker.submit(lambda: "later, when nobody looks"))
        wait_until(lambda: driver.asked.count("identify") == 2, 1.0)
        watched.wait(DeviceState.READY)
        watched.worker.submit(lambda: Outcome(OutcomeKind.UNKNOWN, 0, "", TIMEOUT)).result(5.0)
        began = time.monotonic()
        watched.worker.stop()
        assert not watched.worker.is_running
        assert watched.worker.is_away
        assert time.monotonic() - began < 1.0


def test_work_for_somebody_is_not_cut_short_by_who_wants_the_line() -> None:
    driver, line, told = Unanswered(), cable(), threading.Event()

    def work() -> str:
        told.wait(5.0)
        driver.link.read(0.0)
        return "all of it"

    with Watched(driver, lambda: line) as watched:
        watched.wait(DeviceState.READY)
        future = watched.worker.submit(work)
        watched.wait(DeviceState.BUSY)
        with watched.worker.standing_aside():
            told.set()
            assert future.result(5.0) == "all of it"


def test_a_call_let_in_while_the_line_goes_is_refused_not_kept_for_later() -> None:
    driver, ran = Puppet(), []
    watched = Watched(driver, cable)
    watched.worker._calls = SlowDoor(driver)
    with watched:
        watched.wait(DeviceState.READY)
        assert refused(watched.worker.submit(lambda: ran.append("late effect")))
        wait_until(lambda: driver.asked.count("identify") >= 2)
        watched.wait(DeviceState.READY)
    assert ran == []


# --- bound machines -----------------------------------------------------------------------------------------

BOUND_BY_SOCKET = DeviceIdentity(IdentityKind.USB_PATH, "pci-0000:00:14.0-usb-0:2:1.0")


def identified(driver: Puppet, times: int) -> bool:
    return driver.asked.count("identify") >= times


def unconfirmed(future: Future[Any]) -> bool:
    result = future.result(5.0)
    return isinstance(result, DeviceError) and result.code is DeviceErrorCode.UNCONFIRMED


@pytest.mark.parametrize("expected", [BOUND_BY_SOCKET, DeviceIdentity(IdentityKind.NONE)])
def test_a_machine_nobody_can_tell_gets_no_effect_before_a_person_confirmed_it_each_time(
    expected: DeviceIdentity,
) -> None:
    driver, ran = Puppet(), []
    with Watched(driver, cable, expected) as watched:
        for opening in (1, 2):
            wait_until(partial(identified, driver, opening))
            status = watched.wait(DeviceState.NEEDS_PERSON)
            assert status.error is not None
            assert status.error.code is DeviceErrorCode.UNCONFIRMED
            assert not watched.worker.is_ready
            assert unconfirmed(watched.worker.submit(lambda: ran.append("too early")))
            assert watched.worker.confirm()
            watched.wait(DeviceState.READY)
            assert watched.worker.submit(lambda: "done").result(5.0) == "done"
            assert not watched.worker.confirm(), "nobody is asked any more"
            driver.idling = LinkLost("unplugged")
            watched.wait(DeviceState.OFFLINE)
            driver.idling = DeviceState.READY
    assert ran == []


def test_a_word_given_while_the_machine_was_away_counts_for_nothing() -> None:
    driver = Puppet()
    driver.identities = [TIMEOUT, TIMEOUT]
    with Watched(driver, cable, BOUND_BY_SOCKET) as watched:
        watched.wait(DeviceState.OFFLINE)
        assert not watched.worker.confirm()
        watched.wait(DeviceState.NEEDS_PERSON)
        time.sleep(0.05)
        assert watched.worker.status.state is DeviceState.NEEDS_PERSON


def test_a_machine_that_changes_while_it_waits_for_a_person_is_opened_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "LOOK_SECONDS", 0.02)
    driver = Puppet()
    driver.identities = [ME, ME, DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-9")]
    with Watched(driver, cable, BOUND_BY_SOCKET) as watched:
        wait_until(lambda: driver.asked.count("attach") == 2)
    assert DeviceState.READY not in watched.states


def test_a_bound_number_needs_no_person() -> None:
    with Watched(Puppet(), cable, ME) as watched:
        watched.wait(DeviceState.READY)
    assert DeviceState.NEEDS_PERSON not in watched.states


def test_something_plugged_in_is_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "FIRST_BACKOFF_SECONDS", 30.0)
    driver = Puppet()
    driver.identities = [TIMEOUT]
    with Watched(driver, cable) as watched:
        watched.worker._backoff = 30.0
        watched.wait(DeviceState.OFFLINE)
        began = time.monotonic()
        watched.worker.hurry()
        watched.wait(DeviceState.READY)
    assert time.monotonic() - began < 5.0


def test_a_port_that_is_held_says_by_whom() -> None:
    def held() -> Link:
        raise LinkBusy("ttyUSB0: held by pid 7", "pid 7 since 08:00")

    with Watched(Puppet(), held) as watched:
        status = watched.wait(DeviceState.OFFLINE)
    assert status.error is not None
    assert status.error.code is DeviceErrorCode.LINK_BUSY
    assert ("holder", "pid 7 since 08:00") in status.error.details


def test_a_worker_that_stands_aside_leaves_the_line_closed_and_comes_back_at_once() -> None:
    """Another may ask meanwhile who is on that line; what is called for is refused, not kept."""
    opened: list[float] = []

    def link() -> Link:
        opened.append(time.monotonic())
        return cable()

    with Watched(Puppet(), link) as watched:
        watched.wait(DeviceState.READY)
        with watched.worker.standing_aside():
            wait_until(lambda: watched.worker.is_away)
            time.sleep(0.2)
            assert len(opened) == 1
        wait_until(lambda: len(opened) == 2)
        wait_until(lambda: not watched.worker.is_away)
        assert watched.worker.submit(lambda: "done").result(5.0) == "done"


# --- what is shown and logged -------------------------------------------------------------------------------


def _status(state: DeviceState) -> DeviceStatus:
    return DeviceStatus("machine", DeviceKind.NOTE_COUNTER, state)


def test_a_machine_that_is_gone_for_a_moment_does_not_flicker() -> None:
    shown: list[DeviceState] = []
    show = without_flicker(lambda status: shown.append(status.state), misses=3)
    ready, offline = DeviceState.READY, DeviceState.OFFLINE
    for state in (ready, offline, offline, ready, offline, offline, offline, offline, ready):
        show(_status(state))
    assert shown == [ready, ready, offline, offline, ready]


def test_an_outcome_is_unknown_wherever_a_line_was_lost_inside_the_work() -> None:
    done = Outcome(OutcomeKind.DONE, 1)
    assert as_outcome(done) is done
    for code in (DeviceErrorCode.NOT_READY, DeviceErrorCode.UNCONFIRMED):
        assert as_outcome(DeviceError(code)).kind is OutcomeKind.NOT_DONE
    assert as_outcome(DeviceError(DeviceErrorCode.LINK_LOST)).kind is OutcomeKind.UNKNOWN


class Chatty(Puppet):
    """A machine whose answer to a call comes too late."""

    def attach(self, link: Link) -> None:
        super().attach(link)
        self.link = link

    def resync(self) -> DeviceError | None:
        self.link.read(0.2)
        self.link.write(b"\x05", 1.0)
        self.link.read(0.2)
        return None


def test_late_frames_are_logged_as_late_and_a_defect_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    host, device = null_modem()

    def answer_late() -> DeviceError:
        device.write(b"\x06late", 1.0)
        return TIMEOUT

    printed = "王小明 20,250.00"

    def defect() -> None:
        raise ValueError(printed)

    driver = Chatty()
    with caplog.at_level("DEBUG", "devices.line"), Watched(driver, lambda: host) as watched:
        watched.wait(DeviceState.READY)
        watched.worker.submit(answer_late).result(5.0)
        wait_until(lambda: device.read(0.0) == b"\x05")
        device.write(b"\x06", 1.0)
        watched.wait(DeviceState.READY)
        with pytest.raises(ValueError, match="王小明"):
            watched.worker.submit(defect).result(5.0)
        wait_until(lambda: driver.asked.count("attach") == 2)
    told = [record.getMessage() for record in caplog.records]
    assert any(" late " in line and "5: 06 <4>" in line for line in told)
    assert any(" out " in line for line in told)
    assert any(" in " in line and line.endswith("1: 06") for line in told)
    assert any("ValueError" in line for line in told)
    assert not any("王小明" in line or "20,250.00" in line for line in told)
