"""A name of doubtful writing is let pass by two people over one document; a difference of substance by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.journal.statement import unproved
from desk.views import NameMatchView
from tests.desk.forbidden.attack import AlteredAuthenticator, collaborators, recorded
from tests.scenarios.branch import COLLEAGUE, MAKER, OWN_SUPERVISOR, PERSON, SUPERVISOR
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.training.branch import TRAINING_PASSWORD as WORD

NO_DOT = "阿依古丽买买提"
SETTLE = c.OverrideName("id_card", "the card shows the dot", SUPERVISOR, WORD)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    counter = Counter(tmp_path_factory.mktemp("branch"))
    before = counter.ledger()
    try:
        yield counter
        counter.assert_posted_once(before)
    finally:
        counter.close()


@pytest.fixture
def desk(counter: Counter) -> Iterator[Desk]:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    yield desk
    snapshot = desk.session.snapshot()
    if snapshot.transaction and desk.step and not snapshot.transaction.posted:
        desk.do(c.Cancel("test ended"))


def at_the_match(desk: Desk, name: str, reviewer: str = COLLEAGUE) -> Player:
    deposit = Deposit(reviewer=reviewer)
    desk.counter.write_slip(PERSON, deposit.amount_minor, deposit.rows, account_name=name)
    player = Player(desk, deposit)
    player.to("match")
    return player


def test_two_people_settle_a_missing_dot_and_the_deposit_is_posted(counter: Counter, desk: Desk) -> None:
    player = at_the_match(desk, NO_DOT)
    page = desk.page
    assert isinstance(page, NameMatchView)
    assert (page.result, page.reasons, page.may_settle) == ("NEAR_E", ("DOT_MISSING",), True)
    assert [one.staff_no for one in page.authorisers] == [SUPERVISOR]
    assert desk.refused(c.Advance()) == "name_mismatch"
    desk.do(SETTLE)
    player.to("end")
    found = recorded(counter, desk.transaction.transaction_id, e.NameOverridden)
    assert len(found) == 1
    settled = found[0]
    assert isinstance(settled, e.NameOverridden)
    made, permitted = unproved(settled.statement), unproved(settled.second_statement)
    assert made is not None
    assert permitted is not None
    assert (made.staff_no, made.act, permitted.staff_no, permitted.act) == (
        MAKER,
        "make",
        SUPERVISOR,
        "authorise",
    )
    assert made.digest == permitted.digest


def test_whoever_authorised_does_not_review(desk: Desk) -> None:
    player = at_the_match(desk, NO_DOT)
    desk.do(SETTLE)
    player.to("count")
    desk.counter.put_notes(player.deposit.heap)
    desk.do(c.CountNotes())
    desk.do(c.AcceptCount())
    assert desk.refused(c.TakeSeat(SUPERVISOR)) == "same_person"


@pytest.mark.parametrize("name", ["阿依古力·买买提", "阿依古丽·买买江", "买买提·阿依古丽", "阿依？丽·买买提"])
def test_a_difference_of_substance_is_settled_by_nobody(desk: Desk, name: str) -> None:
    at_the_match(desk, name)
    page = desk.page
    assert isinstance(page, NameMatchView)
    assert not page.may_settle
    assert desk.refused(SETTLE) == "name_not_overridable"
    assert desk.refused(c.Advance()) in ("name_mismatch", "name_not_checkable")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(SETTLE, seen=" "), "evidence_missing"),
        (replace(SETTLE, document="library_card"), "evidence_missing"),
        (replace(SETTLE, staff_no=COLLEAGUE), "role_missing"),
        (replace(SETTLE, staff_no=MAKER), "role_missing"),
        (replace(SETTLE, staff_no=OWN_SUPERVISOR), "own_account"),
        (replace(SETTLE, staff_no="9999"), "person_unknown"),
        (replace(SETTLE, password="guess"), "wrong_password"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.document}-{one.staff_no}",
)
def test_who_may_not_settle_it(desk: Desk, command: c.OverrideName, code: str) -> None:
    at_the_match(desk, NO_DOT)
    assert desk.refused(command) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"digest": "0" * 64}, "statement_stale"),
        ({"nonce": "0" * 32}, "statement_replayed"),
        ({"act": "review"}, "statement_forged"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_signature_over_anything_else_settles_nothing(
    desk: Desk, change: dict[str, str], code: str
) -> None:
    at_the_match(desk, NO_DOT)
    given = collaborators(desk)
    given.authenticator = AlteredAuthenticator(
        given.authenticator, lambda facts, signer, _auth: signer.sign(replace(facts, **change))
    )
    assert desk.refused(SETTLE) == code


def test_a_new_slip_asks_anew(desk: Desk) -> None:
    at_the_match(desk, NO_DOT)
    desk.do(SETTLE)
    desk.do(c.ReturnSlip("another slip"))
    desk.do(c.KeySlip("350", account_name=NO_DOT, account_number=PERSON.number))
    for check in ("VC-08", "VC-24"):
        desk.do(c.TickCheck(check))
    assert desk.refused(c.Advance()) == "name_mismatch"


def test_nothing_is_settled_before_the_names_were_compared(desk: Desk) -> None:
    assert desk.refused(SETTLE) == "transaction_unknown"
    desk.do(c.StartTransaction("1010"))
    assert desk.refused(SETTLE) == "step_missing"


def test_another_account_number_is_no_matter_of_writing(desk: Desk) -> None:
    deposit = Deposit()
    desk.counter.write_slip(PERSON, deposit.amount_minor, deposit.rows, account_number="9017002010004821736")
    Player(desk, deposit).to("match")
    assert desk.refused(SETTLE) == "number_mismatch"
