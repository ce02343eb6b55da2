"""One training desk for all that must not happen; a fresh session, with the teller signed on, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk import commands as c
from tests.desk.forbidden.attack import ended
from tests.scenarios.counter import Branches, Counter, Desk
from tests.scenarios.player import Deposit, Player


@pytest.fixture(scope="package")
def branches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branches]:
    opened = Branches(tmp_path_factory.mktemp)
    yield opened
    opened.drop()


@pytest.fixture
def counter(branches: Branches) -> Iterator[Counter]:
    """The counter; afterwards nothing was posted by what was refused, and the record still verifies."""
    counter = branches.counter()
    before = counter.ledger()
    whole = False
    try:
        yield counter
        counter.assert_posted_once(before)
        whole = ended(counter)
    finally:
        if not whole:
            branches.drop()


@pytest.fixture
def desk(counter: Counter) -> Iterator[Desk]:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    yield desk
    snapshot = desk.session.snapshot()
    if snapshot.teller and snapshot.transaction and desk.step and not snapshot.transaction.posted:
        desk.do(c.Cancel("test ended"))


@pytest.fixture
def player(desk: Desk) -> Player:
    """The ordinary way of a deposit of 350.00, slip and all."""
    deposit = Deposit()
    desk.counter.write_slip(deposit.account, deposit.amount_minor, deposit.rows)
    return Player(desk, deposit)
