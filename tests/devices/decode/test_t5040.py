"""The printer's bytes explained both ways: the manual's worked posting, every command, cut and strange bytes."""

from __future__ import annotations

import pytest

from devices.decode.reading import DEVICE, HOST
from devices.decode.t5040 import explain

POSTING = bytes.fromhex(
    "1B 5B 30 3B 30 3B 30 3B 39 39 3B 31 21 72  1B 5B 31 25 74  1B 5B 22 72  1B 5B 23 72 02 3D 37 3F 03"
    "1B 5B 34 32 31 21 70  1B 24 96 00 30 37 2D 31 32 2D 39 39 0C"
)
"""The worked posting of the manual (passbook-printers §2.5, S6 p.277-279); the stripe's data are made up."""
POSTED = (
    "STRIPE PARAMETERS", "LEADING EDGE", "READ STRIPE", "WRITE STRIPE", "ABSOLUTE POSITION TOP",
    "HORIZONTAL POSITION", "TEXT", "FORM FEED",
)  # fmt: skip
COMMANDS = {
    b"\x1b[421!p": ("ABSOLUTE POSITION TOP", {"position": 421}),
    b'\x1b[9"p': ("ABSOLUTE POSITION BOTTOM", {"position": 9}),
    b"\x1b[36#p": ("MOVE BACK", {"distance": 36}),
    b"\x1b[0$p": ("EJECT", {"insert": 0}),
    b"\x1b[1$p": ("INSERT", {"insert": 1}),
    b"\x1b[#t": ("DETECT EDGE", {}),
    b"\x1b[1%t": ("LEADING EDGE", {"right": 1}),
    b"\x1b[1(t": ("PAPER ERROR HANDLING", {"automatic": 1}),
    b"\x1b[17!t": ("CONTROL POINT", {"number": 17}),
    b"\x1b[17)t": ("CONTROL POINT II", {"number": 17}),
    b'\x1b["t': ("REQUEST DOCUMENT WIDTH", {}),
    b"\x1b[2,t": ("IMPACT", {"force": 2}),
    b'\x1b["z': ("REQUEST MESSAGES", {}),
    b"\x1b[1#z": ("REQUEST UNIT PARAMETERS", {"with_type": 1}),
    b"\x1b[0;0;0;99;1!r": ("STRIPE PARAMETERS", {"distance": 99, "bottom_edge": 1}),
    b"\x1b[#r\x02=7?\x03": ("WRITE STRIPE", {"data": "=7?"}),
    b"\x1b[%r": ("ERASE STRIPE", {}),
    b"\x1b$\x96\x00": ("HORIZONTAL POSITION", {"sixtieths": 150}),
    b"\x1b*\x27\x02\x00ABCDEF": ("BIT IMAGE", {"columns": 2}),
    b"07-12-99 Cash": ("TEXT", {"text": "07-12-99 Cash", "characters": 13}),
}
ANSWERS = {
    b"\x1b[0!z": ("GLOBAL STATUS ONLINE", {"status": 0}),
    b"\x1b[1!z": ("GLOBAL STATUS STOP", {"status": 1}),
    b"\x1b[2!z": ("GLOBAL STATUS ERROR", {"status": 2}),
    b'\x1b[1;4"z': ("SPECIAL MESSAGE PAPER", {"group": 1, "number": 4}),
    b'\x1b[20;2"z': ("SPECIAL MESSAGE USER2 KEY", {}),
    b"\x1b[17!t": ("CONTROL POINT REACHED", {"number": 17}),
    b"\x1b[17)t": ("CONTROL POINT II REACHED", {"number": 17}),
    b'\x1b[992"t': ("DOCUMENT WIDTH", {"width_180ths": 992}),
    b"\x1b[0;4;94;1;1;0;1;5040;0#z": (
        "UNIT PARAMETERS",
        {"max_width_tenth_inch": 94, "type": 5040, "msr": 1},
    ),
    b'\x1b[1;2;1;0"r\x02=6?\x03': ("STRIPE DATA", {"data": "=6?", "attempts": 1, "error_means": "none"}),
    b'\x1b[1;2;1;3"r\x02\x03': ("STRIPE DATA", {"data": "", "error_means": "no data found"}),
    b"\x1b[1;0#r": ("STRIPE WRITTEN", {"error": 0}),
}


def test_the_manuals_posting_is_explained_in_its_order() -> None:
    (reading,) = explain(POSTING, HOST, b"")
    assert reading.valid
    assert tuple(one["name"] for one in reading.fields["messages"]) == POSTED
    assert reading.fields["messages"][4]["position"] == 421
    assert reading.fields["messages"][6]["text"] == "07-12-99"


@pytest.mark.parametrize(("data", "said"), COMMANDS.items())
def test_a_command_says_what_it_says(data: bytes, said: tuple[str, dict[str, object]]) -> None:
    (reading,) = explain(data, HOST, b"")
    assert (reading.valid, reading.name) == (True, said[0]), reading.error
    assert said[1].items() <= dict(reading.fields).items()


@pytest.mark.parametrize(("data", "said"), ANSWERS.items())
def test_an_answer_says_what_it_says(data: bytes, said: tuple[str, dict[str, object]]) -> None:
    (reading,) = explain(data, DEVICE, b"")
    assert (reading.valid, reading.name) == (True, said[0]), reading.error
    assert said[1].items() <= dict(reading.fields).items()


@pytest.mark.parametrize("data", [one for one in COMMANDS if one[0] == 0x1B])
def test_a_cut_command_is_refused_or_is_another(data: bytes) -> None:
    for end in range(1, len(data)):
        (reading,) = explain(data[:end], HOST, b"")
        assert not reading.valid, data[:end]


@pytest.mark.parametrize("data", ANSWERS)
def test_a_cut_answer_is_refused(data: bytes) -> None:
    cuts = [data[:end] for end in range(1, len(data)) if data[:end] not in ANSWERS]
    whole = b"\x1b[0!z"
    for cut in cuts:
        assert not explain(cut, DEVICE, b"")[0].valid, cut
        assert not explain(whole + cut, DEVICE, b"")[0].valid, cut


def test_a_control_point_is_read_both_ways() -> None:
    assert [one.name for one in explain(b"\x1b[17!t", "", b"")] == ["CONTROL POINT", "CONTROL POINT REACHED"]
    readings = explain(b"\x1b[0!z", "", b"")
    assert [(one.direction, one.valid) for one in readings] == [(DEVICE, True), (HOST, False)]


@pytest.mark.parametrize(
    ("data", "direction", "reason"),
    [
        (b"", HOST, "no bytes"),
        (b"", DEVICE, "no bytes"),
        (b'\x1b[1;2;1;3"r', DEVICE, "does not end"),
        (b"\x1b[0!p", HOST, "position 0 is not in 1..9999"),
        (b"\x1b[" + b"9" * 5000 + b"!p", HOST, "at most four digits"),
        (b"\x1b[1;2!p", HOST, "takes 1 numbers, not 2"),
        (b"\x1b[!p", HOST, "takes 1 numbers, not 0"),
        (b"\x1b[1!q", HOST, "is not known"),
        (b"\x1bz", HOST, "ESC 7a is not known"),
        (b"\x1c&", HOST, "1c is neither a command nor printable"),
        (b"\x80", HOST, "80 is neither a command nor printable"),
        (b"A\x1b[#r\x02A\x03", HOST, "byte 1: stripe data is 30..3f only"),
        (b"\x1b[#r", HOST, "between 02 and 03"),
        (b'\x1b[3;9"z', DEVICE, "special message 3;9 is not known"),
        (b'\x1b[1;2;1;8"r\x02\x03', DEVICE, "stripe error 8 is not known"),
        (b"noise", DEVICE, "no answer of this printer"),
        (b"\x1b[3!z", DEVICE, "no answer of this printer"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, direction: str, reason: str) -> None:
    (reading,) = explain(data, direction, b"")
    assert not reading.valid
    assert reason in reading.error
