"""Explains one frame of the "AA 55" banknote counter. Source: note-protocols §2.1 (one public source, flag S).

What can be promised: any one wrong bit is refused. The check is a byte sum, and one bit changes a sum by a power of two
below 256, never by nothing; head, trailer and the length against the frame's own size guard the rest. Two wrong bits
can cancel out in a sum (the same bit up in one byte and down in another), and then nothing in the frame tells.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import aa55

_COUNT = struct.Struct("<IIQ4s11s5sBBB")
_ENDS = 7  # head, length and trailer, the sum among them
_STATUS = {0: "SESSION START", 1: "NOTE", 2: "COMPLETED", 3: "STACKER FULL", 4: "STAND-BY"}


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading; the handshake is the same both ways, a count comes from the counter only."""
    del request  # the handshake is the only question, and its echo is it
    wanted = (direction,) if direction else (HOST, DEVICE)
    found = [_read(data, one) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _read(data: bytes, direction: str) -> Reading:
    flaw = _flaw(data)
    if flaw:
        return Reading(direction, False, error=flaw)
    mode, body = data[4:6], data[6:-3]
    common = {
        "length": len(data) - _ENDS, "mode": mode.hex(" "), "check": f"{data[-3]:02x}", "check_value": data[-3],
    }  # fmt: skip
    if mode == aa55.MODE_HANDSHAKE:
        return Reading(direction, True, "HANDSHAKE", {**common, "data": body.hex(" ")})
    if mode != aa55.MODE_COUNT:
        return Reading(
            direction, False, "", common, f"mode {mode.hex(' ')} is not known (01 00 and 01 01 are)"
        )
    if direction == HOST:
        return Reading(direction, False, "", common, "the host never sends a count")
    return _count(body, common)


def _flaw(data: bytes) -> str:
    """Why these bytes are not one whole frame, or ""."""
    if data[:2] != aa55.HEAD:
        return "a frame begins with aa 55"
    if len(data) < _ENDS + 2:
        return f"cut: {len(data)} bytes, the shortest frame has {_ENDS + 2}"
    length = int.from_bytes(data[2:4], "little")
    if not 2 <= length <= aa55.MAX_LENGTH:
        return f"length {length} is not in 2..{aa55.MAX_LENGTH}"
    if length + _ENDS != len(data):
        return f"length {length} means {length + _ENDS} bytes, and here are {len(data)}"
    if data[-2:] != aa55.TRAILER:
        return f"a frame ends with a5 5a, not {data[-2:].hex(' ')}"
    expected = sum(data[4:-3]) & 0xFF
    return "" if data[-3] == expected else f"checksum {data[-3]:02x}, the sum is {expected:02x}"


def _count(body: bytes, common: Mapping[str, Any]) -> Reading:
    if len(body) != aa55.COUNT_LENGTH:
        error = f"a count has {aa55.COUNT_LENGTH} bytes of data, not {len(body)}"
        return Reading(DEVICE, False, "", common, error)
    pieces, unit, amount, currency, serial, reserved, error_code, status, last = _COUNT.unpack(body)
    fields = {
        **common, "status": status, "error_code": error_code, "total_pieces": pieces, "total_amount": amount,
        "denomination": unit, "currency": _text(currency), "serial_number": _text(serial),
        "reserved": (reserved + bytes([last])).hex(" "),
    }  # fmt: skip
    if (
        status not in _STATUS and not error_code
    ):  # with an error code it is trouble, whatever status it claims
        return Reading(DEVICE, False, "", fields, f"status {status} is not known (0 to 4 are)")
    return Reading(DEVICE, True, *_meaning(status, error_code, fields))


def _meaning(status: int, error_code: int, fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A frame that carries no note says nothing about one; a rejected note's denomination is not reliable."""
    if error_code:
        fields["reliable"] = "totals only: denomination and currency of a rejected note are not"
        return ("REJECT" if status == aa55.NOTE else "MACHINE ERROR"), fields
    if status != aa55.NOTE:
        fields["reliable"] = "totals only: this frame carries no note"
    return _STATUS[status], fields


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\0 ").decode("ascii", "backslashreplace")
