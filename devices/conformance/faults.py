"""The faults F1–F27 a driver must survive, and which line can carry each: a table, nothing that acts.

Source: device-architecture §5.3 (session list and invariants). Why a line cannot carry a fault is part of the table: a
report says "not applicable" with that reason, never nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from devices.contracts import DeviceKind


class LineKind(Enum):
    """What lies between driver and machine."""

    NULL_MODEM = "null_modem"
    PTY = "pty"
    TCP = "tcp"
    HARDWARE = "hardware"


NULL, PTY, TCP, HARDWARE = LineKind.NULL_MODEM, LineKind.PTY, LineKind.TCP, LineKind.HARDWARE

_NO_WIRE = "a pty has no bits, no modem lines and no UART that heeds XOFF"
_NO_WIRE_TCP = "TCP carries bytes, not bits or modem lines"
_ITS_STATE = "it takes a state of the machine that only its simulator can be put into"
_HANDS = "it takes hands on cable, paper or mains; do it by hand and see the machine come back"
_ONE_MACHINE = "it takes a second machine on the bench"


@dataclass(frozen=True)
class Fault:
    """One fault. ``not_on`` says why a line cannot carry it; ``kinds`` narrows it to families, ``else_why`` says
    why."""

    id: str
    title: str
    not_on: Mapping[LineKind, str] = field(default_factory=dict)
    kinds: frozenset[DeviceKind] = frozenset(DeviceKind)
    else_why: str = ""

    def why_not(self, line: LineKind, kind: DeviceKind) -> str:
        """Why this fault does not apply there; "" when it does."""
        if kind not in self.kinds:
            return self.else_why
        return self.not_on.get(line, "")


_ON_THE_WIRE = {PTY: _NO_WIRE, TCP: _NO_WIRE_TCP, HARDWARE: _HANDS}

FAULTS: tuple[Fault, ...] = (
    Fault("F1", "noise bytes; BREAK"),
    Fault("F2", "a bit flipped"),
    Fault("F3", "a frame cut short"),
    Fault("F4", "a wrong checksum"),
    Fault("F5", "an answer doubled"),
    Fault("F6", "a command seen twice by the machine", {HARDWARE: "it could print or move notes twice"}),
    Fault("F7", "an answer late or out of order"),
    Fault("F8", "a stall before, in the middle, after"),
    Fault("F9", "a slow machine: bytes at a crawl, mechanics of 40 s", {HARDWARE: _HANDS}),
    Fault("F10", "cut before, in and after sending, and while the answer comes"),
    Fault("F11", "plugged in again under another name", {HARDWARE: _HANDS}),
    Fault("F12", "another machine on the port", {HARDWARE: _ONE_MACHINE}),
    Fault("F13", "the same model with another number", {HARDWARE: _ONE_MACHINE}),
    Fault("F14", "the machine restarts in the middle", {HARDWARE: _HANDS}),
    Fault("F15", "the port is held by another process"),
    Fault("F16", "a storm of NAK"),
    Fault("F17", "busy for ever", {HARDWARE: _ITS_STATE}),
    Fault("F18", "XOFF or CTS never let go", _ON_THE_WIRE),
    Fault("F19", "wrong speed, wrong parity", _ON_THE_WIRE),
    Fault("F20", "paper out, cover, jam, book or note pulled", {HARDWARE: _HANDS}),
    Fault(
        "F21",
        "the page's and the book's end",
        kinds=frozenset({DeviceKind.PASSBOOK_PRINTER}),
        else_why="it has no page",
    ),
    Fault("F22", "a status nobody knows"),
    Fault("F23", "a firmware that adds bytes"),
    Fault("F24", "a line that echoes"),
    Fault("F25", "the clock jumps, the computer slept"),
    Fault("F26", "the desk is killed in the middle", {HARDWARE: _HANDS}),
    Fault("F27", "two desks on one port"),
)

BY_ID: Mapping[str, Fault] = {one.id: one for one in FAULTS}
