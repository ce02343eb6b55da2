"""Kills a desk at one moment, runs it again at once, and looks at everything that must be true then.

``live`` takes the module that is one life, so that the same kills and checks serve another face of the desk.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from tests.crash import checks
from tests.crash.paper import machine_ledgers
from tests.crash.record import read_record, verify

ROOT = Path(__file__).parents[2]
HEADLESS = "tests.crash.child"
LIFE_SECONDS = 100
ASLEEP_SECONDS = 1.5


@dataclass(frozen=True)
class Life:
    """What one life said before it ended. ``before`` is the journal's head when it began; ``questions`` are the lines
    it was asked about with the answer from the paper; ``receipts`` what the hand-over page said of the receipt."""

    returncode: int
    errors: str
    before: int = 0
    machines: dict[str, int] = field(default_factory=dict)
    moments: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    done_today: int = 0
    questions: tuple[tuple[tuple[int, ...], int], ...] = ()
    receipts: tuple[str, ...] = ()
    ended: bool = False

    def committed(self) -> list[str]:
        """The events that this life had committed: those appended before the last commit that came back."""
        names: list[str] = []
        pending: list[str] = []
        for moment in self.moments:
            kind, _, what = moment.partition(":")
            if kind == "append":
                pending.append(what)
            elif moment == "commit:after":
                names, pending = names + pending, []
        return names


@dataclass(frozen=True)
class Recovery:
    """One kill and what came of it; ``failure`` is "" when everything held."""

    number: int
    moment: str = ""
    step: str = ""
    taken_up: str = ""
    postings: int = 0
    questions: tuple[int, ...] = ()
    receipt: str = ""
    verified: bool = False
    failure: str = ""


def live(folder: Path, kill_at: int = 0, module: str = HEADLESS, asleep: str = "") -> Life:
    """Run one life to its end or its death, and return at once: its machines may still be ending, and the one named
    ``asleep`` is not even awake."""
    command = [sys.executable, "-m", module, str(folder)]
    command += ([str(kill_at)] if kill_at else []) + ([asleep] if asleep else [])
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        ended = subprocess.run(
            command, cwd=ROOT, stdout=out, stderr=errors, timeout=LIFE_SECONDS, check=False
        )
        out.seek(0)
        errors.seek(0)
        said = [json.loads(line) for line in out if line.startswith("{")]
        return _life(ended.returncode, errors.read()[-2000:], said)


def _life(returncode: int, errors: str, said: list[dict[str, Any]]) -> Life:
    def every(key: str) -> tuple[Any, ...]:
        return tuple(line[key] for line in said if key in line)

    return Life(
        returncode,
        errors,
        before=next(iter(every("before")), 0),
        machines=next(iter(every("machines")), {}),
        moments=every("moment"),
        steps=every("step"),
        done_today=next(iter(reversed(every("done_today"))), 0),
        questions=tuple((tuple(one["question"]), one["answer"]) for one in said if "question" in one),
        receipts=every("receipt"),
        ended=bool(every("end")),
    )


def undisturbed(folder: Path, module: str = HEADLESS) -> tuple[Life, list[str]]:
    """A life that nobody kills, and the events of its transaction: what every killed one must come to as well."""
    life = live(folder, module=module)
    assert life.ended, life.errors
    checks.all_is_well(folder, life)
    checks.machines_end(life.machines.values())
    return life, [event.name for event in read_record(folder).of_transaction()]


def kill_and_recover(
    folder: Path, kill_at: int, wanted: list[str], module: str = HEADLESS, asleep: str = ""
) -> Recovery:
    """One kill, one recovery, every check; AssertionError where one does not hold. A machine put to sleep before the
    kill wakes while the next desk is at work."""
    first = live(folder, kill_at, module, asleep)
    if asleep:
        Timer(ASLEEP_SECONDS, os.kill, (first.machines[asleep], signal.SIGCONT)).start()
    assert first.returncode == -signal.SIGKILL, f"moment {kill_at} was never reached: {first.errors}"
    left, after_kill = machine_ledgers(folder), read_record(folder)
    checks.all_or_nothing(first, after_kill)
    found = verify(folder)
    assert found.verified, found.findings

    second = live(folder, module=module)
    assert second.ended, f"{second.returncode} {second.errors}"
    record = read_record(folder)
    checks.same_step(after_kill, second)
    checks.nothing_lost_or_twice(first, second, record, wanted)
    checks.asked_only_what_nobody_knows(after_kill, second, record)
    checks.receipt_at_most_once(folder, after_kill, second, record)
    checks.all_is_well(folder, second)
    checks.ledgers_only_grow(left, machine_ledgers(folder))
    checks.machines_end([*first.machines.values(), *second.machines.values()])
    state = record.transaction
    assert state is not None
    return Recovery(
        kill_at,
        first.moments[-1],
        after_kill.transaction.step if after_kill.transaction else "",
        second.steps[0],
        record.names.count("deposit.posted"),
        tuple(answer for _, answer in second.questions),
        state.receipt_outcome,
        verify(folder).verified,
    )
