"""First paint of the sign-on page against a minimal QWidget that draws the same words (DESIGN §4: at most 1.6 times),
with the resident memory of both. Each run is a whole process; rounds are interleaved, so that a noisy machine hits
both alike.

A process counts from the moment its parent started it to the event loop's first idle turn after its first paint.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 9
TIME_FLOOR, MEMORY_FLOOR = 1.6, 1.5
STARTED = "TELLER_DESK_BENCH_STARTED_NS"
ROOT = Path(__file__).parents[2]

_TELL = """
import json, os, resource, sys, time
def tell():
    taken = (time.monotonic_ns() - int(os.environ["TELLER_DESK_BENCH_STARTED_NS"])) / 1e6
    pages = int(open("/proc/self/statm").read().split()[1])
    print(json.dumps({"ms": taken, "mib": pages * resource.getpagesize() / 2**20}), flush=True)
    os._exit(0)
"""

MINIMAL = (
    _TELL
    + """
from PySide6.QtCore import QTimer, Qt
from PySide6.QtGui import QFont, QFontDatabase, QPainter
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
number = QFontDatabase.addApplicationFont(sys.argv[1])
face = QFont(QFontDatabase.applicationFontFamilies(number)[0])
face.setPixelSize(15)
class Minimal(QWidget):
    done = False
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.setFont(face)
        for at, words in enumerate(sys.argv[2:]):
            painter.drawText(40, 40 + 24 * at, words)
        if not self.done:
            self.done = True
            QTimer.singleShot(0, tell)
window = Minimal()
window.resize(1366, 768)
window.show()
app.exec()
"""
)

OURS = (
    _TELL
    + """
from ui.app import sign_on_window
front = sign_on_window()
front.shell.painted.connect(tell)
front.app.exec()
"""
)


def words_of_the_page() -> list[str]:
    """The words the sign-on page shows, for the minimal window to draw."""
    from ui.texts import Texts  # noqa: PLC0415 - Qt only where the benchmark runs

    texts = Texts()
    keys = ("title", "lead", "staff", "password", "button", "opening")
    return [texts(f"sign_on.{key}") for key in keys]


def once(code: str, arguments: list[str]) -> tuple[float, float]:
    """Milliseconds and MiB of one process."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", STARTED: str(time.monotonic_ns())}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return float(told["ms"]), float(told["mib"])


def main() -> bool:
    """Print the table; whether both floors were held."""
    font = str(ROOT / "resources" / "fonts" / "NotoSansSC-Regular.ttf")
    arguments = [font, *words_of_the_page()]
    once(MINIMAL, arguments)
    once(OURS, [])
    rounds = [(once(MINIMAL, arguments), once(OURS, [])) for _ in range(ROUNDS)]
    time_ratio = statistics.median(ours[0] / least[0] for least, ours in rounds)
    memory_ratio = statistics.median(ours[1] / least[1] for least, ours in rounds)
    for name, at in (("minimal QWidget", 0), ("sign-on page", 1)):
        taken = [one[at][0] for one in rounds]
        mib = statistics.median(one[at][1] for one in rounds)
        print(
            f"{name:<16} {statistics.median(taken):7.0f} ms ({min(taken):.0f}..{max(taken):.0f})   {mib:5.0f} MiB"
        )
    print(
        f"first paint {time_ratio:.2f} x (floor {TIME_FLOOR})   memory {memory_ratio:.2f} x (floor {MEMORY_FLOOR})"
    )
    return time_ratio <= TIME_FLOOR and memory_ratio <= MEMORY_FLOOR
