"""SSP frames: published bytes both ways, doubling, every cut and every turned bit, noise, and what answers say."""

from __future__ import annotations

import random

import pytest

from devices.errors import ProtocolError
from devices.wire import ssp
from devices.wire.ssp import BadFrame, Channel, Command, Event, Frame, Message, PollEvent, SspDecoder
from tests.devices.decode.validator_frames import Frame as Published
from tests.devices.decode.validator_frames import load, one_bit_turned

FRAMES = load("ssp")
BY_NAME = {frame.name: frame.data for frame in FRAMES}
SENT = {
    "host SYNC seq1": (1, bytes([Command.SYNC])),
    "host RESET seq0": (0, bytes([Command.RESET])),
    "host POLL seq1": (1, bytes([Command.POLL])),
    "host ENABLE seq0": (0, bytes([Command.ENABLE])),
    "host DISABLE seq1": (1, bytes([Command.DISABLE])),
    "host REJECT seq1": (1, bytes([Command.REJECT])),
    "host HOST PROTOCOL 6 seq0": (0, bytes([Command.HOST_PROTOCOL, 6])),
    "host SETUP REQUEST seq1": (1, bytes([Command.SETUP_REQUEST])),
    "host SERIAL seq0": (0, bytes([Command.SERIAL])),
    "host INHIBITS FF FF seq1": (1, bytes([Command.INHIBITS, 0xFF, 0xFF])),
    "host HOLD seq0": (0, bytes([Command.HOLD])),
    "host LAST REJECT seq0": (0, bytes([Command.LAST_REJECT])),
    "host KEY EXCHANGE 7554354432121": (
        1,
        bytes([Command.KEY_EXCHANGE]) + (7554354432121).to_bytes(8, "little"),
    ),
    "dev stuffing: data byte 7F seq0": (0, b"\x7f"),
}
DOUBLED = b"\x7f\x7f\x7f\x00" + b"\x7f\x7f" * 0x7F + b"\x00"


def read(data: bytes) -> tuple[Message, ...]:
    return SspDecoder().receive(data)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("", 255, 255), ("A", 132, 252), ("ABC", 155, 6), ("AAAAAAAA", 232, 166), ("ABCD", 140, 154)],
)
def test_the_crc_is_the_published_one(text: str, low: int, high: int) -> None:
    """kybarg/ssp lib/utils.test.js."""
    assert ssp.crc(text.encode()).to_bytes(2, "little") == bytes([low, high])
    assert ssp.crc(b"123456789") == 0xAEE7


@pytest.mark.parametrize("name", SENT)
def test_the_host_sends_the_published_frames(name: str) -> None:
    assert ssp.encode(*SENT[name]) == BY_NAME[name]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_published_frame_is_read(frame: Published) -> None:
    data = frame.data
    inside = data[3:-2].replace(b"\x7f\x7f", b"\x7f")
    assert read(data) == (Frame(data[1] >> 7, 0, inside),)


@pytest.mark.parametrize("content", [b"\x7f", b"\x7f" * 127, b"\x7f" * 255, bytes(range(256))[1:]])
@pytest.mark.parametrize("address", [0, 0x10, 0x7F])
def test_bytes_that_look_like_a_beginning_are_doubled_and_come_back(content: bytes, address: int) -> None:
    """With a length of 7F, an address of 7F and, in some of these, a CRC with one."""
    data = ssp.encode(0, content, address)
    assert data[1:].count(0x7F) % 2 == 0
    assert read(data) == (Frame(0, address, content),)


def test_a_crc_byte_of_7f_is_doubled() -> None:
    doubled = [
        data for number in range(2000) if 0x7F in (data := ssp.encode(1, number.to_bytes(2, "big")))[-2:]
    ]
    assert len(doubled) > 3
    assert all(isinstance(read(data)[0], Frame) and len(read(data)) == 1 for data in doubled)


def test_every_cut_of_a_stream_reads_the_same() -> None:
    stream = b"".join(frame.data for frame in FRAMES) + ssp.encode(1, b"\x7f\x00\x7f\x7f", 0x7F)
    whole = read(stream)
    assert len(whole) == len(FRAMES) + 1
    assert all(isinstance(message, Frame) for message in whole)
    for cut in range(1, len(stream)):
        decoder = SspDecoder()
        assert decoder.receive(stream[:cut]) + decoder.receive(stream[cut:]) == whole
    decoder = SspDecoder()
    assert tuple(message for byte in stream for message in decoder.receive(bytes([byte]))) == whole


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_turned_bit_is_never_believed(frame: Published) -> None:
    data = frame.data
    for changed in one_bit_turned(data):
        assert all(isinstance(message, BadFrame) for message in read(changed)), changed.hex(" ")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x00\x01", (BadFrame("junk", b"\x00\x01"),)),
        (b"\x7f\x80\x00\xff\xff", (BadFrame("length", b"\x80\x00\xff\xff"),)),
        (b"\x7f\x80\x01\x07\x12\x03", (BadFrame("check", b"\x80\x01\x07\x12\x03"),)),
        (b"\x7f\x80\x05" + BY_NAME["dev OK seq1"], (BadFrame("restart", b"\x80\x05"), Frame(1, 0, b"\xf0"))),
        (b"\x7f" + BY_NAME["dev OK seq1"], (Frame(1, 0, b"\xf0"),)),
        (b"\x05" + BY_NAME["dev OK seq1"], (BadFrame("junk", b"\x05"), Frame(1, 0, b"\xf0"))),
    ],
)
def test_what_is_no_frame_is_named_and_the_next_frame_read(data: bytes, found: tuple[Message, ...]) -> None:
    assert read(data) == found


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises_never_hangs_and_is_not_kept(seed: int) -> None:
    dice = random.Random(seed)
    samples = (*(frame.data for frame in FRAMES), ssp.encode(1, b"\x7f" * 255), DOUBLED)
    stream = bytearray()
    while len(stream) < 20_000:
        piece = bytearray(dice.choice(samples))
        piece[dice.randrange(len(piece))] ^= dice.choice((0, 0, 1, 0x80, 0xFF))
        stream += piece[: dice.choice((3, 7, 600))] + dice.randbytes(dice.choice((0, 0, 5)))
    decoder, at, good = SspDecoder(), 0, 0
    while at < len(stream):
        size = dice.choice((1, 2, 7, 64))
        found = decoder.receive(bytes(stream[at : at + size]))
        at += size
        good += sum(isinstance(message, Frame) for message in found)
        assert len(decoder._buffer) <= ssp.MAX_DATA + 4
    assert good > 100
    assert decoder.receive(BY_NAME["dev OK seq1"] * 2)[-1] == Frame(1, 0, b"\xf0")


@pytest.mark.parametrize(
    ("sequence", "data", "address"), [(2, b"a", 0), (0, b"", 0), (0, bytes(256), 0), (0, b"a", 128)]
)
def test_a_frame_that_cannot_be_is_not_encoded(sequence: int, data: bytes, address: int) -> None:
    with pytest.raises(ProtocolError):
        ssp.encode(sequence, data, address)


@pytest.mark.parametrize(
    ("data", "protocol", "found"),
    [
        ("F1 E8", 4, [(Event.SLAVE_RESET, b""), (Event.DISABLED, b"")]),
        ("EF 03 CC", 4, [(Event.READ, b"\x03"), (Event.STACKING, b"")]),
        ("DA FA 05 00 00 E8", 5, [(Event.DISPENSING, bytes.fromhex("FA050000")), (Event.DISABLED, b"")]),
        (
            "DA 01 FA 05 00 00 45 55 52 E8",
            6,
            [(Event.DISPENSING, b"\x01\xfa\x05\0\0EUR"), (Event.DISABLED, b"")],
        ),
        ("DC 01 00 00 00 02 00 00 00", 5, [(Event.INCOMPLETE_PAYOUT, bytes.fromhex("0100000002000000"))]),
        ("DC 00 E8", 6, [(Event.INCOMPLETE_PAYOUT, b"\0"), (Event.DISABLED, b"")]),
        ("CE E8", 7, [(Event.HELD_IN_BEZEL, b""), (Event.DISABLED, b"")]),
        ("CE 01 00 00 00 45 55 52 E8", 8, [(Event.HELD_IN_BEZEL, b"\1\0\0\0EUR"), (Event.DISABLED, b"")]),
        ("B1 01 E8", 6, [(Event.ERROR_DURING_PAYOUT, b"\1"), (Event.DISABLED, b"")]),
        ("B1 00 01 E8", 7, [(Event.ERROR_DURING_PAYOUT, b"\0\1"), (Event.DISABLED, b"")]),
        ("", 4, []),
    ],
)
def test_events_have_the_length_of_their_protocol_version(
    data: str, protocol: int, found: list[tuple[Event, bytes]]
) -> None:
    expected = tuple(PollEvent(event, event, brought) for event, brought in found)
    assert ssp.events(bytes.fromhex(data), protocol) == expected


@pytest.mark.parametrize(
    ("data", "protocol"), [("EF", 4), ("E8 EE", 4), ("DA 01 02 03", 5), ("DA 02 00", 6), ("DA", 6)]
)
def test_an_event_that_is_cut_is_no_answer(data: str, protocol: int) -> None:
    assert ssp.events(bytes.fromhex(data), protocol) is None


def test_behind_a_code_nobody_lists_nothing_is_read() -> None:
    found = ssp.events(b"\xe8\xa0\xef\x03")
    assert found == (PollEvent(0xE8, Event.DISABLED), PollEvent(0xA0, None, b"\xef\x03"))
    assert [one.channel for one in found] == [None, None]
    assert PollEvent(0xEF, Event.READ, b"\x03").channel == 3


def setup(protocol: int, real: bytes = b"\0\0\x64", tail: bytes = b"") -> bytes:
    return b"\x000100CNY\0\0\x01\x02\x05\x0a\2\2" + real + bytes([protocol]) + tail


OLD = (Channel("CNY", 500), Channel("CNY", 1000))


@pytest.mark.parametrize(
    ("data", "channels"),
    [
        (setup(5), OLD),
        (setup(5, b"\0\0\x01"), (Channel("CNY", 5), Channel("CNY", 10))),
        (setup(5, b"\x40\0\0"), (Channel("CNY", 0), Channel("CNY", 0))),
        (setup(6, tail=b"CNYUSD" + b"\x64\0\0\0\xe8\3\0\0"), (Channel("CNY", 10000), Channel("USD", 100000))),
    ],
)
def test_a_setup_tells_the_channels(data: bytes, channels: tuple[Channel, ...]) -> None:
    found = ssp.setup(data)
    assert found is not None
    assert (found.unit_type, found.firmware, found.country, found.channels) == (0, "0100", "CNY", channels)


@pytest.mark.parametrize(
    "data", [b"", setup(5)[:-1], setup(6), b"\x03" + setup(5)[1:], b"\x09" + setup(5)[1:]]
)
def test_a_setup_that_is_cut_or_of_a_coin_machine_is_none(data: bytes) -> None:
    assert ssp.setup(data) is None


def test_a_serial_number_is_four_bytes_big_endian() -> None:
    """GA138: 01873452."""
    assert ssp.serial_number(b"\x00\x1c\x96\x2c") == 1873452
    assert ssp.serial_number(b"\x00\x1c\x96") is None
