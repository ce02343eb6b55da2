"""What every passbook printer refuses before ink in the same way, and what a line that takes no more bytes leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.contracts import OutcomeKind, PassbookJob, PassbookRow
from devices.decode import escp, pr2, t5040
from devices.decode.reading import HOST
from devices.errors import DeviceError, DeviceErrorCode
from tests.devices.book_printing import ROWS, BookPrinting, ShortLink, code_of
from tests.devices.pages.printing import PRINTERS
from tests.devices.rig import FORM, row

EVERY = pytest.mark.parametrize("model", PRINTERS)


def printing_of(model: str, directory: Path) -> BookPrinting:
    return BookPrinting(PRINTERS[model].simulator(directory, {}), PRINTERS[model].driver)


@EVERY
@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ((), ("rows", "0")),
        ((row(0),), ("line", "0")),
        ((row(2), row(25)), ("line", "25")),
        ((row(1, "一二三四五六七八"),), ("width", "summary")),
        ((row(1, amount="+99,999,999,999,999.99"),), ("width", "amount")),
        ((row(1, colour="red"),), ("column", "colour")),
        ((row(1, "\U00020000"),), ("character", "U+20000")),
        ((row(1, "存\x1b"),), ("character", "U+001B")),
        ((row(1, operator="\x0c"),), ("character", "U+000C")),
    ],
)
def test_what_page_or_font_cannot_carry_is_refused_before_ink_and_named(
    tmp_path: Path, model: str, rows: tuple[PassbookRow, ...], what: tuple[str, str]
) -> None:
    printing = printing_of(model, tmp_path)
    found = printing.driver.prepare(PassbookJob("job-1", "passbook_24", 1, rows))
    missing = what[0] == "character"
    code = DeviceErrorCode.GLYPH_MISSING if missing else DeviceErrorCode.LAYOUT_OVERFLOW
    assert found == DeviceError(code, (what,))
    assert printing.bench.written == b""


@EVERY
@pytest.mark.parametrize("page", [0, FORM.pages + 1])
def test_a_page_the_book_has_not_is_refused(tmp_path: Path, model: str, page: int) -> None:
    found = printing_of(model, tmp_path).driver.prepare(PassbookJob("job-1", "passbook_24", page, ROWS))
    assert found == DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("page", str(page)),))


@EVERY
def test_an_unknown_form_is_refused(tmp_path: Path, model: str) -> None:
    found = printing_of(model, tmp_path).driver.prepare(PassbookJob("job-1", "passbook_99", 1, ROWS))
    assert found == DeviceError(DeviceErrorCode.FORM_UNKNOWN, (("form", "passbook_99"),))


@pytest.mark.parametrize("model", ["t5040", "pr2"])
@pytest.mark.parametrize(
    ("room", "kind", "code"),
    [
        (0, OutcomeKind.NOT_DONE, DeviceErrorCode.LINK_LOST),
        (100, OutcomeKind.UNKNOWN, DeviceErrorCode.WRITE_TIMEOUT),
    ],
)
def test_a_printer_that_takes_no_more_bytes_is_unknown_once_one_row_byte_left(
    tmp_path: Path, model: str, room: int, kind: OutcomeKind, code: DeviceErrorCode
) -> None:
    printing = printing_of(model, tmp_path)
    printing.driver.identify()
    printing.insert()
    printing.driver.attach(ShortLink(printing.bench, room))
    outcome = printing.execute()
    assert (outcome.kind, code_of(outcome)) == (kind, code)


EXPLAINED = {"t5040": t5040, "escp": escp, "escp2": escp, "lq1600k": escp, "pr2": pr2}


@EVERY
def test_every_byte_of_a_page_is_explained_by_the_decoder(tmp_path: Path, model: str) -> None:
    """In all three pitches, with Chinese: what branch IT sees in a trace is what was sent."""
    rows = (row(1), row(2, amount="+999,999,999.99"), row(3, balance="999,999,999,999.99"))
    job = printing_of(model, tmp_path).prepare(rows, training=True)
    readings = EXPLAINED[model].explain(job.payload, HOST, b"")
    assert [(one.valid, one.error) for one in readings] == [(True, "")]
