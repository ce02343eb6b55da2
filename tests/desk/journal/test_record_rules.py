"""What one desk's entries must say together, judged in memory: one deposit, one thing changed, one finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain import events as e
from desk.facts import verdict_digest
from desk.journal.certificate import CertificateKind
from desk.journal.entry import Recorded
from desk.journal.keys import is_signed_by
from desk.journal.record_rules import RecordRules
from desk.journal.trust import Trust
from desk.journal.verify import Reason
from desk.persistence.journal_store import JournalStore
from tests.desk.journal.any_event import built
from tests.desk.journal.bank import Bank, Deposit, Items, Staff


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


@pytest.fixture(scope="module")
def store(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> JournalStore:
    return bank.founded(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def deposit(bank: Bank, store: JournalStore) -> Deposit:
    return bank.deposit(store)


def judged(bank: Bank, store: JournalStore, items: Items, persons: Staff | None = None) -> RecordRules:
    """The judge after the founding of the desk and ``items``; ``persons``: one more, or otherwise certified."""
    rules = RecordRules(bank.desk.key_id, Trust(bank.root.public_key))
    founding = store.all_recorded()
    for one in founding:
        rules.see(one)
    assert rules.findings == []
    if persons:
        enrolled = {**rules.trust.persons, persons.staff_no: persons.certificate}
        rules.trust = replace(rules.trust, persons=enrolled)
    for sequence, (head, event) in enumerate(items, len(founding) + 1):
        rules.see(Recorded(head, sequence, event))
    return rules


def test_a_whole_deposit_leaves_four_signatures_to_prove_and_no_finding(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    rules = judged(bank, store, deposit.items())
    assert rules.findings == []
    assert [is_signed_by(job.key, job.signature, job.message) for job in rules.jobs] == [True] * 4


def foreign_count(deposit: Deposit) -> None:
    deposit.change(e.CountAccepted, batch_ids=("another",))


def strange_stage(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, stage="third")


def strange_source(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, source="guess")


def one_sided(deposit: Deposit) -> None:
    deposit.change(e.DepositPosted, lines=(e.LedgerLine("till", "debit", 20_100),))


def nothing_moved(deposit: Deposit) -> None:
    lines = (e.LedgerLine("till", "debit", 0), e.LedgerLine("acc-1", "credit", 0))
    deposit.change(e.DepositPosted, lines=lines)


def third_side(deposit: Deposit) -> None:
    posted = deposit.find(e.DepositPosted)
    deposit.change(e.DepositPosted, lines=(*posted.lines, e.LedgerLine("x", "aside", 5)))


def counted_twice(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, which=2, batch_id=deposit.batches[0])


def maker_reviews(deposit: Deposit) -> None:
    deposit.change(e.KeyElementsRekeyed, staff_no="1001")


def maker_counts_again(deposit: Deposit) -> None:
    accepted = deposit.find(e.CountAccepted, 1)
    deposit.events = [("1001" if event is accepted else who, event) for who, event in deposit.events]


def another_account(deposit: Deposit) -> None:
    deposit.change(e.DepositPosted, account_id="acc-2")


def put_before(deposit: Deposit, kind: type[e.Event], person: str, event: e.Event, which: int = 0) -> None:
    at = [one for _, one in deposit.events].index(deposit.find(kind, which))
    deposit.events.insert(at, (person, event))


def done_by(deposit: Deposit, kind: type[e.Event], person: str, which: int = 0) -> None:
    target = deposit.find(kind, which)
    deposit.events = [(person if event is target else who, event) for who, event in deposit.events]


def without(deposit: Deposit, event: e.Event) -> None:
    deposit.events = [(who, one) for who, one in deposit.events if one is not event]


def check_named(deposit: Deposit, name: str) -> e.CheckRecorded:
    return next(one for _, one in deposit.events if isinstance(one, e.CheckRecorded) and one.check == name)


def one_verdict(deposit: Deposit) -> None:
    without(deposit, deposit.find(e.VerdictGiven, 1))


def one_judge_twice(deposit: Deposit) -> None:
    deposit.change(e.VerdictGiven, 1, staff_no="1001")


def no_reading(deposit: Deposit) -> None:
    deposit.drop(e.NoteRead)


def read_after_the_verdict(deposit: Deposit) -> None:
    put_before(deposit, e.NoteJudged, "1001", deposit.find(e.NoteRead))


def referred_twice(deposit: Deposit) -> None:
    put_before(deposit, e.NoteReferred, "1001", deposit.find(e.NoteReferred))


def no_reject_was_there(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, 0, rejected_pieces=0)


def verdicts_say_another_worth(deposit: Deposit) -> None:
    deposit.change(e.VerdictGiven, 1, denomination_minor=200)


def verdicts_say_counterfeit(deposit: Deposit) -> None:
    deposit.change(e.VerdictGiven, 0, verdict="counterfeit").change(e.VerdictGiven, 1, verdict="counterfeit")


def judged_of_another_worth(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, 1, rows=(e.Row(200, 1),))


def judged_twice_over(deposit: Deposit) -> None:
    second = replace(deposit.find(e.BatchCounted, 1), batch_id="b" * 32)
    put_before(deposit, e.StepPassed, "1002", second, 4)


def note_left_open(deposit: Deposit) -> None:
    deposit.drop(e.NoteJudged)


def second_reject(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, 0, rejected_pieces=2)


def less_than_nothing(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, 0, rows=(e.Row(10_000, 3), e.Row(10_000, -1)))


def other_counts_accepted(deposit: Deposit) -> None:
    deposit.change(e.CountAccepted, 0, batch_ids=(deposit.batches[0],))


def second_counts_otherwise(deposit: Deposit) -> None:
    deposit.change(e.BatchCounted, 2, rows=(e.Row(5_000, 4),))


def second_count_by_another(deposit: Deposit) -> None:
    done_by(deposit, e.BatchCounted, "1003", 2)


def no_known_mode(deposit: Deposit) -> None:
    deposit.change(e.TransactionStarted, control_mode="limit")


def limit_reached_alone(deposit: Deposit) -> None:
    deposit.change(e.TransactionStarted, control_mode="comprehensive", review_limit_minor=20_100)
    deposit.drop(e.Countersigned)


def another_compared(deposit: Deposit) -> None:
    compared = check_named(deposit, "RV-NAME")
    deposit.events = [("1003" if event is compared else who, event) for who, event in deposit.events]


def maker_compared(deposit: Deposit) -> None:
    compared = check_named(deposit, "RV-NAME")
    deposit.events = [("1001" if event is compared else who, event) for who, event in deposit.events]


def to_two_accounts(deposit: Deposit) -> None:
    till, account = deposit.find(e.DepositPosted).lines
    halves = (replace(account, amount_minor=100), replace(account, amount_minor=20_000))
    deposit.change(e.DepositPosted, lines=(till, *halves))


def from_a_customer(deposit: Deposit) -> None:
    till, account = deposit.find(e.DepositPosted).lines
    deposit.change(e.DepositPosted, lines=(replace(till, account_id="acc-1"), account))


def to_nobody(deposit: Deposit) -> None:
    till, account = deposit.find(e.DepositPosted).lines
    deposit.change(e.CustomerIdentified, account_id="acc-9")
    deposit.change(e.DepositPosted, account_id="acc-9", lines=(till, replace(account, account_id="acc-9")))


def holder_of_another(deposit: Deposit) -> None:
    deposit.change(e.CustomerIdentified, customer_id="c-2")


def as_of_yesterday(deposit: Deposit) -> None:
    deposit.change(e.DepositPosted, value_date="2026-11-22")


def slip_in_dollars(deposit: Deposit) -> None:
    deposit.change(e.SlipRecorded, currency="USD")


def stranger_counts(deposit: Deposit) -> None:
    done_by(deposit, e.BatchCounted, "9999")


def nobody_hands_over(deposit: Deposit) -> None:
    done_by(deposit, e.HandedOver, "")


def reviewer_hands_over(deposit: Deposit) -> None:
    done_by(deposit, e.HandedOver, "1002")


def supervisor_makes(deposit: Deposit) -> None:
    deposit.change(e.TransactionStarted, maker="1003")
    done_by(deposit, e.TransactionStarted, "1003")


def said_of_another(deposit: Deposit) -> None:
    done_by(deposit, e.KeyElementsRekeyed, "1003")


def maker_counts_second(deposit: Deposit) -> None:
    done_by(deposit, e.BatchCounted, "1001", 2)


def begun_again(deposit: Deposit) -> None:
    put_before(deposit, e.CustomerIdentified, "1001", deposit.find(e.TransactionStarted))


def never_begun(deposit: Deposit) -> None:
    deposit.drop(e.TransactionStarted)


def goes_on_after_the_end(deposit: Deposit) -> None:
    deposit.events.append(("1001", e.TransactionParked("later")))


def cancelled_after_posting(deposit: Deposit) -> None:
    put_before(deposit, e.HandedOver, "1001", e.TransactionCancelled("changed their mind", "hand_over"))


def steps_left_out(deposit: Deposit) -> None:
    without(deposit, deposit.find(e.StepPassed, 2))


def history_later(deposit: Deposit) -> None:
    lines = (e.LedgerLine("till", "debit", 5), e.LedgerLine("acc-1", "credit", 5))
    put_before(deposit, e.HandedOver, "1001", e.HistoryPosted("f" * 32, "2026-11-01", "更正", lines))


def drawer_later(deposit: Deposit) -> None:
    put_before(deposit, e.HandedOver, "1001", e.DrawerOpened("drawer-1", "till", (e.Row(10_000, 1),)))


def printed_twice(deposit: Deposit) -> None:
    again = replace(deposit.find(e.PrintPrepared), job_id="f" * 32)
    put_before(deposit, e.ReceiptPrepared, "1001", again)


def over_printed_lines(deposit: Deposit) -> None:
    deposit.change(e.PrintPrepared, first_line=1, lines=(1, 2))


def entries_that_are_none(deposit: Deposit) -> None:
    deposit.change(e.PrintPrepared, entry_nos=(2, 3))


def anothers_book(deposit: Deposit) -> None:
    deposit.change(e.PrintPrepared, book_id="book-2")


def more_lines_than_printed(deposit: Deposit) -> None:
    deposit.change(e.PrintClosed, lines_proved=3)


def end_of_no_job(deposit: Deposit) -> None:
    deposit.change(e.PrintClosed, job_id="f" * 32)


def printed_while_open(deposit: Deposit) -> None:
    put_before(deposit, e.PrintClosed, "1001", replace(deposit.find(e.PrintPrepared), job_id="f" * 32))


def changed(kind: type[e.Event], which: int = 0, **values: Any) -> Callable[[Deposit], object]:
    return lambda deposit: deposit.change(kind, which, **values)


FORGED: dict[str, tuple[Callable[[Deposit], object], Reason, str]] = {
    "a count of another transaction": (foreign_count, Reason.BATCH, "is not this transaction's"),
    "a count entered twice": (counted_twice, Reason.BATCH, "entered before"),
    "a stage that is none": (strange_stage, Reason.BATCH, "no known stage or source"),
    "a source that is none": (strange_source, Reason.BATCH, "no known stage or source"),
    "one side only": (one_sided, Reason.LEDGER, "debits and credits differ"),
    "nothing moved": (nothing_moved, Reason.LEDGER, "debits and credits differ"),
    "a third side": (third_side, Reason.LEDGER, "debits and credits differ"),
    "the maker reviews": (maker_reviews, Reason.SAME_PERSON, "1001 acts in review after make"),
    "the maker counts again": (maker_counts_again, Reason.SAME_PERSON, "1001 acts in review after make"),
    "another account": (another_account, Reason.POSTING, "another account"),
    "no verdict": (
        lambda one: one.drop(e.VerdictGiven) and None,
        Reason.NOTE,
        "which two verdicts do not say",
    ),
    "one verdict": (one_verdict, Reason.NOTE, "which two verdicts do not say"),
    "one person, two verdicts": (one_judge_twice, Reason.NOTE, "a second verdict of 1001"),
    "one person, judged by two": (one_judge_twice, Reason.NOTE, "which two verdicts do not say"),
    "two worths": (verdicts_say_another_worth, Reason.NOTE, "which two verdicts do not say"),
    "judged otherwise than said": (verdicts_say_counterfeit, Reason.NOTE, "which two verdicts do not say"),
    "no detector": (no_reading, Reason.NOTE, "no detector read"),
    "read after a verdict": (read_after_the_verdict, Reason.NOTE, "does not wait for it"),
    "referred twice": (referred_twice, Reason.NOTE, "this note was referred before"),
    "nothing was rejected": (no_reject_was_there, Reason.NOTE, "no rejected note left"),
    "judged of another worth": (judged_of_another_worth, Reason.NOTE, "not judged genuine"),
    "judged once, counted twice": (judged_twice_over, Reason.NOTE, "not judged genuine"),
    "a note left open": (note_left_open, Reason.POSTING, "a rejected note is still open"),
    "a reject left open": (second_reject, Reason.POSTING, "a rejected note is still open"),
    "no name match": (changed(e.NameMatched, result="NO_MATCH"), Reason.POSTING, "number and name do not"),
    "another number": (changed(e.NameMatched, number_agrees=False), Reason.POSTING, "number and name do not"),
    "fewer notes": (changed(e.BatchCounted, rows=(e.Row(100, 1),)), Reason.POSTING, "no accepted count"),
    "less than nothing": (less_than_nothing, Reason.BATCH, "less than nothing"),
    "incomplete": (changed(e.BatchCounted, complete=False), Reason.POSTING, "first count is not complete"),
    "rejects in the second": (
        changed(e.BatchCounted, 2, rejected_pieces=1),
        Reason.POSTING,
        "second count is not",
    ),
    "yen": (
        changed(e.BatchCounted, 2, currency="JPY"),
        Reason.POSTING,
        "second count is of another currency",
    ),
    "dollars": (slip_in_dollars, Reason.COLUMN, "its currency is not the slip's"),
    "nothing in the second": (changed(e.BatchCounted, 2, rows=()), Reason.POSTING, "no second count"),
    "other notes in the second": (second_counts_otherwise, Reason.POSTING, "the two counts differ"),
    "other counts accepted": (other_counts_accepted, Reason.POSTING, "other first counts were accepted"),
    "all by hand": (
        changed(e.BatchCounted, source="hand"),
        Reason.POSTING,
        "by hand than the limit in the first",
    ),
    "all by hand again": (changed(e.BatchCounted, 2, source="hand"), Reason.POSTING, "in the second count"),
    "another's second count": (second_count_by_another, Reason.POSTING, "second count is another person's"),
    "the maker's second count": (maker_counts_second, Reason.SAME_PERSON, "1001 acts in review after make"),
    "no check": (lambda one: one.drop(e.CheckRecorded), Reason.POSTING, "a check is missing"),
    "a failed check": (changed(e.CheckRecorded, 3, outcome="fail"), Reason.POSTING, "a check did not pass"),
    "no mode": (no_known_mode, Reason.POSTING, "no known control mode"),
    "alone at the limit": (limit_reached_alone, Reason.POSTING, "no countersignature"),
    "not rekeyed": (changed(e.KeyElementsRekeyed, agreed=False), Reason.POSTING, "without re-keying"),
    "another compared": (another_compared, Reason.POSTING, "without comparing the names"),
    "the maker compared": (maker_compared, Reason.SAME_PERSON, "1001 acts in review after make"),
    "to two accounts": (to_two_accounts, Reason.POSTING, "no slip of this amount"),
    "from a customer": (from_a_customer, Reason.POSTING, "not from the teller's cash"),
    "to nobody": (to_nobody, Reason.POSTING, "an account that is not open"),
    "another's holder": (holder_of_another, Reason.POSTING, "another customer's account"),
    "as of yesterday": (as_of_yesterday, Reason.POSTING, "as of another day"),
    "a stranger": (stranger_counts, Reason.PERSON, "9999 was never enrolled"),
    "nobody": (nobody_hands_over, Reason.PERSON, "nobody was never enrolled"),
    "the reviewer does the maker's": (reviewer_hands_over, Reason.PERSON, "1002 does what is the maker's"),
    "a supervisor makes": (supervisor_makes, Reason.PERSON, "1003 is not certified to make"),
    "said of another": (said_of_another, Reason.PERSON, "said of 1002, done by 1003"),
    "begun again": (begun_again, Reason.STEP, "its transaction began before"),
    "never begun": (never_begun, Reason.STEP, "before its transaction began"),
    "after the end": (goes_on_after_the_end, Reason.STEP, "after its transaction ended"),
    "cancelled after posting": (cancelled_after_posting, Reason.STEP, "cancelled after posting"),
    "a step left out": (steps_left_out, Reason.STEP, "leaves count where it stood at match"),
    "history in the day": (history_later, Reason.FOUNDING, "after the desk's business began"),
    "a drawer in the day": (drawer_later, Reason.FOUNDING, "after the desk's business began"),
    "printed twice": (printed_twice, Reason.PRINT, "an entry that is in the book already"),
    "on the same line": (printed_twice, Reason.PRINT, "a line that is used already"),
    "over what was there": (over_printed_lines, Reason.PRINT, "a line that is used already"),
    "an entry that is none": (entries_that_are_none, Reason.PRINT, "an entry that the account has not"),
    "another book": (anothers_book, Reason.PRINT, "another book than the customer's"),
    "more lines than it has": (more_lines_than_printed, Reason.PRINT, "more lines than it has"),
    "no such job": (end_of_no_job, Reason.PRINT, "not this transaction's"),
    "printed while open": (printed_while_open, Reason.PRINT, "nobody knows how the job before it ended"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_each_change_is_found_for_what_it_is(
    bank: Bank, store: JournalStore, deposit: Deposit, kind: str
) -> None:
    forge, reason, text = FORGED[kind]
    forge(deposit)
    assert any(
        one.reason is reason and text in one.text for one in judged(bank, store, deposit.items()).findings
    )


def test_a_small_deposit_of_one_teller_needs_no_second(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    """Below the limit in the mode that goes by it."""
    deposit.change(e.TransactionStarted, control_mode="comprehensive")
    for kind in (e.KeyElementsRekeyed, e.Countersigned):
        deposit.drop(kind)
    for event in (
        check_named(deposit, "RV-NAME"), deposit.find(e.CountAccepted, 1), deposit.find(e.BatchCounted, 2),
    ):  # fmt: skip
        without(deposit, event)
    assert judged(bank, store, deposit.items()).findings == []


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"status": "frozen"}, "an account that is not open"),
        ({"currency": "USD"}, "an account that is not open"),
        ({"customer_id": "c-2"}, "another customer's account"),
    ],
)
def test_an_account_that_takes_no_cash(
    bank: Bank, store: JournalStore, deposit: Deposit, change: dict[str, Any], text: str
) -> None:
    opened = next(
        one.event
        for one in store.all_recorded()
        if isinstance(one.event, e.AccountOpened) and one.event.account_id == "acc-1"
    )
    items = [(bank.head(role="it"), replace(opened, **change)), *deposit.items()]
    assert [(one.reason, one.text) for one in judged(bank, store, items).findings] == [(Reason.POSTING, text)]


def test_nothing_is_taken_over_once_business_began(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    """A desk's own entry, outside any transaction: allowed up to the first customer, never after."""
    lines = (e.LedgerLine("till", "debit", 5), e.LedgerLine("till", "credit", 5))
    taken_over: Items = [(bank.head(role="it"), e.HistoryPosted("f" * 32, "2026-11-01", "更正", lines))]
    assert judged(bank, store, taken_over + deposit.items()).findings == []
    found = judged(bank, store, deposit.items() + taken_over).findings
    assert [one.reason for one in found] == [Reason.FOUNDING]


def test_a_book_of_another_account(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    """Written down as the customer's at the beginning, but issued to someone else."""
    issued = e.PassbookIssued("acc-2", e.PersonalRef("r", "d", "s"), "book-2", "savings", 1, 3, 0)
    deposit.change(e.CustomerIdentified, book_id="book-2").change(e.PrintPrepared, book_id="book-2")
    items = [(bank.head(role="it"), issued), *deposit.items()]
    assert "prints another account's book" in texts_of(judged(bank, store, items))


TIMES: dict[str, tuple[dict[str, str], str]] = {
    "back a day": ({"utc": "2026-11-22T01:02:03.000004Z"}, "the desk's clock went back to 2026-11-22"),
    "back a minute and more": ({"utc": "2026-11-23T01:01:00.000000Z"}, "the desk's clock went back"),
    "no time": ({"utc": "yesterday"}, "its time cannot be read"),
    "no zone": ({"utc": "2026-11-23T01:02:03.000004"}, "its time cannot be read"),
    "no date": ({"business_date": "20261123"}, "its time cannot be read"),
    "neither a date": ({"business_date": "2026-11-99"}, "its time cannot be read"),
    "the day before": ({"business_date": "2026-11-22"}, "the business date went back to 2026-11-22"),
}


@pytest.mark.parametrize("kind", TIMES)
def test_time_goes_on(bank: Bank, store: JournalStore, kind: str) -> None:
    values, text = TIMES[kind]
    late = replace(bank.head(), **values)
    found = judged(bank, store, [(late, e.SignedOn("1001"))]).findings
    assert [one.reason for one in found] == [Reason.TIME]
    assert text in found[0].text


def test_a_clock_set_back_little_by_little(bank: Bank, store: JournalStore) -> None:
    """A minute is a correction; minute upon minute is a clock that goes back. Said once for each."""
    utcs = [f"2026-11-23T01:0{minute}:03.000004Z" for minute in (2, 1, 0)]
    items: Items = [(replace(bank.head(), utc=utc), e.SignedOn("1001")) for utc in utcs]
    assert [one.sequence for one in judged(bank, store, items).findings] == [13]


@pytest.mark.parametrize(
    ("utc", "texts"),
    [
        ("2026-11-23T01:06:03.000004Z", []),
        ("2026-11-23T01:08:03.000004Z", ["its signature is of another time"]),
        ("2026-11-22T01:30:03.000004Z", []),
        ("2026-11-22T00:30:03.000004Z", ["its signature is of another time"]),
        ("2026-11-23", ["its signature is of another time"]),
    ],
)
def test_a_signature_is_of_its_time(
    bank: Bank, store: JournalStore, deposit: Deposit, utc: str, texts: list[str]
) -> None:
    signed = bank.signed(bank.reviewer, "review", deposit.transaction, deposit.digest, deposit.nonce, utc=utc)
    deposit.change(e.Countersigned, statement=signed.statement_b64, signature=signed.signature_b64)
    assert texts_of(judged(bank, store, deposit.items())) == texts


def test_a_signer_whose_certificate_ended_before_this_business_date(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    items = [(replace(head, business_date="2031-01-01"), event) for head, event in deposit.items()]
    assert any("its signer on this business date: 107" in one for one in texts_of(judged(bank, store, items)))


def test_an_event_of_a_newer_desk_is_passed_over(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    put_before(deposit, e.HandedOver, "1001", e.UnknownEvent("customer.waved", 1))
    assert judged(bank, store, deposit.items()).findings == []


def test_an_item_is_closed_after_the_end(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    deposit.events.append(("1003", e.ItemClosed("i-1", "the customer came back")))
    assert judged(bank, store, deposit.items()).findings == []


def test_another_procedure_is_held_to_its_steps_order(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    deposit.change(e.TransactionStarted, procedure="another")
    assert judged(bank, store, deposit.items()).findings == []
    deposit.change(e.StepPassed, 2, step="slip")
    assert texts_of(judged(bank, store, deposit.items())) == ["leaves slip where it stood at match"]


def test_a_posting_is_made_once(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    lines = (e.LedgerLine("till", "debit", 5), e.LedgerLine("acc-1", "credit", 5))
    history = e.HistoryPosted(deposit.find(e.DepositPosted).posting_id, "2026-11-01", "开户", lines)
    findings = judged(bank, store, [(bank.head(), history), *deposit.items()]).findings
    assert [(one.reason, one.text) for one in findings] == [(Reason.POSTING, "this posting was made before")]


def test_a_verdict_by_an_untrained_person(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    """Certified as a teller, but never for counterfeit (CF-15)."""
    maker = bank.maker
    certificate = bank.certify(
        CertificateKind.PERSON, maker.staff_no, maker.key.public_key, bank.branch, roles=maker.roles
    )
    untrained = Staff(maker.staff_no, maker.key, certificate, maker.roles, ())
    given_verdict = deposit.find(e.VerdictGiven)
    reading = deposit.find(e.NoteRead).reading_id
    digest = verdict_digest(deposit.transaction, given_verdict.note_id, reading, "genuine", 100)
    signed = bank.signed(untrained, "verdict", deposit.transaction, digest, given_verdict.note_id)
    deposit.change(e.VerdictGiven, statement=signed.statement_b64, signature=signed.signature_b64)
    texts = [one.text for one in judged(bank, store, deposit.items(), untrained).findings]
    assert "1001 is not trained for a verdict" in texts


# --- second prints -----------------------------------------------------------------------------------------


def test_a_permitted_second_print_leaves_one_more_signature_and_no_finding(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    rules = judged(bank, store, deposit.printed_again(bank.supervisor).items())
    assert rules.findings == []
    assert [is_signed_by(job.key, job.signature, job.message) for job in rules.jobs] == [True] * 5


def unsaid(bank: Bank, deposit: Deposit) -> None:
    nobody = {"second_person": "", "statement": "", "signature": ""}
    deposit.printed_again().change(e.PrintPrepared, 1, replaces="", **nobody)


def said_to_be_another_entry(bank: Bank, deposit: Deposit) -> None:
    """The missing line, but written down as an entry that nobody saw missing."""
    unsaid(bank, deposit)
    deposit.change(e.PrintPrepared, 1, entry_nos=(9,))


def after_a_failed_one(bank: Bank, deposit: Deposit) -> None:
    """Permitted once, failed for sure; printed by the maker alone the next time."""
    deposit.printed_again().change(e.PrintClosed, 1, outcome="not_done", lines_proved=0)
    at = [event for _, event in deposit.events].index(deposit.find(e.PrintClosed, 1))
    first = deposit.find(e.PrintPrepared)
    deposit.events.insert(at + 1, ("1001", replace(first, job_id="j3", lines=(4,), entry_nos=(2,))))


def nothing_missing(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again().change(e.PrintSettled, lines_seen=2)


def of_an_unknown_job(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again().change(e.PrintPrepared, 1, replaces="j0")


def no_statement(bank: Bank, deposit: Deposit) -> None:
    """As journals of old have it: it says that it replaces, and nothing more."""
    deposit.printed_again().change(e.PrintPrepared, 1, second_person="", statement="", signature="")


def the_maker_permits(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again(bank.maker)


def signed_by_another(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again(bank.supervisor).change(e.PrintPrepared, 1, second_person="1002")


def a_stranger_permits(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again(bank.person("1009", ("reviewer",)))


def permitted_twice(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again()
    again = deposit.find(e.PrintPrepared, 1)
    deposit.events.insert([event for _, event in deposit.events].index(again), ("1001", again))


def signed_first_print(bank: Bank, deposit: Deposit) -> None:
    deposit.change(e.PrintPrepared, statement=deposit.find(e.Countersigned).statement)


def signed_answer(bank: Bank, deposit: Deposit) -> None:
    deposit.printed_again().change(e.PrintSettled, second_person="1002")


UNREAD, OTHERWISE = "its statement cannot be read", "its statement binds something else"
REPRINTS: dict[str, tuple[Callable[[Bank, Deposit], None], Reason, str]] = {
    "not said to be one": (unsaid, Reason.STATEMENT, "a second print that does not say so"),
    "said to be another entry": (
        said_to_be_another_entry,
        Reason.STATEMENT,
        "a second print that does not say so",
    ),
    "alone, after one failed": (after_a_failed_one, Reason.STATEMENT, "a second print that does not say so"),
    "nothing was missing": (nothing_missing, Reason.STATEMENT, "has no line seen missing"),
    "of a job that never was": (of_an_unknown_job, Reason.STATEMENT, "has no line seen missing"),
    "no statement": (no_statement, Reason.STATEMENT, UNREAD),
    "the maker permits": (the_maker_permits, Reason.SAME_PERSON, "1001 acts in review after make"),
    "signed by another": (signed_by_another, Reason.STATEMENT, OTHERWISE),
    "a stranger permits": (a_stranger_permits, Reason.STATEMENT, "its signer: 107 not_enrolled"),
    "one signature, two prints": (permitted_twice, Reason.NONCE, "its signature was used before"),
    "a signature on a first print": (signed_first_print, Reason.STATEMENT, "nothing is printed again"),
    "a signature on the answer": (signed_answer, Reason.STATEMENT, "the maker alone answers"),
}


@pytest.mark.parametrize("kind", REPRINTS)
def test_a_second_print_not_rightly_permitted_is_found(
    bank: Bank, store: JournalStore, deposit: Deposit, kind: str
) -> None:
    forge, reason, text = REPRINTS[kind]
    forge(bank, deposit)
    assert any(
        one.reason is reason and text in one.text for one in judged(bank, store, deposit.items()).findings
    )


@pytest.mark.parametrize("claim", ["act", "transaction", "nonce", "digest"])
def test_its_statement_says_another_thing(
    bank: Bank, store: JournalStore, deposit: Deposit, claim: str
) -> None:
    said = {"act": "verdict"}.get(claim, "0" * 32)
    findings = judged(bank, store, deposit.printed_again(**{claim: said}).items()).findings
    assert [(one.reason, one.text) for one in findings] == [(Reason.STATEMENT, OTHERWISE)]


@pytest.mark.parametrize(
    "content",
    [
        {"job_id": "0" * 32}, {"book_id": "book-2"}, {"page": 2}, {"lines": (5,)}, {"entry_nos": (1,)},
        {"digest": "e"}, {"job": e.PersonalRef("r", "d", "s")},
    ],
    ids="-".join,
)  # fmt: skip
def test_another_thing_is_printed_than_was_permitted(
    bank: Bank, store: JournalStore, deposit: Deposit, content: dict[str, Any]
) -> None:
    deposit.printed_again().change(e.PrintPrepared, 1, **content)
    texts = {one.text for one in judged(bank, store, deposit.items()).findings}
    assert OTHERWISE in texts


def test_who_is_only_in_it_permits_no_second_print(bank: Bank, store: JournalStore, deposit: Deposit) -> None:
    clerk = bank.person("1008", ("it",))
    texts = [one.text for one in judged(bank, store, deposit.printed_again(clerk).items(), clerk).findings]
    assert texts == ["1008 is not certified to print_again"]


def test_another_transaction_prints_the_missing_line_of_the_same_book(
    bank: Bank, store: JournalStore
) -> None:
    """Aside stands one whose line was seen missing; the next customer's deposit prints it, nobody permitting."""
    first, other = bank.deposit(store).printed_again(), bank.deposit(store, "3-1123-0002")
    aside = [event for _, event in first.events].index(first.find(e.PrintSettled)) + 1
    other.change(e.PrintPrepared, entry_nos=(2,), first_line=4, lines=(4,)).change(
        e.PrintClosed, lines_proved=1
    )
    told = "a second print that does not say so"
    assert told in texts_of(judged(bank, store, first.items()[:aside] + other.items()))
    assert told not in texts_of(judged(bank, store, first.items() + other.items()))
    other.change(e.PrintPrepared, book_id="book-2")
    assert told not in texts_of(judged(bank, store, first.items()[:aside] + other.items()))


def texts_of(rules: RecordRules) -> list[str]:
    return [one.text for one in rules.findings]


@settings(max_examples=150, deadline=None)
@given(events=st.lists(st.sampled_from(e.EVENTS).flatmap(built), max_size=8))
def test_no_entries_break_the_judge(bank: Bank, store: JournalStore, events: list[e.Event]) -> None:
    """Verification reads what an attacker wrote; it answers with findings, never with a crash."""
    rules = judged(bank, store, [(bank.head("a" * 32), event) for event in events])
    assert all(10 < one.sequence <= len(events) + 10 for one in rules.findings)


def test_a_name_that_needs_no_settling_is_not_settled(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    """An insider writes down that two people let pass what nobody may let pass, signed by nobody."""
    matched = deposit.find(e.NameMatched)
    at = [event for _, event in deposit.events].index(matched) + 1
    deposit.events.insert(at, ("1001", e.NameOverridden("o" * 32, "id_card", deposit.sealed[0].ref)))
    found = {one.text for one in judged(bank, store, deposit.items()).findings}
    assert "overrides a difference that nobody may override" in found
    assert "its statement cannot be read" in found


def test_custody_of_what_no_certificate_speaks_of_is_found(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    at = [event for _, event in deposit.events].index(deposit.find(e.NoteJudged)) + 1
    deposit.events.insert(at, ("1001", e.NotesInCustody("F1", "1001", "", "")))
    found = {one.text for one in judged(bank, store, deposit.items()).findings}
    assert {
        "1001 keeps both the notes and the register",
        "takes into custody what no certificate speaks of",
    } <= found


def test_a_seal_or_warning_out_of_its_place_is_found(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    ref = deposit.sealed[0].ref
    at = [event for _, event in deposit.events].index(deposit.find(e.NameMatched)) + 1
    deposit.events[at:at] = [
        ("1001", e.WarningAccepted("w" * 32, "VC-01", "so", "1002", "", "")),
        ("1002", e.SealCompared("c" * 32, "1002", "agrees", ref, ref, 0, 0, 0, 1000, "", "")),
    ]
    found = {one.text for one in judged(bank, store, deposit.items()).findings}
    assert {
        "takes on VC-01, which warned of nothing",
        "the seals were compared by the wrong person",
        "compares a picture that is not this voucher's",
    } <= found
