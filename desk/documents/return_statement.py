"""Return-reason statement (退票理由书): why an instrument goes back, by whose hand and when.

Law asks for four things: the kind of instrument, the factual and the legal ground, the time, the returner's seal
(票据管理实施办法 27, counter-rules RF-2, S). A ground says what the paper shows; the name or balance the bank keeps
never stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.documents.document import Document, same
from desk.documents.filling import Clerk, Filling, Heading, fill, not_two_people, wrong
from desk.documents.form import DocumentForm
from desk.documents.paper_text import amount_text, day_text
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True)
class Ground:
    """One reason: the rule that decided, what is the case, and by which law it goes back."""

    rule: str
    fact: Text
    law: Text


@dataclass(frozen=True)
class ReturnFacts:
    """``instrument`` is a code of the form's words; what stands on the instrument is copied as written, "" where it
    shows nothing. ``returned_at`` is HH:MM on the business date."""

    heading: Heading
    instrument: str
    grounds: tuple[Ground, ...]
    returned_at: str
    handled_by: Clerk
    reviewed_by: Clerk
    instrument_number: str = ""
    issue_date: str = ""
    amount_minor: int = 0
    capitals: str = ""
    drawer: str = ""
    drawer_account: str = ""
    payer_bank: str = ""
    payee: str = ""
    presenter: str = ""


def return_statement(facts: ReturnFacts, form: DocumentForm) -> Document | Refusal:
    """The statement, or what it lacks; maker and reviewer are two people."""
    if not facts.grounds:
        return refuse(RefusalCode.DOCUMENT_INCOMPLETE, document=form.form, field_of_paper="fact,law")
    kind = form.word("instrument", facts.instrument) if facts.instrument else Text("", "")
    if kind is None:
        return wrong(form, "instrument_kind", "unknown_code")
    if facts.returned_at and not _TIME.fullmatch(facts.returned_at):
        return wrong(form, "returned_at", "not_a_time")
    if facts.amount_minor < 0:
        return wrong(form, "amount", "amount")
    return not_two_people(form, facts.handled_by, facts.reviewed_by) or fill(
        form, facts.heading, _filling(facts, kind)
    )


def _filling(facts: ReturnFacts, kind: Text) -> Filling:
    unit = facts.heading.institution
    written = {
        "instrument_number": facts.instrument_number,
        "issue_date": facts.issue_date,
        "amount": amount_text("CNY", facts.amount_minor) if facts.amount_minor else "",
        "capitals": facts.capitals,
        "drawer": facts.drawer,
        "drawer_account": facts.drawer_account,
        "payer_bank": facts.payer_bank,
        "payee": facts.payee,
        "presenter": facts.presenter,
    }
    return Filling(
        values={
            "instrument_kind": kind,
            "returned_at": _returned(facts),
            "returner": unit.name,
            "returner_phone": same(unit.phone),
            **{name: same(value) for name, value in written.items()},
        },
        rows=tuple(
            {"number": same(str(at)), "fact": one.fact, "law": one.law, "rule": same(one.rule)}
            for at, one in enumerate(facts.grounds, 1)
        ),
        boxes={"handled_by": same(facts.handled_by.shown), "reviewed_by": same(facts.reviewed_by.shown)},
    )


def _returned(facts: ReturnFacts) -> Text:
    """Day and time; empty while the time is not known, so that the paper is refused."""
    if not facts.returned_at:
        return Text("", "")
    try:
        day = day_text(facts.heading.business_date)
    except ValueError:  # the heading's own check names it
        return same(facts.heading.business_date)
    return Text(f"{day.zh} {facts.returned_at}", f"{day.en} {facts.returned_at}")
