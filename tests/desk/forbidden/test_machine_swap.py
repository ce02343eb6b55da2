"""A machine that one person alone puts on the counter, or two who may not, or that belongs elsewhere: each is refused,
the machine that stood there stays, and nothing is written down about another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.machines import MachineOffer
from desk.views import PrintView
from devices.contracts import DeviceIdentity, DeviceKind, IdentityKind
from tests.desk.forbidden.attack import Alter, write
from tests.desk.forbidden.test_signatures import by, no_signature, over, spoilt, tampered
from tests.scenarios.branch import COLLEAGUE, MAKER, RARE_NAME, SUPERVISOR
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.machine_room import FoundMachine, MachineRoom
from ui.training.branch import TRAINING_PASSWORD

OTHER = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-EBDS-0042")


def room_of(counter: Counter) -> MachineRoom:
    room = counter.training.desk.top.room
    assert room is not None
    return room


def offered(
    counter: Counter, kind: DeviceKind, model: str, port: str, identity: DeviceIdentity = OTHER
) -> str:
    """What an insider's program puts among the machines that answered."""
    offer = MachineOffer("0f" * 8, kind, model, model, "simulator", identity, port)
    room_of(counter)._offers[offer.offer_id] = offer
    return offer.offer_id


@pytest.fixture
def offer(counter: Counter) -> str:
    return offered(counter, DeviceKind.COUNTERFEIT_DETECTOR, "ebds", "machine:nowhere/ebds")


def bound(counter: Counter) -> int:
    return sum(isinstance(one.event, e.MachineBound) for one in counter.training.desk.store.own_recorded())


@pytest.mark.parametrize(
    ("staff_no", "password", "code"),
    [
        (MAKER, TRAINING_PASSWORD, "same_person"),
        (COLLEAGUE, TRAINING_PASSWORD, "role_missing"),
        (SUPERVISOR, "not this one", "wrong_password"),
        ("9999", TRAINING_PASSWORD, "person_unknown"),
    ],
)
def test_the_second_person_is_a_supervisor_and_somebody_else(
    counter: Counter, desk: Desk, offer: str, staff_no: str, password: str, code: str
) -> None:
    before = bound(counter)
    assert desk.refused(c.BindMachine("detector", offer, staff_no, password)) == code
    assert bound(counter) == before


def test_nobody_signed_on_binds_nothing(counter: Counter, offer: str) -> None:
    fresh = Desk(counter, counter.session())
    assert fresh.refused(c.BindMachine("detector", offer, SUPERVISOR, TRAINING_PASSWORD)) == "not_signed_on"
    assert fresh.refused(c.ConfirmMachine("counter")) == "not_signed_on"


@pytest.mark.parametrize(
    ("place", "port", "identity", "code"),
    [
        ("printer", "machine:nowhere/ebds", OTHER, "machine_kind"),
        ("detector", "machine:aa55", OTHER, "machine_bound"),
        ("nowhere", "machine:nowhere/ebds", OTHER, "machine_not_identified"),
    ],
)
def test_a_machine_stands_at_one_place_of_its_kind(
    counter: Counter, desk: Desk, place: str, port: str, identity: DeviceIdentity, code: str
) -> None:
    found = offered(counter, DeviceKind.COUNTERFEIT_DETECTOR, "ebds", port, identity)
    assert desk.refused(c.BindMachine(place, found, SUPERVISOR, TRAINING_PASSWORD)) == code


def test_a_machine_that_was_not_asked_is_not_bound(desk: Desk) -> None:
    assert (
        desk.refused(c.BindMachine("detector", "never", SUPERVISOR, TRAINING_PASSWORD))
        == "machine_not_identified"
    )


@contextmanager
def at_work(counter: Counter, place: str) -> Iterator[None]:
    """Its thread does something for somebody."""
    let_go, begun = Flag(), Flag()

    def work() -> str:
        begun.set()
        let_go.wait(5.0)
        return "done"

    future = room_of(counter)._stations[place].worker.submit(work)
    assert begun.wait(5.0)
    yield
    let_go.set()
    assert future.result(5.0) == "done"


def test_a_machine_at_work_is_not_taken_away(counter: Counter, desk: Desk, offer: str) -> None:
    with at_work(counter, "detector"):
        wanted = c.BindMachine("detector", offer, SUPERVISOR, TRAINING_PASSWORD)
        assert desk.refused(wanted) == "machine_busy"


FORGERIES: dict[str, Alter] = {
    "the teller's key": by(MAKER),
    "a colleague's key": by(COLLEAGUE),
    "other facts": over(digest="00" * 32),
    "another act": over(act="review"),
    "another request": over(nonce="00" * 16),
    "of a transaction": over(transaction="00" * 16),
    "a changed byte in the statement": spoilt("statement"),
    "a changed byte in the signature": spoilt("signature"),
    "nothing": no_signature,
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_permission_binds_nothing(counter: Counter, desk: Desk, offer: str, forgery: str) -> None:
    before, restore = bound(counter), tampered(desk, FORGERIES[forgery])
    try:
        refused = desk.refused(c.BindMachine("detector", offer, SUPERVISOR, TRAINING_PASSWORD))
    finally:
        restore()
    assert refused in ("statement_forged", "statement_stale", "statement_replayed")
    assert bound(counter) == before


def test_an_unknown_print_stays_a_question_when_the_printer_is_swapped(counter: Counter, desk: Desk) -> None:
    """Asked on the new printer's counter about the old printer's page; the spare prints nothing by itself. The old
    printer is put back afterwards, by the same two people."""
    deposit = Deposit(RARE_NAME, ((10000, 1),))
    counter.write_slip(deposit.account, deposit.amount_minor, deposit.rows)
    player = Player(desk, deposit)
    player.to("print")
    counter.hands("t5040", do="silent", ink=True)
    counter.put_book(RARE_NAME)
    desk.do(c.PrintBook())
    assert isinstance(desk.page, PrintView)
    assert desk.page.state == "unknown"
    spare = counter.training.carry_in("t5040", "spare-printer")
    swapped(counter, desk, "printer", FoundMachine("machine:spare-printer/t5040", "", "t5040"))
    assert isinstance(desk.page, PrintView)
    assert desk.page.state == "unknown"
    assert desk.refused(c.PrintBook()) == "print_open"
    assert [one for one in spare.hands(do="report").get("facts", []) if one["fact"] == "ink"] == []
    desk.do(c.SettlePrint(1))
    counter.hands("t5040", do="power_cycle")
    swapped(counter, desk, "printer", FoundMachine("machine:t5040", "", "t5040"))
    spare.close()
    player.to("end")


def swapped(counter: Counter, desk: Desk, place: str, line: FoundMachine) -> None:
    found = room_of(counter).identify(place, line)
    assert isinstance(found, MachineOffer), found
    desk.do(c.BindMachine(place, found.offer_id, SUPERVISOR, TRAINING_PASSWORD))
    assert counter.ready()


def test_what_an_insider_writes_is_not_believed_at_the_next_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """With the desk's own key, past every decision, into a record of its own."""
    own = Counter(tmp_path_factory.mktemp("insider"))
    try:
        Player(Desk(own, own.session()), Deposit()).desk.sign_on()
        own.training.desk.session.do(c.StartTransaction("1010"))
        standing = next(one for one in room_of(own).places() if one.place == "detector")
        forged = e.MachineBound(
            "ee" * 16, "detector", "ccnet", "serial_number", "TD-CC-00001", "machine:evil/ccnet",
            standing.binding_id,
        )  # fmt: skip
        write(own, "", forged)
        report = own.verify()
        assert [one.text for one in report.findings] == [
            "a machine bound by nobody after the desk's business began"
        ]
        own.close_and_open()
        assert next(one for one in room_of(own).places() if one.place == "detector") == standing
    finally:
        own.close()
