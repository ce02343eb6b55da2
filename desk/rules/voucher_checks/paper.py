"""What the paper itself must be: the right form, complete, its sums and dates written by the rules, its number unused
(VC-01, 03–07, 23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desk.domain.cash import total_minor
from desk.domain.money import parse_amount
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import RefusalCode, refuse
from desk.domain.voucher_form import FormField
from desk.rules.judgement import OK, RETURN, Judgement
from desk.rules.judgement import WARN as WARNED
from desk.rules.voucher_checks.result import (
    FAIL,
    NOT_DUE,
    UNANSWERED,
    WARN,
    Case,
    Finding,
    failed,
    passed,
)

OTHER_SUM = "VB-1"
"""The code of the capitals' rule where they say another sum than the figures, or none that can be read."""
OTHER_SCRIPT = "VB-14"
"""Its code where they stand in a script that only a person can read."""


def form_is_right(case: Case) -> Finding:
    """VC-01: this form, for this transaction, of this bank where the bank issues it, in this currency."""
    form, facts = case.form, case.facts
    wrong = (
        ("form", facts.form != form.form),
        ("transaction", facts.transaction not in form.transactions),
        ("bank", form.own_form and facts.bank_code != facts.expected_bank),
        ("currency", facts.currency != facts.expected_currency),
    )
    for element, is_wrong in wrong:
        if is_wrong:
            told = "form" if element == "transaction" else element
            return replace(failed(element), refusal=refuse(RefusalCode.SLIP_FOREIGN, element=told))
    return passed(form.form)


def missing(case: Case) -> tuple[FormField, ...]:
    """Fields that are due and not there, in the form's order."""
    return tuple(
        one
        for one in case.form.fields
        if case.facts.holds(one.required, case.form) and not _is_there(case, one)
    )


def _is_there(case: Case, field: FormField) -> bool:
    """By eye a field is there until somebody says it is not; all others are there once they say something."""
    if field.is_by_eye:
        return field.field not in case.facts.absent
    if field.kind == "denominations":
        return bool(case.facts.rows)
    if field.kind == "endorsements":
        return bool(case.facts.endorsements)
    return bool(case.facts.says(field.field))


def is_complete(case: Case) -> Finding:
    """VC-03. What the law wants on an instrument voids it when missing, unless its drawer may still fill it in."""
    gone = missing(case)
    if not gone:
        return passed("complete")
    words = Text("、".join(one.title.zh for one in gone), ", ".join(one.title.en for one in gone))
    void = any(one.void_if_missing and not one.later for one in gone)
    later = all(one.later for one in gone)
    found = failed(f"{len(gone)} missing", "later" if later else "missing", missing=words)
    names = ", ".join(one.field for one in gone)
    return replace(found, void=void, refusal=refuse(RefusalCode.SLIP_INCOMPLETE, missing=names))


def amounts_agree(case: Case) -> Finding:
    """VC-04: keyed = figures written = capitals = its own table of denominations, each where it is written."""
    facts, form = case.facts, case.form
    figures = next((facts.says(one.field) for one in form.of_kind("amount")), "")
    if figures and parse_amount(figures.removeprefix("¥").removeprefix("￥")) != facts.amount_minor:
        return _differs("keyed")
    judged = capitals_judged(case)
    codes = {one.code for one in judged.reasons} if judged is not None else set()
    if OTHER_SUM in codes:
        return replace(_differs("capitals"), inner=judged, void=form.family == "instrument")
    if OTHER_SCRIPT in codes:
        return Finding(WARN, "script", "script", inner=judged)
    if facts.rows and total_minor(facts.rows) != facts.amount_minor:
        return _differs("denominations")
    seen = ("figures", "capitals" * (judged is not None), "denominations" * bool(facts.rows))
    return passed(", ".join(one for one in seen if one))


def _differs(element: str) -> Finding:
    return replace(failed(element), refusal=refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element=element))


def capitals_judged(case: Case) -> Judgement | None:
    """The capitals by their own rules; None where none are written."""
    written = next((case.facts.says(one.field) for one in case.form.of_kind("capitals")), "")
    if not written:
        return None
    return case.judges.capitals(written, case.facts.amount_minor, case.form.preprinted, case.rules)


def capitals_are_well_formed(case: Case) -> Finding:
    """VC-05: form alone; that they say another sum is VC-04's to tell."""
    judged = capitals_judged(case)
    if judged is None:
        return NOT_DUE
    of_the_sum = all(one.code in (OTHER_SUM, OTHER_SCRIPT) for one in judged.reasons)
    if judged.result == OK or (of_the_sum and judged.reasons):
        return replace(passed("capitals"), inner=judged)
    if judged.result == WARNED:
        return Finding(WARN, "unusual", "unusual", inner=judged)
    return replace(failed("not to the rule"), inner=judged, void=case.form.family == "instrument")


def date_is_right(case: Case) -> Finding:
    """VC-06: written by the rule; a slip is of today. Capitals not to the pattern: a person decides, another signs."""
    judged = date_judged(case)
    if judged is None:
        return NOT_DUE  # an empty date is VC-03's to tell
    if judged.result == WARNED:
        return Finding(WARN, "not to the pattern", "pattern", inner=judged)
    day = judged.value or case.facts.business_date
    today = case.facts.business_date
    wrong_day = case.form.dated_today and day != today
    if judged.result == OK and not wrong_day:
        return replace(passed(judged.value), inner=judged)
    refusal = (
        refuse(RefusalCode.SLIP_DATE, expected=today)
        if case.form.dated_today
        else refuse(RefusalCode.CHECK_FAILED, check="VC-06")
    )
    return replace(
        failed("date", "another_day" if judged.result == OK else "date", expected=Text(today, today)),
        inner=judged,
        refusal=refusal,
        on_fail="return" if judged.result in (OK, RETURN) else "",
    )


def date_judged(case: Case) -> Judgement | None:
    """The form's own date by the rules of its kind; None while it is empty."""
    written = case.facts.says(case.form.of_kind("date")[0].field)
    if not written:
        return None
    return case.judges.date(written, case.facts.business_date, case.form.document, case.rules)


def within_term(case: Case) -> Finding:
    """VC-07: presented before its term is over. A date that could not be read has no term."""
    if not case.form.instrument:
        return NOT_DUE
    judged = date_judged(case)
    issued = judged.value if judged is not None else ""
    if not _is_day(issued):
        return Finding(FAIL, "no issue date", "no_date")
    term = case.judges.term(case.form.instrument, issued, case.facts.business_date, case.rules)
    if term.result == OK:
        return replace(passed("in time"), inner=term)
    if term.result == WARNED:
        return Finding(WARN, "term", "ask", inner=term)
    return replace(failed("expired"), inner=term)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def number_is_unused(case: Case) -> Finding:
    """VC-23: a controlled form's number is in range and was not used, by the register."""
    if not case.form.controlled:
        return NOT_DUE
    answer = case.facts.host.register
    if not answer:
        return UNANSWERED
    return passed("unused") if answer == "unused" else failed(answer)
