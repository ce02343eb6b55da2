"""``teller-desk devices conform MODEL [--port PORT]``: hold a model against the list of faults and write a report.

Without a port its simulator stands at the other end of a null modem, a pty and TCP. With one it is a real machine, and
the person beside it is asked what happened. ``--all`` holds every model against it and adds one table of all. Exit
codes: 0 passed, 1 a fault found something, 2 not usable.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from devices.conformance.faults import BY_ID, LineKind
from devices.conformance.hardware import HardwareBench, Person
from devices.conformance.report import as_data, as_text, summary_text
from devices.conformance.suite import Choice, Result, Suite, Verdict
from devices.conformance.whole import JOBS, now, run_all, whole, write_all, write_one
from devices.machine_secret import NoSecret, asked_at_terminal, secret_of
from devices.registry import Manifest, ManifestFlaw, load_manifests
from devices.scaffold import left_to_do

OK, FAILED, UNUSABLE = 0, 1, 2
_SIMULATED = (LineKind.NULL_MODEM, LineKind.PTY, LineKind.TCP)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL|--all [--port PORT] [--line LINE]… [--fault F1,F2…] [--thorough] [--jobs N] [--out DIR] [--json]``."""
    parser.add_argument("model", metavar="MODEL", nargs="?", help="a name of 'teller-desk devices list'")
    parser.add_argument("--all", action="store_true", help="every model, and one table of all")
    parser.add_argument("--port", help="a real machine's port; you will be asked what happened")
    parser.add_argument(
        "--jobs",
        type=int,
        default=JOBS,
        metavar="N",
        help=f"with --all: pieces at a time ({JOBS}); most wait",
    )
    parser.add_argument(
        "--secret-fd", type=int, metavar="N",
        help="with --port: read what the machine must be told from this file descriptor (default: you are asked)",
    )  # fmt: skip
    lines = [one.value for one in _SIMULATED]
    parser.add_argument("--line", action="append", choices=lines, help="only this line (may be repeated)")
    parser.add_argument("--fault", default="", metavar="F1,F2", help="only these faults")
    parser.add_argument("--thorough", action="store_true", help="each fault at many places: the long run")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write conformance-MODEL.json and .txt there")
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


class Terminal:
    """The person beside the machine, at this terminal. Raises EOFError when nobody is there."""

    def do(self, text: str) -> None:
        self.tell(f"{text} Then press Enter.")
        self._line()

    def tell(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def number(self, text: str) -> int:
        while True:
            self.tell(text)
            answer = self._line()
            if answer.isdecimal():
                return int(answer)

    def _line(self) -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()


def run(arguments: argparse.Namespace) -> int:
    """Run what was chosen, and report."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        return _unusable(str(models), arguments.json)
    wrong = _wrong(arguments, models)
    if wrong:
        return _unusable(wrong, arguments.json)
    lines = tuple(LineKind(one) for one in arguments.line) if arguments.line else _SIMULATED
    choice = Choice(lines, _faults(arguments), arguments.thorough)
    if arguments.all:
        return _every(arguments, models, choice)
    return _one(arguments, models[arguments.model], models, choice)


def _faults(arguments: argparse.Namespace) -> tuple[str, ...]:
    return tuple(arguments.fault.upper().split(",")) if arguments.fault else tuple(BY_ID)


def _wrong(arguments: argparse.Namespace, models: Mapping[str, Manifest]) -> str:
    """Why that cannot be run; "" when it can."""
    if arguments.all == bool(arguments.model) or (arguments.all and arguments.port):
        return "name one model, or say --all (which takes no port)"
    if arguments.model and arguments.model not in models:
        return f"there is no model {arguments.model!r}; there are: {', '.join(sorted(models))}"
    strange = [one for one in _faults(arguments) if one not in BY_ID]
    return f"there is no fault {strange[0]!r}; there are F1 to F27" if strange else ""


def _one(
    arguments: argparse.Namespace, model: Manifest, models: Mapping[str, Manifest], choice: Choice
) -> int:
    """One model: its simulator, or a real machine on a port."""
    left = left_to_do(model.name)
    if left:
        return _unfinished(model.name, left, arguments.json)
    secret = secret_of(model, arguments.secret_fd, (asked_at_terminal,)) if arguments.port else None
    if isinstance(secret, NoSecret):
        return _unusable(str(secret), arguments.json)
    try:
        results = conform(model, list(models.values()), choice, arguments.port, secret=secret)
    except EOFError:
        return _unusable("nobody answers: a real machine needs a person beside it", arguments.json)
    return _tell(arguments, as_data(model, results, now(), arguments.port or "simulator"))


def _every(arguments: argparse.Namespace, models: Mapping[str, Manifest], choice: Choice) -> int:
    """Every model that is filled in; the others are named and not played."""
    began = time.monotonic()
    unfinished = [name for name in sorted(models) if left_to_do(name)]
    names = [name for name in sorted(models) if name not in unfinished]
    results = run_all(names, choice, max(1, arguments.jobs), _say)
    for name in unfinished:
        _say(f"{name}: not played, still to do: see 'teller-desk devices conform {name}'")
    data = whole(models, results, round(time.monotonic() - began), arguments.jobs)
    if arguments.out is not None:
        write_all(arguments.out, data)
    told = (
        json.dumps(data.summary, ensure_ascii=False) + "\n" if arguments.json else summary_text(data.summary)
    )
    sys.stdout.write(told)
    return OK if data.summary["passed"] else FAILED


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def conform(
    model: Manifest,
    models: Sequence[Manifest],
    choice: Choice,
    port: str | None = None,
    person: Person | None = None,
    secret: str | None = None,
) -> list[Result]:
    """Every result of a run; each is told on stderr as it comes."""
    if port is None:
        suite = Suite(model, models, choice.thorough)
    else:
        beside = person or Terminal()
        suite = Suite(model, models, choice.thorough, lambda: HardwareBench(model, port, beside, secret))
        choice = Choice((LineKind.HARDWARE,), choice.faults, choice.thorough)
    results = []
    for one in suite.run(choice):
        results.append(one)
        _say(f"{one.fault:4} {one.line.value:10} {one.verdict.value}")
    return results


def _tell(arguments: argparse.Namespace, data: dict[str, Any]) -> int:
    line = json.dumps(data, ensure_ascii=False)
    if arguments.out is not None:
        write_one(arguments.out, data)
    sys.stdout.write(line + "\n" if arguments.json else as_text(data))
    passed = all(
        one["verdict"] != Verdict.FAILED.value for row in data["faults"] for one in row["lines"].values()
    )
    return OK if passed else FAILED


def _unfinished(model: str, left: Sequence[str], machine: bool) -> int:
    """A model that was laid out and not filled in: its holes are the list, and no fault is played."""
    lines = ["still to do, see resources/manual/new-driver.md:", *left]
    sys.stdout.write(
        json.dumps({"model": model, "passed": False, "to_do": list(left)}, ensure_ascii=False) + "\n"
        if machine
        else "\n".join(lines) + "\n"
    )
    return FAILED


def _unusable(reason: str, machine: bool) -> int:
    sys.stderr.write(reason + "\n")
    if machine:
        sys.stdout.write(json.dumps({"error": reason}, ensure_ascii=False) + "\n")
    return UNUSABLE
