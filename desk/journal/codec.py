"""Event ↔ canonical bytes: compact JSON, UTF-8, our key order, no floats, read back strictly.

The bytes of an entry are hashed and kept as they are, never made anew. They begin with exactly what the
journal's columns hold, so that a reader compares columns without parsing (``column_prefix``). Older versions
are lifted by ``UPCASTS``; a newer name or version reads as ``UnknownEvent``. Holds no SQL, no clock, no keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import msgspec

from desk.domain.events import EVENTS, Event, UnknownEvent
from desk.journal.entry import ALGORITHMS, EventHead, Recorded

BODY_VERSION = 1

Upcast = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Data of version n of an event to data of version n + 1."""

UPCASTS: Mapping[tuple[str, int], Upcast] = {}

_TYPES: Mapping[str, type[Event]] = {event.name: event for event in EVENTS}
_FIELDS: Mapping[type[Event], frozenset[str]] = {
    event: frozenset(one.name for one in fields(event))  # type: ignore[arg-type]  # every event is a dataclass
    for event in EVENTS
}
_ID = re.compile(r"(?:[0-9a-f]{32})?")


class BodyError(ValueError):
    """Bytes that no desk of ours wrote; the text is the reason and never holds the data."""


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The layout of an entry's bytes. The order of the first six fields is part of the format."""

    v: int
    desk: str
    seq: int
    tx: str
    event: str
    ev: int
    branch: str
    business_date: str
    utc: str
    person: str
    role: str
    rule_pack: str
    currency: str
    alg: str
    data: Any


_KEYS = _Body.__struct_fields__
_encoder = msgspec.json.Encoder()


def column_prefix(desk: str) -> bytes:
    """What the bytes of every entry of this desk begin with. Its sequence and ``column_suffix`` follow, so
    that a reader of a million entries need not parse one."""
    return f'{{"v":1,"desk":"{desk}","seq":'.encode()


def column_suffix(transaction: str) -> bytes:
    """What follows the sequence in the bytes of an entry of this transaction ("" for none)."""
    return f',"tx":"{transaction}","event":"'.encode()


def encode(head: EventHead, sequence: int, event: Event) -> bytes:
    """The canonical bytes of an event. ValueError for an id that is not 32 hex digits or an event never
    written."""
    if not head.desk or not _ID.fullmatch(head.desk) or not _ID.fullmatch(head.transaction):
        raise ValueError("desk and transaction ids are 32 hex digits")
    if type(event) not in _FIELDS:
        raise ValueError(f"{event.name} is never written")
    return _encoder.encode(
        _Body(
            BODY_VERSION,
            head.desk,
            sequence,
            head.transaction,
            event.name,
            event.version,
            head.branch,
            head.business_date,
            head.utc,
            head.person,
            head.role,
            head.rule_pack,
            head.currency,
            ALGORITHMS,
            event,
        )
    )


def decode(body: bytes) -> Recorded:
    """Read an entry's bytes; BodyError when they are not canonical or not a desk's."""
    read = _read_body(body)
    head = EventHead(
        desk=read.desk,
        branch=read.branch,
        business_date=read.business_date,
        utc=read.utc,
        person=read.person,
        role=read.role,
        transaction=read.tx,
        rule_pack=read.rule_pack,
        currency=read.currency,
    )
    return Recorded(head, read.seq, _event(read))


def _read_body(body: bytes) -> _Body:
    try:
        raw = msgspec.json.decode(body)
        if not isinstance(raw, dict) or _encoder.encode(raw) != body:
            raise BodyError("not canonical")
        read = msgspec.convert(raw, _Body)
    except msgspec.MsgspecError as error:
        raise BodyError(f"not an entry: {type(error).__name__}") from None
    except (UnicodeError, RecursionError, OverflowError):
        raise BodyError("not text that a desk writes") from None
    if tuple(raw) != _KEYS or read.v != BODY_VERSION or not isinstance(read.data, dict):
        raise BodyError("not the layout of version 1")
    return read


def _event(read: _Body) -> Event:
    kind = _TYPES.get(read.event)
    if kind is None or read.ev > kind.version:
        return UnknownEvent(read.event, read.ev)
    data, version = read.data, read.ev
    while version < kind.version:
        upcast = UPCASTS.get((read.event, version))
        if upcast is None:
            raise BodyError(f"no way up from {read.event} version {version}")
        data, version = upcast(data), version + 1
    return _convert(kind, data)


def _convert(kind: type[Event], data: Mapping[str, Any]) -> Event:
    try:
        event = msgspec.convert(data, kind)
    except msgspec.ValidationError:
        raise BodyError(f"fields of {kind.name} are of the wrong shape") from None
    if not _FIELDS[kind].issuperset(data) or any(
        _encoder.encode(getattr(event, name)) != _encoder.encode(value) for name, value in data.items()
    ):
        raise BodyError(f"fields of {kind.name} are not its own")
    return event
