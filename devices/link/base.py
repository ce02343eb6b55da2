"""The contract of a link: bytes out, bytes in, one exception when it is gone.

Must not know any protocol, and must not retry: a link reports, the worker decides.
"""

from __future__ import annotations

from typing import Protocol


class Link(Protocol):
    """A byte pipe to one machine, used by one thread at a time.

    ``note`` is empty or a remark a person must see, such as "opened as 8N1 (pty)".
    """

    @property
    def name(self) -> str: ...

    @property
    def note(self) -> str: ...

    def open(self) -> None:
        """Open exclusively. Raises LinkLost when it is not there or held by another."""
        ...

    def close(self) -> None:
        """Close; never raises, may be called twice."""
        ...

    def write(self, data: bytes, timeout_seconds: float) -> int:
        """Write until done or time is up; return how many bytes left this process. Raises LinkLost."""
        ...

    def read(self, timeout_seconds: float) -> bytes:
        """Return what has arrived, waiting at most ``timeout_seconds`` for the first byte; b"" at the
        time-out. Raises LinkLost."""
        ...
