"""The paper of a simulated passbook printer: strikes of ink on a page, overprint found, the page drawn as PNG.

Positions are in 1/180 inch from the page's top left corner; y is the base line.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

CELL = 18
ASCENT = 20
DESCENT = 4
FONT = Path(__file__).parents[2] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
INK = (38, 40, 62)
PAPER = (250, 247, 238)
SCALE = 2


@dataclass(frozen=True)
class Strike:
    """One run of ink: text in 18-unit cells, or 24-dot columns."""

    x: int
    y: int
    text: str
    columns: bytes

    @property
    def width(self) -> int:
        return len(self.text) * CELL if self.text else len(self.columns) // 3

    def box(self) -> tuple[int, int, int, int]:
        return self.x, self.y - ASCENT, self.x + self.width, self.y + DESCENT

    def fact(self) -> dict[str, Any]:
        return {
            "x": self.x, "y": self.y, "text": self.text,
            "columns": base64.b64encode(self.columns).decode(), "width": self.width,
        }  # fmt: skip


def strike_of(fact: dict[str, Any]) -> Strike:
    """A strike read back from the ledger."""
    return Strike(fact["x"], fact["y"], fact["text"], base64.b64decode(fact["columns"]))


def overlap(left: Strike, right: Strike) -> bool:
    """Whether two runs of ink lie on each other."""
    a, b = left.box(), right.box()
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def draw_page(
    strikes: list[Strike], path: Path, width: int, height: int, fold: int, lines: list[int]
) -> None:
    """Draw the page: paper, faint ruled lines, the fold, and the ink as dots and cells."""
    image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    for y in lines:
        draw.line(
            [(14 * SCALE, (y + 7) * SCALE), ((width - 14) * SCALE, (y + 7) * SCALE)], fill=(226, 220, 202)
        )
    if fold:
        for offset, shade in ((-2, 232), (-1, 214), (0, 200), (1, 214), (2, 232)):
            draw.line(
                [(0, fold * SCALE + offset), (width * SCALE, fold * SCALE + offset)],
                fill=(shade, shade - 4, shade - 16),
            )
    font = ImageFont.truetype(str(FONT), 23 * SCALE)
    for strike in strikes:
        if strike.text:
            _draw_text(draw, strike, font)
        else:
            _draw_columns(draw, strike)
    image.save(path)


def _draw_text(draw: ImageDraw.ImageDraw, strike: Strike, font: ImageFont.FreeTypeFont) -> None:
    for at, char in enumerate(strike.text):
        centre = (strike.x + at * CELL + CELL / 2) * SCALE
        draw.text((centre, strike.y * SCALE), char, fill=INK, font=font, anchor="ms")


def _draw_columns(draw: ImageDraw.ImageDraw, strike: Strike) -> None:
    for at in range(len(strike.columns) // 3):
        bits = int.from_bytes(strike.columns[at * 3 : at * 3 + 3], "big")
        for row in range(24):
            if bits >> (23 - row) & 1:
                x, y = (strike.x + at) * SCALE, (strike.y - ASCENT + row) * SCALE
                draw.rectangle([x, y, x + SCALE - 1, y + SCALE - 1], fill=INK)
