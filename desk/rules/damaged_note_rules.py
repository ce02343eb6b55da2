"""What a damaged note is worth (counter-rules §6.15): the whole, half or nothing, by the share that can be joined.

Pure arithmetic over a person's observations; whether the note is genuine is ``desk.rules.counterfeit_rules``'s, how a
share is measured ``desk.domain.remaining_area``'s. A verdict is always two people's: every answer that gives money asks
for a reviewer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from desk.domain.money import format_amount, parse_amount, plain_amount
from desk.domain.procedure_kinds import Text
from desk.domain.remaining_area import NOTHING, Share, at_least, less_unjoined, percent
from desk.rules.judgement import OK, REFUSE, RETURN, STOP, WARN, Judgement, Reason
from desk.rules.rule_pack import RulePack, RuleRow
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Shape, Topic

_ACTS = Field("texts")
_NEEDS = Field("texts", required=False)
DAMAGED_NOTES = Topic(
    "damaged_notes",
    Text("残损币兑换", "Damaged notes"),
    shapes={
        "DN-1": Shape({"faces": Field("texts")}),
        "DN-2": Shape({"least": Field("share"), "requires": _ACTS}),
        "DN-3": Shape({"least": Field("share"), "pays": Field("share"), "requires": _ACTS}),
        "DN-4": Shape(
            {"remains": Field("share"), "least": Field("share"), "pays": Field("share"), "requires": _ACTS}
        ),
        "DN-5": Shape({"requires": _NEEDS}),
        "DN-6": Shape({"smallest": Field("amount")}),
        "DN-8": Shape({"requires": _ACTS, "bagged": _ACTS}),
        "DN-9": Shape({"requires": _ACTS}),
        "DN-10": Shape({"requires": _NEEDS}),
        "DN-11": Shape({"elsewhere": _NEEDS}),
        "DN-12": Shape({"requires": _NEEDS}),
        "DN-13": Shape({"joined_in": Field("texts")}),
        "DN-14": Shape({"requires": _NEEDS}),
    },
    never_without=(
        "DN-1", "DN-2", "DN-3", "DN-4", "DN-5", "DN-6", "DN-8", "DN-9", "DN-10", "DN-12", "DN-13",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DamagedNote:
    """What two people saw. ``remaining`` None: not measured. ``cross``: a loss in the form of a cross, of a quarter.
    ``special``: burnt, corroded, mouldy; ``undesignated``: this branch is not named for such. ``unjoined``: pieces
    within ``remaining`` that do not join. ``not_genuine``: found false; ``doubtful``: cannot be told."""

    face_minor: int | None = None
    remaining: Share | None = None
    cross: bool = False
    unreadable: bool = False
    special: bool = False
    undesignated: bool = False
    disputed: bool = False
    not_genuine: bool = False
    doubtful: bool = False
    unjoined: Share = NOTHING
    coin: bool = False


def judge_damaged_note(case: DamagedNote, rules: RuleSet) -> Judgement:
    """OK with its worth; RETURN for a note that goes back to its holder; REFUSE where this branch gives no verdict;
    STOP for one that is not genuine; WARN where the rule's wording is unconfirmed or the observations disagree."""
    pack = rules.pack("damaged_notes")
    for judge in _IN_ORDER:
        if (found := judge(case, pack)) is not None:
            return found
    return _worth_of_area(case, pack)


def _genuine(case: DamagedNote, pack: RulePack) -> Judgement | None:
    if case.not_genuine:
        return _by(STOP, pack.rules["DN-10"])
    if not case.doubtful:
        return None
    row = pack.rule("DN-14")
    return _nothing(row) if row else _by(STOP, pack.rules["DN-10"])


def _ordinary(case: DamagedNote, pack: RulePack) -> Judgement | None:
    row = pack.rule("DN-11")
    if not (case.special and case.undesignated and row and row.texts("elsewhere")):
        return None
    return Judgement(REFUSE, (_reason(row),), row.rule, requires=row.texts("elsewhere"))


def _known_face(case: DamagedNote, pack: RulePack) -> Judgement | None:
    faces = pack.rules["DN-1"].texts("faces")
    if case.unreadable or (case.face_minor is not None and case.face_minor in map(parse_amount, faces)):
        return None
    given = "—" if case.face_minor is None else format_amount(case.face_minor)
    words = Text(
        f"{given} 不是人民币面额；面额有：{'、'.join(faces)}",
        f"{given} is no face value of the renminbi; there are: {', '.join(faces)}",
    )
    return Judgement(REFUSE, (Reason("FACE", words),), "DN-1")


def _agreed(case: DamagedNote, pack: RulePack) -> Judgement | None:
    return _by(RETURN, pack.rules["DN-9"]) if case.disputed else None


def _readable(case: DamagedNote, pack: RulePack) -> Judgement | None:
    return _nothing(pack.rules["DN-12"]) if case.unreadable else None


def _measured(case: DamagedNote, pack: RulePack) -> Judgement | None:
    if case.remaining is not None:
        return None
    words = Text(
        "未测量剩余面积：请用网格量取可拼接部分", "Not measured: measure the joinable part with the grid"
    )
    return Judgement(REFUSE, (Reason("REMAINING", words),), "DN-13")


_IN_ORDER: tuple[Callable[[DamagedNote, RulePack], Judgement | None], ...] = (
    _genuine, _ordinary, _known_face, _agreed, _readable, _measured,
)  # fmt: skip
"""Genuine before all else; a branch that may not judge such a note does not; then what the note says and measures."""


def _worth_of_area(case: DamagedNote, pack: RulePack) -> Judgement:
    """The worth of what can be joined, and every doubt about it: a doubt is a person's, so it is asked (WARN)."""
    joined = less_unjoined(case.remaining or NOTHING, case.unjoined)
    row = _row_of_area(case, joined, pack)
    if row.rule == "DN-5":
        return _with_joinable(case, _nothing(row, joined), pack)
    pays = (1, 1) if row.rule == "DN-2" else row.share("pays")
    worth_minor, lost = divmod((case.face_minor or 0) * pays[0], pays[1])
    small = pack.rules["DN-6"]
    if worth_minor < small.whole("smallest"):
        return _with_joinable(case, _nothing(small, joined), pack)
    reasons = [_reason(row, joined)]
    doubts = _cross_doubt(joined, row)
    if lost:
        reasons.append(_reason(small))
        doubts += _unconfirmed(small)
    decided = small.rule if lost else row.rule
    paid = Judgement(
        WARN if doubts else OK,
        (*reasons, *doubts),
        decided,
        plain_amount(worth_minor),
        requires=_acts(case, pack, row),
    )
    return _with_joinable(case, paid, pack)


def _row_of_area(case: DamagedNote, joined: Share, pack: RulePack) -> RuleRow:
    whole, half, none, cross = (pack.rules[rule] for rule in ("DN-2", "DN-3", "DN-5", "DN-4"))
    if case.cross and at_least(joined, cross.share("least")):
        return cross
    if at_least(joined, whole.share("least")):
        return whole
    return half if at_least(joined, half.share("least")) else none


def _cross_doubt(joined: Share, row: RuleRow) -> tuple[Reason, ...]:
    """A quarter lost leaves three quarters: where more is left, either the mark or the measure is wrong."""
    if row.rule != "DN-4" or at_least(row.share("remains"), joined):
        return ()
    words = Text(
        f"标为正十字形缺少四分之一，却剩余 {percent(joined)}：请重新量取",
        f"Marked as a cross-shaped loss of a quarter, yet {percent(joined)} is left: measure again",
    )
    return (Reason("CROSS_MEASURE", words),)


def _unconfirmed(row: RuleRow) -> tuple[Reason, ...]:
    if not row.awaits_bank:
        return ()
    words = Text(
        "此条原文未核实，须由本行确认", "The wording of this rule is not verified: the bank must confirm it"
    )
    return (Reason("UNCONFIRMED", words),)


def _acts(case: DamagedNote, pack: RulePack, row: RuleRow) -> tuple[str, ...]:
    """A note is stamped; a coin, and whatever is burnt or corroded, goes into the bag."""
    agreed = pack.rules["DN-8"]
    return agreed.texts("requires") + (
        agreed.texts("bagged") if case.coin or case.special else row.texts("requires")
    )


def _nothing(row: RuleRow, joined: Share | None = None) -> Judgement:
    return Judgement(RETURN, (_reason(row, joined),), row.rule, "0.00", requires=row.texts("requires"))


def _by(result: str, row: RuleRow) -> Judgement:
    return Judgement(result, (_reason(row),), row.rule, requires=row.texts("requires"))


def _with_joinable(case: DamagedNote, judged: Judgement, pack: RulePack) -> Judgement:
    """Says beside the worth that some pieces were not counted."""
    return (
        replace(judged, reasons=(*judged.reasons, _reason(pack.rules["DN-13"])))
        if case.unjoined[0]
        else judged
    )


def _reason(row: RuleRow, joined: Share | None = None) -> Reason:
    if joined is None:
        return Reason(row.rule, row.title)
    left = percent(joined)
    return Reason(
        row.rule, Text(f"{row.title.zh}（可拼接 {left}）", f"{row.title.en} ({left} can be joined)")
    )
