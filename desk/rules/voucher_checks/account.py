"""What the host says of the accounts and of the voucher itself: status, names, funds, password, stops (VC-11–13, 16,
22). The name that the host holds never stands in a finding."""

from __future__ import annotations

from dataclasses import replace

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import RefusalCode, refuse
from desk.rules.voucher_checks.facts import AccountFacts
from desk.rules.voucher_checks.result import (
    FAIL,
    NOT_APPLICABLE,
    NOT_DUE,
    OPEN,
    PASS,
    UNANSWERED,
    WARN,
    Case,
    Finding,
    failed,
    passed,
)

SAME_NAME = frozenset(("EXACT", "NORMALISED"))
NEAR_E = "NEAR_E"
NO_STOP = "none"
_WORST_FIRST = (FAIL, OPEN, WARN, PASS, NOT_APPLICABLE)


def _worst(found: list[Finding]) -> Finding:
    return min(found, key=lambda one: _WORST_FIRST.index(one.outcome), default=NOT_DUE)


def _ours(case: Case) -> tuple[str, ...]:
    """Parties whose account is due on the form, or written all the same, and kept here."""
    return tuple(
        party
        for party in case.form.parties
        if party not in case.facts.elsewhere and _is_named(case, case.form.number_field(party))
    )


def _is_named(case: Case, number_field: str) -> bool:
    field = case.form.field_named(number_field)
    return bool(case.facts.says(number_field)) or (
        field is not None and case.facts.holds(field.required, case.form)
    )


def _titled(case: Case, party: str) -> Text:
    """How the form calls a party's account."""
    field = case.form.field_named(case.form.number_field(party))
    return field.title if field else Text(party, party)


def password_is_right(case: Case) -> Finding:
    """VC-11: where one was agreed for the account, the host says whether it is right."""
    own = case.facts.account_moved(case.form)
    if own is None or not own.payment_password:
        return NOT_DUE
    answer = case.facts.host.payment_password
    if not answer:
        return UNANSWERED
    return passed("right") if answer == "right" else failed("wrong")


def account_stands(case: Case) -> Finding:
    """VC-12: every account it names at this bank exists and has a status that the form allows."""
    return _worst([_status(case, party) for party in _ours(case)])


def _status(case: Case, party: str) -> Finding:
    account = case.facts.accounts.get(party)
    if account is None:
        return UNANSWERED
    if account.status in case.form.statuses:
        return passed(account.status)
    found = failed(account.status or "unknown", party=_titled(case, party))
    return replace(found, refusal=refuse(RefusalCode.ACCOUNT_NOT_OPEN, status=account.status or "unknown"))


def number_and_name_agree(case: Case) -> Finding:
    """VC-13: for every party at this bank. An encoding doubt waits for two people; nothing else is overridden."""
    return _worst([_named(case, party) for party in _ours(case)])


def _named(case: Case, party: str) -> Finding:
    account = case.facts.accounts.get(party)
    if account is None:
        return UNANSWERED
    titled = _titled(case, party)
    number = case.facts.says(case.form.number_field(party))
    if "".join(number.split()) != "".join(account.number.split()):
        return replace(failed("number differs", party=titled), refusal=refuse(RefusalCode.NUMBER_MISMATCH))
    judged = case.judges.name(case.facts.says(f"{party}_name"), account.name, case.rules)
    if judged.result in SAME_NAME:
        return replace(passed(judged.result), inner=judged)
    if judged.result == NEAR_E:
        return Finding(WARN, NEAR_E, NEAR_E, (("party", titled),), judged)
    refusal = (
        refuse(RefusalCode.NAME_NOT_CHECKABLE)
        if judged.result == "NOT_CHECKABLE"
        else refuse(RefusalCode.NAME_MISMATCH, result=judged.result)
    )
    return replace(failed(judged.result, party=titled), inner=judged, refusal=refusal)


def funds_suffice(case: Case) -> Finding:
    """VC-16: the account debited holds the amount, what is held back aside."""
    if not case.form.debits or case.form.debits in case.facts.elsewhere:
        return NOT_DUE
    account = case.facts.accounts.get(case.form.debits)
    if account is None or account.balance_minor is None:
        return UNANSWERED
    free = account.balance_minor - account.held_minor
    return passed("covered") if free >= case.facts.amount_minor else failed("not covered")


def nothing_stops_it(case: Case) -> Finding:
    """VC-22: no loss report, stop payment, court order or list stands against voucher or party."""
    answer = case.facts.host.stop
    if not answer:
        return UNANSWERED
    return passed(NO_STOP) if answer == NO_STOP else failed(answer)


def account_debited(case: Case) -> AccountFacts | None:
    """The account that pays; None where the form pays nobody or the host has not answered."""
    return case.facts.accounts.get(case.form.debits) if case.form.debits else None
