"""``devices list``: the models this program drives, how well each is known, and, where bound, how the port stands.

Opens no port. Bindings are a file of the lines that ``devices find`` prints.
"""

from __future__ import annotations

import argparse
import textwrap
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.discovery import port_state
from devices.registry import Evidence, Manifest
from ui.command_line.devices_actions.common import OK, add_json, answer, models
from ui.command_line.unusable import unusable

WORTH = {
    Evidence.VECTORS: "published bytes only",
    Evidence.SIMULATOR: "simulated machine",
    Evidence.CAPTURED: "recording of a real machine",
    Evidence.HARDWARE: "real machine",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--bindings FILE] [--json]``."""
    parser.add_argument(
        "--bindings",
        type=Path,
        metavar="FILE",
        help="where models are bound to ports (lines of 'devices find')",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 listed, 2 a manifest or the bindings cannot be read."""
    known = models()
    if isinstance(known, str):
        return unusable(known, arguments.json)
    bound = read_bindings(arguments.bindings, known) if arguments.bindings else {}
    if isinstance(bound, str):
        return unusable(bound, arguments.json)
    rows = [_row(one, bound.get(name, "")) for name, one in known.items()]
    answer(arguments.json, {"models": rows}, _lines(rows))
    return OK


def read_bindings(path: Path, known: Mapping[str, Manifest]) -> dict[str, str] | str:
    """Model → port, or what is wrong with the file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return f"{path} is no TOML: {error}"
    rows = table.get("devices")
    if not isinstance(rows, dict):
        return (
            f"{path} binds nothing: it needs [devices.MODEL] with port = \"…\", as 'devices find' prints them"
        )
    found: dict[str, str] = {}
    for name, row in rows.items():
        if name not in known:
            return f"{path}: there is no model {name!r}; there are: {', '.join(known)}"
        if not isinstance(row, dict) or not isinstance(row.get("port"), str):
            return f'{path}: [devices.{name}] needs port = "…"'
        found[name] = row["port"]
    return found


def _row(model: Manifest, port: str) -> dict[str, Any]:
    return {
        "name": model.name,
        "model": model.model,
        "kind": model.kind.value,
        "protocol": model.protocol,
        "evidence": model.evidence.value,
        "line": f"{model.line.baud_rate} {model.line.frame}",
        "notes": dict(model.notes),
        "sources": list(model.sources),
        "options": dict(model.options),
        "must_be_told": dict(model.secret.what) if model.secret else None,
        "port": port or None,
        "state": port_state(port) if port else None,
    }


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    width = max(len(row["name"]) for row in rows)
    lines = []
    for row in rows:
        known = WORTH[Evidence(row["evidence"])]
        lines.append(f"{row['name']:{width}}  {row['model']} ({row['kind']}, {row['line']})")
        lines.append(f"{'':{width}}  evidence: {row['evidence']} ({known})")
        indent = " " * (width + 2)
        lines += textwrap.wrap(row["notes"]["en"], 100, initial_indent=indent, subsequent_indent=indent)
        if row["must_be_told"]:
            what = f"{row['must_be_told']['en']} / {row['must_be_told']['zh']}"
            lines.append(f"{indent}must be told: {what} ('devices secret {row['name']}')")
        if row["port"]:
            lines.append(f"{'':{width}}  bound to {row['port']}: {row['state']}")
    return lines
