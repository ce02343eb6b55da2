"""Walks a deposit through ``decide`` and ``apply`` alone: no store, no clock, no machines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from desk.domain.account_name import MatchResult, NameMatch
from desk.domain.cash import BatchSource, CashBatch, CashRow, CountStage
from desk.domain.events import Event, LedgerLine, PersonalRef
from desk.domain.people import Person, Qualification, Role
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal
from desk.domain.transaction import Happened, Transaction, apply
from desk.domain.voucher import DepositSlip
from desk.facts import print_again_digest
from desk.procedures import acts
from desk.procedures.decide import decide
from desk.procedures.loader import load_procedure
from desk.procedures.procedure import Procedure
from desk.procedures.steps.finish import print_job
from desk.rules.voucher_rules import RULES, CheckResult

FILE = Path(__file__).parents[3] / "resources" / "procedures" / "cash_deposit.toml"
CF = frozenset({Qualification.COUNTERFEIT})
MAKER = Person("0317", "王敏", frozenset({Role.TELLER}), "key-0317", CF, frozenset({"C-MAKER"}))
OTHER = Person("0318", "陈晓", frozenset({Role.TELLER}), "key-0318", CF)
UNTRAINED = Person("0319", "何佳", frozenset({Role.TELLER}), "key-0319")
BOSS = Person("0102", "李建国", frozenset({Role.SUPERVISOR}), "key-0102", CF, frozenset({"C-BOSS"}))
REF = PersonalRef("r" * 32, "d" * 64, "s" * 64)
ROWS = (CashRow(10000, 180), CashRow(5000, 40), CashRow(1000, 25))
AMOUNT = 2_025_000
FACTS_DIGEST = "f" * 64


def cash_deposit() -> Procedure:
    loaded = load_procedure(FILE.read_text(encoding="utf-8"), FILE.name)
    assert isinstance(loaded, Procedure)
    return loaded


def slip(amount_minor: int = AMOUNT, rows: tuple[CashRow, ...] = ROWS) -> DepositSlip:
    return DepositSlip(
        "deposit_slip", "9017", "CNY", amount_minor, "2026-11-23", "阿依古丽·买买提", "9017", rows
    )


def batch(
    batch_id: str,
    rows: tuple[CashRow, ...] = ROWS,
    stage: CountStage = CountStage.FIRST,
    rejected: int = 0,
    complete: bool = True,
    currency: str = "CNY",
) -> CashBatch:
    return CashBatch(
        batch_id, BatchSource.MACHINE, stage, currency, rows, rejected, complete, "counter", "e" * 64, 1, 0
    )


def signed(
    staff_no: str, act: str, digest: str = FACTS_DIGEST, nonce: str = "n1", transaction: str = "t" * 32
) -> acts.SignedBy:
    return acts.SignedBy(staff_no, act, transaction, digest, nonce, "statement", "signature")


@dataclass
class Walk:
    """A transaction being walked; ``do`` raises nothing and returns the refusal, if any."""

    mode: ControlMode = ControlMode.DUAL
    procedure: Procedure = field(default_factory=cash_deposit)
    state: Transaction = field(default_factory=lambda: Transaction("t" * 32))
    events: list[Event] = field(default_factory=list)
    customer_id: str = "C-1"
    amount_minor: int = AMOUNT

    def do(self, act: acts.Act, person: Person = MAKER) -> Refusal | None:
        decision = decide(self.procedure, self.state, act, person)
        if isinstance(decision, Refusal):
            return decision
        for event in decision:
            self.events.append(event)
            self.state = apply(self.state, Happened(event, person.staff_no, "2026-11-23T02:42:00.000000Z"))
        return None

    def must(self, act: acts.Act, person: Person = MAKER) -> None:
        refusal = self.do(act, person)
        assert refusal is None, refusal

    def begin(self) -> Walk:
        self.must(acts.Begin("03-1123-0001", self.mode, 2_000_000, 50_000))
        return self

    def identified(self) -> Walk:
        self.begin()
        self.must(acts.Identify("a" * 32, self.customer_id, "open", REF, "B1"))
        self.must(acts.ConfirmIdentity("holder"))
        return self

    def write(self, one: DepositSlip | None = None) -> None:
        results = tuple(CheckResult(name, "automatic", "pass", "seen", f"{name} cn/1") for name, _ in RULES)
        self.must(acts.WriteSlip(one or slip(self.amount_minor), REF, results))

    def tick_all(self) -> None:
        for check in ("VC-08", "VC-24"):
            self.must(acts.Tick(check, True, "seen", check))

    def matched(self) -> Walk:
        self.identified()
        self.write()
        self.tick_all()
        self.match()
        return self

    def match(self) -> None:
        self.must(acts.MatchName(True, NameMatch(MatchResult.EXACT), REF))
        self.must(acts.PassMatch())

    def counted(self, rows: tuple[CashRow, ...] = ROWS) -> Walk:
        self.matched()
        self.must(acts.AddBatch(batch("b1", rows), used_elsewhere=False))
        self.must(acts.AcceptCount())
        return self

    def second_counted(self) -> Walk:
        self.counted()
        self.must(acts.AddBatch(batch("b2", stage=CountStage.SECOND), used_elsewhere=False), BOSS)
        return self

    def frozen(self) -> None:
        self.must(acts.FreezeFacts(REF, FACTS_DIGEST, "n1", "zh_CN", "t", signed(MAKER.staff_no, "make")))

    def rekeyed(self) -> Walk:
        self.second_counted()
        self.frozen()
        self.must(acts.RekeyElements(AMOUNT, "1735", "1735"), BOSS)
        self.must(acts.CompareNames(True, "VC-13"), BOSS)
        return self

    def reviewed(self) -> Walk:
        self.rekeyed()
        self.must(acts.SignReview(signed(BOSS.staff_no, "review"), nonce_used=False), BOSS)
        return self

    def confirmed(self) -> Walk:
        self.reviewed()
        self.must(acts.AnswerOfCustomer(True, "touch", "", left=False))
        return self

    def posted(self) -> Walk:
        self.confirmed()
        self.must(self.post_act())
        return self

    def post_act(self) -> acts.PostNow:
        lines = (LedgerLine("cash", "debit", AMOUNT), LedgerLine("a" * 32, "credit", AMOUNT))
        return acts.PostNow("p" * 32, lines, 7, AMOUNT, "2026-11-23", "open", REF.digest)

    def prepared(self) -> Walk:
        self.posted()
        self.must(self.print_act())
        return self

    def print_act(self, job_id: str = "j1") -> acts.PreparePrint:
        return acts.PreparePrint(job_id, "B1", "d" * 64, 1, (4, 5, 6), (5, 6, 7), REF, None)

    def printed(self) -> Walk:
        self.prepared()
        self.must(self.close_act("done", 3))
        return self

    def close_act(self, outcome: str, proved: int, left: int = 0, job_id: str = "j1") -> acts.ClosePrint:
        return acts.ClosePrint(job_id, outcome, proved, "control point", 0, left, "i1", BOSS.staff_no)

    def line_missing(self) -> Walk:
        """Nobody knew about the three lines; a person looked and saw only the first two on the page."""
        self.prepared()
        self.must(self.close_act("unknown", 1))
        self.must(acts.Settle("j1", 2, 1))
        return self

    def again_act(self, job_id: str = "j2", person: Person = BOSS, **claims: str) -> acts.PreparePrint:
        """The missing line once more, permitted by ``person``; ``claims`` are what their statement says otherwise."""
        job = replace(self.print_act(job_id), lines=(6,), entry_nos=(7,))
        digest = print_again_digest(self.state.transaction_id, print_job(self.state, job))
        honest = signed(person.staff_no, "print_again", digest, job_id, self.state.transaction_id)
        return replace(job, second=acts.SecondPrint(person, replace(honest, **claims)))


def changed(procedure: Procedure) -> Procedure:
    return replace(procedure, digest="0" * 64)
