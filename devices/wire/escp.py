"""ESC/P of 24-pin printers, ESC/P2, and the FS layer for Chinese, host side. Source: passbook-printers §4.2 and §4.3.

The language goes one way: no status command is known in it. All that comes back on a serial line is its handshake, XOFF
and XON. What the manuals contradict each other about (ESC j) is not encoded here at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.errors import ProtocolError
from devices.wire.gb2312 import two_byte_code

ESC, FS = b"\x1b", b"\x1c"
FORM_FEED = b"\x0c"
RESET = ESC + b"@"
"""Clears the buffer and sets defaults; moves no paper."""
PITCHES = {10: ESC + b"P", 12: ESC + b"M", 15: ESC + b"g"}
"""By characters an inch."""
TEN_CPI = PITCHES[10]
CARRIAGE_RETURN = b"\r"
"""Strikes what is buffered, by itself: one byte, which no cut can leave half of."""
NO_LINE_SPACING = ESC + b"3\x00"
"""A printer set up to feed a line at each CR feeds nothing then."""
LETTER_QUALITY = ESC + b"x\x01"
USA = ESC + b"R\x00"
"""The national set in which every ASCII code prints as itself."""
ONE_WAY_HEAD = ESC + b"U\x01"
"""Unidirectional: the columns of one page stand under each other."""
CHINESE_ON, CHINESE_OFF = FS + b"&", FS + b"."
XON, XOFF = 0x11, 0x13
FILL = bytes(96)
"""Ends whatever command a cut job left open: NUL prints nothing (ignored by the interpreter S11), and as the rest of a
bit image of one character (5 + 81 bytes) it is blank dots."""
MAX_FEED = 255
WIDTH_UNITS = 1692
"""94 columns at 10 cpi in 1/180 inch: the PLQ-20's print width (§4.1)."""


def _word(number: int) -> bytes:
    if not 0 <= number <= 0x7FFF:
        raise ProtocolError(f"{number} is not in 0..32767")
    return number.to_bytes(2, "little")


def feed(n: int) -> bytes:
    """ESC J: n/180 inch forward, the column unchanged; at most 255 a command, so several for a longer way."""
    if n < 0:
        raise ProtocolError("plain ESC/P does not move back")
    whole, rest = divmod(n, MAX_FEED)
    return (ESC + b"J\xff") * whole + (ESC + b"J" + bytes([rest]) if rest else b"")


def unit(parts_of_3600: int) -> bytes:
    """ESC ( U: the unit of ESC $, ESC ( V and the page commands (ESC/P2), in 1/3600 inch: 10 is 1/360."""
    if not 1 <= parts_of_3600 <= 255:
        raise ProtocolError("a unit is 1..255 of 1/3600 inch")
    return ESC + b"(U\x01\x00" + bytes([parts_of_3600])


def page_length(n: int) -> bytes:
    """ESC ( C: page length in units (ESC/P2)."""
    return ESC + b"(C\x02\x00" + _word(n)


def page_format(top: int, bottom: int) -> bytes:
    """ESC ( c: top and bottom margin in units from the page's top edge (ESC/P2)."""
    return ESC + b"(c\x04\x00" + _word(top) + _word(bottom)


def vertical_position(n: int) -> bytes:
    """ESC ( V: n units below the top margin (ESC/P2)."""
    return ESC + b"(V\x02\x00" + _word(n)


def horizontal_position(n: int) -> bytes:
    """ESC $: n/60 inch from the left margin, or n units once ESC ( U was sent."""
    return ESC + b"$" + _word(n)


def bit_image(columns: bytes) -> bytes:
    """ESC * 39: 24-dot columns at 180 × 180 dpi, three bytes a column, the top dot in the highest bit."""
    if len(columns) % 3:
        raise ProtocolError("a 24-dot column has three bytes")
    return ESC + b"*\x27" + _word(len(columns) // 3) + columns


def pitch(characters_per_inch: int) -> bytes:
    """ESC P, ESC M or ESC g."""
    if characters_per_inch not in PITCHES:
        raise ProtocolError(f"no pitch of {characters_per_inch} characters an inch")
    return PITCHES[characters_per_inch]


def text(printed: str) -> bytes:
    """Printable ASCII; anything else would be whatever the printer's table holds there."""
    if any(not " " <= char <= "~" for char in printed):
        raise ProtocolError("only printable ASCII prints as text")
    return printed.encode("ascii")


def chinese(printed: str) -> bytes:
    """FS &, spaces of 0 and 3 dots around a character (FS S), its codes, FS . — some printers start in that mode, some
    do not, so it is entered and left around every run."""
    codes = [two_byte_code(char) for char in printed]
    if not all(codes):
        raise ProtocolError("only GB2312 characters have a two-byte code")
    return CHINESE_ON + FS + b"S\x00\x03" + b"".join(code for code in codes if code) + CHINESE_OFF


class Message:
    """Base of what the printer's end of the line says."""


@dataclass(frozen=True)
class Flow(Message):
    """XOFF (``go`` False) asks the host to hold, XON to go on. It says nothing about paper or ink."""

    go: bool


@dataclass(frozen=True)
class Garbage(Message):
    """Bytes that are no handshake; a one-way printer has nothing else to say."""

    data: bytes


class EscpDecoder:
    """Feed it what comes from the printer; it keeps nothing."""

    def receive(self, data: bytes) -> tuple[Message, ...]:
        """The handshake in order; bytes that lie between are one Garbage each time."""
        found: list[Message] = []
        other = bytearray()
        for byte in data:
            if byte not in (XON, XOFF):
                other.append(byte)
                continue
            if other:
                found.append(Garbage(bytes(other)))
                other.clear()
            found.append(Flow(byte == XON))
        if other:
            found.append(Garbage(bytes(other)))
        return tuple(found)
