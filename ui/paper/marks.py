"""The program's own marks on every paper, in both languages: number, page, reprint, training, check code. No Qt."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from desk.domain.procedure_kinds import Text

FOLDER = Path(__file__).parents[2] / "resources" / "documents"
MARKS = "marks.toml"


@dataclass(frozen=True)
class Marks:
    """Each a pair of texts; ``page``, ``reprint`` take their numbers by name."""

    number: Text
    page: Text
    continued: Text
    reprint: Text
    training: Text
    check_code: Text
    sources: Text
    date_by_hand: Text
    seal_here: Text
    legal_text: Text


@lru_cache(maxsize=2)
def load_marks(folder: Path = FOLDER) -> Marks:
    """The shipped marks. A paper without them would not say that it is void: KeyError for any that is missing."""
    raw = tomllib.loads((folder / MARKS).read_text(encoding="utf-8"))
    return Marks(**{one.name: Text(raw[one.name]["zh"], raw[one.name]["en"]) for one in fields(Marks)})
