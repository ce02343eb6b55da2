"""What people type may hold anything; nothing of it may command a printer, break a line or vanish unseen."""

from __future__ import annotations

import pytest

from devices.contracts import PassbookJob, PreparedJob, ReceiptJob, ReceiptLine
from devices.drivers.escpos_receipt import EscposReceiptPrinter
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceError, DeviceErrorCode
from devices.glyphs import Glyphs
from devices.simulators.t5040_parser import StreamParser
from tests.devices.rig import FORM, row

GLYPHS = Glyphs()
HOSTILE = {
    "ESC": "\x1b[0$p",
    "BEL": "\x07",
    "newline": "\n",
    "return": "\r",
    "form feed": "\x0c",
    "NUL": "\0",
    "DLE": "\x10\x14\x01\0\x01",
    "CSI of eight bits": "\x9b0$p",
    "zero width": "\u200b",
    "right to left": "\u202e",
    "line separator": "\u2028",
    "half a character": "\ud800",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("column", ["summary", "operator"])
def test_a_passbook_row_with_it_is_refused_before_ink(hostile: str, column: str) -> None:
    driver = T5040Printer("printer-1", lambda: 0.0, {"passbook_24": FORM}, GLYPHS)
    bad = row(1, **{column: hostile[:1]}) if column == "operator" else row(1, "存" + hostile[:1])
    found = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (bad,)))
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.GLYPH_MISSING


@pytest.mark.parametrize("char", ["\n", "\u200b", "\x1b", "\x07", "\U00020000", "\ue000"])
def test_no_glyph_is_drawn_blank_or_as_the_fonts_empty_box(char: str) -> None:
    assert GLYPHS.columns("存" + char) == DeviceError(
        DeviceErrorCode.GLYPH_MISSING, (("character", f"U+{ord(char):04X}"),)
    )


@pytest.mark.parametrize("space", ["\u3000", "\u00a0"])
def test_a_space_is_blank_on_purpose(space: str) -> None:
    assert GLYPHS.columns(space) == bytes(27 * 3)


def test_a_passbook_job_holds_no_command_but_its_own() -> None:
    driver = T5040Printer("printer-1", lambda: 0.0, {"passbook_24": FORM}, GLYPHS)
    job = driver.prepare(PassbookJob("job-1", "passbook_24", 1, (row(1, "[0$p 存"), row(2, "a;1!t"))))
    assert isinstance(job, PreparedJob)
    tokens = StreamParser().feed(job.payload)
    commands = [token.name for token in tokens if token.kind == "csi"]
    assert commands == ["%t", "!p", "!t", "!p", "!t"]
    assert [token.numbers for token in tokens if token.kind == "control"] == [(0x0C,)]


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("around", ["户名  {}张某", "NAME {} LI"])
def test_a_receipt_prints_the_rest_without_it(hostile: str, around: str) -> None:
    driver = EscposReceiptPrinter("receipts-1", lambda: 0.0)
    kept = "".join(char for char in hostile if char.isprintable() and char.isascii())
    dirty = driver.prepare(ReceiptJob("job-1", (ReceiptLine(around.format(hostile)),)))
    clean = driver.prepare(ReceiptJob("job-1", (ReceiptLine(around.format(kept)),)))
    assert isinstance(dirty, PreparedJob)
    assert isinstance(clean, PreparedJob)
    assert dirty.payload == clean.payload
    assert dirty.payload.count(b"\n") == 1
