"""Frames and moods that only a protocol's own words can play: an unknown status (F22), its NAK (F16), and trouble.

Written out by hand as bytes, so that no codec of ours has a part in them: check values were reckoned apart from this
program, by a reckoner that was held against the frames of the source. A protocol that is not here gets what every line
can carry (the ASCII NAK), and "not applicable" with the reason for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.contracts import DeviceKind

ASCII_NAK = b"\x15"


@dataclass(frozen=True)
class Vectors:
    """``unknown``: answers with a status no source names, or ``why_none``. ``in_place_of``: the answers that
    carry a status, where there are others too. ``nak``: the machine's refusal of a frame."""

    unknown: bytes = b""
    nak: bytes = ASCII_NAK
    why_none: str = "no frame with an unknown status is written down for this protocol"
    in_place_of: re.Pattern[bytes] | None = None


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
    # status 77, and "invalid command" for a NAK; note-protocols §1.2
    "id003": Vectors(bytes.fromhex("fc05771750"), bytes.fromhex("fc054bf8ab")),
    # event A = 0, B = 99, counter 1, in answers to "read buffered bill events"; note-protocols §1.5 names B = 0-21 for
    # A = 0, and the NAK is its own frame
    "cctalk": Vectors(
        bytes.fromhex("010b2800010063000000000000000068"),
        bytes.fromhex("01002805d2"),
        in_place_of=re.compile(rb"\x01\x0b\x28\x00.{12}", re.DOTALL),
    ),
    # the same with the CRC (1021h, init 0, low byte before the header, high byte last; note-protocols §1.5)
    "cctalk-crc16": Vectors(
        bytes.fromhex("010bb6000100630000000000000000b2"),
        bytes.fromhex("0100950567"),
        in_place_of=re.compile(rb"\x01\x0b.\x00.{12}", re.DOTALL),
    ),
    # OK with event 99h, for either sequence bit, in place of OK with one event; note-protocols §1.3 names EF-E0 and
    # seven below them. There is no NAK: "unknown command" is its frame, for either sequence bit
    "ssp": Vectors(
        bytes.fromhex("7f8002f09969a3" + "7f0002f0995623"),
        bytes.fromhex("7f8001f22c00" + "7f0001f22f8a"),
        in_place_of=re.compile(rb"\x7f[\x00\x80]\x02\xf0.{3}", re.DOTALL),
    ),
    # a first byte 99h that is no answer §1.3 names, in clear: what is sealed cannot be written by hand, for its key is
    # drawn anew each time, and an answer in clear must not be believed in a sealed line
    "essp": Vectors(
        bytes.fromhex("7f8001995581" + "7f000199560b"), bytes.fromhex("7f8001f22c00" + "7f0001f22f8a")
    ),
    # ESC r 0 in place of ESC r x: of x no source that was seen names more than 71h; passbook-printers §3.3
    "pr2": Vectors(b"\x1br\x30", in_place_of=re.compile(rb"\x1br.", re.DOTALL)),
    "escp": Vectors(
        why_none="this printer answers nothing: XON and XOFF are all it can say (passbook-printers §4)"
    ),
    # a line that the pattern of the machine does not have; note-protocols §2.5: no ticket is documented
    "ticket": Vectors(b"MODE ?? 77\r\n"),
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
