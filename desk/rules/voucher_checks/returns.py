"""What becomes of a voucher that fails: handed back, held for the supervisor, returned with a statement (RF-1 … RF-6).

Words and grounds come from the pack. No way leads from here to a posting (RF-6).
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher_form import VoucherForm
from desk.rules.rule_set import RuleSet
from desk.rules.voucher_checks.result import FAIL, CheckResult
from desk.rules.voucher_checks.result import NOTHING as NOTHING_SAID

GENUINENESS = "VC-02"
HAND_BACK, HOLD, STATEMENT, NOTHING = "hand_back", "hold", "statement", "nothing"


@dataclass(frozen=True)
class Disposition:
    """What is done: "hand_back" before acceptance, "statement" after it, "hold" a suspected forgery, "nothing" while
    no check failed. ``checks`` are recorded as refused; ``keeps_image`` only where the bank's policy says so."""

    act: str
    rule: str = ""
    checks: tuple[str, ...] = ()
    then: Text = NOTHING_SAID
    keeps_image: bool = False


@dataclass(frozen=True)
class ReturnGround:
    """One reason of a return: the usual word, its fact in the teller's words, and its law."""

    reason: str
    title: Text
    fact: Text
    law: str


@dataclass(frozen=True)
class ReturnStatement:
    """退票理由书, its four legal items: kind of instrument, grounds in fact and law, time, and the seal of whoever
    returns it. ``labels`` name the four. ``fine_minor``: what the drawer may be fined, 0 where no such ground."""

    kind: Text
    grounds: tuple[ReturnGround, ...]
    returned_at: str
    returner: str
    labels: tuple[Text, Text, Text, Text]
    fine_minor: int = 0
    fine: Text = NOTHING_SAID


def what_follows(
    results: tuple[CheckResult, ...], accepted: bool, rules: RuleSet, forgery_suspected: bool = False
) -> Disposition:
    """``accepted``: stamped, or come in by clearing. A voucher that may be forged is not handed back (RF-4)."""
    checks = tuple(one.check for one in results if one.outcome == FAIL)
    if forgery_suspected or GENUINENESS in checks:
        return _disposed(HOLD, "RF-4", (GENUINENESS, *(one for one in checks if one != GENUINENESS)), rules)
    if not checks:
        return Disposition(NOTHING)
    return _disposed(STATEMENT if accepted else HAND_BACK, "RF-2" if accepted else "RF-1", checks, rules)


def _disposed(act: str, rule: str, checks: tuple[str, ...], rules: RuleSet) -> Disposition:
    row = rules.row(rule)
    if row is None:
        return Disposition(act, rule, checks)
    return Disposition(act, rule, checks, row.words("next"), row.flag("keep_image"))


def return_statement(
    form: VoucherForm,
    results: tuple[CheckResult, ...],
    amount_minor: int,
    returned_at: str,
    returner: str,
    rules: RuleSet,
) -> ReturnStatement | Refusal:
    """The statement for an accepted instrument; refused for a form that is none, and where no check failed that is a
    ground of return: a statement without a ground in fact and law is none."""
    labels = rules.row("RF-2")
    grounds = grounds_of(results, rules)
    if form.family == "slip" or labels is None or not grounds:
        return refuse(RefusalCode.REASON_MISSING)
    fined = any(_is_fined(one.reason, rules) for one in grounds) and form.document == "cheque"
    row = rules.row("FINE")
    return ReturnStatement(
        kind=form.title,
        grounds=grounds,
        returned_at=returned_at,
        returner=returner,
        labels=(labels.words("kind"), labels.words("ground"), labels.words("time"), labels.words("seal")),
        fine_minor=fine_minor(amount_minor, rules) if fined else 0,
        fine=row.words("says") if fined and row is not None else NOTHING_SAID,
    )


def grounds_of(results: tuple[CheckResult, ...], rules: RuleSet) -> tuple[ReturnGround, ...]:
    """The grounds of all failed checks, each reason once, in the order of the list."""
    found: dict[str, ReturnGround] = {}
    for one in results:
        row = rules.row(one.returns) if one.outcome == FAIL and one.returns else None
        if row is not None:
            ground = ReturnGround(row.rule, row.title, one.says, row.text("ground"))
            found.setdefault(row.rule, ground)
    return tuple(found.values())


def _is_fined(reason: str, rules: RuleSet) -> bool:
    row = rules.row(reason)
    return row is not None and row.flag("fined")


def fine_minor(amount_minor: int, rules: RuleSet) -> int:
    """What the People's Bank may fine the drawer of a bounced cheque: a share, but not below the least (31)."""
    row = rules.row("FINE")
    if row is None:
        return 0
    part, whole = row.share("share")
    return max(amount_minor * part // whole, int(row.values["least"]))
