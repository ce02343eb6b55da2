"""``teller-desk``: one table of commands, each in a module of its own that is imported only when it is
asked for.

Without a command it opens the window of this desk. Exit codes: 0 done; 1 what was to be proved does not
hold; 2 not usable or not configured, with what to do. Free of Qt and of everything heavy: start-up is
budgeted.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

OK, FAILED, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Command:
    """Where a command lives and what it does, in one line of help."""

    module: str
    help: str


COMMANDS: Mapping[str, Command] = {
    "demo": Command("ui.command_line.demo", "open a training branch with simulated machines"),
    "journal": Command("ui.command_line.journal", "prove the record in a database"),
    "devices": Command("ui.command_line.devices", "find, test, simulate and explain the machines"),
    "rules": Command("ui.command_line.rules", "rehearse, check, compare and sign rule packs"),
    "evidence": Command("ui.command_line.evidence", "export or check the proof of one transaction"),
}
"""A command's module has ``add_arguments(parser)`` and ``run(arguments) -> int``."""

WINDOW = "ui.app"


def parser_of(names: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the command named first is imported and knows its own options."""
    parser = argparse.ArgumentParser(prog="teller-desk", description="Teller Desk (柜面)")
    choices = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        one = choices.add_parser(name, help=command.help, description=command.help)
        if name in names[:1]:
            importlib.import_module(command.module).add_arguments(one)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, or open the window when there is none."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parsed = parser_of(given).parse_args(given)
    if parsed.command is None:
        window: Callable[[], int] = importlib.import_module(WINDOW).main
        return window()
    module = importlib.import_module(COMMANDS[parsed.command].module)
    try:
        return int(module.run(parsed))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"{error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
