"""The automatic checks of a deposit slip: small functions and one tuple RULES (counter-rules §1.6).

Each says what was seen in a word that carries no customer data. What a person must see (VC-02, 08, 24 …) is never
claimed here. ``desk.rules.voucher_rules.judge_voucher`` judges every form, this one among them, and comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.domain.capitals import agrees
from desk.domain.cash import total_minor
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import REQUIRED, DepositSlip, missing_fields
from desk.rules.rule_set import RuleSet
from desk.rules.voucher_checks.result import CheckResult


@dataclass(frozen=True)
class SlipFacts:
    """A slip and what it is judged against; ``keyed_amount_minor`` is what the teller read and keyed."""

    slip: DepositSlip
    expected_form: str
    bank_code: str
    currency: str
    business_date: str
    account_status: str
    keyed_amount_minor: int


SlipFinding = tuple[str, Refusal | None]
VoucherRule = Callable[[SlipFacts], SlipFinding]


def form_is_ours(facts: SlipFacts) -> SlipFinding:
    """VC-01: the right form, of this bank, in this currency; anything else is foreign."""
    slip = facts.slip
    for name, found, expected in (
        ("form", slip.form, facts.expected_form),
        ("bank", slip.bank_code, facts.bank_code),
        ("currency", slip.currency, facts.currency),
    ):
        if found != expected:
            return name, refuse(RefusalCode.SLIP_FOREIGN, element=name)
    if slip.form not in REQUIRED:
        return slip.form, refuse(RefusalCode.SLIP_FOREIGN, element="form")
    return slip.form, None


def is_complete(facts: SlipFacts) -> SlipFinding:
    """VC-03: every required field is there; a short slip goes back."""
    missing = missing_fields(facts.slip)
    if missing:
        return f"{len(missing)} missing", refuse(RefusalCode.SLIP_INCOMPLETE, missing=", ".join(missing))
    return "complete", None


def amount_agrees(facts: SlipFacts) -> SlipFinding:
    """VC-04: figures keyed = figures on the slip = capitals if written = its denomination table if filled."""
    slip = facts.slip
    if slip.amount_minor != facts.keyed_amount_minor:
        return "keyed", refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element="keyed")
    if slip.capitals and not agrees(slip.capitals, slip.amount_minor):
        return "capitals", refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element="capitals")
    if slip.rows and total_minor(slip.rows) != slip.amount_minor:
        return "denominations", refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element="denominations")
    return "figures" + (", capitals" if slip.capitals else "") + (
        ", denominations" if slip.rows else ""
    ), None


def date_is_today(facts: SlipFacts) -> SlipFinding:
    """VC-06: a slip may carry an ordinary date (CD-8), which is the business date."""
    if facts.slip.slip_date != facts.business_date:
        return facts.slip.slip_date, refuse(RefusalCode.SLIP_DATE, expected=facts.business_date)
    return facts.slip.slip_date, None


def account_is_open(facts: SlipFacts) -> SlipFinding:
    """VC-12: account exists and its status is open."""
    if facts.account_status != "open":
        return facts.account_status or "unknown", refuse(
            RefusalCode.ACCOUNT_NOT_OPEN, status=facts.account_status or "unknown"
        )
    return "open", None


RULES: tuple[tuple[str, VoucherRule], ...] = (
    ("VC-01", form_is_ours),
    ("VC-03", is_complete),
    ("VC-04", amount_agrees),
    ("VC-06", date_is_today),
    ("VC-12", account_is_open),
)


def automatic_checks(facts: SlipFacts, rules: RuleSet) -> tuple[CheckResult, ...]:
    """All automatic checks that the rules have in force, in order."""
    results = []
    for check, rule in RULES:
        if rules.row(check) is not None:
            seen, refusal = rule(facts)
            outcome = "pass" if refusal is None else "fail"
            results.append(
                CheckResult(check, "automatic", outcome, seen, rules.rule_reference(check), refusal)
            )
    return tuple(results)
