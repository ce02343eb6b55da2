"""Files that lie: serial-number files, ticket patterns, tickets and manifests, mutated as frames are.

A reader reads a file or refuses it by a value; it raises nothing, whatever a person or a machine wrote there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.fsn import FsnRefusal, read_fsn, write_fsn
from devices.registry import FOLDER, ManifestFlaw, load_manifest
from devices.wire.ticket_pattern import TicketFlaw, load_pattern, try_pattern
from tests.devices.fuzz.mutation import Mutator
from tests.devices.test_fsn import GOLDEN
from tests.devices.test_ticket_wire import EXAMPLE, PATTERN, TICKET


@dataclass(frozen=True)
class Reader:
    """A reader under fuzz: True when it read the bytes, False when it refused them."""

    read: Callable[[bytes], bool]
    samples: Sequence[bytes]


@dataclass
class Tried:
    """How often a reader took what it was given."""

    read: int = 0
    refused: int = 0


def fuzz(reader: Reader, seed: int, times: int) -> Tried:
    """Hand it that many mutated files."""
    dice = random.Random(f"files {seed}")
    mutator, told = Mutator(dice, reader.samples), Tried()
    for _ in range(times):
        if reader.read(mutator.piece()):
            told.read += 1
        else:
            told.refused += 1
    return told


def _fsn(data: bytes) -> bool:
    """What was read can be written, and is the same when read again."""
    found = read_fsn(data)
    if isinstance(found, FsnRefusal):
        assert str(found)
        return False
    written = write_fsn(found)
    assert not isinstance(written, FsnRefusal), written
    assert read_fsn(written) == found
    return True


def _pattern(data: bytes) -> bool:
    found = load_pattern(data.decode("utf-8", "replace"), "x.toml")
    if isinstance(found, TicketFlaw):
        assert str(found).startswith("x.toml:")
        return False
    try_pattern(found, TICKET)
    return True


def _ticket(data: bytes) -> bool:
    trial = try_pattern(PATTERN, data)
    assert trial.total_minor >= 0
    return not trial.problem


def _manifest(data: bytes) -> bool:
    found = load_manifest(data.decode("utf-8", "replace"), "x.toml")
    if isinstance(found, ManifestFlaw):
        assert str(found).startswith("x.toml: ")
        return False
    return True


def _lines(data: bytes) -> tuple[bytes, ...]:
    """A text whole, and short pieces of it, so that mutations hit its words."""
    return (data, data, *data.splitlines(keepends=True))


READERS = {
    "fsn": Reader(_fsn, tuple(GOLDEN)),
    "ticket pattern": Reader(_pattern, (EXAMPLE.encode(),) * 2),
    "ticket": Reader(_ticket, _lines(TICKET)),
    "manifest": Reader(_manifest, tuple(path.read_bytes() for path in sorted(FOLDER.glob("*.toml")))),
}
