"""The Olivetti PR2 family: two-way, but its two status tables were seen in no source (passbook-printers §3.3).

The tables are data (``resources/devices/data/pr2_status.toml``). A code outside them is "not ready" and is shown.
While they are not verified, answers that look good prove nothing: such a print ends Unknown, and a person looks. Each
field is placed by the printer's offset (n/120 inch) and closed by CR, because the unit of ESC H is unverified; each
Chinese character is placed for itself, because no source gives its width, and so is each at 15 to the inch, which this
printer has not: it is set in the next smaller pitch. Dots for other characters cannot be sent (how
they stand in an image's bytes was not seen), so a row that needs them is refused before anything leaves.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
from devices.drivers.book_jobs import Placed, PreparesBooks, Recipe, glyph_missing, runs
from devices.errors import DeviceError, DeviceErrorCode, LinkLost, ProtocolError, of_link
from devices.forms import CELL_UNITS, PassbookForm, PlacedText, is_ascii
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.wire import pr2 as wire
from devices.wire.gb2312 import two_byte_code

TABLES = Path(__file__).parents[2] / "resources" / "devices" / "data" / "pr2_status.toml"
STEPS_PER_INCH = 240
"""Elementary steps; a printer set up to 216 must be set to 240 (§3.2, S1 p.209)."""
PITCH_STEPS = 40
"""1/6 inch, the pitch in which the document's length is declared."""
UNITS_PER_STEP = 180 / STEPS_PER_INCH
UNITS_PER_OFFSET = 180 / 120
LAST_OFFSET = 999
SMALLEST_CELL = 180 / 16.6
ANSWER_SECONDS = 2.0
ROW_SECONDS = 12.0
DOCUMENT_SECONDS = 120.0
POLL_SECONDS = 0.3
_OWN_PITCH = {CELL_UNITS: 10, 15: 12}
_LAID_IN = ("stand", "printing")


@dataclass(frozen=True)
class StatusTable:
    """What the codes of one status answer mean, and whether anybody saw that written."""

    verified: bool
    meanings: Mapping[int, str]


@dataclass(frozen=True)
class StatusTables:
    """The general status (ESC r) and the document's position (ESC B)."""

    general: StatusTable
    position: StatusTable

    @property
    def verified(self) -> bool:
        return self.general.verified and self.position.verified


def load_tables(text: str) -> StatusTables:
    """Read the data file; it ships with the program, so KeyError or ValueError names what is missing."""
    data = tomllib.loads(text)
    general, position = (
        StatusTable(
            data[name]["verified"] is True,
            {int(row["code"]): str(row["meaning"]) for row in data[name]["row"]},
        )
        for name in ("general", "position")
    )
    return StatusTables(general, position)


class Pr2Printer(PreparesBooks):
    """Driver of one printer; used on its worker's thread only, but for ``prepare``, which is pure."""

    kind = DeviceKind.PASSBOOK_PRINTER

    def __init__(
        self,
        device_id: str,
        clock: Clock,
        forms: Mapping[str, PassbookForm],
        glyphs: Glyphs,
        tables: StatusTables | None = None,
    ) -> None:
        self.device_id = device_id
        self._clock, self._forms, self._glyphs = clock, forms, glyphs
        self._tables = tables or load_tables(TABLES.read_text(encoding="utf-8"))
        self._link: Link | None = None
        self._decoder = wire.Pr2Decoder()
        self._read_at: int | None = None
        self._gone = False
        self.capabilities = Capabilities(
            proves_print=self._tables.verified, reads_status=True, identifies_by=IdentityKind.MODEL
        )

    # --- preparing -----------------------------------------------------------------------------------------

    def _recipe(self, form: PassbookForm, job_id: str) -> Recipe:
        tail = wire.EJECT + wire.REQUEST_STATUS
        return Recipe(wire.PITCHES[10], _row, tail, lambda number: f"answer {number}")

    # --- the life of the link ------------------------------------------------------------------------------

    def attach(self, link: Link) -> None:
        """What was done to the book while the line was out was not seen."""
        self._link, self._decoder = link, wire.Pr2Decoder()
        self._gone, self._read_at = self._gone or self._read_at is not None, None

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask for the primary identification, then set up what stays. Nothing moves; a document that lies on the stand
        makes the printer refuse its length, and that refusal is cleared again."""
        found = self._cleared()
        if isinstance(found, DeviceError):
            return found
        self._write(wire.CONTROLLED + wire.line_pitch(PITCH_STEPS) + self._length() + wire.RESET_ERROR)
        return DeviceIdentity(IdentityKind.MODEL, f"PR2/{found.model}")

    def _cleared(self) -> wire.PrimaryId | DeviceError:
        """End what a cut line left open, then ask who is there: twice, for the first ESC Z may close a cut block."""
        for question in (wire.CLEAR + wire.REQUEST_ID, wire.REQUEST_ID):
            found = self._ask(question, wire.PrimaryId)
            if isinstance(found, wire.PrimaryId):
                return found
        return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "primary identification"),))

    def _length(self) -> bytes:
        """The tallest page on the shelf: a position beyond the declared length is refused by the printer."""
        tallest = max((form.page_height_mm for form in self._forms.values()), default=0.0)
        return wire.document_length(math.ceil(tallest / 25.4 * 6)) if tallest else b""

    def idle(self) -> DeviceState | DeviceError:
        found = self._ask(wire.REQUEST_STATUS, wire.GeneralStatus)
        if not isinstance(found, wire.GeneralStatus):
            return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
        return self._fault(found) or DeviceState.READY

    def resync(self) -> DeviceError | None:
        """Drain until quiet, clear a latched refusal (it stays until ESC l), and make sure of the next answer."""
        while self._read(0.2):
            pass
        found = self._cleared()
        if isinstance(found, DeviceError):
            return found
        self._write(wire.RESET_ERROR)
        return None

    # --- working -------------------------------------------------------------------------------------------

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        try:
            problem = self._other_book(job.slip) or self._book_is_in(progress, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        if problem is not None:
            return Outcome(OutcomeKind.NOT_DONE, 0, "no row was sent", problem)
        answered, self._read_at = _Answered(), None
        try:
            problem = self._print(job, answered, progress, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        return self._outcome(len(job.unit_ends), answered, problem)

    def _outcome(self, rows: int, answered: _Answered, problem: DeviceError | None) -> Outcome:
        """What answers are worth: of an unverified table, nothing."""
        told = f"{answered.rows} of {rows} rows answered"
        if not self._tables.verified:
            return Outcome(OutcomeKind.UNKNOWN, 0, f"{told}, by an unverified status table", problem)
        kind = OutcomeKind.UNKNOWN if problem else OutcomeKind.DONE
        return Outcome(kind, answered.rows, told, problem)

    def _other_book(self, slip: bool) -> DeviceError | None:
        """A book whose stripe was read is printed on only while it lies as it lay then, and a slip's line never goes
        to it. Position codes are compared, so what they mean need not be known; a book that was changed and lies just
        as the first one did cannot be told from it."""
        changed = DeviceError(DeviceErrorCode.DOCUMENT_CHANGED)
        if self._read_at is None:
            return changed if self._gone and not slip else None
        if slip:
            return changed
        where = self._ask(wire.REQUEST_DOCUMENT, wire.DocumentStatus)
        if not isinstance(where, wire.DocumentStatus):
            return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
        if where.position == self._read_at and where.device == wire.FRONT_STAND:
            return None
        self._gone, self._read_at = True, None
        return changed

    def _book_is_in(self, progress: Progress, cancel: Cancel) -> DeviceError | None:
        """Ask until a document is reported, then print (§3.3, 4): no row leaves before."""
        until = self._clock() + DOCUMENT_SECONDS
        self._read(0.0)
        while not cancel.is_set():
            status = self._ask(wire.REQUEST_STATUS, wire.GeneralStatus)
            where = self._ask(wire.REQUEST_DOCUMENT, wire.DocumentStatus)
            if not isinstance(status, wire.GeneralStatus) or not isinstance(where, wire.DocumentStatus):
                return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
            problem = self._fault(status) or self._misplaced(where, (*_LAID_IN, "none"))
            if problem is not None:
                return problem
            needed = self._position(where) == "none"
            progress(PrintProgress(0, needed))
            if not needed:
                return None
            if self._clock() > until:
                return DeviceError(DeviceErrorCode.TIMEOUT)
            self._read(POLL_SECONDS)
        return DeviceError(DeviceErrorCode.CANCELLED)

    def _print(
        self, job: PreparedJob, answered: _Answered, progress: Progress, cancel: Cancel
    ) -> DeviceError | None:
        """Send the rows once; each ends with a question that is answered in its turn, and so does the job."""
        if not self._write_all(job.payload):
            return DeviceError(DeviceErrorCode.WRITE_TIMEOUT)
        until = self._clock() + ROW_SECONDS
        while not cancel.is_set():
            for message in self._read(0.05):
                problem = self._judge(len(job.unit_ends), answered, message)
                if problem is not None or answered.ended:
                    return problem
                until = self._clock() + ROW_SECONDS
                progress(PrintProgress(answered.rows if self._tables.verified else 0, needs_document=False))
            if self._clock() > until:
                return DeviceError(DeviceErrorCode.TIMEOUT)
        return DeviceError(DeviceErrorCode.CANCELLED)

    def _judge(self, rows: int, answered: _Answered, message: wire.Message) -> DeviceError | None:
        """Document answers, one a row; then the general status, which must find no refusal latched."""
        if isinstance(message, wire.DocumentStatus):
            problem = self._misplaced(message, ("printing",))
            answered.pending += problem is None
            return problem if answered.pending <= rows else DeviceError(DeviceErrorCode.BAD_FRAME)
        if isinstance(message, wire.GeneralStatus):
            answered.ended = True
            problem = self._fault(message)
            if problem is None and answered.pending < rows:
                return DeviceError(DeviceErrorCode.BAD_FRAME, (("answers", str(answered.pending)),))
            answered.rows = answered.pending if problem is None else 0
            return problem
        return DeviceError(DeviceErrorCode.BAD_FRAME)

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        """Wait for the book, then read its stripe (ESC ], S1 p.202), and keep where the book lay."""
        self._gone, self._read_at = False, None
        problem = self._book_is_in(progress, cancel)
        if problem is not None:
            return problem
        self._write(wire.READ_STRIPE)
        until = self._clock() + ROW_SECONDS
        while not cancel.is_set():
            for message in self._read(0.05):
                if isinstance(message, wire.StripeData):
                    return self._whose(_stripe(message))
            if self._clock() > until:
                return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "read stripe"),))
        return DeviceError(DeviceErrorCode.CANCELLED)

    def _whose(self, reading: StripeReading | DeviceError) -> StripeReading | DeviceError:
        """The reading, once it is known where that book lies."""
        if isinstance(reading, DeviceError):
            return reading
        where = self._ask(wire.REQUEST_DOCUMENT, wire.DocumentStatus)
        if not isinstance(where, wire.DocumentStatus):
            return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "status"),))
        self._read_at = where.position
        return reading

    def write_stripe(self, text: str, progress: Progress, cancel: Cancel) -> Outcome:
        """Hand over, record and verify (S1 p.204). That a recording failed is the one status code that was seen; a good
        one is worth what the tables are."""
        try:
            data = wire.stripe_data(text.encode("ascii"))
        except (ProtocolError, UnicodeEncodeError):
            data = b""
        if not text or not data:
            wrong = DeviceError(DeviceErrorCode.UNSUPPORTED, (("stripe", "characters"),))
            return Outcome(OutcomeKind.NOT_DONE, 0, "no such stripe", wrong)
        try:
            problem = self._other_book(slip=False) or self._book_is_in(progress, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        if problem is not None:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing was recorded", problem)
        try:
            problem = self._recorded(data, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        if problem is None and self._tables.verified:
            return Outcome(OutcomeKind.DONE, 1, "recorded and verified by the printer")
        told = (
            "the old stripe, the new one, or neither"
            if problem
            else "answered, by an unverified status table"
        )
        return Outcome(OutcomeKind.UNKNOWN, 0, told, problem)

    def _recorded(self, data: bytes, cancel: Cancel) -> DeviceError | None:
        """Send once; the status behind it must find no failure."""
        if not self._write_all(data + wire.RECORD_STRIPE + wire.REQUEST_STATUS):
            return DeviceError(DeviceErrorCode.WRITE_TIMEOUT)
        until = self._clock() + ROW_SECONDS
        while not cancel.is_set():
            for message in self._read(0.05):
                if isinstance(message, wire.GeneralStatus):
                    return self._fault(message)
                return DeviceError(DeviceErrorCode.BAD_FRAME)
            if self._clock() > until:
                return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "record stripe"),))
        return DeviceError(DeviceErrorCode.CANCELLED)

    # --- what answers mean ---------------------------------------------------------------------------------

    def _fault(self, status: wire.GeneralStatus) -> DeviceError | None:
        """None only for the code that means ready."""
        meaning = self._tables.general.meanings.get(status.code, "not in the table")
        if meaning == "ready":
            return None
        return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", f"{status.code:02X}h"), ("means", meaning)))

    def _position(self, where: wire.DocumentStatus) -> str:
        if where.device != wire.FRONT_STAND:
            return "another device"
        return self._tables.position.meanings.get(where.position, "not in the table")

    def _misplaced(self, where: wire.DocumentStatus, expected: tuple[str, ...]) -> DeviceError | None:
        meaning = self._position(where)
        if meaning in expected:
            return None
        raw = (("raw", f"{where.position:02X}h"), ("means", meaning))
        return DeviceError(DeviceErrorCode.DEVICE_FAULT, raw)

    # --- bytes ---------------------------------------------------------------------------------------------

    def _ask(self, question: bytes, kind: type[wire.Message]) -> wire.Message | None:
        """One question whose answer has a kind of its own; None when it did not come in time."""
        self._read(0.0)
        self._write(question)
        until = self._clock() + ANSWER_SECONDS
        while self._clock() < until:
            for message in self._read(0.05):
                if isinstance(message, kind):
                    return message
        return None

    def _read(self, timeout_seconds: float) -> tuple[wire.Message, ...]:
        if self._link is None:
            raise LinkLost("not attached")
        return self._decoder.receive(self._link.read(timeout_seconds))

    def _write_all(self, data: bytes) -> bool:
        """Write in pieces. False when time was up: part of the last piece, or all of it, may have left."""
        if self._link is None:
            raise LinkLost("not attached")
        pieces = (data[start : start + 256] for start in range(0, len(data), 256))
        return all(self._link.write(piece, 5.0) == len(piece) for piece in pieces)

    def _write(self, data: bytes) -> None:
        if not self._write_all(data):
            raise LinkLost("write timed out")


@dataclass
class _Answered:
    """Rows the printer answered for, and those of them that the status after the job confirmed."""

    pending: int = 0
    rows: int = 0
    ended: bool = False


def _row(number: int, placed: Placed) -> bytes | DeviceError:
    """Every run placed in both directions and closed by CR, so that a CR set up to feed a line moves no other field;
    the question behind them is the row's proof."""
    data = b""
    for one in placed:
        field = _field(one)
        if isinstance(field, DeviceError):
            return field
        data += field
    return data + wire.REQUEST_DOCUMENT


def _field(placed: PlacedText) -> bytes | DeviceError:
    """ASCII together where the printer has its pitch, every other character by itself."""
    narrow = placed.cell not in _OWN_PITCH
    before = b"" if placed.cell == CELL_UNITS else wire.PITCHES[_OWN_PITCH.get(placed.cell, 16)]
    after = wire.PITCHES[10] if before else b""
    y, data = round(placed.y / UNITS_PER_STEP), b""
    apart = runs(placed, _source, frozenset({"chinese", "ascii"} if narrow else {"chinese"}))
    spare = (placed.cell - SMALLEST_CELL) / max(1, len(apart) - 1) if narrow else 0.0
    for number, run in enumerate(apart):
        x = run.x + number * spare  # so that the last ends where the text ends
        offset, encoded = round(x / UNITS_PER_OFFSET), _encode(run.text, run.source)
        if isinstance(encoded, DeviceError):
            return encoded
        if offset > LAST_OFFSET:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("width", placed.column),))
        data += wire.horizontal_offset(offset) + wire.vertical_position(y) + encoded + wire.CARRIAGE_RETURN
    return before + data + after


def _source(char: str) -> str:
    return "ascii" if is_ascii(char) else "chinese"


def _encode(run: str, source: str) -> bytes | DeviceError:
    """A run in the printer's own fonts, or a refusal that names the character they lack."""
    has = wire.is_plain if source == "ascii" else two_byte_code
    lacking = next((char for char in run if not has(char)), None)
    if lacking is not None:
        return glyph_missing(lacking)
    return wire.text(run) if source == "ascii" else wire.chinese(run)


def _stripe(message: wire.StripeData) -> StripeReading | DeviceError:
    """7Fh stands for what could not be read; what frames the data on the stripe was not seen, so usual marks go."""
    if not message.readable:
        return DeviceError(DeviceErrorCode.DEVICE_FAULT, (("stripe", "unreadable"),))
    return StripeReading(message.data.decode("ascii", "replace").strip("=?;<:>"), 1)
