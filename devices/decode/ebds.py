"""Explains one frame of EBDS (MEI/CPI). Source: note-protocols §1.4.

What can be promised: any one wrong bit is refused. The check is an XOR, which one bit always changes; 02, 03 and the
length against the frame's own size guard the rest. Bit 7 is never masked here: a frame that has it was read on an
eight-bit line with the parity bit still in it, and says so. Two wrong bits in the same place of two bytes cancel out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import ebds

_STATES = (
    (
        (0x01, "IDLING"), (0x02, "ACCEPTING"), (0x04, "ESCROWED"), (0x08, "STACKING"), (0x10, "STACKED"),
        (0x20, "RETURNING"), (0x40, "RETURNED"),
    ),
    (
        (0x01, "CHEATED"), (0x02, "REJECTED"), (0x04, "JAMMED"), (0x08, "CASSETTE FULL"), (0x20, "PAUSED"),
        (0x40, "CALIBRATION"),
    ),
    ((0x01, "POWER UP"), (0x02, "INVALID COMMAND"), (0x04, "FAILURE"), (0x40, "TRANSPORT OPEN")),
    (
        (0x01, "STALLED"), (0x02, "FLASH DOWNLOAD"), (0x04, "PRE-STACK"), (0x08, "RAW BARCODE"),
        (0x10, "DEVICE CAPABILITIES"), (0x20, "DISABLED"),
    ),
)  # fmt: skip
_AUXILIARY = {
    0x00: "CRC", 0x01: "CASH BOX TOTAL", 0x02: "DEVICE RESETS", 0x03: "CLEAR CASH BOX TOTAL", 0x04: "TYPE",
    0x05: "SERIAL NUMBER", 0x06: "BOOT PART NUMBER", 0x07: "APPLICATION PART NUMBER", 0x08: "VARIANT NAME",
    0x09: "VARIANT PART NUMBER", 0x0A: "AUDIT LIFETIME TOTALS", 0x0B: "AUDIT QP MEASURES",
    0x0C: "AUDIT PERFORMANCE MEASURES", 0x0D: "CAPABILITIES", 0x0E: "APPLICATION ID", 0x0F: "VARIANT ID",
    0x10: "BNF STATUS",
}  # fmt: skip
"""§1.4; 01 to 03, 0A to 0C and 10 by the constants of a public EBDS library for C++ (CmdAuxQuery…)."""
_EXTENDED = {
    0x01: "BARCODE", 0x02: "NOTE", 0x03: "NOTE INHIBITS", 0x04: "ESCROW TIMEOUT", 0x06: "VALUE TABLE",
    0x0B: "NOTE RETRIEVED", 0x0D: "ADVANCED BOOKMARK", 0x1D: "CLEAR AUDIT DATA",
}  # fmt: skip
"""Subtypes of type 7, by name as in decapod-atm/ebds src/extended_command.rs; 01 and 02 in §1.4 too."""
_CLASSES = {
    0: "disabled or unsupported", 1: "unidentified", 2: "suspected counterfeit", 3: "suspected zero value",
    4: "genuine",
}  # fmt: skip
_SOFT_RESET = b"\x7f\x7f\x7f"
_CASSETTE_PRESENT = 0x10
_BARCODE = 0x01
_HEAD = 8  # subtype, six status bytes, and one at least of what follows
_WITH_DETAILS = (b"\x01", b"\x02")  # barcode and note say something behind them, other subtypes may not
_HEAD_OF_QUESTION = 4

_Told = tuple[str, dict[str, Any], str]  # name, fields, error


def explain(data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    """Every reading; types 3 to 7 are spoken by both sides."""
    wanted = (direction,) if direction else (HOST, DEVICE)
    found = [_read(data, one, request) for one in wanted]
    return tuple(sorted(found, key=lambda one: not one.valid))


def _read(data: bytes, direction: str, request: bytes) -> Reading:
    flaw = _flaw(data)
    if flaw:
        return Reading(direction, False, error=flaw)
    control, body = data[2], data[3:-2]
    common = {
        "length": data[1], "type": control >> 4 & 7, "ack": control & 1, "check": f"{data[-1]:02x}",
        "check_value": data[-1],
    }  # fmt: skip
    if control >> 1 & 7:
        common["device"] = control >> 1 & 7
    if direction == DEVICE and _flaw(request) == "":
        common["acknowledges_request"] = control & 1 == request[2] & 1
    teller = (_OF_HOST if direction == HOST else _OF_DEVICE).get(control >> 4 & 7)
    if teller is None:
        return Reading(direction, False, "", common, f"the {direction} never sends type {control >> 4 & 7}")
    name, fields, error = teller(body, request)
    return Reading(direction, not error, name, {**common, **fields}, error)


def _flaw(data: bytes) -> str:
    """Why these bytes are not one whole frame, or ""."""
    high = next((at for at, byte in enumerate(data) if byte > 0x7F), None)
    if high is not None:
        return f"bit 7 is set in byte {high}: a seven-bit line never carries it (is the port open as 7E1?)"
    if data[:1] != bytes([ebds.STX]):
        return "a frame begins with 02"
    if len(data) < ebds.MIN_LENGTH:
        return f"cut: {len(data)} bytes, the shortest frame has {ebds.MIN_LENGTH}"
    if data[1] != len(data):
        return f"the length byte says {data[1]} bytes, and here are {len(data)}"
    if data[-2] != ebds.ETX:
        return f"03 stands before the check, not {data[-2]:02x}"
    expected = ebds.check(data[1:-2])
    return "" if data[-1] == expected else f"check {data[-1]:02x}, the XOR is {expected:02x}"


def _omnibus(body: bytes, request: bytes) -> _Told:
    if len(body) != 3:
        return "OMNIBUS", {"data": body.hex(" ")}, f"OMNIBUS has 3 data bytes, not {len(body)}"
    denominations, mode, more = body
    fields = {
        "denominations": [bit + 1 for bit in range(7) if denominations >> bit & 1],
        "special_interrupt": bool(mode & 0x01), "high_security": bool(mode & 0x02), "orientation": mode >> 2 & 3,
        "escrow_mode": bool(mode & 0x10), "stack": bool(mode & 0x20), "return": bool(mode & 0x40),
        "no_push": bool(more & 0x01), "barcode": bool(more & 0x02), "power_up_policy": more >> 2 & 3,
        "extended_notes": bool(more & 0x10), "extended_coupons": bool(more & 0x20),
    }  # fmt: skip
    acts = [name for bit, name in ((0x20, "STACK"), (0x40, "RETURN")) if mode & bit]
    if not acts and not denominations:
        acts = ["ALL DISABLED"]
    return " ".join(["OMNIBUS", *acts]), fields, ""


def _auxiliary_question(body: bytes, request: bytes) -> _Told:
    if body == _SOFT_RESET:
        return "AUX SOFT RESET", {}, ""
    fields = {"data": body.hex(" ")}
    if len(body) != 3 or body[:2] != b"\0\0":
        return "AUX", fields, "an AUX question is 00 00 and its number, or 7f 7f 7f"
    name = _AUXILIARY.get(body[2])
    if name is None:
        return "AUX", fields, f"AUX {body[2]:02x} is not known"
    return f"AUX {name}", {"request": f"{body[2]:02x}"}, ""


def _extended_question(body: bytes, request: bytes) -> _Told:
    """Subtype, the three bytes of an OMNIBUS, and what the subtype adds."""
    fields: dict[str, Any] = {"data": body.hex(" ")}
    kind = _EXTENDED.get(body[0]) if body else None
    if kind is None or len(body) < _HEAD_OF_QUESTION:
        return "EXT", fields, "an EXT question is a known subtype, three OMNIBUS bytes and what belongs to it"
    fields = {"subtype": body[0], **fields}
    if body[0] != ebds.EXTENDED_NOTE:
        return f"EXT {kind}", fields, ""
    if len(body) != _HEAD_OF_QUESTION + 1:
        return "EXT NOTE QUERY", fields, f"a note is asked for by one index, not {len(body) - 4} bytes"
    return "EXT NOTE QUERY", {**fields, "index": body[4]}, ""


def _state(body: bytes) -> tuple[str, dict[str, Any]]:
    """Six status bytes: states and events, the denomination by number, model and revision."""
    names = [name for byte, table in zip(body, _STATES, strict=False) for bit, name in table if byte & bit]
    fields = {
        "states": names, "cassette_present": bool(body[1] & _CASSETTE_PRESENT), "value_index": body[2] >> 3 & 7,
        "model": body[4], "revision": body[5],
    }  # fmt: skip
    return "+".join(names) or "NO STATE", fields


def _standard(body: bytes, request: bytes) -> _Told:
    if len(body) != 6:
        return "", {"data": body.hex(" ")}, f"a standard reply has 6 data bytes, not {len(body)}"
    name, fields = _state(body)
    return name, fields, ""


def _auxiliary_answer(body: bytes, request: bytes) -> _Told:
    if not _auxiliary_question(body, b"")[2]:
        return "AUX REPLY", {"data": body.hex(" ")}, "this is the host's question (an echo on the line?)"
    text = body.rstrip(b"\0 ")
    shown = {"text": text.decode("ascii")} if _printable(text) else {"data": body.hex(" ")}
    asked = _auxiliary_question(request[3:-2], b"")[0] if request[2:3] and request[2] >> 4 & 7 == 6 else "AUX"
    return f"{asked} REPLY", shown, ""


def _printable(text: bytes) -> bool:
    return bool(text) and all(0x20 <= byte < 0x7F for byte in text)


def _extended_answer(body: bytes, request: bytes) -> _Told:
    if len(body) < _HEAD - (body[:1] not in _WITH_DETAILS):
        return "EXT", {"data": body.hex(" ")}, "an EXT reply begins with its subtype and six status bytes"
    state, fields = _state(body[1:7])
    fields = {"state": state, **fields}
    if body[0] == _BARCODE:
        return "EXT BARCODE", {**fields, "barcode": body[7:].decode("ascii", "backslashreplace")}, ""
    if body[0] != ebds.EXTENDED_NOTE:
        known = _EXTENDED.get(body[0])
        error = "" if known else f"EXT subtype {body[0]:02x} is not known"
        return f"EXT {known or ''}".strip(), {**fields, "data": body[7:].hex(" ")}, error
    if len(body) != ebds.EXTENDED_NOTE_LENGTH - 5:
        error = f"an EXT NOTE has {ebds.EXTENDED_NOTE_LENGTH - 5} data bytes, not {len(body)}"
        return "EXT NOTE", fields, error
    return "EXT NOTE", {**fields, **_note(body[7:])}, _note_flaw(body[7:])


def _note(note: bytes) -> dict[str, Any]:
    """Index, ISO 3, base 3, sign, exponent 2, orientation, type, series, compatibility, version, class, reserved."""
    return {
        "index": note[0],
        "currency": note[1:4].decode("ascii", "backslashreplace"),
        "value": note[4:10].decode("ascii", "backslashreplace"),
        "orientation": note[10],
        **{
            name: chr(note[11 + at]) for at, name in enumerate(("kind", "series", "compatibility", "version"))
        },
        "classification": note[15],
        "classification_means": _CLASSES.get(note[15], "not known"),
    }


def _note_flaw(note: bytes) -> str:
    base, sign, exponent = note[4:7], note[7:8], note[8:10]
    if not base.isdigit() or not exponent.isdigit() or sign not in (b"+", b"-"):
        return "the value is three digits, a sign and two digits"
    return "" if note[15] in _CLASSES else f"classification {note[15]} is not known (0 to 4 are)"


def _by_type(name: str) -> Callable[[bytes, bytes], _Told]:
    """A type that §1.4 names and does not describe: its data stand as they are."""

    def tell(body: bytes, request: bytes) -> _Told:
        return name, {"data": body.hex(" ")}, ""

    return tell


_Tell = Callable[[bytes, bytes], _Told]
_NAMED_ONLY: Mapping[int, _Tell] = {
    3: _by_type("BOOKMARK"),
    4: _by_type("CALIBRATE"),
    5: _by_type("FLASH DOWNLOAD"),
}
_OF_HOST: Mapping[int, _Tell] = {
    **_NAMED_ONLY,
    ebds.TYPE_HOST: _omnibus,
    ebds.TYPE_AUXILIARY: _auxiliary_question,
    ebds.TYPE_EXTENDED: _extended_question,
}
_OF_DEVICE: Mapping[int, _Tell] = {
    **_NAMED_ONLY,
    ebds.TYPE_DEVICE: _standard,
    ebds.TYPE_AUXILIARY: _auxiliary_answer,
    ebds.TYPE_EXTENDED: _extended_answer,
}
