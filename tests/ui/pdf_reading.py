"""The text of a PDF that Qt wrote, by its own table of characters: one line for every stroke of text, page by page."""

from __future__ import annotations

import re
import zlib

_PAGE = re.compile(rb"/Type /Page\n.*?/Contents (\d+) 0 R", re.DOTALL)
_TABLE = re.compile(rb"<([0-9A-F]{4})> <[0-9A-F]{4}> \[([^\]]*)\]")
_STROKE = re.compile(rb"\bBT\b(.*?)\bET\b", re.DOTALL)
_START = re.compile(rb"([\d.-]+) [\d.-]+ Td")
_UNITS_PER_MM = 100
_GLYPH = re.compile(rb"<([0-9A-F]+)> Tj")


def pages_of(pdf: bytes) -> list[list[str]]:
    """What stands on each page. One font only, as the papers have."""
    return [[text for text, _ in page] for page in _placed(pdf)]


def starts_of(pdf: bytes) -> list[dict[str, float]]:
    """Where each stroke of text begins on each page, in millimetres from the left; of equal strokes the last."""
    return [dict(page) for page in _placed(pdf)]


def _placed(pdf: bytes) -> list[list[tuple[str, float]]]:
    characters = _characters(pdf)
    return [
        [_read(stroke, characters) for stroke in _STROKE.findall(_stream(pdf, int(number)))]
        for number in _PAGE.findall(pdf)
    ]


def _read(stroke: bytes, characters: dict[int, str]) -> tuple[str, float]:
    start = _START.search(stroke)
    assert start is not None
    text = "".join(characters[int(one, 16)] for one in _GLYPH.findall(stroke))
    return text, float(start[1]) / _UNITS_PER_MM


def _characters(pdf: bytes) -> dict[int, str]:
    told: dict[int, str] = {}
    for start, listed in _TABLE.findall(pdf):
        codes = re.findall(rb"<([0-9A-F]+)>", listed)
        told |= {int(start, 16) + at: chr(int(code, 16)) for at, code in enumerate(codes)}
    return told


def _stream(pdf: bytes, number: int) -> bytes:
    found = re.search(rb"\n%d 0 obj\n.*?stream\n" % number, pdf, re.DOTALL)
    assert found is not None
    return zlib.decompressobj().decompress(pdf[found.end() :])
