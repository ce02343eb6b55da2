"""A note validator that speaks CCNET, used as a detector: own framing, answers kept until acknowledged, a note
ledger.

It starts as the real ones do: POWER UP until RESET, then INITIALIZE, then UNIT DISABLED. A note in escrow goes back
when nobody decides for ten seconds (flag R). With ``strict=1`` a gap of more than 5 ms inside a frame ends it, and what
comes sooner than 10 ms after an ACK or NAK is not heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger

_UNITS = (1, 5, 10, 20, 50, 100)
_INITIALIZE_SECONDS = 0.5
_MOVE_SECONDS = 0.3
_ESCROW_SECONDS = 10.0
_GAP_SECONDS = 0.005
_AFTER_ACK_SECONDS = 0.01
_EVENTS = (0x80, 0x81, 0x82)
_NEXT = {0x13: 0x19, 0x15: 0x80, 0x17: 0x81, 0x18: 0x82, 0x1C: 0x14}


def _crc(data: bytes) -> bytes:
    """Bit by bit, as the standard draws it: each bit shifts through the register."""
    register = 0
    for byte in data:
        for bit in range(8):
            feedback = (register ^ byte >> bit) & 1
            register >>= 1
            if feedback:
                register ^= 0x8408
    return bytes([register & 0xFF, register >> 8])


def _frame(data: bytes) -> bytes:
    body = b"\x02\x03" + bytes([len(data) + 5]) + data
    return body + _crc(body)


class CcnetSimulator:
    """hands: ``insert`` {"denomination", "classification" (4 genuine, else turned away), "reason"}, ``trouble``
    {"code", "detail"} (code 0 ends it), ``power`` {"state": 16, 17 or 18}, ``fault`` {"kind"}, ``report``.

    Faults: ``silent`` (until given again), ``bad_answer`` (the next one), ``deaf_to_ack`` (the next one),
    ``no_escrow`` (it stacks whatever it takes, until given again).
    """

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "ccnet-notes.jsonl")
        self._serial = options.get("serial", "TD-CC-00001")
        self._country = options.get("country", "CHN")
        self._strict = options.get("strict") == "1"
        self._input = b""
        self._heard = self._acked = 0.0
        self._out = b""
        self._last = b""
        self._state, self._due = 0x10, float("inf")
        self._enabled = False
        self._note: dict[str, Any] | None = None
        self._reason = self._type = 0
        self._trouble = b""
        self._waits_for_ack = False
        self._faults: set[str] = set()

    def receive(self, data: bytes, now: float) -> None:
        if self._strict and self._input and now - self._heard > _GAP_SECONDS:
            self._input = b""
        self._heard = now
        self._input = (self._input + data)[-512:]
        while b"\x02" in self._input:
            self._input = self._input[self._input.index(b"\x02") :]
            if len(self._input) < 3 or len(self._input) < self._input[2]:
                return
            self._frame(max(self._input[2], 3), now)

    def pending(self, now: float) -> bytes:
        self._advance(now)
        sent, self._out = self._out, b""
        return b"" if "silent" in self._faults else sent

    def next_due(self, now: float) -> float | None:
        return self._due if self._due != float("inf") else None

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["do"] == "insert":
            self._insert(command)
        elif command["do"] == "trouble":
            code = int(command["code"])
            self._trouble = (
                bytes([code, *([int(command["detail"])] if "detail" in command else [])]) if code else b""
            )
        elif command["do"] == "power":
            held = 0x11 if self._state in (0x15, 0x80, 0x18, 0x1C) else 0x10
            self._state, self._due, self._enabled = int(command.get("state", held)), float("inf"), False
            self._waits_for_ack = False
        elif command["do"] == "fault":
            self._faults ^= {str(command["kind"])}
        return {"state": self._state, "enabled": self._enabled, "facts": self._ledger.facts}

    # --- notes ------------------------------------------------------------------------------------------------

    def _insert(self, command: dict[str, Any]) -> None:
        """A person holds a note to the slot; a machine that is not enabled does not draw it in."""
        if self._state != 0x14:
            self._ledger.add({"fact": "not taken", "denomination": command["denomination"]})
            return
        self._note = {key: command[key] for key in ("denomination", "classification")}
        self._reason = int(command.get("reason", 0x66))
        self._type = _UNITS.index(int(command["denomination"])) if command["denomination"] in _UNITS else 0
        self._ledger.add({"fact": "inserted", **self._note})
        self._state, self._due = 0x15, 0.0

    def _advance(self, now: float) -> None:
        if self._due == 0.0:  # a hand acted; hands have no clock
            self._due = now + _MOVE_SECONDS
        if now < self._due or self._waits_for_ack:
            return
        if self._state == 0x15 and self._note is not None and self._note["classification"] != 4:
            self._state, self._due = 0x1C, now + _MOVE_SECONDS
            return
        if self._state == 0x15 and "no_escrow" in self._faults:
            self._state, self._due = 0x17, now + _MOVE_SECONDS
            return
        if self._state == 0x80:
            self._state, self._due = 0x18, now + _MOVE_SECONDS
            return
        if self._state in (0x18, 0x1C, 0x17):
            self._ledger.add({"fact": "stacked" if self._state == 0x17 else "returned"})
        self._state = _NEXT.get(self._state, self._state)
        if self._state == 0x14 and not self._enabled:
            self._state = 0x19
        self._due = now + _ESCROW_SECONDS if self._state == 0x80 else float("inf")

    # --- frames -----------------------------------------------------------------------------------------------

    def _frame(self, length: int, now: float) -> None:
        frame, self._input = self._input[:length], self._input[length:]
        if length < 6 or _crc(frame[:-2]) != frame[-2:]:
            self._out += _frame(b"\xff")
        elif frame[1] == 3:
            self._advance(now)
            self._command(frame[3], frame[4:-2], now)

    def _command(self, code: int, data: bytes, now: float) -> None:
        if self._strict and now - self._acked < _AFTER_ACK_SECONDS:
            return
        self._acked = now if code in (0x00, 0xFF) else self._acked
        if code == 0x00:
            self._acknowledged()
        elif code == 0xFF:
            self._out += self._last
        else:
            self._say(self._answer(code, data, now))

    def _acknowledged(self) -> None:
        if "deaf_to_ack" in self._faults:
            self._faults.remove("deaf_to_ack")
            return
        if self._waits_for_ack and self._state in (0x81, 0x82):
            self._state = 0x14 if self._enabled else 0x19
        self._waits_for_ack = False

    def _say(self, data: bytes) -> None:
        self._last = _frame(data)
        if "bad_answer" in self._faults:
            self._faults.remove("bad_answer")
            self._out += self._last[:-1] + bytes([self._last[-1] ^ 0x10])
            return
        self._out += self._last

    def _answer(self, code: int, data: bytes, now: float) -> bytes:
        if code == 0x33:
            return self._poll()
        if code == 0x37:
            return b"TD SIM CCNET".ljust(15) + self._serial.encode()[:12].ljust(12) + bytes(7)
        if code == 0x41:
            return b"".join(self._entry(unit) for unit in _UNITS).ljust(120, b"\0")
        if code == 0x31:
            return (b"\xff" if self._enabled else b"\0") * 3 + bytes(3)
        return b"\x00" if self._act(code, data, now) else b"\x30"

    def _entry(self, unit: int) -> bytes:
        exponent = len(str(unit)) - 1 if unit >= 10 else 0
        return bytes([unit // 10**exponent]) + self._country.encode()[:3] + bytes([exponent])

    def _poll(self) -> bytes:
        if self._trouble:
            return self._trouble
        self._waits_for_ack = self._state in _EVENTS
        extra = {0x1C: self._reason, 0x80: self._type, 0x81: self._type, 0x82: self._type}
        return bytes([self._state, *([extra[self._state]] if self._state in extra else [])])

    def _act(self, code: int, data: bytes, now: float) -> bool:
        """Whether the command was carried out."""
        if code == 0x30:
            if self._state == 0x11:
                self._ledger.add({"fact": "returned"})
            if self._state == 0x12:
                self._ledger.add({"fact": "stacked"})
            self._state, self._due, self._enabled = 0x13, now + _INITIALIZE_SECONDS, False
            return True
        if code == 0x34 and len(data) == 6 and self._state not in (0x10, 0x11, 0x12, 0x13):
            self._enabled = any(data[:3])
            self._state = {0x19: 0x14, 0x14: 0x14}.get(self._state, self._state)
            self._state = 0x19 if self._state == 0x14 and not self._enabled else self._state
            return True
        if code in (0x35, 0x36) and self._state == 0x80:
            self._ledger.add({"fact": "told to stack" if code == 0x35 else "told to return"})
            self._state, self._due = (0x17 if code == 0x35 else 0x18), now + _MOVE_SECONDS
            self._waits_for_ack = False
            return True
        return False
