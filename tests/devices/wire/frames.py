"""Reads ``frames.toml``: frames from outside this program, each with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devices.wire import aa55, ebds


@dataclass(frozen=True)
class Frame:
    """One published frame."""

    protocol: str
    name: str
    data: bytes
    source: str


def _load() -> tuple[Frame, ...]:
    text = (Path(__file__).parent / "frames.toml").read_text(encoding="utf-8")
    return tuple(
        Frame(one["protocol"], one["name"], bytes.fromhex(one["hex"]), one["source"])
        for one in tomllib.loads(text)["frame"]
    )


FRAMES = _load()
COUNTER = {frame.name: frame.data for frame in FRAMES if frame.protocol == "aa55"}
DETECTOR = {frame.name: frame.data for frame in FRAMES if frame.protocol == "ebds"}
FROM_COUNTER = tuple(COUNTER.values())
FROM_DETECTOR = tuple(data for name, data in DETECTOR.items() if name.startswith("dev "))


def read_aa55(data: bytes) -> tuple[aa55.Message, ...]:
    return aa55.Aa55Decoder().receive(data)


def read_ebds(data: bytes, seven_bit: bool = False) -> tuple[ebds.Message, ...]:
    return ebds.EbdsDecoder(seven_bit).receive(data)
