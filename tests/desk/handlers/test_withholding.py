"""Counterfeit notes withheld at a real counter: every step in its order, by the right people, before anything goes
on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.people import Person
from desk.domain.training import trained_until
from desk.records import Authenticator
from desk.views import WithholdView
from tests.desk.forbidden.attack import AlteredAuthenticator, collaborators, recorded
from tests.scenarios.branch import COLLEAGUE, MAKER, PERSON, SUPERVISOR, UNTRAINED
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Deposit, Player
from ui.training.branch import TRAINING_PASSWORD as WORD

HOLDER = c.CertifyWithholding("individual", PERSON.name, "resident_id", "11010519491231002X")
CUSTODY = c.TakeCustody(SUPERVISOR, WORD)


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
def desk(counter: Counter) -> Desk:
    desk = Desk(counter, counter.session())
    desk.sign_on()
    return desk


def found_false(desk: Desk, pieces: int = 1) -> Player:
    """At the count, with so many notes judged counterfeit by two people."""
    deposit = Deposit(rows=((10000, 10),))
    desk.counter.write_slip(PERSON, deposit.amount_minor, deposit.rows)
    player = Player(desk, deposit)
    player.to("count")
    rejected = [{"denomination": 100, "reject": 6} for _ in range(pieces)]
    desk.counter.put_notes([*rejected, [100, 10 - pieces]])
    desk.do(c.CountNotes())
    for _ in range(pieces):
        judge(desk)
    return player


def judge(desk: Desk) -> None:
    desk.do(c.ReferNote())
    timer = desk.counter.put_note_soon(100, 4)
    note = getattr(desk.page, "note_id", "")
    desk.do(c.InspectNote(note))
    timer.join()
    for staff_no in (MAKER, SUPERVISOR):
        word = "" if staff_no == MAKER else WORD
        desk.do(c.GiveVerdict(note, "counterfeit", 10000, staff_no, word))


def page_of(desk: Desk) -> WithholdView:
    page = desk.page
    assert isinstance(page, WithholdView), page
    return page


def secure(desk: Desk) -> None:
    for number, note in enumerate(page_of(desk).notes):
        desk.do(c.SecureNote(note.note_id, 10000, "2005", f"HD9{number:07d}"))


def printed(desk: Desk) -> None:
    desk.do(c.HandOutPaper("queue"))
    desk.do(c.SettlePaper(printed=True))


def give_up(desk: Desk) -> None:
    desk.do(c.Cancel("test ended"))
    desk.do(c.CloseTransaction())


def test_a_note_is_withheld_step_by_step_and_the_count_goes_on(counter: Counter, desk: Desk) -> None:
    found_false(desk)
    desk.do(c.WithholdNotes())
    page = page_of(desk)
    assert (page.stage, [one.custody for one in page.notes]) == ("secure", ["stamp"])
    for early in (HOLDER, c.AnswerOfHolder("signed"), c.ReadRights()):
        assert desk.refused(early) == "withholding_order"
    assert desk.refused(CUSTODY) == "nothing_withheld"
    assert desk.refused(c.ReportWithholding("110", "12363")) == "withholding_order"
    assert desk.refused(c.SecureNote("other", 10000)) == "note_unknown"
    note = page.notes[0].note_id
    assert desk.refused(c.SecureNote(note, 10000, bag_no="B1")) == "custody_differs"
    assert desk.refused(c.SecureNote(note, 0)) == "denomination_unknown"
    secure(desk)
    assert page_of(desk).stage == "certificate"
    assert desk.refused(replace(HOLDER, document_number="")) == "document_incomplete"
    desk.do(HOLDER)
    page = page_of(desk)
    assert (page.stage, page.paper) == ("paper", "due")
    assert page.document is not None
    assert desk.refused(c.Cancel("customer leaves")) == "withholding_open"
    assert desk.refused(c.AnswerOfHolder("signed")) == "withholding_order"
    printed(desk)
    assert desk.refused(c.AnswerOfHolder("shrugged")) == "field_format"
    desk.do(c.AnswerOfHolder("signed"))
    assert page_of(desk).rights
    desk.do(c.ReadRights())
    assert desk.refused(replace(CUSTODY, staff_no=MAKER)) == "same_person"
    assert desk.refused(replace(CUSTODY, staff_no="9999")) == "person_unknown"
    assert desk.refused(replace(CUSTODY, password="guess")) == "wrong_password"
    desk.do(CUSTODY)
    assert desk.step == "count"
    kept = recorded(counter, desk.transaction.transaction_id, e.NotesInCustody)
    assert [getattr(one, "staff_no", "") for one in kept] == [SUPERVISOR]
    assert desk.refused(c.WithholdNotes()) == "nothing_withheld"
    give_up(desk)


def test_five_pieces_are_reported_before_they_are_kept(desk: Desk) -> None:
    found_false(desk, pieces=5)
    desk.do(c.WithholdNotes())
    secure(desk)
    desk.do(HOLDER)
    printed(desk)
    desk.do(c.AnswerOfHolder("signed"))
    desk.do(c.ReadRights())
    assert [code for code, _ in page_of(desk).report_due] == ["pieces"]
    assert desk.refused(CUSTODY) == "report_due"
    assert desk.refused(c.ReportWithholding("110", " ")) == "report_due"
    desk.do(c.ReportWithholding("desk officer 7", "branch hall 2"))
    assert page_of(desk).reported
    desk.do(CUSTODY)
    give_up(desk)


def test_a_holder_who_will_not_sign_is_reported_and_four_pieces_are_not(desk: Desk) -> None:
    """H13: four pieces ask for no report; a holder who does not cooperate does."""
    found_false(desk, pieces=4)
    desk.do(c.WithholdNotes())
    secure(desk)
    desk.do(replace(HOLDER, holder_kind="entity", agent_name="示例经办"))
    printed(desk)
    assert page_of(desk).report_due == ()
    assert desk.refused(c.ReportWithholding("110", "12363")) == "withholding_order"
    desk.do(c.AnswerOfHolder("refused"))
    assert [code for code, _ in page_of(desk).report_due] == ["not_cooperating"]
    desk.do(c.ReadRights())
    assert desk.refused(CUSTODY) == "report_due"
    desk.do(c.ReportWithholding("110", "12363"))
    desk.do(CUSTODY)
    give_up(desk)


def test_custody_is_signed_for_exactly_these_notes(desk: Desk) -> None:
    found_false(desk)
    desk.do(c.WithholdNotes())
    secure(desk)
    assert desk.refused(replace(HOLDER, holder_kind="ghost")) != ""
    desk.do(HOLDER)
    printed(desk)
    desk.do(c.AnswerOfHolder("signed"))
    desk.do(c.ReadRights())
    given = collaborators(desk)
    real = given.authenticator
    given.authenticator = AlteredAuthenticator(
        real, lambda facts, signer, _auth: signer.sign(replace(facts, digest="0" * 64))
    )
    assert desk.refused(CUSTODY) == "statement_forged"
    given.authenticator = real
    desk.do(CUSTODY)
    give_up(desk)


def test_nobody_judges_without_training_that_still_holds(desk: Desk) -> None:
    """H15."""
    deposit = Deposit(rows=((10000, 2),))
    desk.counter.write_slip(PERSON, deposit.amount_minor, deposit.rows)
    Player(desk, deposit).to("count")
    desk.counter.put_notes([{"denomination": 100, "reject": 6}, [100, 1]])
    desk.do(c.CountNotes())
    desk.do(c.ReferNote())
    timer = desk.counter.put_note_soon(100, 4)
    note = getattr(desk.page, "note_id", "")
    desk.do(c.InspectNote(note))
    timer.join()
    given = collaborators(desk)
    assert desk.refused(c.GiveVerdict(note, "counterfeit", 10000, UNTRAINED, WORD)) == "qualification_missing"
    people = given.authenticator.people()
    expired = tuple(
        replace(one, trained_until="2026-11-22") if one.staff_no == COLLEAGUE else one for one in people
    )
    given.authenticator = _WithPeople(given.authenticator, expired)
    assert desk.refused(c.GiveVerdict(note, "counterfeit", 10000, COLLEAGUE, WORD)) == "training_expired"
    for staff_no in (MAKER, SUPERVISOR):
        desk.do(c.GiveVerdict(note, "genuine", 10000, staff_no, "" if staff_no == MAKER else WORD))
    give_up(desk)


class _WithPeople(AlteredAuthenticator):
    """The real one, but for what it knows of people."""

    def __init__(self, real: Authenticator, people: tuple[Person, ...]) -> None:
        super().__init__(real, lambda facts, signer, _auth: signer.sign(facts))
        self._told = people

    def people(self) -> tuple[Person, ...]:
        return self._told


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ((), ""),
        (("other",), ""),
        (("counterfeit",), "2027-12-31"),
        (("other", "counterfeit:2026-06-30"), "2026-06-30"),
        (("counterfeit:2030-01-01",), "2027-12-31"),
    ],
)
def test_training_holds_no_longer_than_it_says_nor_than_the_certificate(
    said: tuple[str, ...], until: str
) -> None:
    assert trained_until(said, "2027-12-31") == until
