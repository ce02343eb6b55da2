"""The ccTalk note-validator cipher ("Encryption - Bill Validators" v1.2). Source: note-protocols §1.6, whose captured
traffic (key 123456) is among the tests.

Holds the arithmetic on bytes and nothing of frames: destination and length travel in clear, everything behind them is
enciphered. It hides little (a million keys) and is here because validators insist on it, not as a protection.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.errors import ProtocolError

TAPS = (7, 4, 5, 3, 1, 2, 3, 2, 6, 1)
ROUNDS = 12
FEED = 0x63
FACTORY_KEY = "123456"


@dataclass(frozen=True)
class CipherKey:
    """The six decimal digits s0 to s5 of one validator."""

    digits: tuple[int, int, int, int, int, int]

    @classmethod
    def of(cls, text: str) -> CipherKey:
        """Six ASCII digits."""
        if len(text) != 6 or not text.isascii() or not text.isdigit():
            raise ProtocolError("a ccTalk key is six decimal digits")
        first, second, third, fourth, fifth, sixth = (int(digit) for digit in text)
        return cls((first, second, third, fourth, fifth, sixth))

    def __repr__(self) -> str:
        return "CipherKey(******)"


def encipher(clear: bytes, key: CipherKey) -> bytes:
    """The four steps of §1.6 in order; empty stays empty."""
    s0, s1, s2, _, s4, s5 = key.digits
    block = _swap(bytes(byte ^ _first_mask(s0, s4) for byte in clear), key)
    for number in range(ROUNDS if block else 0):
        block = _shift(block, number, s1, s5 ^ FEED)
    return bytes(byte ^ _last_mask(s2) for byte in block)


def decipher(wire: bytes, key: CipherKey) -> bytes:
    """The exact reverse of ``encipher``."""
    s0, s1, s2, _, s4, s5 = key.digits
    block = bytes(byte ^ _last_mask(s2) for byte in wire)
    for number in reversed(range(ROUNDS if block else 0)):
        block = _unshift(block, number, s1, s5 ^ FEED)
    return bytes(byte ^ _first_mask(s0, s4) for byte in _swap(block, key))


def _first_mask(s0: int, s4: int) -> int:
    return ~(16 * s0 + s4) & 0xFF


def _last_mask(s2: int) -> int:
    return (16 * s2 + s2) & 0xFF


def _swap(block: bytes, key: CipherKey) -> bytes:
    """Byte i turned end for end when bit (i mod 4) of s3 is set; its own reverse."""
    s3 = key.digits[3]
    return bytes(_turned(byte) if s3 >> (at % 4) & 1 else byte for at, byte in enumerate(block))


def _turned(byte: int) -> int:
    return int(f"{byte:08b}"[::-1], 2)


def _shift(block: bytes, number: int, s1: int, feed: int) -> bytes:
    """One round: all bytes one to the right as one chain, the first carry from the last byte and the taps."""
    carry = block[-1] & 1
    for at, byte in enumerate(block):
        carry ^= byte >> TAPS[(s1 + at) % 10] & 1
    out = bytearray()
    for at, byte in enumerate(block):
        out.append(byte >> 1 | carry << 7)
        carry = (byte & 1) ^ (feed >> ((number + at) % 8) & 1)
    return bytes(out)


def _unshift(block: bytes, number: int, s1: int, feed: int) -> bytes:
    """One round back. No tap is 0, so that every tapped bit is still there, one place lower."""
    last = block[0] >> 7
    for at, byte in enumerate(block):
        last ^= byte >> (TAPS[(s1 + at) % 10] - 1) & 1
    out = bytearray()
    for at, byte in enumerate(block):
        fed = feed >> ((number + at) % 8) & 1
        low = block[at + 1] >> 7 ^ fed if at + 1 < len(block) else last
        out.append((byte << 1 | low) & 0xFF)
    return bytes(out)
