"""A link that shows every byte to a listener, with direction and time. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from devices.link.base import Link
from devices.link.passing import PassingLink

Listener = Callable[[str, bytes, float], None]
"""Called with "out" or "in", the bytes, and monotonic seconds."""


class TraceLink(PassingLink):
    """Wraps another link."""

    def __init__(self, inner: Link, listener: Listener, clock: Callable[[], float]) -> None:
        super().__init__(inner)
        self._listener, self._clock = listener, clock

    def write(self, data: bytes, timeout_seconds: float) -> int:
        sent = super().write(data, timeout_seconds)
        self._listener("out", data[:sent], self._clock())
        return sent

    def read(self, timeout_seconds: float) -> bytes:
        data = super().read(timeout_seconds)
        if data:
            self._listener("in", data, self._clock())
        return data
