"""``teller-desk devices``: the machines on the counter, for branch IT. One table of actions, each in a module of its
own that is imported only when it is asked for.

An action's module has ``add_arguments(parser)`` and ``run(arguments) -> int``, as a command's has. Holds no protocol.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping

from ui.command_line.devices_guide import GUIDES
from ui.command_line.main import Command
from ui.command_line.unusable import unusable

_PACKAGE = "ui.command_line.devices_actions"
ACTIONS: Mapping[str, Command] = {
    "list": Command(
        f"{_PACKAGE}.models", "the models this program drives, how well each is known, where bound"
    ),
    "find": Command(
        f"{_PACKAGE}.find", "the serial ports here, with lines for the configuration; opens none"
    ),
    "identify": Command(f"{_PACKAGE}.identify", "ask the machine on a port who it is"),
    "test": Command(f"{_PACKAGE}.self_test", "a safe self-test of the machine on a port"),
    "conform": Command("devices.conformance.command", "hold a model against the list of faults"),
    "simulate": Command(f"{_PACKAGE}.simulate", "run a simulated machine until Ctrl-C"),
    "record": Command(f"{_PACKAGE}.record", "record a session, masked, with a test that replays it"),
    "secret": Command(
        f"{_PACKAGE}.secret", "keep what a machine must be told, such as a cipher key, in the key store"
    ),
    "ticket": Command(f"{_PACKAGE}.ticket", "try a text ticket's pattern on a sample of that ticket"),
    "decode": Command(f"{_PACKAGE}.decode", "explain a captured frame"),
    "matrix": Command(f"{_PACKAGE}.matrix", "write the support matrix from the manifests"),
    "new-driver": Command(f"{_PACKAGE}.new_driver", "lay out a new machine: files and a to-do list"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``ACTION …``; what follows the action is for the action's own parser."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    width = max(map(len, ACTIONS))
    rows = (f"  {name:{width}}  {one.help}" for name, one in ACTIONS.items())
    parser.epilog = "actions (each has --help):\n" + "\n".join(rows)
    parser.add_argument("action", nargs=argparse.PARSER, metavar="ACTION", help="one of the actions below")


def run(arguments: argparse.Namespace) -> int:
    """Run one action; 2 when there is no such action."""
    name, *rest = arguments.action
    action = ACTIONS.get(name)
    as_json = "--json" in rest
    if action is None:
        return unusable(f"there is no action {name!r}; there are: {', '.join(ACTIONS)}", as_json)
    try:
        module = importlib.import_module(action.module)
    except ModuleNotFoundError as error:
        if error.name is None or not action.module.startswith(error.name):
            raise
        return unusable(f"'devices {name}' is not in this version", as_json)
    parser = argparse.ArgumentParser(
        prog=f"teller-desk devices {name}", description=action.help, epilog=str(GUIDES.get(name, "")),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(rest)))
