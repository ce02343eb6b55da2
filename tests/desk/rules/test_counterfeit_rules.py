"""Counterfeits: two trained people, stamp or bag, whom to tell, and the days, for China and for the euro area."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from desk.rules.calendar_rules import working_days_after
from desk.rules.counterfeit_rules import (
    Seen,
    Verdict,
    appraisal_deadline,
    category_follows,
    certificate_copies,
    conclude,
    custody_of,
    hand_in_deadline,
    may_ask_appraisal,
    may_judge,
    recording_kept_until,
    report_due,
    review_deadline,
    rights_told,
    serial_problem,
)
from desk.rules.judgement import OK, REFUSE, RETURN, STOP, WARN
from desk.rules.rule_set import RuleSet
from tests.desk.rules.shipped import changed_pack, changed_rules, shipped_rules

DAY = "2026-04-01"
CN = shipped_rules(("counterfeit",), DAY)
EU = shipped_rules(("counterfeit",), DAY, "EU")
FILE = "cn/counterfeit.toml"


def verdict(person: str, seen: Seen, trained_until: str = "2027-01-01") -> Verdict:
    return Verdict(person, seen, trained_until)


A_FALSE, A_GENUINE = verdict("A", Seen.FALSE), verdict("A", Seen.GENUINE)
B_FALSE, B_GENUINE = verdict("B", Seen.FALSE), verdict("B", Seen.GENUINE)


@pytest.mark.parametrize("rules", [CN, EU], ids=["CN", "EU"])
@pytest.mark.parametrize(
    ("verdicts", "result", "value", "rule"),
    [
        ((A_GENUINE, B_GENUINE), OK, "accept", "CF-16"),
        ((A_FALSE, B_FALSE), STOP, "withhold", "CF-2"),
        ((A_FALSE, B_GENUINE), STOP, "supervisor", "CF-3"),
        ((A_GENUINE, B_FALSE), STOP, "supervisor", "CF-3"),
        ((A_GENUINE, B_FALSE, verdict("C", Seen.FALSE)), STOP, "withhold", "CF-2"),
        ((A_GENUINE, B_FALSE, verdict("C", Seen.GENUINE)), OK, "accept", "CF-16"),
        ((), STOP, "", "CF-3"),
        ((A_FALSE,), STOP, "", "CF-3"),
        ((A_FALSE, A_FALSE), STOP, "", "CF-3"),
        ((A_GENUINE, B_FALSE, B_GENUINE), STOP, "", "CF-3"),
        ((A_FALSE, verdict("B", Seen.FALSE, "2026-03-31")), STOP, "", "CF-15"),
        ((A_FALSE, B_GENUINE, verdict("C", Seen.GENUINE, "")), STOP, "", "CF-15"),
    ],
)
def test_two_trained_people_conclude_and_nobody_alone(
    verdicts: tuple[Verdict, ...], result: str, value: str, rule: str, rules: RuleSet
) -> None:
    found = conclude(verdicts, DAY, rules)
    assert (found.result, found.value, found.rule) == (result, value, rule)
    assert found.reasons


@pytest.mark.parametrize(
    ("until", "result", "told"),
    [(DAY, OK, ""), ("2026-03-31", STOP, "2026-03-31"), ("", STOP, "无记录"), ("soon", STOP, "无记录")],
)
def test_training_holds_to_its_last_day_as_in_h15(until: str, result: str, told: str) -> None:
    found = may_judge(until, DAY, CN)
    assert (found.result, found.rule) == (result, "CF-15")
    assert all(told in one.words.zh for one in found.reasons)
    assert bool(found.reasons) == (result == STOP)


@pytest.mark.parametrize(
    ("rules", "currency", "is_coin", "kept"),
    [
        (CN, "CNY", False, "stamp"), (CN, "CNY", True, "bag"), (CN, "USD", False, "bag"), (CN, "EUR", True, "bag"),
        (EU, "EUR", False, "send_on"), (EU, "EUR", True, "send_on"), (EU, "USD", False, "send_on"),
    ],
)  # fmt: skip
def test_stamp_or_bag_as_in_h16_and_h17(rules: RuleSet, currency: str, is_coin: bool, kept: str) -> None:
    assert custody_of(currency, is_coin, rules) == kept


@pytest.mark.parametrize(
    ("pieces", "flags", "causes"),
    [
        (1, (), 0), (4, (), 0), (5, (), 1), (6, (), 1), (1, ("new_method",), 1), (1, ("clue",), 1),
        (4, ("not_cooperating",), 1), (5, ("clue", "new_method"), 3), (1, ("other",), 1), (1, ("never_heard_of",), 1),
    ],
)  # fmt: skip
def test_when_police_and_central_bank_are_told_as_in_h13_and_h14(
    pieces: int, flags: tuple[str, ...], causes: int
) -> None:
    found = report_due(pieces, frozenset(flags), CN)
    assert found.result == (WARN if causes else OK)
    assert found.requires == (("report_police", "report_central_bank") if causes else ())
    assert len(found.reasons) == causes
    assert found.rule == "CF-8"


def test_a_place_may_set_a_lower_number_and_no_pack_a_higher_one() -> None:
    row = (
        '[[rule]]\nrule = "CF-8-{0}"\ntitle = {{ zh = "本地", en = "Here" }}\nsource = "本地"\nconfidence = "S-"\n'
        'pieces = {1}\nregions = ["CN-{0}"]\n\n'
    )
    before = '[[rule]]\nrule = "CF-10"\n'
    change = (before, row.format("HE", 3) + row.format("ZJ", 9) + before)
    for region, pieces, due in (("CN-HE", 3, WARN), ("CN-HE", 2, OK), ("CN-ZJ", 5, WARN), ("CN", 4, OK)):
        rules = changed_rules(FILE, change, region=region)
        assert report_due(pieces, frozenset(), rules).result == due, (region, pieces)


def test_in_the_euro_area_every_suspect_goes_to_the_national_authority() -> None:
    found = report_due(1, frozenset(), EU)
    assert (found.result, found.rule) == (WARN, "EU-2")
    assert found.requires == ("report_national_authority", "holder_data")
    assert report_due(0, frozenset(), EU).result == OK


# --- days ---------------------------------------------------------------------------------------------------------

CALENDAR = shipped_rules(("calendar",), DAY)
COUNTED = partial(working_days_after, rules=CALENDAR)


def unknown(_day: date, _count: int) -> date | None:
    return None


@pytest.mark.parametrize(
    ("withheld", "last"),
    [
        ("2026-03-02", "2026-03-05"),
        ("2026-03-05", "2026-03-10"),
        ("2026-03-06", "2026-03-11"),
        ("2026-03-08", "2026-03-11"),
    ],
)
def test_an_appraisal_may_be_asked_for_within_three_working_days_as_in_h27(withheld: str, last: str) -> None:
    """The day of withholding does not count."""
    assert appraisal_deadline(withheld, COUNTED, CN) == last
    assert may_ask_appraisal(withheld, last, COUNTED, CN).result == OK
    late = may_ask_appraisal(
        withheld, (date.fromisoformat(last).replace(day=int(last[-2:]) + 1)).isoformat(), COUNTED, CN
    )
    assert (late.result, late.rule, late.value) == (REFUSE, "CF-6", last)


def test_asking_before_the_withholding_is_no_request_and_an_unknown_calendar_asks_a_person() -> None:
    assert may_ask_appraisal("2026-03-02", "2026-03-01", COUNTED, CN).result == REFUSE
    assert may_ask_appraisal("2026-03-02", "2026-03-02", COUNTED, CN).result == OK
    found = may_ask_appraisal("2026-03-02", "2026-03-03", unknown, CN)
    assert (found.result, found.value) == (WARN, "")
    assert "未知" in found.reasons[0].words.zh
    assert "not known" in found.reasons[0].words.en
    assert may_ask_appraisal("2026-03-02", "2026-03-03", COUNTED, EU).result == WARN


def test_the_other_terms() -> None:
    assert review_deadline("2026-03-02", CN) == "2026-05-01"
    assert hand_in_deadline("2026-03-02", COUNTED, CN) == "2026-03-09"
    assert (
        hand_in_deadline("2026-03-02", lambda day, count: date(day.year, day.month, day.day + count), EU)
        == "2026-03-22"
    )
    assert hand_in_deadline("2026-03-02", unknown, CN) == ""


@pytest.mark.parametrize(
    ("withheld", "kept"),
    [("2026-03-02", "2026-06-02"), ("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"),
     ("2026-09-30", "2026-12-30"), ("2026-10-31", "2027-01-31"), ("2026-12-31", "2027-03-31")],
)  # fmt: skip
def test_recordings_stay_three_months(withheld: str, kept: str) -> None:
    assert recording_kept_until(withheld, CN) == kept


def test_what_the_euro_profile_does_not_state_is_not_answered() -> None:
    assert (
        appraisal_deadline(DAY, COUNTED, EU)
        == review_deadline(DAY, EU)
        == recording_kept_until(DAY, EU)
        == ""
    )
    assert (certificate_copies(EU), rights_told(EU)) == (0, ())
    no_term = changed_rules(FILE, ('rule = "CF-9"\n', 'rule = "CF-9"\non = false\n'))
    assert hand_in_deadline(DAY, COUNTED, no_term) == ""


def test_the_receipt_has_two_copies_and_tells_both_rights() -> None:
    assert (certificate_copies(CN), rights_told(CN)) == (2, ("appraisal", "review"))


# --- machines and numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "result", "follows"),
    [("1", RETURN, "return"), ("2", STOP, "withhold"), ("3", WARN, "reprocess"), ("4a", OK, "fit"),
     ("4b", OK, "unfit"), ("5", REFUSE, ""), ("", REFUSE, "")],
)  # fmt: skip
def test_categories_of_the_euro_area(category: str, result: str, follows: str) -> None:
    found = category_follows(category, EU)
    assert (found.result, found.value) == (result, follows)
    assert category_follows(category, CN).result == REFUSE


@pytest.mark.parametrize(
    ("rules", "serial", "currency", "series", "good"),
    [
        (CN, "AB12345678", "CNY", "2015", True), (CN, "A1B2345678", "CNY", "2019", True),
        (CN, "AB1234567", "CNY", "2015", False), (CN, "1234567890", "CNY", "2015", False),
        (CN, "ab12345678", "CNY", "2020", False), (CN, "AB12345678\n", "CNY", "2015", False),
        (CN, "whatever", "CNY", "1980", True), (CN, "whatever", "USD", "2015", True),
        (EU, "S12345678901", "EUR", "ES1", True), (EU, "SA1234567890", "EUR", "ES2", True),
        (EU, "SA1234567890", "EUR", "ES1", False),
    ],
)  # fmt: skip
def test_serial_numbers_by_series(
    rules: RuleSet, serial: str, currency: str, series: str, good: bool
) -> None:
    problem = serial_problem(serial, currency, series, rules)
    assert (problem is None) is good
    if problem:
        assert problem.code == f"SN-3-{series}"
        assert serial in problem.words.zh


@pytest.mark.parametrize("file", [FILE, "eu/counterfeit.toml"])
@pytest.mark.parametrize("rule", ["CF-2", "CF-3", "CF-4", "CF-15", "CF-16"])
def test_no_profile_goes_without_the_floor(file: str, rule: str) -> None:
    flaw = changed_pack(
        file, (f'[[rule]]\nrule = "{rule}"\n', f'[[rule]]\nregions = ["CN-HE"]\nrule = "{rule}"\n')
    )
    assert "is never off" in str(flaw)
