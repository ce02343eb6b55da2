"""Answers of an ESC/POS printer to DLE EOT n: one byte each, with fixed bits. Sans-I/O.

Source: passbook-printers §8; bits 1 and 4 are 1, bits 0 and 7 are 0 in every answer, which tells one from noise. A
missing answer is not "paper present".
"""

from __future__ import annotations

PRINTER, PAPER = 1, 4


def ask(number: int) -> bytes:
    """The real-time status request ``10 04 n``."""
    return bytes([0x10, 0x04, number])


def is_answer(byte: int) -> bool:
    """Whether a byte can be such an answer at all."""
    return byte & 0b1001_0011 == 0b0001_0010


def is_online(byte: int) -> bool:
    """Answer to request 1: bit 3 is 0 when online."""
    return not byte & 0x08


def has_paper(byte: int) -> bool:
    """Answer to request 4: bits 5 and 6 are set at paper end."""
    return not byte & 0x60
