"""Counterfeit withholding receipt (假币收缴凭证): what was withheld from whom, by which two people, with which rights.

Fields, copies and notes: counter-rules §3.3 (2020 style, S); one distinct serial number a row (S-). Whether a piece is
false, and what follows, was decided before (``desk.rules.counterfeit_rules``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.documents.document import NOTHING, Document, same
from desk.documents.filling import Clerk, Filling, Heading, Row, fill, not_two_people, wrong
from desk.documents.form import DocumentForm
from desk.documents.holder import Holder, holder_flag, holder_values
from desk.documents.paper_text import amount_text, capitals_text, day_text, face_text, is_day, plain_figures
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse

NOTE, COIN = "note", "coin"
_CURRENCY = re.compile("[A-Z]{3}", re.ASCII)


@dataclass(frozen=True)
class WithheldPieces:
    """One row: pieces of one kind. ``face_minor`` is a piece's face value; a row with a ``serial`` is one piece."""

    kind: str
    currency: str
    face_minor: int
    series: str
    pieces: int = 1
    serial: str = ""


@dataclass(frozen=True)
class CertificateFacts:
    """``declined``: the holder would not sign, which the two who withheld note. ``appraisal_until`` and
    ``review_until`` are the last days of the holder's rights, where the calendar could tell them."""

    heading: Heading
    holder: Holder
    pieces: tuple[WithheldPieces, ...]
    handled_by: Clerk
    reviewed_by: Clerk
    remarks: str = ""
    declined: bool = False
    appraisal_until: str = ""
    review_until: str = ""


def counterfeit_certificate(facts: CertificateFacts, form: DocumentForm) -> Document | Refusal:
    """The receipt, or what it lacks; the two who withheld are two people (CF-3)."""
    if not facts.pieces:
        return refuse(RefusalCode.DOCUMENT_INCOMPLETE, document=form.form, field_of_paper="denomination")
    holder = holder_values(form, facts.holder)
    if holder is None:
        return wrong(form, "id_kind", "unknown_code")
    found = (
        not_two_people(form, facts.handled_by, facts.reviewed_by)
        or _rows_problem(form, facts.pieces)
        or _days_problem(form, facts)
    )
    if found is not None:
        return found
    unit = facts.heading.institution
    declined = form.known("signature", "declined") if facts.declined else NOTHING
    return fill(
        form,
        facts.heading,
        Filling(
            values={
                **holder,
                "unit": unit.name,
                "unit_phone": same(unit.phone),
                "withheld_on": _day(facts.heading.business_date),
                "remarks": same(facts.remarks),
                "appraisal_until": _until(facts.appraisal_until),
                "review_until": _until(facts.review_until),
                **_total(facts.pieces),
            },
            rows=tuple(_row(form, one) for one in facts.pieces),
            boxes={
                "holder_signature": declined,
                "handled_by": same(facts.handled_by.shown),
                "reviewed_by": same(facts.reviewed_by.shown),
            },
            flags=frozenset({holder_flag(facts.holder)}),
        ),
    )


# --- what is refused ------------------------------------------------------------------------------------------------


def _rows_problem(form: DocumentForm, pieces: tuple[WithheldPieces, ...]) -> Refusal | None:
    for one in pieces:
        if one.kind not in (NOTE, COIN) or not _CURRENCY.fullmatch(one.currency):
            return wrong(form, "currency", "unknown_code")
        if one.face_minor <= 0:
            return wrong(form, "denomination", "amount")
        if one.pieces < 1:
            return wrong(form, "pieces", "amount")
        if one.serial and one.pieces != 1:
            return wrong(form, "serial", "one_piece_a_serial")
    serials = [(one.currency, one.face_minor, _folded(one.serial)) for one in pieces if one.serial]
    return wrong(form, "serial", "twice") if len(serials) != len(set(serials)) else None


def _folded(serial: str) -> str:
    """A serial without blanks and case: the same number, however it was keyed."""
    return "".join(serial.split()).upper()


def _days_problem(form: DocumentForm, facts: CertificateFacts) -> Refusal | None:
    for name, day in (("appraisal_until", facts.appraisal_until), ("review_until", facts.review_until)):
        if day and (not is_day(day) or day < facts.heading.business_date):
            return wrong(form, name, "not_a_day")
    return None


# --- what is said ---------------------------------------------------------------------------------------------------


def _row(form: DocumentForm, one: WithheldPieces) -> Row:
    return {
        "currency": form.word("currency", one.currency) or same(one.currency),
        "denomination": same(face_text(one.currency, one.face_minor)),
        "series": same(one.series),
        "serial": same(one.serial),
        "pieces": same(_pieces(one.pieces, one.kind)),
        "amount": same(plain_figures(one.currency, one.face_minor * one.pieces)),
    }


def _pieces(count: int, kind: str) -> str:
    return f"{count} {'枚' if kind == COIN else '张'}"


def _total(pieces: tuple[WithheldPieces, ...]) -> Row:
    """Pieces, and the sum of each currency; for yuan alone the capitals too."""
    count = sum(one.pieces for one in pieces)
    sums: dict[str, int] = {}
    for one in pieces:
        sums[one.currency] = sums.get(one.currency, 0) + one.face_minor * one.pieces
    told = " + ".join(amount_text(currency, amount) for currency, amount in sums.items())
    only = next(iter(sums.items()))
    kinds = {one.kind for one in pieces}
    return {
        "total_pieces": same(_pieces(count, next(iter(kinds))) if len(kinds) == 1 else str(count)),
        "total_amount": same(told),
        "total_capitals": same(capitals_text(*only) if len(sums) == 1 else ""),
    }


def _day(day: str) -> Text:
    return day_text(day) if is_day(day) else same(day)


def _until(day: str) -> Text:
    """In brackets behind the right it limits; nothing while the calendar could not tell."""
    return Text(f"（至{day_text(day).zh}止）", f" (until {day} at the latest)") if day else NOTHING
