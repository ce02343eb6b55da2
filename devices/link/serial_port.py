"""A serial port behind the link contract, through pyserial. Every way a port can vanish becomes LinkLost here.

pyserial has no release since 2020 and three different unplug exceptions (note-protocols §5): they are joined in one
place. A pty keeps eight bits whatever it is asked for, so it is opened as 8N1 and the link's note says so.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass

import serial

from devices.errors import LinkLost

try:
    from termios import error as TermiosError  # noqa: N812 - it is an exception class
except ImportError:  # pragma: no cover - Windows

    class TermiosError(Exception):  # type: ignore[no-redef]
        """Windows has no termios."""


_LOST = (serial.SerialException, OSError, TermiosError)
_PTY = re.compile(r"/dev/pts/\d+|/dev/tty[p-za-e][0-9a-f]")


@dataclass(frozen=True)
class SerialSettings:
    """How a line is set. ``parity``: "N", "E" or "O"; ``flow``: "none", "xonxoff" or "rtscts"."""

    baud_rate: int = 9600
    data_bits: int = 8
    parity: str = "N"
    stop_bits: int = 1
    flow: str = "none"

    @property
    def frame(self) -> str:
        """Such as "7E1"."""
        return f"{self.data_bits}{self.parity}{self.stop_bits}"


class SerialLink:
    """One serial port, opened exclusively."""

    def __init__(self, port: str, settings: SerialSettings) -> None:
        self._name = port
        self._settings = settings
        self._port: serial.Serial | None = None
        self._note = ""

    @property
    def name(self) -> str:
        return self._name

    @property
    def note(self) -> str:
        return self._note

    def open(self) -> None:
        asked = self._settings
        pty = bool(_PTY.fullmatch(self._name))
        settings = SerialSettings(asked.baud_rate) if pty else asked
        self._note = "opened as 8N1 (pty)" if pty and asked.frame != "8N1" else ""
        try:
            self._port = serial.Serial(
                self._name,
                settings.baud_rate,
                bytesize=settings.data_bits,
                parity=settings.parity,
                stopbits=settings.stop_bits,
                xonxoff=settings.flow == "xonxoff",
                rtscts=settings.flow == "rtscts",
                timeout=0,
                write_timeout=1.0,
                exclusive=True,
            )
            self._port.reset_input_buffer()
        except _LOST as error:
            self.close()
            raise LinkLost(f"{self._name}: {error}") from error

    def close(self) -> None:
        if self._port is not None:
            with contextlib.suppress(*_LOST):
                self._port.close()
            self._port = None

    def write(self, data: bytes, timeout_seconds: float) -> int:
        port = self._opened()
        try:
            port.write_timeout = timeout_seconds
            return int(port.write(data) or 0)
        except serial.SerialTimeoutException:
            return 0
        except _LOST as error:
            raise LinkLost(f"{self._name}: {error}") from error

    def read(self, timeout_seconds: float) -> bytes:
        port = self._opened()
        try:
            port.timeout = timeout_seconds
            first: bytes = port.read(1)
            if not first:
                return b""
            port.timeout = 0
            more: bytes = port.read(4096)
            return first + more
        except _LOST as error:
            raise LinkLost(f"{self._name}: {error}") from error

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise LinkLost(f"{self._name}: not open")
        return self._port
