"""A scenario file as data, and how its steps are played at a desk.

    title = "…"                       what it proves
    mode = "comprehensive"            default "dual"
    policy = {cursor = "on_handout"}  how books are caught up: fields of BookPolicy, default as shipped
    turns = true                      the steps turn the pages; else they are turned as soon as it is due
    posted = {person = ["350.00"]}    what was posted, by account; nothing else may have changed
    [[customer]]                      account and rows ([minor units, pieces]); ``slip`` changes what the electronic
                                      slip says; ``typed``: there is none

Each [[step]] may, in this order:

    serve                the n-th customer steps up
    teller               another teller signs on
    reopen               "session" or "desk": the program was ended and started again
    hands                what a person does to the machines
    wait_ready           until a confused machine identified itself again
    wait_heard           the same, or until one that cannot say who it is waits for a person's word
    notes, book, note    a heap into the counter, a book into the printer, [yuan, class] into the detector
    stop_after           the teller presses stop after so many seconds
    play_to              the ordinary way up to a step
    do, with             one command and its values

and expects ``refused`` (a code), ``at`` (a step), ``page`` (fields of the page; for tuples their length), ``prints``
(line, summary, amount and entries of every line to print now), ``cursor`` (of the customer's book: page, line, last
entry printed), ``items`` (kind and next person of what was opened) and ``parked`` (how many).
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk import commands as c
from desk.book_plan import BookPolicy, CompressHow, CompressWhen, CursorPolicy
from desk.domain.cash import CashRow
from desk.domain.procedure_kinds import ControlMode
from desk.views import PrintView, SuspectNoteView
from tests.scenarios.branch import BY_NAME, MAKER
from tests.scenarios.counter import Counter, Desk, as_rows, minor
from tests.scenarios.player import Deposit, Player
from ui.training.branch import TRAINING_PASSWORD

STEP_KEYS = frozenset({
    "say", "serve", "reopen", "hands", "notes", "book", "note", "stop_after", "play_to", "do", "with",
    "refused", "at", "page", "items", "parked", "teller", "wait_ready", "wait_heard", "prints", "cursor",
})  # fmt: skip
TOP_KEYS = frozenset({"title", "mode", "customer", "posted", "step", "policy", "turns"})


@dataclass(frozen=True)
class Scenario:
    """One file."""

    name: str
    title: str
    mode: ControlMode
    customers: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...]
    posted: Mapping[str, tuple[int, ...]]
    policy: BookPolicy
    turns: bool


def read(path: Path) -> Scenario:
    """A key that is not known is an error: a misspelt expectation must not pass unseen."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(said) - TOP_KEYS | {key for step in said["step"] for key in set(step) - STEP_KEYS}
    assert not unknown, f"{path.name}: {sorted(unknown)}"
    return Scenario(
        name=path.stem,
        title=said["title"],
        mode=ControlMode(said.get("mode", "dual")),
        customers=tuple(said["customer"]),
        steps=tuple(said["step"]),
        posted={
            BY_NAME[name].account_id: tuple(minor(one) for one in amounts)
            for name, amounts in said.get("posted", {}).items()
        },
        policy=policy_of(**said.get("policy", {})),
        turns=said.get("turns", False),
    )


def policy_of(
    cursor: str = "on_proof", compress_when: str = "never", threshold: int = 0, compress_how: str = "runs"
) -> BookPolicy:
    return BookPolicy(CursorPolicy(cursor), CompressWhen(compress_when), threshold, CompressHow(compress_how))


class Play:
    """One scenario at one counter."""

    def __init__(self, counter: Counter, scenario: Scenario) -> None:
        self.counter, self.scenario = counter, scenario
        self.desk = Desk(counter, counter.session(scenario.mode, policy=scenario.policy))
        self.desk.sign_on()
        self.player = Player(self.desk, Deposit())
        self._items_before = {item.item_id for item in self.desk.session.snapshot().items}

    def run(self) -> None:
        self._serve(1)
        for number, step in enumerate(self.scenario.steps, start=1):
            try:
                self._step(step)
            except AssertionError as failed:
                where = f"{self.scenario.name}.toml, step {number} {step.get('say', '')}: {failed}"
                raise AssertionError(where) from failed
        snapshot = self.desk.session.snapshot()
        assert not snapshot.parked, "a transaction was left parked"
        assert snapshot.transaction is None or not self.desk.step, "a transaction was left open"

    def _step(self, step: Mapping[str, Any]) -> None:
        timers = []
        self._turn()
        for name in ("serve", "teller", "reopen", "hands", "wait_ready", "wait_heard", "notes", "book"):
            if name in step:
                _HANDS[name](self, step[name])
        if "note" in step:
            timers.append(self.counter.put_note_soon(*step["note"]))
        if "stop_after" in step:
            timers.append(self.desk.interrupt_soon(step["stop_after"]))
        try:
            if "play_to" in step:
                self.player.to(step["play_to"])
            if "do" in step:
                self._do(step)
        finally:
            for timer in timers:
                timer.join()
        self._turn()
        self._expect(step)

    def _turn(self) -> None:
        if not self.scenario.turns:
            self.player.turn()

    # --- before a command ----------------------------------------------------------------------------------

    def _serve(self, number: int) -> None:
        """The n-th customer steps up, with their slip."""
        said = self.scenario.customers[number - 1]
        account = BY_NAME[said["account"]]
        self.player.deposit = deposit = Deposit(account, as_rows(said["rows"]))
        if said.get("typed"):
            self.counter.no_slip(account)
        else:
            slip = dict(said.get("slip", {}))
            amount = minor(slip.pop("amount")) if "amount" in slip else deposit.amount_minor
            rows = as_rows(slip.pop("rows")) if "rows" in slip else deposit.rows
            self.counter.write_slip(account, amount, rows, **slip)

    def _reopen(self, what: str) -> None:
        if what == "desk":
            self.counter.close_and_open()
        self.desk.session = self.counter.session(self.scenario.mode, policy=self.scenario.policy)
        self.desk.sign_on()

    def _teller(self, staff_no: str) -> None:
        """Another teller signs on in place of the first."""
        self.desk.do(c.SignOff())
        self.desk.sign_on(staff_no)

    def _hand(self, commands: list[dict[str, Any]]) -> None:
        for command in commands:
            said = dict(command)
            self.counter.hands(said.pop("machine"), **said)

    def _wait_heard(self, wanted: bool) -> None:
        """A machine that was away answers again."""
        assert self.counter.heard() is wanted

    def _wait_ready(self, wanted: bool) -> None:
        """A machine that was silent or confused identifies itself again."""
        assert self.counter.ready() is wanted

    def _notes(self, notes: list[Any]) -> None:
        self.counter.put_notes(notes)

    def _book(self, account: str) -> None:
        self.counter.put_book(BY_NAME[account])

    # --- the command ---------------------------------------------------------------------------------------

    def _do(self, step: Mapping[str, Any]) -> None:
        command = self._command(step["do"], dict(step.get("with", {})))
        if "refused" in step:
            found = self.desk.refused(command)
            assert found == step["refused"], f"refused as {found}"
        else:
            self.desk.do(command)

    def _command(self, name: str, given: dict[str, Any]) -> c.Command:
        kind: type[c.Command] = getattr(c, name)
        known = set(inspect.signature(kind).parameters)
        if "rows" in given:
            given["rows"] = tuple(CashRow(unit, pieces) for unit, pieces in given["rows"])
        if "password" in known and given.get("staff_no") != MAKER:
            given.setdefault("password", TRAINING_PASSWORD)
        if "note_id" in known:
            page = self.desk.page
            given.setdefault("note_id", page.note_id if isinstance(page, SuspectNoteView) else "none")
        if name == "Resume":
            parked = self.desk.session.snapshot().parked
            given.setdefault("transaction_id", parked[0].transaction_id if parked else "none")
        return kind(**given)

    # --- what must be so now -------------------------------------------------------------------------------

    def _expect(self, step: Mapping[str, Any]) -> None:
        snapshot = self.desk.session.snapshot()
        if "at" in step:
            assert self.desk.step == step["at"], f"stands at {self.desk.step!r}"
        for name, value in step.get("page", {}).items():
            found = getattr(self.desk.page, name)
            shown = len(found) if isinstance(found, tuple) else (False if found is None else found)
            assert shown == value, f"{name} is {found!r}"
        if "prints" in step:
            assert self._prints() == step["prints"], f"it would print {self._prints()}"
        if "cursor" in step:
            book = self.desk.session.book_of(self.player.deposit.account.account_id)
            found = [book.next_page, book.next_line, book.printed_through]
            assert found == step["cursor"], f"the book is at {found}"
        if "items" in step:
            items = [item for item in snapshot.items if item.item_id not in self._items_before]
            assert [[item.kind, item.next_person] for item in items] == step["items"]
        if "parked" in step:
            assert len(snapshot.parked) == step["parked"]

    def _prints(self) -> list[list[Any]]:
        page = self.desk.page
        assert isinstance(page, PrintView)
        told = ((one, dict(one.columns)) for one in page.lines)
        return [[one.line, texts["summary"], texts["amount"], one.entries] for one, texts in told]


_HANDS: Mapping[str, Callable[[Play, Any], None]] = {
    "serve": Play._serve,
    "teller": Play._teller,
    "reopen": Play._reopen,
    "hands": Play._hand,
    "wait_ready": Play._wait_ready,
    "wait_heard": Play._wait_heard,
    "notes": Play._notes,
    "book": Play._book,
}
