"""Large-value report list of a day: the transactions a threshold put on it, for the one who reports them.

Source: Order 〔2016〕3 art. 5, thresholds TH-1…TH-5 (counter-rules §4.2). It is the bank's own working paper: names and
accounts are masked, the transaction number leads to the record. A day without any still has its list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.documents.document import Document, same
from desk.documents.filling import Clerk, Filling, Heading, Row, fill, not_two_people, wrong
from desk.documents.form import DocumentForm
from desk.documents.paper_text import amount_text, day_text, is_day
from desk.domain.masking import mask_name, mask_number
from desk.domain.refusals import Refusal


@dataclass(frozen=True)
class LargeValueRow:
    """One transaction. ``kind`` and ``party`` are codes of the form's words; ``day_total_minor`` includes this one;
    ``triggers`` are threshold ids; ``due`` the last day to report, YYYY-MM-DD."""

    transaction: str
    time: str
    kind: str
    party: str
    name: str
    account: str
    currency: str
    amount_minor: int
    day_total_minor: int
    triggers: tuple[str, ...]
    due: str


@dataclass(frozen=True)
class LargeValueFacts:
    """The day's list; ``rows`` in the order of the day."""

    heading: Heading
    rows: tuple[LargeValueRow, ...]
    handled_by: Clerk
    reviewed_by: Clerk


def large_value_list(facts: LargeValueFacts, form: DocumentForm) -> Document | Refusal:
    """The list, or what it lacks."""
    people = not_two_people(form, facts.handled_by, facts.reviewed_by)
    if people is not None:
        return people
    for one in facts.rows:
        problem = _problem(form, one)
        if problem:
            return wrong(form, *problem)
    numbers = [one.transaction for one in facts.rows]
    if len(numbers) != len(set(numbers)):
        return wrong(form, "transaction", "twice")
    day, count = facts.heading.business_date, len(facts.rows)
    return fill(
        form,
        facts.heading,
        Filling(
            values={
                "unit": facts.heading.institution.name,
                "business_date": day_text(day) if is_day(day) else same(day),
                "count": same(f"{count} 笔"),
                "total_amount": same(_total(facts.rows)),
            },
            rows=tuple(_row(form, at, one) for at, one in enumerate(facts.rows, 1)),
            boxes={"handled_by": same(facts.handled_by.shown), "reviewed_by": same(facts.reviewed_by.shown)},
        ),
    )


def _problem(form: DocumentForm, one: LargeValueRow) -> tuple[str, str] | None:
    if form.word("kind", one.kind) is None:
        return "kind", "unknown_code"
    if form.word("party", one.party) is None:
        return "party", "unknown_code"
    if one.amount_minor <= 0:
        return "amount", "amount"
    if one.day_total_minor < one.amount_minor:
        return "day_total", "amount"
    if not is_day(one.due):
        return "due", "not_a_day"
    return None


def _row(form: DocumentForm, at: int, one: LargeValueRow) -> Row:
    return {
        "number": same(str(at)),
        "time": same(one.time),
        "transaction": same(one.transaction),
        "kind": form.known("kind", one.kind),
        "party": form.known("party", one.party),
        "name": same(mask_name(one.name)),
        "account": same(mask_number(one.account)),
        "amount": same(amount_text(one.currency, one.amount_minor)),
        "day_total": same(amount_text(one.currency, one.day_total_minor)),
        "triggers": same(" ".join(one.triggers)),
        "due": same(one.due),
    }


def _total(rows: Sequence[LargeValueRow]) -> str:
    """The sum of each currency; day totals are the customers' and are not added up."""
    sums: dict[str, int] = {}
    for one in rows:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount_minor
    return " + ".join(amount_text(currency, amount) for currency, amount in sums.items())
