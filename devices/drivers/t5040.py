"""The T5040 passbook printer: rows at absolute positions, each proved by a control point of its own.

A row is believed printed only when the printer sends its control point back (passbook-printers §2.3). Whatever comes
instead (ERROR, silence, a lost line, a power cycle) leaves the rows after the last proof unknown. Nothing is re-sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

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
ANSWER_SECONDS = 2.0


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
        self.late = 0

    # --- preparing -----------------------------------------------------------------------------------------

    def prepare(self, request: PassbookJob) -> PreparedJob | DeviceError:
        form = self._forms.get(request.form)
        if form is None:
            return DeviceError(DeviceErrorCode.FORM_UNKNOWN, (("form", request.form),))
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
        self._link, self._decoder, self._status = link, wire.T5040Decoder(), None

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask for the unit's parameters: no effect on paper. n8 is the printer's type, not its serial number."""
        self._write(wire.request_unit_parameters(1))
        until = self._clock() + ANSWER_SECONDS
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
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    # --- working -------------------------------------------------------------------------------------------

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        try:
            self._read(0.0)
        except LinkLost as lost:
            return _lost(lost, 0, 0)
        try:
            sent = self._write_all(job.payload)
        except LinkLost as lost:
            return _lost(lost, len(job.payload), 0)
        if sent < len(job.payload):
            return _unknown(0, DeviceErrorCode.WRITE_TIMEOUT)
        return self._await(job, progress, cancel)

    def _await(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        """Wait for each row's control point; a person is given time to insert the book."""
        proved, needs_document = 0, False
        until = self._clock() + ROW_SECONDS
        try:
            while proved < len(job.unit_proofs):
                for message in self._read(0.05):
                    if (
                        isinstance(message, wire.ControlPoint)
                        and str(message.number) == job.unit_proofs[proved]
                    ):
                        proved += 1
                        until = self._clock() + ROW_SECONDS
                        progress(PrintProgress(proved, needs_document=False))
                        if proved == len(job.unit_proofs):
                            break
                    elif isinstance(message, wire.GlobalStatus) and message.status == wire.ERROR:
                        return _unknown(proved, DeviceErrorCode.DEVICE_FAULT)
                    elif isinstance(message, wire.GlobalStatus) and message.status == wire.STOP:
                        until, needs_document = self._clock() + DOCUMENT_SECONDS, True
                        progress(PrintProgress(proved, needs_document=True))
                    elif isinstance(message, wire.GlobalStatus) and not needs_document:
                        return _unknown(proved, DeviceErrorCode.RESTARTED)
                    elif isinstance(message, wire.GlobalStatus):
                        until, needs_document = self._clock() + ROW_SECONDS, False
                        progress(PrintProgress(proved, needs_document=False))
                if self._clock() > until or cancel.is_set():
                    code = DeviceErrorCode.CANCELLED if cancel.is_set() else DeviceErrorCode.TIMEOUT
                    return _unknown(proved, code)
        except LinkLost as lost:
            return _lost(lost, len(job.payload), proved)
        return Outcome(OutcomeKind.DONE, proved, f"control points {job.unit_proofs[0]}-{job.unit_proofs[-1]}")

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        """Read the book's stripe; the printer asks for the book when none is in."""
        self._write(wire.stripe_parameters() + wire.read_stripe())
        until = self._clock() + DOCUMENT_SECONDS
        while self._clock() < until:
            for message in self._read(0.05):
                if isinstance(message, wire.StripeData):
                    return _stripe(message)
                if isinstance(message, wire.GlobalStatus) and message.status == wire.STOP:
                    progress(PrintProgress(0, needs_document=True))
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

    def _write_all(self, data: bytes) -> int:
        """Write in pieces; a piece that timed out may have left in part, so its loss counts as sent."""
        if self._link is None:
            raise LinkLost("not attached")
        for start in range(0, len(data), 256):
            piece = data[start : start + 256]
            if self._link.write(piece, 5.0) < len(piece):
                return start + 1
        return len(data)

    def _write(self, data: bytes) -> None:
        if self._write_all(data) < len(data):
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


def _unknown(proved: int, code: DeviceErrorCode) -> Outcome:
    return Outcome(OutcomeKind.UNKNOWN, proved, f"{proved} rows proved", DeviceError(code))


def _lost(lost: LinkLost, sent: int, proved: int) -> Outcome:
    error = DeviceError(DeviceErrorCode.LINK_LOST, (("reason", str(lost)),))
    kind = OutcomeKind.UNKNOWN if sent else OutcomeKind.NOT_DONE
    return Outcome(kind, proved, "the line was lost", error)


def _stripe(message: wire.StripeData) -> StripeReading | DeviceError:
    if message.error:
        return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", str(message.error)),))
    return StripeReading(message.data.decode("ascii", "replace").strip("=?;<:>"), message.attempts)
