"""A link that fails on purpose: cuts after a number of written bytes, swallows answers, flips a bit."""

from __future__ import annotations

from dataclasses import dataclass

from devices.errors import LinkLost
from devices.link.base import Link


@dataclass
class Faults:
    """What to do wrong. ``cut_after_written``: bytes that still leave before the line dies; ``silent``: answers are
    swallowed; ``flip_bit_at``: index of a received byte whose lowest bit is turned."""

    cut_after_written: int | None = None
    silent: bool = False
    flip_bit_at: int | None = None


class FaultLink:
    """Wraps another link and injects ``faults``, which may be changed while it runs."""

    def __init__(self, inner: Link, faults: Faults) -> None:
        self._inner, self.faults = inner, faults
        self._received = 0

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
        left = self.faults.cut_after_written
        if left is None:
            return self._inner.write(data, timeout_seconds)
        if left < len(data):
            if left:
                self._inner.write(data[:left], timeout_seconds)
            self.faults.cut_after_written = 0
            raise LinkLost(f"{self.name}: cut after {left} bytes")
        self.faults.cut_after_written = left - len(data)
        return self._inner.write(data, timeout_seconds)

    def read(self, timeout_seconds: float) -> bytes:
        data = self._inner.read(timeout_seconds)
        if self.faults.silent:
            return b""
        at = self.faults.flip_bit_at
        start, self._received = self._received, self._received + len(data)
        if at is not None and start <= at < self._received:
            changed = bytearray(data)
            changed[at - start] ^= 1
            return bytes(changed)
        return data
