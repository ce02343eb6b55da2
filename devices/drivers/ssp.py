"""An ITL SSP or eSSP banknote validator as a CounterfeitDetector: it looks at one note and always gives it back.

The danger of this protocol is its POLL: asked anew while a note is in escrow, it takes the note. So REJECT follows
at once on the answer that tells of a note, and whenever it is not sure that no note is held (a fresh link, a lost
answer) REJECT goes out before the first POLL; without a note it does nothing. A frame nobody answered is sent again
with the same sequence bit, which by the protocol repeats the answer and not the act.

A note that reached escrow is one the machine authenticated. A note it turns away is "unrecognised", its raw class
the machine's last reject code: a reject is never proof of forgery. A machine that kept a note, or tells of a fraud
attempt, is at fault until its cash box was taken out or its line opened again.
"""

from __future__ import annotations

import hashlib
import secrets

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
from devices.drivers.at_rest import come_to_rest
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.base import Link
from devices.wire import essp, ssp
from devices.wire.ssp import Command, Event, PollEvent, Reply

ANSWER_SECONDS = 1.0
POLL_SECONDS = 0.2
REST_SECONDS = 15.0
INSPECT_SECONDS = 60.0
RETURN_SECONDS = 10.0
TRIES = 4
DRAIN_SECONDS, QUIET_SECONDS = 1.0, 0.1
ALL_CHANNELS = b"\xff\xff"

_KEPT = frozenset({
    Event.CREDIT, Event.STACKING, Event.STACKED, Event.STORED_IN_PAYOUT, Event.CLEARED_TO_CASHBOX, Event.FRAUD,
})  # fmt: skip
_MOVING = frozenset(
    {Event.READ, Event.REJECTING, Event.REJECTED, Event.INITIALISING, Event.CLEARED_FROM_FRONT}
)
_QUIET = frozenset({Event.DISABLED, Event.CHANNELS_OFF, Event.SLAVE_RESET, Event.CASHBOX_REPLACED})

_Events = tuple[PollEvent, ...]


class SspDetector:
    """Driver of one detector; used on its worker's thread only."""

    kind = DeviceKind.COUNTERFEIT_DETECTOR
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.SERIAL_NUMBER)

    def __init__(self, device_id: str, clock: Clock) -> None:
        self.device_id = device_id
        self._clock = clock
        self._link: Link | None = None
        self._decoder = ssp.SspDecoder()
        self._session: essp.Session | None = None
        self._sequence = 0
        self._in_step = self._sure = False
        self._setup: ssp.Setup | None = None
        self._kept: DeviceError | None = None
        self._frames = hashlib.sha256()

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, ssp.SspDecoder()
        self._in_step = self._sure = False
        self._setup = self._kept = None

    def identify(self) -> DeviceIdentity | DeviceError:
        """Come into step and ask for the serial number; it has no effect on notes."""
        answer = self._ask(Command.SERIAL)
        if isinstance(answer, DeviceError):
            return answer if answer.code is DeviceErrorCode.TIMEOUT else DeviceIdentity(IdentityKind.NONE)
        number = ssp.serial_number(answer)
        if number is None:
            return DeviceIdentity(IdentityKind.NONE)
        return DeviceIdentity(IdentityKind.SERIAL_NUMBER, str(number))

    def idle(self) -> DeviceState | DeviceError:
        """Poll, give back a note that is held, and see that the machine takes none."""
        found = self._poll()
        return found if isinstance(found, DeviceError) else self._towards_rest(found)

    def resync(self) -> DeviceError | None:
        """Come into step anew, which drains the line first, and ask who is there."""
        self._in_step = self._sure = False
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError:
        """Wait for a note, see what the machine makes of it, give it back, and only then answer."""
        self._frames = hashlib.sha256()
        problem = self._come_to_rest(cancel) or self._act(Command.ENABLE)
        if problem is not None:
            return problem
        found = self._wait_for_note(reading_id, cancel)
        self._act(Command.DISABLE)  # when it fails, idle does it again
        return found

    # --- towards rest ---------------------------------------------------------------------------------------

    def _come_to_rest(self, cancel: Cancel) -> DeviceError | None:
        return come_to_rest(self.idle, self._pause, self._clock, REST_SECONDS, cancel)

    def _towards_rest(self, found: _Events) -> DeviceState | DeviceError:
        if _escrowed(found) is not None:
            return self._reject() or DeviceState.BUSY
        trouble = self._trouble(found)
        told = {one.event for one in found}
        if not told & (_MOVING | {Event.DISABLED}):
            trouble = trouble or self._act(Command.DISABLE)
            return trouble or DeviceState.BUSY
        return trouble or (DeviceState.BUSY if told & _MOVING else DeviceState.READY)

    def _trouble(self, found: _Events) -> DeviceError | None:
        """What is wrong, if anything is; a code nobody lists is a fault. Remembers a note that was kept."""
        wrong = None
        for one in found:
            if one.event is Event.SLAVE_RESET:
                self._setup = None  # it forgot its inhibits
            if one.event is Event.CASHBOX_REMOVED:
                self._kept = None
            if one.event in _KEPT:
                self._kept = _fault(one)
            elif one.event not in _MOVING | _QUIET:
                wrong = wrong or _fault(one)
        return self._kept or wrong

    def _prepare(self) -> DeviceError | None:
        """Once after each start of the machine: learn its channels and let them all be read."""
        if self._setup is not None:
            return None
        asked = self._ask(Command.HOST_PROTOCOL, bytes([ssp.PROTOCOL]))
        if isinstance(asked, DeviceError) and asked.code is DeviceErrorCode.TIMEOUT:
            return asked  # any other refusal: the machine keeps its own version, and SETUP tells which
        answer = self._ask(Command.SETUP_REQUEST)
        if isinstance(answer, DeviceError):
            return answer
        known = ssp.setup(answer)
        if known is None:
            return DeviceError(DeviceErrorCode.BAD_FRAME, (("command", "SETUP_REQUEST"),))
        problem = self._act(Command.INHIBITS, ALL_CHANNELS)
        self._setup = known if problem is None else None
        return problem

    # --- one note -------------------------------------------------------------------------------------------

    def _wait_for_note(self, reading_id: str, cancel: Cancel) -> NoteReading | DeviceError:
        until = self._clock() + INSPECT_SECONDS
        while self._clock() < until:
            if cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
            events = self._poll()
            found = events if isinstance(events, DeviceError) else self._look(reading_id, events)
            if found is not None:
                return found
            self._pause()
        return DeviceError(DeviceErrorCode.NO_NOTE)

    def _look(self, reading_id: str, found: _Events) -> NoteReading | DeviceError | None:
        channel = _escrowed(found)
        if channel is not None:
            returned = self._reject() is None and self._see_out()
            return self._reading(reading_id, NoteClass.GENUINE, Event.READ, channel, returned)
        if any(one.event is Event.SLAVE_RESET for one in found):
            self._setup = None
            return DeviceError(DeviceErrorCode.RESTARTED)
        trouble = self._trouble(found)
        if trouble is not None:
            return trouble
        told = {one.event for one in found}
        if told & {Event.REJECTING, Event.REJECTED}:
            returned = Event.REJECTED in told or self._see_out()
            return self._reading(reading_id, NoteClass.UNRECOGNISED, self._last_reject(), 0, returned)
        return None

    def _see_out(self) -> bool:
        """Wait until the machine says the note is out."""
        until = self._clock() + RETURN_SECONDS
        while self._clock() < until:
            self._pause()
            found = self._poll()
            if isinstance(found, DeviceError) or self._trouble(found) is not None:
                return False
            if any(one.event is Event.REJECTED for one in found):
                return True
        return False

    def _last_reject(self) -> int:
        answer = self._ask(Command.LAST_REJECT)
        return answer[0] if isinstance(answer, bytes) and answer else Event.REJECTED

    def _reading(
        self, reading_id: str, note_class: NoteClass, raw: int, channel: int, returned: bool
    ) -> NoteReading:
        channels = self._setup.channels if self._setup else ()
        note = channels[channel - 1] if 0 < channel <= len(channels) else None
        return NoteReading(
            reading_id=reading_id,
            device_id=self.device_id,
            note_class=note_class,
            currency=note.country if note else "",
            denomination_minor=note.minor if note else 0,
            raw_class=int(raw),
            frames_digest=self._frames.hexdigest(),
            returned=returned,
        )

    # --- one command ----------------------------------------------------------------------------------------

    def _poll(self) -> _Events | DeviceError:
        """POLL, after REJECT when a note may be held; and not before the layout of the answer is known."""
        problem = (None if self._sure else self._reject()) or self._prepare()
        if problem is not None:
            return problem
        answer = self._ask(Command.POLL)
        if isinstance(answer, DeviceError):
            return answer
        found = ssp.events(answer, self._setup.protocol if self._setup else ssp.OLDEST)
        # Behind an event that nobody lists may stand one that tells of a note.
        self._sure = found is not None and _escrowed(found) is None and all(one.event for one in found)
        return DeviceError(DeviceErrorCode.BAD_FRAME, (("raw", answer.hex(" ")),)) if found is None else found

    def _reject(self) -> DeviceError | None:
        """Give back the note in escrow. "Cannot process" is the answer of a machine that holds none."""
        answer = self._ask(Command.REJECT)
        if isinstance(answer, DeviceError) and _refusal(answer) != Reply.CANNOT_PROCESS:
            return answer
        self._sure = True
        return None

    def _act(self, command: Command, parameters: bytes = b"") -> DeviceError | None:
        answer = self._ask(command, parameters)
        return answer if isinstance(answer, DeviceError) else None

    def _ask(self, command: Command, parameters: bytes = b"") -> bytes | DeviceError:
        """What stands behind OK; a refusal or silence is an error."""
        problem = None if self._in_step else self._come_into_step()
        if problem is not None:
            return problem
        answer = self._exchange(bytes([command]) + parameters)
        if answer is not None and not self._in_step:
            return DeviceError(DeviceErrorCode.RESTARTED)
        return _behind_ok(command, answer)

    def _come_into_step(self) -> DeviceError | None:
        """SYNC, which has the sequence bit set; the next command has it clear. What is still on its way is let go
        by."""
        until = self._clock() + DRAIN_SECONDS
        while self._clock() < until and self._read(QUIET_SECONDS):
            pass
        self._session, self._sequence = None, 0
        answer = _behind_ok(Command.SYNC, self._exchange(bytes([Command.SYNC])))
        problem = answer if isinstance(answer, DeviceError) else self._agree_on_key()
        self._in_step = problem is None
        return problem

    def _agree_on_key(self) -> DeviceError | None:
        """Plain SSP has no key."""
        return None

    def _exchange(self, data: bytes) -> bytes | None:
        """A new command with a fresh sequence bit, repeated as it was while nobody answers; None: nobody did."""
        self._sequence ^= 1
        frame = ssp.encode(self._sequence, self._session.seal(data) if self._session else data)
        for _ in range(TRIES):
            # A damaged answer that ended in half a doubled byte would swallow the beginning of the next one.
            self._decoder = ssp.SspDecoder()
            self._write(frame)
            until = self._clock() + ANSWER_SECONDS
            while self._clock() < until:
                for message in self._read(0.05):
                    answer = self._ours(message)
                    if answer is not None:
                        return answer
        self._in_step = self._sure = False
        return None

    def _ours(self, message: ssp.Message) -> bytes | None:
        """The answer's data when it answers this command; everything else is late or damaged and not matched."""
        if not isinstance(message, ssp.Frame) or (message.sequence, message.address) != (self._sequence, 0):
            return None
        if self._session is None:
            return message.data
        if message.data == bytes([Reply.KEY_NOT_SET]):  # it started anew and forgot the key: so must we
            self._in_step = self._sure = False
            return message.data
        return self._session.unseal(message.data)

    def _pause(self) -> None:
        self._read(POLL_SECONDS)

    def _read(self, timeout_seconds: float) -> tuple[ssp.Message, ...]:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        self._frames.update(data)
        return self._decoder.receive(data)

    def _write(self, data: bytes) -> None:
        if self._link is None or self._link.write(data, 1.0) != len(data):
            raise LinkLost("write")


class EsspDetector(SspDetector):
    """The same behind eSSP: a key is agreed on after each SYNC and every further command is sealed. What that is
    worth is said in ``devices.wire.essp``."""

    _random_bits = staticmethod(secrets.randbits)

    def _agree_on_key(self) -> DeviceError | None:
        mine = essp.offer(self._random_bits)
        answer: bytes | DeviceError = b""
        for data in mine.commands():
            answer = _behind_ok(Command(data[0]), self._exchange(data))
            if isinstance(answer, DeviceError):
                return answer
        if not isinstance(answer, bytes) or len(answer) != 8:
            return DeviceError(DeviceErrorCode.BAD_FRAME, (("command", "KEY_EXCHANGE"),))
        self._session = essp.Session(mine.key(answer), self._random_bits)
        return None


def _behind_ok(command: Command, answer: bytes | None) -> bytes | DeviceError:
    if answer is None:
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", command.name),))
    if answer[0] == Reply.OK:
        return answer[1:]
    name = Reply(answer[0]).name if answer[0] in Reply._value2member_map_ else "unknown answer"
    raw = f"{answer[0]:02X} {name.replace('_', ' ')} to {command.name}"
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", raw),))


def _refusal(error: DeviceError) -> int | None:
    """The machine's own answer byte behind an error; None when it gave none."""
    raw = dict(error.details).get("raw")
    return int(raw[:2], 16) if raw and error.code is DeviceErrorCode.DEVICE_FAULT else None


def _escrowed(found: _Events) -> int | None:
    """The channel of a note that the next POLL would take."""
    channels = [one.channel for one in found if one.event is Event.READ]
    return channels[-1] if channels and channels[-1] else None


def _fault(one: PollEvent) -> DeviceError:
    """The machine's own words: code, name and channel."""
    name = one.event.name.replace("_", " ") if one.event is not None else "unknown event"
    channel = f" channel {one.channel}" if one.channel is not None else ""
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", f"{one.code:02X} {name}{channel}"),))
