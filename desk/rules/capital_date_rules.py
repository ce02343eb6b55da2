"""The date of a voucher, judged: in capitals on an instrument, as people write it on a slip (counter-rules §1.3).

Pure; today and the rules come in as values. Presentation terms are ``term_rules``'.
"""

from __future__ import annotations

from collections.abc import Iterator

from desk.domain.capital_dates import (
    WrittenDate,
    date_in_capitals,
    has_small_numerals,
    read_date,
)
from desk.domain.capitals import normalise
from desk.rules.capital_words import say
from desk.rules.judgement import OK, STOP, Judgement, Reason, worst
from desk.rules.rule_pack import RulePack
from desk.rules.rule_set import RuleSet

SLIP = "slip"
"""The document that may carry an ordinary date (CD-8); any other is held to be an instrument (CD-1)."""

_PART_RULES = ("CD-4", "CD-2", "CD-3")
_Found = tuple[str, str, Reason]  # result, rule that decides it, reason


def judge_date(text: str, today_iso: str, document: str, rules: RuleSet) -> Judgement:
    """Judge a date as written. ``value`` is the day it means, where one can be read; what an off-pattern date should
    look like stands in the reasons."""
    pack = rules.pack("capitals")
    base = "CD-8" if document == SLIP and pack.rule("CD-8") else "CD-1"
    folded = normalise(text, pack.rules["CA-1"].table("folds"))
    written = read_date(folded)
    found = list(_numerals(folded, written, pack)) if base == "CD-1" else []
    if written is None:
        unread = "date_unreadable" if text.strip() else "date_blank"
        found.append((STOP, base, Reason(base, say(unread))))
    else:
        found += _pattern(written, pack) if base == "CD-1" and not found else []
        found += _calendar(written, today_iso, pack)
    return _judgement(found, base, written.iso_date if written else "", pack)


def judge_day(iso_date: str, rules: RuleSet) -> Judgement:
    """A date in capitals, as printed; none for what no calendar has."""
    right = date_in_capitals(iso_date)
    if right:
        return Judgement(OK, rule="CD-1", value=right)
    result = rules.pack("capitals").rules["CD-7"].text("impossible")
    return Judgement(result, (Reason("CD-7", say("not_a_day", written=iso_date)),), "CD-7")


def _judgement(found: list[_Found], base: str, value: str, pack: RulePack) -> Judgement:
    if not found:
        return Judgement(OK, rule=base, value=value)
    result = worst(tuple(one[0] for one in found))
    rule = next(rule for grade, rule, _ in found if grade == result)
    reasons, requires = tuple(reason for _, _, reason in found), pack.rules[rule].texts("requires")
    return Judgement(result, reasons, rule, value, requires=requires)


def _numerals(folded: str, written: WrittenDate | None, pack: RulePack) -> Iterator[_Found]:
    """CD-5: a figure or small numeral anywhere, also among capitals."""
    if has_small_numerals(folded):
        right = "".join(written.right_parts) if written and written.iso_date else "贰零……年……月……日"
        yield pack.rules["CD-5"].text("result"), "CD-5", Reason("CD-5", say("small_numerals", right=right))


def _pattern(written: WrittenDate, pack: RulePack) -> Iterator[_Found]:
    """CD-6, with each part that is off and the rule it breaks."""
    if not written.iso_date or written.parts == written.right_parts:
        return
    result = pack.rules["CD-6"].text("result")
    for rule, part, right in zip(_PART_RULES, written.parts, written.right_parts, strict=True):
        if part != right:
            yield result, "CD-6", Reason(rule, say("part", written=part, right=right))
    yield result, "CD-6", Reason("CD-6", say("off_pattern", right="".join(written.right_parts)))


def _calendar(written: WrittenDate, today_iso: str, pack: RulePack) -> Iterator[_Found]:
    """CD-7: a day that is none, or one to come."""
    row, day = pack.rules["CD-7"], written.iso_date
    if not day:
        shown = f"{written.year:04d}-{written.month:02d}-{written.day:02d}"
        yield row.text("impossible"), "CD-7", Reason("CD-7", say("impossible", day=shown))
    elif day > today_iso:
        yield row.text("to_come"), "CD-7", Reason("CD-7", say("to_come", day=day, today=today_iso))
