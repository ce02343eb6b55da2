"""A CCNET bill validator as a CounterfeitDetector: it looks at one note and always gives it back.

Withholding is an act of two people, so STACK is never sent from here and every type stops in escrow. A note that
reached escrow is one the machine authenticated; a note it turns away is "unrecognised" with the machine's reason as
raw class: a reject is never proof of forgery. RETURN is sent each time the machine itself says that the note is in
escrow, and never because an answer was missing. A machine that stacked a note all the same is at fault until its
cassette was taken out.
"""

from __future__ import annotations

import hashlib

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
from devices.wire import ccnet
from devices.wire.ccnet import Command, PollAnswer, State

ANSWER_SECONDS = 0.5
QUIET_SECONDS = 0.05
AFTER_ACK_SECONDS = 0.02
POLL_SECONDS = 0.1
REST_SECONDS = 15.0
INSPECT_SECONDS = 60.0
RETURN_SECONDS = 10.0
TRIES = 3

_BUSY = frozenset({State.RETURNING, State.REJECTING, State.BUSY, State.BILL_RETURNED, State.ACCEPTING})
_STARTING = frozenset({State.INITIALIZE})
_HELD = frozenset({State.ESCROW, State.HOLDING})
_KEPT = frozenset({State.STACKING, State.BILL_STACKED, State.POWER_UP_BILL_IN_STACKER})
_RESET = frozenset({State.POWER_UP, State.POWER_UP_BILL_IN_VALIDATOR})
_REST = frozenset({State.IDLING, State.UNIT_DISABLED})
CURRENCIES = {"CHN": "CNY", "USA": "USD", "RUS": "RUB", "HKG": "HKD", "JPN": "JPY", "GBR": "GBP"}
"""The bill table names countries; machines that put a currency there are believed as they stand."""


class CcnetDetector:
    """Driver of one detector; used on its worker's thread only."""

    kind = DeviceKind.COUNTERFEIT_DETECTOR
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.SERIAL_NUMBER)

    def __init__(self, device_id: str, clock: Clock) -> None:
        self.device_id = device_id
        self._clock = clock
        self._link: Link | None = None
        self._decoder = ccnet.CcnetDecoder()
        self._table: tuple[ccnet.BillType | None, ...] = ()
        self._kept: DeviceError | None = None
        self._frames = hashlib.sha256()

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, ccnet.CcnetDecoder()
        self._table, self._kept = (), None

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask for the serial number; it has no effect on notes."""
        answer = self._ask(Command.IDENTIFICATION)
        if isinstance(answer, DeviceError):
            return answer
        found = ccnet.identification(answer)
        if found is None or not found.serial_number:
            return DeviceIdentity(IdentityKind.NONE)
        return DeviceIdentity(IdentityKind.SERIAL_NUMBER, found.serial_number)

    def idle(self) -> DeviceState | DeviceError:
        """Poll, and lead the machine one step towards rest: disabled, with no note in it."""
        answer = self._poll()
        return answer if isinstance(answer, DeviceError) else self._towards_rest(answer)

    def resync(self) -> DeviceError | None:
        """Drain, then ask again who is there."""
        while self._link is not None and self._link.read(0.1):
            pass
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError:
        """Wait for a note, see what the machine makes of it, give it back, and only then answer."""
        self._frames = hashlib.sha256()
        problem = self._come_to_rest(cancel) or self._read_table() or self._command(ccnet.enable())
        if problem is not None:
            return problem
        found = self._wait_for_note(reading_id, cancel)
        self._command(ccnet.enable(ccnet.NO_TYPES, ccnet.NO_TYPES))  # when it fails, idle does it again
        return found

    # --- towards rest ---------------------------------------------------------------------------------------

    def _come_to_rest(self, cancel: Cancel) -> DeviceError | None:
        return come_to_rest(self.idle, lambda: self._pause(POLL_SECONDS), self._clock, REST_SECONDS, cancel)

    def _towards_rest(self, answer: PollAnswer) -> DeviceState | DeviceError:
        if answer.state in _RESET:
            # With a bill in its head the machine gives it back on RESET (flag R); in the stacker's way it would stack
            # it, so that one is left to a person.
            return self._command(ccnet.encode(Command.RESET)) or DeviceState.STARTING
        if answer.state in _STARTING:
            return DeviceState.STARTING
        if answer.state in _HELD:
            return self._command(ccnet.encode(Command.RETURN)) or DeviceState.BUSY
        if answer.state is State.IDLING:
            return self._command(ccnet.enable(ccnet.NO_TYPES, ccnet.NO_TYPES)) or DeviceState.BUSY
        if answer.state in _BUSY:
            return DeviceState.BUSY
        return self._trouble(answer) or DeviceState.READY

    def _trouble(self, answer: PollAnswer) -> DeviceError | None:
        """What is wrong, None when the machine rests. A code nobody lists is a fault."""
        if answer.state is State.CASSETTE_REMOVED:
            self._kept = None
        if answer.state in _KEPT:
            self._kept = _fault(answer)
        return self._kept or (None if answer.state is State.UNIT_DISABLED else _fault(answer))

    # --- one note -------------------------------------------------------------------------------------------

    def _wait_for_note(self, reading_id: str, cancel: Cancel) -> NoteReading | DeviceError:
        until = self._clock() + INSPECT_SECONDS
        while self._clock() < until:
            if cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
            answer = self._poll()
            found = answer if isinstance(answer, DeviceError) else self._look(reading_id, answer)
            if found is not None:
                return found
            self._pause(POLL_SECONDS)
        return DeviceError(DeviceErrorCode.NO_NOTE)

    def _look(self, reading_id: str, answer: PollAnswer) -> NoteReading | DeviceError | None:
        if answer.state in _HELD:
            bill = self._bill(answer.detail) if answer.state is State.ESCROW else None
            return self._reading(reading_id, NoteClass.GENUINE, State.ESCROW, bill, self._give_back())
        if answer.state is State.REJECTING:
            reason = answer.detail or 0
            return self._reading(reading_id, NoteClass.UNRECOGNISED, reason, None, self._see_out())
        if answer.state in _RESET:
            return DeviceError(DeviceErrorCode.RESTARTED)
        if answer.state in _REST | _BUSY | _STARTING:
            return None
        return self._trouble(answer)

    def _give_back(self) -> bool:
        """RETURN, and again only while the machine says the note is still there; proved by BILL RETURNED."""
        until = self._clock() + RETURN_SECONDS
        self._command(ccnet.encode(Command.RETURN))
        while self._clock() < until:
            self._pause(POLL_SECONDS)
            answer = self._poll()
            if isinstance(answer, DeviceError) or answer.state in _KEPT:
                self._kept = self._kept if isinstance(answer, DeviceError) else _fault(answer)
                return False
            if answer.state is State.BILL_RETURNED:
                return True
            if answer.state in _HELD:
                self._command(ccnet.encode(Command.RETURN))
        return False

    def _see_out(self) -> bool:
        """Wait until a note that the machine turned away is out: it rests again."""
        until = self._clock() + RETURN_SECONDS
        while self._clock() < until:
            self._pause(POLL_SECONDS)
            answer = self._poll()
            if isinstance(answer, DeviceError) or answer.state not in _REST | _BUSY:
                return False
            if answer.state in _REST:
                return True
        return False

    def _bill(self, number: int | None) -> ccnet.BillType | None:
        return self._table[number] if number is not None and number < len(self._table) else None

    def _reading(
        self, reading_id: str, note_class: NoteClass, raw: int, bill: ccnet.BillType | None, returned: bool
    ) -> NoteReading:
        return NoteReading(
            reading_id=reading_id,
            device_id=self.device_id,
            note_class=note_class,
            currency=CURRENCIES.get(bill.country, bill.country) if bill else "",
            denomination_minor=bill.minor if bill else 0,
            raw_class=int(raw),
            frames_digest=self._frames.hexdigest(),
            returned=returned,
        )

    # --- one command ----------------------------------------------------------------------------------------

    def _read_table(self) -> DeviceError | None:
        if self._table:
            return None
        answer = self._ask(Command.GET_BILL_TABLE)
        if isinstance(answer, DeviceError):
            return answer
        self._table = ccnet.bill_table(answer) or ()
        return (
            None if self._table else DeviceError(DeviceErrorCode.BAD_FRAME, (("command", "GET_BILL_TABLE"),))
        )

    def _poll(self) -> PollAnswer | DeviceError:
        data = self._ask(Command.POLL)
        if isinstance(data, DeviceError):
            return data
        return ccnet.poll_answer(data) or DeviceError(DeviceErrorCode.BAD_FRAME, (("raw", data.hex(" ")),))

    def _ask(self, command: Command) -> bytes | DeviceError:
        """A question: asked again when nobody answers, and its answer acknowledged."""
        for _ in range(TRIES):
            data = self._exchange(ccnet.encode(command))
            if data is not None and data != ccnet.NAK:
                self._write(ccnet.encode(Command.ACK))
                return data
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", command.name),))

    def _command(self, frame: bytes) -> DeviceError | None:
        """A command with an effect: sent once; sent again only if the machine says it could not read it."""
        name = Command(frame[3]).name
        for _ in range(TRIES):
            data = self._exchange(frame)
            if data == ccnet.ACK:
                return None
            if data is None:
                return DeviceError(DeviceErrorCode.TIMEOUT, (("command", name),))
            if data != ccnet.NAK:
                return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", f"{name}: {data.hex(' ')}"),))
        return DeviceError(DeviceErrorCode.BAD_FRAME, (("command", name),))

    def _exchange(self, frame: bytes) -> bytes | None:
        """Send, and return the data of the answer; a damaged answer is asked for again with NAK.

        The pause lets the last ACK be digested, and a doubled answer of the last command go by."""
        self._pause(AFTER_ACK_SECONDS)
        for _ in range(TRIES):
            self._write(frame)
            answer = self._answer()
            if isinstance(answer, ccnet.Frame):
                return answer.data
            if answer is None:
                return None
            self._decoder.clear()
            frame = ccnet.encode(Command.NAK)
        return None

    def _answer(self) -> ccnet.Message | None:
        """The first good frame of our machine, else the bad frame after which it fell quiet, else None."""
        bad: ccnet.Message | None = None
        until = self._clock() + ANSWER_SECONDS
        while self._clock() < until:
            data = self._read(QUIET_SECONDS)
            for message in self._decoder.receive(data):
                if isinstance(message, ccnet.BadFrame):
                    bad = bad or message
                elif isinstance(message, ccnet.Frame) and message.address == ccnet.BILL_VALIDATOR:
                    return message
            if bad is not None and not data:
                break
        return bad

    def _read(self, timeout_seconds: float) -> bytes:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        self._frames.update(data)
        return data

    def _pause(self, seconds: float) -> None:
        """Let time pass; what arrives unasked is late and belongs to nothing."""
        until = self._clock() + seconds
        while self._clock() < until:
            self._read(until - self._clock())
        self._decoder.clear()

    def _write(self, data: bytes) -> None:
        if self._link is None or self._link.write(data, 1.0) != len(data):
            raise LinkLost("write")


def _fault(answer: PollAnswer) -> DeviceError:
    """The machine's own words: code, name, and the failing part where it names one."""
    name = answer.state.name.replace("_", " ") if answer.state is not None else "unknown state"
    part = ""
    if answer.state is State.FAILURE and answer.detail is not None:
        part = f": {ccnet.FAILURES.get(answer.detail, f'{answer.detail:02X}')}"
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", f"{answer.code:02X} {name}{part}"),))
