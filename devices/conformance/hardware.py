"""A real machine on a real port, and the person beside it: the same scenarios, with eyes for a ledger.

Faults act at the host's end of the line. What really happened only the person can say, so they are asked, in words,
after each effect; an effect costs paper or a note's way through, so each fault is played once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from devices.conformance.bench import Bench, result_of
from devices.conformance.checks import WHOLE
from devices.conformance.faults import LineKind
from devices.contracts import DeviceIdentity, DeviceKind, DeviceState
from devices.link.base import Link
from devices.link.factory import link_for
from devices.registry import Manifest

CALL_SECONDS = 300.0


class Person(Protocol):
    """Who stands beside the machine."""

    def do(self, text: str) -> None:
        """Ask them to do something; returns when they say it is done."""
        ...

    def tell(self, text: str) -> None:
        """Tell them what to do while the machine waits for it."""
        ...

    def number(self, text: str) -> int:
        """Ask them how many."""
        ...


ASK: Mapping[DeviceKind, tuple[str, str]] = {
    DeviceKind.PASSBOOK_PRINTER: (
        "Put a blank test page in the printer.",
        "How many new rows are on the page (0, 1 or 2)? A row that lies on another counts twice.",
    ),
    DeviceKind.RECEIPT_PRINTER: (
        "See that there is paper.",
        "How many whole receipts with their number came out (torn pieces do not count)?",
    ),
    DeviceKind.NOTE_COUNTER: ("Empty the counter.", "How many heaps ran through to their end?"),
    DeviceKind.COUNTERFEIT_DETECTOR: ("Take every note out of the machine.", "How many notes went in?"),
}


class HardwareBench(Bench):
    """The driver on its worker, the port, and a person for hands and ledger."""

    line = LineKind.HARDWARE

    def __init__(self, model: Manifest, port: str, person: Person, secret: str | None = None) -> None:
        self.secret = secret
        self.port, self._person, self._jumped = port, person, 0.0
        self._facts: list[dict[str, Any]] = []
        self._asked_for = 0
        self._loaded: dict[str, Any] = {}
        super().__init__(model, None, self._time)

    def _time(self) -> float:
        return time.monotonic() + self._jumped

    def hire(self, expected: DeviceIdentity | None = None) -> None:
        old = getattr(self, "worker", None)
        if old is not None:
            old.stop()
        super().hire(expected)

    def open_line(self) -> Link:
        return link_for(self.port, self.model.line)

    @property
    def is_waiting(self) -> bool:
        """The person is told just before the machine begins to wait."""
        return True

    # --- hands and eyes ------------------------------------------------------------------------------------------

    def hands(self, **command: Any) -> dict[str, Any]:
        """What a simulator would be told is asked of the person; getting ready is asked once an effect."""
        if command["do"] == "load":
            heap = ", ".join(f"{pieces} × {unit}" for unit, pieces in command["notes"])
            self._loaded = {
                "pieces": sum(pieces for _, pieces in command["notes"]),
                "amount": sum(unit * pieces for unit, pieces in command["notes"]),
            }
            self._person.tell(f"Let the counter count: {heap}.")
        elif command["do"] == "insert":
            self._person.tell(f"Put one genuine {command['denomination']} note in.")
        else:
            self._person.do(ASK[self.model.kind][0])
        return {}

    def run(self, call: Callable[[], Any]) -> Any:
        self._asked_for += 1
        return result_of(self.worker.submit(call), CALL_SECONDS)

    def facts(self) -> list[dict[str, Any]]:
        """The person is asked once after each effect that was asked for."""
        if self._asked_for:
            self._asked_for = 0
            seen = self._person.number(ASK[self.model.kind][1])
            self._facts += [fact for _ in range(seen) for fact in self._seen_one()]
        return list(self._facts)

    def _seen_one(self) -> list[dict[str, Any]]:
        if self.model.kind is DeviceKind.PASSBOOK_PRINTER:
            return [{"fact": "ink", "kind": "row"}]
        if self.model.kind is DeviceKind.RECEIPT_PRINTER:
            return [{"fact": "receipt", "text": WHOLE}]
        if self.model.kind is DeviceKind.NOTE_COUNTER:
            return [{"fact": "batch", **self._loaded}]
        back = self._person.number("Is it out of the machine again (1 yes, 0 no)?")
        return [{"fact": "inserted"}, *([{"fact": "returned"}] if back else [])]

    # --- time ----------------------------------------------------------------------------------------------------

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """People are no clockwork: they are told now, and act while the machine waits."""
        act()

    def settle(self, seconds: float, *states: DeviceState) -> bool:
        if self.state is DeviceState.STARTING and not self.worker.is_running:
            self.worker.start()
        until = time.monotonic() + seconds
        while self.state not in (states or (DeviceState.READY,)):
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def rest(self, seconds: float) -> None:
        time.sleep(seconds)

    def jump(self, seconds: float) -> None:
        self._jumped += seconds

    def kill_desk(self) -> None:
        self.hire()

    def close(self) -> None:
        self.worker.stop()
