"""Explains one frame of ITL SSP, and what can be seen of a sealed one of eSSP. Sources: note-protocols §1.3, GA138.

What can be promised: any one wrong bit is refused. The CRC covers sequence, length and data; a bit that makes or
breaks a 7F makes or breaks a doubled byte, which either leaves a lone 7F inside the frame or changes its length. An
answer does not say what it answers: with its request it is read as that, without one as POLL's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import ssp
from devices.wire.ssp import Command, Event, PollEvent, Reply

_PARAMETERS: Mapping[int, tuple[int, ...]] = {
    Command.INHIBITS: (1, 2, 3), Command.HOST_PROTOCOL: (1,), Command.SET_GENERATOR: (8,), Command.SET_MODULUS: (8,),
    Command.KEY_EXCHANGE: (8,), Command.SET_FIXED_KEY: (8,), Command.BAUD_RATE: (2,), Command.SERIAL: (0, 1),
    **dict.fromkeys(
        (
            Command.RESET, Command.SETUP_REQUEST, Command.POLL, Command.REJECT, Command.DISABLE, Command.ENABLE,
            Command.SYNC, Command.LAST_REJECT, Command.HOLD, Command.FIRMWARE, Command.DATASET, Command.POLL_WITH_ACK,
            Command.EVENT_ACK, Command.GET_COUNTERS, Command.RESET_COUNTERS, Command.BUILD_REVISION,
            Command.RESET_FIXED_KEY,
        ),
        (0,),
    ),
}  # fmt: skip
_MORE_COMMANDS: Mapping[int, str] = {
    0x0B: "PROGRAM", 0x12: "DISPENSE", 0x16: "PROGRAM STATUS", 0x19: "ENABLE HIGHER PROTOCOL",
    0x45: "BY DENOMINATION", 0x48: "RUN CALIBRATION",
}  # fmt: skip
"""Explained and never sent: 45 stands unnamed in the reference's list, the others in the constants of ITL's own SDK."""
_MORE_REPLIES: Mapping[int, str] = {0xF1: "SLAVE RESET", 0xF7: "CHECKSUM ERROR", 0xF9: "HEADER FAILURE"}
"""F1 is an event that some machines send alone; F7 and F9 by Metalab/kassomat eSSP ssp.h."""
_BAUD_RATES = {0: 9600, 1: 38400, 2: 115200}
_SECURITY = {0: "not implemented", 1: "low", 2: "standard", 3: "high", 4: "inhibited"}
_CANNOT = {1: "not enough value", 2: "cannot pay exact", 3: "busy", 4: "disabled"}
_VERSIONS = (8, 6, 4)
_SEALED_BLOCK = 16

_Told = tuple[str, dict[str, Any], str]  # name, fields, error


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading; commands and answers use different codes, so one side only is valid."""
    wanted = (direction,) if direction else (HOST, DEVICE)
    found = [_read(data, one, request) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _read(data: bytes, direction: str, request: bytes) -> Reading:
    frame = _frame(data)
    if isinstance(frame, str):
        return Reading(direction, False, error=frame)
    check = ssp.crc(bytes([frame.sequence << 7 | frame.address, len(frame.data)]) + frame.data)
    common: dict[str, Any] = {
        "sequence": frame.sequence, "address": frame.address, "length": len(frame.data),
        "check": check.to_bytes(2, "little").hex(" "), "check_value": check, "code": f"{frame.data[0]:02x}",
    }  # fmt: skip
    asked = _frame(request) if direction == DEVICE else ""
    if isinstance(asked, ssp.Frame):
        common["sequence_of_request"] = (asked.sequence, asked.address) == (frame.sequence, frame.address)
    if frame.data[0] == ssp.SEALED:
        name, fields, error = _sealed(frame.data)
    elif direction == HOST:
        name, fields, error = _of_host(frame.data)
    else:
        name, fields, error = _of_device(frame.data, asked.data if isinstance(asked, ssp.Frame) else b"")
    return Reading(direction, not error, name, {**common, **fields}, error)


def _frame(data: bytes) -> ssp.Frame | str:
    """The one whole frame that these bytes are, or why they are none."""
    if data[:1] != bytes([ssp.STX]):
        return "a frame begins with 7f"
    found = ssp.SspDecoder().receive(data)
    if len(found) == 1 and isinstance(found[0], ssp.Frame):
        return found[0]
    bad = next((one for one in found if isinstance(one, ssp.BadFrame)), None)
    if bad is None:
        return "more than one frame" if found else f"cut: {len(data)} bytes, and its length asks for more"
    return {
        "check": f"check {bad.data[-2:].hex(' ')}, the CRC is {ssp.crc(bad.data[:-2]).to_bytes(2, 'little').hex(' ')}",
        "restart": "a lone 7f inside the frame", "length": "a frame without data", "junk": "bytes behind the frame",
    }[bad.reason]  # fmt: skip


def _sealed(data: bytes) -> _Told:
    """Counter and meaning lie inside; without the key only whole blocks can be told from a cut."""
    size = len(data) - 1
    fields = {"sealed": data[1:].hex(" "), "blocks": size // _SEALED_BLOCK}
    whole = size and size % _SEALED_BLOCK == 0
    return "SEALED", fields, "" if whole else f"{size} sealed bytes are no whole blocks of {_SEALED_BLOCK}"


# --- from the host ------------------------------------------------------------------------------------------


def _of_host(data: bytes) -> _Told:
    if data[0] in _MORE_COMMANDS:
        return _MORE_COMMANDS[data[0]], {"data": data[1:].hex(" ")} if data[1:] else {}, ""
    if data[0] not in Command._value2member_map_:
        return "", {}, f"command {data[0]:02x} is not known"
    command, rest = Command(data[0]), data[1:]
    name = command.name.replace("_", " ")
    wanted = _PARAMETERS.get(command)
    if wanted is not None and len(rest) not in wanted:
        return name, {}, f"{name} has {' or '.join(map(str, wanted))} bytes of parameters, not {len(rest)}"
    fields: dict[str, Any] = {"data": rest.hex(" ")} if rest else {}
    return name, {**fields, **_parameters(command, rest)}, ""


def _parameters(command: Command, rest: bytes) -> dict[str, Any]:
    if command is Command.INHIBITS:
        bits = int.from_bytes(rest, "little")
        return {"channels": [number + 1 for number in range(8 * len(rest)) if bits >> number & 1]}
    if command is Command.HOST_PROTOCOL:
        return {"protocol": rest[0]}
    if command in (Command.SET_GENERATOR, Command.SET_MODULUS, Command.KEY_EXCHANGE):
        return {"number": int.from_bytes(rest, "little")}
    if command is Command.BAUD_RATE:
        return {"baud_rate": _BAUD_RATES.get(rest[0], "unknown"), "persists": bool(rest[1])}
    return {}


# --- from the device ----------------------------------------------------------------------------------------


def _of_device(data: bytes, request: bytes) -> _Told:
    code, rest = data[0], data[1:]
    if code == Reply.OK:
        return _behind_ok(rest, request)
    if code in Reply._value2member_map_:
        return Reply(code).name.replace("_", " "), _refusal(code, rest), ""
    if code in _MORE_REPLIES:
        return _MORE_REPLIES[code], {"data": rest.hex(" ")} if rest else {}, ""
    if code in Command._value2member_map_ or code in _MORE_COMMANDS:
        return "", {}, f"{code:02x} is a command, no answer"
    # The frame holds; its word is in no table. A driver takes it for a fault.
    return "UNKNOWN ANSWER", {"data": data.hex(" ")}, ""


def _refusal(code: int, rest: bytes) -> dict[str, Any]:
    if not rest:
        return {}
    reason = {"reason": _CANNOT.get(rest[0], "unknown")} if code == Reply.CANNOT_PROCESS else {}
    return {"data": rest.hex(" "), **reason}


def _behind_ok(rest: bytes, request: bytes) -> _Told:
    asked = request[0] if request and request[0] in Command._value2member_map_ else None
    about: dict[str, Any] = {"answer": "OK"}
    if asked is not None:
        about["answers"] = Command(asked).name.replace("_", " ")
    if not rest:
        return "OK", about, ""
    if asked is not None and asked not in _POLLS:
        name, fields, error = _ANSWERS.get(asked, _as_it_stands)(rest)
        return name or Command(asked).name.replace("_", " "), {**about, **fields}, error
    name, fields, error = _events(rest)
    if error and asked is None:  # not POLL's, then; of what, the bytes do not say
        return "OK", {**about, "data": rest.hex(" ")}, ""
    return name, {**about, **fields}, error


def _events(rest: bytes) -> _Told:
    """POLL's answer. Sizes depend on the protocol version, which the frame does not tell: the first that fits."""
    tries = [ssp.events(rest, version) for version in _VERSIONS]
    found = next((one for one in tries if one and all(event.event for event in one)), None)
    if found is None:
        return "", {"data": rest.hex(" ")}, "an event is cut or not known"
    listed = [_event(one) for one in found]
    return " + ".join(one["event"] for one in listed), {"events": listed, "data": rest.hex(" ")}, ""


def _event(one: PollEvent) -> dict[str, Any]:
    told: dict[str, Any] = {
        "event": str(one.event.name if one.event else "").replace("_", " "),
        "code": f"{one.code:02x}",
    }
    if one.channel is not None:
        told["channel"] = one.channel
    elif one.data:
        told["data"] = one.data.hex(" ")
    if one.event is Event.READ:
        told["meaning"] = (
            f"channel {one.channel} in escrow; the next POLL takes it" if one.channel else "still reading"
        )
    if one.event is Event.FRAUD:
        told["meaning"] = "an attempt to trick the machine; says nothing about a note"
    return told


def _setup(rest: bytes) -> _Told:
    found = ssp.setup(rest)
    if found is None:
        return "SETUP", {"data": rest.hex(" ")}, "cut, or of a coin machine"
    channels = {
        number: f"{one.country} {one.minor // 100}.{one.minor % 100:02d}" if one.minor else one.country
        for number, one in enumerate(found.channels, 1)
    }
    fields = {
        "unit_type": ssp.UNIT_TYPES.get(found.unit_type, "unknown"), "firmware": found.firmware,
        "country": found.country, "protocol": found.protocol, "channels": channels,
    }  # fmt: skip
    return "SETUP", fields, ""


def _serial(rest: bytes) -> _Told:
    number = ssp.serial_number(rest)
    error = "" if number is not None else f"a serial number has 4 bytes, not {len(rest)}"
    return "SERIAL", {"serial_number": number}, error


def _last_reject(rest: bytes) -> _Told:
    if len(rest) != 1:
        return "LAST REJECT", {}, f"a reject code has one byte, not {len(rest)}"
    reason = ssp.REJECT_CODES.get(rest[0], "unknown")
    return (
        "LAST REJECT",
        {"reason_code": f"{rest[0]:02x}", "reason": reason, "meaning": "no proof of forgery"},
        "",
    )


def _key(rest: bytes) -> _Told:
    error = "" if len(rest) == 8 else f"an intermediate key has 8 bytes, not {len(rest)}"
    return "SLAVE INTER KEY", {"number": int.from_bytes(rest, "little")}, error


def _text(rest: bytes) -> _Told:
    return "", {"text": rest.decode("ascii", "replace")}, ""


def _unit_data(rest: bytes) -> _Told:
    """Unit type, firmware, country, value multiplier, protocol (kybarg/ssp, GA138)."""
    if len(rest) != 12:
        return "", {"data": rest.hex(" ")}, f"unit data are 12 bytes, not {len(rest)}"
    fields = {
        "unit_type": ssp.UNIT_TYPES.get(rest[0], "unknown"), "firmware": rest[1:5].decode("ascii", "replace"),
        "country": rest[5:8].decode("ascii", "replace"), "multiplier": int.from_bytes(rest[8:11], "big"),
        "protocol": rest[11],
    }  # fmt: skip
    return "", fields, ""


def _channel_values(rest: bytes) -> _Told:
    """How many, then a byte each; from protocol 6 the countries and values in full behind them."""
    count = rest[0]
    short = rest[1 : 1 + count]
    fields: dict[str, Any] = {"values": dict(enumerate(short, 1)), "data": rest.hex(" ")}
    if len(rest) == 1 + 8 * count:
        full = [int.from_bytes(rest[1 + 4 * count :][4 * at :][:4], "little") for at in range(count)]
        fields |= {
            "countries": [rest[1 + count :][3 * at :][:3].decode("ascii", "replace") for at in range(count)],
            "values": dict(enumerate(full, 1)),
        }
    if len(rest) not in (1 + count, 1 + 8 * count):
        return "", fields, f"{count} channels announced, {len(rest)} bytes"
    return "", fields, ""


def _security(rest: bytes) -> _Told:
    channels = {number: _SECURITY.get(level, "unknown") for number, level in enumerate(rest[1:], 1)}
    error = "" if rest[0] == len(rest) - 1 else f"{rest[0]} channels announced, {len(rest) - 1} here"
    return "CHANNEL SECURITY", {"channels": channels}, error


def _as_it_stands(rest: bytes) -> _Told:
    """Named after its command, with nothing explained."""
    return "", {"data": rest.hex(" ")}, ""


_POLLS = (Command.POLL, Command.POLL_WITH_ACK)
_ANSWERS: Mapping[int, Callable[[bytes], _Told]] = {
    Command.SETUP_REQUEST: _setup,
    Command.SERIAL: _serial,
    Command.LAST_REJECT: _last_reject,
    Command.KEY_EXCHANGE: _key,
    Command.FIRMWARE: _text,
    Command.DATASET: _text,
    Command.CHANNEL_SECURITY: _security,
    Command.UNIT_DATA: _unit_data,
    Command.CHANNEL_VALUES: _channel_values,
}
