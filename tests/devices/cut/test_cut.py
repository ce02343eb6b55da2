"""A print cut after some of its bytes, of each printer on three forms, played to its end: the sample of the long run.

The long run, after every byte, is ``python -m tests.devices.cut``. What a person answers and signs in the desk stands
in ``test_session.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.conformance.faults import LineKind
from devices.contracts import Outcome, OutcomeKind, PassbookJob
from devices.drivers.t5040 import T5040Printer
from tests.devices.cut.cutting import Case, Look, bench_of, form_of, rows_of
from tests.devices.cut.runs import FORMS, PRINTERS, cases, play, run, usual_of

STEP, FEW = 67, 7
"""Primes: over the cases the places differ from any length in the job. Answers are few bytes."""
CASES = list(cases(PRINTERS, FORMS))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[str(case) for case in CASES])
def test_a_cut_print_ends_with_every_line_once_and_nothing_unasked(number: int, tmp_path: Path) -> None:
    step = FEW if CASES[number].answers else STEP
    told = run(CASES[number], tmp_path, step=step, offset=number % step)
    assert not told.findings, str(told)
    assert told.cuts
    assert told.questions


@pytest.mark.parametrize("printer", ["t5040", "lq1600k"])
def test_a_cut_print_on_a_real_line(printer: str, tmp_path: Path) -> None:
    told = run(Case(printer, "passbook_24", Look.LATER, LineKind.PTY), tmp_path, places=2)
    assert not told.findings, str(told)
    assert told.cuts == 2


def test_the_cut_lies_where_it_is_said_and_everything_before_it_arrives(tmp_path: Path) -> None:
    """After the last byte but the eject all lines are there; before the first none is, and nothing is asked."""
    case = Case("t5040", "passbook_24")
    usual, printed = usual_of(case, tmp_path)
    first, last = (play(case, tmp_path, cut, usual) for cut in (0, printed - 1))
    assert (first.outcomes[0].kind, first.questions, first.again) == (OutcomeKind.NOT_DONE, 0, 1)
    assert (last.outcomes[0].kind, last.again) == (OutcomeKind.UNKNOWN, 0)


@pytest.mark.parametrize("printer", ["escp2", "t5040"])
def test_a_row_that_was_whole_when_the_line_died_is_not_struck_by_the_next_job(
    printer: str, tmp_path: Path
) -> None:
    """Behind each row the next command is cut; whatever fills it up must not strike what a person saw missing."""
    case = Case(printer, "passbook_24", Look.LEAVES_IT)
    usual, printed = usual_of(case, tmp_path)
    with bench_of(case, tmp_path / "ends") as bench:
        job = bench.driver.prepare(PassbookJob("job-0", case.form, 1, rows_of(form_of(case.form))))
        before = printed - len(job.payload)
    for end in job.unit_ends[:-1]:
        for cut in range(before + end - 1, before + end + 8):
            played = play(case, tmp_path, cut, usual)
            assert not played.findings, (cut, played)


# --- a play that finds nothing must be able to find something -------------------------------------------------


class Hasty(T5040Printer):
    """Takes a lost line for a print that never began."""

    def execute(self, *given: object) -> Outcome:
        outcome = super().execute(*given)  # type: ignore[arg-type]
        kind = OutcomeKind.NOT_DONE if outcome.kind is OutcomeKind.UNKNOWN else outcome.kind
        return Outcome(kind, 0, outcome.evidence, outcome.error)


class Trusting(T5040Printer):
    """Takes what was written for what was printed."""

    def execute(self, *given: object) -> Outcome:
        outcome = super().execute(*given)  # type: ignore[arg-type]
        job = given[0]
        units = len(job.unit_ends)  # type: ignore[attr-defined]
        return (
            outcome if outcome.kind is OutcomeKind.NOT_DONE else Outcome(OutcomeKind.DONE, units, "written")
        )


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (Hasty, ("ink on ink", "believed not done", "was printed")),
        (Trusting, ("is lost", "believed done")),
    ],
)
def test_a_driver_that_believes_wrongly_is_found_out(
    broken: type[T5040Printer], words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case("t5040", "passbook_24")
    usual, printed = usual_of(case, tmp_path)
    monkeypatch.setattr("devices.drivers.t5040.T5040Printer", broken)
    found = " ".join(
        " ".join(play(case, tmp_path, cut, usual).findings) for cut in range(printed // 3, printed, 97)
    )
    for word in words:
        assert word in found
