"""CRC-16/KERMIT, the check of CCNET and of ID-003 (note-protocols §1.0: the reflected 8408, from 0). Pure.

The standard library has its mirror image, CRC-CCITT with the highest bit first: each byte and the result are turned end
for end. That matters where noise is looked through byte by byte and every byte may begin a frame of 255.
"""

from __future__ import annotations

from binascii import crc_hqx

_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def kermit(covered: bytes) -> int:
    """The check value; 2189h for ``123456789``."""
    return int(f"{crc_hqx(covered.translate(_TURNED), 0):016b}"[::-1], 2)
