"""ESC/P bytes against the tables of the reference, and the handshake that is all a one-way printer says."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from devices.errors import ProtocolError
from devices.wire import escp as wire
from devices.wire.gb2312 import two_byte_code


@pytest.mark.parametrize(
    ("made", "published"),
    [
        # passbook-printers §4.2, typed from its byte column
        (wire.RESET, "1B 40"),
        (wire.TEN_CPI, "1B 50"),
        (wire.pitch(12), "1B 4D"),
        (wire.pitch(15), "1B 67"),
        (wire.LETTER_QUALITY, "1B 78 01"),
        (wire.USA, "1B 52 00"),
        (wire.ONE_WAY_HEAD, "1B 55 01"),
        (wire.unit(10), "1B 28 55 01 00 0A"),
        (wire.unit(20), "1B 28 55 01 00 14"),
        (wire.vertical_position(0x0201), "1B 28 56 02 00 01 02"),
        (wire.page_length(2551), "1B 28 43 02 00 F7 09"),
        (wire.page_format(0, 2551), "1B 28 63 04 00 00 00 F7 09"),
        (wire.feed(36), "1B 4A 24"),
        (wire.feed(0), ""),
        (wire.feed(255), "1B 4A FF"),
        (wire.feed(600), "1B 4A FF 1B 4A FF 1B 4A 5A"),
        # §2.5: ESC $ 150 of the worked posting, 2.5 inches
        (wire.horizontal_position(150), "1B 24 96 00"),
        (wire.bit_image(b"\xff\x00\x01" * 300)[:5], "1B 2A 27 2C 01"),
        (wire.text("*200.00"), "2A 32 30 30 2E 30 30"),
        # §4.3; 啊 is B0A1, the first character of GB2312
        (wire.CHINESE_ON, "1C 26"),
        (wire.CHINESE_OFF, "1C 2E"),
        (wire.chinese("啊"), "1C 26 1C 53 00 03 B0 A1 1C 2E"),
        (wire.FORM_FEED, "0C"),
    ],
)
def test_a_command_is_the_one_of_the_references_table(made: bytes, published: str) -> None:
    assert made == bytes.fromhex(published)


@pytest.mark.parametrize(
    "make",
    [
        lambda: wire.feed(-1),
        lambda: wire.unit(0),
        lambda: wire.unit(256),
        lambda: wire.horizontal_position(-1),
        lambda: wire.vertical_position(0x8000),
        lambda: wire.bit_image(b"\0\0"),
        lambda: wire.pitch(11),
        lambda: wire.text("存"),
        lambda: wire.text("a\x1b@"),
        lambda: wire.chinese("镕"),
        lambda: wire.chinese("存a"),
        lambda: wire.chinese("\x1b"),
    ],
)
def test_what_the_printer_could_not_take_is_not_encoded(make: Callable[[], bytes]) -> None:
    with pytest.raises(ProtocolError):
        make()


@pytest.mark.parametrize(
    ("char", "code"),
    [
        ("存", b"\xb4\xe6"),
        ("款", b"\xbf\xee"),
        ("￥", b"\xa3\xa4"),
        ("镕", None),
        ("·", None),
        ("・", None),
        ("a", None),
        ("\ud800", None),
    ],
)
def test_only_gb2312_has_two_byte_codes(char: str, code: bytes | None) -> None:
    """镕 is E946 in GBK: its second byte lies outside the rows that every printer of the family has."""
    assert two_byte_code(char) == code


STREAM = b"\x13\x11noise\x13\x1b[0!z\x11"
SAID = (
    wire.Flow(go=False),
    wire.Flow(go=True),
    wire.Garbage(b"noise"),
    wire.Flow(go=False),
    wire.Garbage(b"\x1b[0!z"),
    wire.Flow(go=True),
)


def test_the_handshake_is_read_however_it_is_cut() -> None:
    assert wire.EscpDecoder().receive(STREAM) == SAID
    for cut in range(1, len(STREAM)):
        decoder = wire.EscpDecoder()
        found = decoder.receive(STREAM[:cut]) + decoder.receive(STREAM[cut:])
        assert [one for one in found if isinstance(one, wire.Flow)] == [
            one for one in SAID if isinstance(one, wire.Flow)
        ]
        assert b"".join(one.data for one in found if isinstance(one, wire.Garbage)) == b"noise\x1b[0!z"


@pytest.mark.parametrize("bit", range(8))
def test_a_turned_bit_of_xoff_is_never_xon_but_for_the_one_bit_between_them(bit: int) -> None:
    (found,) = wire.EscpDecoder().receive(bytes([wire.XOFF ^ 1 << bit]))
    assert found == (wire.Flow(go=True) if bit == 1 else wire.Garbage(bytes([wire.XOFF ^ 1 << bit])))


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises_and_nothing_is_lost_or_kept(seed: int) -> None:
    noise = random.Random(seed).randbytes(20_000)
    decoder = wire.EscpDecoder()
    found = [one for at in range(0, len(noise), 37) for one in decoder.receive(noise[at : at + 37])]
    rebuilt = b"".join(
        one.data
        if isinstance(one, wire.Garbage)
        else bytes([wire.XON if one == wire.Flow(True) else wire.XOFF])
        for one in found
    )
    assert rebuilt == noise
