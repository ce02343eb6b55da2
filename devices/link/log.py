"""What a line carried, for branch IT: time, direction and length of every piece, and only bytes that name nobody.

Printed rows, names (also drawn as dots), amounts, stripes and note numbers never reach a log: a long piece is told by
its length and its first byte, and in a short one every run of letters and digits is masked, but for the printers' own
short answers. A slow line gives one byte after the other, so letters and digits at either end of a piece are masked
however few they are: the rest of their run may stand in the next one. Late answers are told as late.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from devices.link.base import Link
from devices.link.trace import TraceLink

LOG = logging.getLogger("devices.line")
SHORT = 24
_ANSWER = re.compile(rb"\x1b\[[0-9;]{0,20}[!-/][a-z]")
"""A printer's status, control point or parameters: numbers of the machine's own."""
_TEXT = re.compile(rb"\A[0-9A-Za-z.,/+-]+|[0-9A-Za-z.,/ +-]{4,}|[0-9A-Za-z.,/+-]+\Z")


def without_data(piece: bytes) -> str:
    """A piece of the line in hex as far as it may be shown."""
    if _ANSWER.fullmatch(piece):
        return piece[1:].decode("ascii")
    if len(piece) > SHORT:
        return f"{without_data(piece[:1])}…"
    shown, at = [], 0
    for text in _TEXT.finditer(piece):
        shown += [piece[at : text.start()].hex(" "), f"<{len(text.group())}>"]
        at = text.end()
    return " ".join(one for one in [*shown, piece[at:].hex(" ")] if one)


class LineLog:
    """Listens to one machine's line. While ``late`` is set, what comes in is an answer nobody waits for any more."""

    def __init__(self, device_id: str) -> None:
        self._device = device_id
        self.late = False

    def around(self, link: Link, clock: Callable[[], float]) -> Link:
        """The link, listened to when somebody reads this log; else the link itself."""
        return TraceLink(link, self.heard, clock) if LOG.isEnabledFor(logging.DEBUG) else link

    def heard(self, direction: str, piece: bytes, at: float) -> None:
        """One piece. A question ends lateness: what comes then answers it."""
        self.late = self.late and direction != "out"
        told = "late" if self.late else direction
        LOG.debug("%s %s %.3f %d: %s", self._device, told, at, len(piece), without_data(piece))
