"""``devices new-driver``: what it lays out fails with a to-do list, and passes once an invented machine is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devices import scaffold
from tests.devices.next_machine.filling import fill
from tests.devices.written_tests import run_tests
from ui.command_line.main import main

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "resources" / "manual" / "new-driver.md"
TEST = Path("tests", "devices", "test_acme9.py")


@pytest.fixture
def laid_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, dict[str, list[str]]]:
    assert main(["devices", "new-driver", "acme9", "--into", str(tmp_path), "--json"]) == 0
    return tmp_path, json.loads(capsys.readouterr().out)


def test_what_is_laid_out_fails_with_the_to_do_list(laid_out: tuple[Path, dict[str, list[str]]]) -> None:
    folder, told = laid_out
    assert [one.split(".")[0] for one in told["to_do"]] == [str(number) for number in range(1, 12)]
    found = run_tests(folder / TEST)
    assert found.returncode == 1
    assert "test_nothing_is_left_to_do" in found.stdout
    for number in range(1, 12):
        assert f"{number}. acme9." in found.stdout


def test_filled_in_it_passes_and_no_hole_may_stay(laid_out: tuple[Path, dict[str, list[str]]]) -> None:
    folder, _ = laid_out
    fill(folder, "acme9", range(1, 12))
    found = run_tests(folder / TEST)
    assert found.returncode == 0, found.stdout
    dialogue = folder / "tests" / "dialogues" / "acme9.toml"
    dialogue.write_text(
        dialogue.read_text(encoding="utf-8").replace("TD-0001*02", "TD-0002*01"), encoding="utf-8"
    )
    found = run_tests(folder / TEST)
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
     ("../x", "small letters"), ("com1", "small letters"), ("aa55", "there is a model 'aa55' already")],
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
    for number in range(1, 12):
        assert f"\n| {number} |" in manual
    for action in ("new-driver", "simulate", "identify", "test", "record", "conform", "decode", "matrix"):
        assert f"devices {action}" in manual
