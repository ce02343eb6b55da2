"""A TCP connection as a link (``socket://host:port``): for serial servers, and for simulators where no pty is."""

from __future__ import annotations

import contextlib
import select
import socket
import time

from devices.errors import LinkLost
from devices.link.lock import PortLock

CONNECT_SECONDS = 2.0


class TcpLink:
    """One connection to ``host:port``."""

    def __init__(self, address: str) -> None:
        self._name = address
        host, _, port = address.removeprefix("socket://").rpartition(":")
        self._address = (host, int(port))
        self._socket: socket.socket | None = None
        self._lock = PortLock(address)

    @property
    def name(self) -> str:
        return self._name

    @property
    def note(self) -> str:
        return ""

    def open(self) -> None:
        self._lock.take()
        try:
            self._socket = socket.create_connection(self._address, CONNECT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setblocking(False)
        except OSError as error:
            self.close()
            raise LinkLost(f"{self._name}: {error}") from error

    def close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None
        self._lock.release()

    def write(self, data: bytes, timeout_seconds: float) -> int:
        connection, sent = self._opened(), 0
        deadline = time.monotonic() + timeout_seconds
        while sent < len(data):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([], [connection], [], left)[1]:
                break
            try:
                sent += connection.send(data[sent:])
            except OSError as error:
                raise LinkLost(f"{self._name}: {error}") from error
        return sent

    def read(self, timeout_seconds: float) -> bytes:
        connection = self._opened()
        try:
            if not select.select([connection], [], [], timeout_seconds)[0]:
                return b""
            data = connection.recv(4096)
        except (OSError, ValueError) as error:
            raise LinkLost(f"{self._name}: {error}") from error
        if not data:
            raise LinkLost(f"{self._name}: closed by the other side")
        return data

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise LinkLost(f"{self._name}: not open")
        return self._socket
