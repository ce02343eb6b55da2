"""What the money may be used as: a transfer cheque is never cash, and an entity's cash has eight uses (VC-17, 18)."""

from __future__ import annotations

from dataclasses import replace

from desk.domain.money import format_amount
from desk.domain.procedure_kinds import Text
from desk.rules.rule_pack import RuleRow
from desk.rules.voucher_checks.account import account_debited
from desk.rules.voucher_checks.facts import PERSONAL
from desk.rules.voucher_checks.result import NOT_DUE, UNANSWERED, Case, Finding, failed, passed

USES_OF_CASH = "CU-"


def use_is_right(case: Case) -> Finding:
    """VC-17: paid as the form is made for; two lines across the corner make any cheque one for transfer only."""
    use, paid_as = case.form.use, case.facts.paid_as
    if use == "none":
        return NOT_DUE
    if not paid_as:
        return UNANSWERED
    if case.facts.crossed and paid_as == "cash":
        return failed("crossed")
    if use in ("either", paid_as):
        return passed(paid_as)
    return failed("never cash" if paid_as == "cash" else "never transfer")


def cash_is_allowed(case: Case) -> Finding:
    """VC-18: cash out of an entity's account, of a kind that pays cash, for a use on the list, within its limit."""
    account = account_debited(case)
    if not case.form.debits or case.facts.paid_as != "cash":
        return NOT_DUE
    if account is None:
        return UNANSWERED
    if account.kind == PERSONAL:
        return NOT_DUE
    row = case.rules.row("VC-18")
    if row is not None and account.kind in row.texts("no_cash"):
        return failed("no cash account")
    if not case.facts.purpose:
        return UNANSWERED
    return _use(case, case.facts.purpose)


def _use(case: Case, purpose: str) -> Finding:
    found = case.rules.row(purpose) if purpose.startswith(USES_OF_CASH) else None
    if found is None:
        return failed("not on the list")
    if "limit" in found.values and found.limit("limit").is_reached(case.facts.amount_minor):
        limit = format_amount(found.limit("limit").amount_minor)
        return replace(failed("over the limit", limit=Text(limit, limit)))
    return passed(purpose)


def uses_of_cash(rows: tuple[RuleRow, ...]) -> tuple[tuple[str, Text], ...]:
    """The uses as a teller chooses among them: id and words."""
    return tuple((row.rule, row.title) for row in rows)
