"""Examining a voucher of any form: what is written, what the rules and the teller saw, what is taken on, what refused.

Nothing posts here. A voucher with an open or failed check is never accepted; a refusal says its grounds and, where a
statement is due, which one was made (counter-rules §1.6–1.7).
"""

from __future__ import annotations

from desk.domain.events import (
    CheckRecorded,
    CustomerIdentified,
    Event,
    ItemOpened,
    PaperHandedOut,
    ScanAttached,
    SlipRecorded,
    VoucherRefused,
    WarningAccepted,
)
from desk.domain.people import Act as PersonAct
from desk.domain.people import Person, may_act
from desk.domain.plain_text import reason
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import CheckState, Transaction
from desk.facts import ACCEPT_WARNING, warning_digest
from desk.procedures.acts import (
    AcceptWarning,
    AttachScan,
    Conclude,
    GiveVoucherBack,
    KeyVoucher,
    PassVoucher,
    RecordPaper,
    RefuseVoucher,
)
from desk.procedures.procedure import Procedure
from desk.procedures.steps.finish import permit_problem
from desk.procedures.steps.shape import Decision, then_pass
from desk.procedures.steps.slip import ELSEWHERE, open_checks

SIDES = ("front", "back", "document")
GOOD = ("pass", "not_applicable")
PAPER_WAYS = ("file", "queue")
PAPER_OUTCOMES = ("unknown", "done", "not_done")


def write(procedure: Procedure, state: Transaction, act: KeyVoucher, person: Person) -> Decision:
    """Record what the voucher says and what every automatic check found, failures too: they are its evidence. A new
    version voids what was built on the old one."""
    events: list[Event] = []
    if act.account is not None and act.account.account_id != state.account_id:
        refusal = may_act(person, PersonAct.MAKE, (), act.account.customer_id)
        if refusal:
            return refusal
        found = act.account
        events.append(
            CustomerIdentified(
                found.account_id, found.customer_id, found.account, found.book_id, person.staff_no
            )
        )
    events.append(
        SlipRecorded(
            version_no=state.slip.version_no + 1 if state.slip else 1,
            form=act.form,
            currency=act.currency,
            amount_minor=act.amount_minor,
            slip_date=act.voucher_date,
            rows=(),
            source="typed",
            written=act.written,
            asked=act.asked,
            use=act.use,
            serial=act.serial,
        )
    )
    events += [
        CheckRecorded(one.check, one.kind, one.outcome, one.seen, one.rule)
        for one in act.results
        if one.outcome in ("pass", "fail", "warn", "open")
    ]
    return tuple(events)


def attach(procedure: Procedure, state: Transaction, act: AttachScan, person: Person) -> Decision:
    """A picture of one side; a new one takes the place of the old."""
    if act.side not in SIDES or act.width_px <= 0 or act.height_px <= 0:
        return refuse(RefusalCode.FIELD_FORMAT, field="scan")
    return (ScanAttached(act.scan, act.side, act.width_px, act.height_px),)


def accept_warning(procedure: Procedure, state: Transaction, act: AcceptWarning, person: Person) -> Decision:
    """The teller takes a warning on, for a reason, with a second person's signature (CD-6)."""
    check, said = state.checks.get(act.check), reason(act.reason)
    if check is None or check.outcome != "warn":
        return refuse(RefusalCode.CHECK_UNKNOWN, check=act.check)
    if not said:
        return refuse(RefusalCode.REASON_MISSING)
    digest = warning_digest(state, act.check, said)
    refusal = permit_problem(state, act.second, ACCEPT_WARNING, digest, act.warning_id)
    if refusal:
        return refusal
    signed = act.second.signed
    return (
        WarningAccepted(act.warning_id, act.check, said, signed.staff_no, signed.statement, signed.signature),
    )


def _against(state: Transaction, check: CheckState) -> Refusal | None:
    """Why one line of the list stands in the way."""
    if check.outcome == "fail":
        return refuse(RefusalCode.CHECK_FAILED, check=check.check)
    if check.outcome == "warn" and check.check not in state.warnings:
        return refuse(RefusalCode.WARNING_OPEN, check=check.check)
    return refuse(RefusalCode.CHECK_OPEN, check=check.check) if check.outcome == "open" else None


def problem(procedure: Procedure, state: Transaction, elsewhere: bool = False) -> Refusal | None:
    """Why the voucher is not accepted as it stands; None when every check is answered well. ``elsewhere``: those too
    that a later step asks."""
    if state.slip is None:
        return refuse(RefusalCode.SLIP_INCOMPLETE, missing="form")
    for check in state.checks.values():
        bad = _against(state, check)
        if bad:
            return bad
    waiting = open_checks(procedure, state)
    if waiting:
        return refuse(RefusalCode.CHECK_OPEN, check=waiting[0])
    if elsewhere:
        for name in state.slip.asked:
            if name in ELSEWHERE and name not in state.checks:
                return refuse(RefusalCode.CHECK_OPEN, check=name)
        if not state.names_agree:
            return refuse(
                RefusalCode.NAME_MISMATCH, result=state.match.result if state.match else "NOT_CHECKABLE"
            )
    return None


def accept(procedure: Procedure, state: Transaction, act: PassVoucher, person: Person) -> Decision:
    """Leave the examination for the match of number and name."""
    return problem(procedure, state) or then_pass(procedure, state, (), person, "done")


def turn_away(procedure: Procedure, state: Transaction, act: RefuseVoucher, person: Person) -> Decision:
    """Refuse the voucher: nothing of it can be accepted or posted any more (RF-6). A suspected forgery is kept, and a
    supervisor named as next (RF-4)."""
    if state.slip is None:
        return refuse(RefusalCode.SLIP_INCOMPLETE, missing="form")
    if not act.reason:
        return refuse(RefusalCode.REASON_MISSING)
    refused = VoucherRefused(
        act.grounds, act.reason, reason(act.remark), act.statement_no, act.digest, act.kept, act.paper
    )
    events: tuple[Event, ...] = (refused,)
    if act.kept:
        events = (refused, ItemOpened(act.item_id, "voucher_kept", act.next_person, act.reason))
    return then_pass(procedure, state, events, person, "refused")


def give_back(procedure: Procedure, state: Transaction, act: GiveVoucherBack, person: Person) -> Decision:
    """The customer has the voucher again, with the statement where one is due: a person saw it lie there."""
    refused = state.refused
    if refused is None:
        return refuse(RefusalCode.STEP_MISSING, step=state.step)
    if refused.statement_no and not any(one.outcome == "done" for one in state.papers):
        return refuse(RefusalCode.PAPER_OPEN, document=refused.statement_no)
    return then_pass(procedure, state, (), person, "done")


def conclude(procedure: Procedure, state: Transaction, act: Conclude, person: Person) -> Decision:
    """Every check stands: the voucher is examined."""
    return problem(procedure, state, elsewhere=True) or then_pass(procedure, state, (), person, "accepted")


def _papers(state: Transaction) -> tuple[tuple[str, str], ...]:
    """Number and digest of the papers that this transaction has made and may print."""
    found = [(state.refused.statement_no, state.refused.digest)] if state.refused else []
    under_way = state.withholding()
    if under_way is not None:
        found.append((under_way.certificate.certificate_no, under_way.certificate.digest))
    return tuple(one for one in found if one[0])


def paper(procedure: Procedure, state: Transaction, act: RecordPaper, person: Person) -> Decision:
    """A paper of this transaction went out, or a person says that it lies there."""
    if act.way not in PAPER_WAYS or act.outcome not in PAPER_OUTCOMES:
        return refuse(RefusalCode.FIELD_FORMAT, field="paper")
    if (act.document_no, act.digest) not in _papers(state):
        return refuse(RefusalCode.PRINT_JOB_UNKNOWN)
    copies = sum(one.outcome == "unknown" for one in state.papers)
    return (PaperHandedOut(act.document_no, act.digest, act.way, act.outcome, copies + 1),)
