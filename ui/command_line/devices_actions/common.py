"""What the actions share: the models by name, a machine on a port, and how a refusal is said.

A refusal is a text that says what stands in the way and what to do; the caller shows it and ends with 2.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from devices.errors import DeviceError
from devices.link.base import Link
from devices.machine_secret import NoSecret
from devices.registry import Manifest, ManifestFlaw, load_manifests
from devices.single_machine import IDENTIFY_SECONDS, Machine, NoPort, make_link, open_machine
from ui.command_line.devices_actions.machine_secret import add_secret, find_secret

OK, FAILED = 0, 1
SENTENCES = Path(__file__).parents[3] / "resources" / "i18n" / "device_errors.toml"


def add_port(parser: argparse.ArgumentParser) -> None:
    """``MODEL --port P [--secret-fd N] [--json]``, the same for every action that opens a machine."""
    parser.add_argument("model", metavar="MODEL", help="a name that 'devices list' shows")
    parser.add_argument(
        "--port", required=True, metavar="P", help="such as /dev/ttyUSB0, COM3 or socket://127.0.0.1:4001"
    )
    add_secret(parser)
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


def models() -> dict[str, Manifest] | str:
    """Every model, or what is wrong with a manifest."""
    found = load_manifests()
    return f"a manifest is wrong: {found}" if isinstance(found, ManifestFlaw) else found


def model_named(name: str) -> Manifest | str:
    """One model, or which there are."""
    found = models()
    if isinstance(found, str):
        return found
    return found.get(name) or f"there is no model {name!r}; there are: {', '.join(found)}"


def link_to(model: Manifest, port: str) -> Link | str:
    """The link to a port, not open yet."""
    link = make_link(model, port)
    return str(link) if isinstance(link, NoPort) else link


def opened(
    model: Manifest, link: Link, arguments: argparse.Namespace, seconds: float = IDENTIFY_SECONDS
) -> Machine | str:
    """The machine behind an opened link; nothing is sent yet."""
    secret = find_secret(model, arguments)
    if isinstance(secret, NoSecret):
        return str(secret)
    machine = open_machine(model, link, seconds, secret)
    return str(machine) if isinstance(machine, NoPort) else machine


def machine_on_port(arguments: argparse.Namespace) -> Machine | str:
    """The machine that ``MODEL --port P`` names, opened, or what stands in the way."""
    model = model_named(arguments.model)
    link = link_to(model, arguments.port) if not isinstance(model, str) else model
    return (
        opened(model, link, arguments)
        if not isinstance(link, str) and not isinstance(model, str)
        else str(link)
    )


def answer(as_json: bool, value: dict[str, Any], lines: list[str]) -> None:
    """Say it to a program or to a person."""
    print(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(SENTENCES.read_text(encoding="utf-8"))


def what_to_do(error: DeviceError) -> dict[str, str]:
    """What a person can do about an error, in both languages."""
    told = _sentences().get(error.code.code, {})
    details = defaultdict(lambda: "?", error.details)
    return {
        language: told.get(f"next_{language}", "").format_map(details)
        for language in ("zh", "en")
        if told.get(f"next_{language}")
    }
