"""Drivers on workers over real lines, a pty or a TCP port, each simulated machine in its own process."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from devices import worker as worker_module
from devices.contracts import (
    DeviceIdentity,
    DeviceState,
    IdentityKind,
    NoteBatch,
    NoteClass,
    NoteReading,
    OutcomeKind,
    PassbookJob,
    PreparedJob,
    ReceiptJob,
    ReceiptLine,
)
from devices.drivers.aa55 import Aa55Counter
from devices.drivers.ebds import EbdsDetector
from devices.drivers.escpos_receipt import EscposReceiptPrinter
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceErrorCode, LinkBusy, LinkLost
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.link.factory import link_for
from devices.link.serial_port import SerialLink, SerialSettings
from devices.link.trace import TraceLink
from devices.simulators.process import SimulatorProcess
from devices.supervised import (
    SupervisedDetector,
    SupervisedNoteCounter,
    SupervisedPassbookPrinter,
    SupervisedReceiptPrinter,
)
from tests.devices.rig import FORM, Never, Watched, row, wait_until

SEVEN_EVEN = SerialSettings(9600, 7, "E")
ROWS = (row(3), row(4, "取款", "-200.00"))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "FIRST_BACKOFF_SECONDS", 0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., SimulatorProcess]]:
    """Starts machines and sees that none outlives the test."""
    running: list[SimulatorProcess] = []

    def begin(kind: str, tcp: bool = False) -> SimulatorProcess:
        running.append(SimulatorProcess(kind, tmp_path / kind, tcp, {"speed": "0"}))
        return running[-1]

    yield begin
    for simulator in running:
        simulator.close()


def printer_on(link: Callable[[], Any]) -> tuple[SupervisedPassbookPrinter, Watched]:
    driver = T5040Printer("printer-1", time.monotonic, {"passbook_24": FORM}, Glyphs())
    watched = Watched(driver, link)
    return SupervisedPassbookPrinter(driver, watched.worker), watched


def prepared(printer: SupervisedPassbookPrinter, job_id: str = "job-1") -> PreparedJob:
    job = printer.prepare(PassbookJob(job_id, "passbook_24", 1, ROWS))
    assert isinstance(job, PreparedJob)
    return job


@pytest.mark.parametrize("tcp", [False, True], ids=["pty", "tcp"])
def test_a_heap_is_counted(start: Callable[..., SimulatorProcess], tcp: bool) -> None:
    machine = start("aa55", tcp)
    assert machine.port.startswith("socket://") is tcp
    driver = Aa55Counter("counter-1", time.monotonic)
    with Watched(driver, lambda: link_for(machine.port, SerialSettings(115200))) as watched:
        watched.wait(DeviceState.READY)
        counter = SupervisedNoteCounter(driver, watched.worker)
        machine.hands(do="load", notes=[[100, 180], [50, 40]], rate_per_minute=0)
        batch = counter.count("open-1", lambda seen: None, Never())
        assert isinstance(batch, NoteBatch)
        assert (batch.complete, batch.total_minor, batch.device_id) == (
            True,
            2_000_000,
            "machine",
        ) or batch.device_id
        assert batch.total_minor == 2_000_000
        machine.hands(do="fault", kind="bad_checksum", at=7)
        machine.hands(do="load", notes=[[100, 20]], rate_per_minute=0)
        broken = counter.count("open-1", lambda seen: None, Never())
        assert isinstance(broken, NoteBatch)
        assert not broken.complete
        watched.wait(DeviceState.READY)


@pytest.mark.parametrize("tcp", [False, True], ids=["pty", "tcp"])
def test_rows_are_printed_and_proved(start: Callable[..., SimulatorProcess], tcp: bool) -> None:
    machine = start("t5040", tcp)
    printer, watched = printer_on(lambda: link_for(machine.port, SerialSettings()))
    with watched:
        status = watched.wait(DeviceState.READY)
        assert status.identity == DeviceIdentity(IdentityKind.MODEL, "T5040/5040")
        assert (printer.device_id, printer.kind, printer.capabilities.proves_print) == (
            "machine",
            printer.kind,
            True,
        )
        machine.hands(do="insert_book", book="book-1")
        outcome = printer.execute(prepared(printer), lambda seen: None, Never())
    assert (outcome.kind, outcome.units_proved) == (OutcomeKind.DONE, 2)
    assert machine.hands(do="report")["rows"] == 2
    assert machine.hands(do="report")["overprints"] == 0


def test_a_printer_killed_in_the_middle_is_unknown_and_nothing_is_sent_again(
    start: Callable[..., SimulatorProcess], tmp_path: Path
) -> None:
    machine = start("t5040")
    sent: list[bytes] = []
    told = {"port": machine.port}

    def traced() -> TraceLink:
        inner = link_for(told["port"], SerialSettings())
        return TraceLink(
            inner, lambda way, data, at: sent.append(data) if way == "out" else None, time.monotonic
        )

    printer, watched = printer_on(traced)
    with watched:
        watched.wait(DeviceState.READY)
        machine.hands(do="insert_book", book="book-1")
        machine.hands(do="silent", ink=True)
        job = prepared(printer)
        future = watched.worker.submit(lambda: printer._driver.execute(job, lambda seen: None, Never()))
        wait_until(lambda: job.payload[:256] in sent)
        wait_until(lambda: machine.hands(do="report")["rows"] >= 1)
        told["port"] = "/dev/nothing"  # the freed name of a pty may be anybody's next
        machine.kill()
        outcome = future.result(5.0)
        assert (outcome.kind, outcome.units_proved) == (OutcomeKind.UNKNOWN, 0)
        assert outcome.error.code is DeviceErrorCode.LINK_LOST
        watched.wait(DeviceState.OFFLINE)
        refused = printer.execute(job, lambda seen: None, Never())
        assert (refused.kind, refused.evidence) == (OutcomeKind.NOT_DONE, "nothing was sent")
        machine = start("t5040")
        told["port"] = machine.port
        watched.wait(DeviceState.READY)
        machine.hands(do="insert_book", book="book-1")
        time.sleep(0.3)
        assert machine.hands(do="report")["rows"] == 0, "the job must not come again by itself"
        again = printer.execute(prepared(printer, "job-2"), lambda seen: None, Never())
    assert again.kind is OutcomeKind.DONE
    assert b"".join(sent).count(job.payload) == 1
    assert machine.hands(do="report")["overprints"] >= 1, "ink of before the kill is remembered"


def test_a_note_is_classified_and_the_line_says_how_it_was_opened(
    start: Callable[..., SimulatorProcess],
) -> None:
    machine = start("ebds")
    driver = EbdsDetector("detector-1", time.monotonic)
    with Watched(driver, lambda: link_for(machine.port, SEVEN_EVEN)) as watched:
        status = watched.wait(DeviceState.READY)
        assert status.identity == DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-EBDS-0001")
        assert status.note == "opened as 8N1 (pty)"
        detector = SupervisedDetector(driver, watched.worker)
        machine.hands(do="insert", denomination=100, classification=2)
        reading = detector.inspect("reading-1", lambda seen: None, Never())
    assert isinstance(reading, NoteReading)
    assert (reading.note_class, reading.raw_class, reading.returned) == (
        NoteClass.COUNTERFEIT_SUSPECTED,
        2,
        True,
    )


def test_a_receipt_comes_out(start: Callable[..., SimulatorProcess]) -> None:
    machine = start("escpos")
    driver = EscposReceiptPrinter("receipts-1", time.monotonic)
    with Watched(driver, lambda: link_for(machine.port, SerialSettings())) as watched:
        watched.wait(DeviceState.READY)
        receipts = SupervisedReceiptPrinter(driver, watched.worker)
        job = receipts.prepare(ReceiptJob("job-1", (ReceiptLine("存款回单"),)))
        assert isinstance(job, PreparedJob)
        assert receipts.execute(job, lambda seen: None, Never()).kind is OutcomeKind.DONE
        machine.hands(do="paper", present=False)
        watched.wait(DeviceState.NEEDS_PERSON)
        assert receipts.execute(job, lambda seen: None, Never()).kind is OutcomeKind.NOT_DONE
        machine.hands(do="paper", present=True)
        watched.wait(DeviceState.READY)
    assert machine.hands(do="report")["receipts"] == ["存款回单"]


# --- the links themselves -------------------------------------------------------------------------------------


def test_a_line_that_carries_what_was_asked_has_no_note(start: Callable[..., SimulatorProcess]) -> None:
    link = link_for(start("aa55").port, SerialSettings(115200))
    link.open()
    assert link.note == ""
    link.close()
    link.close()


def test_a_port_is_opened_by_one_desk_only(start: Callable[..., SimulatorProcess]) -> None:
    port = start("aa55").port
    first, second = (SerialLink(port, SerialSettings()) for _ in range(2))
    first.open()
    with pytest.raises(LinkBusy, match=f"{port}: held by pid {os.getpid()} since"):
        second.open()
    first.close()
    second.open()
    second.close()


@pytest.mark.parametrize("port", ["/dev/ttyS-none", "socket://127.0.0.1:1"])
def test_a_port_that_is_not_there_is_a_lost_link_that_names_it(port: str) -> None:
    with pytest.raises(LinkLost, match=port):
        link_for(port, SerialSettings()).open()


@pytest.mark.parametrize("tcp", [False, True], ids=["pty", "tcp"])
def test_a_machine_that_goes_is_a_lost_link_to_readers_and_writers(
    start: Callable[..., SimulatorProcess], tcp: bool
) -> None:
    machine = start("aa55", tcp)
    link = link_for(machine.port, SerialSettings())
    link.open()
    assert link.read(0.01) == b""
    machine.kill()
    with pytest.raises(LinkLost, match=machine.port):
        link.read(5.0)
    with pytest.raises(LinkLost):
        _write_on(link)
    link.close()


def _write_on(link: Link) -> None:
    """A socket tells of its other end's death on the second write at the latest."""
    for _ in range(10):
        link.write(b"x" * 4096, 0.5)


@pytest.mark.parametrize("port", ["/dev/pts/0", "socket://127.0.0.1:1"])
def test_a_link_that_is_not_open_carries_nothing(port: str) -> None:
    link = link_for(port, SerialSettings())
    with pytest.raises(LinkLost):
        link.read(0.0)
    with pytest.raises(LinkLost):
        link.write(b"x", 0.1)


def test_a_port_another_program_has_open_is_busy_and_names_it() -> None:
    """A program that knows nothing of our lock files: it has the port by the system's own lock."""
    master, slave = os.openpty()
    port = os.ttyname(slave)
    hold = "import serial,sys; p=serial.Serial(sys.argv[1], exclusive=True); print(1,flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, port], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(LinkBusy, match=f"held by pid {other.pid}"):
            SerialLink(port, SerialSettings()).open()
        other.kill()
    link = SerialLink(port, SerialSettings())
    link.open()
    link.close()
    os.close(master)
    os.close(slave)


def test_a_machine_plugged_in_under_another_name_is_found_by_its_link(
    start: Callable[..., SimulatorProcess], tmp_path: Path
) -> None:
    link = tmp_path / "by-id"
    first = start("escpos")
    link.symlink_to(first.port)
    driver = EscposReceiptPrinter("receipts-1", time.monotonic)
    with Watched(driver, lambda: link_for(str(link), SerialSettings())) as watched:
        watched.wait(DeviceState.READY)
        link.unlink()
        first.kill()
        status = watched.wait(DeviceState.OFFLINE)
        wait_until(lambda: "no such port" in str(watched.worker.status.error))
        assert watched.worker.status.error is not None
        assert watched.worker.status.error.code is DeviceErrorCode.LINK_NOT_FOUND
        link.symlink_to(start("escpos").port)
        watched.worker.hurry()
        watched.wait(DeviceState.READY)
    assert status.error is not None


def test_what_a_line_does_not_take_is_counted_and_does_not_leave_later() -> None:
    """A pty whose other end does not read: its buffer fills, the write ends in time and says how much went."""
    master, slave = os.openpty()
    tty.setraw(slave)
    link = SerialLink(os.ttyname(slave), SerialSettings())
    link.open()
    began = time.monotonic()
    sent = link.write(b"x" * (1 << 20), 0.2)
    assert 0 < sent < 1 << 20
    assert time.monotonic() - began < 2.0
    link.close()
    os.set_blocking(master, False)
    left = 0
    with contextlib.suppress(OSError):
        while data := os.read(master, 65536):
            left += len(data)
    assert left < sent
    os.close(master)
    os.close(slave)
