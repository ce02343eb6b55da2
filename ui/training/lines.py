"""The lines of the training counter: simulated machines by names that last, whatever port they answer at today.

Every simulator writes its port into a file of the machines folder; ``machine:spare/t5040`` is the file
``spare/t5040.json`` there, as a by-id link is a dongle. Reads files only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.errors import LinkNotFound
from ui.machine_room import FoundMachine

PREFIX = "machine:"


def line_name(model: str, folder: str = "") -> str:
    """The lasting name of a simulator's line; ``folder`` is where below the machines folder it lives."""
    return f"{PREFIX}{folder}/{model}" if folder else f"{PREFIX}{model}"


def folder_of(machines: Path, port: str) -> Path:
    """Where the machine behind a lasting name keeps its paper and notes."""
    return (machines / port.removeprefix(PREFIX)).parent


def port_finder(machines: Path) -> Callable[[str], str]:
    """From a lasting name to the port it has now; LinkNotFound while no such machine runs."""

    def port_of(port: str) -> str:
        if not port.startswith(PREFIX):
            return port
        told = _published(machines / f"{port.removeprefix(PREFIX)}.json")
        if not told:
            raise LinkNotFound(f"{port}: not plugged in")
        return str(told["port"])

    return port_of


def line_finder(machines: Path) -> Callable[[], tuple[FoundMachine, ...]]:
    """Every simulator that runs now, with the model its file tells."""

    def find() -> tuple[FoundMachine, ...]:
        found = []
        for path in sorted(machines.rglob("*.json")):
            told = _published(path)
            if told:
                name = path.relative_to(machines).with_suffix("").as_posix()
                found.append(FoundMachine(PREFIX + name, str(told["port"]), str(told["kind"])))
        return tuple(found)

    return find


def _published(path: Path) -> dict[str, Any]:
    """What a simulator that lives says of itself; {} for any other file, and for one whose process is gone."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if (
            isinstance(told, dict)
            and {"kind", "port", "process"} <= told.keys()
            and _lives(int(told["process"]))
        ):
            return told
    except (OSError, ValueError, TypeError):
        pass
    return {}


def _lives(process: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
