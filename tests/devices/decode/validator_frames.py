"""Reads ``ccnet_frames.toml`` and ``ssp_frames.toml``: frames from outside this program, each with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Frame:
    """One published frame. ``request`` is what it answers, where the source says so."""

    name: str
    data: bytes
    request: bytes

    @property
    def direction(self) -> str:
        return {"host": "host", "dev": "device"}[self.name.split()[0]]


def load(protocol: str, kind: str = "frame") -> tuple[Frame, ...]:
    """The good frames of a protocol, or with "wrong" those that other programs send wrongly."""
    text = (Path(__file__).parent / f"{protocol}_frames.toml").read_text(encoding="utf-8")
    return tuple(
        Frame(one["name"], bytes.fromhex(one["hex"]), bytes.fromhex(one.get("request", "")))
        for one in tomllib.loads(text)[kind]
    )


def one_bit_turned(data: bytes) -> list[bytes]:
    """The bytes with each bit turned in its turn."""
    whole = int.from_bytes(data, "big")
    return [(whole ^ 1 << bit).to_bytes(len(data), "big") for bit in range(8 * len(data))]
