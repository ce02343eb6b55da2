"""A slip's validation line through the passbook printers: its own form, one line, an outcome as for a book's rows."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from devices.contracts import DeviceState, OutcomeKind, PassbookJob, PreparedJob, SlipJob
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.serial_port import SerialLink, SerialSettings
from devices.simulators.process import SimulatorProcess
from devices.supervised import SupervisedPassbookPrinter
from tests.devices.book_printing import BookPrinting, code_of, ink, struck
from tests.devices.pages.printing import GLYPHS, PRINTERS, SLIP_FIELDS, forms
from tests.devices.rig import Never, StopAfter, Watched, row

SLIP = "slip_validation"
PROVES = {"t5040": OutcomeKind.DONE, "escp": OutcomeKind.UNKNOWN, "escp2": OutcomeKind.UNKNOWN,
          "lq1600k": OutcomeKind.UNKNOWN, "pr2": OutcomeKind.UNKNOWN}  # fmt: skip
EVERY = pytest.mark.parametrize("model", PRINTERS)


def printing_of(model: str, directory: Path) -> BookPrinting:
    """One printer that has the slip's form."""
    printing = BookPrinting(
        PRINTERS[model].simulator(directory, {}), PRINTERS[model].driver, form=forms()[SLIP]
    )
    printing.driver.identify()
    return printing


def slip(line: int = 1, training: bool = False, form: str = SLIP, **more: str) -> SlipJob:
    return SlipJob("slip-1", form, {**SLIP_FIELDS, **more}, line, training)


@EVERY
def test_the_line_lands_once_and_is_believed_as_a_books_row_is(tmp_path: Path, model: str) -> None:
    printing = printing_of(model, tmp_path)
    job = printing.driver.prepare_slip(slip())
    assert isinstance(job, PreparedJob)
    assert (job.slip, job.page, job.first_line, len(job.unit_proofs)) == (True, 1, 1, 1)
    printing.bench.hands(do="insert_book", book="slip-1")
    outcome = printing.execute(job)
    assert outcome.kind is PROVES[model]
    printing.bench.read(2.0)
    assert outcome.units_proved == int(PROVES[model] is OutcomeKind.DONE)
    assert (printing.inked, printing.overprints, printing.report()["book"]) == (1, 0, None)
    assert printing.bench.written.count(job.payload) == 1


@EVERY
def test_the_second_line_stands_below_the_first_and_the_mark_in_training(tmp_path: Path, model: str) -> None:
    printing = printing_of(model, tmp_path)
    for line in (1, 2):
        job = printing.driver.prepare_slip(slip(line, training=True))
        printing.bench.read(2.0)
        printing.bench.hands(do="insert_book", book="slip-1")
        printing.execute(job)
    (ledger,) = tmp_path.glob("*-ink.jsonl")
    marks = struck(ink(ledger))
    assert printing.overprints == 0
    assert len({round(y) for _, y, _ in marks}) == 2
    assert len(marks) % 2 == 0
    assert [text for _, _, text in marks[: len(marks) // 2]] == [
        text for _, _, text in marks[len(marks) // 2 :]
    ]


@EVERY
@pytest.mark.parametrize(
    ("job", "code"),
    [
        (slip(3), DeviceErrorCode.LAYOUT_OVERFLOW),
        (slip(colour="red"), DeviceErrorCode.LAYOUT_OVERFLOW),
        (slip(summary="现金存入款项"), DeviceErrorCode.LAYOUT_OVERFLOW),
        (slip(summary="存\ue000"), DeviceErrorCode.GLYPH_MISSING),
        (slip(form="slip_99"), DeviceErrorCode.FORM_UNKNOWN),
    ],
)
def test_what_the_slip_cannot_carry_is_refused_before_ink(
    tmp_path: Path, model: str, job: SlipJob, code: DeviceErrorCode
) -> None:
    found = printing_of(model, tmp_path).driver.prepare_slip(job)
    assert isinstance(found, DeviceError)
    assert found.code is code


@EVERY
def test_a_slip_is_no_book_and_a_book_no_slip(tmp_path: Path, model: str) -> None:
    driver = PRINTERS[model].driver("printer-1", lambda: 0.0, forms(), GLYPHS)
    for form, found in (
        (SLIP, driver.prepare(PassbookJob("job-1", SLIP, 1, (row(1),)))),
        ("passbook_24", driver.prepare_slip(slip(form="passbook_24"))),
    ):
        assert found == DeviceError(DeviceErrorCode.FORM_UNKNOWN, (("form", form),))


@pytest.mark.parametrize("model", ["t5040", "pr2"])
def test_no_slip_in_time_leaves_nothing_to_print_later(tmp_path: Path, model: str) -> None:
    printing = printing_of(model, tmp_path)
    job = printing.driver.prepare_slip(slip())
    outcome = printing.execute(job, StopAfter(printing.bench, 5.0))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.CANCELLED)
    printing.bench.hands(do="insert_book", book="slip-1")
    printing.bench.read(60.0)
    assert printing.inked == 0


def test_a_slips_line_goes_through_a_supervised_printer_on_a_real_line(tmp_path: Path) -> None:
    with SimulatorProcess("t5040", tmp_path, options={"speed": "0"}) as machine:
        driver = PRINTERS["t5040"].driver("printer-1", time.monotonic, forms(), GLYPHS)
        with Watched(driver, lambda: SerialLink(machine.port, SerialSettings())) as watched:
            watched.wait(DeviceState.READY)
            printer = SupervisedPassbookPrinter(driver, watched.worker)
            job = printer.prepare_slip(slip())
            assert isinstance(job, PreparedJob)
            machine.hands(do="insert_book", book="slip-1")
            assert printer.execute(job, lambda seen: None, Never()).kind is OutcomeKind.DONE
            assert machine.hands(do="report")["rows"] == 1
