"""Masks SSP in clear: the machine's serial number and barcodes.

Doubling every 7F makes a frame's length depend on its bytes. The number put in place of a serial number is the first
one of as many digits that leaves the frame as long as it was, so that a recording's pieces can be cut as they came.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from devices.masking.shapes import alike, plain, shape
from devices.wire import ssp

_SERIAL_BYTES = 4
_STX, _TWICE = bytes([ssp.STX]), bytes([ssp.STX]) * 2
_SIGNS = {ord("0"): range(0x30, 0x3A), ord("X"): range(0x41, 0x5B), ord("x"): range(0x61, 0x7B)}


def _inward(data: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data):
        end, body = _frame(data, at)
        out += _masked(data[at:end], body) if body else shape(data[at : at + 1])
        at = end if body else at + 1
    return bytes(out)


def _frame(data: bytes, at: int) -> tuple[int, bytes]:
    """Where the whole frame that begins here ends, and what it holds once its doubled bytes are single; no body where
    none begins."""
    if data[at] != ssp.STX or data[at + 1 : at + 2] == _STX:
        return at, b""
    body, end = bytearray(), at + 1
    while end < len(data) and (len(body) < 2 or len(body) < body[1] + 4):
        step = 2 if data[end : end + 2] == _TWICE else 1
        if step == 1 and data[end] == ssp.STX:
            return at, b""
        body.append(data[end])
        end += step
    whole = len(body) >= 2 and len(body) == body[1] + 4
    return (end, bytes(body)) if whole else (at, b"")


def _masked(frame: bytes, body: bytes) -> bytes:
    told = body[2:-2]
    good = ssp.crc(body[:-2]) == int.from_bytes(body[-2:], "little")
    if good and told[0] == ssp.Reply.OK and _is_of_state(told[1:]):
        return frame
    is_serial = good and told[0] == ssp.Reply.OK and len(told) == 1 + _SERIAL_BYTES
    for hidden in _numbers(told) if is_serial else _texts(told):
        made = _changed(body, hidden)
        if len(made) == len(frame):
            return made
    raise ValueError("nothing put in its place leaves the frame as long as it was")


def _is_of_state(told: bytes) -> bool:
    """A set-up with its channels, or a list of known events."""
    events = ssp.events(told, ssp.PROTOCOL)
    return ssp.setup(told) is not None or (
        events is not None and all(one.event is not None for one in events)
    )


def _numbers(told: bytes) -> Iterator[bytes]:
    first = alike(int.from_bytes(told[1:], "big"))
    return (told[:1] + number.to_bytes(_SERIAL_BYTES, "big") for number in range(first, first + (1 << 16)))


def _texts(told: bytes) -> Iterator[bytes]:
    """The text's shape, then the same with other signs of that kind at its first two places."""
    hidden = shape(told)
    yield hidden
    places = [at for at, byte in enumerate(hidden) if byte in _SIGNS][:2]
    for signs in itertools.product(*(_SIGNS[hidden[at]] for at in places)):
        made = bytearray(hidden)
        for at, sign in zip(places, signs, strict=True):
            made[at] = sign
        yield bytes(made)


def _changed(body: bytes, told: bytes) -> bytes:
    """The frame with other data, its check moved by as much."""
    covered = body[:2] + told
    moved = ssp.crc(covered) ^ ssp.crc(body[:-2])
    check = (int.from_bytes(body[-2:], "little") ^ moved).to_bytes(2, "little")
    return _STX + (covered + check).replace(_STX, _TWICE)


OUT, IN = plain, _inward
