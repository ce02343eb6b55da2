"""The counter's frames explained: what each says, any wrong bit refused, no other opinion than the driver's wire."""

from __future__ import annotations

import random

import pytest

from devices.decode.aa55 import explain
from devices.decode.reading import DEVICE, HOST
from devices.wire import aa55
from tests.devices.wire.frames import COUNTER, read_aa55
from tests.devices.wire.test_hostile_bytes import one_bit_turned

HANDSHAKE = "handshake host->dev and echo"
SAID = {
    "dev session start": ("SESSION START", {"status": 0, "total_pieces": 0, "total_amount": 0}),
    "dev note 1: CNY100 SN AB12345678, totals 1/100": (
        "NOTE", {"denomination": 100, "currency": "CNY", "serial_number": "AB12345678", "total_amount": 100},
    ),
    "dev note 2: CNY50 SN CD87654321, totals 2/150": (
        "NOTE", {"denomination": 50, "serial_number": "CD87654321", "total_pieces": 2, "check": "e2"},
    ),
    "dev reject err 6 (totals unchanged 2/150)": ("REJECT", {"error_code": 6, "total_amount": 150}),
    "dev completed 2/150": ("COMPLETED", {"status": 2, "total_pieces": 2, "total_amount": 150}),
    "dev stacker full 2/150": ("STACKER FULL", {"status": 3}),
}  # fmt: skip


def test_every_published_frame_is_among_these() -> None:
    assert {HANDSHAKE, *SAID} == set(COUNTER)


@pytest.mark.parametrize(("name", "said"), SAID.items())
def test_a_frame_says_what_it_says(name: str, said: tuple[str, dict[str, object]]) -> None:
    for direction in (DEVICE, ""):
        reading = explain(COUNTER[name], direction, b"")[0]
        assert (reading.valid, reading.name, reading.direction) == (True, said[0], DEVICE)
        assert said[1].items() <= dict(reading.fields).items()


def test_the_handshake_is_read_both_ways_and_a_count_only_one() -> None:
    assert [one.direction for one in explain(COUNTER[HANDSHAKE], "", b"") if one.valid] == [HOST, DEVICE]
    (reading,) = explain(COUNTER["dev completed 2/150"], HOST, b"")
    assert not reading.valid
    assert "never sends a count" in reading.error


@pytest.mark.parametrize("name", COUNTER)
@pytest.mark.parametrize("direction", ["", DEVICE, HOST])
def test_any_wrong_bit_is_refused_with_a_reason(name: str, direction: str) -> None:
    for changed in one_bit_turned(COUNTER[name]):
        assert all(not one.valid and one.error for one in explain(changed, direction, b"")), changed.hex()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda frame: frame[1:], "begins with aa 55"),
        (lambda frame: frame[:8], "cut"),
        (lambda frame: frame[:-1], "length 41 means 48 bytes, and here are 47"),
        (lambda frame: frame + b"\0", "and here are 49"),
        (lambda frame: frame[:-1] + b"\0", "ends with a5 5a"),
        (lambda frame: frame[:-3] + b"\x00\xa5\x5a", "checksum 00, the sum is 86"),
        (lambda frame: aa55.encode(b"\x01\x02", b"\0"), "mode 01 02 is not known"),
        (lambda frame: aa55.encode(b"\x01\x01", bytes(38)), "39 bytes of data, not 38"),
        (lambda frame: aa55.encode(b"\x01\x01", bytes(37) + b"\5\0"), "status 5 is not known"),
        (lambda frame: b"\xaa\x55\x01\x00" + bytes(9), "length 1 is not in 2..256"),
    ],
)
def test_what_is_wrong_is_said(change: object, reason: str) -> None:
    assert callable(change)
    (reading,) = explain(change(COUNTER["dev completed 2/150"]), DEVICE, b"")
    assert not reading.valid
    assert reason in reading.error


def test_trouble_without_a_note_is_no_reject() -> None:
    data = bytes(36) + b"\7\2\0"
    (reading,) = explain(aa55.encode(b"\x01\x01", data), DEVICE, b"")
    assert (reading.name, reading.fields["error_code"]) == ("MACHINE ERROR", 7)


def test_the_explainer_and_the_wire_agree_on_every_damaged_frame() -> None:
    """Two and more wrong bits can pass the sum: then both believe, and never only one of them."""
    dice = random.Random(7)
    believed = 0
    for _ in range(3000):
        frame = bytearray(dice.choice(tuple(COUNTER.values())))
        at, bit = dice.randrange(len(frame)), dice.randrange(8)
        other = dice.randrange(6, len(frame) - 3)
        frame[at] ^= 1 << bit
        frame[other] ^= 1 << bit
        (reading,) = explain(bytes(frame), DEVICE, b"")
        messages = read_aa55(bytes(frame))
        wire = len(messages) == 1 and not isinstance(messages[0], aa55.BadFrame)
        assert reading.valid == wire, frame.hex()
        believed += wire
    assert believed > 10
