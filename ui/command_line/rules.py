"""``teller-desk rules``: rehearse, check, compare and sign rule packs, for HQ. One table of actions, each in a module
of its own that is imported only when it is asked for.

An action's module has ``add_arguments(parser)`` and ``run(arguments) -> int``. Holds no rule. Free of Qt.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping

from ui.command_line.main import Command
from ui.command_line.unusable import unusable

_PACKAGE = "ui.command_line.rules_actions"
ACTIONS: Mapping[str, Command] = {
    "try": Command(f"{_PACKAGE}.try_question", "ask the rules one question, as of a date"),
    "lint": Command(
        f"{_PACKAGE}.lint", "check packs: every rule known, no gap or overlap, signed by the bank"
    ),
    "diff": Command(f"{_PACKAGE}.diff", "say in words what a new pack changes for tellers"),
    "sign": Command(f"{_PACKAGE}.sign", "sign a pack with the issuing bank's key"),
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
    if action is None:
        return unusable(f"there is no action {name!r}; there are: {', '.join(ACTIONS)}", "--json" in rest)
    module = importlib.import_module(action.module)
    parser = argparse.ArgumentParser(
        prog=f"teller-desk rules {name}", description=action.help,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(rest)))
