"""The detector's frames: published bytes both ways, extended notes, and what is refused."""

from __future__ import annotations

import pytest

from devices.errors import ProtocolError
from devices.wire import ebds
from devices.wire.ebds import State
from tests.devices.wire.frames import DETECTOR, FROM_DETECTOR, read_ebds

SENT = {
    "host OMNIBUS 7F 00 00 ack0": ebds.omnibus(0, escrow=False, extended=False, orientations=0),
    "host OMNIBUS 7F 00 00 ack1": ebds.omnibus(1, escrow=False, extended=False, orientations=0),
    "host OMNIBUS escrow mode ack0": ebds.omnibus(0, extended=False),
    "host OMNIBUS STACK ack1": ebds.omnibus(1, extended=False, stack=True),
    "host OMNIBUS RETURN ack1": ebds.omnibus(1, extended=False, give_back=True),
    "host OMNIBUS escrow+ext-note ack0": ebds.omnibus(0),
    "host OMNIBUS all disabled ack0": ebds.omnibus(0, denominations=0),
    "host AUX serial number ack0": ebds.auxiliary(0, ebds.AUX_SERIAL_NUMBER),
    "host AUX variant name ack0": ebds.auxiliary(0, ebds.AUX_VARIANT_NAME),
    "host AUX soft reset ack0": ebds.encode(ebds.TYPE_AUXILIARY, 0, b"\x7f\x7f\x7f"),
    "host AUX application id ack0": ebds.auxiliary(0, 0x0E),
    "host EXT note query idx1 ack0": ebds.query_note(0, 1),
}
_IDLE = State.IDLING | State.CASSETTE_PRESENT
READ = {
    "dev all zero ack0": (0, State(0), 0),
    "dev idle+cassette ack0": (0, _IDLE, 0),
    "dev idle+cassette ack1": (1, _IDLE, 0),
    "dev accepting ack1": (1, State.ACCEPTING | State.CASSETTE_PRESENT, 0),
    "dev stacking ack1": (1, State.STACKING | State.CASSETTE_PRESENT, 0),
    "dev returning ack1": (1, State.RETURNING | State.CASSETTE_PRESENT, 0),
    "dev jam ack1": (1, State.JAMMED | State.CASSETTE_PRESENT, 0),
    "dev cassette full ack1": (1, State.CASSETTE_FULL | State.CASSETTE_PRESENT, 0),
    "dev failure ack1": (1, State.FAILURE | State.CASSETTE_PRESENT, 0),
    "dev escrow denom 3 ack0": (0, State.ESCROWED | State.CASSETTE_PRESENT, 3),
    "dev stacked+idle denom 7 ack1": (1, State.STACKED | _IDLE, 7),
}


def wire(kind: int, data: bytes, ack: int = 0) -> bytes:
    """A frame by the published layout, put together here and not by the module under test."""
    covered = bytes([len(data) + 5, kind << 4 | ack]) + data
    check = 0
    for byte in covered:
        check ^= byte
    return b"\x02" + covered + b"\x03" + bytes([check])


def note(classification: int = 4, value: bytes = b"100+00", status: bytes = b"\x04\x10\0\0\x01\x02") -> bytes:
    """An extended note: subtype, status, index, currency, value, orientation, type, series, and the rest."""
    tail = bytes([1, 65, 66, 67, 68, classification, 0, 0])
    return wire(7, b"\x02" + status + b"\x06CNY" + value + tail)


@pytest.mark.parametrize("name", [name for name in DETECTOR if name.startswith("host ")])
def test_what_the_host_sends_is_the_published_frame(name: str) -> None:
    assert SENT[name] == DETECTOR[name]


@pytest.mark.parametrize(("name", "expected"), READ.items())
def test_a_published_reply_reads_as_what_it_says(name: str, expected: tuple[int, State, int]) -> None:
    (reply,) = read_ebds(DETECTOR[name])
    assert isinstance(reply, ebds.StandardReply)
    assert (reply.ack, reply.state, reply.value_index) == expected


def test_every_published_reply_is_read_glued_and_cut_anywhere() -> None:
    stream = b"".join(FROM_DETECTOR)
    whole = read_ebds(stream)
    assert len(whole) == len(FROM_DETECTOR)
    assert all(isinstance(message, ebds.StandardReply) for message in whole)
    for cut in range(1, len(stream)):
        decoder = ebds.EbdsDecoder()
        assert decoder.receive(stream[:cut]) + decoder.receive(stream[cut:]) == whole


@pytest.mark.parametrize("classification", range(5))
def test_the_classification_byte_is_told_as_it_stands(classification: int) -> None:
    (found,) = read_ebds(note(classification))
    state = State.ESCROWED | State.CASSETTE_PRESENT
    assert found == ebds.ExtendedNote(0, state, 6, "CNY", 100, 1, "B", classification)


@pytest.mark.parametrize(("value", "units"), [(b"005+01", 50), (b"500-01", 50), (b"001+09", 10**9)])
def test_value_is_base_and_exponent(value: bytes, units: int) -> None:
    (found,) = read_ebds(note(value=value))
    assert isinstance(found, ebds.ExtendedNote)
    assert found.value == units


@pytest.mark.parametrize(
    "value", [b"005-01", b"-50+00", b" 50+00", b"1_0+00", b"100*00", b"100+x0", b"100+-1"]
)
def test_a_value_that_is_no_whole_amount_is_a_bad_frame(value: bytes) -> None:
    (found,) = read_ebds(note(value=value))
    assert isinstance(found, ebds.BadFrame)
    assert found.reason == "value"


def test_an_auxiliary_text_is_read_without_its_padding() -> None:
    assert read_ebds(wire(6, b"TD-0001\0 \0", 1)) == (ebds.AuxiliaryReply(1, "TD-0001"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (wire(1, b"\x7f\0\0"), "type"),
        (wire(2, b"\0\0\0"), "type"),
        (wire(7, b"\x01" + bytes(24)), "type"),
        (wire(7, b"\x02\0"), "type"),
        (b"\x02\x04\x20\x03\x20", "length"),
        (wire(2, bytes(6))[:-1] + b"\x00", "check"),
        (wire(2, bytes(6))[:-2] + b"\x04\x2b", "end"),
        (b"\x10\x11" + wire(2, bytes(6)), "junk"),
    ],
)
def test_what_is_no_good_answer_is_named(data: bytes, reason: str) -> None:
    first = read_ebds(data)[0]
    assert isinstance(first, ebds.BadFrame)
    assert first.reason == reason


def test_a_seven_bit_line_has_no_eighth_bit() -> None:
    data = bytes(byte | 0x80 for byte in DETECTOR["dev jam ack1"])
    assert read_ebds(data, seven_bit=True) == read_ebds(DETECTOR["dev jam ack1"])
    assert all(isinstance(one, ebds.BadFrame) for one in read_ebds(data, seven_bit=False))


@pytest.mark.parametrize(
    ("kind", "ack", "data"), [(1, 2, b""), (8, 0, b""), (1, 0, b"\x80"), (1, 0, bytes(123))]
)
def test_a_frame_that_cannot_be_is_not_encoded(kind: int, ack: int, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        ebds.encode(kind, ack, data)
