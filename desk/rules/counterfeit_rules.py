"""Suspect and counterfeit notes: what follows from which verdicts (counter-rules §3).

Two trained people judge, never a machine (CF-16); what a profile does with the piece and whom it tells is data. China
is the first profile, the euro area the second: ``choose(packs, date, "EU", ("counterfeit",))``. Pure: dates and the
calendar of working days come in as values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from desk.domain.procedure_kinds import Text
from desk.rules.judgement import OK, REFUSE, RETURN, STOP, WARN, Judgement, Reason
from desk.rules.rule_pack import RulePack, RuleRow
from desk.rules.rule_set import RuleSet
from desk.rules.threshold_rules import NextWorkingDays

# --- verdicts -----------------------------------------------------------------------------------------------


class Seen(Enum):
    """What one person says after looking and feeling, machine and lens at hand."""

    GENUINE = "genuine"
    FALSE = "false"


@dataclass(frozen=True)
class Verdict:
    """One person's word, under his own sign-on. ``trained_until``: the last day his training holds, "" for none."""

    person: str
    seen: Seen
    trained_until: str


ACCEPT, WITHHOLD, SUPERVISOR = "accept", "withhold", "supervisor"
PEOPLE = 2
"""At least so many judge, whatever a pack says."""


def may_judge(trained_until: str, today_iso: str, rules: RuleSet) -> Judgement:
    """OK while the training holds, its last day included; STOP after it, or without any (CF-15)."""
    row = rules.pack("counterfeit").rules["CF-15"]
    last = _day(trained_until)
    if last is not None and date.fromisoformat(today_iso) <= last:
        return Judgement(OK, rule=row.rule)
    until = (
        Text(f"有效期至 {trained_until}", f"valid until {trained_until}")
        if last
        else Text("无记录", "none on record")
    )
    words = Text(f"{row.title.zh}（{until.zh}）", f"{row.title.en} ({until.en})")
    return Judgement(STOP, (Reason(row.rule, words),), row.rule)


def conclude(verdicts: Sequence[Verdict], today_iso: str, rules: RuleSet) -> Judgement:
    """What the verdicts come to, in ``value``: "accept", "withhold", or "supervisor" when the first two differ; a third
    verdict is the supervisor's and decides. STOP while one is missing, twice the same person's, or untrained."""
    pack = rules.pack("counterfeit")
    for one in verdicts:
        if (word := may_judge(one.trained_until, today_iso, rules)).result != OK:
            return word
    people = {one.person for one in verdicts}
    if len(verdicts) < PEOPLE or len(people) != len(verdicts):
        return _said(STOP, pack.rules["CF-3"])
    first, second = verdicts[0].seen, verdicts[1].seen
    if first is second:
        return _outcome(first, pack)
    if len(verdicts) == PEOPLE:
        return _said(STOP, pack.rules["CF-3"], SUPERVISOR)
    return _outcome(verdicts[PEOPLE].seen, pack)


def _outcome(seen: Seen, pack: RulePack) -> Judgement:
    if seen is Seen.GENUINE:
        return _said(OK, pack.rules["CF-16"], ACCEPT)
    return _said(STOP, pack.rules["CF-2"], WITHHOLD)


def category_follows(category: str, rules: RuleSet) -> Judgement:
    """Euro area: what follows a machine's category ("1" … "4b"), in ``value``; REFUSE for one that no rule names."""
    for row in rules.pack("counterfeit").family("EU-"):
        if category and row.text("category") == category:
            result = {"return": RETURN, "withhold": STOP, "reprocess": WARN}.get(row.text("follows"), OK)
            return Judgement(
                result, (_reason(row),), row.rule, row.text("follows"), requires=row.texts("requires")
            )
    words = Text(f"没有这一类别：{category!r}", f"There is no such category: {category!r}")
    return Judgement(REFUSE, (Reason("CATEGORY", words),))


# --- what becomes of the piece ------------------------------------------------------------------------------


def custody_of(currency: str, is_coin: bool, rules: RuleSet) -> str:
    """ "stamp", "bag" or "send_on" (withheld and sent on as it is, neither stamped nor cut)."""
    row = rules.pack("counterfeit").rules["CF-4"]
    if currency != row.text("home"):
        return row.text("foreign")
    return row.text("coin" if is_coin else "note")


def report_due(pieces: int, flags: frozenset[str], rules: RuleSet) -> Judgement:
    """WARN with whom to tell (``requires``) and every cause; OK when nobody needs to be told at once. ``pieces``: false
    ones at one time. A flag that no rule names is a cause too."""
    pack = rules.pack("counterfeit")
    row = pack.rule("CF-8")
    if row is None:
        sent = pack.rule("EU-2")
        return _said(WARN, sent) if sent and (pieces or flags) else Judgement(OK)
    numbers = [row.whole("pieces"), *(one.whole("pieces") for one in pack.family("CF-8-"))]
    causes = [_CAUSES.get(flag, _CAUSES["other"]) for flag in sorted(flags)]
    if pieces >= min(numbers):
        causes.insert(
            0,
            Text(
                f"一次 {pieces} 张（枚），满 {min(numbers)}",
                f"{pieces} pieces at one time, {min(numbers)} or more",
            ),
        )
    if not causes:
        return Judgement(OK, rule=row.rule)
    reasons = tuple(
        Reason(row.rule, Text(f"{one.zh}：{row.title.zh}", f"{one.en}: {row.title.en}")) for one in causes
    )
    return Judgement(WARN, reasons, row.rule, requires=row.texts("requires"))


_CAUSES: Mapping[str, Text] = {
    "new_method": Text("新的造假手段", "A new forging method"),
    "clue": Text("有制造、贩卖、运输、使用假币线索", "A clue to making, selling, moving or using"),
    "not_cooperating": Text("持有人不配合", "The holder does not cooperate"),
    "other": Text("人民银行规定的其他情形", "Another case the People's Bank names"),
}


# --- dates ----------------------------------------------------------------------------------------------------


def appraisal_deadline(withheld_on: str, next_working_days: NextWorkingDays, rules: RuleSet) -> str:
    """The last day on which the holder may ask for an expert opinion (CF-6); "" where the profile knows none or the
    calendar of that year is not known."""
    row = rules.pack("counterfeit").rule("CF-6")
    return _last_day(withheld_on, row.whole("appraisal_working_days"), next_working_days) if row else ""


def may_ask_appraisal(
    withheld_on: str, asked_on: str, next_working_days: NextWorkingDays, rules: RuleSet
) -> Judgement:
    """OK up to the last day, REFUSE after it (H27); WARN where no last day is known: a person decides."""
    row = rules.pack("counterfeit").rule("CF-6")
    if row is None:
        return Judgement(
            WARN, (Reason("NO_RULE", Text("本辖区规则未载鉴定期限", "This profile states no term")),)
        )
    last = appraisal_deadline(withheld_on, next_working_days, rules)
    words = Text(
        f"{row.title.zh}（截止 {last or '未知'}）", f"{row.title.en} (last day {last or 'not known'})"
    )
    late = REFUSE if asked_on > last or asked_on < withheld_on else OK
    return Judgement(late if last else WARN, (Reason(row.rule, words),), row.rule, last)


def review_deadline(withheld_on: str, rules: RuleSet) -> str:
    """The last day for administrative review or a lawsuit (CF-6); "" where the profile knows none."""
    row = rules.pack("counterfeit").rule("CF-6")
    return (date.fromisoformat(withheld_on) + timedelta(row.whole("review_days"))).isoformat() if row else ""


def recording_kept_until(withheld_on: str, rules: RuleSet) -> str:
    """Until when the recording stays (CF-7): the same day so many months on, or the month's last; "" for no rule."""
    row = rules.pack("counterfeit").rule("CF-7")
    if row is None:
        return ""
    return _months_on(date.fromisoformat(withheld_on), row.whole("months")).isoformat()


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month + months, 12)
    last = date(year, month + 1, 1) - timedelta(1)
    return last.replace(day=min(day.day, last.day))


def hand_in_deadline(withheld_on: str, next_working_days: NextWorkingDays, rules: RuleSet) -> str:
    """The last day to hand the pieces in to the vault (CF-9) or to the national authority (EU-2); "" as above."""
    pack = rules.pack("counterfeit")
    row = pack.rule("CF-9") or pack.rule("EU-2")
    return _last_day(withheld_on, row.whole("working_days"), next_working_days) if row else ""


def _last_day(from_iso: str, working_days: int, next_working_days: NextWorkingDays) -> str:
    last = next_working_days(date.fromisoformat(from_iso), working_days)
    return last.isoformat() if last else ""


# --- what is printed and stored -----------------------------------------------------------------------------


def certificate_copies(rules: RuleSet) -> int:
    """How many copies of the withholding receipt are due (CF-5); 0 where the profile knows none. Its fields stand in
    ``resources/documents/counterfeit_certificate.toml``."""
    row = rules.pack("counterfeit").rule("CF-5")
    return row.whole("copies") if row else 0


def rights_told(rules: RuleSet) -> tuple[str, ...]:
    """Which rights are read out to the holder (CF-6), as the names of the notes that the receipt prints."""
    row = rules.pack("counterfeit").rule("CF-6")
    return row.texts("rights") if row else ()


def serial_problem(serial: str, currency: str, series: str, rules: RuleSet) -> Reason | None:
    """Why this is no serial number of its series (SN-3). None where it is, or where no rule knows the series."""
    for row in rules.pack("counterfeit").family("SN-3-"):
        if (row.text("currency"), row.text("series")) == (currency, series):
            if row.pattern("pattern").fullmatch(serial):
                return None
            return Reason(row.rule, Text(f"{serial}：{row.title.zh}", f"{serial}: {row.title.en}"))
    return None


# --- small -----------------------------------------------------------------------------------------------------


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reason(row: RuleRow) -> Reason:
    return Reason(row.rule, row.title)


def _said(result: str, row: RuleRow, value: str = "") -> Judgement:
    return Judgement(result, (_reason(row),), row.rule, value, requires=row.texts("requires"))
