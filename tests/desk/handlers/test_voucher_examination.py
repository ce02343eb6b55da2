"""A voucher examined at a real counter: every answer by the right person, no way past what failed, and the record
holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.capitals import capitals
from desk.procedures.loader import load_procedure
from desk.procedures.procedure import Procedure
from desk.views import ConcludeView, EndView, GiveBackView, SealView, VoucherPageView
from tests.desk.forbidden.attack import AlteredAuthenticator, collaborators
from tests.scenarios.branch import COLLEAGUE, COMPANY, MAKER, OWN_TELLER, SUPERVISOR, desk_head
from tests.scenarios.counter import Counter, Desk
from ui.training.branch import TRAINING_PASSWORD as WORD

DRAFT = Path(__file__).parents[3] / "resources" / "drafts" / "voucher_examination.toml"
PAYEE = "示例甲有限公司"
CHEQUE = {
    "issue_date": "贰零贰陆年壹拾壹月贰拾叁日", "amount": "1,500.00", "payer_bank": "城南支行",
    "capitals": capitals(150_000).removeprefix("人民币"), "payee_name": PAYEE, "payer_name": COMPANY.name,
    "payer_account": COMPANY.number, "purpose": "货款", "@presenter": PAYEE,
}  # fmt: skip


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """One counter whose company has a reserved seal; afterwards the record verifies and nothing was posted."""
    counter = Counter(tmp_path_factory.mktemp("branch"))
    store = counter.training.desk.store
    sealed = store.seal_personal(b"specimen")
    store.append([(desk_head(store), e.SpecimenReserved(COMPANY.account_id, sealed.ref))], [sealed])
    before = counter.ledger()
    try:
        yield counter
        assert counter.assert_posted_once(before).balances == before.balances
    finally:
        counter.close()


@pytest.fixture
def desk(counter: Counter) -> Iterator[Desk]:
    desk = Desk(counter, counter.session())
    loaded = load_procedure(DRAFT.read_text(encoding="utf-8"), DRAFT.name)
    assert isinstance(loaded, Procedure), loaded
    given = collaborators(desk)
    given.procedures = {**given.procedures, loaded.procedure: loaded}
    desk.sign_on()
    desk.do(c.StartTransaction("1810"))
    yield desk
    if desk.step:
        desk.do(c.Cancel("test ended"))


def key(desk: Desk, use: str = "transfer", form: str = "transfer_cheque", **changes: str) -> VoucherPageView:
    serial = str(len(collaborators(desk).records.open_transactions()) + next(SERIALS))
    fields = {
        "serial": serial,
        **CHEQUE,
        **{name.replace("at_", "@"): value for name, value in changes.items()},
    }
    desk.do(c.KeyVoucher(form, tuple(fields.items()), use))
    page = desk.page
    assert isinstance(page, VoucherPageView)
    return page


SERIALS = iter(range(10_000_000, 20_000_000, 100))


def states(page: VoucherPageView) -> dict[str, str]:
    return {one.check: one.state for one in page.checks}


def answer(desk: Desk) -> None:
    """Everything the form asks of the teller, with a yes."""
    desk.do(c.AttachScan("front", b"scan", 800, 400))
    page = desk.page
    assert isinstance(page, VoucherPageView)
    for one in page.checks:
        if one.key and one.state == "open":
            desk.do(c.TickCheck(one.check))


def at_the_seal(desk: Desk) -> SealView:
    key(desk)
    answer(desk)
    desk.do(c.Advance())
    page = desk.page
    assert isinstance(page, SealView)
    return page


def compare(verdict: str, who: str = MAKER) -> c.CompareSeal:
    return c.CompareSeal(verdict, 3, -2, 150, 1000, who, "" if who == MAKER else WORD)


def test_a_good_cheque_is_examined_by_one_person(desk: Desk) -> None:
    page = at_the_seal(desk)
    assert (page.specimen, page.scan and page.scan.png, page.next_person) == (b"specimen", b"scan", 1)
    desk.do(compare("agrees"))
    found = desk.page
    assert isinstance(found, ConcludeView)
    assert (found.ready, found.match, found.statement_due) == (True, "EXACT", True)
    desk.do(c.ConcludeVoucher())
    end = desk.page
    assert isinstance(end, EndView)
    assert end.outcome == "examined"
    desk.do(c.CloseTransaction())


def test_a_number_serves_once(desk: Desk) -> None:
    key(desk, serial="77")
    answer(desk)
    for command in (c.Advance(), compare("agrees"), c.ConcludeVoucher(), c.CloseTransaction()):
        desk.do(command)
    desk.do(c.StartTransaction("1810"))
    assert states(key(desk, serial="77"))["VC-23"] == "fail"


def test_a_seal_that_is_doubted_is_compared_by_another_person(desk: Desk) -> None:
    at_the_seal(desk)
    assert desk.refused(compare("agrees", SUPERVISOR)) == "step_missing"
    desk.do(compare("unsure"))
    assert desk.step == "seal"
    page = desk.page
    assert isinstance(page, SealView)
    assert (page.first and page.first[1], page.next_person) == ("unsure", 2)
    assert MAKER not in {one.staff_no for one in page.candidates}
    assert desk.refused(compare("agrees")) == "same_person"
    desk.do(compare("agrees", COLLEAGUE))
    desk.do(c.ConcludeVoucher())
    desk.do(c.CloseTransaction())


def test_a_seal_that_two_people_find_to_differ_ends_in_a_statement(desk: Desk) -> None:
    at_the_seal(desk)
    desk.do(compare("differs"))
    desk.do(compare("differs", SUPERVISOR))
    assert desk.refused(c.ConcludeVoucher()) == "check_failed"
    found = desk.page
    assert isinstance(found, ConcludeView)
    assert found.reasons[0][0] == "RF-3-SEAL"
    desk.do(c.RefuseVoucher("RF-3-SEAL", reviewer=SUPERVISOR))
    assert desk.step == "give_back"


def test_wrong_pictures_verdicts_and_signatures_are_refused(desk: Desk) -> None:
    assert desk.refused(c.AttachScan("inside", b"x", 1, 1)) == "field_format"
    key(desk)
    page = desk.page
    assert isinstance(page, VoucherPageView)
    for one in page.checks:
        if one.key:
            desk.do(c.TickCheck(one.check))
    desk.do(c.Advance())
    assert desk.refused(compare("agrees")) == "scan_missing"
    desk.do(c.AttachScan("front", b"scan", 800, 400))
    assert desk.refused(compare("perhaps")) == "field_format"
    given = collaborators(desk)
    real = given.authenticator
    desk.do(compare("unsure"))
    given.authenticator = AlteredAuthenticator(
        real, lambda facts, signer, _auth: signer.sign(replace(facts, nonce="0" * 32))
    )
    assert desk.refused(compare("agrees", SUPERVISOR)) == "statement_forged"
    given.authenticator = real
    assert desk.refused(compare("agrees", "9999")) == "person_unknown"
    assert desk.refused(replace(compare("agrees", SUPERVISOR), password="wrong")) == "wrong_password"


def test_without_a_specimen_nothing_is_compared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_seal(desk)
    records = collaborators(desk).records
    monkeypatch.setattr(records, "specimen_of", lambda account_id: None)
    assert desk.refused(compare("agrees")) == "specimen_missing"


def test_a_transfer_cheque_is_never_paid_in_cash(desk: Desk) -> None:
    """H28."""
    page = key(desk, use="cash")
    assert states(page)["VC-17"] == "fail"
    assert page.problem is not None
    assert desk.refused(c.AcceptVoucher()) == "check_failed"
    assert desk.refused(c.RefuseVoucher("VC-17")) == "reason_missing"
    assert desk.refused(c.RefuseVoucher("RF-3-USE", reviewer=MAKER)) == "document_field"
    desk.do(c.RefuseVoucher("RF-3-USE", reviewer=SUPERVISOR))
    back = desk.page
    assert isinstance(back, GiveBackView)
    assert (back.paper, back.kept) == ("due", False)
    assert back.document is not None
    assert desk.refused(c.GiveVoucherBack()) == "paper_open"
    assert desk.refused(c.SettlePaper(printed=True)) == "print_job_unknown"
    assert desk.refused(c.HandOutPaper("pigeon")) == "field_format"
    desk.do(c.HandOutPaper("queue"))
    desk.do(c.SettlePaper(printed=False))
    assert desk.refused(c.GiveVoucherBack()) == "paper_open"
    desk.do(c.HandOutPaper("queue"))
    desk.do(c.SettlePaper(printed=True))
    desk.do(c.GiveVoucherBack())
    end = desk.page
    assert isinstance(end, EndView)
    assert end.outcome == "refused"
    desk.do(c.CloseTransaction())


def test_a_corrected_purpose_sealed_by_the_drawer_is_for_a_person_to_confirm(desk: Desk) -> None:
    """H29."""
    page = key(desk, at_corrected="purpose")
    assert states(page)["VC-09"] == "open"
    answer(desk)
    assert desk.step == "match"


def test_an_altered_amount_cannot_be_ticked_away(desk: Desk) -> None:
    page = key(desk, at_corrected="amount")
    assert states(page)["VC-08"] == "fail"
    assert desk.refused(c.TickCheck("VC-08")) == "check_automatic"
    assert desk.refused(c.AcceptVoucher()) == "check_failed"


def test_a_date_off_the_pattern_is_taken_on_by_two_people_for_a_reason(desk: Desk) -> None:
    """CD-6: the bank may accept; loss falls on the drawer."""
    page = key(desk, issue_date="贰零贰陆年拾壹月贰拾叁日")
    assert page.warnings == ("VC-06",)
    answer(desk)
    assert desk.step == "voucher"
    assert desk.refused(c.AcceptVoucher()) == "warning_open"
    assert desk.refused(c.AcceptWarning("VC-06", " ", SUPERVISOR, WORD)) == "reason_missing"
    assert desk.refused(c.AcceptWarning("VC-05", "known", SUPERVISOR, WORD)) == "check_unknown"
    assert desk.refused(c.AcceptWarning("VC-06", "known", MAKER, WORD)) == "same_person"
    desk.do(c.AcceptWarning("VC-06", "drawer confirmed the date", SUPERVISOR, WORD))
    desk.do(c.AcceptVoucher())
    assert desk.step == "match"


def test_a_tick_with_no_stays_failed_until_the_voucher_is_keyed_anew(desk: Desk) -> None:
    key(desk)
    desk.do(c.TickCheck("VC-24", passed=False, remark="torn"))
    assert desk.refused(c.AcceptVoucher()) == "check_failed"
    assert states(key(desk))["VC-24"] == "open"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.KeyVoucher("napkin", ()), "form_unknown"),
        (c.KeyVoucher("transfer_cheque", (("colour", "red"),)), "field_format"),
        (c.KeyVoucher("transfer_cheque", (("amount", "1.005"),)), "amount_format"),
        (c.AcceptVoucher(), "slip_incomplete"),
        (c.RefuseVoucher("RF-3-USE"), "slip_incomplete"),
        (c.TickCheck("VC-24"), "slip_incomplete"),
        (c.ConcludeVoucher(), "step_not_open"),
        (c.GiveVoucherBack(), "step_not_open"),
        (c.Post(), "step_missing"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, c.Command) else one,
)
def test_nothing_goes_before_the_voucher_is_keyed(desk: Desk, command: c.Command, code: str) -> None:
    assert desk.refused(command) == code


def test_an_account_nobody_has_stops_it(desk: Desk) -> None:
    page = key(desk, payer_account="9017002030000000000")
    assert states(page)["VC-12"] == "fail"


def test_nobody_examines_a_voucher_of_their_own_account(counter: Counter, desk: Desk) -> None:
    desk.do(c.Cancel("another teller"))
    desk.do(c.CloseTransaction())
    desk.do(c.SignOff())
    desk.sign_on(OWN_TELLER)
    desk.do(c.StartTransaction("1810"))
    person = tuple({"account_number": "9017002010004821735", "amount": "1.00"}.items())
    assert desk.refused(c.KeyVoucher("withdrawal_slip", person)) == "own_account"
