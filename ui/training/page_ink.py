"""The ink a training book already carries: its printed history, laid out by the form like any other line."""

from __future__ import annotations

import base64
from collections.abc import Callable

from desk.domain.money import format_amount
from devices.contracts import PassbookRow
from devices.errors import DeviceError
from devices.forms import PassbookForm, PlacedText
from devices.glyphs import Glyphs
from ui.training.branch import TrainingAccount

LayOut = Callable[[PassbookForm, tuple[PassbookRow, ...]], tuple[PlacedText, ...] | DeviceError]
Ink = list[object]


def history_ink(
    account: TrainingAccount, form: PassbookForm, lay_out: LayOut, glyphs: Glyphs
) -> list[list[Ink]]:
    """Rows of ``[x, y, text, columns]`` (columns in base64) for the entries already printed."""
    balance, rows = 0, []
    for number, (summary, amount) in enumerate(account.history[: account.printed]):
        balance += amount
        fields = {
            "date": f"2026{3 + number:02d}{11 + number:02d}",
            "summary": summary,
            "amount": ("+" if amount > 0 else "-") + format_amount(abs(amount)),
            "balance": format_amount(balance),
            "operator": "0318",
        }
        placed = lay_out(form, (PassbookRow(number + 1, fields),))
        if not isinstance(placed, DeviceError):
            rows.append([one for text in placed for one in _ink(text, glyphs)])
    return rows


def _ink(placed: PlacedText, glyphs: Glyphs) -> list[Ink]:
    ink: list[Ink] = []
    x, ascii_run = placed.x, ""
    for char in placed.text + "\0":
        if " " <= char <= "~":
            ascii_run += char
            continue
        if ascii_run:
            ink.append([x, placed.y, ascii_run, ""])
            x += placed.cell * len(ascii_run)
            ascii_run = ""
        columns = glyphs.columns(char) if char != "\0" else b""
        if isinstance(columns, bytes) and columns:
            ink.append([x, placed.y, "", base64.b64encode(columns).decode()])
            x += len(columns) // 3
    return ink
