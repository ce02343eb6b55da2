"""CCNET frames: published bytes both ways, every cut and every turned bit, noise, and what a machine's answers say."""

from __future__ import annotations

import random

import pytest

from devices.errors import ProtocolError
from devices.wire import ccnet
from devices.wire.ccnet import BadFrame, CcnetDecoder, Command, Frame, Message, State
from tests.devices.decode.validator_frames import Frame as Published
from tests.devices.decode.validator_frames import load, one_bit_turned

FRAMES = load("ccnet")
BY_NAME = {frame.name: frame.data for frame in FRAMES}
SENT = {
    "host RESET": ccnet.encode(Command.RESET),
    "host GET STATUS": ccnet.encode(Command.GET_STATUS),
    "host SET SECURITY 000000": ccnet.encode(Command.SET_SECURITY, bytes(3)),
    "host POLL": ccnet.encode(Command.POLL),
    "host ENABLE all types, escrow all": ccnet.enable(),
    "host ENABLE all types, no escrow": ccnet.enable(escrow=ccnet.NO_TYPES),
    "host DISABLE all": ccnet.enable(ccnet.NO_TYPES, ccnet.NO_TYPES),
    "host STACK": ccnet.encode(Command.STACK),
    "host RETURN": ccnet.encode(Command.RETURN),
    "host IDENTIFICATION": ccnet.encode(Command.IDENTIFICATION),
    "host HOLD": ccnet.encode(Command.HOLD),
    "host GET BILL TABLE": ccnet.encode(Command.GET_BILL_TABLE),
    "host GET CRC32": ccnet.encode(Command.GET_CRC32),
}
FROM_DEVICE = tuple(frame.data for frame in FRAMES if frame.name.startswith("dev "))
LONG = b"\x02\x03\xff" + bytes(range(250))
LONG += ccnet.crc(LONG).to_bytes(2, "little")


def read(data: bytes) -> tuple[Message, ...]:
    return CcnetDecoder().receive(data)


def test_the_crc_is_kermit() -> None:
    assert ccnet.crc(b"123456789") == 0x2189


def test_the_host_sends_the_published_frames() -> None:
    assert {frame.name: frame.data for frame in FRAMES if frame.name.startswith("host ")} == SENT


@pytest.mark.parametrize("data", FROM_DEVICE, ids=lambda data: data.hex())
def test_a_published_answer_is_read(data: bytes) -> None:
    assert read(data) == (Frame(3, data[3:-2]),)
    code, answer = data[3], ccnet.poll_answer(data[3:-2])
    assert answer is not None
    detail = data[4] if len(data) == 7 else None
    assert (answer.code, answer.detail) == (code, detail)
    assert answer.state == (None if code in (0x00, 0xFF) else State(code))


def test_every_cut_of_a_stream_reads_the_same() -> None:
    stream = b"".join((*FROM_DEVICE, LONG))
    whole = read(stream)
    assert len(whole) == len(FROM_DEVICE) + 1
    assert all(isinstance(message, Frame) for message in whole)
    for cut in range(1, len(stream)):
        decoder = CcnetDecoder()
        assert decoder.receive(stream[:cut]) + decoder.receive(stream[cut:]) == whole
    decoder = CcnetDecoder()
    assert tuple(message for byte in stream for message in decoder.receive(bytes([byte]))) == whole


@pytest.mark.parametrize("data", FROM_DEVICE, ids=lambda data: data.hex())
def test_a_turned_bit_is_never_believed(data: bytes) -> None:
    for changed in one_bit_turned(data):
        assert all(isinstance(message, BadFrame) for message in read(changed)), changed.hex(" ")


@pytest.mark.parametrize("frame", load("ccnet", "wrong"), ids=lambda frame: frame.name)
def test_what_other_programs_send_wrongly_is_not_read(frame: Published) -> None:
    assert all(isinstance(message, BadFrame) for message in read(frame.data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x10\x11" + FROM_DEVICE[0], "junk"),
        (b"\x02\x03\x05\x00\x00", "length"),
        (b"\x02\x03\x00\x50\x01\x2c", "length"),
        (FROM_DEVICE[0][:-1] + b"\x00", "check"),
    ],
)
def test_what_is_no_frame_is_named(data: bytes, reason: str) -> None:
    first = read(data)[0]
    assert isinstance(first, BadFrame)
    assert first.reason == reason


def test_a_cut_frame_ends_with_the_next_command() -> None:
    decoder = CcnetDecoder()
    assert decoder.receive(LONG[:100]) == ()
    decoder.clear()
    assert decoder.receive(FROM_DEVICE[0]) == (Frame(3, b"\x00"),)


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises_never_hangs_and_is_not_kept(seed: int) -> None:
    dice = random.Random(seed)
    stream = bytearray()
    while len(stream) < 20_000:
        piece = bytearray(dice.choice((*FROM_DEVICE, LONG)))
        piece[dice.randrange(len(piece))] ^= dice.choice((0, 0, 1, 0x80, 0xFF))
        stream += piece[: dice.choice((3, 7, 300))] + dice.randbytes(dice.choice((0, 0, 5)))
    decoder, at, good = CcnetDecoder(), 0, 0
    while at < len(stream):
        size = dice.choice((1, 2, 7, 64))
        found = decoder.receive(bytes(stream[at : at + size]))
        at += size
        good += sum(isinstance(message, Frame) for message in found)
        assert len(decoder._buffer) <= ccnet.MAX_LENGTH
    assert good > 100
    assert decoder.receive(FROM_DEVICE[0] * 300)[-1] == Frame(3, b"\x00")


@pytest.mark.parametrize(
    ("command", "data", "address"), [(0x34, bytes(250), 3), (256, b"", 3), (0x33, b"", 256)]
)
def test_a_frame_that_cannot_be_is_not_encoded(command: int, data: bytes, address: int) -> None:
    with pytest.raises(ProtocolError):
        ccnet.encode(command, data, address)


@pytest.mark.parametrize("data", [b"\x80", b"\x1c", b"\x47"])
def test_a_state_without_its_byte_is_no_answer(data: bytes) -> None:
    assert ccnet.poll_answer(data) is None


def test_a_code_nobody_lists_has_no_state() -> None:
    assert ccnet.poll_answer(b"\x55\x01") == ccnet.PollAnswer(0x55, None, 1)


@pytest.mark.parametrize(
    ("entry", "bill"),
    [
        (b"\x01CHN\x02", ccnet.BillType("CHN", 10000)),
        (b"\x05CHN\x00", ccnet.BillType("CHN", 500)),
        (b"\x05CHN\x81", ccnet.BillType("CHN", 50)),
        (b"\x19E\x00R\x00", ccnet.BillType("E?R", 2500)),
        (b"\x01CHN\x83", None),
        (b"\x01CHN\x0a", None),
        (b"\x00CHN\x02", None),
    ],
)
def test_a_bill_is_mantissa_country_and_exponent(entry: bytes, bill: ccnet.BillType | None) -> None:
    table = ccnet.bill_table(entry + bytes(115))
    assert table is not None
    assert (len(table), table[0], table[23]) == (24, bill, None)
    assert ccnet.bill_table(entry) is None


def test_an_identification_has_its_serial_number_behind_the_part_number() -> None:
    found = ccnet.identification(b"SM-RU1353".ljust(15) + b"21K500000123" + b"\x01\x02\x03\x04\x05\x06\x07")
    assert found == ccnet.Identification("SM-RU1353", "21K500000123", "01 02 03 04 05 06 07")
    assert ccnet.identification(bytes(26)) is None
