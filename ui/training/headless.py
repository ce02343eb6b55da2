"""Plays the deposit through the session, without a window: the same counter, the same machines, another face.

Each turn looks at the snapshot and does the one next thing, so that it can take up any interrupted transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from desk import commands as c
from desk.domain.refusals import Refusal, RefusalCode
from desk.views import (
    BookLineView,
    ConfirmView,
    CountView,
    DeskSnapshot,
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
    SuspectNoteView,
)
from ui.training.branch import STAFF, TRAINING_PASSWORD
from ui.training.customer import WORN, Customer, load_counter
from ui.training.desk import TrainingDesk

MAKER, REVIEWER = STAFF[0].staff_no, STAFF[2].staff_no
MAX_TURNS = 200
PAUSE_SECONDS, PATIENCE_SECONDS = 0.5, 20.0
Look = Callable[[DeskSnapshot], None]
SeePage = Callable[[tuple[BookLineView, ...]], int]


class PlayStopped(RuntimeError):
    """The play could not go on; the message names where."""


class HeadlessPlayer:
    """``see_page`` answers an unknown print: how many of the asked lines are on the page. Without it the play stops
    at such a question, which nobody but a person may answer."""

    def __init__(self, training: TrainingDesk, customer: Customer, see_page: SeePage | None = None) -> None:
        self._training, self._customer = training, customer
        self._session = training.desk.session
        self._see_page = see_page
        self._waited = 0.0

    def play(self, look: Look = lambda snapshot: None) -> EndView:
        """Sign on and play until the transaction ends; raises PlayStopped when nothing moves."""
        self._must(c.SignOn(MAKER, TRAINING_PASSWORD))
        for _ in range(MAX_TURNS):
            snapshot = self._session.snapshot()
            look(snapshot)
            transaction = snapshot.transaction
            if transaction is None:
                self._must(c.StartTransaction("1010"))
            elif isinstance(transaction.page, EndView):
                return transaction.page
            else:
                _TURNS[type(transaction.page)](self, transaction.page)
        raise PlayStopped(f"no end after {MAX_TURNS} turns")

    def _must(self, command: c.Command) -> None:
        """Do it. A machine that is away for a while is waited for like a person would: what is next then is seen on
        the next turn, so nothing is done twice."""
        answer = self._session.do(command)
        if not isinstance(answer, Refusal):
            self._waited = 0.0
        elif answer.code is RefusalCode.DEVICE_NOT_READY and self._waited < PATIENCE_SECONDS:
            self._waited += PAUSE_SECONDS
            time.sleep(PAUSE_SECONDS)
        else:
            raise PlayStopped(f"{type(command).__name__}: {answer}")

    def _identify(self, view: IdentifyView) -> None:
        if view.account_number:
            self._must(c.ConfirmCustomer())
        else:
            self._training.insert_book(self._customer.account)
            self._must(c.ReadBook())

    def _slip(self, view: SlipView) -> None:
        if view.keyed_amount_minor is None:
            self._must(c.KeySlip(self._customer.amount_keys))
            return
        waiting = [check.check for check in view.checks if check.state == "open"]
        self._must(c.TickCheck(waiting[0]) if waiting else c.AcceptSlip())

    def _match(self, view: NameMatchView) -> None:
        self._must(c.Advance())

    def _count(self, view: CountView) -> None:
        if view.rejected_open:
            self._must(c.ReferNote())
        elif view.state == "empty":
            load_counter(self._training.counter, view, 0)
            self._must(c.CountNotes())
        elif view.can_accept:
            self._must(c.AcceptCount())
        else:
            self._must(c.Recount("one 50 short, added by the customer"))

    def _suspect(self, view: SuspectNoteView) -> None:
        detector = self._training.detector
        if not view.reading:
            insert = threading.Timer(
                0.15, lambda: detector.hands(do="insert", denomination=WORN // 100, classification=4)
            )
            insert.start()
            self._must(c.InspectNote(view.note_id))
            insert.join()
            return
        person = MAKER if view.next_verdict == 1 else REVIEWER
        password = "" if person == MAKER else TRAINING_PASSWORD
        self._must(c.GiveVerdict(view.note_id, "genuine", WORN, person, password))

    def _seat(self, view: SeatView) -> None:
        self._must(c.TakeSeat(REVIEWER))

    def _review(self, view: ReviewView) -> None:
        steps: dict[str, c.Command] = {
            "rekey": c.Rekey(self._customer.amount_keys, self._customer.last_four),
            "compare": c.CompareName(agrees=True),
            "sign": c.Countersign(TRAINING_PASSWORD),
        }
        self._must(steps[view.stage])

    def _confirm(self, view: ConfirmView) -> None:
        self._must(c.CustomerAnswer(agreed=True))

    def _post(self, view: PostView) -> None:
        self._must(c.Post())

    def _print(self, view: PrintView) -> None:
        if view.state == "unknown":
            if self._see_page is None:
                raise PlayStopped("the page must be looked at")
            seen = self._see_page(view.question)
            self._must(c.SettlePrint(view.lines_proved + seen, printer_stopped=True))
        elif view.state == "again":
            self._training.insert_book(self._customer.account)
            self._must(c.PrintAgain(REVIEWER, TRAINING_PASSWORD))
        elif view.state == "turn":
            self._must(c.TurnPage(view.page))
        elif view.state == "look":
            self._must(c.ConfirmBook())
        else:
            self._training.insert_book(self._customer.account)
            self._must(c.PrintBook())

    def _hand_over(self, view: HandOverView) -> None:
        self._must(c.HandOver())


_TURNS: Mapping[type[PageView], Callable[[HeadlessPlayer, Any], None]] = {
    IdentifyView: HeadlessPlayer._identify,
    SlipView: HeadlessPlayer._slip,
    NameMatchView: HeadlessPlayer._match,
    CountView: HeadlessPlayer._count,
    SuspectNoteView: HeadlessPlayer._suspect,
    SeatView: HeadlessPlayer._seat,
    ReviewView: HeadlessPlayer._review,
    ConfirmView: HeadlessPlayer._confirm,
    PostView: HeadlessPlayer._post,
    PrintView: HeadlessPlayer._print,
    HandOverView: HeadlessPlayer._hand_over,
}
