"""One desk per port, and the name of who has it: an advisory lock with a file that says pid and start time.

``flock`` alone is advisory and names nobody (device-architecture §5.1, 2): a second desk would be told "busy" and
branch IT would have to guess. The file beside the lock names the holder; its start time tells a process from a later
one with the same number. Where no ``flock`` is (Windows opens a COM port for one program only) the file alone decides.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from devices.errors import LinkBusy

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # pragma: no cover - Windows
    LOCK_EX = LOCK_NB = 0  # type: ignore[misc]

    def flock(fd: int, operation: int) -> None:  # type: ignore[misc]
        """Windows has none: the file alone decides."""
        raise OSError("no flock here")


FOLDER = Path(tempfile.gettempdir()) / "teller-desk-ports"
_PROC = Path("/proc")


@dataclass(frozen=True)
class Holder:
    """Who holds a port. ``started`` is the kernel's tick for it ("" where that is not told), ``since`` UTC text."""

    pid: int
    started: str
    since: str

    @property
    def is_alive(self) -> bool:
        """Whether that very process still runs; a later one with its number does not count."""
        if not self.started:
            return _exists(self.pid)
        return started(self.pid) == self.started

    def __str__(self) -> str:
        return f"pid {self.pid}" + (f" since {self.since}" if self.since else "")


def started(pid: int) -> str:
    """When a process began, in the kernel's own count (field 22 of its stat line), or "" when it is not told."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def _exists(pid: int) -> bool:
    if os.name != "posix":  # signal 0 is Ctrl+C there: not a question
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def myself() -> Holder:
    """This process as a holder."""
    return Holder(os.getpid(), started(os.getpid()), datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))


def process_with(port: str) -> Holder | None:
    """A process of this user's that has the device open though it wrote no lock file: another program's."""
    target = os.path.realpath(port)
    for folder in _PROC.glob("[0-9]*/fd"):
        pid = int(folder.parent.name)
        with contextlib.suppress(OSError):
            if pid != os.getpid() and any(os.readlink(one) == target for one in folder.iterdir()):
                return Holder(pid, started(pid), "")
    return None


class PortLock:
    """Held from ``take`` to ``release``; the system lets go of it when the process dies."""

    def __init__(self, port: str, folder: Path | None = None) -> None:
        self._port = port
        name = re.sub(r"[^A-Za-z0-9.]+", "_", os.path.realpath(port) if "://" not in port else port)
        self.path = (folder or FOLDER) / f"{name.strip('_')}.lock"
        self._file: int | None = None

    def take(self) -> None:
        """Raises LinkBusy, which names the holder when there is one to name."""
        try:
            file = _open(self.path)
        except OSError as error:
            raise LinkBusy(f"{self._port}: its lock cannot be opened ({error.strerror})") from error
        holder = _read(file)
        if not _locked(file, holder):
            os.close(file)
            raise LinkBusy(f"{self._port}: held by {holder or 'another program'}", str(holder or ""))
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, json.dumps(asdict(myself())).encode())
        self._file = file

    def release(self) -> None:
        """Let go. The file stays: removing it would race with the next one who takes it."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def _open(path: Path) -> int:
    """Open the file, or make it for every user of this computer: desks of two people may share one port."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o1777)
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        file = os.open(path, flags | os.O_CREAT, 0o666)
    with contextlib.suppress(OSError):
        path.chmod(0o666)
    return file


def _locked(file: int, holder: Holder | None) -> bool:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # no such locks here: the file decides
        return holder is None or not holder.is_alive
    return True


def _read(file: int) -> Holder | None:
    try:
        told = json.loads(os.read(file, 4096))
        return Holder(int(told["pid"]), str(told["started"]), str(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
