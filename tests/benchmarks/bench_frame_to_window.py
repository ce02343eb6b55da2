"""From a note's frame on the line to the number that stands in the window, beside a raw pty round trip of the same pace
and run, and the longest stall of that window while a whole counter top works in its process.

The window is the real one at the counting step, its desk a training branch; the counter's line is a pty this file holds
the other end of, so that the moment a frame leaves is known. "In the window" means the label has the new number: the
next paint shows it. ``--notes N`` is how many notes the three counters beside it count together (6,000).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import statistics
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desk.views import CountView, DeskSnapshot
from devices.drivers.aa55 import Aa55Counter
from devices.link.serial_port import SerialSettings
from devices.supervised import SupervisedNoteCounter
from tests.benchmarks.bench_devices import (
    DEFAULT_NOTES,
    HANDSHAKE,
    NOTES_A_MINUTE,
    counter_top,
    note_frame,
    raw_round_trip,
    worker_for,
)
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.desk_bridge import DeskBridge
from ui.main_window import MainWindow
from ui.operation import DeskThread
from ui.pages.table import PAGES
from ui.shell import Shell
from ui.stall_meter import StallMeter
from ui.texts import Texts
from ui.theme import apply_theme

ROUNDS, TIMES, GAP_SECONDS = 3, 150, 60.0 / NOTES_A_MINUTE
RATIO_FLOOR, P99_FLOOR_MILLISECONDS, STALL_FLOOR_MILLISECONDS = 4.0, 20.0, 50.0
PATIENCE_SECONDS = 30.0


class Line:
    """The machine's end of the counter's line: answers the handshake, and sends notes when told to."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._stop = threading.Event()
        self._greeter = threading.Thread(target=self._greet)
        self._greeter.start()

    def _greet(self) -> None:
        while not self._stop.is_set():
            if select.select([self._master], [], [], 0.05)[0] and HANDSHAKE in os.read(self._master, 4096):
                os.write(self._master, HANDSHAKE)

    def send(self, status: int, unit: int, pieces: int) -> None:
        os.write(self._master, note_frame(status, unit, pieces, pieces * 100))

    def close(self) -> None:
        self._stop.set()
        self._greeter.join()
        os.close(self._master)
        os.close(self._slave)


class Watched:
    """The window at the counting step. ``seen`` has the moment each number of pieces first stood in it."""

    def __init__(self, counter: Counter, line: Line) -> None:
        desk = Desk(counter, counter.session())
        desk.sign_on()
        Player(desk, Deposit()).to("count")
        driver = Aa55Counter("counter", time.monotonic)
        self._worker = worker_for(driver, line.port, SerialSettings(115200))
        given = desk.session._core.given
        given.machines = replace(given.machines, counter=SupervisedNoteCounter(driver, self._worker))
        self._thread = DeskThread()
        self.bridge = DeskBridge(self._thread)
        texts = Texts("zh_CN")
        self._shell = Shell(texts)
        self.window = MainWindow(texts, self.bridge, PAGES, self._shell.sign_on)
        self._shell.move_in(self.window)
        self._shell.show()
        QTest.qWaitForWindowActive(self._shell)
        self.seen: dict[int, float] = {}
        self.bridge.connect_desk(desk.session)
        # behind the window's own slots: its labels are set by then
        self.bridge.changed.connect(self._drawn)
        self.bridge.counted.connect(self._counted)
        self.until(lambda: self.state == "counting")

    @property
    def _view(self) -> CountView | None:
        snapshot = self.window.snapshot
        page = snapshot.transaction.page if snapshot and snapshot.transaction else None
        return page if isinstance(page, CountView) else None

    @property
    def state(self) -> str:
        return self._view.state if self._view else ""

    def _drawn(self, snapshot: DeskSnapshot) -> None:
        page = snapshot.transaction.page if snapshot.transaction else None
        if isinstance(page, CountView) and page.progress_pieces:
            self.seen.setdefault(page.progress_pieces, time.perf_counter())

    def _counted(self, pieces: int, minor: int) -> None:
        self.seen.setdefault(pieces, time.perf_counter())

    def until(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not so():
            assert time.monotonic() < end, self._view
            QTest.qWait(2)

    def close(self) -> None:
        self.bridge.stop()
        self._worker.stop()
        self._shell.close()
        self._thread.stop()


@contextlib.contextmanager
def window_at_the_count() -> Iterator[tuple[Watched, Line]]:
    """A window that waits for notes, and the line they come on."""
    with tempfile.TemporaryDirectory() as folder:
        counter, line = Counter(Path(folder)), Line()
        watched = Watched(counter, line)
        try:
            yield watched, line
        finally:
            watched.close()
            counter.close()
            line.close()


def _while_the_window_lives(work: Callable[[], None]) -> None:
    """Run ``work`` on a thread of its own while the window's events go on as in the product."""
    app = QApplication.instance()
    assert app is not None
    thread = threading.Thread(target=work)
    ended = QTimer()
    ended.setInterval(20)
    ended.timeout.connect(lambda: None if thread.is_alive() else app.quit())
    QTimer.singleShot(0, thread.start)
    QTimer.singleShot(50, ended.start)
    app.exec()
    thread.join()


def _notes(line: Line, sent: dict[int, float], first: int) -> None:
    if first == 1:
        line.send(0, 0, 0)
    for piece in range(first, first + TIMES):
        time.sleep(GAP_SECONDS)
        sent[piece] = time.perf_counter()
        line.send(1, 100, piece)
    time.sleep(0.2)


def one_round(watched: Watched, line: Line, first: int) -> tuple[float, float]:
    """p50 and p99 in microseconds from a frame's write to its number in the window, the counter at its full pace."""
    sent: dict[int, float] = {}
    _while_the_window_lives(lambda: _notes(line, sent, first))
    missed = [piece for piece in sent if piece not in watched.seen]
    micros = sorted((watched.seen[piece] - at) * 1e6 for piece, at in sent.items() if piece in watched.seen)
    p50, p99 = statistics.median(micros), micros[int(len(micros) * 0.99)]
    print(
        f"frame to window                    p50 {p50:7.0f} µs  p99 {p99:7.0f} µs  longest {micros[-1]:.0f} µs; "
        f"{len(missed)} of {len(sent)} numbers were overtaken by the next"
    )
    return p50, p99


def frame_to_window(watched: Watched, line: Line) -> bool:
    """Rounds of ours (one heap: a pause would end it) between two of the raw round trip. Whatever else the machine does
    only adds, to both: the least of each counts."""
    raws = [raw_round_trip(TIMES, GAP_SECONDS)]
    rounds = [one_round(watched, line, 1 + number * TIMES) for number in range(ROUNDS)]
    raws.append(raw_round_trip(TIMES, GAP_SECONDS))
    ratio, slowest = min(p50 for p50, _ in rounds) / min(raws), min(p99 for _, p99 in rounds) / 1000
    print(
        f"frame to window p50 is {ratio:.1f} × the raw round trip (floor {RATIO_FLOOR:.0f}), p99 {slowest:.1f} ms "
        f"(floor {P99_FLOOR_MILLISECONDS:.0f})"
    )
    return ratio <= RATIO_FLOOR and slowest <= P99_FLOOR_MILLISECONDS


def stalls(watched: Watched, line: Line, notes: int) -> bool:
    """The window's longest stall while it counts and a counter top works beside it in the same process."""
    meter, whole = StallMeter(), []
    over = threading.Event()

    def all_of_it() -> None:
        whole.append(counter_top(notes, NOTES_A_MINUTE))
        over.set()

    def count_on() -> None:
        piece = 0
        line.send(0, 0, 0)
        while not over.is_set():
            piece += 1
            time.sleep(GAP_SECONDS)
            line.send(1, 100, piece)

    beside = threading.Thread(target=count_on)

    def work() -> None:
        beside.start()
        all_of_it()
        beside.join()

    meter.start()
    _while_the_window_lives(work)
    meter.stop()
    assert watched.state == "counting", watched.state
    print(
        f"longest stall of the window meanwhile {meter.longest_ms:.1f} ms (floor {STALL_FLOOR_MILLISECONDS:.0f})"
    )
    return all(whole) and meter.longest_ms < STALL_FLOOR_MILLISECONDS


def main(arguments: list[str] | None = None) -> bool:
    """Print every figure; whether the floors were kept and no note was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=DEFAULT_NOTES)
    given = parser.parse_args(arguments or [])
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    with window_at_the_count() as (watched, line):
        quick = frame_to_window(watched, line)
    with window_at_the_count() as (watched, line):
        calm = stalls(watched, line, given.notes)
    return quick and calm


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
