"""What the masks share: a text's shape, a number's, and the walk over a stream of frames. No protocol."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Mask = Callable[[bytes], bytes]
FrameSize = Callable[[bytes, int], int]
"""The size of the whole frame that begins there, 0 where none does."""


@dataclass(frozen=True)
class Masks:
    """Both directions of one protocol."""

    outward: Mask
    inward: Mask

    def of(self, kind: str) -> Mask:
        """By the name of a recording's event: "out" is what the host sent."""
        return self.outward if kind == "out" else self.inward


@dataclass(frozen=True)
class NotMasked:
    """Why nothing of a protocol may be recorded, and what to do."""

    reason: str

    def __str__(self) -> str:
        return self.reason


_SHAPE = bytes(
    0x30 if chr(byte).isdigit() and byte < 0x80 else 0x58 if 0x41 <= byte <= 0x5A else
    0x78 if 0x61 <= byte <= 0x7A else byte
    for byte in range(256)
)  # fmt: skip


def mask_text(text: str) -> str:
    """A text with its letters and digits masked, such as TD-EBDS-0001 as XX-XXXX-0000."""
    return text.encode("utf-8").translate(_SHAPE).decode("utf-8")


def plain(data: bytes) -> bytes:
    """Nothing in that direction is anybody's."""
    return data


def shape(data: bytes) -> bytes:
    """Digits and letters masked, everything else as it is."""
    return data.translate(_SHAPE)


def ink(text: bytes) -> bytes:
    """Printed text: every sign but the space hides what it was."""
    return bytes(0x78 if byte > 0x20 and byte != 0x7F else byte for byte in text)


def alike(number: int) -> int:
    """The least number of as many decimal digits: it is told with the shape of the one that was."""
    digits = len(str(number))
    return 10 ** (digits - 1) if digits > 1 else 0


def frames(data: bytes, size_at: FrameSize) -> Iterator[tuple[bytes, bool]]:
    """The stream in pieces: whole frames (True), and single bytes that belong to none."""
    at = 0
    while at < len(data):
        size = size_at(data, at)
        yield data[at : at + (size or 1)], bool(size)
        at += size or 1


def by_frames(size_at: FrameSize, masked: Mask) -> Mask:
    """A mask over a stream: ``masked`` for each whole frame, the shape of what lies between."""

    def mask(data: bytes) -> bytes:
        return b"".join(masked(piece) if whole else shape(piece) for piece, whole in frames(data, size_at))

    return mask


def by_parts(pattern: re.Pattern[bytes], masks: dict[str, Mask]) -> Mask:
    """A mask over a stream that a pattern cuts into named parts; it must match at every byte. A part that ``masks``
    does not name stays as it is."""

    def mask(data: bytes) -> bytes:
        return pattern.sub(lambda found: masks.get(found.lastgroup or "", plain)(found.group()), data)

    return mask
