"""The note counter's driver: a good heap is money, anything else is evidence and demands a recount."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import CountProgress, DeviceIdentity, DeviceState, IdentityKind, NoteBatch, NoteRow
from devices.drivers.aa55 import Aa55Counter
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.fault import FaultLink, Faults
from devices.simulators.aa55 import Aa55Simulator
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter

HEAP: list[Any] = [[100, 18], [50, 4], [10, 2]]
AMOUNT = 18 * 10000 + 4 * 5000 + 2 * 1000


class Counting:
    """A counter that greeted its driver, both on one bench."""

    def __init__(self, directory: Path, faults: Faults | None = None) -> None:
        self.bench = Bench(Aa55Simulator(directory, {}))
        self.driver = Aa55Counter("counter-1", self.bench.clock)
        self.driver.attach(FaultLink(self.bench, faults) if faults else self.bench)
        assert self.driver.identify() == DeviceIdentity(IdentityKind.NONE)
        self.progress: list[object] = []

    def load(self, notes: list[Any], rate: int = 1200) -> None:
        self.bench.hands(do="load", notes=notes, rate_per_minute=rate)

    def count(self, stop: Any = None) -> NoteBatch:
        batch = self.driver.count("open-1", self.progress.append, stop or Never())
        assert isinstance(batch, NoteBatch)
        return batch


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    return Counting(tmp_path)


def code_of(batch: NoteBatch) -> DeviceErrorCode:
    """Why a batch is no money."""
    assert not batch.complete
    assert batch.error is not None
    return batch.error.code


def test_a_good_heap_is_counted_as_it_lies(counting: Counting) -> None:
    counting.load(HEAP)
    batch = counting.count()
    assert batch.complete
    assert batch.error is None
    assert batch.rows == (NoteRow(10000, 18), NoteRow(5000, 4), NoteRow(1000, 2))
    assert (batch.total_minor, batch.pieces, batch.rejected_pieces) == (AMOUNT, 24, 0)
    assert batch.currency == "CNY"
    assert len({serial.text for serial in batch.serials}) == 24
    assert batch.batch_id == f"open-1-1-{batch.frames_digest[:16]}"
    assert counting.progress[-1] != CountProgress(0, 0, 0)
    assert len(counting.progress) <= 24 * 2


def test_a_rejected_note_is_told_with_its_code_and_is_no_money(counting: Counting) -> None:
    counting.load([[100, 2], {"denomination": 100, "reject": 6}, [50, 1]])
    batch = counting.count()
    assert batch.complete
    assert (batch.total_minor, batch.rejected_pieces, batch.reject_codes) == (25000, 1, (6,))


@pytest.mark.parametrize(
    ("fault", "at", "code"),
    [
        ("bad_checksum", 5, DeviceErrorCode.BAD_FRAME),
        ("bad_checksum", 26, DeviceErrorCode.BAD_FRAME),
        ("duplicate", 5, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 5, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 1, DeviceErrorCode.BATCH_INCOMPLETE),
        ("bad_checksum", 1, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 26, DeviceErrorCode.TIMEOUT),
        ("silent", 10, DeviceErrorCode.TIMEOUT),
    ],
)
def test_a_batch_with_a_flaw_is_evidence_and_never_money(
    counting: Counting, fault: str, at: int, code: DeviceErrorCode
) -> None:
    counting.bench.hands(do="fault", kind=fault, at=at)
    counting.load(HEAP)
    assert code_of(counting.count()) is code


@pytest.mark.parametrize("at", range(60, 25 * 48, 41))
def test_one_bit_lost_on_the_line_never_makes_money(tmp_path: Path, at: int) -> None:
    counting = Counting(tmp_path, Faults(flip_bit_at=at))
    counting.load(HEAP)
    assert not counting.count().complete


def test_after_a_flaw_the_late_frames_are_dropped_and_the_recount_is_good(counting: Counting) -> None:
    counting.bench.hands(do="fault", kind="bad_checksum", at=5)
    counting.load(HEAP)
    first = counting.count()
    assert counting.driver.resync() is None
    assert counting.driver.unasked_frames > 15
    counting.load(HEAP)
    second = counting.count()
    assert not first.complete
    assert second.complete
    assert second.total_minor == AMOUNT
    assert first.batch_id != second.batch_id


def test_a_heap_run_while_nobody_asked_is_the_next_batch(counting: Counting) -> None:
    counting.load([[50, 2]])
    for _ in range(10):
        counting.bench.now += 0.1
        assert counting.driver.idle() is DeviceState.READY
    assert counting.count().total_minor == 10000


def test_the_same_heap_counted_twice_has_two_ids(counting: Counting) -> None:
    counting.load(HEAP)
    first = counting.count()
    counting.load(HEAP)
    assert counting.count().batch_id != first.batch_id


def test_stop_ends_a_wait_but_not_a_heap_that_runs(counting: Counting) -> None:
    answer = counting.driver.count("open-1", counting.progress.append, StopAfter(counting.bench, 3.0))
    assert answer == DeviceError(DeviceErrorCode.CANCELLED)
    counting.load(HEAP)
    batch = counting.count(StopAfter(counting.bench, 0.4))
    assert batch.complete
    assert batch.total_minor == AMOUNT


def test_stop_ends_a_pause_in_the_middle_as_incomplete(counting: Counting) -> None:
    counting.bench.hands(do="fault", kind="silent", at=10)
    counting.load(HEAP)
    started = counting.bench.now
    assert code_of(counting.count(StopAfter(counting.bench, 1.0))) is DeviceErrorCode.CANCELLED
    assert counting.bench.now - started < 2.0


def test_a_pulled_cable_leaves_a_partial_batch_as_evidence(counting: Counting) -> None:
    counting.load(HEAP)
    counting.bench.after(0.6, counting.bench.host.pull)
    batch = counting.count()
    assert code_of(batch) is DeviceErrorCode.LINK_LOST
    assert 0 < batch.pieces < 24


def test_a_cable_pulled_before_the_heap_is_a_lost_link(counting: Counting) -> None:
    counting.bench.after(0.2, counting.bench.host.pull)
    with pytest.raises(LinkLost):
        counting.count()


def test_nobody_there_is_a_timeout(tmp_path: Path) -> None:
    bench = Bench(ScriptedMachine())
    driver = Aa55Counter("counter-1", bench.clock)
    driver.attach(bench)
    assert driver.identify() == DeviceError(DeviceErrorCode.TIMEOUT, (("command", "handshake"),))
    assert bench.written == bytes.fromhex("AA 55 03 00 01 00 00 01 A5 5A") * 3


# --- frames no simulated counter sends by itself ------------------------------------------------------------


def frame(
    status: int, pieces: int = 0, unit: int = 0, amount: int = 0, error: int = 0, money: bytes = b"CNY"
) -> bytes:
    """A count frame by the published layout."""
    body = b"\x01\x01" + struct.pack(
        "<IIQ4s11s5sBBB", pieces, unit, amount, money, b"", b"", error, status, 0
    )
    return b"\xaa\x55" + struct.pack("<H", len(body)) + body + bytes([sum(body) % 256]) + b"\xa5\x5a"


START, PAUSE = frame(0), frame(4)
ONE = frame(1, 1, 100, 100)
TWO = frame(1, 2, 50, 150)
END, FULL = frame(2, 2, 0, 150), frame(3, 2, 0, 150)


def said(stream: bytes, stop: Any = None) -> NoteBatch | DeviceError:
    """What the driver makes of a stream that lies ready."""
    bench = Bench(ScriptedMachine())
    driver = Aa55Counter("counter-1", bench.clock)
    driver.attach(bench)
    bench.hands(say=stream)
    return driver.count("open-1", lambda seen: None, stop(bench) if stop else Never())


def batch_of(stream: bytes) -> NoteBatch:
    found = said(stream)
    assert isinstance(found, NoteBatch)
    return found


@pytest.mark.parametrize(
    "stream",
    [
        START + ONE + TWO + END,
        START + ONE + PAUSE + TWO + END,
        START + START + ONE + TWO + END,
        START + ONE + TWO + FULL + END,
        END + START + ONE + TWO + END,
        bytes.fromhex("AA 55 03 00 01 00 00 01 A5 5A")
        + START
        + ONE
        + bytes.fromhex("AA5503000100 0001A55A")
        + TWO
        + END,
    ],
)
def test_a_sound_run_is_money(stream: bytes) -> None:
    assert batch_of(stream).complete
    assert batch_of(stream).total_minor == 15000


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (START + ONE + frame(2, 1, 0, 100, error=7), DeviceErrorCode.BATCH_ERROR_CODE),
        (START + ONE + frame(4, 1, 0, 100, error=7), DeviceErrorCode.BATCH_ERROR_CODE),
        (START + ONE + frame(2, 2, 0, 150), DeviceErrorCode.BATCH_INCOMPLETE),
        (START + ONE + frame(2, 1, 0, 200), DeviceErrorCode.BATCH_INCOMPLETE),
        (START + ONE + START + ONE + TWO + END, DeviceErrorCode.BATCH_INCOMPLETE),
        (START + frame(1, 0, 0, 0, error=6) + START + frame(2), DeviceErrorCode.BATCH_INCOMPLETE),
        (ONE + TWO + END, DeviceErrorCode.BATCH_INCOMPLETE),
        (frame(1, 0, 0, 0, error=6) + frame(2), DeviceErrorCode.BATCH_INCOMPLETE),
        (START + ONE + frame(1, 2, 50, 150, money=b"USD"), DeviceErrorCode.BATCH_INCOMPLETE),
        (START + frame(1, 1, 30, 30), DeviceErrorCode.BATCH_INCOMPLETE),
        (START + ONE + frame(9, 1, 0, 100), DeviceErrorCode.BAD_FRAME),
        (START + ONE + b"\0" + TWO + END, DeviceErrorCode.BAD_FRAME),
        (START + ONE + PAUSE, DeviceErrorCode.TIMEOUT),
    ],
)
def test_an_unsound_run_is_never_money(stream: bytes, code: DeviceErrorCode) -> None:
    assert code_of(batch_of(stream)) is code


def test_a_full_stacker_waits_for_a_person_and_stop_ends_it_as_incomplete() -> None:
    found = said(START + ONE + TWO + FULL, lambda bench: StopAfter(bench, 60.0))
    assert isinstance(found, NoteBatch)
    assert code_of(found) is DeviceErrorCode.CANCELLED
    assert found.stacker_full


def test_frames_behind_the_end_stay_for_the_next_batch() -> None:
    bench = Bench(ScriptedMachine())
    driver = Aa55Counter("counter-1", bench.clock)
    driver.attach(bench)
    bench.hands(say=START + ONE + TWO + END + START + frame(1, 1, 20, 20) + frame(2, 1, 0, 20))
    totals = []
    for _ in range(2):
        batch = driver.count("open-1", lambda seen: None, Never())
        assert isinstance(batch, NoteBatch)
        totals.append((batch.complete, batch.total_minor))
    assert totals == [(True, 15000), (True, 2000)]


def test_frames_nobody_wants_are_forgotten_before_they_fill_the_memory() -> None:
    bench = Bench(ScriptedMachine())
    driver = Aa55Counter("counter-1", bench.clock)
    driver.attach(bench)
    for _ in range(11):
        bench.hands(say=(START + frame(2)) * 250)
        assert driver.idle() is DeviceState.READY
    assert driver.unasked_frames == 5500


def test_a_heap_put_in_while_it_comes_back_into_step_is_not_lost(counting: Counting) -> None:
    """What is left of the broken heap is late; a session that starts meanwhile is the next person's whole heap."""
    counting.bench.hands(do="fault", kind="drop", at=3)
    counting.load(HEAP)
    assert not counting.count().complete
    counting.bench.after(1.25, lambda: counting.load(HEAP))
    assert counting.driver.resync() is None
    assert counting.driver.unasked_frames > 0
    batch = counting.count()
    assert batch.complete
    assert (batch.total_minor, batch.pieces) == (AMOUNT, 24)
