"""An EBDS validator as a CounterfeitDetector: it looks at one note and always gives it back.

Withholding is an act of two people, so the stack bit is never sent from here. A note the machine turns away by itself
is "unrecognised": a reject is never proof of forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from devices.contracts import (
    Cancel,
    Capabilities,
    DeviceIdentity,
    DeviceKind,
    DeviceState,
    IdentityKind,
    NoteClass,
    NoteReading,
    Progress,
)
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.base import Link
from devices.wire import ebds
from devices.wire.ebds import State

ANSWER_SECONDS = 0.3
POLL_SECONDS = 0.1
INSPECT_SECONDS = 60.0
RETURN_SECONDS = 10.0
TRIES = 4

CLASSES = {
    0: NoteClass.UNRECOGNISED,
    1: NoteClass.UNRECOGNISED,
    2: NoteClass.COUNTERFEIT_SUSPECTED,
    3: NoteClass.SUSPECT,
    4: NoteClass.GENUINE,
}


class EbdsDetector:
    """Driver of one detector; used on its worker's thread only."""

    kind = DeviceKind.COUNTERFEIT_DETECTOR
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.SERIAL_NUMBER)

    def __init__(self, device_id: str, clock: Clock) -> None:
        self.device_id = device_id
        self._clock = clock
        self._link: Link | None = None
        self._decoder = ebds.EbdsDecoder()
        self._ack = 0
        self._frames = hashlib.sha256()

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, ebds.EbdsDecoder()

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask the serial number; it has no effect on notes.

        A machine that last heard our acknowledge number repeats its old answer to it, whatever that was: the second
        question then has the other number and is answered for itself. This is also how both come back into step.
        """
        for _ in range(2):
            answer = self._ask(lambda ack: ebds.auxiliary(ack, ebds.AUX_SERIAL_NUMBER))
            if isinstance(answer, ebds.AuxiliaryReply):
                return DeviceIdentity(IdentityKind.SERIAL_NUMBER, answer.text)
            if isinstance(answer, DeviceError):
                return answer
        return DeviceIdentity(IdentityKind.NONE)

    def idle(self) -> DeviceState | DeviceError:
        """Poll with every denomination off, so that no note is drawn in while nobody asks; one that was drawn in
        just before a wait ended is given back."""
        answer = self._ask(lambda ack: ebds.omnibus(ack, denominations=0))
        if isinstance(answer, DeviceError):
            return answer
        if _holds_note(answer) and not self._give_back():
            return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", "a note is held"),))
        return _trouble(answer) or DeviceState.READY

    def resync(self) -> DeviceError | None:
        """Drain, then ask again who is there."""
        while self._link is not None and self._link.read(0.1):
            pass
        self._decoder = ebds.EbdsDecoder()
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError:
        """Wait for a note, read its class, give it back, and only then answer."""
        in_step = self.identify()  # else the last note's answer, repeated, could be taken for this note's
        if isinstance(in_step, DeviceError):
            return in_step
        self._frames = hashlib.sha256()
        until = self._clock() + INSPECT_SECONDS
        while self._clock() < until:
            if cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
            found = self._look(reading_id)
            if found is not None:
                return found
            self._pause()
        return DeviceError(DeviceErrorCode.NO_NOTE)

    def _look(self, reading_id: str) -> NoteReading | DeviceError | None:
        answer = self._ask(ebds.omnibus)
        if isinstance(answer, DeviceError):
            return answer
        trouble = _trouble(answer)
        if trouble is not None:
            return trouble  # before anything it claims besides: rejected and jammed at once is jammed
        if isinstance(answer, ebds.ExtendedNote):
            returned = self._give_back()
            return self._reading(reading_id, answer, returned)
        if isinstance(answer, ebds.StandardReply) and answer.state & State.REJECTED:
            return self._reading(reading_id, None, returned=True)
        return None

    def _give_back(self) -> bool:
        until = self._clock() + RETURN_SECONDS
        while self._clock() < until:
            answer = self._ask(lambda ack: ebds.omnibus(ack, denominations=0, give_back=True))
            if isinstance(answer, DeviceError) or _trouble(answer) is not None:
                return False
            if isinstance(answer, ebds.StandardReply) and answer.state & State.RETURNED:
                return True
            self._pause()
        return False

    def _reading(self, reading_id: str, note: ebds.ExtendedNote | None, returned: bool) -> NoteReading:
        """A note that the machine could not identify has no worth, whatever its reply says beside that."""
        raw = note.classification if note else 0
        note_class = CLASSES.get(raw, NoteClass.UNRECOGNISED)
        known = note if note_class is not NoteClass.UNRECOGNISED else None
        return NoteReading(
            reading_id=reading_id,
            device_id=self.device_id,
            note_class=note_class,
            currency=known.currency if known else "",
            denomination_minor=known.value * 100 if known else 0,
            raw_class=raw,
            frames_digest=self._frames.hexdigest(),
            returned=returned,
        )

    def _pause(self) -> None:
        self._read(POLL_SECONDS)

    def _ask(self, make: Callable[[int], bytes]) -> ebds.Message | DeviceError:
        """One message with a fresh acknowledge number; polls are repeated with the same number, never acts anew."""
        self._ack ^= 1
        frame = make(self._ack)
        for _ in range(TRIES):
            self._write(frame)
            until = self._clock() + ANSWER_SECONDS
            while self._clock() < until:
                for message in self._read(0.05):
                    if not isinstance(message, ebds.BadFrame) and getattr(message, "ack", None) == self._ack:
                        return message
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "poll"),))

    def _read(self, timeout_seconds: float) -> list[ebds.Message]:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        self._frames.update(data)
        return list(self._decoder.receive(data)) if data else []

    def _write(self, data: bytes) -> None:
        if self._link is None or self._link.write(data, 1.0) != len(data):
            raise LinkLost("write")


def _holds_note(answer: ebds.Message) -> bool:
    if isinstance(answer, ebds.StandardReply):
        return bool(answer.state & State.ESCROWED)
    return isinstance(answer, ebds.ExtendedNote)


def _trouble(answer: ebds.Message) -> DeviceError | None:
    if not isinstance(answer, ebds.StandardReply | ebds.ExtendedNote):
        return None
    trouble = answer.state & (State.JAMMED | State.FAILURE | State.CHEATED)
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", str(trouble)),)) if trouble else None
