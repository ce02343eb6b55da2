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
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from devices.contracts import (
    Cancel,
    Capabilities,
    DeviceIdentity,
    DeviceKind,
    DeviceState,
    IdentityKind,
    Outcome,
    OutcomeKind,
    PassbookJob,
    PassbookRow,
    PreparedJob,
    PrintProgress,
    Progress,
    StripeReading,
)
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.forms import PassbookForm, PlacedText, lay_out, marked
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.wire import t5040 as wire

ROW_SECONDS = 8.0
DOCUMENT_SECONDS = 120.0
IDENTIFY_SECONDS = 3.0
PIECE_BYTES = 256
CLEARING = bytes(81 * 10) + wire.RESET
"""As many NULs as the longest image has bytes (a run of Chinese in one column, 81 a character), and ESC @."""


@dataclass
class _Wait:
    """A job while it waits: rows proved so far, and until when the printer may still be silent."""

    until: float
    proved: int = 0
    needs_document: bool = False


class T5040Printer:
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
        self.late = 0

    # --- preparing -----------------------------------------------------------------------------------------

    def prepare(self, request: PassbookJob) -> PreparedJob | DeviceError:
        form = self._forms.get(request.form)
        if form is None:
            return DeviceError(DeviceErrorCode.FORM_UNKNOWN, (("form", request.form),))
        if not request.rows:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("rows", "0"),))
        if not 1 <= request.page <= form.pages:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("page", str(request.page)),))
        number = int(hashlib.sha256(request.job_id.encode()).hexdigest(), 16) % 9000 + 100
        payload, ends, proofs = bytearray(), [], []
        for row in request.rows:
            encoded = self._row(form, row, request.training)
            if isinstance(encoded, DeviceError):
                return encoded
            number += 1
            payload += encoded + wire.control_point(number)
            ends.append(len(payload))
            proofs.append(str(number))
        payload += wire.FORM_FEED
        data = bytes(payload)
        return PreparedJob(
            request.job_id, self.kind, data, hashlib.sha256(data).hexdigest(), request.page,
            request.rows[0].line, tuple(ends), tuple(proofs),
        )  # fmt: skip

    def _row(self, form: PassbookForm, row: PassbookRow, training: bool) -> bytes | DeviceError:
        placed = lay_out(form, marked((row,)) if training else (row,))
        if isinstance(placed, DeviceError):
            return placed
        data = wire.absolute_position_top(placed[0].y) if placed else b""
        for one in placed:
            encoded = self._encode(one)
            if isinstance(encoded, DeviceError):
                return encoded
            data += encoded
        return data

    def _encode(self, placed: PlacedText) -> bytes | DeviceError:
        """Text in runs: ASCII as text, anything else as a bit image; every run placed for itself."""
        data, x = b"", placed.x
        for run, is_ascii in _runs(placed.text):
            data += wire.horizontal_position(round(x / 3))
            if is_ascii:
                data += wire.text(run)
                x += 18 * len(run)
                continue
            columns = self._glyphs.columns(run)
            if isinstance(columns, DeviceError):
                return columns
            data += wire.bit_image(columns)
            x += len(columns) // 3
        return data

    # --- the life of the link ------------------------------------------------------------------------------

    def attach(self, link: Link) -> None:
        self._link, self._decoder, self._status, self._clearing = link, wire.T5040Decoder(), None, b""

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask for the unit's parameters: no effect on paper. n8 is the printer's type, not its serial number."""
        self._write(CLEARING + wire.request_unit_parameters(1))
        until = self._clock() + IDENTIFY_SECONDS
        while self._clock() < until:
            for message in self._read(0.1):
                if isinstance(message, wire.UnitParameters):
                    kind = message.values[7] if len(message.values) > 7 else 0
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
        return outcome

    def _execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        wait = _Wait(0.0)
        try:
            problem = self._book_is_in(wait, progress, cancel)
        except LinkLost as lost:
            return _lost(lost, OutcomeKind.NOT_DONE, 0)
        if problem is not None:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was sent", problem)
        try:
            return self._send(job, wait, progress) or self._await(job, wait, progress, cancel)
        except LinkLost as lost:
            return _lost(lost, OutcomeKind.UNKNOWN, wait.proved)

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

    def _book_is_in(self, wait: _Wait, progress: Progress, cancel: Cancel) -> DeviceError | None:
        """Wait for the book before any row leaves; a person is given time to insert it."""
        self._read(0.0)
        self._document(wait, self._status == wire.STOP, progress)
        self._write(self._taken_clearing() + wire.request_width())
        while True:
            answered = False
            for message in self._read(0.05):
                answered |= isinstance(message, wire.DocumentWidth)
                if isinstance(message, wire.GlobalStatus):
                    self._document(wait, message.status == wire.STOP, progress)
            if self._status == wire.ERROR:
                return DeviceError(DeviceErrorCode.DEVICE_FAULT)
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
            self._document(wait, False, progress)
        elif isinstance(message, wire.GlobalStatus):
            if message.status == wire.ERROR:
                return DeviceError(DeviceErrorCode.DEVICE_FAULT)
            if message.status == wire.ONLINE and not wait.needs_document:
                return DeviceError(DeviceErrorCode.RESTARTED)
            self._document(wait, message.status == wire.STOP, progress)
        return None

    def _document(self, wait: _Wait, needed: bool, progress: Progress) -> None:
        """The printer goes on, or stopped for a person: this sets how long it may be silent now."""
        wait.needs_document = needed
        wait.until = self._clock() + (DOCUMENT_SECONDS if needed else ROW_SECONDS)
        progress(PrintProgress(wait.proved, needed))

    def _given_up(self, wait: _Wait, cancel: Cancel) -> DeviceError | None:
        if cancel.is_set():
            return DeviceError(DeviceErrorCode.CANCELLED)
        return DeviceError(DeviceErrorCode.TIMEOUT) if self._clock() > wait.until else None

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        """Read the book's stripe; the printer asks for the book when none is in."""
        self._read(0.0)
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

    def _read(self, timeout_seconds: float) -> list[wire.Message]:
        if self._link is None:
            raise LinkLost("not attached")
        found = list(self._decoder.receive(self._link.read(timeout_seconds)))
        for message in found:
            if isinstance(message, wire.GlobalStatus):
                self._status = message.status
        return found

    def _write_all(self, data: bytes) -> bool:
        """False when time was up: part of it, or all of it, may have left."""
        if self._link is None:
            raise LinkLost("not attached")
        return self._link.write(data, 5.0) == len(data)

    def _write(self, data: bytes) -> None:
        if not self._write_all(data):
            raise LinkLost("write timed out")


def _runs(text: str) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for char in text:
        is_ascii = " " <= char <= "~"
        if runs and runs[-1][1] == is_ascii:
            runs[-1] = (runs[-1][0] + char, is_ascii)
        else:
            runs.append((char, is_ascii))
    return runs


def _unknown(proved: int, error: DeviceError) -> Outcome:
    return Outcome(OutcomeKind.UNKNOWN, proved, f"{proved} rows proved", error)


def _lost(lost: LinkLost, kind: OutcomeKind, proved: int) -> Outcome:
    error = DeviceError(DeviceErrorCode.LINK_LOST, (("reason", str(lost)),))
    return Outcome(kind, proved, "the line was lost", error)


def _stripe(message: wire.StripeData) -> StripeReading | DeviceError:
    if message.error:
        return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", str(message.error)),))
    return StripeReading(message.data.decode("ascii", "replace").strip("=?;<:>"), message.attempts)
