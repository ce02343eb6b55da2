"""The models a desk can drive, each a TOML manifest under ``resources/devices``: what it is, how well it is known, how
its line is set, which class builds its driver and its simulator, and what its commands do to the world.

Read by the composition root, the command line, the conformance suite and the support matrix. Opens no port and imports
no driver until one is asked for. A flaw in a manifest is an answer that names file and reason.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from devices.contracts import DeviceKind, Effect
from devices.link.serial_port import SerialSettings

FOLDER = Path(__file__).parents[1] / "resources" / "devices"
_TOP = {
    "name",
    "protocol",
    "kind",
    "model",
    "driver",
    "simulator",
    "evidence",
    "sources",
    "notes",
    "line",
    "command",
    "options",
    "secret",
}
_LINE = {"baud_rate", "data_bits", "parity", "stop_bits", "flow"}
_SECRET = {"name", "what", "training"}
_COMMAND = {"command", "effect", "first_byte_seconds", "between_bytes_seconds", "total_seconds", "source"}


class Evidence(Enum):
    """How well a model's protocol is known, least first. Shown in the window and the support matrix."""

    VECTORS = "vectors"
    SIMULATOR = "simulator"
    CAPTURED = "captured"
    HARDWARE = "hardware"


@dataclass(frozen=True)
class CommandRow:
    """One command: its effect class, and its deadlines in seconds (first byte, between bytes, in total)."""

    command: str
    effect: Effect
    first_byte_seconds: float
    between_bytes_seconds: float
    total_seconds: float
    source: str


@dataclass(frozen=True)
class Secret:
    """What a model must be told and no file may hold: by which name its driver and its simulator take it, what it is in
    words ("zh" and "en"), and the maker's published value, which only simulated machines are set to."""

    name: str
    what: Mapping[str, str]
    training: str


@dataclass(frozen=True)
class Manifest:
    """One model. ``driver`` and ``simulator`` are ``module:Class``; ``notes`` is bilingual, keys "zh" and "en".
    ``options`` are texts that its driver takes by name; ``secret`` is one it takes and that stands in no file."""

    name: str
    protocol: str
    kind: DeviceKind
    model: str
    driver: str
    simulator: str
    evidence: Evidence
    sources: tuple[str, ...]
    notes: Mapping[str, str]
    line: SerialSettings
    commands: tuple[CommandRow, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None

    def driver_class(self) -> Any:
        """Import the driver's module and return its class."""
        return _class_of(self.driver)

    def simulator_options(self, given: Mapping[str, str]) -> dict[str, str]:
        """How its simulator is set: as its driver is, with the published secret, and as given."""
        told = {self.secret.name: self.secret.training} if self.secret else {}
        return {**self.options, **told, **given}

    def simulator_class(self) -> Any:
        """Import the simulator's module and return its class."""
        return _class_of(self.simulator)


@dataclass(frozen=True)
class ManifestFlaw:
    """What is wrong with a manifest, and where."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


_E = TypeVar("_E", bound=Enum)


class _Invalid(Exception):
    """Carries the first flaw out of the reading; never leaves this module."""


def _class_of(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def load_manifest(text: str, file: str) -> Manifest | ManifestFlaw:
    """Read one manifest; ``file`` only names it in a flaw."""
    try:
        return _read(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, _Invalid) as error:
        return ManifestFlaw(file, str(error))


def load_manifests(folder: Path = FOLDER) -> dict[str, Manifest] | ManifestFlaw:
    """Every model by its name, or the first flaw."""
    found: dict[str, Manifest] = {}
    for path in sorted(folder.glob("*.toml")):
        loaded = load_manifest(path.read_text(encoding="utf-8"), path.name)
        if isinstance(loaded, ManifestFlaw):
            return loaded
        if loaded.name != path.stem:
            return ManifestFlaw(path.name, f"'name' is {loaded.name!r}; it must be the file's own")
        found[loaded.name] = loaded
    return found


def _read(data: Mapping[str, Any]) -> Manifest:
    _known(data, _TOP, "the manifest")
    notes = _bilingual(data, "notes")
    sources = data.get("sources")
    if not isinstance(sources, list) or not sources or not all(map(_is_text, sources)):
        raise _Invalid("'sources' needs at least one text")
    return Manifest(
        name=_text(data, "name"),
        protocol=_text(data, "protocol"),
        kind=_one_of(data, "kind", DeviceKind),
        model=_text(data, "model"),
        driver=_path(data, "driver"),
        simulator=_path(data, "simulator"),
        evidence=_one_of(data, "evidence", Evidence),
        sources=tuple(sources),
        notes=notes,
        line=_line(data.get("line", {})),
        commands=tuple(_command(row) for row in _rows(data)),
        options=_options(data.get("options", {})),
        secret=_secret(data["secret"]) if "secret" in data else None,
    )


def _bilingual(table: Mapping[str, Any], name: str) -> dict[str, str]:
    found = table.get(name)
    if not isinstance(found, dict) or set(found) != {"zh", "en"} or not all(map(_is_text, found.values())):
        raise _Invalid(f"{name!r} needs exactly zh and en")
    return found


def _options(table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(map(_is_text, table.values())):
        raise _Invalid("'options' must be a table of texts")
    return table


def _secret(table: object) -> Secret:
    if not isinstance(table, dict):
        raise _Invalid("'secret' must be a table")
    _known(table, _SECRET, "'secret'")
    return Secret(_text(table, "name"), _bilingual(table, "what"), _text(table, "training"))


def _known(table: Mapping[str, Any], names: set[str], where: str) -> None:
    for name in table:
        if name not in names:
            raise _Invalid(f"unknown key {name!r} in {where}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Invalid(f"{name!r} must be a text")
    return value


def _path(table: Mapping[str, Any], name: str) -> str:
    value = _text(table, name)
    module, colon, class_name = value.partition(":")
    if not colon or not module.startswith("devices.") or not class_name.isidentifier():
        raise _Invalid(f"{name!r} must be 'devices.module:Class'")
    return value


def _one_of(table: Mapping[str, Any], name: str, kinds: type[_E]) -> _E:
    value = _text(table, name)
    for one in kinds:
        if one.value == value:
            return one
    raise _Invalid(f"{name!r}: unknown {value!r}")


def _line(table: object) -> SerialSettings:
    if not isinstance(table, dict):
        raise _Invalid("'line' must be a table")
    _known(table, _LINE, "'line'")
    return SerialSettings(**table)


def _rows(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = data.get("command", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        raise _Invalid("at least one [[command]] is needed")
    return rows


def _command(row: Mapping[str, Any]) -> CommandRow:
    _known(row, _COMMAND, "a command")
    return CommandRow(
        _text(row, "command"),
        _one_of(row, "effect", Effect),
        _seconds(row, "first_byte_seconds"),
        _seconds(row, "between_bytes_seconds"),
        _seconds(row, "total_seconds"),
        _text(row, "source"),
    )


def _seconds(row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise _Invalid(f"command {row.get('command')!r}: {name!r} must be a number of seconds")
    return float(value)
