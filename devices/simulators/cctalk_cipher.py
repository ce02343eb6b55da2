"""The validator's end of the ccTalk cipher: note-protocols §1.6 once more, on bits in a list, so that it shares no line
and no mistake with the desk's end."""

from __future__ import annotations

_TAP = [7, 4, 5, 3, 1, 2, 3, 2, 6, 1]


def _bits(data: bytes) -> list[list[int]]:
    """Each byte as its bits, lowest first."""
    return [[byte >> bit & 1 for bit in range(8)] for byte in data]


def _bytes(rows: list[list[int]]) -> bytes:
    return bytes(sum(bit << at for at, bit in enumerate(row)) for row in rows)


def _flip_and_turn(data: bytes, s: list[int]) -> bytes:
    """The step outside the rounds: XOR, then some bytes end for end."""
    rows = _bits(bytes(byte ^ (255 - (16 * s[0] + s[4]) % 256) for byte in data))
    return _bytes([row[::-1] if s[3] & 1 << at % 4 else row for at, row in enumerate(rows)])


def _turn_and_flip(data: bytes, s: list[int]) -> bytes:
    rows = [row[::-1] if s[3] & 1 << at % 4 else row for at, row in enumerate(_bits(data))]
    return bytes(byte ^ (255 - (16 * s[0] + s[4]) % 256) for byte in _bytes(rows))


def _fed(s: list[int], round_number: int, at: int) -> int:
    return (s[5] ^ 0x63) >> (round_number + at) % 8 & 1


def scramble(clear: bytes, key: str) -> bytes:
    """What goes on the wire."""
    s = [int(digit) for digit in key]
    rows = _bits(_flip_and_turn(clear, s))
    for number in range(12):
        tapped = [row[_TAP[(s[1] + at) % 10]] for at, row in enumerate(rows)]
        out = [row[0] for row in rows]
        into = [(out[-1] + sum(tapped)) % 2] + [bit ^ _fed(s, number, at) for at, bit in enumerate(out[:-1])]
        rows = [[*row[1:], carry] for row, carry in zip(rows, into, strict=True)]
    return bytes(byte ^ 17 * s[2] for byte in _bytes(rows))


def unscramble(wire: bytes, key: str) -> bytes:
    """What was meant."""
    s = [int(digit) for digit in key]
    rows = _bits(bytes(byte ^ 17 * s[2] for byte in wire))
    for number in range(11, -1, -1):
        into = [row[7] for row in rows]
        tapped = [row[_TAP[(s[1] + at) % 10] - 1] for at, row in enumerate(rows)]
        out = [into[at + 1] ^ _fed(s, number, at) for at in range(len(rows) - 1)]
        out.append((into[0] + sum(tapped)) % 2)
        rows = [[bit, *row[:7]] for bit, row in zip(out, rows, strict=True)]
    return _turn_and_flip(_bytes(rows), s)
