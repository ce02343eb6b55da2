"""From the desk's core to the snapshot a face draws. Pure reading: nothing here changes or records anything.

While a step is blind (from the second count until the re-keyed values agree) no value but the voucher picture
carries amount, account or name: they are left out here, so no face can leak them.
"""

from __future__ import annotations

from desk.core import DeskCore
from desk.domain.capitals import capitals
from desk.domain.cash import CountStage
from desk.domain.masking import mask_name, mask_number
from desk.domain.people import Role
from desk.domain.procedure_kinds import ControlMode, StepKind, Text
from desk.domain.transaction import PARKED, Transaction
from desk.page_views import cash_rows, has_rekeyed, page_of
from desk.people_views import person_view
from desk.procedures.engine import is_needed, review_is_due
from desk.rules.control_rules import review_due
from desk.views import (
    CustomerView,
    DeskSnapshot,
    FactsView,
    ItemView,
    MenuEntry,
    PackView,
    ParkedView,
    RulesView,
    RuleView,
    StepView,
    TransactionView,
)

NOTHING = Text("", "")

_REASONS = {
    "limit": Text("金额达到复核限额 {limit}，第 {steps} 步须换人办理",
                  "At or above the review limit {limit}: steps {steps} need a second person"),
    "dual_mode": Text("双人复核制：每笔须复核，第 {steps} 步须换人办理",
                      "Dual control: every posting is reviewed; steps {steps} need a second person"),
}  # fmt: skip


def snapshot_of(core: DeskCore) -> DeskSnapshot:
    """Everything a face needs at this moment."""
    config, records = core.given.config, core.given.records
    return DeskSnapshot(
        branch=config.branch,
        desk_label=config.desk_label,
        business_date=config.business_date,
        training=config.training,
        teller=person_view(core.person) if core.person else None,
        staff=tuple(person_view(one) for one in core.people() if one.roles - {Role.IT}),
        transaction=_transaction(core),
        parked=_parked(core),
        items=tuple(
            ItemView(item.item_id, item.kind, item.number, core.named(item.next_person))
            for item in records.open_items()
        ),
        menu=tuple(MenuEntry(one.procedure, one.code, one.title) for one in core.given.procedures.values()),
        customer=_customer(core),
        done_today=records.archived_today(config.business_date),
        machines=core.given.room.places() if core.given.room else (),
        rules=_rules(core),
    )


def _rules(core: DeskCore) -> RulesView:
    """The rules the desk judges by now, and those that nobody has confirmed."""
    rules = core.rules
    return RulesView(
        reference=rules.reference,
        packs=tuple(
            PackView(one.name, one.title, one.valid_from, one.valid_to) for one in rules.packs.values()
        ),
        unconfirmed=tuple(
            RuleView(row.rule, row.title, row.source, row.confidence, pack.name)
            for pack in rules.packs.values()
            for row in pack.rules.values()
            if row.on and row.awaits_bank
        ),
    )


def _parked(core: DeskCore) -> tuple[ParkedView, ...]:
    found = []
    for row in core.given.records.open_transactions():
        procedure = core.given.procedures.get(row.procedure)
        if row.parked and procedure is not None:
            title = procedure.step_named(row.step).title if row.step else NOTHING
            found.append(ParkedView(row.transaction_id, row.number, procedure.title, title))
    return tuple(found)


def is_blind(core: DeskCore) -> bool:
    """Whether nothing but the voucher may show amount or account now (DESIGN §3)."""
    state = core.state
    if state is None:
        return False
    return core.at(StepKind.SECOND_COUNT) or (core.at(StepKind.REVIEW) and not has_rekeyed(core))


def _transaction(core: DeskCore) -> TransactionView | None:
    state = core.state
    if state is None or not state.procedure or state.status == PARKED:
        return None
    procedure, here = core.procedure, core.step()
    blind = is_blind(core)
    return TransactionView(
        transaction_id=state.transaction_id,
        number=state.number,
        code=procedure.code,
        title=procedure.title,
        steps=_steps(core, state),
        step=state.step,
        kind=here.kind if here else None,
        step_title=here.title if here else procedure.title,
        owner=here.owner if here else procedure.steps[-1].owner,
        rule=here.rule if here else NOTHING,
        phrase=here.phrase if here else NOTHING,
        second_person_reason=None if blind else _second_person_reason(core, state),
        page=page_of(core),
        facts=FactsView() if blind else _facts(core, state),
        blind=blind,
        posted=state.is_posted,
        seat=person_view(core.counter.seat) if core.counter.seat else None,
        given_back=state.given_back if core.at(StepKind.CHECKLIST) else ("", ""),
    )


def _steps(core: DeskCore, state: Transaction) -> tuple[StepView, ...]:
    shown = [step for step in core.procedure.steps if not step.called]
    names = [step.step for step in shown]
    here = state.step if state.step in names else "count"
    place = names.index(here) if state.step else len(names)
    views = []
    for number, step in enumerate(shown, start=1):
        if not is_needed(step, state) and state.slip is not None:
            mark = "not_needed"
        elif number - 1 < place and (state.step or (step.step, "done") in state.passed):
            mark = "done"
        else:
            mark = "current" if number - 1 == place else "waiting"
        if not state.step and (step.step == "match" or step.automatic) and state.outcome == "archived":
            mark = "done"
        views.append(StepView(number, step.step, step.title, step.owner, step.automatic, mark))
    return tuple(views)


def _second_person_reason(core: DeskCore, state: Transaction) -> Text | None:
    if state.slip is None or not state.step or not review_is_due(core.procedure, state):
        return None
    mode = ControlMode(state.control_mode)
    key = review_due(mode, state.review_limit_minor, state.slip.amount_minor) or "limit"
    shown = [step for step in core.procedure.steps if not step.called]
    numbers = [str(n) for n, step in enumerate(shown, 1) if step.guard and step.second_person]
    limit = f"{state.review_limit_minor // 100:,}.{state.review_limit_minor % 100:02d}"
    text = _REASONS[key]
    return Text(
        text.zh.format(limit=limit, steps="、".join(numbers)),
        text.en.format(limit=limit, steps=" and ".join(numbers)),
    )


def _facts(core: DeskCore, state: Transaction) -> FactsView:
    account, holder = core.counter.account, core.counter.holder
    if account is None or holder is None:
        return FactsView()
    unprinted = _unprinted(core)
    rows = (
        ("status", account.status),
        ("unprinted", str(unprinted)),
        ("agent", "none"),
        ("cash_in_today", str(account.cash_in_today_minor)),
        ("risk", account.risk),
    )
    batches = state.batches_of(CountStage.FIRST)
    match = state.match.result if state.match else ""
    return FactsView(
        account_number=holder.account_number,
        holder_name=holder.name,
        match=match,
        rows=rows,
        capitals=capitals(state.slip.amount_minor) if state.slip else "",
        capitals_state="agree" if state.slip else "",
        serials_read=sum(batch.serials_read for batch in batches),
        serials_unread=sum(batch.serials_unread for batch in batches),
        agreements=_agreements(state, unprinted, printing=core.at(StepKind.PRINT_PASSBOOK)),
    )


def _unprinted(core: DeskCore) -> int:
    assert core.state is not None
    book = core.given.bank.book_of(core.state.account_id)
    through = getattr(book, "printed_through", None)
    if through is None or not core.state.book_id:
        return 0
    return len(core.given.bank.entries_after(core.state.account_id, through))


def _agreements(state: Transaction, unprinted: int, printing: bool) -> tuple[tuple[str, str], ...]:
    """The agreements of the six that this transaction can show now: ledger/cash, ledger/voucher, ledger/book."""
    if state.slip is None:
        return ()
    counted = sum(row.amount_minor for row in state.rows_of(CountStage.FIRST))
    cash = "open" if not counted else ("agree" if counted == state.slip.amount_minor else "differ")
    found = [("cash", cash), ("voucher", "agree" if state.checks else "open")]
    if state.is_posted and state.book_id:
        behind = "open" if printing else "differ"
        found.append(("book", behind if unprinted else "agree"))
    return tuple(found)


_CUSTOMER_STATES = {
    StepKind.CASH_COUNT: "counting",
    StepKind.SUSPECT_NOTE: "counting",
    StepKind.SECOND_COUNT: "counting",
    StepKind.CUSTOMER_CONFIRM: "confirm",
    StepKind.POST: "posting",
    StepKind.PRINT_PASSBOOK: "printing",
    StepKind.HAND_OVER: "done",
}


def _customer(core: DeskCore) -> CustomerView:
    """The second screen: what the customer must check, masked; nothing of the customer before."""
    config, state, holder = core.given.config, core.state, core.counter.holder
    staff_no = core.person.staff_no if core.person else ""
    blank = CustomerView("welcome", NOTHING, None, "", "", "", (), config.desk_label, staff_no)
    if state is None or not state.procedure or state.is_ended or state.status == PARKED:
        return blank
    here = core.step()
    screen = _CUSTOMER_STATES.get(here.kind, "checking") if here else "welcome"
    told = screen in ("confirm", "posting", "printing", "done") and state.slip is not None
    if not told or holder is None or state.slip is None:
        return CustomerView(screen, core.procedure.title, None, "", "", "", (), config.desk_label, staff_no)
    return CustomerView(
        state=screen,
        title=core.procedure.title,
        amount_minor=state.slip.amount_minor,
        capitals=capitals(state.slip.amount_minor),
        masked_name=mask_name(holder.name),
        masked_number=mask_number(holder.account_number),
        rows=cash_rows((), state.rows_of(CountStage.FIRST), blank_slip=True),
        desk_label=config.desk_label,
        staff_no=staff_no,
    )
