"""The demo as other programs call it: one process, one JSON line, pictures, and a folder that can be gone on with.

Every run here is a real process over real serial lines, without a display.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from desk.domain.procedure_kinds import StepKind
from ui.composition import load_procedures

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "ui.command_line.main", "demo", "--auto", "--speed", "0"]
PROMISED_SECONDS = 60.0
KEYS = {
    "transaction", "state", "amount", "people", "journal", "ledger", "passbook", "screenshots", "database", "evidence",
    "keys",
}  # fmt: skip
SQLITE = "sqlite:///"
WHICH_FONT = """
from PySide6.QtGui import QFont, QRawFont
from PySide6.QtWidgets import QApplication
from ui.fonts import family, visible
app = QApplication([])
raw = QRawFont.fromFont(QFont(family()))
print(raw.familyName(), all(raw.supportsCharacter(ord(one)) for one in "柜员龘䶮Aa0"), visible("柜员龘\\U0003134f"))
"""


def environment(**more: str) -> dict[str, str]:
    """Nothing of this session's display or Qt."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("QT_") and name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    return {**kept, **more}


def start(out: Path, language: str = "zh_CN", **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "--language", language, "--out", str(out)], cwd=ROOT, env=environment(**more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        out, err = process.communicate(timeout=110)
    except subprocess.TimeoutExpired:
        kill(process)
        raise
    return process.returncode, out, err


def kill(process: subprocess.Popen[str]) -> None:
    """As a power cut would: the desk and all that it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def answer_of(run: tuple[int, str, str]) -> dict[str, Any]:
    code, out, err = run
    assert code == 0, err
    lines = out.splitlines()
    assert len(lines) == 1
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, dict[str, Any], float]]:
    """A demo that ran to its end, once a language: its folder, its answer, its seconds."""
    done: dict[str, tuple[Path, dict[str, Any], float]] = {}

    def of(language: str) -> tuple[Path, dict[str, Any], float]:
        if language not in done:
            out = tmp_path_factory.mktemp(f"demo-{language}") / "out"
            began = time.monotonic()
            answer = answer_of(ended(start(out, language)))
            done[language] = (out, answer, time.monotonic() - began)
        return done[language]

    return of


def pictures(answer: Mapping[str, Any]) -> dict[str, QImage]:
    """Pictures by name without their number; each can be read."""
    found = {Path(path).stem.partition("-")[2]: QImage(path) for path in answer["screenshots"]}
    assert not any(image.isNull() for image in found.values())
    return found


def is_blank(image: QImage) -> bool:
    """Fewer than a dozen colours on a coarse grid: nothing was drawn."""
    seen = {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
    return len(seen) < 12


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_answer_is_one_json_line_with_everything_promised(
    finished: Callable[[str], tuple[Path, dict[str, Any], float]], language: str
) -> None:
    _, answer, seconds = finished(language)
    assert set(answer) >= KEYS
    assert len(answer["transaction"]) == 32
    assert (answer["state"], answer["amount"]) == ("archived", "20250.00")
    people = answer["people"]
    assert people["maker"]
    assert people["reviewer"] not in ("", people["maker"])
    assert answer["journal"]["entries"] > 0
    assert answer["journal"]["verified"] is True
    assert answer["ledger"]["balanced"] is True
    assert (answer["passbook"]["page"], answer["passbook"]["line"]) == (1, 9)
    assert answer["keys"]["maker"] > 0
    assert answer["keys"]["reviewer"] > 0
    assert seconds < PROMISED_SECONDS


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_path_is_absolute_and_stands_in_the_folder(
    finished: Callable[[str], tuple[Path, dict[str, Any], float]], language: str
) -> None:
    out, answer, _ = finished(language)
    database = answer["database"]
    assert database.startswith(SQLITE)
    paths = [
        *answer["screenshots"], answer["evidence"], answer["passbook"]["image"], answer["passbook"]["bytes"],
        database.removeprefix(SQLITE),
    ]  # fmt: skip
    for path in map(Path, paths):
        assert path.is_absolute()
        assert path.is_relative_to(out)
        assert path.stat().st_size > 0
    assert not QImage(answer["passbook"]["image"]).isNull()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_step_has_a_picture_of_the_whole_window(
    finished: Callable[[str], tuple[Path, dict[str, Any], float]], language: str
) -> None:
    found = pictures(finished(language)[1])
    loaded = load_procedures()
    assert isinstance(loaded, dict)
    for step in loaded["cash_deposit"].steps:
        if step.kind is StepKind.WITHHOLD:
            continue  # the note that is judged on the way proves genuine
        assert any(name.startswith(step.step.replace("_", "-")) for name in found), step.step
    windows = {name: image for name, image in found.items() if not name.startswith("customer")}
    assert {(one.width(), one.height()) for one in windows.values()} == {(1366, 768)}
    assert [name for name, image in found.items() if is_blank(image)] == []
    assert {"customer-confirm", "sign-on"} <= set(found)


def test_a_finished_demo_answers_again_at_once(
    finished: Callable[[str], tuple[Path, dict[str, Any], float]],
) -> None:
    out, answer, seconds = finished("en")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    began = time.monotonic()
    again = answer_of(ended(start(out, "en")))
    assert again == answer
    assert time.monotonic() - began < seconds
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before


def test_a_second_run_on_one_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = start(out)
    wait_for(lambda: (out / "pictures").exists() and len(list((out / "pictures").iterdir())) > 1, first)
    code, printed, told = ended(start(out))
    assert code == 2
    assert printed == ""
    assert told.strip()
    assert answer_of(ended(first))["state"] == "archived"


@pytest.mark.parametrize("moment", ["review-rekey"])
def test_an_interrupted_demo_goes_on_where_it_stood(tmp_path: Path, moment: str) -> None:
    """The power is cut while the window stands at this page; the next run ends the same transaction, and only it.
    Every other moment: ``tests/crash``."""
    out = tmp_path / "out"
    first = start(out)
    wait_for(lambda: bool(list(out.glob(f"pictures/*-{moment}.png"))), first)
    kill(first)
    answer = answer_of(ended(start(out)))
    assert answer["state"] == "archived"
    assert answer["journal"]["verified"] is True
    assert answer["ledger"]["balanced"] is True
    assert any(moment in path for path in answer["screenshots"])
    assert (answer["passbook"]["page"], answer["passbook"]["line"]) == (1, 9)


def wait_for(seen: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PROMISED_SECONDS
    while not seen():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.005)


def test_at_twice_the_pixels_the_pictures_have_twice_the_pixels(tmp_path: Path) -> None:
    answer = answer_of(ended(start(tmp_path / "out", QT_SCALE_FACTOR="2")))
    windows = {name: one for name, one in pictures(answer).items() if not name.startswith("customer")}
    assert {(one.width(), one.height()) for one in windows.values()} == {(2732, 1536)}


def test_a_machine_without_any_font_shows_the_shipped_one(tmp_path: Path) -> None:
    """No directory is known to fontconfig: the pages are drawn in full all the same."""
    empty = tmp_path / "fonts.conf"
    empty.write_text(f'<?xml version="1.0"?><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>')
    answer = answer_of(ended(start(tmp_path / "out", FONTCONFIG_FILE=str(empty))))
    assert answer["state"] == "archived"
    found = pictures(answer)
    assert [name for name, image in found.items() if is_blank(image)] == []
    asked = subprocess.run(
        [sys.executable, "-c", WHICH_FONT], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
        env=environment(FONTCONFIG_FILE=str(empty), QT_QPA_PLATFORM="offscreen"),
    )  # fmt: skip
    assert asked.stdout.split() == ["Noto", "Sans", "SC", "True", "柜员龘[U+3134F]"]


@pytest.mark.parametrize("extra", [["--speed", "-1"], ["--speed", "fast"], ["--language", "fr"]])
def test_what_cannot_be_meant_is_refused_before_anything_is_founded(tmp_path: Path, extra: list[str]) -> None:
    out = tmp_path / "out"
    run = subprocess.run(
        [*COMMAND, *extra, "--out", str(out)], cwd=ROOT, env=environment(), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert run.stdout == ""
    assert not out.exists()
