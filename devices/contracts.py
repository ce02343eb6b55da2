"""What the desk may ask of the machines on the counter, and the frozen values they answer with.

Holds contracts and values only: no bytes of any protocol, no threads, no serial ports, no time. Words
are those of the field (XFS, UPOS): batch, document, outcome. Every physical effect ends in one of three
outcomes (Done, NotDone, Unknown); Unknown is never turned into failure by machinery and nothing with an
effect is ever repeated by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from devices.errors import DeviceError


class DeviceKind(Enum):
    """The families of machines a desk can hold."""

    PASSBOOK_PRINTER = "passbook_printer"
    NOTE_COUNTER = "note_counter"
    COUNTERFEIT_DETECTOR = "counterfeit_detector"
    RECEIPT_PRINTER = "receipt_printer"


class DeviceState(Enum):
    """What the desk knows about a machine now."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    NEEDS_PERSON = "needs_person"
    OFFLINE = "offline"
    WRONG_DEVICE = "wrong_device"
    DESYNCHRONISED = "desynchronised"
    FAULT = "fault"


class Effect(Enum):
    """Effect class of a device command; machinery may repeat only the first two."""

    QUERY = "query"
    IDEMPOTENT = "idempotent"
    EFFECT = "effect"
    EFFECT_WITH_PROOF = "effect_with_proof"


class OutcomeKind(Enum):
    """The three ways a physical effect can end."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """How a job ended. ``units_proved`` counts the leading units (lines) whose effect is proved.

    Of a job of n units, DONE means all n are proved; NOT_DONE means that nothing can have happened to
    any unit after ``units_proved`` (and ``units_proved`` may be 0); UNKNOWN means unit
    ``units_proved + 1`` may or may not have happened. ``evidence`` names the proof, e.g. "control point 17".
    """

    kind: OutcomeKind
    units_proved: int = 0
    evidence: str = ""
    error: DeviceError | None = None


class IdentityKind(Enum):
    """How surely a machine can be told from its neighbour (DESIGN §5)."""

    SERIAL_NUMBER = "serial_number"
    MODEL = "model"
    USB_PATH = "usb_path"
    NONE = "none"


@dataclass(frozen=True)
class DeviceIdentity:
    """Who the machine says it is, and how much that is worth."""

    kind: IdentityKind
    value: str = ""


@dataclass(frozen=True)
class DeviceStatus:
    """One immutable snapshot for faces and logs. ``note`` is a link remark such as "opened as 8N1"."""

    device_id: str
    kind: DeviceKind
    state: DeviceState
    identity: DeviceIdentity = DeviceIdentity(IdentityKind.NONE)
    error: DeviceError | None = None
    model: str = ""
    note: str = ""
    retry_in_seconds: float | None = None


@dataclass(frozen=True)
class PreparedJob:
    """A physical job ready to leave: exact bytes, their digest, and where on paper they will land.

    ``units`` are the job's steps that can be proved one by one: unit i ends at byte offset
    ``unit_ends[i]`` and is proved by ``unit_proofs[i]`` (for the T5040 a control point number as text).
    Preparing is pure and leaves no trace; ``digest`` is the SHA-256 of ``payload`` in hex. ``slip`` tells a
    slip's line from a book's rows.
    """

    job_id: str
    kind: DeviceKind
    payload: bytes
    digest: str
    page: int
    first_line: int
    unit_ends: tuple[int, ...]
    unit_proofs: tuple[str, ...]
    slip: bool = False


@dataclass(frozen=True)
class PassbookRow:
    """One row to print: ``fields`` by the form's column name, already formatted as text."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True)
class PassbookJob:
    """Rows for one page of one book. ``training`` prints the training mark in the remark column."""

    job_id: str
    form: str
    page: int
    rows: tuple[PassbookRow, ...]
    training: bool = False


@dataclass(frozen=True)
class SlipJob:
    """One validation line (传票验证行) on a slip that lies in the passbook printer. ``fields`` as in a passbook row."""

    job_id: str
    form: str
    fields: Mapping[str, str]
    line: int = 1
    training: bool = False


@dataclass(frozen=True)
class PrintProgress:
    """While a book prints: rows proved so far, and whether the printer waits for the book."""

    rows_proved: int
    needs_document: bool


@dataclass(frozen=True)
class StripeReading:
    """What the passbook's magnetic stripe says: the data characters without start and end marks."""

    text: str
    attempts: int


@dataclass(frozen=True)
class ReceiptLine:
    """One line of a receipt: plain text, already stripped of control bytes by the driver as well."""

    text: str
    align: str = "left"
    emphasised: bool = False


@dataclass(frozen=True)
class ReceiptJob:
    """A receipt (回单) to print and cut."""

    job_id: str
    lines: tuple[ReceiptLine, ...]
    training: bool = False


class NoteClass(Enum):
    """One vocabulary for notes over all protocols. A reject is never proof of forgery."""

    UNRECOGNISED = "unrecognised"
    COUNTERFEIT_SUSPECTED = "counterfeit_suspected"
    SUSPECT = "suspect"
    GENUINE = "genuine"
    UNFIT = "unfit"
    OLD_EDITION = "old_edition"


@dataclass(frozen=True)
class NoteRow:
    """Pieces of one denomination in a batch; ``denomination_minor`` in minor units (100 yuan = 10000)."""

    denomination_minor: int
    pieces: int
    unfit_pieces: int = 0


@dataclass(frozen=True)
class NoteSerial:
    """A serial number (冠字号码) as the machine read it; ``text`` is empty when it could not."""

    denomination_minor: int
    text: str


@dataclass(frozen=True)
class NoteBatch:
    """One frozen machine count. ``batch_id`` = open id, ordinal and hash of the frames (note-protocols §2.1).

    ``complete`` is False when the line or the machine gave up before the end: such a batch is evidence and
    demands a recount, it is never money. ``total_minor`` is the machine's own running total and agrees with
    the rows, or the driver would have refused the batch.
    """

    batch_id: str
    device_id: str
    currency: str
    rows: tuple[NoteRow, ...]
    rejected_pieces: int
    serials: tuple[NoteSerial, ...]
    frames_digest: str
    complete: bool
    stacker_full: bool = False
    reject_codes: tuple[int, ...] = ()
    error: DeviceError | None = None

    @property
    def total_minor(self) -> int:
        return sum(row.denomination_minor * row.pieces for row in self.rows)

    @property
    def pieces(self) -> int:
        return sum(row.pieces for row in self.rows)


@dataclass(frozen=True)
class CountProgress:
    """Running totals while a batch is counted, at most ~60 a second reach a face."""

    pieces: int
    total_minor: int
    rejected_pieces: int


@dataclass(frozen=True)
class NoteReading:
    """What a detector said about one note. ``denomination_minor`` is 0 when it could not tell."""

    reading_id: str
    device_id: str
    note_class: NoteClass
    currency: str
    denomination_minor: int
    raw_class: int
    frames_digest: str
    returned: bool


@dataclass(frozen=True)
class Capabilities:
    """What a driver can truly do; the desk asks before it promises."""

    proves_print: bool = False
    reads_status: bool = False
    reads_serial_numbers: bool = False
    identifies_by: IdentityKind = IdentityKind.NONE
    extra: Mapping[str, str] = field(default_factory=dict)


Progress = Callable[[object], None]


class Cancel(Protocol):
    """A token a person's "stop" sets; long waits look at it at least five times a second."""

    def is_set(self) -> bool: ...


class Device(Protocol):
    """What every machine on the counter answers, whatever its family."""

    @property
    def device_id(self) -> str: ...

    @property
    def kind(self) -> DeviceKind: ...

    @property
    def capabilities(self) -> Capabilities: ...


class PassbookPrinter(Device, Protocol):
    """Prints rows of a passbook, and says truthfully which of them are on the page."""

    def prepare(self, request: PassbookJob) -> PreparedJob | DeviceError:
        """Pure: lay out and encode. Refuses what the page or the glyphs cannot carry."""
        ...

    def prepare_slip(self, request: SlipJob) -> PreparedJob | DeviceError:
        """The same for one line on a slip; a slip's form is no book's, and the other way round."""
        ...

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome:
        """Let the bytes leave, once. Blocks; runs on the device's own thread. Ends NotDone, asking for nothing, when
        the book whose stripe was read is known to be out of the printer again: read the stripe anew."""
        ...

    def read_stripe(self, progress: Progress, cancel: Cancel) -> StripeReading | DeviceError:
        """Ask for the book if none is in, and read its stripe. Blocks; has no effect on the page."""
        ...


class StripeWriter(Protocol):
    """A passbook printer that can also record a book's stripe (passbook-printers §7.2)."""

    def write_stripe(self, text: str, progress: Progress, cancel: Cancel) -> Outcome:
        """Record the stripe and read it back, once. Done only when the printer says that both went right."""
        ...


class ReceiptPrinter(Device, Protocol):
    """Prints a receipt; a missing answer is not "paper present"."""

    def prepare(self, request: ReceiptJob) -> PreparedJob | DeviceError: ...

    def execute(self, job: PreparedJob, progress: Progress, cancel: Cancel) -> Outcome: ...


class NoteCounter(Device, Protocol):
    """Counts notes; a batch ends when the machine says so."""

    def forget(self) -> None:
        """Drop whatever was counted while nobody asked: it is nobody's cash. Returns at once when the machine is
        away."""
        ...

    def count(self, open_id: str, progress: Progress, cancel: Cancel) -> NoteBatch | DeviceError:
        """Wait for the next batch to start and end. Blocks; reports CountProgress."""
        ...


class CounterfeitDetector(Device, Protocol):
    """Classifies one note and always gives it back: withholding is an act of two people."""

    def inspect(self, reading_id: str, progress: Progress, cancel: Cancel) -> NoteReading | DeviceError: ...
