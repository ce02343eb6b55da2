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
    """The judge after the founding of the desk and ``items``; ``persons``: one more enrolled, or otherwise certified."""
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


FORGED: dict[str, tuple[Callable[[Deposit], None], Reason, str]] = {
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
