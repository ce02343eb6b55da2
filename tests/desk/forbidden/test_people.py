"""Who may not do what: the same person twice, one's own account, a wrong or guessed password, another's transaction,
a seat that is not one's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.records import StatementFacts
from desk.views import CountView, FactsView, ReviewView, SeatView, SuspectNoteView
from tests.desk.forbidden.attack import line_missing, recorded
from tests.scenarios.branch import (
    COLLEAGUE,
    MAKER,
    OWN_SUPERVISOR,
    OWN_TELLER,
    PERSON,
    RARE_NAME,
    SUPERVISOR,
    UNTRAINED,
)
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.training.branch import TRAINING_PASSWORD

SECONDS = ("second_count", "review")


def at_second(desk: Desk, player: Player, step: str) -> None:
    """Where a second person is due, the seat empty."""
    player.to(step)
    desk.do(c.LeaveSeat())
    assert isinstance(desk.page, SeatView)


@pytest.mark.parametrize("step", SECONDS)
def test_the_maker_takes_no_second_seat(step: str, desk: Desk, player: Player) -> None:
    at_second(desk, player, step)
    assert desk.refused(c.TakeSeat(MAKER)) == "same_person"
    page = desk.page
    assert isinstance(page, SeatView)
    assert MAKER not in [one.staff_no for one in page.candidates]


@pytest.mark.parametrize("step", SECONDS)
def test_nobody_reviews_a_deposit_to_their_own_account(step: str, desk: Desk, player: Player) -> None:
    at_second(desk, player, step)
    for own in (OWN_TELLER, OWN_SUPERVISOR):
        assert desk.refused(c.TakeSeat(own)) == "own_account"
    page = desk.page
    assert isinstance(page, SeatView)
    assert {OWN_TELLER, OWN_SUPERVISOR}.isdisjoint(one.staff_no for one in page.candidates)


def test_nobody_serves_their_own_account(counter: Counter) -> None:
    desk = Desk(counter, counter.session())
    desk.sign_on(OWN_TELLER)
    desk.do(c.StartTransaction("1010"))
    assert desk.refused(c.IdentifyCustomer(PERSON.number)) == "own_account"
    counter.put_book(PERSON)
    assert desk.refused(c.ReadBook()) == "own_account"
    desk.do(c.IdentifyCustomer(RARE_NAME.number))
    desk.do(c.Cancel("test ended"))


def test_the_customer_lets_no_line_print_again(counter: Counter, desk: Desk, player: Player) -> None:
    line_missing(desk, player)
    transaction = desk.transaction.transaction_id
    assert desk.refused(c.PrintAgain(OWN_SUPERVISOR, TRAINING_PASSWORD)) == "own_account"
    assert desk.refused(c.PrintAgain(MAKER, TRAINING_PASSWORD)) == "same_person"
    assert desk.refused(c.PrintAgain("9999", TRAINING_PASSWORD)) == "person_unknown"
    counter.put_book(PERSON)
    desk.do(c.PrintAgain(SUPERVISOR, TRAINING_PASSWORD))
    jobs = recorded(counter, transaction, e.PrintPrepared)
    signed = [(job.second_person, bool(job.signature)) for job in jobs if isinstance(job, e.PrintPrepared)]
    assert signed == [("", False), (SUPERVISOR, True)]
    player.to("end")


def test_who_is_no_teller_does_not_take_the_desk(counter: Counter) -> None:
    desk = Desk(counter, counter.session())
    assert desk.refused(c.SignOn(SUPERVISOR, TRAINING_PASSWORD)) == "role_missing"
    assert desk.refused(c.SignOn("9999", TRAINING_PASSWORD)) == "not_enrolled"
    assert desk.refused(c.StartTransaction("1010")) == "not_signed_on"
    assert desk.session.snapshot().teller is None


# --- verdicts ------------------------------------------------------------------------------------------


@pytest.fixture
def note(desk: Desk, player: Player) -> str:
    """A rejected note, read by the detector; its id. Judged counterfeit by two people afterwards."""
    player.to("count")
    desk.counter.put_notes([{"denomination": 100, "reject": 6}, [100, 2], [50, 1]])
    desk.do(c.CountNotes())
    desk.do(c.ReferNote())
    page = desk.page
    assert isinstance(page, SuspectNoteView)
    timer = desk.counter.put_note_soon(100, 4)
    desk.do(c.InspectNote(page.note_id))
    timer.join()
    return page.note_id


def verdict(note: str, staff_no: str, password: str = TRAINING_PASSWORD) -> c.GiveVerdict:
    return c.GiveVerdict(note, "counterfeit", 10000, staff_no, password)


@pytest.mark.parametrize("twice", [MAKER, SUPERVISOR])
def test_one_person_gives_no_two_verdicts(twice: str, desk: Desk, note: str) -> None:
    desk.do(verdict(note, twice))
    assert desk.refused(verdict(note, twice)) == "same_person"
    other = SUPERVISOR if twice == MAKER else MAKER
    for unfit, code in ((OWN_SUPERVISOR, "own_account"), (UNTRAINED, "qualification_missing")):
        assert desk.refused(verdict(note, unfit)) == code
    assert desk.refused(verdict("another note", other)) == "note_unknown"
    desk.do(verdict(note, other))
    assert desk.step == "count"


def test_a_verdict_needs_the_persons_own_password(desk: Desk, note: str) -> None:
    assert desk.refused(verdict(note, SUPERVISOR, "guessed")) == "wrong_password"
    desk.do(verdict(note, SUPERVISOR))
    desk.do(verdict(note, MAKER, ""))
    assert desk.step == "count"


# --- the desk has one teller and one transaction --------------------------------------------------------


def test_nobody_signs_on_over_an_open_transaction(desk: Desk, player: Player) -> None:
    player.to("count")
    transaction = desk.transaction.transaction_id
    assert desk.refused(c.SignOn(COLLEAGUE, TRAINING_PASSWORD)) == "another_open"
    assert desk.refused(c.SignOn(COLLEAGUE, "guessed")) == "wrong_password"
    assert desk.refused(c.SignOn(SUPERVISOR, TRAINING_PASSWORD)) == "role_missing"
    assert desk.transaction.transaction_id == transaction, "a refused sign-on swept the counter"
    assert desk.refused(c.StartTransaction("1010")) == "another_open"
    assert desk.refused(c.SignOff()) == "another_open"
    assert desk.refused(c.CloseTransaction()) == "another_open"
    desk.sign_on(MAKER)
    assert desk.transaction.transaction_id == transaction


def test_a_new_teller_closes_the_key_of_the_last(desk: Desk) -> None:
    before = desk.session._core.signer
    assert before is not None
    desk.sign_on(COLLEAGUE)
    teller = desk.session.snapshot().teller
    assert teller is not None
    assert teller.staff_no == COLLEAGUE
    with pytest.raises(RuntimeError):
        before.sign(StatementFacts("", "", "make", "", "", "", ""))


def test_another_teller_does_not_take_up_a_parked_transaction(
    counter: Counter, desk: Desk, player: Player
) -> None:
    player.to("count")
    transaction = desk.transaction.transaction_id
    desk.do(c.Park("the customer fetches a 50"))
    desk.do(c.SignOff())
    assert desk.refused(c.Resume(transaction)) == "not_signed_on"
    desk.sign_on(COLLEAGUE)
    assert desk.refused(c.Resume(transaction)) == "role_missing"
    assert desk.session.snapshot().transaction is None
    assert desk.session._core.counter.holder is None, "what was decrypted stayed behind"
    desk.do(c.SignOff())
    desk.sign_on(MAKER)
    desk.do(c.Resume(transaction))


def test_no_second_transaction_where_one_could_not_be_taken_up(
    counter: Counter, desk: Desk, player: Player
) -> None:
    """The procedure's file changed under an open transaction: it stands on record, and stays the only one."""
    player.to("count")
    desk.session = counter.session()
    given = desk.session._core.given
    procedures = dict(given.procedures)
    given.procedures = {}
    assert desk.refused(c.SignOn(MAKER, TRAINING_PASSWORD)) == "procedure_unknown"
    given.procedures = procedures
    assert desk.refused(c.StartTransaction("1010")) == "another_open"
    desk.sign_on()
    assert desk.step == "count"


# --- passwords -----------------------------------------------------------------------------------------


def by_signing_on(desk: Desk, player: Player) -> Callable[[str], c.Command]:
    return lambda password: c.SignOn(COLLEAGUE, password)


def by_countersigning(desk: Desk, player: Player) -> Callable[[str], c.Command]:
    player.to("review")
    desk.do(c.Rekey(player.deposit.amount_keys, PERSON.number[-4:]))
    desk.do(c.CompareName(agrees=True))
    return c.Countersign


@pytest.mark.parametrize(("way", "staff_no"), [(by_signing_on, COLLEAGUE), (by_countersigning, SUPERVISOR)])
def test_five_guesses_lock_a_person_out_and_each_is_recorded(
    way: Callable[[Desk, Player], Callable[[str], c.Command]],
    staff_no: str, counter: Counter, desk: Desk, player: Player,
) -> None:  # fmt: skip
    command = way(desk, player)
    at = counter.training.desk.store.head()[0]
    for guess in range(5):
        assert desk.refused(command(f"guess {guess}")) == "wrong_password"
    assert desk.refused(command(TRAINING_PASSWORD)) == "locked_out"
    everything = counter.training.desk.store.all_recorded()
    refused = [
        (one.event.staff_no, one.event.refusal_number, one.head.transaction)
        for one in everything
        if one.sequence > at and isinstance(one.event, e.SignOnRefused)
    ]
    assert refused == [(staff_no, 104, "")] * 5 + [(staff_no, 110, "")]


def test_no_password_is_kept(counter: Counter, desk: Desk) -> None:
    secret = "correct horse battery staple"
    desk.refused(c.SignOn(COLLEAGUE, secret))
    assert secret not in repr(c.SignOn(COLLEAGUE, secret))
    for path in counter.root.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path


# --- the seat ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["identify", "slip", "match", "count", "confirm", "post"])
def test_the_seat_is_not_taken_before_its_step(step: str, desk: Desk, player: Player) -> None:
    """Before the customer is known, nobody's own account could be told; and an early seat would stay open."""
    player.to(step)
    assert desk.refused(c.TakeSeat(SUPERVISOR)) == "step_not_open"
    assert desk.transaction.seat is None


def is_seated(desk: Desk) -> bool:
    return desk.transaction.seat is not None


def is_blind(desk: Desk) -> bool:
    return desk.transaction.blind


def returned(desk: Desk, player: Player) -> None:
    desk.do(c.ReturnReview("returned", "look again"))


def not_the_name(desk: Desk, player: Player) -> None:
    desk.do(c.Rekey(player.deposit.amount_keys, PERSON.number[-4:]))
    desk.do(c.CompareName(agrees=False))


def parked(desk: Desk, player: Player) -> None:
    transaction = desk.transaction.transaction_id
    desk.do(c.Park("called away"))
    desk.do(c.Resume(transaction))


def signed(desk: Desk, player: Player) -> None:
    player.to("confirm")


def restarted(desk: Desk, player: Player) -> None:
    desk.session = desk.counter.session()
    desk.sign_on()


@pytest.mark.parametrize("way", [returned, not_the_name, parked, signed, restarted])
def test_the_seat_does_not_survive(way: Callable[[Desk, Player], None], desk: Desk, player: Player) -> None:
    player.to("review")
    assert is_seated(desk)
    way(desk, player)
    assert not is_seated(desk)
    for command in (c.Rekey("350", "1735"), c.CompareName(True), c.Countersign(TRAINING_PASSWORD)):
        assert desk.refused(command) == "second_person_needed"


def test_a_second_person_accepts_no_count_of_another(desk: Desk, player: Player) -> None:
    player.to("second_count")
    desk.counter.put_notes([[100, 3]])
    desk.do(c.CountNotes())
    desk.do(c.TakeSeat(COLLEAGUE))
    page = desk.page
    assert isinstance(page, CountView)
    assert (page.counted_minor, page.can_accept) == (0, False)
    desk.counter.put_notes([[50, 1]])
    desk.do(c.CountNotes())
    assert desk.refused(c.AcceptCount()) == "second_count_differs"


def test_who_did_not_take_the_second_count_does_not_sign_for_it(desk: Desk, player: Player) -> None:
    player.to("review")
    desk.do(c.TakeSeat(COLLEAGUE))
    desk.do(c.Rekey(player.deposit.amount_keys, PERSON.number[-4:]))
    desk.do(c.CompareName(agrees=True))
    refusal = desk.refusal(c.Countersign(TRAINING_PASSWORD))
    assert refusal.code.code == "step_missing"
    assert dict(refusal.details) == {"step": "second_count"}
    desk.do(c.ReturnReview("returned", "counted by a colleague who left"))
    player.deposit = Deposit(reviewer=COLLEAGUE)
    player.to("second_count")
    page = desk.page
    assert isinstance(page, CountView)
    assert page.counted_minor == 0, "the colleague's count was handed on"
    player.to("post")


def test_a_second_reviewer_sees_no_more_than_the_first_did(desk: Desk, player: Player) -> None:
    """What one person keyed blind does not lift the blind for the next."""
    player.to("review")
    desk.do(c.Rekey(player.deposit.amount_keys, PERSON.number[-4:]))
    assert not is_blind(desk)
    desk.do(c.LeaveSeat())
    assert is_blind(desk)
    assert desk.transaction.facts == FactsView()
    desk.do(c.TakeSeat(COLLEAGUE))
    page = desk.page
    assert isinstance(page, ReviewView)
    assert (page.stage, page.facts, page.account_name, page.digest_words) == ("rekey", (), "", "")
    assert is_blind(desk)
    assert desk.refused(c.CompareName(agrees=True)) == "rekey_missing"
