"""Thresholds: every boundary as its own row says, directions and days apart, nothing asked that no rule asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.money import MAX_MINOR
from desk.rules.calendar_rules import working_days_after
from desk.rules.judgement import OK, REFUSE, STOP
from desk.rules.rule_set import RuleSet
from desk.rules.threshold_rules import (
    CASH_IN,
    CASH_OUT,
    CROSS_BORDER,
    ENTITY,
    KINDS,
    PERSON,
    TRANSFER,
    USD,
    DayItem,
    ReportLine,
    ThresholdCase,
    judge_thresholds,
    large_value_lines,
)
from tests.desk.rules.shipped import changed_pack, changed_rules, shipped_rules, turned_on

OLD, NEW = shipped_rules(("thresholds",), "2025-12-31"), shipped_rules(("thresholds",), "2026-01-01")
FILE = "cn/thresholds_2026.toml"


def triggers(case: ThresholdCase, rules: RuleSet = NEW) -> tuple[str, ...]:
    return judge_thresholds(case, rules).triggers


BOUNDARIES = [
    ("TH-1", CASH_IN, PERSON, 50_000_00, True, "CNY"),
    ("TH-1", CASH_OUT, ENTITY, 50_000_00, True, "CNY"),
    ("TH-1", CASH_IN, PERSON, 10_000_00, True, USD),
    ("TH-2", TRANSFER, ENTITY, 2_000_000_00, True, "CNY"),
    ("TH-2", CROSS_BORDER, ENTITY, 200_000_00, True, USD),
    ("TH-3", TRANSFER, PERSON, 500_000_00, True, "CNY"),
    ("TH-3", TRANSFER, PERSON, 100_000_00, True, USD),
    ("TH-4", CROSS_BORDER, PERSON, 200_000_00, True, "CNY"),
    ("TH-4", CROSS_BORDER, PERSON, 10_000_00, True, USD),
    ("TH-6", "cash_exchange", PERSON, 50_000_00, True, "CNY"),
    ("TH-6", "bullion", ENTITY, 10_000_00, True, USD),
    ("TH-7", CASH_IN, PERSON, 50_000_00, True, "CNY"),
    ("TH-7", CASH_OUT, PERSON, 10_000_00, True, USD),
    ("TH-8", CASH_OUT, PERSON, 50_000_00, False, "CNY"),
    ("TH-9", CASH_OUT, PERSON, 200_000_00, True, "CNY"),
    ("TH-9", CASH_OUT, ENTITY, 200_000_00, True, "CNY"),
    ("TH-11", CASH_IN, PERSON, 50_000_00, False, "CNY"),
    ("TH-16", CASH_OUT, ENTITY, 1_000_00, False, "CNY"),
]


@pytest.mark.parametrize(("rule", "kind", "party", "limit", "inclusive", "currency"), BOUNDARIES)
def test_a_limit_holds_to_the_fen(
    rule: str, kind: str, party: str, limit: int, inclusive: bool, currency: str
) -> None:
    case = ThresholdCase(kind, party, limit, currency=currency)
    assert (rule in triggers(case)) is inclusive
    assert rule in triggers(replace(case, amount_minor=limit + 1))
    assert rule not in triggers(replace(case, amount_minor=limit - 1))


NOT_CONCERNED = [
    ("TH-2", TRANSFER, PERSON), ("TH-3", TRANSFER, ENTITY), ("TH-3", CROSS_BORDER, PERSON),
    ("TH-4", CROSS_BORDER, ENTITY), ("TH-4", TRANSFER, PERSON), ("TH-7", CASH_IN, ENTITY),
    ("TH-8", CASH_OUT, ENTITY), ("TH-8", CASH_IN, PERSON), ("TH-9", CASH_IN, PERSON),
    ("TH-11", CASH_OUT, ENTITY), ("TH-16", CASH_OUT, PERSON), ("TH-16", CASH_IN, ENTITY), ("TH-1", TRANSFER, PERSON),
    ("TH-6", CASH_IN, PERSON),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "party"), NOT_CONCERNED)
def test_a_rule_concerns_its_own_business_only(rule: str, kind: str, party: str) -> None:
    assert rule not in triggers(ThresholdCase(kind, party, 9_000_000_00))


@pytest.mark.parametrize(
    ("rule", "kind", "limit"),
    [("TH-1", CASH_IN, 50_000_00), ("TH-3", TRANSFER, 500_000_00), ("TH-4", CROSS_BORDER, 200_000_00)],
)
def test_reports_add_up_the_day(rule: str, kind: str, limit: int) -> None:
    case = ThresholdCase(kind, PERSON, 1, limit - 1)
    assert rule in triggers(case)
    assert rule not in triggers(replace(case, day_total_minor=limit - 2))


@pytest.mark.parametrize(
    ("before", "said"), [(20_000_00, "当日累计 CNY 70,000.00"), (0, "本笔 CNY 50,000.00")]
)
def test_the_words_say_which_sum_was_measured(before: int, said: str) -> None:
    reasons = {
        one.code: one.words
        for one in judge_thresholds(ThresholdCase(CASH_IN, PERSON, 50_000_00, before), NEW).reasons
    }
    assert said in reasons["TH-1"].zh
    assert "本笔 CNY 50,000.00" in reasons["TH-7"].zh
    below = judge_thresholds(ThresholdCase(CASH_IN, PERSON, 123_45, currency=USD), NEW)
    assert "USD 123.45" in below.reasons[0].words.en


@pytest.mark.parametrize("rule", ["TH-7", "TH-8", "TH-9", "TH-11"])
def test_what_is_said_of_one_time_does_not_add_up_the_day(rule: str) -> None:
    assert rule not in triggers(ThresholdCase(CASH_OUT, PERSON, 30_000_00, 900_000_00))


def test_a_withdrawal_without_the_reservation_it_needs_stops_or_is_overridden() -> None:
    case = ThresholdCase(CASH_OUT, ENTITY, 200_000_00)
    found = judge_thresholds(case, NEW)
    assert (found.result, found.rule) == (STOP, "TH-9")
    assert found.requires == ("large_value_report", "reservation", "authoriser", "purpose")
    reserved = judge_thresholds(replace(case, reserved=True), NEW)
    assert (reserved.result, reserved.triggers) == (OK, found.triggers)
    assert reserved.requires == ("large_value_report", "purpose")


@pytest.mark.parametrize(("risk", "asked"), [("high", True), ("", False), ("low", False), ("normal", False)])
@pytest.mark.parametrize("kind", [CASH_IN, CASH_OUT])
def test_source_and_use_are_asked_at_high_risk_only(kind: str, risk: str, asked: bool) -> None:
    needs = judge_thresholds(ThresholdCase(kind, PERSON, 60_000_00, risk=risk), NEW).requires
    assert ("source_of_funds" in needs, "purpose" in needs, "identity" in needs) == (asked, asked, True)
    small = judge_thresholds(ThresholdCase(kind, PERSON, 40_000_00, risk=risk), NEW)
    assert small.requires == ()


def test_the_order_of_2025_changes_the_answer_on_its_day_and_not_before() -> None:
    case = ThresholdCase(CASH_IN, PERSON, 60_000_00, risk="high")
    assert triggers(case, OLD) == ("TH-1", "TH-11")
    assert triggers(case, NEW) == ("TH-1", "TH-7", "TH-11")
    assert not {"source_of_funds", "identity"} & set(judge_thresholds(case, OLD).requires)


def test_what_is_no_savings_account_needs_no_savings_rule() -> None:
    case = ThresholdCase(CASH_OUT, PERSON, 60_000_00)
    assert triggers(case) == ("TH-1", "TH-7", "TH-8", "TH-11")
    assert triggers(replace(case, savings=False)) == ("TH-1", "TH-7")


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (ThresholdCase("wire", PERSON, 100), "KIND"),
        (ThresholdCase(CASH_IN, "any", 100), "KIND"),
        (ThresholdCase(CASH_IN, PERSON, 100, currency="EUR"), "CURRENCY"),
        (ThresholdCase(CASH_IN, PERSON, 0), "AMOUNT_FORMAT"),
        (ThresholdCase(CASH_IN, PERSON, 10**14), "AMOUNT_FORMAT"),
        (ThresholdCase(CASH_IN, PERSON, 1, -1), "AMOUNT_FORMAT"),
    ],
)
def test_a_question_that_is_none_is_refused(case: ThresholdCase, code: str) -> None:
    found = judge_thresholds(case, NEW)
    assert (found.result, [one.code for one in found.reasons]) == (REFUSE, [code])


def test_the_largest_amount_there_is_may_be_asked_about() -> None:
    assert "TH-1" in triggers(ThresholdCase(CASH_IN, PERSON, MAX_MINOR, MAX_MINOR))


@pytest.mark.parametrize("rules", [OLD, NEW], ids=["2017", "2026"])
def test_policy_and_the_unverified_are_off_until_a_bank_turns_them_on(rules: RuleSet) -> None:
    for kind in KINDS:
        for party in (PERSON, ENTITY):
            reached = triggers(ThresholdCase(kind, party, 90_000_000_00), rules)
            assert not [
                rule
                for rule in reached
                if rule.startswith(("TH-10", "TH-12", "TH-13", "TH-14", "TH-15", "TH-17"))
            ]
    assert rules.unconfirmed() == ()


def test_a_bank_reserves_from_less_when_it_says_so() -> None:
    rules = changed_rules(FILE, turned_on("TH-10"))
    found = judge_thresholds(ThresholdCase(CASH_OUT, PERSON, 50_000_00), rules)
    assert (found.result, found.rule) == (STOP, "TH-10")
    assert [row.rule for row in rules.unconfirmed()] == ["TH-10"]


@pytest.mark.parametrize(
    ("amount", "needs"),
    [
        (99_999_99, ()),
        (100_000_00, ("authoriser",)),
        (1_000_000_00, ("authoriser",)),
        (1_000_000_01, ("higher_authorisers",)),
    ],
)
def test_between_two_limits_only_the_rule_of_that_span_speaks(amount: int, needs: tuple[str, ...]) -> None:
    rules = changed_rules(FILE, turned_on("TH-14-SMALL"), turned_on("TH-14-SMALL-HIGHER"))
    found = judge_thresholds(ThresholdCase(TRANSFER, PERSON, amount), rules)
    assert tuple(one for one in found.requires if one != "large_value_report") == needs


def test_a_span_may_leave_its_upper_boundary_to_the_next_rule() -> None:
    change = (
        'up_to = { amount = "1000000.00", inclusive = true }',
        'up_to = { amount = "1000000.00", inclusive = false }',
    )
    rules = changed_rules(FILE, turned_on("TH-14-SMALL"), change)
    assert "TH-14-SMALL" in triggers(ThresholdCase(TRANSFER, PERSON, 999_999_99), rules)
    assert "TH-14-SMALL" not in triggers(ThresholdCase(TRANSFER, PERSON, 1_000_000_00), rules)


@pytest.mark.parametrize(
    ("region", "amount", "party", "rule"),
    [
        ("CN-HE", 100_000_00, PERSON, "TH-15-HE"),
        ("CN-HE", 500_000_00, ENTITY, "TH-15-HE-ENTITY"),
        ("CN-ZJ", 300_000_00, PERSON, ""),
        ("CN", 100_000_00, PERSON, ""),
    ],
)
def test_the_pilot_stands_in_its_own_region(region: str, amount: int, party: str, rule: str) -> None:
    rules = changed_rules(FILE, turned_on("TH-15-HE"), turned_on("TH-15-HE-ENTITY"), region=region)
    reached = [
        one for one in triggers(ThresholdCase(CASH_OUT, party, amount), rules) if one.startswith("TH-15")
    ]
    assert reached == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("amount", "needs"),
    [
        (1, "operations_manager"), (100_00, "operations_manager"), (100_01, "deputy_head"), (1_000_00, "deputy_head"),
        (1_000_01, "regional_office"), (10_000_00, "regional_office"), (10_000_01, "head_office"),
    ],
)  # fmt: skip
def test_who_decides_a_cash_difference_where_the_bank_has_tiers(amount: int, needs: str) -> None:
    tiers = [turned_on(f"TH-17-{one}") for one in ("BRANCH", "DEPUTY", "REGION", "HEAD")]
    rules = changed_rules(FILE, *tiers)
    assert judge_thresholds(ThresholdCase("cash_difference", ENTITY, amount), rules).requires == (needs,)


@given(
    st.sampled_from(sorted(KINDS)), st.sampled_from([PERSON, ENTITY]), st.integers(1, 3_000_000_00),
    st.integers(0, 3_000_000_00), st.integers(0, 1_000_000_00), st.booleans(),
)  # fmt: skip
def test_more_money_never_reaches_less(
    kind: str, party: str, amount: int, day_total: int, more: int, reserved: bool
) -> None:
    case = ThresholdCase(kind, party, amount, day_total, reserved)
    few, many = judge_thresholds(case, NEW), judge_thresholds(replace(case, amount_minor=amount + more), NEW)
    assert set(few.triggers) <= set(many.triggers)
    assert set(few.requires) <= set(many.requires)
    assert [one.code for one in few.reasons] == list(few.triggers or ("BELOW_ALL",))


# --- the day's list ---------------------------------------------------------------------------------------------------

DAY = "2026-09-29"
WITH_CALENDAR = shipped_rules(("thresholds", "calendar"), DAY)
COUNTED = partial(working_days_after, rules=WITH_CALENDAR)


def lines(*items: DayItem) -> tuple[ReportLine, ...]:
    return large_value_lines(items, DAY, COUNTED, WITH_CALENDAR)


def item(
    number: str, kind: str, amount: int, party_id: str = "A", party: str = PERSON, side: str = ""
) -> DayItem:
    return DayItem(number, party_id, party, kind, amount, side=side)


def test_the_list_adds_up_a_customers_day_in_one_direction() -> None:
    found = lines(
        item("1", CASH_IN, 30_000_00), item("2", CASH_OUT, 30_000_00), item("3", CASH_IN, 20_000_00),
        item("4", CASH_IN, 49_999_99, "B"), item("5", CASH_OUT, 50_000_00, "C", ENTITY),
    )  # fmt: skip
    assert [(one.rule, one.party_id, one.direction, one.total_minor, one.numbers) for one in found] == [
        ("TH-1", "A", "in", 50_000_00, ("1", "3")),
        ("TH-1", "C", "out", 50_000_00, ("5",)),
    ]


def test_transfers_of_both_directions_and_currencies_stay_apart() -> None:
    assert (
        lines(item("1", TRANSFER, 300_000_00, side="in"), item("2", TRANSFER, 300_000_00, side="out")) == ()
    )
    dollars = replace(item("3", TRANSFER, 100_000_00), currency=USD)
    assert [one.currency for one in lines(item("1", TRANSFER, 499_999_99), dollars)] == [USD]


def test_each_kind_has_its_own_rule() -> None:
    found = lines(
        item("1", TRANSFER, 2_000_000_00, "A", ENTITY), item("2", TRANSFER, 500_000_00, "B"),
        item("3", CROSS_BORDER, 200_000_00, "B"),
    )  # fmt: skip
    assert [(one.rule, one.party_id) for one in found] == [("TH-2", "A"), ("TH-3", "B"), ("TH-4", "B")]


def test_the_report_is_due_after_five_working_days_or_its_day_is_left_open() -> None:
    one = item("1", CASH_IN, 50_000_00)
    by_weekday = large_value_lines(
        (one,), "2026-06-01", lambda day, count: date(day.year, day.month, day.day + count), NEW
    )
    assert by_weekday[0].due == "2026-06-06"
    assert large_value_lines((one,), "2026-06-01", lambda _day, _count: None, NEW)[0].due == ""
    assert lines(one)[0].due > DAY


@pytest.mark.parametrize("rule", ["TH-1", "TH-2", "TH-3", "TH-4", "TH-5"])
def test_no_pack_switches_reporting_off(rule: str) -> None:
    flaw = changed_pack(FILE, (f'rule = "{rule}"\n', f'rule = "{rule}"\non = false\n'))
    assert "is never off" in str(flaw)
