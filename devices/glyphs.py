"""Chinese and any other character beyond ASCII as 24-dot columns, drawn from the shipped font.

No source shows the T5040's own Chinese, so it is printed as a bit image. A glyph the font lacks is refused before
anything prints: never a wrong glyph, never a blank, never one cut at its cell's edge; a control, an invisible character
or a lone accent in a name is refused likewise.
Pillow and the font are loaded at first use.
"""

from __future__ import annotations

import math
import threading
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from devices.errors import DeviceError, DeviceErrorCode

DOTS = 24
CELL_DOTS = 27
FONT = Path(__file__).parents[1] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
SPACES = "Zs"
"""The category of characters that are meant to be blank."""
SIZES = (23, 22, 20, 18)
"""A character whose dots do not fit the cell at one size is drawn at the next."""
_UNSEEN = ("C", "M", "Zl", "Zp")
"""Controls and formats nobody sees, and marks that belong on another character."""
PICTURE_HEIGHT = 32
_NO_CHARACTER = "\uffff"
_BASE_LINE = 20
_THRESHOLD = 110


class Glyphs:
    """Draws characters; safe to use from several threads."""

    def __init__(self, font_file: Path = FONT) -> None:
        self._file = font_file
        self._lock = threading.Lock()
        self._fonts: list[ImageFont.FreeTypeFont] = []
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

    def picture(self, text: str) -> Image.Image | DeviceError:
        """A whole line of text as black dots (255) on none, 32 high, for a printer that takes pictures."""
        for char in text:
            checked = self.columns(char) if char != " " else b""
            if isinstance(checked, DeviceError):
                return checked
        font = _load(self._file, SIZES[0])
        image = Image.new("1", (max(1, math.ceil(font.getlength(text))), PICTURE_HEIGHT), 0)
        ImageDraw.Draw(image).text((0, PICTURE_HEIGHT - 8), text, fill=255, font=font, anchor="ls")
        return image

    def _char(self, char: str) -> bytes | None:
        with self._lock:
            if not self._fonts:
                self._fonts = [_load(self._file, size) for size in SIZES]
            if char not in self._cache:
                self._cache[char] = self._checked(char)
            return self._cache[char]

    def _checked(self, char: str) -> bytes | None:
        """The glyph, or None when the font lacks it or the character is one that nobody would see by itself."""
        if unicodedata.category(char) == SPACES:
            return bytes(3 * CELL_DOTS)
        if unicodedata.category(char).startswith(_UNSEEN):
            return None
        largest = _dots(self._fonts[0], char)
        if largest.getbbox() is None or largest.tobytes() == _dots(self._fonts[0], _NO_CHARACTER).tobytes():
            return None
        drawn = (_fitted(_dots(font, char)) for font in self._fonts)
        return next((columns for columns in drawn if columns is not None), None)


def _load(file: Path, size: int) -> ImageFont.FreeTypeFont:
    """Plain layout: one code, one glyph. The other engine takes a letter that the font lacks apart, and prints the rest
    of it beside the box that stands for its accent."""
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def _dots(font: ImageFont.FreeTypeFont, char: str) -> Image.Image:
    """The character's dots with a cell of room on every side, so that what would be cut is seen."""
    image = Image.new("L", (3 * CELL_DOTS, 3 * DOTS), 0)
    ImageDraw.Draw(image).text((CELL_DOTS, DOTS + _BASE_LINE), char, fill=255, font=font, anchor="ls")
    return image.point(lambda value: 255 if value > _THRESHOLD else 0)


def _fitted(dots: Image.Image) -> bytes | None:
    """The cell's columns; None when any dot lies outside it."""
    box = dots.getbbox()
    if box is None or box[0] < CELL_DOTS or box[1] < DOTS or box[2] > 2 * CELL_DOTS or box[3] > 2 * DOTS:
        return None
    cell = dots.crop((CELL_DOTS, DOTS, 2 * CELL_DOTS, 2 * DOTS)).transpose(Image.Transpose.TRANSPOSE)
    return bytes(cell.convert("1").tobytes())
