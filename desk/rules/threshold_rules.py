"""Thresholds by amount, kind, party and day total (counter-rules §4.2): which are reached, and what they ask for.

Pure; a limit says itself whether it includes its boundary. The caller gives the day total of the same customer in the
same direction. Who must be there besides is ``desk.rules.authority_rules``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from desk.domain.money import MAX_MINOR, format_amount
from desk.domain.procedure_kinds import Text
from desk.rules.judgement import OK, REFUSE, STOP, Judgement, Reason
from desk.rules.rule_pack import RuleRow
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Limit, Shape, Topic

CASH_IN, CASH_OUT, TRANSFER, CROSS_BORDER = "cash_in", "cash_out", "transfer", "cross_border"
ONE_OFF: tuple[str, ...] = ("cash_remittance", "cash_exchange", "bill_cashing", "bullion", "product_sale")
"""Business with someone who need have no account here."""
CASH_DIFFERENCE = "cash_difference"
"""Cash over or short at a teller's: not a customer's business, ``party`` is the teller's own entity."""
KINDS = frozenset({CASH_IN, CASH_OUT, TRANSFER, CROSS_BORDER, *ONE_OFF, CASH_DIFFERENCE})

PERSON, ENTITY, ANY = "person", "entity", "any"
CNY, USD = "CNY", "USD"
SINGLE, DAY = "single", "day"
LARGE_VALUE, RESERVATION = "large_value_report", "reservation"
EFFECTS = frozenset(
    {
        LARGE_VALUE, RESERVATION, "identity", "authoriser", "higher_authorisers", "reviewer", "source_of_funds",
        "purpose", "register", "operations_manager", "deputy_head", "regional_office", "head_office",
    }
)  # fmt: skip

_EFFECTS = Field("texts", allowed=EFFECTS)
_MORE = Field("texts", required=False, allowed=EFFECTS)
_AMOUNT = Shape(
    {
        "kinds": Field("texts", allowed=KINDS),
        "party": Field("text", allowed=frozenset({PERSON, ENTITY, ANY})),
        "scope": Field("text", allowed=frozenset({SINGLE, DAY})),
        "limit": Field("limit"),
        "limit_usd": Field("limit", required=False),
        "up_to": Field("limit", required=False),
        "savings_only": Field("yes_no", required=False),
        "requires": _EFFECTS,
        "requires_at_high_risk": _MORE,
        "override": _MORE,
        "days_ahead": Field("whole", required=False),
    }
)
"""``limit`` in yuan; ``limit_usd`` in US dollars, for every other currency by its equivalent. ``up_to``: beyond it the
next rule speaks, its ``inclusive`` says whether the amount itself still belongs here. ``override``: who may permit it
without the reservation that ``requires`` asks for, made ``days_ahead``."""

THRESHOLDS = Topic(
    "thresholds",
    Text("金额阈值", "Thresholds"),
    shapes={
        **{f"TH-{number}": _AMOUNT for number in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 16)},
        "TH-5": Shape({"working_days": Field("whole")}),
    },
    families={f"TH-{number}-": _AMOUNT for number in (13, 14, 15, 17)},
    never_without=("TH-1", "TH-2", "TH-3", "TH-4", "TH-5"),
)


@dataclass(frozen=True)
class ThresholdCase:
    """One piece of business before it is done. ``day_total_minor``: done today before this, same customer and
    direction, yuan or all else. ``currency`` "CNY", or "USD" for the US dollar equivalent of any other. ``risk`` "high"
    where the customer is rated so. ``savings``: a savings account, as a person's is unless told otherwise."""

    kind: str
    party: str
    amount_minor: int
    day_total_minor: int = 0
    reserved: bool = False
    risk: str = ""
    currency: str = CNY
    savings: bool = True


def judge_thresholds(case: ThresholdCase, rules: RuleSet) -> Judgement:
    """OK with what was reached (``triggers``) and what that asks for (``requires``); STOP where a reservation is due
    and none was made; REFUSE for a question that is none."""
    if problem := _no_question(case):
        return Judgement(REFUSE, (problem,))
    reached = [row for row in rules.pack("thresholds").rules.values() if row.on and _is_reached(row, case)]
    needs: dict[str, None] = {}
    for row in reached:
        needs.update(dict.fromkeys(_needs(row, case)))
    triggers = tuple(row.rule for row in reached)
    reasons = tuple(_reason(row, case) for row in reached) or (_below(case),)
    stopping = [row for row in reached if RESERVATION in row.texts("requires") and not case.reserved]
    deciding = (stopping or reached)[:1]
    rule = deciding[0].rule if deciding else ""
    return Judgement(STOP if stopping else OK, reasons, rule, triggers=triggers, requires=tuple(needs))


def _no_question(case: ThresholdCase) -> Reason | None:
    if case.kind not in KINDS or case.party not in (PERSON, ENTITY):
        words = Text(
            f"没有这种业务：{case.kind} / {case.party}",
            f"There is no such business: {case.kind} / {case.party}",
        )
        return Reason("KIND", words)
    if case.currency not in (CNY, USD):
        words = Text(
            f"{case.currency} 须折算为美元后判断", f"Give {case.currency} as its equivalent in US dollars"
        )
        return Reason("CURRENCY", words)
    if not 0 < case.amount_minor <= MAX_MINOR or not 0 <= case.day_total_minor <= MAX_MINOR:
        return Reason("AMOUNT_FORMAT", Text("金额无效", "The amount is none"))
    return None


def _is_reached(row: RuleRow, case: ThresholdCase) -> bool:
    limit = _limit(row, case.currency)
    if (
        limit is None
        or not _concerns(row, case.kind, case.party)
        or (row.flag("savings_only") and not case.savings)
    ):
        return False
    amount_minor = _measured(row, case)
    beyond = "up_to" in row.values and not _within(row.limit("up_to"), amount_minor)
    return limit.is_reached(amount_minor) and not beyond


def _concerns(row: RuleRow, kind: str, party: str) -> bool:
    return kind in row.texts("kinds") and row.text("party") in (party, ANY)


def _limit(row: RuleRow, currency: str) -> Limit | None:
    """The rule's limit for this currency; None where it has none, or is no rule of amounts."""
    name = "limit" if currency == CNY else "limit_usd"
    return row.limit(name) if name in row.values else None


def _within(up_to: Limit, amount_minor: int) -> bool:
    return amount_minor <= up_to.amount_minor if up_to.inclusive else amount_minor < up_to.amount_minor


def _measured(row: RuleRow, case: ThresholdCase) -> int:
    return case.amount_minor + (case.day_total_minor if row.text("scope") == DAY else 0)


def _needs(row: RuleRow, case: ThresholdCase) -> tuple[str, ...]:
    needs = row.texts("requires") + (row.texts("requires_at_high_risk") if case.risk == "high" else ())
    if RESERVATION not in needs:
        return needs
    if case.reserved:
        return tuple(one for one in needs if one != RESERVATION)
    return needs + row.texts("override")


def _reason(row: RuleRow, case: ThresholdCase) -> Reason:
    total = case.currency + " " + format_amount(_measured(row, case))
    counted = (
        ("当日累计", "day total")
        if row.text("scope") == DAY and case.day_total_minor
        else ("本笔", "this item")
    )
    return Reason(
        row.rule,
        Text(f"{row.title.zh}（{counted[0]} {total}）", f"{row.title.en} ({counted[1]} {total})"),
    )


def _below(case: ThresholdCase) -> Reason:
    amount = f"{case.currency} {format_amount(case.amount_minor)}"
    return Reason("BELOW_ALL", Text(f"{amount} 未达到任何阈值", f"{amount} reaches no threshold"))


# --- the day's list for large-value reports ----------------------------------------------------------------

NextWorkingDays = Callable[[date, int], date | None]
"""``desk.rules.calendar_rules.working_days_after`` under its rules: a day and a number of working days → the last of
them; None where the calendar of a year on the way is not known."""

INCOMING, OUTGOING = "in", "out"


@dataclass(frozen=True)
class DayItem:
    """One posted item of a day. ``side``: "in" or "out" as the customer sees it; "" = as its kind says. ``currency`` as
    in a ThresholdCase: "USD" is the equivalent of any other."""

    number: str
    party_id: str
    party: str
    kind: str
    amount_minor: int
    currency: str = CNY
    side: str = ""

    @property
    def direction(self) -> str:
        return self.side or (INCOMING if self.kind == CASH_IN else OUTGOING)


@dataclass(frozen=True)
class ReportLine:
    """A customer whose day reached a reporting limit in one direction, with every item that counts. ``due`` is "" where
    the calendar of that year is not known: a person sets it."""

    rule: str
    party_id: str
    direction: str
    currency: str
    total_minor: int
    numbers: tuple[str, ...]
    due: str


def large_value_lines(
    items: Iterable[DayItem], business_date: str, next_working_days: NextWorkingDays, rules: RuleSet
) -> tuple[ReportLine, ...]:
    """The report lines due for a day (TH-1 … TH-4), rule by rule, customers in the order of their first item."""
    known = tuple(items)
    within = rules.pack("thresholds").rules["TH-5"].whole("working_days")
    last = next_working_days(date.fromisoformat(business_date), within)
    due = last.isoformat() if last else ""
    rows = [row for row in rules.pack("thresholds").family("TH-") if LARGE_VALUE in row.texts("requires")]
    return tuple(line for row in rows for line in _lines_of(row, known, due))


def _lines_of(row: RuleRow, items: tuple[DayItem, ...], due: str) -> Iterable[ReportLine]:
    groups: dict[tuple[str, str, str], list[DayItem]] = {}
    for item in items:
        if _concerns(row, item.kind, item.party):
            groups.setdefault((item.party_id, item.direction, item.currency), []).append(item)
    for (party_id, direction, currency), members in groups.items():
        total_minor = sum(one.amount_minor for one in members)
        limit = _limit(row, currency)
        if limit is not None and limit.is_reached(total_minor):
            numbers = tuple(one.number for one in members)
            yield ReportLine(row.rule, party_id, direction, currency, total_minor, numbers, due)
