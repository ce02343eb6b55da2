"""The T5040's documents: the book that was read must be the book that is printed on, edges, the stripe, the store."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.contracts import DeviceState, OutcomeKind, PreparedJob, SlipJob, StripeReading
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.fault import Faults
from devices.link.serial_port import SerialLink, SerialSettings
from devices.simulators.ledger import PhysicalLedger
from devices.simulators.process import SimulatorProcess
from devices.simulators.t5040 import T5040Simulator
from devices.supervised import SupervisedStripeWriter
from devices.wire import t5040 as wire
from tests.devices.book_printing import GLYPHS, code_of, struck, wanted
from tests.devices.pages.printing import SLIP_FIELDS, forms
from tests.devices.rig import Never, ScriptedMachine, StopAfter, Watched, row
from tests.devices.test_passbook_printer import ROWS, Printing

ACCOUNT, OTHER = "9017002010004821735", "9017002010004829999"
CHANGED = DeviceErrorCode.DOCUMENT_CHANGED


@pytest.fixture
def printing(tmp_path: Path) -> Printing:
    return Printing(T5040Simulator(tmp_path, {})).identified()


def read(printing: Printing) -> StripeReading | DeviceError:
    found: StripeReading | DeviceError = printing.driver.read_stripe(printing.progress.append, Never())
    return found


# --- the book that was read -----------------------------------------------------------------------------------


def swap(printing: Printing) -> None:
    printing.bench.hands(do="remove_book")
    printing.bench.hands(do="insert_book", book="book-2", stripe=OTHER)


def take_out(printing: Printing) -> None:
    printing.bench.hands(do="remove_book")


def lid(printing: Printing) -> None:
    """Under an open lid a book can be changed without a sensor that tells."""
    printing.bench.hands(do="lid", open=True)
    printing.bench.hands(do="lid", open=False)


def power(printing: Printing) -> None:
    printing.bench.hands(do="power_cycle")


def cable(printing: Printing) -> None:
    """What was said while the line was out was not heard."""
    printing.driver.attach(printing.bench)


@pytest.mark.parametrize("what", [swap, take_out, lid, power, cable])
@pytest.mark.parametrize("heard_while_idle", [False, True])
def test_a_book_changed_after_it_was_read_is_not_printed_on(
    printing: Printing, what: Callable[[Printing], None], heard_while_idle: bool
) -> None:
    printing.insert(stripe=ACCOUNT)
    assert read(printing) == StripeReading(ACCOUNT, 1)
    what(printing)
    if heard_while_idle:
        printing.driver.idle()
    job = printing.prepare()
    printing.bench.after(20.0, lambda: printing.bench.hands(do="insert_book", book="book-2", stripe=OTHER))
    outcome = printing.execute(job)
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (OutcomeKind.NOT_DONE, 0, CHANGED)
    assert job.payload not in printing.bench.written
    printing.bench.read(60.0)
    assert printing.inked == 0


def test_no_other_book_is_asked_for_and_reading_anew_lets_the_job_go_on(printing: Printing) -> None:
    printing.insert(stripe=ACCOUNT)
    read(printing)
    take_out(printing)
    began = printing.bench.now
    assert code_of(printing.execute()) is CHANGED
    assert printing.bench.now - began < 2.0, "it does not wait for a book"
    assert code_of(printing.execute()) is CHANGED, "and goes on refusing until the stripe is read"
    printing.bench.after(5.0, lambda: printing.insert(stripe=ACCOUNT))
    assert read(printing) == StripeReading(ACCOUNT, 1)
    assert printing.execute().kind is OutcomeKind.DONE
    assert printing.inked == len(ROWS)


def test_the_book_that_stays_is_printed_on_and_the_next_one_is_asked_for_as_ever(printing: Printing) -> None:
    printing.insert(stripe=ACCOUNT)
    read(printing)
    printing.bench.read(30.0)
    assert printing.driver.idle() is DeviceState.READY
    assert printing.execute().kind is OutcomeKind.DONE
    printing.bench.after(10.0, lambda: printing.insert(page=2))
    assert printing.execute(printing.prepare(job_id="job-2")).kind is OutcomeKind.DONE
    assert printing.inked == 2 * len(ROWS)


@pytest.mark.parametrize(("removed", "kind"), [(False, OutcomeKind.NOT_DONE), (True, OutcomeKind.DONE)])
def test_a_slips_line_never_lands_on_the_book_that_was_read(
    printing: Printing, removed: bool, kind: OutcomeKind
) -> None:
    printing.insert(stripe=ACCOUNT)
    read(printing)
    if removed:
        take_out(printing)
        printing.bench.hands(do="insert_book", book="slip-1")
    from_shelf = slip_job(printing)
    outcome = printing.driver.execute(from_shelf, printing.progress.append, Never())
    assert outcome.kind is kind
    assert printing.inked == int(removed)


def slip_job(printing: Printing) -> PreparedJob:
    """A slip's line, prepared by a driver that has the slip's form."""
    driver = T5040Printer("printer-1", printing.bench.clock, forms(), GLYPHS)
    job = driver.prepare_slip(SlipJob("slip-1", "slip_validation", SLIP_FIELDS))
    assert isinstance(job, PreparedJob)
    return job


def test_another_book_in_the_middle_of_the_rows_is_unknown(printing: Printing) -> None:
    """The printer asks for a document when its own was pulled, and goes on with whatever comes."""
    printing.insert()
    printing.bench.after(0.6, lambda: printing.bench.hands(do="remove_book"))
    printing.bench.after(5.0, lambda: printing.bench.hands(do="insert_book", book="book-2"))
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, CHANGED)
    assert 0 < outcome.units_proved < len(ROWS)


# --- edges ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("menu", ["0", "1"])
def test_places_count_from_the_left_edge_whatever_the_menu_says(tmp_path: Path, menu: str) -> None:
    printing = Printing(T5040Simulator(tmp_path, {"leading_edge": menu})).identified()
    printing.insert(width_mm=150.0)
    assert printing.execute().kind is OutcomeKind.DONE
    there = struck(PhysicalLedger(tmp_path / "t5040-ink.jsonl").facts)
    for (x, _, _), (at, _, _) in zip(there[:8], wanted((ROWS[0],))[:8], strict=True):
        assert abs(x - at) <= 1.5001


@pytest.mark.parametrize("size", [{"width_mm": 100.0}, {"height_mm": 25.0}])
@pytest.mark.parametrize("automatic", [True, False])
def test_a_book_too_small_for_the_row_is_unknown_and_handled_as_set(
    printing: Printing, size: dict[str, float], automatic: bool
) -> None:
    """Identifying set the automatic handling; a power cycle makes it manual again."""
    if not automatic:
        printing.bench.hands(do="power_cycle")
    printing.insert(**size)
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT)
    report = printing.report()
    assert (report["book"] is None, report["automatic"]) == (automatic, automatic)
    fault = DeviceError(DeviceErrorCode.DEVICE_FAULT)
    assert printing.driver.idle() == (DeviceState.READY if automatic else fault)
    printing.bench.hands(do="insert_book", book="book-2")
    printing.bench.read(30.0)
    assert printing.inked <= 1, "nothing of the job comes out on the next book"


@pytest.mark.parametrize(
    ("commands", "y"),
    [
        (wire.absolute_position_top(421), 421),
        (wire.absolute_position_bottom(421), 1276 - 421),
        (wire.absolute_position_top(421) + wire.move_back(36), 385),
        (wire.insert(), 90),
    ],
)
def test_the_machine_takes_positions_from_either_edge(tmp_path: Path, commands: bytes, y: int) -> None:
    """180 mm are 1276/180 inch; the first line after inserting is 30/60 inch down (§2.2, §2.4)."""
    machine = T5040Simulator(tmp_path, {})
    machine.hands({"do": "insert_book", "book": "book-1", "width_mm": 150.0, "height_mm": 180.0})
    machine.receive(commands + b"07" + wire.control_point(7), 0.0)
    assert machine.pending(0.0).endswith(b"\x1b[7!t")
    assert [at for _, at, _ in struck(PhysicalLedger(tmp_path / "t5040-ink.jsonl").facts)] == [y, y]


@pytest.mark.parametrize(
    "commands",
    [
        wire.command(b"!p", 0) + b"07",
        wire.command(b'"p', 0) + b"07",
        wire.absolute_position_top(10) + wire.move_back(36) + b"07",
        wire.eject(),
    ],
)
def test_printing_outside_the_document_is_an_error(tmp_path: Path, commands: bytes) -> None:
    """An eject leaves the position outside: a first one must be sent before printing (§2.2)."""
    machine = T5040Simulator(tmp_path, {})
    machine.hands({"do": "insert_book", "book": "book-1"})
    machine.receive(commands, 0.0)
    machine.pending(0.0)
    machine.hands({"do": "insert_book", "book": "book-1"})
    machine.receive(b"07" + wire.control_point(7), 1.0)
    assert b"\x1b[7!t" not in machine.pending(1.0)
    assert machine.hands({"do": "report"})["status"] == 2


# --- the stripe -----------------------------------------------------------------------------------------------


def test_a_stripe_is_rewritten_read_back_and_then_read(printing: Printing, tmp_path: Path) -> None:
    printing.insert(stripe=ACCOUNT)
    read(printing)
    outcome = printing.driver.write_stripe(ACCOUNT + ":07", printing.progress.append, Never())
    assert (outcome.kind, outcome.units_proved, outcome.evidence) == (OutcomeKind.DONE, 1, "read back")
    assert read(printing) == StripeReading(ACCOUNT + ":07", 1)
    facts = PhysicalLedger(tmp_path / "t5040-ink.jsonl").facts
    assert [fact["text"] for fact in facts if fact["fact"] == "stripe"] == [ACCOUNT + ":07"]
    assert printing.execute().kind is OutcomeKind.DONE, "and the book is still the one that was read"


def test_a_stripe_is_erased_and_a_control_point_says_so(printing: Printing) -> None:
    printing.insert(stripe=ACCOUNT)
    outcome = printing.driver.erase_stripe(printing.progress.append, Never())
    assert (outcome.kind, outcome.evidence) == (OutcomeKind.DONE, "carried out")
    reading = read(printing)
    assert isinstance(reading, DeviceError)
    assert dict(reading.details) == {"stripe": "3", "means": "no data found"}


@pytest.mark.parametrize("text", ["", "12?34", "=12", "12A", "12\x03", "存", "1 2"])
def test_what_cannot_stand_on_a_stripe_is_refused_before_anything_leaves(
    printing: Printing, text: str
) -> None:
    printing.insert(stripe=ACCOUNT)
    before = printing.bench.written
    outcome = printing.driver.write_stripe(text, printing.progress.append, Never())
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.UNSUPPORTED)
    assert printing.bench.written == before


@pytest.mark.parametrize(
    ("number", "means"),
    [
        (1, "LRC"),
        (2, "parity"),
        (3, "no data found"),
        (4, "no start character"),
        (5, "flux spacing wrong"),
        (6, "no end character"),
        (7, "track interruption"),
    ],
)
def test_each_error_of_the_stripe_is_named_read_or_written(
    printing: Printing, number: int, means: str
) -> None:
    printing.insert(stripe=ACCOUNT)
    printing.bench.hands(do="stripe_fault", code=number)
    fault = DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", str(number)), ("means", means)))
    assert read(printing) == fault
    outcome = printing.driver.write_stripe("90", printing.progress.append, Never())
    assert (outcome.kind, outcome.error) == (OutcomeKind.UNKNOWN, fault)


def test_a_stripe_that_only_reads_back_the_second_time_is_done(printing: Printing) -> None:
    printing.insert(stripe=ACCOUNT)
    printing.bench.hands(do="stripe_fault", code=1, times=1)
    outcome = printing.driver.write_stripe("90", printing.progress.append, Never())
    assert outcome.kind is OutcomeKind.DONE
    assert read(printing) == StripeReading("90", 1)


def test_no_book_for_the_recording_is_not_done_and_records_on_no_later_one(printing: Printing) -> None:
    outcome = printing.driver.write_stripe("90", printing.progress.append, StopAfter(printing.bench, 5.0))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.CANCELLED)
    printing.insert(stripe=ACCOUNT)
    printing.bench.read(60.0)
    assert printing.report()["book"]["stripe"] == ACCOUNT


def test_a_book_changed_after_it_was_read_gets_no_stripe(printing: Printing) -> None:
    printing.insert(stripe=ACCOUNT)
    read(printing)
    swap(printing)
    outcome = printing.driver.write_stripe("90", printing.progress.append, Never())
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, CHANGED)
    assert printing.report()["book"]["stripe"] == OTHER


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (b"\x1b[1;0#r", OutcomeKind.DONE, None),
        (b"\x1b[2;9#r", OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT),
        (b"\x1b[2!z", OutcomeKind.UNKNOWN, DeviceErrorCode.DEVICE_FAULT),
        (b"", OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT),
        (b"\x1b[1!z\x1b[0!z\x1b[1;0#r", OutcomeKind.DONE, None),
    ],
)
def test_a_recording_is_done_only_by_its_own_answer(
    answer: bytes, kind: OutcomeKind, code: DeviceErrorCode | None
) -> None:
    machine = Printing(ScriptedMachine(b'\x1b[992"t', answer))
    outcome = machine.driver.write_stripe("90", machine.progress.append, Never())
    assert (outcome.kind, code_of(outcome)) == (kind, code)


def test_a_recording_whose_answer_is_lost_is_unknown(printing: Printing) -> None:
    printing.insert(stripe=ACCOUNT)
    printing.bench.hands(do="silent")
    outcome = printing.driver.write_stripe("90", printing.progress.append, Never())
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)
    assert printing.report()["book"]["stripe"] == "90"


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_line_cut_in_a_recording_is_unknown(tmp_path: Path, share: float) -> None:
    faults = Faults()
    printing = Printing(T5040Simulator(tmp_path, {}), faults).identified()
    printing.insert(stripe=ACCOUNT)
    size = len(wire.stripe_parameters(1, 1) + wire.write_stripe(b"=90?"))
    faults.cut_after_written = len(wire.request_width()) + int(size * share)
    outcome = printing.driver.write_stripe("90", printing.progress.append, Never())
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.LINK_LOST)


# --- messages -------------------------------------------------------------------------------------------------


def test_the_store_keeps_thirty_messages_and_loses_the_next(tmp_path: Path) -> None:
    machine = T5040Simulator(tmp_path, {})
    machine.hands({"do": "host_holds"})
    machine.receive(b"".join(wire.control_point(number) for number in range(1, 36)), 0.0)
    assert machine.pending(0.0) == b""
    machine.hands({"do": "host_holds", "on": False})
    kept = wire.T5040Decoder().receive(machine.pending(0.0))
    assert kept == tuple(wire.ControlPoint(number, second=False) for number in range(1, 31))


def test_control_point_two_and_the_keys_of_two_tellers(tmp_path: Path) -> None:
    machine = T5040Simulator(tmp_path, {})
    machine.hands({"do": "key", "number": 1})
    machine.receive(wire.control_point_2(12) + wire.dual_station(2), 0.0)
    said = machine.pending(0.0)
    machine.hands({"do": "key", "number": 2})
    said += machine.pending(0.0)
    assert wire.T5040Decoder().receive(said) == (
        wire.ControlPoint(12, second=True),
        wire.SpecialMessage(20, 2),
    )


@pytest.mark.parametrize("stopped", [False, True])
def test_a_break_is_answered_and_empties_the_buffer_only_online(tmp_path: Path, stopped: bool) -> None:
    machine = T5040Simulator(tmp_path, {})
    machine.hands({"do": "insert_book", "book": "book-1"})
    machine.pending(0.0)
    machine.receive(wire.absolute_position_top(100) + b"07" + wire.control_point(7), 0.0)
    machine.hands({"do": "lid", "open": stopped})
    machine.hands({"do": "send_break"})
    said = wire.T5040Decoder().receive(machine.pending(0.0))
    assert wire.UnitParameters((0, 4, 94, 1, 1, 0, 1, 5040, 0)) in said
    machine.hands({"do": "lid", "open": False})
    machine.pending(1.0)
    assert machine.hands({"do": "report"})["rows"] == int(stopped)


def test_a_row_prints_whatever_pitch_was_left_on(printing: Printing, tmp_path: Path) -> None:
    printing.bench.write(wire.pitch(15), 1.0)
    printing.insert()
    assert printing.execute(printing.prepare((row(3),))).kind is OutcomeKind.DONE
    facts = PhysicalLedger(tmp_path / "t5040-ink.jsonl").facts
    assert {strike.get("cell", 18) for fact in facts for strike in fact["strikes"]} == {18}


def test_a_stripe_is_recorded_through_a_supervised_printer_on_a_real_line(tmp_path: Path) -> None:
    with SimulatorProcess("t5040", tmp_path, options={"speed": "0"}) as machine:
        driver = T5040Printer("printer-1", time.monotonic, forms(), GLYPHS)
        with Watched(driver, lambda: SerialLink(machine.port, SerialSettings())) as watched:
            watched.wait(DeviceState.READY)
            machine.hands(do="insert_book", book="book-1", stripe=ACCOUNT)
            writer = SupervisedStripeWriter(driver, watched.worker)
            assert writer.write_stripe("90:07", lambda seen: None, Never()).kind is OutcomeKind.DONE
            assert machine.hands(do="report")["book"]["stripe"] == "90:07"
            watched.worker.stop()
            stopped = writer.write_stripe("91", lambda seen: None, Never())
            assert stopped.kind is OutcomeKind.NOT_DONE
