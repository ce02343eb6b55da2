"""The Olivetti PR2 family, host side: every command whose layout is known, and what the printer answers.

Source: passbook-printers §3 (S1, S4, S5, S6 there); ESC 1 and ESC # after S1 itself, the MDP40B programmer manual,
pages C-28, C-32 and C-64. Parameters are ASCII digits of fixed width. Not encoded, because their layout was not seen:
ESC X and ESC m (PR50), and how a bit image's dots stand in its bytes. The values inside the two status answers are
no business of this module: they are bytes here (``resources/devices/data/pr2_status.toml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devices.errors import ProtocolError
from devices.wire.gb2312 import two_byte_code

ESC, FS, GS = 0x1B, 0x1C, 0x1D
MAX_PENDING = 1024
BLOCK_END = b"\x1bZ"
UNREADABLE = 0x7F
FRONT_STAND = 0x35
CHINESE_ON, CHINESE_OFF = b"\x1c&", b"\x1c."
"""FS & stands in the PR50 list (S6 p.364, cut off there); FS . ends it in every other list of the kind (inferred)."""
_NATIONAL = frozenset("#$@[\\]^`{|}~")


@dataclass(frozen=True)
class Shape:
    """A command: its bytes, the width in digits of each parameter, its name, and how sure the source is."""

    code: bytes
    widths: tuple[int, ...]
    name: str
    flag: str = "S2"


def _table(*shapes: Shape) -> Mapping[bytes, Shape]:
    return {shape.code: shape for shape in shapes}


# Data blocks (ESC Q, ESC x, ESC y, ESC t, ESC 1, ESC Y) have functions of their own below.
COMMANDS: Mapping[bytes, Shape] = _table(
    Shape(b"\x1b0", (), "GENERAL RESET"),
    Shape(b"\x1bJ", (3,), "LEFT MARGIN"),
    Shape(b"\x1bT", (3,), "TOP OF FORM"),
    Shape(b"\x1bM", (3,), "BOTTOM OF FORM"),
    Shape(b"\x1b&", (2,), "LINE PITCH"),
    Shape(b"\x1b<", (), "10 CPI"),
    Shape(b"\x1b=", (), "12 CPI"),
    Shape(b"\x1b>", (), "16.6 CPI"),
    Shape(b"\x1ba", (1,), "PRINT PITCH", "S"),
    Shape(b"\x1b?", (), "PROPORTIONAL"),
    Shape(b"\x1bR", (3,), "GRAPHIC FONT"),
    Shape(b"\x1b3", (), "DOUBLE WIDTH ON"),
    Shape(b"\x1b4", (), "DOUBLE WIDTH OFF"),
    Shape(b"\x1bd", (), "DOUBLE SIZE ON"),
    Shape(b"\x1be", (), "DOUBLE SIZE OFF"),
    Shape(b"\x1b!W", (1,), "DOUBLE HEIGHT"),
    Shape(b"\x1b! ", (3,), "EXTRA COLUMNS", "S"),
    Shape(b"\x1b(", (), "BOLD ON"),
    Shape(b"\x1b)", (), "BOLD OFF"),
    Shape(b"\x1b*", (1,), "UNDERLINE ON"),
    Shape(b"\x1b+", (), "UNDERLINE OFF"),
    Shape(b"\x1b`", (1,), "SUPERSCRIPT OR SUBSCRIPT"),
    Shape(b"\x1b{", (), "SUPERSCRIPT OFF"),
    Shape(b"\x1bS", (1,), "SELECT DEVICE"),
    Shape(b"\x1b7", (), "LINE FEED BACKWARDS"),
    Shape(b"\x1bH", (3,), "HORIZONTAL POSITION", "unit R"),
    Shape(b"\x1bI", (3,), "RELATIVE VERTICAL POSITION"),
    Shape(b"\x1bL", (3,), "ABSOLUTE LINE"),
    Shape(b"\x1b#", (1,), "REFERENCE OF ABSOLUTE LINE"),
    Shape(b"\x1b'", (1,), "DOCUMENT TYPE", "S"),
    Shape(b"\x1bW", (1,), "DOUBLE HEIGHT", "S"),
    Shape(b"\x1b/", (1, 4), "ABSOLUTE VERTICAL POSITION"),
    Shape(b"\x1b|A", (3,), "HORIZONTAL OFFSET", "S"),
    Shape(b"\x1b|B", (3,), "PASSBOOK WIDTH", "S"),
    Shape(b"\x1b-", (), "MEASURE LENGTH"),
    Shape(b"\x1b}-", (), "MEASURE WIDTH", "S"),
    Shape(b"\x1bO", (), "EJECT"),
    Shape(b"\x1b^0", (), "CHANGE EMULATION"),
    Shape(b"\x1b[", (3,), "CODE PAGE"),
    Shape(b"\x1b!G", (1,), "GRAPHICS OF 9 OR 24 PINS", "S"),
    Shape(b"\x1bZ", (), "REQUEST PRIMARY ID"),
    Shape(b"\x1bi", (), "REQUEST CONFIGURATION"),
    Shape(b"\x1bj", (), "REQUEST STATUS"),
    Shape(b"\x1b B", (), "REQUEST DOCUMENT STATUS"),
    Shape(b"\x1b b", (), "REQUEST FIRMWARE", "S"),
    Shape(b"\x1b a", (), "REQUEST SET-UP", "S"),
    Shape(b"\x1bl", (), "RESET ERROR"),
    Shape(b"\x1bn", (), "CONTROLLED PROCEDURE"),
    Shape(b"\x1bo", (), "FREE RUNNING", "S"),
    Shape(b"\x1bU", (1,), "BOOK OPERATOR", "S"),
    Shape(b"\x1b.", (), "AUTOMATIC BOOKING", "S"),
    Shape(b"\x1b_", (), "MANUAL BOOKING", "S"),
    Shape(b"\x1b]", (), "READ STRIPE", "S"),
    Shape(b"\x1b\\", (), "RECORD STRIPE", "S"),
    Shape(b"\x1b}r", (), "READ MICR", "S"),
    Shape(b"\x1b}+", (), "FORM POSITION CONTROL", "S"),
    Shape(b"\x1b}Lt", (3,), "PASSBOOK POSITION", "S"),
    Shape(b"\x1b}M", (3,), "NEGATIVE BOTTOM OF FORM", "S"),
    Shape(b"\x1b}W", (), "WAIT FOR END OF PRINT", "S"),
    Shape(b"\x1b}0P", (), "RESET PARKING", "S"),
    Shape(CHINESE_ON, (), "CHINESE ON", "S"),
    Shape(CHINESE_OFF, (), "CHINESE OFF", "I"),
)
CONTROLS: Mapping[int, str] = {
    0x0A: "LINE FEED", 0x0C: "FORM FEED", 0x0D: "CARRIAGE RETURN", 0x08: "BACK SPACE", 0x07: "BELL", 0x7F: "CLEAR",
}  # fmt: skip

CARRIAGE_RETURN = b"\r"
CLEAR = b"\x7f" * 8 + CHINESE_OFF
"""Ends what a cut line left open: as digits DEL is refused, and by itself it clears the print memory (S6 only)."""
EJECT = b"\x1bO"
CONTROLLED = b"\x1bn"
PITCHES = {10: b"\x1b<", 12: b"\x1b=", 16: b"\x1b>"}
"""By characters an inch, the last rounded: 16.6, or 17.1 in the PR45's text."""
RESET_ERROR = b"\x1bl"
REQUEST_ID = b"\x1bZ"
REQUEST_STATUS = b"\x1bj"
REQUEST_DOCUMENT = b"\x1b B"
READ_STRIPE = b"\x1b]"
RECORD_STRIPE = b"\x1b\\"
END_OF_IMAGE = b"\x1b2"


def command(code: bytes, *numbers: int) -> bytes:
    """A command of the table with its parameters in digits."""
    shape = COMMANDS.get(code)
    if shape is None or len(shape.widths) != len(numbers):
        raise ProtocolError(f"{code.hex(' ')} is not a command with {len(numbers)} parameters")
    return code + b"".join(_digits(n, width) for n, width in zip(numbers, shape.widths, strict=True))


def _digits(number: int, width: int) -> bytes:
    if not 0 <= number < 10**width:
        raise ProtocolError(f"{number} does not fit {width} digits")
    return str(number).zfill(width).encode("ascii")


def line_pitch(steps: int) -> bytes:
    """ESC &: line pitch in elementary steps (two digits is inferred)."""
    return command(b"\x1b&", steps)


def document_length(lines: int) -> bytes:
    """ESC Q … ESC Z: length in lines of the current pitch, 1..255; refused with a document on the stand (S1 p.148)."""
    if not 1 <= lines <= 255:
        raise ProtocolError(f"{lines} lines is not in 1..255")
    return b"\x1bQ" + _digits(lines, 3) + BLOCK_END


def horizontal_offset(n: int) -> bytes:
    """ESC | A: n/120 inch from the machine's edge to the left margin, 0..999 (S1 p.207)."""
    return command(b"\x1b|A", n)


def vertical_position(n: int) -> bytes:
    """ESC / 1: n elementary steps from the top margin; draws the document in (S1 p.209)."""
    return command(b"\x1b/", 1, n)


def stripe_data(data: bytes) -> bytes:
    """ESC t … GS: what ESC \\ will record (S1 p.204)."""
    if any(not 0x20 <= byte < UNREADABLE for byte in data):
        raise ProtocolError("stripe data is printable ASCII")
    return b"\x1bt" + data + bytes([GS])


def bar_code(settings: str, data: str) -> bytes:
    """ESC x mm;hh;zz;n ESC Z and ESC y data ESC Z (S4)."""
    return b"\x1bx" + _plain(settings) + BLOCK_END + b"\x1by" + _plain(data) + BLOCK_END


def magnetic_device(kind: str, k1: int, k2: int) -> bytes:
    """ESC Y E (stripe) or ESC Y B (MICR) k1 k2; the values of k1 and k2 were seen nowhere."""
    if kind not in ("E", "B"):
        raise ProtocolError("ESC Y E or ESC Y B")
    return b"\x1bY" + kind.encode("ascii") + bytes([k1, k2])


def image(dots: bytes) -> bytes:
    """ESC 1 p … ESC 2 at the default density (p = 40h: no parameter follows, C-32). ``dots`` is passed as it is."""
    if ESC in dots:
        raise ProtocolError("an image holds no ESC")
    return b"\x1b1@" + dots + END_OF_IMAGE


def text(printed: str) -> bytes:
    """ASCII without the twelve codes that national sets print otherwise: which set is on cannot be asked."""
    if any(not is_plain(char) for char in printed):
        raise ProtocolError("only the characters of every national set print as text")
    return printed.encode("ascii")


def is_plain(char: str) -> bool:
    """Whether a character stands at the same code in every national set."""
    return " " <= char <= "~" and char not in _NATIONAL


def _plain(printed: str) -> bytes:
    if any(not " " <= char <= "~" for char in printed):
        raise ProtocolError("printable ASCII only")
    return printed.encode("ascii")


def chinese(char: str) -> bytes:
    """FS &, one GB2312 character, FS . (see CHINESE_ON)."""
    code = two_byte_code(char)
    if code is None:
        raise ProtocolError("only a GB2312 character has a two-byte code")
    return CHINESE_ON + code + CHINESE_OFF


class Message:
    """Base of what the printer says."""


@dataclass(frozen=True)
class GeneralStatus(Message):
    """ESC r x. What x means stands in no source that was seen, but for 71h: a recording failed."""

    code: int


@dataclass(frozen=True)
class DocumentStatus(Message):
    """ESC B id m ESC Z: device 35h is the front stand; m is the document's position there."""

    device: int
    position: int


@dataclass(frozen=True)
class PrimaryId(Message):
    """ESC / 7: which printer, in one character."""

    model: str


@dataclass(frozen=True)
class DocumentSize(Message):
    """ESC S nnnn: the measured length or width, whichever was asked."""

    size: int


@dataclass(frozen=True)
class StripeData(Message):
    """ESC s … FS. An unreadable character is 7Fh, and so is a stripe on which nothing was found."""

    data: bytes

    @property
    def readable(self) -> bool:
        return bool(self.data) and UNREADABLE not in self.data


@dataclass(frozen=True)
class Configuration(Message):
    """ESC p x y z k: four bytes whose meaning was not seen."""

    data: bytes


@dataclass(frozen=True)
class Block(Message):
    """ESC b … ESC Z (firmware) or ESC a … ESC Z (set-up dump)."""

    kind: str
    data: bytes


@dataclass(frozen=True)
class Garbage(Message):
    """Bytes that are no answer of this printer."""

    data: bytes


class Pr2Decoder:
    """Feed it bytes as they come; it keeps at most MAX_PENDING of them."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def waiting(self) -> bool:
        """Whether an answer has begun and not ended."""
        return bool(self._buffer)

    def receive(self, data: bytes) -> tuple[Message, ...]:
        """Every message that is complete now, in order."""
        found: list[Message] = []
        for byte in data:
            self._buffer.append(byte)
            while self._buffer:
                message = self._next()
                if message is None:
                    break
                found.append(message)
        return tuple(_joined(found))

    def _next(self) -> Message | None:
        held = bytes(self._buffer)
        if held[0] != ESC:
            return self._take(held, len(held), Garbage(held))
        if len(held) == 1:
            return None
        size, message = _answer(held)
        if size:
            return self._take(held, size, message or Garbage(held[:size]))
        return None if len(held) < MAX_PENDING else self._take(held, len(held), Garbage(held))

    def _take(self, held: bytes, size: int, message: Message) -> Message:
        self._buffer = bytearray(held[size:])
        return message


def _joined(found: list[Message]) -> list[Message]:
    """Neighbouring bytes of no meaning are one piece of garbage."""
    joined: list[Message] = []
    for one in found:
        last = joined[-1] if joined else None
        if isinstance(one, Garbage) and isinstance(last, Garbage):
            joined[-1] = Garbage(last.data + one.data)
        else:
            joined.append(one)
    return joined


_FIXED = {ord("r"): 3, ord("B"): 6, ord("/"): 3, ord("S"): 6, ord("p"): 6}
_ENDS = {ord("s"): bytes([FS]), ord("b"): BLOCK_END, ord("a"): BLOCK_END}


def _answer(held: bytes) -> tuple[int, Message | None]:
    """How many bytes the answer takes (0: not all here), and what it says (None: nothing this printer says)."""
    kind = held[1]
    if kind in _FIXED:
        return _fixed(held, _FIXED[kind])
    if kind not in _ENDS:
        return 1, None
    end, cut = held.find(_ENDS[kind], 2), held.find(ESC, 2)
    if end >= 0 and not 0 <= cut < end:
        body = held[2:end]
        message = StripeData(body) if kind == ord("s") else Block(chr(kind), body)
        return end + len(_ENDS[kind]), message
    if cut >= 0 and (kind == ord("s") or cut + 1 < len(held)):  # the end was lost, and the next answer began
        return cut, None
    return 0, None


def _fixed(held: bytes, size: int) -> tuple[int, Message | None]:
    if ESC in held[2 : min(len(held), 4 if held[1] == ord("B") else size)]:  # cut, and the next answer began
        return held.index(ESC, 2), None
    if len(held) < size:
        return 0, None
    body = held[2:size]
    if held[1] == ord("B"):
        return (size, DocumentStatus(body[0], body[1])) if body.endswith(BLOCK_END) else (1, None)
    if held[1] == ord("S"):
        return (size, DocumentSize(int(body))) if body.isdigit() else (1, None)
    if held[1] == ord("/"):
        return (size, PrimaryId(body.decode("ascii"))) if 0x20 <= body[0] < UNREADABLE else (1, None)
    return size, GeneralStatus(body[0]) if held[1] == ord("r") else Configuration(body)
