"""Which cuts are made, and what came of them: the printers, the forms, the ways a person may behave, the counts.

Who takes the book out while the printer still strikes is not played: a book is held while it is printed on. A one-way
printer that cannot place a line from the page's edge is not played with the book left in it either: where its paper
stands after a cut nobody knows, and the desk asks for the book to be laid in anew for every job of such a printer.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.devices.cut.cutting import Case, Look, Page, Play, Played, bench_of

PRINTERS = ("t5040", "pr2", "escp", "escp2", "lq1600k")
FORMS = ("passbook_24", "passbook_20", "passbook_38")
ANSWER = frozenset({"t5040", "pr2"})
KNOW_WHERE_THE_PAPER_STANDS = frozenset({"t5040", "pr2", "escp2"})


@dataclass
class Told:
    """One case with all its cuts. ``printed`` are the bytes of the print, or its answers; a finding names its cut."""

    case: Case
    printed: int
    cuts: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    again: int = 0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        first = "; ".join(f"{word} {times}" for word, times in sorted(self.outcomes.items()))
        told = (
            f"{self.case}: {self.printed} bytes, {self.cuts} cuts ({first}), asked {self.questions} times,"
            f" {self.again} further jobs, {len(self.findings)} findings"
        )
        return "\n".join([told, *(f"    {one}" for one in self.findings[:10])])


def cases(printers: Sequence[str], forms: Sequence[str]) -> Iterator[Case]:
    """Everything that is played over the null modem: with the mechanics' own time, but for who looks at once."""
    for printer in printers:
        for form in forms:
            yield Case(printer, form, Look.LATER, speed="1")
            yield Case(printer, form, Look.AT_ONCE, speed="0")
            if printer in ANSWER:
                yield Case(printer, form, Look.LATER, speed="1", answers=True)
            if printer in KNOW_WHERE_THE_PAPER_STANDS:
                yield Case(printer, form, Look.LEAVES_IT, speed="1")


def run(case: Case, folder: Path, step: int = 1, offset: int = 0, places: int = 0) -> Told:
    """Cut after every ``step``-th byte from ``offset``; with ``places`` after so many bytes, spread evenly."""
    usual, printed = usual_of(case, folder)
    told = Told(case, printed)
    at = range(offset, printed, step)
    for cut in (
        at
        if not places
        else sorted({number * (printed - 1) // max(1, places - 1) for number in range(places)})
    ):
        played = play(case, folder, cut, usual)
        told.cuts += 1
        told.outcomes[played.outcomes[0].kind.value if played.outcomes else "-"] += 1
        told.questions += played.questions
        told.again += played.again
        told.findings += [f"cut after {cut}: {text}" for text in played.findings]
    return told


def usual_of(case: Case, folder: Path) -> tuple[Page, int]:
    """The page that nothing happened to, and how many bytes its print took."""
    with bench_of(case, folder / "usual") as bench:
        usual = Play(case, bench)
        page = usual.usual()
    shutil.rmtree(folder / "usual")
    return page, usual.places


def play(case: Case, folder: Path, cut: int, usual: Page) -> Played:
    """One cut on a fresh printer and a fresh page."""
    with bench_of(case, folder / "cut") as bench:
        played = Play(case, bench).cut_at(cut, usual)
    shutil.rmtree(folder / "cut")
    return played
