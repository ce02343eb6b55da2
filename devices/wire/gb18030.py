"""GB 18030 as its edition of 2022 maps it, put around Python's codec, which stands at the edition of 2000. Sans-I/O.

Python's own answers were measured on 3.11.7 and are measured again by the tests: it reads A8BC as U+E7C7, A6D9–A6F3 as
U+E78D–E796 and eight codes of row FE as U+E81E–E864, all private use; it writes U+9FB4 as 82359037, four bytes, for
which a printer's two-byte font has no glyph; six more codes of row FE it reads as private use where the glyph is that
of a character beyond the basic plane. What Python reads by itself, 䶮 (FE9F) among it, is left to it.

- *Moved*: A8BC (edition of 2005) and 18 codes (edition of 2022). One glyph in every edition, so the two bytes are
  right for an old machine and a new one, and are what is written. Read in two bytes or in Python's four, they are the
  same character.
- *Doubled*: six codes whose glyphs the standard also has in four bytes, and which newer editions leave blank in two.
  The four bytes are written, the two only for a host that still expects the old ones.

Sources: counter-rules §2.5 (CS-2 … CS-4); the Unicode consortium's recommendation L2/23-003R as the WHATWG encoding
standard took it over (pull request 336); GB/T 22321.1-2018 for the doubled six.

Nothing is ever replaced: what has no code raises, as does what is no code. A private-use character is refused though
GB 18030 has a code for each: no two machines agree on what it looks like.
"""

from __future__ import annotations

import unicodedata

MOVED = {
    "A8BC": 0x1E3F,
    "A6D9": 0xFE10, "A6DA": 0xFE12, "A6DB": 0xFE11, "A6DC": 0xFE13, "A6DD": 0xFE14,
    "A6DE": 0xFE15, "A6DF": 0xFE16, "A6EC": 0xFE17, "A6ED": 0xFE18, "A6F3": 0xFE19,
    "FE59": 0x9FB4, "FE61": 0x9FB5, "FE66": 0x9FB6, "FE67": 0x9FB7,
    "FE6D": 0x9FB8, "FE7E": 0x9FB9, "FE90": 0x9FBA, "FEA0": 0x9FBB,
}  # fmt: skip
"""Two-byte codes that Python takes for private use → the code points of 2022 (A8BC: of 2005)."""
DOUBLED = {
    "FE51": 0x20087, "FE52": 0x20089, "FE53": 0x200CC, "FE6C": 0x215D7, "FE76": 0x2298F, "FE91": 0x241FE,
}  # fmt: skip
"""Two-byte codes of old fonts whose glyphs stand beyond the basic plane."""

_TWO_BYTES = {chr(point): bytes.fromhex(code) for code, point in MOVED.items()}
_OLD_TWO_BYTES = _TWO_BYTES | {chr(point): bytes.fromhex(code) for code, point in DOUBLED.items()}
_AS_READ_IN_2000 = {
    "A8BC": 0xE7C7,
    "A6D9": 0xE78D, "A6DA": 0xE78E, "A6DB": 0xE78F, "A6DC": 0xE790, "A6DD": 0xE791,
    "A6DE": 0xE792, "A6DF": 0xE793, "A6EC": 0xE794, "A6ED": 0xE795, "A6F3": 0xE796,
    "FE59": 0xE81E, "FE61": 0xE826, "FE66": 0xE82B, "FE67": 0xE82C,
    "FE6D": 0xE832, "FE7E": 0xE843, "FE90": 0xE854, "FEA0": 0xE864,
    "FE51": 0xE816, "FE52": 0xE817, "FE53": 0xE818, "FE6C": 0xE831, "FE76": 0xE83B, "FE91": 0xE855,
}  # fmt: skip
_AS_READ_NOW = {_AS_READ_IN_2000[code]: point for code, point in (MOVED | DOUBLED).items()}
_UNWRITABLE = {"Co": "private use", "Cn": "unassigned", "Cs": "half a character"}
_PLANES_OF_IDEOGRAPHS = (0x20000, 0x3FFFD)
"""Where a character that this Python's tables do not know yet is an ideograph of a newer Unicode."""
_OLD_FOUR_BYTE_IDEOGRAPHS = (0x3400, 0x4DB5)
"""Extension A: the four-byte part that the edition of 2000 made every font hold."""
_TWO = 2


def encode(text: str, old_host: bool = False) -> bytes:
    """``text`` in the codes of 2022, or in those of an old host, doubled ones in two bytes. UnicodeEncodeError names
    the first character that cannot be written; nothing is put in its place."""
    return b"".join(_code(text, at, old_host) for at in range(len(text)))


def decode(data: bytes) -> str:
    """What codes of any edition mean by that of 2022. UnicodeDecodeError for what is no code. Codes that are private
    use in every edition come out as such: their meaning is their writer's."""
    return data.decode("gb18030").translate(_AS_READ_NOW)


def in_every_font(char: str) -> bool:
    """Whether fonts of all editions hold the character: two-byte codes, the doubled ones left out, and Extension A. A
    later character has a code (GB 18030 has one for everything), and an old font prints garbage for it."""
    first, last = _OLD_FOUR_BYTE_IDEOGRAPHS
    try:
        return first <= ord(char) <= last or len(encode(char)) <= _TWO
    except UnicodeEncodeError:
        return False


def _code(text: str, at: int, old_host: bool) -> bytes:
    char = text[at]
    code = (_OLD_TWO_BYTES if old_host else _TWO_BYTES).get(char)
    if code is not None:
        return code
    problem = _UNWRITABLE.get(unicodedata.category(char))
    first, last = _PLANES_OF_IDEOGRAPHS
    if problem is None or (problem == "unassigned" and first <= ord(char) <= last):
        return char.encode("gb18030")
    raise UnicodeEncodeError("gb18030", text, at, at + 1, problem)
