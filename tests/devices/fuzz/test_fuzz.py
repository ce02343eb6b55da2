"""The fuzz run in short, 20,000 bytes each; and proof that it would find what it looks for: decoders broken on purpose.

The long run is ``python -m tests.devices.fuzz``.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest

from devices.errors import ProtocolError
from devices.wire import aa55, ccnet
from tests.devices.fuzz import files
from tests.devices.fuzz.mutation import Mutator
from tests.devices.fuzz.run import Finding, Fuzz
from tests.devices.fuzz.subjects import EVERYTHING, SUBJECTS, Subject

BYTES = 20_000
MOST_MEMORY = 1 << 20
"""What a run may hold over what it began with: a chunk of 1,000 bytes, a few pieces, and what was read of it."""


@pytest.mark.parametrize("name", EVERYTHING)
def test_hostile_bytes_break_no_promise(name: str) -> None:
    subject = EVERYTHING[name]
    fuzz = Fuzz(subject, seed=1)
    subject.make().receive(subject.samples[0])  # what is imported by it is none of the run's memory
    tracemalloc.start()
    try:
        told = fuzz.run(BYTES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told.bytes_fed >= BYTES
    assert peak < MOST_MEMORY
    if name in SUBJECTS and subject.resync:
        assert told.good > 0, "nothing was ever read: the run tried nothing"
        assert told.latest_resync > 0
    assert (told.splits > 0) is subject.splits


def test_a_run_can_be_told_again() -> None:
    first, again, other = (Fuzz(SUBJECTS["ccnet"], seed).run(BYTES) for seed in (3, 3, 4))
    assert (first.good, first.bad, first.bytes_fed) == (again.good, again.bad, again.bytes_fed)
    assert (first.good, first.bad) != (other.good, other.bad)


def test_every_kind_of_mutation_comes_up() -> None:
    sample = bytes(range(40))
    mutator = Mutator(random.Random(1), [sample])
    pieces = [mutator.piece() for _ in range(2000)]
    assert sample in pieces
    assert sample * 2 in pieces
    assert any(len(piece) > 300 for piece in pieces)
    assert any(piece == sample[: len(piece)] and len(piece) < 40 for piece in pieces)
    one_bit = [piece for piece in pieces if len(piece) == 40 and _distance(piece, sample) == 1]
    assert len(one_bit) > 20


def _distance(left: bytes, right: bytes) -> int:
    return sum((one ^ other).bit_count() for one, other in zip(left, right, strict=True))


# --- decoders broken on purpose -----------------------------------------------------------------------------------


class Raising(ccnet.CcnetDecoder):
    """Trusts a length."""

    def receive(self, data: bytes) -> tuple[ccnet.Message, ...]:
        if b"\x02\x03\xff" in data:
            raise IndexError("a length that lies")
        return super().receive(data)


class Refusing(ccnet.CcnetDecoder):
    """Raises even the protocol error: a decoder answers hostile bytes with a value."""

    def receive(self, data: bytes) -> tuple[ccnet.Message, ...]:
        found = super().receive(data)
        if any(isinstance(one, ccnet.BadFrame) for one in found):
            raise ProtocolError("bad")
        return found


class Hoarding(aa55.Aa55Decoder):
    """Keeps junk."""

    def __init__(self) -> None:
        super().__init__()
        self.junk = bytearray()

    def receive(self, data: bytes) -> tuple[aa55.Message, ...]:
        self.junk += data
        return super().receive(data)


class Impatient(ccnet.CcnetDecoder):
    """Reads a frame only when it comes in one piece."""

    def receive(self, data: bytes) -> tuple[ccnet.Message, ...]:
        self.clear()
        return super().receive(data)


class Waiting(ccnet.CcnetDecoder):
    """Waits for ever once it was told of a long frame."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = False

    def receive(self, data: bytes) -> tuple[ccnet.Message, ...]:
        found = super().receive(data)
        self.lost = self.lost or any(isinstance(one, ccnet.BadFrame) for one in found)
        return () if self.lost else found


class Slow(ccnet.CcnetDecoder):
    """Looks at everything again for each byte of a long piece."""

    def receive(self, data: bytes) -> tuple[ccnet.Message, ...]:
        until = time.thread_time() + (0.003 * len(data) if len(data) > 200 else 0.0)
        while time.thread_time() < until:
            self._buffer.find(0x02)
        return super().receive(data)


@pytest.mark.parametrize(
    ("broken", "name", "word"),
    [
        (Raising, "ccnet", "IndexError"),
        (Refusing, "ccnet", "ProtocolError"),
        (Hoarding, "aa55", "bytes are kept"),
        (Impatient, "ccnet", "reads otherwise when cut"),
        (Waiting, "ccnet", "not in step again"),
        (Slow, "ccnet", " s for "),
    ],
)
def test_a_broken_decoder_is_found_out(broken: type[Any], name: str, word: str) -> None:
    # what waits for ever reads otherwise when cut, too: here the other promise is looked at
    subject: Subject = replace(SUBJECTS[name], make=broken, splits=broken is not Waiting)
    with pytest.raises(Finding, match=word):
        Fuzz(subject, seed=1).run(BYTES)


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", files.READERS)
def test_hostile_files_are_read_or_refused_in_words(name: str) -> None:
    tried = files.fuzz(files.READERS[name], seed=1, times=400)
    assert tried.refused > 40, "nothing was refused: the run tried nothing"
    assert tried.read > 0
