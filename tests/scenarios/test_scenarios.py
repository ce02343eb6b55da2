"""Every scenario file, played through the real session on the real lines; afterwards books, chain and paper must
agree and nothing but what the file says may have been posted.

One desk serves all of them, a fresh session each, as in a day at the counter: what one leaves behind the next would
stumble over. A new procedure is one TOML file under ``resources/procedures`` and one or more here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.counter import Branches
from tests.scenarios.scenario import Play, Scenario, read

FILES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.fixture(scope="module")
def branches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branches]:
    opened = Branches(tmp_path_factory.mktemp)
    yield opened
    opened.drop()


def test_there_are_scenarios() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_scenario(path: Path, branches: Branches) -> None:
    scenario: Scenario = read(path)
    counter = branches.counter()
    before = counter.ledger()
    passed = False
    try:
        Play(counter, scenario).run()
        counter.assert_whole(before, scenario.posted)
        passed = True
    finally:
        if not passed:
            branches.drop()
