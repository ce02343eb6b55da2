"""What becomes of a voucher that failed, and the return statement with its four legal items (RF-1 … RF-6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.refusals import RefusalCode, refuse
from desk.rules.voucher_checks.result import CheckResult
from desk.rules.voucher_checks.returns import (
    Disposition,
    ReturnStatement,
    fine_minor,
    grounds_of,
    return_statement,
    what_follows,
)
from desk.rules.voucher_rules import attested
from tests.desk.rules.shipped_packs import changed
from tests.desk.rules.voucher_examples import CLEAR, forms, judged, plain, rewritten, rules

BOUNCED = replace(plain("cash_cheque"), accounts={})
RETURNED = "2026-11-23T06:12:00Z"


def failed(*checks: str, form: str = "cash_cheque") -> tuple[CheckResult, ...]:
    found = tuple(attested(forms()[form], one, False, "seen on paper", rules()) for one in checks)
    return tuple(one for one in found if one is not None)


def short_of_funds(amount_minor: int = 35_000) -> tuple[CheckResult, ...]:
    facts = plain("cash_cheque", amount_minor=amount_minor)
    poor = replace(facts.accounts["payer"], balance_minor=0)
    return judged(replace(facts, accounts={"payer": poor}))


def test_nothing_follows_where_nothing_failed() -> None:
    assert what_follows(judged(plain("cash_cheque")), accepted=False, rules=rules()) == Disposition("nothing")


def test_before_acceptance_it_is_handed_back_and_no_picture_kept() -> None:
    results = judged(rewritten(plain("deposit_slip"), slip_date="2026-11-20"))
    found = what_follows(results, accepted=False, rules=rules())
    assert (found.act, found.rule, found.checks, found.keeps_image) == (
        "hand_back", "RF-1", ("VC-06",), False,
    )  # fmt: skip
    assert "用平实的话说明原因" in found.then.zh
    kept = what_follows(results, accepted=False, rules=changed(rules(), "RF-1", keep_image=True))
    assert kept.keeps_image


def test_after_acceptance_it_goes_with_a_statement() -> None:
    found = what_follows(short_of_funds(), accepted=True, rules=rules())
    assert (found.act, found.rule, found.checks) == ("statement", "RF-2", ("VC-16",))


@pytest.mark.parametrize("accepted", [True, False])
def test_a_suspected_forgery_is_not_handed_back(accepted: bool) -> None:
    for results, suspected in ((failed("VC-02"), False), (short_of_funds(), True)):
        found = what_follows(results, accepted, rules(), forgery_suspected=suspected)
        assert (found.act, found.rule, found.checks[0]) == ("hold", "RF-4", "VC-02")
        assert found.then.en.startswith("Do not hand it back")


def test_without_its_rule_the_act_stands_without_words() -> None:
    off = changed(rules(), "RF-1", on=False)
    assert what_follows(failed("VC-08"), accepted=False, rules=off) == Disposition(
        "hand_back", "RF-1", ("VC-08",)
    )


def statement(
    results: tuple[CheckResult, ...], amount_minor: int, form: str = "cash_cheque"
) -> ReturnStatement:
    found = return_statement(forms()[form], results, amount_minor, RETURNED, "示例银行城东支行", rules())
    assert isinstance(found, ReturnStatement), found
    return found


def test_the_statement_has_the_four_legal_items() -> None:
    found = statement(short_of_funds(), 35_000)
    assert found.kind == forms()["cash_cheque"].title
    assert [(one.reason, one.title.zh) for one in found.grounds] == [("RF-3-FUNDS", "空头")]
    assert found.grounds[0].fact.zh == "付款账户余额不足。"
    assert "票据法 87" in found.grounds[0].law
    assert (found.returned_at, found.returner) == (RETURNED, "示例银行城东支行")
    assert [one.zh for one in found.labels] == [
        "退票种类",
        "退票的事实依据和法律依据",
        "退票时间",
        "退票人签章",
    ]


@pytest.mark.parametrize(
    ("amount_minor", "fine"),
    [
        (35_000, 100_000),
        (2_000_000, 100_000),
        (2_000_020, 100_001),
        (2_000_019, 100_000),
        (100_000_000, 5_000_000),
    ],
)
def test_the_fine_is_five_per_cent_but_never_below_a_thousand(amount_minor: int, fine: int) -> None:
    assert fine_minor(amount_minor, rules()) == fine
    assert statement(short_of_funds(amount_minor), amount_minor).fine_minor == fine


def test_a_wrong_seal_is_fined_too_and_a_broken_form_is_not() -> None:
    assert statement(failed("VC-10"), 35_000).fine_minor == 100_000
    altered = statement(failed("VC-08"), 35_000)
    assert (altered.fine_minor, altered.fine.zh) == (0, "")


def test_without_the_rule_there_is_no_fine() -> None:
    off = changed(rules(), "FINE", on=False)
    assert fine_minor(35_000, off) == 0
    found = return_statement(forms()["cash_cheque"], short_of_funds(), 35_000, RETURNED, "行", off)
    assert isinstance(found, ReturnStatement)
    assert (found.fine_minor, found.fine.zh) == (0, "")


@pytest.mark.parametrize(
    ("results", "form"),
    [
        (short_of_funds(), "deposit_slip"),
        (judged(plain("cash_cheque")), "cash_cheque"),
        (judged(replace(plain("cash_cheque"), host=replace(CLEAR, stop="listed"))), "cash_cheque"),
        (judged(BOUNCED), "cash_cheque"),
    ],
)
def test_a_statement_without_a_ground_is_refused(results: tuple[CheckResult, ...], form: str) -> None:
    found = return_statement(forms()[form], results, 35_000, RETURNED, "行", rules())
    assert found == refuse(RefusalCode.REASON_MISSING)


def test_without_its_own_rule_no_statement_is_made() -> None:
    off = changed(rules(), "RF-2", on=False)
    found = return_statement(forms()["cash_cheque"], short_of_funds(), 1, RETURNED, "行", off)
    assert found == refuse(RefusalCode.REASON_MISSING)


def test_each_reason_stands_once_in_the_order_of_the_list() -> None:
    results = (*failed("VC-10"), *short_of_funds(), *failed("VC-10"))
    assert [one.reason for one in grounds_of(results, rules())] == ["RF-3-SEAL", "RF-3-FUNDS"]


def test_a_reason_that_is_off_is_none() -> None:
    off = changed(rules(), "RF-3-SEAL", on=False)
    assert grounds_of(failed("VC-10"), off) == ()


@pytest.mark.parametrize(
    ("reason", "zh"),
    [
        ("SEAL", "印鉴不符"), ("FUNDS", "空头"), ("DATE", "远期、日期不规范"), ("EXPIRED", "过期"),
        ("AMOUNT", "大小写不符"), ("ENDORSEMENT", "背书不连续"), ("INCOMPLETE", "要素不全"),
        ("NAME", "账号户名不符"), ("LOST", "已挂失"), ("FROZEN", "账户冻结"),
    ],
)  # fmt: skip
def test_the_usual_reasons_are_there(reason: str, zh: str) -> None:
    row = rules().row(f"RF-3-{reason}")
    assert row is not None
    assert row.title.zh == zh


def test_what_is_done_with_a_defective_document_of_our_own() -> None:
    row = rules().row("RF-5")
    assert row is not None
    assert row.texts("steps") == ("void_stamp", "cut_corner", "register", "reissue")
