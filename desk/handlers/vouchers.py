"""Examining a voucher: what was keyed and what the host knows go to the rules, pictures beside the chain, seals to
people.

Every judgement is made anew from what is recorded, so that the page and the statement say what the record says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desk import commands as c
from desk.core import DeskCore
from desk.corebank.contract import AccountFacts as BankAccount
from desk.corebank.contract import Holder
from desk.domain.events import PersonalRef
from desk.domain.money import parse_amount
from desk.domain.plain_text import plain, reason
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.seal_placement import SealPlacement
from desk.domain.transaction import Transaction
from desk.domain.voucher_form import Question, VoucherForm
from desk.facts import ACCEPT_WARNING, SEAL, seal_digest, warning_digest
from desk.handlers.books import second_permits
from desk.handlers.shape import Answer, as_maker, open_key
from desk.handlers.signing import sign_over
from desk.procedures import acts
from desk.procedures.steps.seal import CHECK as SEAL_CHECK
from desk.procedures.steps.seal import compare_problem, wanted_comparison
from desk.rules.endorsement_rules import Endorsement
from desk.rules.voucher_checks.facts import AccountFacts, HostAnswers, VoucherFacts
from desk.rules.voucher_checks.looking import questions_due
from desk.rules.voucher_checks.result import FAIL, OPEN, CheckResult
from desk.rules.voucher_judges import JUDGES
from desk.rules.voucher_rules import attested, judge_voucher

ASKED_BY = ("tick", "comparison", "identity")
"""Manners of asking that cost a person an answer of their own."""
MARKS = ("@absent", "@corrected", "@presenter", "@purpose", "@crossed", "@endorsements")
"""What is keyed beside the form's fields: what is missing or changed on the paper, who presents it, which use of
cash it is, whether it is crossed, and the endorsements as "endorser>endorsee;…"."""
KINDS: Mapping[str, str] = {"entity_settlement": "basic", "entity_general": "general"}
TEMPLATE_SEAL, TEMPLATE_WARNING = "voucher/seal-1", "voucher/warning-1"


@dataclass(frozen=True)
class Examined:
    """A voucher as it stands: its form, what it is judged against, and what the rules and people said."""

    form: VoucherForm
    facts: VoucherFacts
    results: tuple[CheckResult, ...]
    questions: tuple[Question, ...]

    def result(self, check: str) -> CheckResult | None:
        return next((one for one in self.results if one.check == check), None)


def key_voucher(core: DeskCore, command: c.KeyVoucher) -> Answer:
    """Record what was keyed, with everything the rules found in it."""
    form = core.given.vouchers.get(command.form)
    if form is None:
        return refuse(RefusalCode.FORM_UNKNOWN, form=plain(command.form)[:40])
    written = {name: plain(value).strip() for name, value in command.fields}
    unknown = [name for name in written if name not in MARKS and form.field_named(name) is None]
    if unknown:
        return refuse(RefusalCode.FIELD_FORMAT, field=unknown[0][:40])
    amount = _amount(form, written)
    if isinstance(amount, Refusal):
        return amount
    facts, bank_account = _facts(core, form, written, amount, command.use)
    results = judge_voucher(form, facts, core.rules, JUDGES)
    asked = tuple(one.check for one in questions_due(form, facts, core.rules) if one.by in ASKED_BY)
    kept = {
        "form": form.form,
        "use": command.use,
        **{f"field.{name}": value for name, value in written.items()},
    }
    kept |= _own_writing(form, written)
    sealed = core.seal_json(kept)
    act = acts.KeyVoucher(
        form=form.form,
        use=command.use,
        currency=core.given.config.currency,
        amount_minor=amount,
        voucher_date=_date(form, written),
        written=sealed.ref,
        asked=asked,
        results=tuple(one for one in results if not _is_asked(one, asked)),
        account=_found(core, bank_account),
        serial=next((written.get(one.field, "") for one in form.of_kind("serial")), ""),
    )
    refusal = as_maker(core, act, (sealed,))
    if refusal:
        return refusal
    core.counter.written = kept
    if bank_account is not None:
        core.counter.account, core.counter.holder = bank_account
    return None


def _is_asked(one: CheckResult, asked: tuple[str, ...]) -> bool:
    """The machine's half is well, and the other half is a person's to say: their answer is the record."""
    return one.outcome == OPEN and one.check in asked


def _amount(form: VoucherForm, written: Mapping[str, str]) -> int | Refusal:
    """The amount in figures, if the form has one and it is filled; an empty one is 0, which the rules find missing."""
    for one in form.of_kind("amount"):
        text = written.get(one.field, "")
        return parse_amount(text) if text else 0
    return 0


def _date(form: VoucherForm, written: Mapping[str, str]) -> str:
    return next((written.get(one.field, "") for one in form.of_kind("date")), "")


def _own_writing(form: VoucherForm, written: Mapping[str, str]) -> dict[str, str]:
    """Name and number of the party whose account is moved, as the match of both reads them."""
    party = form.debits or form.credits
    prefix = f"{party}_" if party else ""
    number = written.get(f"{prefix}account", "") or written.get("account_number", "")
    name = written.get(f"{prefix}name", "") or written.get("account_name", "")
    return {"account_number": "".join(number.split()), "account_name": name}


def _facts(
    core: DeskCore, form: VoucherForm, written: Mapping[str, str], amount_minor: int, use: str
) -> tuple[VoucherFacts, tuple[BankAccount, Holder] | None]:
    config = core.given.config
    own = _own_writing(form, written)
    found = _account(core, own["account_number"])
    party = form.debits or form.credits or "account"
    account = _told(core, form, own["account_number"], found)
    facts = VoucherFacts(
        form=form.form,
        transaction=_transaction(form, use),
        bank_code=config.bank_code,
        currency=config.currency,
        expected_bank=config.bank_code,
        expected_currency=config.currency,
        business_date=config.business_date,
        amount_minor=amount_minor,
        written={name: value for name, value in written.items() if name not in MARKS},
        endorsements=_endorsements(written.get("@endorsements", "")),
        absent=_set(written.get("@absent", "")),
        corrected=_set(written.get("@corrected", "")),
        accounts={party: account},
        elsewhere=frozenset(one for one in form.parties if one != party),
        host=_host(core, form, written, found),
        presenter=written.get("@presenter", ""),
        paid_as=use,
        crossed=written.get("@crossed", "") == "yes",
        purpose=written.get("@purpose", ""),
    )
    return facts, found


def _transaction(form: VoucherForm, use: str) -> str:
    """What is asked for: in cash, by transfer, or what the form alone says."""
    wanted = {"cash": "cash_withdrawal", "transfer": "transfer"}.get(use, "")
    if wanted == "cash_withdrawal" and form.transactions == ("cash_deposit",):
        return "cash_deposit"
    return wanted or form.transactions[0]


def _set(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.split(",") if one.strip())


def _endorsements(text: str) -> tuple[Endorsement, ...]:
    pairs = [one.split(">", 1) for one in text.split(";") if one.strip()]
    return tuple(Endorsement(pair[0].strip(), pair[-1].strip() if len(pair) > 1 else "") for pair in pairs)


def _account(core: DeskCore, number: str) -> tuple[BankAccount, Holder] | None:
    account = core.given.bank.account_by_number(number) if number.isascii() and number.isdigit() else None
    if account is None or isinstance(account, Refusal):
        return None
    holder = core.given.bank.holder(account)
    if isinstance(holder, Refusal) or holder.account_number != number:
        return None
    return account, holder


def _told(
    core: DeskCore, form: VoucherForm, number: str, found: tuple[BankAccount, Holder] | None
) -> AccountFacts:
    if found is None:
        return AccountFacts(number, "", "unknown")
    account, holder = found
    keeps = core.given.records.specimen_of(account.account_id) is not None
    return AccountFacts(
        holder.account_number, holder.name, account.status, KINDS.get(account.kind, "person"),
        account.balance_minor, keeps_seal=keeps,
    )  # fmt: skip


def _host(
    core: DeskCore, form: VoucherForm, written: Mapping[str, str], found: tuple[BankAccount, Holder] | None
) -> HostAnswers:
    """What the host answers: a stop on the account, and whether the number was used before."""
    serial = next((written.get(one.field, "") for one in form.of_kind("serial")), "")
    stop = "loss" if found is not None and found[0].status == "lost" else "none"
    used = bool(serial) and core.given.records.serial_used(form.form, serial)
    return HostAnswers(stop=stop, register="used" if used else "unused")


def _found(core: DeskCore, found: tuple[BankAccount, Holder] | None) -> acts.FoundAccount | None:
    if found is None:
        return None
    account = found[0]
    book = core.given.bank.book_of(account.account_id)
    book_id = "" if isinstance(book, Refusal) else book.book_id
    return acts.FoundAccount(account.account_id, account.customer_id, account.holder, book_id)


def examined(core: DeskCore) -> Examined | None:
    """The voucher on the counter judged again: what was keyed, and what people answered since. None until it was
    keyed."""
    state, kept = core.state, core.counter.written
    form = core.given.vouchers.get(kept.get("form", "")) if state and state.slip else None
    if state is None or state.slip is None or form is None:
        return None
    written = {
        name.removeprefix("field."): value for name, value in kept.items() if name.startswith("field.")
    }
    facts, _ = _facts(core, form, written, state.slip.amount_minor, state.slip.use)
    answered = frozenset(
        name for name, one in state.checks.items() if one.kind == "attested" and one.outcome == "pass"
    )
    facts = replace(facts, attested=answered)
    results = judge_voucher(form, facts, core.rules, JUDGES)
    return Examined(
        form, facts, (*results, *_answers(core, state, form, results)), questions_due(form, facts, core.rules)
    )


def _answers(
    core: DeskCore, state: Transaction, form: VoucherForm, results: tuple[CheckResult, ...]
) -> tuple[CheckResult, ...]:
    """People's answers, as lines of the same list."""
    machine = {one.check for one in results}
    found = [
        attested(form, name, one.outcome == "pass", one.seen, core.rules)
        for name, one in state.checks.items()
        if one.kind == "attested" and (name not in machine or one.outcome == FAIL)
    ]
    return tuple(one for one in found if one is not None)


# --- pictures, warnings, the seal
# --------------------------------------------------------------------------------------


def attach_scan(core: DeskCore, command: c.AttachScan) -> Answer:
    """Keep a picture beside the chain, encrypted like every personal record."""
    sealed = core.given.records.seal_personal(command.png)
    act = acts.AttachScan(sealed.ref, command.side, command.width_px, command.height_px)
    refusal = as_maker(core, act, (sealed,))
    if refusal is None:
        core.counter.pictures[sealed.ref.record_id] = command.png
    return refusal


def picture(core: DeskCore, ref: PersonalRef) -> bytes:
    """A picture's bytes, decrypted once while its transaction lies on the counter; b"" where it was erased."""
    if ref.record_id not in core.counter.pictures:
        plain_bytes = core.given.records.personal(ref)
        core.counter.pictures[ref.record_id] = b"" if isinstance(plain_bytes, Refusal) else plain_bytes
    return core.counter.pictures[ref.record_id]


def accept_warning(core: DeskCore, command: c.AcceptWarning) -> Answer:
    state = core.state
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    said, warning_id = reason(command.reason), core.given.new_id()
    if not said:
        return refuse(RefusalCode.REASON_MISSING)
    digest = warning_digest(state, command.check, said)
    second = second_permits(
        core, command.staff_no, command.password, ACCEPT_WARNING, digest, warning_id, TEMPLATE_WARNING
    )
    if isinstance(second, Refusal):
        return second
    return as_maker(core, acts.AcceptWarning(warning_id, command.check, said, second))


def accept_voucher(core: DeskCore, command: c.AcceptVoucher) -> Answer:
    return as_maker(core, acts.PassVoucher())


def compare_seal(core: DeskCore, command: c.CompareSeal) -> Answer:
    """One person's comparison, signed with their own key over both pictures and how the specimen lay."""
    state = core.state
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    specimen = core.given.records.specimen_of(state.account_id)
    if specimen is None:
        return refuse(RefusalCode.SPECIMEN_MISSING)
    person = core.person_named(command.staff_no)
    if isinstance(person, Refusal):
        return person
    refusal = compare_problem(state, command.verdict, person)
    if refusal:
        return refusal
    own = core.signer is not None and core.signer.staff_no == command.staff_no
    signer = core.signer if own else open_key(core, command.staff_no, command.password, "reviewer")
    if signer is None or isinstance(signer, Refusal):
        return signer or refuse(RefusalCode.NOT_SIGNED_ON)
    front = next(scan.scan for scan in state.scans if scan.side == "front")
    placement = SealPlacement(
        command.dx_px, command.dy_px, command.rotation_centidegrees, command.scale_permille
    )
    act = acts.CompareSeal(
        core.given.new_id(), command.verdict, placement, specimen, front,
        core.rules.rule_reference(SEAL_CHECK), acts.UNSIGNED,
    )  # fmt: skip
    digest = seal_digest(state, wanted_comparison(act, person))
    signed = sign_over(core, signer, state.transaction_id, SEAL, digest, act.comparison_id, TEMPLATE_SEAL)
    if not own:
        signer.close()
    if isinstance(signed, Refusal):
        return signed
    return core.act(replace(act, signed=signed), person, "maker" if own else "reviewer")


def conclude(core: DeskCore, command: c.ConcludeVoucher) -> Answer:
    return as_maker(core, acts.Conclude())
