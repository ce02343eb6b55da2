"""Explaining one captured ccTalk frame of a banknote validator, in either check variant. Words: note-protocols §1.5.

On one wire what the host writes comes back to it, so the addresses say who spoke, whichever way a frame was captured;
``direction`` decides only for a frame that names no side. Reads one frame of exactly its own length, raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire import cctalk
from devices.wire.cctalk import Check, Codec, EventLog, Frame, Header
from devices.wire.cctalk_cipher import CipherKey

_SIMPLE, _CRC16 = Codec(Check.SIMPLE), Codec(Check.CRC16)
_NAMES = {
    Header.RESET: "reset",
    Header.COMMS_REVISION: "comms revision",
    Header.BARCODE: "read barcode",
    Header.STORE_CODE: "store encryption code",
    Header.CHANGE_CODE: "change encryption code",
    Header.CURRENCY_REVISION: "currency revision",
    Header.STACKER_CYCLE: "stacker cycle",
    Header.READ_MODE: "read operating mode",
    Header.MODE: "operating mode",
    Header.ROUTE: "route",
    Header.BILL_POSITION: "bill position",
    Header.SCALING: "country scaling",
    Header.BILL_ID: "bill id",
    Header.EVENTS: "read buffered bill events",
    Header.BUILD: "build code",
    Header.ROM_CHECKSUM: "ROM checksum",
    Header.READ_MASTER_INHIBIT: "read master inhibit",
    Header.MASTER_INHIBIT: "master inhibit",
    Header.READ_INHIBITS: "read inhibit mask",
    Header.INHIBITS: "inhibit mask",
    Header.SELF_CHECK: "self check",
    Header.SOFTWARE: "software revision",
    Header.SERIAL: "serial number",
    Header.PRODUCT: "product code",
    Header.CATEGORY: "equipment category",
    Header.MAKER: "maker",
    Header.POLLING_PRIORITY: "polling priority",
    Header.SIMPLE_POLL: "simple poll",
}
_CRC16_NAMES = {**_NAMES, Header.EVENTS: "events request"}
"""The frames published in CRC form call the same request by another name."""
_REQUEST_BYTES = {
    Header.CURRENCY_REVISION: (0, 2),
    Header.MODE: (1,),
    Header.ROUTE: (1,),
    Header.BILL_POSITION: (2,),
    Header.SCALING: (2,),
    Header.BILL_ID: (1,),
    Header.MASTER_INHIBIT: (1,),
    Header.INHIBITS: tuple(range(1, 256)),
    Header.STORE_CODE: tuple(range(256)),
    Header.CHANGE_CODE: tuple(range(256)),
    Header.STACKER_CYCLE: tuple(range(256)),
}
"""How many data bytes a request may have; none where nothing is said. The code and stacker requests are not described
in the reference, so any number is let pass."""
_ROUTES = {0: "return", 1: "stack", 255: "extend escrow"}
_ROUTE_ERRORS = {cctalk.ESCROW_EMPTY: "escrow empty", cctalk.ROUTE_FAILED: "failed"}


@dataclass(frozen=True)
class _Variant:
    codec: Codec
    names: Mapping[Header, str]


@dataclass(frozen=True)
class _Meaning:
    """What the data of a good frame say."""

    name: str
    fields: Mapping[str, Any]
    error: str = ""


def explain(data: bytes, direction: str = "", request: bytes = b"") -> tuple[Reading, ...]:
    """A frame with the simple check."""
    return _explain(_Variant(_SIMPLE, _NAMES), data, direction, request)


def explain_crc16(
    data: bytes, direction: str = "", request: bytes = b"", key: CipherKey | None = None
) -> tuple[Reading, ...]:
    """A frame with the CRC; with ``key`` an enciphered one."""
    codec = _CRC16 if key is None else Codec(Check.CRC16, key)
    return _explain(_Variant(codec, _CRC16_NAMES), data, direction, request)


def _explain(variant: _Variant, data: bytes, direction: str, request: bytes) -> tuple[Reading, ...]:
    found = variant.codec.decode(data)
    fields = _parts(variant.codec, data)
    if not isinstance(found, Frame):
        return (Reading(direction, False, "", fields, _complaint(variant.codec, data, found.reason)),)
    side = _side(variant.codec, found, direction)
    if not side:
        return (Reading(direction, False, "", fields, "addressed neither to nor from the host"),)
    meaning = _asked(variant, found) if side == HOST else _answered(variant, found, request)
    return (Reading(side, not meaning.error, meaning.name, {**fields, **meaning.fields}, meaning.error),)


def _parts(codec: Codec, data: bytes) -> dict[str, Any]:
    """The parts by their places, as far as the bytes go, good or not."""
    clear = codec.clear(data) if len(data) >= cctalk.OVERHEAD else data
    fields: dict[str, Any] = {}
    if len(clear) >= 2:
        fields |= {"destination": clear[0], "length": clear[1]}
    if len(clear) < cctalk.OVERHEAD:
        return fields
    fields |= {"header": clear[3], "data": clear[4:-1].hex(" ").upper()}
    if codec.check is Check.SIMPLE:
        return fields | {"source": clear[2], "check": f"{clear[-1]:02X}", "check_value": clear[-1]}
    value = clear[-1] << 8 | clear[2]
    return fields | {"check": f"{value:04X}", "check_value": value}


def _complaint(codec: Codec, data: bytes, reason: str) -> str:
    if reason == "length":
        meant = f", its length byte asks for {data[1] + cctalk.OVERHEAD}" if len(data) >= 2 else ""
        return f"length: {len(data)} bytes{meant}"
    clear = codec.clear(data)
    if codec.check is Check.SIMPLE:
        return f"check: {clear[-1]:02X} where {cctalk.simple_check(clear[:-1]):02X} is right"
    right = cctalk.crc16(clear[:2] + clear[3:-1])
    return f"check: {clear[-1] << 8 | clear[2]:04X} where {right:04X} is right"


def _side(codec: Codec, frame: Frame, direction: str) -> str:
    """Who sent it, "" when nobody on this line could have."""
    if frame.destination == cctalk.HOST:
        return DEVICE if frame.source != cctalk.HOST else ""
    if codec.check is Check.CRC16 or frame.source == cctalk.HOST:
        return HOST
    return direction if direction == HOST else ""


# --- requests -------------------------------------------------------------------------------------------------


def _asked(variant: _Variant, frame: Frame) -> _Meaning:
    if frame.header not in variant.names:
        return _Meaning(f"header {frame.header}", {}, f"unknown header {frame.header}")
    header = Header(frame.header)
    name = variant.names[header]
    if len(frame.data) not in _REQUEST_BYTES.get(header, (0,)):
        return _Meaning(name, {}, f"{len(frame.data)} data bytes are too few or too many")
    tell = _REQUESTS.get(header)
    return tell(name, frame.data) if tell is not None and frame.data else _Meaning(name, {})


def _route(name: str, data: bytes) -> _Meaning:
    route = _ROUTES.get(data[0])
    if route is None:
        return _Meaning(name, {}, f"unknown route {data[0]}")
    return _Meaning(f"{name}: {route}", {"route": route})


def _mode(name: str, data: bytes) -> _Meaning:
    on = [word for bit, word in ((1, "stacker"), (2, "escrow")) if data[0] & bit]
    fields = {"stacker": bool(data[0] & 1), "escrow": bool(data[0] & 2)}
    return _Meaning(f"{name} {'+'.join(on) or 'none'}", fields)


def _inhibits(name: str, data: bytes) -> _Meaning:
    bits = int.from_bytes(data, "little")
    accepted = [number + 1 for number in range(8 * len(data)) if bits >> number & 1]
    how = {0: "all disabled", 8 * len(data): "all enabled"}.get(len(accepted), data.hex(" ").upper())
    return _Meaning(f"{name} {how}", {"accepted": accepted})


def _master_inhibit(name: str, data: bytes) -> _Meaning:
    state = "normal" if data[0] & 1 else "blocked"
    return _Meaning(f"{name} {state}", {"state": state})


def _bill(name: str, data: bytes) -> _Meaning:
    return _Meaning(f"{name} {data[0]}", {"bill_type": data[0]})


def _country(name: str, data: bytes) -> _Meaning:
    country = data[:2].decode("ascii", "replace")
    return _Meaning(f"{name} {country}", {"country": country})


_REQUESTS: dict[Header, Callable[[str, bytes], _Meaning]] = {
    Header.ROUTE: _route,
    Header.MODE: _mode,
    Header.INHIBITS: _inhibits,
    Header.MASTER_INHIBIT: _master_inhibit,
    Header.BILL_ID: _bill,
    Header.SCALING: _country,
    Header.CURRENCY_REVISION: _country,
    Header.BILL_POSITION: _country,
}

# --- answers --------------------------------------------------------------------------------------------------


def _answered(variant: _Variant, frame: Frame, request: bytes) -> _Meaning:
    if frame.header in (Header.NAK, Header.BUSY):
        name = "NAK reply" if frame.header == Header.NAK else "BUSY reply"
        return _Meaning(name, {}, "data in a reply that has none" if frame.data else "")
    if frame.header != Header.ANSWER:
        return _Meaning(f"header {frame.header}", {}, f"header {frame.header} is no answer")
    asked = variant.codec.decode(request) if request else None
    header = asked.header if isinstance(asked, Frame) else None
    if frame.is_ack:
        return _Meaning("ACK reply", {})
    if header == Header.EVENTS or (header is None and len(frame.data) == cctalk.EVENT_BYTES):
        return _events(frame.data)
    return _data_reply(variant, header, frame.data)


def _events(data: bytes) -> _Meaning:
    if len(data) != cctalk.EVENT_BYTES:
        return _Meaning("events", {}, f"{len(data)} data bytes where an event log has eleven")
    log = cctalk.read_events(data)
    listed = [{"code": [one.first, one.second], "event": one.words} for one in _told(log)]
    fields = {"counter": log.counter, "events": listed}
    if not any(data):
        return _Meaning("events: all zero (after power-up)", fields)
    return _Meaning(f"events ctr{log.counter}: {log.events[0].words}", fields)


def _told(log: EventLog) -> tuple[cctalk.BillEvent, ...]:
    """As many as the counter says there were: an unused place reads like "master inhibit active"."""
    return log.events[: min(log.counter, cctalk.KEPT_EVENTS)]


def _data_reply(variant: _Variant, header: int | None, data: bytes) -> _Meaning:
    """Data mean something only beside their question; without it they are told as they are."""
    plain = {"text": data.decode("ascii")} if data.isascii() and data.decode("ascii").isprintable() else {}
    if header is None or header not in variant.names:
        return _Meaning("reply", plain)
    name = f"{variant.names[Header(header)]} reply"
    tell = _REPLIES.get(Header(header))
    return tell(name, data) if tell is not None else _Meaning(name, plain)


def _route_reply(name: str, data: bytes) -> _Meaning:
    words = _ROUTE_ERRORS.get(data[0]) if len(data) == 1 else None
    if words is None:
        return _Meaning(name, {}, f"unknown route answer {data.hex(' ')}")
    return _Meaning(f"{name}: {words}", {"route_error": words})


def _bill_id_reply(name: str, data: bytes) -> _Meaning:
    if len(data) != cctalk.BILL_ID_BYTES:
        return _Meaning(name, {}, "a bill id has seven characters")
    bill = cctalk.read_bill_id(data)
    if bill is None:
        return _Meaning(f"{name}: unused", {"bill": "unused"})
    fields = {"country": bill.country, "value": bill.value, "issue": bill.issue}
    return _Meaning(f"{name}: {bill.country} {bill.value} {bill.issue}", fields)


def _scaling_reply(name: str, data: bytes) -> _Meaning:
    if len(data) != cctalk.SCALING_BYTES:
        return _Meaning(name, {}, "a country scaling has three bytes")
    scaling = cctalk.read_scaling(data)
    return _Meaning(name, {"factor": scaling.factor, "decimals": scaling.decimals})


def _serial_reply(name: str, data: bytes) -> _Meaning:
    return _Meaning(name, {"serial": int.from_bytes(data, "little")})


def _self_check_reply(name: str, data: bytes) -> _Meaning:
    return _Meaning(f"{name}: {'no fault' if data[0] == 0 else f'fault {data[0]}'}", {"fault": data[0]})


_REPLIES: dict[Header, Callable[[str, bytes], _Meaning]] = {
    Header.ROUTE: _route_reply,
    Header.BILL_ID: _bill_id_reply,
    Header.SCALING: _scaling_reply,
    Header.SERIAL: _serial_reply,
    Header.SELF_CHECK: _self_check_reply,
    Header.READ_MODE: _mode,
    Header.READ_INHIBITS: _inhibits,
    Header.READ_MASTER_INHIBIT: _master_inhibit,
}
