"""A receipt printer: python-escpos makes the bytes, our link sends them, our reader judges the answers.

Importing python-escpos costs as much as the whole window, so only the composition root loads this module, and late. A
missing answer is not "paper present". The real-time status is answered ahead of the buffer, so that it stands ready
after a job proves nothing about the job: Done needs the answer to a question that was sent behind the receipt and waits
its turn (GS r), and the printer ready after it. Without that (``proof`` "none") the outcome is Unknown: a person looks.

A line cut in the middle leaves part of a receipt in the printer: the next customer's would come out with it. So the
first receipt after an opening or an outcome that is not Done is cut off from what is there (``TORN_OFF``), once the
printer has answered a question in turn and fallen quiet: no late answer of an earlier receipt is taken for this one's.

What its own fonts lack is found while the job is prepared. ``profile`` names a python-escpos profile, ``chinese`` the
two-byte font that the model has. A line that they cannot carry is drawn as a picture, or refused.
"""

from __future__ import annotations

import hashlib
import unicodedata

from escpos.capabilities import CAPABILITIES
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
    ReceiptLine,
)
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode, LinkLost, of_link
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.wire import escpos_status as status
from devices.wire import gb18030

ANSWER_SECONDS = 0.5
SEND_SECONDS = 5.0
PIECE_BYTES = 256
PRINT_SECONDS = 20.0
QUIET_SECONDS = 1.0
CHINESE = ("none", "gb2312", "gbk", "gb18030", "gb18030-2022")
"""The two-byte fonts. Between the last two stand the ideographs that came after the edition of 2000, 𬭼 for one: which
of them a printer's own font holds cannot be asked, so that it is the old edition's unless its paper says otherwise."""
CHINESE_ON, CHINESE_OFF = b"\x1c&", b"\x1c."
PROOFS = ("gs_r", "none")
UNKNOWN_WIDTH = 384
"""Dots across the narrowest paper (58 mm), for a profile that does not say."""
TORN_OFF = b"\n\x1d\x56\x42\x00"
"""End the line, feed to the knife and cut: GS V 66 0 (passbook-printers §8)."""
TRAINING = "*** 培训 · 无效 ***"
_LEFTWARD = ("R", "AL")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class EscposReceiptPrinter:
    """Driver of one receipt printer; ``prepare`` is pure, the rest runs on its worker's thread."""

    kind = DeviceKind.RECEIPT_PRINTER
    capabilities = Capabilities(reads_status=True, identifies_by=IdentityKind.NONE)

    def __init__(
        self,
        device_id: str,
        clock: Clock,
        profile: str = "default",
        chinese: str = "gbk",
        proof: str = "gs_r",
        glyphs: Glyphs | None = None,
    ) -> None:
        """ValueError names an option that is none; the options stand in the model's manifest."""
        for value, known in ((profile, CAPABILITIES["profiles"]), (chinese, CHINESE), (proof, PROOFS)):
            if value not in known:
                raise ValueError(f"{value!r} is none of: {', '.join(known)}")
        self.device_id = device_id
        self._clock, self._profile, self._chinese, self._proof = clock, profile, chinese, proof
        self._glyphs = glyphs or Glyphs()
        self._link: Link | None = None
        self._torn = True

    # --- preparing -----------------------------------------------------------------------------------------

    def prepare(self, request: ReceiptJob) -> PreparedJob | DeviceError:
        printer = Dummy(profile=self._profile)
        mark = (ReceiptLine(TRAINING, "center", emphasised=True),) if request.training else ()
        for line in (*mark, *request.lines, *mark):
            printer.set(align=line.align, bold=line.emphasised)
            problem = self._text(printer, _plain(line.text))
            if problem is not None:
                return problem
        printer.cut()
        data = bytes(printer.output)
        digest = hashlib.sha256(data).hexdigest()
        return PreparedJob(request.job_id, self.kind, data, digest, 1, 1, (len(data),), (self._proof,))

    def _text(self, printer: Dummy, text: str) -> DeviceError | None:
        """As ASCII, else in the model's Chinese font, else in a code page of its profile, else as a picture."""
        if text.isascii():
            printer.text(text + "\n")
        elif self._chinese != "none" and all(_codable(char, self._chinese) for char in text):
            printer._raw(CHINESE_ON + _encoded(text, self._chinese) + b"\n" + CHINESE_OFF)
        elif self._in_code_pages(text):
            printer.text(text + "\n")
        else:
            return self._picture(printer, text)
        return None

    def _in_code_pages(self, text: str) -> bool:
        """Whether the profile's code pages hold all of it: python-escpos puts "?" for what they lack, and goes over to
        GB18030 by itself where an ideograph stands, whether or not the printer knows it. A script that runs to the left
        would be printed the wrong way round."""
        if any(_is_ideograph(char) or unicodedata.bidirectional(char) in _LEFTWARD for char in text):
            return False
        trial = Dummy(profile=self._profile)
        trial.text(text)
        return bool(trial.output.count(b"?") == text.count("?"))

    def _picture(self, printer: Dummy, text: str) -> DeviceError | None:
        """GS v 0, where the profile has it and the paper is wide enough."""
        drawn = self._glyphs.picture(text)
        if isinstance(drawn, DeviceError):
            return drawn
        widest = printer.profile.profile_data["media"]["width"].get("pixels", "Unknown")
        room = widest if isinstance(widest, int) else UNKNOWN_WIDTH
        if not printer.profile.supports("bitImageRaster") or drawn.width > room:
            lacking = next(char for char in text if not char.isascii())
            return DeviceError(DeviceErrorCode.GLYPH_MISSING, (("character", f"U+{ord(lacking):04X}"),))
        across = (drawn.width + 7) // 8
        size = across.to_bytes(2, "little") + drawn.height.to_bytes(2, "little")
        printer._raw(b"\x1dv0\x00" + size + drawn.tobytes())
        return None

    # --- the life of the link ------------------------------------------------------------------------------

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

    # --- working -------------------------------------------------------------------------------------------

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        """Ready before, bytes once, an answer in turn behind them, ready after."""
        outcome = self._execute(job, cancel)
        self._torn = outcome.kind is not OutcomeKind.DONE
        return outcome

    def _execute(self, job: PreparedJob, cancel: Cancel) -> Outcome:
        try:
            problem = self._ready() or self._settled(cancel)
            if problem is not None:
                return Outcome(OutcomeKind.NOT_DONE, 0, "not ready before", problem)
        except LinkLost as lost:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was sent", of_link(lost))
        try:
            question = status.ASK_IN_TURN if self._proof == "gs_r" else b""
            if not self._write((TORN_OFF if self._torn else b"") + job.payload + question):
                return Outcome(OutcomeKind.UNKNOWN, 0, "", DeviceError(DeviceErrorCode.WRITE_TIMEOUT))
            return self._proved(cancel)
        except LinkLost as lost:
            return Outcome(OutcomeKind.UNKNOWN, 0, "", of_link(lost))

    def _proved(self, cancel: Cancel) -> Outcome:
        if self._proof == "none":
            told = "status is answered ahead of the buffer: a person must look at the receipt"
            return Outcome(OutcomeKind.UNKNOWN, 0, told, self._ready())
        in_turn = self._in_turn(PRINT_SECONDS, cancel)
        problem = self._ready()
        if in_turn is None or problem is not None:
            no_answer = DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status in turn"),))
            return Outcome(OutcomeKind.UNKNOWN, 0, "no proof after", problem or no_answer)
        if not status.has_paper_in_turn(in_turn):
            paper_out = DeviceError(DeviceErrorCode.PAPER_OUT)
            return Outcome(OutcomeKind.UNKNOWN, 0, "paper end behind the receipt", paper_out)
        return Outcome(
            OutcomeKind.DONE, 1, "answered in turn behind the receipt, with paper, and ready after"
        )

    def _settled(self, cancel: Cancel) -> DeviceError | None:
        """After an opening or an outcome that was not Done: wait until the printer answered in turn and is quiet."""
        if not self._torn or self._proof == "none":
            return None
        self._write(status.ASK_IN_TURN)
        if self._in_turn(PRINT_SECONDS, cancel) is None:
            return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status in turn"),))
        while self._in_turn(QUIET_SECONDS, cancel) is not None:
            pass
        return None

    def _in_turn(self, seconds: float, cancel: Cancel) -> int | None:
        """The next answer that waited its turn."""
        until = self._clock() + seconds
        while self._clock() < until and not cancel.is_set():
            for byte in self._read(0.05):
                if status.is_answer_in_turn(byte):
                    return byte
        return None

    def _write(self, data: bytes) -> bool:
        """In pieces. False when time was up: part of it, or all of it, may have left."""
        if self._link is None:
            raise LinkLost("not attached")
        pieces = (data[start : start + PIECE_BYTES] for start in range(0, len(data), PIECE_BYTES))
        return all(self._link.write(piece, SEND_SECONDS) == len(piece) for piece in pieces)

    def _read(self, timeout_seconds: float) -> bytes:
        if self._link is None:
            raise LinkLost("not attached")
        return self._link.read(timeout_seconds)

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
        while self._read(0.0):
            pass
        self._write(status.ask(number))
        until = self._clock() + ANSWER_SECONDS
        while self._clock() < until:
            for byte in self._read(0.05):
                if status.is_answer(byte):
                    return byte
        return None


def _is_ideograph(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK ")


def _encoded(text: str, chinese: str) -> bytes:
    """A line's codes. The codec raises for what has none; ``_codable`` was asked before."""
    if chinese.startswith("gb18030"):
        return gb18030.encode(text)
    return text.encode(chinese)


def _codable(char: str, chinese: str) -> bool:
    """Whether a two-byte font has the character. GB18030 has a code for everything, so there only what fonts of all its
    editions hold counts, and ideographs in a new one."""
    if chinese.startswith("gb18030"):
        return gb18030.in_every_font(char) or (chinese == "gb18030-2022" and _is_ideograph(char))
    try:
        char.encode(chinese)
    except UnicodeEncodeError:
        return False
    return True


def _plain(text: str) -> str:
    """No control and no invisible character reaches the printer."""
    return "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)
