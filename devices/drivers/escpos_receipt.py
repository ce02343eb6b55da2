"""A receipt printer: python-escpos makes the bytes, our link sends them, our reader judges the answers.

Importing python-escpos costs as much as the whole window, so only the composition root loads this module, and late. A
missing answer is not "paper present": without proof before and after, the outcome is Unknown.

A line cut in the middle leaves part of a receipt in the printer: the next customer's would come out with it. So the
first receipt after an opening or an outcome that is not Done is cut off from what is there (``TORN_OFF``).
"""

from __future__ import annotations

import hashlib
import unicodedata

from escpos.printer import Dummy

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
    Progress,
    ReceiptJob,
)
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.link.base import Link
from devices.wire import escpos_status as status

ANSWER_SECONDS = 0.5
SEND_SECONDS = 5.0
TORN_OFF = b"\n\x1d\x56\x42\x00"
"""End the line, feed to the knife and cut: GS V 66 0 (passbook-printers §8)."""
TRAINING = "*** 培训 · 无效 ***"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class EscposReceiptPrinter:
    """Driver of one receipt printer; ``prepare`` is pure, the rest runs on its worker's thread."""

    kind = DeviceKind.RECEIPT_PRINTER
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.NONE)

    def __init__(self, device_id: str, clock: Clock) -> None:
        self.device_id = device_id
        self._clock = clock
        self._link: Link | None = None
        self._torn = True

    def prepare(self, request: ReceiptJob) -> PreparedJob | DeviceError:
        printer = Dummy()
        if request.training:
            printer.set(align="center", bold=True)
            printer.text(TRAINING + "\n")
        for line in request.lines:
            printer.set(align=line.align, bold=line.emphasised)
            before = len(printer.output)
            text = _plain(line.text)
            printer.text(text + "\n")
            if printer.output[before:].count(b"?") != text.count("?"):
                return DeviceError(DeviceErrorCode.GLYPH_MISSING, (("character", "?"),))
        if request.training:
            printer.set(align="center", bold=True)
            printer.text(TRAINING + "\n")
        printer.cut()
        data = bytes(printer.output)
        digest = hashlib.sha256(data).hexdigest()
        return PreparedJob(request.job_id, self.kind, data, digest, 1, 1, (len(data),), ("status",))

    def attach(self, link: Link) -> None:
        self._link, self._torn = link, True

    def identify(self) -> DeviceIdentity | DeviceError:
        """The status answer proves that a printer is there, not which."""
        online = self._status(status.PRINTER)
        if online is None:
            return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
        return DeviceIdentity(IdentityKind.NONE)

    def idle(self) -> DeviceState | DeviceError:
        return self._ready() or DeviceState.READY

    def resync(self) -> DeviceError | None:
        while self._link is not None and self._link.read(0.1):
            pass
        found = self.identify()
        return found if isinstance(found, DeviceError) else None

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        """Proof before, bytes once, proof after."""
        outcome = self._execute(job)
        self._torn = outcome.kind is not OutcomeKind.DONE
        return outcome

    def _execute(self, job: PreparedJob) -> Outcome:
        try:
            problem = self._ready()
            if problem is not None:
                return Outcome(OutcomeKind.NOT_DONE, 0, "not ready before", problem)
        except LinkLost as lost:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was sent", _lost(lost))
        try:
            if not self._write((TORN_OFF if self._torn else b"") + job.payload):
                return Outcome(OutcomeKind.UNKNOWN, 0, "", _late())
            problem = self._ready()
        except LinkLost as lost:
            return Outcome(OutcomeKind.UNKNOWN, 0, "", _lost(lost))
        if problem is not None:
            return Outcome(OutcomeKind.UNKNOWN, 0, "no proof after", problem)
        return Outcome(OutcomeKind.DONE, 1, "online with paper before and after")

    def _write(self, data: bytes) -> bool:
        """False when time was up: part of it, or all of it, may have left."""
        if self._link is None:
            raise LinkLost("not attached")
        return self._link.write(data, SEND_SECONDS) == len(data)

    def _ready(self) -> DeviceError | None:
        online = self._status(status.PRINTER)
        paper = None if online is None else self._status(status.PAPER)
        if online is None or paper is None:
            return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
        if not status.has_paper(paper):
            return DeviceError(DeviceErrorCode.PAPER_OUT)
        return None if status.is_online(online) else DeviceError(DeviceErrorCode.STOPPED)

    def _status(self, number: int) -> int | None:
        """One question, one byte. The byte names no question, so what came before this one is thrown away first."""
        if self._link is None:
            raise LinkLost("not attached")
        while self._link.read(0.0):
            pass
        self._link.write(status.ask(number), 1.0)
        until = self._clock() + ANSWER_SECONDS
        while self._clock() < until:
            for byte in self._link.read(0.05):
                if status.is_answer(byte):
                    return byte
        return None


def _late() -> DeviceError:
    return DeviceError(DeviceErrorCode.WRITE_TIMEOUT)


def _lost(lost: LinkLost) -> DeviceError:
    return DeviceError(DeviceErrorCode.LINK_LOST, (("reason", str(lost)),))


def _plain(text: str) -> str:
    """No control and no invisible character reaches the printer."""
    return "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)
