"""``devices new-driver``: what it lays out fails with a to-do list, and passes once an invented machine is in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from devices import scaffold
from ui.command_line.main import main

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "resources" / "manual" / "new-driver.md"

FILLED: dict[str, dict[str, str]] = {
    "devices/wire/acme9.py": {
        "TO DO 1: document, page and date; what no source says stays marked as unverified.": (
            "the invented ACME 9 sheet."
        ),
        'raise NotImplementedError("TO DO 2: how a line\'s check is made, from the document and a frame in it")': (
            'return b"%02X" % reduce(xor, text, 0)'
        ),
        'raise NotImplementedError("TO DO 3: read the answers to ID?, ST? and BT? into Identity, Status and Batch")': (
            'word, *parts = text.decode("ascii", "replace").split(" ")\n'
            '    if word == "ID" and len(parts) == 2:\n'
            "        return Identity(parts[0], parts[1])\n"
            '    if word == "ST" and len(parts) == 1 and parts[0].isdecimal():\n'
            "        return Status(int(parts[0]))\n"
            '    if word == "BT" and len(parts) == 3:\n'
            '        rows = tuple(tuple(map(int, one.split("x"))) for one in parts[1].split(","))\n'
            "        return Batch(int(parts[0]), rows, int(parts[2]), line)\n"
            "    return None"
        ),
        "from dataclasses import dataclass\n": (
            "from dataclasses import dataclass\nfrom functools import reduce\nfrom operator import xor\n"
        ),
    },
    "devices/drivers/acme9.py": {
        'raise NotImplementedError("TO DO 4: a serial number only if the maker says it is one, else the model")': (
            "return DeviceIdentity(IdentityKind.MODEL, found.model)"
        ),
        'raise NotImplementedError("TO DO 5: how a heap counted since is told from the one before")': (
            "return found.number != before.number"
        ),
    },
    "devices/simulators/acme9.py": {
        'raise NotImplementedError("TO DO 6: the check again, written from the document and not from devices/wire")': (
            "value = 0\n    for byte in text:\n        value ^= byte\n    return f'{value:02X}'.encode()"
        ),
        'raise NotImplementedError("TO DO 7: answer ID?, ST? and BT? as the document says, from the ledger")': (
            'if command == b"ID?":\n            return b"ID ACME9 " + self._serial.encode()\n'
            '        if command == b"ST?":\n            return b"ST %d" % self._fault\n'
            '        if command != b"BT?":\n            return b""\n'
            '        notes = self._heaps[-1]["notes"] if self._heaps else [[1, 0]]\n'
            '        rows = ",".join(f"{unit}x{pieces}" for unit, pieces in notes)\n'
            "        total = sum(unit * pieces for unit, pieces in notes)\n"
            '        return f"BT {len(self._heaps)} {rows} {total}".encode()'
        ),
    },
    "resources/devices/acme9.toml": {
        "TO DO 9: document, page": "the invented ACME 9 sheet",
        '"TO DO 9"': '"the invented ACME 9 sheet"',
        "TO DO 10: 能做什么、不能做什么、哪些未核实": "虚构的点钞机。",
        "TO DO 10: what it can do, what it cannot, what is unverified": "An invented counter.",
    },
    "tests/dialogues/acme9.toml": {
        "TO DO 8: document, page; then put the real lines below": "the invented ACME 9 sheet",
        '"ID?*??\\r"\ndevice = "?*??\\r"': '"ID?*32\\r"\ndevice = "ID ACME9 TD-0001*02\\r"',
        '"ST?*??\\r"\ndevice = "?*??\\r"': '"ST?*38\\r"\ndevice = "ST 0*17\\r"',
        '"BT?*??\\r"\ndevice = "?*??\\r"': '"BT?*29\\r"\ndevice = "BT 1 100x3,50x2 400*2A\\r"',
    },
}
"""What a person reads out of the sheet of the invented machine, by file: hole and what belongs there."""


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    test = folder / "tests" / "devices" / "test_acme9.py"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-cov",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        str(test),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def laid_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, dict[str, list[str]]]:
    assert main(["devices", "new-driver", "acme9", "--into", str(tmp_path), "--json"]) == 0
    return tmp_path, json.loads(capsys.readouterr().out)


def test_what_is_laid_out_fails_with_the_to_do_list(laid_out: tuple[Path, dict[str, list[str]]]) -> None:
    folder, told = laid_out
    assert [one.split(".")[0] for one in told["to_do"]] == [str(number) for number in range(1, 11)]
    found = run_tests(folder)
    assert found.returncode == 1
    assert "test_nothing_is_left_to_do" in found.stdout
    for number in range(1, 11):
        assert f"{number:>3} " in found.stdout.split("TO DO\n")[1].split("assert not")[0]


def test_filled_in_it_passes_and_no_hole_may_stay(laid_out: tuple[Path, dict[str, list[str]]]) -> None:
    folder, _ = laid_out
    for file, holes in FILLED.items():
        text = (folder / file).read_text(encoding="utf-8")
        for hole, filling in holes.items():
            assert hole in text, hole
            text = text.replace(hole, filling)
        (folder / file).write_text(text, encoding="utf-8")
    found = run_tests(folder)
    assert found.returncode == 0, found.stdout
    dialogue = folder / "tests" / "dialogues" / "acme9.toml"
    dialogue.write_text(
        dialogue.read_text(encoding="utf-8").replace("TD-0001*02", "TD-0002*01"), encoding="utf-8"
    )
    found = run_tests(folder)
    assert found.returncode == 1
    assert "1 failed" in found.stdout
    assert "test_the_simulator_speaks_the_dialogue" in found.stdout


def test_nothing_is_overwritten(
    laid_out: tuple[Path, dict[str, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, told = laid_out
    before = {path: Path(path).read_bytes() for path in told["files"]}
    assert main(["devices", "new-driver", "acme9", "--into", str(folder)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert {path: Path(path).read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("name", "said"),
    [("Acme9", "small letters"), ("9acme", "small letters"), ("a-b", "small letters"), ("class", "small letters"),
     ("../x", "small letters"), ("aa55", "there is a model 'aa55' already")],
)  # fmt: skip
def test_a_name_that_does_not_serve_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    assert main(["devices", "new-driver", name, "--into", str(tmp_path), "--json"]) == 2
    assert said in json.loads(capsys.readouterr().out)["error"]
    assert list(tmp_path.iterdir()) == []


def test_inside_the_program_it_needs_the_tests_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scaffold, "ROOT", tmp_path)
    assert main(["devices", "new-driver", "acme9"]) == 2
    assert "--into DIR" in capsys.readouterr().err
    (tmp_path / "tests").mkdir()
    assert main(["devices", "new-driver", "acme9"]) == 0
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {target.format(name="acme9") for target in scaffold.FILES.values()}
    assert "resources/manual/new-driver.md" in capsys.readouterr().out


def test_the_manual_names_every_step_and_every_file() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    for target in scaffold.FILES.values():
        assert target.format(name="acme9") in manual
    for number in range(1, 11):
        assert f"\n| {number} |" in manual
    for action in ("new-driver", "simulate", "identify", "test", "record", "conform", "decode", "matrix"):
        assert f"devices {action}" in manual
