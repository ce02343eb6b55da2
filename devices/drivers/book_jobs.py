"""How every passbook printer prepares a job: the same refusals, the same layout, bytes by the printer's own recipe.

Pure; holds no bytes of any protocol. A driver says what stands before, in and behind a page (``Recipe``) and gets back
the ``PreparedJob``, or the refusal that names what the form, the book or the glyphs cannot carry.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from devices.contracts import DeviceKind, PassbookJob, PassbookRow, PreparedJob, SlipJob
from devices.errors import DeviceError, DeviceErrorCode
from devices.forms import SLIP, WIDE_UNITS, PassbookForm, PlacedText, is_ascii, lay_out, rows_of

Placed = tuple[PlacedText, ...]


@dataclass(frozen=True)
class Recipe:
    """One printer's bytes of one page. ``row`` gets the row's number (from 1) and its texts; ``proof`` names what will
    prove that row."""

    head: bytes
    row: Callable[[int, Placed], bytes | DeviceError]
    tail: bytes
    proof: Callable[[int], str]


class PreparesBooks(ABC):
    """The preparing half of ``devices.contracts.PassbookPrinter``."""

    _forms: Mapping[str, PassbookForm]

    @abstractmethod
    def _recipe(self, form: PassbookForm, job_id: str) -> Recipe:
        """The printer's bytes for a page of this form."""

    def prepare(self, request: PassbookJob) -> PreparedJob | DeviceError:
        """Pure: refuse, or lay out and encode, row by row."""
        return self._prepared(request, request.page)

    def prepare_slip(self, request: SlipJob) -> PreparedJob | DeviceError:
        """The same for a slip's one line."""
        return self._prepared(request, 1)

    def _prepared(self, request: PassbookJob | SlipJob, page: int) -> PreparedJob | DeviceError:
        form, rows = self._forms.get(request.form), rows_of(request)
        if form is None or (form.document == SLIP) != isinstance(request, SlipJob):
            return DeviceError(DeviceErrorCode.FORM_UNKNOWN, (("form", request.form),))
        if not rows:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("rows", "0"),))
        if not 1 <= page <= form.pages:
            return DeviceError(DeviceErrorCode.LAYOUT_OVERFLOW, (("page", str(page)),))
        return _encoded(request.job_id, form, page, rows, self._recipe(form, request.job_id))


def _encoded(
    job_id: str, form: PassbookForm, page: int, rows: tuple[PassbookRow, ...], recipe: Recipe
) -> PreparedJob | DeviceError:
    payload, ends = bytearray(recipe.head), []
    for number, row in enumerate(rows, 1):
        placed = lay_out(form, (row,))
        encoded = placed if isinstance(placed, DeviceError) else recipe.row(number, placed)
        if isinstance(encoded, DeviceError):
            return encoded
        payload += encoded
        ends.append(len(payload))
    data = bytes(payload + recipe.tail)
    proofs = tuple(recipe.proof(number) for number, _ in enumerate(rows, 1))
    return PreparedJob(
        job_id, DeviceKind.PASSBOOK_PRINTER, data, hashlib.sha256(data).hexdigest(), page, rows[0].line,
        tuple(ends), proofs, form.document == SLIP,
    )  # fmt: skip


@dataclass(frozen=True)
class Run:
    """Characters of one source, and where the first of them stands."""

    x: float
    text: str
    source: str


def runs(placed: PlacedText, source_of: Callable[[str], str], alone: frozenset[str]) -> list[Run]:
    """A text in runs of one source, each with its place; a character of a source in ``alone`` is a run of its own."""
    found: list[Run] = []
    x = placed.x
    for source, chars in groupby(placed.text, source_of):
        run = "".join(chars)
        for one in run if source in alone else (run,):
            found.append(Run(x, one, source))
            x += sum(placed.cell if is_ascii(char) else WIDE_UNITS for char in one)
    return found


def glyph_missing(char: str) -> DeviceError:
    """The refusal that names a character by its code point."""
    return DeviceError(DeviceErrorCode.GLYPH_MISSING, (("character", f"U+{ord(char):04X}"),))
