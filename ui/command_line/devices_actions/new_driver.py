"""``devices new-driver NAME``: lay out a new machine and say what is to do. Overwrites nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from devices.scaffold import NotLaidOut, lay_out
from ui.command_line.devices_actions.common import OK, add_json, answer
from ui.command_line.unusable import unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``NAME [--into DIR] [--json]``."""
    parser.add_argument("name", metavar="NAME", help="such as acme9: the name of its modules and manifest")
    parser.add_argument(
        "--into", type=Path, metavar="DIR", help="beside the program, to try it (default: inside)"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 laid out, 2 nothing was written."""
    laid = lay_out(arguments.name, arguments.into)
    if isinstance(laid, NotLaidOut):
        return unusable(str(laid), arguments.json)
    test = next(str(path) for path in laid.files if path.name.startswith("test_"))
    value = {"files": [str(path) for path in laid.files], "to_do": list(laid.to_do), "test": test}
    lines = [
        *value["files"],
        "",
        "to do:",
        *laid.to_do,
        "",
        f"python -m pytest {test}",
        "resources/manual/new-driver.md",
    ]
    answer(arguments.json, value, lines)
    return OK
