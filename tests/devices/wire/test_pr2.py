"""PR2 bytes against the reference's inventory and its minimal posting, and the printer's answers however they come."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from devices.errors import ProtocolError
from devices.wire import pr2 as wire
from devices.wire.pr2 import Pr2Decoder

# passbook-printers §3.4, typed from there (its ESC H and ESC L included, which the driver does not need).
POSTING = bytes.fromhex(
    "1B 6E"  #                controlled procedure
    "1B 30"  #                reset
    "1B 26 34 30"  #          40/240 inch
    "1B 51 30 36 30 1B 5A"  # 60 lines
    "1B 6A"  #                status
    "1B 4C 30 31 32"  #       line 12
    "1B 48 30 30 35"  #       column 5
    "31 32 2C 35 30 30 2E 30 30"
    "0D 1B 4F 1B 6A"  #       CR, eject, status
)


def test_the_references_minimal_posting_is_encoded_byte_for_byte() -> None:
    made = [
        wire.CONTROLLED, wire.command(b"\x1b0"), wire.line_pitch(40), wire.document_length(60), wire.REQUEST_STATUS,
        wire.command(b"\x1bL", 12), wire.command(b"\x1bH", 5), wire.text("12,500.00"), wire.CARRIAGE_RETURN,
        wire.EJECT, wire.REQUEST_STATUS,
    ]  # fmt: skip
    assert b"".join(made) == POSTING


@pytest.mark.parametrize(
    ("made", "published"),
    [
        # §3.2, typed from its hex column
        (wire.horizontal_offset(29), "1B 7C 41 30 32 39"),
        (wire.vertical_position(144), "1B 2F 31 30 31 34 34"),
        (wire.REQUEST_DOCUMENT, "1B 20 42"),
        (wire.REQUEST_ID, "1B 5A"),
        (wire.RESET_ERROR, "1B 6C"),
        (wire.READ_STRIPE, "1B 5D"),
        (wire.RECORD_STRIPE, "1B 5C"),
        (wire.stripe_data(b"9017"), "1B 74 39 30 31 37 1D"),
        (wire.command(b"\x1b!W", 1), "1B 21 57 31"),
        (wire.command(b"\x1b!G", 1), "1B 21 47 31"),
        (wire.command(b"\x1bS", 5), "1B 53 35"),
        (wire.command(b"\x1bI", 0), "1B 49 30 30 30"),
        (wire.command(b"\x1b}W"), "1B 7D 57"),
        (wire.command(b"\x1b|B", 600), "1B 7C 42 36 30 30"),
        (
            wire.bar_code("10;20;00;1", "123"),
            "1B 78 31 30 3B 32 30 3B 30 30 3B 31 1B 5A 1B 79 31 32 33 1B 5A",
        ),
        (wire.magnetic_device("E", 0x30, 0x31), "1B 59 45 30 31"),
        (wire.magnetic_device("B", 0x30, 0x31), "1B 59 42 30 31"),
        (wire.chinese("啊"), "1C 26 B0 A1 1C 2E"),
        # MDP40B programmer manual C-28, C-32: p = 40h, neither m nor n follows
        (wire.image(b"@@@@"), "1B 31 40 40 40 40 40 1B 32"),
    ],
)
def test_a_command_is_the_one_of_the_references_inventory(made: bytes, published: str) -> None:
    assert made == bytes.fromhex(published)


def test_every_command_of_the_table_takes_its_digits_and_no_others() -> None:
    for code, shape in wire.COMMANDS.items():
        made = wire.command(code, *(0 for _ in shape.widths))
        assert made == code + b"0" * sum(shape.widths)
        with pytest.raises(ProtocolError):
            wire.command(code, *(0 for _ in shape.widths), 0)
        if shape.widths:
            with pytest.raises(ProtocolError):
                wire.command(code, *(10**width for width in shape.widths))


@pytest.mark.parametrize(
    "make",
    [
        lambda: wire.command(b"\x1bX", 1),
        lambda: wire.command(b"\x1bH", -1),
        lambda: wire.document_length(0),
        lambda: wire.document_length(256),
        lambda: wire.horizontal_offset(1000),
        lambda: wire.stripe_data(b"\x1d"),
        lambda: wire.bar_code("1\x1bZ", "1"),
        lambda: wire.bar_code("1", "存"),
        lambda: wire.magnetic_device("D", 0, 0),
        lambda: wire.image(b"\x1b2"),
        lambda: wire.text("存"),
        lambda: wire.text("\x1bO"),
        lambda: wire.text("$1.00"),
        lambda: wire.chinese("镕"),
        lambda: wire.chinese("a"),
    ],
)
def test_what_the_printer_could_not_take_is_not_encoded(make: Callable[[], bytes]) -> None:
    with pytest.raises(ProtocolError):
        make()


ANSWERS: list[tuple[str, wire.Message]] = [
    ("1B 72 71", wire.GeneralStatus(0x71)),  # S1 p.204: a failed recording
    ("1B 72 00", wire.GeneralStatus(0)),
    ("1B 42 35 3F 1B 5A", wire.DocumentStatus(wire.FRONT_STAND, 0x3F)),
    ("1B 2F 37", wire.PrimaryId("7")),
    ("1B 53 31 37 30 31", wire.DocumentSize(1701)),
    ("1B 73 39 30 31 37 1C", wire.StripeData(b"9017")),
    ("1B 73 7F 1C", wire.StripeData(b"\x7f")),
    ("1B 73 1C", wire.StripeData(b"")),
    ("1B 70 31 32 33 34", wire.Configuration(b"1234")),
    ("1B 62 31 2E 30 3B 1B 5A", wire.Block("b", b"1.0;")),
    ("1B 61 00 01 1B 5A", wire.Block("a", b"\0\1")),
    ("6E 6F 69 73 65", wire.Garbage(b"noise")),
    ("1B 51", wire.Garbage(b"\x1bQ")),
    ("1B 53 31 37 30 41", wire.Garbage(b"\x1bS170A")),
    ("1B 42 35 3F 41 5A", wire.Garbage(b"\x1bB5?AZ")),
    ("1B 2F 07", wire.Garbage(b"\x1b/\x07")),
]
READY = bytes.fromhex("1B 72 7E")


@pytest.mark.parametrize(("given", "said"), ANSWERS, ids=[given for given, _ in ANSWERS])
def test_an_answer_reads_as_what_it_says_however_it_is_cut(given: str, said: wire.Message) -> None:
    data = bytes.fromhex(given) + READY
    whole = (said, wire.GeneralStatus(0x7E))
    assert Pr2Decoder().receive(data) == whole
    for cut in range(1, len(data)):
        decoder = Pr2Decoder()
        found = decoder.receive(data[:cut]) + decoder.receive(data[cut:])
        assert found == whole or isinstance(said, wire.Garbage)
        assert not decoder.waiting


@pytest.mark.parametrize(
    ("data", "readable"), [(b"9017", True), (b"", False), (b"\x7f", False), (b"90\x7f7", False)]
)
def test_an_unreadable_character_makes_a_stripe_unreadable(data: bytes, readable: bool) -> None:
    assert wire.StripeData(data).readable is readable


@pytest.mark.parametrize("given", [given for given, said in ANSWERS if not isinstance(said, wire.Garbage)])
def test_an_answer_that_was_cut_costs_only_itself(given: str) -> None:
    data = bytes.fromhex(given)
    for cut in range(1, len(data)):
        found = Pr2Decoder().receive(data[:cut] + READY * 2)
        assert found[-1] == wire.GeneralStatus(0x7E), (cut, found)


def test_turned_bits_raise_nothing_and_spoil_no_later_answer() -> None:
    """There is no check value, so a turned bit inside a code is another code; it is never another's end."""
    for given, _ in ANSWERS:
        for at in range(len(given.split())):
            for bit in range(8):
                changed = bytearray.fromhex(given)
                changed[at] ^= 1 << bit
                found = Pr2Decoder().receive(bytes(changed) + READY * 8)
                assert found[-1] == wire.GeneralStatus(0x7E), changed.hex(" ")


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises_never_hangs_and_is_not_kept(seed: int) -> None:
    dice = random.Random(seed)
    stream = bytearray(dice.randbytes(10_000))
    while len(stream) < 20_000:
        piece = bytearray.fromhex(dice.choice(ANSWERS)[0])
        piece[dice.randrange(len(piece))] ^= 1 << dice.randrange(8)
        stream += piece if dice.random() < 0.5 else piece[: dice.randrange(len(piece))]
    decoder, at, messages = Pr2Decoder(), 0, 0
    while at < len(stream):
        size = dice.choice((1, 2, 3, 64, 300))
        messages += len(decoder.receive(bytes(stream[at : at + size])))
        at += size
        assert len(decoder._buffer) <= wire.MAX_PENDING
    assert 0 < messages <= len(stream)
    assert decoder.receive(READY * 400)[-1] == wire.GeneralStatus(0x7E)


def test_a_block_that_never_ends_does_not_blind_the_decoder() -> None:
    decoder = Pr2Decoder()
    found = decoder.receive(b"\x1bb" + b"x" * 5000 + READY)
    assert found[-1] == wire.GeneralStatus(0x7E)
    assert all(isinstance(one, wire.Garbage) for one in found[:-1])
