"""The counter as a test stands at it: the real session, the real drivers, the simulated machines on real lines, and
the hands of the customer.

``Counter`` opens one training desk and gives out fresh sessions on it; ``ledger`` and ``assert_whole`` say what must
be true of books, chain and paper whatever was done. Holds no scenario.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desk import commands as c
from desk.book_plan import DEFAULT_POLICY, BookPolicy
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal
from desk.journal.trust import read_trust
from desk.persistence.verification import VerifyReport, verify_database
from desk.session import TellerSession
from desk.views import DeskSnapshot, PageView, TransactionView
from tests.scenarios.branch import DAY, MAKER, found_test_branch
from ui.composition import OpenDesk, open_desk, slip_file
from ui.training.branch import CASH, TRAINING_PASSWORD, TrainingAccount, write_slip
from ui.training.desk import TrainingDesk, open_training, training_config

_POSTINGS = "SELECT transaction_id, count(*) FROM ledger_posting WHERE transaction_id IS NOT NULL GROUP BY 1"

Rows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ledger:
    """Balances by account, and how many postings each transaction has."""

    balances: Mapping[str, int]
    postings: Mapping[str, int]
    transactions: Mapping[str, str]


class Counter:
    """One open training desk. Sessions come and go on it, as after each start of the program."""

    def __init__(self, root: Path) -> None:
        self.root = root
        found_test_branch(root)
        self.training = self._open()

    def _open(self) -> TrainingDesk:
        opened = open_training(self.root, DAY, speed=0)
        assert isinstance(opened, TrainingDesk), opened
        return opened

    def close(self) -> None:
        self.training.close()

    def close_and_open(self) -> None:
        """The program ends in good order and is started again, machines and all."""
        self.close()
        self.training = self._open()

    def session(
        self,
        mode: ControlMode = ControlMode.DUAL,
        business_date: str = DAY,
        policy: BookPolicy = DEFAULT_POLICY,
    ) -> TellerSession:
        """A fresh session over the same record and machines: nothing survives but what was recorded."""
        training, folder = self.training, self.training.folder
        config = replace(training_config(business_date, mode, "zh_CN"), book_policy=policy)
        desk = open_desk(
            training.desk.store, config, folder.trust, folder.sealed_keys(), folder.slips, training.shelf,
            training.desk.top,
        )  # fmt: skip
        assert isinstance(desk, OpenDesk), desk
        training.desk = desk
        return desk.session

    # --- hands ---------------------------------------------------------------------------------------------

    def hands(self, machine: str, **command: Any) -> dict[str, Any]:
        return self.training.simulators[machine].hands(**command)

    def put_notes(self, notes: list[Any], rate_per_minute: int = 0) -> None:
        """Take what the last run left, and put a heap in: ``[unit, pieces]`` in yuan, or a rejected note."""
        self.hands("aa55", do="take")
        self.hands("aa55", do="load", notes=notes, rate_per_minute=rate_per_minute)

    def put_book(self, account: TrainingAccount) -> None:
        self.training.insert_book(account)

    def put_note_soon(self, denomination: int, classification: int, seconds: float = 0.15) -> threading.Timer:
        """Into the detector, once it waits for a note."""
        timer = threading.Timer(
            seconds,
            lambda: self.hands("ebds", do="insert", denomination=denomination, classification=classification),
        )
        timer.start()
        return timer

    def write_slip(self, account: TrainingAccount, amount_minor: int, rows: Rows, **changes: object) -> None:
        """The customer's electronic slip; ``changes`` are what is wrong with it."""
        write_slip(self.training.folder, account, amount_minor, DAY, rows)
        if changes:
            path = self.training.folder.slips / slip_file(account.number)
            slip = {**json.loads(path.read_text(encoding="utf-8")), **changes}
            path.write_text(json.dumps(slip, ensure_ascii=False), encoding="utf-8")

    def no_slip(self, account: TrainingAccount) -> None:
        (self.training.folder.slips / slip_file(account.number)).unlink(missing_ok=True)

    def heard(self) -> bool:
        """Wait until every machine is ready or waits for a person's word."""
        return self.training.desk.top.wait_heard(10.0)

    def ready(self) -> bool:
        """Wait for machines that must identify themselves again."""
        return self.training.desk.top.wait_ready(10.0)

    # --- looking -------------------------------------------------------------------------------------------

    def ink(self, fact: str = "ink") -> list[dict[str, Any]]:
        lines = (self.root / "machines" / "t5040-ink.jsonl").read_text(encoding="utf-8").splitlines()
        return [one for one in map(json.loads, lines) if one["fact"] == fact]

    def rows_inked(self) -> int:
        return sum(one["kind"] == "row" for one in self.ink())

    def ledger(self) -> Ledger:
        read = self.training.desk.store.read
        return Ledger(
            {str(a): int(b) for a, b in read("SELECT account_id, balance_minor FROM account")},
            {str(a): int(b) for a, b in read(_POSTINGS)},
            {str(a): str(b) for a, b in read("SELECT transaction_id, status FROM business_transaction")},
        )

    def verify(self) -> VerifyReport:
        """What ``journal verify --deep`` says, with root and witness from outside the database."""
        root = read_trust((self.root / "trust.json").read_bytes())
        assert isinstance(root, bytes)
        witness = (self.root / "witness.log").read_bytes()
        found = verify_database(f"sqlite:///{self.root / 'desk.db'}", root, witness, deep=True)
        assert isinstance(found, VerifyReport), found
        return found

    def assert_whole(self, before: Ledger, posted: Mapping[str, Sequence[int]]) -> None:
        """Chain, books and paper agree, and exactly ``posted`` (minor units by account) was posted since ``before``,
        each amount by one transaction of its own."""
        after = self.assert_posted_once(before)
        expected = {account: sum(amounts) for account, amounts in posted.items()}
        total = sum(expected.values())
        moved = {
            account: balance - before.balances[account]
            for account, balance in after.balances.items()
            if balance != before.balances[account]
        }
        assert moved == {**expected, **({CASH: total} if total else {})}
        assert len(set(after.postings) - set(before.postings)) == sum(map(len, posted.values()))

    def assert_posted_once(self, before: Ledger) -> Ledger:
        """The record verifies, the ledger balances, every posting has its event and every event one posting, and no
        line was printed over another."""
        report, after = self.verify(), self.ledger()
        assert report.verified, report.findings
        assert report.ledger_balanced
        assert set(before.postings) <= set(after.postings), "a posting vanished"
        assert set(after.postings.values()) <= {1}, "a transaction posted twice"
        recorded = {name for name in after.transactions if self._was_posted(name)}
        assert set(after.postings) == recorded, "a posting without its event, or an event without its posting"
        assert self.ink("overprint") == []
        return after

    def _was_posted(self, transaction: str) -> bool:
        recorded = self.training.desk.store.recorded(transaction)
        return any(one.event.name == "deposit.posted" for one in recorded)


class Desk:
    """A session with the words a test needs: ``do`` must succeed, ``refused`` must be refused with a code."""

    def __init__(self, counter: Counter, session: TellerSession) -> None:
        self.counter, self.session = counter, session

    def do(self, command: c.Command) -> DeskSnapshot:
        answer = self.session.do(command)
        assert isinstance(answer, DeskSnapshot), f"{type(command).__name__}: {answer}"
        return answer

    def refusal(self, command: c.Command) -> Refusal:
        answer = self.session.do(command)
        assert isinstance(answer, Refusal), f"{type(command).__name__} was not refused"
        return answer

    def refused(self, command: c.Command) -> str:
        """The code it was refused with."""
        return self.refusal(command).code.code

    def sign_on(self, staff_no: str = MAKER) -> None:
        self.do(c.SignOn(staff_no, TRAINING_PASSWORD))

    @property
    def transaction(self) -> TransactionView:
        found = self.session.snapshot().transaction
        assert found is not None, "no transaction on the counter"
        return found

    @property
    def step(self) -> str:
        found = self.session.snapshot().transaction
        return found.step if found else ""

    @property
    def page(self) -> PageView:
        return self.transaction.page

    def interrupt_soon(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self.session.interrupt)
        timer.start()
        return timer


class Branches:
    """The branch at hand. After a test that failed or left something open the next gets a new one, so that one broken
    test does not break the rest."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._counter: Counter | None = None

    def counter(self) -> Counter:
        if self._counter is None:
            self._counter = Counter(self._folder("branch"))
        return self._counter

    def drop(self) -> None:
        if self._counter is not None:
            self._counter.close()
        self._counter = None


def minor(amount: str) -> int:
    yuan, _, fen = amount.replace(",", "").partition(".")
    return int(yuan) * 100 + int((fen + "00")[:2])


def as_rows(rows: list[list[int]]) -> Rows:
    return tuple((int(unit), int(pieces)) for unit, pieces in rows)
