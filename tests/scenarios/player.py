"""The ordinary way of a deposit: at each step the one right act, until the step that a test wants to stand at.

A test tells only what is out of the ordinary. Every act goes through the session and must succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desk import commands as c
from desk.views import (
    ConfirmView,
    CountView,
    EndView,
    HandOverView,
    IdentifyView,
    NameMatchView,
    PageView,
    PostView,
    PrintView,
    ReviewView,
    SeatView,
    SlipView,
)
from tests.scenarios.branch import PERSON, SUPERVISOR
from tests.scenarios.counter import Desk, Rows
from ui.training.branch import TRAINING_PASSWORD, TrainingAccount

SMALL: Rows = ((10000, 3), (5000, 1))
MAX_TURNS = 60


@dataclass(frozen=True)
class Deposit:
    """What the customer brings: notes as ``(minor units, pieces)``, all of them good."""

    account: TrainingAccount = PERSON
    rows: Rows = SMALL
    reviewer: str = SUPERVISOR

    @property
    def amount_minor(self) -> int:
        return sum(unit * pieces for unit, pieces in self.rows)

    @property
    def amount_keys(self) -> str:
        yuan, fen = divmod(self.amount_minor, 100)
        return f"{yuan}.{fen:02d}" if fen else str(yuan)

    @property
    def heap(self) -> list[Any]:
        """The notes as they go into the counter, in yuan."""
        return [[unit // 100, pieces] for unit, pieces in self.rows if unit >= 100]


class Player:
    """Plays the ordinary way at one desk."""

    def __init__(self, desk: Desk, deposit: Deposit) -> None:
        self.desk, self.deposit = desk, deposit

    def to(self, step: str) -> None:
        """Go on until the transaction stands at ``step`` ("end": until it ended), a second person seated where the
        step needs one."""
        for _ in range(MAX_TURNS):
            if self.desk.session.snapshot().transaction is None:
                self.desk.do(c.StartTransaction("1010"))
            page = self.desk.page
            ended = isinstance(page, EndView)
            if (ended and step == "end") or (self.desk.step == step and not isinstance(page, SeatView)):
                return
            assert not ended, f"it ended as {page} before {step}"
            _TURNS[type(page)](self, page)
        raise AssertionError(f"{step} was not reached; the desk stands at {self.desk.step}")

    def _identify(self, page: IdentifyView) -> None:
        if not page.account_number:
            self.desk.counter.put_book(self.deposit.account)
            self.desk.do(c.ReadBook())
        self.desk.do(c.ConfirmCustomer())

    def _slip(self, page: SlipView) -> None:
        if page.keyed_amount_minor != self.deposit.amount_minor:
            self._key(page)
            return
        waiting = [check.check for check in page.checks if check.state == "open"]
        self.desk.do(c.TickCheck(waiting[0]) if waiting else c.AcceptSlip())

    def _key(self, page: SlipView) -> None:
        account, amount = self.deposit.account, self.deposit.amount_keys
        typed = c.KeySlip(amount, account_name=account.name, account_number=account.number)
        self.desk.do(c.KeySlip(amount) if page.captured else typed)

    def _match(self, page: NameMatchView) -> None:
        self.desk.do(c.Advance())

    def _count(self, page: CountView) -> None:
        if page.can_accept:
            self.desk.do(c.AcceptCount())
            return
        self.desk.counter.put_notes(self.deposit.heap)
        self.desk.do(c.CountNotes())

    def _seat(self, page: SeatView) -> None:
        self.desk.do(c.TakeSeat(self.deposit.reviewer))

    def _review(self, page: ReviewView) -> None:
        steps: Mapping[str, c.Command] = {
            "rekey": c.Rekey(self.deposit.amount_keys, self.deposit.account.number[-4:]),
            "compare": c.CompareName(agrees=True),
            "sign": c.Countersign(TRAINING_PASSWORD),
        }
        self.desk.do(steps[page.stage])

    def _confirm(self, page: ConfirmView) -> None:
        self.desk.do(c.CustomerAnswer(agreed=True))

    def _post(self, page: PostView) -> None:
        self.desk.do(c.Post())

    def turn(self) -> None:
        """Turn the page of the book, where it is due."""
        transaction = self.desk.session.snapshot().transaction
        if transaction and isinstance(transaction.page, PrintView) and transaction.page.state == "turn":
            self.desk.do(c.TurnPage(transaction.page.page))

    def _print(self, page: PrintView) -> None:
        self.turn()
        self.desk.counter.put_book(self.deposit.account)
        self.desk.do(c.PrintBook())

    def _hand_over(self, page: HandOverView) -> None:
        self.desk.do(c.HandOver())


_TURNS: Mapping[type[PageView], Callable[[Player, Any], None]] = {
    IdentifyView: Player._identify,
    SlipView: Player._slip,
    NameMatchView: Player._match,
    CountView: Player._count,
    SeatView: Player._seat,
    ReviewView: Player._review,
    ConfirmView: Player._confirm,
    PostView: Player._post,
    PrintView: Player._print,
    HandOverView: Player._hand_over,
}
