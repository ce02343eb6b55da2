"""Runs faults over lines for one model and tells how each went. The one way in for tests, the command line and CI."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from devices.conformance.adapters import adapter_for
from devices.conformance.bench import Bench, DriverBroke, RealBench, SimulatedMachine, VirtualBench
from devices.conformance.faults import FAULTS, Fault, LineKind
from devices.conformance.scenarios import SCENARIOS, NotHere, NotThisKind, Plan, Variant
from devices.conformance.trial import LogKeeper, Trial, Usual, check_log, find_usual
from devices.registry import Manifest

SPEED = 4.0
"""How much faster a driver's deadlines pass on a real line; the machine answers in real time."""


class Verdict(Enum):
    """How one fault went on one line."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Result:
    """One fault on one line. ``why`` are the findings of a failure, or why it does not apply; ``variants`` how many
    ways it was played, and ``left_out`` which ways were not, and why."""

    fault: str
    title: str
    line: LineKind
    verdict: Verdict
    why: tuple[str, ...] = ()
    variants: int = 0
    seconds: float = 0.0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What to run. ``thorough`` plays every fault at many places."""

    lines: tuple[LineKind, ...] = (LineKind.NULL_MODEM, LineKind.PTY, LineKind.TCP)
    faults: tuple[str, ...] = tuple(one.id for one in FAULTS)
    thorough: bool = False


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for ledgers, in memory where there is one: every fact is synced, and nobody reads it tomorrow."""
    memory = "/dev/shm"  # noqa: S108 - a private folder is made in it
    return tempfile.TemporaryDirectory(prefix="conformance-", dir=memory if os.path.isdir(memory) else None)


class Suite:
    """One model on all lines. ``others`` are the machines that may stand on the wrong port."""

    def __init__(
        self,
        model: Manifest,
        others: Iterable[Manifest],
        thorough: bool = False,
        hardware: Callable[[], Bench] | None = None,
    ) -> None:
        self.model, self._thorough, self._hardware = model, thorough, hardware
        self._others = [one for one in others if one.name != model.name]
        self._adapter = adapter_for(model.kind, model.protocol)
        self._usual: dict[LineKind, tuple[Usual | None, list[str]]] = {}

    def run(self, choice: Choice) -> Iterator[Result]:
        """Every fault over every line that was chosen."""
        for line in choice.lines:
            for fault in FAULTS:
                if fault.id in choice.faults:
                    yield self.one(fault, line)

    def one(self, fault: Fault, line: LineKind) -> Result:
        """One fault over one line."""
        began = time.monotonic()
        why = fault.why_not(line, self.model.kind)
        if why:
            return Result(fault.id, fault.title, line, Verdict.NOT_APPLICABLE, (why,))
        usual, wrong = self.usual(line)
        if usual is None or wrong:
            return Result(fault.id, fault.title, line, Verdict.FAILED, (f"even without a fault: {wrong}",))
        plan = Plan(
            usual,
            self._thorough,
            self._adapter.is_sequenced,
            self._others if self._thorough else self._others[:2],
        )
        played, found, reasons = 0, [], list[tuple[str, str]]()
        variants = list(SCENARIOS[fault.id](plan))
        if line is LineKind.HARDWARE:  # an effect costs paper and a person's time
            variants = variants[len(variants) // 2 :][:1]
        for variant in variants:
            try:
                found += [f"{variant.name}: {text}" for text in self._play(line, usual, variant)]
                played += 1
            except NotThisKind:
                continue
            except NotHere as reason:
                reasons.append((variant.name, str(reason)))
        verdict = Verdict.FAILED if found else Verdict.PASSED if played else Verdict.NOT_APPLICABLE
        told = found if found else [] if played else _once(reasons)
        seconds, left_out = time.monotonic() - began, _once(reasons) if played else []
        return Result(fault.id, fault.title, line, verdict, tuple(told), played, seconds, tuple(left_out))

    def usual(self, line: LineKind) -> tuple[Usual | None, list[str]]:
        """How a clean effect goes on that line, found once."""
        if line not in self._usual:
            self._usual[line] = self._on_a_bench(line, lambda bench: find_usual(bench, self._adapter))
        return self._usual[line]

    def _play(self, line: LineKind, usual: Usual, variant: Variant) -> list[str]:
        def play(bench: Bench) -> tuple[None, list[str]]:
            trial = Trial(bench, self._adapter, usual)
            with LogKeeper() as log:
                trial.start()
                variant.act(trial)
                trial.finish()
                bench.worker.stop()  # nobody adds to line or log any more
            found = trial.findings + check_log(log, bench.carried)
            return None, [f"{text} [{trial.told}]" for text in found]

        return self._on_a_bench(line, play)[1]

    def _on_a_bench(
        self, line: LineKind, work: Callable[[Bench], tuple[Usual | None, list[str]]]
    ) -> tuple[Usual | None, list[str]]:
        with scratch() as folder:
            bench = self._bench(line, Path(folder))
            try:
                return work(bench)
            except DriverBroke as broken:
                return None, [f"raised {broken}"]
            finally:
                bench.close()

    def _bench(self, line: LineKind, folder: Path) -> Bench:
        if self._hardware is not None:
            return self._hardware()
        machine = SimulatedMachine(self.model, folder, self._adapter.options)
        if line is LineKind.NULL_MODEM:
            return VirtualBench(self.model, machine)
        return RealBench(self.model, machine, line, SPEED)


def _once(reasons: Sequence[tuple[str, str]]) -> list[str]:
    """Each reason once, behind the names of all variants it stands for."""
    names: dict[str, list[str]] = {}
    for name, why in reasons:
        names.setdefault(why, []).append(name)
    return [f"{', '.join(of)}: {why}" for why, of in names.items()]


def failures(results: Sequence[Result]) -> list[str]:
    """What failed, a sentence each."""
    return [f"{one.fault} on {one.line.value}: {why}" for one in results
            if one.verdict is Verdict.FAILED for why in one.why]  # fmt: skip


logging.getLogger("devices.line").addHandler(logging.NullHandler())
