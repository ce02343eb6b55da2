"""An idle window in its own process with the same stall meter: what the machine does to a window that does nothing.

``python -m ui.training.control_window`` runs until its stdin ends, then prints its longest stall in milliseconds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from ui.stall_meter import StallMeter

SETTLE_MILLISECONDS = 300


class ControlWindow:
    """Starts the control beside a measured window and asks for its figure at the end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ui.training.control_window"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )

    def finish(self) -> float:
        """The control's longest stall in milliseconds."""
        told, _ = self._process.communicate(b"", timeout=10)
        return float(told or 0)


def main() -> None:
    app = QApplication(sys.argv[:1])
    window = QLabel("control")
    window.resize(1366, 768)
    window.show()
    meter = StallMeter()
    QTimer.singleShot(SETTLE_MILLISECONDS, meter.start)
    lifeline = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    lifeline.activated.connect(app.quit)
    app.exec()
    print(meter.longest_ms)  # noqa: T201 - the answer of the control


if __name__ == "__main__":
    main()
