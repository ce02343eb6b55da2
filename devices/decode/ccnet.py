"""Explains one frame of CCNET (CashCode NET). Source: note-protocols §1.1.

What can be promised: any one wrong bit is refused, and so is any burst of up to sixteen. The CRC covers everything
before it, the first byte included, and the length is held against the frame's own size. Command and state codes
overlap (30 is RESET and ILLEGAL COMMAND, 41 GET BILL TABLE and CASSETTE FULL): only the direction tells them apart,
and an answer to anything but POLL only its request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import ccnet
from devices.wire.ccnet import Command, State

_ADDRESSES = {1: "bill-to-bill", 2: "coin changer", 3: "validator", 4: "card reader"}
_PARAMETERS = {Command.SET_SECURITY: 3, Command.ENABLE: 6}
_SUBCOMMANDS = (Command.DOWNLOAD, Command.MODULE_DOWNLOAD, Command.DIAGNOSTICS)
_LONG_HEADS = (
    4,
    5,
)  # where the second length of a long frame may stand: behind command, or behind subcommand

_Told = tuple[str, dict[str, Any], str]  # name, fields, error


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading; with a request the device's answer is read as the answer to it, without one as POLL's."""
    wanted = (direction,) if direction else (HOST, DEVICE)
    found = [_read(data, one, request) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _read(data: bytes, direction: str, request: bytes) -> Reading:
    flaw, head = _flaw(data)
    if flaw:
        return Reading(direction, False, error=flaw)
    body = data[3:-2] if head == 3 else data[3:head] + data[head + 2 : -2]
    common = {
        "address": data[1], "peripheral": _ADDRESSES.get(data[1], "unknown"), "length": len(data),
        "check": data[-2:].hex(" "), "check_value": int.from_bytes(data[-2:], "little"), "code": f"{body[0]:02x}",
    }  # fmt: skip
    told = _of_host(body) if direction == HOST else _of_device(body, request)
    name, fields, error = told
    return Reading(direction, not error, name, {**common, **fields}, error)


def _flaw(data: bytes) -> tuple[str, int]:
    """Why these bytes are not one whole frame, or ""; and how long its head is, the second length excepted."""
    if data[:1] != bytes([ccnet.SYNC]):
        return "a frame begins with 02", 3
    if len(data) < ccnet.MIN_LENGTH:
        return f"cut: {len(data)} bytes, the shortest frame has {ccnet.MIN_LENGTH}", 3
    head = 3
    if data[2] == 0 and len(data) > ccnet.MAX_LENGTH:
        head = next((at for at in _LONG_HEADS if int.from_bytes(data[at : at + 2], "big") == len(data)), 0)
    if not head or (head == 3 and data[2] != len(data)):
        return f"length {data[2]}, and here are {len(data)} bytes", 3
    expected = ccnet.crc(data[:-2])
    if int.from_bytes(data[-2:], "little") != expected:
        return f"check {data[-2:].hex(' ')}, the CRC is {expected.to_bytes(2, 'little').hex(' ')}", 3
    return "", head


# --- from the host ------------------------------------------------------------------------------------------


def _of_host(body: bytes) -> _Told:
    if body[0] not in Command._value2member_map_:
        return "", {}, f"command {body[0]:02x} is not known"
    command, data = Command(body[0]), body[1:]
    wanted = _PARAMETERS.get(command)
    if wanted is not None and len(data) != wanted:
        return (
            command.name.replace("_", " "),
            {},
            f"{command.name} has {wanted} bytes of data, not {len(data)}",
        )
    if command is Command.ENABLE:
        return _enable(data)
    fields: dict[str, Any] = {"data": data.hex(" ")} if data else {}
    if command in _SUBCOMMANDS and data:
        fields["subcommand"] = f"{data[0]:02x}"
    if command is Command.SET_SECURITY:
        fields["high_security_types"] = _types(data)
    return command.name.replace("_", " "), fields, ""


def _enable(data: bytes) -> _Told:
    """The one command both switches on and off: its name is what it does."""
    types, escrow = _types(data[:3]), _types(data[3:])
    fields = {"types": types, "escrow_types": escrow, "data": data.hex(" ")}
    return ("ENABLE" if types else "DISABLE"), fields, ""


def _types(data: bytes) -> list[int]:
    """Numbers of the bill types whose bits are set, high byte first."""
    bits = int.from_bytes(data, "big")
    return [number for number in range(ccnet.BILL_TYPES) if bits >> number & 1]


# --- from the device ----------------------------------------------------------------------------------------


def _of_device(body: bytes, request: bytes) -> _Told:
    for code, name in ((ccnet.ACK, "ACK"), (ccnet.NAK, "NAK"), (ccnet.ILLEGAL, "ILLEGAL COMMAND")):
        if body == code:
            return name, _asked(request), ""
    reader = _ANSWERS.get(_command_of(request), _poll)
    name, fields, error = reader(body)
    asked = _asked(request)
    return name or ("" if error else str(asked.get("answers", ""))), {**asked, **fields}, error


def _command_of(request: bytes) -> int:
    return request[3] if not _flaw(request)[0] else Command.POLL


def _asked(request: bytes) -> dict[str, Any]:
    if _flaw(request)[0] or request[3] not in Command._value2member_map_:
        return {}
    return {"answers": Command(request[3]).name.replace("_", " ")}


def _poll(body: bytes) -> _Told:
    answer = ccnet.poll_answer(body)
    if answer is None:
        return State(body[0]).name.replace("_", " "), {}, "the byte that this state adds is missing"
    if answer.state is None:
        return "", {"data": body.hex(" ")}, f"state {body[0]:02x} is not known"
    name = answer.state.name.replace("_", " ")
    fields: dict[str, Any] = {"data": body[1:].hex(" ")} if body[1:] else {}
    if answer.detail is not None and answer.state in ccnet.WITH_DETAIL:
        fields |= _detail(answer.state, answer.detail)
    return name, fields, ""


def _detail(state: State, detail: int) -> dict[str, Any]:
    if state is State.REJECTING:
        fields = {"reason_code": f"{detail:02x}", "reason": ccnet.REJECT_REASONS.get(detail, "unknown")}
        meaning = "turned away; says nothing about the note"
        if detail in ccnet.NOT_AUTHENTICATED:
            meaning = "not authenticated; no proof of forgery"
        return {**fields, "meaning": meaning}
    if state is State.FAILURE:
        return {"failure_code": f"{detail:02x}", "failure": ccnet.FAILURES.get(detail, "unknown")}
    return {"time": detail} if state is State.BUSY else {"bill_type": detail}


def _status(body: bytes) -> _Told:
    if len(body) != 6:
        return "STATUS", {}, f"a status has 6 bytes, not {len(body)}"
    fields = {"types": _types(body[:3]), "high_security_types": _types(body[3:]), "data": body.hex(" ")}
    return "STATUS", fields, ""


def _identification(body: bytes) -> _Told:
    found = ccnet.identification(body)
    if found is None:
        return "IDENTIFICATION", {}, f"an identification has 27 bytes at least, not {len(body)}"
    fields = {"part_number": found.part_number, "serial_number": found.serial_number, "asset": found.asset}
    return "IDENTIFICATION", fields, ""


def _bill_table(body: bytes) -> _Told:
    table = ccnet.bill_table(body)
    if table is None:
        return "BILL TABLE", {}, f"a bill table has {ccnet.BILL_TYPES * 5} bytes, not {len(body)}"
    bills = {
        number: f"{bill.country} {bill.minor // 100}.{bill.minor % 100:02d}"
        for number, bill in enumerate(table)
        if bill
    }
    return "BILL TABLE", {"bill_types": bills}, ""


def _crc32(body: bytes) -> _Told:
    return "CRC32", {"data": body.hex(" ")}, "" if len(body) == 4 else f"a CRC32 has 4 bytes, not {len(body)}"


def _as_it_stands(body: bytes) -> _Told:
    """Named after its command, with nothing explained."""
    return "", {"data": body.hex(" ")}, ""


_ANSWERS: Mapping[int, Callable[[bytes], _Told]] = {
    Command.GET_STATUS: _status,
    Command.IDENTIFICATION: _identification,
    Command.GET_BILL_TABLE: _bill_table,
    Command.GET_CRC32: _crc32,
    **dict.fromkeys(
        (
            Command.EXTRACT_BARCODE_DATA, Command.CASSETTE_STATUS, Command.EXTENDED_IDENTIFICATION, Command.DOWNLOAD,
            Command.MODULE_DOWNLOAD, Command.MODULE_IDENTIFICATION, Command.REQUEST_STATISTICS, Command.DIAGNOSTICS,
        ),
        _as_it_stands,
    ),
}  # fmt: skip
