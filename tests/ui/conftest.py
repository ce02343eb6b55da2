"""What every test of the window shares: Qt without a screen, the product's looks, a window for views, and the deposit
played once in each language.

The platform is chosen here, before anything loads Qt. Holds fixtures only; what they open stands in ``window_of`` and
``counter_window``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)

from PySide6.QtWidgets import QApplication

from tests.ui.counter_window import Played, play_deposit
from tests.ui.window_of import ViewWindow
from ui.theme import apply_theme

Show = Callable[[str], ViewWindow]


@pytest.fixture(scope="session")
def themed(qapp: QApplication) -> QApplication:
    """The application as the product draws it."""
    apply_theme(qapp)
    return qapp


@pytest.fixture
def view_window(themed: QApplication) -> Iterator[Show]:
    """Makes windows that show views without a desk behind them, and closes them again."""
    made: list[ViewWindow] = []

    def make(language: str) -> ViewWindow:
        made.append(ViewWindow(language))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def windows(themed: QApplication) -> Iterator[Show]:
    """One window a language for a whole file, for tests that look at many views."""
    made: dict[str, ViewWindow] = {}

    def of(language: str) -> ViewWindow:
        if language not in made:
            made[language] = ViewWindow(language)
        return made[language]

    yield of
    for one in made.values():
        one.close()


@pytest.fixture(scope="session")
def played(themed: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Played]:
    """The whole dual-control deposit of the demo, played through the real window once for each language asked for."""
    done: dict[str, Played] = {}

    def play(language: str) -> Played:
        if language not in done:
            done[language] = play_deposit(tmp_path_factory.mktemp(f"played-{language}"), language)
        return done[language]

    return play
