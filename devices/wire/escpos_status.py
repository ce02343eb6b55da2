"""Answers of an ESC/POS printer about itself: one byte each, with fixed bits. Sans-I/O.

DLE EOT n is answered at once, ahead of everything that waits in the buffer: bits 1 and 4 are 1, bits 0 and 7 are 0
(passbook-printers §8). GS r 1 waits in the buffer like any command, so its answer says that what stood before it was
processed; at paper end the printer is offline and does not come to it (Better BT-532C manual p.49). Its bits 4 and 7
are 0, which tells the two kinds apart. A missing answer is not "paper present".
"""

from __future__ import annotations

PRINTER, PAPER = 1, 4
ASK_IN_TURN = b"\x1d\x72\x01"
"""GS r 1: the paper's status, in the buffer's order."""


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


def is_answer_in_turn(byte: int) -> bool:
    """Whether a byte can be the answer to GS r 1."""
    return not byte & 0b1001_0000


def has_paper_in_turn(byte: int) -> bool:
    """Answer to GS r 1: bits 2 and 3 are set at paper end."""
    return not byte & 0x0C
