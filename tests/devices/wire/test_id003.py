"""ID-003's frames: published bytes both ways, the currency table, and what is refused."""

from __future__ import annotations

import random

import pytest

from devices.errors import ProtocolError
from devices.wire import id003
from devices.wire.id003 import Answer, BadFrame, Command, Enquiry, Status
from tests.devices.wire.validators import ID003, cuts, one_bit_turned, read_id003

SENT = {
    "STATUS REQUEST": (Command.STATUS, b""),
    "RESET": (Command.RESET, b""),
    "STACK-1": (Command.STACK_1, b""),
    "STACK-2": (Command.STACK_2, b""),
    "RETURN": (Command.RETURN, b""),
    "HOLD": (Command.HOLD, b""),
    "WAIT": (Command.WAIT, b""),
    "ACK": (Command.ACK, b""),
    "VERSION REQ": (Command.VERSION, b""),
    "BOOT VERSION REQ": (Command.BOOT_VERSION, b""),
    "CURRENCY ASSIGN REQ": (Command.CURRENCY, b""),
    "DENOM DISABLE 82 00": (Command.DENOMINATIONS, b"\x82\x00"),
    "DENOM DISABLE 00 00": (Command.DENOMINATIONS, b"\x00\x00"),
    "SECURITY 00 00": (Command.SECURITY, b"\x00\x00"),
    "COMM MODE poll": (Command.MODE, b"\x00"),
    "INHIBIT off (accept)": (Command.INHIBIT, id003.ACCEPT),
    "INHIBIT on": (Command.INHIBIT, id003.INHIBIT),
    "DIRECTION all": (Command.DIRECTION, b"\x00"),
    "OPTIONAL 00 00": (Command.OPTIONAL, b"\x00\x00"),
    "BARCODE 01 12": (Command.BARCODE, b"\x01\x12"),
    "BARCODE INHIBIT 00": (Command.BARCODE_INHIBIT, b"\x00"),
}
READ = {
    "ENABLE/IDLING": Answer(Status.IDLING),
    "ESCROW code 61": Answer(Status.ESCROW, b"\x61"),
    "ESCROW code 65": Answer(Status.ESCROW, b"\x65"),
    "VEND VALID": Answer(Status.VEND_VALID),
    "REJECTING 71 insertion": Answer(Status.REJECTING, b"\x71"),
    "DISABLED/INHIBIT": Answer(Status.DISABLED),
    "POWER UP bill in stacker": Answer(Status.POWER_UP_BILL_IN_STACKER),
    "FAILURE A2": Answer(Status.FAILURE, b"\xa2"),
    "INVALID COMMAND": Answer(Status.INVALID_COMMAND),
}
FROM_DEVICE = tuple(data for name, data in ID003.items() if name.startswith("dev "))
WRONG = (
    bytes.fromhex("02 03 06 30 41 B3"),  # CCNET's RESET: the same CRC, another protocol
    bytes.fromhex("FC 05 11 56 27"),  # the CRC's bytes the other way round
    bytes.fromhex("FC 06 C3 01 04 D6"),  # INHIBIT on under the check of INHIBIT off
)


@pytest.mark.parametrize("name", sorted(SENT))
def test_a_command_is_the_published_bytes(name: str) -> None:
    assert id003.encode(*SENT[name]).hex() == ID003[f"host {name}"].hex()


def test_every_published_command_is_among_them() -> None:
    assert {f"host {name}" for name in SENT} == {name for name in ID003 if name.startswith("host ")}


@pytest.mark.parametrize("name", sorted(READ))
def test_a_status_is_read(name: str) -> None:
    assert read_id003(ID003[f"dev {name}"]) == (READ[name],)
    assert READ[name].status is Status(READ[name].code)


def test_the_check_value_of_the_reference() -> None:
    assert id003.crc(b"123456789") == 0x2189


def test_an_unknown_code_is_no_status() -> None:
    (found,) = read_id003(id003.encode(0x4C))
    assert isinstance(found, Answer)
    assert found.status is None


def test_every_cut_of_a_stream_reads_the_same() -> None:
    stream = b"\x05" + FROM_DEVICE[2] + b"\x05\x30\xfc\x02" + FROM_DEVICE[0][:-1] + b"\x00" + FROM_DEVICE[5]
    whole = read_id003(stream)
    assert whole[:3] == (Enquiry(), Answer(Status.ESCROW, b"\x61"), Enquiry())
    assert whole[-1] == read_id003(FROM_DEVICE[5])[0]
    for pieces in cuts(stream):
        decoder = id003.Id003Decoder()
        assert tuple(one for piece in pieces for one in decoder.receive(piece)) == whole


@pytest.mark.parametrize("frame", FROM_DEVICE, ids=range(len(FROM_DEVICE)))
def test_a_frame_with_one_bit_turned_is_never_believed(frame: bytes) -> None:
    for changed in one_bit_turned(frame):
        assert isinstance(id003.decode(changed), BadFrame)
        found = read_id003(changed)
        assert all(isinstance(one, BadFrame) for one in found), changed.hex()
        follows = read_id003(changed + FROM_DEVICE[1] * 60)
        assert follows[-1] == Answer(Status.ACCEPTING), "a damaged frame does not deafen"


@pytest.mark.parametrize("data", WRONG)
def test_a_wrong_frame_is_refused(data: bytes) -> None:
    assert isinstance(id003.decode(data), BadFrame)
    assert read_id003(data)
    assert all(isinstance(one, BadFrame) for one in read_id003(data))


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises_never_hangs_and_is_not_kept(seed: int) -> None:
    dice = random.Random(seed)
    decoder, size, messages = id003.Id003Decoder(), 0, 0
    while size < 20_000:
        piece = dice.randbytes(dice.choice((1, 7, 64))) if dice.randrange(2) else dice.choice(FROM_DEVICE)
        messages += len(decoder.receive(piece))
        size += len(piece)
        assert len(decoder._buffer) <= id003.MAX_LENGTH
    assert 0 < messages <= size
    assert decoder.receive(FROM_DEVICE[0] * 60)[-1] == Answer(Status.IDLING)


def test_the_currency_table_is_read_and_its_unused_rest_is_not() -> None:
    entries = "61 01 01 00  62 01 00 00  63 01 05 00  66 2D 01 02  67 7A 05 01  6F 01 01 00  68 01 01 0A"
    table = id003.read_currency(bytes.fromhex(entries) + b"\x30\x35")
    assert {code: (one.currency, one.value) for code, one in table.items()} == {
        0x61: ("USD", 1),
        0x63: ("USD", 5),
        0x66: ("CNY", 100),
        0x67: ("", 50),
    }


@pytest.mark.parametrize(("code", "data"), [(256, b""), (-1, b""), (0x11, bytes(251))])
def test_a_frame_that_cannot_be_is_not_encoded(code: int, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        id003.encode(code, data)
