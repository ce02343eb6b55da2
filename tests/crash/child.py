"""One life of a desk: ``python -m tests.crash.child DIR [N [MACHINE]]`` plays the deposit and is killed at moment N.

A moment is every journal append, commit, witness line and device job. Without N it plays to the end. MACHINE is put to
sleep just before, so that it outlives its desk. What happened is said as JSON lines on stdout, each before the next
thing is done, so that a killed life has said everything too.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from desk import commands as c
from desk.domain.refusals import Refusal
from desk.views import BookLineView, DeskSnapshot, HandOverView
from tests.crash.paper import lines_inked
from ui.training.branch import TRAINING_PASSWORD, book_id, write_slip
from ui.training.customer import ROWS, Customer
from ui.training.desk import TrainingDesk, open_training
from ui.training.headless import MAKER, HeadlessPlayer

DAY = "2026-11-23"
SPEED = 0.2  # slow enough that a row of ink takes its time and a job can be cut between two rows


def say(**said: object) -> None:
    sys.stdout.write(
        json.dumps(said) + "\n"
    )  # one write, since a window's child says things from two threads
    sys.stdout.flush()


class Moments:
    """Names every moment as it comes and kills this process at one of them. Nothing is counted before ``armed``."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.armed, self.seen, self.asleep = kill_at, False, 0, 0

    def __call__(self, name: str) -> None:
        if not self.armed:
            return
        self.seen += 1
        say(moment=name)
        if self.seen == self.kill_at:
            if self.asleep:
                os.kill(self.asleep, signal.SIGSTOP)
            os.kill(os.getpid(), signal.SIGKILL)


class Onlooker:
    """The person beside the desk: says what every page shows, and looks at the paper when asked about it."""

    def __init__(self, training: TrainingDesk, customer: Customer) -> None:
        self._training, self._customer = training, customer

    def look(self, snapshot: DeskSnapshot) -> None:
        transaction = snapshot.transaction
        if transaction is not None and isinstance(transaction.page, HandOverView):
            say(receipt=transaction.page.receipt)
        say(step=transaction.step if transaction else "", done_today=snapshot.done_today)

    def see_page(self, question: tuple[BookLineView, ...]) -> int:
        account = self._customer.account
        page = self._training.desk.session.book_of(account.account_id).next_page
        asked = [one.line for one in question]
        inked = lines_inked(self._training.folder.root, book_id(account), page)
        seen = sum(1 for line in asked if line in inked)
        say(question=asked, answer=seen)
        return seen


def machine_processes(training: TrainingDesk) -> dict[str, int]:
    """The machines' own processes, as each published itself."""
    found = {kind: training.folder.machines / f"{kind}.json" for kind in training.simulators}
    return {kind: int(json.loads(path.read_text())["process"]) for kind, path in found.items()}


def main() -> None:
    root, kill_at = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    moments, customer = Moments(kill_at), Customer()
    training = open_training(root, DAY, speed=SPEED, moment=moments)
    if isinstance(training, Refusal):
        raise SystemExit(str(training))
    write_slip(training.folder, customer.account, customer.amount_minor, DAY, ROWS)
    store, onlooker = training.desk.store, Onlooker(training, customer)
    machines = machine_processes(training)
    say(before=store.head()[0], machines=machines)
    moments.asleep = machines[sys.argv[3]] if len(sys.argv) > 3 else 0
    moments.armed = True
    if store.archived_today(DAY):  # it was all done: nobody may be led through it a second time
        training.desk.session.do(c.SignOn(MAKER, TRAINING_PASSWORD))
        onlooker.look(training.desk.session.snapshot())
    else:
        HeadlessPlayer(training, customer, onlooker.see_page).play(onlooker.look)
    training.close()
    say(end=True)


if __name__ == "__main__":
    main()
