"""Explaining ccTalk: every published frame by its own words, each turned bit refused, answers beside their question."""

from __future__ import annotations

import random
from typing import Any

import pytest

from devices.decode.cctalk import explain, explain_crc16
from devices.decode.reading import DEVICE, HOST, Reading
from devices.wire.cctalk import Header
from tests.devices.wire.validators import (
    CCTALK,
    CODECS,
    CRC16,
    ENCIPHERED,
    EXCHANGES,
    KEY,
    WRONG,
    one_bit_turned,
)

DIRECTIONS = ("", HOST, DEVICE)


def only(readings: tuple[Reading, ...]) -> Reading:
    (reading,) = readings
    return reading


def side_of(frame: bytes) -> str:
    return DEVICE if frame[0] == 1 else HOST


@pytest.mark.parametrize("name", sorted(CCTALK))
def test_a_published_frame_is_explained(name: str) -> None:
    frame = CCTALK[name]
    for direction in ("", side_of(frame)):
        reading = only(explain(frame, direction, b""))
        assert (reading.valid, reading.name, reading.error) == (True, name, "")
        assert reading.direction == side_of(frame)
        told = {key: reading.fields[key] for key in ("destination", "length", "source", "header", "check")}
        assert told == {
            "destination": frame[0], "length": frame[1], "source": frame[2], "header": frame[3],
            "check": f"{frame[-1]:02X}",
        }  # fmt: skip


@pytest.mark.parametrize("name", sorted(CRC16))
def test_a_published_crc_frame_is_explained(name: str) -> None:
    frame = CRC16[name]
    reading = only(explain_crc16(frame, side_of(frame), b""))
    assert (reading.valid, reading.name, reading.direction) == (True, name, side_of(frame))
    assert reading.fields["check"] == f"{frame[-1]:02X}{frame[2]:02X}"
    assert not only(explain(frame)).valid, "the other check refuses it"


@pytest.mark.parametrize(("name", "wire", "clear"), ENCIPHERED)
def test_a_captured_enciphered_frame_is_explained_with_its_key_only(
    name: str, wire: bytes, clear: bytes
) -> None:
    assert only(explain_crc16(wire, key=KEY)).name == name
    assert only(explain_crc16(wire, key=KEY)) == only(explain_crc16(clear))
    assert not only(explain_crc16(wire)).valid


def test_one_bit_turned_is_refused_in_every_direction() -> None:
    kinds: list[tuple[Any, dict[str, bytes]]] = [(explain, CCTALK), (explain_crc16, CRC16)]
    for tell, frames in kinds:
        for frame in frames.values():
            for changed in one_bit_turned(frame):
                for direction in DIRECTIONS:
                    reading = only(tell(changed, direction, b""))
                    assert not reading.valid
                    assert reading.error


@pytest.mark.parametrize("frame", WRONG)
def test_a_frame_known_to_go_about_wrong_is_refused(frame: bytes) -> None:
    reading = only(explain(frame))
    assert not reading.valid
    assert reading.error.startswith(("length: 18 bytes, its length byte asks for 23", "check: "))


def test_a_wrong_check_is_told_beside_the_right_one() -> None:
    assert only(explain(bytes.fromhex("280001FED8"))).error == "check: D8 where D9 is right"
    assert only(explain_crc16(bytes.fromhex("280046013E"))).error == "check: 3E46 where 3F46 is right"


@pytest.mark.parametrize(("request_frame", "answer"), EXCHANGES)
def test_the_transcript_is_explained_beside_its_questions(request_frame: bytes, answer: bytes) -> None:
    asked, told = only(explain(request_frame)), only(explain(answer, DEVICE, request_frame))
    assert asked.valid
    assert told.valid
    if len(answer) > 5 and request_frame[3] != Header.EVENTS:
        assert told.name.startswith(asked.name.rstrip(" 12345678EU") + " reply")


@pytest.mark.parametrize(
    ("asked", "answer", "name", "fields"),
    [
        ("bill id 3", "010728004555303032304133", "bill id reply: EU 20 A", {"value": 20, "country": "EU"}),
        ("bill id 3", "010728002E2E2E2E2E2E2E8E", "bill id reply: unused", {"bill": "unused"}),
        ("country scaling EU", "010328006400026E", "country scaling reply", {"factor": 100, "decimals": 2}),
        ("route: return", "01012800FED8", "route reply: escrow empty", {"route_error": "escrow empty"}),
        ("route: return", "01012800FFD7", "route reply: failed", {"route_error": "failed"}),
    ],
)
def test_data_mean_what_was_asked(asked: str, answer: str, name: str, fields: dict[str, Any]) -> None:
    data = bytes.fromhex(answer)
    reading = only(explain(data, DEVICE, CCTALK[asked]))
    assert (reading.valid, reading.name) == (True, name)
    assert fields.items() <= reading.fields.items()
    assert only(explain(data)).name == "reply", "without its question it is only told"


def made(header: int, data: bytes = b"", answer: bool = False) -> bytes:
    return CODECS["simple"].encode(*((1, 40) if answer else (40, 1)), header, data)


@pytest.mark.parametrize(
    ("frame", "name", "fields"),
    [
        (made(231, b"\x05\x80"), "inhibit mask 05 80", {"accepted": [1, 3, 16]}),
        (made(231, bytes(2)), "inhibit mask all disabled", {"accepted": []}),
        (made(153, b"\x02"), "operating mode escrow", {"stacker": False, "escrow": True}),
        (made(153, b"\x00"), "operating mode none", {"escrow": False}),
        (made(242), "serial number", {}),
        (made(145, b"EU"), "currency revision EU", {"country": "EU"}),
    ],
)
def test_requests_are_told_in_words(frame: bytes, name: str, fields: dict[str, Any]) -> None:
    reading = only(explain(frame))
    assert (reading.valid, reading.name) == (True, name)
    assert fields.items() <= reading.fields.items()


@pytest.mark.parametrize(
    ("asked", "data", "name", "fields"),
    [
        (242, b"\x45\x06\x00", "serial number reply", {"serial": 1605}),
        (245, b"Bill Acceptor", "equipment category reply", {"text": "Bill Acceptor"}),
        (152, b"\x03", "read operating mode stacker+escrow", {"escrow": True}),
        (232, b"\x00", "self check reply: no fault", {"fault": 0}),
        (232, b"\x1e", "self check reply: fault 30", {"fault": 30}),
    ],
)
def test_answers_are_told_in_words(asked: int, data: bytes, name: str, fields: dict[str, Any]) -> None:
    reading = only(explain(made(0, data, answer=True), DEVICE, made(asked)))
    assert reading.valid
    assert reading.name.replace(" reply stacker", " stacker") == name
    assert fields.items() <= reading.fields.items()


def test_every_event_the_counter_vouches_for_is_told_and_no_empty_place() -> None:
    reading = only(explain(bytes.fromhex("01 0B 28 00 02 03 00 03 01 00 00 00 00 00 00 C3")))
    assert reading.fields["counter"] == 2
    assert [one["event"] for one in reading.fields["events"]] == ["type3 credit", "type3 escrow"]
    assert only(explain(CCTALK["events: all zero (after power-up)"])).fields["events"] == []


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (made(77), "unknown header 77"),
        (made(154), "0 data bytes are too few or too many"),
        (made(159, b"\x00"), "1 data bytes are too few or too many"),
        (made(154, b"\x07"), "unknown route 7"),
        (made(9, answer=True), "header 9 is no answer"),
        (made(5, b"\x01", answer=True), "data in a reply that has none"),
        (CODECS["simple"].encode(3, 40, 0), "addressed neither to nor from the host"),
        (CODECS["simple"].encode(1, 1, 0), "addressed neither to nor from the host"),
        (b"", "length: 0 bytes"),
        (b"\x28", "length: 1 bytes"),
        (CCTALK["reset"] + CCTALK["reset"], "length: 10 bytes, its length byte asks for 5"),
    ],
)
def test_what_cannot_be_is_named(frame: bytes, error: str) -> None:
    reading = only(explain(frame, DEVICE))
    assert (reading.valid, reading.error) == (False, error)


def test_answers_that_do_not_fit_their_question_are_refused() -> None:
    for asked, data in ((159, b"\x01"), (157, b"EU"), (156, b"\x01"), (154, b"\x01\x02"), (154, b"\x09")):
        assert not only(explain(made(0, data, answer=True), DEVICE, made(asked, b"\x01"))).valid


def test_no_bytes_raise() -> None:
    dice = random.Random(5)
    frames = [*CCTALK.values(), *CRC16.values(), *(answer for _, answer in EXCHANGES)]
    for turn in range(4000):
        data = dice.randbytes(dice.randrange(24)) if turn % 2 else dice.choice(frames)
        request = dice.choice([b"", dice.randbytes(6), dice.choice(frames)])
        direction = dice.choice(DIRECTIONS)
        assert explain(data, direction, request)
        assert explain_crc16(data, direction, request)
        good = CODECS["simple"].encode(
            dice.choice((1, 40)), dice.choice((1, 40)), dice.choice((0, turn % 256)), data
        )
        for tried in ("simple", "crc16"):
            again = CODECS[tried].encode(good[0], good[2], good[3], good[4:-1])
            tell = explain if tried == "simple" else explain_crc16
            assert tell(again, direction, CODECS[tried].request(dice.randrange(256)))
