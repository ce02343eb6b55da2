"""Refusing a voucher: its grounds in the rules' words, and the return-reason statement where one is due."""

from __future__ import annotations

from collections.abc import Mapping

from desk import commands as c
from desk.core import DeskCore
from desk.documents.digest import digest_of
from desk.documents.document import Document, same
from desk.documents.return_statement import Ground, ReturnFacts, return_statement
from desk.domain.capitals import capitals
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.handlers.papers import clerk, heading_of
from desk.handlers.shape import Answer, as_maker
from desk.handlers.vouchers import Examined, examined
from desk.procedures import acts
from desk.records import Sealed
from desk.rules.voucher_checks.result import FAIL
from desk.rules.voucher_checks.returns import ReturnGround, grounds_of

FORM = "return_statement"
REASONS = "RF-3-"
"""Rules of this beginning are the usual reasons of a return."""
KEPT = "VC-02"
_INSTRUMENTS: Mapping[str, str] = {"ordinary_cheque": "open_cheque"}
"""Where the statement calls an instrument otherwise than its form."""


def reasons_of(core: DeskCore, found: Examined | None) -> tuple[tuple[str, Text], ...]:
    """The usual reasons, those of the failed checks first."""
    suggested = [one.reason for one in grounds_of(found.results, core.rules)] if found else []
    rows = {row.rule: row.title for row in core.rules.pack("vouchers").family(REASONS)}
    order = [*suggested, *(rule for rule in rows if rule not in suggested)]
    return tuple((rule, rows[rule]) for rule in order if rule in rows)


def statement_is_due(found: Examined | None) -> bool:
    """Instruments go back with a statement of the grounds in fact and law; a slip goes back with a word (RF-1,
    RF-2)."""
    return found is not None and found.form.family == "instrument"


def refuse_voucher(core: DeskCore, command: c.RefuseVoucher) -> Answer:
    """Refuse what failed, or what the teller found: one of the usual reasons, and the paper that says it."""
    state, found = core.state, examined(core)
    if state is None or found is None:
        return refuse(RefusalCode.SLIP_INCOMPLETE, missing="form")
    if core.rules.row(command.reason) is None or not command.reason.startswith(REASONS):
        return refuse(RefusalCode.REASON_MISSING)
    failed = tuple(one.check for one in found.results if one.outcome == FAIL)
    number, digest, paper = "", "", None
    sealed: tuple[Sealed, ...] = ()
    if statement_is_due(found):
        number = f"{state.number}-T1"
        said = {
            "salt": core.given.new_id(), "reviewer": command.reviewer, "reason": command.reason,
            "returned_at": core.given.utc_now().astimezone().strftime("%H:%M"),
        }  # fmt: skip
        made = statement(core, state, found, number, said)
        if isinstance(made, Refusal):
            return made
        record = core.seal_json(said)
        digest, paper, sealed = digest_of(made, said["salt"]), record.ref, (record,)
    act = acts.RefuseVoucher(
        failed, command.reason, command.remark, number, digest, KEPT in failed, core.given.new_id(),
        core.supervisor(), paper,
    )  # fmt: skip
    return as_maker(core, act, sealed)


def grounds(core: DeskCore, found: Examined, reason: str) -> tuple[ReturnGround, ...]:
    """What failed, and the reason the teller chose where no check names it."""
    told = grounds_of(found.results, core.rules)
    row = core.rules.row(reason)
    if row is None or any(one.reason == reason for one in told):
        return told
    return (*told, ReturnGround(row.rule, row.title, row.title, row.text("ground")))


def statement(
    core: DeskCore, state: Transaction, found: Examined, number: str, said: Mapping[str, str]
) -> Document | Refusal:
    """The statement made from what is recorded: the same facts make the same paper."""
    form = core.given.papers.get(FORM)
    if form is None:
        return refuse(RefusalCode.FORM_UNKNOWN, form=FORM)
    facts = found.facts
    amount = state.slip.amount_minor if state.slip else 0
    instrument = "crossed_cheque" if facts.crossed else _INSTRUMENTS.get(found.form.form, found.form.form)
    return return_statement(
        ReturnFacts(
            heading=heading_of(core, number),
            instrument=instrument,
            grounds=tuple(_ground(one) for one in grounds(core, found, said["reason"])),
            returned_at=said["returned_at"],
            handled_by=clerk(core, state.maker),
            reviewed_by=clerk(core, said["reviewer"]),
            instrument_number=_first(found, "serial"),
            issue_date=_first(found, "date"),
            amount_minor=amount,
            capitals=_first(found, "capitals") or (capitals(amount) if amount else ""),
            drawer=facts.says("payer_name"),
            drawer_account=facts.says("payer_account"),
            payer_bank=facts.says("payer_bank"),
            payee=facts.says("payee_name"),
            presenter=facts.presenter,
        ),
        form,
    )


def _ground(one: ReturnGround) -> Ground:
    return Ground(one.reason, one.fact, same(one.law))


def _first(found: Examined, kind: str) -> str:
    return next((found.facts.says(one.field) for one in found.form.of_kind(kind)), "")


def standing_statement(core: DeskCore) -> Document | None:
    """The statement of the refused voucher, made again from the record; None where none is due or it cannot be read."""
    state, found = core.state, examined(core)
    refused = state.refused if state else None
    if state is None or found is None or refused is None or refused.paper is None:
        return None
    said = core.personal_json(refused.paper)
    if isinstance(said, Refusal):
        return None
    made = statement(core, state, found, refused.statement_no, said)
    if isinstance(made, Refusal) or digest_of(made, said["salt"]) != refused.digest:
        return None
    return made


def give_back(core: DeskCore, command: c.GiveVoucherBack) -> Answer:
    return as_maker(core, acts.GiveVoucherBack())
