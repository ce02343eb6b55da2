"""``devices secret MODEL``: keep what a machine must be told (such as a cipher's digits) in this system's key store.

It is asked at the terminal or read from ``--secret-fd``; it is never an argument, never printed and never in a file.
"""

from __future__ import annotations

import argparse

from devices.driver import Clock
from devices.machine_secret import NoSecret, asked_at_terminal, secret_of
from devices.registry import Manifest
from devices.single_machine import driver_of
from ui.command_line.devices_actions.common import OK, add_json, answer, model_named
from ui.command_line.devices_actions.machine_secret import add_secret, keep
from ui.command_line.unusable import unusable

_NEVER: Clock = float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``MODEL [--secret-fd N] [--json]``."""
    parser.add_argument("model", metavar="MODEL", help="a name that 'devices list' shows")
    add_secret(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 kept, 2 no such model, none needed, none given, or no key store here."""
    model = model_named(arguments.model)
    if isinstance(model, str):
        return unusable(model, arguments.json)
    told = secret_of(model, arguments.secret_fd, (asked_at_terminal,))
    if told is None or model.secret is None:
        return unusable(f"{model.name} needs no secret", arguments.json)
    stop = (
        str(told)
        if isinstance(told, NoSecret)
        else _does_not_serve(model, told) or keep(model, model.secret, told)
    )
    if stop:
        return unusable(stop, arguments.json)
    answer(
        arguments.json,
        {"model": model.name, "kept": True},
        [f"{model.name}: kept in this system's key store"],
    )
    return OK


def _does_not_serve(model: Manifest, secret: str) -> str:
    """Why the driver cannot take it, or ""."""
    try:
        driver_of(model, _NEVER, secret)
    except ValueError as error:
        return f"that does not serve: {error}"
    return ""
