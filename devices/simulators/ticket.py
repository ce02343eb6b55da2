"""A banknote counter that prints a text ticket when it has counted, with its own printing of the lines, a hopper and a
ledger of where each note went.

It is no brand's machine: it prints what a pattern of ``resources/tickets`` would read and hears nothing, as a printer
port does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger

TICKETS = Path(__file__).parents[2] / "resources" / "tickets"
_FAULTS = ("silent", "drop", "duplicate", "garble", "wrong_total", "never_ends")


class TicketSimulator:
    """hands: ``load`` (notes as [unit, pieces] or {"denomination", "pieces", "reject"}, ``rate_per_minute``), ``take``,
    ``fault`` ({"kind", "at"}: "silent", "drop", "duplicate" and "garble" at a line of the next ticket, "wrong_total",
    "never_ends"), ``report``. Option ``seconds_per_line`` is the printer's pace; ``speed=0`` takes it away."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "ticket-notes.jsonl")
        self._paper = _Paper.of(options.get("pattern", "example"))
        self._hopper: list[tuple[int, int]] = []
        self._counted: list[list[int]] = []
        self._interval = 60.0 / float(options.get("rate_per_minute", "1500"))
        at_once = options.get("speed") == "0"
        self._line_seconds = 0.0 if at_once else float(options.get("seconds_per_line", "0.02"))
        self._lines: list[bytes] = []
        self._due: float | None = None
        self._stacked = self._rejected = 0
        self._faults: dict[str, int] = {}

    def receive(self, data: bytes, now: float) -> None:
        """A printer port hears nothing."""

    def pending(self, now: float) -> bytes:
        said = b""
        while self._due is not None and self._due <= now:
            said += self._advance(now)
        return said

    def next_due(self, now: float) -> float | None:
        return self._due

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        do = command["do"]
        if do == "load":
            self._load(command)
        elif do == "take":
            self._stacked = self._rejected = 0
        elif do == "fault":
            self._faults[str(command["kind"])] = int(command.get("at", 1))
        return {
            "hopper": len(self._hopper), "stacked": self._stacked, "rejected": self._rejected,
            "batches": [fact for fact in self._ledger.facts if fact["fact"] == "batch"], "faults": list(_FAULTS),
        }  # fmt: skip

    def _load(self, command: dict[str, Any]) -> None:
        for entry in command["notes"]:
            if isinstance(entry, dict):
                note = (int(entry["denomination"]), int(entry.get("reject", 0)))
                self._hopper += [note] * int(entry.get("pieces", 1))
            else:
                self._hopper += [(int(entry[0]), 0)] * int(entry[1])
        rate = float(command.get("rate_per_minute", 60.0 / self._interval if self._interval else 0))
        self._interval = 60.0 / rate if rate else 0.0
        if self._due is None:
            self._due = 0.0

    def _advance(self, now: float) -> bytes:
        """One line printed or one note counted; the ticket's lines are made when the hopper is empty."""
        said, pause = b"", self._interval
        if self._lines:
            said, pause = self._lines.pop(0), self._line_seconds
            if not self._lines and not self._hopper:
                self._due = None
                return said
        elif self._hopper:
            self._count(*self._hopper.pop(0))
        else:
            self._finish()
        self._due = now if not pause else max(now, (self._due or now) + pause)
        return said

    def _count(self, unit: int, reject: int) -> None:
        self._counted.append([unit, reject])
        if reject:
            self._rejected += 1
        else:
            self._stacked += 1

    def _finish(self) -> None:
        number = sum(1 for fact in self._ledger.facts if fact["fact"] == "batch") + 1
        good = [unit for unit, reject in self._counted if not reject]
        rejected = len(self._counted) - len(good)
        self._ledger.add({"fact": "batch", "notes": self._counted, "pieces": len(good), "amount": sum(good)})
        self._counted = []
        surplus = 100 if self._faults.pop("wrong_total", 0) else 0
        self._lines = self._spoiled(self._paper.ticket(number, list(map(Decimal, good)), rejected, surplus))

    def _spoiled(self, lines: list[bytes]) -> list[bytes]:
        """The lines as they leave: whole, or with the faults a person asked for."""
        faults, self._faults = self._faults, {}
        if "never_ends" in faults:
            lines = lines[:-1]
        if "silent" in faults:
            lines = lines[: faults["silent"] - 1]
        printed = [self._paper.head * (at == 0) + line + b"\r\n" for at, line in enumerate(lines)]
        at = faults.get("garble", 0) - 1
        if 0 <= at < len(printed):
            printed[at] = printed[at][:-3] + bytes([printed[at][-3] ^ 0x40]) + b"\r\n"
        at = faults.get("duplicate", 0) - 1
        if 0 <= at < len(printed):
            printed.insert(at, printed[at])
        at = faults.get("drop", 0) - 1
        if 0 <= at < len(printed):
            del printed[at]
        return printed or [b"\r\n"]


@dataclass(frozen=True)
class _Paper:
    """How the tickets read that this machine prints: the lines of a pattern's file, each blank and number filled in."""

    encoding: str
    units: tuple[Decimal, ...]
    head: bytes
    """What it tells its printer first, where the pattern lets such a thing stand."""
    lines: Mapping[str, list[str]]

    @classmethod
    def of(cls, name: str) -> _Paper:
        file = TICKETS / f"{name}.toml"
        if not file.is_file():
            raise ValueError(f"there is no ticket {name!r} in {TICKETS.name}")
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        head = bytes.fromhex(next(iter(told.get("drop", [])), ""))
        return cls(told["encoding"], tuple(map(Decimal, told["denominations"])), head, told)

    def ticket(self, number: int, notes: list[Decimal], rejected: int, surplus: int) -> list[bytes]:
        rows = [
            self._printed("row", f"{number:06d}", unit, notes.count(unit), unit * notes.count(unit))
            for unit in self.units
        ]
        pieces, amount = len(notes), sum(notes, Decimal(surplus))
        rule = self._printed("ignore", "-" * 30)
        total = self._printed("total", f"{number:06d}", Decimal(0), pieces, amount)
        last = [
            self._printed("rejected", f"{number:06d}", Decimal(0), rejected),
            self._printed("end", f"{number:06d}"),
        ]
        lines = [self._printed("start", f"{number:06d}"), rule, *rows, rule, total, *last]
        return [line.encode(self.encoding) for line in lines if line]

    def _printed(
        self,
        kind: str,
        any_text: str,
        unit: Decimal = Decimal(0),
        pieces: int = 0,
        amount: Decimal = Decimal(0),
    ) -> str:
        template = next(iter(self.lines.get(kind, [])), "")
        for name, text in (
            ("{any}", any_text), ("{denomination}", f"{unit:>6}"), ("{pieces}", f"{pieces:5d}"),
            ("{amount}", f"{amount:17,.2f}"),
        ):  # fmt: skip
            template = template.replace(name, text)
        return template
