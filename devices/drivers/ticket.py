"""A counter that prints its result as a text ticket, as a NoteCounter. UNVERIFIED for every machine: no brand's ticket
is documented (note-protocols §2.5, flag G); branch IT writes the pattern and compares it with its machine.

The machine answers nothing and is asked nothing: it prints when it has counted. So this driver only listens, knows of
no machine whether it is there, and believes a ticket only when every line is understood and its rows add up to its
total; anything else is an incomplete batch that demands a recount.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from devices.contracts import (
    Cancel,
    Capabilities,
    CountProgress,
    DeviceIdentity,
    DeviceKind,
    DeviceState,
    IdentityKind,
    NoteBatch,
    NoteRow,
    Progress,
)
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.base import Link
from devices.wire import ticket as wire
from devices.wire.ticket_pattern import TicketFlaw, load_pattern

FOLDER = Path(__file__).parents[2] / "resources" / "tickets"
LINE_SILENCE_SECONDS = 5.0
STOP_SILENCE_SECONDS = 0.5
QUIET_SECONDS = 0.3
PROGRESS_SECONDS = 0.05
MAX_WAITING = 5000


def read_pattern(name: str, folder: Path = FOLDER) -> wire.TicketPattern | TicketFlaw:
    """A pattern by the name of its file, or what is wrong with it."""
    path = folder / f"{name}.toml"
    try:
        return load_pattern(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        return TicketFlaw(path.name, f"cannot be read: {error}")


@dataclass
class _Running:
    """A ticket while it prints. ``last_line`` is when the counter was last heard, in monotonic seconds."""

    last_line: float
    tally: wire.Tally
    hasher: hashlib._Hash = field(default_factory=hashlib.sha256)


class TicketCounter:
    """Driver of one counter; used on its worker's thread only. ``pattern`` is one, or the name of a shipped file."""

    kind = DeviceKind.NOTE_COUNTER
    capabilities = Capabilities(identifies_by=IdentityKind.NONE)

    def __init__(self, device_id: str, clock: Clock, pattern: wire.TicketPattern | str = "example") -> None:
        self.device_id = device_id
        self._clock = clock
        self.pattern = _shipped(pattern) if isinstance(pattern, str) else pattern
        self._link: Link | None = None
        self._decoder = wire.TicketDecoder(self.pattern)
        self._waiting: deque[wire.Message] = deque()
        self._ordinal = 0
        self.unasked_lines = 0

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, wire.TicketDecoder(self.pattern)
        self._waiting.clear()

    def identify(self) -> DeviceIdentity | DeviceError:
        """Nothing can be asked of a printer port: an open line is all there is to know."""
        return DeviceIdentity(IdentityKind.NONE)

    def idle(self) -> DeviceState | DeviceError:
        """A ticket printed while nobody asked is kept until a batch is asked for."""
        self._waiting += self._read(0.0)
        if len(self._waiting) > MAX_WAITING:
            self._forget()
        return DeviceState.READY

    def resync(self) -> DeviceError | None:
        """Throw away the rest of a ticket that was refused."""
        quiet = self._clock() + QUIET_SECONDS
        while self._clock() < quiet:
            late = self._read(0.05)
            if late:
                self.unasked_lines += len(late)
                quiet = self._clock() + QUIET_SECONDS
        self._decoder = wire.TicketDecoder(self.pattern)
        self._forget()
        return None

    def forget(self) -> None:
        """Lines that came before anyone asked for a count are nobody's: they must not become the next person's."""
        self._waiting += self._read(0.0)
        self._waiting.clear()

    def count(self, open_id: str, progress: Progress, cancel: Cancel) -> NoteBatch | DeviceError:
        """Wait for the next ticket. Silence inside a ticket ends it as incomplete."""
        running = _Running(self._clock(), wire.Tally(self.pattern))
        last_told = running.last_line
        try:
            while True:
                ended = self._advance(open_id, running) or self._given_up(open_id, running, cancel)
                if ended is not None:
                    return ended
                if self._clock() - last_told >= PROGRESS_SECONDS:
                    last_told = self._clock()
                    progress(_progress(running.tally))
        except LinkLost as lost:
            if not running.tally.started:
                raise
            reason = (("reason", str(lost)),)
            return self._batch(open_id, running, DeviceError(DeviceErrorCode.LINK_LOST, reason))

    def _advance(self, open_id: str, running: _Running) -> NoteBatch | None:
        """Add what has come. Lines behind the end of a ticket stay for the next one."""
        for message in self._take():
            running.last_line = self._clock()
            problem = running.tally.add(message)
            if running.tally.started:
                running.hasher.update(message.line + b"\n")
            if problem:
                return self._batch(open_id, running, _error(message, problem))
            if running.tally.ended:
                return self._batch(open_id, running, None)
        return None

    def _given_up(self, open_id: str, running: _Running, cancel: Cancel) -> NoteBatch | DeviceError | None:
        """A person's stop ends a wait, or a ticket that stopped in the middle, never one that prints."""
        silent, started = self._clock() - running.last_line, running.tally.started
        if cancel.is_set() and not started:
            return DeviceError(DeviceErrorCode.CANCELLED)
        if cancel.is_set() and silent > STOP_SILENCE_SECONDS:
            return self._batch(open_id, running, DeviceError(DeviceErrorCode.CANCELLED))
        if started and silent > LINE_SILENCE_SECONDS:
            return self._batch(open_id, running, DeviceError(DeviceErrorCode.TIMEOUT))
        return None

    def _take(self) -> Iterator[wire.Message]:
        if not self._waiting:
            self._waiting.extend(self._read(0.02))
        while self._waiting:
            yield self._waiting.popleft()

    def _forget(self) -> None:
        self.unasked_lines += len(self._waiting)
        self._waiting.clear()

    def _read(self, timeout_seconds: float) -> list[wire.Message]:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        return list(self._decoder.receive(data)) if data else []

    def _batch(self, open_id: str, running: _Running, error: DeviceError | None) -> NoteBatch:
        self._ordinal += 1
        digest, tally = running.hasher.hexdigest(), running.tally
        return NoteBatch(
            batch_id=f"{open_id}-{self._ordinal}-{digest[:16]}",
            device_id=self.device_id,
            currency=self.pattern.currency,
            rows=tuple(
                NoteRow(unit, pieces) for unit, pieces in sorted(tally.rows.items(), reverse=True) if pieces
            ),
            rejected_pieces=tally.rejected or 0,
            serials=(),
            frames_digest=digest,
            complete=error is None,
            error=error,
        )


def _shipped(name: str) -> wire.TicketPattern:
    """Raises ValueError where its file has a flaw: a model that names it cannot be driven."""
    pattern = read_pattern(name)
    if isinstance(pattern, TicketFlaw):
        raise ValueError(str(pattern))
    return pattern


def _progress(tally: wire.Tally) -> CountProgress:
    return CountProgress(tally.pieces, tally.amount_minor, tally.rejected or 0)


def _error(message: wire.Message, problem: str) -> DeviceError:
    code = (
        DeviceErrorCode.BAD_FRAME if isinstance(message, wire.BadLine) else DeviceErrorCode.BATCH_INCOMPLETE
    )
    return DeviceError(code, (("reason", problem),))
