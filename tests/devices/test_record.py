"""Masks keep shape and checks and hide what was printed or numbered; a replay says what differs."""

from __future__ import annotations

import pytest

from devices.drivers.cctalk import CctalkCrc16Detector
from devices.drivers.ticket import read_pattern
from devices.masking import mask_text
from devices.masking.ticket import mask_of
from devices.record import (
    PATIENT_READS,
    Event,
    NotRecorded,
    Recording,
    ReplayLink,
    masked,
    needed_masks,
    read,
    replay,
    write,
)
from devices.wire import aa55, ccnet, cctalk, ebds, escp, id003, pr2, ssp, t5040
from devices.wire.ticket_pattern import TicketFlaw
from tests.devices.wire.frames import COUNTER, DETECTOR, read_aa55, read_ebds
from tests.devices.wire.test_ebds import wire
from tests.devices.wire.test_hostile_bytes import one_bit_turned

NOTE = COUNTER["dev note 1: CNY100 SN AB12345678, totals 1/100"]
SERIAL = wire(6, b"TD-EBDS-0001".ljust(20))
HANDSHAKE = aa55.handshake().hex()
GREETED = (
    Event("call", 0.0, "identify"), Event("out", 0.01, HANDSHAKE), Event("in", 0.02, HANDSHAKE),
    Event("result", 0.02, "none"),
)  # fmt: skip


def test_a_text_keeps_its_shape() -> None:
    assert mask_text("TD-ebds-0917 冠") == "XX-xxxx-0000 冠"


def test_a_counted_note_loses_its_serial_only() -> None:
    (note,) = read_aa55(needed_masks("aa55").inward(NOTE))
    assert isinstance(note, aa55.NoteCounted)
    assert (note.serial, note.denomination, note.total_amount) == ("XX00000000", 100, 100)


def test_an_identity_loses_its_number() -> None:
    (reply,) = read_ebds(needed_masks("ebds").inward(SERIAL))
    assert reply == ebds.AuxiliaryReply(0, "XX-XXXX-0000")


@pytest.mark.parametrize(
    ("protocol", "frame"), [("aa55", NOTE), ("ebds", SERIAL), *(("ebds", one) for one in DETECTOR.values())]
)
def test_a_bad_frame_stays_bad_and_no_byte_is_lost(protocol: str, frame: bytes) -> None:
    mask = needed_masks(protocol).inward
    for changed in one_bit_turned(frame, bits=7):
        hidden = mask(changed)
        assert len(hidden) == len(changed)
        found = read_aa55(hidden) if protocol == "aa55" else read_ebds(hidden)
        assert all(isinstance(one, aa55.BadFrame | ebds.BadFrame) for one in found), changed.hex()
        assert b"12345678" not in hidden
        assert b"TD-EBDS" not in hidden


CLEAR, CRC = cctalk.Codec(), cctalk.Codec(cctalk.Check.CRC16)
ASKED = cctalk.Header.SERIAL
PERSONAL: dict[str, tuple[str, bytes, bytes]] = {
    "ccnet, a serial number": (
        "ccnet", ccnet.encode(0x53, b"M-CN2000 -1234" + b"21KC00123456" + bytes(7)), b"00123456",
    ),
    "ssp, a serial number": ("ssp", ssp.encode(1, b"\xf0" + (4312345).to_bytes(4, "big")), b"\x00\x41\xcd\x19"),
    "ssp, one that is doubled": ("ssp", ssp.encode(1, b"\xf0\x00\x7f\x34\x12"), b"\x34\x12"),
    "ssp, a barcode": ("ssp", ssp.encode(1, b"\xf0\x01\x12622202123456789012"), b"62220212"),
    "cctalk": (
        "cctalk", CLEAR.request(ASKED) + CLEAR.encode(1, 40, 0, (1234567).to_bytes(3, "little")), b"\x87\xd6\x12",
    ),
    "cctalk, no echo": ("cctalk", CLEAR.encode(1, 40, 0, (1234567).to_bytes(3, "little")), b"\x87\xd6\x12"),
    "cctalk-crc16": (
        "cctalk-crc16", CRC.request(ASKED) + CRC.encode(1, 40, 0, (1234567).to_bytes(3, "little")), b"\x87\xd6\x12",
    ),
    "id003, a ticket": ("id003", id003.encode(0x13, b"\x6f622202123456789012"), b"62220212"),
}  # fmt: skip
"""A frame (and what it answers) with something of one machine or a customer in it, and those bytes."""


def good_frames(protocol: str, data: bytes) -> int:
    """How many frames a host believes."""
    if protocol == "ccnet":
        return sum(isinstance(one, ccnet.Frame) for one in ccnet.CcnetDecoder().receive(data))
    if protocol == "ssp":
        return sum(isinstance(one, ssp.Frame) for one in ssp.SspDecoder().receive(data))
    if protocol == "id003":
        return sum(isinstance(one, id003.Answer) for one in id003.Id003Decoder().receive(data))
    codec = CRC if protocol == "cctalk-crc16" else CLEAR
    decoder = cctalk.CctalkDecoder(codec)
    decoder.sent(codec.request(ASKED) if data.startswith(codec.request(ASKED)) else b"")
    return sum(isinstance(one, cctalk.Frame) for one in decoder.receive(data))


@pytest.mark.parametrize("name", PERSONAL)
def test_what_is_personal_goes_and_the_frame_stays_as_good_or_bad_as_it_was(name: str) -> None:
    protocol, stream, personal = PERSONAL[name]
    mask = needed_masks(protocol).inward
    assert personal in stream
    assert good_frames(protocol, stream) == 1
    for changed in (stream, *one_bit_turned(stream)):
        hidden = mask(changed)
        assert len(hidden) == len(changed), changed.hex()
        assert good_frames(protocol, hidden) == good_frames(protocol, changed), changed.hex()
    assert personal not in mask(stream)


@pytest.mark.parametrize(
    ("protocol", "printed", "kept"),
    [
        (
            "escp",
            escp.RESET + escp.feed(30) + escp.horizontal_position(40) + escp.text("+20,250.00")
            + escp.chinese("王小明") + escp.bit_image(b"\xff" * 72) + escp.text("6222021") + escp.FORM_FEED,
            escp.RESET + escp.feed(30) + escp.horizontal_position(40) + escp.text("x" * 10)
            + escp.CHINESE_ON + b"\x1cS\x00\x03" + b"x" * 6 + escp.CHINESE_OFF + escp.bit_image(bytes(72))
            + escp.text("x" * 7) + escp.FORM_FEED,
        ),
        (
            "escp", escp.unit(10) + escp.page_format(0x3031, 0) + escp.text("1"),
            escp.unit(10) + escp.page_format(0x3031, 0) + b"x",
        ),
        (
            "pr2",
            pr2.command(b"\x1bH", 42) + pr2.text("+20,250.00") + pr2.chinese("王") + pr2.stripe_data(b"6222021")
            + pr2.image(b"\xff\x01") + pr2.EJECT,
            pr2.command(b"\x1bH", 42) + b"x" * 10 + pr2.CHINESE_ON + b"xx" + pr2.CHINESE_OFF
            + pr2.stripe_data(b"0000000") + pr2.image(b"\x00\x00") + pr2.EJECT,
        ),
    ],
)  # fmt: skip
def test_a_printer_of_books_keeps_its_commands_and_loses_its_ink(
    protocol: str, printed: bytes, kept: bytes
) -> None:
    mask = needed_masks(protocol).outward
    assert mask(printed) == kept
    for end in range(len(printed)):
        assert len(mask(printed[:end])) == end


def test_a_stripe_that_was_read_is_hidden() -> None:
    mask = needed_masks("pr2").inward
    assert (
        mask(b"\x1br\x20\x1bs6222021\x7f\x1c\x1bB5\x31\x1bZ")
        == b"\x1br\x20\x1bs0000000\x7f\x1c\x1bB5\x31\x1bZ"
    )


def test_a_ticket_keeps_its_sums_and_loses_its_texts() -> None:
    pattern = read_pattern("example")
    assert not isinstance(pattern, TicketFlaw)
    hidden = mask_of(pattern)(
        b"\x1b@CASH COUNT No 17 by WANG\r\n   100 x 3 = 300.00\r\nACCOUNT 6222021\r\n-Mr 4711-\r\nTOTAL 3 300.00\r\n"
    )
    assert hidden == (
        b"\x1b@CASH COUNT Xx 00 xx XXXX\r\n   100 x 3 = 300.00\r\nXXXXXXX 0000000\r\n-Xx 0000-\r\nTOTAL 3 300.00\r\n"
    )


def test_enciphered_traffic_is_refused() -> None:
    with pytest.raises(NotRecorded, match="the machine's key can be found"):
        needed_masks("cctalk-crc16", CctalkCrc16Detector("d", lambda: 0.0, "654321"))


def test_a_printed_line_keeps_its_commands_and_loses_its_ink() -> None:
    printed = (
        t5040.absolute_position_top(421) + t5040.horizontal_position(150) + t5040.text("200.00 Cash")
        + t5040.bit_image(b"\xff" * 72) + t5040.write_stripe(b"=6217?") + t5040.control_point(17) + t5040.FORM_FEED
    )  # fmt: skip
    hidden = needed_masks("t5040").outward(printed)
    assert hidden == (
        t5040.absolute_position_top(421) + t5040.horizontal_position(150) + t5040.text("xxxxxx xxxx")
        + t5040.bit_image(bytes(72)) + t5040.write_stripe(b"=0000?") + t5040.control_point(17) + t5040.FORM_FEED
    )  # fmt: skip
    for end in range(len(printed)):
        assert len(needed_masks("t5040").outward(printed[:end])) == end
    assert needed_masks("t5040").inward(b'\x1b[1;2;1;0"r\x02=6217?\x03') == b'\x1b[1;2;1;0"r\x02=0000?\x03'


def test_a_receipt_loses_its_text() -> None:
    receipt = b"\x1b@\x1ba\x01" + "示例银行 12.50".encode("gb18030") + b"\n\x1dV\x00\x10\x04\x01"
    assert (
        needed_masks("escpos").outward(receipt)
        == b"\x1b@\x1ba\x01" + b"x" * 8 + b" xxxxx\n\x1dV\x00\x10\x04\x01"
    )


def test_a_frame_cut_over_several_pieces_is_masked_as_one() -> None:
    events = tuple(Event("in", at, NOTE[at : at + 5].hex()) for at in range(0, len(NOTE), 5))
    hidden = masked(events, needed_masks("aa55"))
    assert b"".join(one.data for one in hidden) == needed_masks("aa55").inward(NOTE)
    assert [len(one.data) for one in hidden] == [len(one.data) for one in events]


def test_a_recording_survives_its_file_and_replays() -> None:
    recording = Recording("aa55", "aa55", GREETED)
    assert read(write(recording)) == recording
    assert replay(recording) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((1, Event("out", 0.01, HANDSHAKE[:-2] + "5b")), "it sent other bytes than when recorded"),
        ((1, Event("out", 0.01, HANDSHAKE[:-2])), "sends what it did not send"),
        ((2, Event("in", 0.02, HANDSHAKE + "00")), ""),
        ((3, Event("result", 0.02, "ready")), "it told 'none', and when recorded 'ready'"),
        ((2, Event("in", 9.0, HANDSHAKE)), "sends what it did not send"),
    ],
)
def test_what_differs_is_said(change: tuple[int, Event], said: str) -> None:
    events = list(GREETED)
    events[change[0]] = change[1]
    found = replay(Recording("aa55", "aa55", tuple(events)))
    assert bool(found) == bool(said)
    assert not said or said in found[0]


def test_what_the_driver_does_not_read_is_left_over() -> None:
    events = (*GREETED[:3], Event("in", 0.03, "00"), GREETED[3])
    assert "1 pieces of the recording were left over" in replay(Recording("aa55", "aa55", events))[0]


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"version": 2, "events": []}', '{"version": 1}', '{"version": 1, "events": [1]}'],
)
def test_what_is_no_recording_is_refused(text: str) -> None:
    with pytest.raises(NotRecorded):
        read(text)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(NotRecorded, match="no model 'toaster'"):
        replay(Recording("toaster", "aa55", GREETED))


def test_a_replay_stands_still_before_its_next_piece_but_not_for_ever() -> None:
    """When it was recorded nothing went before that moment, so a driver that reads often must not run ahead of it; one
    that never sends must still come to its deadline."""
    link = ReplayLink()
    link.begin(Event("call", 0.0, "status"), [Event("out", 0.5, "00")])
    for _ in range(10):
        assert link.read(0.2) == b""
    assert link.clock() == 0.5
    for _ in range(PATIENT_READS):
        link.read(0.2)
    assert link.clock() > 2.0
