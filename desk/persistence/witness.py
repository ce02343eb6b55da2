"""The witness: an append-only file outside the database that remembers how far each chain had come.

One line per seal: desk, sequence, digest, UTC, and the desk key's signature over these. A journal whose
head lies below the last witnessed sequence, or differs there, was cut or rewritten. A line torn by a power
cut was never acknowledged and is dropped; every other unreadable line is a finding.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desk.journal.keys import SigningKey, is_signed_by

WITNESS_TAG = "teller-desk/witness/v1"
_NUMBER = re.compile(r"[0-9]{1,18}")
"""A place in a chain; no database counts further."""


@dataclass(frozen=True)
class Witnessed:
    """One line: this desk's chain had this digest (hex) at this sequence."""

    desk: str
    sequence: int
    digest: str
    utc: str
    signature: str

    def message(self) -> bytes:
        """The bytes the desk's key signs."""
        return f"{WITNESS_TAG} {self.desk} {self.sequence} {self.digest} {self.utc}".encode()

    def is_by(self, public_key: bytes) -> bool:
        """Whether the desk's key signed this line."""
        try:
            return is_signed_by(public_key, bytes.fromhex(self.signature), self.message())
        except ValueError:
            return False


def read_witness(content: bytes) -> tuple[tuple[Witnessed, ...], tuple[int, ...]]:
    """The lines of a witness file's bytes, and the numbers (from 1) of lines that cannot be read."""
    whole = content[: content.rfind(b"\n") + 1].decode("ascii", "replace").splitlines()
    lines: list[Witnessed] = []
    unreadable: list[int] = []
    for number, text in enumerate(whole, 1):
        parts = text.split(" ")
        if len(parts) == 5 and _NUMBER.fullmatch(parts[1]):
            lines.append(Witnessed(parts[0], int(parts[1]), parts[2], parts[3], parts[4]))
        else:
            unreadable.append(number)
    return tuple(lines), tuple(unreadable)


class Witness:
    """The file this desk appends to. ``utc_now`` gives the time of a line as text without spaces."""

    def __init__(self, path: Path, key: SigningKey, utc_now: Callable[[], str]) -> None:
        self._path, self._key, self._utc_now = path, key, utc_now

    def last(self) -> Witnessed | None:
        """The furthest line of this desk; None when there is none. Drops a torn last line."""
        if not self._path.exists():
            return None
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            os.truncate(self._path, whole)
        own = [line for line in read_witness(content)[0] if line.desk == self._key.key_id]
        return max(own, key=lambda line: line.sequence, default=None)

    def append(self, sequence: int, digest: bytes) -> None:
        """Remember the head; the line is on disk when this returns. OSError when it could not be written whole:
        what was torn is taken back, here or by ``last`` after the next start."""
        line = Witnessed(self._key.key_id, sequence, digest.hex(), self._utc_now(), "")
        signature = self._key.sign(line.message()).hex()
        text = f"{line.desk} {line.sequence} {line.digest} {line.utc} {signature}\n".encode()
        new = not self._path.exists()
        with self._path.open("ab", buffering=0) as file:
            before = file.seek(0, os.SEEK_END)
            try:
                if file.write(text) != len(text):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(before)
                raise
        if new:
            _sync_folder(self._path.parent)


def _sync_folder(folder: Path) -> None:
    """A new file's name must outlive a power cut too; Windows keeps it by itself."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
