"""The desk's core: collaborators, the transaction on the counter, and the one way an act becomes record.

Holds no procedure knowledge and no faces. Everything here runs on the desk's one thread; only ``snapshot`` values
leave it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from desk.book_plan import DEFAULT_POLICY, BookPolicy
from desk.corebank.contract import AccountFacts, CoreBank, Holder
from desk.documents.form import DocumentForm
from desk.domain.events import Event, PersonalRef
from desk.domain.people import Person, Role
from desk.domain.procedure_kinds import ControlMode, StepKind, Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Happened, Transaction, apply, fold_all
from desk.domain.voucher import DepositSlip
from desk.domain.voucher_form import VoucherForm
from desk.journal.entry import EventHead
from desk.machines import BookForms, MachineRoom, Machines, SlipSource
from desk.procedures.acts import Act, Begin
from desk.procedures.decide import decide
from desk.procedures.procedure import Procedure, Step
from desk.records import Authenticator, Records, Sealed, Signer
from desk.rules.rule_book import RuleBook
from desk.rules.rule_pack import PackFlaw
from desk.rules.rule_set import RuleSet


@dataclass(frozen=True)
class DeskConfig:
    """What branch IT decided for this desk. Limits in minor units, both inclusive of the boundary."""

    branch_id: str
    branch: Text
    desk_label: str
    desk_number: str
    business_date: str
    bank_code: str
    control_mode: ControlMode
    review_limit_minor: int
    hand_limit_minor: int
    cash_account_id: str
    currency: str = "CNY"
    training: bool = False
    language: str = "zh_CN"
    region: str = "CN"
    branch_phone: str = ""
    book_policy: BookPolicy = DEFAULT_POLICY


class Flag(Protocol):
    """A cancel token for a wait on a machine (``threading.Event`` will do)."""

    def is_set(self) -> bool: ...

    def set(self) -> None: ...

    def clear(self) -> None: ...


@dataclass
class Collaborators:
    """Everything the desk is given by its composition root."""

    config: DeskConfig
    records: Records
    bank: CoreBank
    procedures: Mapping[str, Procedure]
    rules: RuleBook
    authenticator: Authenticator
    machines: Machines
    forms: BookForms
    slips: SlipSource
    utc_now: Callable[[], datetime]
    new_id: Callable[[], str]
    cancel: Flag
    room: MachineRoom | None = None
    vouchers: Mapping[str, VoucherForm] = field(default_factory=dict)
    papers: Mapping[str, DocumentForm] = field(default_factory=dict)


@dataclass(repr=False)
class Counter:
    """What is on the counter now beside the record: decrypted facts and running work. Rebuilt on resume."""

    account: AccountFacts | None = None
    holder: Holder | None = None
    captured: DepositSlip | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    facts_plain: bytes = b""
    seat: Person | None = None
    working: str = ""
    progress_pieces: int = 0
    progress_minor: int = 0
    needs_document: bool = False
    device_refusal: Refusal | None = None
    active_job: str = ""
    note_inside: str = ""
    book_unread: bool = False
    book_seen: bool = False
    pictures: dict[str, bytes] = field(default_factory=dict)


class DeskCore:
    """One desk: who is signed on, which transaction is on the counter, and how its state moves."""

    def __init__(
        self, given: Collaborators, publish: Callable[[], None], progressed: Callable[[int, int], None]
    ) -> None:
        self.given = given
        self.publish, self.progressed = publish, progressed
        self.person: Person | None = None
        self.signer: Signer | None = None
        self.state: Transaction | None = None
        self.counter = Counter()

    # --- people ---------------------------------------------------------------------------------------

    def people(self) -> tuple[Person, ...]:
        return self.given.authenticator.people()

    def person_named(self, staff_no: str) -> Person | Refusal:
        found = next((one for one in self.people() if one.staff_no == staff_no), None)
        return found or refuse(RefusalCode.PERSON_UNKNOWN, staff_no=staff_no)

    def named(self, staff_no: str) -> str:
        """A member of staff as they are called, with their number; the number alone when nobody has it any more."""
        found = self.person_named(staff_no)
        return staff_no if isinstance(found, Refusal) else f"{found.name} {staff_no}"

    def supervisor(self) -> str:
        """The person named as next for an open item: the branch's first supervisor by staff number."""
        found = sorted(p.staff_no for p in self.people() if Role.SUPERVISOR in p.roles)
        return found[0] if found else ""

    # --- the transaction on the counter ---------------------------------------------------------------

    @property
    def procedure(self) -> Procedure:
        assert self.state is not None
        return self.given.procedures[self.state.procedure]

    @property
    def rules(self) -> RuleSet:
        """The rules the transaction on the counter began under; today's where there is none. A desk without rules for
        its business date does not open (``ui.composition.open_desk``)."""
        pinned = self.given.rules.by_reference(self.state.rules) if self.state and self.state.rules else None
        if pinned is not None:
            return pinned
        today = self.given.rules.on(self.given.config.business_date)
        assert not isinstance(today, PackFlaw), today
        return today

    def step(self) -> Step | None:
        if self.state is None or not self.state.step:
            return None
        return self.procedure.step_named(self.state.step)

    def at(self, *kinds: StepKind) -> bool:
        here = self.step()
        return here is not None and here.kind in kinds

    def captured_slip(self) -> DepositSlip | None:
        """The customer's electronic slip while it may still serve: a slip that was given back never does again."""
        if self.state is None or not self.procedure.has(StepKind.CHECKLIST):
            return None
        checklist = self.procedure.step_of(StepKind.CHECKLIST).step
        used = any(step == checklist for step, _ in self.state.passed)
        return None if used else self.counter.captured

    def act(self, act: Act, person: Person, role: str, personal: tuple[Sealed, ...] = ()) -> Refusal | None:
        """Decide, append in one commit, fold. Nothing is appended when the decision refuses."""
        assert self.state is not None
        decision = decide(self.procedure, self.state, act, person)
        if isinstance(decision, Refusal):
            return decision
        self.append(decision, person.staff_no, role, personal)
        return None

    def begin(self, procedure: Procedure, act: Begin, person: Person) -> Refusal | None:
        """The first act of a transaction: only now is its procedure known."""
        assert self.state is not None
        decision = decide(procedure, self.state, act, person)
        if isinstance(decision, Refusal):
            return decision
        self.append(decision, person.staff_no, "maker")
        return None

    def note(self, event: Event, staff_no: str, role: str) -> None:
        """Write an event of the desk itself, whatever transaction is on the counter."""
        self.given.records.append([(self.head(staff_no, role, ""), event)])

    def append(
        self, events: tuple[Event, ...], staff_no: str, role: str, personal: tuple[Sealed, ...] = ()
    ) -> None:
        """Write events of the current transaction."""
        if not events:
            return
        assert self.state is not None
        head = self.head(staff_no, role, self.state.transaction_id)
        self.given.records.append([(head, event) for event in events], personal)
        for event in events:
            self.state = apply(self.state, Happened(event, staff_no, head.utc))

    def head(self, staff_no: str, role: str, transaction: str) -> EventHead:
        config = self.given.config
        return EventHead(
            desk=self.given.records.desk_id,
            branch=config.branch_id,
            business_date=config.business_date,
            utc=self.utc(),
            person=staff_no,
            role=role,
            transaction=transaction,
            rule_pack=self.rules.reference,
            currency=config.currency,
        )

    def utc(self) -> str:
        return self.given.utc_now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def start(self, transaction_id: str) -> None:
        """Put a new, empty transaction on the counter."""
        self.state = Transaction(transaction_id)
        self.counter = Counter()

    def clear(self) -> None:
        """Nothing is on the counter any more, and nothing decrypted stays behind."""
        self.state, self.counter = None, Counter()

    def recorded_state(self, transaction_id: str) -> Transaction:
        """A transaction as the record has it, folded anew; without a procedure when there is no such transaction."""
        history = self.given.records.recorded(transaction_id)
        return fold_all(
            transaction_id, tuple(Happened(one.event, one.head.person, one.head.utc) for one in history)
        )

    def load(self, transaction_id: str) -> Refusal | None:
        """Put a recorded transaction on the counter: fold its history and read what stands beside it."""
        state = self.recorded_state(transaction_id)
        if not state.procedure:
            return refuse(RefusalCode.TRANSACTION_UNKNOWN)
        procedure = self.given.procedures.get(state.procedure)
        if procedure is None:
            return refuse(RefusalCode.PROCEDURE_UNKNOWN, procedure=state.procedure)
        if procedure.digest != state.procedure_digest:
            return refuse(RefusalCode.PROCEDURE_CHANGED, procedure=state.procedure)
        if state.rules and self.given.rules.by_reference(state.rules) is None:
            return refuse(RefusalCode.RULES_UNKNOWN, rules=state.rules)
        self.state, self.counter = state, Counter()
        return self.read_beside()

    def read_beside(self) -> Refusal | None:
        """Decrypt what the current state points at: the holder, the slip's writing, the facts."""
        state, bank = self.state, self.given.bank
        if state is None or not state.account_id:
            return None
        account = bank.account(state.account_id)
        if isinstance(account, Refusal):
            return account
        holder = bank.holder(account)
        if isinstance(holder, Refusal):
            return holder
        self.counter.account, self.counter.holder = account, holder
        self.counter.captured = self.given.slips.slip_for(holder.account_number)
        if state.slip is not None:
            written = self.personal_json(state.slip.written)
            if isinstance(written, Refusal):
                return written
            self.counter.written = written
        if state.facts is not None:
            plain = self.given.records.personal(state.facts.facts)
            if isinstance(plain, Refusal):
                return plain
            self.counter.facts_plain = plain
        return None

    # --- personal records -----------------------------------------------------------------------------

    def seal_json(self, values: Mapping[str, Any]) -> Sealed:
        plain = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        return self.given.records.seal_personal(plain)

    def personal_json(self, ref: PersonalRef) -> dict[str, str] | Refusal:
        plain = self.given.records.personal(ref)
        if isinstance(plain, Refusal):
            return plain
        values: dict[str, str] = json.loads(plain)
        return values
