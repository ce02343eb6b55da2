"""SIGKILL at moments of a deposit, then run again. CI takes every third moment, at least 40 of them; all of them,
and six through the window, are ``python -m tests.crash``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.crash import assert_consistent, kill_and_recover, live


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many moments an undisturbed deposit has."""
    folder = tmp_path_factory.mktemp("undisturbed")
    life = live(folder)
    assert life.outcome == "archived", life.errors
    assert_consistent(folder)
    return life.moments


@pytest.mark.timeout(540)
def test_every_third_moment_survives_a_kill(moments: int, tmp_path: Path) -> None:
    chosen = list(range(1, moments + 1, max(1, moments // 42)))
    assert len(chosen) >= 40
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda at: kill_and_recover(tmp_path / str(at), at), chosen))
    kinds = {str(one["moment"]).split(":")[0] for one in told}
    assert {"append", "commit"} <= kinds
