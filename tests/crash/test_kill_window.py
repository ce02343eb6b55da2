"""SIGKILL at six moments of the deposit behind the real window, then run again: the same checks as without one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.crash import kill_and_recover, undisturbed
from tests.crash.window_moments import SIX, WINDOW, numbers_of


@pytest.mark.timeout(300)
def test_the_window_stands_again_where_it_was_killed(tmp_path: Path) -> None:
    life, wanted = undisturbed(tmp_path / "undisturbed", WINDOW)
    numbers = numbers_of(life.moments)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda at: kill_and_recover(tmp_path / str(at), at, wanted, WINDOW), numbers))
    assert [one.moment for one in told] == [name for name, _ in SIX]
    assert all(one.postings == 1 and one.verified for one in told)
    asked = [one for one in told if one.questions]
    assert [one.moment for one in asked] == ["job:row"], "only a cut print leaves something to ask about"
