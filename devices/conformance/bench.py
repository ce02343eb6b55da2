"""A driver on its worker, a line that fails on purpose, and a simulated machine: in virtual time or on a real line.

``VirtualBench`` joins them by a null modem on one thread; time moves only while the driver reads or the worker rests,
so forty seconds of machine time cost nothing. ``RealBench`` is the same over a pty or TCP with real threads. Both are
used alike, so that a scenario is written once. Knows no protocol and no fault.
"""

from __future__ import annotations

import contextlib
import json
import re
import select
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from devices.conformance.faults import LineKind
from devices.contracts import DeviceIdentity, DeviceState, DeviceStatus
from devices.errors import LinkLost
from devices.link.base import Link
from devices.link.factory import link_for
from devices.link.fault import FaultLink, Faults
from devices.link.null_modem import NullModemLink, null_modem
from devices.link.serial_port import SerialSettings
from devices.registry import Manifest
from devices.simulators.host import Simulator
from devices.simulators.line import Line, PtyLine, TcpLine
from devices.single_machine import driver_of
from devices.worker import IDLE_SECONDS, DeviceWorker

CALL_SECONDS = 180.0
LOOK_SECONDS = 1e-6
"""What a look at the virtual clock takes."""
_POWER = re.compile(r"\b(power_cycle|power|restart)\b")
Plan = tuple[float, Callable[[], object]]


class DriverBroke(Exception):
    """The driver, or its simulator, raised what no driver may raise; the text says what and where."""


def result_of(future: Future[Any], seconds: float = CALL_SECONDS) -> Any:
    """What a call on the worker ended in. Raises DriverBroke where the call itself raised."""
    broken = future.exception(seconds)
    if broken is None:
        return future.result()
    at = traceback.extract_tb(broken.__traceback__)[-1]
    raise DriverBroke(f"{type(broken).__name__}: {broken} ({Path(at.filename).name}:{at.lineno})") from broken


class SimulatedMachine:
    """One simulator with its ledger on disk, which outlives a restart; safe to use from two threads."""

    def __init__(self, model: Manifest, directory: Path, options: Mapping[str, str]) -> None:
        self._model, self.directory, self._options = model, directory, options
        self.lock = threading.RLock()
        self._lines: dict[str, int] = {}
        self._told: list[dict[str, Any]] = []
        self.simulator: Simulator = self._new()

    def _new(self) -> Simulator:
        made: Simulator = self._model.simulator_class()(
            self.directory, self._model.simulator_options(self._options)
        )
        return made

    def reboot(self) -> None:
        """Mains off and on: what it held in memory is gone, ink and notes stay. A simulator that has a hand for it
        knows best what becomes of a note inside; from any other a person takes it out."""
        with self.lock:
            hand = _POWER.search(type(self.simulator).__doc__ or "")
            if hand:
                self.simulator.hands({"do": hand.group()})
                return
            self.simulator = self._new()
            with open(self.directory / "hands.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({"fact": "taken out"}) + "\n")

    def hands(self, **command: Any) -> dict[str, Any]:
        """What a person does to the machine now."""
        with self.lock:
            return self.simulator.hands(command)

    def facts(self) -> list[dict[str, Any]]:
        """What really happened so far, in the order it was found in the ledger's files."""
        with self.lock:
            for path in sorted(self.directory.glob("*.jsonl")):
                lines = path.read_text("utf-8").splitlines()
                self._told += [json.loads(line) for line in lines[self._lines.get(path.name, 0) :]]
                self._lines[path.name] = len(lines)
            return list(self._told)


class Bench:
    """What a scenario does to both ends. ``faults`` act at the host's end of the line."""

    line: LineKind
    secret: str | None = None
    """What a real machine of this model must be told; a simulated one is set to the published value."""

    def __init__(self, model: Manifest, machine: SimulatedMachine | None, clock: Callable[[], float]) -> None:
        self.model, self.machine, self.clock = model, machine, clock
        self.seen: list[DeviceStatus] = []
        self.faults = Faults()
        self.link: FaultLink | None = None
        self.links: list[FaultLink] = []
        self.driver: Any = None
        self.worker: DeviceWorker
        self.hire()

    def hands(self, **command: Any) -> dict[str, Any]:
        """What a person does to the machine now."""
        assert self.machine is not None
        return self.machine.hands(**command)

    def facts(self) -> list[dict[str, Any]]:
        """What really happened so far."""
        return self.machine.facts() if self.machine is not None else []

    def hire(self, expected: DeviceIdentity | None = None) -> None:
        """A new driver on a new worker, as a desk that starts."""
        self.driver = driver_of(self.model, self.clock, self.secret)
        self.worker = DeviceWorker(
            self.model.name, self.driver, self._make_link, self.clock, lambda: 0.5, self.seen.append, expected
        )

    def _make_link(self) -> Link:
        self.faults = self.faults.lasting()
        self.link = FaultLink(self.open_line(), self.faults, self.fault_clock)
        self.links.append(self.link)
        return self.link

    @property
    def carried(self) -> dict[str, int]:
        """Bytes that drivers were told have left, or were given, by direction, over every line so far."""
        return {
            "out": sum(one.told_out for one in self.links),
            "in": sum(one.told_in for one in self.links),
        }

    def open_line(self) -> Link:
        """The line as it is plugged in now, not yet open."""
        raise NotImplementedError

    def fault_clock(self) -> float:
        """The clock that late bytes come by."""
        return self.clock()

    def arm(self, faults: Faults) -> None:
        """From now on, this goes wrong."""
        self.faults = faults
        if self.link is not None:
            self.link.faults = faults

    def calm(self) -> None:
        """The fault is over."""
        self.arm(Faults())

    def run(self, call: Callable[[], Any]) -> Any:
        """One call on the machine's worker; what it ended in."""
        raise NotImplementedError

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Let a person act that much later."""
        raise NotImplementedError

    def settle(self, seconds: float, *states: DeviceState) -> bool:
        """Whether the machine is in one of the states (READY) within that time."""
        raise NotImplementedError

    def rest(self, seconds: float) -> None:
        """Let time pass while nobody asks anything."""
        raise NotImplementedError

    def jump(self, seconds: float) -> None:
        """The clock jumps: the computer slept."""
        raise NotImplementedError

    def unplug(self) -> None:
        """Pull the cable."""
        raise NotImplementedError

    def plug_in(self) -> None:
        """Plug it in again: the port has another name now."""
        raise NotImplementedError

    def kill_desk(self) -> None:
        """The desk's process is gone at once: nothing is told to the machine any more."""
        raise NotImplementedError

    def close(self) -> None:
        """Clear the bench away."""

    @property
    def is_waiting(self) -> bool:
        """Whether the desk waits for what a person does now."""
        return self.state is DeviceState.BUSY

    @property
    def state(self) -> DeviceState:
        return self.worker.status.state


class _CarriedLine:
    """The host's end of the null modem as a link: reading moves the bench's clock."""

    note = ""

    def __init__(self, bench: VirtualBench, host: NullModemLink) -> None:
        self._bench, self._host = bench, host

    @property
    def name(self) -> str:
        return self._host.name

    def open(self) -> None:
        self._host.open()
        self._bench.pump()

    def close(self) -> None:
        self._host.close()

    def write(self, data: bytes, timeout_seconds: float) -> int:
        sent, until = 0, self._bench.now + timeout_seconds
        while True:
            sent += self._host.write(data[sent:], 0.0)
            self._bench.pump()
            if sent == len(data) or self._bench.now >= until:
                return sent
            self._bench.advance(until)

    def read(self, timeout_seconds: float) -> bytes:
        until = self._bench.now + timeout_seconds
        while True:
            self._bench.pump()
            data = self._host.read(0.0)
            if data or self._bench.now >= until:
                return data
            self._bench.advance(until)


class VirtualBench(Bench):
    """Null modem, one thread, virtual time."""

    line = LineKind.NULL_MODEM

    def __init__(self, model: Manifest, machine: SimulatedMachine) -> None:
        self.now = 1000.0
        self._plans: list[Plan] = []
        self.host, self.device = null_modem()
        super().__init__(model, machine, self._time)

    def _time(self) -> float:
        """Like any clock it moves on while somebody looks at it: a wait shorter than a float can add would else never
        end."""
        self.now += LOOK_SECONDS
        return self.now

    def open_line(self) -> Link:
        return _CarriedLine(self, self.host)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        self._plans.append((self.now + seconds, act))

    def advance(self, until: float) -> None:
        """Move the clock to the next thing that happens, or to ``until``."""
        assert self.machine is not None
        due = self.machine.simulator.next_due(self.now)
        moments = [at for at, _ in self._plans] + ([due] if due is not None else [])
        self.now = min([until, *(one for one in moments if one > self.now)])

    def pump(self) -> None:
        """Carry bytes and let people act whose time has come."""
        assert self.machine is not None
        due = [plan for plan in self._plans if plan[0] <= self.now]
        self._plans = [plan for plan in self._plans if plan[0] > self.now]
        for _, act in due:
            act()
        with contextlib.suppress(LinkLost):
            data = self.device.read(0.0)
            if data:
                self.machine.simulator.receive(data, self.now)
            said = self.machine.simulator.pending(self.now)
            if said:
                self.device.write(said, 0.0)

    def run(self, call: Callable[[], Any]) -> Any:
        future = self.worker.submit(call)
        while not future.done():
            self.worker.turn(0.0)
        return result_of(future)

    def _pass(self, until: float) -> None:
        """The worker has one turn; time goes on by its resting time at least."""
        before = self.now
        self.worker.turn(0.0)
        goal = min(until, before + IDLE_SECONDS)
        while self.now < goal:
            self.advance(goal)
            self.pump()

    def settle(self, seconds: float, *states: DeviceState) -> bool:
        until = self.now + seconds
        while self.state not in (states or (DeviceState.READY,)):
            if self.now >= until:
                return False
            self._pass(until)
        return True

    def rest(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self._pass(until)

    def jump(self, seconds: float) -> None:
        self.now += seconds

    def unplug(self) -> None:
        self.host.pull()

    def plug_in(self) -> None:
        self.host, self.device = null_modem()

    def kill_desk(self) -> None:
        """The port is let go of by the system; the machine keeps what it has."""
        self.host.close()
        self.hire()

    def set_line(self, settings: SerialSettings | None) -> None:
        """The host's port is set wrongly, the machine's as its manifest says; None sets both alike."""
        self.host.set(settings)
        self.device.set(self.model.line if settings else None)


class RealBench(Bench):
    """A pty or TCP, with the machine on a thread of its own. Time runs ``speed`` times faster for the driver's
    deadlines."""

    def __init__(
        self, model: Manifest, machine: SimulatedMachine, line: LineKind, speed: float = 1.0
    ) -> None:
        self.line, self._speed = line, speed
        self._began, self._jumped = time.monotonic(), 0.0
        self._plans: list[Plan] = []
        self._wire: Line | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="simulated-machine", daemon=True)
        self.name = machine.directory / "port"
        self._gone: list[Line] = []
        super().__init__(model, machine, self._time)
        self.plug_in()
        self._thread.start()

    def _time(self) -> float:
        return self._began + (time.monotonic() - self._began) * self._speed + self._jumped

    def fault_clock(self) -> float:
        return time.monotonic()

    def hire(self, expected: DeviceIdentity | None = None) -> None:
        old = getattr(self, "worker", None)
        if old is not None:
            old.stop()
        super().hire(expected)

    def open_line(self) -> Link:
        port = str(self.name) if self.line is LineKind.PTY else self.name.read_text("utf-8")
        return link_for(port, self.model.line)

    def plug_in(self) -> None:
        wire: Line = PtyLine() if self.line is LineKind.PTY else TcpLine()
        self._point(wire.port)
        self._wire = wire

    def _point(self, port: str) -> None:
        """Let the name stand for another port at one stroke: the desk may look it up at any moment."""
        new = self.name.with_suffix(".new")
        new.unlink(missing_ok=True)
        if self.line is LineKind.PTY:
            new.symlink_to(port)
        else:
            new.write_text(port, "utf-8")
        new.replace(self.name)

    def unplug(self) -> None:
        """Its end of the line closes; the freed name of a pty may be anybody's next, so the binding goes first."""
        if self.line is LineKind.PTY:
            self._point("/dev/nothing-is-plugged-in")
        wire, self._wire = self._wire, None
        if wire is not None:
            self._gone.append(wire)

    def _serve(self) -> None:
        while not self._done.is_set():
            while self._gone:
                self._gone.pop().close()
            wire = self._wire
            if wire is None:
                time.sleep(0.002)
            else:
                with contextlib.suppress(OSError, ValueError):
                    self._turn(wire)

    def _turn(self, wire: Line) -> None:
        assert self.machine is not None
        now = time.monotonic()
        with self.machine.lock:
            for plan in [one for one in self._plans if one[0] <= now]:
                self._plans.remove(plan)
                plan[1]()
            wire.send(self.machine.simulator.pending(now))
            due = self.machine.simulator.next_due(now)
        wait = 0.005 if due is None else max(0.0, min(0.005, due - now))
        for source in select.select(wire.sources(), wire.sinks(), [], wait)[0]:
            data = wire.receive(source)
            if data:
                with self.machine.lock:
                    self.machine.simulator.receive(data, time.monotonic())

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        self._plans.append((time.monotonic() + seconds / self._speed, act))

    def _started(self) -> None:
        if self.state is DeviceState.STARTING and not self.worker.is_running:
            self.worker.start()

    def run(self, call: Callable[[], Any]) -> Any:
        return result_of(self.worker.submit(call))

    def settle(self, seconds: float, *states: DeviceState) -> bool:
        self._started()
        until = time.monotonic() + seconds / self._speed
        while self.state not in (states or (DeviceState.READY,)):
            if time.monotonic() > until:
                return False
            time.sleep(0.002)
        return True

    def rest(self, seconds: float) -> None:
        self._started()
        time.sleep(seconds / self._speed)

    def jump(self, seconds: float) -> None:
        self._jumped += seconds

    def kill_desk(self) -> None:
        """Its line is closed by the system, whatever the driver was doing."""
        self.hire()

    def close(self) -> None:
        self.worker.stop()
        self._done.set()
        self._thread.join(5.0)
        if self._wire is not None:
            self._wire.close()
