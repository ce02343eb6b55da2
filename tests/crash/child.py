"""One life of a desk: ``python -m tests.crash.child DIR [N]`` plays the deposit and is killed at moment N.

A moment is every journal append, commit, witness line and device job. Without N it plays to the end and prints how
many moments there were and what the run ended with, as one JSON line.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from desk.domain.refusals import Refusal
from desk.views import DeskSnapshot
from ui.training.branch import write_slip
from ui.training.customer import ROWS, Customer
from ui.training.desk import TrainingDesk, open_training
from ui.training.headless import HeadlessPlayer

DAY = "2026-11-23"


class Moments:
    """Counts named moments and kills this process at one of them. Nothing is counted before ``armed``."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.armed = kill_at, False
        self.seen: list[str] = []

    def __call__(self, name: str) -> None:
        if not self.armed:
            return
        self.seen.append(name)
        if len(self.seen) == self.kill_at:
            print(json.dumps({"killed_at": name}), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)


def lines_on_page(training: TrainingDesk, customer: Customer, asked: int) -> int:
    """What a person sees: the last rows of ink of this book, looked up on the paper itself."""
    facts = [
        json.loads(line) for line in (training.folder.machines / "t5040-ink.jsonl").read_text().splitlines()
    ]
    printed = [one for one in facts if one["fact"] == "ink" and one["kind"] == "row"]
    book = training.desk.session.book_of(customer.account.account_id)
    already = book.next_line - customer.account.next_line
    return max(0, min(asked, len(printed) - already))


def main() -> None:
    root, kill_at = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    moments, customer = Moments(kill_at), Customer()
    training = open_training(root, DAY, speed=0, moment=moments)
    if isinstance(training, Refusal):
        raise SystemExit(str(training))
    write_slip(training.folder, customer.account, customer.amount_minor, DAY, ROWS)
    steps: list[str] = []

    def look(snapshot: DeskSnapshot) -> None:
        steps.append(snapshot.transaction.step if snapshot.transaction else "")
        print(json.dumps({"step": steps[-1]}), flush=True)

    moments.armed = True
    player = HeadlessPlayer(training, customer, lambda asked: lines_on_page(training, customer, asked))
    end = player.play(look)
    training.close()
    print(json.dumps({"moments": len(moments.seen), "outcome": end.outcome, "steps": steps}))


if __name__ == "__main__":
    main()
