"""Passbook printers that only listen: ESC/P (PLQ-20), ESC/P2 (PLQ-20D), ESC/P with the FS layer (LQ-1600K family).

Nothing in these languages says what is on the page, whether a book is in, or which printer it is. So the outcome is
Unknown from the first byte that may print until a person looked; it is NotDone only while none has left. Every run of a
field is placed for itself by ESC $; a character that the printer's own font lacks is drawn as a bit image.
Sources: passbook-printers §4 (bytes, page geometry), §7.4 (a write-only driver in daily use).
"""

from __future__ import annotations

from collections.abc import Mapping
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
    PreparedJob,
    PrintProgress,
    Progress,
    StripeReading,
)
from devices.driver import Clock
from devices.drivers.book_jobs import Placed, PreparesBooks, Recipe, Run, runs
from devices.errors import DeviceError, DeviceErrorCode, LinkLost, of_link
from devices.forms import CELL_UNITS, UNITS_PER_MM, PassbookForm, PlacedText, is_ascii, text_units
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.wire import escp as wire
from devices.wire.gb2312 import two_byte_code

PIECE = 256
WRITE_SECONDS = 5.0
HOLD_SECONDS = 120.0
"""How long the printer may hold the line (XOFF): it does while it waits for a book."""
ROW_SECONDS, EJECT_SECONDS = 0.6, 1.5
"""What the mechanics need until a person can look: 35 ms a line feed and 120 characters a second (§4.1), rounded up."""
FIRST_BASE_LINE = 20
"""Base line of the first line under the top margin, in 1/180 inch (§4.2). Where a plain ESC/P printer loads a book to
is seen in no source (unverified): taken to be that line at the page's edge; branch IT measures it on a real page."""
_A_PERSON = "a person looks"
_ALONE = frozenset({"dots"})


@dataclass(frozen=True)
class Profile:
    """What one printer understands. ``absolute``: ESC/P2 positions; ``chinese``: the FS layer and a GB2312 font."""

    absolute: bool = False
    chinese: bool = False

    @property
    def steps_down(self) -> int:
        """Vertical steps in 1/180 inch: 1/360 inch each in ESC/P2."""
        return 2 if self.absolute else 1

    @property
    def units_across(self) -> float:
        """One horizontal step in 1/180 inch: 1/360 inch in ESC/P2, else 1/60."""
        return 0.5 if self.absolute else 3.0


@dataclass
class _Page:
    """A page while it is encoded: ``y`` is the base line that the paper stands at, in the printer's steps. It cannot be
    moved back: not at all in ESC/P, and in ESC/P2 a move up of more than 179/360 inch is ignored, which would print on
    another line."""

    printer: EscpPrinter
    y: int

    def row(self, number: int, placed: Placed) -> bytes | DeviceError:
        """One row, struck before any command follows: a row that still waited in the printer would be struck by the
        rest of a command that was cut, filled up by the next job, when a person had long seen it missing."""
        if not placed:
            return b""
        y = round(placed[0].y * self.printer.profile.steps_down)
        if y < self.y:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("line", "above the one before"),))
        data, self.y = self.printer.down(self.y, y), y
        for one in placed:
            encoded = self.printer.field(one)
            if isinstance(encoded, DeviceError):
                return encoded
            data += encoded
        return data + wire.CARRIAGE_RETURN


class EscpPrinter(PreparesBooks):
    """A 24-pin ESC/P printer without Chinese of its own; used on its worker's thread only, but for ``prepare``."""

    kind = DeviceKind.PASSBOOK_PRINTER
    capabilities = Capabilities(identifies_by=IdentityKind.NONE)
    profile: Profile = Profile()

    def __init__(
        self, device_id: str, clock: Clock, forms: Mapping[str, PassbookForm], glyphs: Glyphs
    ) -> None:
        self.device_id = device_id
        self._clock, self._forms, self._glyphs = clock, forms, glyphs
        self._link: Link | None = None
        self._decoder = wire.EscpDecoder()
        self._held = False

    # --- preparing -----------------------------------------------------------------------------------------

    def _recipe(self, form: PassbookForm, job_id: str) -> Recipe:
        page = _Page(self, FIRST_BASE_LINE * self.profile.steps_down)
        return Recipe(self._head(form), page.row, wire.FORM_FEED, lambda number: _A_PERSON)

    def _head(self, form: PassbookForm) -> bytes:
        """The printer's state is not known, so each job sets all it needs; a job that was cut may have left it in the
        middle of a bit image, and that is filled up first, before it could swallow the reset."""
        head = wire.FILL + wire.RESET + wire.USA + wire.TEN_CPI + wire.LETTER_QUALITY + wire.ONE_WAY_HEAD
        head += wire.NO_LINE_SPACING
        if self.profile.chinese:
            head += wire.CHINESE_OFF
        if not self.profile.absolute:
            return head
        height = round(form.page_height_mm * UNITS_PER_MM * 2)
        return head + wire.unit(10) + wire.page_length(height) + wire.page_format(0, height)

    def down(self, here: int, there: int) -> bytes:
        """The paper's way from one base line to another, in the printer's own steps."""
        if self.profile.absolute:
            return wire.vertical_position(there - FIRST_BASE_LINE * self.profile.steps_down)
        return wire.feed(there - here)

    def field(self, placed: PlacedText) -> bytes | DeviceError:
        """Runs of one kind, each placed for itself: Chinese is 1.5 columns wide, so no run is placed by the one before
        it (§4.3)."""
        if placed.x + text_units(placed.text, placed.cell) > wire.WIDTH_UNITS:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("width", placed.column),))
        data = b""
        for run in runs(placed, self._source, _ALONE):
            encoded = self._encode(run, placed.cell)
            if isinstance(encoded, DeviceError):
                return encoded
            data += wire.horizontal_position(round(run.x / self.profile.units_across)) + encoded
        return data

    def _source(self, char: str) -> str:
        """Where a character comes from: the ASCII font, the printer's Chinese font, or dots of our own. A character
        drawn in dots is a run of its own, so that no image is long."""
        if is_ascii(char):
            return "ascii"
        return "chinese" if self.profile.chinese and two_byte_code(char) else "dots"

    def _encode(self, run: Run, cell: int) -> bytes | DeviceError:
        if run.source == "ascii":
            narrow = cell != CELL_UNITS
            return (
                wire.pitch(180 // cell) + wire.text(run.text) + wire.TEN_CPI
                if narrow
                else wire.text(run.text)
            )
        if run.source == "chinese":
            return wire.chinese(run.text)
        columns = self._glyphs.columns(run.text)
        return columns if isinstance(columns, DeviceError) else wire.bit_image(columns)

    # --- the life of the link ------------------------------------------------------------------------------

    def attach(self, link: Link) -> None:
        self._link, self._decoder, self._held = link, wire.EscpDecoder(), False

    def identify(self) -> DeviceIdentity | DeviceError:
        """There is nothing to ask: a line that opened is all that is known, and nothing is sent."""
        self._listen(0.0)
        return DeviceIdentity(IdentityKind.NONE)

    def idle(self) -> DeviceState | DeviceError:
        """A line held while nothing is sent means paused, offline or full of data that waits for paper."""
        self._listen(0.0)
        return DeviceError(DeviceErrorCode.STOPPED) if self._held else DeviceState.READY

    def resync(self) -> DeviceError | None:
        """Drain until quiet. There are no answers to come back into step with."""
        while self._listen(0.2):
            pass
        return None

    # --- working -------------------------------------------------------------------------------------------

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        """Send once. Whether a book is in cannot be seen, so a person is asked for it the whole time. The filling goes
        first and alone: a line that does not take it has taken nothing that prints."""
        progress(PrintProgress(0, needs_document=True))
        filling, printing = job.payload[: len(wire.FILL)], job.payload[len(wire.FILL) :]
        try:
            problem = self._send(filling, cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        if problem is not None:
            return Outcome(OutcomeKind.NOT_DONE, 0, "nothing that prints was sent", problem)
        try:
            problem = self._send(printing, cancel) or self._time_to_print(len(job.unit_ends), cancel)
        except LinkLost as lost:
            problem = of_link(lost)
        evidence = "this printer reports nothing: a person must look at the page"
        return Outcome(OutcomeKind.UNKNOWN, 0, evidence, problem)

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        """No source shows a stripe unit in these languages."""
        return DeviceError(DeviceErrorCode.UNSUPPORTED, (("stripe", "none"),))

    def _free_to_send(self, cancel: Cancel) -> DeviceError | None:
        """Wait while the printer holds the line; a person may say stop."""
        until = self._clock() + HOLD_SECONDS
        while not cancel.is_set():
            if not self._held:
                return None
            if self._clock() >= until:
                return DeviceError(DeviceErrorCode.WRITE_TIMEOUT)
            self._listen(0.1)
        return DeviceError(DeviceErrorCode.CANCELLED)

    def _send(self, data: bytes, cancel: Cancel) -> DeviceError | None:
        """In pieces, listening to the handshake between them. What was not taken is never sent again."""
        if self._link is None:
            raise LinkLost("not attached")
        for start in range(0, len(data), PIECE):
            self._listen(0.0)
            problem = self._free_to_send(cancel)
            if problem is not None:
                return problem
            piece = data[start : start + PIECE]
            if self._link.write(piece, WRITE_SECONDS) < len(piece):
                return DeviceError(DeviceErrorCode.WRITE_TIMEOUT)
        return None

    def _time_to_print(self, rows: int, cancel: Cancel) -> DeviceError | None:
        """The bytes have left, the mechanics have not: a person who looked now would see too little."""
        until = self._clock() + rows * ROW_SECONDS + EJECT_SECONDS
        while not cancel.is_set():
            left = until - self._clock()
            if left <= 0:
                return None
            self._listen(min(left, 0.1))
        return DeviceError(DeviceErrorCode.CANCELLED)

    def _listen(self, timeout_seconds: float) -> bool:
        """Take in what came; whether anything did."""
        if self._link is None:
            raise LinkLost("not attached")
        found = self._decoder.receive(self._link.read(timeout_seconds))
        for message in found:
            if isinstance(message, wire.Flow):
                self._held = not message.go
        return bool(found)


class Escp2Printer(EscpPrinter):
    """An ESC/P2 printer without Chinese of its own: absolute positions in 1/360 inch."""

    profile = Profile(absolute=True)


class Lq1600kPrinter(EscpPrinter):
    """An ESC/P printer with the FS layer and a GB2312 font."""

    profile = Profile(chinese=True)
