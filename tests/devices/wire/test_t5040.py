"""The passbook printer's bytes, against the manual's worked posting and its command table."""

from __future__ import annotations

import pytest

from devices.errors import ProtocolError
from devices.wire import t5040 as wire
from devices.wire.t5040 import T5040Decoder

# The worked posting of the T5023 programming guide, p.277-279 (passbook-printers §2.5), typed from there.
POSTING_FROM_HOST = bytes.fromhex(
    "1B 5B 30 3B 30 3B 30 3B 39 39 3B 31 21 72"  # CSI 0;0;0;99;1 ! r    stripe parameters
    "1B 5B 31 25 74"  #                             CSI 1 % t            right leading edge
    "1B 5B 22 72"  #                                CSI " r              read the stripe
    "1B 5B 23 72 02 37 03"  #                       CSI # r STX 7 ETX    stripe before the line: next line 7
    "1B 5B 34 32 31 21 70"  #                       CSI 421 ! p          241 + 36 * (6 - 1)
    "1B 24 96 00"  #                                ESC $ 150            2.5 in
    "30 37 2D 31 32 2D 39 39 20 43 61 73 68 20 30 32 36 20 20 20"  # "07-12-99 Cash 026   "
    "2A 32 30 30 2E 30 30 20 2A 2A 2A 31 2C 35 35 30 2E 30 30"  #    "*200.00 ***1,550.00"
    "0C"  #                                         FF                   eject
)
POSTING_FROM_PRINTER = bytes.fromhex(
    "1B 5B 31 3B 32 3B 31 3B 30 22 72 02 36 03"  # CSI 1;2;1;0 " r STX 6 ETX
    "1B 5B 31 3B 30 23 72"  #                      CSI 1;0 # r
)


def read(data: bytes) -> tuple[wire.Message, ...]:
    return T5040Decoder().receive(data)


def test_the_manuals_worked_posting_is_encoded_byte_for_byte() -> None:
    posting = [
        wire.stripe_parameters(0, 0, 0, 99, 1),
        wire.leading_edge(1),
        wire.read_stripe(),
        wire.write_stripe(b"7"),
        wire.absolute_position_top(241 + 36 * (6 - 1)),
        wire.horizontal_position(150),
        wire.text("07-12-99 Cash 026   *200.00 ***1,550.00"),
        wire.FORM_FEED,
    ]
    assert b"".join(posting) == POSTING_FROM_HOST


def test_the_printers_side_of_the_worked_posting_is_read() -> None:
    assert read(POSTING_FROM_PRINTER) == (wire.StripeData(1, 0, b"6"), wire.StripeWritten(1, 0))


@pytest.mark.parametrize(
    ("made", "published"),
    [
        (wire.absolute_position_bottom(36), '36"p'),
        (wire.move_back(36), "36#p"),
        (wire.eject(), "0$p"),
        (wire.insert(), "1$p"),
        (wire.detect_edge(), "#t"),
        (wire.passbook_processing(1), "1$t"),
        (wire.automatic_errors(False), "0(t"),
        (wire.automatic_errors(True), "1(t"),
        (wire.control_point(17), "17!t"),
        (wire.control_point_2(9999), "9999)t"),
        (wire.request_width(), '"t'),
        (wire.dual_station(4), "4*t"),
        (wire.impact(2), "2,t"),
        (wire.request_messages(), '"z'),
        (wire.request_unit_parameters(1), "1#z"),
        (wire.stripe_parameters(), "0;0;0;99;1!r"),
        (wire.erase_stripe(), "%r"),
    ],
)
def test_a_command_is_the_one_of_the_manuals_table(made: bytes, published: str) -> None:
    assert made == b"\x1b[" + published.encode()


def test_a_pitch_is_ordinary_escp() -> None:
    """passbook-printers §4.2: ESC P, ESC M, ESC g."""
    assert wire.pitch(10) + wire.pitch(12) + wire.pitch(15) == b"\x1bP\x1bM\x1bg"


def test_a_bit_image_counts_columns_not_bytes() -> None:
    assert wire.bit_image(b"\xff\x00\x01" * 300)[:5] == bytes.fromhex("1B 2A 27 2C 01")


@pytest.mark.parametrize(
    "make",
    [
        lambda: wire.absolute_position_top(0),
        lambda: wire.absolute_position_bottom(0),
        lambda: wire.control_point(10000),
        lambda: wire.control_point(-1),
        lambda: wire.write_stripe(b"7A"),
        lambda: wire.bit_image(b"\0\0"),
        lambda: wire.pitch(11),
        lambda: wire.text("存"),
        lambda: wire.text("why?é"),
        lambda: wire.text("a\x1b[0$p"),
        lambda: wire.text("line\n"),
    ],
)
def test_what_the_printer_could_not_take_is_not_encoded(make: object) -> None:
    assert callable(make)
    with pytest.raises(ProtocolError):
        make()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x1b[0!z", wire.GlobalStatus(wire.ONLINE)),
        (b"\x1b[1!z", wire.GlobalStatus(wire.STOP)),
        (b"\x1b[2!z", wire.GlobalStatus(wire.ERROR)),
        (b'\x1b[1;4"z', wire.SpecialMessage(1, 4)),
        (b'\x1b[20;2"z', wire.SpecialMessage(20, 2)),
        (b"\x1b[17!t", wire.ControlPoint(17, second=False)),
        (b"\x1b[17)t", wire.ControlPoint(17, second=True)),
        (b'\x1b[992"t', wire.DocumentWidth(992)),
        (b"\x1b[0;4;94;1;1;0;1;5040;0#z", wire.UnitParameters((0, 4, 94, 1, 1, 0, 1, 5040, 0))),
        (b'\x1b[1;2;1;3"r\x02\x03', wire.StripeData(1, 3, b"")),
        (b'\x1b[1;2;1;0"r\x02=9017?\x03', wire.StripeData(1, 0, b"=9017?")),
        (b"\x1b[2;1#r", wire.StripeWritten(2, 1)),
        (b"\x1b[3!z", wire.Garbage(b"\x1b[3!z")),
        (b"\x1b[7!p", wire.Garbage(b"\x1b[7!p")),
        (b"\x1b[1;2;3!t", wire.Garbage(b"\x1b[1;2;3!t")),
        (b"noise", wire.Garbage(b"noise")),
    ],
)
def test_an_answer_reads_as_what_it_says_however_it_is_cut(data: bytes, message: wire.Message) -> None:
    assert read(data + b"\x1b[0!z") == (message, wire.GlobalStatus(0))
    for cut in range(1, len(data)):
        decoder = T5040Decoder()
        found = decoder.receive(data[:cut]) + decoder.receive(data[cut:])
        assert found == (message,) or isinstance(message, wire.Garbage)


def test_a_broken_answer_is_garbage_and_the_next_one_is_read() -> None:
    assert read(b"\x1b[12Q\x1b[5!t") == (
        wire.Garbage(b"\x1b"),
        wire.Garbage(b"[12Q"),
        wire.ControlPoint(5, False),
    )


def test_stripe_data_may_come_without_its_block() -> None:
    assert read(b'\x1b[1;2;1;3"r\x1b[0!z') == (wire.StripeData(1, 3, b""), wire.GlobalStatus(0))


def test_a_stripe_block_whose_end_was_lost_costs_only_itself() -> None:
    """The next answer's ESC ends it: stripe data is 30h to 3Fh, and what follows must not wait for a kilobyte."""
    cut = b'\x1b[1;2;1;0"r\x02=0123'
    assert read(cut + b"\x1b[0!z")[-1] == wire.GlobalStatus(0)
    whole = b'\x1b[1;2;1;0"r\x02=0123?\x03'
    assert read(cut + whole) == (wire.Garbage(cut), wire.StripeData(1, 0, b"=0123?"))


def test_a_stripe_block_that_never_ends_does_not_blind_the_decoder() -> None:
    decoder = T5040Decoder()
    assert decoder.receive(b'\x1b[1;2;1;0"r\x02' + b"0" * 500) == ()
    found = decoder.receive(b"0" * 600 + b"\x1b[5!t")
    assert found[-1] == wire.ControlPoint(5, False)
    assert not any(isinstance(one, wire.StripeData) for one in found)
