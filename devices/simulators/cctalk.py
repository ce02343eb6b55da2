"""A ccTalk banknote validator used as a detector: own framing and cipher, one echoing wire, an event ring, a ledger.

It behaves by note-protocols §1.5 and §6: silence to a wrong check, a foreign address or an unknown header; half a frame
forgotten after 50 ms; blocked, without escrow and with every type off after power-up; blocked by itself after 5 s
without polls. A note waits at the slot until it may enter; a note it likes is stacked unless escrow is on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from devices.simulators.cctalk_cipher import scramble, unscramble
from devices.simulators.ledger import PhysicalLedger

_VALUES = (1, 5, 10, 20, 50, 100)
_DRAW_SECONDS, _RETURN_SECONDS = 0.4, 0.4
_POLL_LIMIT_SECONDS = 5.0
_HALF_FRAME_SECONDS = 0.05
_FOR_EVER = 10**9
_GENUINE = 4


class CctalkSimulator:
    """hands: ``insert`` {"denomination", "classification" (4 is liked) or "reject" (event 2–5)}, ``event`` {"code": [a,
    b]}, ``pull`` {"unseen"} (a person pulls the held note out), ``take_back`` (of notes not drawn in), ``restart``,
    ``fault`` {"kind", "times", "skip"} (the first ``skip`` chances pass; given twice it ends), ``report``. Faults:
    silent, late, bad_check, bad_echo, no_echo, half, nak, busy, deaf_route, no_escrow, broken. Options: serial,
    country, key, latency (of every answer), lateness (of a late one), speed ("0" takes the mechanics' time away)."""

    name = "cctalk"
    crc = False

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / f"{self.name}-notes.jsonl")
        self._serial = int(options.get("serial", "1605"))
        self._country = options.get("country", "CN")
        self._key = options.get("key", "")
        self._speed = float(options.get("speed", "1"))
        self._faults: dict[str, int] = {}
        self._skips: dict[str, int] = {}
        self._slot: list[dict[str, Any]] = []
        self._out = b""
        self._late: list[tuple[float, bytes]] = []
        self._latency = float(options.get("latency", "0"))
        self._lateness = float(options.get("lateness", "0.6"))
        self._input, self._heard = b"", 0.0
        self._note: dict[str, Any] | None = None
        self._restart()

    def _restart(self) -> None:
        """Power-up: counter 0, nothing allowed. A note inside is pushed out."""
        if self._note is not None:
            self._ledger.add({"fact": "returned"})
        self._note, self._stage, self._due = None, "idle", 0.0
        self._counter, self._ring = 0, [0] * 10
        self._mode, self._allowed, self._open = 1, 0, False
        self._polled: float | None = None
        self._self_blocked = False

    def _take_back(self) -> None:
        while self._slot:
            self._slot.pop()
            self._ledger.add({"fact": "returned"})

    # --- the machine's turn ------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        self._move(now)
        if now - self._heard > _HALF_FRAME_SECONDS:
            self._input = b""
        self._heard = now
        self._out += self._echo(data)
        self._input += data
        while len(self._input) >= 5 and len(self._input) >= self._input[1] + 5:
            size = self._input[1] + 5
            frame, self._input = self._input[:size], self._input[size:]
            self._command(frame, now)

    def pending(self, now: float) -> bytes:
        self._move(now)
        due = [one for one in self._late if one[0] <= now]
        self._late = [one for one in self._late if one[0] > now]
        sent, self._out = self._out + b"".join(data for _, data in due), b""
        return sent

    def next_due(self, now: float) -> float | None:
        moments = [at for at, _ in self._late]
        if self._stage in ("drawing", "returning"):
            moments.append(self._due)
        if self._slot and self._stage == "idle" and self._may_enter():
            moments.append(now)
        return min(moments, default=None)

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        do = command["do"]
        if do == "insert":
            self._slot.append(_offered(command))
            self._ledger.add({"fact": "inserted", "denomination": self._slot[-1]["denomination"]})
        elif do == "take_back":  # notes that were offered and not drawn in
            self._take_back()
        elif do == "event":
            self._tell(*command["code"])
        elif do == "pull":
            self._note, self._stage = None, "idle"
            if not command.get("unseen"):
                self._tell(0, 8)
        elif do == "restart":
            self._restart()
        elif do == "fault":
            self._fault(
                str(command["kind"]), int(command.get("times", _FOR_EVER)), int(command.get("skip", 0))
            )
        return {"stage": self._stage, "open": self._open, "facts": self._ledger.facts}

    def _fault(self, kind: str, times: int, skip: int) -> None:
        if self._faults.pop(kind, None) is None:
            self._faults[kind], self._skips[kind] = times, skip

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

    def _may_enter(self) -> bool:
        return self._open and not self._self_blocked

    def _move(self, now: float) -> None:
        if self._polled is not None and now - self._polled > _POLL_LIMIT_SECONDS:
            self._self_blocked = self._open
        if self._stage == "idle" and self._slot and self._may_enter():
            self._note = self._slot.pop(0)
            self._stage, self._due = "drawing", now + _DRAW_SECONDS * self._speed
        if self._stage == "drawing" and now >= self._due:
            self._judge()
        if self._stage == "returning" and now >= self._due:
            self._ledger.add({"fact": "returned"})
            self._note, self._stage = None, "idle"
            self._tell(0, 1)

    def _judge(self) -> None:
        assert self._note is not None
        kind = self._types().get(self._note["denomination"], 0)
        if not self._note["reject"] and kind and not self._allowed >> (kind - 1) & 1:
            self._note["reject"] = 4
        if self._note["reject"] or not kind:
            self._ledger.add({"fact": "returned"})
            self._tell(0, self._note["reject"] or 2)
            self._note, self._stage = None, "idle"
        elif self._mode & 2:
            self._stage = "escrow"
            self._tell(kind, 1)
        else:
            self._stack(kind)

    def _stack(self, kind: int) -> None:
        self._ledger.add({"fact": "stacked"})
        self._note, self._stage = None, "idle"
        self._tell(kind, 0)

    def _types(self) -> dict[int, int]:
        return {value: number for number, value in enumerate(_VALUES, 1)}

    def _tell(self, first: int, second: int) -> None:
        self._counter = self._counter % 255 + 1
        self._ring = [first, second, *self._ring[:8]]

    # --- the wire ---------------------------------------------------------------------------------------------

    def _echo(self, data: bytes) -> bytes:
        if "no_echo" in self._faults:
            return b""
        if data and self._strikes("bad_echo"):
            return data[:-1] + bytes([data[-1] ^ 0x10])
        return data

    def _command(self, frame: bytes, now: float) -> None:
        request = self._opened_frame(frame)
        if request is None or frame[0] != 40 or self._strikes("silent"):
            return
        header, data = request
        if self._strikes("busy"):
            self._say(6, b"", now)
        elif self._strikes("nak"):
            self._say(5, b"", now)
        else:
            answer = self._answer(header, data, now)
            if answer is not None:
                self._say(0, answer, now)

    def _opened_frame(self, frame: bytes) -> tuple[int, bytes] | None:
        """Header and data, or None for what a validator does not hear."""
        if not self.crc:
            return (frame[3], frame[4:-1]) if sum(frame) % 256 == 0 and frame[2] == 1 else None
        clear = frame[:2] + unscramble(frame[2:], self._key) if self._key else frame
        good = _crc(clear[:2] + clear[3:-1]) == clear[2] + 256 * clear[-1]
        return (clear[3], clear[4:-1]) if good else None

    def _framed(self, header: int, data: bytes) -> bytes:
        if not self.crc:
            body = bytes([1, len(data), 40, header]) + data
            return body + bytes([(256 - sum(body) % 256) % 256])
        value = _crc(bytes([1, len(data), header]) + data)
        rest = bytes([value % 256, header]) + data + bytes([value // 256])
        return bytes([1, len(data)]) + (scramble(rest, self._key) if self._key else rest)

    def _say(self, header: int, data: bytes, now: float) -> None:
        frame = self._framed(header, data)
        if self._strikes("bad_check"):
            frame = frame[:-1] + bytes([frame[-1] ^ 1])
        if self._strikes("half"):
            frame = frame[: len(frame) // 2]
        wait = self._lateness if self._strikes("late") else self._latency
        if wait:
            self._late.append((now + wait, frame))
        else:
            self._out += frame

    def _answer(self, header: int, data: bytes, now: float) -> bytes | None:
        """The answer's data; None is the silence that follows an unknown header."""
        table: dict[int, Callable[[], bytes]] = {
            254: lambda: b"",
            246: lambda: b"TDS",
            245: lambda: b"Bill Acceptor",
            244: lambda: b"SIM1",
            242: lambda: self._serial.to_bytes(3, "little"),
            241: lambda: b"TD-SIM-1.0",
            192: lambda: b"Standard",
            4: lambda: bytes([1, 4, 4]),
            152: lambda: bytes([self._mode & (1 if "no_escrow" in self._faults else 3)]),
            156: lambda: bytes([100, 0, 2]) if data.decode("ascii", "replace") == self._country else bytes(3),
            157: lambda: self._bill_id(data[0] if data else 0),
            227: lambda: bytes([self._open]),
            230: lambda: self._allowed.to_bytes(2, "little"),
            232: lambda: bytes([1 if "broken" in self._faults else 0]),
        }
        if header in table:
            return table[header]()
        return self._act(header, data, now)

    def _act(self, header: int, data: bytes, now: float) -> bytes | None:
        if header == 159:
            return self._events(now)
        if header == 154 and len(data) == 1:
            return None if self._strikes("deaf_route") else self._route(data[0], now)
        if header == 153 and len(data) == 1:
            self._mode = data[0]
        elif header == 231 and data:
            self._allowed = int.from_bytes(data, "little")
        elif header == 228 and len(data) == 1:
            self._open, self._self_blocked = bool(data[0] & 1), False
            self._polled = now
        elif header == 1:
            self._restart()
        else:
            return None
        return b""

    def _events(self, now: float) -> bytes:
        self._polled = now
        if self._self_blocked and self._open:
            self._open = False
            self._tell(0, 0)
        return bytes([self._counter, *self._ring])

    def _route(self, where: int, now: float) -> bytes:
        if self._stage != "escrow":
            return bytes([254])
        if where == 0:
            self._stage, self._due = "returning", now + _RETURN_SECONDS * self._speed
        elif where == 1:
            assert self._note is not None
            self._stack(self._types()[self._note["denomination"]])
        return b""

    def _bill_id(self, kind: int) -> bytes:
        if not 1 <= kind <= len(_VALUES):
            return b"......."
        return f"{self._country}{_VALUES[kind - 1]:04d}A".encode()


class CctalkCrc16Simulator(CctalkSimulator):
    """The same validator with the CRC; enciphered when a key is given."""

    name = "cctalk_crc16"
    crc = True


def _offered(command: dict[str, Any]) -> dict[str, Any]:
    liked = int(command.get("classification", _GENUINE)) == _GENUINE
    reject = int(command.get("reject", 0 if liked else 2))
    return {"denomination": int(command.get("denomination", 100)), "reject": reject}


def _crc(data: bytes) -> int:
    """CCITT, bit by bit from a register of 16 cells."""
    register = 0
    for byte in data:
        for bit in range(7, -1, -1):
            out = (register >> 15) ^ (byte >> bit & 1)
            register = (register << 1 & 0xFFFF) ^ (0x1021 if out else 0)
    return register
