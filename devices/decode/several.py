"""Several frames captured in one go: cut at their own lengths, each explained by itself, the exchange told in order.

Only what is made of whole frames to the last byte is told; the cut knows lengths and nothing else, so that every
frame still has to pass its own check. The host's frame before an answer is taken as its request. Printers' streams are
none of this module's business: their explainers read streams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from devices.decode.reading import HOST, Reading

Explain = Callable[[bytes, str, bytes], tuple[Reading, ...]]
_STX = 0x7F


def explain_several(
    explain: Explain, frames: Sequence[bytes], direction: str, request: bytes
) -> tuple[Reading, ...]:
    """One reading over all of them, or none when any of them is not valid."""
    told: list[dict[str, Any]] = []
    sides: set[str] = set()
    asked, last = request, ""
    for frame in frames:
        valid = [one for one in explain(frame, direction, asked) if one.valid]
        if not valid:
            return ()
        # what both could have said is taken in turns, as they speak
        reading = next((one for one in valid if one.direction != last), valid[0])
        told.append({"direction": reading.direction, "name": reading.name, **reading.fields})
        last = reading.direction
        sides.add(last)
        asked = frame if last == HOST else asked
    side = direction or (sides.pop() if len(sides) == 1 else "")
    return (Reading(side, True, "; ".join(one["name"] for one in told), {"messages": told}),)


def cut(protocol: str, data: bytes) -> tuple[bytes, ...]:
    """The frames that the bytes are made of; none when they are not made of two at least, to the last byte."""
    if protocol == "ssp":
        stuffed = _at_lone_7f(data)
        return stuffed if len(stuffed) > 1 else ()
    size = _SIZES.get(protocol)
    frames: list[bytes] = []
    while size is not None and data:
        length = size(data)
        if not 0 < length <= len(data):
            return ()
        frames.append(data[:length])
        data = data[length:]
    return tuple(frames) if len(frames) > 1 else ()


def _at_lone_7f(data: bytes) -> tuple[bytes, ...]:
    """SSP begins a frame with 7F and doubles it everywhere else."""
    starts: list[int] = []
    at = 0
    while at < len(data):
        if data[at] == _STX and data[at + 1 : at + 2] == bytes([_STX]) and starts:
            at += 2
            continue
        if data[at] == _STX:
            starts.append(at)
        at += 1
    if starts[:1] != [0]:
        return ()
    return tuple(data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True))


def _aa55(data: bytes) -> int:
    return int.from_bytes(data[2:4], "little") + 7 if len(data) >= 4 and data[:2] == b"\xaa\x55" else 0


def _by_length_at(place: int, head: int, more: int = 0) -> Callable[[bytes], int]:
    """A length byte, behind a first byte of that value (-1: any), that leaves ``more`` bytes out."""

    def size(data: bytes) -> int:
        begins = len(data) > place and head in (-1, data[0])
        return data[place] + more if begins else 0

    return size


def _id003(data: bytes) -> int:
    return 1 if data[:1] == b"\x05" else _by_length_at(1, 0xFC)(data)


_SIZES: Mapping[str, Callable[[bytes], int]] = {
    "aa55": _aa55,
    "ebds": _by_length_at(1, 0x02),
    "ccnet": _by_length_at(2, 0x02),
    "id003": _id003,
    "cctalk": _by_length_at(1, -1, 5),
    "cctalk-crc16": _by_length_at(1, -1, 5),
}
