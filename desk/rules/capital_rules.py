"""Amounts and dates in capitals, judged (counter-rules §1.2–1.3): the topic, and the amount against its figures.

Whether a text is permitted is membership among the texts that the rules generate. Of one that is not, every fault is
told, with what it should be. Pure; parameters come from the pack of topic "capitals".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from desk.domain.capital_faults import Fault, Finding, Reading, read
from desk.domain.capitals import ALPHABET, PREFIX, normalise, variants, with_zero_yuan
from desk.domain.money import format_amount
from desk.domain.procedure_kinds import Text
from desk.rules.capital_date_rules import judge_date, judge_day
from desk.rules.capital_words import FAULTS, filled, say
from desk.rules.judgement import OK, REFUSE, RETURN, STOP, WARN, Judgement, Reason, worst
from desk.rules.rule_pack import RulePack
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Shape, Topic

_GRADED = Shape({"result": Field("text", allowed=frozenset({OK, WARN, REFUSE}))})
_NO_DATE = frozenset({STOP, RETURN})
_PLAIN = ("VB-1", "CA-3", "CA-4", "CA-5", "CA-7", "CA-10", "CA-11", "CD-1", "CD-2", "CD-3", "CD-4")

CAPITALS = Topic(
    "capitals",
    Text("大写金额与日期", "Amounts and dates in capitals"),
    shapes={
        **{rule: Shape() for rule in (*_PLAIN, "CA-6", "CA-8", "CA-9", "CD-8")},
        "VB-14": Shape({"script": Field("pattern")}),
        "CA-1": Shape({"folds": Field("table")}),
        "CA-2": Shape({"instead": Field("table")}),
        "CA-6-BOTH": _GRADED,
        "CA-ZERO-YUAN": _GRADED,
        "CD-5": Shape({"result": Field("text", allowed=_NO_DATE)}),
        "CD-6": Shape(
            {
                "result": Field("text", allowed=frozenset({WARN, RETURN, STOP})),
                "requires": Field("texts", required=False),
            }
        ),
        "CD-7": Shape(
            {"impossible": Field("text", allowed=_NO_DATE), "to_come": Field("text", allowed=_NO_DATE)}
        ),
    },
    never_without=(*_PLAIN, "CA-1", "CA-2", "CA-6", "CD-5", "CD-6", "CD-7"),
)

_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_NAMED_AT_MOST = 6
_Found = tuple[str, str, Reason]  # result, rule that decides it, reason


def judge_capitals(text: str, amount_minor: int, preprinted: bool, rules: RuleSet) -> Judgement:
    """Judge capitals as written against the figures. ``value`` is what they should be, with 人民币 unless the form
    prints it."""
    pack = rules.pack("capitals")
    permitted = variants(amount_minor)
    if not permitted:
        return no_capitals(amount_minor)
    right = permitted[0] if preprinted else PREFIX + permitted[0]
    if _is_minority_script(text, pack):
        return Judgement(WARN, (Reason("VB-14", say("minority_script")),), "VB-14", right)
    found = sorted(_findings(text, amount_minor, preprinted, pack), key=lambda one: one[1] != "VB-1")
    if not found:
        return Judgement(OK, rule="VB-1", value=right)
    result = worst(tuple(one[0] for one in found))
    rule = next(rule for grade, rule, _ in found if grade == result)
    return Judgement(result, tuple(reason for _, _, reason in found), rule, right)


def judge_amount(amount_minor: int) -> Judgement:
    """An amount in capitals as printed, without 人民币."""
    permitted = variants(amount_minor)
    return Judgement(OK, rule="VB-1", value=permitted[0]) if permitted else no_capitals(amount_minor)


def no_capitals(amount_minor: int) -> Judgement:
    """CA-11: no voucher for nothing; and none longer than capitals go."""
    if amount_minor > 0:
        return Judgement(REFUSE, (Reason("AMOUNT_FORMAT", say("too_long")),))
    return Judgement(REFUSE, (Reason("CA-11", say("no_amount")),), "CA-11")


def unreadable_figures(figures: str) -> Judgement:
    """What was given as the amount in figures is none."""
    return Judgement(REFUSE, (Reason("AMOUNT_FORMAT", say("amount_format", figures=figures)),))


def _is_minority_script(text: str, pack: RulePack) -> bool:
    row = pack.rule("VB-14")
    written = text.removeprefix(PREFIX).strip()
    return bool(row and written and row.pattern("script").fullmatch(written))


def _findings(text: str, amount_minor: int, preprinted: bool, pack: RulePack) -> Iterator[_Found]:
    """Fault by fault; each is put right before the next is looked for, so that one does not hide another."""
    folded = normalise(text, pack.rules["CA-1"].table("folds"))
    body = "".join(char for char in folded if not _is_gap(char))
    if body != folded:
        after = any(_is_gap(char) for char in folded.partition(PREFIX)[2][:1])
        yield _refused("CA-4", say("gap_after_prefix" if after else "gap"))
    instead = pack.rules["CA-2"].table("instead")
    for char in dict.fromkeys(char for char in body if char in instead):
        yield _refused("CA-2", say("should_be", char=char, instead=instead[char]))
    body = normalise(body, instead)
    bare = body
    while bare.startswith(PREFIX):
        bare = bare.removeprefix(PREFIX)
    yield from _prefix((len(body) - len(bare)) // len(PREFIX), preprinted)
    unknown = dict.fromkeys(char for char in bare if char not in ALPHABET)
    if unknown:
        yield _refused("CA-1", say("not_permitted", chars=_quoted(tuple(unknown))))
    else:
        yield from _sum(bare, amount_minor, pack)


def _is_gap(char: str) -> bool:
    return unicodedata.category(char) in _INVISIBLE


def _quoted(chars: tuple[str, ...]) -> str:
    shown = " ".join(f"“{char}”(U+{ord(char):04X})" for char in chars[:_NAMED_AT_MOST])
    return shown + (" …" if len(chars) > _NAMED_AT_MOST else "")


def _prefix(times: int, preprinted: bool) -> Iterator[_Found]:
    if preprinted and times:
        yield _refused("CA-4", say("prefix_repeated"))
    elif not preprinted and times != 1:
        yield _refused("CA-4", say("prefix_twice" if times else "prefix_missing"))


def _sum(body: str, amount_minor: int, pack: RulePack) -> Iterator[_Found]:
    """Whether the text is one of the sum's; if not, what it means and where its writing is off. A text of which nothing
    can be said is refused all the same."""
    reading = read(body)
    customs = _customs(body, reading, pack) if reading else []
    if body not in variants(amount_minor) and body not in with_zero_yuan(amount_minor):
        faults = _faults(reading, amount_minor) if reading else []
        unclear = say("unreadable" if body else "blank", figures=format_amount(amount_minor))
        yield from faults or [_refused("VB-1", unclear)]
    yield from customs


def _faults(reading: Reading, amount_minor: int) -> list[_Found]:
    found = [_fault(one) for one in reading.findings]
    if reading.amount_minor != amount_minor:
        meant, figures = format_amount(reading.amount_minor), format_amount(amount_minor)
        found.append(_refused("VB-1", say("differs", meant=meant, figures=figures)))
    return found


def _fault(one: Finding) -> _Found:
    rule, words = FAULTS[one.fault]
    if one.fault is Fault.ZERO_EXTRA:
        where = (f"“{one.place}”之前", f"before “{one.place}”") if one.place else ("末尾", "at the end")
        return _refused(rule, filled(words, where=where[0], where_en=where[1]))
    return _refused(rule, filled(words, place=one.place))


def _customs(body: str, reading: Reading, pack: RulePack) -> list[_Found]:
    """What the annex does not show: both optional 零 at once, and 零元 before less than 1 yuan."""
    found = []
    if reading.optional_zeros > 1:
        found.append(_custom("CA-6-BOTH", "CA-6", "both_zeros", pack, count=str(reading.optional_zeros)))
    if body.startswith("零元") and reading.amount_minor:
        found.append(_custom("CA-ZERO-YUAN", "ZERO_YUAN", "zero_yuan", pack))
    return found


def _custom(rule: str, code: str, name: str, pack: RulePack, **values: str) -> _Found:
    """As the pack grades it; a custom that is off is refused."""
    row = pack.rule(rule)
    result = row.text("result") if row else REFUSE
    ending = {OK: "", WARN: "_unsure", REFUSE: "_refused"}[result]
    return result, rule, Reason(code, say(name + ending, **values))


def _refused(rule: str, words: Text) -> _Found:
    return REFUSE, rule, Reason(rule, words)


__all__ = ["CAPITALS", "judge_amount", "judge_capitals", "judge_date", "judge_day"]
