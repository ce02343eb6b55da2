"""SIGKILL at moments of a deposit, then run again. Here at every moment of a machine's job and at some thirty of the
others; at all of them with ``python -m tests.crash``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.crash import Life, kill_and_recover, undisturbed

MACHINE_JOBS = ("stripe", "count", "inspect", "job", "receipt")
OTHERS = 25
AT_LEAST = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Life, list[str]]:
    """An undisturbed deposit, and the events it made."""
    return undisturbed(tmp_path_factory.mktemp("undisturbed"))


def chosen(moments: tuple[str, ...]) -> list[int]:
    """Every machine's job, and the others evenly."""
    jobs = [at for at, name in enumerate(moments, 1) if name.split(":")[0] in MACHINE_JOBS]
    others = [at for at in range(1, len(moments) + 1) if at not in jobs]
    return sorted({*jobs, *others[:: max(1, len(others) // OTHERS)]})


@pytest.mark.timeout(540)
def test_the_desk_survives_a_kill_at_any_moment(whole: tuple[Life, list[str]], tmp_path: Path) -> None:
    life, wanted = whole
    numbers = chosen(life.moments)
    assert len(numbers) >= AT_LEAST
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda at: kill_and_recover(tmp_path / str(at), at, wanted), numbers))
    assert {one.moment.split(":")[0] for one in told} == {*MACHINE_JOBS, "append", "commit", "witness"}
    assert {answer for one in told for answer in one.questions} == {0, 1, 2, 3}, "lines seen on the page"
    assert sum(one.receipt == "unknown" for one in told) >= 2


@pytest.mark.parametrize(("machine", "moment"), [("t5040", "job:row"), ("escpos", "receipt:after")])
def test_a_machine_that_outlives_its_desk_changes_nothing_on_waking(
    whole: tuple[Life, list[str]], tmp_path: Path, machine: str, moment: str
) -> None:
    """It sleeps while its desk is killed in the middle of its job, and wakes when the next desk has a machine of its
    own on the same paper: its lifeline is gone, so what was still in it must not come out."""
    life, wanted = whole
    at = [number for number, name in enumerate(life.moments, 1) if name == moment][
        -2 if machine == "t5040" else 0
    ]
    told = kill_and_recover(tmp_path, at, wanted, asleep=machine)
    assert told.questions == ((2,) if machine == "t5040" else ())
    assert (told.receipt == "unknown") == (machine == "escpos")
