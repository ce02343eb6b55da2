"""One trial: a fresh bench, one fault, and what was found. A scenario tells what goes wrong; the trial does the rest.

After each fault the machine must be ready again within a bound, a clean effect must work, and every invariant of
``checks`` must hold over all that was asked and all that happened.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.conformance.adapters import SECRETS, Adapter, settled
from devices.conformance.bench import Bench
from devices.conformance.checks import Attempt, customer_data
from devices.contracts import Outcome
from devices.link.fault import Faults
from devices.link.log import LOG

READY_SECONDS = 60.0
"""Ready again within that, by the bench's clock: the longest pause between two attempts to open is 18 s."""
CLEAN_TRIES = 4
_FRAME = re.compile(r"\S+ (out|in|late) \d+\.\d{3} (\d+): ")
"""A piece of the line in the log: direction, time and length."""


class LogKeeper(logging.Handler):
    """Keeps what the line log says."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.told: list[str] = []
        self.raised: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())
        if record.levelno >= logging.ERROR:
            self.raised.append(record.getMessage().strip())

    @property
    def carried(self) -> dict[str, int]:
        """Bytes it tells of, by direction; a late answer came in too."""
        bytes_of = {"out": 0, "in": 0}
        for line in self.told:
            frame = _FRAME.match(line)
            if frame:
                bytes_of["out" if frame[1] == "out" else "in"] += int(frame[2])
        return bytes_of

    def __enter__(self) -> LogKeeper:
        self._before = LOG.level, LOG.propagate
        LOG.setLevel(logging.DEBUG)
        LOG.propagate = False
        LOG.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        LOG.removeHandler(self)
        LOG.setLevel(self._before[0])
        LOG.propagate = self._before[1]


@dataclass(frozen=True)
class Usual:
    """How a clean effect goes on this line: its result, bytes and pieces each way. ``ways`` are the directions in which
    anything goes at all: some printers say nothing, some counters hear nothing."""

    result: Any
    read: int
    written: int
    pieces_read: int
    pieces_written: int
    ways: frozenset[str] = frozenset({"out", "in"})


@dataclass
class Trial:
    """What a scenario acts on. ``usual`` is None only while the usual itself is being found."""

    bench: Bench
    adapter: Adapter
    usual: Usual | None = None
    attempts: list[Attempt] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    _seen: int = 0

    def start(self) -> None:
        """The machine is there and ready."""
        self.adapter.make_ready(self.bench)
        if not self.bench.settle(READY_SECONDS):
            self.findings.append(f"not ready at the start: {self.bench.worker.status.error}")

    def attempt(self, arm: Faults | None = None) -> Attempt:
        """Ask for the next effect; the faults count from here."""
        self._account()
        number = len(self.attempts) + 1
        attempt, call = self.adapter.begin(self.bench, number)
        self.attempts.append(attempt)
        if arm is not None:
            self.bench.arm(arm)
        attempt.result = settled(self.bench.model.kind, self.bench.run(call))
        return attempt

    def never_done(self, attempt: Attempt) -> None:
        """Whatever happened, the desk had no ground to believe in it."""
        if attempt.is_done:
            self.findings.append("believed done without any proof")

    def _account(self) -> None:
        """What happened until now belongs to the last attempt."""
        facts = self.bench.facts()
        if self.attempts:
            self.attempts[-1].facts += facts[self._seen :]
        self._seen = len(facts)

    def finish(self) -> None:
        """The fault is over: back to ready in time, a clean effect, and every invariant."""
        self.bench.calm()
        if not self.bench.settle(READY_SECONDS):
            status = self.bench.worker.status
            self.findings.append(
                f"not ready within {READY_SECONDS:.0f} s: {status.state.value} {status.error}"
            )
        else:
            self._clean()
        self._account()
        usual = self.usual.result if self.usual else None
        self.findings += self.adapter.judge(self.attempts, usual)

    def _clean(self) -> None:
        """A heap that was left over may be told first; soon the machine must work as usual."""
        for _ in range(CLEAN_TRIES):
            self.bench.settle(READY_SECONDS)
            self.adapter.make_ready(self.bench)
            self.bench.rest(0.3)
            attempt = self.attempt()
            self.bench.rest(1.0)
            if self._as_usual(attempt):
                return
        told = self.attempts[-1].told
        self.findings.append(f"no clean effect in {CLEAN_TRIES} tries: {told}")

    def _as_usual(self, attempt: Attempt) -> bool:
        usual = self.usual.result if self.usual else None
        if isinstance(usual, Outcome):
            return isinstance(attempt.result, Outcome) and attempt.result.kind is usual.kind
        return attempt.is_done and (
            usual is None or getattr(attempt.result, "note_class", None) == getattr(usual, "note_class", None)
        )

    @property
    def told(self) -> str:
        """What the desk believed, attempt by attempt."""
        return "; ".join(one.told for one in self.attempts)


def find_usual(bench: Bench, adapter: Adapter) -> tuple[Usual | None, list[str]]:
    """A clean effect on a clean line, and what is wrong with it."""
    trial = Trial(bench, adapter)
    trial.start()
    if trial.findings:
        return None, trial.findings
    attempt = trial.attempt(Faults())
    link = bench.link
    assert link is not None
    ways = frozenset(way for way, carried in bench.carried.items() if carried)
    usual = Usual(attempt.result, link.received, link.written, link.pieces_read, link.pieces_written, ways)
    bench.settle(READY_SECONDS)
    bench.rest(1.0)
    trial.usual = usual
    trial.finish()
    return usual, trial.findings


def check_log(kept: LogKeeper, carried: Mapping[str, int]) -> list[str]:
    """Every byte that was carried is told of with its direction and time, and nothing of a customer. A fault that lets
    nothing pass one way leaves nothing to tell; a line that is not listened to is found by what it carried."""
    told = kept.carried
    missing = [
        f"the log tells of {told[way]} bytes '{way}', but {carried[way]} went"
        for way in ("out", "in")
        if told[way] != carried[way]
    ]
    found = customer_data(kept.told, SECRETS) + missing
    return found + [f"raised while nothing was asked: {text}" for text in kept.raised]
