"""The T5040 passbook printer: rows at absolute positions, each proved by a control point of its own.

A row is believed printed only when the printer sends its control point back (passbook-printers §2.3). Whatever comes
instead (ERROR, silence, a lost line, a power cycle) leaves the rows after the last proof unknown. Nothing is re-sent.

Before a row leaves, the printer is asked the document's width (§2.2): the question draws nothing, and it is answered
only with a book in and all earlier jobs done. So a person may still say stop while the printer asks for the book, and
no late control point of an earlier job can be taken for one of this job.

A line cut inside a bit image leaves the printer counting columns: it takes the next questions for dots, and what stands
in its line buffer would be struck into the next book. So before who is there is asked, and after every Unknown, go NULs
to end any image (nothing by themselves) and ESC @. That ESC @ empties the line buffer is ESC/P's word; the T5040's own
manual was not seen to say so (unverified). It names BREAK for this, which not every line carries.

A book whose stripe was read is printed on only while it lies there. Another can only come in by way of a stop, or of a
sensor that is covered again (PAPER): either, or a line that was out, voids the reading (``_Document``). That a sensor
was uncovered does not by itself, for whether a book drawn in uncovers it was seen in no source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from devices.contracts import (
    Cancel,
    Capabilities,
    DeviceIdentity,
    DeviceKind,
    DeviceState,
    IdentityKind,
    Outcome,
    OutcomeKind,
    PreparedJob,
    PrintProgress,
    Progress,
    StripeReading,
)
from devices.driver import Clock
from devices.drivers.book_jobs import Placed, PreparesBooks, Recipe, Run, runs
from devices.errors import DeviceError, DeviceErrorCode, LinkLost, ProtocolError, of_link
from devices.forms import CELL_UNITS, PassbookForm, is_ascii
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.wire import t5040 as wire

ROW_SECONDS = 8.0
DOCUMENT_SECONDS = 120.0
IDENTIFY_SECONDS = 3.0
STRIPE_SECONDS = 20.0
PIECE_BYTES = 256
HEAD = wire.leading_edge(0) + wire.pitch(10)
"""Places count from the document's left edge, whatever the menu or another program had set."""
UNITS_PER_STEP = 3
"""ESC $ counts in 1/60 inch."""
ERASED = wire.ControlPoint(0, second=False)
"""Rows' control points begin at 101, so this one is no row's."""
MARKS = {"start": "=", "end": "?"}
"""What frames the data of format 0, DIN (§2.2); the reader also accepts the others' marks."""
CLEARING = bytes(81 * 10) + wire.RESET
"""As many NULs as the longest image has bytes (a run of Chinese in one column, 81 a character), and ESC @."""


class _Document(Enum):
    """What is known of the document in the printer."""

    NOT_READ = "not read"
    READ = "read"
    GONE = "gone"


@dataclass
class _Wait:
    """A job while it waits: rows proved so far, and until when the printer may still be silent."""

    until: float
    proved: int = 0
    needs_document: bool = False


class T5040Printer(PreparesBooks):
    """Driver of one printer; used on its worker's thread only, but for ``prepare``, which is pure."""

    kind = DeviceKind.PASSBOOK_PRINTER
    capabilities = Capabilities(proves_print=True, reads_status=True, identifies_by=IdentityKind.MODEL)

    def __init__(
        self, device_id: str, clock: Clock, forms: Mapping[str, PassbookForm], glyphs: Glyphs
    ) -> None:
        self.device_id = device_id
        self._clock, self._forms, self._glyphs = clock, forms, glyphs
        self._link: Link | None = None
        self._decoder = wire.T5040Decoder()
        self._status: int | None = None
        self._clearing = b""
        self._document = _Document.NOT_READ
        self.late = 0

    # --- preparing -----------------------------------------------------------------------------------------

    def _recipe(self, form: PassbookForm, job_id: str) -> Recipe:
        """Control points are numbered by the job, so that no two jobs in a row share one."""
        first = int(hashlib.sha256(job_id.encode()).hexdigest(), 16) % 9000 + 100

        def encode(number: int, placed: Placed) -> bytes | DeviceError:
            row = self._row(placed)
            return row if isinstance(row, DeviceError) else row + wire.control_point(first + number)

        return Recipe(HEAD, encode, wire.FORM_FEED, lambda number: str(first + number))

    def _row(self, placed: Placed) -> bytes | DeviceError:
        """Every run placed for itself: ASCII as text, anything else as a bit image."""
        data = wire.absolute_position_top(round(placed[0].y)) if placed else b""
        for one in placed:
            pitch = wire.pitch(180 // one.cell) if one.cell != CELL_UNITS else b""
            for run in runs(one, _source, frozenset()):
                encoded = self._encode(run, pitch)
                if isinstance(encoded, DeviceError):
                    return encoded
                data += wire.horizontal_position(round(run.x / UNITS_PER_STEP)) + encoded
        return data

    def _encode(self, run: Run, pitch: bytes) -> bytes | DeviceError:
        if run.source == "ascii":
            return pitch + wire.text(run.text) + (wire.pitch(10) if pitch else b"")
        columns = self._glyphs.columns(run.text)
        return columns if isinstance(columns, DeviceError) else wire.bit_image(columns)

    # --- the life of the link ------------------------------------------------------------------------------

    def attach(self, link: Link) -> None:
        self._link, self._decoder, self._status, self._clearing = link, wire.T5040Decoder(), None, b""
        self._void_reading()

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask for the unit's parameters: no effect on paper. n8 is the printer's type, not its serial number. Then
        let it handle an edge it met within a page by itself: it ejects and forgets what it had, so that no rest of a
        row comes out on the next book (a power cycle makes that manual again)."""
        self._write(CLEARING + wire.request_unit_parameters(1))
        until = self._clock() + IDENTIFY_SECONDS
        while self._clock() < until:
            for message in self._read(0.1):
                if isinstance(message, wire.UnitParameters):
                    kind = message.values[7] if len(message.values) > 7 else 0
                    self._write(wire.automatic_errors(True))
                    return DeviceIdentity(IdentityKind.MODEL, f"T5040/{kind}")
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "unit parameters"),))

    def idle(self) -> DeviceState | DeviceError:
        for _ in self._read(0.0):
            pass
        if self._status == wire.STOP:
            return DeviceError(DeviceErrorCode.STOPPED)
        return DeviceError(DeviceErrorCode.DEVICE_FAULT) if self._status == wire.ERROR else DeviceState.READY

    def resync(self) -> DeviceError | None:
        """Drain until quiet; what comes now is late and proves nothing any more."""
        while True:
            late = self._read(0.2)
            self.late += len(late)
            if not late:
                break
        if self._status == wire.STOP:
            return None  # its queue stands still until a person acts, so a question would go unanswered
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    # --- working -------------------------------------------------------------------------------------------

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        outcome = self._execute(job, progress, cancel)
        if outcome.kind is OutcomeKind.UNKNOWN:
            self._clearing = CLEARING
        if outcome.kind is not OutcomeKind.NOT_DONE:
            self._document = _Document.NOT_READ
        return outcome

    def _execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        """A book's rows go to the book that was read; a slip's line never to a book that still lies there."""
        wait, unfit = _Wait(0.0), _Document.READ if job.slip else _Document.GONE
        try:
            problem = self._document_is_in(unfit, wait, progress, cancel)
        except LinkLost as lost:
            return Outcome(OutcomeKind.NOT_DONE, 0, "the line was lost", of_link(lost))
        if problem is not None:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was sent", problem)
        try:
            return self._send(job, wait, progress) or self._await(job, wait, progress, cancel)
        except LinkLost as lost:
            return Outcome(OutcomeKind.UNKNOWN, wait.proved, "the line was lost", of_link(lost))

    def _void_reading(self) -> None:
        if self._document is _Document.READ:
            self._document = _Document.GONE

    def _taken_clearing(self) -> bytes:
        """What must go before a question that strikes the line buffer; once."""
        clearing, self._clearing = self._clearing, b""
        return clearing

    def _send(self, job: PreparedJob, wait: _Wait, progress: Progress) -> Outcome | None:
        """Write in pieces, and look between them: a printer in ERROR cancelled what it had and gets no more, or the
        rest of a row would be struck once somebody cleared it."""
        for start in range(0, len(job.payload), PIECE_BYTES):
            if not self._write_all(job.payload[start : start + PIECE_BYTES]):
                return _unknown(wait.proved, DeviceError(DeviceErrorCode.WRITE_TIMEOUT))
            problem = self._take_in(job, wait, self._read(0.0), progress)
            if problem is not None:
                return _unknown(wait.proved, problem)
        return None

    def _document_is_in(
        self, unfit: _Document, wait: _Wait, progress: Progress, cancel: Cancel
    ) -> DeviceError | None:
        """Wait for the document before anything leaves that has an effect on it: the question of its width is taken up
        once one is in. A person is given time to insert it, but not in place of a book that was read."""
        self._read(0.0)
        if self._document is unfit:
            return DeviceError(DeviceErrorCode.DOCUMENT_CHANGED)
        self._show(wait, self._status == wire.STOP, progress)
        self._write(self._taken_clearing() + wire.request_width())
        while True:
            answered = False
            for message in self._read(0.05):
                answered |= isinstance(message, wire.DocumentWidth)
                if isinstance(message, wire.GlobalStatus):
                    self._show(wait, message.status == wire.STOP, progress)
            if self._status == wire.ERROR:
                return DeviceError(DeviceErrorCode.DEVICE_FAULT)
            if self._document is unfit:
                return DeviceError(DeviceErrorCode.DOCUMENT_CHANGED)
            if answered:
                wait.until = self._clock() + ROW_SECONDS
                return None
            problem = self._given_up(wait, cancel)
            if problem is not None:
                return problem

    def _await(self, job: PreparedJob, wait: _Wait, progress: Progress, cancel: Cancel) -> Outcome:
        """Wait for each row's control point."""
        while wait.proved < len(job.unit_proofs):
            problem = self._take_in(job, wait, self._read(0.05), progress)
            if problem is None and wait.proved < len(job.unit_proofs):
                problem = self._given_up(wait, cancel)
            if problem is not None:
                return _unknown(wait.proved, problem)
        evidence = f"control points {job.unit_proofs[0]}-{job.unit_proofs[-1]}"
        return Outcome(OutcomeKind.DONE, wait.proved, evidence)

    def _take_in(
        self, job: PreparedJob, wait: _Wait, messages: Iterable[wire.Message], progress: Progress
    ) -> DeviceError | None:
        """Every message up to the last proof; the first problem ends it."""
        for message in messages:
            if wait.proved == len(job.unit_proofs):
                return None
            problem = self._judge(job, wait, message, progress)
            if problem is not None:
                return problem
        return None

    def _judge(
        self, job: PreparedJob, wait: _Wait, message: wire.Message, progress: Progress
    ) -> DeviceError | None:
        """Take one message into account; an error leaves the rows after the proved ones unknown."""
        if message == wire.ControlPoint(int(job.unit_proofs[wait.proved]), second=False):
            wait.proved += 1
            self._show(wait, False, progress)
        elif isinstance(message, wire.GlobalStatus):
            if message.status == wire.ERROR:
                return DeviceError(DeviceErrorCode.DEVICE_FAULT)
            if message.status == wire.ONLINE and not wait.needs_document:
                return DeviceError(DeviceErrorCode.RESTARTED)
            self._show(wait, message.status == wire.STOP, progress)
        elif message == wire.SpecialMessage(*wire.PAPER_SEEN):
            return DeviceError(DeviceErrorCode.DOCUMENT_CHANGED)
        return None

    def _show(self, wait: _Wait, needed: bool, progress: Progress) -> None:
        """The printer goes on, or stopped for a person: this sets how long it may be silent now."""
        wait.needs_document = needed
        wait.until = self._clock() + (DOCUMENT_SECONDS if needed else ROW_SECONDS)
        progress(PrintProgress(wait.proved, needed))

    def _given_up(self, wait: _Wait, cancel: Cancel) -> DeviceError | None:
        if cancel.is_set():
            return DeviceError(DeviceErrorCode.CANCELLED)
        return DeviceError(DeviceErrorCode.TIMEOUT) if self._clock() > wait.until else None

    # --- the stripe ----------------------------------------------------------------------------------------

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        """Read the book's stripe; the printer asks for the book when none is in."""
        self._read(0.0)
        self._document = _Document.NOT_READ
        self._write(self._taken_clearing() + wire.stripe_parameters() + wire.read_stripe())
        until = self._clock() + DOCUMENT_SECONDS
        while self._clock() < until:
            for message in self._read(0.05):
                if isinstance(message, wire.StripeData):
                    return _stripe(message)
                if isinstance(message, wire.GlobalStatus) and message.status == wire.STOP:
                    progress(PrintProgress(0, needs_document=True))
            if self._status == wire.ERROR:
                return DeviceError(DeviceErrorCode.DEVICE_FAULT)
            if cancel.is_set():
                return DeviceError(DeviceErrorCode.CANCELLED)
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "read stripe"),))

    def write_stripe(self, text: str, progress: Progress, cancel: Cancel) -> Outcome:
        """Record the stripe of the book that was read (§7.2), and have the printer read it back. Only characters 0 to
        9 and ``: ; <`` fit between the marks."""
        try:
            data = wire.write_stripe(f"{MARKS['start']}{text}{MARKS['end']}".encode("ascii"))
        except (ProtocolError, UnicodeEncodeError):
            data = b""
        if not data or not text or set(text) & set(MARKS.values()):
            wrong = DeviceError(DeviceErrorCode.UNSUPPORTED, (("stripe", "characters"),))
            return Outcome(OutcomeKind.NOT_DONE, 0, "no such stripe", wrong)
        return self._record(wire.stripe_parameters(1, 1) + data, "read back", progress, cancel)

    def erase_stripe(self, progress: Progress, cancel: Cancel) -> Outcome:
        """Erase the stripe. No answer of its own is known: a control point behind it says that it was carried out."""
        return self._record(
            wire.erase_stripe() + wire.control_point(ERASED.number), "carried out", progress, cancel
        )

    def _record(self, data: bytes, evidence: str, progress: Progress, cancel: Cancel) -> Outcome:
        """Onto the book that was read, or onto the one that lies there where none was."""
        try:
            problem = self._document_is_in(_Document.GONE, _Wait(0.0), progress, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        if problem is not None:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was sent", problem)
        return self._recorded(data, evidence, cancel)

    def _recorded(self, data: bytes, evidence: str, cancel: Cancel) -> Outcome:
        """Send once and wait for the answer."""
        until = self._clock() + STRIPE_SECONDS
        problem: DeviceError | None = None
        try:
            if not self._write_all(data):
                problem = DeviceError(DeviceErrorCode.WRITE_TIMEOUT)
            while problem is None:
                for message in self._read(0.05):
                    if isinstance(message, wire.StripeWritten):
                        return _written(message, evidence)
                    if message == ERASED:
                        return Outcome(OutcomeKind.DONE, 1, evidence)
                problem = self._stripe_given_up(until, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        self._clearing = CLEARING
        return Outcome(OutcomeKind.UNKNOWN, 0, "the old stripe, the new one, or neither", problem)

    def _stripe_given_up(self, until: float, cancel: Cancel) -> DeviceError | None:
        if self._status == wire.ERROR:
            return DeviceError(DeviceErrorCode.DEVICE_FAULT)
        if cancel.is_set():
            return DeviceError(DeviceErrorCode.CANCELLED)
        late = self._clock() > until
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "stripe"),)) if late else None

    # --- bytes ---------------------------------------------------------------------------------------------

    def _read(self, timeout_seconds: float) -> list[wire.Message]:
        if self._link is None:
            raise LinkLost("not attached")
        found = list(self._decoder.receive(self._link.read(timeout_seconds)))
        for message in found:
            self._note(message)
        return found

    def _note(self, message: wire.Message) -> None:
        """What every message says about status and document, in the order they came."""
        if isinstance(message, wire.GlobalStatus):
            self._status = message.status
            self._void_reading()
        elif isinstance(message, wire.StripeData):
            self._document = _Document.READ
        elif message == wire.SpecialMessage(*wire.PAPER_SEEN):
            self._void_reading()

    def _write_all(self, data: bytes) -> bool:
        """False when time was up: part of it, or all of it, may have left."""
        if self._link is None:
            raise LinkLost("not attached")
        return self._link.write(data, 5.0) == len(data)

    def _write(self, data: bytes) -> None:
        if not self._write_all(data):
            raise LinkLost("write timed out")


def _source(char: str) -> str:
    return "ascii" if is_ascii(char) else "dots"


def _unknown(proved: int, error: DeviceError) -> Outcome:
    return Outcome(OutcomeKind.UNKNOWN, proved, f"{proved} rows proved", error)


def _stripe(message: wire.StripeData) -> StripeReading | DeviceError:
    if message.error:
        return _unreadable(message.error)
    return StripeReading(message.data.decode("ascii", "replace").strip("=?;<:>"), message.attempts)


def _written(message: wire.StripeWritten, evidence: str) -> Outcome:
    """A stripe that does not read back holds nobody knows what."""
    if message.error:
        return Outcome(OutcomeKind.UNKNOWN, 0, "does not read back", _unreadable(message.error))
    return Outcome(OutcomeKind.DONE, 1, evidence)


def _unreadable(number: int) -> DeviceError:
    means = wire.STRIPE_ERRORS[number] if number < len(wire.STRIPE_ERRORS) else "not in the table"
    return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", str(number)), ("means", means)))
