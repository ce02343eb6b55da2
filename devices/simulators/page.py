"""The paper of a simulated passbook printer: strikes of ink on a page, overprint found, the page drawn as PNG; and the
carriage that strikes rows, with its time and its moods.

Positions are in 1/180 inch from the page's top left corner, in fractions where a printer's own step is finer; y is the
base line. Knows no protocol: each simulator turns its own bytes into strikes.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from devices.simulators.ledger import PhysicalLedger

CELL = 18
DOTS = 24
"""A Chinese character's dots stand at the left of its cell, its space at the right."""
ASCENT = 20
DESCENT = 4
FONT = Path(__file__).parents[2] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
INK_FACT, MORE_INK = "ink", "more ink"
INK = (38, 40, 62)
PAPER = (250, 247, 238)
SCALE = 2
FOLD_SHADE = 8
LETTER = 0.86
"""A digit's width in its cell."""


@dataclass(frozen=True)
class Strike:
    """One run of ink: text in cells of ``cell`` units, or 24-dot columns."""

    x: float
    y: float
    text: str
    columns: bytes
    cell: float = CELL

    @property
    def width(self) -> float:
        return len(self.text) * self.cell if self.text else len(self.columns) // 3

    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y - ASCENT, self.x + self.width, self.y + DESCENT

    def fact(self) -> dict[str, Any]:
        cell = {} if self.cell == CELL else {"cell": self.cell}
        return {
            "x": self.x, "y": self.y, "text": self.text,
            "columns": base64.b64encode(self.columns).decode(), "width": self.width, **cell,
        }  # fmt: skip


def strike_of(fact: dict[str, Any]) -> Strike:
    """A strike read back from the ledger."""
    columns = base64.b64decode(fact["columns"])
    return Strike(fact["x"], fact["y"], fact["text"], columns, fact.get("cell", CELL))


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
        for offset in range(-FOLD_SHADE, FOLD_SHADE + 1):
            y, shade = fold * SCALE + offset, 196 + 52 * abs(offset) // FOLD_SHADE
            draw.line([(0, y), (width * SCALE, y)], fill=(shade, shade - 3, shade - 12))
    font = ImageFont.truetype(str(FONT), 23 * SCALE)
    for strike in strikes:
        if strike.text:
            _draw_text(image, strike, font)
        else:
            _draw_columns(draw, strike)
    image.save(path)


def _draw_text(image: Image.Image, strike: Strike, font: ImageFont.FreeTypeFont) -> None:
    """Each character in the middle of its cell; ASCII as wide as the cell wants it, as a printer's own fonts are."""
    for at, char in enumerate(strike.text):
        if not char.strip():
            continue
        centre = (strike.x + at * strike.cell + min(strike.cell, DOTS) / 2) * SCALE
        advance = font.getlength(char)
        is_ascii = char.isascii()
        stretch = min(LETTER * strike.cell * SCALE / font.getlength("0"), strike.cell * SCALE / advance)
        wide = round(advance * stretch) if is_ascii else round(advance)
        mask = Image.new("L", (round(advance), DOTS * 2 * SCALE), 0)
        ImageDraw.Draw(mask).text((0, DOTS * SCALE), char, fill=255, font=font, anchor="ls")
        mask = mask.resize((wide, mask.height), Image.Resampling.BILINEAR)
        image.paste(INK, (round(centre - wide / 2), round(strike.y - DOTS) * SCALE), mask)


def _draw_columns(draw: ImageDraw.ImageDraw, strike: Strike) -> None:
    for at in range(len(strike.columns) // 3):
        bits = int.from_bytes(strike.columns[at * 3 : at * 3 + 3], "big")
        for row in range(24):
            if bits >> (23 - row) & 1:
                x, y = round((strike.x + at) * SCALE), round((strike.y - ASCENT + row) * SCALE)
                draw.rectangle([x, y, x + SCALE - 1, y + SCALE - 1], fill=INK)


class Paper:
    """All pages of all books that ever lay in one printer: what was struck on them, read back from its ledger."""

    def __init__(self, ledger: PhysicalLedger) -> None:
        self._ledger = ledger
        self.rows = 0
        self._told_overprint = False

    @property
    def overprints(self) -> int:
        return sum(1 for fact in self._ledger.facts if fact["fact"] == "overprint")

    def strike(self, book: str, page: int, row: list[Strike], more: bool = False) -> None:
        """A row goes onto the page and is recorded as "ink"; ``more`` of one begun before, as "more ink". Ink on
        ink is recorded as overprint, once a row."""
        before = self._strikes(book, page)
        itself = any(overlap(one, other) for at, one in enumerate(row) for other in row[:at])
        self._add(book, page, row, "row", MORE_INK if more else INK_FACT)
        self.rows += not more
        self._told_overprint = self._told_overprint and more
        on_ink = itself or any(overlap(strike, old) for strike in row for old in before)
        if on_ink and not self._told_overprint:
            self._told_overprint = True
            self._ledger.add({"fact": "overprint", "book": book, "page": page, "y": row[0].y})

    def preprint(self, command: dict[str, Any]) -> None:
        """Ink that was on the page before this desk: rows of [x, y, text, columns in base64]."""
        for row in command["rows"]:
            strikes = [
                strike_of({"x": x, "y": y, "text": text, "columns": columns}) for x, y, text, columns in row
            ]
            self._add(command["book"], int(command["page"]), strikes, "before", INK_FACT)

    def draw(self, command: dict[str, Any]) -> None:
        """The page as a picture, as a person's command asks for it."""
        draw_page(
            self._strikes(command["book"], int(command["page"])),
            Path(command["path"]), int(command["width"]), int(command["height"]),
            int(command.get("fold", 0)), list(command.get("lines", [])),
        )  # fmt: skip

    def _add(self, book: str, page: int, row: list[Strike], kind: str, fact: str) -> None:
        strikes = [one.fact() for one in row]
        self._ledger.add({"fact": fact, "kind": kind, "book": book, "page": page, "strikes": strikes})

    def _strikes(self, book: str, page: int) -> list[Strike]:
        return [
            strike_of(one)
            for fact in self._ledger.facts
            if fact["fact"] in (INK_FACT, MORE_INK) and fact["book"] == book and fact["page"] == page
            for one in fact["strikes"]
        ]


class Carriage:
    """Strikes rows on the book that lies in the printer. ``jam_after`` rows it jams in the middle of the next; with
    ``ribbon`` lifted nothing lands."""

    def __init__(self, paper: Paper, row_seconds: float) -> None:
        self.paper, self._row_seconds = paper, row_seconds
        self.book: dict[str, Any] | None = None
        self.row: list[Strike] = []
        self.busy_until = 0.0
        self.jam_after: int | None = None
        self.ribbon = True

    def insert(self, command: dict[str, Any]) -> None:
        """A person lays a book in, open at a page."""
        self.book = {
            "book": command["book"],
            "page": command.get("page", 1),
            "stripe": command.get("stripe", ""),
            **{name: command[name] for name in ("width_mm", "height_mm") if name in command},
        }

    def take_out(self) -> None:
        """The book is gone, and with it what was not struck yet."""
        self.book, self.row = None, []

    def print_row(self, now: float, more: bool = False) -> bool:
        """The row goes onto the paper. False when it jammed: half of it is there. ``more`` of a row begun before takes
        no further time and does not jam."""
        row, self.row = self.row, []
        if not row or self.book is None:
            return True
        if more:
            self._land(row, more)
            return True
        jammed, self.jam_after = self.jam_after == 0, None if self.jam_after is None else self.jam_after - 1
        if jammed:
            self.jam_after = None
            row = row[: len(row) // 2]
        self._land(row, more)
        self.busy_until = now + self._row_seconds
        return not jammed

    def _land(self, row: list[Strike], more: bool) -> None:
        if row and self.ribbon and self.book is not None:
            self.paper.strike(self.book["book"], int(self.book["page"]), row, more)
