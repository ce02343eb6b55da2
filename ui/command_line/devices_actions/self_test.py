"""``devices test MODEL --port P``: a safe self-test of one machine: who it is, how it is, what a person can do.

Nothing prints, counts or moves a note unless ``--with-effects`` asks for it. A detector that already holds a note gives
it back, as it always does.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from devices.contracts import DeviceKind, IdentityKind
from devices.errors import DeviceErrorCode, LinkLost
from devices.self_test import EFFECT_SECONDS, OPERATIONS, STATUS_CALLS, Told
from devices.single_machine import Machine
from ui.command_line.devices_actions.common import (
    FAILED,
    OK,
    add_port,
    answer,
    machine_on_port,
    what_to_do,
)
from ui.command_line.unusable import unusable

BETWEEN_SECONDS = 0.1
NAMELESS = "it answers, and cannot say who it is"
ACTS = {
    DeviceKind.PASSBOOK_PRINTER: "prints one training line: insert a spare book or a sheet",
    DeviceKind.RECEIPT_PRINTER: "prints one training receipt",
    DeviceKind.NOTE_COUNTER: "counts one heap: lay notes in",
    DeviceKind.COUNTERFEIT_DETECTOR: "looks at one note and gives it back: insert a note",
}
WAITED = {
    "en": f"Nothing was put in within {EFFECT_SECONDS:.0f} s: try again, and put it in while the machine waits.",
}
"""A self-test's wait is ended by nobody but the clock."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL --port P [--with-effects] [--json]``."""
    add_port(parser)
    parser.add_argument(
        "--with-effects", action="store_true", help="also print, count or look at a note, once"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 all is well, 1 something is not, 2 the port cannot be used."""
    machine = machine_on_port(arguments)
    if isinstance(machine, str):
        return unusable(machine, arguments.json)
    try:
        steps = _steps(machine, arguments.with_effects)
    finally:
        machine.close()
    passed = all(step["ok"] for step in steps)
    value = {"model": arguments.model, "port": arguments.port, "passed": passed, "steps": steps}
    answer(arguments.json, value, _lines(value))
    return OK if passed else FAILED


def _steps(machine: Machine, with_effects: bool) -> list[dict[str, Any]]:
    """Each step as far as the one before it went well."""
    names = ["identify", "status", *(["effect"] if with_effects else [])]
    steps: list[dict[str, Any]] = []
    for name in names:
        if name == "effect":
            print(_now(machine), file=sys.stderr, flush=True)
        told = run_step(machine, name)
        steps.append(_step(name, told))
        if not told.ok:
            break
    if not with_effects and all(step["ok"] for step in steps):
        act = f"not tried (--with-effects {ACTS[machine.manifest.kind]})"
        steps.append({"step": "effect", "ok": True, "told": act, "todo": {}})
    return steps


def _now(machine: Machine) -> str:
    """What a person has to do now: nothing else tells that the machine waits for them."""
    return f"now it {ACTS[machine.manifest.kind]} (waits at most {EFFECT_SECONDS:.0f} s)"


def run_step(machine: Machine, name: str) -> Told:
    """One operation; a status is looked at several times, since it may come unasked."""
    machine.link.extend(2 * EFFECT_SECONDS)
    try:
        told = OPERATIONS[name](machine.driver, time.monotonic)
        for _ in range(STATUS_CALLS if name == "status" else 0):
            time.sleep(BETWEEN_SECONDS)
            told = OPERATIONS[name](machine.driver, time.monotonic)
    except LinkLost as lost:
        return Told(False, str(lost))
    return told


def _step(name: str, told: Told) -> dict[str, Any]:
    waited = told.error is not None and told.error.code is DeviceErrorCode.CANCELLED
    todo = WAITED if waited else what_to_do(told.error) if told.error else {}
    text = NAMELESS if name == "identify" and told.text == IdentityKind.NONE.value else told.text
    return {"step": name, "ok": told.ok, "told": text, "todo": todo}


def _lines(value: dict[str, Any]) -> list[str]:
    lines = []
    for step in value["steps"]:
        lines.append(f"{'ok ' if step['ok'] else 'BAD'} {step['step']}: {step['told']}")
        lines += [f"      {one}" for one in step["todo"].values()]
    return [*lines, "PASSED" if value["passed"] else "NOT PASSED"]
