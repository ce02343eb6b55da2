"""Chinese and any other character beyond ASCII as 24-dot columns, drawn from the shipped font.

No source shows the T5040's own Chinese, so it is printed as a bit image. A glyph the font lacks is refused before
anything prints: never a wrong glyph, never a blank; a control or invisible character in a name is refused likewise.
Pillow and the font are loaded at first use.
"""

from __future__ import annotations

import threading
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from devices.errors import DeviceError, DeviceErrorCode

DOTS = 24
CELL_DOTS = 27
FONT = Path(__file__).parents[1] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
_UNSEEN = ("C", "Zl", "Zp")
_NO_CHARACTER = "\uffff"
_THRESHOLD = 110


class Glyphs:
    """Draws characters; safe to use from several threads."""

    def __init__(self, font_file: Path = FONT) -> None:
        self._file = font_file
        self._lock = threading.Lock()
        self._font: ImageFont.FreeTypeFont | None = None
        self._blank = b""
        self._cache: dict[str, bytes | None] = {}

    def columns(self, text: str) -> bytes | DeviceError:
        """``text`` as 24-dot columns, 27 a character (24 and a space of 3), three bytes a column."""
        parts: list[bytes] = []
        for char in text:
            drawn = self._char(char)
            if drawn is None:
                return DeviceError(DeviceErrorCode.GLYPH_MISSING, (("character", f"U+{ord(char):04X}"),))
            parts.append(drawn)
        return b"".join(parts)

    def _char(self, char: str) -> bytes | None:
        with self._lock:
            if self._font is None:
                self._font = ImageFont.truetype(str(self._file), 23)
                self._blank = self._draw(_NO_CHARACTER)
            if char not in self._cache:
                self._cache[char] = self._checked(char)
            return self._cache[char]

    def _checked(self, char: str) -> bytes | None:
        """The glyph, or None when the font lacks it or the character is one that nobody would see."""
        if unicodedata.category(char).startswith(_UNSEEN):
            return None
        drawn = self._draw(char)
        return None if drawn == self._blank else drawn

    def _draw(self, char: str) -> bytes:
        image = Image.new("L", (CELL_DOTS, DOTS), 0)
        ImageDraw.Draw(image).text((0, 20), char, fill=255, font=self._font, anchor="ls")
        pixels = image.load()
        assert pixels is not None
        columns = bytearray()
        for x in range(CELL_DOTS):
            bits = 0
            for y in range(DOTS):
                bits = bits << 1 | (int(pixels[x, y]) > _THRESHOLD)  # type: ignore[arg-type]
            columns += bits.to_bytes(3, "big")
        return bytes(columns)
