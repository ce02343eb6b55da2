"""``python -m devices.conformance.victim MODEL PORT BYTES``: a desk that works on a port until somebody kills it (F26).

It asks for one effect, says "sent" once BYTES bytes of it have left, and goes on. Used by the suite only.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from devices.conformance.adapters import adapter_for
from devices.conformance.bench import CALL_SECONDS, Bench
from devices.conformance.faults import LineKind
from devices.link.base import Link
from devices.link.factory import link_for
from devices.link.passing import PassingLink
from devices.registry import Manifest, ManifestFlaw, load_manifests


class _Counting(PassingLink):
    """A link that says when so many bytes have left."""

    def __init__(self, inner: Link, told_at: int) -> None:
        super().__init__(inner)
        self._left = told_at

    def write(self, data: bytes, timeout_seconds: float) -> int:
        if self._left > len(data):
            self._left -= len(data)
            return super().write(data, timeout_seconds)
        super().write(data[: self._left], timeout_seconds)
        sys.stdout.write("sent\n")
        sys.stdout.flush()
        threading.Event().wait()  # for ever: the rest never leaves
        return len(data)


class _Desk(Bench):
    """Only a driver on a line: the hands are in the process that kills this one."""

    line = LineKind.PTY

    def __init__(self, model: Manifest, port: str) -> None:
        self._port = port
        super().__init__(model, None, time.monotonic)

    def open_line(self) -> Link:
        return link_for(self._port, self.model.line)

    def hands(self, **command: Any) -> dict[str, Any]:
        return {}

    def after(self, seconds: float, act: object) -> None:
        """Nobody here has hands."""

    def work(self, sent: int) -> None:
        """One effect; never comes back when so many bytes leave."""
        adapter = adapter_for(self.model.kind, self.model.protocol)
        link = link_for(self._port, self.model.line)
        link.open()
        self.driver.attach(link)
        self.driver.identify()
        self.driver.attach(_Counting(link, max(1, sent)))
        call = adapter.begin(self, 1)[1]
        call()
        sys.stdout.write("sent all\n")
        sys.stdout.flush()
        time.sleep(CALL_SECONDS)


def main(name: str, port: str, sent: int) -> None:
    """Work until killed."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        raise SystemExit(str(models))
    _Desk(models[name], port).work(sent)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
