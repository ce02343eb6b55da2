"""The counter's frames: published bytes read as what they say, and everything else named as a bad frame."""

from __future__ import annotations

import struct

import pytest

from devices.errors import ProtocolError
from devices.wire import aa55
from tests.devices.wire.frames import COUNTER, read_aa55

HANDSHAKE = COUNTER["handshake host->dev and echo"]
START = COUNTER["dev session start"]
NOTE_1 = COUNTER["dev note 1: CNY100 SN AB12345678, totals 1/100"]
NOTE_2 = COUNTER["dev note 2: CNY50 SN CD87654321, totals 2/150"]
REJECT = COUNTER["dev reject err 6 (totals unchanged 2/150)"]
DONE = COUNTER["dev completed 2/150"]
FULL = COUNTER["dev stacker full 2/150"]


def count_frame(error: int, status: int, mode: bytes = b"\x01\x01", extra: bytes = b"") -> bytes:
    """A count frame by the published layout, put together here and not by the module under test."""
    body = mode + struct.pack("<IIQ4s11s5sBBB", 2, 0, 150, b"CNY", b"", b"", error, status, 0) + extra
    return b"\xaa\x55" + struct.pack("<H", len(body)) + body + bytes([sum(body) % 256]) + b"\xa5\x5a"


PUBLISHED: list[tuple[bytes, aa55.Message]] = [
    (HANDSHAKE, aa55.Handshake()),
    (START, aa55.SessionStarted(START)),
    (NOTE_1, aa55.NoteCounted(1, 100, 100, "CNY", "AB12345678", NOTE_1)),
    (NOTE_2, aa55.NoteCounted(2, 50, 150, "CNY", "CD87654321", NOTE_2)),
    (REJECT, aa55.NoteRejected(6, 2, 150, REJECT)),
    (DONE, aa55.BatchFinished(2, 150, False, DONE)),
    (FULL, aa55.BatchFinished(2, 150, True, FULL)),
]


@pytest.mark.parametrize(("data", "message"), PUBLISHED)
def test_a_published_frame_reads_as_what_it_says(data: bytes, message: aa55.Message) -> None:
    assert read_aa55(data) == (message,)


def test_the_handshake_is_the_published_one() -> None:
    assert aa55.handshake() == HANDSHAKE


def test_every_split_of_a_stream_gives_the_same_messages() -> None:
    stream = b"".join(data for data, _ in PUBLISHED)
    whole = read_aa55(stream)
    assert whole == tuple(message for _, message in PUBLISHED)
    for cut in range(1, len(stream)):
        decoder = aa55.Aa55Decoder()
        assert decoder.receive(stream[:cut]) + decoder.receive(stream[cut:]) == whole
    decoder = aa55.Aa55Decoder()
    assert tuple(found for byte in stream for found in decoder.receive(bytes([byte]))) == whole


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (count_frame(0, 9), "status"),
        (count_frame(0, 2, mode=b"\x02\x01"), "mode"),
        (count_frame(0, 2, extra=b"\0"), "length"),
        (DONE[:-3] + bytes([DONE[-3] ^ 1]) + DONE[-2:], "checksum"),
        (DONE[:-1] + b"\0", "trailer"),
        (b"\xaa\x55\x01\x00", "length"),
        (b"\xaa\x55\x01\x01" + bytes(300), "length"),
    ],
)
def test_what_is_no_good_frame_is_named(data: bytes, reason: str) -> None:
    first = read_aa55(data)[0]
    assert isinstance(first, aa55.BadFrame)
    assert first.reason == reason


@pytest.mark.parametrize("junk", [b"\0\x01", b"\xaa", b"U\xaa\xaa"])
def test_noise_before_a_frame_is_told_and_the_frame_still_read(junk: bytes) -> None:
    assert read_aa55(junk + DONE) == (aa55.BadFrame("junk", junk), aa55.BatchFinished(2, 150, False, DONE))


def test_half_a_head_at_the_end_is_kept_for_the_next_bytes() -> None:
    decoder = aa55.Aa55Decoder()
    assert decoder.receive(b"\0" + DONE[:1]) == (aa55.BadFrame("junk", b"\0"),)
    assert decoder.receive(DONE[1:]) == (aa55.BatchFinished(2, 150, False, DONE),)


@pytest.mark.parametrize("status", [0, 2, 3, 4, 9])
def test_an_error_code_outside_a_note_is_never_a_good_end(status: int) -> None:
    data = count_frame(7, status)
    assert read_aa55(data) == (aa55.MachineError(7, status, data),)


def test_stand_by_is_read() -> None:
    data = count_frame(0, 4)
    assert read_aa55(data) == (aa55.StandBy(data),)


@pytest.mark.parametrize(("mode", "data"), [(b"\x01", b""), (b"\x01\x01", bytes(255))])
def test_a_frame_that_cannot_be_is_not_encoded(mode: bytes, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        aa55.encode(mode, data)
