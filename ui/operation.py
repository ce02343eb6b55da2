"""The one way off the GUI thread: ``Operation(thread, call).success(f).failure(g).start()``.

All operations of a desk run one after another on one thread; results come back by queued signals. ``call`` must touch
no widget and share no mutable state with the window.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal


class DeskThread:
    """The thread all of a desk's commands run on."""

    def __init__(self, name: str = "desk") -> None:
        self._calls: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def finish(self) -> None:
        """End once what was submitted is done; nobody waits for it."""
        self._calls.put(None)

    def stop(self, timeout_seconds: float = 5.0) -> None:
        self._calls.put(None)
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while True:
            call = self._calls.get()
            if call is None:
                return
            call()


class Operation(QObject):
    """One call off the GUI thread. It keeps itself alive until its result was delivered."""

    _succeeded = Signal(object)
    _failed = Signal(object)
    _alive: set[Operation] = set()

    def __init__(self, thread: DeskThread, call: Callable[[], Any]) -> None:
        super().__init__()
        self._thread, self._call = thread, call

    def success(self, then: Callable[[Any], None]) -> Operation:
        """``then`` runs on the GUI thread with the call's result."""
        self._succeeded.connect(then)
        return self

    def failure(self, then: Callable[[Any], None]) -> Operation:
        """``then`` runs on the GUI thread with the exception that escaped the call."""
        self._failed.connect(then)
        return self

    def start(self) -> None:
        """Run the call. Letting go is connected last, so that no result is lost with the object that carries it."""
        self._succeeded.connect(self._done)
        self._failed.connect(self._done)
        Operation._alive.add(self)
        self._thread.submit(self._work)

    def _work(self) -> None:
        try:
            result = self._call()
        except Exception as error:  # noqa: BLE001 - thread edge: shown to the person, never swallowed
            self._failed.emit(error)
        else:
            self._succeeded.emit(result)

    def _done(self, _: object) -> None:
        Operation._alive.discard(self)
        self.deleteLater()
