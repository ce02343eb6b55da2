"""What one captured frame says, in one reading. Values only; each protocol's explainer stands in a file of its own.

An explainer is ``explain(data, direction, request) -> tuple[Reading, ...]``: ``direction`` is "host", "device" or ""
(then every reading that the bytes allow is given, valid ones first); ``request`` is the host's frame that a device's
answers, b"" when it is not known. It never raises on any bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOST, DEVICE = "host", "device"


@dataclass(frozen=True)
class Reading:
    """One way to read a frame. ``name`` is the message's name in the protocol's own words ("POLL", "ACCEPTING");
    ``fields`` its parts by name (texts, numbers, hex texts), the check value among them; ``error`` why it is not
    valid."""

    direction: str
    valid: bool
    name: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
