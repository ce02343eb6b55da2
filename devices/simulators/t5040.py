"""A T5040 passbook printer with paper, ink, a stripe unit and moods: own parser, 30-message store, GPS and SPM, edges.

Ink and stripe are written to the ledger and synced before they are acknowledged. A strike on ink of another row is
recorded as overprint. Faults are set by hands, as a person would cause them. Positions are in 1/180 inch from the
document's top left corner. Source: passbook-printers §2.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import Carriage, Paper, Strike
from devices.simulators.t5040_parser import StreamParser, Token

ONLINE, STOP, ERROR = 0, 1, 2
STORE = 30
ROW_SECONDS = 0.45
FIRST_POSITION = 90
"""Base line after inserting or FF: 30/60 inch (§2.4)."""
LINE_WIDTH = 1620
"""90 columns at 10 cpi: with the right edge leading, the left one lies that far from it (§2.4)."""
USUAL_WIDTH, USUAL_HEIGHT = 992, 2500
"""Of a book whose size nobody said; its edges are then not looked for."""
CELLS = {"P": 18, "M": 15, "g": 12}
STRIPE_FORMATS = {0: ("=", "?"), 1: (";", "<"), 2: (";", "?"), 5: ("=", "?"), 6: (";", "?")}
NEEDS_NO_PAPER = ("#z", '"z', "!r", "%t", "(t", "*t", ",t", "#t", "$t", "!t", ")t")


class T5040Simulator:
    """hands: insert_book (with width_mm, height_mm, stripe), remove_book, lid, key, jam, stripe_fault, silent, clear,
    host_holds, send_break, power_cycle, preprint, page_image, report. Options: speed, leading_edge (1: right)."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "t5040-ink.jsonl")
        self._carriage = Carriage(Paper(self._ledger), ROW_SECONDS * float(options.get("speed", "1")))
        self._menu_edge = int(options.get("leading_edge", "0"))
        self._jobs: deque[Token] = deque()
        self._out: deque[bytes] = deque()
        self._parser = StreamParser()
        self._status = ONLINE
        self._automatic, self._held, self._silent, self._falls_silent = False, False, False, False
        self._stripe_fault, self._fault_times = 0, 0
        self._defaults()

    def _defaults(self) -> None:
        """What a reset restores; how errors are handled is not among it."""
        self._x: float = 0
        self._y: int | None = FIRST_POSITION
        self._cell, self._edge, self._lamps = CELLS["P"], self._menu_edge, 0
        self._stripe = (0, 0, 0)
        self._carriage.row = []

    # --- the line ------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        self._jobs.extend(self._parser.feed(data))

    def pending(self, now: float) -> bytes:
        while self._jobs and now >= self._carriage.busy_until and self._status == ONLINE:
            if not self._can_run(self._jobs[0]):
                self._say_message(2, 4)
                self._set_status(STOP)
                break
            self._run(self._jobs.popleft(), now)
        if self._held:
            return b""
        sent = b"".join(self._out)
        self._out.clear()
        return b"" if self._silent else sent

    def next_due(self, now: float) -> float | None:
        return self._carriage.busy_until if self._jobs and self._status == ONLINE else None

    # --- what a person does --------------------------------------------------------------------------------

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        getattr(self, f"_hand_{command['do']}")(command)
        paper = self._carriage.paper
        return {
            "book": self._carriage.book, "status": self._status, "rows": paper.rows,
            "overprints": paper.overprints, "automatic": self._automatic,
        }  # fmt: skip

    def _hand_insert_book(self, command: dict[str, Any]) -> None:
        self._carriage.insert(command)
        self._say_message(1, 4)
        if self._status == STOP:
            self._set_status(ONLINE)

    def _hand_remove_book(self, command: dict[str, Any]) -> None:
        self._carriage.take_out()
        self._say_message(2, 4)

    def _hand_lid(self, command: dict[str, Any]) -> None:
        self._set_status(STOP if command.get("open", True) else ONLINE)

    def _hand_key(self, command: dict[str, Any]) -> None:
        """USER1 or USER2; heard only while dual station control is on."""
        if self._lamps:
            self._say_message(20, int(command["number"]))

    def _hand_jam(self, command: dict[str, Any]) -> None:
        self._carriage.jam_after = int(command.get("after_rows", 0))

    def _hand_stripe_fault(self, command: dict[str, Any]) -> None:
        """The stripe unit fails with this code, that many times (for good without a number)."""
        self._stripe_fault, self._fault_times = int(command["code"]), int(command.get("times", 10**6))

    def _hand_clear(self, command: dict[str, Any]) -> None:
        self._silent, self._falls_silent, self._carriage.ribbon = False, False, True
        self._set_status(ONLINE)

    def _hand_silent(self, command: dict[str, Any]) -> None:
        """``ink`` True: the next row lands but nothing is said; False: it does not land either."""
        self._falls_silent = True
        self._carriage.ribbon = bool(command.get("ink", True))

    def _hand_host_holds(self, command: dict[str, Any]) -> None:
        """The host's handshake holds the line: messages stay in the store until it lets go."""
        self._held = bool(command.get("on", True))

    def _hand_send_break(self, command: dict[str, Any]) -> None:
        """What a serial BREAK does; in ONLINE it also empties the receive buffer and restores the defaults."""
        if self._status == ONLINE:
            self._jobs.clear()
            self._parser = StreamParser()
            self._defaults()
        self._say(f"\x1b[{self._status}!z")
        self._answer("#z", 1)

    def _hand_power_cycle(self, command: dict[str, Any]) -> None:
        self._jobs.clear()
        self._parser = StreamParser()
        self._silent, self._falls_silent, self._automatic = False, False, False
        self._defaults()
        self._set_status(ONLINE)

    def _hand_report(self, command: dict[str, Any]) -> None:
        """Nothing is done; the answer tells."""

    def _hand_page_image(self, command: dict[str, Any]) -> None:
        self._carriage.paper.draw(command)

    def _hand_preprint(self, command: dict[str, Any]) -> None:
        self._carriage.paper.preprint(command)

    # --- running -------------------------------------------------------------------------------------------

    def _can_run(self, token: Token) -> bool:
        """Anything that needs paper needs a book; questions about the unit do not."""
        if self._carriage.book is not None or token.kind in ("reset", "pitch", "column", "control"):
            return True
        return token.kind == "csi" and token.name in NEEDS_NO_PAPER and not self._carriage.row

    def _run(self, token: Token, now: float) -> None:
        if token.kind == "csi":
            self._csi(token, now)
        elif token.kind == "reset":
            self._defaults()
        elif token.kind == "pitch":
            self._cell = CELLS[token.name]
        elif token.kind == "column":
            self._x = token.numbers[0] * 3
        elif token.kind in ("text", "image"):
            self._buffer(token)
        elif token.kind == "control" and token.numbers[0] == 0x0C:
            self._strike(now)
            self._eject(FIRST_POSITION)

    def _buffer(self, token: Token) -> None:
        """Text and dots wait in the line buffer. Printing outside the document is an error."""
        if self._y is None:
            self._fail()
            return
        origin = self._size()[0] - LINE_WIDTH if self._edge else 0
        is_text = token.kind == "text"
        text = token.data.decode("latin-1") if is_text else ""
        strike = Strike(origin + self._x, self._y, text, b"" if is_text else token.data, self._cell)
        self._carriage.row.append(strike)
        self._x += strike.width

    def _csi(self, token: Token, now: float) -> None:
        name, number = token.name, token.numbers[0] if token.numbers else 0
        if name in ("!p", '"p', "#p", "$p", "!t", '"t', '"r'):
            self._strike(now)
        if self._status == ERROR:
            return
        if name in ("!p", '"p', "#p", "$p"):
            self._position(name, number)
        elif name in ("!t", ")t"):
            self._say(f"\x1b[{number}{name}")
        elif name in ("%t", "(t", "*t"):
            self._set(name, number)
        elif name.endswith("r"):
            self._magnetic(token)
        else:
            self._answer(name, number)

    def _set(self, name: str, number: int) -> None:
        """Out of range is ignored (§2.1)."""
        if name == "*t" and number <= 4:
            self._lamps = number
        elif name == "%t" and number <= 1:
            self._edge = number
        elif name == "(t" and number <= 1:
            self._automatic = bool(number)

    def _position(self, name: str, number: int) -> None:
        """Base lines from the top or bottom edge, or back from here; eject and insert."""
        height = self._size()[1]
        if name == "$p":
            if number == 0:
                self._eject(None)
            else:
                self._y = FIRST_POSITION
            return
        there = {"!p": number, '"p': height - number, "#p": (self._y or 0) - number}[name]
        if (name != "#p" and number < 1) or there < 1:
            self._fail()
        elif there > height:
            self._edge_passed()
        else:
            self._y = there

    def _size(self) -> tuple[int, int]:
        """Width and height of the document that lies in it."""
        book = self._carriage.book or {}
        width, height = book.get("width_mm"), book.get("height_mm")
        return (
            round(width / 25.4 * 180) if width else USUAL_WIDTH,
            round(height / 25.4 * 180) if height else USUAL_HEIGHT,
        )

    def _answer(self, name: str, number: int = 0) -> None:
        """Questions: the unit, the paper, the document's width."""
        if name == "#z":
            self._say(f"\x1b[0;4;94;1;1;0;1;{5040 if number else 0};0#z")
        elif name == '"z':
            self._say_message(1 if self._carriage.book else 2, 4)
        elif name == '"t':
            self._say(f'\x1b[{self._size()[0]}"t')

    def _strike(self, now: float) -> None:
        """The buffered row goes onto the paper, is recorded, and only then may be acknowledged."""
        row, book = self._carriage.row, self._carriage.book or {}
        if not row:
            return
        right = self._size()[0] if book.get("width_mm") else None
        inside = [one for one in row if right is None or one.x + one.width <= right]
        self._carriage.row = inside
        jammed = not self._carriage.print_row(now)
        self._silent = self._silent or self._falls_silent
        if jammed:
            self._fail()
        elif len(inside) < len(row):
            self._edge_passed()

    # --- the stripe ----------------------------------------------------------------------------------------

    def _magnetic(self, token: Token) -> None:
        if token.name == "!r":
            self._stripe_parameters(token.numbers)
        elif token.name == '"r':
            self._read_stripe()
        elif token.name == "#r":
            self._write_stripe(token.data)
        elif token.name == "%r":
            self._record_stripe("")

    def _stripe_parameters(self, given: tuple[int, ...]) -> None:
        """Wrong values fall back to the defaults, but for the format (§2.2)."""
        writes, reads, layout = (*given, 0, 0, 0)[:3]
        if layout not in STRIPE_FORMATS:
            self._fail()
            return
        self._stripe = (writes if writes <= 2 else 0, reads if reads <= 2 else 0, layout)

    def _attempts(self, repeats: int) -> tuple[int, int]:
        """How many attempts were used, and the error of the last."""
        for attempt in range(1, repeats + 2):
            if not self._stripe_fault or not self._fault_times:
                return attempt, 0
            self._fault_times -= 1
        return repeats + 1, self._stripe_fault

    def _read_stripe(self) -> None:
        """On an error the characters up to the bad one are sent; with no data or no start there are none."""
        attempts, error = self._attempts(self._stripe[1])
        assert self._carriage.book is not None
        stripe = str(self._carriage.book["stripe"])
        start, end = STRIPE_FORMATS[self._stripe[2]]
        if not error and not stripe:
            error = 3
        data = f"{start}{stripe}{end}" if not error else f"{start}{stripe[: len(stripe) // 2]}"
        self._say(f'\x1b[{attempts};2;1;{error}"r\x02{"" if error in (3, 4) else data}\x03')

    def _write_stripe(self, data: bytes) -> None:
        if any(not 0x30 <= byte <= 0x3F for byte in data):
            self._fail()
            return
        attempts, error = self._attempts(self._stripe[0])
        text = data.decode("latin-1").strip("=?;<")
        self._record_stripe(text[: len(text) // 2] if error else text)
        self._silent = self._silent or self._falls_silent
        self._say(f"\x1b[{attempts};{error}#r")

    def _record_stripe(self, text: str) -> None:
        assert self._carriage.book is not None
        self._carriage.book["stripe"] = text
        self._ledger.add({"fact": "stripe", "book": self._carriage.book["book"], "text": text})

    # --- faults --------------------------------------------------------------------------------------------

    def _fail(self) -> None:
        """ERROR: what was not carried out is cancelled; a person clears it."""
        self._set_status(ERROR)

    def _edge_passed(self) -> None:
        """PAPER LENGTH or PAPER WIDENESS; handled by itself it ends in ONLINE with the document out (§2.3)."""
        self._fail()
        if self._automatic:
            self._eject(FIRST_POSITION)
            self._defaults()
            self._set_status(ONLINE)

    def _eject(self, then: int | None) -> None:
        self._carriage.take_out()
        self._y = then
        self._say_message(2, 4)

    # --- saying --------------------------------------------------------------------------------------------

    def _set_status(self, status: int) -> None:
        self._status = status
        if status == ERROR:
            self._jobs.clear()
            self._carriage.row = []
        self._say(f"\x1b[{status}!z")

    def _say_message(self, group: int, number: int) -> None:
        self._say(f'\x1b[{group};{number}"z')

    def _say(self, text: str) -> None:
        """Into the store; the 31st is lost."""
        if len(self._out) < STORE:
            self._out.append(text.encode("latin-1"))
