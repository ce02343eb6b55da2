"""Explains bytes of the T5023/T5040 passbook printer, both ways. Source: passbook-printers §2.2 (S6, S7 pages there).

The host's side is a stream: several commands and the text between them are explained in their order. What can be
promised: bytes outside the tables are refused and a cut command is refused. The protocol has no check value, so a
wrong bit inside a number or a text yields another valid frame, and nothing in it tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from devices.decode import escp
from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import t5040

_Told = tuple[str, dict[str, Any]]
_MAX_TEXT = 80

# Final letters → name, names of the numbers, and the lowest and highest each may be.
_COMMANDS: Mapping[bytes, tuple[str, tuple[tuple[str, int, int], ...]]] = {
    b"!p": ("ABSOLUTE POSITION TOP", (("position", 1, 9999),)),
    b'"p': ("ABSOLUTE POSITION BOTTOM", (("position", 1, 9999),)),
    b"#p": ("MOVE BACK", (("distance", 0, 9999),)),
    b"$p": ("EJECT OR INSERT", (("insert", 0, 1),)),
    b"#t": ("DETECT EDGE", ()),
    b"$t": ("PASSBOOK PROCESSING", (("number", 0, 9999),)),
    b"%t": ("LEADING EDGE", (("right", 0, 1),)),
    b"(t": ("PAPER ERROR HANDLING", (("automatic", 0, 1),)),
    b"!t": ("CONTROL POINT", (("number", 0, 9999),)),
    b")t": ("CONTROL POINT II", (("number", 0, 9999),)),
    b'"t': ("REQUEST DOCUMENT WIDTH", ()),
    b"*t": ("DUAL STATION", (("lamps", 0, 4),)),
    b",t": ("IMPACT", (("force", 0, 2),)),
    b'"z': ("REQUEST MESSAGES", ()),
    b"#z": ("REQUEST UNIT PARAMETERS", (("with_type", 0, 1),)),
    b"!r": (
        "STRIPE PARAMETERS",
        (("writes", 0, 2), ("reads", 0, 2), ("layout", 0, 6), ("distance", 0, 9999), ("bottom_edge", 0, 1)),
    ),
    b'"r': ("READ STRIPE", ()),
    b"#r": ("WRITE STRIPE", ()),
    b"%r": ("ERASE STRIPE", ()),
}
_STATUS = {t5040.ONLINE: "ONLINE", t5040.STOP: "STOP", t5040.ERROR: "ERROR"}
_MESSAGES = {(1, 4): "PAPER", (2, 4): "NO PAPER", (20, 1): "USER1 KEY", (20, 2): "USER2 KEY"}
_UNIT = (
    "station", "document", "max_width_tenth_inch", "feed_channels", "eject_channels", "micr", "msr", "type",
    "memory_extension",
)  # fmt: skip
_CONTROLS = {0x0A: "LINE FEED", 0x0C: "FORM FEED", 0x0D: "CARRIAGE RETURN"}
_PITCHES = {code: number for number, code in t5040.PITCHES.items()}
_SHORT_CSI = b"\x9b"
"""One byte for the two, in other matrix printers of the make (§2.1)."""
_CSI = re.compile(rb"\x1b\[([0-9;]*)([!-/][a-z])")
_TEXT = re.compile(rb"[\x20-\x7e]+")


class _Refused(Exception):
    """Why the rest of the bytes cannot be explained; never leaves this module."""


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading. A control point looks the same asked for and answered."""
    del request  # an answer names its question by itself
    told: Mapping[str, Callable[[bytes], list[_Told]]] = {HOST: _of_host, DEVICE: _of_device}
    wanted = (direction,) if direction in told else (HOST, DEVICE)
    found = [_reading(data, one, told[one]) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _reading(data: bytes, direction: str, tell: Callable[[bytes], list[_Told]]) -> Reading:
    try:
        told = tell(data) if data else []
    except _Refused as why:
        return Reading(direction, False, error=str(why))
    if not told:
        return Reading(direction, False, error="no bytes")
    if len(told) == 1:
        return Reading(direction, True, *told[0])
    messages = [{"name": name, **fields} for name, fields in told]
    return Reading(direction, True, "; ".join(name for name, _ in told), {"messages": messages})


def _of_host(data: bytes) -> list[_Told]:
    found: list[_Told] = []
    at = 0
    while at < len(data):
        name, fields, used = _next(data[at:], at)
        found.append((name, fields))
        at += used
    return found


def _next(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    if data[0] in _CONTROLS:
        return _CONTROLS[data[0]], {}, 1
    text = _TEXT.match(data)
    if text is not None:
        shown = text.group()[:_MAX_TEXT].decode("ascii")
        return "TEXT", {"text": shown, "characters": text.end()}, text.end()
    if data[:2] == t5040.CSI:
        return _command(data, at)
    if data[:1] == _SHORT_CSI:
        name, fields, used = _command(t5040.CSI + data[1:], at)
        return name, fields, used - 1
    if data[:2] == b"\x1b$":
        return _column(data, at)
    if data[:3] == b"\x1b*\x27":
        return _image(data, at)
    if data[:2] in _PITCHES:
        return "PITCH", {"characters_per_inch": _PITCHES[data[:2]]}, 2
    return _standard(data, at)


def _standard(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    """Text, pitch and spacing are ordinary ESC/P (§2.1). Its Chinese layer was seen in no manual of this family."""
    if data[0] == 0x1C or data[0] > 0x7E:
        raise _Refused(f"byte {at}: {data[0]:02x} is neither a command nor printable ASCII")
    try:
        return escp.next_command(data, at, two_byte=False)
    except escp.Refused as why:
        raise _Refused(str(why)) from why


def _command(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    match = _CSI.match(data)
    if match is None:
        raise _Refused(f"byte {at}: a command that does not end, or is none: {data[:12].hex(' ')}")
    known = _COMMANDS.get(match.group(2))
    if known is None:
        raise _Refused(f"byte {at}: CSI … {match.group(2).decode('ascii')} is not known")
    name, names = known
    fields = _numbers(name, names, match.group(1), at)
    if match.group(2) == b"$p":
        name = "INSERT" if fields["insert"] else "EJECT"
    if match.group(2) != b"#r":
        return name, fields, match.end()
    return _written(data, match.end(), at)


def _numbers(name: str, names: tuple[tuple[str, int, int], ...], given: bytes, at: int) -> dict[str, Any]:
    texts = given.split(b";") if given else []
    if any(len(one) > 4 for one in texts):
        raise _Refused(f"byte {at}: {name}: a number has at most four digits")
    numbers = [int(one) if one else 0 for one in texts]
    if len(numbers) > len(names) or (names and not numbers):
        raise _Refused(f"byte {at}: {name} takes {len(names)} numbers, not {len(numbers)}")
    for number, (one, lowest, highest) in zip(numbers, names, strict=False):
        if not lowest <= number <= highest:
            raise _Refused(f"byte {at}: {name} {one} {number} is not in {lowest}..{highest}")
    return {one: number for number, (one, _, _) in zip(numbers, names, strict=False)}


def _written(data: bytes, start: int, at: int) -> tuple[str, dict[str, Any], int]:
    close = data.find(bytes([t5040.ETX]), start)
    if data[start : start + 1] != bytes([t5040.STX]) or close < 0:
        raise _Refused(f"byte {at}: WRITE STRIPE carries its data between 02 and 03")
    body = data[start + 1 : close]
    if any(not 0x30 <= byte <= 0x3F for byte in body):
        raise _Refused(f"byte {at}: stripe data is 30..3f only")
    return "WRITE STRIPE", {"data": body.decode("ascii")}, close + 1


def _column(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    if len(data) < 4:
        raise _Refused(f"byte {at}: ESC $ takes two bytes")
    return "HORIZONTAL POSITION", {"sixtieths": data[2] | data[3] << 8}, 4


def _image(data: bytes, at: int) -> tuple[str, dict[str, Any], int]:
    columns = data[3] | data[4] << 8 if len(data) >= 5 else 0
    size = 5 + 3 * columns
    if len(data) < max(size, 5):
        raise _Refused(f"byte {at}: a bit image of {columns} columns is cut")
    return "BIT IMAGE", {"columns": columns, "dots_high": 24}, size


def _of_device(data: bytes) -> list[_Told]:
    decoder = t5040.T5040Decoder()
    found = decoder.receive(data)
    bad = next((one for one in found if isinstance(one, t5040.Garbage)), None)
    if bad is not None:
        raise _Refused(f"no answer of this printer: {bad.data[:12].hex(' ')}")
    # A lone ETX and a status put behind it come out as just that, unless the decoder still holds a cut answer.
    if decoder.receive(b"\x03\x1b[0!z") != (t5040.Garbage(b"\x03"), t5040.GlobalStatus(t5040.ONLINE)):
        raise _Refused("an answer that does not end")
    return [_answer(one) for one in found]


def _answer(message: t5040.Message) -> _Told:
    if isinstance(message, t5040.GlobalStatus):
        return f"GLOBAL STATUS {_STATUS[message.status]}", {"status": message.status}
    if isinstance(message, t5040.SpecialMessage):
        return _special(message)
    if isinstance(message, t5040.ControlPoint):
        return f"CONTROL POINT{' II' * message.second} REACHED", {"number": message.number}
    if isinstance(message, t5040.DocumentWidth):
        return "DOCUMENT WIDTH", {"width_180ths": message.width}
    if isinstance(message, t5040.UnitParameters):
        return "UNIT PARAMETERS", dict(zip(_UNIT, message.values, strict=False))
    if isinstance(message, t5040.StripeData):
        text = message.data.decode("ascii", "backslashreplace")
        return "STRIPE DATA", {"data": text, **_attempts(message.attempts, message.error)}
    if isinstance(message, t5040.StripeWritten):
        return "STRIPE WRITTEN", _attempts(message.attempts, message.error)
    raise _Refused("an answer without an explanation here")


def _special(message: t5040.SpecialMessage) -> _Told:
    name = _MESSAGES.get((message.group, message.number))
    if name is None:
        raise _Refused(f"special message {message.group};{message.number} is not known")
    return f"SPECIAL MESSAGE {name}", {"group": message.group, "number": message.number}


def _attempts(attempts: int, error: int) -> dict[str, Any]:
    if error >= len(t5040.STRIPE_ERRORS):
        raise _Refused(f"stripe error {error} is not known")
    return {"attempts": attempts, "error": error, "error_means": t5040.STRIPE_ERRORS[error]}
