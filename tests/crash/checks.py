"""What must be true after a kill, and after the run that followed: each a function that raises AssertionError.

Every one compares two independent tellings: what the life said it had done, what stands on disk, what lies on paper.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from desk.domain import events as e
from desk.domain.money import format_amount
from tests.crash import paper
from tests.crash.record import Record, last_witnessed, rows, verify
from ui.training.branch import book_id
from ui.training.customer import Customer

ENDING_SECONDS = 5.0
ABOUT_PRINTING = ("print.", "item.")


class Told(Protocol):
    """What these checks read of a life."""

    @property
    def before(self) -> int: ...
    @property
    def steps(self) -> tuple[str, ...]: ...
    @property
    def done_today(self) -> int: ...
    @property
    def questions(self) -> tuple[tuple[tuple[int, ...], int], ...]: ...
    @property
    def receipts(self) -> tuple[str, ...]: ...
    def committed(self) -> list[str]: ...


def all_or_nothing(first: Told, after_kill: Record) -> None:
    """On disk stands exactly what was committed before the kill: nothing more, nothing less, nothing half."""
    assert after_kill.names[first.before :] == first.committed()


def same_step(after_kill: Record, second: Told) -> None:
    """The first page after signing on is the step that the record on disk had reached, and no other."""
    state = after_kill.transaction
    step = state.step if state else ""
    assert second.steps[0] == step, f"stood at {step!r}, taken up at {second.steps[0]!r}"
    if state is not None and state.is_ended:
        assert second.done_today == 1


def nothing_lost_or_twice(first: Told, second: Told, record: Record, wanted: list[str]) -> None:
    """Both lives together made the very events of an undisturbed one: nothing was asked, counted, signed or posted
    again. Only a question about the page, and what its answer leaves to print, may come between."""
    assert record.names[first.before :] == first.committed() + second.committed()
    assert record.transactions() == 1
    happened = [event.name for event in record.of_transaction()]
    assert _beside_printing(happened) == _beside_printing(wanted)


def _beside_printing(names: list[str]) -> list[str]:
    return [name for name in names if not name.startswith(ABOUT_PRINTING)]


def asked_only_what_nobody_knows(after_kill: Record, second: Told, record: Record) -> None:
    """A job whose bytes may have left is asked about, with every line of it, and the answer is on record; nothing else
    is asked."""
    job = after_kill.transaction.print_question() if after_kill.transaction else None
    events = record.of_transaction()
    settled = [event for event in events if isinstance(event, e.PrintSettled)]
    opened = [event for event in events if isinstance(event, e.ItemOpened)]
    closed = [event for event in events if isinstance(event, e.ItemClosed)]
    if job is None:
        assert (second.questions, settled, opened, closed) == ((), [], [], [])
        return
    assert [asked for asked, _ in second.questions] == [job.lines]
    assert [(one.job_id, one.lines_seen) for one in settled] == [(job.job_id, second.questions[0][1])]
    assert [(one.kind, one.reason) for one in opened] == [("print_unknown", job.job_id)]
    assert [one.item_id for one in closed] == [opened[0].item_id]
    outcomes = {event.job_id: event.outcome for event in events if isinstance(event, e.PrintClosed)}
    assert outcomes.pop(job.job_id) == "unknown"
    assert set(outcomes.values()) <= {"done", "not_done"}


def receipt_at_most_once(folder: Path, after_kill: Record, second: Told, record: Record) -> None:
    """A receipt whose bytes may have left is Unknown, said so on the page, and never printed again; a Done one lies
    there once, and one that was not done (its printer was away) does not lie there at all."""
    state, before = record.transaction, after_kill.transaction
    assert state is not None
    in_doubt = before is not None and bool(before.receipt_job) and not before.receipt_outcome
    outcome, on_paper = state.receipt_outcome, paper.receipts_of(folder, state.number)
    possible = {("unknown", 0), ("unknown", 1)} if in_doubt else {("done", 1), ("not_done", 0)}
    assert (outcome, on_paper) in possible, (outcome, on_paper)
    assert set(second.receipts) <= {outcome}


def all_is_well(folder: Path, last: Told) -> None:
    """At the end: one posting, the ledger balanced, the chain verified up to its witness, the book as the ledger says,
    nothing open."""
    found = verify(folder)
    assert found.verified, found.findings
    assert found.ledger_balanced
    assert found.deep
    assert found.trusted
    assert last_witnessed(folder) == rows(folder, "SELECT max(sequence) FROM seal")[0][0]
    transactions = rows(folder, "SELECT transaction_id, status FROM business_transaction")
    assert [status for _, status in transactions] == ["archived"]
    posted = rows(folder, "SELECT transaction_id FROM ledger_posting WHERE transaction_id IS NOT NULL")
    assert posted == [(transactions[0][0],)]
    assert rows(folder, "SELECT * FROM open_item WHERE resolution=''") == []
    book_says_what_the_ledger_says(folder)


def book_says_what_the_ledger_says(folder: Path) -> None:
    """Each line believed printed is on paper once, in order, with its own amount and balance; no other ink is."""
    account = Customer().account
    ((page, next_line, printed),) = rows(
        folder, "SELECT next_page, next_line, printed_through FROM passbook WHERE account_id=?", account.account_id
    )  # fmt: skip
    entries = rows(
        folder,
        "SELECT side, amount_minor, balance_after_minor FROM ledger_entry WHERE account_id=? AND entry_no>? "
        "ORDER BY entry_no",
        account.account_id,
        account.printed,
    )
    assert printed == account.printed + len(entries), "the book is behind the ledger"
    struck = paper.lines_struck(folder, book_id(account))
    expected = [(page, line) for line in range(account.next_line, next_line)]
    assert [(one.page, one.line) for one in struck] == expected
    for one, (side, amount, balance) in zip(struck, entries, strict=True):
        sign = "+" if side == "credit" else "-"
        assert sign + format_amount(amount) in one.text, one
        assert format_amount(balance) in one.text, one
    assert paper.overprints(folder) == 0


def ledgers_only_grow(left: dict[str, bytes], now: dict[str, bytes]) -> None:
    """What the machines had done before the kill is still on paper: the next desk's machines are the same machines."""
    changed = [name for name, lines in left.items() if not now.get(name, b"").startswith(lines)]
    assert not changed, changed


def machines_end(processes: Iterable[int]) -> None:
    """A machine outlives its desk by no more than moments."""
    until = time.monotonic() + ENDING_SECONDS
    running = set(processes)
    while running and time.monotonic() < until:
        running = {one for one in running if _runs(one)}
        time.sleep(0.01)
    assert not running, f"machines {sorted(running)} still run"


def _runs(process: int) -> bool:
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False
