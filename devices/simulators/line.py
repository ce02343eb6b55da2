"""The simulator's end of a line: a pty, or a TCP port where there is no pty. Bytes only."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import Any, Protocol

MAX_HELD = 1 << 20


class Line(Protocol):
    """``sources`` are waited for; ``receive`` reads one of them; ``send`` holds back what the line does not take."""

    @property
    def port(self) -> str: ...

    def sources(self) -> list[Any]: ...

    def sinks(self) -> list[Any]: ...

    def receive(self, source: Any) -> bytes: ...

    def send(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class PtyLine:
    """A raw pty. The slave stays open here, so that a host may close and open it again."""

    def __init__(self) -> None:
        import tty  # noqa: PLC0415 - absent on Windows

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.port = os.ttyname(self._slave)
        self._held = b""

    def sources(self) -> list[Any]:
        return [self._master]

    def sinks(self) -> list[Any]:
        return [self._master] if self._held else []

    def receive(self, source: Any) -> bytes:
        try:
            return os.read(self._master, 65536)
        except (BlockingIOError, OSError):
            return b""

    def send(self, data: bytes) -> None:
        self._held = (self._held + data)[:MAX_HELD]
        with contextlib.suppress(BlockingIOError):
            while self._held:
                self._held = self._held[os.write(self._master, self._held) :]

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class TcpLine:
    """A listening port on the loopback; the newest connection is the line."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._host: socket.socket | None = None
        self._held = b""

    def sources(self) -> list[Any]:
        return [self._listener, *([self._host] if self._host else [])]

    def sinks(self) -> list[Any]:
        return [self._host] if self._host and self._held else []

    def receive(self, source: Any) -> bytes:
        if source is self._listener:
            self._hang_up()
            self._host, _ = self._listener.accept()
            self._host.setblocking(False)
            return b""
        try:
            data = bytes(source.recv(65536))
        except OSError:
            data = b""
        if not data:
            self._hang_up()
        return data

    def send(self, data: bytes) -> None:
        if self._host is None:
            return
        self._held = (self._held + data)[:MAX_HELD]
        with contextlib.suppress(OSError):
            while self._held:
                self._held = self._held[self._host.send(self._held) :]

    def _hang_up(self) -> None:
        if self._host is not None:
            self._host.close()
        self._host, self._held = None, b""

    def close(self) -> None:
        self._hang_up()
        self._listener.close()
