"""Every scenario file, played through the real session on the real lines; afterwards books, chain and paper must
agree and nothing but what the file says may have been posted.

One desk serves all of them, a fresh session each, as in a day at the counter: what one leaves behind the next would
stumble over. A new procedure is one TOML file under ``resources/procedures`` and one or more here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.counter import Counter
from tests.scenarios.scenario import Play, Scenario, read

FILES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    opened = Counter(tmp_path_factory.mktemp("branch"))
    yield opened
    opened.close()


def test_there_are_scenarios() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_scenario(path: Path, counter: Counter) -> None:
    scenario: Scenario = read(path)
    before = counter.ledger()
    Play(counter, scenario).run()
    counter.assert_whole(before, scenario.posted)
