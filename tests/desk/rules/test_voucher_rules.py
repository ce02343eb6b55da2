"""Every check of a voucher over every form: what passes, what each fault is told as, and that nothing slips past."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.cash import CashRow
from desk.domain.refusals import RefusalCode
from desk.rules.endorsement_rules import Endorsement
from desk.rules.judgement import OK, RETURN, STOP, WARN
from desk.rules.voucher_checks.facts import AgentFacts, HostAnswers, IdDocument, VoucherFacts
from desk.rules.voucher_checks.looking import questions_due
from desk.rules.voucher_checks.paper import missing
from desk.rules.voucher_checks.result import Case
from desk.rules.voucher_judges import JUDGES
from desk.rules.voucher_rules import CHECKS, attested, in_the_way, judge_voucher
from tests.desk.rules.shipped_packs import changed
from tests.desk.rules.voucher_examples import (
    CLEAR,
    COMPANY,
    PERSON,
    RESIDENT,
    TODAY,
    forms,
    judged,
    one_check,
    plain,
    rewritten,
    rules,
)

FORMS = sorted(forms())
NEVER_CLAIMED = {"VC-02", "VC-08", "VC-09", "VC-10", "VC-24", "VC-25"}
AGENT = AgentFacts(replace(RESIDENT, number="440524188001010014"), "配偶")


def account(form: str, party: str, **changes: object) -> VoucherFacts:
    facts = plain(form)
    found = replace(facts.accounts[party], **changes)  # type: ignore[arg-type]
    return replace(facts, accounts={**facts.accounts, party: found})


def host(form: str, **changes: object) -> VoucherFacts:
    return plain(form, host=replace(CLEAR, **changes))  # type: ignore[arg-type]


def endorsed(*links: tuple[str, str], presenter: str = "", form: str = "transfer_cheque") -> VoucherFacts:
    chain = tuple(Endorsement(*one) for one in links)
    return plain(form, endorsements=chain, presenter=presenter or links[-1][1])


def shown(form: str = "withdrawal_slip", number: str = RESIDENT.number, **changes: object) -> VoucherFacts:
    document = replace(RESIDENT, **{"number": number, **changes})  # type: ignore[arg-type]
    facts = plain(form, identity_due=True, document=document)
    return rewritten(facts, id_kind="居民身份证", id_number=document.number)


def by_agent(form: str = "withdrawal_slip", **changes: object) -> VoucherFacts:
    facts = shown(form)
    return rewritten(
        replace(facts, agent=replace(AGENT, **changes)),  # type: ignore[arg-type]
        agent_name="李娜", agent_id=AGENT.document.number if AGENT.document else "",
    )  # fmt: skip


def number(form: str, party: str, text: str) -> VoucherFacts:
    return rewritten(plain(form), **{forms()[form].number_field(party): text})


CHEQUE, SLIP = "cash_cheque", "deposit_slip"
FOREIGNER = IdDocument("passport", "E12345678", "2030-01-01", "not_offered")

CASH_NOTE = rewritten(plain("promissory_note", paid_as="cash"), payee_account="")

# check, facts, outcome, what was seen, on_fail (as met), reason of return
CASES: list[tuple[str, VoucherFacts, str, str, str, str]] = [
    ("VC-01", plain(CHEQUE), "pass", "cash_cheque", "stop", ""),
    ("VC-01", plain(CHEQUE, form="cash_cheque", transaction="transfer"), "fail", "transaction", "stop", ""),
    ("VC-01", plain(CHEQUE, bank_code="9018"), "pass", "cash_cheque", "stop", ""),
    ("VC-01", plain(SLIP, bank_code="9018"), "fail", "bank", "stop", ""),
    ("VC-01", plain(SLIP, currency="EUR"), "fail", "currency", "stop", ""),
    ("VC-03", plain(SLIP), "pass", "complete", "return", ""),
    ("VC-03", rewritten(plain(SLIP), account_name=" "), "fail", "1 missing", "return", "RF-3-INCOMPLETE"),
    ("VC-03", plain("cash_pay_in", rows=()), "fail", "1 missing", "return", "RF-3-INCOMPLETE"),
    ("VC-03", plain(CHEQUE, absent=frozenset({"drawer_seal"})), "fail", "1 missing", "return", "RF-3-INCOMPLETE"),
    ("VC-03", rewritten(plain(CHEQUE), amount="", capitals=""), "fail", "2 missing", "return", "RF-3-INCOMPLETE"),
    ("VC-04", plain("cash_pay_in"), "pass", "figures, capitals, denominations", "return", ""),
    ("VC-04", plain("transfer_cheque"), "pass", "figures, capitals", "return", ""),
    ("VC-04", rewritten(plain(SLIP), amount="350.01"), "fail", "keyed", "return", "RF-3-AMOUNT"),
    ("VC-04", rewritten(plain(SLIP), amount="abc"), "fail", "keyed", "return", "RF-3-AMOUNT"),
    ("VC-04", rewritten(plain(CHEQUE), capitals="叁佰元整"), "fail", "capitals", "return", "RF-3-AMOUNT"),
    ("VC-04", rewritten(plain(CHEQUE), capitals="三佰伍拾元整"), "pass", "figures, capitals", "return", ""),
    ("VC-04", rewritten(plain(CHEQUE), capitals="སུམ་བརྒྱ"), "warn", "script", "return", ""),
    ("VC-04", plain(SLIP, rows=(CashRow(10000, 3),)), "fail", "denominations", "return", "RF-3-AMOUNT"),
    ("VC-04", plain(SLIP, unconfirmed=frozenset({"amount"})), "open", "proposed", "return", ""),
    ("VC-05", rewritten(plain(SLIP), capitals=""), "not_applicable", "", "return", ""),
    ("VC-05", plain(CHEQUE), "pass", "capitals", "return", ""),
    ("VC-05", rewritten(plain(CHEQUE), capitals="སུམ་བརྒྱ"), "pass", "capitals", "return", ""),
    ("VC-05", rewritten(plain(CHEQUE), capitals="叁佰元整"), "pass", "capitals", "return", ""),
    ("VC-05", rewritten(plain(CHEQUE), capitals="三佰伍拾元整"), "fail", "not to the rule", "return", "RF-3-CAPITALS"),
    ("VC-05", rewritten(plain(CHEQUE), capitals="人民币叁佰伍拾元整"), "fail", "not to the rule", "return",
     "RF-3-CAPITALS"),
    ("VC-05", rewritten(plain(CHEQUE, amount_minor=50), amount="0.50", capitals="零元伍角整"), "warn", "unusual",
     "return", ""),
    ("VC-06", plain(SLIP), "pass", TODAY, "stop", ""),
    ("VC-06", rewritten(plain(SLIP), slip_date="2026-11-22"), "fail", "date", "return", "RF-3-DATE"),
    ("VC-06", rewritten(plain(SLIP), slip_date="2026-11-24"), "fail", "date", "return", "RF-3-DATE"),
    ("VC-06", rewritten(plain(SLIP), slip_date="2026-02-30"), "fail", "date", "stop", "RF-3-DATE"),
    ("VC-06", rewritten(plain(SLIP), slip_date=""), "not_applicable", "", "stop", ""),
    ("VC-06", rewritten(plain(CHEQUE), issue_date="2026年11月20日"), "fail", "date", "stop", "RF-3-DATE"),
    ("VC-06", rewritten(plain(CHEQUE), issue_date="贰零贰陆年壹拾壹月贰拾肆日"), "fail", "date", "return", "RF-3-DATE"),
    ("VC-06", rewritten(plain(CHEQUE), issue_date="贰零贰陆年拾壹月贰拾叁日"), "warn", "not to the pattern", "stop",
     ""),
    ("VC-07", plain(CHEQUE), "pass", "in time", "return", ""),
    ("VC-07", rewritten(plain(CHEQUE), issue_date="贰零贰陆年壹拾壹月壹拾叁日"), "pass", "in time", "return", ""),
    ("VC-07", rewritten(plain(CHEQUE), issue_date="贰零贰陆年壹拾壹月零壹拾日"), "fail", "expired", "return",
     "RF-3-EXPIRED"),
    ("VC-07", rewritten(plain(CHEQUE), issue_date=""), "fail", "no issue date", "return", "RF-3-EXPIRED"),
    ("VC-07", rewritten(plain(CHEQUE), issue_date="某日"), "fail", "no issue date", "return", "RF-3-EXPIRED"),
    ("VC-07", rewritten(plain(CHEQUE, business_date="2027-01-02"), issue_date="贰零贰陆年壹拾贰月贰拾贰日"), "warn",
     "term", "return", ""),
    ("VC-11", plain(CHEQUE), "not_applicable", "", "return", ""),
    ("VC-11", account(CHEQUE, "payer", payment_password=True), "pass", "right", "return", ""),
    ("VC-11", replace(account(CHEQUE, "payer", payment_password=True), host=replace(CLEAR, payment_password="wrong")),
     "fail", "wrong", "return", "RF-3-PASSWORD"),
    ("VC-11", replace(account(CHEQUE, "payer", payment_password=True), host=replace(CLEAR, payment_password="")),
     "open", "no answer", "return", ""),
    ("VC-12", plain(SLIP), "pass", "open", "stop", ""),
    ("VC-12", account(SLIP, "account", status="frozen"), "fail", "frozen", "stop", "RF-3-FROZEN"),
    ("VC-12", account(SLIP, "account", status="lost"), "fail", "lost", "stop", "RF-3-LOST"),
    ("VC-12", account(SLIP, "account", status="dormant"), "fail", "dormant", "stop", "RF-3-ACCOUNT"),
    ("VC-12", account(SLIP, "account", status="closed"), "fail", "closed", "stop", "RF-3-ACCOUNT"),
    ("VC-12", account(SLIP, "account", status=""), "fail", "unknown", "stop", "RF-3-ACCOUNT"),
    ("VC-12", plain(SLIP, accounts={}), "open", "no answer", "stop", ""),
    ("VC-12", account("credit_slip", "payer", status="frozen"), "fail", "frozen", "stop", "RF-3-FROZEN"),
    ("VC-12", replace(account("credit_slip", "payer", status="frozen"), elsewhere=frozenset({"payer"})), "pass",
     "open", "stop", ""),
    ("VC-12", account("loss_application", "account", status="frozen"), "pass", "frozen", "stop", ""),
    ("VC-12", plain("promissory_note"), "pass", "open", "stop", ""),
    ("VC-12", CASH_NOTE, "not_applicable", "", "stop", ""),
    ("VC-13", plain(SLIP), "pass", "EXACT", "stop", ""),
    ("VC-13", rewritten(plain(SLIP), account_name="张 伟"), "pass", "NORMALISED", "stop", ""),
    ("VC-13", account(SLIP, "account", name="张偉"), "warn", "NEAR_E", "stop", ""),
    ("VC-13", rewritten(plain(CHEQUE), payer_name="上海恒通科技股份有限公司"), "fail", "NEAR_S", "stop", "RF-3-NAME"),
    ("VC-13", rewritten(plain(SLIP), account_name="李娜"), "fail", "NO_MATCH", "stop", "RF-3-NAME"),
    ("VC-13", rewritten(plain(SLIP), account_name="张?"), "fail", "NOT_CHECKABLE", "stop", "RF-3-NAME"),
    ("VC-13", number(SLIP, "account", "9017002010004821736"), "fail", "number differs", "stop", "RF-3-NAME"),
    ("VC-13", number(SLIP, "account", "9017 0020 1000 4821 735"), "pass", "EXACT", "stop", ""),
    ("VC-13", plain("credit_slip", accounts={"payer": COMPANY}), "open", "no answer", "stop", ""),
    ("VC-13", plain(SLIP, unconfirmed=frozenset({"account_name"})), "open", "proposed", "stop", ""),
    ("VC-14", plain("transfer_cheque"), "not_applicable", "", "return", ""),
    ("VC-14", endorsed((PERSON.name, "李娜")), "open", "proposed", "return", ""),
    ("VC-14", endorsed((PERSON.name, "李娜"), ("王芳", "赵敏")), "fail", "broken", "return", "RF-3-ENDORSEMENT"),
    ("VC-14", endorsed((PERSON.name, "")), "warn", "unusual", "return", ""),
    ("VC-14", endorsed((PERSON.name, "李娜"), form=CHEQUE), "fail", "cash cheque endorsed", "return",
     "RF-3-ENDORSEMENT"),
    ("VC-15", plain(CHEQUE), "pass", "holder", "return", ""),
    ("VC-15", plain(CHEQUE, unconfirmed=frozenset({"payee_name"})), "open", "proposed", "return", ""),
    ("VC-15", plain(CHEQUE, presenter=""), "open", "no answer", "return", ""),
    ("VC-15", plain(CHEQUE, presenter="李娜"), "fail", "someone else", "return", "RF-3-HOLDER"),
    ("VC-15", endorsed((PERSON.name, "李娜"), presenter=PERSON.name), "fail", "someone else", "return",
     "RF-3-HOLDER"),
    ("VC-16", account(CHEQUE, "payer", balance_minor=35_000), "pass", "covered", "return", ""),
    ("VC-16", account(CHEQUE, "payer", balance_minor=35_000, held_minor=1), "fail", "not covered", "return",
     "RF-3-FUNDS"),
    ("VC-16", account(CHEQUE, "payer", balance_minor=None), "open", "no answer", "return", ""),
    ("VC-16", plain("settlement_application", elsewhere=frozenset({"payer"})), "not_applicable", "", "return", ""),
    ("VC-17", plain("transfer_cheque", paid_as="cash"), "fail", "never cash", "stop", "RF-3-USE"),
    ("VC-17", plain(CHEQUE, paid_as="transfer"), "fail", "never transfer", "stop", "RF-3-USE"),
    ("VC-17", plain("ordinary_cheque", paid_as="cash"), "pass", "cash", "stop", ""),
    ("VC-17", plain("ordinary_cheque", paid_as="cash", crossed=True), "fail", "crossed", "stop", "RF-3-USE"),
    ("VC-17", plain("ordinary_cheque", paid_as="transfer", crossed=True), "pass", "transfer", "stop", ""),
    ("VC-17", plain(CHEQUE, paid_as=""), "open", "no answer", "stop", ""),
    ("VC-18", plain(CHEQUE), "pass", "CU-1", "stop", ""),
    ("VC-18", account(CHEQUE, "payer", kind="general"), "fail", "no cash account", "stop", "RF-3-CASH"),
    ("VC-18", account(CHEQUE, "payer", kind="person"), "not_applicable", "", "stop", ""),
    ("VC-18", plain(CHEQUE, accounts={}), "open", "no answer", "stop", ""),
    ("VC-18", plain(CHEQUE, purpose=""), "open", "no answer", "stop", ""),
    ("VC-18", plain(CHEQUE, purpose="CU-9"), "fail", "not on the list", "stop", "RF-3-CASH"),
    ("VC-18", plain(CHEQUE, purpose="VC-01"), "fail", "not on the list", "stop", "RF-3-CASH"),
    ("VC-18", plain(CHEQUE, purpose="CU-7", amount_minor=100_000), "pass", "CU-7", "stop", ""),
    ("VC-18", plain(CHEQUE, purpose="CU-7", amount_minor=100_001), "fail", "over the limit", "stop", "RF-3-CASH"),
    ("VC-18", plain(CHEQUE, unconfirmed=frozenset({"purpose"})), "open", "proposed", "stop", ""),
    ("VC-18", plain("ordinary_cheque", paid_as="transfer"), "not_applicable", "", "stop", ""),
    ("VC-19", plain("withdrawal_slip"), "not_applicable", "", "stop", ""),
    ("VC-19", shown(), "open", "proposed", "stop", ""),
    ("VC-19", replace(shown(), attested=frozenset({"VC-19"})), "pass", "valid", "stop", ""),
    ("VC-19", plain("withdrawal_slip", identity_due=True), "fail", "none shown", "stop", ""),
    ("VC-19", shown(expires=TODAY), "open", "proposed", "stop", ""),
    ("VC-19", shown(expires="2026-11-22"), "fail", "expired", "stop", ""),
    ("VC-19", shown(expires=""), "open", "no answer", "stop", ""),
    ("VC-19", shown(online="differs"), "fail", "differs", "stop", ""),
    ("VC-19", shown(online="not_found"), "fail", "not_found", "stop", ""),
    ("VC-19", shown(online=""), "open", "no answer", "stop", ""),
    ("VC-19", rewritten(shown(), id_number="110105194912310021"), "fail", "number differs", "stop", ""),
    ("VC-19", replace(by_agent(), document=None), "fail", "none shown", "stop", ""),
    ("VC-20", plain("withdrawal_slip"), "not_applicable", "", "stop", ""),
    ("VC-20", plain("withdrawal_slip", document=FOREIGNER), "not_applicable", "", "stop", ""),
    ("VC-20", shown(), "pass", "check digit", "stop", ""),
    ("VC-20", shown(number="110105194912310021"), "fail", "number", "stop", ""),
    ("VC-20", shown(number="440524188001010014"), "warn", "unusual", "stop", ""),
    ("VC-21", plain("withdrawal_slip"), "not_applicable", "", "stop", ""),
    ("VC-21", by_agent(), "open", "proposed", "stop", ""),
    ("VC-21", replace(by_agent(), attested=frozenset({"VC-21"})), "pass", "both documents", "stop", ""),
    ("VC-21", by_agent(document=None), "fail", "agent document", "stop", ""),
    ("VC-21", by_agent(relation=""), "fail", "relation", "stop", ""),
    ("VC-21", replace(by_agent(), document=None), "fail", "owner document", "stop", ""),
    ("VC-22", plain(CHEQUE), "pass", "none", "stop", ""),
    ("VC-22", host(CHEQUE, stop="loss"), "fail", "loss", "stop", "RF-3-LOST"),
    ("VC-22", host(CHEQUE, stop="court"), "fail", "court", "stop", "RF-3-COURT"),
    ("VC-22", host(CHEQUE, stop="listed"), "fail", "listed", "stop", ""),
    ("VC-22", host(CHEQUE, stop=""), "open", "no answer", "stop", ""),
    ("VC-23", plain(CHEQUE), "pass", "unused", "stop", ""),
    ("VC-23", host(CHEQUE, register="used"), "fail", "used", "stop", "RF-3-SERIAL"),
    ("VC-23", host(CHEQUE, register="out_of_range"), "fail", "out_of_range", "stop", "RF-3-SERIAL"),
    ("VC-23", host(CHEQUE, register=""), "open", "no answer", "stop", ""),
]  # fmt: skip


@pytest.mark.parametrize(("check", "facts", "outcome", "seen", "on_fail", "returns"), CASES)
def test_each_check_tells_what_it_saw_and_what_follows(
    check: str, facts: VoucherFacts, outcome: str, seen: str, on_fail: str, returns: str
) -> None:
    found = one_check(check, facts)
    assert (found.outcome, found.seen, found.on_fail, found.returns) == (outcome, seen, on_fail, returns)
    assert (found.refusal is not None) is (outcome == "fail")
    assert found.judgement is not None
    assert found.judgement.rule == check
    expected = {"pass": OK, "not_applicable": OK, "warn": WARN}.get(
        outcome, {"stop": STOP, "return": RETURN}[on_fail]
    )
    assert found.judgement.result == expected


def test_every_check_is_seen_to_pass_and_to_fail() -> None:
    outcomes = {(check, outcome) for check, _facts, outcome, *_ in CASES}
    for check, _judge in CHECKS:
        assert (check, "fail") in outcomes, check
        assert {(check, "pass"), (check, "open")} & outcomes, check


REFUSED = {
    "VC-01": RefusalCode.SLIP_FOREIGN,
    "VC-03": RefusalCode.SLIP_INCOMPLETE,
    "VC-04": RefusalCode.AMOUNT_DIFFERS_FROM_SLIP,
    "VC-12": RefusalCode.ACCOUNT_NOT_OPEN,
}


@pytest.mark.parametrize("case", [one for one in CASES if one[2] == "fail"])
def test_a_failure_is_a_numbered_refusal(case: tuple[str, VoucherFacts, str, str, str, str]) -> None:
    check, facts, _outcome, seen, *_ = case
    refusal = one_check(check, facts).refusal
    assert refusal is not None
    expected = REFUSED.get(check, RefusalCode.CHECK_FAILED)
    if check == "VC-06" and forms()[facts.form].dated_today:
        expected = RefusalCode.SLIP_DATE
    if check == "VC-13":
        expected = {
            "number differs": RefusalCode.NUMBER_MISMATCH,
            "NOT_CHECKABLE": RefusalCode.NAME_NOT_CHECKABLE,
        }.get(seen, RefusalCode.NAME_MISMATCH)
    assert refusal.code is expected


PRIVATE = (COMPANY.name, COMPANY.number, PERSON.name, PERSON.number, RESIDENT.number, "李娜", "张偉")


@pytest.mark.parametrize("case", CASES)
def test_every_answer_has_its_words_in_both_languages_and_tells_nothing_of_the_customer(
    case: tuple[str, VoucherFacts, str, str, str, str],
) -> None:
    found = one_check(case[0], case[1])
    spoken = found.outcome in ("fail", "warn") or found.seen == "no answer"
    for text in (found.says.zh, found.says.en):
        assert bool(text) is spoken
        assert "{" not in text
        assert "why" not in text.split()
    for text in (found.then.zh, found.then.en):
        assert bool(text) is (found.outcome in ("fail", "warn", "open"))
        assert "{" not in text
    told = f"{found.seen} {found.says} {found.then} {found.refusal}"
    assert not [one for one in PRIVATE if one in told]
    if spoken and found.judgement is not None:
        assert found.judgement.reasons[0].words == found.says


@pytest.mark.parametrize(
    ("check", "facts", "zh"),
    [
        ("VC-03", plain(CHEQUE, absent=frozenset({"drawer_seal"})), "票据缺少法定事项：出票人签章，票据无效。"),
        ("VC-03", rewritten(plain(CHEQUE), amount="", capitals=""), "还没有填：小写金额、大写金额，补填后才能使用。"),
        ("VC-03", rewritten(plain(SLIP), account_name=""), "凭证上没有填：户名。"),
        ("VC-03", rewritten(plain(CHEQUE), payee_name="", purpose=""), "凭证上没有填：收款人、用途。"),
        ("VC-04", rewritten(plain(CHEQUE), capitals="叁佰元整"), "大写金额与小写金额不一致，票据无效。"),
        ("VC-04", rewritten(plain("cash_pay_in"), capitals="叁佰元整"), "大写金额与小写金额不一致。"),
        ("VC-06", rewritten(plain(SLIP), slip_date="2026-11-20"), "凭证日期不是当日（2026-11-23）。"),
        ("VC-12", account("credit_slip", "payee", status="frozen"), "收款人账号：账户已冻结，不能办理。"),
        ("VC-18", plain(CHEQUE, purpose="CU-7", amount_minor=100_001), "零星支出超过结算起点 1,000.00 元，应当转账。"),
        ("VC-22", host(CHEQUE, stop=""), "系统还没有答复，请稍候。"),
    ],
)  # fmt: skip
def test_what_a_teller_says(check: str, facts: VoucherFacts, zh: str) -> None:
    assert one_check(check, facts).says.zh == zh


def test_what_another_rule_said_stands_behind_the_checks_own_words() -> None:
    """M34: the character 三; the reason says which one and what it should be."""
    found = one_check("VC-05", rewritten(plain(CHEQUE), capitals="三佰伍拾元整"))
    assert found.judgement is not None
    assert [one.code for one in found.judgement.reasons] == ["VC-05", "CA-2"]
    assert "三" in found.judgement.reasons[1].words.zh


@pytest.mark.parametrize(
    ("check", "facts", "requires"),
    [
        ("VC-06", rewritten(plain(CHEQUE), issue_date="贰零贰陆年拾壹月贰拾叁日"),
         ("teller", "second_person", "reason")),
        ("VC-13", account(SLIP, "account", name="张偉"), ("teller", "second_person", "reason", "evidence")),
    ],
)  # fmt: skip
def test_a_warning_says_who_decides(check: str, facts: VoucherFacts, requires: tuple[str, ...]) -> None:
    found = one_check(check, facts)
    assert found.judgement is not None
    assert found.judgement.requires == requires
    assert found.stands_in_the_way


# --- the whole list over every form ----------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_plain_item_fails_nothing_and_claims_nothing_that_a_person_must_see(form: str) -> None:
    results = judged(plain(form))
    assert [one.check for one in results if one.outcome in ("fail", "warn")] == []
    order = [one.check for one in results]
    assert order == [check for check, _ in CHECKS if check in forms()[form].checks]
    assert not NEVER_CLAIMED & set(order)
    assert all(one.rule.startswith(f"{one.check} cn.vouchers/1 ") for one in results)


def answered(form: str, **changes: object) -> VoucherFacts:
    every = frozenset(one for one in forms()[form].checks)
    return plain(form, **{"attested": every, **changes})


def blocked(facts: VoucherFacts) -> tuple[str, ...]:
    return in_the_way(forms()[facts.form], facts, judged(facts), rules())


@pytest.mark.parametrize("form", FORMS)
def test_only_when_every_person_answered_does_nothing_stand_in_the_way(form: str) -> None:
    assert blocked(answered(form)) == ()
    asked = {
        check
        for question in forms()[form].questions
        if plain(form).holds(question.when, forms()[form])
        for check in question.checks
    }
    for check in sorted(asked - {"VC-25"}):
        one_short = answered(form, attested=frozenset(forms()[form].checks) - {check})
        result = next((one for one in judged(one_short) if one.check == check), None)
        if result is None or result.outcome == "open":
            assert blocked(one_short) == (check,)
        else:
            assert result.outcome in ("pass", "not_applicable")


@pytest.mark.parametrize("case", [one for one in CASES if one[2] in ("fail", "warn")])
def test_no_answer_of_a_person_overrides_what_failed(
    case: tuple[str, VoucherFacts, str, str, str, str],
) -> None:
    check, facts, *_ = case
    facts = replace(facts, attested=frozenset(forms()[facts.form].checks))
    assert check in blocked(facts)


@pytest.mark.parametrize("form", FORMS)
def test_a_list_that_was_not_judged_keeps_everything_in_the_way(form: str) -> None:
    facts = plain(form)
    due = in_the_way(forms()[form], facts, (), rules())
    questions = forms()[form].questions
    not_due = {check for one in questions if not facts.holds(one.when, forms()[form]) for check in one.checks}
    assert set(due) == set(forms()[form].checks) - not_due - {"VC-25"}


def test_a_check_that_is_off_is_neither_judged_nor_waited_for() -> None:
    without = changed(rules(), "VC-16", on=False)
    facts = answered(CHEQUE)
    results = judge_voucher(forms()[CHEQUE], facts, without, JUDGES)
    assert "VC-16" not in {one.check for one in results}
    assert in_the_way(forms()[CHEQUE], facts, results, without) == ()


def test_without_its_words_a_missing_answer_is_told_by_the_check_itself() -> None:
    silent = changed(rules(), "OPEN", on=False)
    results = judge_voucher(forms()[CHEQUE], host(CHEQUE, stop=""), silent, JUDGES)
    told = next(one for one in results if one.check == "VC-22")
    assert told.says == rules().title("VC-22")


# --- the examples of counter-rules §8 that are events of a voucher ----------------------------------------


def test_h28_a_transfer_cheque_presented_for_cash_stops() -> None:
    found = one_check("VC-17", plain("transfer_cheque", paid_as="cash"))
    assert (found.outcome, found.on_fail) == ("fail", "stop")
    assert found.judgement is not None
    assert found.judgement.result == STOP


def test_h29_a_purpose_corrected_and_sealed_by_the_drawer_is_confirmed_by_a_person_then_ok() -> None:
    corrected = frozenset({"purpose"})
    everyone = frozenset(forms()[CHEQUE].checks)
    facts = plain(CHEQUE, corrected=corrected, attested=everyone - {"VC-09"})
    assert blocked(facts) == ("VC-09",)
    assert blocked(replace(facts, attested=everyone)) == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_core_element_that_was_changed_is_never_confirmed_away(form: str) -> None:
    for field in forms()[form].core_fields:
        facts = answered(form, corrected=frozenset({field.field}))
        found = one_check("VC-08", facts)
        assert (found.outcome, found.seen, found.kind) == ("fail", "changed", "attested")
        assert blocked(facts) == ("VC-08",), field.field
        assert "VC-08" in in_the_way(forms()[form], facts, (), rules())
        assert "VC-08" not in {one.check for one in questions_due(forms()[form], facts, rules())}


@pytest.mark.parametrize(
    ("form", "check"),
    [
        ("deposit_slip", "VC-07"),
        ("deposit_slip", "VC-15"),
        ("deposit_slip", "VC-23"),
        ("loss_application", "VC-17"),
    ],
)
def test_a_check_that_a_form_has_no_facts_for_is_none_of_its_own(form: str, check: str) -> None:
    listed = replace(forms()[form], checks=(*forms()[form].checks, check))
    results = judge_voucher(listed, plain(form), rules(), JUDGES)
    assert {one.outcome for one in results if one.check == check} == {"not_applicable"}


def test_endorsements_are_a_field_like_any_other() -> None:
    form = forms()["transfer_cheque"]
    fields = tuple(
        replace(one, required="always") if one.kind == "endorsements" else one for one in form.fields
    )
    due = replace(form, fields=fields)
    for facts, outcome in ((plain("transfer_cheque"), "fail"), (endorsed((PERSON.name, "李娜")), "pass")):
        found = next(one for one in judge_voucher(due, facts, rules(), JUDGES) if one.check == "VC-03")
        assert found.outcome == outcome


def test_missing_is_told_in_the_forms_order() -> None:
    facts = rewritten(plain(SLIP), slip_date="", account_number="")
    case = Case(forms()[SLIP], facts, rules(), JUDGES)
    assert [one.field for one in missing(case)] == ["slip_date", "account_number"]


@pytest.mark.parametrize("check", sorted(NEVER_CLAIMED))
@pytest.mark.parametrize("passes", [True, False])
def test_what_a_person_answered_becomes_a_line_of_the_list(check: str, passes: bool) -> None:
    found = attested(forms()[CHEQUE], check, passes, "seen on paper", rules())
    assert found is not None
    assert found.outcome == ("pass" if passes else "fail")
    assert bool(found.says.zh and found.then.en) is not passes
    assert bool(found.refusal) is not passes
    assert found.kind == "attested"


def test_an_altered_cheque_is_void_and_an_altered_slip_goes_back() -> None:
    cheque = attested(forms()[CHEQUE], "VC-08", False, "amount", rules())
    slip = attested(forms()[SLIP], "VC-08", False, "amount", rules())
    assert cheque is not None
    assert slip is not None
    assert "票据无效" in cheque.says.zh
    assert "无效" not in slip.says.zh
    assert (cheque.returns, slip.returns) == ("RF-3-ALTERED", "RF-3-ALTERED")


def test_a_check_that_is_off_is_not_attested() -> None:
    assert attested(forms()[CHEQUE], "VC-02", True, "", changed(rules(), "VC-02", on=False)) is None


def test_agents_are_refused_where_the_owner_must_come() -> None:
    form = replace(forms()["withdrawal_slip"], agents=False)
    results = judge_voucher(form, by_agent(), rules(), JUDGES)
    found = next(one for one in results if one.check == "VC-21")
    assert (found.outcome, found.seen) == ("fail", "owner only")


def test_host_answers_begin_unanswered() -> None:
    assert (HostAnswers().stop, HostAnswers().register, HostAnswers().payment_password) == ("", "", "")
