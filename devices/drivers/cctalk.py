"""A ccTalk banknote validator as a CounterfeitDetector: it looks at one note and always gives it back.

Source: note-protocols §1.5, §1.6. Withholding is an act of two people, so the route "stack" is never sent, and a
validator that does not confirm escrow mode is never opened: without it every note it likes would be stacked. A note it
turns away is "unrecognised": a reject is never proof of forgery.

What an answer belongs to is told by nothing in it: a question goes out only on a line that is quiet, and after a
failed try everything late is read away first. Silence while the bill table is read ends the reading: a late answer
taken for the next entry would give every note behind it another's worth. Routing is asked again only while the event
log says that the note still lies in escrow, so that the first asking had no effect.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

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
from devices.wire import cctalk
from devices.wire.cctalk import BillEvent, Check, EventCode, Header
from devices.wire.cctalk_cipher import CipherKey

TRIES = 3
ANSWER_SECONDS = 0.4
GAP_SECONDS = 0.05
POLL_SECONDS = 0.2
INSPECT_SECONDS = 60.0
RETURN_SECONDS = 10.0
ROUTE_AGAIN_SECONDS = 2.0
SETTLE_SECONDS = 3.0
"""A note that was on its way in when the machine was blocked shows itself within that time (no source: flag G)."""
QUIET_SECONDS, DRAIN_SECONDS = 0.3, 1.0
LOOK_SECONDS = 0.05

_REJECTS = {
    EventCode.INVALID_VALIDATION,
    EventCode.INVALID_TRANSPORT,
    EventCode.INHIBITED_SERIAL,
    EventCode.INHIBITED_SWITCH,
}
_REFUSALS: dict[int, str] = {Header.NAK: "NAK", Header.BUSY: "BUSY"}
_GOOD = {
    EventCode.RETURNED,
    EventCode.STACKER_OK,
    EventCode.STACKER_INSERTED,
    EventCode.BARCODE_READ,
} | _REJECTS


@dataclass(frozen=True)
class _Bill:
    """What a bill type is worth."""

    currency: str
    minor: int


class CctalkDetector:
    """Driver of one validator with the simple check; used on its worker's thread only."""

    kind = DeviceKind.COUNTERFEIT_DETECTOR
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.SERIAL_NUMBER)
    check = Check.SIMPLE

    def __init__(self, device_id: str, clock: Clock, key: str = "") -> None:
        """``key``: the six digits of an enciphering validator (CRC variant only); "" speaks in clear."""
        self.device_id = device_id
        self._clock = clock
        self._codec = cctalk.Codec(self.check, CipherKey.of(key) if key else None)
        self._link: Link | None = None
        self._decoder = cctalk.CctalkDecoder(self._codec)
        self._frames = hashlib.sha256()
        self._forget()

    def _forget(self) -> None:
        """Nothing is known of the validator any more."""
        self._bills: dict[int, _Bill] | None = None
        self._counter: int | None = None
        self._held = self._opened = False
        self._trouble = ""
        self._told_trouble = False
        self._polled = self._settled = float("-inf")

    @property
    def enciphers(self) -> bool:
        """Whether what it says and hears is under a key."""
        return self._codec.key is not None

    def attach(self, link: Link) -> None:
        self._link, self._decoder = link, cctalk.CctalkDecoder(self._codec)
        self._forget()

    def identify(self) -> DeviceIdentity | DeviceError:
        """A bill acceptor by its category, then its serial number; neither moves anything."""
        category = self._ask(Header.CATEGORY, length=None)
        if isinstance(category, DeviceError):
            return category
        found = category.decode("ascii", "replace")
        if found.replace("_", " ").casefold() != "bill acceptor":
            return DeviceError(
                DeviceErrorCode.WRONG_DEVICE, (("expected", "Bill Acceptor"), ("found", found))
            )
        serial = self._ask(Header.SERIAL, length=cctalk.SERIAL_BYTES)
        if isinstance(serial, DeviceError):
            return serial
        return DeviceIdentity(IdentityKind.SERIAL_NUMBER, str(int.from_bytes(serial, "little")))

    def idle(self) -> DeviceState | DeviceError:
        """Poll, blocked: no note is drawn in while nobody asks, and one that was is given back."""
        if self._bills is not None and self._clock() - self._polled < POLL_SECONDS:
            return self._state()
        ready = self._set_up() if self._bills is None else self._block()
        if ready is not None:
            return ready
        found = self._poll()
        if isinstance(found, DeviceError):
            return found
        if self._trouble and self._told_trouble:
            self._check_trouble()
        for event in found:
            self._apply(event)
        self._told_trouble = bool(self._trouble)
        if self._held and not self._give_back() and not self._trouble:
            return _fault("a note is held")
        return self._state()

    def resync(self) -> DeviceError | None:
        """Read away what is late, then ask again who is there."""
        self._drain()
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError:
        """Open, wait for a note, read its type, give it back, close, and only then answer."""
        self._frames = hashlib.sha256()
        ready = self._make_ready(cancel)
        if ready is not None:
            return ready
        self._opened = True
        opened = self._ask(Header.MASTER_INHIBIT, cctalk.NORMAL)
        found = opened if isinstance(opened, DeviceError) else self._watch(reading_id, cancel)
        self._block()  # if this fails, idle goes on asking, and 5 s of silence block the validator by itself
        return found

    # --- one inspection ---------------------------------------------------------------------------------------

    def _make_ready(self, cancel: Cancel) -> DeviceError | None:
        """Set up and confirmed anew, no trouble, and no note of before in escrow or on its way there: what was drawn
        in for another wait must not be read for this one, and no state tells that a note is on its way."""
        ready = self._set_up() if self._bills is None else self._confirm_escrow()
        while ready is None:
            ready = self._stand_by()
            if ready is None and self._clock() >= self._settled:
                return None
            if ready is None and cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
            self._read(LOOK_SECONDS)
        return ready

    def _stand_by(self) -> DeviceError | None:
        """Poll once, blocked; a note in escrow goes back unread. Trouble that stood before has been told already."""
        if self._trouble:
            self._check_trouble()
        found = self._poll()
        if isinstance(found, DeviceError):
            return found
        for event in found:
            self._apply(event)
        if self._held and not self._give_back():
            return _fault(self._trouble or "a note is held")
        return _fault(self._trouble) if self._trouble else None

    def _watch(self, reading_id: str, cancel: Cancel) -> NoteReading | DeviceError:
        until = self._clock() + INSPECT_SECONDS
        while self._clock() < until:
            if cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
            if self._clock() - self._polled < POLL_SECONDS:
                self._read(LOOK_SECONDS)
                continue
            news = self._poll()
            found = news if isinstance(news, DeviceError) else self._look(reading_id, news)
            if found is not None:
                return found
        return DeviceError(DeviceErrorCode.NO_NOTE)

    def _look(self, reading_id: str, news: tuple[BillEvent, ...]) -> NoteReading | DeviceError | None:
        """The first note of the news is the one asked about; whatever lies in escrow at their end goes back."""
        for event in news:
            self._apply(event)
        notes = [one for one in news if one.is_escrow or one.code in _REJECTS]
        blocked = self._block() if notes or self._trouble else None
        returned = not self._held or self._give_back()
        if self._trouble:
            return _fault(self._trouble)
        if notes:
            return self._reading(reading_id, notes[0], returned)
        if any(one.code is EventCode.MASTER_INHIBIT for one in news):
            opened = self._ask(Header.MASTER_INHIBIT, cctalk.NORMAL)
            return opened if isinstance(opened, DeviceError) else None
        return blocked

    def _reading(self, reading_id: str, event: BillEvent, returned: bool) -> NoteReading:
        """``raw_class`` is the event's two bytes: 0301 type 3 in escrow, 0002 turned away by validation."""
        bill = (self._bills or {}).get(event.first) if event.is_escrow else None
        return NoteReading(
            reading_id=reading_id,
            device_id=self.device_id,
            note_class=NoteClass.GENUINE if bill is not None else NoteClass.UNRECOGNISED,
            currency=bill.currency if bill else "",
            denomination_minor=bill.minor if bill else 0,
            raw_class=event.first << 8 | event.second,
            frames_digest=self._frames.hexdigest(),
            returned=returned,
        )

    def _give_back(self) -> bool:
        """True when the log told that the note was returned."""
        until, asked, empty = self._clock() + RETURN_SECONDS, float("-inf"), False
        while self._clock() < until:
            if not empty and self._clock() - asked >= ROUTE_AGAIN_SECONDS:
                asked = self._clock()
                answer = self._once(Header.ROUTE, cctalk.RETURN_BILL)
                empty = isinstance(answer, cctalk.Frame) and answer.data == bytes([cctalk.ESCROW_EMPTY])
            news = self._poll()
            if isinstance(news, DeviceError):
                return False
            for event in news:
                self._apply(event)
            if not self._held:
                return not self._trouble
            self._read(POLL_SECONDS)
        self._held = not empty
        return False

    # --- what the validator tells -----------------------------------------------------------------------------

    def _poll(self) -> tuple[BillEvent, ...] | DeviceError:
        """The news, oldest first. A restart or a hole in the log is an error, and the set-up is done anew."""
        answer = self._ask(Header.EVENTS, length=cctalk.EVENT_BYTES)
        if isinstance(answer, DeviceError):
            return answer
        self._polled = self._clock()
        log = cctalk.read_events(answer)
        seen, self._counter = self._counter, log.counter
        if seen is None:
            return _standing(log)
        news = cctalk.news(log, seen)
        if news.restarted or news.lost:
            self._bills = None
            self._held = not news.restarted and log.events[0].is_escrow
        if news.restarted:
            return _fault("restarted")
        return _fault(f"events lost: {news.lost}") if news.lost else news.events

    def _apply(self, event: BillEvent) -> None:
        """Keep what an event leaves behind: a note in escrow, or trouble until something good is told."""
        if event.is_escrow:
            self._held, self._trouble = True, ""
        elif event.is_credit or event.code is EventCode.UNKNOWN_TYPE_STACKED:
            self._held, self._trouble = False, "a note was stacked"
        elif event.code in _GOOD:
            self._trouble = ""
            if event.code is EventCode.RETURNED:
                self._held = False
        elif event.code is not EventCode.MASTER_INHIBIT:
            self._trouble = event.words

    def _check_trouble(self) -> None:
        """Ask whether the trouble still stands; fault code 0 is the only one that says no."""
        answer = self._ask(Header.SELF_CHECK, length=None)
        if not isinstance(answer, DeviceError) and answer[:1] == b"\0":
            self._trouble = ""

    def _state(self) -> DeviceState | DeviceError:
        return _fault(self._trouble) if self._trouble else DeviceState.READY

    # --- set-up -----------------------------------------------------------------------------------------------

    def _set_up(self) -> DeviceError | None:
        """Block, learn the bill table, let every type in, and make sure of escrow."""
        self._opened = True
        blocked = self._block()
        if blocked is not None:
            return blocked
        bills = self._read_bills()
        if isinstance(bills, DeviceError):
            return bills
        wrong = self._confirm_escrow()
        if wrong is None:
            self._bills = bills
        return wrong

    def _confirm_escrow(self) -> DeviceError | None:
        """Let every type in, and stop each in escrow: said before every note, for a machine that restarted with its
        event counter at 0 cannot be told from one that did not."""
        let_in = self._ask(Header.INHIBITS, cctalk.ALL_BILLS)
        if isinstance(let_in, DeviceError):
            return let_in
        mode = bytes([cctalk.MODE_STACKER | cctalk.MODE_ESCROW])
        answer = self._ask(Header.MODE, mode)
        if isinstance(answer, DeviceError):
            return answer
        told = self._ask(Header.READ_MODE, length=1)
        if isinstance(told, DeviceError):
            return told
        if not told[0] & cctalk.MODE_ESCROW:
            return DeviceError(DeviceErrorCode.UNSUPPORTED, (("what", "escrow"),))
        return None

    def _read_bills(self) -> dict[int, _Bill] | DeviceError:
        bills: dict[int, _Bill] = {}
        scalings: dict[str, cctalk.Scaling] = {}
        for number in range(1, cctalk.BILL_TYPES + 1):
            answer = self._entry(Header.BILL_ID, bytes([number]), cctalk.BILL_ID_BYTES)
            if isinstance(answer, DeviceError):
                return answer
            bill = cctalk.read_bill_id(answer)
            currency = cctalk.CURRENCIES.get(bill.country, "") if bill else ""
            if bill is None or not currency:
                continue
            if bill.country not in scalings:
                scaling = self._entry(Header.SCALING, bill.country.encode(), cctalk.SCALING_BYTES)
                if isinstance(scaling, DeviceError):
                    return scaling
                scalings[bill.country] = cctalk.read_scaling(scaling)
            bills[number] = _Bill(currency, scalings[bill.country].minor(bill.value))
        return bills

    def _entry(self, header: Header, data: bytes, length: int) -> bytes | DeviceError:
        return self._ask(header, data, length, again_if_silent=False)

    def _block(self) -> DeviceError | None:
        """Let no note in; asked only while it may be open."""
        if not self._opened:
            return None
        answer = self._ask(Header.MASTER_INHIBIT, cctalk.INHIBITED)
        if isinstance(answer, DeviceError):
            return answer
        self._opened, self._settled = False, self._clock() + SETTLE_SECONDS
        return None

    # --- the line ---------------------------------------------------------------------------------------------

    def _ask(
        self, header: Header, data: bytes = b"", length: int | None = 0, again_if_silent: bool = True
    ) -> bytes | DeviceError:
        """A question or a setting, up to three times: asked twice it leaves the same state as asked once. An answer
        of another length belongs to another question."""
        problem = DeviceError(DeviceErrorCode.TIMEOUT, (("command", header.name.lower()),))
        for attempt in range(TRIES):
            found = self._once(header, data)
            if isinstance(found, cctalk.Frame):
                if found.header == Header.ANSWER and length in (None, len(found.data)):
                    if attempt:
                        self._drain()
                    return found.data
                problem = _fault(_REFUSALS.get(found.header, f"answer {found.header}"))
            elif isinstance(found, cctalk.BusFault):
                problem = _fault("bus: echo differs")
            self._drain()
            if found is None and not again_if_silent:
                return problem
        return problem

    def _once(self, header: Header, data: bytes) -> cctalk.Message | None:
        """Say it once on a quiet line; the first whole answer, what went wrong with it, or None for silence."""
        self._read(0.0)
        frame = self._codec.request(header, data)
        self._decoder.sent(frame)
        if self._link is None or self._link.write(frame, 1.0) != len(frame):
            raise LinkLost("write")
        until = self._clock() + ANSWER_SECONDS
        while self._clock() < until:
            heard = self._read(GAP_SECONDS)
            if not heard:
                half = self._decoder.gap()
                if half is not None:
                    return half
            for message in self._decoder.receive(heard):
                if not isinstance(message, cctalk.Echo) and not _of_others(message):
                    return message
        return None

    def _drain(self) -> None:
        """Read away what comes late, until the line is quiet."""
        until = self._clock() + DRAIN_SECONDS
        while self._clock() < until and self._read(QUIET_SECONDS):
            pass

    def _read(self, timeout_seconds: float) -> bytes:
        if self._link is None:
            raise LinkLost("not attached")
        data = self._link.read(timeout_seconds)
        self._frames.update(data)
        return data


class CctalkCrc16Detector(CctalkDetector):
    """Driver of one validator with the CRC, in clear or enciphered."""

    check = Check.CRC16


def _fault(raw: str) -> DeviceError:
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", raw),))


def _of_others(message: cctalk.Message) -> bool:
    """Another machine's frame on the same wire."""
    return isinstance(message, cctalk.BadFrame) and message.reason == "address"


def _standing(log: cctalk.EventLog) -> tuple[BillEvent, ...]:
    """Of a log first seen only its newest event still stands, and of bills only one in escrow; the rest is history
    that another host has dealt with."""
    newest = log.events[0]
    return () if log.counter == 0 or newest.is_credit else (newest,)
