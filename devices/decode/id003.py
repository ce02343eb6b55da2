"""Explaining one captured ID-003 frame. Words: note-protocols §1.2 and note-frames.json.

The same bytes mean one thing from the host and another from the validator (40 is RESET and POWER UP): without a
direction both readings are given. Reads one frame of exactly its own length, or a lone ENQ; raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import id003
from devices.wire.id003 import Answer, Command, Status

_COMMANDS = {
    Command.STATUS: "STATUS REQUEST",
    Command.RESET: "RESET",
    Command.STACK_1: "STACK-1",
    Command.STACK_2: "STACK-2",
    Command.RETURN: "RETURN",
    Command.HOLD: "HOLD",
    Command.WAIT: "WAIT",
    Command.ACK: "ACK",
    Command.VERSION: "VERSION REQ",
    Command.BOOT_VERSION: "BOOT VERSION REQ",
    Command.CURRENCY: "CURRENCY ASSIGN REQ",
}
_SETTINGS = {
    Command.DENOMINATIONS: "DENOM DISABLE",
    Command.SECURITY: "SECURITY",
    Command.MODE: "COMM MODE",
    Command.INHIBIT: "INHIBIT",
    Command.DIRECTION: "DIRECTION",
    Command.OPTIONAL: "OPTIONAL",
    Command.BARCODE: "BARCODE",
    Command.BARCODE_INHIBIT: "BARCODE INHIBIT",
}
_SETTING_BYTES = {
    Command.DENOMINATIONS: 2,
    Command.SECURITY: 2,
    Command.MODE: 1,
    Command.INHIBIT: 1,
    Command.DIRECTION: 1,
    Command.OPTIONAL: 2,
    Command.BARCODE: 2,
    Command.BARCODE_INHIBIT: 1,
}
_STATUSES = {
    Status.IDLING: "ENABLE/IDLING",
    Status.ACCEPTING: "ACCEPTING",
    Status.ESCROW: "ESCROW",
    Status.STACKING: "STACKING",
    Status.VEND_VALID: "VEND VALID",
    Status.STACKED: "STACKED",
    Status.REJECTING: "REJECTING",
    Status.RETURNING: "RETURNING",
    Status.HOLDING: "HOLDING",
    Status.DISABLED: "DISABLED/INHIBIT",
    Status.INITIALIZE: "INITIALIZE",
    Status.POWER_UP: "POWER UP",
    Status.POWER_UP_BILL_IN_ACCEPTOR: "POWER UP bill in acceptor",
    Status.POWER_UP_BILL_IN_STACKER: "POWER UP bill in stacker",
    Status.STACKER_FULL: "STACKER FULL",
    Status.STACKER_OPEN: "STACKER OPEN",
    Status.JAM_IN_ACCEPTOR: "JAM IN ACCEPTOR",
    Status.JAM_IN_STACKER: "JAM IN STACKER",
    Status.PAUSE: "PAUSE",
    Status.CHEATED: "CHEATED",
    Status.FAILURE: "FAILURE",
    Status.COMM_ERROR: "COMM ERROR",
    Status.INVALID_COMMAND: "INVALID COMMAND",
}
_OPTIONS = {
    0x02: "power recovery",
    0x04: "auto retry",
    0x08: "24-character barcode",
    0x20: "near full",
    0x40: "entrance event",
    0x80: "encryption",
}


@dataclass(frozen=True)
class _Meaning:
    """What code and data of a good frame say."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


def explain(data: bytes, direction: str = "", request: bytes = b"") -> tuple[Reading, ...]:
    """Every reading the bytes allow, valid ones first."""
    if data == bytes([id003.ENQ]) and direction != HOST:
        return (Reading(DEVICE, True, "ENQ", {}),)
    found = id003.decode(data)
    fields = _parts(data)
    if not isinstance(found, Answer):
        return (Reading(direction, False, "", fields, _complaint(data, found.reason)),)
    sides = (direction,) if direction in (HOST, DEVICE) else (HOST, DEVICE)
    readings = [_reading(side, found, fields, request) for side in sides]
    return tuple(sorted(readings, key=lambda one: not one.valid))


def _parts(data: bytes) -> dict[str, Any]:
    """The parts by their places, as far as the bytes go, good or not."""
    fields: dict[str, Any] = {"length": data[1]} if len(data) >= 2 else {}
    if len(data) < id003.MIN_LENGTH:
        return fields
    check = int.from_bytes(data[-2:], "little")
    return fields | {
        "command": f"{data[2]:02X}",
        "data": data[3:-2].hex(" ").upper(),
        "check": f"{check:04X}",
        "check_value": check,
    }


def _complaint(data: bytes, reason: str) -> str:
    if reason == "check":
        found, right = int.from_bytes(data[-2:], "little"), id003.crc(data[:-2])
        return f"check: {found:04X} where {right:04X} is right"
    if data[:1] != bytes([id003.SYNC]):
        return "no FC at the start"
    meant = f", its length byte says {data[1]}" if len(data) >= 2 else ""
    return f"length: {len(data)} bytes{meant}"


def _reading(side: str, answer: Answer, fields: Mapping[str, Any], request: bytes) -> Reading:
    meaning = _from_host(answer) if side == HOST else _from_device(answer, request)
    return Reading(side, not meaning.error, meaning.name, {**fields, **meaning.fields}, meaning.error)


def _plain(name: str, data: bytes) -> _Meaning:
    return _Meaning(name, error="data in a message that has none" if data else "")


def _from_host(answer: Answer) -> _Meaning:
    code = answer.code
    if code in _SETTINGS:
        return _setting(Command(code), answer.data)
    if code in _COMMANDS:
        return _plain(_COMMANDS[Command(code)], answer.data)
    if code in id003.READ_SETTINGS:
        return _plain(f"{_SETTINGS[Command(code + 0x40)]} REQ", answer.data)
    return _Meaning(f"code {code:02X}", error=f"unknown command {code:02X}")


def _setting(command: Command, data: bytes) -> _Meaning:
    name = _SETTINGS[command]
    if len(data) != _SETTING_BYTES[command]:
        return _Meaning(name, error=f"{len(data)} data bytes where {name} has {_SETTING_BYTES[command]}")
    tell = _SETTING_WORDS.get(command)
    words, fields = tell(data) if tell is not None else (data.hex(" ").upper(), {})
    return _Meaning(f"{name} {words}", fields)


def _denominations(data: bytes) -> tuple[str, dict[str, Any]]:
    off = [f"{0x61 + bit:02X}" for bit in range(8) if data[0] >> bit & 1]
    return data.hex(" ").upper(), {"disabled": off}


def _mode(data: bytes) -> tuple[str, dict[str, Any]]:
    mode = {0: "poll", 1: "interrupt"}.get(data[0], f"{data[0]:02X}")
    return mode, {"mode": mode}


def _inhibit(data: bytes) -> tuple[str, dict[str, Any]]:
    on = bool(data[0] & 1)
    return "on" if on else "off (accept)", {"inhibited": on}


def _direction(data: bytes) -> tuple[str, dict[str, Any]]:
    words = f"{data[0]:02X}" if data[0] else "all"
    return words, {"disabled_directions": f"{data[0]:02X}"}


def _optional(data: bytes) -> tuple[str, dict[str, Any]]:
    on = [word for bit, word in _OPTIONS.items() if data[0] & bit]
    return data.hex(" ").upper(), {"functions": on}


_SETTING_WORDS: dict[Command, Callable[[bytes], tuple[str, dict[str, Any]]]] = {
    Command.DENOMINATIONS: _denominations,
    Command.MODE: _mode,
    Command.INHIBIT: _inhibit,
    Command.DIRECTION: _direction,
    Command.OPTIONAL: _optional,
}

# --- from the validator ---------------------------------------------------------------------------------------


def _from_device(answer: Answer, request: bytes) -> _Meaning:
    code, status = answer.code, answer.status
    if status is not None:
        return _status(status, answer.data)
    if code == id003.ACK:
        return _plain("ACK", answer.data)
    if code in _SETTINGS:
        return _echo(Command(code), answer, request)
    if code in id003.READ_SETTINGS:
        told = _setting(Command(code + 0x40), answer.data)
        return _Meaning(told.name, told.fields, told.error)
    if code in (Command.VERSION, Command.BOOT_VERSION):
        name = "VERSION" if code == Command.VERSION else "BOOT VERSION"
        return _Meaning(name, {"text": answer.data.decode("ascii", "replace")})
    if code == Command.CURRENCY:
        return _Meaning("CURRENCY ASSIGN", {"denominations": _table(answer.data)})
    return _Meaning(f"code {code:02X}", error=f"unknown status {code:02X}")


def _echo(command: Command, answer: Answer, request: bytes) -> _Meaning:
    """A setting is answered by its own bytes; another answer means it was not taken as sent."""
    told = _setting(command, answer.data)
    asked = id003.decode(request)
    same = {"echoes_request": asked == answer} if isinstance(asked, Answer) else {}
    return _Meaning(told.name, {**told.fields, **same}, told.error)


def _table(data: bytes) -> list[dict[str, Any]]:
    return [
        {"code": f"{code:02X}", "country": one.country, "currency": one.currency, "value": one.value}
        for code, one in id003.read_currency(data).items()
    ]


def _status(status: Status, data: bytes) -> _Meaning:
    name = _STATUSES[status]
    if status is Status.ESCROW:
        return _escrow(name, data)
    if status is Status.REJECTING:
        return _coded(name, data, id003.REJECT_REASONS, "reason")
    if status is Status.FAILURE:
        failure = _coded(name, data, id003.FAILURES, "failure")
        return _Meaning(f"{name} {data.hex().upper()}", failure.fields, failure.error)
    if status is Status.VEND_VALID and len(data) == 1:
        return _Meaning(f"{name} code {data[0]:02X}", {"escrow_code": f"{data[0]:02X}"})
    if status is Status.COMM_ERROR:
        return _Meaning(name)  # some units say more; what is not described
    return _plain(name, data)


def _escrow(name: str, data: bytes) -> _Meaning:
    if data[:1] == bytes([id003.TICKET_CODE]):
        return _Meaning(f"{name} ticket", {"ticket": data[1:].decode("ascii", "replace")})
    if len(data) != 1:
        return _Meaning(name, error="an escrow code is one byte")
    known = id003.FIRST_BILL_CODE <= data[0] <= id003.LAST_BILL_CODE
    return _Meaning(
        f"{name} code {data[0]:02X}",
        {"escrow_code": f"{data[0]:02X}"},
        "" if known else f"unknown escrow code {data[0]:02X}",
    )


def _coded(name: str, data: bytes, words: Mapping[int, str], kind: str) -> _Meaning:
    if len(data) != 1:
        return _Meaning(name, error=f"a {kind} code is one byte")
    known = words.get(data[0])
    if known is None:
        return _Meaning(
            f"{name} {data[0]:02X}", {f"{kind}_code": f"{data[0]:02X}"}, f"unknown {kind} code {data[0]:02X}"
        )
    return _Meaning(f"{name} {data[0]:02X} {known}", {f"{kind}_code": f"{data[0]:02X}", kind: known})
