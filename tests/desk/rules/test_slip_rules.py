"""The short list a deposit slip is judged by, and who must be there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.cash import CashRow
from desk.domain.money import format_amount
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import REQUIRED, DepositSlip
from desk.rules.control_rules import GUARDS, GuardFacts, review_due
from desk.rules.voucher_checks.facts import VoucherFacts
from desk.rules.voucher_rules import RULES, SlipFacts, automatic_checks
from tests.desk.rules.shipped_packs import changed, shipped
from tests.desk.rules.voucher_examples import forms, one_check, plain, rewritten

VOUCHERS = shipped("vouchers")
SLIP = DepositSlip(
    "deposit_slip", "9017", "CNY", 2_025_000, "2026-11-23", "张伟", "9017002010004821735",
    (CashRow(10000, 200), CashRow(5000, 5)), "人民币贰万零贰佰伍拾元整",
)  # fmt: skip
FACTS = SlipFacts(SLIP, "deposit_slip", "9017", "CNY", "2026-11-23", "open", 2_025_000)


def with_slip(**changes: object) -> SlipFacts:
    return replace(FACTS, slip=replace(SLIP, **changes))  # type: ignore[arg-type]


CASES = [
    ("VC-01", FACTS, "deposit_slip", None),
    ("VC-01", with_slip(form="cheque"), "form", refuse(RefusalCode.SLIP_FOREIGN, element="form")),
    ("VC-01", with_slip(bank_code="9018"), "bank", refuse(RefusalCode.SLIP_FOREIGN, element="bank")),
    ("VC-01", with_slip(currency="EUR"), "currency", refuse(RefusalCode.SLIP_FOREIGN, element="currency")),
    (
        "VC-01", replace(with_slip(form="cheque"), expected_form="cheque"), "cheque",
        refuse(RefusalCode.SLIP_FOREIGN, element="form"),
    ),
    ("VC-03", FACTS, "complete", None),
    (
        "VC-03", with_slip(account_name="", slip_date=""), "2 missing",
        refuse(RefusalCode.SLIP_INCOMPLETE, missing="slip_date, account_name"),
    ),
    ("VC-04", FACTS, "figures, capitals, denominations", None),
    ("VC-04", with_slip(capitals="", rows=()), "figures", None),
    ("VC-04", with_slip(rows=()), "figures, capitals", None),
    (
        "VC-04", replace(FACTS, keyed_amount_minor=2_025_001), "keyed",
        refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element="keyed"),
    ),
    (
        "VC-04", with_slip(capitals="人民币贰万零贰佰元整"), "capitals",
        refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element="capitals"),
    ),
    (
        "VC-04", with_slip(rows=(CashRow(10000, 200),)), "denominations",
        refuse(RefusalCode.AMOUNT_DIFFERS_FROM_SLIP, element="denominations"),
    ),
    ("VC-06", FACTS, "2026-11-23", None),
    (
        "VC-06", with_slip(slip_date="2026-11-24"), "2026-11-24",
        refuse(RefusalCode.SLIP_DATE, expected="2026-11-23"),
    ),
    ("VC-12", FACTS, "open", None),
    (
        "VC-12", replace(FACTS, account_status="frozen"), "frozen",
        refuse(RefusalCode.ACCOUNT_NOT_OPEN, status="frozen"),
    ),
    (
        "VC-12", replace(FACTS, account_status=""), "unknown",
        refuse(RefusalCode.ACCOUNT_NOT_OPEN, status="unknown"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("check", "facts", "seen", "refusal"), CASES)
def test_each_rule_says_what_it_saw(check: str, facts: SlipFacts, seen: str, refusal: Refusal | None) -> None:
    assert dict(RULES)[check](facts) == (seen, refusal)


def test_what_was_seen_never_carries_name_or_number() -> None:
    for _check, facts, _seen, _refusal in CASES:
        for result in automatic_checks(facts, VOUCHERS):
            shown = f"{result.seen} {result.refusal}"
            assert SLIP.account_name not in shown
            assert SLIP.account_number not in shown


def test_the_pack_says_which_checks_are_in_force_and_each_result_names_it() -> None:
    results = automatic_checks(replace(FACTS, account_status="lost"), VOUCHERS)
    assert [(one.check, one.kind, one.outcome) for one in results] == [
        ("VC-01", "automatic", "pass"),
        ("VC-03", "automatic", "pass"),
        ("VC-04", "automatic", "pass"),
        ("VC-06", "automatic", "pass"),
        ("VC-12", "automatic", "fail"),
    ]
    assert results[0].rule == "VC-01 cn.vouchers/1 票据管理实施办法 5"
    without = changed(VOUCHERS, "VC-12", on=False)
    assert "VC-12" not in {one.check for one in automatic_checks(FACTS, without)}


def as_form(facts: SlipFacts) -> VoucherFacts:
    """The same slip as any other form is judged."""
    slip = facts.slip
    told = plain(
        "deposit_slip", form=slip.form, bank_code=slip.bank_code, currency=slip.currency,
        amount_minor=facts.keyed_amount_minor, rows=slip.rows,
    )  # fmt: skip
    account = replace(told.accounts["account"], status=facts.account_status)
    return rewritten(
        replace(told, accounts={"account": account}), amount=format_amount(slip.amount_minor),
        capitals=slip.capitals, slip_date=slip.slip_date, account_name=slip.account_name,
        account_number=slip.account_number,
    )  # fmt: skip


@pytest.mark.parametrize("case", [one for one in CASES if one[1].slip.form == "deposit_slip"])
def test_the_short_list_and_the_long_one_come_to_the_same(
    case: tuple[str, SlipFacts, str, Refusal | None],
) -> None:
    check, facts, _seen, refusal = case
    whole = one_check(check, as_form(facts))
    assert whole.outcome == ("fail" if refusal else "pass")
    assert (whole.refusal.code if whole.refusal else None) == (refusal.code if refusal else None)


def test_what_the_slip_must_carry_is_what_its_form_says() -> None:
    named = {"amount_minor": "amount"}
    form = forms()["deposit_slip"]
    assert {named.get(one, one) for one in REQUIRED["deposit_slip"]} == {
        one.field for one in form.fields if one.required == "always"
    }


# --- who must be there (DESIGN §3) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "amount_minor", "why"),
    [
        (ControlMode.DUAL, 1, "dual_mode"),
        (ControlMode.DUAL, 2_000_000, "limit"),
        (ControlMode.COMPREHENSIVE, 1_999_999, None),
        (ControlMode.COMPREHENSIVE, 2_000_000, "limit"),
        (ControlMode.COMPREHENSIVE, 2_000_001, "limit"),
    ],
)
def test_when_a_second_person_is_due(mode: ControlMode, amount_minor: int, why: str | None) -> None:
    assert review_due(mode, 2_000_000, amount_minor) == why
    assert GUARDS["review_due"](GuardFacts(mode, 2_000_000, amount_minor)) == why
