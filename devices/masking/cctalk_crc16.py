"""Masks ccTalk with the CRC, in clear. Enciphered traffic is not recorded."""

from __future__ import annotations

from typing import Any

from devices.masking.cctalk import mask_of
from devices.masking.shapes import Masks, NotMasked, plain
from devices.wire.cctalk import Check

OUT, IN = plain, mask_of(Check.CRC16)


def masks_of(driver: Any) -> Masks | NotMasked:
    """A million keys are tried in a minute: whoever holds a recording of enciphered traffic holds the key."""
    if driver.enciphers:
        return NotMasked("enciphered traffic is not recorded: with a recording the machine's key can be found; "
                         "set the machine to speak in clear and record it as 'cctalk_crc16'")  # fmt: skip
    return Masks(OUT, IN)
