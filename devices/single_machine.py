"""One machine on one port, without a desk: for branch IT's command line, recordings and replays.

Builds a model's driver from its manifest and opens its link; what stands in the way of a port is told in words with
what to do. Knows no protocol. It runs on the caller's thread: there is no worker, no reconnecting, no retry.
"""

from __future__ import annotations

import errno
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.contracts import DeviceKind
from devices.driver import Clock
from devices.errors import LinkBusy, LinkLost, LinkNotFound
from devices.forms import PassbookForm, load_form
from devices.glyphs import Glyphs
from devices.link.base import Link
from devices.link.factory import link_for
from devices.link.passing import PassingLink
from devices.registry import Manifest

FORMS = Path(__file__).parents[1] / "resources" / "forms"
IDENTIFY_SECONDS = 10.0
_ADDRESS = re.compile(r"socket://[^:/\s]+:\d{1,5}")


class PastDeadline(LinkLost):
    """The time for an answer is over."""


class DeadlineLink(PassingLink):
    """Wraps a link: ``seconds`` after its opening, reading and writing raise PastDeadline. A driver's own deadlines are
    shorter; this one ends a dialogue that a noisy line keeps alive."""

    def __init__(self, inner: Link, seconds: float, clock: Clock) -> None:
        super().__init__(inner)
        self._seconds, self._clock = seconds, clock
        self._until = clock() + seconds

    def open(self) -> None:
        super().open()
        self.extend(self._seconds)

    def extend(self, seconds: float) -> None:
        """From now on, that long."""
        self._until = self._clock() + seconds

    def write(self, data: bytes, timeout_seconds: float) -> int:
        return super().write(data, min(timeout_seconds, self._left()))

    def read(self, timeout_seconds: float) -> bytes:
        return super().read(min(timeout_seconds, self._left()))

    def _left(self) -> float:
        left = self._until - self._clock()
        if left <= 0:
            raise PastDeadline(f"{self.name}: no end of it within {self._seconds:g} seconds")
        return left


@dataclass(frozen=True)
class NoPort:
    """Why a port cannot be used, and what to do."""

    reason: str
    todo: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.todo}"


@dataclass(frozen=True)
class Machine:
    """A driver on an open link."""

    manifest: Manifest
    driver: Any
    link: DeadlineLink

    def close(self) -> None:
        self.link.close()


def forms() -> dict[str, PassbookForm]:
    """The shipped passbook forms by name."""
    loaded = [load_form(path.read_text(encoding="utf-8")) for path in sorted(FORMS.glob("*.toml"))]
    return {one.form: one for one in loaded}


def driver_of(manifest: Manifest, clock: Clock, secret: str | None = None) -> Any:
    """A model's driver; printers of books get the shipped forms and glyphs. ``secret`` is what the model must be told
    (``Manifest.secret``); without one its driver takes the maker's published value, as its simulator does."""
    extra = (forms(), Glyphs()) if manifest.kind is DeviceKind.PASSBOOK_PRINTER else ()
    return manifest.driver_class()(manifest.name, clock, *extra, **settings_of(manifest, secret))


def settings_of(manifest: Manifest, secret: str | None = None) -> dict[str, str]:
    """What a model's driver takes by name."""
    if manifest.secret is None:
        return dict(manifest.options)
    return {**manifest.options, manifest.secret.name: manifest.secret.training if secret is None else secret}


def make_link(manifest: Manifest, port: str) -> Link | NoPort:
    """The link to a port, not yet open."""
    if port.startswith("socket://") and not _ADDRESS.fullmatch(port):
        return NoPort(f"{port} is no address", "write socket://HOST:PORT, such as socket://127.0.0.1:4001")
    return link_for(port, manifest.line)


def open_machine(
    manifest: Manifest, link: Link, seconds: float = IDENTIFY_SECONDS, secret: str | None = None
) -> Machine | NoPort:
    """Open the link and attach the driver; nothing is sent yet."""
    try:
        driver = driver_of(manifest, time.monotonic, secret)
    except ValueError as error:  # a ticket's pattern with a flaw, a key that is none
        return NoPort(f"{manifest.name} cannot be driven", str(error))
    bounded = DeadlineLink(link, seconds, time.monotonic)
    try:
        bounded.open()
    except LinkLost as lost:
        return why_not(link.name, lost)
    driver.attach(bounded)
    return Machine(manifest, driver, bounded)


def why_not(port: str, lost: LinkLost) -> NoPort:
    """What the system's refusal means to a person. The cause keeps the system's number."""
    if isinstance(lost, LinkBusy):
        return NoPort(
            f"{port} is busy, {lost.holder or 'another program'} holds it", "close that program and try again"
        )
    number = _number(lost.__cause__)
    if isinstance(lost, LinkNotFound) or number == errno.ENOENT or "FileNotFoundError" in str(lost):
        return NoPort(f"there is no port {port}", "'teller-desk devices find' lists those that are here")
    reason, todo = _REASONS.get(number or 0, ("", "check the cable and the port, and try again"))
    return NoPort(reason.format(port=port) or str(lost), todo)


_NO_SERIAL_PORT = ("{port} is not a serial port", "'teller-desk devices find' lists those that are")
_NO_PERMISSION = (
    "no permission for {port}",
    "add this user to the port's group (often dialout) and sign in again",
)
_REASONS = {
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.ENOTTY: _NO_SERIAL_PORT,
    errno.EINVAL: _NO_SERIAL_PORT,
    errno.EISDIR: _NO_SERIAL_PORT,
    errno.ECONNREFUSED: (
        "nothing listens at {port}",
        "start the serial server or simulator, or correct the port",
    ),
}


def _number(cause: BaseException | None) -> int | None:
    """The system's error number, of the cause or of what that one hides: pyserial keeps only the text of some. It is an
    attribute of OSErrors and the first argument of termios errors."""
    while cause is not None:
        number = getattr(cause, "errno", None) or next(iter(cause.args), None)
        if isinstance(number, int):
            return number
        cause = cause.__cause__ or cause.__context__
    return None
