"""What the pages of the voucher examination show: the form with its questions, the seal, the conclusion, the way back.

Pure reading: nothing here changes or records anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.core import DeskCore
from desk.domain.events import ScanAttached
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import CheckState, Transaction
from desk.domain.voucher_form import Question, VoucherForm
from desk.handlers.papers import paper_state
from desk.handlers.voucher_refusal import grounds, reasons_of, standing_statement, statement_is_due
from desk.handlers.vouchers import Examined, examined, picture
from desk.people_views import person_view, seconds
from desk.procedures.steps.slip import ELSEWHERE
from desk.procedures.steps.voucher import problem
from desk.rules.rule_set import RuleSet
from desk.views import (
    CheckView,
    ConcludeView,
    FieldView,
    FormChoice,
    GiveBackView,
    PageView,
    ScanView,
    SealView,
    VoucherPageView,
)

_USES: Mapping[str, tuple[str, ...]] = {"either": ("cash", "transfer"), "cash": ("cash", "transfer"),
                                        "transfer": ("transfer", "cash")}  # fmt: skip
"""What may be asked of a form: also what it must not serve for, so that the rules can say so (H28)."""


def scans_of(core: DeskCore, state: Transaction) -> tuple[ScanView, ...]:
    """The pictures that lie beside the voucher."""
    return tuple(_scan(core, one) for one in state.scans)


def _scan(core: DeskCore, one: ScanAttached) -> ScanView:
    return ScanView(one.side, picture(core, one.scan), one.width_px, one.height_px)


def voucher_page(core: DeskCore, state: Transaction) -> PageView:
    """Choose the form, key it, look, answer."""
    found = examined(core)
    stands = problem(core.procedure, state)
    form = found.form if found else None
    return VoucherPageView(
        forms=tuple(
            FormChoice(one.form, one.title, _USES.get(one.use, ())) for one in core.given.vouchers.values()
        ),
        form=form.form if form else "",
        use=state.slip.use if state.slip else "",
        fields=_fields(core, form),
        checks=checks_of_voucher(core, state, found),
        scans=scans_of(core, state),
        version_no=state.slip.version_no if state.slip else 0,
        ready=stands is None,
        problem=stands,
        warnings=tuple(
            name for name, one in state.checks.items() if one.outcome == "warn" and name not in state.warnings
        ),
        candidates=seconds(core.people(), state),
        reasons=reasons_of(core, found),
        business_date=core.given.config.business_date,
    )


def _fields(core: DeskCore, form: VoucherForm | None) -> tuple[FieldView, ...]:
    kept = core.counter.written
    return tuple(
        FieldView(
            one.field, one.title, one.kind, one.required == "always", kept.get(f"field.{one.field}", "")
        )
        for one in (form.fields if form else ())
    )


def checks_of_voucher(core: DeskCore, state: Transaction, found: Examined | None) -> tuple[CheckView, ...]:
    """The list: what the rules found, then what people are asked, each with where to look and what to say."""
    if found is None:
        return ()
    rules, told = core.rules, state.checks
    due = [one for one in found.questions if state.slip and one.check in state.slip.asked]
    asked = [one for one in due if one.check not in ELSEWHERE]
    names = {one.check for one in asked}
    lines = [
        _line(rules, one.check, one.kind, told[one.check].outcome, told[one.check], found)
        for one in found.results
        if one.check in told and one.check not in names
    ]
    for key, question in enumerate(asked, start=1):
        done = told.get(question.check)
        lines.append(_asked(rules, question, key, done, found))
    return tuple(lines)


def _line(
    rules: RuleSet, check: str, kind: str, state: str, told: CheckState | None, found: Examined
) -> CheckView:
    result, row = found.result(check), rules.row(check)
    return CheckView(
        check, rules.title(check), kind, state, 0, told.seen if told else "", rules.source(check),
        say=result.says if result else Text("", ""), then=result.then if result else Text("", ""),
        unconfirmed=bool(row and row.awaits_bank),
    )  # fmt: skip


def _asked(
    rules: RuleSet, question: Question, key: int, done: CheckState | None, found: Examined
) -> CheckView:
    result, row = found.result(question.check), rules.row(question.check)
    failed = done is not None and done.outcome == "fail"
    return CheckView(
        question.check, rules.title(question.check), "attested", done.outcome if done else "open", key,
        f"{done.person} {done.utc[11:16]} UTC" if done else "", rules.source(question.check), question.ask,
        question.region, result.says if result and failed else Text("", ""),
        result.then if result and failed else Text("", ""), bool(done and done.hasty),
        bool(row and row.awaits_bank),
    )  # fmt: skip


def seal_page(core: DeskCore, state: Transaction) -> PageView:
    """The voucher's seal and the reserved specimen, for a person to compare."""
    specimen = core.given.records.specimen_of(state.account_id)
    front = next((one for one in state.scans if one.side == "front"), None)
    first = None
    if state.seals:
        who = core.person_named(state.seals[0].staff_no)
        first = None if isinstance(who, Refusal) else (person_view(who), state.seals[0].verdict)
    maker = core.person_named(state.maker)
    missing = refuse(RefusalCode.SPECIMEN_MISSING) if specimen is None else None
    if front is None:
        missing = refuse(RefusalCode.SCAN_MISSING)
    return SealView(
        specimen=picture(core, specimen) if specimen else b"",
        scan=_scan(core, front) if front else None,
        maker=None if isinstance(maker, Refusal) else person_view(maker),
        first=first,
        next_person=2 if state.seals else 1,
        candidates=seconds(core.people(), state),
        problem=missing,
    )


def conclude_page(core: DeskCore, state: Transaction) -> PageView:
    """Everything that was found, and what may be done with it."""
    found = examined(core)
    stands = problem(core.procedure, state, elsewhere=True)
    return ConcludeView(
        form_title=found.form.title if found else Text("", ""),
        checks=checks_of_voucher(core, state, found),
        match=state.match.result if state.match else "",
        ready=stands is None,
        problem=stands,
        reasons=reasons_of(core, found),
        reviewers=seconds(core.people(), state),
        statement_due=statement_is_due(found),
    )


def give_back_page(core: DeskCore, state: Transaction) -> PageView:
    """Why it goes back, in words for the customer, and with which paper."""
    found, refused = examined(core), state.refused
    reason = refused.reason if refused else ""
    told = grounds(core, found, reason) if found else ()
    items = [item for item in state.open_items if item.kind == "voucher_kept"]
    return GiveBackView(
        reason=core.rules.title(reason),
        grounds=tuple(one.title for one in told),
        say=tuple(one.fact for one in told),
        paper=paper_state(core),
        document=standing_statement(core),
        kept=bool(refused and refused.kept),
        next_person=core.named(items[0].next_person) if items else "",
    )
