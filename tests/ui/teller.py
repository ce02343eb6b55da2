"""A teller at the real window over real machines, for tests in which something happens to a machine on the way.

``Teller`` presses keys until a step is reached, plays the customer's hands, and pulls cables. Judges nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest

from desk import views as v
from desk.domain.procedure_kinds import ControlMode
from desk.journal.trust import read_trust
from desk.persistence.verification import VerifyReport, verify_database
from devices.contracts import DeviceState, DeviceStatus
from devices.simulators.process import SimulatorProcess
from tests.ui.counter_window import DAY, MAKER, CounterWindow
from tests.ui.window_of import settle
from ui.pages.step_page import StepPage
from ui.stall_meter import StallMeter
from ui.training.branch import ACCOUNTS, CASH, STAFF, TRAINING_PASSWORD, TrainingAccount, write_slip

REVIEWER = STAFF[2].staff_no
MOST_SECONDS, TURN_MILLISECONDS = 40.0, 15


@dataclass(frozen=True)
class Customer:
    """Who comes, and what they bring, in yuan: ``[unit, pieces]``."""

    account: TrainingAccount = ACCOUNTS[0]
    heap: tuple[tuple[int, int], ...] = ((100, 40), (50, 10))

    @property
    def amount(self) -> int:
        """In yuan."""
        return sum(unit * pieces for unit, pieces in self.heap)

    @property
    def notes(self) -> list[Any]:
        return [[unit, pieces] for unit, pieces in self.heap]


class Teller:
    """One teller at one window. ``machine`` names a simulator by its model."""

    def __init__(
        self,
        root: Path,
        language: str,
        customer: Customer = Customer(),
        mode: ControlMode = ControlMode.COMPREHENSIVE,
        speed: float = 0.0,
    ) -> None:
        self.root, self.customer = root, customer
        self.window = CounterWindow(root, language, mode, speed)
        self.meter = StallMeter()
        self.seen: dict[str, DeviceStatus] = {}
        self.window.bridge.status.connect(self._see)
        self.balances = self._balances()
        rows = tuple((unit * 100, pieces) for unit, pieces in customer.heap)
        write_slip(self.window.training.folder, customer.account, customer.amount * 100, DAY, rows)
        self.window.sign_on()
        self.meter.start()

    def _see(self, status: DeviceStatus) -> None:
        self.seen[status.device_id] = status

    def close(self) -> None:
        self.meter.stop()
        self.window.close()

    # --- machines ------------------------------------------------------------------------------------------

    def machine(self, model: str) -> SimulatorProcess:
        return self.window.training.simulators[model]

    def hands(self, model: str, **command: Any) -> dict[str, Any]:
        return self.machine(model).hands(**command)

    def pull(self, model: str) -> None:
        """Pull its cable: the machine itself goes on with what it has."""
        self.hands(model, do="unplug")

    def plug(self, model: str) -> tuple[str, str]:
        """Plug it in again; the names of its port, before and now."""
        before = self.machine(model).port
        return before, str(self.hands(model, do="plug")["port"])

    def until_away(self, model: str, state: DeviceState = DeviceState.OFFLINE) -> None:
        """Until the window was told."""
        self.window.until(lambda: model in self.seen and self.seen[model].state is state, f"{model} {state}")
        settle()

    def until_heard(self, model: str) -> None:
        """Until it identified itself again; one that cannot waits for a person's word."""
        room = self.window.training.desk.top.room
        assert room is not None
        worker = next(one for one in room.workers if one.device_id == model)
        self.window.until(lambda: worker.is_ready or worker.awaits_person, f"{model} is back")
        self.window.until(lambda: self.seen[model] == worker.status, f"{model} shown")
        settle()

    def load(self) -> None:
        """The whole heap, from wherever it lies, into the counter."""
        self.hands("aa55", do="take")
        self.hands("aa55", do="load", notes=self.customer.notes, rate_per_minute=1500)

    # --- pages ---------------------------------------------------------------------------------------------

    @property
    def page(self) -> StepPage:
        page = self.window.window.middle.page
        assert isinstance(page, StepPage)
        return page

    @property
    def view(self) -> Any:
        return self.window.view

    @property
    def step(self) -> str:
        one = self.window.snapshot.transaction
        return one.step if one else ""

    def press(self, *keys: str) -> None:
        self.window.press("teller", *keys)

    def type(self, text: str) -> None:
        self.press(*text)

    def rest(self) -> None:
        """Until the desk does nothing more by itself."""
        page = self.page
        self.window.until(lambda: self.window.bridge.is_idle and not page.will_send(), "rest")
        settle()

    def to(self, step: str) -> None:
        """Go on the ordinary way until ``step`` ("end": until it ended)."""
        if self.window.snapshot.transaction is None:
            self.type("1010")
        end = time.monotonic() + MOST_SECONDS
        while time.monotonic() < end:
            QTest.qWait(TURN_MILLISECONDS)
            view = self.view
            ended = isinstance(view, v.EndView)
            if (ended and step == "end") or (self.step == step and not isinstance(view, v.SeatView)):
                return
            assert not ended, f"it ended before {step}"
            turn = _TURNS.get(type(view))
            if turn is not None and not self.page.will_send():
                turn(self, view)
        raise AssertionError(f"{step} was not reached; it stands at {self.step} {self.window.refused}")

    def _identify(self, view: v.IdentifyView) -> None:
        if view.account_number:
            self.press("+")
            return
        self.window.until(lambda: not self.window.bridge.is_idle or bool(self.view.account_number))
        self.window.training.insert_book(self.customer.account)
        self.window.until(lambda: bool(self.view.account_number), "read")
        self.rest()

    def _slip(self, view: v.SlipView) -> None:
        if not self.window.bridge.is_idle:
            return
        if view.keyed_amount_minor is None:
            self.type(str(self.customer.amount))
            self.press("Enter")
        else:
            waiting = [check.key for check in view.checks if check.state == "open" and check.key]
            self.press(f"Alt+{waiting[0]}" if waiting else "+")

    def _count(self, view: v.CountView) -> None:
        if view.can_accept:
            self.press("+")
        elif view.state == "counting" and not view.progress_pieces:
            self.load()
            self.window.until(lambda: self.view.state != "counting", "counted")

    def _seat(self, view: v.SeatView) -> None:
        chosen = [one.staff_no for one in view.candidates].index(REVIEWER)
        self.press(*["Down"] * chosen, "Enter")

    def _review(self, view: v.ReviewView) -> None:
        if view.stage == "rekey":
            self.type(str(self.customer.amount))
            self.press("Enter")
            self.type(self.customer.account.number[-4:])
        elif view.stage == "compare":
            self.press("Alt+1")
        else:
            self.press("+")
            self.type(TRAINING_PASSWORD)
            self.press("Enter")

    def _confirm(self, view: v.ConfirmView) -> None:
        if self.window.bridge.is_idle:
            self.window.screen.yes.click()

    def _post(self, view: v.PostView) -> None:
        if self.window.bridge.is_idle:
            self.press("+")

    def _print(self, view: v.PrintView) -> None:
        if view.state == "needs_book":
            self.window.training.insert_book(self.customer.account)
        self.rest()
        if getattr(self.view, "state", "") == "ready":
            self.press("F5")

    def _hand_over(self, view: v.HandOverView) -> None:
        if view.receipt and self.window.bridge.is_idle:
            self.press("+")

    # --- what must be true afterwards ----------------------------------------------------------------------

    def _balances(self) -> dict[str, int]:
        read = self.window.training.desk.store.read
        return {str(a): int(b) for a, b in read("SELECT account_id, balance_minor FROM account")}

    def drawer(self) -> dict[int, int]:
        """Pieces in the drawer by denomination in minor units."""
        read = self.window.training.desk.store.read
        return {int(a): int(b) for a, b in read("SELECT denomination_minor, pieces FROM drawer_cash")}

    def moved(self) -> dict[str, int]:
        """What was posted since the window opened, by account, in minor units."""
        return {
            account: balance - self.balances[account]
            for account, balance in self._balances().items()
            if balance != self.balances[account]
        }

    def verify(self) -> VerifyReport:
        """What ``journal verify --deep`` says."""
        root = read_trust((self.root / "trust.json").read_bytes())
        assert isinstance(root, bytes)
        witness = (self.root / "witness.log").read_bytes()
        found = verify_database(f"sqlite:///{self.root / 'desk.db'}", root, witness, deep=True)
        assert isinstance(found, VerifyReport), found
        return found

    def ink(self, fact: str) -> list[dict[str, Any]]:
        lines = self.window.training.ink.read_text(encoding="utf-8").splitlines()
        return [one for one in map(json.loads, lines) if one["fact"] == fact]

    def events(self, name: str) -> list[Any]:
        """What this transaction's record has of one kind."""
        one = self.window.snapshot.transaction
        assert one is not None
        recorded = self.window.training.desk.store.recorded(one.transaction_id)
        return [each.event for each in recorded if each.event.name == name]


_TURNS: Mapping[type[v.PageView], Callable[[Teller, Any], None]] = {
    v.IdentifyView: Teller._identify,
    v.SlipView: Teller._slip,
    v.CountView: Teller._count,
    v.SeatView: Teller._seat,
    v.ReviewView: Teller._review,
    v.ConfirmView: Teller._confirm,
    v.PostView: Teller._post,
    v.PrintView: Teller._print,
    v.HandOverView: Teller._hand_over,
}

__all__ = ["CASH", "MAKER", "REVIEWER", "Customer", "Teller"]
