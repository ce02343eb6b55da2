"""The text-ticket counter on the bench and on a real line: a ticket that adds up is money, anything else is
evidence."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import (
    DeviceIdentity,
    DeviceKind,
    DeviceState,
    IdentityKind,
    NoteBatch,
    NoteRow,
)
from devices.drivers import ticket as driver_module
from devices.drivers.ticket import FOLDER, TicketCounter, read_pattern
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.factory import link_for
from devices.link.fault import FaultLink, Faults
from devices.link.serial_port import SerialSettings
from devices.registry import ManifestFlaw, load_manifests
from devices.simulators import ticket as simulator_module
from devices.simulators.process import SimulatorProcess
from devices.simulators.ticket import TicketSimulator
from devices.single_machine import NoPort, driver_of, open_machine
from devices.supervised import SupervisedNoteCounter
from devices.wire.ticket import TicketPattern
from devices.wire.ticket_pattern import TicketFlaw
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter, Watched
from tests.devices.test_ticket_wire import CHINESE

HEAP: list[Any] = [[100, 18], [50, 4], [10, 2]]
AMOUNT = 202000
TICKET_BYTES = 420
"""At least the bytes of one printed ticket: where a flipped bit may fall."""


class Counting:
    """A counter and its driver on one bench."""

    def __init__(self, directory: Path, faults: Faults | None = None) -> None:
        self.bench = Bench(TicketSimulator(directory, {}))
        self.driver = TicketCounter("counter-1", self.bench.clock)
        self.driver.attach(FaultLink(self.bench, faults) if faults else self.bench)
        assert self.driver.identify() == DeviceIdentity(IdentityKind.NONE)
        self.progress: list[object] = []

    def load(self, notes: list[Any]) -> None:
        self.bench.hands(do="load", notes=notes, rate_per_minute=1200)

    def answer(self, stop: Any = None) -> NoteBatch | DeviceError:
        return self.driver.count("open-1", self.progress.append, stop or Never())

    def count(self, stop: Any = None) -> NoteBatch:
        batch = self.answer(stop)
        assert isinstance(batch, NoteBatch), batch
        return batch


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    return Counting(tmp_path)


def code_of(batch: NoteBatch) -> DeviceErrorCode:
    """Why a batch is no money."""
    assert not batch.complete
    assert batch.error is not None
    return batch.error.code


def test_a_heap_is_the_ticket_that_adds_up(counting: Counting) -> None:
    counting.load([*HEAP, {"denomination": 100, "reject": 6}])
    batch = counting.count()
    assert batch.complete
    assert batch.error is None
    assert batch.rows == (NoteRow(10000, 18), NoteRow(5000, 4), NoteRow(1000, 2))
    assert (batch.total_minor, batch.pieces, batch.rejected_pieces) == (AMOUNT, 24, 1)
    assert (batch.currency, batch.serials) == ("CNY", ())
    assert batch.batch_id == f"open-1-1-{batch.frames_digest[:16]}"
    assert counting.bench.written == b"", "a printer port is never spoken to"
    assert counting.progress


def test_a_person_may_take_their_time_before_the_heap(counting: Counting) -> None:
    counting.bench.after(60.0, lambda: counting.load([[50, 2]]))
    assert counting.count().total_minor == 10000


def test_the_digest_is_over_every_line_of_the_ticket(counting: Counting) -> None:
    counting.load([[50, 2]])
    digest = counting.count().frames_digest
    lines = [
        "\x1b@CASH COUNT 000001", "-" * 32, *(f"{unit:6d} x     0 =              0.00" for unit in (100, 20, 10, 5, 1)),
        "-" * 32, "TOTAL     2            100.00", "REJECTED     0", "END OF COUNT",
    ]  # fmt: skip
    lines.insert(3, "    50 x     2 =            100.00")
    whole = "".join(line + "\n" for line in lines).encode()
    assert digest == hashlib.sha256(whole).hexdigest()


def test_lines_of_the_old_line_are_forgotten_on_a_new_one(counting: Counting) -> None:
    counting.load([[50, 2]])
    while len(counting.driver._waiting) < 4:
        counting.bench.now += 0.05
        counting.driver.idle()
    counting.driver.attach(counting.bench)
    assert code_of(counting.count()) is DeviceErrorCode.BATCH_INCOMPLETE, "its first lines are gone"


def test_no_serial_numbers_are_promised() -> None:
    assert not TicketCounter.capabilities.reads_serial_numbers
    assert not TicketCounter.capabilities.reads_status


@pytest.mark.parametrize(
    ("fault", "at", "code"),
    [
        ("wrong_total", 1, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 1, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 3, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 10, DeviceErrorCode.BATCH_INCOMPLETE),
        ("drop", 11, DeviceErrorCode.BATCH_INCOMPLETE),
        ("duplicate", 3, DeviceErrorCode.BATCH_INCOMPLETE),
        ("duplicate", 11, DeviceErrorCode.BATCH_INCOMPLETE),
        ("garble", 4, DeviceErrorCode.BAD_FRAME),
        ("garble", 11, DeviceErrorCode.BAD_FRAME),
        ("drop", 12, DeviceErrorCode.TIMEOUT),
        ("never_ends", 1, DeviceErrorCode.TIMEOUT),
        ("silent", 5, DeviceErrorCode.TIMEOUT),
    ],
)
def test_a_ticket_with_a_flaw_is_evidence_and_never_money(
    counting: Counting, fault: str, at: int, code: DeviceErrorCode
) -> None:
    counting.bench.hands(do="fault", kind=fault, at=at)
    counting.load(HEAP)
    assert code_of(counting.count()) is code


def test_after_a_flaw_the_rest_is_dropped_and_the_recount_is_good(counting: Counting) -> None:
    counting.bench.hands(do="fault", kind="garble", at=4)
    counting.load(HEAP)
    first = counting.count()
    assert counting.driver.resync() is None
    assert counting.driver.unasked_lines > 5
    counting.load(HEAP)
    second = counting.count()
    assert not first.complete
    assert (second.complete, second.total_minor) == (True, AMOUNT)
    assert first.batch_id != second.batch_id


@pytest.mark.parametrize("at", range(0, TICKET_BYTES, 7))
def test_one_bit_lost_on_the_line_never_makes_other_money(tmp_path: Path, at: int) -> None:
    counting = Counting(tmp_path, Faults(flip_bit_at=at))
    counting.load(HEAP)
    batch = counting.answer(StopAfter(counting.bench, 30.0))
    if isinstance(batch, NoteBatch) and batch.complete:
        assert (batch.total_minor, batch.pieces) == (AMOUNT, 24)


def test_a_ticket_printed_while_nobody_asked_is_the_next_batch(counting: Counting) -> None:
    counting.load([[50, 2]])
    for _ in range(20):
        counting.bench.now += 0.1
        assert counting.driver.idle() is DeviceState.READY
    assert counting.count().total_minor == 10000


def test_lines_that_nobody_asks_for_are_not_kept_for_ever() -> None:
    bench = Bench(ScriptedMachine())
    driver = TicketCounter("counter-1", bench.clock)
    driver.attach(bench)
    bench.hands(say=b"10 x 1 = 10.00\n" * (driver_module.MAX_WAITING + 1))
    while not driver.unasked_lines:
        driver.idle()
    assert driver.unasked_lines > driver_module.MAX_WAITING
    assert not driver._waiting


def test_a_heap_put_in_while_a_ticket_prints_has_a_ticket_of_its_own(counting: Counting) -> None:
    counting.load([[50, 2]])
    counting.bench.after(0.25, lambda: counting.load([[20, 1]]))
    assert [counting.count().total_minor for _ in range(2)] == [10000, 2000]


def test_the_same_heap_counted_twice_has_two_ids(counting: Counting) -> None:
    ids = set()
    for _ in range(2):
        counting.load(HEAP)
        ids.add(counting.count().batch_id)
    assert len(ids) == 2


def test_stop_ends_a_wait_but_not_a_ticket_that_prints(counting: Counting) -> None:
    assert counting.answer(StopAfter(counting.bench, 3.0)) == DeviceError(DeviceErrorCode.CANCELLED)
    counting.load([[50, 2]])
    batch = counting.count(StopAfter(counting.bench, 0.2))
    assert (batch.complete, batch.total_minor) == (True, 10000)


def test_stop_ends_a_ticket_that_hangs_as_incomplete(counting: Counting) -> None:
    counting.bench.hands(do="fault", kind="silent", at=5)
    counting.load([[50, 2]])
    started = counting.bench.now
    assert code_of(counting.count(StopAfter(counting.bench, 1.0))) is DeviceErrorCode.CANCELLED
    assert counting.bench.now - started < 2.0


def test_a_pulled_cable_leaves_a_partial_ticket_as_evidence(counting: Counting) -> None:
    counting.load([[50, 2]])
    counting.bench.after(0.3, counting.bench.host.pull)
    assert code_of(counting.count()) is DeviceErrorCode.LINK_LOST


def test_a_cable_pulled_before_the_ticket_is_a_lost_link(counting: Counting) -> None:
    counting.bench.after(0.2, counting.bench.host.pull)
    with pytest.raises(LinkLost):
        counting.count()


def test_a_driver_without_a_link_says_so() -> None:
    with pytest.raises(LinkLost, match="not attached"):
        TicketCounter("counter-1", time.monotonic).idle()


# --- branch IT's own pattern --------------------------------------------------------------------------------


def test_another_machines_ticket_is_read_by_its_own_pattern(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        'ticket = "ours"\nencoding = "gb18030"\ncurrency = "CNY"\ndenominations = ["100"]\n'
        'start = ["点钞结果"]\nrow = ["{denomination}元 {pieces}张"]\ntotal = ["合计 {amount}元"]\n'
        'sample = "点钞结果\\n100元 3张\\n合计 300元"\nsample_total = "300"\n',
        encoding="utf-8",
    )
    pattern = read_pattern("ours", tmp_path)
    assert isinstance(pattern, TicketPattern), pattern
    bench = Bench(ScriptedMachine())
    driver = TicketCounter("counter-1", bench.clock, pattern)
    driver.attach(bench)
    bench.hands(say="点钞结果\r\n100元  7张\r\n合计 700.00元\r\n".encode("gb18030"))
    batch = driver.count("open-1", lambda seen: None, Never())
    assert isinstance(batch, NoteBatch)
    assert (batch.complete, batch.rows) == (True, (NoteRow(10000, 7),))


def test_a_pattern_that_is_not_there_or_no_text_is_a_flaw(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    for name in ("none", "bytes"):
        flaw = read_pattern(name, tmp_path)
        assert isinstance(flaw, TicketFlaw)
        assert str(flaw).startswith(f"{name}.toml: cannot be read")


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_shipped_pattern_reads_its_own_sample(name: str) -> None:
    pattern = read_pattern(name)
    assert isinstance(pattern, TicketPattern), pattern
    assert pattern.ticket == name


def test_a_broken_example_stops_the_driver_with_its_flaw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver_module, "read_pattern", lambda name: TicketFlaw("example.toml", "gone"))
    with pytest.raises(ValueError, match=r"example\.toml: gone"):
        TicketCounter("counter-1", time.monotonic)


def test_the_manifest_names_it_unverified_and_no_brand() -> None:
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw), models
    model = models["ticket"]
    assert model.driver_class() is TicketCounter
    assert model.simulator_class() is TicketSimulator
    assert model.kind is DeviceKind.NOTE_COUNTER
    assert "unverified" in model.model
    assert "未经验证" in model.notes["zh"]


# --- a real line --------------------------------------------------------------------------------------------


def test_the_machine_writes_down_where_each_note_went(tmp_path: Path) -> None:
    machine = TicketSimulator(tmp_path, {"speed": "0"})
    machine.hands(
        {"do": "load", "notes": [[100, 1], {"denomination": 50, "reject": 6}], "rate_per_minute": 0}
    )
    said = machine.pending(1.0)
    assert said.startswith(b"\x1b@CASH COUNT 000001\r\n")
    ending = b"TOTAL     1            100.00\r\nREJECTED     1\r\nEND OF COUNT\r\n"
    assert said.endswith(ending)
    assert machine.next_due(1.0) is None
    facts = [json.loads(line) for line in (tmp_path / "ticket-notes.jsonl").read_bytes().splitlines()]
    assert facts == [{"fact": "batch", "notes": [[100, 0], [50, 6]], "pieces": 1, "amount": 100}]
    assert machine.hands({"do": "report"})["rejected"] == 1
    assert machine.hands({"do": "take"})["stacked"] == 0


@pytest.mark.parametrize("tcp", [False, True], ids=["pty", "tcp"])
def test_a_heap_is_counted_on_a_real_line(tmp_path: Path, tcp: bool) -> None:
    def counted(act: Callable[[], object]) -> NoteBatch:
        act()
        batch = counter.count("open-1", lambda seen: None, Never())
        assert isinstance(batch, NoteBatch), batch
        return batch

    with SimulatorProcess("ticket", tmp_path, tcp, {"speed": "0"}) as machine:
        driver = TicketCounter("counter-1", time.monotonic)
        with Watched(driver, lambda: link_for(machine.port, SerialSettings(9600))) as watched:
            watched.wait(DeviceState.READY)
            counter = SupervisedNoteCounter(driver, watched.worker)
            load = {"do": "load", "notes": [[100, 180], [50, 40]], "rate_per_minute": 0}
            good = counted(lambda: machine.hands(**load))
            assert (good.complete, good.total_minor) == (True, 2_000_000)
            machine.hands(do="fault", kind="garble", at=4)
            assert not counted(lambda: machine.hands(**load)).complete
            watched.wait(DeviceState.READY)
            assert counted(lambda: machine.hands(**load)).total_minor == 2_000_000


def test_another_ticket_is_another_model_and_one_line_of_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch's own pattern: the driver reads by it and the simulator prints by it, down to the encoding."""
    (tmp_path / "ours.toml").write_text(CHINESE, encoding="utf-8")
    monkeypatch.setattr(driver_module, "read_pattern", lambda name: read_pattern(name, tmp_path))
    monkeypatch.setattr(simulator_module, "TICKETS", tmp_path)
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw)
    ours = replace(models["ticket"], name="ours", options={"pattern": "ours"})
    bench = Bench(ours.simulator_class()(tmp_path, ours.simulator_options({"rate_per_minute": "60000"})))
    driver = driver_of(ours, bench.clock)
    driver.attach(bench)
    bench.after(0.5, lambda: bench.hands(do="load", notes=[[100, 3]]))
    batch = driver.count("open-1", lambda seen: None, Never())
    assert (batch.complete, batch.total_minor, batch.pieces) == (True, 30_000, 3), batch
    assert driver.pattern.ticket == "ours"


def test_a_model_whose_ticket_has_a_flaw_is_refused_before_its_port_is_opened() -> None:
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw)
    ours = replace(models["ticket"], options={"pattern": "not-there"})
    found = open_machine(ours, link_for("/dev/not-there", ours.line))
    assert isinstance(found, NoPort)
    assert "ticket cannot be driven: not-there.toml" in str(found)
