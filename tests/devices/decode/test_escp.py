"""What was sent to an ESC/P printer, told as a list of commands: its driver's own jobs, tables, and hostile bytes."""

from __future__ import annotations

import random
from typing import Any

import pytest

from devices.contracts import PassbookJob, PreparedJob
from devices.decode.escp import explain
from devices.decode.reading import DEVICE, HOST, Reading
from devices.drivers.escp import Escp2Printer, EscpPrinter, Lq1600kPrinter
from devices.glyphs import Glyphs
from tests.devices.rig import FORM, row

GLYPHS = Glyphs()


def told(data: bytes) -> list[dict[str, Any]]:
    """The host's stream as commands with their fields."""
    (reading,) = explain(data, HOST, b"")
    assert reading.valid, reading.error
    messages = reading.fields.get("messages")
    return list(messages) if messages else [{"name": reading.name, **reading.fields}]


@pytest.mark.parametrize(
    ("given", "name", "fields"),
    [
        # passbook-printers §4.2 and §4.3, typed from there
        ("1B 40", "INITIALISE", {}),
        ("1B 24 96 00", "HORIZONTAL POSITION", {"units": 150}),
        ("1B 5C FE FF", "RELATIVE HORIZONTAL POSITION", {"signed_units": -2}),
        ("1B 28 55 01 00 0A", "UNIT", {"parts_of_3600": 10}),
        ("1B 28 56 02 00 B0 00", "VERTICAL POSITION", {"units": 176}),
        ("1B 28 63 04 00 00 00 F7 09", "PAGE FORMAT", {"top": 0, "bottom": 2551}),
        ("1B 43 00 0B", "PAGE LENGTH", {"inches": 11}),
        ("1B 6A 10", "REVERSE FEED", {"parts_of_180_or_216": 16}),
        ("1C 44 31 32", "ROTATED PAIR", {"first": 49, "second": 50}),
        ("1C 32 AA A1" + 72 * "FF", "DOWNLOAD CHARACTER", {"code": "aa a1", "dots_high": 24}),
        ("0E", "DOUBLE WIDTH FOR ONE LINE", {}),
        ("14", "DOUBLE WIDTH OFF", {}),
        ("1B 01 40 45 4A 4C 20 49 44 0D 0A", "REQUEST IDENTIFICATION", {}),
        ("1B 43 42", "PAGE LENGTH", {"lines": 66}),
        ("1B 44 08 10 00", "TABS", {"stops": [8, 16]}),
        ("1B 4A 24", "FEED", {"parts_of_180": 36}),
        ("1B 2A 27 01 00 FF 00 01", "BIT IMAGE", {"columns": 1, "dots_high": 24, "dots_per_inch": 180}),
        ("1C 53 00 03", "CHINESE SPACES", {"left_dots": 0, "right_dots": 3}),
        ("0C", "FORM FEED", {}),
        ("00 00 00", "FILL", {"bytes": 3}),
        ("2A 32", "TEXT", {"text": "*2", "characters": 2}),
    ],
)
def test_a_command_is_told_with_its_numbers(given: str, name: str, fields: dict[str, Any]) -> None:
    assert explain(bytes.fromhex(given), HOST, b"") == (Reading(HOST, True, name, fields),)


def test_chinese_is_text_between_its_marks_only() -> None:
    marked = bytes.fromhex("1C 26 B4 E6 BF EE 1C 2E")
    assert [one.get("text") for one in told(marked)] == [None, "存款", None]
    (loose,) = explain(bytes.fromhex("B4 E6"), HOST, b"")
    assert (loose.valid, loose.error) == (False, "byte 0: b4 is not ASCII")
    (after_reset,) = explain(bytes.fromhex("1C 26 1B 40 B4 E6"), HOST, b"")
    assert not after_reset.valid


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("", "no bytes"),
        ("1B", "(cut)"),
        ("1B 6A", "REVERSE FEED is cut"),
        ("1C 32 AA A1 00", "a downloaded character is cut"),
        ("41 1B 24 96", "byte 1: ESC 24: HORIZONTAL POSITION is cut"),
        ("1B 28 56 03 00 01 00 00", "VERTICAL POSITION takes 2 bytes, not 3"),
        ("1B 28 5A 00 00", "ESC ( 5a is not known"),
        ("1B 2A 27 02 00 FF 00 01", "bit image of 2 columns is cut"),
        ("1B 2A 63 01 00 FF", "of no known density"),
        ("1B 44 08", "does not end"),
        ("1C 7A", "FS 7a is not known"),
        ("01", "01 is not explained"),
        ("1C 26 B4", "b4 is neither GB2312 nor GBK"),
    ],
)
def test_what_is_cut_or_unknown_is_refused_with_its_place(given: str, error: str) -> None:
    (reading,) = explain(bytes.fromhex(given), HOST, b"")
    assert not reading.valid
    assert error in reading.error


def test_the_printer_says_nothing_but_the_handshake() -> None:
    assert explain(b"\x13", DEVICE, b"") == (Reading(DEVICE, True, "XOFF"),)
    (reading,) = explain(b"\x13\x11", DEVICE, b"")
    assert reading.name == "XOFF; XON"
    assert not explain(b"\x06", DEVICE, b"")[0].valid
    asked = b"@EJL ID\r\nMFG:DEMO;CMD:ESCPL2;\r\n\x0c"  # a later Epson (§4.1)
    assert explain(asked, DEVICE, b"") == (
        Reading(DEVICE, True, "IDENTIFICATION", {"text": "MFG:DEMO;CMD:ESCPL2;"}),
    )
    both = explain(b"\x13", "", b"")
    assert [(one.direction, one.valid) for one in both] == [(DEVICE, True), (HOST, False)]


@pytest.mark.parametrize("driver_class", [EscpPrinter, Escp2Printer, Lq1600kPrinter])
def test_the_drivers_own_jobs_are_told_whole(driver_class: type[EscpPrinter]) -> None:
    driver = driver_class("printer-1", lambda: 0.0, {"passbook_24": FORM}, GLYPHS)
    job = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (row(3), row(14)), training=True))
    assert isinstance(job, PreparedJob)
    messages = told(job.payload)
    assert [one["text"] for one in messages if one["name"] == "TEXT" and one["text"].isascii()] == [
        "20260312", "+20,250.00", "*****31,482.15", "0318",
    ] * 2  # fmt: skip
    assert messages[-1] == {"name": "FORM FEED"}
    placed = [at for at, one in enumerate(messages) if one["name"] in ("TEXT", "BIT IMAGE", "CHINESE ON")]
    for at in placed:
        before = [one["name"] for one in messages[:at]]
        assert before[-1] in ("HORIZONTAL POSITION", "CHINESE SPACES", "CHINESE ON")


def test_no_bytes_at_all_make_it_raise() -> None:
    dice = random.Random(5)
    for _ in range(400):
        noise = (
            dice.randbytes(50)
            if dice.random() < 0.5
            else b"\x1b" + dice.randbytes(9) + b"\x1c" + dice.randbytes(9)
        )
        for direction in (HOST, DEVICE, ""):
            assert all(one.valid != bool(one.error) for one in explain(noise, direction, b""))
