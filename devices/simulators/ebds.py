"""A note validator that speaks EBDS, used as a detector: own framing, acknowledge-bit repetition, a note ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger

_UNITS = (1, 5, 10, 20, 50, 100)


def _xor(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
    return value


class EbdsSimulator:
    """hands: ``insert`` {"denomination", "classification", "serial"}, ``fault`` {"kind": "silent" or, for the next note
    that is to be given back, "sticks"}, ``take_out`` (of a note that stuck), ``report``."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "ebds-notes.jsonl")
        self._serial = options.get("serial", "TD-EBDS-0001")
        self._input = b""
        self._out = b""
        self._last_ack: int | None = None
        self._last_reply = b""
        self._events = 0
        self._power_up = True
        self._note: dict[str, Any] | None = None
        self._stage = "idle"
        self._faults: set[str] = set()

    def receive(self, data: bytes, now: float) -> None:
        self._input += bytes(byte & 0x7F for byte in data)
        while len(self._input) >= 2:
            if self._input[0] != 2:
                self._input = self._input[1:]
                continue
            length = self._input[1]
            if len(self._input) < length or length < 5:
                if length < 5:
                    self._input = self._input[1:]
                    continue
                return
            frame, self._input = self._input[:length], self._input[length:]
            if frame[-2] == 3 and _xor(frame[1:-2]) == frame[-1]:
                self._command(frame)

    def pending(self, now: float) -> bytes:
        sent, self._out = self._out, b""
        return b"" if "silent" in self._faults else sent

    def next_due(self, now: float) -> float | None:
        return None

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["do"] == "insert" and self._note is not None:
            self._ledger.add({"fact": "not taken"})
        elif command["do"] == "insert":
            self._note = {key: command[key] for key in ("denomination", "classification")}
            self._stage = "accepting"
            self._ledger.add({"fact": "inserted", **self._note})
        elif command["do"] == "take_out":
            self._stage, self._note = "idle", None
            self._ledger.add({"fact": "taken out"})
        elif command["do"] == "fault":
            self._faults ^= {str(command["kind"])}
        return {"stage": self._stage, "facts": self._ledger.facts}

    def _command(self, frame: bytes) -> None:
        ack, kind = frame[2] & 1, frame[2] >> 4 & 7
        if ack == self._last_ack:
            self._out += self._last_reply
            return
        self._last_ack = ack
        if kind == 6:
            reply = self._aux(frame)
        elif kind == 1:
            reply = self._omnibus(frame[3:-2])
        else:
            reply = self._standard()
        self._last_reply = reply
        self._out += reply

    def _wrap(self, kind: int, data: bytes) -> bytes:
        covered = bytes([len(data) + 5, kind << 4 | (self._last_ack or 0)]) + data
        return b"\x02" + covered + b"\x03" + bytes([_xor(covered)])

    def _aux(self, frame: bytes) -> bytes:
        name = {5: self._serial, 8: "TD SIM"}.get(frame[5], "")
        return self._wrap(6, name.encode().ljust(20, b" "))

    def _omnibus(self, data: bytes) -> bytes:
        give_back = bool(data[1] & 0x40)
        if self._stage == "accepting":
            classification = int(self._note["classification"]) if self._note else 0
            self._stage = "escrowed" if classification else "rejected"
            if not classification:
                self._ledger.add({"fact": "rejected"})
        elif self._stage == "escrowed" and give_back:
            self._stage = "stuck" if "sticks" in self._faults else "returning"
            self._faults.discard("sticks")
        elif self._stage == "returning":
            self._stage = "returned"
            self._ledger.add({"fact": "returned"})
        elif self._stage in ("returned", "rejected"):
            self._stage, self._note = "idle", None
        if self._stage == "escrowed" and data[2] & 0x10:
            return self._extended()
        return self._standard()

    def _state(self) -> bytes:
        first = {
            "idle": 1,
            "accepting": 2,
            "escrowed": 4,
            "returning": 0x20,
            "returned": 0x41,
            "rejected": 1,
            "stuck": 4,
        }
        second = 0x10 | {"rejected": 0x02, "stuck": 0x04}.get(self._stage, 0)
        third = 1 if self._power_up else 0
        self._power_up = False
        return bytes([first[self._stage], second, third, 0, 1, 2])

    def _standard(self) -> bytes:
        return self._wrap(2, self._state())

    def _extended(self) -> bytes:
        assert self._note is not None
        unit = int(self._note["denomination"])
        base, exponent = (unit, 0) if unit < 1000 else (unit // 10, 1)
        classification = int(self._note["classification"])
        body = b"\x02" + self._state() + b"\x01" + b"CNY" + f"{base:03d}+{exponent:02d}".encode()
        body += bytes([0, 65, 65, 65, 65]) + bytes([classification]) + b"\0\0\0"
        return self._wrap(7, body[:25])
