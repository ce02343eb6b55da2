"""Frames and moods that only a protocol's own words can play: an unknown status (F22), its NAK (F16), and trouble.

Written out by hand as bytes, so that no codec of ours has a part in them. A protocol that is not here gets what every
line can carry (the ASCII NAK), and "not applicable" with the reason for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.contracts import DeviceKind

ASCII_NAK = b"\x15"


@dataclass(frozen=True)
class Vectors:
    """``unknown``: answers with a status no source names; ``nak``: the machine's refusal of a frame."""

    unknown: bytes = b""
    nak: bytes = ASCII_NAK


VECTORS: Mapping[str, Vectors] = {
    # status 9; note-protocols §2.1 names 0-4
    "aa55": Vectors(
        bytes.fromhex("aa552900010100000000000000000000000000000000434e59" + "00" * 18 + "0900f5a55a")
    ),
    # every state bit set, for either acknowledge number; note-protocols §1.4
    "ebds": Vectors(
        bytes.fromhex("020b207f7f477f01020310" + "020b217f7f477f01020311"),
        bytes.fromhex("020b20000000000000032b" + "020b21000000000000032a"),
    ),
    # global status 7; passbook-printers §2.2 names 0-2
    "t5040": Vectors(b"\x1b[7!z"),
    # bits 0, 1, 4 and 7 are not those of an answer; passbook-printers §8.2
    "escpos": Vectors(b"\xff"),
    # state 99; the NAK is note-protocols §1.1's own frame
    "ccnet": Vectors(bytes.fromhex("020306998a8b"), bytes.fromhex("020306ffba8d")),
    # status 77; note-protocols §1.2
    "id003": Vectors(bytes.fromhex("fc0577bc20"), bytes.fromhex("fc054b")),
    # the NAK is note-protocols §1.5's own frame
    "cctalk": Vectors(b"", bytes.fromhex("01002805d2")),
}

Command = dict[str, Any]


@dataclass(frozen=True)
class Mood:
    """A machine in trouble: what brings it about, after how many seconds of the effect, and what ends it."""

    name: str
    begin: tuple[Command, ...]
    end: tuple[Command, ...] = ()
    after_seconds: float | None = None


BUSY: Mapping[DeviceKind, tuple[Mood, ...]] = {
    DeviceKind.PASSBOOK_PRINTER: (
        Mood("rows struck, nothing said", ({"do": "silent", "ink": True},), ({"do": "clear"},)),
        Mood("rows not struck, nothing said", ({"do": "silent", "ink": False},), ({"do": "clear"},)),
    ),
    DeviceKind.NOTE_COUNTER: (
        Mood(
            "the machine says nothing",
            ({"do": "fault", "kind": "silent", "at": 3},),
            ({"do": "fault", "kind": "silent", "at": 10**9},),
        ),
    ),
    DeviceKind.COUNTERFEIT_DETECTOR: (
        Mood(
            "the machine says nothing",
            ({"do": "fault", "kind": "silent"},),
            ({"do": "fault", "kind": "silent"},),
        ),
        Mood(
            "nothing said with the note inside",
            ({"do": "fault", "kind": "silent"},),
            ({"do": "fault", "kind": "silent"},),
            0.45,
        ),
    ),
    DeviceKind.RECEIPT_PRINTER: (
        Mood(
            "the machine says nothing",
            ({"do": "fault", "kind": "silent"},),
            ({"do": "fault", "kind": "silent"},),
        ),
    ),
}

HANDS: Mapping[DeviceKind, tuple[Mood, ...]] = {
    DeviceKind.PASSBOOK_PRINTER: (
        Mood("jam in the first row", ({"do": "jam", "after_rows": 0},), ({"do": "clear"},)),
        Mood("jam after the first row", ({"do": "jam", "after_rows": 1},), ({"do": "clear"},)),
        Mood("no book", ({"do": "remove_book"},)),
        Mood("book pulled in the middle", ({"do": "remove_book"},), (), 0.05),
    ),
    DeviceKind.NOTE_COUNTER: (
        Mood("a frame is missing", ({"do": "fault", "kind": "drop", "at": 4},)),
        Mood("a frame is broken", ({"do": "fault", "kind": "bad_checksum", "at": 4},)),
    ),
    DeviceKind.COUNTERFEIT_DETECTOR: (),
    DeviceKind.RECEIPT_PRINTER: (
        Mood("no paper", ({"do": "paper", "present": False},), ({"do": "paper", "present": True},)),
        Mood("paper gone", ({"do": "paper", "present": False},), ({"do": "paper", "present": True},), 0.05),
    ),
}
