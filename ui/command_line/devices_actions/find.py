"""``devices find``: the serial ports of this computer, with lines ready for the configuration.

Only looks: it opens no port unless ``--identify MODEL`` asks for it, since opening alone can restart a machine. Then
each port gets that model's identifying question and nothing else, with a deadline; no speed is guessed.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from typing import Any

from devices.discovery import FoundPort, configuration_lines, find_ports
from devices.errors import LinkLost
from devices.registry import Manifest
from devices.self_test import WORTH, identify
from ui.command_line.devices_actions.common import FAILED, OK, add_json, answer, link_to, model_named, opened
from ui.command_line.devices_actions.machine_secret import add_secret
from ui.command_line.unusable import unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--identify MODEL] [--seconds N] [--secret-fd N] [--json]``."""
    parser.add_argument(
        "--identify", metavar="MODEL",
        help="open each port and ask whether this model is there (opening may restart what else is on it)",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=float, default=4.0, metavar="N", help="longest time for each port (default 4)"
    )
    add_secret(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 found something, 1 there is no port (or none with that model), 2 no such model."""
    model = model_named(arguments.identify) if arguments.identify else None
    if isinstance(model, str):
        return unusable(model, arguments.json)
    rows = [_row(one, model, arguments) for one in find_ports()]
    answer(arguments.json, {"ports": rows}, _lines(rows))
    found = [row for row in rows if model is None or row["identified"]]
    return OK if found else FAILED


def _row(port: FoundPort, model: Manifest | None, arguments: argparse.Namespace) -> dict[str, Any]:
    name = model.name if model else "MODEL"
    row: dict[str, Any] = {
        **asdict(port), "binding": port.binding, "bound_by": port.bound_by,
        "configuration": list(configuration_lines(port, name)),
    }  # fmt: skip
    if model is not None:
        row["identified"], row["answer"] = ask(model, port.port, arguments)
    return row


def ask(model: Manifest, port: str, arguments: argparse.Namespace) -> tuple[bool, str]:
    """Whether the model answers on a port, and what it said or what stood in the way."""
    link = link_to(model, port)
    machine = opened(model, link, arguments, arguments.seconds) if not isinstance(link, str) else link
    if isinstance(machine, str):
        return False, machine
    try:
        told = identify(machine.driver, time.monotonic)
    except LinkLost as lost:
        return False, str(lost)
    finally:
        machine.close()
    return told.ok, f"{told.text}: {WORTH[told.value.kind]}" if told.ok else told.text


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return ["no serial port is here: plug in the adapter, and see that its driver is installed"]
    lines: list[str] = []
    for row in rows:
        usb = f"  USB {row['usb_vendor_product']}" if row["usb_vendor_product"] else ""
        serial = f"  serial {row['usb_serial']}" if row["usb_serial"] else ""
        lines.append(f"{row['port']}  {row['description']}{usb}{serial}")
        lines += [f"  {row[name]}" for name in ("by_id", "by_path") if row[name]]
        if "answer" in row:
            lines.append(f"  {'FOUND' if row['identified'] else 'not there'}: {row['answer']}")
        lines += [f"    {one}" for one in row["configuration"]]
    return lines
