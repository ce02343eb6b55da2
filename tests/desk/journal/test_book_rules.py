"""What the record alone must show of a book: both cursor policies, sums, pages, the next line moved by hand. One
deposit, one thing changed, one finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from desk.domain import events as e
from desk.domain.transaction import Transaction
from desk.facts import cursor_digest
from desk.journal.codec import decode, encode
from desk.journal.entry import Recorded
from desk.journal.past import BookSoFar, Past
from desk.journal.print_rules import print_findings
from desk.journal.record_rules import RecordRules
from desk.journal.trust import Trust
from desk.journal.verify import Reason
from desk.persistence.journal_store import JournalStore
from tests.desk.journal.bank import DAY, Bank, Deposit, Items, Staff, new_id


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


@pytest.fixture(scope="module")
def store(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> JournalStore:
    return bank.founded(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def deposit(bank: Bank, store: JournalStore) -> Deposit:
    """Entries 1 and 2 are printed on lines 3 and 4 of page 1."""
    return bank.deposit(store)


def texts(bank: Bank, store: JournalStore, deposit: Deposit) -> list[str]:
    return texts_of(bank, store, deposit.items())


def texts_of(bank: Bank, store: JournalStore, items: Items) -> list[str]:
    rules = RecordRules(bank.desk.key_id, Trust(bank.root.public_key))
    founding = store.all_recorded()
    for one in founding:
        rules.see(one)
    for sequence, (head, event) in enumerate(items, len(founding) + 1):
        rules.see(Recorded(head, sequence, event))
    return [one.text for one in rules.findings]


def place_of(deposit: Deposit, event: e.Event) -> int:
    return next(at for at, (_, one) in enumerate(deposit.events) if one is event)


def put_before_print(deposit: Deposit, event: e.Event, which: int = 0) -> None:
    deposit.events.insert(place_of(deposit, deposit.find(e.PrintPrepared, which)), ("1001", event))


def moved(bank: Bank, deposit: Deposit, by: Staff, said: dict[str, str], **given: Any) -> e.CursorAdjusted:
    """From line 3 to line 5, signed by ``by``; ``said`` changes their statement, ``given`` the event."""
    move = replace(e.CursorAdjusted(new_id(), "book-1", 1, 3, 1, 5, by.staff_no, "", ""), **given)
    claims = {
        "act": "adjust_cursor", "transaction": deposit.transaction,
        "digest": cursor_digest(deposit.transaction, move), "nonce": move.move_id, **said,
    }  # fmt: skip
    signed = bank.signed(by, **claims)
    return replace(move, statement=signed.statement_b64, signature=signed.signature_b64)


# --- what is right ------------------------------------------------------------------------------------------


def as_handed_out(bank: Bank, deposit: Deposit) -> None:
    deposit.change(e.PrintPrepared, cursor="on_handout")


def handed_out_and_printed_again(bank: Bank, deposit: Deposit) -> None:
    """A person saw one of two lines: the other stands again where it was handed out to."""
    deposit.printed_again()
    for which in (0, 1):
        deposit.change(e.PrintPrepared, which, cursor="on_handout")


def handed_out_not_printed(bank: Bank, deposit: Deposit) -> None:
    """The machine itself says that the second line was not printed: it comes by a second print too."""
    handed_out_and_printed_again(bank, deposit)
    deposit.change(e.PrintClosed, outcome="not_done", lines_proved=1).drop(e.PrintSettled)


def summed(bank: Bank, deposit: Deposit, **given: Any) -> None:
    said = {"lines": (3,), "entry_nos": (2,), "covers": ((1, 2),), "compression": "lines", "threshold": 1}
    deposit.change(e.PrintPrepared, **{**said, **given}).change(e.PrintClosed, lines_proved=1)


def looked_at(bank: Bank, deposit: Deposit) -> None:
    deposit.change(e.PrintPrepared, seen_by="1001")


def on_the_moved_line(bank: Bank, deposit: Deposit) -> None:
    put_before_print(deposit, moved(bank, deposit, bank.supervisor, {}))
    deposit.change(e.PrintPrepared, first_line=5, lines=(5, 6))


def on_the_next_page(bank: Bank, deposit: Deposit) -> None:
    """How many lines a page has is not in the record: the first of the next page is where the cursor may be."""
    given = {"from_page": 2, "from_line": 1, "page": 2, "line": 4}
    put_before_print(deposit, moved(bank, deposit, bank.supervisor, {}, **given))
    put_before_print(deposit, e.PageTurned("book-1", 2))
    deposit.change(e.PrintPrepared, page=2, first_line=4, lines=(4, 5))


RIGHT = (
    as_handed_out, handed_out_and_printed_again, handed_out_not_printed, summed, looked_at, on_the_moved_line,
    on_the_next_page,
)  # fmt: skip


@pytest.mark.parametrize("make", RIGHT, ids=[one.__name__ for one in RIGHT])
def test_what_is_right_leaves_no_finding(
    bank: Bank, store: JournalStore, deposit: Deposit, make: Callable[[Bank, Deposit], None]
) -> None:
    make(bank, deposit)
    assert texts(bank, store, deposit) == []


# --- what is not ----------------------------------------------------------------------------------------------


def job(**given: Any) -> Callable[[Bank, Deposit], object]:
    return lambda bank, deposit: deposit.change(e.PrintPrepared, **given)


def sums(**given: Any) -> Callable[[Bank, Deposit], object]:
    return lambda bank, deposit: summed(bank, deposit, **given)


def move(**given: Any) -> Callable[[Bank, Deposit], object]:
    return lambda bank, deposit: put_before_print(deposit, moved(bank, deposit, bank.supervisor, {}, **given))


def said(**given: str) -> Callable[[Bank, Deposit], object]:
    return lambda bank, deposit: put_before_print(deposit, moved(bank, deposit, bank.supervisor, given))


def handed_out_twice(bank: Bank, deposit: Deposit) -> None:
    """Not printed, says the machine; the maker alone prints them once more."""
    handed_out_not_printed(bank, deposit)
    nobody = {"replaces": "", "second_person": "", "statement": "", "signature": ""}
    deposit.change(e.PrintPrepared, 1, **nobody)


def on_a_line_passed_by(bank: Bank, deposit: Deposit) -> None:
    put_before_print(deposit, moved(bank, deposit, bank.supervisor, {}))


def moved_while_open(bank: Bank, deposit: Deposit) -> None:
    at = place_of(deposit, deposit.find(e.PrintClosed))
    deposit.events.insert(at, ("1001", moved(bank, deposit, bank.supervisor, {})))


def moved_otherwise_than_signed(bank: Bank, deposit: Deposit) -> None:
    put_before_print(deposit, replace(moved(bank, deposit, bank.supervisor, {}), line=7))


def moved_by_the_maker(bank: Bank, deposit: Deposit) -> None:
    put_before_print(deposit, moved(bank, deposit, bank.maker, {}))


def moved_twice_by_one_signature(bank: Bank, deposit: Deposit) -> None:
    one = moved(bank, deposit, bank.supervisor, {})
    for _ in range(2):
        put_before_print(deposit, one)


def another_line_again(bank: Bank, deposit: Deposit) -> None:
    """The second print of a handed out line on a line that another entry has."""
    handed_out_and_printed_again(bank, deposit)
    deposit.change(e.PrintPrepared, 1, lines=(3,))


OTHERWISE = "its statement binds something else"
WRONG: dict[str, tuple[Callable[[Bank, Deposit], object], str]] = {
    "a policy there is not": (job(cursor="soon"), "under a cursor policy that there is not"),
    "another looked": (job(seen_by="1002"), "that another looked"),
    "sums of other entries": (job(covers=((1,), (3,))), "other entries than it names"),
    "sums of no entry": (job(covers=((1, 2), ())), "other entries than it names"),
    "an entry twice": (job(entry_nos=(1, 1)), "a line or an entry twice"),
    "a line twice": (job(lines=(3, 3)), "a line or an entry twice"),
    "one left out": (job(entry_nos=(2, 3)), "leaves out an entry"),
    "summed by no policy": (sums(compression="never", threshold=0), "stand alone by its own policy"),
    "summed below its threshold": (sums(threshold=2), "stand alone by its own policy"),
    "summed by days, none printed": (sums(compression="days", threshold=0), "stand alone by its own policy"),
    "handed out twice": (handed_out_twice, "in the book already"),
    "on another's line": (another_line_again, "a line that is used already"),
    "on a line passed by": (on_a_line_passed_by, "a line that is used already"),
    "back": (move(from_line=3, line=2), "moves a book's next line back"),
    "nowhere": (move(line=3), "moves a book's next line back"),
    "to line 0": (move(page=2, line=0), "moves a book's next line back"),
    "from elsewhere": (move(from_line=4), "from where it did not stand"),
    "of another book": (move(book_id="book-2"), "of another book than the customer's"),
    "while nobody knows": (moved_while_open, "while nobody knows how its last job ended"),
    "otherwise than signed": (moved_otherwise_than_signed, OTHERWISE),
    "signed for a print": (said(act="print_again"), OTHERWISE),
    "signed for another move": (said(nonce="f" * 32), OTHERWISE),
    "the maker permits": (moved_by_the_maker, "1001 acts in review after make"),
    "one signature, two moves": (moved_twice_by_one_signature, "its signature was used before"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_not_right_is_found(bank: Bank, store: JournalStore, deposit: Deposit, kind: str) -> None:
    forge, text = WRONG[kind]
    forge(bank, deposit)
    found = texts(bank, store, deposit)
    assert any(text in one for one in found), found


def test_another_transaction_prints_what_was_handed_out_and_not_printed(
    bank: Bank, store: JournalStore, deposit: Deposit
) -> None:
    """Aside stands one whose second line the machine did not print; the next deposit prints it, nobody permitting."""
    handed_out_not_printed(bank, deposit)
    other = bank.deposit(store, "3-1123-0002").change(
        e.PrintPrepared, entry_nos=(2,), first_line=4, lines=(4,)
    )
    other.change(e.PrintClosed, lines_proved=1)
    aside = place_of(deposit, deposit.find(e.PrintClosed)) + 1
    found = texts_of(bank, store, [*deposit.items()[:aside], *other.items()])
    assert "a second print that does not say so" in found


@pytest.mark.parametrize("turn", [e.PageTurned("book-2", 2), e.PageTurned("book-1", 0)])
def test_a_page_turned_in_another_book_is_found(
    bank: Bank, store: JournalStore, deposit: Deposit, turn: e.PageTurned
) -> None:
    put_before_print(deposit, turn)
    assert texts(bank, store, deposit) == ["turns a page of another book than the customer's"]


# --- the days since the last printed entry --------------------------------------------------------------------


def summed_by_days(
    bank: Bank, dates: list[str], threshold: int, printed: int = 1
) -> list[tuple[Reason, str]]:
    past = Past(books={"b": BookSoFar("a", (1, 2), printed)}, last_entry={"a": 3}, value_dates={"a": dates})
    ref = e.PersonalRef("r", "d", "s")
    event = e.PrintPrepared(
        "j",
        "b",
        "d",
        1,
        2,
        (3,),
        (2,),
        ref,
        covers=((printed + 1, 3),),
        compression="days",
        threshold=threshold,
    )
    state = Transaction("t", account_id="a", book_id="b")
    return list(print_findings(past, Recorded(bank.head("t" * 32), 1, event), state))


@pytest.mark.parametrize(
    ("dates", "threshold", "right"),
    [
        (["2026-10-23", DAY, DAY], 30, True), (["2026-10-24", DAY, DAY], 30, False), ([], 0, False),
        (["no date", DAY, DAY], 0, False),
    ],
)  # fmt: skip
def test_sums_by_days_need_a_printed_entry_that_is_old_enough(
    bank: Bank, dates: list[str], threshold: int, right: bool
) -> None:
    found = summed_by_days(bank, dates, threshold)
    assert found == (
        [] if right else [(Reason.PRINT, "puts entries together that stand alone by its own policy")]
    )


def test_what_came_before_the_record_is_not_judged(bank: Bank) -> None:
    """Evidence of one transaction alone: a book that no entry speaks of may stand anywhere."""
    past, state = Past(whole=False), Transaction("t", account_id="a", book_id="b")
    for event in (
        e.CursorAdjusted("m", "b", 4, 4, 4, 9, "1002", "", ""),
        e.PrintPrepared("j", "b", "d", 4, 9, (7,), (9,), e.PersonalRef("r", "d", "s"), cursor="on_handout"),
    ):
        one = Recorded(bank.head("t" * 32), 1, event)
        assert list(print_findings(past, one, state)) == []
        past.take_in(one, state)
    assert past.books == {}


def test_an_old_journal_says_nothing_of_policies_and_folds_as_before(bank: Bank) -> None:
    """The fields are not in its bytes: one entry a line, the cursor on proof, nobody said to have looked."""
    written = e.PrintPrepared("j", "b", "d", 1, 3, (1, 2), (3, 4), e.PersonalRef("r", "d", "s"))
    new = b',"cursor":"on_proof","covers":[],"compression":"never","threshold":0,"seen_by":""'
    body = encode(bank.head("a" * 32), 1, written)
    assert body.count(new) == 1
    old = decode(body.replace(new, b"")).event
    assert old == written
    assert written.carried == ((1,), (2,))
