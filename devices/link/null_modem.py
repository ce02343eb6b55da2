"""Two links joined inside one process: what one writes the other reads. For tests and for faults no pty carries.

It also carries what else a serial cable does: settings that differ (``devices.link.uart``), BREAK, and a sender held by
CTS or XOFF, whose bytes wait in its own port as they do in a real one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from devices.errors import LinkBusy, LinkLost
from devices.link.serial_port import SerialSettings
from devices.link.uart import break_heard, heard

PORT_BUFFER = 4096
"""What a held port takes from its program before a write waits."""


class _Pipe:
    """One direction. ``data`` has arrived, ``held_back`` waits in the sender's port."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.held_back = bytearray()
        self.ready = threading.Condition()
        self.cut = False
        self.held = False

    @property
    def room(self) -> int:
        return PORT_BUFFER - len(self.held_back) if self.held else PORT_BUFFER << 8


@dataclass
class _Ends:
    """How each end is set; None is whatever the other end is."""

    settings: SerialSettings | None = None


class NullModemLink:
    """One end of a null modem; make both with ``null_modem``."""

    def __init__(self, name: str, inward: _Pipe, outward: _Pipe, mine: _Ends, other: _Ends) -> None:
        self._name, self._in, self._out = name, inward, outward
        self._mine, self._other = mine, other
        self._opened = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def note(self) -> str:
        return ""

    def open(self) -> None:
        if self._in.cut:
            raise LinkLost(f"{self._name}: cable pulled")
        if self._opened:
            raise LinkBusy(f"{self._name}: held by this process", "this process")
        self._opened = True

    def close(self) -> None:
        """Let go; what the port still held back is thrown away. Pulling the cable is ``pull``."""
        self._opened = False
        with self._out.ready:
            self._out.held_back.clear()

    def pull(self) -> None:
        """Pull the cable: both ends see it."""
        for pipe in (self._in, self._out):
            with pipe.ready:
                pipe.cut = True
                pipe.ready.notify_all()

    # --- what else a cable carries ---------------------------------------------------------------------------

    def set(self, settings: SerialSettings | None) -> None:
        """How this end's port is set. Ends that differ hear each other as a UART would."""
        self._mine.settings = settings

    def send_break(self) -> None:
        """Hold the line low for longer than a byte."""
        with self._out.ready:
            self._out.data += break_heard()
            self._out.ready.notify_all()

    def hold(self) -> None:
        """Take CTS away from the other end, or send it XOFF: it must not send."""
        with self._in.ready:
            self._in.held = True

    def release(self) -> None:
        """CTS again, or XON: what was held back comes now."""
        with self._in.ready:
            self._in.held = False
            self._in.data += self._in.held_back
            self._in.held_back.clear()
            self._in.ready.notify_all()

    # --- bytes -------------------------------------------------------------------------------------------------

    def write(self, data: bytes, timeout_seconds: float) -> int:
        with self._out.ready:
            if self._out.cut:
                raise LinkLost(f"{self._name}: cable pulled")
            if self._out.room < len(data):
                self._out.ready.wait_for(
                    lambda: self._out.cut or self._out.room >= len(data), timeout_seconds
                )
            taken = data[: max(0, self._out.room)]
            (self._out.held_back if self._out.held else self._out.data).extend(self._as_heard(taken))
            self._out.ready.notify_all()
        return len(taken)

    def _as_heard(self, data: bytes) -> bytes:
        mine, other = self._mine.settings, self._other.settings
        return data if mine is None or other is None else heard(data, mine, other)

    def read(self, timeout_seconds: float) -> bytes:
        with self._in.ready:
            self._in.ready.wait_for(lambda: self._in.data or self._in.cut, timeout_seconds)
            if self._in.cut and not self._in.data:
                raise LinkLost(f"{self._name}: cable pulled")
            data = bytes(self._in.data)
            self._in.data.clear()
        return data


def null_modem() -> tuple[NullModemLink, NullModemLink]:
    """The host's end and the device's end."""
    there, back = _Pipe(), _Pipe()
    host, device = _Ends(), _Ends()
    return (
        NullModemLink("null:host", back, there, host, device),
        NullModemLink("null:device", there, back, device, host),
    )
