"""A link that fails on purpose, at the host's end of any line: cuts, silence, turned bits, doubled and late answers.

What it plays is data (``Faults``), so that one list of faults runs over a null modem, a pty, TCP and a real machine.
Places count bytes (or pieces: what one read or write carries) from when the faults were set.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.errors import LinkLost
from devices.link.base import Link
from devices.link.passing import PassingLink


@dataclass
class Faults:
    """What to do wrong. ``…_at`` is the index of a received byte, ``…_piece`` of a read or written piece, from 0.

    ``cut_after_written`` and ``cut_after_read``: bytes that still pass before the line dies. ``silent`` swallows all
    answers, ``silent_after`` those behind so many bytes. ``flip_mask`` are the bits turned at ``flip_bit_at``. Answers
    behind byte ``late_after`` come ``late_seconds`` later. ``echo`` gives back what is written. ``instead`` stands
    for every answer, or for what matches ``instead_of`` in one; ``behind`` is added to every one. ``held``: the line
    takes nothing.
    """

    cut_after_written: int | None = None
    cut_after_read: int | None = None
    silent: bool = False
    silent_after: int | None = None
    flip_bit_at: int | None = None
    flip_mask: int = 1
    lose_at: int | None = None
    lose_count: int = 1
    noise_at: int | None = None
    noise: bytes = b""
    repeat_read_piece: int | None = None
    repeat_write_piece: int | None = None
    late_after: int | None = None
    late_seconds: float = 0.0
    seconds_per_byte: float = 0.0
    echo: bool = False
    instead: bytes | None = None
    instead_of: re.Pattern[bytes] | None = None
    behind: bytes = b""
    held: bool = False

    def lasting(self) -> Faults:
        """Those that a line opened anew still has: a noisy room stays noisy, a cut happened once."""
        return replace(
            self, cut_after_written=None, cut_after_read=None, flip_bit_at=None, lose_at=None, noise_at=None,
            repeat_read_piece=None, repeat_write_piece=None, late_after=None,
            silent=self.silent or self.silent_after is not None, silent_after=None,
        )  # fmt: skip


class FaultLink(PassingLink):
    """Wraps another link and injects ``faults``, which may be changed while it runs."""

    def __init__(self, inner: Link, faults: Faults, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(inner)
        self._clock = clock
        self._waiting: deque[tuple[float, bytes]] = deque()
        self.told_out = self.told_in = 0
        """Bytes that its user was told have left, or was given, since it was made."""
        self.faults = faults

    @property
    def faults(self) -> Faults:
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        """Places count from here on; what is on its way stays on its way."""
        self._faults = faults
        self.received = self.written = self.pieces_read = self.pieces_written = self.replaced = 0
        self._cut = False

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, data: bytes, timeout_seconds: float) -> int:
        if self._faults.held:
            arrived = self._inner.read(timeout_seconds)
            if arrived:
                self._arrive(arrived)
            return 0
        sent = self._write(data, timeout_seconds)
        self.told_out += sent
        return sent

    def _write(self, data: bytes, timeout_seconds: float) -> int:
        left = self._faults.cut_after_written
        if left is not None and left < len(data):
            if left:
                self._send(data[:left], timeout_seconds)
            self._faults.cut_after_written = 0
            raise LinkLost(f"{self.name}: cut after {left} bytes")
        if left is not None:
            self._faults.cut_after_written = left - len(data)
        return self._send(data, timeout_seconds)

    def _send(self, data: bytes, timeout_seconds: float) -> int:
        sent = self._inner.write(data, timeout_seconds)
        if self.pieces_written == self._faults.repeat_write_piece:
            self._inner.write(data, timeout_seconds)
        self.pieces_written += 1
        self.written += sent
        if self._faults.echo:
            self._waiting.append((self._clock(), data[:sent]))
        return sent

    # --- reading -----------------------------------------------------------------------------------------------

    def read(self, timeout_seconds: float) -> bytes:
        data = self._read(timeout_seconds)
        self.told_in += len(data)
        return data

    def _read(self, timeout_seconds: float) -> bytes:
        until = self._clock() + timeout_seconds
        while True:
            data = self._due()
            if data:
                return data
            if self._cut:
                raise LinkLost(f"{self.name}: cut while an answer came")
            now = self._clock()
            wait = max(0.0, min([until, *(at for at, _ in self._waiting)]) - now)
            arrived = self._inner.read(wait)
            if arrived:
                self._arrive(arrived)
            elif now >= until:
                return self._due()

    def _due(self) -> bytes:
        now, data = self._clock(), b""
        while self._waiting and self._waiting[0][0] <= now:
            data += self._waiting.popleft()[1]
        return data

    def _arrive(self, data: bytes) -> None:
        """One piece from the line becomes what the driver will read of it, and when."""
        faults, start = self._faults, self.received
        self.received += len(data)
        cut = faults.cut_after_read
        if cut is not None and self.received > cut:
            data, self._cut = data[: max(0, cut - start)], True
        data = self._changed(data, start)
        if self.pieces_read == faults.repeat_read_piece:
            data += data
        self.pieces_read += 1
        if data:
            self._schedule(data, start)

    def _changed(self, data: bytes, start: int) -> bytes:
        faults = self._faults
        if faults.silent or (faults.silent_after is not None and start + len(data) > faults.silent_after):
            kept = 0 if faults.silent else max(0, (faults.silent_after or 0) - start)
            data = data[:kept]
        if faults.instead is not None and data:
            return self._replaced(data, faults.instead)
        changed = bytearray(data)
        if faults.flip_bit_at is not None and start <= faults.flip_bit_at < start + len(data):
            changed[faults.flip_bit_at - start] ^= faults.flip_mask
        if faults.lose_at is not None:
            first = max(0, faults.lose_at - start)
            del changed[first : max(first, faults.lose_at + faults.lose_count - start)]
        if faults.noise_at is not None and start <= faults.noise_at < start + len(data):
            at = faults.noise_at - start
            changed[at:at] = faults.noise
        return bytes(changed) + (faults.behind if changed else b"")

    def _replaced(self, data: bytes, instead: bytes) -> bytes:
        of = self._faults.instead_of
        if of is None:
            return instead
        data, count = of.subn(lambda _: instead, data)
        self.replaced += count
        return data

    def _schedule(self, data: bytes, start: int) -> None:
        faults, now = self._faults, self._clock()
        earliest = max(now, self._waiting[-1][0]) if self._waiting else now
        if faults.late_after is not None and start + len(data) > faults.late_after:
            kept = max(0, faults.late_after - start)
            if data[:kept]:
                self._waiting.append((earliest, data[:kept]))
            faults.late_after = None
            earliest, data = max(earliest, now + faults.late_seconds), data[kept:]
        if not faults.seconds_per_byte:
            self._waiting.append((earliest, data))
            return
        for byte in data:
            earliest += faults.seconds_per_byte
            self._waiting.append((earliest, bytes([byte])))
