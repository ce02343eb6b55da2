"""A receipt printer: a buffer that prints in its own time, real-time status ahead of it, status in turn, pictures.

Skips commands by its own table, and keeps the paper. At paper end it stops where it is and goes offline; with paper
again it goes on. Its Chinese font is of the year 2000: glyphs at two-byte codes and at the four-byte ones of Extension
A; any other four-byte code prints ``NO_GLYPH``. A font of 2022 has them all but six, which it left blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import FONT

_ESC_ARGUMENTS = {0x40: 0, 0x21: 1, 0x61: 1, 0x45: 1, 0x74: 1, 0x64: 1, 0x4D: 1, 0x2D: 1, 0x33: 1, 0x32: 0,
                  0x52: 1, 0x7B: 1, 0x56: 1, 0x47: 1, 0x63: 2, 0x70: 3}  # fmt: skip
_GS_ARGUMENTS = {0x21: 1, 0x42: 1, 0x62: 1, 0x61: 1, 0x48: 1, 0x68: 1, 0x77: 1, 0x4C: 2, 0x57: 2, 0x72: 1}
_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x05])", re.DOTALL)
_REAL_TIME_BEGUN = (b"\x10\x04", b"\x10")
LINE_SECONDS = 0.05
PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
NO_GLYPH = "\N{REPLACEMENT CHARACTER}"

_GLYPHS_IN_PRIVATE_USE = {
    "\ue7c7": "\u1e3f", "\ue78d": "\ufe10", "\ue78e": "\ufe12", "\ue78f": "\ufe11", "\ue790": "\ufe13",
    "\ue791": "\ufe14", "\ue792": "\ufe15", "\ue793": "\ufe16", "\ue794": "\ufe17", "\ue795": "\ufe18",
    "\ue796": "\ufe19", "\ue81e": "\u9fb4", "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7",
    "\ue832": "\u9fb8", "\ue843": "\u9fb9", "\ue854": "\u9fba", "\ue864": "\u9fbb",
}  # fmt: skip
"""What a font draws where the edition of 2000 named a private-use code point (Python's codec: its own edition)."""
_GLYPHS_LEFT_BLANK_LATER = {
    "\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc", "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f", "\ue855": "\U000241fe",
}  # fmt: skip
_ROMS = {
    "2000": str.maketrans(_GLYPHS_IN_PRIVATE_USE | _GLYPHS_LEFT_BLANK_LATER),
    "2022": str.maketrans(_GLYPHS_IN_PRIVATE_USE | dict.fromkeys(_GLYPHS_LEFT_BLANK_LATER, NO_GLYPH)),
}
_CODES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|.", re.DOTALL)
_FOUR = 4


class EscposSimulator:
    """hands: paper {"present", "after_lines"}, receipt_image {"path"}, fault {"kind"}, power_cycle, report. Options:
    speed (0 takes the mechanics' time away), in_turn (0: knows no GS r), rom (2000 or 2022)."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "escpos-paper.jsonl")
        self._line_seconds = LINE_SECONDS * float(options.get("speed", "1"))
        self._in_turn = options.get("in_turn", "1") == "1"
        self._rom = options.get("rom", "2000")
        self._pictures: list[Image.Image] = []
        self._paper, self._paper_lines = True, -1
        self._silent = False
        self._restart()

    def _restart(self) -> None:
        self._held = self._buffer = self._text = self._out = b""
        self._drawn: list[Image.Image] = []
        self._busy_until = 0.0

    # --- the line ------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Real-time questions are answered as they come, wherever they stand; the rest waits."""
        self._held += data
        while (found := _REAL_TIME.search(self._held)) is not None:
            self._buffer += self._held[: found.start()]
            self._held = self._held[found.end() :]
            self._out += self._real_time(found.group(1)[0])
        begun = next((one for one in _REAL_TIME_BEGUN if self._held.endswith(one)), b"")
        whole = len(self._held) - len(begun)
        self._buffer, self._held = self._buffer + self._held[:whole], self._held[whole:]

    def pending(self, now: float) -> bytes:
        while self._buffer and self._paper and now >= self._busy_until:
            used = self._take(self._buffer, now)
            if not used:
                break
            self._buffer = self._buffer[used:]
        sent, self._out = self._out, b""
        return b"" if self._silent else sent

    def next_due(self, now: float) -> float | None:
        return self._busy_until if self._buffer and self._paper and self._busy_until > now else None

    # --- what a person does --------------------------------------------------------------------------------

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["do"] == "paper":
            self._paper_lines = int(command.get("after_lines", -1))
            self._paper = bool(command["present"]) or self._paper_lines >= 0
        elif command["do"] == "fault":
            self._silent = not self._silent
        elif command["do"] == "power_cycle":
            self._restart()
        elif command["do"] == "receipt_image":
            self._draw(Path(command["path"]))
        return {"receipts": [fact["text"] for fact in self._ledger.facts], "paper": self._paper}

    # --- printing ------------------------------------------------------------------------------------------

    def _real_time(self, number: int) -> bytes:
        answer = 0x12
        if number == 1 and not self._paper:
            answer |= 0x08
        if number == 4 and not self._paper:
            answer |= 0x60
        return bytes([answer])

    def _take(self, held: bytes, now: float) -> int:
        """One command or byte of the buffer; 0 when its rest has not come."""
        first = held[0]
        if first in (0x1B, 0x1D):
            return self._command(held, now)
        if first == 0x1C:
            return 2 if len(held) > 1 else 0
        self._text += held[:1]
        if first == 0x0A:
            self._feed(now)
        return 1

    def _feed(self, now: float) -> None:
        """One line of paper goes by."""
        self._busy_until = now + self._line_seconds
        if self._paper_lines > 0:
            self._paper_lines -= 1
        if self._paper_lines == 0:
            self._paper, self._paper_lines = False, -1

    def _command(self, held: bytes, now: float) -> int:
        if len(held) < 2:
            return 0
        if held[:2] == b"\x1dV":
            return self._cut(held)
        if held[:2] == b"\x1dv":
            return self._picture(held, now)
        table = _ESC_ARGUMENTS if held[0] == 0x1B else _GS_ARGUMENTS
        size = 2 + table.get(held[1], 0)
        if len(held) < size:
            return 0
        if held[:3] == b"\x1dr\x01" and self._in_turn:
            self._out += b"\x00"
        return size

    def _picture(self, held: bytes, now: float) -> int:
        """GS v 0: m, then width in bytes, height in dots, and the dots."""
        if len(held) < 8:
            return 0
        across, down = held[4] | held[5] << 8, held[6] | held[7] << 8
        size = 8 + across * down
        if len(held) < size:
            return 0
        self._drawn.append(Image.frombytes("1", (across * 8, down), held[8:size]))
        self._text += PICTURE.encode("gb18030") + b"\n"
        self._feed(now)
        return size

    def _cut(self, held: bytes) -> int:
        if len(held) < 3:
            return 0
        text = "".join(_glyph(code, self._rom) for code in _CODES.findall(self._text)).strip("\n")
        if text:  # a cut with nothing above it leaves a blank piece
            self._ledger.add({"fact": "receipt", "text": text})
            self._pictures = self._drawn
        self._text, self._drawn = b"", []
        return 4 if held[2] in (65, 66) else 3

    def _draw(self, path: Path) -> None:
        """The last receipt that came out, its pictures where they stand."""
        lines = str(self._ledger.facts[-1]["text"]).split("\n") if self._ledger.facts else []
        image = Image.new("RGB", (576, 60 + 40 * len(lines)), (252, 252, 250))
        draw = ImageDraw.Draw(image)
        font, pictures = ImageFont.truetype(str(FONT), 26), iter(self._pictures)
        for number, line in enumerate(lines):
            picture = next(pictures, None) if line == PICTURE else None
            if picture is None:
                draw.text((24, 24 + 40 * number), line, fill=(30, 30, 30), font=font)
            else:
                image.paste((30, 30, 30), (24, 26 + 40 * number), picture)
        image.save(path)


def _glyph(code: bytes, rom: str) -> str:
    """What the font has at a code."""
    char = code.decode("gb18030", "replace")
    if len(code) == _FOUR and rom == "2000" and char != PICTURE and not "\u3400" <= char <= "\u4db5":
        return NO_GLYPH
    return char.translate(_ROMS[rom])
