"""In a copy of the program a machine is laid out, its list is worked off, and the conformance suite passes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from devices.conformance.faults import BY_ID
from tests.devices.next_machine.filling import fill

ROOT = Path(__file__).parents[3]
COPIED = ("devices", "ui", "resources", "tests/devices")
AS_THEY_ARE = ("desk",)
ON_REAL_LINES = "F5,F15,F24,F26,F27"
"""Those that take little time; ``teller-desk devices conform acme9`` plays them all, in three minutes."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that branch IT may write in."""
    root = tmp_path_factory.mktemp("program")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    for folder in AS_THEY_ARE:
        (root / folder).symlink_to(ROOT / folder)
    (root / "tests" / "__init__.py").touch()
    return root


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """In the copy, as a person would."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=tree, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )  # fmt: skip


def devices(tree: Path, *words: str) -> tuple[int, dict[str, Any]]:
    found = run(tree, "ui.command_line.main", "devices", *words, "--json")
    return found.returncode, json.loads(found.stdout)


def test_a_machine_is_laid_out_worked_off_and_conforms(tree: Path) -> None:
    code, laid = devices(tree, "new-driver", "acme9")
    assert code == 0
    code, told = devices(tree, "conform", "acme9")
    assert (code, told["passed"], told["to_do"]) == (1, False, laid["to_do"])
    assert _numbers(told) == list(range(1, 12))

    fill(tree, "acme9", range(1, 7))
    assert _numbers(devices(tree, "conform", "acme9")[1]) == list(range(7, 12))
    fill(tree, "acme9", range(7, 13))

    found = run(tree, "pytest", "-q", "--no-cov", "-p", "no:cacheprovider", "tests/devices/test_acme9.py")
    assert found.returncode == 0, found.stdout
    code, told = devices(tree, "conform", "acme9", "--line", "null_modem")
    expected = {one: "not_applicable" if one == "F21" else "passed" for one in BY_ID}
    assert (code, _verdicts(told, "null_modem")) == (0, expected), told
    code, told = devices(tree, "conform", "acme9", "--line", "pty", "--line", "tcp", "--fault", ON_REAL_LINES)
    for line in ("pty", "tcp"):
        assert _verdicts(told, line) == dict.fromkeys(ON_REAL_LINES.split(","), "passed"), told
    assert (code, told["passed"]) == (0, True)


def test_a_defect_in_it_is_found_and_named(tree: Path) -> None:
    """The list of faults is no formality: a reader that trusts the check alone lets noise through."""
    wire = tree / "devices" / "wire" / "acme9.py"
    text = wire.read_text(encoding="utf-8")
    strict = "(?P<total>[0-9]{1,9})"
    assert strict in text
    wire.write_text(text.replace(strict, "(?P<total>[^ ]+)"), encoding="utf-8")
    code, told = devices(tree, "conform", "acme9", "--line", "null_modem", "--fault", "F16")
    wire.write_text(text, encoding="utf-8")
    assert (code, told["passed"]) == (1, False)
    (why, *_) = told["faults"][0]["lines"]["null_modem"]["why"]
    assert "raised ValueError" in why
    assert "(acme9.py:" in why


def _numbers(told: dict[str, Any]) -> list[int]:
    return [int(one.split(".")[0]) for one in told["to_do"]]


def _verdicts(told: dict[str, Any], line: str) -> dict[str, str]:
    return {one["fault"]: one["lines"][line]["verdict"] for one in told["faults"] if line in one["lines"]}
