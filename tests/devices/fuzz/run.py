"""One fuzz run: a hostile stream in chunks of all sizes into one decoder, every promise checked on the way.

Checked: nothing is raised (a decoder turns what it cannot read into a value); each chunk takes no more processor time
than its bytes allow; no more bytes wait in the decoder than its bound; the same bytes read the same however they are
cut; and a good frame behind any garbage is read again within its bound. A finding names the bytes that showed it.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.devices.fuzz.mutation import Mutator
from tests.devices.fuzz.subjects import Subject, is_good

SLOW_SECONDS = 0.5
SLOW_SECONDS_PER_BYTE = 200e-6
"""Processor time one chunk may take: a hundred times the usual, so that a busy machine is no finding."""
CHECK_EVERY = 16
SPLIT_BYTES = 600


class Finding(AssertionError):
    """A promise that did not hold."""


@dataclass
class Told:
    """What a run measured. ``slowest`` in seconds a byte, of chunks of 256 bytes at least; ``grown_kib`` is how much
    the process grew from the first tenth of the run to its end."""

    name: str
    bytes_fed: int = 0
    seconds: float = 0.0
    good: int = 0
    bad: int = 0
    most_held: int = 0
    slowest: float = 0.0
    latest_resync: int = 0
    splits: int = 0
    grown_kib: int = 0

    def __str__(self) -> str:
        return (
            f"{self.name:18} {self.bytes_fed:>11,} bytes {self.seconds:7.1f} s  good {self.good:>9,}"
            f" bad {self.bad:>10,}  held ≤ {self.most_held:4}  resync ≤ {self.latest_resync:4}"
            f"  slowest {self.slowest * 1e6:6.1f} µs/byte  grew {self.grown_kib} KiB"
        )


def held(decoder: Any) -> int:
    """Bytes that wait inside."""
    return sum(len(value) for value in vars(decoder).values() if isinstance(value, bytes | bytearray))


class Fuzz:
    """The run of one subject."""

    def __init__(self, subject: Subject, seed: int) -> None:
        self._subject = subject
        # a text seed: the generator hashes it the same in every process
        self._dice = random.Random(f"{subject.name} {seed}")
        self._mutator = Mutator(self._dice, subject.samples)
        self._decoder = subject.make()
        self.told = Told(subject.name)

    def run(self, size: int) -> Told:
        """Feed at least ``size`` bytes."""
        began, tenth = time.monotonic(), 0
        for number, chunk in enumerate(self._chunks(max(64, size // 20))):
            self._feed(chunk)
            if self._dice.random() < 0.6:
                self._subject.pause(self._decoder)
            if self._subject.splits and number % CHECK_EVERY == 0:
                self._split(b"".join(self._mutator.piece() for _ in range(4))[:SPLIT_BYTES])
            if self._subject.resync and number % CHECK_EVERY == 0:
                self._resync()
            if not tenth and self.told.bytes_fed * 10 >= size:
                tenth = _peak_kib()
            if self.told.bytes_fed >= size:
                break
        self.told.seconds = time.monotonic() - began
        self.told.grown_kib = _peak_kib() - tenth
        return self.told

    def _chunks(self, most: int) -> Iterator[bytes]:
        """Size 0 means piece by piece; a short run has no large chunks, or it were over after one."""
        stream = bytearray()
        while True:
            size = min(most, self._dice.choice(self._subject.chunks))
            while len(stream) < max(1, size):
                stream += self._mutator.piece()
            chunk = bytes(stream[: size or len(stream)])
            del stream[: len(chunk)]
            yield chunk

    def _feed(self, chunk: bytes) -> None:
        began = time.thread_time()
        try:
            found = self._decoder.receive(chunk)
            for message in found:
                self._subject.use(message)
        except Exception as error:
            raise Finding(f"{self._subject.name}: {error!r} on {chunk[-200:].hex(' ')}") from error
        took = time.thread_time() - began
        if took > SLOW_SECONDS + SLOW_SECONDS_PER_BYTE * len(chunk):
            raise Finding(
                f"{self._subject.name}: {took:.2f} s for {len(chunk)} bytes: {chunk[:100].hex(' ')}…"
            )
        told = self.told
        if len(chunk) >= 256:
            told.slowest = max(told.slowest, took / len(chunk))
        good = sum(map(is_good, found))
        told.good, told.bad = told.good + good, told.bad + len(found) - good
        told.bytes_fed += len(chunk)
        waiting = held(self._decoder)
        told.most_held = max(told.most_held, waiting)
        if waiting > self._subject.held:
            raise Finding(f"{self._subject.name}: {waiting} bytes are kept, {self._subject.held} are allowed")

    def _split(self, stream: bytes) -> None:
        """Whole, byte by byte and cut at random places: the same good messages."""
        at, parts = 0, []
        while at < len(stream):
            step = self._dice.randrange(1, 40)
            parts.append(stream[at : at + step])
            at += step
        whole = self._good_of([stream])
        for cut in ([stream[at : at + 1] for at in range(len(stream))], parts):
            if self._good_of(cut) != whole:
                raise Finding(f"{self._subject.name}: reads otherwise when cut: {stream.hex(' ')}")
        self.told.splits += 1

    def _good_of(self, parts: list[bytes]) -> list[Any]:
        decoder = self._subject.make()
        return [one for part in parts for one in decoder.receive(part) if is_good(one)]

    def _resync(self) -> None:
        """Good frames behind the garbage so far: how many bytes of them until one is read."""
        beacon = self._subject.beacon or self._subject.samples[0]
        wanted = next(one for one in self._subject.make().receive(beacon) if is_good(one))
        self._subject.pause(self._decoder)
        fed = 0
        while True:
            found = self._decoder.receive(beacon)
            fed += len(beacon)
            if wanted in found:
                break
            if fed > self._subject.resync:
                raise Finding(f"{self._subject.name}: not in step again after {fed} bytes of good frames")
        self.told.latest_resync = max(self.told.latest_resync, fed)


def _peak_kib() -> int:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
