"""A link that its holder gives up between two pieces when somebody else wants the line. It knows nobody who asks."""

from __future__ import annotations

from collections.abc import Callable

from devices.errors import LinkLost
from devices.link.base import Link
from devices.link.passing import PassingLink


class WantedBack(LinkLost):
    """The line itself is well: another one needs it now."""


class ReleasedLink(PassingLink):
    """Wraps another link. Before each piece ``is_wanted`` is asked; True ends what was going on with WantedBack."""

    def __init__(self, inner: Link, is_wanted: Callable[[], bool]) -> None:
        super().__init__(inner)
        self._is_wanted = is_wanted

    def write(self, data: bytes, timeout_seconds: float) -> int:
        self._give_way()
        return super().write(data, timeout_seconds)

    def read(self, timeout_seconds: float) -> bytes:
        self._give_way()
        return super().read(timeout_seconds)

    def _give_way(self) -> None:
        if self._is_wanted():
            raise WantedBack(f"{self.name}: wanted by another")
