"""What an attacker has at hand: the session's own collaborators, the journal's writer, signatures made elsewhere.

Each tool is put in the place of a real part of a session that is otherwise real.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from desk import commands as c
from desk.core import Collaborators
from desk.domain import events as e
from desk.domain.people import Person
from desk.domain.refusals import Refusal
from desk.records import Authenticator, CheckedStatement, Signature, Signer, StatementFacts
from devices.contracts import Cancel, Capabilities, DeviceKind, NoteBatch, NoteCounter, Progress
from devices.errors import DeviceError
from tests.scenarios.branch import MAKER, desk_head
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Player

Alter = Callable[[StatementFacts, Signer, Authenticator], Signature]


def collaborators(desk: Desk) -> Collaborators:
    """The parts the session was given; an attacker inside the program reaches them."""
    return desk.session._core.given


class AlteredSigner:
    """A signer that hands out what ``alter`` makes of the request."""

    def __init__(self, signer: Signer, alter: Alter, authenticator: Authenticator) -> None:
        self.staff_no, self.key_id = signer.staff_no, signer.key_id
        self._signer, self._alter, self._authenticator = signer, alter, authenticator

    def sign(self, facts: StatementFacts) -> Signature:
        return self._alter(facts, self._signer, self._authenticator)

    def close(self) -> None:
        self._signer.close()


class AlteredAuthenticator:
    """The real one, but for the signatures of the keys it opens. What is offered is still checked by the real one."""

    def __init__(self, real: Authenticator, alter: Alter) -> None:
        self.real, self._alter = real, alter

    def people(self) -> tuple[Person, ...]:
        return self.real.people()

    def open(self, staff_no: str, password: str) -> Signer | Refusal:
        signer = self.real.open(staff_no, password)
        return signer if isinstance(signer, Refusal) else AlteredSigner(signer, self._alter, self.real)

    def check(self, signature: Signature) -> CheckedStatement | Refusal:
        return self.real.check(signature)


class ReplayingCounter:
    """A note counter that keeps what the real one counted and may hand it out again."""

    def __init__(self, real: NoteCounter) -> None:
        self._real = real
        self.kept: list[NoteBatch] = []
        self.next: NoteBatch | None = None

    @property
    def device_id(self) -> str:
        return self._real.device_id

    @property
    def kind(self) -> DeviceKind:
        return self._real.kind

    @property
    def capabilities(self) -> Capabilities:
        return self._real.capabilities

    def forget(self) -> None:
        self._real.forget()

    def count(self, open_id: str, progress: Progress, cancel: Cancel) -> NoteBatch | DeviceError:
        if self.next is not None:
            return self.next
        batch = self._real.count(open_id, progress, cancel)
        if isinstance(batch, NoteBatch):
            self.kept.append(batch)
        return batch


def write(counter: Counter, transaction: str, *events: e.Event, person: str = MAKER) -> None:
    """An insider's program appends to the journal with the desk's own key, past every decision."""
    store = counter.training.desk.store
    pinned = [getattr(one, "rules", "") for one in recorded(counter, transaction, e.TransactionStarted)]
    head = replace(desk_head(store, transaction, person, "maker"), rule_pack="".join(pinned) or "founding")
    store.append([(head, event) for event in events])


def recorded(counter: Counter, transaction: str, kind: type[e.Event]) -> list[e.Event]:
    found = counter.training.desk.store.recorded(transaction)
    return [one.event for one in found if isinstance(one.event, kind)]


def line_missing(desk: Desk, player: Player) -> None:
    """At the print step, after the printer fell silent before the one line of the job landed, and a person said so."""
    player.to("end")  # whatever else was unprinted goes into the book
    desk.do(c.CloseTransaction())
    player.to("print")
    desk.counter.hands("t5040", do="silent", ink=False)
    desk.counter.put_book(player.deposit.account)
    stop = desk.interrupt_soon(0.5)
    desk.do(c.PrintBook())
    stop.join()
    desk.do(c.SettlePrint(0, printer_stopped=True))
    desk.counter.hands("t5040", do="power_cycle")
    assert desk.counter.ready()


def sql(database: Path, *statements: str) -> None:
    """What a person with the file and a database tool can do, while the desk runs."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def ended(counter: Counter) -> bool:
    """Whether no transaction was left open."""
    return not counter.training.desk.store.open_transactions()
