"""Characters that a printer's own font may lack: each printer prints the right one, draws it or refuses.

The simulated fonts hold what the real ones are known to hold, and print a wrong glyph for any other code: so what lies
on the paper is compared with what was asked.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.contracts import PassbookJob, PreparedJob
from devices.errors import DeviceError, DeviceErrorCode
from tests.devices.book_printing import BookPrinting, dots_of, ink, struck
from tests.devices.pages.printing import PRINTERS
from tests.devices.rig import row

FONT, DRAWN, REFUSED = "font", "drawn", "refused"
CHARACTERS = {
    "in GB2312": ("款", {"lq1600k": FONT, "pr2": FONT}, DRAWN),
    "in GBK only": ("镕", {"pr2": REFUSED}, DRAWN),
    "rare, in neither": ("䶮", {"pr2": REFUSED}, DRAWN),
    "middle dot": ("·", {"pr2": REFUSED}, DRAWN),
    "Japanese middle dot, its code's other owner": ("・", {"pr2": REFUSED}, DRAWN),
    "full-width digit": ("５", {"lq1600k": FONT, "pr2": FONT}, DRAWN),
    "accented capital, taller than a cell": ("É", {"pr2": REFUSED}, DRAWN),
    "letter the drawing font takes apart": ("Ć", {}, REFUSED),
    "beyond the basic plane": ("\U00020000", {}, REFUSED),
    "private use": ("\ue000", {}, REFUSED),
    "emoji": ("\U0001f600", {}, REFUSED),
    "right-to-left letter": ("א", {}, REFUSED),
    "right-to-left override": ("\u202e", {}, REFUSED),
    "isolate": ("\u2066", {}, REFUSED),
    "zero width joiner": ("\u200d", {}, REFUSED),
    "combining accent": ("\u0301", {}, REFUSED),
    "variation selector": ("\ufe0f", {}, REFUSED),
    "filler that shows nothing": ("\u3164", {}, REFUSED),
    "dash wider than a cell": ("⸺", {}, REFUSED),
    "control": ("\x07", {}, REFUSED),
    "NUL": ("\0", {}, REFUSED),
    "DEL": ("\x7f", {}, REFUSED),
}


@pytest.mark.parametrize("model", PRINTERS)
@pytest.mark.parametrize(("char", "own", "else_"), CHARACTERS.values(), ids=CHARACTERS)
def test_a_character_is_right_drawn_or_refused(
    tmp_path: Path, model: str, char: str, own: dict[str, str], else_: str
) -> None:
    how = own.get(model, else_)
    printing = BookPrinting(PRINTERS[model].simulator(tmp_path, {}), PRINTERS[model].driver)
    found = printing.driver.prepare(PassbookJob("job-1", "passbook_24", 1, (row(3, "存" + char),)))
    if how == REFUSED:
        named = (("character", f"U+{ord(char):04X}"),)
        assert found == DeviceError(DeviceErrorCode.GLYPH_MISSING, named)
        return
    assert isinstance(found, PreparedJob)
    printing.driver.identify()
    printing.insert()
    printing.execute(found)
    (ledger,) = tmp_path.glob("*-ink.jsonl")
    texts = [text for _, _, text in struck(ink(ledger))]
    assert printing.inked == 1
    drawn = any(isinstance(text, str) and text.endswith(dots_of(char)[-60:]) for text in texts)
    assert (char in texts, drawn) == ((True, False) if how == FONT else (False, True))
