"""What one desk's machines cost. Three measurements, each against its own yardstick in the same run:

- three counters at 1,500 notes a minute each, a passbook printer and a detector in one process: no note lost;
- 64 counters at 25 frames a second read by one process at 20 % of a core at most (the machines' own process not
  counted), none lost;
- a raw pty round trip, and the time from a frame's bytes written to the desk's call-back with it, p50 and p99.

``--notes N`` is how many notes the three counters count together (6,000; the long run is 50,000).
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.contracts import (
    CountProgress,
    DeviceState,
    NoteBatch,
    NoteReading,
    OutcomeKind,
    PassbookJob,
    PassbookRow,
)
from devices.drivers.aa55 import Aa55Counter
from devices.drivers.ebds import EbdsDetector
from devices.drivers.t5040 import T5040Printer
from devices.glyphs import Glyphs
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.simulators.process import SimulatorProcess
from devices.single_machine import forms
from devices.supervised import SupervisedDetector, SupervisedNoteCounter, SupervisedPassbookPrinter
from devices.worker import DeviceWorker

COUNTERS, NOTES_A_MINUTE, DEFAULT_NOTES = 3, 1500, 6000
MANY, FRAMES_A_SECOND, MANY_SECONDS = 64, 25, 8.0
CORE_SHARE = 0.20
HEAP = 500
CALLBACK_GAP_SECONDS = 0.06


class Never:
    """Nobody says stop."""

    def is_set(self) -> bool:
        return False


def worker_for(driver: Any, port: str, settings: SerialSettings) -> DeviceWorker:
    """A worker that runs, its machine ready."""
    worker = DeviceWorker(
        driver.device_id,
        driver,
        lambda: link_for(port, settings),
        time.monotonic,
        lambda: 0.5,
        lambda status: None,
    )
    worker.start()
    until = time.monotonic() + 20.0
    while worker.status.state is not DeviceState.READY:
        assert time.monotonic() < until, worker.status
        time.sleep(0.01)
    return worker


# --- a full counter top ----------------------------------------------------------------------------------------------


def counter_top(notes: int, rate: int) -> bool:
    """Heaps on three counters, rows and notes beside them, until so many notes were counted."""
    heaps = -(-notes // (COUNTERS * HEAP))
    counted: list[int] = []
    wrong: list[str] = []
    busy = threading.Event()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:

        def machine(name: str, number: int) -> SimulatorProcess:
            where = Path(folder) / f"{name}-{number}"
            options = {"speed": "0", "rate_per_minute": str(rate)}
            return stack.enter_context(SimulatorProcess(name, where, options=options))

        def count(number: int) -> None:
            simulator = machine("aa55", number)
            driver = Aa55Counter(f"counter-{number}", time.monotonic)
            worker = worker_for(driver, simulator.port, SerialSettings(115200))
            counter = SupervisedNoteCounter(driver, worker)
            for heap in range(heaps):
                simulator.hands(do="load", notes=[[100, HEAP - 50], [10, 50]])
                batch = counter.count(f"open-{heap}", lambda seen: None, Never())
                whole = isinstance(batch, NoteBatch) and batch.complete and batch.pieces == HEAP
                counted.append(HEAP if whole else 0)
                if not whole:
                    wrong.append(f"counter {number}: {batch}")
            worker.stop()

        threads = [threading.Thread(target=count, args=(number,)) for number in range(COUNTERS)]
        beside = threading.Thread(target=_printer_and_detector, args=(machine, busy, wrong))
        began, cpu = time.monotonic(), time.process_time()
        for thread in (*threads, beside):
            thread.start()
        for thread in threads:
            thread.join()
        busy.set()
        beside.join()
        seconds, share = time.monotonic() - began, (time.process_time() - cpu)
    lost = heaps * HEAP * COUNTERS - sum(counted)
    print(
        f"counter top: {sum(counted):,} notes on {COUNTERS} counters in {seconds:.0f} s, lost {lost}, "
        f"desk's process {100 * share / seconds:.1f} % of a core"
    )
    for text in wrong:
        print("  ", text[:200])
    return lost == 0 and not wrong


def _printer_and_detector(
    machine: Callable[[str, int], SimulatorProcess], busy: threading.Event, wrong: list[str]
) -> None:
    paper, mouth = machine("t5040", 0), machine("ebds", 0)
    printer_driver = T5040Printer("printer", time.monotonic, forms(), Glyphs())
    detector_driver = EbdsDetector("detector", time.monotonic)
    workers = (
        worker_for(printer_driver, paper.port, SerialSettings()),
        worker_for(detector_driver, mouth.port, SerialSettings(9600, 7, "E")),
    )
    printer = SupervisedPassbookPrinter(printer_driver, workers[0])
    detector = SupervisedDetector(detector_driver, workers[1])
    done = 0
    while not busy.is_set():
        paper.hands(do="insert_book", book=f"book-{done}")
        row = PassbookRow(1, {"date": "20260312", "summary": "存款", "amount": "+1.00", "balance": "1.00"})
        job = printer.prepare(PassbookJob(f"job-{done}", "passbook_24", 1, (row,)))
        outcome = printer.execute(job, lambda seen: None, Never())  # type: ignore[arg-type]
        threading.Timer(0.2, lambda: mouth.hands(do="insert", denomination=100, classification=4)).start()
        reading = detector.inspect(f"reading-{done}", lambda seen: None, Never())
        if (
            outcome.kind is not OutcomeKind.DONE
            or not isinstance(reading, NoteReading)
            or not reading.returned
        ):
            wrong.append(f"printer {outcome}, detector {reading}")
        done += 1
    print(f"   beside them {done} rows printed and proved, {done} notes looked at and given back")
    for worker in workers:
        worker.stop()


# --- many counters ---------------------------------------------------------------------------------------------------


def note_frame(status: int, unit: int, pieces: int, amount: int) -> bytes:
    data = struct.pack("<IIQ4s11s5sBBB", pieces, unit, amount, b"CNY", b"TD00000000", b"", 0, status, 0)
    body = b"\x01\x01" + data
    return b"\xaa\x55" + struct.pack("<H", len(body)) + body + bytes([sum(body) & 255]) + b"\xa5\x5a"


HANDSHAKE = bytes.fromhex("aa55030001000001a55a")


def many_machines(ports: Any, go: Any, frames: int, rate: float) -> None:
    """All counters in one process of their own: echo the handshake, then a heap at an even pace."""
    pairs = [os.openpty() for _ in range(MANY)]
    for _, slave in pairs:
        tty.setraw(slave)
    masters = [master for master, _ in pairs]
    ports.send([os.ttyname(slave) for _, slave in pairs])
    while not go.is_set():
        for ready in select.select(masters, [], [], 0.05)[0]:
            if HANDSHAKE in os.read(ready, 4096):
                os.write(ready, HANDSHAKE)
    step, began = 1.0 / (rate * MANY), time.monotonic()
    for turn in range(frames + 2):
        status = 0 if turn == 0 else 2 if turn == frames + 1 else 1
        pieces = min(turn, frames)
        told = note_frame(status, 100 if status == 1 else 0, pieces, pieces * 100)
        for number, master in enumerate(masters):
            wait = began + (turn * MANY + number) * step - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            os.write(master, told)
    ports.recv()


def many() -> bool:
    """64 counters; the reading process's own time over the wall's."""
    frames = round(MANY_SECONDS * FRAMES_A_SECOND)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    go = context.Event()
    process = context.Process(target=many_machines, args=(there, go, frames, FRAMES_A_SECOND), daemon=True)
    process.start()
    ports = here.recv()
    drivers = [Aa55Counter(f"counter-{number}", time.monotonic) for number in range(MANY)]
    workers = [
        worker_for(driver, port, SerialSettings(115200)) for driver, port in zip(drivers, ports, strict=True)
    ]
    futures = [
        worker.submit(lambda driver=driver: driver.count("open", lambda seen: None, Never()))  # type: ignore[misc]
        for worker, driver in zip(workers, drivers, strict=True)
    ]
    began, cpu = time.monotonic(), time.process_time()
    go.set()
    batches = [future.result(120.0) for future in futures]
    share = (time.process_time() - cpu) / (time.monotonic() - began)
    here.send("done")
    for worker in workers:
        worker.stop()
    process.join(5.0)
    whole = sum(1 for batch in batches if batch.complete and batch.pieces == frames)
    rate = frames * MANY / (time.monotonic() - began)
    print(
        f"{MANY} counters at {FRAMES_A_SECOND} frames a second ({rate:,.0f} frames/s): {100 * share:.1f} % of a core "
        f"(floor {100 * CORE_SHARE:.0f} %), {whole} of {MANY} heaps whole"
    )
    return whole == MANY and share <= CORE_SHARE


# --- round trips -----------------------------------------------------------------------------------------------------


def _told(name: str, micros: list[float]) -> float:
    ordered = sorted(micros)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"{name:34} p50 {p50:7.0f} µs  p99 {p99:7.0f} µs")
    return p50


ECHO = "import os, sys\nfd = int(sys.argv[1])\nwhile True: os.write(fd, os.read(fd, 4096))"


def raw_round_trip(times: int, gap_seconds: float) -> float:
    """One frame out and one back through a pty, the echo in a process of its own as a machine is, and nothing of ours.
    A frame each ``gap_seconds``: a core that slept wakes slower, for the product as for its yardstick."""
    master, slave = os.openpty()
    tty.setraw(slave)
    echo = subprocess.Popen([sys.executable, "-c", ECHO, str(slave)], pass_fds=[slave])
    time.sleep(0.3)
    took, frame = [], note_frame(1, 100, 1, 100)
    for _ in range(times):
        time.sleep(gap_seconds)
        began = time.perf_counter()
        os.write(master, frame)
        got = 0
        while got < len(frame):
            select.select([master], [], [], 1.0)
            got += len(os.read(master, 4096))
        took.append((time.perf_counter() - began) * 1e6)
    echo.kill()
    echo.wait()
    os.close(master)
    os.close(slave)
    return _told(f"raw pty round trip, one in {1000 * gap_seconds:.0f} ms", took)


def frame_to_callback(times: int) -> float:
    """From the bytes of a note written to the desk's progress call with it, through link, driver and worker. A note in
    60 ms, so that the driver's own pace of telling (one in 50 ms) does not hold it back."""
    master, slave = os.openpty()
    tty.setraw(slave)
    driver = Aa55Counter("counter", time.monotonic)
    stop = threading.Event()

    def greet() -> None:
        while not stop.is_set():
            if select.select([master], [], [], 0.05)[0] and HANDSHAKE in os.read(master, 4096):
                os.write(master, HANDSHAKE)

    greeter = threading.Thread(target=greet)
    greeter.start()
    worker = worker_for(driver, os.ttyname(slave), SerialSettings(115200))
    told: dict[int, float] = {}

    def progress(seen: object) -> None:
        if isinstance(seen, CountProgress):
            told.setdefault(seen.pieces, time.perf_counter())

    future = worker.submit(lambda: driver.count("open", progress, Never()))
    time.sleep(0.2)
    os.write(master, note_frame(0, 0, 0, 0))
    sent: dict[int, float] = {}
    for piece in range(1, times + 1):
        time.sleep(CALLBACK_GAP_SECONDS)
        sent[piece] = time.perf_counter()
        os.write(master, note_frame(1, 100, piece, piece * 100))
    time.sleep(0.1)
    os.write(master, note_frame(2, 0, times, times * 100))
    batch = future.result(10.0)
    stop.set()
    greeter.join()
    worker.stop()
    os.close(master)
    os.close(slave)
    assert batch.complete, batch
    return _told("frame to call-back", [(told[one] - at) * 1e6 for one, at in sent.items() if one in told])


def main(arguments: list[str] | None = None) -> bool:
    """Print every figure; whether nothing was lost and the cost was kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=DEFAULT_NOTES)
    parser.add_argument("--rate", type=int, default=NOTES_A_MINUTE, help="notes a minute of each counter")
    given = parser.parse_args(arguments or [])
    raw = raw_round_trip(100, CALLBACK_GAP_SECONDS)
    ours = frame_to_callback(100)
    print(f"frame to call-back is {ours / raw:.1f} × the raw round trip")
    cheap = many()
    whole = counter_top(given.notes, given.rate)
    return cheap and whole


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
