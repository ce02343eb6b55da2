"""A JCM ID-003 validator used as a detector: own framing, states that move with time, a ledger of notes.

It behaves by note-protocols §1.2 and §6: POWER UP until reset, INITIALIZE until the inhibit is set, settings echoed,
operations acknowledged, VEND VALID until ACK, a note in escrow for 10 s pushed out as REJECTING 79. Returned notes lie
in the mouth until taken (at once, unless told otherwise). It stacks only when told to, or under the fault "stacks".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.simulators.ledger import PhysicalLedger

_BILLS = {1: 0x61, 5: 0x62, 10: 0x63, 20: 0x64, 50: 0x65, 100: 0x66}
_DRAW_SECONDS, _RETURN_SECONDS, _START_SECONDS, _ESCROW_SECONDS = 0.6, 0.6, 0.6, 10.0
_HALF_FRAME_SECONDS = 0.1  # no source gives the true limit
_FOR_EVER = 10**9
_GENUINE = 4


class Id003Simulator:
    """hands: ``insert`` {"denomination", "classification" (4 is liked) or "reject" (reason, 71…)}, ``power`` {"bill":
    "" | "acceptor" | "stacker"}, ``take``, ``take_back`` (of notes not drawn in), ``inhibit`` (it closes by itself),
    ``fault`` {"kind", "times", "skip"} (the first ``skip`` chances pass; given twice it ends), ``report``. Faults:
    silent, late, bad_check, half, comm_error, refuses (4B), deaf_return, left (a returned note stays in the mouth),
    stacks, status {"code", "data"}, enquiries. Options: version, country, lateness, speed ("0" takes the mechanics'
    time away)."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "id003-notes.jsonl")
        self._version = options.get("version", "TD-SIM ID003-05V1.00")
        self._country = int(options.get("country", "2D"), 16)
        self._speed = float(options.get("speed", "1"))
        self._faults: dict[str, int] = {}
        self._skips: dict[str, int] = {}
        self._forced = b""
        self._slot: list[dict[str, int]] = []
        self._note: dict[str, int] | None = None
        self._input = self._out = b""
        self._late: list[tuple[float, bytes]] = []
        self._lateness = float(options.get("lateness", "0.5"))
        self._now = self._heard = 0.0
        self._power("")

    def _power(self, bill: str) -> None:
        self._state = {"acceptor": 0x41, "stacker": 0x42}.get(bill, 0x40)
        self._inhibited, self._due = True, 0.0

    # --- the machine's turn ------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        self._now = now
        self._move(now)
        if now - self._heard > _HALF_FRAME_SECONDS:
            self._input = b""
        self._heard = now
        self._input += data
        while self._input:
            if self._input[0] != 0xFC or (len(self._input) > 1 and self._input[1] < 5):
                self._input = self._input[1:]
                continue
            if len(self._input) < 2 or len(self._input) < self._input[1]:
                return
            size = self._input[1]
            frame, self._input = self._input[:size], self._input[size:]
            self._frame(frame)

    def pending(self, now: float) -> bytes:
        self._now = now
        self._move(now)
        due = [one for one in self._late if one[0] <= now]
        self._late = [one for one in self._late if one[0] > now]
        sent, self._out = self._out + b"".join(data for _, data in due), b""
        return sent

    def next_due(self, now: float) -> float | None:
        moments = [at for at, _ in self._late]
        if self._due > now:
            moments.append(self._due)
        return min(moments, default=None)

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        do = command["do"]
        if do == "insert":
            liked = int(command.get("classification", _GENUINE)) == _GENUINE
            denomination = int(command.get("denomination", 100))
            self._slot.append(
                {"denomination": denomination, "reject": int(command.get("reject", 0 if liked else 0x72))}
            )
            self._ledger.add({"fact": "inserted", "denomination": denomination})
        elif do == "power":
            self._power(str(command.get("bill", "")))
        elif do == "inhibit":
            self._inhibited = True
            self._rest()
        elif do == "take_back":  # notes that were offered and not drawn in
            self._take_back()
        elif do == "take":
            self._faults.pop("left", None)
        elif do == "fault":
            self._fault(command)
        return {"state": f"{self._state:02X}", "inhibited": self._inhibited, "facts": self._ledger.facts}

    def _take_back(self) -> None:
        while self._slot:
            self._slot.pop()
            self._ledger.add({"fact": "returned"})

    def _fault(self, command: dict[str, Any]) -> None:
        kind = str(command["kind"])
        if self._faults.pop(kind, None) is not None:
            return
        self._faults[kind] = int(command.get("times", _FOR_EVER))
        self._skips[kind] = int(command.get("skip", 0))
        if kind == "status":
            self._forced = bytes([int(command["code"]), *command.get("data", [])])

    def _strikes(self, kind: str) -> bool:
        """Whether the fault happens now; each happening uses one of its times."""
        left = self._faults.get(kind, 0)
        if left and self._skips[kind]:
            self._skips[kind] -= 1
            return False
        if left:
            self._faults[kind] = left - 1
        return left > 0

    # --- notes ------------------------------------------------------------------------------------------------

    def _go(self, state: int, seconds: float) -> None:
        self._state, self._due = state, self._now + seconds

    def _rest(self) -> None:
        self._state, self._due = (0x1A if self._inhibited else 0x11), 0.0

    def _move(self, now: float) -> None:
        if self._state == 0x11 and self._slot:
            self._note = self._slot.pop(0)
            self._go(0x12, _DRAW_SECONDS * self._speed)
        if self._state in (0x12, 0x13, 0x17, 0x18, 0x1B) and self._due and now >= self._due:
            self._next_state()

    def _next_state(self) -> None:
        if self._state == 0x12:
            self._judge()
        elif self._state == 0x13:
            self._reject(0x79)
        elif self._state == 0x1B:
            self._rest()
        elif not self._faults.get("left"):
            self._ledger.add({"fact": "returned"})
            self._note = None
            self._rest()

    def _judge(self) -> None:
        assert self._note is not None
        if self._note["reject"] or self._note["denomination"] not in _BILLS:
            self._reject(self._note["reject"] or 0x76)
        elif self._faults.get("stacks"):
            self._stack()
        else:
            self._go(0x13, _ESCROW_SECONDS)

    def _reject(self, reason: int) -> None:
        assert self._note is not None
        self._note["reject"] = reason
        self._go(0x17, _RETURN_SECONDS * self._speed)

    def _stack(self) -> None:
        self._ledger.add({"fact": "stacked"})
        self._state, self._due = 0x15, 0.0

    # --- the wire ---------------------------------------------------------------------------------------------

    def _frame(self, frame: bytes) -> None:
        if self._strikes("silent"):
            return
        if _crc(frame[:-2]) != frame[-2] + 256 * frame[-1] or self._strikes("comm_error"):
            self._say(0x4A)
            return
        self._command(frame[2], frame[3:-2])

    def _say(self, code: int, data: bytes = b"") -> None:
        body = bytes([0xFC, len(data) + 5, code]) + data
        value = _crc(body)
        frame = body + bytes([value % 256, value // 256])
        if self._strikes("bad_check"):
            frame = frame[:-1] + bytes([frame[-1] ^ 1])
        if self._strikes("half"):
            frame = frame[: len(frame) // 2]
        if self._strikes("enquiries"):
            frame = b"\x05" + frame + b"\x05"
        if self._strikes("late"):
            self._late.append((self._now + self._lateness, frame))
        else:
            self._out += frame

    def _command(self, code: int, data: bytes) -> None:
        if code == 0x11:
            self._tell()
        elif code == 0x50:
            if self._state == 0x15:
                self._note = None
                self._state = 0x16
        elif code == 0x40:
            self._reset()
        elif 0x41 <= code <= 0x45:
            self._operate(code)
        elif 0xC0 <= code <= 0xC7:
            self._set(code, data)
        else:
            self._inform(code)

    def _tell(self) -> None:
        if self._strikes("status"):
            self._say(self._forced[0], self._forced[1:])
            return
        extra = b""
        if self._note is not None and self._state == 0x13:
            extra = bytes([_BILLS[self._note["denomination"]]])
        if self._note is not None and self._state == 0x17:
            extra = bytes([self._note["reject"]])
        self._say(self._state, extra)
        if self._state == 0x16:
            self._rest()

    def _reset(self) -> None:
        if self._note is not None:
            self._ledger.add({"fact": "returned"})
        self._note = None
        self._state, self._due = 0x1B, 0.0
        self._say(0x50)

    def _operate(self, code: int) -> None:
        """STACK-1, STACK-2, RETURN, HOLD, WAIT."""
        if code == 0x43 and self._strikes("deaf_return"):
            return
        if self._strikes("refuses") or self._state not in (0x13, 0x19):
            self._say(0x4B)
            return
        if code == 0x43:
            self._go(0x18, _RETURN_SECONDS * self._speed)
        elif code in (0x41, 0x42):
            self._stack()
        elif code == 0x44:
            self._state, self._due = 0x19, 0.0
        self._say(0x50)

    def _set(self, code: int, data: bytes) -> None:
        if code == 0xC3:
            self._inhibited = bool(data[0] & 1) if data else True
            if self._state == 0x1B:
                self._go(0x1B, _START_SECONDS * self._speed + 0.001)
            elif self._state in (0x11, 0x1A):
                self._rest()
        self._say(code, data)

    def _inform(self, code: int) -> None:
        if code == 0x88:
            self._say(code, self._version.encode("ascii", "replace"))
        elif code == 0x8A:
            rows = [
                bytes([bill, self._country, _mantissa(unit), _zeros(unit)]) for unit, bill in _BILLS.items()
            ]
            unused = [bytes([bill, 0, 0, 0]) for bill in range(0x61 + len(_BILLS), 0x69)]
            self._say(code, b"".join(rows + unused))
        else:
            self._say(0x4B)


def _zeros(unit: int) -> int:
    text = str(unit)
    return len(text) - len(text.rstrip("0"))


def _mantissa(unit: int) -> int:
    return int(str(unit).rstrip("0"))


def _crc(data: bytes) -> int:
    """KERMIT by the nibble table a small controller would carry."""
    table = [
        0,
        4225,
        8450,
        12675,
        16900,
        21125,
        25350,
        29575,
        33800,
        38025,
        42250,
        46475,
        50700,
        54925,
        59150,
        63375,
    ]
    value = 0
    for byte in data:
        value = value >> 4 ^ table[(value ^ byte) & 15]
        value = value >> 4 ^ table[(value ^ byte >> 4) & 15]
    return value
