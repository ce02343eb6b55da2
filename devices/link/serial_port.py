"""A serial port behind the link contract, through pyserial. Every way a port can vanish becomes LinkLost here.

pyserial has no release since 2020 and three different unplug exceptions (note-protocols §5): they are joined in one
place. A pty keeps eight bits whatever it is asked for, so it is opened as 8N1 and the link's note says so.

Where the system has file descriptors, bytes go past pyserial: setting its time-outs reconfigures the port each time,
and its time-out error does not say how many bytes left. What a held line (CTS, XOFF) has not taken is thrown away when
time is up and at closing: it must not leave later, when nobody waits for its effect any more.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from dataclasses import dataclass

import serial

from devices.errors import LinkBusy, LinkLost, LinkNotFound
from devices.link.lock import PortLock, process_with

try:
    from termios import error as TermiosError  # noqa: N812 - it is an exception class
except ImportError:  # pragma: no cover - Windows

    class TermiosError(Exception):  # type: ignore[no-redef]
        """Windows has no termios."""


_LOST = (serial.SerialException, OSError, TermiosError)
_BUSY = re.compile(r"exclusively lock|Errno 16\b|PermissionError\(13|Access is denied")
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
    """One serial port, opened exclusively: the system's own lock, and a lock file that names the holder."""

    def __init__(self, port: str, settings: SerialSettings) -> None:
        self._name = port
        self._settings = settings
        self._port: serial.Serial | None = None
        self._file: int | None = None
        self._lock: PortLock | None = None
        self._note = ""

    @property
    def name(self) -> str:
        return self._name

    @property
    def note(self) -> str:
        return self._note

    def open(self) -> None:
        asked = self._settings
        pty = bool(_PTY.fullmatch(os.path.realpath(self._name)))
        settings = SerialSettings(asked.baud_rate) if pty else asked
        self._note = "opened as 8N1 (pty)" if pty and asked.frame != "8N1" else ""
        if os.name == "posix" and not os.path.exists(self._name):
            raise LinkNotFound(f"{self._name}: no such port")
        self._lock = PortLock(self._name)
        self._lock.take()
        try:
            self._port = _opened(self._name, settings)
            self._file = self._port.fileno() if os.name == "posix" else None
        except _LOST as error:
            self.close()
            raise _why(self._name, error) from error

    def close(self) -> None:
        if self._port is not None:
            with contextlib.suppress(*_LOST):
                self._port.reset_output_buffer()
            with contextlib.suppress(*_LOST):
                self._port.close()
            self._port, self._file = None, None
        if self._lock is not None:
            self._lock.release()

    def write(self, data: bytes, timeout_seconds: float) -> int:
        port = self._opened()
        try:
            if self._file is None:  # pragma: no cover - Windows
                return _write_through(port, data, timeout_seconds)
            sent = _write_to(self._file, data, timeout_seconds)
            if sent < len(data):
                port.reset_output_buffer()
            return sent
        except _LOST as error:
            raise LinkLost(f"{self._name}: {error}") from error

    def read(self, timeout_seconds: float) -> bytes:
        port = self._opened()
        try:
            if self._file is None:  # pragma: no cover - Windows
                return _read_through(port, timeout_seconds)
            if not select.select([self._file], [], [], timeout_seconds)[0]:
                return b""
            data = os.read(self._file, 4096)
        except BlockingIOError:
            return b""
        except _LOST as error:
            raise LinkLost(f"{self._name}: {error}") from error
        if not data:
            raise LinkLost(f"{self._name}: ready to read, but nothing is there (unplugged?)")
        return data

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise LinkLost(f"{self._name}: not open")
        return self._port


def _opened(name: str, settings: SerialSettings) -> serial.Serial:
    port = serial.Serial(
        name,
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
    port.reset_input_buffer()
    return port


def _why(name: str, error: Exception) -> LinkLost:
    """Whose fault it is that a port does not open: nobody's, another program's, or the cable's."""
    if _BUSY.search(str(error)):
        holder = process_with(name)
        return LinkBusy(f"{name}: held by {holder or 'another program'}", str(holder or ""))
    return LinkLost(f"{name}: {error}")


def _write_to(file: int, data: bytes, timeout_seconds: float) -> int:
    """Write until done or time is up; how many bytes the line took."""
    sent, until = 0, time.monotonic() + timeout_seconds
    while sent < len(data):
        left = max(0.0, until - time.monotonic())
        if not select.select([], [file], [], left)[1]:
            break
        with contextlib.suppress(BlockingIOError):
            sent += os.write(file, data[sent:])
    return sent


def _write_through(
    port: serial.Serial, data: bytes, timeout_seconds: float
) -> int:  # pragma: no cover - Windows
    """Through pyserial, whose time-out does not say how much left: nothing is claimed then."""
    port.write_timeout = timeout_seconds
    try:
        return int(port.write(data) or 0)
    except serial.SerialTimeoutException:
        port.reset_output_buffer()
        return 0


def _read_through(port: serial.Serial, timeout_seconds: float) -> bytes:  # pragma: no cover - Windows
    port.timeout = timeout_seconds
    first: bytes = port.read(1)
    if not first:
        return b""
    port.timeout = 0
    more: bytes = port.read(4096)
    return first + more
