"""A banknote validator that speaks ITL SSP or eSSP, used as a detector: own framing and own cipher, a note ledger.

As the manual (GA138) has it: a frame with the sequence bit of the one before is answered again and not executed; a
bad check is met with silence; a POLL with a new bit takes the note that is in escrow; after ten seconds without a
command the note goes back. It starts disabled, all channels off, and its first POLL tells of the reset.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from devices.simulators.ledger import PhysicalLedger

_UNITS = (1, 5, 10, 20, 50, 100)
_MOVE_SECONDS = 0.3
_ESCROW_SECONDS = 10.0
_SLAVE_SECRET = 0x2F3A51
_FIXED_KEY = bytes.fromhex("6745230167452301")
_PLAIN = (0x11, 0x4A, 0x4B, 0x4C)


def _crc(data: bytes) -> bytes:
    """Bit by bit, as the standard draws it: each bit shifts through the register."""
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            feedback = register >> 15 ^ byte >> bit & 1
            register = register << 1 & 0xFFFF
            if feedback:
                register ^= 0x8005
    return bytes([register & 0xFF, register >> 8])


class SspSimulator:
    """hands: ``insert`` {"denomination", "classification" (4 genuine, else turned away), "reason"}, ``tell``
    {"events"} (bytes of events for the next POLL, as hex), ``power`` {}, ``fault`` {"kind"}, ``report``.

    Faults: ``silent`` (until given again), ``lose_answer`` (the next one), ``bad_answer`` (the next one),
    ``no_reject`` (it stacks whatever it takes, until given again).
    """

    ledger_name = "ssp-notes.jsonl"

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / self.ledger_name)
        self._serial = int(options.get("serial", "1873452"))
        self._newest = int(options.get("protocol", "8"))
        self._country = options.get("country", "CNY")
        self._input = b""
        self._out = b""
        self._faults: set[str] = set()
        self._start()

    def _start(self) -> None:
        """Power comes on."""
        self._last_frame = self._last_answer = b""
        self._protocol = min(4, self._newest)
        self._enabled = False
        self._inhibits = 0
        self._events = b"\xf1"
        self._stage, self._due = "idle", float("inf")
        self._channel = self._last_reject = 0
        self._told_escrow = False
        self._executed: list[int] = []

    def receive(self, data: bytes, now: float) -> None:
        self._input += data
        while (cut := self._cut()) is not None:
            frame, self._input = cut
            self._heard(frame, now)

    def _cut(self) -> tuple[bytes, bytes] | None:
        """The next whole frame, undoubled and without its first byte, and what is left."""
        while b"\x7f" in self._input:
            raw = self._input[self._input.index(b"\x7f") + 1 :]
            body, at = b"", 0
            while at < len(raw):
                if raw[at] == 0x7F:
                    if at + 1 == len(raw):
                        return None
                    if raw[at + 1] != 0x7F:
                        break
                    at += 1
                body += raw[at : at + 1]
                at += 1
                if len(body) >= 2 and len(body) == body[1] + 4:
                    return body, raw[at:]
            else:
                return None
            self._input = raw[at:]
        self._input = b""
        return None

    def pending(self, now: float) -> bytes:
        self._advance(now)
        sent, self._out = self._out, b""
        return b"" if "silent" in self._faults else sent

    def next_due(self, now: float) -> float | None:
        return self._due if self._due != float("inf") else None

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["do"] == "insert":
            self._insert(command)
        elif command["do"] == "tell":
            self._events += bytes.fromhex(command["events"])
        elif command["do"] == "power":
            self._power_cut()
        elif command["do"] == "fault":
            self._faults ^= {str(command["kind"])}
        return {
            "stage": self._stage, "enabled": self._enabled, "facts": self._ledger.facts, "executed": self._executed,
        }  # fmt: skip

    # --- notes ------------------------------------------------------------------------------------------------

    def _power_cut(self) -> None:
        """A note on its way is cleared when power comes back: to the front, or to the box it was being stacked in."""
        stage, channel = self._stage, self._channel
        self._start()
        if stage != "idle":
            self._ledger.add({"fact": "stacked" if stage == "stacking" else "returned"})
            self._events += bytes([0xE2 if stage == "stacking" else 0xE1, channel])

    def _insert(self, command: dict[str, Any]) -> None:
        """A person holds a note to the slot; a machine that is not enabled does not draw it in."""
        if not self._enabled or self._stage != "idle":
            self._ledger.add({"fact": "not taken", "denomination": command["denomination"]})
            return
        unit, classification = int(command["denomination"]), int(command["classification"])
        self._channel = _UNITS.index(unit) + 1 if unit in _UNITS and classification == 4 else 0
        if self._channel and not self._inhibits >> (self._channel - 1) & 1:
            self._channel, self._last_reject = 0, 0x06
        elif not self._channel:
            self._last_reject = int(command.get("reason", 0x02))
        self._ledger.add({"fact": "inserted", "denomination": unit, "classification": classification})
        self._events += b"\xef\x00"
        self._stage, self._due = "reading", 0.0

    def _advance(self, now: float) -> None:
        if self._due == 0.0:  # a hand acted; hands have no clock
            self._due = now + _MOVE_SECONDS
        if now < self._due:
            return
        if self._stage == "reading" and self._channel and "no_reject" not in self._faults:
            self._stage, self._due = "escrow", now + _ESCROW_SECONDS
        elif self._stage == "reading" and self._channel:
            self._take(now)
        elif self._stage == "reading":
            self._turn_away(now)
        elif self._stage == "escrow":
            self._last_reject = 0x13
            self._turn_away(now)
        elif self._stage in ("rejecting", "stacking"):
            self._moved()

    def _take(self, now: float) -> None:
        self._stage, self._due = "stacking", now + _MOVE_SECONDS
        self._events += bytes([0xEE, self._channel])

    def _turn_away(self, now: float) -> None:
        self._stage, self._due = "rejecting", now + _MOVE_SECONDS

    def _moved(self) -> None:
        self._ledger.add({"fact": "returned" if self._stage == "rejecting" else "stacked"})
        self._events += b"\xec" if self._stage == "rejecting" else b"\xeb"
        self._stage, self._due = "idle", float("inf")

    # --- frames -----------------------------------------------------------------------------------------------

    def _heard(self, frame: bytes, now: float) -> None:
        if _crc(frame[:-2]) != frame[-2:] or frame[0] & 0x7F or len(frame) < 5:
            return
        self._advance(now)
        data = frame[2:-2]
        is_new = not self._last_frame or frame[0] != self._last_frame[0] or data[0] == 0x11
        if is_new:
            answer = self._respond(data, now)
            if answer is None:
                return
            body = frame[:1] + bytes([len(answer)]) + answer
            self._last_frame = frame
            self._last_answer = b"\x7f" + (body + _crc(body)).replace(b"\x7f", b"\x7f\x7f")
        self._say(self._last_answer)

    def _say(self, answer: bytes) -> None:
        if "lose_answer" in self._faults:
            self._faults.remove("lose_answer")
        elif "bad_answer" in self._faults:
            self._faults.remove("bad_answer")
            self._out += answer[:3] + bytes([answer[3] ^ 0x01]) + answer[4:]
        else:
            self._out += answer

    def _respond(self, data: bytes, now: float) -> bytes | None:
        """An answer's data; None is silence."""
        return self._execute(data, now)

    def _execute(self, data: bytes, now: float) -> bytes:
        self._executed.append(data[0])
        if self._stage == "escrow":
            self._due = now + _ESCROW_SECONDS
        if data[0] == 0x07:
            return b"\xf0" + self._poll(now)
        asked = self._question(data[0])
        return asked if asked is not None else self._act(data, now)

    def _poll(self, now: float) -> bytes:
        told, self._events = self._events, b""
        if self._stage == "escrow" and self._told_escrow:
            self._take(now)
        if self._stage == "escrow":
            told += bytes([0xEF, self._channel])
        self._told_escrow = self._stage == "escrow"
        told += {"rejecting": b"\xed", "stacking": b"\xcc"}.get(self._stage, b"")
        return told + (b"" if self._enabled else b"\xe8")

    def _question(self, code: int) -> bytes | None:
        if code == 0x0C:
            return b"\xf0" + self._serial.to_bytes(4, "big")
        if code == 0x17:
            return b"\xf0" + bytes([self._last_reject])
        if code == 0x05:
            return b"\xf0" + self._setup()
        return None

    def _setup(self) -> bytes:
        count = len(_UNITS)
        new = self._protocol >= 6
        head = (
            b"\x000100" + self._country.encode()[:3] + (0 if new else 1).to_bytes(3, "big") + bytes([count])
        )
        values = bytes(count) if new else bytes(_UNITS)
        tail = b"\x02" * count + (100).to_bytes(3, "big") + bytes([self._protocol])
        if new:
            tail += self._country.encode()[:3] * count + b"".join(
                unit.to_bytes(4, "little") for unit in _UNITS
            )
        return head + values + tail

    def _act(self, data: bytes, now: float) -> bytes:
        code = data[0]
        if code == 0x08:
            if self._stage != "escrow":
                return b"\xf5"
            self._last_reject = 0x08
            self._turn_away(now)
        elif code == 0x18 and self._stage != "escrow":
            return b"\xf5"
        elif code == 0x06:
            if len(data) != 2 or data[1] > self._newest:
                return b"\xf8"
            self._protocol = data[1]
        elif code in (0x09, 0x0A):
            self._enabled = code == 0x0A
        elif code == 0x02:
            self._inhibits = int.from_bytes(data[1:], "little")
        elif code not in (0x11, 0x18):
            return b"\xf2"
        return b"\xf0"


class EsspSimulator(SspSimulator):
    """The same behind eSSP: without a key it answers only SYNC and the key exchange; with one, only sealed
    commands."""

    ledger_name = "essp-notes.jsonl"

    def _start(self) -> None:
        super()._start()
        self._numbers: dict[int, int] = {}
        self._key = b""
        self._counter = 0

    def _respond(self, data: bytes, now: float) -> bytes | None:
        if data[0] in _PLAIN:
            return self._negotiate(data, now)
        if data[0] != 0x7E or not self._key:
            return b"\xfa"
        opened = self._open(data[1:])
        if opened is None:
            return None
        self._counter += 1
        return self._close(self._execute(opened, now))

    def _negotiate(self, data: bytes, now: float) -> bytes:
        number = int.from_bytes(data[1:9], "little")
        if data[0] == 0x11:
            return self._execute(data, now)
        if data[0] in (0x4A, 0x4B):
            if number < 3 or not all(number % small for small in range(2, 1000) if small < number):
                return b"\xf4"
            self._numbers[data[0]] = number
            return b"\xf0"
        if len(self._numbers) < 2:
            return b"\xf8"
        modulus = self._numbers[0x4B]
        self._key = _FIXED_KEY + pow(number, _SLAVE_SECRET, modulus).to_bytes(8, "little")
        self._counter = 0
        return b"\xf0" + pow(self._numbers[0x4A], _SLAVE_SECRET, modulus).to_bytes(8, "little")

    def _open(self, sealed: bytes) -> bytes | None:
        if not sealed or len(sealed) % 16:
            return None
        cipher = Cipher(algorithms.AES(self._key), modes.ECB()).decryptor()  # noqa: S305 - the protocol's own mode
        plain = cipher.update(sealed) + cipher.finalize()
        right = _crc(plain[:-2]) == plain[-2:] and int.from_bytes(plain[1:5], "little") == self._counter
        return plain[5 : 5 + plain[0]] if right and plain[0] else None

    def _close(self, data: bytes) -> bytes:
        plain = bytes([len(data)]) + self._counter.to_bytes(4, "little") + data
        plain += bytes(-(len(plain) + 2) % 16)
        cipher = Cipher(algorithms.AES(self._key), modes.ECB()).encryptor()  # noqa: S305 - the protocol's own mode
        return b"\x7e" + cipher.update(plain + _crc(plain)) + cipher.finalize()
