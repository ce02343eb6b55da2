"""The T5023/T5040 native banking commands over ESC/P, host side. Source: passbook-printers §2 (S6, S7 pages there).

Commands are ``CSI params intermediate final`` with CSI = 1B 5B; user data stands between STX and ETX. Vertical
positions are in 1/180 inch from the page's edge to the base line, horizontal ones (ESC $) in 1/60 inch. Answers decode
to frozen messages; bytes that fit no answer are a Garbage message, so that one lost byte never blinds the driver for
ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from devices.errors import ProtocolError

CSI = b"\x1b["
ESC = b"\x1b"
FORM_FEED = b"\x0c"
RESET = ESC + b"@"
"""ESC/P's reset: it empties the line buffer (not seen in the T5040's own manual, unverified)."""
STX, ETX = 0x02, 0x03
MAX_NUMBER = 9999
MAX_PENDING = 1024

ONLINE, STOP, ERROR = 0, 1, 2
PAPER_SEEN, PAPER_GONE = (1, 4), (2, 4)
STRIPE_ERRORS = (
    "none", "LRC", "parity", "no data found", "no start character", "flux spacing wrong", "no end character",
    "track interruption",
)  # fmt: skip
"""What the error of a read, or of the read after a write, says (S6 p.222)."""


def command(final: bytes, *numbers: int) -> bytes:
    """``CSI n;n… final``; numbers are 0..9999."""
    for number in numbers:
        _in_range(number, 0)
    return CSI + b";".join(str(number).encode() for number in numbers) + final


def _in_range(number: int, lowest: int) -> int:
    if not lowest <= number <= MAX_NUMBER:
        raise ProtocolError(f"{number} is not in {lowest}..{MAX_NUMBER}")
    return number


PITCHES = {10: ESC + b"P", 12: ESC + b"M", 15: ESC + b"g"}
"""Characters an inch: standard ESC/P (S6 p.253 names the family; ESC g was not seen there by itself)."""


def pitch(characters_per_inch: int) -> bytes:
    """ESC P, ESC M or ESC g."""
    if characters_per_inch not in PITCHES:
        raise ProtocolError(f"no pitch of {characters_per_inch} characters an inch")
    return PITCHES[characters_per_inch]


def absolute_position_top(n: int) -> bytes:
    """Base line at n/180 inch from the top edge; 0 is an error (S6 p.196)."""
    return command(b"!p", _in_range(n, 1))


def absolute_position_bottom(n: int) -> bytes:
    """Base line at n/180 inch from the bottom edge; 0 is an error (S6 p.197)."""
    return command(b'"p', _in_range(n, 1))


def move_back(n: int) -> bytes:
    """Back n/180 inch from the current base line (S6 p.206)."""
    return command(b"#p", n)


def eject() -> bytes:
    """Eject the document (S6 p.200)."""
    return command(b"$p", 0)


def insert() -> bytes:
    """Draw the document in to its first line (S6 p.200)."""
    return command(b"$p", 1)


def detect_edge() -> bytes:
    """Detect the document's edge; a T5040 accepts and ignores it (S7 p.7)."""
    return command(b"#t")


def passbook_processing(n: int) -> bytes:
    """Activate passbook processing; a T5040 accepts and ignores it (S7 p.7)."""
    return command(b"$t", n)


def leading_edge(n: int) -> bytes:
    """Horizontal leading edge: 0 left, 1 right (S7 p.7)."""
    return command(b"%t", n)


def automatic_errors(on: bool) -> bytes:
    """Paper length and width errors: manual or automatic handling (S6 p.212)."""
    return command(b"(t", int(on))


def control_point(n: int) -> bytes:
    """Comes back when all jobs sent before it are done (S6 p.236)."""
    return command(b"!t", n)


def control_point_2(n: int) -> bytes:
    """Comes back when the last mechanical action was started without error (S6 p.239)."""
    return command(b")t", n)


def request_width() -> bytes:
    """Ask the document's width (S6 p.268)."""
    return command(b'"t')


def dual_station(n: int) -> bytes:
    """Dual station lamps 0..4 (S7 p.8)."""
    return command(b"*t", n)


def impact(n: int) -> bytes:
    """Impact force 0 single, 1 copy, 2 copy plus (S7 p.9)."""
    return command(b",t", n)


def request_messages() -> bytes:
    """Ask for special printer messages (S6 p.233)."""
    return command(b'"z')


def request_unit_parameters(n: int = 0) -> bytes:
    """Ask for the printing unit's parameters (S6 p.243)."""
    return command(b"#z", n)


def stripe_parameters(
    writes: int = 0, reads: int = 0, layout: int = 0, distance: int = 99, edge: int = 1
) -> bytes:
    """Stripe: repeats, format, distance from the edge in 1/180 inch, edge 0 top 1 bottom (S6 p.220)."""
    return command(b"!r", writes, reads, layout, distance, edge)


def read_stripe() -> bytes:
    """Read the magnetic stripe; asks for a book when none is in (S6 p.222)."""
    return command(b'"r')


def write_stripe(data: bytes) -> bytes:
    """Write the stripe; only characters 30h..3Fh exist on it (S6 p.226)."""
    if any(not 0x30 <= byte <= 0x3F for byte in data):
        raise ProtocolError("stripe data is 30h..3Fh")
    return command(b"#r") + bytes([STX]) + data + bytes([ETX])


def erase_stripe() -> bytes:
    """Erase the stripe (S7 p.6)."""
    return command(b"%r")


def horizontal_position(n: int) -> bytes:
    """ESC $: n/60 inch from the left margin (S6 p.279)."""
    return ESC + b"$" + _in_range(n, 0).to_bytes(2, "little")


def bit_image(columns: bytes) -> bytes:
    """ESC * 39: 24-dot columns at 180 × 180 dpi, three bytes a column, top dot in the highest bit."""
    if len(columns) % 3:
        raise ProtocolError("a 24-dot column has three bytes")
    return ESC + b"*\x27" + (len(columns) // 3).to_bytes(2, "little") + columns


def text(printed: str) -> bytes:
    """Printable ASCII only: everything else is drawn as a bit image."""
    if any(not " " <= char <= "~" for char in printed):
        raise ProtocolError("only printable ASCII prints as text")
    return printed.encode("ascii")


class Message:
    """Base of what the printer says."""


@dataclass(frozen=True)
class GlobalStatus(Message):
    """GPS: ONLINE, STOP or ERROR; sent unasked after each change, never on request (S6 p.240)."""

    status: int


@dataclass(frozen=True)
class SpecialMessage(Message):
    """SPM: 1;4 paper seen, 2;4 no paper, 20;1 and 20;2 the user keys (S6 p.242)."""

    group: int
    number: int


@dataclass(frozen=True)
class ControlPoint(Message):
    """All jobs before this number are done. ``second`` for control point II."""

    number: int
    second: bool


@dataclass(frozen=True)
class DocumentWidth(Message):
    """Width in 1/180 inch."""

    width: int


@dataclass(frozen=True)
class UnitParameters(Message):
    """n1…n9 of the printing unit (S6 p.243)."""

    values: tuple[int, ...]


@dataclass(frozen=True)
class StripeData(Message):
    """What the stripe holds; ``error`` 0 none, 1 LRC, 2 parity, 3 no data, 4 no start, 5 flux, 6 no end, 7 gap."""

    attempts: int
    error: int
    data: bytes


@dataclass(frozen=True)
class StripeWritten(Message):
    """Acknowledges a write; ``error`` of the read after it."""

    attempts: int
    error: int


@dataclass(frozen=True)
class Garbage(Message):
    """Bytes that are no answer of this printer."""

    data: bytes


_ANSWER = re.compile(rb"\x1b\[([0-9;]{0,40})([!-/])([a-z])")
_PARTIAL = re.compile(rb"\x1b(?:\[(?:[0-9;]{0,40}(?:[!-/])?)?)?")
_WITH_DATA = b'"r'


class T5040Decoder:
    """Feed it bytes as they come; it keeps at most MAX_PENDING of them."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> tuple[Message, ...]:
        """Every message that is complete now, in order."""
        self._buffer += data
        found: list[Message] = []
        while self._buffer:
            message = self._next()
            if message is None:
                break
            found.append(message)
        return tuple(found)

    def _next(self) -> Message | None:
        if self._buffer[0] != 0x1B:
            at = self._buffer.find(0x1B)
            return self._drop(at if at > 0 else len(self._buffer))
        held = bytes(self._buffer)
        answer = _ANSWER.match(held)
        if answer is None:
            if _PARTIAL.fullmatch(held):
                return None
            return self._drop(1)
        end, body = answer.end(), b""
        if answer.group(2) + answer.group(3) == _WITH_DATA:
            if len(self._buffer) == end:
                return None
            if self._buffer[end] == STX:
                close, cut = self._buffer.find(ETX, end), self._buffer.find(ESC, end)
                if cut >= 0 and not 0 <= close < cut:  # its end was lost, and the next answer began
                    return self._drop(cut)
                if close < 0:
                    return None if len(self._buffer) < MAX_PENDING else self._drop(end)
                body, end = bytes(self._buffer[end + 1 : close]), close + 1
        raw = bytes(self._buffer[:end])
        del self._buffer[:end]
        numbers = tuple(int(one) for one in answer.group(1).split(b";") if one)
        return _message(answer.group(2) + answer.group(3), numbers, body) or Garbage(raw)

    def _drop(self, count: int) -> Garbage:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return Garbage(data)


def _message(kind: bytes, numbers: tuple[int, ...], body: bytes) -> Message | None:
    if len(numbers) == 1:
        return _single(kind, numbers[0])
    if kind == b'"z' and len(numbers) == 2:
        return SpecialMessage(*numbers)
    if kind == b"#z" and len(numbers) >= 7:
        return UnitParameters(numbers)
    if kind == b'"r' and len(numbers) == 4:
        return StripeData(numbers[0], numbers[3], body)
    if kind == b"#r" and len(numbers) == 2:
        return StripeWritten(*numbers)
    return None


def _single(kind: bytes, number: int) -> Message | None:
    if kind == b"!z" and number in (ONLINE, STOP, ERROR):
        return GlobalStatus(number)
    if kind in (b"!t", b")t"):
        return ControlPoint(number, second=kind == b")t")
    return DocumentWidth(number) if kind == b'"t' else None
