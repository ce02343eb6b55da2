"""The PR2's driver against its simulated machine: what unverified answers are worth, and what verified ones are."""

from __future__ import annotations

import functools
import hashlib
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

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
    StripeReading,
)
from devices.drivers.pr2 import TABLES, Pr2Printer, StatusTables, load_tables
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.fault import Faults
from devices.link.serial_port import SerialLink, SerialSettings
from devices.simulators.pr2 import Pr2Simulator
from devices.simulators.process import SimulatorProcess
from devices.supervised import SupervisedPassbookPrinter
from devices.wire import pr2 as wire
from tests.devices.book_printing import (
    GLYPHS,
    PAGE,
    ROWS,
    BookPrinting,
    code_of,
    ink,
    struck,
    wanted,
)
from tests.devices.rig import FORM, Never, ScriptedMachine, StopAfter, Watched, row

SHIPPED = TABLES.read_text(encoding="utf-8")
VERIFIED = load_tables(SHIPPED.replace("\nverified = false", "\nverified = true"))
LEDGER = "pr2-ink.jsonl"
READY, FAULT = 0x7E, 0x7B
NO_BOOK, ON_STAND, PRINTING = 0x6F, 0x5F, 0x3F


class Printing(BookPrinting):
    """A printer that was identified, with its driver, on one bench."""

    def __init__(
        self, machine: Any, tables: StatusTables | None = None, faults: Faults | None = None
    ) -> None:
        super().__init__(machine, functools.partial(Pr2Printer, tables=tables), faults)

    def identified(self) -> Printing:
        assert self.driver.identify() == DeviceIdentity(IdentityKind.MODEL, "PR2/7")
        return self


@pytest.fixture
def printing(tmp_path: Path) -> Printing:
    return Printing(Pr2Simulator(tmp_path, {})).identified()


@pytest.fixture
def trusted(tmp_path: Path) -> Printing:
    """The same printer, had somebody verified its tables."""
    return Printing(Pr2Simulator(tmp_path, {}), VERIFIED).identified()


# --- the tables -----------------------------------------------------------------------------------------------


def test_the_shipped_tables_say_that_nobody_verified_them() -> None:
    data = tomllib.loads(SHIPPED)
    assert [data[name]["verified"] for name in ("general", "position")] == [False, False]
    seen = [row["code"] for name in data for row in data[name]["row"] if row["source"] != "invented"]
    assert seen == [0x71], "only the failed recording was seen in a source (S1 p.204)"
    driver = Pr2Printer("printer-1", lambda: 0.0, {}, GLYPHS)
    assert not driver.capabilities.proves_print
    assert Pr2Printer("printer-1", lambda: 0.0, {}, GLYPHS, VERIFIED).capabilities.proves_print


@pytest.mark.parametrize("name", ["general", "position"])
def test_one_turned_bit_of_a_code_is_never_another_meaning(name: str) -> None:
    codes = {row["code"] for row in tomllib.loads(SHIPPED)[name]["row"]}
    assert not {code ^ 1 << bit for code in codes for bit in range(8)} & codes


# --- preparing ------------------------------------------------------------------------------------------------


def test_preparing_is_pure_and_every_row_ends_in_a_question(printing: Printing) -> None:
    before = printing.bench.written
    job = printing.prepare()
    assert job == printing.prepare()
    assert printing.bench.written == before
    assert job.digest == hashlib.sha256(job.payload).hexdigest()
    assert all(job.payload[:end].endswith(b"\r\x1b B") for end in job.unit_ends)
    assert job.payload[job.unit_ends[-1] :] == b"\x1bO\x1bj"
    assert len(job.unit_proofs) == len(job.unit_ends) == 3


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((row(1, "$1.00"),), DeviceErrorCode.GLYPH_MISSING),
        ((row(1, "存#"),), DeviceErrorCode.GLYPH_MISSING),
    ],
)
def test_what_its_fonts_lack_is_refused_before_ink_never_guessed(
    printing: Printing, rows: tuple[PassbookRow, ...], code: DeviceErrorCode
) -> None:
    found = printing.driver.prepare(PassbookJob("job-1", "passbook_24", 1, rows))
    assert isinstance(found, DeviceError)
    assert found.code is code


# --- printing -------------------------------------------------------------------------------------------------


def test_a_whole_page_lands_within_half_a_step_of_where_the_form_places_it(
    printing: Printing, tmp_path: Path
) -> None:
    """Its steps are 1/120 inch across and 1/240 inch down: 0.75 and 0.375 of a form's unit."""
    printing.insert()
    job = printing.prepare(PAGE, training=True)
    printing.execute(job)
    there = struck(ink(tmp_path / LEDGER))
    form = [one for page_row in PAGE for one in wanted((row(page_row.line, mark="培训无效"),))]
    assert [char for _, _, char in there] == [char for _, _, char in form]
    assert max(abs(one[0] - place[0]) for one, place in zip(there, form, strict=True)) <= 0.7501
    assert max(abs(one[1] - place[1]) for one, place in zip(there, form, strict=True)) <= 0.3751
    assert (printing.report()["rows"], printing.report()["overprints"]) == (24, 0)
    assert printing.bench.written.count(job.payload) == 1


def test_good_answers_of_an_unverified_table_leave_the_print_unknown(printing: Printing) -> None:
    printing.insert()
    outcome = printing.execute()
    assert outcome == Outcome(OutcomeKind.UNKNOWN, 0, "3 of 3 rows answered, by an unverified status table")
    assert printing.report()["rows"] == 3
    assert printing.report()["book"] is None
    assert {seen.rows_proved for seen in printing.progress} == {0}


def test_with_verified_tables_the_same_answers_are_proof(trusted: Printing) -> None:
    trusted.insert()
    assert trusted.execute() == Outcome(OutcomeKind.DONE, 3, "3 of 3 rows answered")
    assert trusted.report()["rows"] == 3


def test_printing_the_same_lines_twice_is_found_as_overprint(printing: Printing) -> None:
    for found in (0, 3):
        printing.insert()
        printing.execute()
        assert printing.report()["overprints"] == found


def test_no_book_is_asked_for_and_a_book_that_comes_in_time_is_printed(printing: Printing) -> None:
    printing.bench.after(40.0, printing.insert)
    assert printing.execute().error is None
    assert PrintProgress(0, needs_document=True) in printing.progress
    assert printing.progress[-1] == PrintProgress(0, needs_document=False)
    assert printing.report()["rows"] == 3


@pytest.mark.parametrize(
    ("stop", "code"), [(400.0, DeviceErrorCode.TIMEOUT), (5.0, DeviceErrorCode.CANCELLED)]
)
def test_no_book_leaves_nothing_to_print_later(
    printing: Printing, stop: float, code: DeviceErrorCode
) -> None:
    job = printing.prepare()
    outcome = printing.execute(job, StopAfter(printing.bench, stop))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, code)
    assert job.payload not in printing.bench.written
    printing.insert()
    printing.bench.read(60.0)
    assert printing.report()["rows"] == 0


def test_any_code_but_the_one_for_ready_sends_nothing_and_is_shown(printing: Printing) -> None:
    printing.insert()
    job = printing.prepare()
    for code in set(range(256)) - {READY, 0x1B}:
        printing.bench.hands(do="code", code=code)
        outcome = printing.execute(job)
        assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.DEVICE_FAULT)
        assert outcome.error is not None
        assert dict(outcome.error.details)["raw"] == f"{code:02X}h"
    assert job.payload not in printing.bench.written


@pytest.mark.parametrize("machine", ["printing", "trusted"])
def test_a_jam_is_unknown_and_stays_latched_until_reset(request: pytest.FixtureRequest, machine: str) -> None:
    printer: Printing = request.getfixturevalue(machine)
    printer.insert()
    printer.bench.hands(do="jam", after_rows=1)
    outcome = printer.execute()
    assert (outcome.kind, outcome.units_proved) == (OutcomeKind.UNKNOWN, 0)
    assert code_of(outcome) is not None
    fault = (("raw", "7Bh"), ("means", "fault"))
    assert printer.driver.idle() == DeviceError(DeviceErrorCode.DEVICE_FAULT, fault)
    assert printer.driver.resync() is None
    assert printer.driver.idle() is DeviceState.READY


@pytest.mark.parametrize(("lands", "inked"), [(True, 3), (False, 0)])
def test_silence_after_the_rows_were_sent_is_unknown_whatever_landed(
    trusted: Printing, lands: bool, inked: int
) -> None:
    trusted.insert()

    def fall_silent(seen: object) -> None:
        """The moment before the rows leave."""
        trusted.bench.hands(do="silent", ink=lands)

    outcome = trusted.driver.execute(trusted.prepare(), fall_silent, Never())
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (
        OutcomeKind.UNKNOWN, 0, DeviceErrorCode.TIMEOUT,
    )  # fmt: skip
    assert trusted.report()["rows"] == inked


def test_stop_while_rows_print_cannot_call_them_back(trusted: Printing) -> None:
    trusted.insert()
    outcome = trusted.execute(stop=StopAfter(trusted.bench, 0.6))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.CANCELLED)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_line_cut_anywhere_in_the_job_is_unknown(tmp_path: Path, share: float) -> None:
    faults = Faults()
    printing = Printing(Pr2Simulator(tmp_path, {}), VERIFIED, faults).identified()
    printing.insert()
    job = printing.prepare()
    faults.cut_after_written = len(b"\x1bj\x1b B") + int(share * len(job.payload))
    outcome = printing.execute(job)
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (
        OutcomeKind.UNKNOWN, 0, DeviceErrorCode.LINK_LOST,
    )  # fmt: skip


def test_a_job_cut_in_the_middle_of_a_command_spoils_no_ink_of_the_next(tmp_path: Path) -> None:
    """Cut at every byte of a row, connected again, and a line further down printed: that line is what it should be."""
    printing = Printing(Pr2Simulator(tmp_path, {}), VERIFIED).identified()
    cut_job, rows = printing.prepare((row(3),)), (row(9),)
    next_job = printing.prepare(rows)
    for size in range(1, cut_job.unit_ends[0]):
        printing.insert(page=size)
        printing.bench.write(cut_job.payload[:size], 1.0)
        printing.bench.read(2.0)
        printing.identified()
        outcome = printing.execute(next_job)
        assert outcome.kind is OutcomeKind.DONE, size
        page = struck([fact for fact in ink(tmp_path / LEDGER) if fact["page"] == size])
        places, others = wanted(rows), wanted((row(3),))
        line = [one for one in page if abs(one[1] - places[0][1]) <= 0.3751]
        assert [char for _, _, char in line] == [char for _, _, char in places], size
        assert all(abs(one[1] - others[0][1]) <= 0.3751 for one in page if one not in line), size


def test_a_cable_pulled_before_anything_left_is_not_done(printing: Printing) -> None:
    printing.insert()
    printing.bench.host.pull()
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.LINK_LOST)


# --- what other machines than ours might say ------------------------------------------------------------------


def says(general: int | None = None, position: int | None = None, device: bytes = b"5") -> bytes:
    """A status answer, a document answer, or both."""
    first = b"" if general is None else b"\x1br" + bytes([general])
    return first + (b"" if position is None else b"\x1bB" + device + bytes([position]) + b"\x1bZ")


ROW = says(position=PRINTING)


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (ROW + ROW + says(READY), OutcomeKind.DONE, None),
        (b"noise" + ROW + ROW + says(READY), OutcomeKind.UNKNOWN, DeviceErrorCode.BAD_FRAME),
        (ROW + says(READY), OutcomeKind.UNKNOWN, DeviceErrorCode.BAD_FRAME),
        (ROW * 3 + says(READY), OutcomeKind.UNKNOWN, DeviceErrorCode.BAD_FRAME),
        (ROW + ROW + says(FAULT), OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT),
        (ROW + ROW + says(0x30), OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT),
        (ROW + says(position=ON_STAND), OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT),
        (ROW + says(position=PRINTING, device=b"4"), OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT),
        (ROW + ROW, OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT),
        (b"", OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT),
    ],
)
def test_rows_are_proved_by_their_answers_in_their_order_or_not_at_all(
    said: bytes, kind: OutcomeKind, code: DeviceErrorCode | None
) -> None:
    machine = ScriptedMachine(says(READY), says(position=ON_STAND), said)
    printing = Printing(machine, VERIFIED)
    outcome = printing.execute(printing.prepare(ROWS[:2]))
    assert (outcome.kind, code_of(outcome)) == (kind, code)
    assert outcome.units_proved == (2 if kind is OutcomeKind.DONE else 0)


@pytest.mark.parametrize(
    "answers",
    [
        (b"",),
        (says(READY), b""),
        (says(READY), says(position=0x30)),
        (says(READY), says(position=ON_STAND, device=b"4")),
    ],
)
def test_a_machine_that_does_not_answer_like_one_of_ours_gets_no_row(answers: tuple[bytes, ...]) -> None:
    machine = ScriptedMachine(*answers)
    printing = Printing(machine, VERIFIED)
    job = printing.prepare()
    assert printing.execute(job).kind is OutcomeKind.NOT_DONE
    assert job.payload not in b"".join(machine.heard)


def test_late_answers_of_before_the_job_prove_nothing() -> None:
    late = ROW * 2 + says(READY)
    printing = Printing(ScriptedMachine(late + says(READY), late + says(position=ON_STAND), b""), VERIFIED)
    printing.bench.hands(say=late)
    outcome = printing.execute(printing.prepare(ROWS[:2]))
    assert outcome.kind is not OutcomeKind.DONE


# --- the rest of its life -------------------------------------------------------------------------------------


def test_identifying_declares_the_tallest_pages_length_and_moves_nothing(printing: Printing) -> None:
    """180 mm are 42.5 lines of 1/6 inch, so 43."""
    assert printing.bench.written == wire.CLEAR + b"\x1bZ\x1bn\x1b&40\x1bQ043\x1bZ\x1bl"
    assert printing.report()["length"] == 43 * 600
    assert printing.driver.idle() is DeviceState.READY


def test_a_book_on_the_stand_refuses_the_set_up_and_the_refusal_does_not_stay(tmp_path: Path) -> None:
    machine = Pr2Simulator(tmp_path, {})
    machine.hands({"do": "insert_book", "book": "book-1"})
    printing = Printing(machine).identified()
    assert printing.driver.idle() is DeviceState.READY
    assert printing.execute().error is None
    assert printing.report()["rows"] == 3


def test_a_silent_line_is_not_identified(tmp_path: Path) -> None:
    printing = Printing(ScriptedMachine())
    timeout = DeviceError(DeviceErrorCode.TIMEOUT, (("command", "primary identification"),))
    assert printing.driver.identify() == timeout
    assert printing.bench.written == wire.CLEAR + b"\x1bZ\x1bZ", (
        "nothing is set up before the printer said who it is"
    )
    assert printing.driver.idle() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
    assert printing.driver.resync() == timeout


def test_the_stripe_is_read_and_the_book_asked_for(printing: Printing) -> None:
    printing.bench.after(5.0, lambda: printing.insert(stripe="9017002010004821735"))
    reading = printing.driver.read_stripe(printing.progress.append, Never())
    assert reading == StripeReading("9017002010004821735", 1)
    assert PrintProgress(0, needs_document=True) in printing.progress


def test_a_book_changed_after_its_stripe_was_read_gets_no_row(printing: Printing) -> None:
    """Nor does the next one that comes in, until its stripe is read."""
    printing.bench.hands(do="insert_book", book="book-1", stripe="9017002010004821735")
    assert isinstance(printing.driver.read_stripe(printing.progress.append, Never()), StripeReading)
    printing.bench.hands(do="remove_book")
    printing.bench.hands(do="insert_book", book="book-2", stripe="9017002010004829999")
    for _ in range(2):
        outcome = printing.execute()
        assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.DOCUMENT_CHANGED)
    printing.bench.read(60.0)
    assert printing.inked == 0
    assert isinstance(printing.driver.read_stripe(printing.progress.append, Never()), StripeReading)
    printing.execute()
    assert printing.inked == len(ROWS)


def test_a_line_that_was_out_voids_the_reading_and_a_slip_never_goes_to_the_book(printing: Printing) -> None:
    printing.bench.hands(do="insert_book", book="book-1", stripe="9017002010004821735")
    printing.driver.read_stripe(printing.progress.append, Never())
    slip = replace(printing.prepare(), slip=True)
    assert code_of(printing.execute(slip)) is DeviceErrorCode.DOCUMENT_CHANGED
    printing.driver.attach(printing.bench)
    assert code_of(printing.execute()) is DeviceErrorCode.DOCUMENT_CHANGED
    assert printing.inked == 0


def test_an_empty_stripe_is_a_fault_and_a_stop_is_heeded(printing: Printing) -> None:
    stopped = printing.driver.read_stripe(printing.progress.append, StopAfter(printing.bench, 1.0))
    assert stopped == DeviceError(DeviceErrorCode.CANCELLED)
    printing.insert()
    reading = printing.driver.read_stripe(printing.progress.append, Never())
    assert reading == DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", "unreadable"),))


@pytest.mark.parametrize(
    ("machine", "kind", "proved"),
    [("printing", OutcomeKind.UNKNOWN, 0), ("trusted", OutcomeKind.DONE, 1)],
)
def test_a_stripe_is_recorded_and_believed_as_far_as_the_tables_are(
    request: pytest.FixtureRequest, machine: str, kind: OutcomeKind, proved: int
) -> None:
    printer: Printing = request.getfixturevalue(machine)
    printer.insert(stripe="9017")
    outcome = printer.driver.write_stripe("9017:07", printer.progress.append, Never())
    assert (outcome.kind, outcome.units_proved, outcome.error) == (kind, proved, None)
    reading = printer.driver.read_stripe(printer.progress.append, Never())
    assert reading == StripeReading("9017:07", 1)


def test_a_recording_that_does_not_verify_is_unknown_and_says_the_one_code_that_was_seen(
    trusted: Printing,
) -> None:
    trusted.insert(stripe="9017")
    trusted.bench.hands(do="stripe_fault")
    outcome = trusted.driver.write_stripe("9017:07", trusted.progress.append, Never())
    assert outcome.kind is OutcomeKind.UNKNOWN
    fault = (("raw", "71h"), ("means", "stripe_error"))
    assert outcome.error == DeviceError(DeviceErrorCode.DEVICE_FAULT, fault)


@pytest.mark.parametrize("text", ["", "存", "\x1d", "\x7f"])
def test_what_cannot_be_recorded_or_finds_no_book_is_not_done(trusted: Printing, text: str) -> None:
    wrong = trusted.driver.write_stripe(text, trusted.progress.append, Never())
    assert (wrong.kind, code_of(wrong)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.UNSUPPORTED)
    stopped = trusted.driver.write_stripe("90", trusted.progress.append, StopAfter(trusted.bench, 3.0))
    assert (stopped.kind, code_of(stopped)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.CANCELLED)
    assert b"\x1b\\" not in trusted.bench.written


def test_rows_reach_the_page_over_a_real_line(tmp_path: Path) -> None:
    with SimulatorProcess("pr2", tmp_path, options={"speed": "0"}) as machine:
        driver = Pr2Printer("printer-1", time.monotonic, {"passbook_24": FORM}, GLYPHS)
        with Watched(driver, lambda: SerialLink(machine.port, SerialSettings())) as watched:
            watched.wait(DeviceState.READY)
            printer = SupervisedPassbookPrinter(driver, watched.worker)
            machine.hands(do="insert_book", book="book-1", stripe="9017")
            assert printer.read_stripe(lambda seen: None, Never()) == StripeReading("9017", 1)
            job = printer.prepare(PassbookJob("job-1", "passbook_24", 1, ROWS, training=True))
            assert isinstance(job, PreparedJob)
            outcome = printer.execute(job, lambda seen: None, Never())
            assert (outcome.kind, outcome.error) == (OutcomeKind.UNKNOWN, None)
            assert machine.hands(do="report")["rows"] == 3
            machine.hands(do="code", code=0x30)
            watched.wait(DeviceState.NEEDS_PERSON)
            watched.wait(DeviceState.READY)
    assert [char for _, _, char in struck(ink(tmp_path / LEDGER))].count("训") == 3
