"""Exchange finding (兑换认定书): what a damaged note is worth by the bank's finding, when its holder disagrees.

By the rule in force from 2026-03-31 the bank gives this finding and hands the note back; the holder takes both to the
local branch of the central bank (counter-rules §6.15, S-). How much remains and what follows was judged before
(``desk.rules.damaged_note_rules``); this paper only refuses what contradicts itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.documents.document import NOTHING, Document, same
from desk.documents.filling import Clerk, Filling, Heading, Row, fill, not_two_people, wrong
from desk.documents.form import DocumentForm
from desk.documents.holder import Holder, holder_flag, holder_values
from desk.documents.paper_text import amount_text, capitals_text, day_text, face_text, is_day
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse

FULL, HALF, NONE = "full", "half", "none"


@dataclass(frozen=True)
class FoundPiece:
    """One damaged note: what remains of it as (numerator, denominator), what the bank finds, and on which ground."""

    face_minor: int
    series: str
    remaining: tuple[int, int]
    finding: str
    worth_minor: int
    ground: Text
    serial: str = ""


@dataclass(frozen=True)
class FindingFacts:
    """``special``: burnt, corroded, mouldy. ``appeal_to`` names the branch of the central bank, "" for "the local one".
    ``pack`` is the rule pack the notes were judged under."""

    heading: Heading
    holder: Holder
    pieces: tuple[FoundPiece, ...]
    handled_by: Clerk
    reviewed_by: Clerk
    pack: str
    special: bool = False
    appeal_to: str = ""
    declined: bool = False


def exchange_finding(facts: FindingFacts, form: DocumentForm) -> Document | Refusal:
    """The finding, or what it lacks; the one who measured and the one who confirmed are two people."""
    if not facts.pieces:
        return refuse(RefusalCode.DOCUMENT_INCOMPLETE, document=form.form, field_of_paper="denomination")
    holder = holder_values(form, facts.holder)
    if holder is None:
        return wrong(form, "id_kind", "unknown_code")
    people = not_two_people(form, facts.handled_by, facts.reviewed_by)
    if people is not None:
        return people
    for one in facts.pieces:
        problem = _problem(one)
        if problem:
            return wrong(form, *problem)
    unit, local = facts.heading.institution, form.known("appeal_to", "local")
    day, kind = facts.heading.business_date, "special" if facts.special else "ordinary"
    return fill(
        form,
        facts.heading,
        Filling(
            values={
                **holder,
                "unit": unit.name,
                "unit_phone": same(unit.phone),
                "found_on": day_text(day) if is_day(day) else same(day),
                "damage": form.known("damage", kind),
                "pack": same(facts.pack),
                **_total(facts.pieces),
                "appeal_to": same(facts.appeal_to) if facts.appeal_to.strip() else local,
            },
            rows=tuple(_row(form, one) for one in facts.pieces),
            boxes={
                "holder_signature": form.known("signature", "declined") if facts.declined else NOTHING,
                "handled_by": same(facts.handled_by.shown),
                "reviewed_by": same(facts.reviewed_by.shown),
            },
            flags=frozenset({holder_flag(facts.holder)}),
        ),
    )


def _problem(one: FoundPiece) -> tuple[str, str] | None:
    """The field and what is wrong with it: a finding and its worth must say the same."""
    part, whole = one.remaining
    if one.face_minor <= 0:
        return "denomination", "amount"
    if whole <= 0 or not 0 <= part <= whole:
        return "remaining", "share"
    if one.finding not in (FULL, HALF, NONE):
        return "finding", "unknown_code"
    worth = {FULL: one.face_minor, HALF: one.face_minor // 2, NONE: 0}[one.finding]  # half of 5 fen is 2
    return ("worth", "not_its_finding") if one.worth_minor != worth else None


def _row(form: DocumentForm, one: FoundPiece) -> Row:
    return {
        "denomination": same(face_text("CNY", one.face_minor)),
        "series": same(one.series),
        "serial": same(one.serial),
        "remaining": same(_share(one.remaining)),
        "finding": form.known("finding", one.finding),
        "worth": same(amount_text("CNY", one.worth_minor)),
        "ground": one.ground,
    }


def _share(share: tuple[int, int]) -> str:
    """``3/4 (75.0 %)``; the part is cut, never rounded up over a limit."""
    part, whole = share
    tenths = part * 1000 // whole
    return f"{part}/{whole} ({tenths // 10}.{tenths % 10}%)"


def _total(pieces: tuple[FoundPiece, ...]) -> Row:
    worth = sum(one.worth_minor for one in pieces)
    return {
        "total_pieces": same(f"{len(pieces)} 张（枚）"),
        "total_worth": same(amount_text("CNY", worth)),
        "total_capitals": same(capitals_text("CNY", worth)),
    }
