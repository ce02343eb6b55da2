"""A link that shows every byte to a listener, with direction and time. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from devices.link.base import Link

Listener = Callable[[str, bytes, float], None]
"""Called with "out" or "in", the bytes, and monotonic seconds."""


class TraceLink:
    """Wraps another link."""

    def __init__(self, inner: Link, listener: Listener, clock: Callable[[], float]) -> None:
        self._inner, self._listener, self._clock = inner, listener, clock

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def note(self) -> str:
        return self._inner.note

    def open(self) -> None:
        self._inner.open()

    def close(self) -> None:
        self._inner.close()

    def write(self, data: bytes, timeout_seconds: float) -> int:
        sent = self._inner.write(data, timeout_seconds)
        self._listener("out", data[:sent], self._clock())
        return sent

    def read(self, timeout_seconds: float) -> bytes:
        data = self._inner.read(timeout_seconds)
        if data:
            self._listener("in", data, self._clock())
        return data
