"""Which protocol is explained where, as data; a module is imported when its protocol is asked for.

Holds no protocol. The names are those of published frame lists (``aa55`` is the counter some of them call "zm").
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devices.decode import several
from devices.decode.reading import Reading

Explain = Callable[[bytes, str, bytes], tuple[Reading, ...]]

EXPLAINERS: Mapping[str, str] = {
    "t5040": "devices.decode.t5040:explain",
    "escp": "devices.decode.escp:explain",
    "pr2": "devices.decode.pr2:explain",
    "aa55": "devices.decode.aa55:explain",
    "ebds": "devices.decode.ebds:explain",
    "cctalk": "devices.decode.cctalk:explain",
    "cctalk-crc16": "devices.decode.cctalk:explain_crc16",
    "id003": "devices.decode.id003:explain",
    "ccnet": "devices.decode.ccnet:explain",
    "ssp": "devices.decode.ssp:explain",
}


@dataclass(frozen=True)
class NotExplained:
    """Why a protocol cannot be explained here: "unknown", or "missing" when no explainer is in this version."""

    protocol: str
    reason: str

    def __str__(self) -> str:
        known = ", ".join(EXPLAINERS)
        if self.reason == "unknown":
            return f"there is no protocol {self.protocol!r}; there are: {known}"
        return f"this version has no explainer for {self.protocol!r} yet"


def explainer(protocol: str) -> Explain | NotExplained:
    """The function that explains a protocol's frames."""
    path = EXPLAINERS.get(protocol)
    if path is None:
        return NotExplained(protocol, "unknown")
    module, _, name = path.partition(":")
    try:
        found: Explain | None = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name != module:  # the explainer is there and something it needs is not: a defect, not a gap
            raise
        found = None
    return found or NotExplained(protocol, "missing")


def explain(protocol: str, data: bytes, direction: str, request: bytes) -> tuple[Reading, ...] | NotExplained:
    """Every reading of a frame, valid ones first. Bytes that are no frame but several are told as one exchange."""
    known = explainer(protocol)
    if isinstance(known, NotExplained):
        return known
    readings = known(data, direction, request)
    if any(one.valid for one in readings):
        return readings
    frames = several.cut(protocol, data)
    return (several.explain_several(known, frames, direction, request) if frames else ()) or readings
