"""A JCM ID-003 validator as a CounterfeitDetector: it looks at one note and always gives it back.

Source: note-protocols §1.2. Withholding is an act of two people, so STACK is never sent. A note the machine turns away
is "unrecognised": a reject is never proof of forgery. RETURN is sent again only while the machine says that it still
holds the note, so that the first one had no effect.

The validator tells states, not events: that a note was returned is read from RETURNING having ended in IDLING or
DISABLED, which real machines do not tell before the note was taken from the mouth (public notes on a bench unit).
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
from devices.wire import id003
from devices.wire.id003 import Answer, Command, Status

TRIES = 3
ANSWER_SECONDS = 0.3
POLL_SECONDS = 0.2
LOOK_SECONDS = 0.05
INSPECT_SECONDS = 60.0
RETURN_SECONDS = 10.0
RETURN_AGAIN_SECONDS = 2.0
START_SECONDS = 30.0
QUIET_SECONDS, DRAIN_SECONDS = 0.3, 1.0
MINOR_PER_UNIT = 100
POLL_MODE = b"\x00"

_POWER_UP = {Status.POWER_UP, Status.POWER_UP_BILL_IN_ACCEPTOR, Status.POWER_UP_BILL_IN_STACKER}
_HOLDS = {Status.ESCROW, Status.HOLDING}
_STACKS = {Status.STACKING, Status.VEND_VALID, Status.STACKED}
_GIVES_BACK = {Status.RETURNING, Status.REJECTING}
_RESTS = {Status.IDLING, Status.DISABLED}
_WORKS = {Status.ACCEPTING, Status.INITIALIZE, *_GIVES_BACK}
_WAITS = {Status.IDLING, Status.PAUSE, *_WORKS}
_SETTINGS = (
    (Command.DENOMINATIONS, b"\x00\x00"),
    (Command.SECURITY, b"\x00\x00"),
    (Command.DIRECTION, b"\x00"),
    (Command.OPTIONAL, b"\x00\x00"),
    (Command.INHIBIT, id003.INHIBIT),
    (Command.MODE, POLL_MODE),
)
"""The order of the start-up in the reference, with the inhibit on: nobody asked for a note yet."""


class Id003Detector:
    """Driver of one validator; used on its worker's thread only."""

    kind = DeviceKind.COUNTERFEIT_DETECTOR
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.MODEL)

    def __init__(self, device_id: str, clock: Clock) -> None:
        self.device_id = device_id
        self._clock = clock
        self._link: Link | None = None
        self._decoder = id003.Id003Decoder()
        self._frames = hashlib.sha256()
        self._forget()

    def _forget(self) -> None:
        """Nothing is known of the validator any more."""
        self._bills: dict[int, id003.Denomination] | None = None
        self._inhibited = False
        self._polled = float("-inf")
        self._last: DeviceState | DeviceError = DeviceState.STARTING

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, id003.Id003Decoder()
        self._forget()

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask the version text, which holds the model; it moves nothing."""
        answer = self._ask(Command.VERSION, accept=lambda one: one.code == Command.VERSION)
        if isinstance(answer, DeviceError):
            return answer
        return DeviceIdentity(IdentityKind.MODEL, answer.data.decode("ascii", "replace").strip("\0 "))

    def idle(self) -> DeviceState | DeviceError:
        """Poll, inhibited: no note is drawn in while nobody asks, and one that was is given back."""
        if self._bills is not None and self._clock() - self._polled < POLL_SECONDS:
            return self._last
        self._last = self._rest()
        return self._last

    def resync(self) -> DeviceError | None:
        """Read away what is late, then ask again who is there."""
        self._drain()
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError:
        """Open, wait for a note, read its code, give it back, close, and only then answer."""
        self._frames = hashlib.sha256()
        ready = self._make_ready(cancel)
        if ready is not None:
            return ready
        opened = self._set(Command.INHIBIT, id003.ACCEPT)
        self._inhibited = False
        found = opened if opened is not None else self._watch(reading_id, cancel)
        self._close()  # if this fails, idle sees the machine open and asks again
        return found

    # --- at rest ----------------------------------------------------------------------------------------------

    def _rest(self) -> DeviceState | DeviceError:
        if self._bills is None:
            started = self._start()
            return started if started is not None else DeviceState.READY
        answer = self._status()
        if isinstance(answer, DeviceError):
            return answer
        status = answer.status
        if status in _POWER_UP:
            self._forget()
            return DeviceState.STARTING
        if status in _HOLDS and not self._give_back():
            return _fault("a note is held")
        if status is Status.IDLING or not self._inhibited:
            closed = self._close()
            if closed is not None:
                return closed
        if status in _RESTS or status in _HOLDS:
            return DeviceState.READY
        return DeviceState.BUSY if status in _WORKS else self._trouble(answer)

    def _start(self) -> DeviceError | None:
        """From power-up, or from wherever another host left it, to inhibited and known."""
        found = self._initialise()
        if isinstance(found, DeviceError):
            return found
        closed = self._close()
        if closed is not None:
            return closed
        table = self._ask(Command.CURRENCY, accept=lambda one: one.code == Command.CURRENCY)
        if isinstance(table, DeviceError):
            return table
        self._bills = id003.read_currency(table.data)
        return _fault(found.name.lower().replace("_", " ")) if found is not None else None

    def _initialise(self) -> Status | DeviceError | None:
        """Through reset and settings until the machine runs; tells a power-up that found a note inside."""
        until, noted, set_up = self._clock() + START_SECONDS, None, False
        while self._clock() < until:
            answer = self._status()
            if isinstance(answer, DeviceError):
                return answer
            status = answer.status
            if status in _POWER_UP:
                noted = status if status is not Status.POWER_UP else noted
                wrong = self._reset()
            elif status is Status.INITIALIZE:
                wrong, set_up = (None if set_up else self._settings()), True
            else:
                return noted
            if wrong is not None:
                return wrong
            self._read(POLL_SECONDS)
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "initialize"),))

    def _reset(self) -> DeviceError | None:
        """Until ACK (note-protocols §1.2); a machine reset twice stands where one reset stands."""
        answer = self._ask(Command.RESET, accept=lambda one: one.code == id003.ACK)
        return answer if isinstance(answer, DeviceError) else None

    def _settings(self) -> DeviceError | None:
        for command, data in _SETTINGS:
            wrong = self._set(command, data)
            if wrong is not None:
                return wrong
        return None

    def _set(self, command: Command, data: bytes) -> DeviceError | None:
        """A setting is taken when it is echoed whole."""
        answer = self._ask(command, data, lambda one: one == Answer(command, data))
        return answer if isinstance(answer, DeviceError) else None

    def _close(self) -> DeviceError | None:
        wrong = self._set(Command.INHIBIT, id003.INHIBIT)
        self._inhibited = wrong is None
        return wrong

    # --- one inspection ---------------------------------------------------------------------------------------

    def _make_ready(self, cancel: Cancel) -> DeviceError | None:
        """Started, closed, with no trouble and no note of before inside or on its way: what was drawn in for another
        wait must not be read for this one."""
        ready = self._start() if self._bills is None else None
        if ready is None and not self._inhibited:
            ready = self._close()
        until = self._clock() + RETURN_SECONDS
        while ready is None:
            answer = self._status()
            ready = answer if isinstance(answer, DeviceError) else self._stand_by(answer)
            if ready is None and not isinstance(answer, DeviceError):
                if answer.status in _RESTS:
                    return None
                if cancel.is_set():
                    return DeviceError(DeviceErrorCode.CANCELLED)
                if self._clock() >= until:
                    return self._trouble(answer)
            self._read(LOOK_SECONDS)
        return ready

    def _stand_by(self, answer: Answer) -> DeviceError | None:
        """Closed; a note in escrow goes back unread."""
        if answer.status in _POWER_UP:
            return self._restarted()
        if answer.status in _HOLDS:
            return None if self._give_back() else _fault("a note is held")
        return None if answer.status in _WAITS | _RESTS else self._trouble(answer)

    def _watch(self, reading_id: str, cancel: Cancel) -> NoteReading | DeviceError:
        until = self._clock() + INSPECT_SECONDS
        while self._clock() < until:
            if cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
            if self._clock() - self._polled < POLL_SECONDS:
                self._read(LOOK_SECONDS)
                continue
            answer = self._status()
            found = answer if isinstance(answer, DeviceError) else self._look(reading_id, answer)
            if found is not None:
                return found
        return DeviceError(DeviceErrorCode.NO_NOTE)

    def _look(self, reading_id: str, answer: Answer) -> NoteReading | DeviceError | None:
        status = answer.status
        if status is Status.DISABLED:
            return self._set(Command.INHIBIT, id003.ACCEPT)
        if status is Status.REJECTING:
            return self._reading(reading_id, answer, self._given_back())
        if status in _HOLDS:
            found = self._given_back()
            return self._reading(reading_id, answer, found)
        if status in _POWER_UP:
            return self._restarted()
        return None if status in _WAITS else self._trouble(answer)

    def _given_back(self) -> bool | DeviceError:
        """Whether the note came back; a machine that did something else with it is in trouble."""
        last = self._follow_back()
        if isinstance(last, DeviceError):
            return False
        if last is None or last.status in _RESTS or last.status is Status.ACCEPTING:
            return last is not None  # who accepts the next note has let go of this one
        return self._restarted() if last.status in _POWER_UP else self._trouble(last)

    def _give_back(self) -> bool:
        return self._given_back() is True

    def _follow_back(self) -> Answer | DeviceError | None:
        """Ask for the note until the machine rests or does something else; None when time ran out."""
        until, asked = self._clock() + RETURN_SECONDS, float("-inf")
        while self._clock() < until:
            answer = self._status()
            if isinstance(answer, DeviceError):
                return answer
            if answer.status in _HOLDS and self._clock() - asked >= RETURN_AGAIN_SECONDS:
                asked = self._clock()
                self._once(Command.RETURN, b"", lambda one: one.code == id003.ACK)
            elif answer.status not in _HOLDS | _GIVES_BACK:
                return answer
            self._read(POLL_SECONDS)
        return None

    def _reading(
        self, reading_id: str, answer: Answer, returned: bool | DeviceError
    ) -> NoteReading | DeviceError:
        """``raw_class`` is status and code: 1361 escrow code 61, 1772 rejected by the magnetic sensor."""
        if isinstance(returned, DeviceError):
            return returned
        code = answer.data[0] if answer.data else 0
        bill = (self._bills or {}).get(code) if answer.status is Status.ESCROW else None
        known = bill is not None and bill.currency != ""
        return NoteReading(
            reading_id=reading_id,
            device_id=self.device_id,
            note_class=NoteClass.GENUINE if bill is not None else NoteClass.UNRECOGNISED,
            currency=bill.currency if bill else "",
            denomination_minor=bill.value * MINOR_PER_UNIT if bill and known else 0,
            raw_class=answer.code << 8 | code,
            frames_digest=self._frames.hexdigest(),
            returned=returned,
        )

    def _trouble(self, answer: Answer) -> DeviceError:
        """What is wrong, as the machine says it; an unknown status is a fault as well."""
        status = answer.status
        if status is Status.VEND_VALID:
            # The machine repeats this until ACK. It credits nothing here: a note went where none may go.
            self._write(id003.encode(Command.ACK))
        if status in _STACKS:
            return _fault("a note was stacked")
        name = status.name.lower().replace("_", " ") if status is not None else f"status {answer.code:02X}"
        return _fault(f"{name} {answer.data.hex().upper()}".strip())

    def _restarted(self) -> DeviceError:
        self._forget()
        return _fault("restarted")

    # --- the line ---------------------------------------------------------------------------------------------

    def _status(self) -> Answer | DeviceError:
        found = self._ask(Command.STATUS, accept=_tells_status)
        if isinstance(found, Answer):
            self._polled = self._clock()
        return found

    def _ask(
        self, command: Command, data: bytes = b"", accept: Callable[[Answer], bool] = lambda one: True
    ) -> Answer | DeviceError:
        """A question or a setting, up to three times: asked twice it leaves the same state as asked once."""
        problem = DeviceError(DeviceErrorCode.TIMEOUT, (("command", command.name.lower()),))
        for _ in range(TRIES):
            found = self._once(command, data, accept)
            if found is not None and found.status is Status.INVALID_COMMAND:
                return _fault(f"invalid command {command.name.lower()}")
            if found is not None and found.status is Status.COMM_ERROR:
                problem = _fault("comm error")
            elif found is not None:
                return found
            self._drain()
        return problem

    def _once(self, command: Command, data: bytes, accept: Callable[[Answer], bool]) -> Answer | None:
        """Say it once on a quiet line; the answer to it, or a complaint, or None for silence."""
        self._read(0.0)
        self._decoder = id003.Id003Decoder()
        self._write(id003.encode(command, data))
        until = self._clock() + ANSWER_SECONDS
        while self._clock() < until:
            for message in self._decoder.receive(self._read(LOOK_SECONDS)):
                if isinstance(message, Answer) and (accept(message) or message.status in _COMPLAINTS):
                    return message
        return None

    def _drain(self) -> None:
        """Read away what comes late, until the line is quiet: no answer says which question it answers."""
        until = self._clock() + DRAIN_SECONDS
        while self._clock() < until and self._read(QUIET_SECONDS):
            pass

    def _read(self, timeout_seconds: float) -> bytes:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        self._frames.update(data)
        return data

    def _write(self, data: bytes) -> None:
        if self._link is None or self._link.write(data, 1.0) != len(data):
            raise LinkLost("write")


_COMPLAINTS = {Status.COMM_ERROR, Status.INVALID_COMMAND}


def _tells_status(answer: Answer) -> bool:
    """Any answer but those to other questions; an unknown code is an answer too, and becomes a fault."""
    others = {id003.ACK, Command.VERSION, Command.BOOT_VERSION, Command.CURRENCY}
    return answer.code not in others and answer.code not in (*id003.SETTINGS, *id003.READ_SETTINGS)


def _fault(raw: str) -> DeviceError:
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", raw),))
