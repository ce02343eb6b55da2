"""What really happened to paper, read from the machines' own ledgers: the judge of what a desk believes.

Knows no desk: a line of a book is ink at that line's place on the page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.forms import UNITS_PER_MM
from ui.composition import load_forms

FORM = "passbook_24"
INK, RECEIPTS = "t5040-ink.jsonl", "escpos-paper.jsonl"


@dataclass(frozen=True)
class InkedLine:
    """One row struck by this desk: its line on the page (0: on no line of the form), and its ASCII text."""

    page: int
    line: int
    text: str


def facts(folder: Path, ledger: str) -> list[dict[str, Any]]:
    """The whole lines of a machine's ledger; none when the machine never did anything."""
    path = folder / "machines" / ledger
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def lines_struck(folder: Path, book: str) -> tuple[InkedLine, ...]:
    """Every row struck on this book after it was handed to the desk, in order; a line struck twice stands twice."""
    form = load_forms().forms[FORM]
    places = {round(form.base_line_mm(line) * UNITS_PER_MM): line for line in range(1, form.lines + 1)}
    return tuple(
        InkedLine(
            one["page"],
            places.get(one["strikes"][0]["y"], 0),
            _text(one["strikes"]),
        )
        for one in facts(folder, INK)
        if one["fact"] == "ink" and one["kind"] == "row" and one["book"] == book
    )


def _text(strikes: list[dict[str, Any]]) -> str:
    """The row's characters as they lie: what touches is one word, however the bytes were split on the line."""
    text, end = "", 0
    for strike in strikes:
        text += (" " if strike["x"] != end else "") + strike["text"]
        end = strike["x"] + strike["width"]
    return text


def lines_inked(folder: Path, book: str, page: int) -> frozenset[int]:
    """The lines of a page that carry ink of this desk."""
    return frozenset(one.line for one in lines_struck(folder, book) if one.page == page)


def overprints(folder: Path) -> int:
    """How often ink was struck on ink."""
    return sum(1 for one in facts(folder, INK) if one["fact"] == "overprint")


def receipts_of(folder: Path, number: str) -> int:
    """How many receipts of a transaction came out of the printer."""
    return sum(1 for one in facts(folder, RECEIPTS) if number in one["text"])


def machine_ledgers(folder: Path) -> dict[str, bytes]:
    """The whole lines of every machine's ledger, by name."""
    found = sorted((folder / "machines").glob("*.jsonl"))
    return {path.name: b"".join(path.read_bytes().rpartition(b"\n")[:2]) for path in found}
