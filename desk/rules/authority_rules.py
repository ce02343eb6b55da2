"""Who must be there: limits, day totals and the always-authorise list (counter-rules §4.1–4.3; DESIGN §3).

The floor stands here in code: a pack gives it words and sources and may add to it, none takes anything away. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desk.domain.money import format_amount
from desk.domain.people import Act
from desk.domain.procedure_kinds import ControlMode, Text
from desk.rules.judgement import Reason
from desk.rules.rule_set import RuleSet
from desk.rules.shapes import Field, Shape, Topic
from desk.rules.threshold_rules import DAY, KINDS, SINGLE

REVIEW, AUTHORISE = Act.REVIEW.value, Act.AUTHORISE.value

ALWAYS: Mapping[str, tuple[str, frozenset[str]]] = {
    "AA-1": (AUTHORISE, frozenset({"open_exception", "close_exception"})),
    "AA-2": (AUTHORISE, frozenset({"loss_report", "loss_release", "reissue"})),
    "AA-3": (AUTHORISE, frozenset({"password_reset"})),
    "AA-4": (AUTHORISE, frozenset({"freeze", "deduct"})),
    "AA-5": (AUTHORISE, frozenset({"early_withdrawal"})),
    "AA-6": (AUTHORISE, frozenset({"reversal"})),
    "AA-7": (AUTHORISE, frozenset({"suspense"})),
    "AA-8": (AUTHORISE, frozenset({"special_transfer"})),
    "AA-9": (AUTHORISE, frozenset({"name_override"})),
    "AA-10": (AUTHORISE, frozenset({"blank_voucher_spoil", "blank_voucher_move"})),
    "AA-11": (AUTHORISE, frozenset({"till_to_till"})),
    "AA-12": (AUTHORISE, frozenset({"till_to_vault", "vault_to_till"})),
    "AA-13": (AUTHORISE, frozenset({"limit_override"})),
    "AA-14": (AUTHORISE, frozenset({"forced_sign_off"})),
    "AA-15": (AUTHORISE, frozenset({"back_value"})),
    "AA-16": (REVIEW, frozenset({"day_open", "day_close"})),
    "AA-17": (REVIEW, frozenset({"withhold_counterfeit"})),
    "AA-18": (REVIEW, frozenset({"damaged_note"})),
    "AA-19": (AUTHORISE, frozenset({"hand_over"})),
    "AA-20": (AUTHORISE, frozenset({"seal_mismatch"})),
    "AA-21": (AUTHORISE, frozenset({"reprint", "cursor_move"})),
    "AA-22": (AUTHORISE, frozenset({"offline_start"})),
    "AA-23": (AUTHORISE, frozenset({"administration"})),
}
"""Whatever the amount: rule → what the second person does, and for which business."""

NEVER = frozenset({"passbook_update", "inquiry", "small_change", "close_at_zero", "replace_full_book"})
"""What one teller may finish alone; a pack may strike from this list, not add to it."""

BY_LIMIT = KINDS | {"close_with_balance", "hand_count"}
"""What goes by amount and day total. ``hand_count``: a count typed by hand."""

_SAID = Shape({"wording": Field("text", required=False)})
_ACT = Field("text", allowed=frozenset({REVIEW, AUTHORISE}))
AUTHORITY = Topic(
    "authority",
    Text("授权与复核", "Authority"),
    shapes={
        **{f"DC-{number}": _SAID for number in (1, 2, 3, 4, 5, 6, 9)},
        "DC-7": Shape({**_SAID.fields, "agreements": Field("texts")}),
        "DC-8": Shape({**_SAID.fields, "reviewers_to_tellers": Field("share")}),
        **dict.fromkeys(ALWAYS, Shape()),
        "AN-1": Shape({"business": Field("texts", allowed=NEVER)}),
        "AL-0": Shape({"limit": Field("limit")}),
    },
    families={
        "AL-": Shape(
            {
                "act": _ACT,
                "kinds": Field("texts", allowed=BY_LIMIT),
                "modes": Field("texts", allowed=frozenset(mode.value for mode in ControlMode)),
                "scope": Field("text", allowed=frozenset({SINGLE, DAY})),
                "limit": Field("limit"),
            }
        ),
        "AB-": Shape({"act": _ACT, "business": Field("texts")}),
    },
    never_without=(*(f"DC-{number}" for number in range(1, 10)), *ALWAYS, "AL-0", "AL-1"),
)
"""DC: separation as facts · AA: always · AB: what the bank adds to it · AN: never · AL: by limit, AL-0 the ceiling of a
desk's own limit, AL-1 every posting where the mode is 双人复核制."""


@dataclass(frozen=True)
class Need:
    """A second person who must be there: ``act`` "review" or "authorise", by which rule and why."""

    act: str
    rule: str
    why: Text


def who_must(
    kind: str, amount_minor: int, day_total_minor: int, mode: ControlMode, rules: RuleSet
) -> tuple[Need, ...]:
    """At most one need an act, review first. ``kind`` is one of the businesses above; one that no rule knows needs an
    authoriser, for absence means refusal. ``day_total_minor``: done today before this, in the same direction."""
    found: dict[str, Need] = {}
    for need in (*_always(kind, rules), *_by_limit(kind, amount_minor, day_total_minor, mode, rules)):
        found.setdefault(need.act, need)
    if not found and not _known(kind, rules):
        words = Text(
            f"规则中没有这种业务：{kind}，须授权", f"No rule knows this business: {kind}; it is authorised"
        )
        found[AUTHORISE] = Need(AUTHORISE, "DC-1", words)
    return tuple(found[act] for act in (REVIEW, AUTHORISE) if act in found)


def _always(kind: str, rules: RuleSet) -> Iterator[Need]:
    for rule, (act, business) in ALWAYS.items():
        if kind in business:
            yield Need(act, rule, rules.title(rule))
    for row in rules.pack("authority").family("AB-"):
        if kind in row.texts("business"):
            yield Need(row.text("act"), row.rule, row.title)


def _by_limit(
    kind: str, amount_minor: int, day_total_minor: int, mode: ControlMode, rules: RuleSet
) -> Iterator[Need]:
    for row in rules.pack("authority").family("AL-"):
        if kind not in row.texts("kinds") or mode.value not in row.texts("modes"):
            continue
        measured = amount_minor + (day_total_minor if row.text("scope") == DAY else 0)
        if row.limit("limit").is_reached(measured):
            amount = format_amount(measured)
            why = Text(f"{row.title.zh}（{amount}）", f"{row.title.en} ({amount})")
            yield Need(row.text("act"), row.rule, why)


def _known(kind: str, rules: RuleSet) -> bool:
    never = rules.pack("authority").rule("AN-1")
    return kind in BY_LIMIT or (never is not None and kind in never.texts("business"))


def review_limit_problem(configured_minor: int, rules: RuleSet) -> Reason | None:
    """Why a desk may not have this review limit (an amount of just the limit is reviewed): the bank's own is lower.
    None where it may."""
    row = rules.pack("authority").rules["AL-0"]
    ceiling = row.limit("limit")
    highest_minor = ceiling.amount_minor if ceiling.inclusive else ceiling.amount_minor + 1
    if configured_minor <= highest_minor:
        return None
    here, most = format_amount(configured_minor), format_amount(highest_minor)
    words = Text(
        f"本柜复核限额 {here} 高于本行规定的 {most}",
        f"This desk's review limit {here} is above the bank's {most}",
    )
    return Reason(row.rule, words)
