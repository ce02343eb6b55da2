"""ccTalk's frames: published bytes both ways, the captured cipher, the echo, the event ring, and what is refused."""

from __future__ import annotations

import random

import pytest

from devices.errors import ProtocolError
from devices.wire import cctalk
from devices.wire.cctalk import BadFrame, BillEvent, BusFault, Check, Codec, Echo, EventLog, Frame, Header
from devices.wire.cctalk_cipher import CipherKey, decipher, encipher
from tests.devices.wire.validators import (
    CCTALK,
    CODECS,
    CRC16,
    CRCS,
    ENCIPHERED,
    EXCHANGES,
    KEY,
    WRONG,
    cuts,
    one_bit_turned,
    read_cctalk,
)

SIMPLE, CRC = CODECS["simple"], CODECS["crc16"]
SENT = {
    "simple poll": (Header.SIMPLE_POLL, b""),
    "read buffered bill events": (Header.EVENTS, b""),
    "route: return": (Header.ROUTE, cctalk.RETURN_BILL),
    "route: stack": (Header.ROUTE, cctalk.STACK_BILL),
    "route: extend escrow": (Header.ROUTE, cctalk.EXTEND_ESCROW),
    "inhibit mask all enabled": (Header.INHIBITS, cctalk.ALL_BILLS),
    "master inhibit normal": (Header.MASTER_INHIBIT, cctalk.NORMAL),
    "master inhibit blocked": (Header.MASTER_INHIBIT, cctalk.INHIBITED),
    "operating mode stacker+escrow": (Header.MODE, bytes([cctalk.MODE_STACKER | cctalk.MODE_ESCROW])),
    "bill id 3": (Header.BILL_ID, b"\x03"),
    "country scaling EU": (Header.SCALING, b"EU"),
    "reset": (Header.RESET, b""),
}
SENT_CRC = {"simple poll": Header.SIMPLE_POLL, "events request": Header.EVENTS, "reset": Header.RESET}
ANSWERS = {
    "simple": tuple(dict.fromkeys(answer for _, answer in EXCHANGES)),
    "crc16": (CRC16["ACK reply"], *(clear for _, _, clear in ENCIPHERED[1:])),
    "enciphered": tuple(wire for _, wire, _ in ENCIPHERED[1:]),
}
BY_CODEC = pytest.mark.parametrize("kind", sorted(ANSWERS))


@pytest.mark.parametrize("name", sorted(SENT))
def test_a_request_is_the_published_bytes(name: str) -> None:
    assert SIMPLE.request(*SENT[name]).hex() == CCTALK[name].hex()


@pytest.mark.parametrize("name", sorted(SENT_CRC))
def test_a_crc_request_is_the_published_bytes(name: str) -> None:
    assert CRC.request(SENT_CRC[name]).hex() == CRC16[name].hex()


@pytest.mark.parametrize(("data", "value"), CRCS)
def test_the_crc_is_the_specifications(data: bytes, value: int) -> None:
    assert cctalk.crc16(data) == value


def test_the_check_values_of_the_reference() -> None:
    assert cctalk.crc16(b"123456789") == 0x31C3
    assert cctalk.simple_check(bytes.fromhex("280001FE")) == 0xD9


@pytest.mark.parametrize(("request_frame", "answer"), EXCHANGES)
def test_the_specifications_transcript_is_read_behind_its_echo(request_frame: bytes, answer: bytes) -> None:
    assert SIMPLE.request(request_frame[3], request_frame[4:-1]) == request_frame
    found = read_cctalk(request_frame + answer, echo=request_frame)
    assert found == (Echo(), Frame(cctalk.HOST, cctalk.VALIDATOR, 0, answer[4:-1]))


@pytest.mark.parametrize(("name", "wire", "clear"), ENCIPHERED)
def test_the_captured_cipher_is_read_and_made(name: str, wire: bytes, clear: bytes) -> None:
    assert decipher(wire[2:], KEY).hex() == clear[2:].hex(), name
    assert encipher(clear[2:], KEY).hex() == wire[2:].hex()
    assert CODECS["enciphered"].decode(wire) == CRC.decode(clear)
    assert CODECS["enciphered"].encode(wire[0], 0, clear[3], clear[4:-1]) == wire


def test_every_digit_of_a_key_matters_and_every_length_comes_back() -> None:
    dice = random.Random(1)
    block = dice.randbytes(14)
    assert (
        len({encipher(block, CipherKey.of(f"{place:06d}")) for place in (0, 1, 10, 100, 1000, 10000, 100000)})
        == 7
    )
    for size in range(40):
        key = CipherKey.of(f"{dice.randrange(10**6):06d}")
        data = dice.randbytes(size)
        assert decipher(encipher(data, key), key) == data


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345x", "１２３４５６", "-12345"])
def test_a_key_is_six_digits_and_never_shown(text: str) -> None:
    with pytest.raises(ProtocolError):
        CipherKey.of(text)
    assert "1, 2" not in repr(KEY)
    assert "123456" not in repr(KEY)


@BY_CODEC
def test_every_cut_of_a_stream_reads_the_same(kind: str) -> None:
    codec = CODECS[kind]
    request = codec.request(Header.EVENTS)
    stream = request + b"".join(ANSWERS[kind][:6])
    whole = read_cctalk(stream, codec, request)
    assert len(whole) == 1 + len(ANSWERS[kind][:6])
    for pieces in cuts(stream):
        decoder = cctalk.CctalkDecoder(codec)
        decoder.sent(request)
        assert tuple(one for piece in pieces for one in decoder.receive(piece)) == whole


@BY_CODEC
def test_an_answer_with_one_bit_turned_is_never_believed(kind: str) -> None:
    for answer in ANSWERS[kind]:
        for changed in one_bit_turned(answer):
            found = read_cctalk(changed, CODECS[kind])
            assert all(isinstance(one, BadFrame) for one in found), changed.hex()
            assert isinstance(CODECS[kind].decode(changed), BadFrame)


@pytest.mark.parametrize("data", WRONG)
def test_a_frame_known_to_go_about_wrong_is_refused(data: bytes) -> None:
    assert isinstance(SIMPLE.decode(data), BadFrame)
    assert not any(isinstance(one, Frame) for one in read_cctalk(data))


@BY_CODEC
def test_an_echo_with_one_bit_turned_is_a_bus_fault(kind: str) -> None:
    codec = CODECS[kind]
    request = codec.request(Header.EVENTS)
    for changed in one_bit_turned(request):
        for pieces in (
            (changed + ANSWERS[kind][0],),
            tuple(bytes([one]) for one in changed + ANSWERS[kind][0]),
        ):
            decoder = cctalk.CctalkDecoder(codec)
            decoder.sent(request)
            (fault,) = [one for piece in pieces for one in decoder.receive(piece)]
            assert isinstance(fault, BusFault)
            assert fault.sent == request
            assert changed.startswith(fault.heard)


def test_a_line_without_echo_is_a_bus_fault() -> None:
    request = CCTALK["read buffered bill events"]
    (fault,) = read_cctalk(CCTALK["ACK reply"], echo=request)
    assert fault == BusFault(request, b"\x01")


@pytest.mark.parametrize("frame", [SIMPLE.encode(2, 40, 0), SIMPLE.encode(1, 41, 0), CCTALK["simple poll"]])
def test_frames_between_others_are_not_ours_and_cost_nothing(frame: bytes) -> None:
    found = read_cctalk(frame + CCTALK["ACK reply"])
    assert found == (BadFrame("address", frame), Frame(1, 40, 0, b""))


def test_after_a_bad_frame_nothing_is_believed_until_the_line_was_quiet() -> None:
    good, bad = CCTALK["ACK reply"], bytes.fromhex("0100280001")
    decoder = cctalk.CctalkDecoder(SIMPLE)
    assert decoder.receive(bad + good) == (BadFrame("check", bad),)
    assert decoder.receive(good) == ()
    assert decoder.gap() is None
    assert decoder.receive(good) == (Frame(1, 40, 0, b""),)
    decoder.receive(good[:3])
    assert decoder.gap() == BadFrame("gap", good[:3])
    assert decoder.receive(good) == (Frame(1, 40, 0, b""),)
    decoder.receive(good[:3])
    decoder.sent(CCTALK["reset"])
    assert decoder.receive(CCTALK["reset"] + good) == (Echo(), Frame(1, 40, 0, b""))


@BY_CODEC
@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises_never_hangs_and_is_not_kept(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    codec, messages = CODECS[kind], 0
    decoder = cctalk.CctalkDecoder(codec)
    for _ in range(400):
        noise = dice.randbytes(dice.choice((1, 3, 50))) if dice.randrange(3) else dice.choice(ANSWERS[kind])
        messages += len(decoder.receive(noise))
        assert len(decoder._buffer) <= cctalk.MAX_FRAME
        if dice.randrange(4) == 0:
            decoder.gap()
        if dice.randrange(8) == 0:
            decoder.sent(codec.request(dice.randrange(256), dice.randbytes(dice.randrange(9))))
    assert messages > 50
    for _ in range(400):
        data = dice.randbytes(dice.randrange(60))
        assert isinstance(codec.decode(data), Frame | BadFrame)
    decoder.gap()
    decoder.sent(b"")
    assert decoder.receive(ANSWERS[kind][0]) == (codec.decode(ANSWERS[kind][0]),)


@pytest.mark.parametrize(
    ("name", "counter", "words"),
    [
        ("events ctr1: type3 escrow", 1, "type3 escrow"),
        ("events ctr2: type3 credit", 2, "type3 credit"),
        ("events ctr2: invalid bill (validation)", 2, "invalid bill (validation)"),
        ("events ctr2: opto fraud", 2, "opto fraud"),
    ],
)
def test_the_newest_event_is_read(name: str, counter: int, words: str) -> None:
    log = cctalk.read_events(CCTALK[name][4:-1])
    assert (log.counter, log.events[0].words, len(log.events)) == (counter, words, 5)


@pytest.mark.parametrize("event", [BillEvent(0, 22), BillEvent(0, 255), BillEvent(1, 2), BillEvent(255, 9)])
def test_an_unknown_event_is_said_to_be_unknown(event: BillEvent) -> None:
    assert event.code is None
    assert not event.is_credit
    assert not event.is_escrow
    assert event.words == f"unknown event {event.first} {event.second}"


@pytest.mark.parametrize(
    ("seen", "counter", "fresh", "lost", "restarted"),
    [
        (0, 0, 0, 0, False),
        (0, 2, 2, 0, False),
        (0, 6, 5, 1, False),
        (7, 7, 0, 0, False),
        (7, 8, 1, 0, False),
        (7, 12, 5, 0, False),
        (7, 14, 5, 2, False),
        (255, 1, 1, 0, False),
        (253, 2, 4, 0, False),
        (9, 0, 0, 0, True),
        (9, 1, 5, 242, False),
    ],
)
def test_news_is_the_distance_of_the_counters(
    seen: int, counter: int, fresh: int, lost: int, restarted: bool
) -> None:
    log = EventLog(counter, tuple(BillEvent(0, place) for place in range(5)))
    news = cctalk.news(log, seen)
    assert [one.second for one in news.events] == list(range(fresh))[::-1], "oldest first"
    assert (news.lost, news.restarted) == (lost, restarted)


def test_the_bill_table_of_the_transcript_is_read() -> None:
    ids = [cctalk.read_bill_id(answer[4:-1]) for asked, answer in EXCHANGES if asked[3] == Header.BILL_ID]
    assert [one and (one.country, one.value, one.issue) for one in ids] == [
        *(("EU", value, "A") for value in (5, 10, 20, 50, 100, 200, 500)),
        None,
    ]
    (scaling,) = [cctalk.read_scaling(one[4:-1]) for asked, one in EXCHANGES if asked[3] == Header.SCALING]
    assert scaling == cctalk.Scaling(100, 2)
    assert scaling.minor(20) == 2000


@pytest.mark.parametrize(
    ("factor", "decimals", "value", "minor"),
    [(1, 0, 100, 10000), (1000, 2, 5, 5000), (1, 3, 5, 0), (1, 255, 5, 0)],
)
def test_a_scaled_value_is_whole_hundredths_or_unknown(
    factor: int, decimals: int, value: int, minor: int
) -> None:
    assert cctalk.Scaling(factor, decimals).minor(value) == minor


def test_answers_of_a_wrong_length_and_frames_that_cannot_be_are_refused() -> None:
    for read in (cctalk.read_events, cctalk.read_bill_id, cctalk.read_scaling):
        with pytest.raises(ProtocolError):
            read(bytes(12))
    for arguments in ((256, 1, 0, b""), (40, 1, -1, b""), (40, 1, 0, bytes(256))):
        with pytest.raises(ProtocolError):
            SIMPLE.encode(*arguments)
    with pytest.raises(ProtocolError):
        Codec(Check.SIMPLE, KEY)
    assert cctalk.read_bill_id(b"EU00x5A") is None
