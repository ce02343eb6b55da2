"""An Olivetti PR2 passbook printer: printing fields, refused commands that stay latched, a stand for the document.

Its status codes are those of ``resources/devices/data/pr2_status.toml``, invented while that table is unverified; a
real printer's were seen nowhere. Positions are kept in 1/3600 inch. Where the manual leaves a thing open, the comment
says so. Ink is in the ledger before any answer that follows it. Source: passbook-printers §3.
"""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import Carriage, Paper, Strike
from devices.simulators.pr2_parser import Pr2Parser, Token

CODES = Path(__file__).parents[2] / "resources" / "devices" / "data" / "pr2_status.toml"
ROW_SECONDS = 0.45
PER_UNIT = 20
CELL = 360
PITCHES = {"<": CELL, "=": 300, ">": 217}
"""10, 12 and 16.6 characters an inch."""
PAPER_NEEDED = ("/", "L", "]", "\\")
"""Commands that draw the document in, and so wait for one."""
SETTING_UP = ("Q", "|A", "|B", "/", "!G", "n", "#")
"""Refused inside a printing field."""


class Pr2Simulator:
    """hands: insert_book, remove_book, lid, jam, silent, clear, power_cycle, code, stripe_fault, page_image,
    preprint, report."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._paper = Paper(PhysicalLedger(directory / "pr2-ink.jsonl"))
        self._carriage = Carriage(self._paper, ROW_SECONDS * float(options.get("speed", "1")))
        self._step = 3600 // int(options.get("steps", "240"))
        tables = tomllib.loads(CODES.read_text(encoding="utf-8"))
        self._general = {row["meaning"]: row["code"] for row in tables["general"]["row"]}
        self._position = {row["meaning"]: row["code"] for row in tables["position"]["row"]}
        self._parser = Pr2Parser()
        self._jobs: deque[Token] = deque()
        self._out = b""
        self._silent, self._lid_open = "", False
        self._forced: int | None = None
        self._latched = "ready"
        self._to_record, self._bad_stripe = "", False
        self._struck: int | None = None
        self._drawn_in = False
        self._defaults()

    def _defaults(self) -> None:
        self._pitch, self._length, self._offset, self._cell = 40, 66 * 600, 0, CELL
        self._x, self._y = 0, 0
        self._field: list[Strike] = []
        self._chinese, self._lead = False, 0

    def receive(self, data: bytes, now: float) -> None:
        self._jobs.extend(self._parser.feed(data))

    def pending(self, now: float) -> bytes:
        while self._jobs and now >= self._carriage.busy_until and not self._lid_open:
            token = self._jobs[0]
            if token.kind == "esc" and token.name in PAPER_NEEDED and self._carriage.book is None:
                break
            self._run(self._jobs.popleft(), now)
        sent, self._out = self._out, b""
        return b"" if self._silent == "now" else sent

    def next_due(self, now: float) -> float | None:
        return self._carriage.busy_until if self._jobs and self._carriage.busy_until > now else None

    # --- what a person does --------------------------------------------------------------------------------

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        getattr(self, f"_hand_{command['do']}")(command)
        return {
            "book": self._carriage.book, "rows": self._paper.rows, "overprints": self._paper.overprints,
            "status": self._latched, "length": self._length,
        }  # fmt: skip

    def _hand_insert_book(self, command: dict[str, Any]) -> None:
        self._carriage.insert(command)
        self._drawn_in, self._struck = False, None

    def _hand_remove_book(self, command: dict[str, Any]) -> None:
        self._carriage.take_out()
        self._drawn_in = False

    def _hand_lid(self, command: dict[str, Any]) -> None:
        self._lid_open = bool(command.get("open", True))

    def _hand_jam(self, command: dict[str, Any]) -> None:
        self._carriage.jam_after = int(command.get("after_rows", 0))

    def _hand_silent(self, command: dict[str, Any]) -> None:
        """``ink`` True: the next row lands but nothing is said; False: it does not land either."""
        self._silent = "now"
        self._carriage.ribbon = bool(command.get("ink", True))

    def _hand_code(self, command: dict[str, Any]) -> None:
        """The next general status is this code, whatever it means."""
        self._forced = int(command["code"])

    def _hand_stripe_fault(self, command: dict[str, Any]) -> None:
        """What is recorded does not verify."""
        self._bad_stripe = bool(command.get("on", True))

    def _hand_clear(self, command: dict[str, Any]) -> None:
        self._silent, self._lid_open, self._carriage.ribbon = "", False, True
        self._out = b""

    def _hand_power_cycle(self, command: dict[str, Any]) -> None:
        self._jobs.clear()
        self._parser = Pr2Parser()
        self._silent, self._latched = "", "ready"
        self._defaults()

    def _hand_page_image(self, command: dict[str, Any]) -> None:
        self._paper.draw(command)

    def _hand_preprint(self, command: dict[str, Any]) -> None:
        self._paper.preprint(command)

    def _hand_report(self, command: dict[str, Any]) -> None:
        """Nothing is done; the answer tells."""

    # --- running -------------------------------------------------------------------------------------------

    def _run(self, token: Token, now: float) -> None:
        if token.kind == "text":
            self._byte(token.data[0])
        elif token.kind == "control":
            self._control(token.data[0], now)
        elif token.kind == "fs":
            self._chinese, self._lead = token.name == "&", 0
        elif self._field and token.name in SETTING_UP:
            self._latched = "command_error"
        else:
            self._esc(token, now)

    def _byte(self, byte: int) -> None:
        """Text opens a printing field. A Chinese cell's width is not in any source: 27/180 inch, as elsewhere."""
        if self._chinese and (self._lead or byte > 0x7F):
            if not self._lead:
                self._lead = byte
                return
            code, self._lead = bytes([self._lead, byte]), 0
            self._glyph(code.decode("gb2312", "replace")[0], 27 * PER_UNIT)
        else:
            self._glyph(bytes([byte]).decode("latin-1"), self._cell)

    def _glyph(self, char: str, width: int) -> None:
        x, cell, last = (self._offset + self._x) / PER_UNIT, width / PER_UNIT, self._field[-1:]
        self._x += width
        if last and last[0].cell == cell and last[0].x + last[0].width == x:
            self._field[-1] = Strike(last[0].x, last[0].y, last[0].text + char, b"", cell)
        else:
            self._field.append(Strike(x, self._y / PER_UNIT, char, b"", cell))

    def _control(self, byte: int, now: float) -> None:
        if byte == 0x0D:
            self._close_field(now)
        elif byte == 0x0A:
            self._close_field(now)
            self._y += self._pitch * self._step
        elif byte == 0x0C:
            self._eject(now)
        elif byte == 0x7F:
            self._field = []

    def _close_field(self, now: float) -> None:
        """The field is struck at once; the first on a line begins a row. Without a document in it is refused."""
        field, self._field, self._x = self._field, [], 0
        if field and not self._drawn_in:
            self._latched = "command_error"
        elif field:
            self._carriage.row = field
            if not self._carriage.print_row(now, more=self._struck == self._y):
                self._latched = "fault"
                self._jobs.clear()
            self._struck = self._y

    def _eject(self, now: float) -> None:
        self._close_field(now)
        self._carriage.take_out()
        self._drawn_in = False

    def _esc(self, token: Token, now: float) -> None:
        number = int(token.data) if token.data.isdigit() else 0
        if token.name == "O":
            self._eject(now)
        elif token.name in ("/", "L", "I"):
            self._vertical(token.name, number, now)
        elif token.name == "|A":
            self._offset = number * 30
        elif token.name == "H":  # in columns of the pitch: unverified
            self._x = number * self._cell
        elif token.name in PITCHES:
            self._cell = PITCHES[token.name]
        elif token.name == "&":
            self._pitch = number
        elif token.name == "Q":
            self._declare(number)
        elif token.name == "l":
            self._latched = "ready"
        elif token.name == "0":
            self._defaults()
        else:
            self._stripe(token)
            self._answer(token.name)

    def _declare(self, lines: int) -> None:
        millimetres = lines * self._pitch * self._step / 3600 * 25.4
        if self._carriage.book is not None or lines > 255 or not 70 <= millimetres <= 500:
            self._latched = "command_error"
        else:
            self._length = lines * self._pitch * self._step

    def _vertical(self, name: str, number: int, now: float) -> None:
        """ESC / and ESC L draw the document in; beyond the declared length they are refused."""
        line = self._pitch * self._step
        self._close_field(now)
        if name == "I":
            self._y += number * line
            return
        self._drawn_in = True
        from_top, steps = divmod(number, 10000)
        there = number * line if name == "L" else steps * self._step
        if name == "/" and not from_top:
            there = self._length - there
        if there > self._length:
            self._latched = "command_error"
        else:
            self._y = there

    def _stripe(self, token: Token) -> None:
        book = self._carriage.book
        if token.name == "t":
            self._to_record = token.data.decode("latin-1")
        elif token.name == "\\" and book is not None:
            whole = self._to_record
            book["stripe"], self._drawn_in = whole[: len(whole) // 2] if self._bad_stripe else whole, True
            self._latched = "stripe_error" if self._bad_stripe else self._latched
        elif token.name == "]" and book is not None:
            self._drawn_in = True
            self._out += b"\x1bs" + (book["stripe"].encode("latin-1") or b"\x7f") + b"\x1c"

    def _answer(self, name: str) -> None:
        if name == "j":
            code = self._general[self._latched] if self._forced is None else self._forced
            self._forced = None
            self._out += b"\x1br" + bytes([code])
        elif name == " B":
            if self._field:  # answered all the same, and refused (S1 p.193)
                self._latched = "command_error"
            self._out += b"\x1bB5" + bytes([self._where()]) + b"\x1bZ"
        elif name == "Z":
            self._out += b"\x1b/7"
        elif name in ("-", "}-"):
            self._out += b"\x1bS" + (b"1701" if name == "-" else b"1417")
        elif name == " b":
            self._out += b"\x1bbSIM;1.0;\x1bZ"
        elif name == "i":
            self._out += b"\x1bp0000"

    def _where(self) -> int:
        if self._carriage.book is None:
            return int(self._position["none"])
        return int(self._position["printing" if self._drawn_in else "stand"])
