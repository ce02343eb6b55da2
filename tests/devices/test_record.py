"""Masks keep shape and checks and hide what was printed or numbered; a replay says what differs."""

from __future__ import annotations

import pytest

from devices.masking import MASKS, mask_text
from devices.record import Event, NotRecorded, Recording, masked, read, replay, write
from devices.wire import aa55, ebds, t5040
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
    (note,) = read_aa55(MASKS["aa55"]["in"](NOTE))
    assert isinstance(note, aa55.NoteCounted)
    assert (note.serial, note.denomination, note.total_amount) == ("XX00000000", 100, 100)


def test_an_identity_loses_its_number() -> None:
    (reply,) = read_ebds(MASKS["ebds"]["in"](SERIAL))
    assert reply == ebds.AuxiliaryReply(0, "XX-XXXX-0000")


@pytest.mark.parametrize(
    ("protocol", "frame"), [("aa55", NOTE), ("ebds", SERIAL), *(("ebds", one) for one in DETECTOR.values())]
)
def test_a_bad_frame_stays_bad_and_no_byte_is_lost(protocol: str, frame: bytes) -> None:
    mask = MASKS[protocol]["in"]
    for changed in one_bit_turned(frame, bits=7):
        hidden = mask(changed)
        assert len(hidden) == len(changed)
        found = read_aa55(hidden) if protocol == "aa55" else read_ebds(hidden)
        assert all(isinstance(one, aa55.BadFrame | ebds.BadFrame) for one in found), changed.hex()
        assert b"12345678" not in hidden
        assert b"TD-EBDS" not in hidden


def test_a_printed_line_keeps_its_commands_and_loses_its_ink() -> None:
    printed = (
        t5040.absolute_position_top(421) + t5040.horizontal_position(150) + t5040.text("200.00 Cash")
        + t5040.bit_image(b"\xff" * 72) + t5040.write_stripe(b"=6217?") + t5040.control_point(17) + t5040.FORM_FEED
    )  # fmt: skip
    hidden = MASKS["t5040"]["out"](printed)
    assert hidden == (
        t5040.absolute_position_top(421) + t5040.horizontal_position(150) + t5040.text("xxxxxx xxxx")
        + t5040.bit_image(bytes(72)) + t5040.write_stripe(b"=0000?") + t5040.control_point(17) + t5040.FORM_FEED
    )  # fmt: skip
    for end in range(len(printed)):
        assert len(MASKS["t5040"]["out"](printed[:end])) == end
    assert MASKS["t5040"]["in"](b'\x1b[1;2;1;0"r\x02=6217?\x03') == b'\x1b[1;2;1;0"r\x02=0000?\x03'


def test_a_receipt_loses_its_text() -> None:
    receipt = b"\x1b@\x1ba\x01" + "示例银行 12.50".encode("gb18030") + b"\n\x1dV\x00\x10\x04\x01"
    assert MASKS["escpos"]["out"](receipt) == b"\x1b@\x1ba\x01" + b"x" * 8 + b" xxxxx\n\x1dV\x00\x10\x04\x01"


def test_a_frame_cut_over_several_pieces_is_masked_as_one() -> None:
    events = tuple(Event("in", at, NOTE[at : at + 5].hex()) for at in range(0, len(NOTE), 5))
    hidden = masked(events, "aa55")
    assert b"".join(one.data for one in hidden) == MASKS["aa55"]["in"](NOTE)
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
