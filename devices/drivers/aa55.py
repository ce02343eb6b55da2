"""The "AA 55" banknote counter as a NoteCounter.

A batch runs from session start to finish. Its running totals must advance by exactly the note in each frame; any gap,
jump, bad frame or silence makes the batch incomplete: evidence that demands a recount, never money. The protocol
names no batch, so the host does: open id, ordinal, and the hash of the frames (note-protocols §2.1).
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile

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
    NoteSerial,
    Progress,
)
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.base import Link
from devices.wire import aa55

HANDSHAKE_TRIES, HANDSHAKE_SECONDS, HANDSHAKE_GAP_SECONDS = 3, 0.5, 0.1
FRAME_SILENCE_SECONDS = 5.0
STOP_SILENCE_SECONDS = 0.5
PROGRESS_SECONDS = 0.016
WAIT_SECONDS = 0.05
MINOR_PER_UNIT = 100
UNITS = frozenset({100, 50, 20, 10, 5, 1})


@dataclass
class _Running:
    """A batch while it grows. ``last_frame`` is when the counter was last heard, in monotonic seconds."""

    last_frame: float
    started: bool = False
    rows: dict[int, int] = field(default_factory=dict)
    serials: list[NoteSerial] = field(default_factory=list)
    reject_codes: list[int] = field(default_factory=list)
    pieces: int = 0
    amount: int = 0
    currency: str = ""
    hasher: hashlib._Hash = field(default_factory=hashlib.sha256)
    stacker_full: bool = False

    @property
    def frames(self) -> int:
        """Frames about notes so far, taken or rejected."""
        return self.pieces + len(self.reject_codes)


class Aa55Counter:
    """Driver of one counter; used on its worker's thread only."""

    kind = DeviceKind.NOTE_COUNTER
    capabilities = Capabilities(reads_serial_numbers=True, identifies_by=IdentityKind.NONE)

    def __init__(self, device_id: str, clock: Clock) -> None:
        self.device_id = device_id
        self._clock = clock
        self._link: Link | None = None
        self._decoder = aa55.Aa55Decoder()
        self._waiting: deque[aa55.Message] = deque()
        self._ordinal = 0
        self.unasked_frames = 0

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, aa55.Aa55Decoder()
        self._waiting.clear()

    def identify(self) -> DeviceIdentity | DeviceError:
        """The handshake echoes; it names nobody."""
        for _ in range(HANDSHAKE_TRIES):
            self._write(aa55.handshake())
            until = self._clock() + HANDSHAKE_SECONDS
            while self._clock() < until:
                for message in self._read(HANDSHAKE_GAP_SECONDS):
                    if isinstance(message, aa55.Handshake):
                        return DeviceIdentity(IdentityKind.NONE)
                    self._waiting.append(message)
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "handshake"),))

    def idle(self) -> DeviceState | DeviceError:
        """Notes run while nobody asked are remembered until a batch is asked for, up to one session."""
        self._waiting += self._read(0.0)
        if len(self._waiting) > 5000:
            self.unasked_frames += len(self._waiting)
            self._waiting.clear()
        return DeviceState.READY

    def resync(self) -> DeviceError | None:
        """Throw away what is late, then make sure the counter answers. A session that starts meanwhile is not late: it
        is the next heap, put in by somebody who did not wait, and must not vanish unseen."""
        self._waiting.clear()
        quiet = self._clock() + 0.3
        while self._clock() < quiet and not self._waiting:
            late = self._read(0.05)
            if late:
                quiet = self._clock() + 0.3
                self._waiting.extend(dropwhile(lambda one: not isinstance(one, aa55.SessionStarted), late))
                self.unasked_frames += len(late) - len(self._waiting)
        if not self._waiting:
            self._decoder = aa55.Aa55Decoder()
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def forget(self) -> None:
        """Notes that ran before anyone asked for a count are nobody's: they must not become the next person's."""
        self._waiting += self._read(0.0)
        self.unasked_frames += len(self._waiting)
        self._waiting.clear()
        self._decoder = aa55.Aa55Decoder()

    def count(self, open_id: str, progress: Progress, cancel: Cancel) -> NoteBatch | DeviceError:
        """Wait for the next batch. Silence inside a batch ends it as incomplete."""
        running = _Running(self._clock())
        told, told_at, patience = None, running.last_frame - PROGRESS_SECONDS, WAIT_SECONDS
        try:
            while True:
                ended = self._advance(open_id, running, patience) or self._given_up(open_id, running, cancel)
                if ended is not None:
                    return ended
                seen = _progress(running)
                held_back = PROGRESS_SECONDS - (self._clock() - told_at)
                patience = WAIT_SECONDS
                if (
                    seen != told and held_back > 1e-6
                ):  # less than a step of the clock would be waited for without end
                    patience = held_back
                elif seen != told:
                    told, told_at = seen, self._clock()
                    progress(seen)
        except LinkLost as lost:
            if not running.started:
                raise
            reason = (("reason", str(lost)),)
            return self._batch(open_id, running, DeviceError(DeviceErrorCode.LINK_LOST, reason))

    def _advance(self, open_id: str, running: _Running, patience_seconds: float) -> NoteBatch | None:
        """Add what has come. Frames behind the end of a batch stay for the next one."""
        for message in self._take(patience_seconds):
            running.last_frame = self._clock()
            error = _apply(running, message)
            if error is not None:
                return self._batch(open_id, running, error)
            if running.started and isinstance(message, aa55.BatchFinished) and not message.stacker_full:
                return self._batch(open_id, running, None)
        return None

    def _given_up(self, open_id: str, running: _Running, cancel: Cancel) -> NoteBatch | DeviceError | None:
        """A person's stop ends a wait or a pause, never a heap that runs; silence inside a heap ends it."""
        silent = self._clock() - running.last_frame
        if cancel.is_set() and not running.frames:
            return DeviceError(DeviceErrorCode.CANCELLED)
        if cancel.is_set() and silent > STOP_SILENCE_SECONDS:
            return self._batch(open_id, running, DeviceError(DeviceErrorCode.CANCELLED))
        if running.started and not running.stacker_full and silent > FRAME_SILENCE_SECONDS:
            return self._batch(open_id, running, DeviceError(DeviceErrorCode.TIMEOUT))
        return None

    def _take(self, patience_seconds: float) -> Iterator[aa55.Message]:
        if not self._waiting:
            self._waiting.extend(self._read(patience_seconds))
        while self._waiting:
            yield self._waiting.popleft()

    def _read(self, timeout_seconds: float) -> list[aa55.Message]:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        return list(self._decoder.receive(data)) if data else []

    def _write(self, data: bytes) -> None:
        if self._link is None or self._link.write(data, 1.0) != len(data):
            raise LinkLost("write")

    def _batch(self, open_id: str, running: _Running, error: DeviceError | None) -> NoteBatch:
        self._ordinal += 1
        digest = running.hasher.hexdigest()
        return NoteBatch(
            batch_id=f"{open_id}-{self._ordinal}-{digest[:16]}",
            device_id=self.device_id,
            currency=running.currency or "CNY",
            rows=tuple(
                NoteRow(unit * MINOR_PER_UNIT, pieces)
                for unit, pieces in sorted(running.rows.items(), reverse=True)
            ),
            rejected_pieces=len(running.reject_codes),
            serials=tuple(running.serials),
            frames_digest=digest,
            complete=error is None,
            stacker_full=running.stacker_full,
            reject_codes=tuple(running.reject_codes),
            error=error,
        )


def _progress(running: _Running) -> CountProgress:
    return CountProgress(running.pieces, running.amount * MINOR_PER_UNIT, len(running.reject_codes))


def _incomplete(reason: str) -> DeviceError:
    return DeviceError(DeviceErrorCode.BATCH_INCOMPLETE, (("reason", reason),))


def _apply(running: _Running, message: aa55.Message) -> DeviceError | None:
    """Add one message to the batch; what does not follow from the frames before it ends the batch."""
    if isinstance(message, aa55.SessionStarted):
        return _start(running, message)
    if not running.started:
        of_a_note = isinstance(message, aa55.NoteCounted | aa55.NoteRejected)
        return _incomplete("frames before the session") if of_a_note else None
    if isinstance(message, aa55.BadFrame):
        running.hasher.update(message.data)
        return DeviceError(DeviceErrorCode.BAD_FRAME, (("reason", message.reason),))
    if not isinstance(message, aa55.OfBatch):
        return None
    running.hasher.update(message.frame)
    if isinstance(message, aa55.MachineError):
        return DeviceError(DeviceErrorCode.BATCH_ERROR_CODE, (("raw", str(message.error_code)),))
    return _of_session(running, message)


def _start(running: _Running, message: aa55.SessionStarted) -> DeviceError | None:
    """A session that starts over notes already counted lost its end: those notes must not vanish unseen."""
    if running.frames:
        return _incomplete("a new session before the end of this one")
    running.started = True
    running.hasher = hashlib.sha256(message.frame)
    return None


def _of_session(running: _Running, message: aa55.Message) -> DeviceError | None:
    if isinstance(message, aa55.NoteCounted):
        return _add(running, message)
    if isinstance(message, aa55.NoteRejected):
        running.reject_codes.append(message.error_code)
        return _same_totals(running, message.total_pieces, message.total_amount)
    if isinstance(message, aa55.BatchFinished):
        running.stacker_full = message.stacker_full
        return _same_totals(running, message.total_pieces, message.total_amount)
    return None


def _add(running: _Running, note: aa55.NoteCounted) -> DeviceError | None:
    running.currency = running.currency or note.currency
    if note.denomination not in UNITS or note.currency != running.currency:
        return _incomplete("denomination or currency")
    running.stacker_full = False
    running.pieces += 1
    running.amount += note.denomination
    running.rows[note.denomination] = running.rows.get(note.denomination, 0) + 1
    running.serials.append(NoteSerial(note.denomination * MINOR_PER_UNIT, note.serial))
    return _same_totals(running, note.total_pieces, note.total_amount)


def _same_totals(running: _Running, pieces: int, amount: int) -> DeviceError | None:
    same = (running.pieces, running.amount) == (pieces, amount)
    return None if same else _incomplete("running totals do not follow")
