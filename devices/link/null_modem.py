"""Two links joined inside one process: what one writes the other reads. For tests and for faults no pty carries."""

from __future__ import annotations

import threading

from devices.errors import LinkLost


class _Pipe:
    def __init__(self) -> None:
        self.data = bytearray()
        self.ready = threading.Condition()
        self.cut = False


class NullModemLink:
    """One end of a null modem; make both with ``null_modem``."""

    def __init__(self, name: str, inward: _Pipe, outward: _Pipe) -> None:
        self._name, self._in, self._out = name, inward, outward

    @property
    def name(self) -> str:
        return self._name

    @property
    def note(self) -> str:
        return ""

    def open(self) -> None:
        if self._in.cut:
            raise LinkLost(f"{self._name}: cable pulled")

    def close(self) -> None:
        """Nothing to let go of; pulling the cable is ``pull``."""

    def pull(self) -> None:
        """Pull the cable: both ends see it."""
        for pipe in (self._in, self._out):
            with pipe.ready:
                pipe.cut = True
                pipe.ready.notify_all()

    def write(self, data: bytes, timeout_seconds: float) -> int:
        with self._out.ready:
            if self._out.cut:
                raise LinkLost(f"{self._name}: cable pulled")
            self._out.data += data
            self._out.ready.notify_all()
        return len(data)

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
    return NullModemLink("null:host", back, there), NullModemLink("null:device", there, back)
