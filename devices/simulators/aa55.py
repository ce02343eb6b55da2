"""A banknote counter that speaks "AA 55", with its own framing, a hopper of notes and a ledger of where each went.

It starts by itself when notes are loaded and somebody listens, as the real one does: the protocol has no start.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger

_HANDSHAKE = bytes.fromhex("AA5503000100 0001A55A".replace(" ", ""))
_SETTLE_SECONDS = 0.05


def _frame(data: bytes) -> bytes:
    body = b"\x01\x01" + data
    return b"\xaa\x55" + struct.pack("<H", len(body)) + body + bytes([sum(body) & 255]) + b"\xa5\x5a"


class Aa55Simulator:
    """hands: ``load`` (notes as [unit, pieces] or {"denomination", "pieces", "reject"}, ``rate_per_minute``),
    ``take``, ``fault`` ({"kind", "at"}), ``report``."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "aa55-notes.jsonl")
        self._out = b""
        self._greeted = False
        self._hopper: list[tuple[int, int]] = []
        self._interval = 60.0 / float(options.get("rate_per_minute", "1500"))
        self._due: float | None = None
        self._running = False
        self._pieces = self._amount = self._stacked = self._rejected = 0
        self._serial = len(self._ledger.facts)
        self._faults: dict[str, int] = {}
        self._sent = 0
        self._batch: list[list[int]] = []
        self._input = b""

    def receive(self, data: bytes, now: float) -> None:
        self._input = (self._input + data)[-64:]
        while _HANDSHAKE in self._input:
            self._input = self._input.split(_HANDSHAKE, 1)[1]
            self._greeted = True
            self._out += _HANDSHAKE
            if self._hopper and not self._running:
                self._due = now + _SETTLE_SECONDS

    def pending(self, now: float) -> bytes:
        while self._due is not None and self._due <= now:
            self._advance(now)
        sent, self._out = self._out, b""
        return sent

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
            "batches": [fact for fact in self._ledger.facts if fact["fact"] == "batch"],
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
        if self._greeted:
            self._due = 0.0

    def _advance(self, now: float) -> None:
        if not self._running:
            self._running, self._sent = True, 0
            self._pieces = self._amount = 0
            self._batch = []
            self._say(0, 0)
        elif self._hopper:
            self._count(*self._hopper.pop(0))
        else:
            self._ledger.add(
                {"fact": "batch", "notes": self._batch, "pieces": self._pieces, "amount": self._amount}
            )
            self._say(2, 0)
            self._running, self._due = False, None
            return
        self._due = now if not self._interval else max(now, (self._due or now) + self._interval)

    def _count(self, unit: int, reject: int) -> None:
        self._batch.append([unit, reject])
        if reject:
            self._rejected += 1
            self._say(1, 0xDEAD, reject)
            return
        self._stacked += 1
        self._pieces += 1
        self._amount += unit
        self._serial += 1
        self._say(1, unit, serial=f"TD{self._serial:08d}")

    def _say(self, status: int, unit: int, error: int = 0, serial: str = "") -> None:
        data = struct.pack(
            "<IIQ4s11s5sBBB", self._pieces, unit, self._amount, b"CNY", serial.encode(), b"", error, status, 0
        )
        frame = _frame(data)
        self._sent += 1
        if self._faults.get("silent", 10**9) <= self._sent:
            return
        if self._faults.get("bad_checksum") == self._sent:
            frame = frame[:-3] + bytes([frame[-3] ^ 0x55]) + frame[-2:]
            del self._faults["bad_checksum"]
        if self._faults.get("duplicate") == self._sent:
            frame += frame
            del self._faults["duplicate"]
        if self._faults.get("drop") == self._sent:
            frame = b""
            del self._faults["drop"]
        self._out += frame
