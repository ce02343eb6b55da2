"""A detector and its driver on one bench, as a person puts notes in and the desk asks; every detector's tests use it.

Knows no protocol: what a machine's hands are called beyond inserting a note stands in that machine's test.
"""

from __future__ import annotations

from typing import Any

from devices.contracts import DeviceState, NoteReading
from devices.errors import DeviceError, DeviceErrorCode
from tests.devices.rig import Bench, Never


class LookingAtNotes:
    """The bench, the driver attached to it, and what people do. ``driver`` is built by the test."""

    def __init__(self, bench: Bench, driver: Any) -> None:
        self.bench, self.driver = bench, driver
        self.driver.attach(bench)

    def insert(self, denomination: int = 100, **more: int) -> None:
        """A genuine note unless told otherwise."""
        self.bench.hands(do="insert", denomination=denomination, **{"classification": 4, **more})

    def fault(self, kind: str, **more: Any) -> None:
        self.bench.hands(do="fault", kind=kind, **more)

    def report(self) -> dict[str, Any]:
        return self.bench.hands(do="report")

    def facts(self) -> list[str]:
        """What happened to notes."""
        return [fact["fact"] for fact in self.report()["facts"]]

    def inspect(self, stop: Any = None) -> NoteReading | DeviceError:
        found: NoteReading | DeviceError = self.driver.inspect(
            "reading-1", lambda seen: None, stop or Never()
        )
        return found

    def read(self, stop: Any = None) -> NoteReading:
        """The reading of a note that is in."""
        found = self.inspect(stop)
        assert isinstance(found, NoteReading), found
        return found

    def seen(self, **note: int) -> NoteReading:
        """The reading of a note that a person inserts once the machine waits for one."""
        self.bench.after(2.0, lambda: self.insert(**note))
        return self.read()

    def idle(self, seconds: float = 0.5) -> DeviceState | DeviceError:
        """Idle as the worker does for that long; the last state."""
        until, found = self.bench.now + seconds, self.driver.idle()
        while self.bench.now < until:
            self.bench.read(0.1)
            found = self.driver.idle()
        state: DeviceState | DeviceError = found
        return state

    def rest(self, times: int = 30) -> DeviceState | DeviceError:
        """What the machine is like after a while of nobody asking."""
        state: DeviceState | DeviceError = DeviceState.STARTING
        for _ in range(times):
            state = self.driver.idle()
            self.bench.now += 0.1
        return state


def fault(raw: str) -> DeviceError:
    """The machine's own words."""
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", raw),))


def fault_of(found: object) -> str:
    """What a fault says."""
    assert isinstance(found, DeviceError), found
    assert found.code is DeviceErrorCode.DEVICE_FAULT
    return dict(found.details)["raw"]


def passes(looking: LookingAtNotes, kind: str) -> None:
    """A fault that passes costs a repetition and nothing else."""
    looking.bench.after(0.5, lambda: looking.fault(kind, times=1))
    looking.bench.after(1.5, lambda: looking.insert(50))
    reading = looking.read()
    assert (reading.denomination_minor, reading.returned) == (5000, True)
    assert looking.facts() == ["inserted", "returned"]


def stays(looking: LookingAtNotes, kind: str, code: DeviceErrorCode, raw: str) -> None:
    """A fault that stays ends in an error value within ten seconds, and once it is over all is well again."""
    looking.bench.after(0.5, lambda: looking.fault(kind))
    began = looking.bench.now
    found = looking.inspect()
    assert isinstance(found, DeviceError)
    assert found.code is code
    assert dict(found.details).get("raw", "") == raw
    assert looking.bench.now - began < 10.0
    looking.fault(kind)
    assert looking.driver.resync() is None
    assert looking.idle(1.0) is DeviceState.READY


def silent_and_got_over(looking: Any, answered: int) -> None:
    """The machine falls silent after so many answers: that is a time-out, and once it speaks again the next note is
    read, given back, and its mouth shut. ``looking`` can say whether the mouth ``is_open``."""
    looking.fault("silent", skip=answered)
    found: object = DeviceState.READY
    for _ in range(4):
        found = looking.idle() if found in (DeviceState.READY, DeviceState.BUSY) else found
    found = looking.inspect() if found is DeviceState.READY else found
    assert isinstance(found, DeviceError), found
    assert found.code is DeviceErrorCode.TIMEOUT
    looking.fault("silent")
    assert looking.driver.resync() is None
    looking.insert(10)
    reading = looking.read()
    assert (reading.denomination_minor, reading.returned) == (1000, True)
    assert looking.idle(1.0) is DeviceState.READY
    assert not looking.is_open
    assert looking.facts() == ["inserted", "returned"]
