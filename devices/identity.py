"""Which machine belongs to a place on the counter, and where its line is today.

A port's name is nobody: ttyUSB0 is another dongle after the next plug (device-architecture §5.1, 1). A ``Binding`` says
who the machine must say it is, and how to find its line: by the dongle's own name (``/dev/serial/by-id``), by the
socket it is plugged into (``by-path``), or by a fixed name. A dongle tells the cable, not the machine behind it. Reads
names only; opens no port and asks no machine. Which ports there are is ``devices.discovery``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from devices.contracts import DeviceIdentity, IdentityKind
from devices.errors import LinkNotFound

FOLDER = Path("/dev/serial")
CONFIRMED_BY_A_PERSON = frozenset({IdentityKind.USB_PATH, IdentityKind.NONE})


@dataclass(frozen=True)
class Binding:
    """``identity`` is who must answer, ``port`` where: a lasting link, a fixed name, or an address."""

    identity: DeviceIdentity
    port: str


def bind(port: str, said: DeviceIdentity, folder: Path = FOLDER) -> Binding:
    """What to write down about a machine a person has just looked at: its own word when it has one, else its line."""
    if said.kind not in CONFIRMED_BY_A_PERSON and said.value:
        return Binding(said, port)
    if Path(port).is_relative_to(folder):
        return Binding(DeviceIdentity(IdentityKind.USB_PATH, Path(port).name), port)
    return Binding(DeviceIdentity(IdentityKind.NONE), port)


def matches(expected: DeviceIdentity, found: DeviceIdentity) -> bool:
    """Whether the machine is the one that is bound. Where nothing it says could prove it, a person must look."""
    return expected.kind in CONFIRMED_BY_A_PERSON or expected == found


def needs_person(expected: DeviceIdentity) -> bool:
    """Whether a person confirms the machine after each opening, before the first effect (DESIGN §5)."""
    return expected.kind in CONFIRMED_BY_A_PERSON


def find_port(port: str, folder: Path = FOLDER) -> str:
    """The system's name, now, of a bound port. Raises LinkNotFound when nothing is plugged in there."""
    if not Path(port).is_relative_to(folder):
        return port
    if not os.path.exists(port):
        raise LinkNotFound(f"{port}: not plugged in")
    return os.path.realpath(port)
