"""``devices matrix``: the support matrix as markdown, from the manifests. Knows no model by name."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from devices.contracts import Effect
from devices.registry import Manifest
from ui.command_line.devices_actions.common import FAILED, OK, add_json, answer, models
from ui.command_line.unusable import unusable

MATRIX = Path(__file__).parents[3] / "resources" / "manual" / "support-matrix.md"
_HEAD = """# Machines: what is supported, and how well it is known

Written by `teller-desk devices matrix` from `resources/devices/*.toml`; do not edit by hand.

Evidence, least first: `vectors` published bytes only · `simulator` a simulated machine with its own framing code ·
`captured` a recording of a real machine · `hardware` a real machine, with date and firmware.
"""
_MARKS = """
Effects: `query` may be repeated · `idempotent` same end state, may be repeated · `effect` acts, never repeated by the
program · `effect_with_proof` acts, and the machine proves it. Seconds are for the first byte, between bytes, in all.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--out FILE | --check] [--json]``."""
    parser.add_argument("--out", type=Path, default=MATRIX, metavar="FILE", help=f"default {MATRIX.name}")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when the file is out of date")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 written or up to date, 1 out of date (--check), 2 it cannot be written."""
    known = models()
    if isinstance(known, str):
        return unusable(known, arguments.json)
    text = matrix(known.values())
    out: Path = arguments.out
    try:
        current = out.is_file() and out.read_text(encoding="utf-8") == text
        if not arguments.check:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(text, encoding="utf-8")
    except OSError as error:
        return unusable(f"{out} cannot be read or written: {error.strerror}", arguments.json)
    done = "up to date" if current else "out of date: run 'teller-desk devices matrix'"
    told = done if arguments.check else f"{len(known)} models written"
    answer(arguments.json, {"file": str(out), "models": len(known), "current": current}, [f"{out}: {told}"])
    return FAILED if arguments.check and not current else OK


def matrix(known: Iterable[Manifest]) -> str:
    """The whole page."""
    ordered = sorted(known, key=lambda one: (one.kind.value, one.name))
    table = [
        "| name | machine | kind | protocol | line | evidence | acts are proved | notes (zh) | notes (en) |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(one) for one in ordered),
    ]
    parts = [_HEAD, "\n".join(table), _MARKS, *(_commands(one) for one in ordered)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _row(model: Manifest) -> str:
    acts = {one.effect for one in model.commands} & {Effect.EFFECT, Effect.EFFECT_WITH_PROOF}
    proved = "–" if not acts else "yes" if acts == {Effect.EFFECT_WITH_PROOF} else "no"
    if len(acts) > 1:
        proved = "in part"
    line = f"{model.line.baud_rate} {model.line.frame}" + (
        "" if model.line.flow == "none" else f" {model.line.flow}"
    )
    cells = (
        f"`{model.name}`", model.model, model.kind.value, model.protocol, line, model.evidence.value, proved,
        model.notes["zh"], model.notes["en"],
    )  # fmt: skip
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _commands(model: Manifest) -> str:
    rows = [
        f"| {_cell(one.command)} | `{one.effect.value}` | {one.first_byte_seconds:g} / {one.between_bytes_seconds:g} / "
        f"{one.total_seconds:g} | {_cell(one.source)} |"
        for one in model.commands
    ]
    head = [
        f"## `{model.name}`: {model.model}",
        "",
        f"Sources: {'; '.join(model.sources)}.",
        "",
        *_settings(model),
    ]
    return "\n".join([*head, "| command | effect | seconds | source |", "|---|---|---|---|", *rows])


def _settings(model: Manifest) -> list[str]:
    """What a machine of this model is set to, and what it must be told that stands in no file."""
    found = [f"Options: {', '.join(f'`{name} = {told}`' for name, told in model.options.items())}."] * bool(
        model.options
    )
    if model.secret is not None:
        what = f"{model.secret.what['en']} ({model.secret.what['zh']})"
        found.append(
            f"Must be told {what}: `teller-desk devices secret {model.name}` keeps it in the system's key store. "
            f"Simulated machines are set to the published `{model.secret.training}`."
        )
    return [line for one in found for line in (one, "")]
