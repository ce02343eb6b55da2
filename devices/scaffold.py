"""Lays out a new machine: wire, driver, simulator, mask, dialogue, manifest and their test, with a to-do list inside.

The templates stand in ``resources/scaffold``; they speak an invented line protocol and raise where a document must be
read. Writes files only where none is.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "resources" / "scaffold"
FILES: Mapping[str, str] = {
    "wire.py.txt": "devices/wire/{name}.py",
    "driver.py.txt": "devices/drivers/{name}.py",
    "simulator.py.txt": "devices/simulators/{name}.py",
    "mask.py.txt": "devices/masking/{name}.py",
    "manifest.toml.txt": "resources/devices/{name}.toml",
    "dialogue.toml.txt": "tests/dialogues/{name}.toml",
    "test.py.txt": "tests/devices/test_{name}.py",
}
OUTSIDE: Mapping[str, str] = {"conftest.py.txt": "tests/devices/conftest.py"}
"""What a layout beside the program needs in addition."""
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_NO_FILE_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{kind}{one}" for kind in ("com", "lpt") for one in range(10))}
)
"""What Windows takes for a device whatever its ending."""
_TO_DO = re.compile(r"TO DO (\d+)(?:: ([^\n\"]*))?")


@dataclass(frozen=True)
class LaidOut:
    """Files written, and what is to do in them, in order."""

    files: tuple[Path, ...]
    to_do: tuple[str, ...]


@dataclass(frozen=True)
class NotLaidOut:
    """Why nothing was written."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def lay_out(name: str, into: Path | None = None) -> LaidOut | NotLaidOut:
    """Write the files, under ``into`` or in the program's own folders."""
    root = into or ROOT
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name in _NO_FILE_NAMES:
        return NotLaidOut(f"{name!r} cannot name a module: small letters, digits and _, such as acme9")
    if into is None and not (ROOT / "tests").is_dir():
        return NotLaidOut("this is an installed program without its tests: lay it out with --into DIR")
    if (ROOT / FILES["manifest.toml.txt"].format(name=name)).exists():
        return NotLaidOut(f"there is a model {name!r} already: take another name")
    texts = _texts(name, root, FILES if into is None else {**FILES, **OUTSIDE})
    there = next((path for path in texts if path.exists()), None)
    if there is not None:
        return NotLaidOut(f"{there} is there already: nothing is overwritten")
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        return NotLaidOut(f"{root} cannot be written: {error.strerror}")
    return LaidOut(tuple(texts), to_do(texts))


def _texts(name: str, root: Path, files: Mapping[str, str]) -> dict[Path, str]:
    class_name = "".join(part.capitalize() for part in name.split("_"))
    return {
        root / target.format(name=name): (TEMPLATES / template)
        .read_text(encoding="utf-8")
        .replace("@NAME@", name)
        .replace("@CLASS@", class_name)
        for template, target in files.items()
    }


def left_to_do(name: str, root: Path = ROOT) -> tuple[str, ...]:
    """The holes that are still in a model's files, in order; none for a model that was never laid out."""
    places = (root / target.format(name=name) for target in FILES.values())
    there = (path for path in places if path.exists() and not path.name.startswith("test_"))
    return to_do({path: path.read_text(encoding="utf-8") for path in there})


def to_do(texts: Mapping[Path, str]) -> tuple[str, ...]:
    """The holes by number, each with its file and what belongs there."""
    found: dict[int, str] = {}
    for path, text in texts.items():
        for one in _TO_DO.finditer(text):
            what = f": {one[2].strip()}" if one[2] else ""
            found.setdefault(int(one[1]), f"{one[1]}. {path.name} in {path.parent.name}{what}")
    return tuple(found[number] for number in sorted(found))
