"""Reads ``cctalk_frames.toml`` and ``id003_frames.toml``: frames from outside this program, each with its source."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from devices.wire import cctalk, id003
from devices.wire.cctalk import Check, Codec
from devices.wire.cctalk_cipher import CipherKey
from tests.devices.wire.frames import Frame

_HERE = Path(__file__).parent
_CCTALK: dict[str, list[dict[str, Any]]] = tomllib.loads((_HERE / "cctalk_frames.toml").read_text("utf-8"))
_ID003: dict[str, list[dict[str, Any]]] = tomllib.loads((_HERE / "id003_frames.toml").read_text("utf-8"))

FRAMES = tuple(
    Frame(one["protocol"], one["name"], bytes.fromhex(one["hex"]), one["source"])
    for one in _CCTALK["frame"] + _ID003["frame"]
)
CCTALK = {one.name: one.data for one in FRAMES if one.protocol == "cctalk"}
CRC16 = {one.name: one.data for one in FRAMES if one.protocol == "cctalk-crc16"}
ID003 = {one.name: one.data for one in FRAMES if one.protocol == "id003"}
EXCHANGES = tuple(
    (bytes.fromhex(one["request"]), bytes.fromhex(one["answer"])) for one in _CCTALK["exchange"]
)
CRCS = tuple((bytes.fromhex(one["hex"]), int(one["crc"], 16)) for one in _CCTALK["crc"])
WRONG = tuple(bytes.fromhex(one["hex"]) for one in _CCTALK["wrong"])
ENCIPHERED = tuple(
    (one["name"], bytes.fromhex(one["wire"]), bytes.fromhex(one["clear"])) for one in _CCTALK["enciphered"]
)
KEY = CipherKey.of("123456")
CODECS = {
    "simple": Codec(),
    "crc16": Codec(Check.CRC16),
    "enciphered": Codec(Check.CRC16, KEY),
}


def read_cctalk(
    data: bytes, codec: Codec = CODECS["simple"], echo: bytes = b""
) -> tuple[cctalk.Message, ...]:
    decoder = cctalk.CctalkDecoder(codec)
    if echo:
        decoder.sent(echo)
    return decoder.receive(data)


def read_id003(data: bytes) -> tuple[id003.Message, ...]:
    return id003.Id003Decoder().receive(data)


def one_bit_turned(frame: bytes) -> list[bytes]:
    """The frame with each bit turned in its turn."""
    whole = int.from_bytes(frame, "big")
    return [(whole ^ 1 << bit).to_bytes(len(frame), "big") for bit in range(8 * len(frame))]


def cuts(stream: bytes) -> list[tuple[bytes, ...]]:
    """The stream byte by byte, and cut in two at every place."""
    return [
        tuple(bytes([byte]) for byte in stream),
        *((stream[:at], stream[at:]) for at in range(1, len(stream))),
    ]
