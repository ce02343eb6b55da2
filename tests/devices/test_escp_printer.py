"""Printers that only listen: what a driver believes (nothing, until a person looked) against the ink that is there."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from devices.contracts import (
    DeviceIdentity,
    DeviceState,
    IdentityKind,
    Outcome,
    OutcomeKind,
    PassbookJob,
    PassbookRow,
    PreparedJob,
    PrintProgress,
)
from devices.drivers.escp import Escp2Printer, EscpPrinter, Lq1600kPrinter
from devices.errors import DeviceError, DeviceErrorCode
from devices.forms import CELL_UNITS, UNITS_PER_MM, WIDE_UNITS, PassbookForm, marked
from devices.link.fault import FaultLink, Faults
from devices.link.serial_port import SerialLink, SerialSettings
from devices.simulators.escp import Escp2Simulator, EscpSimulator, Lq1600kSimulator
from devices.simulators.ledger import PhysicalLedger
from devices.simulators.process import SimulatorProcess
from devices.supervised import SupervisedPassbookPrinter
from tests.devices.book_printing import (
    GLYPHS,
    PAGE,
    ROWS,
    BookPrinting,
    ShortLink,
    code_of,
    dots_of,
    ink,
    struck,
    wanted,
)
from tests.devices.rig import FORM, Never, StopAfter, Watched, row

MODELS: dict[str, tuple[type[EscpPrinter], type[EscpSimulator]]] = {
    "escp": (EscpPrinter, EscpSimulator),
    "escp2": (Escp2Printer, Escp2Simulator),
    "lq1600k": (Lq1600kPrinter, Lq1600kSimulator),
}
EVERY = pytest.mark.parametrize("model", MODELS)


class Printing(BookPrinting):
    """One printer with its driver on one bench."""

    def __init__(self, model: str, directory: Path, form: PassbookForm = FORM, **options: str) -> None:
        driver_class, simulator_class = MODELS[model]
        self.ledger = directory / f"{model}-ink.jsonl"
        super().__init__(simulator_class(directory, options), driver_class, form=form)

    def ink(self) -> list[dict[str, Any]]:
        """What was struck, row by row."""
        return ink(self.ledger)


# --- preparing ------------------------------------------------------------------------------------------------


@EVERY
def test_preparing_is_pure_and_no_row_is_proved_by_anything_but_a_person(tmp_path: Path, model: str) -> None:
    printing = Printing(model, tmp_path)
    job, again = printing.prepare(), printing.prepare()
    assert job == again
    assert printing.bench.written == b""
    assert job.digest == hashlib.sha256(job.payload).hexdigest()
    assert (job.page, job.first_line) == (1, 3)
    assert job.unit_proofs == ("a person looks",) * 3
    assert list(job.unit_ends) == sorted(job.unit_ends)
    assert job.payload[job.unit_ends[-1] :] == b"\x0c"


@EVERY
def test_a_field_beyond_the_print_width_is_refused(tmp_path: Path, model: str) -> None:
    far = dataclasses.replace(
        FORM,
        page_width_mm=300.0,
        columns=(dataclasses.replace(FORM.columns[0], x_mm=1692 / UNITS_PER_MM - 10),),
    )
    driver = Printing(model, tmp_path, far).driver
    found = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (PassbookRow(1, {"date": "20260312"}),)))
    assert found == DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("width", "date"),))
    fits = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (PassbookRow(1, {"date": "202"}),)))
    assert isinstance(fits, PreparedJob)


@EVERY
def test_a_line_above_the_one_before_is_refused_for_paper_does_not_go_back(
    tmp_path: Path, model: str
) -> None:
    found = Printing(model, tmp_path).driver.prepare(PassbookJob("job-1", "passbook_24", 1, (row(4), row(3))))
    assert found == DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("line", "above the one before"),))


# --- where and what ink lands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "across", "down"),
    # half of each printer's own step, in 1/180 inch: 1/60 and 1/180 inch; 1/360 inch both ways
    [("escp", 1.5001, 0.5001), ("escp2", 0.2501, 0.2501), ("lq1600k", 1.5001, 0.5001)],
)
def test_a_whole_page_lands_within_half_a_step_of_where_the_form_places_it(
    tmp_path: Path, model: str, across: float, down: float
) -> None:
    printing = Printing(model, tmp_path)
    printing.insert()
    printing.execute(printing.prepare(PAGE, training=True))
    assert len(printing.ink()) == FORM.lines
    there, form = struck(printing.ink()), wanted(marked(PAGE))
    assert len(there) == len(form)
    assert max(abs(one[0] - place[0]) for one, place in zip(there, form, strict=True)) <= across
    assert max(abs(one[1] - place[1]) for one, place in zip(there, form, strict=True)) <= down
    assert printing.report()["overprints"] == 0


@EVERY
def test_every_character_is_itself_from_the_font_or_in_our_own_dots(tmp_path: Path, model: str) -> None:
    """镕 is in no GB2312 font, so it is drawn; 款 comes from the font where there is one."""
    printing = Printing(model, tmp_path)
    printing.insert()
    rows = (row(2, "镕款·"), row(3, "~#$[]"))
    printing.execute(printing.prepare(rows))
    drawn = []
    for (_, _, one), (_, _, char) in zip(struck(printing.ink()), wanted(rows), strict=True):
        if one != char:
            assert one == dots_of(char)
            drawn.append(char)
    assert drawn == (["镕", "·"] if model == "lq1600k" else ["镕", "款", "·"])


@EVERY
def test_printing_the_same_lines_twice_is_found_as_overprint(tmp_path: Path, model: str) -> None:
    printing = Printing(model, tmp_path)
    for found in (0, 3):
        printing.insert()
        printing.execute()
        assert printing.report()["overprints"] == found


def test_a_printer_that_starts_in_chinese_mode_prints_ascii_as_ascii(tmp_path: Path) -> None:
    """Some power up in it (§4.3): half-width cells would put every digit elsewhere."""
    printing = Printing("lq1600k", tmp_path, starts_chinese="1")
    printing.insert()
    printing.execute(printing.prepare())
    cells = {strike.get("cell", CELL_UNITS) for fact in printing.ink() for strike in fact["strikes"]}
    assert cells == {CELL_UNITS, WIDE_UNITS}


def test_training_is_marked_on_every_row(tmp_path: Path) -> None:
    printing = Printing("lq1600k", tmp_path)
    printing.insert()
    printing.execute(printing.prepare(training=True))
    rows = ["".join(strike["text"] for strike in fact["strikes"]) for fact in printing.ink()]
    assert [text.endswith("培训无效") for text in rows] == [True] * len(ROWS)
    assert b"\xc5\xe0\xd1\xb5" in printing.prepare(training=True).payload
    assert b"\xc5\xe0\xd1\xb5" not in printing.prepare().payload


@EVERY
def test_a_printed_page_can_be_looked_at(tmp_path: Path, model: str) -> None:
    printing = Printing(model, tmp_path)
    printing.insert()
    printing.execute(printing.prepare(PAGE, training=True))
    path = tmp_path / "page.png"
    size = [round(mm * UNITS_PER_MM) for mm in (FORM.page_width_mm, FORM.page_height_mm)]
    printing.bench.hands(
        do="page_image", book="book-1", page=1, path=str(path), width=size[0], height=size[1]
    )
    with Image.open(path) as image:
        grey = image.convert("L")
    line = [round(FORM.base_line_mm(n) * UNITS_PER_MM) * 2 for n in (1, 12, 13, 24)]
    dark = [sum(pixel < 90 for pixel in grey.crop((0, y - 40, grey.width, y + 8)).tobytes()) for y in line]
    assert min(dark) > 1000
    gap = grey.crop((0, line[1] + 12, grey.width, line[2] - 44)).tobytes()
    assert min(gap) > 200, "the fold stays free"


# --- belief ---------------------------------------------------------------------------------------------------


@EVERY
def test_a_print_is_unknown_until_a_person_looks_and_was_sent_once(tmp_path: Path, model: str) -> None:
    printing = Printing(model, tmp_path)
    printing.insert()
    job = printing.prepare()
    outcome = printing.execute(job)
    assert outcome == Outcome(
        OutcomeKind.UNKNOWN, 0, "this printer reports nothing: a person must look at the page"
    )
    assert printing.report()["rows"] == 3, "the person is asked when the mechanics are done, not before"
    assert printing.report()["book"] is None, "and the book is out"
    assert printing.bench.written == job.payload
    assert printing.progress == [PrintProgress(0, needs_document=True)]


@EVERY
def test_without_a_book_the_data_waits_in_the_printer_and_the_outcome_is_no_other(
    tmp_path: Path, model: str
) -> None:
    printing = Printing(model, tmp_path)
    outcome = printing.execute()
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (OutcomeKind.UNKNOWN, 0, None)
    assert printing.report()["rows"] == 0
    printing.insert()
    printing.bench.read(10.0)
    assert printing.report()["rows"] == 3
    there, form = struck(printing.ink()), wanted(ROWS)
    assert all(abs(one[1] - place[1]) <= 0.5001 for one, place in zip(there, form, strict=True))


@pytest.mark.parametrize("lands", [True, False])
def test_a_ribbon_that_gives_out_changes_no_belief(tmp_path: Path, lands: bool) -> None:
    printing = Printing("escp", tmp_path)
    printing.insert()
    printing.bench.hands(do="silent", ink=lands)
    assert printing.execute().kind is OutcomeKind.UNKNOWN
    assert printing.report()["rows"] == int(lands)


def test_stop_before_the_first_byte_sends_nothing(tmp_path: Path) -> None:
    printing = Printing("escp", tmp_path)
    outcome = printing.execute(stop=StopAfter(printing.bench, 0.0))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.CANCELLED)
    assert printing.bench.written == b""


def test_stop_after_the_bytes_left_cannot_call_them_back(tmp_path: Path) -> None:
    printing = Printing("escp", tmp_path)
    printing.insert()
    outcome = printing.execute(stop=StopAfter(printing.bench, 0.3))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.CANCELLED)


def test_a_paused_printer_is_waited_for_and_then_sent_to(tmp_path: Path) -> None:
    printing = Printing("escp", tmp_path)
    printing.insert()
    printing.bench.hands(do="pause")
    printing.bench.after(30.0, lambda: printing.bench.hands(do="clear"))
    assert printing.execute().kind is OutcomeKind.UNKNOWN
    assert printing.report()["rows"] == 3


@pytest.mark.parametrize(
    ("stop", "code"), [(400.0, DeviceErrorCode.WRITE_TIMEOUT), (5.0, DeviceErrorCode.CANCELLED)]
)
def test_a_printer_that_holds_the_line_for_ever_gets_nothing(
    tmp_path: Path, stop: float, code: DeviceErrorCode
) -> None:
    printing = Printing("escp", tmp_path)
    printing.bench.hands(do="pause")
    outcome = printing.execute(stop=StopAfter(printing.bench, stop))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, code)
    assert printing.bench.written == b""


@EVERY
def test_a_small_buffer_loses_nothing_to_a_driver_that_heeds_the_handshake(
    tmp_path: Path, model: str
) -> None:
    printing = Printing(model, tmp_path, buffer="1200")
    printing.insert()
    printing.execute(printing.prepare(PAGE))
    printing.bench.read(60.0)
    assert (printing.report()["lost"], printing.report()["rows"]) == (0, 24)


def test_a_line_held_in_the_middle_for_ever_is_unknown(tmp_path: Path) -> None:
    """No book comes: the buffer fills, the printer says XOFF and nothing after it."""
    printing = Printing("escp", tmp_path, buffer="1200")
    outcome = printing.execute(printing.prepare(PAGE))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.WRITE_TIMEOUT)
    assert printing.report()["lost"] == 0


@pytest.mark.parametrize(
    ("sent", "kind"),
    [(0, OutcomeKind.NOT_DONE), (95, OutcomeKind.NOT_DONE)]
    + [(size, OutcomeKind.UNKNOWN) for size in (96, 97, 200, 700, -1)],
)
def test_a_line_cut_behind_the_filling_is_unknown_and_within_it_not_done(
    tmp_path: Path, sent: int, kind: OutcomeKind
) -> None:
    printing = Printing("escp", tmp_path)
    printing.insert()
    job = printing.prepare()
    printing.driver.attach(FaultLink(printing.bench, Faults(cut_after_written=sent % len(job.payload))))
    outcome = printing.execute(job)
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (kind, 0, DeviceErrorCode.LINK_LOST)
    printing.bench.read(10.0)
    assert kind is OutcomeKind.UNKNOWN or printing.report()["rows"] == 0


def test_a_cable_that_is_out_before_the_job_is_not_done(tmp_path: Path) -> None:
    printing = Printing("escp", tmp_path)
    printing.bench.host.pull()
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.LINK_LOST)


@pytest.mark.parametrize(
    ("room", "kind"),
    [
        (0, OutcomeKind.NOT_DONE),
        (95, OutcomeKind.NOT_DONE),
        (96, OutcomeKind.UNKNOWN),
        (300, OutcomeKind.UNKNOWN),
    ],
)
def test_a_write_that_is_not_taken_whole_is_unknown_once_something_may_print(
    tmp_path: Path, room: int, kind: OutcomeKind
) -> None:
    """A link may not know how much of a timed-out write left, so of what prints even none is not proof of none."""
    printing = Printing("escp", tmp_path)
    printing.insert()
    printing.driver.attach(ShortLink(printing.bench, room))
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (kind, DeviceErrorCode.WRITE_TIMEOUT)


@EVERY
def test_a_job_cut_in_the_middle_of_a_command_spoils_no_ink_of_the_next(tmp_path: Path, model: str) -> None:
    """Cut at every byte of a row: the book is taken out and looked at, laid in again, and a line printed."""
    printing = Printing(model, tmp_path)
    cut_job, next_rows = printing.prepare((row(3),)), (row(9),)
    next_job = printing.prepare(next_rows, "job-2")
    for size in range(96, len(cut_job.payload), 1 if model == "lq1600k" else 5):
        printing.bench.hands(do="power_cycle")
        printing.insert(page=size)
        printing.bench.write(cut_job.payload[:size], 1.0)
        printing.bench.read(2.0)
        printing.bench.hands(do="remove_book")
        printing.insert(page=10_000 + size)
        printing.execute(next_job)
        ink = [fact for fact in printing.ink() if fact["page"] == 10_000 + size]
        there = struck(ink)
        assert len(there) == len(wanted(next_rows)), size
        for one, place in zip(there, wanted(next_rows), strict=True):
            assert abs(one[0] - place[0]) <= 1.5001
            assert abs(one[1] - place[1]) <= 0.5001
            assert not place[2].isascii() or one[2] == place[2]


# --- the rest of its life -------------------------------------------------------------------------------------


@EVERY
def test_nothing_is_sent_to_learn_who_is_there(tmp_path: Path, model: str) -> None:
    printing = Printing(model, tmp_path)
    assert printing.driver.identify() == DeviceIdentity(IdentityKind.NONE)
    assert printing.driver.resync() is None
    assert printing.driver.idle() is DeviceState.READY
    assert printing.bench.written == b""
    assert not printing.driver.capabilities.proves_print
    assert not printing.driver.capabilities.reads_status
    assert printing.driver.capabilities.identifies_by is IdentityKind.NONE
    stripe = printing.driver.read_stripe(printing.progress.append, Never())
    assert stripe == DeviceError(DeviceErrorCode.UNSUPPORTED, (("stripe", "none"),))


def test_a_line_held_while_idle_is_told_as_paused(tmp_path: Path) -> None:
    printing = Printing("escp", tmp_path)
    printing.bench.hands(do="pause")
    assert printing.driver.idle() == DeviceError(DeviceErrorCode.STOPPED)
    printing.bench.hands(do="clear")
    assert printing.driver.idle() is DeviceState.READY


@pytest.mark.parametrize("model", ["lq1600k"])
def test_rows_reach_the_page_over_a_real_line(tmp_path: Path, model: str) -> None:
    with SimulatorProcess(model, tmp_path, options={"speed": "0"}) as machine:
        driver = MODELS[model][0]("printer-1", time.monotonic, {"passbook_24": FORM}, GLYPHS)
        settings = SerialSettings(9600, flow="xonxoff")
        with Watched(driver, lambda: SerialLink(machine.port, settings)) as watched:
            watched.wait(DeviceState.READY)
            printer = SupervisedPassbookPrinter(driver, watched.worker)
            job = printer.prepare(PassbookJob("job-1", "passbook_24", 1, ROWS, training=True))
            assert isinstance(job, PreparedJob)
            machine.hands(do="insert_book", book="book-1")
            outcome = printer.execute(job, lambda seen: None, Never())
            assert (outcome.kind, outcome.error) == (OutcomeKind.UNKNOWN, None)
            assert machine.hands(do="report")["rows"] == 3
            machine.hands(do="pause")
            watched.wait(DeviceState.NEEDS_PERSON)
            machine.hands(do="clear")
            watched.wait(DeviceState.READY)
    facts = PhysicalLedger(tmp_path / f"{model}-ink.jsonl").facts
    there, form = struck(facts), wanted(marked(ROWS))
    assert [char for _, _, char in there] == [char for _, _, char in form]
