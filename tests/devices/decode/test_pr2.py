"""PR2 streams told as commands and answers; status codes are shown as what they are: unverified."""

from __future__ import annotations

import random
from typing import Any

import pytest

from devices.contracts import PassbookJob, PreparedJob
from devices.decode.pr2 import explain
from devices.decode.reading import DEVICE, HOST, Reading
from devices.drivers.pr2 import Pr2Printer
from devices.glyphs import Glyphs
from devices.wire import pr2 as wire
from tests.devices.rig import FORM, row
from tests.devices.wire.test_pr2 import ANSWERS, POSTING


def test_the_references_minimal_posting_is_told() -> None:
    (reading,) = explain(POSTING, HOST, b"")
    assert reading.name == (
        "CONTROLLED PROCEDURE; GENERAL RESET; LINE PITCH; DOCUMENT LENGTH; REQUEST STATUS; ABSOLUTE LINE; "
        "HORIZONTAL POSITION; TEXT; CARRIAGE RETURN; EJECT; REQUEST STATUS"
    )
    messages = reading.fields["messages"]
    assert messages[2] == {"name": "LINE PITCH", "numbers": [40], "flag": "S2"}
    assert messages[3] == {"name": "DOCUMENT LENGTH", "data": "060"}
    assert messages[6] == {"name": "HORIZONTAL POSITION", "numbers": [5], "flag": "unit R"}


def test_every_command_of_the_inventory_is_told_by_its_name() -> None:
    for code, shape in wire.COMMANDS.items():
        (reading,) = explain(wire.command(code, *(1 for _ in shape.widths)), HOST, b"")
        assert (reading.valid, reading.name) == (True, shape.name), code


@pytest.mark.parametrize(
    ("data", "name", "fields"),
    [
        (wire.vertical_position(144), "ABSOLUTE VERTICAL POSITION", {"numbers": [1, 144], "flag": "S2"}),
        (wire.stripe_data(b"9017"), "STRIPE DATA TO RECORD", {"data": "9017"}),
        (wire.magnetic_device("E", 1, 2), "SET UP STRIPE UNIT", {"k1": 1, "k2": 2}),
        (wire.image(b"@@"), "BIT IMAGE", {"bytes": 3}),
        (b"12.00", "TEXT", {"text": "12.00", "characters": 5}),
        (b"\x0c", "FORM FEED", {}),
    ],
)
def test_a_command_is_told_with_its_parts(data: bytes, name: str, fields: dict[str, Any]) -> None:
    assert explain(data, HOST, b"") == (Reading(HOST, True, name, fields),)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "no bytes"),
        (b"\x1b", "1b is not known"),
        (b"\x1bX01", "RELATIVE HORIZONTAL POSITION: what follows it stands in no source"),
        (b"\x1b/1014", "takes 4 digits"),
        (b"\x1bH00A", "takes 3 digits"),
        (b"\x1bQ060", "not closed by 1b 5a"),
        (b"\x1bQ6x\x1bZ", "told in digits"),
        (b"\x1bYE1", "SET UP STRIPE UNIT is cut"),
        (b"12\xb4\xe6", "byte 2: b4 is no character here"),
        (b"\x1c&\xb4", "no character here"),
        (b"\x01", "01 is not explained"),
    ],
)
def test_what_is_cut_or_unknown_is_refused_with_its_place(data: bytes, error: str) -> None:
    (reading,) = explain(data, HOST, b"")
    assert not reading.valid
    assert error in reading.error


@pytest.mark.parametrize(("given", "said"), ANSWERS, ids=[given for given, _ in ANSWERS])
def test_the_printers_answers_are_told_and_cut_ones_refused(given: str, said: wire.Message) -> None:
    data = bytes.fromhex(given)
    (reading,) = explain(data, DEVICE, b"")
    assert reading.valid is not isinstance(said, wire.Garbage)
    for cut in range(1, len(data)):
        assert not explain(data[:cut], DEVICE, b"")[0].valid
        assert not explain(b"\x1br\x7e" + data[:cut], DEVICE, b"")[0].valid


@pytest.mark.parametrize(
    ("data", "name", "fields"),
    [
        (b"\x1br\x7e", "GENERAL STATUS", {"code": "7e", "means": "ready", "verified": False}),
        (b"\x1br\x30", "GENERAL STATUS", {"code": "30", "means": "not in the table", "verified": False}),
        (
            b"\x1bB5\x3f\x1bZ",
            "DOCUMENT STATUS",
            {"device": "5", "code": "3f", "means": "printing", "verified": False},
        ),
        (b"\x1bs\x7f\x1c", "STRIPE DATA", {"data": "\x7f", "readable": False}),
    ],
)
def test_a_status_code_is_shown_as_unverified(data: bytes, name: str, fields: dict[str, Any]) -> None:
    assert explain(data, DEVICE, b"") == (Reading(DEVICE, True, name, fields),)


def test_the_drivers_own_job_is_told_whole() -> None:
    driver = Pr2Printer("printer-1", lambda: 0.0, {"passbook_24": FORM}, Glyphs())
    job = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (row(3),), training=True))
    assert isinstance(job, PreparedJob)
    (reading,) = explain(job.payload, HOST, b"")
    assert reading.valid, reading.error
    texts = [one["text"] for one in reading.fields["messages"] if one["name"] == "TEXT"]
    assert texts == ["20260312", "存", "款", "+20,250.00", "*****31,482.15", "0318", *"培训无效"]


def test_no_bytes_at_all_make_it_raise() -> None:
    dice = random.Random(5)
    for _ in range(400):
        noise = (
            dice.randbytes(40)
            if dice.random() < 0.5
            else b"\x1b" + dice.randbytes(6) + b"\x1b" + dice.randbytes(6)
        )
        for direction in (HOST, DEVICE, ""):
            assert all(one.valid != bool(one.error) for one in explain(noise, direction, b""))
