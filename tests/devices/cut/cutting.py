"""One cut print, played to its end as the desk plays it: cut, question, answer, the missing lines as a new job.

The driver runs on its worker against the simulated printer, which has framing of its own, over a null modem in
virtual time or over a pty; the fault is at the host's end of the line. The person is truthful and simple: what has any
ink is on the page, half a line is a line. Whatever is found wrong comes back as a sentence.
"""

from __future__ import annotations

import base64
import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from devices.conformance import checks
from devices.conformance.adapters import Patience, settled
from devices.conformance.bench import Bench, RealBench, SimulatedMachine, VirtualBench
from devices.conformance.faults import LineKind
from devices.contracts import Outcome, OutcomeKind, PassbookJob, PassbookRow, PreparedJob
from devices.forms import PassbookForm, load_form
from devices.link.fault import Faults
from devices.registry import FOLDER, Manifest, ManifestFlaw, load_manifest
from devices.simulators.page import CELL

FORMS_FOLDER = Path(__file__).parents[3] / "resources" / "forms"
BOOK = "book-1"
JOBS = 4
"""The cut one and what may follow: a printer that needs more than three further jobs for three lines is out of step."""
READY_SECONDS, PATIENCE_SECONDS = 60.0, 30.0


class Look(Enum):
    """When the person looks at the page, and what becomes of the book."""

    AT_ONCE = "takes the book out before the line is there again"
    LATER = "takes the book out once the printer is ready again"
    LEAVES_IT = "looks once the printer is ready again, and leaves the book in it"


@dataclass(frozen=True)
class Case:
    """One printer, one form, and how a person behaves. ``speed`` 0 takes the mechanics' time away."""

    printer: str
    form: str
    look: Look = Look.LATER
    line: LineKind = LineKind.NULL_MODEM
    speed: str = "0"
    answers: bool = False
    """Cut among the printer's answers instead of among the bytes of the job."""

    def __str__(self) -> str:
        where = (
            f"{self.line.value}, speed {self.speed}, cut among the {'answers' if self.answers else 'bytes'}"
        )
        return f"{self.printer}, {self.form}, {where}, the person {self.look.value}"


@dataclass
class Played:
    """How one cut ended."""

    case: Case
    cut: int | None
    outcomes: list[Outcome] = field(default_factory=list)
    questions: int = 0
    again: int = 0
    findings: list[str] = field(default_factory=list)


Page = dict[float, frozenset[tuple[float, str]]]
"""What is on a page: base line → each character and each column of dots with its place, however it was struck."""


def _marks(strike: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """One run of ink as single marks."""
    for at, char in enumerate(strike["text"]):
        yield strike["x"] + at * strike.get("cell", CELL), char
    dots = base64.b64decode(strike["columns"]).hex()
    for at in range(0, len(dots), 6):
        if dots[at : at + 6] != "000000":
            yield strike["x"] + at // 6, dots[at : at + 6]


@functools.cache
def model_of(name: str) -> Manifest:
    """The shipped manifest of a printer."""
    file = f"{name}.toml"
    model = load_manifest((FOLDER / file).read_text(encoding="utf-8"), file)
    assert not isinstance(model, ManifestFlaw), model
    return model


@functools.cache
def form_of(name: str) -> PassbookForm:
    """A shipped form."""
    return load_form((FORMS_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def rows_of(form: PassbookForm) -> tuple[PassbookRow, ...]:
    """Three lines: the page's first, and both sides of the fold, or the page's last where there is none."""
    lines = (1, form.fold_after, form.fold_after + 1) if form.fold_after else (1, form.lines - 1, form.lines)
    columns = {column.name for column in form.columns}
    values = {
        "date": "20260312", "summary": "存款", "amount": "+20,250.00", "balance": "31,482.15", "operator": "0318",
    }  # fmt: skip
    return tuple(
        PassbookRow(
            line, {name: text for name, text in {**values, "line": f"{line:02d}"}.items() if name in columns}
        )
        for line in lines
    )


@contextlib.contextmanager
def bench_of(case: Case, directory: Path) -> Iterator[Bench]:
    """A fresh printer with its paper in that folder, and a desk's end of the line."""
    directory.mkdir(parents=True, exist_ok=True)
    machine = SimulatedMachine(model_of(case.printer), directory, {"speed": case.speed})
    bench: Bench
    if case.line is LineKind.NULL_MODEM:
        bench = VirtualBench(model_of(case.printer), machine)
    else:
        bench = RealBench(model_of(case.printer), machine, case.line, speed=20.0)
    try:
        yield bench
    finally:
        bench.close()


class Play:
    """The play of one case with one cut; None is no cut."""

    def __init__(self, case: Case, bench: Bench) -> None:
        self._case, self._bench = case, bench
        self._rows = rows_of(form_of(case.form))
        self.places = 0

    def usual(self) -> Page:
        """The page of a print that nothing happens to; ``places`` is how many bytes it took."""
        self._lay_in()
        assert self._bench.settle(READY_SECONDS), self._bench.worker.status
        outcome = self._print(self._rows, "job-usual", Faults())
        assert outcome.kind in (OutcomeKind.DONE, OutcomeKind.UNKNOWN), outcome
        assert self._bench.link is not None
        link = self._bench.link
        self.places = link.received if self._case.answers else link.written
        self._bench.rest(2.0)
        page = self.page()
        assert len(page) == len(self._rows)
        return page

    def cut_at(self, cut: int, usual: Page) -> Played:
        """Cut after that many bytes of the print, then go on until every line is on the page."""
        played = Played(self._case, cut)
        self._lay_in()
        if not self._bench.settle(READY_SECONDS):
            played.findings.append("not ready at the start")
            return played
        heights = sorted(usual)
        left, faults = list(self._rows), self._cut(cut)
        for number in range(JOBS):
            before = len(self.page())
            outcome = self._print(tuple(left), f"job-{number}", faults)
            played.outcomes.append(outcome)
            faults = Faults()
            self._look(played)
            done = len(self.page()) - before
            played.findings += checks.printing(outcome, len(left), done)
            if outcome.kind is OutcomeKind.UNKNOWN:
                played.questions += 1
            seen = outcome.units_proved if outcome.kind is not OutcomeKind.UNKNOWN else done
            left = left[seen:]
            if not left:
                break
            played.again += 1
            self._lay_in()
        else:
            played.findings.append(f"{JOBS} jobs and still {len(left)} lines are missing")
        self._bench.rest(5.0)
        played.findings += self._judged(heights, usual, played)
        return played

    def _cut(self, cut: int) -> Faults:
        return Faults(cut_after_read=cut) if self._case.answers else Faults(cut_after_written=cut)

    def _look(self, played: Played) -> None:
        """The line comes back, and the person looks."""
        at_once = self._case.look is Look.AT_ONCE
        if at_once:
            self._take_out()
        self._bench.calm()
        if not self._bench.settle(READY_SECONDS) and not at_once:
            played.findings.append(f"not ready again: {self._bench.worker.status.error}")
        if not at_once:
            self._bench.rest(3.0)
        if self._case.look is Look.LATER:
            self._take_out()

    def _take_out(self) -> None:
        if self._bench.hands(do="report")["book"] is not None:
            self._bench.hands(do="remove_book")

    def _lay_in(self) -> None:
        """Put the book into the printer, if it is not in it."""
        if self._bench.hands(do="report")["book"] is None:
            self._bench.hands(do="insert_book", book=BOOK, page=1)
        self._bench.settle(READY_SECONDS)

    def _print(self, rows: tuple[PassbookRow, ...], job_id: str, faults: Faults) -> Outcome:
        """As the desk does: look whose book it is, then let the bytes leave, once."""
        driver, bench = self._bench.driver, self._bench
        job = driver.prepare(PassbookJob(job_id, self._case.form, 1, rows))
        assert isinstance(job, PreparedJob), job
        cancel = Patience(bench.clock, PATIENCE_SECONDS)
        bench.run(lambda: driver.read_stripe(lambda _: None, cancel))
        bench.settle(READY_SECONDS)
        bench.arm(faults)
        cancel = Patience(bench.clock, PATIENCE_SECONDS)
        outcome = settled(bench.model.kind, bench.run(lambda: driver.execute(job, lambda _: None, cancel)))
        assert isinstance(outcome, Outcome), outcome
        return outcome

    def page(self) -> Page:
        """What is on the page now."""
        found: Page = {}
        for fact in self._inked("ink", "more ink"):
            for strike in fact["strikes"]:
                y = strike["y"]
                found[y] = found.get(y, frozenset()) | frozenset(_marks(strike))
        return found

    def _inked(self, *kinds: str) -> list[dict[str, Any]]:
        return [fact for fact in self._bench.facts() if fact["fact"] in kinds]

    def _judged(self, heights: list[float], usual: Page, played: Played) -> list[str]:
        """The page at the end, against the page of a print that nothing happened to."""
        page, found = self.page(), []
        found += [f"ink on ink at {fact['y']}" for fact in self._inked("overprint")]
        times = [fact["strikes"][0]["y"] for fact in self._inked("ink") if fact["strikes"]]
        found += [
            f"the line at {y} was printed {times.count(y)} times" for y in set(times) if times.count(y) > 1
        ]
        found += [f"ink at {y}, where no line is" for y in page if y not in heights]
        found += [f"the line at {y} is lost" for y in heights if y not in page]
        broken = [y for y in heights if y in page and page[y] != usual[y]]
        if broken and not played.questions:
            found.append(f"{len(broken)} lines are not as they should be, and nobody was asked")
        if len(broken) > 1:
            found.append(f"one cut broke {len(broken)} lines")
        return found
