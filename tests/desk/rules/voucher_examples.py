"""Every shipped form, and for each a plain item that nothing is wrong with: tests change one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from desk.domain.capital_dates import date_in_capitals
from desk.domain.capitals import PREFIX, variants
from desk.domain.cash import CashRow
from desk.domain.voucher_form import FormField, VoucherForm, read_form
from desk.rules.rule_set import RuleSet
from desk.rules.topics import TOPICS
from desk.rules.voucher_checks.facts import AccountFacts, HostAnswers, IdDocument, VoucherFacts
from desk.rules.voucher_checks.result import CheckResult
from desk.rules.voucher_judges import JUDGES
from desk.rules.voucher_rules import judge_voucher
from tests.desk.rules.shipped import shipped_rules

FOLDER = Path(__file__).parents[3] / "resources" / "vouchers"
TODAY = "2026-11-23"
AMOUNT = 35_000
COMPANY = AccountFacts(
    "9017002010009990018", "上海恒通科技有限公司", "open", "basic", 1_000_000, 0, keeps_seal=True
)
PERSON = AccountFacts("9017002010004821735", "张伟", "open", "person", 1_000_000)
RESIDENT = IdDocument("resident", "11010519491231002X", "long", "agrees")
CLEAR = HostAnswers("none", "unused", "right")


@lru_cache(maxsize=1)
def forms() -> dict[str, VoucherForm]:
    """All shipped forms by their id."""
    read = [read_form(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml"))]
    flaws = [one for one in read if not isinstance(one, VoucherForm)]
    assert flaws == []
    return {one.form: one for one in read if isinstance(one, VoucherForm)}


@lru_cache(maxsize=1)
def rules() -> RuleSet:
    """The shipped rules of every topic."""
    return shipped_rules(tuple(TOPICS), TODAY)


def account_of(form: VoucherForm, party: str) -> AccountFacts:
    """The company pays and is paid by entities' forms; on all others it is the person."""
    if form.filled_by == "entity":
        return PERSON if party == "payee" and form.debits == "payer" else COMPANY
    return COMPANY if party == "payer" else PERSON


def plain(form_id: str, **changes: object) -> VoucherFacts:
    """A voucher of the form that nothing is wrong with, as a teller would key it; then the changes."""
    form = forms()[form_id]
    accounts = {party: account_of(form, party) for party in form.parties}
    facts = VoucherFacts(
        form=form_id,
        transaction=form.transactions[0],
        bank_code="9017",
        currency="CNY",
        expected_bank="9017",
        expected_currency="CNY",
        business_date=TODAY,
        amount_minor=AMOUNT,
        written={},
        accounts=accounts,
        host=CLEAR,
        paid_as={"either": "cash", "none": ""}.get(form.use, form.use),
        purpose="CU-1",
    )
    if form.transactions[0] == "transfer":
        facts = replace(facts, paid_as="transfer")
    written = {
        one.field: _written(form, one, accounts) for one in form.fields if facts.holds(one.required, form)
    }
    rows = (CashRow(10000, 3), CashRow(5000, 1)) if form.of_kind("denominations") else ()
    facts = replace(facts, written=written, rows=rows, presenter=written.get("payee_name", ""))
    return replace(facts, **changes)  # type: ignore[arg-type]


def rewritten(facts: VoucherFacts, **fields: str) -> VoucherFacts:
    """The same with other words in some fields."""
    return replace(facts, written={**facts.written, **fields})


def _written(form: VoucherForm, field: FormField, accounts: dict[str, AccountFacts]) -> str:
    party = field.field.rpartition("_")[0]
    if field.kind == "date":
        return date_in_capitals(TODAY) if form.document == "cheque" else TODAY
    if field.kind == "amount":
        return "¥350.00"
    if field.kind == "capitals":
        return ("" if form.preprinted else PREFIX) + variants(AMOUNT)[0]
    if field.kind == "account_number":
        return accounts[party].number
    if field.kind == "name":
        return accounts[party].name if party in accounts else PERSON.name
    return "" if field.is_by_eye or field.kind in ("endorsements", "denominations") else "甲"


def judged(facts: VoucherFacts, under: RuleSet | None = None) -> tuple[CheckResult, ...]:
    """The whole list, by the real judges of every topic."""
    return judge_voucher(forms()[facts.form], facts, under or rules(), JUDGES)


def one_check(check: str, facts: VoucherFacts) -> CheckResult:
    """One line of it."""
    return next(one for one in judged(facts) if one.check == check)
