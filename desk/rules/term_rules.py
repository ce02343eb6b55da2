"""Presentation terms of instruments (counter-rules §1.4): until when one may be presented, and what follows after.

The start day is not counted; a term in months ends on the same day number or at the month's end (票据法 107); a last
day that is not worked moves to the next working day, by ``calendar_rules``. Where that calendar has no such year the
answer is WARN, never a guess. The stop notice (挂失止付) is here too.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from desk.domain.procedure_kinds import Text
from desk.rules.calendar_rules import FIRST_YEAR, LAST_YEAR, DayRange, day_of, next_working_day
from desk.rules.judgement import OK, RETURN, STOP, WARN, Judgement, Reason
from desk.rules.number_text import why
from desk.rules.rule_pack import RuleRow
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Shape, Topic

ISSUE, MATURITY = "issue", "maturity"
_INSTRUMENTS = Field("texts")

TERMS = Topic(
    "terms",
    Text("提示付款期", "Presentation terms"),
    shapes={
        "DATE-COUNT": Shape(),
        "DATE-SHIFT": Shape(),
        "STOP-NOTICE": Shape({"days": Field("whole")}),
        "EN-CHAIN": Shape(),
        "EN-HOLDER": Shape(),
        "EN-CONDITION": Shape(),
        "EN-PART": Shape(),
        "EN-BLANK": Shape(),
        "EN-CASH": Shape({"instruments": _INSTRUMENTS}),
        "EN-DRAWER-BAR": Shape(),
        "EN-ENDORSER-BAR": Shape(),
    },
    families={
        "TERM-": Shape(
            {
                "instrument": Field("text"),
                "unit": Field("text", allowed=frozenset({"days", "months"})),
                "count": Field("whole"),
                "counts_from": Field("text", allowed=frozenset({ISSUE, MATURITY})),
                "after_expiry": Field("words"),
            }
        ),
        "RIGHTS-": Shape({"instruments": _INSTRUMENTS, "months": Field("whole")}),
    },
    never_without=("DATE-COUNT", "EN-CHAIN", "EN-HOLDER"),
)
"""Terms of presentation, of rights and of a stop notice; and what an endorsement may be (``endorsement_rules``)."""

_LONGEST_TERM = 1200
"""No term of a pack is taken for longer, in its own unit, so that arithmetic stays among real dates."""


def add_months(day: date, months: int) -> date:
    """The same day number that many months on, or that month's last day (票据法 107)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def instrument_row(instrument: str, rules: RuleSet) -> RuleRow | None:
    """The term of an instrument, named by its key (``bank_draft``) or by its title in either language."""
    wanted = instrument.strip().lower().replace("-", "_")
    for row in rules.pack(TERMS.topic).family("TERM-"):
        if wanted in (row.text("instrument"), row.title.zh, row.title.en.lower()):
            return row
    return None


@dataclass(frozen=True)
class _Term:
    """An instrument's term as counted: the day it runs from, its last day by counting, and as far as the calendar
    moves that."""

    row: RuleRow
    start: date
    counted: date
    last: DayRange

    @property
    def value(self) -> str:
        return self.last.earliest.isoformat()


def judge_term(
    instrument: str, issue_iso: str, presented_iso: str, rules: RuleSet, today_iso: str = ""
) -> Judgement:
    """Whether an instrument may be paid when presented; ``presented_iso`` "" only asks for the last day, which is
    always the ``value``. ``issue_iso`` is the maturity of an instrument that counts from it. Without a day of
    presentation, ``today_iso`` tells whether a date is yet to come."""
    row = instrument_row(instrument, rules)
    if row is None:
        return _unknown_instrument(instrument, rules)
    start = day_of(issue_iso)
    presented = day_of(presented_iso) if presented_iso else None
    if start is None or (presented_iso and presented is None):
        return _impossible(presented_iso if start else issue_iso)
    term = _counted(row, start, rules)
    early = _too_early(term, presented.isoformat() if presented else "", today_iso)
    if early:
        return early
    notes = _notes(term)
    if presented is None:
        if term.last.day is None:
            return Judgement(WARN, (_calendar_unknown(term), *notes), "DATE-SHIFT", term.value)
        return Judgement(OK, notes, row.rule, term.value)
    if presented <= term.last.earliest:
        return Judgement(OK, notes, row.rule, term.value)
    if term.last.latest is None or presented <= term.last.latest:
        return Judgement(WARN, (_calendar_unknown(term), *notes), "DATE-SHIFT", term.value)
    reasons = (_expired(term, presented), *_rights(term, presented, rules), *notes)
    return Judgement(RETURN, reasons, row.rule, term.value)


def _counted(row: RuleRow, start: date, rules: RuleSet) -> _Term:
    count = min(row.whole("count"), _LONGEST_TERM)
    counted = add_months(start, count) if row.text("unit") == "months" else start + timedelta(days=count)
    shifts = rules.pack(TERMS.topic).rule("DATE-SHIFT") is not None
    return _Term(
        row, start, counted, next_working_day(counted, rules) if shifts else DayRange(counted, counted)
    )


def _unknown_instrument(instrument: str, rules: RuleSet) -> Judgement:
    known = rules.pack(TERMS.topic).family("TERM-")
    zh, en = "、".join(row.title.zh for row in known), ", ".join(row.text("instrument") for row in known)
    reason = why(
        "UNKNOWN_INSTRUMENT",
        f"规则包中没有“{instrument}”这种票据；有：{zh}",
        f"The pack knows no instrument {instrument!r}; there are: {en}",
    )
    return Judgement(STOP, (reason,))


def _impossible(written: str) -> Judgement:
    reason = why(
        "IMPOSSIBLE_DATE",
        f"“{written}”不是真实日期；应写成 YYYY-MM-DD，{FIRST_YEAR} 至 {LAST_YEAR} 年",
        f"{written!r} is no date there is; write YYYY-MM-DD, of the years {FIRST_YEAR} to {LAST_YEAR}",
    )
    return Judgement(STOP, (reason,), "CD-7")


def _too_early(term: _Term, presented_iso: str, today_iso: str) -> Judgement | None:
    """Presented before its own date: post-dated (CD-7), or not yet due."""
    start = term.start.isoformat()
    if term.row.text("counts_from") == MATURITY:
        if not presented_iso or presented_iso >= start:
            return None
        reason = why(
            "NOT_DUE",
            f"到期日为 {start}，提示日 {presented_iso} 尚未到期，不能提示付款",
            f"It falls due on {start}; presented on {presented_iso} it is not due yet",
        )
        return Judgement(RETURN, (reason,), term.row.rule, term.value)
    as_of = presented_iso or today_iso
    if not as_of or start <= as_of:
        return None
    reason = why(
        "POST_DATED",
        f"出票日期 {start} 晚于 {as_of}（远期），退票",
        f"It is dated {start}, later than {as_of} (post-dated): give it back",
    )
    return Judgement(RETURN, (reason,), "CD-7", term.value)


def _notes(term: _Term) -> tuple[Reason, ...]:
    """That the last day moved, or that nobody can say whether it does."""
    counted, last = term.counted.isoformat(), term.last
    if last.earliest == term.counted:
        return ()
    return (
        why(
            "DATE-SHIFT",
            f"到期日 {counted} 为法定休假日，顺延至 {last.earliest.isoformat()}",
            f"The last day {counted} is not worked; it moves to {last.earliest.isoformat()}",
        ),
    )


def _calendar_unknown(term: _Term) -> Reason:
    year = term.last.earliest.year
    return why(
        "CALENDAR_UNKNOWN",
        f"规则包中没有 {year} 年的工作日历；末日 {term.value} 是否顺延请询问后决定",
        f"The calendar of {year} is not in the pack; ask whether the last day {term.value} moves",
    )


def _expired(term: _Term, presented: date) -> Reason:
    """That it came too late, and what follows for this instrument."""
    words = term.row.words("after_expiry")
    until = (term.last.latest or term.last.earliest).isoformat()
    zh, en = ("至", "until") if term.last.day else ("最迟至", "until, at the latest,")
    return why(
        "EXPIRED",
        f"提示付款期{zh} {until} 止，{presented.isoformat()} 已过期：{words.zh}",
        f"It could be presented {en} {until}; {presented.isoformat()} is too late: {words.en}",
    )


def _rights(term: _Term, presented: date, rules: RuleSet) -> tuple[Reason, ...]:
    """Until when the holder's rights on the instrument last, or that they have lapsed (票据法 17)."""
    name = term.row.text("instrument")
    for row in rules.pack(TERMS.topic).family("RIGHTS-"):
        if name in row.texts("instruments"):
            end = add_months(term.start, min(row.whole("months"), _LONGEST_TERM))
            written = end.isoformat()
            if presented > end:
                return (
                    why(
                        "RIGHTS_LAPSED",
                        f"票据权利已于 {written} 届满消灭，另依民事关系主张",
                        f"The rights on it lapsed after {written}; only civil claims are left",
                    ),
                )
            return (
                why(
                    row.rule,
                    f"票据权利至 {written} 止，在此之前仍可向出票人主张",
                    f"The rights on it last until {written}; until then the drawer is liable",
                ),
            )
    return ()


def judge_stop_notice(
    received_iso: str, today_iso: str, rules: RuleSet, *, court_order: bool = False
) -> Judgement:
    """A stop notice for a lost instrument: STOP while it holds, OK once it lapsed without a court's order (实施办法
    20). ``value`` is its last day."""
    row = rules.pack(TERMS.topic).rule("STOP-NOTICE")
    received, today = day_of(received_iso), day_of(today_iso)
    if received is None or today is None:
        return _impossible(today_iso if received else received_iso)
    if row is None or court_order:
        reason = why("STOPPED", "已挂失止付，不得付款", "Payment is stopped; nothing is paid")
        return Judgement(STOP, (reason,), "STOP-NOTICE")
    last = received + timedelta(days=min(row.whole("days"), _LONGEST_TERM))
    written = last.isoformat()
    if today <= last:
        reason = why(
            "STOPPED",
            f"已挂失止付，至 {written} 有效，不得付款",
            f"Payment is stopped; the notice holds until {written}",
        )
        return Judgement(STOP, (reason,), row.rule, written)
    reason = why(
        "LAPSED",
        f"至 {written} 未收到法院止付通知，挂失止付通知已失效",
        f"No court order came until {written}; the stop notice has lapsed",
    )
    return Judgement(OK, (reason,), row.rule, written)
