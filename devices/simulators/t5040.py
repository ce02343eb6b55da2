"""A T5040 passbook printer with paper, ink and moods: own parser, 30-message store, GPS/SPM, timing, faults.

Ink is written to the ledger and synced before the control point behind it is acknowledged. A strike on ink of another
row is recorded as overprint. Faults are set by hands, as a person would cause them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import Paper, Strike
from devices.simulators.t5040_parser import StreamParser, Token

ONLINE, STOP, ERROR = 0, 1, 2
STORE = 30
ROW_SECONDS = 0.45


class T5040Simulator:
    """hands: insert_book, remove_book, lid, jam, silent, power_cycle, page_image, report."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._paper = Paper(PhysicalLedger(directory / "t5040-ink.jsonl"))
        self._speed = float(options.get("speed", "1"))
        self._parser = StreamParser()
        self._jobs: deque[Token] = deque()
        self._out: deque[bytes] = deque()
        self._status = ONLINE
        self._book: dict[str, Any] | None = None
        self._x: float = 0
        self._y = 0
        self._row: list[Strike] = []
        self._busy_until = 0.0
        self._jam_after: int | None = None
        self._silent = ""

    def receive(self, data: bytes, now: float) -> None:
        for token in self._parser.feed(data):
            self._jobs.append(token)

    def pending(self, now: float) -> bytes:
        while self._jobs and now >= self._busy_until and self._status == ONLINE:
            if not self._can_run(self._jobs[0]):
                self._document_request()
                break
            self._run(self._jobs.popleft(), now)
        sent = b"".join(self._out)
        self._out.clear()
        return b"" if self._silent == "now" else sent

    def next_due(self, now: float) -> float | None:
        return self._busy_until if self._jobs and self._status == ONLINE else None

    # --- what a person does --------------------------------------------------------------------------------

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        handler = getattr(self, f"_hand_{command['do']}")
        handler(command)
        return {
            "book": self._book, "status": self._status, "rows": self._paper.rows,
            "overprints": self._paper.overprints,
        }  # fmt: skip

    def _hand_insert_book(self, command: dict[str, Any]) -> None:
        self._book = {
            "book": command["book"],
            "page": command.get("page", 1),
            "stripe": command.get("stripe", ""),
        }
        self._say_message(1, 4)
        if self._status == STOP:
            self._set_status(ONLINE)

    def _hand_remove_book(self, command: dict[str, Any]) -> None:
        self._book = None
        self._say_message(2, 4)

    def _hand_lid(self, command: dict[str, Any]) -> None:
        self._set_status(STOP if command.get("open", True) else ONLINE)

    def _hand_jam(self, command: dict[str, Any]) -> None:
        self._jam_after = int(command.get("after_rows", 0))

    def _hand_clear(self, command: dict[str, Any]) -> None:
        self._silent = ""
        self._set_status(ONLINE)

    def _hand_silent(self, command: dict[str, Any]) -> None:
        """``ink`` True: the next row lands but nothing is said; False: it does not land either."""
        self._silent = "with_ink" if command.get("ink", True) else "without_ink"

    def _hand_power_cycle(self, command: dict[str, Any]) -> None:
        self._jobs.clear()
        self._row, self._silent = [], ""
        self._parser = StreamParser()
        self._set_status(ONLINE)

    def _hand_report(self, command: dict[str, Any]) -> None:
        """Nothing is done; the answer tells."""

    def _hand_page_image(self, command: dict[str, Any]) -> None:
        self._paper.draw(command)

    def _hand_preprint(self, command: dict[str, Any]) -> None:
        self._paper.preprint(command)

    # --- running -------------------------------------------------------------------------------------------

    def _can_run(self, token: Token) -> bool:
        """Anything that needs paper needs a book; questions about the unit do not."""
        if self._book is not None or token.kind == "reset":
            return True
        if token.kind == "csi":
            return token.name in ("#z", '"z', "!r", "%t", "(t", "*t", ",t", "!t", ")t") and not self._row
        return token.kind == "control"

    def _document_request(self) -> None:
        self._say_message(2, 4)
        self._set_status(STOP)

    def _run(self, token: Token, now: float) -> None:
        if token.kind == "csi":
            self._csi(token, now)
        elif token.kind == "reset":
            self._row = []
        elif token.kind == "column":
            self._x = token.numbers[0] * 3
        elif token.kind in ("text", "image"):
            text = token.data.decode("latin-1") if token.kind == "text" else ""
            columns = token.data if token.kind == "image" else b""
            strike = Strike(self._x, self._y, text, columns)
            self._row.append(strike)
            self._x += strike.width
        elif token.kind == "control" and token.numbers[0] == 0x0C:
            self._strike(now)
            self._book = None
            self._say_message(2, 4)

    def _csi(self, token: Token, now: float) -> None:
        name, numbers = token.name, token.numbers
        if name in ("!p", "!t", '"t', '"r'):
            self._strike(now)
        if name == "!p":
            self._move_to(numbers[0] if numbers else 0)
        elif name == "!t" and self._status == ONLINE:
            self._say(f"\x1b[{numbers[0]}!t")
        elif name == ")t":
            self._say(f"\x1b[{numbers[0]})t")
        elif name == "#r" and self._book is not None:
            self._book["stripe"] = token.data.decode("latin-1").strip("=?")
            self._say("\x1b[1;0#r")
        else:
            self._answer(name)

    def _move_to(self, y: int) -> None:
        self._y = y
        if not 1 <= y <= 2500:
            self._set_status(ERROR)

    def _answer(self, name: str) -> None:
        """Questions: the unit, the paper, the document's width, the stripe."""
        if name == "#z":
            self._say("\x1b[0;4;94;1;1;0;1;5040;0#z")
        elif name == '"z':
            self._say_message(1 if self._book else 2, 4)
        elif name == '"t':
            self._say('\x1b[992"t')
        elif name == '"r':
            stripe = str(self._book["stripe"]) if self._book else ""
            self._say(f'\x1b[1;2;1;{0 if stripe else 3}"r\x02={stripe}?\x03')

    def _strike(self, now: float) -> None:
        """The buffered row goes onto the paper, is recorded, and only then may be acknowledged."""
        if not self._row or self._book is None:
            self._row = []
            return
        row, self._row = self._row, []
        if self._silent == "without_ink":
            self._silent = "now"
            return
        if self._jam_after == 0:
            self._jam_after = None
            row = row[: len(row) // 2]
            self._record(row)
            self._jobs.clear()
            self._set_status(ERROR)
            return
        self._record(row)
        if self._jam_after is not None:
            self._jam_after -= 1
        if self._silent == "with_ink":
            self._silent = "now"
        self._busy_until = now + ROW_SECONDS * self._speed

    def _record(self, row: list[Strike]) -> None:
        assert self._book is not None
        self._paper.strike(self._book["book"], int(self._book["page"]), row)

    # --- saying --------------------------------------------------------------------------------------------

    def _set_status(self, status: int) -> None:
        self._status = status
        if status == ERROR:
            self._jobs.clear()
        self._say(f"\x1b[{status}!z")

    def _say_message(self, group: int, number: int) -> None:
        self._say(f'\x1b[{group};{number}"z')

    def _say(self, text: str) -> None:
        if len(self._out) < STORE:
            self._out.append(text.encode("latin-1"))
