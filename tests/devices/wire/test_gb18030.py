"""GB 18030-2022 around Python's codec: every moved code, in both directions, and nothing put in a character's place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.wire import gb18030

MOVED = [
    *[
        ("A8BC", "ḿ"),
        ("A6D9", "︐"),
        ("A6DA", "︒"),
        ("A6DB", "︑"),
        ("A6DC", "︓"),
        ("A6DD", "︔"),
        ("A6DE", "︕"),
    ],
    *[
        ("A6DF", "︖"),
        ("A6EC", "︗"),
        ("A6ED", "︘"),
        ("A6F3", "︙"),
        ("FE59", "龴"),
        ("FE61", "龵"),
        ("FE66", "龶"),
    ],
    *[("FE67", "龷"), ("FE6D", "龸"), ("FE7E", "龹"), ("FE90", "龺"), ("FEA0", "龻")],
]
DOUBLED = [("FE51", "𠂇", "95329031"), ("FE52", "𠂉", "95329033"), ("FE53", "𠃌", "95329730"),
           ("FE6C", "𡗗", "9536B937"), ("FE76", "𢦏", "9630BA35"), ("FE91", "𤇾", "9635B630")]  # fmt: skip


def test_python_still_stands_at_the_edition_of_2000() -> None:
    """When this fails, Python has moved on: the module then agrees with it, and its docstring wants a new sentence."""
    private = ["".join(f"{ord(bytes.fromhex(code).decode('gb18030')):04X}") for code, _ in MOVED]
    assert private == [
        *["E7C7", "E78D", "E78E", "E78F", "E790", "E791", "E792", "E793", "E794", "E795", "E796"],
        *["E81E", "E826", "E82B", "E82C", "E832", "E843", "E854", "E864"],
    ]
    assert "龴".encode("gb18030").hex() == "82359037"
    assert [f"{ord(bytes.fromhex(code).decode('gb18030')):04X}" for code, _, _ in DOUBLED] == [
        *["E816", "E817", "E818", "E831", "E83B", "E855"],
    ]
    assert bytes.fromhex("FE9F").decode("gb18030") == "䶮"


@pytest.mark.parametrize(("code", "char"), MOVED)
@pytest.mark.parametrize("old_host", [True, False])
def test_a_moved_code_is_two_bytes_to_old_and_new(code: str, char: str, old_host: bool) -> None:
    assert gb18030.encode(char, old_host) == bytes.fromhex(code)
    assert gb18030.decode(bytes.fromhex(code)) == char
    assert gb18030.decode(char.encode("gb18030")) == char, "Python's four bytes are the same character"
    assert gb18030.in_every_font(char)


@pytest.mark.parametrize(("two", "char", "four"), DOUBLED)
def test_a_doubled_code_is_two_bytes_for_an_old_host_only(two: str, char: str, four: str) -> None:
    assert gb18030.encode(char) == bytes.fromhex(four)
    assert gb18030.encode(char, old_host=True) == bytes.fromhex(two)
    assert {gb18030.decode(bytes.fromhex(code)) for code in (two, four)} == {char}
    assert not gb18030.in_every_font(char)


@pytest.mark.parametrize(
    ("char", "code", "old"),
    [
        ("A", "41", True),
        ("王", "CDF5", True),
        ("·", "A1A4", True),
        ("䶮", "FE9F", True),
        ("龑", "FD8C", True),
        ("€", "A2E3", True),
        ("㛃", "8230B731", True),
        ("𬭼", "9933AD38", False),
        ("鿍", "82359332", False),
        ("\U00031350", "9A37F836", False),
        ("😀", "9439FC36", False),
    ],
)
def test_what_was_never_moved_is_written_as_it_was(char: str, code: str, old: bool) -> None:
    assert gb18030.encode(char).hex().upper() == code
    assert gb18030.decode(bytes.fromhex(code)) == char
    assert gb18030.in_every_font(char) is old


@pytest.mark.parametrize(
    ("char", "reason"),
    [("\ue81e", "private use"), ("\ue863", "private use"), ("\U000f0000", "private use"),
     ("\ud842", "half a character"), ("\u0378", "unassigned"), ("\uffff", "unassigned")],
)  # fmt: skip
def test_what_cannot_be_written_is_named_and_never_replaced(char: str, reason: str) -> None:
    with pytest.raises(UnicodeEncodeError) as raised:
        gb18030.encode(f"王{char}明")
    assert (raised.value.start, raised.value.end, raised.value.reason) == (1, 2, reason)
    assert not gb18030.in_every_font(char)


@pytest.mark.parametrize("data", [b"\xfe", b"\xff\xff", b"\x81\x30", b"\xb0\x20"])
def test_what_is_no_code_raises(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        gb18030.decode(data)


def test_a_code_that_is_private_use_in_every_edition_stays_visible() -> None:
    assert gb18030.decode(bytes.fromhex("AAA1")) == "\ue000"


@given(st.text(st.characters(exclude_categories=["Co", "Cn", "Cs"])), st.booleans())
def test_whatever_can_be_written_is_read_back(text: str, old_host: bool) -> None:
    assert gb18030.decode(gb18030.encode(text, old_host)) == text


@given(st.binary())
def test_bytes_are_read_or_refused_and_hold_no_moved_private_use(data: bytes) -> None:
    try:
        text = gb18030.decode(data)
    except UnicodeDecodeError:
        return
    assert not set(text) & {chr(point) for point in (0xE7C7, 0xE78D, 0xE796, 0xE81E, 0xE864, 0xE816, 0xE855)}
