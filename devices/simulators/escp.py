"""ESC/P passbook printers with paper and ink, and without a word to say: PLQ-20 (ESC/P), PLQ-20D (ESC/P2), LQ-1600K.

All that leaves them is XOFF when their buffer is nearly full or a person paused them, and XON. A book is drawn in when
it is laid in; until then data waits. A code that a font lacks prints as what stands there: a wrong glyph, no refusal.
Positions are kept in 1/3600 inch. Source: passbook-printers §4; what a plain ESC/P printer's paper position is after
loading is unverified there and set to one line under the edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from devices.simulators.escp_parser import Token, next_token
from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import Carriage, Paper, Strike

XON, XOFF = b"\x11", b"\x13"
ROW_SECONDS = 0.45
PER_UNIT = 20
"""1/3600 inch in 1/180 inch."""
BASE_LINE = 20 * PER_UNIT
"""Base line of the first line, below the top margin."""
MOST_UPWARD = 1790
"""ESC ( V ignores a request of more than 179/360 inch upwards."""
RIGHT_EDGE = 1692 * PER_UNIT
PITCHES = {"P": 360, "M": 300, "g": 240}


class EscpSimulator:
    """hands: insert_book, remove_book, pause, jam, silent, clear, power_cycle, page_image, preprint, report. Options:
    speed, buffer (bytes it stores), starts_chinese (1: powers up and resets into the two-byte mode)."""

    name: ClassVar[str] = "escp"
    absolute: ClassVar[bool] = False
    chinese: ClassVar[bool] = False

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        speed = float(options.get("speed", "1"))
        self._paper = Paper(PhysicalLedger(directory / f"{self.name}-ink.jsonl"))
        self._carriage = Carriage(self._paper, ROW_SECONDS * speed)
        self._room = int(options.get("buffer", "8192"))
        self._starts_chinese = options.get("starts_chinese") == "1"
        self._store = bytearray()
        self._out = b""
        self._held, self._paused = False, False
        self._lost = 0
        self._lift_after_row = False
        self._y, self._top = BASE_LINE, 0
        self._defaults()

    def _defaults(self) -> None:
        """What ESC @ restores; the paper stays where it is."""
        self._x, self._pitch, self._unit, self._spacing = 0, 360, 0, 600
        self._letter_quality, self._two_byte, self._lead = False, self._starts_chinese, 0
        self._gaps = (0, 3)
        self._carriage.row = []

    # --- the line ------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        kept = data[: self._room - len(self._store)]
        self._store += kept
        self._lost += len(data) - len(kept)

    def pending(self, now: float) -> bytes:
        while not self._paused and now >= self._carriage.busy_until:
            found = next_token(bytes(self._store[: self._room]))
            if found is None or not self._can_run(found[0]):
                break
            del self._store[: found[1]]
            self._run(found[0], now)
        self._handshake()
        sent, self._out = self._out, b""
        return sent

    def next_due(self, now: float) -> float | None:
        return self._carriage.busy_until if self._store and self._carriage.busy_until > now else None

    def _handshake(self) -> None:
        full = len(self._store) > self._room * 3 // 4 or (self._held and len(self._store) > self._room // 4)
        hold = self._paused or full
        if hold != self._held:
            self._held = hold
            self._out += XOFF if hold else XON

    # --- what a person does --------------------------------------------------------------------------------

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        getattr(self, f"_hand_{command['do']}")(command)
        return {
            "book": self._carriage.book, "rows": self._paper.rows, "overprints": self._paper.overprints,
            "waiting": len(self._store), "lost": self._lost, "paused": self._paused,
        }  # fmt: skip

    def _hand_insert_book(self, command: dict[str, Any]) -> None:
        self._carriage.insert(command)
        self._y = self._top + BASE_LINE

    def _hand_remove_book(self, command: dict[str, Any]) -> None:
        self._carriage.take_out()

    def _hand_pause(self, command: dict[str, Any]) -> None:
        self._paused = bool(command.get("on", True))

    def _hand_jam(self, command: dict[str, Any]) -> None:
        self._carriage.jam_after = int(command.get("after_rows", 0))

    def _hand_silent(self, command: dict[str, Any]) -> None:
        """The ribbon gives out: ``ink`` True after the next row, False at once. The printer does not notice."""
        self._lift_after_row = bool(command.get("ink", True))
        self._carriage.ribbon = self._lift_after_row

    def _hand_clear(self, command: dict[str, Any]) -> None:
        self._carriage.ribbon, self._lift_after_row, self._paused = True, False, False

    def _hand_power_cycle(self, command: dict[str, Any]) -> None:
        self._store.clear()
        self._top, self._held, self._paused = 0, False, False
        self._defaults()

    def _hand_page_image(self, command: dict[str, Any]) -> None:
        self._paper.draw(command)

    def _hand_preprint(self, command: dict[str, Any]) -> None:
        self._paper.preprint(command)

    def _hand_report(self, command: dict[str, Any]) -> None:
        """Nothing is done; the answer tells."""

    # --- running -------------------------------------------------------------------------------------------

    def _can_run(self, token: Token) -> bool:
        """Setting up needs no paper; printing and moving it does."""
        if self._carriage.book is not None:
            return True
        if token.kind == "paren":
            return token.name in "UCct"
        if token.kind == "control":
            return token.data not in (b"\x0a", b"\x0c")
        return token.kind not in ("byte", "image") and (token.kind, token.name) != ("esc", "J")

    def _run(self, token: Token, now: float) -> None:
        if token.kind == "byte":
            self._byte(token.data[0])
        elif token.kind == "image":
            columns = token.data if token.name == "\x27" else bytes(len(token.data))
            self._strike(Strike(self._x / PER_UNIT, self._y / PER_UNIT, "", columns))
        elif token.kind == "control":
            self._control(token.data[0], now)
        elif token.kind == "fs":
            self._fs(token)
        elif token.kind == "paren":
            self._parenthesis(token, now)
        else:
            self._esc(token, now)

    def _byte(self, byte: int) -> None:
        """In the two-byte mode a byte above 7F waits for the next; 20..7F is half of a Chinese cell wide there."""
        if not self._two_byte:
            self._glyph(bytes([byte]).decode("latin-1"), self._pitch / PER_UNIT)
        elif self._lead:
            code, self._lead = bytes([self._lead, byte]), 0
            self._glyph(code.decode("gb2312", "replace")[0], 24 + sum(self._gaps))
        elif byte > 0x7F:
            self._lead = byte
        else:
            self._glyph(chr(byte), 13.5)

    def _glyph(self, char: str, cell: float) -> None:
        """What prints next to what was printed belongs to one run of ink."""
        x, y, row = self._x / PER_UNIT, self._y / PER_UNIT, self._carriage.row
        last = row[-1] if row else None
        if last and last.text and (last.y, last.cell, last.x + last.width) == (y, cell, x):
            row.pop()
            self._x = round(last.x * PER_UNIT)
            char, x = last.text + char, last.x
        self._strike(Strike(x, y, char, b"", cell))

    def _strike(self, strike: Strike) -> None:
        if self._x + round(strike.width * PER_UNIT) <= RIGHT_EDGE:
            self._carriage.row.append(strike)
        self._x += round(strike.width * PER_UNIT)

    def _control(self, byte: int, now: float) -> None:
        if byte == 0x0D:
            self._move(0, now)
            self._x = 0
        elif byte == 0x18:
            self._carriage.row = []
        elif byte == 0x0A:
            self._x = 0
            self._move(self._spacing, now)
        elif byte == 0x0C:
            self._move(0, now)
            self._carriage.take_out()
            self._x = 0

    def _fs(self, token: Token) -> None:
        if not self.chinese:
            return
        if token.name in "&.":
            self._two_byte, self._lead = token.name == "&", 0
        elif token.name == "S":
            self._gaps = (token.data[0], token.data[1])

    def _parenthesis(self, token: Token, now: float) -> None:
        """One whose count lacks what it needs is ignored: a job that was cut leaves such behind."""
        if not self.absolute or len(token.data) < {"U": 1, "c": 4}.get(token.name, 2):
            return
        words = [int.from_bytes(token.data[at : at + 2], "little") for at in range(0, len(token.data), 2)]
        unit = self._unit or 10
        if token.name == "U":
            self._unit = token.data[0]
        elif token.name == "c":
            self._top = words[0] * unit
        elif token.name == "V":
            there = self._top + BASE_LINE + words[0] * unit
            if there - self._y >= -MOST_UPWARD:
                self._move(there - self._y, now)
        elif token.name == "v":
            self._move(_signed(words[0]) * unit, now)

    def _esc(self, token: Token, now: float) -> None:
        number = int.from_bytes(token.data, "little")
        if token.name == "@":
            self._defaults()
        elif token.name == "J":
            self._move(number * PER_UNIT, now)
        elif token.name == "$":
            self._x = number * (self._unit or 60)
        elif token.name == "\\":
            self._x += _signed(number) * (self._unit or (20 if self._letter_quality else 30))
        elif token.name == "x":
            self._letter_quality = number in (1, 0x31)
        elif token.name in PITCHES:
            self._pitch = PITCHES[token.name]
        elif token.name in "023A+":
            self._line_spacing(token.name, number)

    def _line_spacing(self, name: str, number: int) -> None:
        fixed = {"0": 450, "2": 600}
        self._spacing = fixed.get(name) or number * {"3": 20, "A": 60, "+": 10}[name]

    def _move(self, distance: int, now: float) -> None:
        """The paper moves: what was buffered is struck first."""
        if distance or self._carriage.row:
            inked = bool(self._carriage.row)
            if not self._carriage.print_row(now):
                self._paused = True
                self._store.clear()
            if inked and self._lift_after_row:
                self._carriage.ribbon = False
        self._y += distance


def _signed(word: int) -> int:
    return word - 0x10000 if word > 0x7FFF else word


class Escp2Simulator(EscpSimulator):
    """An ESC/P2 printer: absolute vertical positions, units of its own."""

    name = "escp2"
    absolute = True


class Lq1600kSimulator(EscpSimulator):
    """An ESC/P printer with the FS layer and a GB2312 font."""

    name = "lq1600k"
    chinese = True
