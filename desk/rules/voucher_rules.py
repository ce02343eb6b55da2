"""The checklist of a voucher judged: automatic checks, and the part of the others that a machine may propose
(counter-rules §1.6).

``judge_voucher`` judges any form; ``automatic_checks`` with its RULES is the deposit slip's own short list. Each says
what was seen in a word that carries no customer data. What only a person sees (VC-02, 08, 09, 10, 24, 25 and the face
of VC-19) is never claimed here.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import RefusalCode, refuse
from desk.domain.voucher_form import VoucherForm
from desk.rules.judgement import OK, Judgement, Reason
from desk.rules.judgement import WARN as WARNED
from desk.rules.rule_pack import RuleRow
from desk.rules.rule_set import RuleSet
from desk.rules.voucher_checks import account, paper, parties, uses
from desk.rules.voucher_checks.deposit_slip import RULES, SlipFacts, automatic_checks
from desk.rules.voucher_checks.facts import VoucherFacts
from desk.rules.voucher_checks.judges import Judges
from desk.rules.voucher_checks.looking import UNALTERED
from desk.rules.voucher_checks.result import (
    FAIL,
    NO_ANSWER,
    NOT_APPLICABLE,
    NOTHING,
    OPEN,
    PASS,
    RESULT_OF,
    WARN,
    Case,
    Check,
    CheckResult,
    Finding,
)

__all__ = [
    "CHECKS", "RULES", "CheckResult", "SlipFacts", "attested", "automatic_checks", "in_the_way", "judge_voucher",
]  # fmt: skip

CHECKS: tuple[tuple[str, Check], ...] = (
    ("VC-01", paper.form_is_right),
    ("VC-03", paper.is_complete),
    ("VC-04", paper.amounts_agree),
    ("VC-05", paper.capitals_are_well_formed),
    ("VC-06", paper.date_is_right),
    ("VC-07", paper.within_term),
    ("VC-11", account.password_is_right),
    ("VC-12", account.account_stands),
    ("VC-13", account.number_and_name_agree),
    ("VC-14", parties.chain_is_unbroken),
    ("VC-15", parties.holder_presents),
    ("VC-16", account.funds_suffice),
    ("VC-17", uses.use_is_right),
    ("VC-18", uses.cash_is_allowed),
    ("VC-19", parties.document_is_valid),
    ("VC-20", parties.id_number_holds),
    ("VC-21", parties.agent_may_act),
    ("VC-22", account.nothing_stops_it),
    ("VC-23", paper.number_is_unused),
)
"""Every check that a machine judges wholly or in part. The others are no function of anything: a person looks."""

AFTERWARDS = "VC-25"
"""The customer signs the printed result: it holds up the hand-over, not the posting."""
_ANSWERED_AT_ONCE = frozenset(("keyed", "match"))
"""Manners in which the person's part is the keying itself, or the names shown side by side in a step of its own."""
_READ_FROM = {
    "VC-04": ("amount", "capitals"),
    "VC-13": ("name", "account_number"),
    "VC-15": ("name",),
    "VC-18": ("text",),
}
"""Kinds of field that such a check stands on: while one came from a reading machine alone, the check stays open."""


def judge_voucher(
    form: VoucherForm, facts: VoucherFacts, rules: RuleSet, judges: Judges
) -> tuple[CheckResult, ...]:
    """Every check of CHECKS that applies to the form and is in force, in order. A check that is a person's in part is
    at best "open" until that part is among ``facts.attested``. A core element that a person saw changed is a failure of
    VC-08 already; that nothing was changed is never claimed."""
    case = Case(form, facts, rules, judges)
    found = [
        _result(case, row, check(case))
        for name, check in CHECKS
        if name in form.checks and (row := rules.row(name)) is not None
    ]
    altered = attested(form, UNALTERED, False, "changed", rules) if facts.is_altered(form) else None
    if altered is not None:
        found.append(altered)
    return tuple(sorted(found, key=lambda one: one.check))


def in_the_way(
    form: VoucherForm, facts: VoucherFacts, results: tuple[CheckResult, ...], rules: RuleSet
) -> tuple[str, ...]:
    """Every check of the form that keeps it from posting: failed, warned, open, never judged, or asked of a person who
    has not answered. Empty is the only way on."""
    standing = {one.check: one for one in results}
    due = (name for name in form.checks if rules.row(name) is not None and name != AFTERWARDS)
    return tuple(name for name in due if _blocks(name, form, facts, standing.get(name)))


def _blocks(check: str, form: VoucherForm, facts: VoucherFacts, standing: CheckResult | None) -> bool:
    if check == UNALTERED and facts.is_altered(form):
        return True  # nobody's word makes an altered amount, date or payee good again
    if standing is not None:
        return standing.stands_in_the_way
    question = form.question_of(check)
    return (question is None or facts.holds(question.when, form)) and check not in facts.attested


def _result(case: Case, row: RuleRow, found: Finding) -> CheckResult:
    outcome = _with_people(case, row, found)
    question = case.form.question_of(row.rule)
    says, then = NOTHING, NOTHING
    if outcome == OPEN and found.outcome == PASS:
        then = question.ask if question else row.words("next")
    elif outcome in (FAIL, WARN, OPEN):
        says, then = _words(case.rules, row, found)
    refusal = found.refusal or refuse(RefusalCode.CHECK_FAILED, check=row.rule)
    on_fail = found.on_fail or row.text("on_fail")
    return CheckResult(
        check=row.rule,
        kind=row.text("kind"),
        outcome=outcome,
        seen="proposed" if outcome == OPEN and found.outcome == PASS else found.seen,
        rule=case.rules.rule_reference(row.rule),
        refusal=refusal if outcome == FAIL else None,
        on_fail=on_fail,
        judgement=_judgement(row, found, outcome, on_fail, says),
        says=says,
        then=then,
        returns=_returns(row, found) if outcome == FAIL else "",
    )


def attested(form: VoucherForm, check: str, passes: bool, seen: str, rules: RuleSet) -> CheckResult | None:
    """What a person answered, as a line of the list, a "no" with its words; None for a check that is not in force."""
    row = rules.row(check)
    if row is None:
        return None
    void = form.family == "instrument" and "says_void" in row.values
    found = Finding(PASS if passes else FAIL, seen, void=void)
    says, then = (NOTHING, NOTHING) if passes else _words(rules, row, found)
    return CheckResult(
        check=check,
        kind=row.text("kind"),
        outcome=found.outcome,
        seen=seen,
        rule=rules.rule_reference(check),
        refusal=None if passes else refuse(RefusalCode.CHECK_FAILED, check=check),
        on_fail=row.text("on_fail"),
        judgement=_judgement(row, found, found.outcome, row.text("on_fail"), says),
        says=says,
        then=then,
        returns="" if passes else _returns(row, found),
    )


def _with_people(case: Case, row: RuleRow, found: Finding) -> str:
    """The outcome once the person's part is taken in."""
    if row.text("kind") != "both" or found.outcome != PASS or row.rule in case.facts.attested:
        return found.outcome
    question = case.form.question_of(row.rule)
    if question is None or question.by not in _ANSWERED_AT_ONCE:
        return OPEN
    kinds = _READ_FROM.get(row.rule, ())
    unread = any(one.field in case.facts.unconfirmed for one in case.form.fields if one.kind in kinds)
    return OPEN if unread else PASS


def _judgement(row: RuleRow, found: Finding, outcome: str, on_fail: str, says: Text) -> Judgement:
    inner = found.inner or Judgement(OK)
    if outcome in (PASS, NOT_APPLICABLE):
        return Judgement(OK, inner.reasons, row.rule, inner.value)
    if outcome == WARN:
        requires = row.texts("requires") or inner.requires
        return Judgement(
            WARNED, (Reason(row.rule, says), *inner.reasons), row.rule, inner.value, requires=requires
        )
    reasons = inner.reasons if says is NOTHING else (Reason(row.rule, says), *inner.reasons)
    return Judgement(RESULT_OF[on_fail], reasons, row.rule, inner.value)


def _words(rules: RuleSet, row: RuleRow, found: Finding) -> tuple[Text, Text]:
    """The row's words for this case, filled; a missing answer has words of its own."""
    waiting = rules.row("OPEN")
    if found.case == NO_ANSWER and waiting is not None:
        return waiting.words("says"), waiting.words("next")
    filled = dict(found.filled)
    why = Text(
        row.table("cases_zh").get(found.case, row.title.zh),
        row.table("cases_en").get(found.case, row.title.en),
    )
    filled["why"] = _fill(why, filled)
    void = "_void" if found.void and "says_void" in row.values else ""
    ending = "_warn" if found.outcome == WARN and "next_warn" in row.values else void
    return _fill(row.words(f"says{void}"), filled), _fill(row.words(f"next{ending}"), filled)


def _fill(text: Text, filled: Mapping[str, Text]) -> Text:
    """``{names}`` replaced in both languages; one that nobody fills stays."""
    zh, en = text.zh, text.en
    for name, one in filled.items():
        zh, en = zh.replace(f"{{{name}}}", one.zh), en.replace(f"{{{name}}}", one.en)
    return Text(zh, en)


def _returns(row: RuleRow, found: Finding) -> str:
    table = row.table("returns")
    return table.get(found.case, table.get("other", ""))
