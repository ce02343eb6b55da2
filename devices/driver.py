"""What a driver is to its worker: identify, stay in touch while idle, come back into step.

A driver joins one sans-I/O protocol (``devices.wire``) with one link. It is used on the worker's thread
only, keeps no thread and opens nothing by itself. Time comes in as a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from devices.contracts import Capabilities, DeviceIdentity, DeviceKind, DeviceState
from devices.errors import DeviceError
from devices.link.base import Link

Clock = Callable[[], float]


class Driver(Protocol):
    """The life-cycle half of a driver; the work half is one of the contracts in ``devices.contracts``.

    Any method may raise ``devices.errors.LinkLost``; the worker then closes, backs off and identifies
    again. No method repeats an effect.
    """

    @property
    def kind(self) -> DeviceKind: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def attach(self, link: Link) -> None:
        """A freshly opened link: forget every half-read frame of the old one."""
        ...

    def identify(self) -> DeviceIdentity | DeviceError:
        """Ask who is there with a side-effect-free command, within the driver's own deadline."""
        ...

    def idle(self) -> DeviceState | DeviceError:
        """Called about ten times a second while nothing is asked: read what comes unasked, poll if the
        protocol wants polling. Returns the machine's state or what is wrong."""
        ...

    def resync(self) -> DeviceError | None:
        """After a time-out: drain until quiet, log late frames as late, make sure of the next answer."""
        ...
