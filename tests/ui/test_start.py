"""Starting: a program that cannot open its window says what to do and exits 2; Qt's missing libraries are named; the
first paint waits for nothing heavy; and the Qt binding in use loses no references.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from ui.qt_libraries import PACKAGES, SCREEN_PACKAGES, missing_packages, problem

ROOT = Path(__file__).parents[2]
UNUSABLE = 2
HEAVY = (
    "sqlalchemy", "psycopg", "escpos", "keyring", "numpy", "asyncio", "PIL", "cryptography", "argon2", "msgspec",
    "serial", "desk.session", "desk.persistence", "devices.drivers", "ui.main_window", "ui.pages",
)  # fmt: skip
"""Nothing of these is needed to draw two fields and a button."""
FIRST_PAINT = """
import sys
from ui.app import sign_on_window
front = sign_on_window("zh_CN")
front.shell.painted.connect(front.app.quit)
front.app.exec()
print(" ".join(sorted(sys.modules)))
front.close()
"""


def run(arguments: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**kept, **more}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def teller_desk(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return run(["-m", "ui.command_line.main", *arguments], **more)


# --- what cannot start says what to do --------------------------------------------------------------------------------


def test_a_desk_that_is_not_set_up_says_so_and_how_to_see_one() -> None:
    answer = teller_desk(QT_QPA_PLATFORM="offscreen")
    assert answer.returncode == UNUSABLE
    assert answer.stdout == ""
    assert "本柜尚未配置" in answer.stderr
    assert "teller-desk demo" in answer.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 can lack a display")
@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_without_a_display_it_says_so(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    where = ["--out", str(tmp_path / "out")] if arguments else []
    answer = teller_desk(*arguments, *where)
    assert answer.returncode == UNUSABLE
    assert "DISPLAY" in answer.stderr
    assert "demo --auto" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a fake library in the loader's path")
def test_a_library_that_the_loader_cannot_read_is_named_with_its_package(tmp_path: Path) -> None:
    """A damaged file stands first in the loader's path: Qt really cannot be loaded, and nothing is a traceback."""
    libraries = tmp_path / "lib"
    libraries.mkdir()
    (libraries / "libxkbcommon.so.0").write_bytes(b"")
    qt = run(["-c", "import PySide6.QtWidgets"], LD_LIBRARY_PATH=str(libraries))
    assert qt.returncode != 0, "the damaged library did not stop Qt: the test would prove nothing"
    answer = teller_desk("demo", "--auto", "--out", str(tmp_path / "out"), LD_LIBRARY_PATH=str(libraries))
    assert answer.returncode == UNUSABLE
    assert "libxkbcommon0" in answer.stderr
    assert "apt-get install" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the tables are for Linux")
@pytest.mark.parametrize(("library", "package"), sorted(PACKAGES.items()))
def test_every_library_of_the_table_is_named_when_it_is_missing(library: str, package: str) -> None:
    told = problem(needs_display=False, found=lambda one: one != library)
    assert package in told.splitlines()[0].split()
    assert library in told
    assert problem(needs_display=False, found=lambda one: True) == ""


def test_a_screen_needs_more_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_screen_ones_missing(library: str) -> bool:
        return library not in SCREEN_PACKAGES

    assert missing_packages(on_screen=False, found=only_screen_ones_missing) == ()
    assert set(missing_packages(on_screen=True, found=only_screen_ones_missing)) == set(
        SCREEN_PACKAGES.values()
    )
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    if sys.platform.startswith("linux"):
        assert "libxcb-cursor0" in problem(needs_display=True, found=only_screen_ones_missing)
        assert problem(needs_display=False, found=only_screen_ones_missing) == ""


def test_each_package_is_named_once_in_order() -> None:
    found = missing_packages(on_screen=True, found=lambda library: False)
    assert list(found) == sorted(set(PACKAGES.values()) | set(SCREEN_PACKAGES.values()))


# --- the first paint --------------------------------------------------------------------------------------------------


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    answer = run(["-c", FIRST_PAINT], QT_QPA_PLATFORM="offscreen")
    assert answer.returncode == 0, answer.stderr
    loaded = set(answer.stdout.split())
    assert "ui.sign_on" in loaded
    assert (
        sorted(one for one in loaded if one.startswith(tuple(f"{h}." for h in HEAVY)) or one in HEAVY) == []
    )


def test_the_command_table_loads_no_qt() -> None:
    code = "import sys; from ui.command_line.main import parser_of; parser_of([]); print('PySide6' in sys.modules)"
    answer = run(["-c", code])
    assert answer.stdout.strip() == "False"


# --- the binding ------------------------------------------------------------------------------------------------------


class _Emitter(QObject):
    told = Signal(bool)


def test_emitting_a_signal_loses_no_reference(qapp: QApplication) -> None:
    """Some versions of the binding drop a reference of ``True`` at every emit and abort after a day's work."""
    emitter = _Emitter()
    heard: list[bool] = []
    emitter.told.connect(heard.append)
    emitter.told.emit(True)
    heard.clear()
    before = sys.getrefcount(True)
    for _ in range(50):
        emitter.told.emit(True)
    assert len(heard) == 50
    heard.clear()
    assert abs(sys.getrefcount(True) - before) <= 1
