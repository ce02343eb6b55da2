"""Bytes that lie: every single bit turned, and noise. A decoder may refuse; it may not believe, raise, hang or grow."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from devices.wire import aa55, ebds
from devices.wire.t5040 import MAX_PENDING, T5040Decoder
from tests.devices.wire.frames import FROM_COUNTER, FROM_DETECTOR, read_aa55, read_ebds
from tests.devices.wire.test_ebds import note
from tests.devices.wire.test_t5040 import POSTING_FROM_PRINTER

FUZZ_BYTES = 20_000
ANSWERS = (
    b"\x1b[0!z", b'\x1b[1;4"z', b"\x1b[17!t", b'\x1b[992"t', b"\x1b[0;4;94;1;1;0;1;5040;0#z", POSTING_FROM_PRINTER,
)  # fmt: skip


def one_bit_turned(frame: bytes, bits: int = 8) -> list[bytes]:
    """The frame with each bit turned in its turn."""
    turned = []
    for at in range(len(frame)):
        for bit in range(bits):
            changed = bytearray(frame)
            changed[at] ^= 1 << bit
            turned.append(bytes(changed))
    return turned


@pytest.mark.parametrize("frame", FROM_COUNTER, ids=range(len(FROM_COUNTER)))
def test_a_counter_frame_with_one_bit_turned_is_never_believed(frame: bytes) -> None:
    for changed in one_bit_turned(frame):
        found = read_aa55(changed) + read_aa55(changed + FROM_COUNTER[-1])[:-1]
        assert all(isinstance(one, aa55.BadFrame) for one in found), changed.hex()


@pytest.mark.parametrize("frame", [*FROM_DETECTOR, note()], ids=range(len(FROM_DETECTOR) + 1))
def test_a_detector_frame_with_one_bit_turned_is_never_believed(frame: bytes) -> None:
    for changed in one_bit_turned(frame):
        assert all(isinstance(one, ebds.BadFrame) for one in read_ebds(changed)), changed.hex()
    for changed in one_bit_turned(frame, bits=7):
        assert all(isinstance(one, ebds.BadFrame) for one in read_ebds(changed, seven_bit=True)), (
            changed.hex()
        )


def test_a_damaged_frame_costs_only_itself() -> None:
    for changed in one_bit_turned(FROM_COUNTER[1]):
        decoder = aa55.Aa55Decoder()
        found = decoder.receive(changed + FROM_COUNTER[2] * 8)
        assert found[-1] == read_aa55(FROM_COUNTER[2])[0], changed.hex()
    for changed in one_bit_turned(FROM_DETECTOR[1]):
        found_by_detector = read_ebds(changed + FROM_DETECTOR[2] * 16)
        assert found_by_detector[-1] == read_ebds(FROM_DETECTOR[2])[0], changed.hex()


def mutated(samples: tuple[bytes, ...], seed: int) -> bytes:
    """A stream of good, cut, doubled and damaged frames with noise between, of at least FUZZ_BYTES."""
    dice = random.Random(seed)
    stream = bytearray()
    while len(stream) < FUZZ_BYTES:
        piece = bytearray(dice.choice(samples))
        for _ in range(dice.choice((0, 0, 1, 1, 4))):
            piece[dice.randrange(len(piece))] = dice.randrange(256)
        kind = dice.randrange(6)
        if kind == 0:
            piece = piece[: dice.randrange(len(piece))]
        elif kind == 1:
            piece = piece * 2
        elif kind == 2:
            piece += dice.randbytes(dice.randrange(40))
        stream += piece
    return bytes(stream)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("make", "samples", "bound"),
    [
        (aa55.Aa55Decoder, FROM_COUNTER, 4 + aa55.MAX_LENGTH + 3),
        (ebds.EbdsDecoder, (*FROM_DETECTOR, note()), ebds.MAX_LENGTH),
        (lambda: ebds.EbdsDecoder(seven_bit=False), (*FROM_DETECTOR, note()), ebds.MAX_LENGTH),
        (T5040Decoder, ANSWERS, MAX_PENDING),
    ],
    ids=["aa55", "ebds", "ebds-8", "t5040"],
)
def test_noise_never_raises_never_hangs_and_is_not_kept(
    make: Callable[[], Any], samples: tuple[bytes, ...], bound: int, seed: int
) -> None:
    dice = random.Random(seed)
    stream = dice.randbytes(FUZZ_BYTES) + mutated(samples, seed)
    decoder, at, messages = make(), 0, 0
    while at < len(stream):
        size = dice.choice((1, 2, 3, 7, 64, 300))
        messages += len(decoder.receive(stream[at : at + size]))
        at += size
        assert len(decoder._buffer) <= bound
    assert 0 < messages <= len(stream)
    assert decoder.receive(samples[0] * 300)[-1:] == make().receive(samples[0])[-1:]
