"""The passbook printer's driver: what it believes about ink, against what its simulated machine's ledger says."""

from __future__ import annotations

import hashlib
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
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.fault import Faults
from devices.simulators.t5040 import T5040Simulator
from tests.devices.book_printing import GLYPHS, BookPrinting, code_of
from tests.devices.rig import Never, ScriptedMachine, StopAfter, row

ROWS = (row(3), row(4, "取款", "-200.00"), row(5, "存款", "+1,550.00"))


class Printing(BookPrinting):
    """A printer that was identified, with its driver, on one bench."""

    def __init__(self, machine: Any, faults: Faults | None = None) -> None:
        super().__init__(machine, T5040Printer, faults)

    def identified(self) -> Printing:
        assert self.driver.identify() == DeviceIdentity(IdentityKind.MODEL, "T5040/5040")
        return self

    def insert(self, **more: Any) -> None:
        """A book goes in, once the one before it was ejected."""
        self.bench.read(1.0)
        super().insert(**more)

    def prepare(
        self, rows: tuple[PassbookRow, ...] = ROWS, job_id: str = "job-1", training: bool = False
    ) -> PreparedJob:
        return super().prepare(rows, job_id, training)


@pytest.fixture
def printing(tmp_path: Path) -> Printing:
    return Printing(T5040Simulator(tmp_path, {})).identified()


# --- preparing ------------------------------------------------------------------------------------------------


def test_preparing_is_pure_and_tells_its_bytes_digest_and_proofs(printing: Printing) -> None:
    before = printing.bench.written
    job, again = printing.prepare(), printing.prepare()
    assert job == again
    assert printing.bench.written == before
    assert job.digest == hashlib.sha256(job.payload).hexdigest()
    assert (job.page, job.first_line, len(job.unit_proofs)) == (1, 3, 3)
    for end, proof in zip(job.unit_ends, job.unit_proofs, strict=True):
        assert job.payload[:end].endswith(f"\x1b[{proof}!t".encode())
    assert job.payload.endswith(b"!t\x0c")
    assert printing.prepare(job_id="job-2").unit_proofs != job.unit_proofs


def test_training_is_marked_on_every_row(printing: Printing) -> None:
    live, training = (
        printing.driver.prepare(PassbookJob("job-1", "passbook_24", 1, ROWS, training=mode))
        for mode in (False, True)
    )
    assert isinstance(live, PreparedJob)
    assert isinstance(training, PreparedJob)
    mark = GLYPHS.columns("培训无效")
    assert isinstance(mark, bytes)
    assert training.payload.count(mark) == len(ROWS)
    assert mark not in live.payload


# --- printing -------------------------------------------------------------------------------------------------


def test_every_row_is_proved_by_its_own_control_point(printing: Printing) -> None:
    printing.insert()
    job = printing.prepare()
    outcome = printing.execute(job)
    assert outcome == Outcome(
        OutcomeKind.DONE, 3, f"control points {job.unit_proofs[0]}-{job.unit_proofs[-1]}"
    )
    assert printing.inked == 3
    assert printing.overprints == 0
    proved = [seen.rows_proved for seen in printing.progress]
    assert sorted(set(proved)) == [0, 1, 2, 3]
    assert printing.bench.written.count(job.payload) == 1


def test_no_book_is_asked_for_and_stop_then_leaves_nothing_to_print(printing: Printing) -> None:
    outcome = printing.execute(stop=StopAfter(printing.bench, 5.0))
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (
        OutcomeKind.NOT_DONE, 0, DeviceErrorCode.CANCELLED,
    )  # fmt: skip
    assert printing.progress[-1] == PrintProgress(0, needs_document=True)
    assert printing.driver.resync() is None
    assert printing.driver.idle() == DeviceError(DeviceErrorCode.STOPPED)
    printing.insert()
    printing.bench.read(60.0)
    assert printing.inked == 0, "a job called off must not print when a book comes later"


def test_after_a_stop_the_next_job_waits_for_the_book_and_prints_once(printing: Printing) -> None:
    printing.execute(stop=StopAfter(printing.bench, 5.0))
    printing.bench.after(30.0, printing.insert)
    outcome = printing.execute(printing.prepare(job_id="job-2"))
    assert outcome.kind is OutcomeKind.DONE
    assert printing.inked == 3


def test_a_book_that_comes_in_time_is_printed(printing: Printing) -> None:
    printing.bench.after(40.0, printing.insert)
    outcome = printing.execute()
    assert outcome.kind is OutcomeKind.DONE
    assert PrintProgress(0, needs_document=True) in printing.progress
    assert printing.inked == 3


def test_no_book_for_two_minutes_is_a_timeout_with_nothing_sent(printing: Printing) -> None:
    job = printing.prepare()
    outcome = printing.execute(job)
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)
    assert job.payload not in printing.bench.written


@pytest.mark.parametrize(("lands", "inked"), [(True, 1), (False, 0)])
def test_silence_after_the_line_was_sent_is_unknown_whatever_landed(
    printing: Printing, lands: bool, inked: int
) -> None:
    printing.insert()
    printing.bench.hands(do="silent", ink=lands)
    job = printing.prepare()
    outcome = printing.execute(job)
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (
        OutcomeKind.UNKNOWN, 0, DeviceErrorCode.TIMEOUT,
    )  # fmt: skip
    assert printing.inked >= inked
    assert printing.bench.written.count(job.payload) == 1


def test_a_jam_leaves_the_proved_rows_proved_and_the_rest_unknown(printing: Printing) -> None:
    printing.insert()
    printing.bench.hands(do="jam", after_rows=2)
    outcome = printing.execute()
    assert (outcome.kind, outcome.units_proved, code_of(outcome)) == (
        OutcomeKind.UNKNOWN, 2, DeviceErrorCode.DEVICE_FAULT,
    )  # fmt: skip


def test_a_printer_in_error_gets_nothing(printing: Printing) -> None:
    printing.insert()
    printing.bench.hands(do="jam", after_rows=0)
    assert printing.execute().kind is OutcomeKind.UNKNOWN
    assert printing.driver.idle() == DeviceError(DeviceErrorCode.DEVICE_FAULT)
    job = printing.prepare(job_id="job-2")
    outcome = printing.execute(job)
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.DEVICE_FAULT)
    assert job.payload not in printing.bench.written


def test_a_power_cycle_in_the_middle_is_seen_and_unknown(printing: Printing) -> None:
    printing.insert()
    printing.bench.after(0.6, lambda: printing.bench.hands(do="power_cycle"))
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.RESTARTED)
    assert outcome.units_proved <= printing.inked < 3


def test_an_open_lid_is_waited_for_and_no_row_is_lost(printing: Printing) -> None:
    printing.insert()
    printing.bench.after(0.3, lambda: printing.bench.hands(do="lid", open=True))
    printing.bench.after(60.0, lambda: printing.bench.hands(do="lid", open=False))
    assert printing.execute().kind is OutcomeKind.DONE
    assert printing.inked == 3


def test_stop_while_rows_print_cannot_call_them_back(printing: Printing) -> None:
    printing.insert()
    outcome = printing.execute(stop=StopAfter(printing.bench, 0.6))
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.CANCELLED)
    assert outcome.units_proved < 3


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_line_cut_anywhere_in_the_job_is_never_a_wrong_belief(tmp_path: Path, share: float) -> None:
    faults = Faults()
    printing = Printing(T5040Simulator(tmp_path, {}), faults).identified()
    printing.insert()
    job = printing.prepare()
    faults.cut_after_written = len(b'\x1b["t') + int(share * len(job.payload))
    outcome = printing.execute(job)
    printing.bench.read(30.0)
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.LINK_LOST)
    assert outcome.units_proved <= printing.inked
    assert printing.inked < 3


def test_a_cable_pulled_before_anything_left_is_not_done(printing: Printing) -> None:
    printing.insert()
    printing.bench.host.pull()
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.LINK_LOST)


def test_a_cable_pulled_while_rows_print_keeps_what_was_proved(printing: Printing) -> None:
    printing.insert()
    printing.bench.after(0.7, printing.bench.host.pull)
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.UNKNOWN, DeviceErrorCode.LINK_LOST)
    assert 0 < outcome.units_proved <= printing.inked


def test_a_machine_that_does_not_answer_gets_no_row(printing: Printing) -> None:
    silent = Printing(ScriptedMachine())
    outcome = silent.execute()
    assert (outcome.kind, code_of(outcome)) == (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)
    assert silent.bench.written == b'\x1b["t'
    assert silent.driver.identify() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "unit parameters"),))


# --- what other machines than ours might say -----------------------------------------------------------------


def after_the_book(*said: str) -> Outcome:
    """A machine with a book in, that says this when the rows are sent; ``{1}`` is row 1's control point."""
    printing = Printing(ScriptedMachine(b'\x1b[992"t'))
    job = printing.prepare(ROWS[:2])
    script = "".join(said).format("", *job.unit_proofs).replace("CSI", "\x1b[")
    assert isinstance(printing.bench.simulator, ScriptedMachine)
    printing.bench.simulator.answers.append(script.encode("latin-1"))
    return printing.execute(job)


@pytest.mark.parametrize(
    ("said", "kind", "proved"),
    [
        (("CSI{1}!t", "CSI{2}!t"), OutcomeKind.DONE, 2),
        (("CSI{1}!t", "CSI{2}!t", "CSI2!z"), OutcomeKind.DONE, 2),
        (("CSI1!z", "CSI{1}!t", "CSI0!z", "CSI{2}!t"), OutcomeKind.UNKNOWN, 1),
        (("CSI1!z", "CSI0!z", "CSI{1}!t", "CSI{2}!t"), OutcomeKind.DONE, 2),
        (("CSI{2}!t", "CSI{1}!t"), OutcomeKind.UNKNOWN, 1),
        (("CSI{1}!t", "CSI{1}!t"), OutcomeKind.UNKNOWN, 1),
        (("CSI{1})t", "CSI{2})t"), OutcomeKind.UNKNOWN, 0),
        (("CSI42!t", "CSI43!t"), OutcomeKind.UNKNOWN, 0),
        (("CSI{1}!t", "CSI2!z", "CSI{2}!t"), OutcomeKind.UNKNOWN, 1),
        (("CSI0!z", "CSI{1}!t", "CSI{2}!t"), OutcomeKind.UNKNOWN, 0),
        (("noise", "CSI{1}!t", "noise", "CSI{2}!t"), OutcomeKind.DONE, 2),
    ],
)
def test_only_the_next_rows_own_control_point_proves_it(
    said: tuple[str, ...], kind: OutcomeKind, proved: int
) -> None:
    outcome = after_the_book(*said)
    assert (outcome.kind, outcome.units_proved) == (kind, proved)


def test_a_late_proof_of_an_earlier_job_is_not_taken_for_this_one(tmp_path: Path) -> None:
    """The width answer comes behind everything earlier, so control points before it are dropped."""
    printing = Printing(ScriptedMachine())
    job = printing.prepare()
    late = "".join(f"\x1b[{proof}!t" for proof in job.unit_proofs).encode()
    assert isinstance(printing.bench.simulator, ScriptedMachine)
    printing.bench.simulator.answers += [late + b'\x1b[992"t', b""]
    outcome = printing.execute(job)
    assert (outcome.kind, outcome.units_proved) == (OutcomeKind.UNKNOWN, 0)


def test_what_lies_ready_before_the_job_proves_nothing() -> None:
    printing = Printing(ScriptedMachine())
    job = printing.prepare()
    printing.bench.hands(say="".join(f"\x1b[{proof}!t" for proof in job.unit_proofs).encode())
    assert printing.driver.resync() is not None
    assert printing.driver.late == 3
    printing.bench.hands(say=b'\x1b[992"t')
    assert printing.execute(job).kind is OutcomeKind.NOT_DONE


# --- overprint ------------------------------------------------------------------------------------------------


def test_printing_the_same_lines_twice_is_found_as_overprint(printing: Printing) -> None:
    printing.insert()
    assert printing.execute().kind is OutcomeKind.DONE
    assert printing.overprints == 0
    printing.insert()
    assert printing.execute(printing.prepare(job_id="job-2")).kind is OutcomeKind.DONE
    assert printing.overprints == 3


@pytest.mark.parametrize(
    ("second", "page", "found"),
    [
        ((row(6),), 1, 0),
        ((row(3),), 2, 0),
        ((row(3, operator="0319"),), 1, 1),
        ((PassbookRow(3, {"mark": "x"}),), 1, 0),
    ],
)
def test_overprint_is_two_texts_on_one_place_of_one_page(
    printing: Printing, second: tuple[PassbookRow, ...], page: int, found: int
) -> None:
    printing.insert()
    printing.execute()
    printing.insert(page=page)
    assert printing.execute(printing.prepare(second, "job-2")).kind is OutcomeKind.DONE
    assert printing.overprints == found


def test_a_full_page_of_training_lines_prints_without_overprint(printing: Printing) -> None:
    job = printing.driver.prepare(
        PassbookJob("job-1", "passbook_24", 1, tuple(row(line) for line in range(1, 25)), training=True)
    )
    assert isinstance(job, PreparedJob)
    printing.insert()
    assert printing.execute(job).units_proved == 24
    assert printing.overprints == 0


# --- stripe, idling -------------------------------------------------------------------------------------------


def test_the_stripe_is_read_and_the_book_asked_for(printing: Printing) -> None:
    printing.bench.after(5.0, lambda: printing.insert(stripe="9017002010004821735"))
    seen: list[object] = []
    reading = printing.driver.read_stripe(seen.append, Never())
    assert reading == StripeReading("9017002010004821735", 1)
    assert seen == [PrintProgress(0, needs_document=True)]


def test_an_empty_stripe_is_a_fault_with_its_number(printing: Printing) -> None:
    printing.insert()
    reading = printing.driver.read_stripe(lambda seen: None, Never())
    assert reading == DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", "3"), ("means", "no data found")))


def test_a_stripe_read_before_is_not_taken_for_this_books(printing: Printing) -> None:
    machine = Printing(ScriptedMachine())
    machine.bench.hands(say=b'\x1b[1;2;1;0"r\x02=9017?\x03')
    reading = machine.driver.read_stripe(lambda seen: None, StopAfter(machine.bench, 1.0))
    assert reading == DeviceError(DeviceErrorCode.CANCELLED)


def test_no_book_for_the_stripe_is_a_timeout(printing: Printing) -> None:
    reading = printing.driver.read_stripe(lambda seen: None, Never())
    assert reading == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "read stripe"),))


def test_idling_tells_a_closed_from_an_open_lid(printing: Printing) -> None:
    assert printing.driver.idle() is DeviceState.READY
    printing.bench.hands(do="lid", open=True)
    assert printing.driver.idle() == DeviceError(DeviceErrorCode.STOPPED)
    printing.bench.hands(do="lid", open=False)
    assert printing.driver.idle() is DeviceState.READY
