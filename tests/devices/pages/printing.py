"""Prints whole pages: each passbook printer's driver against its simulated machine, on each book's form.

Holds the printers with the step of their own that places are rounded to, and the rows that try a page: Chinese of every
column's width, amounts up to 999,999,999,999.99, every line of the page and so across the fold, the training mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from devices.contracts import OutcomeKind, PassbookJob, PassbookRow, PreparedJob, SlipJob
from devices.drivers.escp import Escp2Printer, EscpPrinter, Lq1600kPrinter
from devices.drivers.pr2 import Pr2Printer
from devices.drivers.t5040 import T5040Printer
from devices.forms import SLIP, UNITS_PER_MM, PassbookForm, load_form
from devices.glyphs import Glyphs
from devices.simulators.escp import Escp2Simulator, EscpSimulator, Lq1600kSimulator
from devices.simulators.ledger import PhysicalLedger
from devices.simulators.pr2 import Pr2Simulator
from devices.simulators.t5040 import T5040Simulator
from tests.devices.rig import RESOURCES, Bench, Never

GLYPHS = Glyphs()
BOOK = "book-1"


@dataclass(frozen=True)
class Printer:
    """A driver, its simulated machine, and the machine's steps in inch, across and down: from its own unit table
    (passbook-printers §2.2 and §2.4, §3.2, §4.2), not from the driver."""

    driver: Callable[..., Any]
    simulator: Callable[[Path, Mapping[str, str]], Any]
    across: Fraction
    down: Fraction


PRINTERS: Mapping[str, Printer] = {
    "t5040": Printer(T5040Printer, T5040Simulator, Fraction(1, 60), Fraction(1, 180)),
    "escp": Printer(EscpPrinter, EscpSimulator, Fraction(1, 60), Fraction(1, 180)),
    "escp2": Printer(Escp2Printer, Escp2Simulator, Fraction(1, 360), Fraction(1, 360)),
    "lq1600k": Printer(Lq1600kPrinter, Lq1600kSimulator, Fraction(1, 60), Fraction(1, 180)),
    "pr2": Printer(Pr2Printer, Pr2Simulator, Fraction(1, 120), Fraction(1, 240)),
}


@lru_cache
def forms() -> dict[str, PassbookForm]:
    """Every shipped form by name."""
    paths = sorted((RESOURCES / "forms").glob("*.toml"))
    found = [load_form(path.read_text(encoding="utf-8")) for path in paths]
    return {one.form: one for one in found}


BOOKS = tuple(name for name, form in forms().items() if form.document != SLIP)
SLIPS = tuple(name for name, form in forms().items() if form.document == SLIP)

SUMMARIES = ("存款", "取款", "现金存入", "转账支取", "利息税", "共99笔", "ATM取", "CR INT")
AMOUNTS = (0, 1, 99999, 2025000, 100000000, 12345678901, 99999999999999)
"""In fen; the last is 999,999,999,999.99."""


def text_of(minor: int) -> str:
    """An amount as the desk writes it."""
    return f"{minor // 100:,}.{minor % 100:02d}"


def rows_for(form: PassbookForm) -> tuple[PassbookRow, ...]:
    """A row on every line, each column filled to its width somewhere on the page."""
    return tuple(
        PassbookRow(
            line,
            {
                "date": f"2026{line % 12 + 1:02d}{line % 28 + 1:02d}",
                "summary": SUMMARIES[line % len(SUMMARIES)],
                "amount": "+-"[line % 2] + text_of(AMOUNTS[line % len(AMOUNTS)]),
                "balance": text_of(AMOUNTS[-1 - line % len(AMOUNTS)]),
                "operator": f"{300 + line:04d}",
            },
        )
        for line in range(1, form.lines + 1)
    )


SLIP_FIELDS = {
    "date": "20260312", "number": "0312-00017", "account": "6222021234567890123", "summary": "现金存入",
    "amount": text_of(AMOUNTS[-1]), "operator": "0318",
}  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """What lies on the paper now: the strikes in the machine's ledger, and the bench to draw it with."""

    form: PassbookForm
    strikes: tuple[dict[str, Any], ...]
    overprints: int
    bench: Bench

    def picture(self, path: Path) -> None:
        """The page as the machine's simulator draws it."""
        form = self.form
        self.bench.hands(
            do="page_image", book=BOOK, page=1, path=str(path),
            width=round(form.page_width_mm * UNITS_PER_MM), height=round(form.page_height_mm * UNITS_PER_MM),
            fold=round(form.fold_mm * UNITS_PER_MM),
            lines=[round(form.base_line_mm(line) * UNITS_PER_MM) for line in range(1, form.lines + 1)],
        )  # fmt: skip


def print_page(printer: str, form: PassbookForm, directory: Path) -> Printed:
    """Print a full page of training rows, or a slip's line, through the driver."""
    one = PRINTERS[printer]
    bench = Bench(one.simulator(directory, {}))
    driver = one.driver(printer, bench.clock, {form.form: form}, GLYPHS)
    driver.attach(bench)
    driver.identify()
    bench.hands(do="insert_book", book=BOOK, width_mm=form.page_width_mm, height_mm=form.page_height_mm)
    job = prepared(driver, form)
    if isinstance(job, PreparedJob):
        outcome = driver.execute(job, lambda seen: None, Never())
        assert outcome.kind is not OutcomeKind.NOT_DONE, outcome
        assert outcome.error is None, outcome
    else:
        raise AssertionError(f"{printer} on {form.form}: {job}")
    (ledger,) = directory.glob("*-ink.jsonl")
    facts = [fact for fact in PhysicalLedger(ledger).facts if "strikes" in fact]
    strikes = tuple(strike for fact in facts for strike in fact["strikes"])
    return Printed(form, strikes, int(bench.hands(do="report")["overprints"]), bench)


def prepared(driver: Any, form: PassbookForm) -> object:
    """The job that fills the form."""
    if form.document == SLIP:
        return driver.prepare_slip(SlipJob("slip-1", form.form, SLIP_FIELDS, training=True))
    return driver.prepare(PassbookJob("job-1", form.form, 1, rows_for(form), training=True))


def wanted_rows(form: PassbookForm) -> tuple[PassbookRow, ...]:
    """What should be read on that page, mark and line numbers included."""
    rows = (PassbookRow(1, SLIP_FIELDS),) if form.document == SLIP else rows_for(form)
    names = {column.name for column in form.columns}
    more = {"mark": "培训无效"}
    return tuple(
        PassbookRow(
            row.line, {**row.fields, **more, **({"line": f"{row.line:02d}"} if "line" in names else {})}
        )
        for row in rows
    )
