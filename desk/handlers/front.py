"""The front of a deposit: start, identify, the slip, and the match of number and name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desk import commands as c
from desk.core import DeskCore
from desk.domain.money import parse_amount
from desk.domain.plain_text import reason
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import DepositSlip
from desk.handlers.shape import Answer, as_maker, not_here
from desk.journal.past import moment
from desk.procedures import acts
from desk.rules.name_rules import match_account
from desk.rules.voucher_rules import SlipFacts, automatic_checks
from devices.contracts import StripeReading
from devices.errors import DeviceErrorCode

REMARK_CHARACTERS = 120


def start(core: DeskCore, command: c.StartTransaction) -> Answer:
    """Begin a procedure by id or code; one transaction is on the counter at a time (一笔一清)."""
    if core.person is None:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    if _has_one_open(core, core.person.staff_no):
        return refuse(RefusalCode.ANOTHER_OPEN)
    wanted = command.procedure
    found = [p for p in core.given.procedures.values() if wanted in (p.procedure, p.code)]
    if not found:
        return refuse(RefusalCode.PROCEDURE_UNKNOWN, procedure=wanted)
    config = core.given.config
    core.start(core.given.new_id())
    begin = acts.Begin(
        _number(core), config.control_mode, config.review_limit_minor, config.hand_limit_minor,
        core.rules.reference,
    )  # fmt: skip
    refusal = core.begin(found[0], begin, core.person)
    if refusal:
        core.clear()
    elif core.given.machines.counter is not None:
        core.given.machines.counter.forget()  # what the last customer left in the machine is not this one's cash
    return refusal


def _has_one_open(core: DeskCore, staff_no: str) -> bool:
    """On the counter, or on record where it could not be taken up."""
    if core.state is not None and not core.state.is_ended:
        return True
    return any(row.maker == staff_no and not row.parked for row in core.given.records.open_transactions())


def _number(core: DeskCore) -> str:
    config = core.given.config
    month_day = config.business_date[5:7] + config.business_date[8:10]
    return f"{config.desk_number}-{month_day}-{core.given.records.next_number(config.business_date):04d}"


def read_book(core: DeskCore, command: c.ReadBook) -> Answer:
    """Read the account from the book's stripe."""
    printer = core.given.machines.printer
    refusal = not_here(core, StepKind.IDENTIFY)
    if refusal:
        return refusal
    if printer is None:
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error="none")
    core.counter.working = "reading"
    core.publish()
    core.given.records.moment("stripe:before")
    reading = printer.read_stripe(lambda progress: None, core.given.cancel)
    core.given.records.moment("stripe:after")
    core.counter.working = ""
    if not isinstance(reading, StripeReading):
        if reading.code is DeviceErrorCode.CANCELLED:
            return None
        return refuse(RefusalCode.DEVICE_NOT_READY, device="passbook_printer", error=str(reading))
    return identify(core, c.IdentifyCustomer(reading.text))


def identify(core: DeskCore, command: c.IdentifyCustomer) -> Answer:
    """Find the account; its number is checked against the decrypted record, not only against the index."""
    number = "".join(command.account_number.split())
    if not number.isascii() or not number.isdigit():
        return refuse(RefusalCode.FIELD_FORMAT, field="account_number")
    bank = core.given.bank
    account = bank.account_by_number(number)
    if isinstance(account, Refusal):
        return account
    holder = bank.holder(account)
    if isinstance(holder, Refusal):
        return holder
    if holder.account_number != number:
        return refuse(RefusalCode.NUMBER_MISMATCH)
    book = bank.book_of(account.account_id)
    book_id = "" if isinstance(book, Refusal) else book.book_id
    act = acts.Identify(account.account_id, account.customer_id, account.status, account.holder, book_id)
    refusal = as_maker(core, act)
    if refusal:
        return refusal
    core.counter.account, core.counter.holder = account, holder
    core.counter.captured = core.given.slips.slip_for(number)
    return None


def confirm_customer(core: DeskCore, command: c.ConfirmCustomer) -> Answer:
    return as_maker(core, acts.ConfirmIdentity(command.presence))


def capture_slip(core: DeskCore, command: c.CaptureSlip) -> Answer:
    """Fetch the customer's electronic slip again."""
    if core.counter.holder is None:
        return refuse(RefusalCode.ACCOUNT_UNKNOWN)
    core.counter.captured = core.given.slips.slip_for(core.counter.holder.account_number)
    return None


def key_slip(core: DeskCore, command: c.KeySlip) -> Answer:
    """The slip as the teller reads it: the amount is always keyed, the rest may come from the captured slip."""
    amount = parse_amount(command.amount)
    if isinstance(amount, Refusal):
        return amount
    slip = _slip(core, command, amount)
    written = {"account_name": slip.account_name, "account_number": slip.account_number}
    sealed = core.seal_json(written)
    results = automatic_checks(_slip_facts(core, slip, amount), core.rules)
    refusal = as_maker(core, acts.WriteSlip(slip, sealed.ref, results), (sealed,))
    if refusal is None:
        core.counter.written = written
    return refusal


def _slip(core: DeskCore, command: c.KeySlip, amount_minor: int) -> DepositSlip:
    config = core.given.config
    keyed = DepositSlip(
        form=core.procedure.voucher_form if core.state else "",
        bank_code=config.bank_code,
        currency=config.currency,
        amount_minor=amount_minor,
        slip_date=command.slip_date,
        account_name=command.account_name,
        account_number="".join(command.account_number.split()),
        rows=command.rows,
        capitals=command.capitals,
        source="typed",
    )
    captured = core.captured_slip()
    if captured is None:
        return replace(keyed, slip_date=keyed.slip_date or config.business_date)
    return replace(
        captured,
        account_name=keyed.account_name or captured.account_name,
        account_number=keyed.account_number or captured.account_number,
        slip_date=keyed.slip_date or captured.slip_date,
        rows=keyed.rows or captured.rows,
        capitals=keyed.capitals or captured.capitals,
    )


def _slip_facts(core: DeskCore, slip: DepositSlip, keyed_amount_minor: int) -> SlipFacts:
    config = core.given.config
    account = core.counter.account
    return SlipFacts(
        slip=slip,
        expected_form=core.procedure.voucher_form if core.state else "",
        bank_code=config.bank_code,
        currency=config.currency,
        business_date=config.business_date,
        account_status=account.status if account else "",
        keyed_amount_minor=keyed_amount_minor,
    )


def tick(core: DeskCore, command: c.TickCheck) -> Answer:
    """An attested item: who and when stand in the head, what was seen in the event."""
    rule = core.rules.rule_reference(command.check)
    seen = reason(command.remark)[:REMARK_CHARACTERS] or "seen on paper"
    row = core.rules.row(command.check)
    act = acts.Tick(
        command.check,
        command.passed,
        seen,
        rule,
        _looked_ms(core),
        row.whole("look_milliseconds") if row else 0,
    )
    return as_maker(core, act)


def _looked_ms(core: DeskCore) -> int:
    """How long the item lay before the person: since the last thing that happened in this transaction."""
    before = moment(core.state.last_utc) if core.state else None
    if before is None:
        return 0
    return max(0, (core.given.utc_now() - before) // timedelta(milliseconds=1))


def accept_slip(core: DeskCore, command: c.AcceptSlip) -> Answer:
    return as_maker(core, acts.PassSlip())


def match(core: DeskCore) -> Answer:
    """Compare number and name of the slip with the account's; both pairs are kept beside the chain."""
    holder, written = core.counter.holder, core.counter.written
    if holder is None:
        return refuse(RefusalCode.ACCOUNT_UNKNOWN)
    found = match_account(
        written["account_number"], written["account_name"], holder.account_number, holder.name, core.rules
    )
    sealed = core.seal_json({"written": dict(written), "account_name": holder.name})
    return as_maker(core, acts.MatchName(found.number_agrees, found.match, sealed.ref), (sealed,))


def return_slip(core: DeskCore, command: c.ReturnSlip) -> Answer:
    """The customer writes a new slip; a captured one does not serve twice (``DeskCore.captured_slip``)."""
    return as_maker(core, acts.ReturnToSlip(command.reason))
