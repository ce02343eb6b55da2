"""``devices identify MODEL --port P``: ask the machine on a port who it is, and say what its answer is worth.

Sends the model's identifying question only; nothing moves and nothing prints.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from devices.errors import LinkLost
from devices.self_test import WORTH, Told, identify
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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL --port P [--secret-fd N] [--json]``."""
    add_port(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 it said who it is, 1 it did not answer as this model does, 2 the port cannot be used."""
    machine = machine_on_port(arguments)
    if isinstance(machine, str):
        return unusable(machine, arguments.json)
    try:
        told = identify(machine.driver, time.monotonic)
    except LinkLost as lost:
        told = Told(False, str(lost))
    finally:
        machine.close()
    value = _value(arguments.port, machine, told)
    answer(arguments.json, value, _lines(value))
    return OK if told.ok else FAILED


def _value(port: str, machine: Machine, told: Told) -> dict[str, Any]:
    value: dict[str, Any] = {
        "model": machine.manifest.name, "port": port, "identified": told.ok, "line_note": machine.link.note,
        "identity": None, "worth": "", "error": "" if told.ok else told.text,
        "todo": what_to_do(told.error) if told.error else {},
    }  # fmt: skip
    if told.ok:
        value["identity"] = {"kind": told.value.kind.value, "value": told.value.value}
        value["worth"] = WORTH[told.value.kind]
    return value


def _lines(value: dict[str, Any]) -> list[str]:
    lines = [f"{value['line_note']}"] if value["line_note"] else []
    if value["identified"]:
        identity = value["identity"]
        who = f"{identity['kind']} {identity['value']}".strip()
        return [*lines, f"{value['model']} on {value['port']}: {who}", f"worth: {value['worth']}"]
    lines.append(f"{value['model']} on {value['port']}: NOT IDENTIFIED: {value['error']}")
    return [*lines, *value["todo"].values()]
