"""Recordings of a session with a real machine, and their replay: the corpus that a driver must go on to agree with.

A recording is operations (``devices.self_test``), the bytes that went each way with their times, and what came of each
operation; it is masked before it is written (``devices.masking``). A replay gives the driver the same bytes at the same
times of a clock that nobody waits for, and says what differs. Opens no port.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.driver import Clock
from devices.errors import LinkLost
from devices.link.trace import Listener
from devices.masking import Masks, NotMasked, mask_text, masks_for
from devices.registry import ManifestFlaw, load_manifests
from devices.self_test import OPERATIONS
from devices.single_machine import driver_of

VERSION = 1
_BYTES = ("out", "in")
SMALLEST_STEP_SECONDS = 0.0001
SLACK_SECONDS, SLACK_SHARE = 0.01, 0.02
"""A replay does its own work in no time, so its clock lags behind the recorded one between two pieces, at most so much
and that share of the silence. The pieces' order is exact, so that no answer can come before its question."""
PATIENT_READS = 2000
"""So often a driver may read in vain before the replay's clock goes on without the next piece."""


class NotRecorded(ValueError):
    """A recording that cannot be written or read, and why."""


@dataclass(frozen=True)
class Event:
    """``kind``: "call" (name of an operation), "out" or "in" (hex), "result" (what the operation told)."""

    kind: str
    seconds: float
    text: str

    @property
    def data(self) -> bytes:
        return bytes.fromhex(self.text)


@dataclass(frozen=True)
class Recording:
    """One session with one model."""

    model: str
    protocol: str
    events: tuple[Event, ...]


class Recorder:
    """Collects a session. ``hear`` is the listener of a TraceLink."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._start = clock, clock()
        self._events: list[Event] = []
        self._last_quiet = ""

    @property
    def hear(self) -> Listener:
        return lambda direction, data, at: self._add(direction, data.hex(), at)

    def call(self, name: str, driver: Any) -> Any:
        """Run one operation. A call during which nothing moved and that told what the last one did is not kept."""
        before = len(self._events)
        self._add("call", name, self._clock())
        told = OPERATIONS[name](driver, self._clock)
        quiet = len(self._events) == before + 1
        if quiet and self._last_quiet == f"{name} {told.text}":
            del self._events[before:]
            return told
        self._last_quiet = f"{name} {told.text}" if quiet else ""
        self._add("result", told.text, self._clock())
        return told

    def _add(self, kind: str, text: str, at: float) -> None:
        self._events.append(Event(kind, round(at - self._start, 6), text))

    def recording(self, model: str, protocol: str, driver: Any) -> Recording:
        """What was collected of that driver, masked. Raises NotRecorded where it cannot be masked."""
        return Recording(model, protocol, masked(tuple(self._events), needed_masks(protocol, driver)))


def needed_masks(protocol: str, driver: Any = None) -> Masks:
    """The masks. Raises NotRecorded where there are none."""
    found = masks_for(protocol, driver)
    if isinstance(found, NotMasked):
        raise NotRecorded(str(found))
    return found


def masked(events: tuple[Event, ...], masks: Masks) -> tuple[Event, ...]:
    """Each direction is masked as one stream, since a frame may lie over several events, and cut again as it was."""
    streams = {
        kind: masks.of(kind)(b"".join(one.data for one in events if one.kind == kind)) for kind in _BYTES
    }
    at = dict.fromkeys(_BYTES, 0)
    found: list[Event] = []
    for one in events:
        text = _masked_result(one.text) if one.kind == "result" else one.text
        if one.kind in _BYTES:
            start = at[one.kind]
            at[one.kind] = start + len(one.data)
            text = streams[one.kind][start : at[one.kind]].hex()
        found.append(Event(one.kind, one.seconds, text))
    return tuple(found)


_SERIAL = "serial_number "


def _masked_result(text: str) -> str:
    """Of what operations tell, only an identity can name one machine."""
    return _SERIAL + mask_text(text.removeprefix(_SERIAL)) if text.startswith(_SERIAL) else text


# --- files ------------------------------------------------------------------------------------------------


def write(recording: Recording) -> str:
    """The recording as JSON, one event a line."""
    head = {"version": VERSION, "model": recording.model, "protocol": recording.protocol, "masked": True}
    lines = [json.dumps([one.kind, one.seconds, one.text], ensure_ascii=False) for one in recording.events]
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "events": [\n' + ",\n".join(lines) + "\n]}\n"


def read(text: str) -> Recording:
    """Raises NotRecorded when the text is no recording of this version."""
    try:
        told = json.loads(text)
        if told["version"] != VERSION:
            raise NotRecorded(f"recording of version {told['version']}, this program reads {VERSION}")
        events = tuple(Event(str(kind), float(at), str(text)) for kind, at, text in told["events"])
        return Recording(str(told["model"]), str(told["protocol"]), events)
    except (ValueError, KeyError, TypeError) as error:
        raise NotRecorded(f"this is no recording: {error}") from error


def replay_test(recording: Recording, capture: Path) -> str:
    """A ready pytest file that replays the recording beside it."""
    return f'''"""Replays {capture.name}: the {recording.model} driver must go on to understand this machine as it did.

Texts and serial numbers in it are masked, and what the driver sends and tells is compared as masked.
"""

from __future__ import annotations

from pathlib import Path

from devices.record import read, replay


def test_the_recorded_session_replays() -> None:
    recording = read(Path(__file__).with_name({capture.name!r}).read_text(encoding="utf-8"))
    assert replay(recording) == []
'''


# --- replay -----------------------------------------------------------------------------------------------


class ReplayLink:
    """Says what the machine said, when it said it, on a clock that moves only by reading."""

    name, note = "replay", ""

    def __init__(self) -> None:
        self.now = self._last = 0.0
        self._in_vain = 0
        self.written = b""
        self.events: list[Event] = []

    def clock(self) -> float:
        return self.now

    def begin(self, call: Event, events: list[Event]) -> None:
        """The events of one operation."""
        self.now = self._last = max(self.now, call.seconds)
        self.events, self.written = events, b""

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def write(self, data: bytes, timeout_seconds: float) -> int:
        left = len(data)
        while left:
            if not self.events or self.events[0].kind != "out":
                raise LinkLost("the driver sends what it did not send when this was recorded")
            first = self.events.pop(0)
            self._came(first.seconds)
            if len(first.data) > left:
                self.events.insert(0, Event("out", first.seconds, first.data[left:].hex()))
            left -= min(left, len(first.data))
        self.written += data
        return len(data)

    def _came(self, seconds: float) -> None:
        self.now = self._last = max(self.now, seconds)
        self._in_vain = 0

    def _comes_within(self, timeout_seconds: float) -> bool:
        slack = SLACK_SECONDS + SLACK_SHARE * (self.now - self._last)
        return (
            bool(self.events)
            and self.events[0].kind == "in"
            and self.events[0].seconds <= self.now + timeout_seconds + slack
        )

    def read(self, timeout_seconds: float) -> bytes:
        if self._comes_within(timeout_seconds):
            first = self.events.pop(0)
            self._came(first.seconds)
            return first.data
        self._pass(max(timeout_seconds, SMALLEST_STEP_SECONDS))
        return b""

    def _pass(self, seconds: float) -> None:
        """When it was recorded the next piece was not there yet: the clock stops short of it while the driver reads."""
        self._in_vain += 1
        self.now += seconds
        if self.events and self._in_vain < PATIENT_READS:
            self.now = max(self._last, min(self.now, self.events[0].seconds))


def replay(recording: Recording) -> list[str]:
    """What differs from the recording, in sentences; nothing when the driver agrees with it."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        raise NotRecorded(str(models))
    if recording.model not in models:
        raise NotRecorded(f"there is no model {recording.model!r}")
    link = ReplayLink()
    driver = driver_of(models[recording.model], link.clock)
    driver.attach(link)
    mask = needed_masks(recording.protocol, driver).outward
    found: list[str] = []
    for number, (call, moved, result) in enumerate(_calls(recording.events), 1):
        expected = mask(b"".join(one.data for one in moved if one.kind == "out"))
        link.begin(call, list(moved))
        where = f"operation {number} ({call.text})"
        found += [f"{where}: {text}" for text in _differences(call, link, driver, expected, result, mask)]
        if found:
            break
    return found


def _differences(
    call: Event, link: ReplayLink, driver: Any, expected: bytes, result: str, mask: Callable[[bytes], bytes]
) -> list[str]:
    try:
        told = OPERATIONS[call.text](driver, link.clock)
    except LinkLost as lost:
        return [str(lost)]
    text = _masked_result(told.text)
    found = [] if text == result else [f"it told {text!r}, and when recorded {result!r}"]
    if mask(link.written) != expected:
        found.append("it sent other bytes than when recorded")
    if link.events:
        found.append(f"{len(link.events)} pieces of the recording were left over")
    return found


def _calls(events: tuple[Event, ...]) -> list[tuple[Event, tuple[Event, ...], str]]:
    """Call, the bytes that moved in it, its result."""
    found: list[tuple[Event, tuple[Event, ...], str]] = []
    call: Event | None = None
    moved: list[Event] = []
    for one in events:
        if one.kind == "call":
            call, moved = one, []
        elif one.kind == "result" and call is not None:
            found.append((call, tuple(moved), one.text))
            call = None
        else:
            moved.append(one)
    return found
