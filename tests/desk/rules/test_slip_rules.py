"""The rules a deposit slip is judged by, the match of number and name, and who must be there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.cash import CashRow
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import DepositSlip
from desk.rules.control_rules import GUARDS, GuardFacts, review_due
from desk.rules.voucher_rules import RULES, SlipFacts, automatic_checks
from tests.desk.rules.test_rule_pack import TEXT, pack

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
        for result in automatic_checks(facts, pack(TEXT)):
            shown = f"{result.seen} {result.refusal}"
            assert SLIP.account_name not in shown
            assert SLIP.account_number not in shown


def test_the_pack_says_which_checks_are_in_force_and_each_result_names_it() -> None:
    shipped = pack(TEXT)
    results = automatic_checks(replace(FACTS, account_status="lost"), shipped)
    assert [(one.check, one.kind, one.outcome) for one in results] == [
        ("VC-01", "automatic", "pass"),
        ("VC-03", "automatic", "pass"),
        ("VC-04", "automatic", "pass"),
        ("VC-06", "automatic", "pass"),
        ("VC-12", "automatic", "fail"),
    ]
    assert results[0].rule == "VC-01 cn/1 票据管理实施办法 5"
    without = replace(shipped, rules={name: row for name, row in shipped.rules.items() if name != "VC-12"})
    assert "VC-12" not in {one.check for one in automatic_checks(FACTS, without)}


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
