"""Fills the holes of a laid-out machine, as a person does who reads its sheet. Used by the tests; builds nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

STEPS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "acme9.toml").read_text(encoding="utf-8")
)["step"]


def fill(root: Path, name: str, numbers: Iterable[int] = range(1, 13)) -> None:
    """Do those steps of the manual in a tree. A hole that is not there fails."""
    wanted = set(numbers)
    for step in STEPS:
        if step["number"] in wanted:
            _do(root / step["file"].format(name=name), step, name)


def _do(path: Path, step: dict[str, Any], name: str) -> None:
    text = path.read_text(encoding="utf-8")
    filling = step["filling"].replace("{name}", name)
    hole = step.get("hole", step.get("after", ""))
    assert hole in text, f"{path.name}: {hole}"
    path.write_text(text.replace(hole, step.get("after", "") + filling), encoding="utf-8")
