"""Presentation terms: the last day of each instrument, what follows after, what an unknown calendar leaves open."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.calendar_rules import is_working_day
from desk.rules.judgement import OK, RETURN, STOP, WARN, Judgement
from desk.rules.term_rules import add_months, instrument_row, judge_stop_notice, judge_term
from tests.desk.rules.shipped_packs import changed, shipped

RULES = shipped("terms", "calendar")


def codes(judged: Judgement) -> list[str]:
    return [one.code for one in judged.reasons]


TERMS = [
    ("cheque", "2026-06-23", "2026-07-03"),
    ("cash_cheque", "2026-06-23", "2026-07-03"),
    ("transfer_cheque", "2026-06-23", "2026-07-03"),
    ("crossed_cheque", "2026-06-23", "2026-07-03"),
    ("promissory_note", "2026-05-20", "2026-07-20"),
    ("promissory_note", "2025-12-31", "2026-02-28"),
    ("bank_draft", "2026-01-31", "2026-02-28"),
    ("bank_draft", "2026-03-31", "2026-04-30"),
    ("bank_draft", "2026-02-27", "2026-03-27"),
    ("commercial_draft", "2026-06-23", "2026-07-03"),
    ("cheque", "2026-06-24", "2026-07-06"),  # 07-04 is a Saturday
    ("cheque", "2026-09-21", "2026-10-08"),  # the National Day holidays
    ("cheque", "2026-04-29", "2026-05-09"),  # a Saturday that is worked
]


@pytest.mark.parametrize(("instrument", "issued", "last"), TERMS)
def test_the_last_day_to_present(instrument: str, issued: str, last: str) -> None:
    asked = judge_term(instrument, issued, "", RULES)
    assert (asked.result, asked.value) == (OK, last)
    assert judge_term(instrument, issued, last, RULES).result == OK
    day_after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    late = judge_term(instrument, issued, day_after, RULES)
    assert (late.result, late.value, codes(late)[0]) == (RETURN, last, "EXPIRED")
    row = instrument_row(instrument, RULES)
    assert row is not None
    assert asked.rule == late.rule == row.rule
    assert late.reasons[0].words.zh.endswith(row.words("after_expiry").zh)
    assert late.reasons[0].words.en.endswith(row.words("after_expiry").en)


@pytest.mark.parametrize("name", ["bank_draft", "bank-draft", " Bank_Draft", "bank draft", "银行汇票"])
def test_an_instrument_goes_by_its_key_or_its_title(name: str) -> None:
    assert judge_term(name, "2026-01-31", "", RULES).rule == "TERM-BANK-DRAFT"


def test_an_unknown_instrument_is_told_those_there_are() -> None:
    judged = judge_term("banknote", "2026-01-31", "", RULES)
    assert (judged.result, codes(judged)) == (STOP, ["UNKNOWN_INSTRUMENT"])
    assert "现金支票" in judged.reasons[0].words.zh
    assert "cash_cheque" in judged.reasons[0].words.en


@pytest.mark.parametrize(
    ("issued", "presented", "named"),
    [("2026-02-30", "", "2026-02-30"), ("2026/01/01", "", "2026/01/01"), ("", "", ""),
     ("2026-01-01", "soon", "soon"), ("2026-13-01", "soon", "2026-13-01")],
)  # fmt: skip
def test_a_date_that_never_was_is_named(issued: str, presented: str, named: str) -> None:
    judged = judge_term("cheque", issued, presented, RULES)
    assert (judged.result, judged.rule, codes(judged)) == (STOP, "CD-7", ["IMPOSSIBLE_DATE"])
    assert f"“{named}”" in judged.reasons[0].words.zh


EARLY = [
    ("cheque", "2026-06-24", "2026-06-23", "", RETURN, ["POST_DATED"]),
    ("cheque", "2026-06-24", "", "2026-06-23", RETURN, ["POST_DATED"]),
    ("cheque", "2026-06-23", "2026-06-23", "", OK, []),
    ("cheque", "2026-06-23", "", "2026-06-23", OK, []),
    ("cheque", "2026-06-23", "2026-06-25", "2026-06-01", OK, []),  # rehearsed: that day stands for today
    ("commercial_draft", "2026-06-23", "2026-06-22", "", RETURN, ["NOT_DUE"]),
    ("commercial_draft", "2026-06-23", "2026-06-23", "", OK, []),
    ("commercial_draft", "2026-06-23", "", "2026-01-01", OK, []),
]


@pytest.mark.parametrize(("instrument", "issued", "presented", "today", "result", "reasons"), EARLY)
def test_before_its_date_nothing_is_paid(
    instrument: str, issued: str, presented: str, today: str, result: str, reasons: list[str]
) -> None:
    judged = judge_term(instrument, issued, presented, RULES, today)
    assert (judged.result, codes(judged)) == (result, reasons)
    assert (judged.rule == "CD-7") is (reasons == ["POST_DATED"])
    assert judged.value != ""


def test_a_moved_last_day_says_from_where() -> None:
    judged = judge_term("cheque", "2026-09-21", "", RULES)
    assert codes(judged) == ["DATE-SHIFT"]
    assert "2026-10-01" in judged.reasons[0].words.zh
    assert "2026-10-08" in judged.reasons[0].words.en


def test_without_the_rule_of_holidays_nothing_moves() -> None:
    fixed = changed(RULES, "DATE-SHIFT", on=False)
    assert judge_term("cheque", "2026-09-21", "", fixed).value == "2026-10-01"
    assert judge_term("cheque", "2026-12-25", "2027-01-05", fixed).result == RETURN


UNKNOWN = [
    ("2026-12-25", "", WARN, "2027-01-04", "CALENDAR_UNKNOWN"),
    ("2026-12-25", "2027-01-04", OK, "2027-01-04", None),  # whatever the calendar will say, this is in time
    ("2026-12-25", "2027-01-05", WARN, "2027-01-04", "CALENDAR_UNKNOWN"),
    ("2026-12-25", "2028-01-05", WARN, "2027-01-04", "CALENDAR_UNKNOWN"),
    ("2023-05-01", "2024-01-02", WARN, "2023-05-11", "CALENDAR_UNKNOWN"),
    ("2023-05-01", "2024-01-03", RETURN, "2023-05-11", "EXPIRED"),  # certainly worked before that day
]


@pytest.mark.parametrize(("issued", "presented", "result", "value", "code"), UNKNOWN)
def test_a_calendar_that_is_not_there_is_asked_about_only_where_it_matters(
    issued: str, presented: str, result: str, value: str, code: str | None
) -> None:
    judged = judge_term("cheque", issued, presented, RULES)
    assert (judged.result, judged.value, codes(judged)[:1]) == (result, value, [code] if code else [])


def test_what_is_certainly_too_late_says_until_when_at_the_latest() -> None:
    words = judge_term("cheque", "2023-05-01", "2024-01-03", RULES).reasons[0].words
    assert "最迟至 2024-01-02" in words.zh
    assert "at the latest, 2024-01-02" in words.en


RIGHTS = [
    ("cheque", "2025-12-08", "2026-06-08", "RIGHTS-CHEQUE", "2026-06-08"),
    ("cheque", "2025-12-08", "2026-06-09", "RIGHTS_LAPSED", "2026-06-08"),
    ("cheque", "2025-08-31", "2026-03-01", "RIGHTS_LAPSED", "2026-02-28"),
    ("bank_draft", "2024-06-03", "2026-06-03", "RIGHTS-OTHER", "2026-06-03"),
    ("bank_draft", "2024-06-03", "2026-06-04", "RIGHTS_LAPSED", "2026-06-03"),
]


@pytest.mark.parametrize(("instrument", "issued", "presented", "code", "end"), RIGHTS)
def test_a_late_holder_is_told_until_when_the_rights_last(
    instrument: str, issued: str, presented: str, code: str, end: str
) -> None:
    judged = judge_term(instrument, issued, presented, RULES)
    assert codes(judged)[:2] == ["EXPIRED", code]
    assert end in judged.reasons[1].words.zh
    assert end in judged.reasons[1].words.en


def test_without_a_rule_on_rights_nothing_is_said_of_them() -> None:
    silent = changed(RULES, "RIGHTS-CHEQUE", on=False)
    assert codes(judge_term("cheque", "2026-06-23", "2026-07-04", silent)) == ["EXPIRED"]


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.integers(0, 1200))
def test_a_month_ends_on_the_same_day_or_at_its_end(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (
        end.day < day.day and end.day == calendar.monthrange(end.year, end.month)[1]
    )


issued_days = st.dates(date(2024, 1, 1), date(2026, 9, 30))
instruments = st.sampled_from([row.text("instrument") for row in RULES.pack("terms").family("TERM-")])


@given(instruments, issued_days)
def test_the_last_day_is_worked_and_nothing_before_the_counted_day_is_lost(
    instrument: str, day: date
) -> None:
    judged = judge_term(instrument, day.isoformat(), "", RULES)
    last = date.fromisoformat(judged.value)
    row = instrument_row(instrument, RULES)
    assert row is not None
    count = row.whole("count")
    counted = add_months(day, count) if row.text("unit") == "months" else day + timedelta(days=count)
    assert judged.result == OK
    assert is_working_day(last, RULES)
    assert counted <= last <= counted + timedelta(days=9)


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_no_text_breaks_the_judging_of_a_term(instrument: str, issued: str, presented: str) -> None:
    assert judge_term(instrument, issued, presented, RULES).result == STOP
    assert judge_term("cheque", issued, presented, RULES).result in (OK, WARN, RETURN, STOP)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_no_date_breaks_the_judging_of_a_term(issued: date, presented: date) -> None:
    judged = judge_term("promissory_note", issued.isoformat(), presented.isoformat(), RULES)
    assert judged.result == RETURN or presented >= issued
    assert (codes(judged)[:1] == ["POST_DATED"]) is (presented < issued)


NOTICES = [
    ("2026-06-01", "2026-06-01", False, STOP, "STOPPED"),
    ("2026-06-01", "2026-06-13", False, STOP, "STOPPED"),
    ("2026-06-01", "2026-06-14", False, OK, "LAPSED"),
    ("2026-06-01", "2026-06-14", True, STOP, "STOPPED"),
    ("2026-06-31", "2026-06-14", False, STOP, "IMPOSSIBLE_DATE"),
    ("2026-06-01", "2026-06-31", False, STOP, "IMPOSSIBLE_DATE"),
]


@pytest.mark.parametrize(("received", "today", "court", "result", "code"), NOTICES)
def test_a_stop_notice_lapses_after_12_days_without_a_court(
    received: str, today: str, court: bool, result: str, code: str
) -> None:
    judged = judge_stop_notice(received, today, RULES, court_order=court)
    assert (judged.result, codes(judged)) == (result, [code])


def test_a_pack_without_that_rule_keeps_payment_stopped() -> None:
    assert (
        judge_stop_notice("2026-06-01", "2026-12-01", changed(RULES, "STOP-NOTICE", on=False)).result == STOP
    )
