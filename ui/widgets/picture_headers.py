"""What a picture's bytes say of themselves before anything decodes them: its kind, and whether it is whole and single.

Pure: bytes in, answers out. A decoder may paint grey where a file was cut off; for evidence a torn file is no picture.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from enum import Enum

PNG_MARK = b"\x89PNG\r\n\x1a\n"
_PIXEL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_SCAN, _END_OF_IMAGE = 0xDA, b"\xff\xd9"
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})


class Kind(Enum):
    """The kinds that are read, with the name of their decoder."""

    PNG = "png"
    JPEG = "jpeg"
    BMP = "bmp"
    TIFF = "tiff"


def kind_of(data: bytes) -> Kind | None:
    """By the first bytes alone; a name's ending is no proof. None for everything else, drawings and moving pictures
    among it."""
    if data.startswith(PNG_MARK):
        return Kind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"BM") and data[30:34] in (b"\0\0\0\0", b"\3\0\0\0"):  # rows as they are, not packed
        return Kind.BMP
    return Kind.TIFF if data.startswith((b"II*\x00", b"MM\x00*")) else None


def is_whole(kind: Kind, data: bytes) -> bool:
    """Whether the file goes on to its end. A TIFF keeps its strips anywhere; its decoder finds out."""
    if kind is Kind.PNG:
        chunks = list(png_chunks(data))
        return bool(chunks) and chunks[0][0] == b"IHDR" and chunks[-1][0] == b"IEND"
    if kind is Kind.JPEG:
        start = _first_scan(data)
        return start > 0 and data.find(_END_OF_IMAGE, start) > 0
    return kind is not Kind.BMP or _bmp_is_whole(data)


def is_moving(kind: Kind, data: bytes) -> bool:
    """Whether a PNG holds an animation."""
    return kind is Kind.PNG and any(name == b"acTL" for name, _ in png_chunks(data))


def pixels_only(kind: Kind, data: bytes) -> bytes:
    """A PNG without what is no pixel: no words, no profiles, nothing that unpacks into more than it seems."""
    if kind is not Kind.PNG:
        return data
    kept = [whole for name, whole in png_chunks(data) if name in _PIXEL_CHUNKS]
    return PNG_MARK + b"".join(kept)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """``(name, whole chunk)`` up to IEND, or to the first that is cut off or whose check sum is wrong."""
    at = len(PNG_MARK)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        name = data[at + 4 : at + 8]
        if (
            end > len(data)
            or zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]
        ):
            return
        yield name, data[at:end]
        if name == b"IEND":
            return
        at = end


def _first_scan(data: bytes) -> int:
    """Where the first scan of a JPEG begins; 0 when its segments never come to one. A preview inside a segment has an
    end mark of its own, so segments are stepped over."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in _BARE:
            at += 2
        elif mark == _SCAN:
            return at
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            at += 2 + length
    return 0


def _bmp_is_whole(data: bytes) -> bool:
    """All its rows must be there: what is missing would be painted black."""
    if len(data) < 54:
        return False
    offset, _, wide, tall, _, bits = struct.unpack_from("<IIiiHH", data, 10)
    stride = (abs(wide) * bits + 31) // 32 * 4
    return bool(offset + stride * abs(tall) <= len(data))
