"""How long the event loop of a window was ever busy in one go: a heartbeat on the GUI thread that notes its gaps.

The same meter runs in an idle control window in its own process, so that a noisy machine is not taken for a slow
program.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MILLISECONDS = 4


class StallMeter(QObject):
    """``start`` after the window stands (start-up is budgeted elsewhere); ``longest_ms`` since then."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.longest_ms = 0.0
        self.beats = 0
        self.longest_at = ""
        self._where = ""
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.longest_ms, self.beats, self._last = 0.0, 0, time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def pause(self) -> None:
        """Something that is not the product (taking a picture) is about to use the thread."""
        self._timer.stop()

    def resume(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()

    def here(self, where: str) -> None:
        """Name what the window does now, so that the longest stall says where it was."""
        self._where = where

    def _beat(self) -> None:
        now = time.perf_counter()
        gap = (now - self._last) * 1000 - BEAT_MILLISECONDS
        self._last = now
        self.beats += 1
        if gap > self.longest_ms:
            self.longest_ms, self.longest_at = gap, self._where
