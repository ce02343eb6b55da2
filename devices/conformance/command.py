"""``teller-desk devices conform MODEL [--port PORT]``: hold a model against the list of faults and write a report.

Without a port its simulator stands at the other end of a null modem, a pty and TCP. With one it is a real machine, and
the person beside it is asked what happened. Exit codes: 0 passed, 1 a fault found something, 2 not usable.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devices.conformance.faults import BY_ID, LineKind
from devices.conformance.hardware import HardwareBench, Person
from devices.conformance.report import as_data, as_text
from devices.conformance.suite import Choice, Result, Suite, Verdict
from devices.registry import Manifest, ManifestFlaw, load_manifests

OK, FAILED, UNUSABLE = 0, 1, 2
_SIMULATED = (LineKind.NULL_MODEM, LineKind.PTY, LineKind.TCP)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL [--port PORT] [--line LINE]… [--fault F1,F2…] [--thorough] [--out DIR] [--json]``."""
    parser.add_argument("model", metavar="MODEL", help="a name of 'teller-desk devices list'")
    parser.add_argument("--port", help="a real machine's port; you will be asked what happened")
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
    model = models.get(arguments.model)
    if model is None:
        names = ", ".join(sorted(models))
        return _unusable(f"there is no model {arguments.model!r}; there are: {names}", arguments.json)
    faults = tuple(arguments.fault.upper().split(",")) if arguments.fault else tuple(BY_ID)
    strange = [one for one in faults if one not in BY_ID]
    if strange:
        return _unusable(f"there is no fault {strange[0]!r}; there are F1 to F27", arguments.json)
    lines = tuple(LineKind(one) for one in arguments.line) if arguments.line else _SIMULATED
    try:
        results = conform(
            model, list(models.values()), Choice(lines, faults, arguments.thorough), arguments.port
        )
    except EOFError:
        return _unusable("nobody answers: a real machine needs a person beside it", arguments.json)
    return _tell(arguments, as_data(model, results, _now(), arguments.port or "simulator"))


def conform(
    model: Manifest,
    models: Sequence[Manifest],
    choice: Choice,
    port: str | None = None,
    person: Person | None = None,
) -> list[Result]:
    """Every result of a run; each is told on stderr as it comes."""
    if port is None:
        suite = Suite(model, models, choice.thorough)
    else:
        beside = person or Terminal()
        suite = Suite(model, models, choice.thorough, lambda: HardwareBench(model, port, beside))
        choice = Choice((LineKind.HARDWARE,), choice.faults, choice.thorough)
    results = []
    for one in suite.run(choice):
        results.append(one)
        sys.stderr.write(f"{one.fault:4} {one.line.value:10} {one.verdict.value}\n")
        sys.stderr.flush()
    return results


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tell(arguments: argparse.Namespace, data: dict[str, Any]) -> int:
    line = json.dumps(data, ensure_ascii=False)
    if arguments.out is not None:
        arguments.out.mkdir(parents=True, exist_ok=True)
        name = arguments.out / f"conformance-{data['model']}"
        name.with_suffix(".json").write_text(line + "\n", encoding="utf-8")
        name.with_suffix(".txt").write_text(as_text(data), encoding="utf-8")
    sys.stdout.write(line + "\n" if arguments.json else as_text(data))
    passed = all(
        one["verdict"] != Verdict.FAILED.value for row in data["faults"] for one in row["lines"].values()
    )
    return OK if passed else FAILED


def _unusable(reason: str, machine: bool) -> int:
    sys.stderr.write(reason + "\n")
    if machine:
        sys.stdout.write(json.dumps({"error": reason}, ensure_ascii=False) + "\n")
    return UNUSABLE
