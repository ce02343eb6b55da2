"""Masks what a recording must not carry: printed texts, note serials, stripes, serial numbers of machines.

One module a protocol, named as the protocol is: ``OUT`` masks all that the host sent, ``IN`` all that the machine sent,
each as one stream. Every mask keeps length and shape (a digit becomes 0, a letter x or X) and mends the frame's check
by as much, so that a masked recording replays and a bad frame stays bad. Bytes outside whole frames are masked too. A
protocol without a module cannot be recorded, nor one whose module says ``WHY_NOT``: nothing is written unmasked.
"""

from __future__ import annotations

import importlib
from typing import Any

from devices.masking.shapes import Mask, Masks, NotMasked, mask_text

__all__ = ["Mask", "Masks", "NotMasked", "mask_text", "masks_for"]


def masks_for(protocol: str, driver: Any = None) -> Masks | NotMasked:
    """A protocol's masks, or why there are none. ``driver`` is the one that is recorded: where a protocol's bytes
    depend on how it is set, its module has ``masks_of(driver)``."""
    name = f"{__name__}.{protocol.replace('-', '_')}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return NotMasked(f"frames of {protocol!r} cannot be masked yet, so none are recorded: add "
                         f"devices/masking/{protocol.replace('-', '_')}.py")  # fmt: skip
    if driver is not None and hasattr(module, "masks_of"):
        told: Masks | NotMasked = module.masks_of(driver)
        return told
    why_not: str = getattr(module, "WHY_NOT", "")
    return NotMasked(why_not) if why_not else Masks(module.OUT, module.IN)
