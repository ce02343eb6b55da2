"""The middle column's view for each kind of step: one small function a kind, one table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desk.book_lines import NextJob, cursor_of, next_job
from desk.book_plan import turned
from desk.core import DeskCore
from desk.corebank.contract import BookFacts
from desk.domain.account_name import MatchResult
from desk.domain.capitals import capitals
from desk.domain.cash import BatchSource, CashRow, CountStage, total_minor
from desk.domain.masking import mask_name, mask_number
from desk.domain.procedure_kinds import StepKind, Text
from desk.domain.refusals import Refusal
from desk.domain.transaction import ReferredNote, Transaction
from desk.facts import shown, words
from desk.handlers.books import question_rows
from desk.handlers.papers import paper_state
from desk.handlers.withhold import FORM, GROUNDS, grounds_due, standing_certificate
from desk.people_views import person_view, seconds
from desk.procedures.engine import current
from desk.procedures.steps.count import first_problem, second_agrees, slip_rows
from desk.procedures.steps.finish import gates, needs_second_print
from desk.procedures.steps.name_doubt import DOCUMENTS, authoriser_problem, override_problem
from desk.procedures.steps.review import NAME_COMPARED
from desk.procedures.steps.slip import match_refusal
from desk.procedures.steps.withhold import custodian_problem, due_step
from desk.rules.counterfeit_rules import custody_of
from desk.rules.name_rules import judge_name, next_words
from desk.rules.rule_pack import RuleRow
from desk.rules.rule_set import RuleSet
from desk.views import (
    NOTHING,
    BookLineView,
    CashRowView,
    CheckView,
    ConfirmView,
    CountView,
    EndView,
    HandOverView,
    IdentifyView,
    NameMatchView,
    PageView,
    PlacedText,
    PostView,
    PrintView,
    ReviewView,
    SeatView,
    SlipView,
    SuspectNoteView,
    VerdictView,
    VoucherView,
    WithheldNoteView,
    WithholdView,
)
from desk.voucher_views import conclude_page, give_back_page, scans_of, seal_page, voucher_page
from devices.contracts import PassbookJob

SEAL_CASH_RECEIVED = Text("现金讫章", '"Cash received" stamp')
_HANDED = (Text("存折", "Passbook"), Text("回单", "Receipt"))


def page_of(core: DeskCore) -> PageView:
    """The view of the current step, of the seat that waits for a second person, or of the end."""
    state = core.state
    assert state is not None
    here = current(core.procedure, state)
    if here is None:
        return _end(core, state)
    if here.kind in (StepKind.SECOND_COUNT, StepKind.REVIEW) and core.counter.seat is None:
        return SeatView("review", seconds(core.people(), state))
    return _PAGES[here.kind](core, state)


def cash_rows(
    slip: tuple[CashRow, ...], counted: tuple[CashRow, ...], blank_slip: bool = False
) -> tuple[CashRowView, ...]:
    """One row per denomination that either side names, largest first."""
    said = {row.denomination_minor: row.pieces for row in slip}
    found = {row.denomination_minor: row.pieces for row in counted}
    none = blank_slip or not slip
    return tuple(
        CashRowView(value, None if none else said.get(value, 0), found.get(value, 0))
        for value in sorted({*said, *found}, reverse=True)
    )


def _identify(core: DeskCore, state: Transaction) -> PageView:
    account, holder = core.counter.account, core.counter.holder
    if account is None or holder is None:
        return IdentifyView("", "", "", "", 0, core.counter.working == "reading", "")
    book = core.given.bank.book_of(account.account_id)
    unprinted = 0
    if not isinstance(book, Refusal):
        unprinted = len(core.given.bank.entries_after(account.account_id, book.printed_through))
    return IdentifyView(
        holder.account_number, holder.name, account.kind, account.status, unprinted, False, account.party
    )


def checks_of(core: DeskCore, state: Transaction) -> tuple[CheckView, ...]:
    """The checklist: automatic items as they came out, attested ones in the procedure's order with Alt+digit."""
    pack = core.rules
    slip = core.given.vouchers.get(core.procedure.voucher_form)
    views = [
        CheckView(
            c.check, pack.title(c.check), c.kind, c.outcome, 0, c.seen, pack.source(c.check),
            unconfirmed=_awaits(pack, c.check),
        )
        for c in state.checks.values()
        if c.kind == "automatic"
    ]  # fmt: skip
    for key, name in enumerate(core.procedure.step_of(StepKind.CHECKLIST).checks, start=1):
        done = state.checks.get(name)
        seen = f"{done.person} {done.utc[11:16]} UTC · {done.seen}" if done else ""
        outcome = done.outcome if done else "open"
        question = slip.question_of(name) if slip else None
        views.append(
            CheckView(
                name, pack.title(name), "attested", outcome, key, seen, pack.source(name),
                question.ask if question else NOTHING, question.region if question else "",
                hasty=bool(done and done.hasty), unconfirmed=_awaits(pack, name),
            )
        )  # fmt: skip
    return tuple(views)


def _awaits(rules: RuleSet, check: str) -> bool:
    row = rules.row(check)
    return row is not None and row.awaits_bank


def _voucher(core: DeskCore, state: Transaction, amount_minor: int) -> VoucherView | None:
    written, config = core.counter.written, core.given.config
    if state.slip is None or not written:
        return None
    return VoucherView(
        Text("存款凭条", "Deposit slip"), config.branch.zh, state.slip.slip_date, written["account_name"],
        written["account_number"], amount_minor, capitals(amount_minor),
        cash_rows(slip_rows(state), (), blank_slip=False),
    )  # fmt: skip


def _slip(core: DeskCore, state: Transaction) -> PageView:
    captured = core.captured_slip()
    voucher = None
    if captured is not None:
        voucher = VoucherView(
            Text("存款凭条", "Deposit slip"), core.given.config.branch.zh, captured.slip_date,
            captured.account_name, captured.account_number, captured.amount_minor, captured.capitals,
            cash_rows(captured.rows, ()),
        )  # fmt: skip
    checks = checks_of(core, state)
    return SlipView(
        captured=voucher,
        keyed_amount_minor=state.slip.amount_minor if state.slip else None,
        checks=checks,
        ready=state.slip is not None and all(one.state in ("pass", "warn") for one in checks),
        version_no=state.slip.version_no if state.slip else 0,
        business_date=core.given.config.business_date,
        scans=scans_of(core, state),
    )


def _match(core: DeskCore, state: Transaction) -> PageView:
    holder, written, match = core.counter.holder, core.counter.written, state.match
    agrees = match is not None and match_refusal(state) is None
    settle = match is not None and override_problem(state, DOCUMENTS[0]) is None and not agrees
    told = judge_name(written.get("account_name", ""), holder.name, core.rules) if match and holder else None
    then = (
        next_words(MatchResult[match.result], core.rules)
        if match and match.result in MatchResult.__members__
        else NOTHING
    )
    return NameMatchView(
        written_number=written.get("account_number", ""),
        written_name=written.get("account_name", ""),
        account_number=holder.account_number if holder else "",
        account_name=holder.name if holder else "",
        number_agrees=bool(match and match.number_agrees),
        result=match.result if match else "",
        reasons=match.reasons if match else (),
        way="agree" if agrees else "stop",
        explained=tuple((one.code, one.words) for one in told.reasons) if told else (),
        then=then,
        may_settle=settle,
        documents=DOCUMENTS,
        authorisers=tuple(
            person_view(one) for one in core.people() if settle and authoriser_problem(state, one) is None
        ),
        settled_by=core.named(state.override.second_person) if state.override else "",
    )


def _count(core: DeskCore, state: Transaction) -> PageView:
    second = core.at(StepKind.SECOND_COUNT)
    stage = CountStage.SECOND if second else CountStage.FIRST
    batches = state.batches_of(stage)
    counted = state.rows_of(stage)
    if second and not batches:
        counted = ()
    hand = sum(b.total_minor for b in batches if b.source is BatchSource.HAND)
    judged = sum(b.total_minor for b in state.batches_of(CountStage.FIRST) if b.source is BatchSource.JUDGED)
    attempts = [b for b in state.batches if b.stage is stage and b.source is BatchSource.MACHINE]
    can_accept = (second_agrees(state) if second else first_problem(state) is None) and bool(batches)
    return CountView(
        rows=cash_rows(() if second else slip_rows(state), counted),
        slip_minor=None if second or state.slip is None else state.slip.amount_minor,
        counted_minor=total_minor(counted),
        hand_minor=hand,
        judged_minor=judged,
        rejected_open=0 if second else state.rejected_open(),
        state=_count_state(core, state, second, counted),
        progress_pieces=core.counter.progress_pieces,
        progress_minor=0 if second else core.counter.progress_minor,
        counts_so_far=len(attempts),
        second=second,
        serials_read=sum(b.serials_read for b in batches),
        serials_unread=sum(b.serials_unread for b in batches),
        can_accept=can_accept,
        problem=attempts[-1].problem if attempts and not attempts[-1].complete else "",
        hand_limit_minor=state.hand_limit_minor,
    )


def _count_state(core: DeskCore, state: Transaction, second: bool, counted: tuple[CashRow, ...]) -> str:
    if core.counter.working == "counting":
        return "counting"
    stage = CountStage.SECOND if second else CountStage.FIRST
    mine = [b for b in state.batches if b.stage is stage]
    if not state.batches_of(stage):
        return "incomplete" if mine and not mine[-1].complete else "empty"
    if second:
        return "agrees" if second_agrees(state) else "differs"
    expected = state.slip.amount_minor if state.slip else 0
    found = total_minor(counted)
    if found != expected:
        return "over" if found > expected else "short"
    said = slip_rows(state)
    return "mix" if said and cash_differs(said, counted) else "agrees"


def cash_differs(said: tuple[CashRow, ...], counted: tuple[CashRow, ...]) -> bool:
    """Whether the slip's table and the count differ in pieces though the sums agree."""
    return {(r.denomination_minor, r.pieces) for r in said if r.pieces} != {
        (r.denomination_minor, r.pieces) for r in counted
    }


def _suspect(core: DeskCore, state: Transaction) -> PageView:
    note = state.open_note()
    assert note is not None
    people = {one.staff_no: one for one in core.people()}
    return SuspectNoteView(
        note_id=note.note_id,
        ordinal=len(state.notes),
        inspecting=core.counter.working == "inspecting",
        reading=note.note_class,
        denomination_minor=note.denomination_minor,
        verdicts=tuple(VerdictView(person_view(people[v.staff_no]), v.verdict) for v in note.verdicts),
        next_verdict=len(note.verdicts) + 1,
        candidates=seconds(core.people(), state, qualified=True),
        maker=person_view(people[state.maker]) if state.maker in people else None,
        may_hold=core.counter.note_inside == note.note_id or not note.returned,
    )


def has_rekeyed(core: DeskCore) -> bool:
    """Whether the person in the seat keyed the elements blind themselves: what another saw before says nothing."""
    state, seat = core.state, core.counter.seat
    return state is not None and seat is not None and state.rekeyed_by == seat.staff_no


def _review(core: DeskCore, state: Transaction) -> PageView:
    seat, facts = core.counter.seat, state.facts
    assert seat is not None and state.slip is not None  # noqa: PT018 - `page_of` shows the seat first
    voucher = _voucher(core, state, state.slip.amount_minor)
    assert voucher is not None
    agreed = has_rekeyed(core)
    name = state.checks.get(NAME_COMPARED)
    compared = name is not None and name.person == seat.staff_no
    maker = next(one for one in core.people() if one.staff_no == state.maker)
    holder = core.counter.holder
    return ReviewView(
        stage="rekey" if not agreed else ("sign" if compared else "compare"),
        reviewer=person_view(seat),
        maker=person_view(maker),
        voucher=voucher,
        written_name=core.counter.written.get("account_name", "") if agreed else "",
        account_name=holder.name if agreed and holder else "",
        facts=shown(core.counter.facts_plain) if agreed and core.counter.facts_plain else (),
        digest_words=words(facts.digest) if agreed and facts else "",
        differing=state.rekey_differing,
        checks=checks_of(core, state) if agreed else (),
        name_compared=compared,
        return_reasons=core.procedure.return_reasons,
        second_count_agreed="second" in state.accepted,
    )


def _confirm(core: DeskCore, state: Transaction) -> PageView:
    holder = core.counter.holder
    amount = state.slip.amount_minor if state.slip else 0
    return ConfirmView(
        amount, capitals(amount), mask_name(holder.name) if holder else "",
        mask_number(holder.account_number) if holder else "",
        cash_rows((), state.rows_of(CountStage.FIRST), blank_slip=True),
    )  # fmt: skip


def _post(core: DeskCore, state: Transaction) -> PageView:
    procedure = core.procedure
    views = tuple(
        CheckView(
            name, procedure.step_named(name).title, "automatic", "pass" if stands else "open", 0, "", ""
        )
        for name, stands in gates(procedure, state)
    )
    amount = state.slip.amount_minor if state.slip else 0
    return PostView(views, amount, all(one.state == "pass" for one in views))


def _print(core: DeskCore, state: Transaction) -> PageView:
    book = core.given.bank.book_of(state.account_id)
    if isinstance(book, Refusal):
        return PrintView("ready", 0, 0, 0, 0, (), (), 0, (), ())
    form, holder = core.given.forms.facts(book.form), core.counter.holder
    found = next_job(core, state, book)
    job = found if isinstance(found, NextJob) else None
    cursor = turned(cursor_of(book), form)
    return PrintView(
        state=_print_state(core, state, job),
        page=job.page if job else cursor.page,
        page_width_mm=form.page_width_mm,
        page_height_mm=form.page_height_mm,
        fold_mm=form.fold_mm,
        placed=_placed(core, book, job) if job else (),
        lines=_line_views(state, job) if job else (),
        lines_proved=state.jobs[-1].lines_on_page if state.jobs else 0,
        question=tuple(
            BookLineView(line, tuple(texts.items()), new=True) for line, texts in question_rows(core)
        ),
        candidates=seconds(core.people(), state),
        refusal=found if isinstance(found, Refusal) else None,
        cursor=(cursor.page, cursor.line),
        pages=form.pages,
        lines_per_page=form.lines_per_page,
        account_number=holder.account_number if holder else "",
        error_number=state.jobs[-1].error_number if state.jobs else 0,
    )


def _line_views(state: Transaction, job: NextJob) -> tuple[BookLineView, ...]:
    new = state.posting.entry_no if state.posting else 0
    return tuple(
        BookLineView(row.line, tuple(row.fields.items()), new=new in entries, entries=len(entries))
        for row, entries in zip(job.rows, job.covers, strict=True)
    )


def _placed(core: DeskCore, book: BookFacts, job: NextJob) -> tuple[PlacedText, ...]:
    request = PassbookJob("preview", book.form, job.page, job.rows, core.given.config.training)
    return tuple(
        PlacedText(one.x_mm, one.y_mm, one.text, new=True, cell_mm=one.cell_mm)
        for one in core.given.forms.preview(request)
    )


def _print_state(core: DeskCore, state: Transaction, job: NextJob | None) -> str:
    if core.counter.working == "printing":
        return "needs_book" if core.counter.needs_document else "printing"
    if state.print_question() is not None:
        return "unknown"
    if job is not None and state.turn_is_due(job.page, job.lines[0]):
        return "turn"
    if core.counter.book_unread and not core.counter.book_seen and job is not None:
        return "look"
    if needs_second_print(state):
        return "again"
    if state.jobs and state.jobs[-1].outcome == "not_done":
        return "not_done"
    return "ready"


def _hand_over(core: DeskCore, state: Transaction) -> PageView:
    return HandOverView(
        balance_minor=state.posting.balance_after_minor if state.posting else 0,
        amount_minor=state.slip.amount_minor if state.slip else 0,
        lines_printed=sum(job.lines_on_page for job in state.jobs),
        receipt=state.receipt_outcome,
        seal=SEAL_CASH_RECEIVED,
        items=_HANDED if state.book_id else _HANDED[1:],
    )


def _end(core: DeskCore, state: Transaction) -> PageView:
    next_person = core.named(state.open_items[0].next_person) if state.open_items else ""
    return EndView(
        outcome=state.outcome,
        number=state.number,
        amount_minor=state.slip.amount_minor if state.slip else 0,
        balance_minor=state.posting.balance_after_minor if state.posting else 0,
        reason=state.open_items[0].reason
        if state.outcome == "disputed" and state.open_items
        else state.reason,
        next_person=next_person,
    )


def _withhold(core: DeskCore, state: Transaction) -> PageView:
    """What two people found counterfeit, and how far the withholding of it is."""
    rules, under_way = core.rules, state.withholding()
    due = grounds_due(core, state, ())
    form = core.given.papers.get(FORM)
    documents = {
        name.removeprefix("id_kind."): words
        for name, words in (form.words.items() if form else ())
        if name.startswith("id_kind.")
    }
    holder = core.counter.holder
    return WithholdView(
        stage=due_step(state),
        notes=tuple(
            _withheld(core, state, ordinal, note)
            for ordinal, note in enumerate(state.withheld_open(), start=1)
        ),
        certificate_no=under_way.certificate.certificate_no if under_way else "",
        document=standing_certificate(core),
        paper=paper_state(core),
        answer=under_way.answer if under_way else "",
        rights=tuple(one.title for one in _rows(rules, ("CF-6",))),
        report_due=tuple((code, GROUNDS.get(code, Text(code, code))) for code in due),
        grounds=tuple((code, words) for code, words in GROUNDS.items() if code != "pieces"),
        reported=under_way is not None and under_way.reported is not None,
        documents=tuple(documents.items()),
        holder_name=holder.name if holder else "",
        custodians=tuple(person_view(one) for one in core.people() if custodian_problem(state, one) is None),
    )


def _withheld(core: DeskCore, state: Transaction, ordinal: int, note: ReferredNote) -> WithheldNoteView:
    done = state.secured.get(note.note_id)
    if done is not None:
        return WithheldNoteView(
            note.note_id, ordinal, done.denomination_minor, done.currency, done.custody, True, done.series,
            done.serial, done.bag_no,
        )  # fmt: skip
    worth = next((one.denomination_minor for one in note.verdicts if one.denomination_minor), 0)
    currency = core.given.config.currency
    return WithheldNoteView(
        note.note_id, ordinal, worth or note.denomination_minor, currency,
        custody_of(currency, False, core.rules), False,
    )  # fmt: skip


def _rows(rules: RuleSet, names: tuple[str, ...]) -> tuple[RuleRow, ...]:
    return tuple(row for name in names if (row := rules.row(name)) is not None)


_PAGES: Mapping[StepKind, Callable[[DeskCore, Transaction], PageView]] = {
    StepKind.IDENTIFY: _identify,
    StepKind.CHECKLIST: _slip,
    StepKind.NAME_MATCH: _match,
    StepKind.CASH_COUNT: _count,
    StepKind.SUSPECT_NOTE: _suspect,
    StepKind.VOUCHER: voucher_page,
    StepKind.SEAL_CHECK: seal_page,
    StepKind.CONCLUDE: conclude_page,
    StepKind.GIVE_BACK: give_back_page,
    StepKind.WITHHOLD: _withhold,
    StepKind.SECOND_COUNT: _count,
    StepKind.REVIEW: _review,
    StepKind.CUSTOMER_CONFIRM: _confirm,
    StepKind.POST: _post,
    StepKind.PRINT_PASSBOOK: _print,
    StepKind.HAND_OVER: _hand_over,
}
