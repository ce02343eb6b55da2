"""The bench of these tests: a driver and a simulated machine on a null modem, in virtual time; and real lines.

``Bench`` holds no protocol: it carries bytes and moves a clock that nobody has to wait for. A person's hands can be
told to act at a moment of that clock. What only a real line shows is tested through ``SimulatorProcess`` instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.contracts import DeviceIdentity, DeviceKind, DeviceState, DeviceStatus, PassbookRow
from devices.driver import Driver
from devices.errors import LinkLost
from devices.forms import PassbookForm, load_form
from devices.link.base import Link
from devices.link.null_modem import null_modem
from devices.simulators.host import Simulator
from devices.worker import DeviceWorker

RESOURCES = Path(__file__).parents[2] / "resources"
FORM: PassbookForm = load_form((RESOURCES / "forms" / "passbook_24.toml").read_text(encoding="utf-8"))


class Bench:
    """The host's end of a null modem whose other end is a simulator; time moves only while the host reads."""

    name, note = "bench", ""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.now = 1000.0
        self.written = b""
        self.host, self.device = null_modem()
        self._plans: list[tuple[float, Callable[[], object]]] = []

    def clock(self) -> float:
        return self.now

    def hands(self, **command: Any) -> dict[str, Any]:
        """What a person does to the machine now."""
        return self.simulator.hands(command)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Let a person act that much later."""
        self._plans.append((self.now + seconds, act))

    def open(self) -> None:
        self.host.open()

    def close(self) -> None:
        self.host.close()

    def write(self, data: bytes, timeout_seconds: float) -> int:
        self.written += data
        sent = self.host.write(data, timeout_seconds)
        self._pump()
        return sent

    def read(self, timeout_seconds: float) -> bytes:
        until = self.now + timeout_seconds
        while True:
            self._pump()
            data = self.host.read(0.0)
            if data or self.now >= until:
                return data
            self.now = min([until, *self._moments()])

    def _moments(self) -> list[float]:
        due = self.simulator.next_due(self.now)
        moments = [at for at, _ in self._plans] + ([due] if due is not None else [])
        return [one for one in moments if one > self.now]

    def _pump(self) -> None:
        due = [plan for plan in self._plans if plan[0] <= self.now]
        self._plans = [plan for plan in self._plans if plan[0] > self.now]
        for _, act in due:
            act()
        try:
            data = self.device.read(0.0)
        except LinkLost:
            return
        if data:
            self.simulator.receive(data, self.now)
        said = self.simulator.pending(self.now)
        if said:
            self.device.write(said, 1.0)


class Never:
    """Nobody says stop."""

    def is_set(self) -> bool:
        return False


class StopAfter:
    """A person says stop that many (virtual) seconds from now."""

    def __init__(self, bench: Bench, seconds: float) -> None:
        self._bench, self._at = bench, bench.now + seconds

    def is_set(self) -> bool:
        return self._bench.now >= self._at


class ScriptedMachine:
    """A machine that answers each write with the next bytes of a script; b"" is silence."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.heard: list[bytes] = []
        self._out = b""

    def receive(self, data: bytes, now: float) -> None:
        self.heard.append(data)
        self._out += self.answers.pop(0) if self.answers else b""

    def pending(self, now: float) -> bytes:
        said, self._out = self._out, b""
        return said

    def next_due(self, now: float) -> float | None:
        return None

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        self._out += command["say"]
        return {}


class Watched:
    """A worker with everything it said, for a driver and a way to make its links."""

    def __init__(
        self, driver: Driver, make_link: Callable[[], Link], expected: DeviceIdentity | None = None
    ) -> None:
        self.seen: list[DeviceStatus] = []
        self.worker = DeviceWorker(
            "machine", driver, make_link, time.monotonic, lambda: 0.5, self.seen.append, expected
        )

    def __enter__(self) -> Watched:
        self.worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()

    @property
    def states(self) -> list[DeviceState]:
        return [status.state for status in self.seen]

    def wait(self, *states: DeviceState, seconds: float = 10.0) -> DeviceStatus:
        """Wait until the machine is in one of the states now."""
        wait_until(lambda: self.worker.status.state in states, seconds)
        return self.worker.status


def wait_until(true: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something to become true; fails the test when it does not."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.005)


def row(line: int, summary: str = "存款", amount: str = "+20,250.00", **more: str) -> PassbookRow:
    """A passbook row with fictional texts."""
    fields = {
        "date": "20260312", "summary": summary, "amount": amount, "balance": "31,482.15", "operator": "0318",
    }  # fmt: skip
    return PassbookRow(line, {**fields, **more})


KINDS = {
    "t5040": DeviceKind.PASSBOOK_PRINTER,
    "aa55": DeviceKind.NOTE_COUNTER,
    "ebds": DeviceKind.COUNTERFEIT_DETECTOR,
    "escpos": DeviceKind.RECEIPT_PRINTER,
}
