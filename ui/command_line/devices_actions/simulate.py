"""``devices simulate MODEL``: one simulated machine on a pty or a TCP port, until Ctrl-C.

What a person's hands do to it may be typed as JSON lines, such as {"do": "load", "notes": [[100, 20]]}; the end of the
input does not end the machine. A hand the machine does not know is an answer, not an end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from devices.simulators.host import Simulator, serve
from ui.command_line.devices_actions.common import OK, add_json, answer, model_named
from ui.command_line.unusable import unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL [--tcp] [--directory DIR] [--option NAME=VALUE]… [--json]``."""
    parser.add_argument("model", metavar="MODEL", help="a name that 'devices list' shows")
    parser.add_argument("--tcp", action="store_true", help="a TCP port on this computer instead of a pty")
    parser.add_argument(
        "--directory", type=Path, metavar="DIR", help="where its paper and notes are kept (default: nowhere)"
    )
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="such as speed=0")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 ended by Ctrl-C or a signal, 2 no such model or no place for it."""
    model = model_named(arguments.model)
    if isinstance(model, str):
        return unusable(model, arguments.json)
    wrong = [one for one in arguments.option if "=" not in one]
    if wrong:
        return unusable(f"--option {wrong[0]}: write NAME=VALUE, such as speed=0", arguments.json)
    options = dict(one.split("=", 1) for one in arguments.option)
    with contextlib.ExitStack() as stack:
        directory = arguments.directory or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            directory.mkdir(parents=True, exist_ok=True)
            machine = Announced(
                model.simulator_class()(directory, model.simulator_options(options)),
                model.name,
                directory,
                arguments.json,
            )
        except OSError as error:
            return unusable(f"{directory} cannot be used: {error.strerror}", arguments.json)
        except (ValueError, ArithmeticError) as error:
            return unusable(f"an --option does not fit {model.name}: {error}", arguments.json)
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        stack.enter_context(_ends_on_terminate())
        stack.enter_context(_hands_of(sys.stdin))
        serve(machine, model.name, directory, arguments.tcp)
    return OK


class Announced:
    """A simulator that says where it is as soon as it is served, and outlives clumsy hands."""

    def __init__(self, inner: Simulator, name: str, directory: Path, as_json: bool) -> None:
        self._inner, self._name, self._directory, self._json = inner, name, directory, as_json
        self._announced = False

    def receive(self, data: bytes, now: float) -> None:
        self._inner.receive(data, now)

    def pending(self, now: float) -> bytes:
        if not self._announced:
            self._announced = True
            self._announce()
        return self._inner.pending(now)

    def next_due(self, now: float) -> float | None:
        return self._inner.next_due(now)

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._inner.hands(command)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            return {"error": f"this machine has no such hand: {type(error).__name__} {error}"}

    def _announce(self) -> None:
        """``serve`` has published the port beside the ledger."""
        told = json.loads((self._directory / f"{self._name}.json").read_text(encoding="utf-8"))
        value = {
            "model": self._name,
            "port": told["port"],
            "directory": str(self._directory),
            "process": os.getpid(),
        }
        lines = [
            f"{self._name} on {told['port']}",
            f'Ctrl-C or "kill {os.getpid()}" ends it; hands are JSON lines such as {{"do": "report"}}',
        ]
        answer(self._json, value, lines)
        sys.stdout.flush()


@contextlib.contextmanager
def _ends_on_terminate() -> Iterator[None]:
    """A terminate signal ends it as Ctrl-C does, so that its line and its published port are tidied away."""

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _hands_of(source: TextIO) -> Iterator[None]:
    """Hands come through a pipe that stays open when the input ends: a machine does not stop because nobody types."""
    read_end, write_end = os.pipe()
    threading.Thread(target=_carry, args=(source, write_end), daemon=True).start()
    before, sys.stdin = sys.stdin, os.fdopen(read_end, encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin.close()
        sys.stdin = before


def _carry(source: TextIO, write_end: int) -> None:
    with contextlib.suppress(OSError, ValueError):  # the input or the machine is gone
        for line in source:
            if _is_command(line):
                os.write(write_end, line.strip().encode() + b"\n")
            elif line.strip():
                print('a hand is a JSON object with "do", such as {"do": "report"}', file=sys.stderr)


def _is_command(line: str) -> bool:
    with contextlib.suppress(ValueError):
        told = json.loads(line)
        return isinstance(told, dict) and "do" in told
    return False
