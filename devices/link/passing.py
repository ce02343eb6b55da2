"""What every link that wraps another one shares: all it does not do itself, the inner one does."""

from __future__ import annotations

from devices.link.base import Link


class PassingLink:
    """Passes everything on, both ways, unchanged."""

    def __init__(self, inner: Link) -> None:
        self._inner = inner

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
        return self._inner.write(data, timeout_seconds)

    def read(self, timeout_seconds: float) -> bytes:
        return self._inner.read(timeout_seconds)
